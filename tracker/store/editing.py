"""Decisions that come back in a table: how commitments stood when they were exported, and all changes in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.commitments.edits import Change
from tracker.commitments.fold import fold
from tracker.commitments.state import Commitment, Event, EventType
from tracker.store.decisions import decide
from tracker.store.intake import Hand
from tracker.store.projection import courses, documents
from tracker.store.tables import CommitmentRow, EventRow


def at_revisions(session: Session, wanted: Mapping[str, tuple[date, int]]) -> dict[str, Commitment]:
    """Commitments on a day by their first so many events, by number; those that are unknown are left out."""
    ids = select(CommitmentRow.id).where(CommitmentRow.number.in_(wanted))
    refs = documents(session, None)
    found = {}
    for course in courses(session, EventRow.commitment_id.in_(ids)):
        day, revision = wanted[course.number]
        state = fold(course.number, course.events[:revision], as_of=day, documents=refs)
        if state is not None:
            found[course.number] = state
    return found


def apply(session: Session, hand: Hand, changes: Iterable[Change], occurred_on: date) -> list[Event]:
    """All changes, as events of one hand; `occurred_on` is the day of the statuses."""
    events: list[Event] = []
    for c in changes:
        held = occurred_on if c.type is EventType.STATUS else None
        said = decide(session, hand, [c.number], c.type, c.payload, occurred_on=held, evidence=c.evidence, note=c.note)
        events += said
    return events
