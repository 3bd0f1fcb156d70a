"""Numbers of commitments are issued here, each once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.commitments.numbers import Number
from tracker.store.intake import Hand
from tracker.store.tables import CommitmentRow


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
