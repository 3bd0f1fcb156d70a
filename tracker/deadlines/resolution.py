"""Deadline + reference date + calendar -> due period, with the steps that led there.

The meaning of every expression is that of the table in docs: a stretch of days, both inclusive, whose last day is the
due date. Where a date cannot be given honestly (an event, a vague word, a day already past, a year beyond the
calendar) the period has no dates and its last step says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.deadlines.arithmetic import plus
from tracker.deadlines.calendar import DAY, PRESENTED_BY, RECESS_OF_SEASON, Calendar
from tracker.deadlines.periods import Stretch, Unresolved, candidates, stretch_step
from tracker.domain import Anchor, Deadline, DuePeriod, Link, Operator, Part, Precision, Step, Unit, When

#: How far "rond" reaches to either side of a day or a part of a month, and before a recess.
AROUND = timedelta(days=7)
AROUND_RECESS = timedelta(days=14)
#: How long "kort na" lasts, from the first day after it.
SOON = timedelta(days=14)

PRECISION = {
    Unit.DAY: Precision.DAY,
    Unit.WEEKDAY: Precision.DAY,
    Unit.NOW: Precision.DAY,
    Unit.FIXTURE: Precision.DAY,
    Unit.WEEK: Precision.WEEK,
    Unit.MONTH: Precision.MONTH,
    Unit.QUARTER: Precision.QUARTER,
    Unit.HALF_YEAR: Precision.HALF_YEAR,
    Unit.SEASON: Precision.SEASON,
    Unit.RECESS: Precision.RECESS,
    Unit.YEAR: Precision.YEAR,
    Unit.SCHOOL_YEAR: Precision.YEAR,
    Unit.DURATION: Precision.DURATION,
    Unit.EVENT: Precision.EVENT,
    Unit.VAGUE: Precision.VAGUE,
    Unit.RECURRING: Precision.RECURRING,
}
_DATELESS = (Unit.EVENT, Unit.VAGUE, Unit.RECURRING)


@dataclass(frozen=True, slots=True)
class _Meaning:
    first: date
    last: date
    steps: tuple[Step, ...]


def resolve(deadline: Deadline, reference: date | None, calendar: Calendar) -> DuePeriod:
    """What a deadline means for a document of that date. Total: never raises, and `first <= last`."""
    precision = _precision(deadline)
    if is_unbound(deadline) or not deadline.times or deadline.times[0].unit in _DATELESS:
        return DuePeriod(None, None, precision, (Step(precision.value),))
    if reference is None:
        return DuePeriod(None, None, precision, (Step("no-reference"),))
    try:
        meaning = _meaning(deadline, reference, calendar)
    except Unresolved as reason:
        bound = reason.step.code == "lower-bound"
        return DuePeriod(None, None, Precision.EVENT if bound else precision, (reason.step,))
    except (OverflowError, ValueError):
        return DuePeriod(None, None, precision, (Step("out-of-range"),))
    if meaning.last < reference:
        return DuePeriod(None, None, precision, (*meaning.steps, Step("past", (("last", meaning.last.isoformat()),))))
    if not (meaning.first.year >= 1900 and meaning.last.year <= 2100):
        return DuePeriod(None, None, precision, (*meaning.steps, Step("out-of-range")))
    return DuePeriod(min(meaning.first, meaning.last), meaning.last, precision, meaning.steps)


def is_unbound(deadline: Deadline) -> bool:
    """Whether it counts from a moment that is not named: "na zes maanden" (of what?)."""
    return deadline.operator is Operator.AFTER and deadline.link is None and deadline.times[0].unit is Unit.DURATION


def _precision(deadline: Deadline) -> Precision:
    if not deadline.times:
        return Precision.VAGUE
    if is_unbound(deadline):
        return Precision.EVENT
    when = deadline.times[0] if deadline.link in (Link.AFTER, Link.BEFORE) else deadline.times[-1]
    operator = deadline.then or deadline.operator
    if deadline.link is Link.BETWEEN and deadline.times[0].unit is Unit.NOW:
        operator = Operator.BEFORE
    if _as_recess(when, operator):
        return Precision.RECESS
    return PRECISION[when.unit]


def _meaning(deadline: Deadline, reference: date, calendar: Calendar) -> _Meaning:
    first, *rest = deadline.times
    if not rest:
        return _one(deadline.operator, first, reference, calendar)
    second = rest[-1]
    if deadline.link in (Link.AFTER, Link.BEFORE):
        return _shifted(deadline.link, first, second, reference, calendar)
    if deadline.link is Link.OF:
        return _one(deadline.operator, replace(second, year=first.year, year_anchor=first.anchor), reference, calendar)
    if deadline.link is Link.BETWEEN and first.unit is Unit.NOW:
        until = Operator.BEFORE if second.unit in (Unit.SEASON, Unit.RECESS) else Operator.IN
        until = Operator.WITHIN if second.unit is Unit.DURATION else until
        end = _one(until, second, reference, calendar)
        return replace(end, first=reference)
    first, second = _same_year(first, second)
    end = _one(deadline.then or Operator.IN, second, reference, calendar)
    try:
        start = _one(deadline.operator, first, reference, calendar)
    except Unresolved:
        return end
    if start.last > end.last and second.year is None and deadline.link is Link.BETWEEN:
        end = _one(Operator.IN, second, start.last, calendar)
    if start.first > end.last or start.last < reference:
        # "maart of april", said at the end of March … of the year before: each is read by itself, the later counts
        return max(start, end, key=lambda m: m.last)
    last = max(start, end, key=lambda m: m.last)
    between = (Step("from-first"),) if start.first > reference else ()
    return _Meaning(start.first, last.last, (*between, *last.steps))


def _same_year(first: When, second: When) -> tuple[When, When]:
    """ "in juni of juli 2025": the year counts for both; "tussen 1 maart en 1 mei volgend jaar" as well."""
    if first.year is None and first.year_anchor is None and first.unit in (Unit.DAY, Unit.MONTH, Unit.QUARTER):
        if second.year is not None and first.unit is second.unit:
            first = replace(first, year=second.year)
        elif second.year_anchor is not None and first.unit is second.unit:
            first = replace(first, year_anchor=second.year_anchor)
    return first, second


def _shifted(link: Link, duration: When, base: When, reference: date, calendar: Calendar) -> _Meaning:
    operator = Operator.AFTER if link is Link.AFTER else Operator.BEFORE
    unit = Unit.RECESS if _as_recess(base, operator) else base.unit
    if unit is not base.unit:
        base = replace(base, unit=Unit.RECESS, name=RECESS_OF_SEASON[base.name or ""])
    is_day = duration.unit is Unit.WEEKDAY
    for stretch in candidates(base, reference, calendar):
        if link is Link.AFTER:
            end = _next_weekday(stretch.last, duration.number) if is_day else plus(stretch.last, duration)
            if end >= reference:
                first = end if is_day else max(stretch.last + DAY, reference)
                return _Meaning(first, end, (stretch_step("after" if is_day else "count-after", stretch),))
        elif is_day:
            if (end := _next_weekday(stretch.first - 8 * DAY, duration.number)) >= reference:
                return _Meaning(end, end, (stretch_step("ahead", stretch),))
        elif duration.part is Part.END:  # "in de laatste week voor het reces"
            if (end := stretch.first - DAY) >= reference:
                return _Meaning(plus(stretch.first, duration, -1), end, (stretch_step("before", stretch),))
        elif (end := plus(stretch.first, duration, -1)) >= reference:
            return _Meaning(reference, end, (stretch_step("ahead", stretch),))
    raise Unresolved(Step("past"))


def _next_weekday(day: date, number: int | None) -> date:
    return day + timedelta(days=((number or 1) - day.isoweekday() - 1) % 7 + 1)


def _count(duration: When) -> Step:
    kind = "few" if duration.number is None else duration.name or ""
    return Step("count", (("kind", kind), ("unit", duration.name or "")))


def _as_recess(when: When, operator: Operator) -> bool:
    return (
        when.unit is Unit.SEASON
        and when.part is None
        and when.name in RECESS_OF_SEASON
        and operator in (Operator.BEFORE, Operator.AFTER, Operator.SOON_AFTER, Operator.AROUND)
    )


def _one(operator: Operator, when: When, reference: date, calendar: Calendar) -> _Meaning:
    if when.unit is Unit.DURATION:
        return _Meaning(reference, plus(reference, when), (_count(when),))
    if _as_recess(when, operator):
        when = replace(when, unit=Unit.RECESS, name=RECESS_OF_SEASON[when.name or ""])
    choices = candidates(when, reference, calendar)
    if operator is Operator.BEFORE:
        return _before(when, choices, reference)
    if operator in (Operator.AFTER, Operator.SOON_AFTER):
        return _after(operator, when, choices, reference, calendar)
    if operator is Operator.AROUND:
        return _around(when, choices, reference)
    stretch = _running(choices, reference)
    first, last = stretch.first, stretch.last
    if (operator is Operator.BY and first == last) or when.name in PRESENTED_BY:
        first = min(reference, last)
    elif (when.part is Part.REST and when.year is None) or (_is_this_year(when) and operator is not Operator.FROM):
        first = max(first, min(reference, last))
    code = Operator.BY if when.name in PRESENTED_BY else operator
    return _Meaning(first, last, (stretch_step(code.value, stretch),))


def _is_this_year(when: When) -> bool:
    return when.unit is Unit.YEAR and when.anchor is Anchor.THIS and when.part is None


def _running(choices: Iterator[Stretch], reference: date) -> Stretch:
    """The first that has not ended; where all have, the last of them (the caller sees that it is past)."""
    last: Stretch | None = None
    for last in choices:
        if last.last >= reference:
            return last
    if last is None:
        raise Unresolved(Step("out-of-calendar"))
    return last


def _before(when: When, choices: Iterator[Stretch], reference: date) -> _Meaning:
    inclusive = when.part is Part.END or when.name == "jaarwisseling"
    last: Stretch | None = None
    for last in choices:
        end = last.last if inclusive else last.first - DAY
        if end >= reference:
            break
    if last is None:
        raise Unresolved(Step("out-of-calendar"))
    end = last.last if inclusive else last.first - DAY
    return _Meaning(reference, end, (stretch_step("by" if inclusive else "before", last),))


def _after(operator: Operator, when: When, choices: Iterator[Stretch], reference: date, calendar: Calendar) -> _Meaning:
    if operator is Operator.AFTER and when.unit is not Unit.RECESS:
        raise Unresolved(Step("lower-bound"))
    found: _Meaning | None = None
    for stretch in choices:
        first = stretch.last + DAY
        if operator is Operator.SOON_AFTER:
            found = _Meaning(first, first + SOON, (stretch_step("soon-after", stretch),))
        else:
            following = calendar.after(stretch.recess) if stretch.recess else None
            if following is None:
                raise Unresolved(Step("out-of-calendar"))
            found = _Meaning(
                first,
                following.first - DAY,
                (stretch_step("after", stretch), stretch_step("until", Stretch.of_recess(following))),
            )
        if found.last >= reference:
            return found
    if found is None:
        raise Unresolved(Step("out-of-calendar"))
    return found


def _around(when: When, choices: Iterator[Stretch], reference: date) -> _Meaning:
    stretch = _running(choices, reference)
    if when.unit is Unit.RECESS:
        return _Meaning(stretch.first - AROUND_RECESS, stretch.last, (stretch_step("around", stretch),))
    wide = when.unit in (Unit.DAY, Unit.FIXTURE, Unit.WEEKDAY, Unit.MONTH, Unit.NOW)
    margin = AROUND if wide else timedelta(0)
    step = stretch_step("around" if margin else "in", stretch)
    return _Meaning(stretch.first - margin, stretch.last + margin, (step,))
