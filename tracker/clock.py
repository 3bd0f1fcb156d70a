"""The only place that may ask the time. Everything else takes the day or the moment as an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Terms are Dutch days: a promise "vóór 1 juli" lapses at midnight in Amsterdam, wherever the program runs.
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """This moment, in UTC, with microseconds."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is in Amsterdam."""
    return datetime.now(AMSTERDAM).date()
