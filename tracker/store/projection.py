"""The state of commitments: folded from their events, kept in `commitment_state`, rebuilt and compared by `verify`."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.commitments.filters import Filter
from tracker.commitments.fold import carried_by, extent, fold
from tracker.commitments.identity import sentence_hash
from tracker.commitments.state import OPEN_STATUSES, Commitment, DocumentRef, Event
from tracker.store import search
from tracker.store.rows import (
    commitment_of,
    current_metadata,
    document_ref,
    event_of,
    metadata_from_json,
    state_columns,
)
from tracker.store.tables import (
    CommitmentRow,
    CommitmentState,
    DocumentEvent,
    DocumentText,
    EventRow,
    MentionRow,
    Reading,
    Work,
)

Documents = Mapping[int, DocumentRef]
#: All columns, without an object for each row that the session would keep an eye on: only read, there are many.
_EVENT = EventRow.__table__.columns
_READING = Reading.__table__.columns

K = TypeVar("K")
V = TypeVar("V")


@contextmanager
def without_looking_for_garbage() -> Iterator[None]:
    """For what makes very many values that refer to nothing in a circle: looking for circles took half of its time."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Course(NamedTuple):
    """A commitment with all its events, in the order they were recorded."""

    id: int
    number: str
    events: list[Event]


@without_looking_for_garbage()
def commitments(session: Session, as_of: date, known: datetime | None, wanted: Filter | None) -> list[Commitment]:
    """All commitments made up to a day, by number: the projection where it is settled by then, the rest folded."""
    refs = documents(session, known)
    state = CommitmentState
    columns = select(state.status, state.review, state.made, state.work_id, state.state)
    settled: list[ColumnElement[bool]] = [state.settled <= as_of]
    unsettled = select(state.commitment_id).where(state.start <= as_of, state.settled > as_of)
    folding: ColumnElement[bool] = EventRow.commitment_id.in_(unsettled)
    if known is not None:  # what happened to a commitment later, if only that its mentions went elsewhere, is not known
        later = select(EventRow.commitment_id).where(EventRow.recorded_at > known)
        settled.append(state.commitment_id.not_in(later))
        folding = or_(folding, EventRow.commitment_id.in_(later))
    rows = session.execute(columns.where(*settled, *_can_pass(wanted if known is None else None, as_of)))
    found = [commitment_of(row, as_of, refs) for row in rows]
    found += folded(courses(session, folding), as_of, refs, known)
    return sorted(found, key=lambda c: c.number)


def standing(session: Session, as_of: date, ids: Collection[int] | None) -> list[Commitment]:
    """Commitments as they stand on a day: all, or some of them as their events make them."""
    if ids is None:
        return commitments(session, as_of, None, None)
    found = courses(session, EventRow.commitment_id.in_(ids))
    return folded(found, as_of, documents(session, None, _named(found)), None)


def moved_on(session: Session, as_of: date, known: datetime) -> tuple[frozenset[str], list[Commitment]]:
    """The numbers of what may stand otherwise today than on an earlier day by what was known then, and how it stood."""
    later = select(EventRow.commitment_id).where(EventRow.recorded_at > known)
    unsettled = select(CommitmentState.commitment_id).where(CommitmentState.settled > as_of)
    found = courses(session, or_(EventRow.commitment_id.in_(later), EventRow.commitment_id.in_(unsettled)))
    refs = documents(session, known)
    return frozenset(course.number for course in found), folded(found, as_of, refs, known)


def _can_pass(wanted: Filter | None, as_of: date) -> list[ColumnElement[bool]]:
    """Conditions that what passes the filter meets; they only leave out what could not pass."""
    if wanted is None:
        return []
    state = CommitmentState
    conditions: list[ColumnElement[bool]] = [state.review.in_(wanted.review)]
    if wanted.overdue or wanted.open or wanted.due_within is not None:
        conditions.append(state.status.in_(OPEN_STATUSES))
    if wanted.overdue:
        conditions.append(state.due < as_of)
    if wanted.due_within is not None:
        conditions.append(state.due.between(as_of, as_of + timedelta(days=wanted.due_within)))
    if wanted.status:
        conditions.append(state.status.in_(wanted.status))
    return conditions


def commitment(session: Session, row_id: int, as_of: date, known: datetime | None) -> Commitment | None:
    """One commitment as its events make it."""
    course = courses(session, EventRow.commitment_id == row_id)
    return next(iter(folded(course, as_of, documents(session, known, _named(course)), known)), None)


def _named(found: Iterable[Course]) -> set[int]:
    """The documents in which commitments were found."""
    return {event.payload["document"] for course in found for event in course.events if "document" in event.payload}


@without_looking_for_garbage()
def folded(course: Iterable[Course], as_of: date, refs: Documents, known: datetime | None) -> list[Commitment]:
    """Commitments as their events make them; those that were not made by then are left out."""
    states = (fold(c.number, c.events, as_of=as_of, documents=refs, known=known) for c in course)
    return [state for state in states if state is not None]


@without_looking_for_garbage()
def courses(session: Session, *where: ColumnElement[bool]) -> list[Course]:
    """Commitments with their events, in two queries; what was read is in the payloads."""
    of_readings = select(EventRow.reading_id).where(EventRow.reading_id.is_not(None), *where)
    readings = {row.id: row for row in session.execute(select(*_READING).where(Reading.id.in_(of_readings)))}
    query = (
        select(CommitmentRow.number, *_EVENT)
        .join(EventRow, EventRow.commitment_id == CommitmentRow.id)
        .where(*where)
        .order_by(EventRow.commitment_id, EventRow.recorded_at, EventRow.id)
    )
    found: dict[int, Course] = {}
    for row in session.execute(query):
        course = found.setdefault(row.commitment_id, Course(row.commitment_id, row.number, []))
        course.events.append(event_of(row, readings[row.reading_id] if row.reading_id is not None else None))
    return list(found.values())


def documents(session: Session, known: datetime | None, only: Collection[int] | None = None) -> dict[int, DocumentRef]:
    """Documents as commitments cite them, as known at a moment; all, or only some."""
    metadata = metadata_known(session, known, only)
    names = mapping(session, Work.id, Work.name, *among(Work.id, only))
    return {work_id: document_ref(work_id, names[work_id], metadata_from_json(m)) for work_id, m in metadata.items()}


def metadata_known(
    session: Session, known: datetime | None, only: Collection[int] | None = None
) -> dict[int, dict[str, Any]]:
    """The metadata of the documents that were stored at a moment, as they were then."""
    if known is None:
        return mapping(session, Work.id, Work.metadata_json, *among(Work.id, only))
    events: dict[int, list[DocumentEvent]] = defaultdict(list)
    until = DocumentEvent.recorded_at <= known
    for event in session.scalars(select(DocumentEvent).where(until, *among(DocumentEvent.work_id, only))):
        events[event.work_id].append(event)
    return {work_id: current_metadata(of_work) for work_id, of_work in events.items()}


def among(column: InstrumentedAttribute[int], only: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if only is None else [column.in_(only)]


def mapping(
    session: Session, key: InstrumentedAttribute[K], value: InstrumentedAttribute[V], *where: ColumnElement[bool]
) -> dict[K, V]:
    """Two columns of a table as a dictionary."""
    return {row[0]: row[1] for row in session.execute(select(key, value).where(*where))}


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def refresh(session: Session, ids: Collection[int] | None) -> None:
    """Write the states of commitments anew from their events; of all where `ids` is None."""
    session.flush()
    if ids is not None and not ids:
        return
    session.execute(delete(CommitmentState).where(*among(CommitmentState.commitment_id, ids)))
    found = courses(session, *among(EventRow.commitment_id, ids))
    states = _states(session, found, None if ids is None else _named(found))
    session.add_all(CommitmentState(**columns) for columns in states)
    search.refresh(session, ids)


@without_looking_for_garbage()
def rebuild(session: Session) -> int:
    """Write every projection anew; returns how many were wrong."""
    found = courses(session)
    wrong = (*_wrong_states(session, found), *_wrong_links(session, found), *_wrong_metadata(session))
    problems = len(wrong) + len(search.wrong_entries(session))
    for work_id, metadata in _metadata_from_events(session).items():
        work = session.get_one(Work, work_id)
        work.metadata_json, work.date = metadata, metadata_from_json(metadata).date
    carriers = _carriers(found)
    for mention in session.scalars(select(MentionRow)):
        mention.commitment_id = carriers.get(mention.id)
    refresh(session, None)
    return problems


def _states(
    session: Session, found: Iterable[Course], named: Collection[int] | None = None
) -> Iterator[dict[str, Any]]:
    """The states as they ought to be, by column. `named`: the documents in which they were found, where not all."""
    refs = documents(session, None, named)
    for course in found:
        days = extent(course.events)
        state = fold(course.number, course.events, as_of=date.max, documents=refs)
        if days is not None and state is not None:
            extremes = {"start": days.start, "settled": days.settled}
            yield {"commitment_id": course.id, **extremes, **state_columns(state)}


# ── Comparing ────────────────────────────────────────────────────────────────────────────────────────────────────


@without_looking_for_garbage()
def verify(session: Session) -> list[str]:
    """One line for each thing that is not as the events and texts make it."""
    found = courses(session)
    return [
        *_broken_file(session),
        *_wrong_metadata(session),
        *_wrong_links(session, found),
        *_wrong_states(session, found),
        *search.wrong_entries(session),
        *_wrong_quotes(session),
    ]


def _broken_file(session: Session) -> list[str]:
    if session.get_bind().dialect.name != "sqlite":
        return []
    damage = [line for line in session.scalars(text("PRAGMA integrity_check")) if line != "ok"]
    orphans = [f"{row[0]}: row {row[1]} points at a missing row of {row[2]}" for row in _foreign_keys(session)]
    return damage + orphans


def _foreign_keys(session: Session) -> list[Any]:
    return list(session.execute(text("PRAGMA foreign_key_check")))


def _wrong_metadata(session: Session) -> list[str]:
    ought = _metadata_from_events(session)
    return [
        f"document {work.id}: its metadata are not those of its events"
        for work in session.scalars(select(Work))
        if work.metadata_json != ought.get(work.id) or work.date != metadata_from_json(work.metadata_json).date
    ]


def _metadata_from_events(session: Session) -> dict[int, dict[str, Any]]:
    latest = session.scalar(select(func.max(DocumentEvent.recorded_at)))
    return metadata_known(session, latest) if latest else {}


def _wrong_links(session: Session, found: Iterable[Course]) -> list[str]:
    carriers = _carriers(found)
    return [
        f"mention {mention}: carries another commitment than its events say"
        for mention, carried in mapping(session, MentionRow.id, MentionRow.commitment_id).items()
        if carried != carriers.get(mention)
    ]


def _carriers(found: Iterable[Course]) -> dict[int, int]:
    """Which commitment each mention carries, by the events."""
    return {mention: course.id for course in found for mention in carried_by(course.events)}


def _wrong_states(session: Session, found: Iterable[Course]) -> list[str]:
    numbers = mapping(session, CommitmentRow.id, CommitmentRow.number)
    ought = {columns["commitment_id"]: columns for columns in _states(session, found)}
    rows = session.execute(select(*CommitmentState.__table__.columns)).mappings()
    stored = {columns["commitment_id"]: dict(columns) for columns in rows}
    problems = []
    for row_id in sorted(numbers.keys() | ought.keys() | stored.keys()):
        right, kept = ought.get(row_id), stored.get(row_id)
        if right != kept:
            right, kept = _flat(right or {}), _flat(kept or {})
            names = sorted(name for name in right or kept if right.get(name) != kept.get(name))
            problems.append(f"{numbers[row_id]}: its state is not that of its events ({', '.join(names)})")
    return problems


def _flat(columns: dict[str, Any]) -> dict[str, Any]:
    state = {f"state.{name}": value for name, value in columns.get("state", {}).items()}
    return {name: value for name, value in columns.items() if name != "state"} | state


def _wrong_quotes(session: Session) -> list[str]:
    """The sentence of every mention still stands where its last reading says."""
    problems = []
    texts = mapping(session, DocumentText.id, DocumentText.text)
    place, read = (MentionRow.text_id, MentionRow.start, MentionRow.end), (Reading.text_id, Reading.start, Reading.end)
    for row in session.execute(_latest(select(MentionRow.id, MentionRow.sentence_hash, Reading.quote, *place, *read))):
        mention, hashed, quote, *places = row
        text_id, start, end = places[3:]
        sentence = texts[text_id][start:end]
        if places[:3] != places[3:] or " ".join(sentence.split()) != quote or sentence_hash(sentence) != hashed:
            problems.append(f"mention {mention}: its sentence is not in the text where it should be")
    return problems


def latest_readings(
    session: Session, *where: ColumnElement[bool], known: datetime | None = None
) -> list[tuple[MentionRow, Reading]]:
    """Mentions with what was read in them last (by a moment), in the order of the mentions."""
    query = _latest(select(MentionRow, Reading), known).where(*where)
    return [(mention, reading) for mention, reading in session.execute(query)]


def _latest(query: Any, known: datetime | None = None) -> Select[Any]:
    """A query over mentions, each with its last reading (by a moment), in their order."""
    recorded = [] if known is None else [Reading.recorded_at <= known]
    last = select(func.max(Reading.id)).where(*recorded).group_by(Reading.mention_id)
    joined: Select[Any] = query.join_from(MentionRow, Reading, Reading.mention_id == MentionRow.id)
    return joined.where(Reading.id.in_(last)).order_by(MentionRow.id)
