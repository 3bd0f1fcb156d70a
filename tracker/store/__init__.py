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

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError

from tracker.commitments.filters import Filter
from tracker.commitments.fold import CALENDAR
from tracker.commitments.state import Commitment, Event, EventType
from tracker.deadlines import due_to_json
from tracker.domain import Document, DuePeriod, Mention
from tracker.errors import NotFound, UsageError
from tracker.store import intake, listing, numbering, projection, queries, rows
from tracker.store.house import House
from tracker.store.model import (
    Alarm,
    Changes,
    DocumentRow,
    Intake,
    Listing,
    Outcome,
    RegisterEntry,
    Run,
    SourceLike,
    SourceStatus,
    StoredMention,
    Summary,
)
from tracker.store.opened import moment
from tracker.store.people import People
from tracker.store.tables import EventRow

if TYPE_CHECKING:  # a list needs it not, and every start would pay for it
    from collections.abc import Mapping

    from tracker.commitments.linking import LinkRules

__all__ = [
    "Alarm", "Changes", "DocumentRow", "Intake", "Outcome", "RegisterEntry", "Run", "SourceStatus",
    "Store", "StoredMention", "Summary",
]  # fmt: skip

#: What users may say about a document, over what it says itself.
SETTABLE = frozenset({"date", "kind", "title", "dossiers", "number", "url"})

#: So often a document is saved anew where another program stored the same one or issued the same number just then.
_ATTEMPTS = 3


class Store(People, House):
    """Documents in, commitments out: what is read and listed stands here, the rest in its parents."""

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
        with self._reading() as session:
            said = _settable(overrides or {})
            return intake.receive(session, document, source, rulebook_version, path, said)

    def reread(self, document_id: int, *, rulebook_version: str, overrides: dict[str, Any] | None = None) -> Intake:
        """The stored text of a document, to be read again with another rulebook or date. Reads only."""
        with self._reading() as session:
            return intake.reread(session, document_id, rulebook_version, _settable(overrides or {}))

    def save(self, received: Intake, mentions: Sequence[Mention], rules: LinkRules | None = None) -> Changes:
        """Store a document with all its mentions (`pipeline.extract(received.document, …)`) in one transaction.

        Mentions that were judged not to count (with a `reason`) may be among them: they are not stored, and tell why a
        mention that counted before does no more. With `rules` the sentences are linked to those of other documents.
        """
        from tracker.store import saving

        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._writing() as (session, hand):
                    return saving.save(session, received, mentions, hand, rules, self._thresholds())
            except IntegrityError:
                if attempt == _ATTEMPTS:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def set_document(self, document_id: int, **fields: Any) -> None:
        """Record what a user says about a document (the names of SETTABLE). For a date use `reread` and `save`."""
        with self._writing() as (session, hand):
            work = intake.existing_work(session, document_id)
            intake.record_document(session, work, hand, rows.to_json(_settable(fields)))
            intake.project_document(session, work)

    def documents(self, *, as_of: date | None = None, known_on: date | datetime | None = None) -> list[DocumentRow]:
        """All documents in the order they were stored; with `as_of` those dated up to that day, and undated ones."""
        with self._reading() as session:
            return queries.documents(session, as_of, moment(known_on))

    def document(self, document_id: int) -> DocumentRow:
        with self._reading() as session:
            return queries.document(session, document_id)

    def document_text(self, document_id: int) -> Document:
        """The newest text of a document, with its metadata as they now stand."""
        with self._reading() as session:
            return queries.document_text(session, document_id)

    def numbers_of_document(self, document_id: int) -> list[str]:
        """The numbers of the commitments that a document carries, in its order."""
        with self._reading() as session:
            return queries.numbers_of_document(session, document_id)

    def fulfilments(self, *, as_of: date, known_on: date | datetime | None = None) -> list[StoredMention]:
        """The sentences that say an earlier commitment was met, of documents dated up to `as_of`."""
        with self._reading() as session:
            return queries.fulfilments(session, as_of, moment(known_on))

    def summary(self, *, as_of: date, known_on: date | datetime | None = None) -> Summary:
        """How many documents dated up to `as_of` were read, and which is the newest."""
        with self._reading() as session:
            return queries.summary(session, as_of, moment(known_on))

    # ── Commitments ──────────────────────────────────────────────────────────────────────────────────────────────

    def commitments(
        self, *, as_of: date, known_on: date | datetime | None = None, wanted: Filter | None = None
    ) -> list[Commitment]:
        """All commitments made up to `as_of`, rejected ones included, by number; filter with `filters.select`.

        `known_on`: only what was recorded by the end of that day (Amsterdam), or by that moment. With `wanted` the
        database may leave out what cannot pass that filter; what comes back is still to be filtered.
        """
        with self._reading() as session:
            return projection.commitments(session, as_of, moment(known_on), wanted)

    def moved_on(self, *, as_of: date, known_on: datetime) -> tuple[frozenset[str], list[Commitment]]:
        """The numbers of what may stand otherwise now than on a day by what was known at a moment, and how it stood."""
        with self._reading() as session:
            return projection.moved_on(session, as_of, known_on)

    def listing(self, wanted: Filter, *, as_of: date, known_on: date | datetime | None = None) -> Listing:
        """What passes a filter, sorted, at most `wanted.limit`, with how many pass in all: as `filters.select` has it,
        but looked up in the database where that can be."""
        with self._reading() as session:
            return listing.listing(session, wanted, as_of, moment(known_on))

    def commitment(self, number: str, *, as_of: date, known_on: date | datetime | None = None) -> Commitment:
        """One commitment; NotFound names the nearest numbers. A number may be written loosely ("tt-2024-137")."""
        known = moment(known_on)
        with self._reading() as session:
            row = numbering.rows_of(session, [number])[0]
            found = projection.commitment(session, row.id, as_of, known)
            other = numbering.became(session, row) if found is None else None
        if found is None and other is not None:
            raise NotFound(f"{row.number} turned out to be the same promise as {other}: `tracker show {other}`")
        if found is None:
            knowing = f", as known on {known_on}" if known_on else ""
            raise NotFound(f"{row.number} was not there yet on {as_of}{knowing}")
        return found

    def history(self, number: str, *, known_on: date | datetime | None = None) -> list[Event]:
        """All events of a commitment in the order they were recorded, undone ones included."""
        known = moment(known_on)
        with self._reading() as session:
            row = numbering.rows_of(session, [number])[0]
            (course,) = projection.courses(session, EventRow.commitment_id == row.id)
        return [event for event in course.events if known is None or event.recorded_at <= known]

    def redate(self, number: str, mention: int | None, due: DuePeriod, *, occurred_on: date, note: str) -> Event:
        """By a corrected calendar the words of a mention mean this period, and did so from the start."""
        from tracker.store import decisions

        with self._writing() as (session, hand):
            return decisions.decide(
                session,
                hand,
                [number],
                EventType.DUE,
                {"due": due_to_json(due)},
                occurred_on=occurred_on,
                note=note,
                source=CALENDAR,
                mention=mention,
            )[0]

    def revisions(self) -> dict[str, int]:
        """How many events each commitment has, by number: it only ever grows."""
        with self._reading() as session:
            return queries.revisions(session)


def _settable(fields: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := sorted(fields.keys() - SETTABLE):
        raise UsageError(f"cannot set {', '.join(unknown)} of a document: only {', '.join(sorted(SETTABLE))}")
    return dict(fields)
