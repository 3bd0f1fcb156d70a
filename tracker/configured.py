"""The parts of the program as the configuration says: commands and jobs get them here, so that both mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a command that needs one of them does not pay for the others
    from tracker.commitments.linking import Thresholds
    from tracker.config import Config
    from tracker.documents import Limits
    from tracker.knowledge import Knowledge
    from tracker.store import Store


def open_store(config: Config, *, by: str = "tracker", read_only: bool = False) -> Store:
    """The user's database, with the user's prefix and thresholds. `by` signs the events."""
    from tracker.store import Store

    def thresholds() -> Thresholds:
        from tracker.commitments.linking import Thresholds

        return Thresholds(**config.linking.model_dump())

    url, prefix = config.database.url, config.numbers.prefix
    return Store.open(url, by=by, prefix=prefix, read_only=read_only, thresholds=thresholds)


def knowledge(config: Config) -> Knowledge:
    """The rules, with the user's own rule files and rows of the calendar. Raises RuleError where one does not fit."""
    from tracker.knowledge import load_knowledge

    rows = [row.model_dump(mode="json") for row in config.calendar.extra]
    return load_knowledge(extra_rules=config.rules.extra, extra_calendar=rows)


def limits(config: Config) -> Limits:
    """How large a document may be, as the user set it."""
    from tracker.documents import Limits

    return Limits(**config.limits.model_dump())
