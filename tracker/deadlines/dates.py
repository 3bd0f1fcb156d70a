"""Days in words, with the names that Babel has for them. Pure."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from babel import Locale


def in_words(day: date, language: str, *, weekday: bool = False, year: bool = True) -> str:
    """ "vrijdag 1 juli 2022", or less of it, as Babel's `format_date` has it with these parts. `language`: nl or en."""
    days, months = _names(language)
    parts = (days[day.weekday()] if weekday else "", str(day.day), months[day.month], str(day.year) if year else "")
    return " ".join(filter(None, parts))


@lru_cache
def _names(language: str) -> tuple[dict[int, str], dict[int, str]]:
    """Weekdays (Monday is 0) and months (January is 1), read once: a list has hundreds of dates."""
    locale = Locale.parse(language)
    return dict(locale.days["format"]["wide"]), dict(locale.months["format"]["wide"])
