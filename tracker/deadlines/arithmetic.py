"""Counting from a day: days, working days, weeks, months, years, and a few of them."""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from tracker.deadlines.calendar import working_days_after
from tracker.domain import When

#: What "enkele", "een paar", "komende" stand for.
FEW: Mapping[str, timedelta | relativedelta] = {
    "days": timedelta(days=7), "working-days": timedelta(days=7), "hours": timedelta(days=1),
    "weeks": timedelta(weeks=4), "months": relativedelta(months=3), "quarters": relativedelta(months=9),
    "half-years": relativedelta(months=18), "years": relativedelta(years=3),
}  # fmt: skip
_MONTHS = {"months": 1, "quarters": 3, "half-years": 6, "years": 12}


def plus(day: date, duration: When, sign: int = 1) -> date:
    """The day that lies a duration after (sign 1) or before (-1) `day`. A month's end stays a month's end."""
    name, number = duration.name or "days", duration.number
    if number is None:
        return day + FEW[name] if sign > 0 else day - FEW[name]
    if name in _MONTHS:
        count, odd = divmod(number * 2 * _MONTHS[name] + (_MONTHS[name] if duration.half else 0), 2)
        end = day + relativedelta(months=sign * count)
        if is_month_end(day):
            end = month_end(end)
        return end + timedelta(days=sign * 15 * odd)  # half a month is fifteen days
    if name == "working-days" and sign > 0:
        return working_days_after(day, number)
    days = {"weeks": 7, "hours": 0}.get(name, 1) * number
    if name == "hours":
        days = -(-number // 24)
    if duration.half:
        days += 4 if name == "weeks" else 1
    return day + timedelta(days=sign * days)


def month_end(day: date) -> date:
    """The last day of the month that `day` is in."""
    return day.replace(day=months.monthrange(day.year, day.month)[1])


def is_month_end(day: date) -> bool:
    return day == month_end(day)
