"""Out of how many: what became of commitments, by ministry, actor, dossier or month, with the denominators. Pure.

Kept is what is fulfilled, on time or late against the first due date: a deferral does not make it punctual. What a
person confirmed and what the government only claims are counted apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from tracker.commitments.state import Commitment, Review, Status

#: A share of fewer than this says little: tables mark it, and no median is taken of it.
SMALL_NUMBER = 5

#: Open promises by age, in days since they were made: younger than the first, than the second …, and all older ones.
COHORTS = (182, 365, 730)
COHORT_NAMES = ("under half a year", "half to one year", "one to two years", "over two years")


class By(StrEnum):
    MINISTRY = "ministry"
    ACTOR = "actor"
    DOSSIER = "dossier"
    MONTH = "month"  # in which they were made


@dataclass(frozen=True, slots=True)
class Kept:
    """Fulfilled commitments, by whether that was by the first due date."""

    on_time: int
    late: int
    undated: int  # no due date, or not known when

    @property
    def total(self) -> int:
        return self.on_time + self.late + self.undated


@dataclass(frozen=True, slots=True)
class Count:
    """One row: how many there are, and how each of them stands. open + confirmed + claimed + dropped = total."""

    key: str | None  # None: not known
    total: int  # the denominator, without the rejected ones
    open: int
    partly: int  # of the open ones
    past: int  # of the open ones: firm, the due date past
    expected: int  # of the open ones: hedged, conditional or unclear, the due date past
    undated: int  # of the open ones: no due date
    ages: tuple[int, ...]  # of the open ones, by COHORTS; those of which the day is not known are in none
    confirmed: Kept
    claimed: Kept
    dropped: int  # withdrawn or lapsed
    median_days: int | None  # from the promise to its fulfilment; None where they are too few
    median_days_late: int | None  # of those kept late, after the first due date

    @property
    def small(self) -> bool:
        return self.total < SMALL_NUMBER


@dataclass(frozen=True, slots=True)
class Statistics:
    """The rows, the most commitments first (months in their order), and all together.

    A commitment of two ministries or dossiers counts in each of their rows, and once in `all`.
    """

    by: By
    rows: tuple[Count, ...]
    all: Count


def statistics(commitments: Iterable[Commitment], by: By) -> Statistics:
    """Counts over commitments as they stand on their `as_of`; rejected ones are left out."""
    kept = [c for c in commitments if c.review is not Review.REJECTED]
    groups: dict[str | None, list[Commitment]] = defaultdict(list)
    for c in kept:
        for key in _keys(c, by):
            groups[key].append(c)
    rows = [count(key, members) for key, members in groups.items()]
    if by is By.MONTH:
        rows.sort(key=lambda row: (row.key is None, row.key or ""))
    else:
        rows.sort(key=lambda row: (row.key is None, -row.total, row.key or ""))
    return Statistics(by, tuple(rows), count(None, kept))


def count(key: str | None, commitments: Sequence[Commitment]) -> Count:
    open_ones = [c for c in commitments if c.open]
    past = [c for c in open_ones if c.days_late() > 0]
    firm = [c for c in past if c.firm]
    fulfilled = [c for c in commitments if c.status is Status.FULFILLED]
    taken = [(c.closed_on - c.made).days for c in fulfilled if c.closed_on and c.made]
    return Count(
        key=key,
        total=len(commitments),
        open=len(open_ones),
        partly=sum(c.status is Status.PARTLY_FULFILLED for c in open_ones),
        past=len(firm),
        expected=len(past) - len(firm),
        undated=sum(c.due is None or c.due.last is None for c in open_ones),
        ages=_ages(open_ones),
        confirmed=_kept([c for c in fulfilled if c.closed_by == "confirmed"]),
        claimed=_kept([c for c in fulfilled if c.closed_by != "confirmed"]),
        dropped=len(commitments) - len(open_ones) - len(fulfilled),
        median_days=median_days(taken),
        median_days_late=median_days(days for days in map(closed_late, fulfilled) if days and days > 0),
    )


def closed_late(c: Commitment) -> int | None:
    """Days between the first due date and fulfilment; 0 or less is in time; None where one of both is unknown."""
    return (c.closed_on - c.first_due).days if c.closed_on and c.first_due else None


def median_days(days: Iterable[int]) -> int | None:
    """None where there are too few to say anything."""
    known = list(days)
    return round(median(known)) if len(known) >= SMALL_NUMBER else None


def _kept(fulfilled: Sequence[Commitment]) -> Kept:
    late = [closed_late(c) for c in fulfilled]
    known = [days for days in late if days is not None]
    return Kept(sum(days <= 0 for days in known), sum(days > 0 for days in known), late.count(None))


def age_group(c: Commitment) -> int | None:
    """The place in COHORTS by the time since it was made: 0 for the youngest; None where that day is not known."""
    return bisect_right(COHORTS, (c.as_of - c.made).days) if c.made else None


def _ages(open_ones: Iterable[Commitment]) -> tuple[int, ...]:
    counts = [0] * (len(COHORTS) + 1)
    for c in open_ones:
        if (age := age_group(c)) is not None:
            counts[age] += 1
    return tuple(counts)


def _keys(c: Commitment, by: By) -> Sequence[str | None]:
    match by:
        case By.MINISTRY:
            return c.ministries or [None]
        case By.ACTOR:
            return [c.actor.person or c.actor.office or c.actor.ministry]
        case By.DOSSIER:
            return list(dict.fromkeys(c.document.dossiers)) or [None]
        case By.MONTH:
            return [month(c.made) if c.made else None]


def month(day: date) -> str:
    """ "2024-03" """
    return f"{day:%Y-%m}"
