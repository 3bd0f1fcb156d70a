"""Out of how many: totals with their denominators, rows by ministry and age, and what the charts show."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from tracker.commitments.counts import COHORTS, SMALL_NUMBER, age_group, median_days
from tracker.commitments.state import Review
from tracker.reports.promises import OPEN_PLACES, Place, Promise

#: How many months the timeline shows before and after the month of the report, and the course before it.
TIMELINE_MONTHS = 12
#: Promises past their term, by how many days: up to the first of these, up to the second …, and longer.
LATENESS = (30, 91, 182, 365)


@dataclass(frozen=True, slots=True)
class Row:
    """Promises that have one thing in common, and how they stand."""

    key: str | int | None  # a ministry's code; the place of an age in COHORTS; None where it is not known
    total: int  # the denominator
    open: int
    past: int  # firm, term past, within grace or beyond
    sign: int  # term past, a document may say that it was met
    expected: int
    fulfilled: int
    on_time: int  # of those: by the first due date …
    late: int  # … and after it; where one of both days is not known, neither
    median_days: int | None  # from the promise to its fulfilment; None where they are too few

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
    median_days_late: int | None  # of those fulfilled after the first due date; None where they are too few
    to_review: int  # no person has looked yet
    together: Row
    by_ministry: tuple[Row, ...]  # a promise of two ministries is in both
    by_age: tuple[Row, ...]  # by the time since they were made, the youngest first


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


@dataclass(frozen=True, slots=True)
class Lateness:
    """Open promises past their term: how long. `step` is the place in LATENESS, or one more for the longest."""

    step: int
    firm: int
    hedged: int  # hedged, conditional or unclear

    @property
    def total(self) -> int:
        return self.firm + self.hedged


@dataclass(frozen=True, slots=True)
class Level:
    """How many promises were open on a day, and of how many firm ones the term that now holds was past by then."""

    day: date
    open: int
    past: int


def totals(promises: Sequence[Promise], placed: Mapping[Place, Sequence[Promise]]) -> Totals:
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
        median_days_late=median_days(days for p in placed[Place.FULFILLED] if (days := p.closed_late) and days > 0),
        to_review=sum(p.commitment.review is Review.NEW for p in promises),
        together=_row(None, promises),
        by_ministry=_by_ministry(promises),
        by_age=_by_age(promises),
    )


def _row(key: str | int | None, promises: Sequence[Promise]) -> Row:
    placed = Counter(p.place for p in promises)
    late = [p.closed_late for p in promises if p.place is Place.FULFILLED and p.closed_late is not None]
    met = [p.commitment for p in promises if p.place is Place.FULFILLED]
    return Row(
        key,
        total=len(promises),
        open=sum(placed[place] for place in OPEN_PLACES),
        past=placed[Place.PAST] + placed[Place.FRESH],
        sign=placed[Place.SIGN],
        expected=placed[Place.EXPECTED],
        fulfilled=placed[Place.FULFILLED],
        on_time=sum(days <= 0 for days in late),
        late=sum(days > 0 for days in late),
        median_days=median_days((c.closed_on - c.made).days for c in met if c.closed_on and c.made),
    )


def _by_ministry(promises: Sequence[Promise]) -> tuple[Row, ...]:
    """A row a ministry, the most promises first; those of which the ministry is not known come last. A promise of two
    of them is in both rows."""
    groups: dict[str | None, list[Promise]] = defaultdict(list)
    for each in promises:
        for ministry in each.commitment.ministries or (None,):
            groups[ministry].append(each)
    rows = [_row(ministry, members) for ministry, members in groups.items()]
    return tuple(sorted(rows, key=lambda row: (row.key is None, -row.total, row.key or "")))


def _by_age(promises: Sequence[Promise]) -> tuple[Row, ...]:
    """A row an age: younger than the first of COHORTS, than the second …, older; and last those of unknown age."""
    groups: dict[int | None, list[Promise]] = defaultdict(list)
    for each in promises:
        groups[age_group(each.commitment)].append(each)
    return tuple(_row(age, groups[age]) for age in (*range(len(COHORTS) + 1), None) if age in groups)


def timeline(promises: Sequence[Promise], as_of: date) -> Timeline:
    here = _month_number(as_of)
    window = range(here - TIMELINE_MONTHS, here + TIMELINE_MONTHS + 1)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for each in promises:
        if each.due:
            kind = "hedged" if not each.commitment.firm else "past" if each.days_past else "ahead"
            counts[_month_number(each.due)][kind] += 1
    return Timeline(
        months=tuple(
            Month(date(n // 12, n % 12 + 1, 1), counts[n]["past"], counts[n]["ahead"], counts[n]["hedged"])
            for n in window
        ),
        earlier=sum(count.total() for n, count in counts.items() if n < window.start),
        later=sum(count.total() for n, count in counts.items() if n >= window.stop),
    )


def lateness(promises: Sequence[Promise]) -> tuple[Lateness, ...]:
    """The promises past their term by LATENESS; every step, also those of none."""
    counts: dict[int, Counter[bool]] = defaultdict(Counter)
    for each in promises:
        if each.days_past:
            counts[bisect_left(LATENESS, each.days_past)][each.commitment.firm] += 1
    return tuple(Lateness(n, counts[n][True], counts[n][False]) for n in range(len(LATENESS) + 1))


def course(promises: Sequence[Promise], as_of: date) -> tuple[Level, ...]:
    """How it stood at the end of each of the months before, from the first promise on, and stands now.

    Told from what is known today: a promise that was put off counts by the term that now holds. One without a day on
    which it was made, or was closed, is left out.
    """
    here = _month_number(as_of)
    days = [date(n // 12, n % 12 + 1, 1) - timedelta(days=1) for n in range(here - TIMELINE_MONTHS + 1, here + 1)]
    days.append(as_of)
    opened, passed = [0] * (len(days) + 1), [0] * (len(days) + 1)
    made = [p.commitment.made for p in promises if p.commitment.made]
    for p in promises:
        c = p.commitment
        if c.made is None or (not c.open and c.closed_on is None):
            continue
        start, end = bisect_left(days, c.made), bisect_left(days, c.closed_on) if c.closed_on else len(days)
        opened[start] += 1
        opened[max(start, end)] -= 1
        if p.due and c.firm:
            late = max(start, bisect_right(days, p.due))
            passed[late] += 1
            passed[max(late, end)] -= 1
    levels = zip(days, accumulate(opened), accumulate(passed), strict=False)
    return tuple(Level(*each) for each in levels if made and each[0] >= min(made))


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1
