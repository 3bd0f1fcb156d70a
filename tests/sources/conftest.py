"""A service on loopback, and what reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tracker import pipeline
from tracker.documents.sources.http import Client, Manners
from tracker.documents.sources.originals import Fetcher, Originals
from tracker.documents.sources.subscription import Subscription
from tracker.documents.sources.sync import Counts
from tracker.knowledge import Knowledge
from tracker.store import Store

from .server import Service, serve

#: Quick, and on loopback; everything else as it comes.
QUICK = Manners(
    contact="beheer@example.org", pause=0, attempts=3, first_wait=0.01, longest_wait=1.0, silence_seconds=0.5,
    total_seconds=1.0, allow_private=True,
)  # fmt: skip


@pytest.fixture
def service() -> Iterator[Service]:
    with serve(Service()) as running:
        yield running


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(QUICK) as opened:
        yield opened


@pytest.fixture
def fetcher(tmp_path: Path, client: Client) -> Fetcher:
    return Fetcher(Originals(tmp_path / "originals"), client)


@dataclass
class Reader:
    """A store, and one subscription of each publisher read into it."""

    service: Service
    fetcher: Fetcher
    store: Store
    knowledge: Knowledge

    def subscription(self, publisher: str = "tweedekamer", **criteria: Any) -> Subscription:
        address = self.service.sru if publisher == "officielebekendmakingen" else self.service.odata
        return Subscription(name=publisher, publisher=publisher, **{"address": address, **criteria})

    def sync(self, publisher: str = "tweedekamer", *, offline: bool = False, **criteria: Any) -> Counts:
        fetcher = Fetcher(self.fetcher.originals, None) if offline else self.fetcher
        return pipeline.sync(self.store, self.subscription(publisher, **criteria), fetcher, self.knowledge)

    def alarms(self) -> list[str]:
        return [alarm.kind for alarm in self.store.alarms()]

    def into(self, store: Store) -> Reader:
        return replace(self, store=store)


@pytest.fixture
def reader(service: Service, fetcher: Fetcher, tmp_path: Path, knowledge: Knowledge) -> Iterator[Reader]:
    with Store.open(f"sqlite:///{tmp_path / 'tracker.sqlite3'}") as store:
        yield Reader(service, fetcher, store, knowledge)


@pytest.fixture
def content() -> Callable[[Store], Any]:
    return content_of


def content_of(store: Store) -> dict[str, Any]:
    """All that a store knows, but for the moments at which it came to know it."""
    from datetime import date

    documents = [
        (row.id, row.name, row.metadata, row.sha256, row.versions, row.numbers, store.document_text(row.id).text)
        for row in store.documents()
    ]
    commitments = [
        (one.number, one.quote, one.due, one.status, one.made) for one in store.commitments(as_of=date(2030, 1, 1))
    ]
    register = [(entry.key, entry.record, [earlier.record for earlier in entry.earlier]) for entry in store.register()]
    return {
        "documents": documents,
        "commitments": commitments,
        "register": sorted(register, key=lambda row: row[0]),
        "positions": [(one.name, one.position, one.documents, one.problems) for one in store.source_statuses()],
        "alarms": [(alarm.source, alarm.kind) for alarm in store.alarms()],
    }
