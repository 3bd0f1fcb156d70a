"""The term of a commitment as an event of iCalendar: the same UID in every export and mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from icalendar import Calendar, Event

from tracker.commitments.state import Commitment


def calendar(name: str) -> Calendar:
    """A calendar without events."""
    made = Calendar()
    made.add("prodid", "-//toezeggingen-tracker//NL")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    return made


def term(
    c: Commitment, due: date, *, made_at: datetime, revision: int, said: Iterable[str | None], link: str | None
) -> Event:
    """The due day, whole and without making anybody busy.

    `revision` counts the events of the commitment: as they are only ever added, SEQUENCE grows with every change and a
    calendar takes the newest. `said`: the lines of the description.
    """
    event = Event()
    event.add("uid", f"{c.number}@toezeggingen-tracker")
    event.add("sequence", revision)
    event.add("dtstamp", made_at)
    event.add("dtstart", due)
    event.add("summary", " ".join(filter(None, (c.number, c.actor.ministry, c.topic or c.action))))
    event.add("description", "\n".join(filter(None, said)))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED" if c.open else "CANCELLED")
    if link:
        event.add("url", link)
    return event
