"""What the commands work with, made when first asked for: the configuration, the rules, the store."""

from __future__ import annotations

import gc
import getpass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tracker import configured

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.documents import Limits
    from tracker.knowledge import Knowledge
    from tracker.store import Store


class Session:
    """One run of the program. Nothing is read before a command needs it."""

    def __init__(self, config_file: Path | None = None) -> None:
        self._config_file = config_file

    @classmethod
    def over(cls, database: Path) -> Session:
        """A run over a database of its own, with the default settings, whatever the user's configuration says."""
        from tracker import config

        here = cls()
        here.config = config.Config(database=config.Database(url=f"{config.SQLITE}{database}"))
        return here

    @cached_property
    def config(self) -> Config:
        from tracker import config

        return config.load(self._config_file)

    @property
    def config_file(self) -> Path:
        """The configuration file in force, or the one that would be."""
        from tracker import config

        return config.find(self._config_file) or Path(config.DEFAULT_NAME)

    @cached_property
    def knowledge(self) -> Knowledge:
        started()
        return configured.knowledge(self.config)

    def store(self, *, by: str = "tracker", read_only: bool = False) -> Store:
        started()
        return configured.open_store(self.config, by=by, read_only=read_only)

    def as_person(self) -> Store:
        """The store, for what a person decides."""
        return self.store(by=self.config.user.name or _login())

    @cached_property
    def limits(self) -> Limits:
        return configured.limits(self.config)

    def language(self, wanted: str | None) -> str:
        return wanted or self.config.report.language


def session(context: typer.Context) -> Session:
    found = context.find_object(Session)
    assert found is not None, "the root command makes the session"
    return found


def started() -> None:
    """All is imported and the work begins: garbage is collected again."""
    gc.enable()


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        return "user"
