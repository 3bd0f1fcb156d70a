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

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker import clock
from tracker.commitments.filters import Filter
from tracker.commitments.snapshot import Snapshot, collapse
from tracker.commitments.state import Commitment, Event, EventType, Review, Status
from tracker.deadlines import due_to_json
from tracker.domain import Actor, Document, DuePeriod, Kind, Label, Mention, Precision, Strength
from tracker.errors import NotFound, UsageError
from tracker.store import intake, listing, numbering, projection, queries, rows
from tracker.store.engine import WRITES, connect, explained
from tracker.store.migrate import bring_up_to_date, is_current
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
from tracker.store.tables import EventRow, JobRun

if TYPE_CHECKING:  # a list needs none of these, and every start would pay for them
    from tracker.commitments.edits import Change
    from tracker.commitments.linking import LinkRules, Thresholds
    from tracker.store.outbox import Outbox
    from tracker.store.quarantine import Quarantine
    from tracker.store.reviewing import Desk
    from tracker.store.sources import SourceBook

__all__ = [
    "Alarm", "Changes", "DocumentRow", "Intake", "Outcome", "RegisterEntry", "Run", "SourceStatus",
    "Store", "StoredMention", "Summary",
]  # fmt: skip

#: What users may say about a document, over what it says itself.
SETTABLE = frozenset({"date", "kind", "title", "dossiers", "number", "url"})

#: The rule of a promise that a person added.
BY_HAND = "by-hand"

#: Who is not named.
_NOBODY = Actor()

#: So often a document is saved anew where another program stored the same one or issued the same number just then.
_ATTEMPTS = 3


def _default_thresholds() -> Thresholds:
    from tracker.commitments.linking import Thresholds

    return Thresholds()


class Store:
    """An open database. A context manager; one thread at a time."""

    def __init__(
        self, engine: Engine, by: str, now: Callable[[], datetime], prefix: str, thresholds: Callable[[], Thresholds]
    ) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        self._by = by
        self._now = now
        self._prefix = prefix
        self._thresholds = thresholds

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
        thresholds: Callable[[], Thresholds] = _default_thresholds,
    ) -> Self:
        """Open a database, creating it and bringing its tables up to date where needed.

        `by` signs the events; `prefix` starts new numbers; `wait` is for how many seconds another process may hold the
        database. With `read_only`, or where file or folder cannot be written, everything that only reads works.
        """
        engine = connect(url, read_only=read_only, wait=wait)
        try:
            if read_only and not is_current(engine):  # after an upgrade the first command may be one that only reads
                writer = connect(url, read_only=False, wait=wait)
                bring_up_to_date(writer)
                writer.dispose()
            bring_up_to_date(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, by, now, prefix, thresholds)

    def close(self) -> None:
        self._engine.dispose()

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
            return queries.documents(session, as_of, _moment(known_on))

    def document(self, document_id: int) -> DocumentRow:
        with self._reading() as session:
            return queries.document(session, document_id)

    def document_text(self, document_id: int) -> Document:
        """The newest text of a document, with its metadata as they now stand."""
        with self._reading() as session:
            return queries.document_text(session, document_id)

    def numbers_of_document(self, document_id: int) -> list[str]:
        """The numbers of the commitments that a document carries, in its order."""
        return list(self.document(document_id).numbers)

    def fulfilments(self, *, as_of: date, known_on: date | datetime | None = None) -> list[StoredMention]:
        """The sentences that say an earlier commitment was met, of documents dated up to `as_of`."""
        with self._reading() as session:
            return queries.fulfilments(session, as_of, _moment(known_on))

    def summary(self, *, as_of: date, known_on: date | datetime | None = None) -> Summary:
        """How many documents dated up to `as_of` were read, and which is the newest."""
        with self._reading() as session:
            return queries.summary(session, as_of, _moment(known_on))

    # ── Commitments ──────────────────────────────────────────────────────────────────────────────────────────────

    def commitments(
        self, *, as_of: date, known_on: date | datetime | None = None, wanted: Filter | None = None
    ) -> list[Commitment]:
        """All commitments made up to `as_of`, rejected ones included, by number; filter with `filters.select`.

        `known_on`: only what was recorded by the end of that day (Amsterdam), or by that moment. With `wanted` the
        database may leave out what cannot pass that filter; what comes back is still to be filtered.
        """
        with self._reading() as session:
            return projection.commitments(session, as_of, _moment(known_on), wanted)

    def moved_on(self, *, as_of: date, known_on: datetime) -> tuple[frozenset[str], list[Commitment]]:
        """The numbers of what may stand otherwise now than on a day by what was known at a moment, and how it stood."""
        with self._reading() as session:
            return projection.moved_on(session, as_of, known_on)

    def listing(self, wanted: Filter, *, as_of: date, known_on: date | datetime | None = None) -> Listing:
        """What passes a filter, sorted, at most `wanted.limit`, with how many pass in all: as `filters.select` has it,
        but looked up in the database where that can be."""
        with self._reading() as session:
            return listing.listing(session, wanted, as_of, _moment(known_on))

    def commitment(self, number: str, *, as_of: date, known_on: date | datetime | None = None) -> Commitment:
        """One commitment; NotFound names the nearest numbers. A number may be written loosely ("tt-2024-137")."""
        known = _moment(known_on)
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
        known = _moment(known_on)
        with self._reading() as session:
            row = numbering.rows_of(session, [number])[0]
            (course,) = projection.courses(session, EventRow.commitment_id == row.id)
        return [event for event in course.events if known is None or event.recorded_at <= known]

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
        """What became of commitments on `occurred_on`. `confirmed`: a person checked; else the government says so."""
        payload = {"status": Status(status).value}
        if status in (Status.FULFILLED, Status.PARTLY_FULFILLED):
            payload["by"] = "confirmed" if confirmed else "claimed"
        return self._decide(numbers, EventType.STATUS, payload, occurred_on=occurred_on, evidence=evidence, note=note)

    def set_review(self, numbers: Iterable[str], review: Review, *, note: str | None = None) -> list[Event]:
        """Whether a person has looked. It holds for every `as_of`: a rejected one never was a promise."""
        return self._decide(numbers, EventType.REVIEW, {"review": Review(review).value}, note=note)

    def add_note(self, numbers: Iterable[str], text: str) -> list[Event]:
        return self._decide(numbers, EventType.NOTE, {}, note=text)

    def set_due(
        self, numbers: Iterable[str], due: date | DuePeriod, *, occurred_on: date | None = None, note: str | None = None
    ) -> list[Event]:
        """Another due date or period, from `occurred_on` (default: today); the first one stays visible."""
        period = due if isinstance(due, DuePeriod) else DuePeriod(due, due, Precision.DAY)
        return self._decide(numbers, EventType.DUE, {"due": due_to_json(period)}, occurred_on=occurred_on, note=note)

    def tag(self, numbers: Iterable[str], *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> list[Event]:
        payload = {"add": sorted(set(add)), "remove": sorted(set(remove))}
        return self._decide(numbers, EventType.TAG, payload)

    def add(
        self,
        quote: str,
        *,
        made: date | None,
        kind: Kind = Kind.INFORM,
        strength: Strength = Strength.FIRM,
        actor: Actor = _NOBODY,
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
        words, _ = collapse(quote)
        words = words.strip()
        if not words:
            raise UsageError("a promise needs its words: what was said, as literally as you have it")
        at = words.casefold().find(deadline.casefold()) if deadline else -1
        seen: Snapshot = {
            "label": Label.COMMITMENT.value,
            "kind": kind.value,
            "strength": strength.value,
            "flags": [],
            "actor": asdict(actor),
            "addressee": list(addressee),
            "action": action or words,
            "topic": topic,
            "context": context,
            "quote": words,
            "cue": None,
            "deadline_at": [at, at + len(deadline)] if deadline and at >= 0 else None,
            "deadline": deadline,
            "due": due_to_json(due) if due else None,
            "confidence": 1.0,
            "rule": BY_HAND,
            "reason": None,
            "page": None,
            "made": made.isoformat() if made else None,
            "source": source,
            "url": url,
        }
        from tracker.store import decisions

        with self._writing() as (session, hand):
            return decisions.add(session, hand, seen, made, note)

    def at_revisions(self, wanted: Mapping[str, tuple[date, int]]) -> dict[str, Commitment]:
        """Commitments on a day by their first so many events: how they stood when a table was exported."""
        from tracker.store import editing

        with self._reading() as session:
            return editing.at_revisions(session, wanted)

    def apply(self, changes: Iterable[Change], *, occurred_on: date) -> list[Event]:
        """What a table that came back changes, all of it or nothing; `occurred_on` is the day of the statuses."""
        from tracker.store import editing

        with self._writing() as (session, hand):
            return editing.apply(session, hand, changes, occurred_on)

    def undo(self, event_id: int, *, note: str | None = None) -> Event:
        """Take back an event; that is an event too. A mention whose link is undone stands on its own again."""
        from tracker.store import decisions

        with self._writing() as (session, hand):
            return decisions.undo(session, hand, event_id, note, self._thresholds())

    # ── Keeping house ────────────────────────────────────────────────────────────────────────────────────────────

    def verify(self) -> list[str]:
        """Everything that can be rebuilt, rebuilt and compared; one line a difference. Reads only."""
        with self._reading() as session:
            return projection.verify(session)

    def rebuild(self) -> int:
        """Write all projections anew from the events; returns how many differed."""
        with self._writing() as (session, _):
            return projection.rebuild(session)

    def source(self, name: str) -> SourceBook:
        """What is remembered of one source."""
        from tracker.store.sources import SourceBook

        return SourceBook(name, self._reading, self._writing)

    def source_statuses(self) -> list[SourceStatus]:
        from tracker.store import sources

        with self._reading() as session:
            return sources.statuses(session)

    def alarms(self, *, past: bool = False) -> list[Alarm]:
        """What is wrong with the sources now, newest first; with `past` also what is over."""
        from tracker.store import sources

        with self._reading() as session:
            return sources.alarms(session, past=past)

    def troubled_sources(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of these sources of which something could not be read."""
        from tracker.store.sources import WORDS

        troubled = {alarm.source for alarm in self.alarms() if alarm.kind != WORDS}
        return tuple(name for name in names if name in troubled)

    def register(self, *, known_on: date | datetime | None = None) -> list[RegisterEntry]:
        """The records of official registers, as the last snapshot had them, each with what it was before."""
        from tracker.store import sources

        with self._reading() as session:
            return sources.register(session, _moment(known_on))

    @property
    def outbox(self) -> Outbox:
        """The mails that were sent or are to be."""
        from tracker.store.outbox import Outbox

        return Outbox(self._reading, self._writing)

    @property
    def quarantine(self) -> Quarantine:
        """The files that could not be read."""
        from tracker.store.quarantine import Quarantine

        return Quarantine(self._reading, self._writing)

    @property
    def desk(self) -> Desk:
        """What waits for a person, and what a person decides about links."""
        from tracker.store.reviewing import Desk

        return Desk(self._reading, self._writing, self._thresholds())

    def revisions(self) -> dict[str, int]:
        """How many events each commitment has, by number: it only ever grows."""
        with self._reading() as session:
            return queries.revisions(session)

    def start_run(self, job: str) -> int:
        with self._writing() as (session, hand):
            run = JobRun(job=job, started_at=hand.at)
            session.add(run)
            session.flush()
            return run.id

    def finish_run(self, run_id: int, outcome: str, detail: str | None = None) -> None:
        with self._writing() as (session, hand):
            run = session.get_one(JobRun, run_id)
            run.finished_at, run.outcome, run.detail = hand.at, outcome, detail

    def end_interrupted_runs(self) -> list[str]:
        """Mark runs that a crash cut off, and give their jobs. For who knows that no other program runs jobs now."""
        with self._writing() as (session, hand):
            return queries.end_interrupted_runs(session, hand.at)

    def runs(self, limit: int = 20, *, job: str | None = None) -> list[Run]:
        """The last runs of the scheduled jobs, newest first."""
        with self._reading() as session:
            return queries.runs(session, limit, job)

    # ── Transactions ─────────────────────────────────────────────────────────────────────────────────────────────

    def _decide(
        self, numbers: Iterable[str], kind: EventType, payload: Mapping[str, Any], **fields: Any
    ) -> list[Event]:
        from tracker.store import decisions

        with self._writing() as (session, hand):
            return decisions.decide(session, hand, numbers, kind, payload, **fields)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with explained(self._engine), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[tuple[Session, intake.Hand]]:
        """One transaction: all of it is stored, or nothing."""
        with explained(self._engine), Session(self._writer, expire_on_commit=False) as session, session.begin():
            session.connection()  # takes the lock before the moment is noted, so moments follow one another
            yield session, intake.Hand(self._by, self._now(), self._prefix)


def _settable(fields: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := sorted(fields.keys() - SETTABLE):
        raise UsageError(f"cannot set {', '.join(unknown)} of a document: only {', '.join(sorted(SETTABLE))}")
    return dict(fields)


def _moment(known_on: date | datetime | None) -> datetime | None:
    """Until when something was recorded that was known on a day: the day's last moment in Amsterdam."""
    if known_on is None or isinstance(known_on, datetime):
        return known_on
    return datetime.combine(known_on + timedelta(days=1), time(), clock.AMSTERDAM) - timedelta(microseconds=1)
