"""Ten documents of one story, read as they come in. The day of a document is the day on which it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from store.databases import fresh

from tracker import pipeline
from tracker.knowledge import Knowledge
from tracker.store import Store

DOCUMENTS = sorted((Path(__file__).parent / "documents").iterdir())
LATE = date(2025, 1, 1)


@dataclass
class Reader:
    """A store whose clock stands on the day of the document that is read."""

    knowledge: Knowledge
    at: datetime = datetime(2023, 1, 1, 9, tzinfo=UTC)
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store.open(fresh("sqlite://"), by="s.visser", now=self.now)

    def now(self) -> datetime:
        """A second later each time, so that events keep their order."""
        self.at += timedelta(seconds=1)
        return self.at

    def read(self, paths: Iterable[Path] = DOCUMENTS) -> None:
        for path in paths:
            pipeline.ingest(self.store, [path], self.knowledge)

    def read_on_its_day(self, path: Path) -> date:
        day = day_of(path)
        self.at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        self.read([path])
        return day


def day_of(path: Path) -> date:
    return date.fromisoformat(path.stem[-10:])


@pytest.fixture
def reader(knowledge: Knowledge) -> Reader:
    return Reader(knowledge)
