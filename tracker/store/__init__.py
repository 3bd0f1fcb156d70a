"""The store: documents, mentions, commitments and their events in SQLite (or PostgreSQL).

    with Store.open("sqlite:///db/tracker.sqlite3", by="m.jansen") as store:
        intake = store.receive(document, source, path="brieven/brief.pdf", rulebook_version=knowledge.version)
        if intake.outcome != "known":
            store.save(intake, extract(intake.document, knowledge))     # one transaction
        store.commitments(as_of=clock.today())

`receive` reads only; `save` writes all of a document or nothing. Raises StoreLocked, StoreTooNew, StoreUnavailable
and NotFound, with messages for users.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Self

from tracker import clock
from tracker.commitments.state import Commitment, Event, Review, Status
from tracker.domain import Actor, Document, DuePeriod, Kind, Mention, Strength
from tracker.store.model import (
    Changes,
    DocumentRow,
    Intake,
    Outcome,
    Run,
    SourceLike,
    StoredMention,
    Summary,
)

__all__ = ["Changes", "DocumentRow", "Intake", "Outcome", "Run", "Store", "StoredMention", "Summary"]

#: What users may say about a document, over what it says itself.
SETTABLE = ("date", "kind", "title", "identifier", "dossiers", "number", "url")


class Store:
    """An open database. A context manager; one thread at a time."""

    @classmethod
    def open(
        cls,
        url: str,
        *,
        by: str = "tracker",
        now: Callable[[], datetime] = clock.now,
        prefix: str = "TT",
        read_only: bool = False,
        wait: float = 5.0,
    ) -> Self:
        """Open a database, creating it and bringing its tables up to date where needed.

        `by` signs the events; `prefix` starts new numbers; `wait` is for how many seconds another process may hold the
        database. With `read_only`, or where file or folder cannot be written, everything that only reads works.
        """
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ── Documents ────────────────────────────────────────────────────────────────────────────────────────────────

    def receive(
        self,
        document: Document,
        source: SourceLike,
        *,
        rulebook_version: str,
        path: str | None = None,
        overrides: dict[str, Any] | None = None,
    ) -> Intake:
        """What saving this document would be. Reads only.

        `document` as `documents.document` describes it from the text alone; `overrides` ({"date": …, "kind": …,
        "url": …}) are remembered as the user's word and hold at every later reading. The outcome is `known` where
        these bytes were read with this reader and rulebook before, and nothing new is said of them.
        """
        raise NotImplementedError

    def reread(self, document_id: int, *, rulebook_version: str, overrides: dict[str, Any] | None = None) -> Intake:
        """The stored text of a document, to be read again with another rulebook or date (`document set`). Reads only."""
        raise NotImplementedError

    def save(self, intake: Intake, mentions: Sequence[Mention]) -> Changes:
        """Store a document with all its mentions (`pipeline.extract(intake.document, …)`) in one transaction.

        Mentions that were judged not to count (with a `reason`) may be among them: they are not stored, and tell why a
        mention that counted before does no more.
        """
        raise NotImplementedError

    def set_document(self, document_id: int, **fields: Any) -> None:
        """Record what a user says about a document (the names of SETTABLE). For a date use `reread` and `save`."""
        raise NotImplementedError

    def documents(self, *, as_of: date | None = None, known_on: date | datetime | None = None) -> list[DocumentRow]:
        """All documents in the order they were stored; with `as_of` those dated up to that day, and undated ones."""
        raise NotImplementedError

    def document(self, document_id: int) -> DocumentRow:
        raise NotImplementedError

    def document_text(self, document_id: int) -> Document:
        """The newest text of a document, with its metadata as they now stand."""
        raise NotImplementedError

    def numbers_of_document(self, document_id: int) -> list[str]:
        """The numbers of the commitments that a document carries, in its order."""
        raise NotImplementedError

    def fulfilments(self, *, as_of: date, known_on: date | datetime | None = None) -> list[StoredMention]:
        """The sentences that say an earlier commitment was met, of documents dated up to `as_of`."""
        raise NotImplementedError

    def summary(self, *, as_of: date, known_on: date | datetime | None = None) -> Summary:
        """How many documents dated up to `as_of` were read, and which is the newest."""
        raise NotImplementedError

    # ── Commitments ──────────────────────────────────────────────────────────────────────────────────────────────

    def commitments(self, *, as_of: date, known_on: date | datetime | None = None) -> list[Commitment]:
        """All commitments made up to `as_of`, rejected ones included, by number; filter with `commitments.filters`.

        `known_on`: only what was recorded by the end of that day (Amsterdam), or by that moment.
        """
        raise NotImplementedError

    def commitment(self, number: str, *, as_of: date, known_on: date | datetime | None = None) -> Commitment:
        """One commitment; NotFound names the nearest numbers. A number may be written loosely ("tt-2024-137")."""
        raise NotImplementedError

    def history(self, number: str, *, known_on: date | datetime | None = None) -> list[Event]:
        """All events of a commitment in the order they were recorded, undone ones included."""
        raise NotImplementedError

    # ── Decisions of people. All take one or several numbers, and do all or nothing ──────────────────────────────

    def set_status(
        self,
        numbers: Iterable[str],
        status: Status,
        *,
        occurred_on: date,
        evidence: str | None = None,
        note: str | None = None,
        confirmed: bool = True,
    ) -> list[Event]:
        """What became of commitments, as of `occurred_on`. `confirmed`: a person checked; else the government says so."""
        raise NotImplementedError

    def set_review(self, numbers: Iterable[str], review: Review, *, note: str | None = None) -> list[Event]:
        """Whether a person has looked. It holds for every `as_of`: a rejected one never was a promise."""
        raise NotImplementedError

    def add_note(self, numbers: Iterable[str], text: str) -> list[Event]:
        raise NotImplementedError

    def set_due(
        self, numbers: Iterable[str], day: date, *, occurred_on: date | None = None, note: str | None = None
    ) -> list[Event]:
        """Another due date, from `occurred_on` (default: today); the first one stays visible."""
        raise NotImplementedError

    def tag(self, numbers: Iterable[str], *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> list[Event]:
        raise NotImplementedError

    def add(
        self,
        quote: str,
        *,
        made: date | None,
        kind: Kind = Kind.INFORM,
        strength: Strength = Strength.FIRM,
        actor: Actor = Actor(),
        addressee: Sequence[str] = (),
        action: str = "",
        topic: str | None = None,
        context: str | None = None,
        deadline: str | None = None,
        due: DuePeriod | None = None,
        source: str | None = None,
        url: str | None = None,
        note: str | None = None,
    ) -> str:
        """A promise heard elsewhere, added by hand: accepted from the start. `source` is where. Returns its number."""
        raise NotImplementedError

    def undo(self, event_id: int, *, note: str | None = None) -> Event:
        """Take back an event; that is an event too. A mention whose link is undone stands on its own again."""
        raise NotImplementedError

    # ── Keeping house ────────────────────────────────────────────────────────────────────────────────────────────

    def verify(self) -> list[str]:
        """Everything that can be rebuilt, rebuilt and compared; one line a difference. Reads only."""
        raise NotImplementedError

    def rebuild(self) -> int:
        """Write all projections anew from the events; returns how many differed."""
        raise NotImplementedError

    def start_run(self, job: str) -> int:
        raise NotImplementedError

    def finish_run(self, run_id: int, outcome: str, detail: str | None = None) -> None:
        raise NotImplementedError

    def runs(self, limit: int = 20, *, job: str | None = None) -> list[Run]:
        """The last runs of the scheduled jobs, newest first."""
        raise NotImplementedError
