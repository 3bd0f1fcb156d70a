"""Out of how many: totals with their denominators, a row a ministry, and due dates by month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.commitments.counts import SMALL_NUMBER, median_days
from tracker.commitments.state import Review, Status
from tracker.domain import Strength
from tracker.reports.promises import OPEN_PLACES, Place, Promise

#: How many months the timeline shows before and after the month of the report.
TIMELINE_MONTHS = 12


@dataclass(frozen=True, slots=True)
class MinistryRow:
    ministry: str | None  # a code; None where it is not known
    total: int
    open: int
    past: int  # firm, term past, within grace or beyond
    expected: int
    fulfilled: int

    @property
    def small(self) -> bool:
        return self.total < SMALL_NUMBER


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of commitments; `all` is the denominator, without the rejected ones."""

    all: int
    open: int
    past: int  # beyond the days of grace
    sign: int  # term past, a document may say that it was met
    fresh: int
    expected: int
    soon: int
    later: int
    undated: int
    fulfilled: int
    closed: int
    on_time: int  # fulfilled by the first due date
    late: int  # fulfilled after it
    median_days_late: int | None  # of those fulfilled late; None where they are too few
    to_review: int  # no person has looked yet
    by_ministry: tuple[MinistryRow, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """Open promises that fall due in the month that starts on `first`."""

    first: date
    past: int  # firm, the day is past
    ahead: int  # firm, still to come
    hedged: int  # hedged, conditional or unclear, past or not

    @property
    def total(self) -> int:
        return self.past + self.ahead + self.hedged


@dataclass(frozen=True, slots=True)
class Timeline:
    months: tuple[Month, ...]
    earlier: int  # open promises due before the first month
    later: int  # … after the last

    @property
    def highest(self) -> int:
        return max((month.total for month in self.months), default=0)


def totals(promises: Sequence[Promise], placed: Mapping[Place, Sequence[Promise]]) -> Totals:
    closed_late = [p.closed_late for p in placed[Place.FULFILLED] if p.closed_late is not None]
    kept_late = [days for days in closed_late if days > 0]
    return Totals(
        all=len(promises),
        open=sum(len(placed[place]) for place in OPEN_PLACES),
        past=len(placed[Place.PAST]),
        sign=len(placed[Place.SIGN]),
        fresh=len(placed[Place.FRESH]),
        expected=len(placed[Place.EXPECTED]),
        soon=len(placed[Place.SOON]),
        later=len(placed[Place.LATER]),
        undated=len(placed[Place.UNDATED]),
        fulfilled=len(placed[Place.FULFILLED]),
        closed=len(placed[Place.CLOSED]),
        on_time=len(closed_late) - len(kept_late),
        late=len(kept_late),
        median_days_late=median_days(kept_late),
        to_review=sum(p.commitment.review is Review.NEW for p in promises),
        by_ministry=_by_ministry(promises),
    )


def _by_ministry(promises: Sequence[Promise]) -> tuple[MinistryRow, ...]:
    """A row a ministry, the most promises first; those of which the ministry is not known come last."""
    counts: dict[str | None, Counter[Place]] = defaultdict(Counter)
    for each in promises:
        counts[each.commitment.actor.ministry][each.place] += 1
    rows = [
        MinistryRow(
            ministry,
            total=count.total(),
            open=sum(count[place] for place in OPEN_PLACES),
            past=count[Place.PAST] + count[Place.FRESH],
            expected=count[Place.EXPECTED],
            fulfilled=count[Place.FULFILLED],
        )
        for ministry, count in counts.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.ministry is None, -row.total, row.ministry or "")))


def timeline(promises: Sequence[Promise], as_of: date) -> Timeline:
    here = _month_number(as_of)
    window = range(here - TIMELINE_MONTHS, here + TIMELINE_MONTHS + 1)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for each in promises:
        if each.due:
            firm = each.commitment.strength is Strength.FIRM and each.commitment.status is not Status.UNCLEAR
            counts[_month_number(each.due)]["hedged" if not firm else "past" if each.days_past else "ahead"] += 1
    return Timeline(
        months=tuple(
            Month(date(n // 12, n % 12 + 1, 1), counts[n]["past"], counts[n]["ahead"], counts[n]["hedged"])
            for n in window
        ),
        earlier=sum(count.total() for n, count in counts.items() if n < window.start),
        later=sum(count.total() for n, count in counts.items() if n >= window.stop),
    )


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1
