"""A named time -> the stretches of days that it may stand for, the earliest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.deadlines.arithmetic import month_end, plus
from tracker.deadlines.calendar import (
    ANY_RECESS,
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    PRESENTED,
    SEASON_BEGINS,
    SEASONS,
    Calendar,
    Recess,
    fixture,
    nth_weekday,
)  # fmt: skip
from tracker.domain import Anchor, Part, Step, Unit, When


class Unresolved(Exception):
    """No date can be given; `step` says why."""

    def __init__(self, step: Step) -> None:
        super().__init__(step.code)
        self.step = step


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row, both ends inclusive, with what the whole is called for the explanation."""

    first: date
    last: date
    whole: tuple[date, date]
    kind: str
    recess: Recess | None = None

    @classmethod
    def of_recess(cls, recess: Recess) -> Stretch:
        return cls(recess.first, recess.last, (recess.first, recess.last), "recess", recess)


def stretch_step(code: str, stretch: Stretch) -> Step:
    """A step that tells by which stretch of days a date came about; of kind "part" where it ends before the whole."""
    whole = stretch.recess is not None or stretch.last == stretch.whole[1]
    params = [
        ("kind", stretch.kind if whole else "part"),
        ("first", stretch.first.isoformat()),
        ("last", stretch.last.isoformat()),
    ]
    if stretch.recess is not None:
        params += [("recess", stretch.recess.name), ("status", stretch.recess.status)]
    return Step(code, tuple(params))


#: "Dit voorjaar", said in July, is still the spring that is over; said in December it is the one to come.
_JUST_ENDED = 120 * DAY


def candidates(when: When, reference: date, calendar: Calendar) -> Iterator[Stretch]:
    """The stretches of days that `when` may stand for, seen from `reference`, in order of time.

    A named year leaves one; without one there are those around the reference date. Raises Unresolved.
    """
    if when.unit is Unit.RECESS:
        return _recesses(when, reference, calendar)
    if when.unit in _AROUND_REFERENCE and when.month is None:
        return iter((_part(when, *_AROUND_REFERENCE[when.unit](when, reference)),))
    if when.unit in _SERIES and when.number is None and when.month is None:
        return _anchored(when, reference, [_part(when, *pair) for pair in _SERIES[when.unit](reference)])
    return _yearly(when, reference)


def _year(when: When, reference: date) -> int | None:
    if when.year is not None:
        return when.year
    if when.year_anchor is None:
        return None
    return reference.year + (when.year_anchor is not Anchor.THIS)


def _yearly(when: When, reference: date) -> Iterator[Stretch]:
    year = _year(when, reference)
    if year is not None and when.unit is Unit.FIXTURE:
        year += PRESENTED.get(when.name or "", 0)
    years = [year] if year is not None else range(reference.year - 1, reference.year + 5)
    if when.unit is Unit.DAY and when.month is not None and all(_in_year(when, y) is None for y in years):
        raise Unresolved(Step("no-such-day"))
    found = (_part(when, *pair) for y in years if FIRST_YEAR <= y <= LAST_YEAR and (pair := _in_year(when, y)))
    if when.anchor is None or year is not None:
        return found
    return _anchored(when, reference, list(found))


def _anchored(when: When, reference: date, found: list[Stretch]) -> Iterator[Stretch]:
    """ "dit najaar" is the one that runs or has just ended, else the next; "volgend voorjaar" the next to begin."""
    if when.anchor is None:
        return iter([s for s in found if s.last >= reference])
    if when.anchor is Anchor.THIS:
        return iter([s for s in found if s.whole[1] >= reference or _just_ended(when, s.whole[1], reference)][:1])
    # "komende zomer", said on 10 June, is the one that astronomy has not begun yet
    begun = SEASON_BEGINS if when.anchor is Anchor.COMING and when.unit is Unit.SEASON else 0 * DAY
    return iter([s for s in found if s.whole[0] + begun > reference])


def _just_ended(when: When, last: date, reference: date) -> bool:
    return when.unit is Unit.SEASON and last.year == reference.year and reference - last <= _JUST_ENDED


def _in_year(when: When, year: int) -> tuple[date, date] | None:
    """The whole of a yearly time in one year; None for 29 February of another year."""
    try:
        whole = _WHOLE[when.unit](when, year)
        if when.first_number is None:
            return whole
        first = _first_of(when, when.first_number)
        start, _ = _WHOLE[when.unit](first, year)
        if start > whole[0] and when.unit is not Unit.DAY:  # "november-januari"
            start, _ = _WHOLE[when.unit](first, year - 1)
        return min(start, whole[0]), whole[1]
    except (ValueError, KeyError):
        return None


def _first_of(when: When, number: int) -> When:
    """The first of several: "3 en 4 juli" -> 3 juli."""
    if when.unit is Unit.DAY:
        return replace(when, day=number)
    return replace(when, month=number) if when.unit is Unit.MONTH else replace(when, number=number)


def _day(when: When, year: int) -> tuple[date, date]:
    day = date(year, when.month or 0, when.day or when.number or 0)
    return day, day


def _month(when: When, year: int) -> tuple[date, date]:
    first = date(year, when.month or 0, 1)
    return first, month_end(first)


def _quarter(when: When, year: int) -> tuple[date, date]:
    first = date(year, 3 * (when.number or 0) - 2, 1)
    return first, month_end(date(year, first.month + 2, 1))


def _half_year(when: When, year: int) -> tuple[date, date]:
    return (date(year, 1, 1), date(year, 6, 30)) if when.number == 1 else (date(year, 7, 1), date(year, 12, 31))


def _season(when: When, year: int) -> tuple[date, date]:
    (month, day), (end_month, end_day) = SEASONS[when.name or ""]
    return date(year, month, day), date(year + (end_month < month), end_month, end_day)


def _fixture(when: When, year: int) -> tuple[date, date]:
    found = fixture(when.name or "", year)
    return found.first, found.last


def _calendar_year(when: When, year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(when.last_year or year, 12, 31)


def _school_year(when: When, year: int) -> tuple[date, date]:
    return date(year, 8, 1), date(when.last_year or year + 1, 7, 31)


def _week(when: When, year: int) -> tuple[date, date]:
    if when.day is not None:
        monday = _monday(date(year, when.month or 0, when.day))
    elif when.month is not None:
        month = date(year, when.month, 1)
        monday = _monday(month_end(month)) if when.number is None else _monday(month) + 7 * (when.number - 1) * DAY
    else:
        monday = date.fromisocalendar(year, when.number or 0, 1)
    return monday, monday + 6 * DAY


def _weekday_of_month(when: When, year: int) -> tuple[date, date]:
    weekday, month = (when.number or 1) - 1, when.month or 0
    if when.day is None:  # the last
        last = month_end(date(year, month, 1))
        day = last - timedelta(days=(last.weekday() - weekday) % 7)
    else:
        day = nth_weekday(year, month, when.day, weekday)
    return day, day


_WHOLE: dict[Unit, Callable[[When, int], tuple[date, date]]] = {
    Unit.DAY: _day,
    Unit.MONTH: _month,
    Unit.QUARTER: _quarter,
    Unit.HALF_YEAR: _half_year,
    Unit.SEASON: _season,
    Unit.FIXTURE: _fixture,
    Unit.YEAR: _calendar_year,
    Unit.SCHOOL_YEAR: _school_year,
    Unit.WEEK: _week,
    Unit.WEEKDAY: _weekday_of_month,
}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _part(when: When, first: date, last: date) -> Stretch:
    whole = (first, last)
    if when.part is not None:
        first, last = _part_of(when, *whole)
    if when.first_part is not None:
        first, _ = _part_of(replace(when, part=when.first_part), *whole)
    return Stretch(first, last, whole, (when.name or "") if when.unit is Unit.FIXTURE else when.unit.value)


def _part_of(when: When, first: date, last: date) -> tuple[date, date]:
    part = when.part
    if part is Part.REST:
        return first, last
    if when.number is not None and when.unit in (Unit.YEAR, Unit.MONTH):  # "de eerste zes maanden van 2025"
        counted = When(Unit.DURATION, name=when.name, number=when.number)
        if part is Part.BEGIN:
            return first, min(last, plus(first - DAY, counted))
        return max(first, plus(last, counted, -1) + DAY), last
    if when.unit is Unit.WEEK:
        if when.name == "weekend":
            return first + 5 * DAY, last
        if part is Part.MIDDLE:
            return first + 2 * DAY, first + 2 * DAY
        return (first, first + 2 * DAY) if part is Part.BEGIN else (first, last)
    if part in (Part.FIRST_HALF, Part.SECOND_HALF):
        return _half(when, first, last, part is Part.FIRST_HALF)
    if when.unit is Unit.MONTH:
        starts = {Part.BEGIN: (1, 10), Part.MIDDLE: (11, 20), Part.END: (21, last.day)}
        a, b = starts[part or Part.BEGIN]
        return first.replace(day=a), first.replace(day=b)
    if when.unit is Unit.YEAR:
        spans = {Part.BEGIN: (1, 3), Part.MIDDLE: (6, 7), Part.END: (10, 12)}
        a, b = spans[part or Part.BEGIN]
        return date(first.year, a, 1), month_end(date(last.year, b, 1))
    months = _months(first, last)
    if len(months) < 3:
        return first, last
    index = {Part.BEGIN: 0, Part.MIDDLE: len(months) // 2, Part.END: -1}[part or Part.BEGIN]
    if when.unit is Unit.SCHOOL_YEAR and part is Part.BEGIN:
        return first, month_end(months[2])
    if when.unit is Unit.SEASON and part is Part.END:
        return months[2], last
    return max(first, months[index]), min(last, month_end(months[index]))


def _months(first: date, last: date) -> list[date]:
    """The first days of the months that a period begins in or runs through; a season's odd days at its end left out."""
    found = [first.replace(day=1)]
    while (following := month_end(found[-1]) + DAY) <= last:
        found.append(following)
    return found if month_end(found[-1]) <= last else found[:-1]


def _half(when: When, first: date, last: date, is_first: bool) -> tuple[date, date]:
    if when.unit is Unit.MONTH:
        middle = first.replace(day=15)
    elif when.unit is Unit.YEAR:
        middle = date(first.year, 6, 30)
    elif when.unit is Unit.SCHOOL_YEAR:
        middle = date(first.year + 1, 1, 31)
    else:
        middle = first + timedelta(days=((last - first).days + 1) // 2 - 1)
    return (first, middle) if is_first else (middle + DAY, last)


# ── times that are only known from the reference date ────────────────────────────────────────────────────────────────


def _now(when: When, reference: date) -> tuple[date, date]:
    day = reference + timedelta(days=when.number or 0)
    return day, day


def _weekday(when: When, reference: date) -> tuple[date, date]:
    if when.name == "of-week":
        monday = _monday(reference) + (0 if when.anchor is Anchor.THIS else 7) * DAY
        day = monday + ((when.number or 1) - 1) * DAY
        return day, day
    ahead = ((when.number or 1) - 1 - reference.weekday() - 1) % 7 + 1  # the next one after the reference date
    day = reference + timedelta(days=ahead)
    return day, day


def _weeks(reference: date) -> list[tuple[date, date]]:
    monday = _monday(reference)
    return [(monday + 7 * n * DAY, monday + (7 * n + 6) * DAY) for n in range(3)]


def _months_on(reference: date) -> list[tuple[date, date]]:
    first = reference.replace(day=1)
    found = [(first, month_end(first))]
    found.append((found[-1][1] + DAY, month_end(found[-1][1] + DAY)))
    return found


def _quarters_on(reference: date) -> list[tuple[date, date]]:
    quarters = (
        _quarter(When(Unit.QUARTER, number=n), y) for y in (reference.year, reference.year + 1) for n in range(1, 5)
    )
    return [q for q in quarters if q[1] >= reference]


_SERIES: dict[Unit, Callable[[date], list[tuple[date, date]]]] = {
    Unit.WEEK: _weeks,
    Unit.MONTH: _months_on,
    Unit.QUARTER: _quarters_on,
}
_AROUND_REFERENCE: dict[Unit, Callable[[When, date], tuple[date, date]]] = {Unit.NOW: _now, Unit.WEEKDAY: _weekday}


def _recesses(when: When, reference: date, calendar: Calendar) -> Iterator[Stretch]:
    named = calendar.named(when.name or ANY_RECESS)
    year = _year(when, reference)
    found = [r for r in named if year is None or year in (r.year, r.first.year)]
    if year is None and when.anchor in (Anchor.NEXT, Anchor.COMING):
        found = [r for r in found if r.first > reference]
    if not found:
        raise Unresolved(Step("out-of-calendar"))
    return (_recess_part(when, r) for r in found)


def _recess_part(when: When, recess: Recess) -> Stretch:
    whole = Stretch.of_recess(recess)
    if when.part is None or when.part is Part.REST:
        return whole
    third = ((recess.last - recess.first).days + 1) // 3
    first, last = {
        Part.BEGIN: (recess.first, recess.first + third * DAY),
        Part.FIRST_HALF: (recess.first, recess.first + (third * 3 // 2) * DAY),
        Part.MIDDLE: (recess.first + third * DAY, recess.last - third * DAY),
        Part.SECOND_HALF: (recess.last - (third * 3 // 2) * DAY, recess.last),
        Part.END: (recess.last - third * DAY, recess.last),
    }[when.part]
    return Stretch(first, last, whole.whole, "recess", recess)
