"""A page of the list: filtered, sorted and cut off by the database where it can, so that a long store stays quick.

Its answer is that of `filters.select` over all commitments. On a past day commitments whose course went on after it are
folded from their events and looked at one by one.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from tracker.commitments import filters
from tracker.commitments.filters import Filter, Sort
from tracker.commitments.state import OPEN_STATUSES, Commitment, Review
from tracker.store import projection
from tracker.store.model import Listing
from tracker.store.rows import commitment_of
from tracker.store.search import lines, search
from tracker.store.tables import CommitmentRow, CommitmentState, EventRow, IndexRow

_STATE = CommitmentState

#: More than this are read with all others: an SQL statement takes no more than some thousands of values.
_MANY = 10_000


def listing(session: Session, wanted: Filter, as_of: date, known: datetime | None) -> Listing:
    """The commitments that pass, sorted, at most `wanted.limit`, and how many pass in all."""
    if known is not None:
        refs = projection.documents(session, known)
        every = projection.folded(projection.courses(session), as_of, refs, known)
        passed = filters.sort(filter(wanted.accepts, every), wanted.sort)
        return Listing(tuple(passed[: wanted.limit]), len(passed))
    settled, count = _settled(session, wanted, as_of)
    moving = [c for c in _unsettled(session, as_of) if wanted.accepts(c)]
    if not moving:
        return Listing(tuple(settled), count)
    passed = filters.sort([*settled, *moving], wanted.sort)
    return Listing(tuple(passed[: wanted.limit]), count + len(moving))


def _unsettled(session: Session, as_of: date) -> list[Commitment]:
    """The commitments whose course goes on after the day."""
    ids = list(session.scalars(select(_STATE.commitment_id).where(_STATE.start <= as_of, _STATE.settled > as_of)))
    if not ids:
        return []
    subquery = select(_STATE.commitment_id).where(_STATE.start <= as_of, _STATE.settled > as_of)
    refs = projection.documents(session, None)
    return projection.folded(projection.courses(session, EventRow.commitment_id.in_(subquery)), as_of, refs, None)


def _settled(session: Session, wanted: Filter, as_of: date) -> tuple[list[Commitment], int]:
    """Those that stand on the day as they do now: the first ones, and how many there are."""
    conditions = [_STATE.settled <= as_of, *_conditions(session, wanted, as_of)]
    ids = list(session.scalars(_joined(select(_STATE.commitment_id)).where(*conditions).order_by(*_order(wanted.sort))))
    page = ids[: wanted.limit]
    columns = (_STATE.commitment_id, _STATE.status, _STATE.review, _STATE.made, _STATE.work_id, _STATE.state)
    some = [] if len(page) > _MANY else [_STATE.commitment_id.in_(page)]
    rows = {row.commitment_id: row for row in session.execute(select(*columns).where(*some))}
    works = {row.work_id for row in rows.values() if row.work_id is not None}
    refs = projection.documents(session, None, works if some else None)
    return [commitment_of(rows[row_id], as_of, refs) for row_id in page], len(ids)


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(_STATE)
        .join(CommitmentRow, CommitmentRow.id == _STATE.commitment_id)
        .join(IndexRow, IndexRow.commitment_id == _STATE.commitment_id)
    )


def _conditions(session: Session, wanted: Filter, as_of: date) -> list[ColumnElement[bool]]:
    """What `Filter.accepts` asks, for the database."""
    found: list[ColumnElement[bool]] = [_STATE.review.in_(wanted.review)]
    if wanted.overdue or wanted.open or wanted.due_within is not None:
        found += [_STATE.status.in_(OPEN_STATUSES), _STATE.review != Review.REJECTED]
    if wanted.overdue:
        found.append(_STATE.due < as_of - timedelta(days=wanted.grace))
    if wanted.due_within is not None:
        found.append(_STATE.due.between(as_of, as_of + timedelta(days=wanted.due_within)))
    for column, values in ((_STATE.status, wanted.status), (IndexRow.kind, wanted.kind)):
        if values:
            found.append(column.in_(values))
    if wanted.strength:
        found.append(IndexRow.strength.in_(wanted.strength))
    if wanted.ministry:
        found.append(or_(*(_among(IndexRow.ministries, code) for code in filters.folded(wanted.ministry))))
    if wanted.actor is not None:
        found.append(IndexRow.actor.contains(filters.plain(wanted.actor), autoescape=True))
    if wanted.dossier is not None:
        found.append(_among(IndexRow.dossiers, filters.digits(wanted.dossier)))
    if wanted.document is not None:
        found.append(_in_document(wanted.document))
    found += [_among(IndexRow.tags, tag) for tag in filters.folded(wanted.tag)]
    if wanted.search is not None:
        found += search(session).matching(wanted.search)
    return found


def _among(column: Any, value: str) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = column.contains(lines([value]), autoescape=True)
    return condition


def _in_document(wanted: str) -> ColumnElement[bool]:
    if (work_id := filters.document_id(wanted)) is not None:
        return _STATE.work_id == work_id
    return IndexRow.title.contains(filters.plain(wanted), autoescape=True)


def _order(by: Sort) -> list[ColumnElement[Any]]:
    issued: list[Any] = [CommitmentRow.year, CommitmentRow.serial, CommitmentRow.prefix]
    due: list[Any] = [_STATE.due.is_(None), _STATE.due, *issued]
    match by:
        case Sort.DUE:
            return due
        case Sort.MADE:
            return [_STATE.made.is_(None), _STATE.made, *issued]
        case Sort.ACTOR:
            return [IndexRow.named == "", IndexRow.named, *due]
