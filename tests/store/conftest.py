"""A store with a clock that the test sets. `builders.py` beside this makes what goes into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.store import Store

from .builders import Clock
from .databases import fresh


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return fresh(f"sqlite:///{tmp_path / 'tracker.sqlite3'}")


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    with Store.open(url, by="j.bakker", now=clock) as opened:
        yield opened
        assert opened.verify() == [], "after whatever a test does, the store can be rebuilt from its events"
