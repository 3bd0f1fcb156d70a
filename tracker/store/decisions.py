"""What people decide about commitments, as events. Everything here runs in one transaction that the caller commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.commitments.linking import LinkKind, Thresholds
from tracker.commitments.snapshot import Snapshot
from tracker.commitments.state import Event, EventType, Review
from tracker.errors import NotFound, UsageError
from tracker.store.intake import Hand, row_of
from tracker.store.linking import Linker
from tracker.store.numbering import next_number, rows_of
from tracker.store.projection import refresh
from tracker.store.rows import event_of
from tracker.store.tables import EventRow, MentionRow

#: What a person may take back. A promise that should not be there is rejected; a reading is put right by reading again.
_UNDOABLE = frozenset(
    {
        EventType.DUE,
        EventType.STATUS,
        EventType.REVIEW,
        EventType.NOTE,
        EventType.TAG,
        EventType.LINKED,
        EventType.DECLINED,
        EventType.TIED,
        EventType.REASSIGNED,
        EventType.EDITED,
        EventType.UNDONE,
    }
)


def decide(
    session: Session,
    hand: Hand,
    numbers: Iterable[str],
    kind: EventType,
    payload: Mapping[str, Any],
    *,
    occurred_on: date | None = None,
    evidence: str | None = None,
    note: str | None = None,
    source: str | None = None,
    mention: int | None = None,
) -> list[Event]:
    """One event for each number."""
    events = [
        EventRow(
            commitment_id=row.id,
            type=kind.value,
            occurred_on=occurred_on or hand.today,
            recorded_at=hand.at,
            by=hand.by,
            source=source,
            evidence=evidence,
            note=note,
            payload=dict(payload),
            mention_id=mention,
        )
        for row in rows_of(session, numbers)
    ]
    session.add_all(events)
    refresh(session, {event.commitment_id for event in events})
    return [event_of(event, None) for event in events]


def add(session: Session, hand: Hand, seen: Snapshot, made: date | None, note: str | None) -> str:
    """A promise that a person heard: made, and looked at."""
    row = next_number(session, made, hand)
    session.add(
        EventRow(
            commitment_id=row.id,
            type=EventType.MADE.value,
            occurred_on=made or hand.today,
            recorded_at=hand.at,
            by=hand.by,
            source=seen["source"],
            evidence=seen["url"],
            note=note,
            payload=seen,
        )
    )
    session.flush()
    decide(session, hand, [row.number], EventType.REVIEW, {"review": Review.ACCEPTED.value})
    return row.number


def undo(session: Session, hand: Hand, event_id: int, note: str | None, thresholds: Thresholds) -> Event:
    """Take back an event. A mention whose link is undone stands on its own again, under the number it had if any."""
    wrong = row_of(session, EventRow, event_id)
    if wrong is None:
        raise NotFound(f"no event {event_id}: `tracker show NUMBER` lists those of a commitment")
    kind = EventType(wrong.type)
    if kind not in _UNDOABLE:
        raise UsageError(f"event {event_id} ({kind}) cannot be undone: reject it, or read its document again")
    if session.scalar(select(EventRow.id).where(EventRow.corrects == event_id)) is not None:
        raise UsageError(f"event {event_id} was undone before: undo that undoing to bring it back")
    undoing = EventRow(
        commitment_id=wrong.commitment_id,
        type=EventType.UNDONE.value,
        occurred_on=hand.today,
        recorded_at=hand.at,
        by=hand.by,
        note=note,
        payload={},
        corrects=event_id,
    )
    session.add(undoing)
    session.flush()
    _follow(session, Linker(session, hand, thresholds), wrong)
    refresh(session, {wrong.commitment_id})
    return event_of(undoing, None)


def _follow(session: Session, linker: Linker, wrong: EventRow) -> None:
    """What taking back an event means for the mention that it is about."""
    origin, backwards = wrong, True
    while origin.type == EventType.UNDONE and origin.corrects is not None:
        origin, backwards = session.get_one(EventRow, origin.corrects), not backwards
    if origin.mention_id is None:
        return
    mention = session.get_one(MentionRow, origin.mention_id)
    if origin.type == EventType.LINKED:
        if backwards:
            linker.part(mention)
        elif (to := origin.payload.get("to")) is not None:
            role = LinkKind(origin.payload.get("role", LinkKind.REPEAT))
            linker.attach(mention, session.get_one(MentionRow, to), role)
    linker.settle([mention.id])
