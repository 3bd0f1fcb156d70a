"""Numbers of commitments: issued here, each once, and looked up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.commitments.numbers import Number, nearest, parse
from tracker.errors import NotFound
from tracker.store.intake import Hand
from tracker.store.tables import CommitmentRow, CommitmentState, EventRow, MentionRow


def next_number(session: Session, made: date | None, hand: Hand) -> CommitmentRow:
    """A new commitment with the next number of its year: that of the promise, or else of its recording."""
    year = (made or hand.today).year
    series = (CommitmentRow.prefix == hand.prefix, CommitmentRow.year == year)
    serial = (session.scalar(select(func.max(CommitmentRow.serial)).where(*series)) or 0) + 1
    number = str(Number(hand.prefix, year, serial))
    row = CommitmentRow(number=number, prefix=hand.prefix, year=year, serial=serial, recorded_at=hand.at)
    session.add(row)
    session.flush()
    return row


def rows_of(session: Session, numbers: Iterable[str]) -> list[CommitmentRow]:
    """The commitments of these numbers, each once, in the order given. NotFound where one is unknown."""
    wanted = list(dict.fromkeys(str(parse(number) or number) for number in numbers))
    found = {row.number: row for row in session.scalars(select(CommitmentRow).where(CommitmentRow.number.in_(wanted)))}
    for number in wanted:
        if number not in found:
            raise NotFound(f"no commitment {number}: {_teach(session, number)}")
    return [found[number] for number in wanted]


def _teach(session: Session, number: str) -> str:
    known = list(session.scalars(select(CommitmentRow.number)))
    if not known:
        return "the store is empty; `tracker ingest` reads documents into it"
    likely = nearest(number, known)
    return f"did you mean {', '.join(likely)}?" if likely else "`tracker list` shows the numbers"


def became(session: Session, row: CommitmentRow) -> str | None:
    """The number under which a promise goes on that was found to be a repeat of another; None where it stands."""
    if session.get(CommitmentState, row.id) is not None:
        return None
    moved = (
        select(CommitmentRow.number)
        .join(MentionRow, MentionRow.commitment_id == CommitmentRow.id)
        .join(EventRow, EventRow.mention_id == MentionRow.id)
        .where(EventRow.commitment_id == row.id, CommitmentRow.id != row.id)
    )
    return session.scalars(moved.order_by(EventRow.id)).first()
