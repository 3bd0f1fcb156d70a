"""Events become the state of a commitment on a day, by what was known at a moment. Pure.

Two times. `occurred_on` is when something held in the world, `recorded_at` when we learnt of it. On day D hold the
readings of documents dated up to D, and the statuses and due dates from up to D. What is only about our own knowledge
(which mention belongs here, a review, a tag, an undoing) holds for every day: a rejected sentence never was a promise.
What was known at a moment is what had been recorded by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from tracker.commitments.snapshot import day
from tracker.commitments.state import OPEN_STATUSES, Commitment, DocumentRef, Event, EventType, Review, Status
from tracker.deadlines import due_from_json
from tracker.domain import Actor, DuePeriod, Flag, Kind, Strength

#: What a commitment without a document is cited as: heard elsewhere, added by hand.
BY_HAND = "other"

#: The source of events that follow from what documents say of each other.
LINKING = "linking"

#: The source of due dates that follow from a corrected calendar.
CALENDAR = "calendar"


def fold(
    number: str,
    events: Iterable[Event],
    *,
    as_of: date,
    documents: Mapping[int, DocumentRef],
    known: datetime | None = None,
) -> Commitment | None:
    """The commitment on day `as_of` by what was recorded up to the moment `known`; None where it was not made by then.

    The events may come in any order. `documents` holds the documents that their payloads name, as then known.
    """
    course = _Course.of(in_force(events, known), as_of)
    present = [carrier for carrier in course.carriers if carrier.since <= as_of]
    if not present:
        return None
    main = min(present, key=_Carrier.rank)
    seen = main.seen
    due, first_due, deferrals = _due(main, present, course)
    status = _status(course.statuses)
    closed = status if status and Status(status.payload["status"]) not in OPEN_STATUSES else None
    return Commitment(
        number=number,
        as_of=as_of,
        status=Status(status.payload["status"]) if status else Status.OPEN,
        review=course.review,
        due=due,
        first_due=first_due,
        deadline=seen.get("deadline"),
        made=min((made for c in present if (made := day(c.seen.get("made")))), default=None),
        kind=Kind(seen["kind"]),
        strength=Strength(seen["strength"]),
        flags=tuple(seen["flags"]),
        confidence=seen["confidence"],
        rule=seen["rule"],
        quote=seen["quote"],
        context=seen["context"],
        action=course.worded.get("action", seen["action"]),
        topic=course.worded.get("topic", seen["topic"]),
        actor=Actor(**{**seen["actor"], **course.holder}),
        addressee=tuple(seen["addressee"]),
        document=_document(seen, documents),
        page=seen["page"],
        cue=_pair(seen["cue"]),
        deadline_at=_pair(seen["deadline_at"]),
        tags=tuple(sorted(course.tags)),
        closed_on=closed.occurred_on if closed else None,
        closed_by=closed.payload.get("by") if closed else None,
        evidence=status.evidence if status else None,
        mentions=len(present),
        found=any(carrier.found for carrier in present),
        deferrals=deferrals,
        parent=course.parent,
    )


@dataclass(frozen=True, slots=True)
class Extent:
    """The days of a commitment's course: before `start` it was not, from `settled` on nothing changes any more."""

    start: date
    settled: date


def extent(events: Iterable[Event], known: datetime | None = None) -> Extent | None:
    """Between which days the state depends on the day; None where no mention carries the commitment any longer."""
    course = _Course.of(in_force(events, known), date.max)
    if not course.carriers:
        return None
    days = [carrier.since for carrier in course.carriers]
    return Extent(min(days), max(days + course.days))


def carried_by(events: Iterable[Event], known: datetime | None = None) -> frozenset[int]:
    """The stored mentions that carry the commitment."""
    course = _Course.of(in_force(events, known), date.max)
    return frozenset(carrier.mention for carrier in course.carriers if carrier.mention is not None)


def seen_by(events: Iterable[Event], known: datetime | None = None) -> dict[int | None, Mapping[str, Any]]:
    """What the mentions that carry the commitment say, as last read; under None what the hand that added it wrote."""
    course = _Course.of(in_force(events, known), date.max)
    return {carrier.mention: carrier.seen for carrier in course.carriers}


def in_force(events: Iterable[Event], known: datetime | None = None) -> list[Event]:
    """What was recorded by then and not taken back, in the order of recording. An undoing can be undone as well."""
    recorded = sorted(
        (e for e in events if known is None or e.recorded_at <= known), key=lambda e: (e.recorded_at, e.id)
    )
    void: set[int] = set()
    for event in reversed(recorded):
        if event.type is EventType.UNDONE and event.id not in void and event.corrects is not None:
            void.add(event.corrects)
    return [e for e in recorded if e.id not in void and e.type is not EventType.UNDONE]


@dataclass(slots=True)
class _Carrier:
    """A mention that carries the commitment (or the hand that added it), as last read."""

    mention: int | None
    since: date
    seen: Mapping[str, Any]
    found: bool = True
    role: str | None = None  # what joined it: "repeat" or "deferral"

    def rank(self) -> tuple[object, ...]:
        """The first one still found speaks for the commitment."""
        return (not self.found, self.since, self.mention or 0)


@dataclass(slots=True)
class _Course:
    """The events in force, sorted out by what they are about."""

    carriers: Sequence[_Carrier] = ()
    statuses: list[Event] = field(default_factory=list)
    dues: list[Event] = field(default_factory=list)
    review: Review = Review.NEW
    tags: set[str] = field(default_factory=set)
    days: list[date] = field(default_factory=list)  # on which a status, a due date or a holder took hold
    holders: list[Event] = field(default_factory=list)  # who answers for it, over who promised
    worded: dict[str, str] = field(default_factory=dict)
    parent: str | None = None

    @classmethod
    def of(cls, events: Iterable[Event], as_of: date) -> _Course:
        course = cls()
        readings: dict[int | None, _Carrier] = {}
        linked: set[int | None] = set()
        for event in events:
            match event.type:
                case EventType.MADE | EventType.LINKED:
                    role = event.payload.get("role")
                    readings[event.mention] = _Carrier(event.mention, event.occurred_on, event.payload, role=role)
                    linked.add(event.mention)
                case EventType.READ if event.payload.get("found", True):
                    role = readings[event.mention].role if event.mention in readings else None
                    readings[event.mention] = _Carrier(event.mention, event.occurred_on, event.payload, role=role)
                case EventType.READ if carrier := readings.get(event.mention):
                    carrier.found = False
                case EventType.UNLINKED:
                    linked.discard(event.mention)
                case EventType.REVIEW:
                    course.review = Review(event.payload["review"])
                case EventType.TAG:
                    course.tags = (course.tags | set(event.payload["add"])) - set(event.payload["remove"])
                case EventType.TIED:
                    course.parent = event.payload["parent"]
                case EventType.EDITED:
                    course.worded |= event.payload
                case EventType.DUE if event.source == CALENDAR:  # its words mean this day, and did from the start
                    if (carrier := readings.get(event.mention)) is not None:
                        carrier.seen = {**carrier.seen, "due": event.payload["due"]}
                case EventType.STATUS | EventType.DUE | EventType.REASSIGNED:
                    course._take(event, as_of)
                case _:
                    pass  # a note changes nothing; an undoing has had its effect
        course.carriers = [carrier for mention, carrier in readings.items() if mention in linked]
        return course

    def _take(self, event: Event, as_of: date) -> None:
        """A status, a due date or a holder counts from its own day; of one day the last recorded one."""
        self.days.append(event.occurred_on)
        if event.occurred_on > as_of:
            return
        if event.type is EventType.DUE:
            self.dues.append(event)
        elif event.type is EventType.STATUS:
            self.statuses.append(event)
        else:
            self.holders.append(event)

    @property
    def holder(self) -> dict[str, Any]:
        """The fields of who answers for it that a handing over changed, the last one of each."""
        handed = sorted(self.holders, key=lambda event: event.occurred_on)
        return {name: value for event in handed for name, value in event.payload.items()}


def _status(statuses: Iterable[Event]) -> Event | None:
    """The status that holds after all these.

    What a person says holds from its day on. What documents say (it carries the mention that says so) holds while the
    promise is open: the first document that meets it closes it, and one that meets a part does not open it again.
    """
    holds: Event | None = None
    for event in sorted(statuses, key=_order_of_status):
        open_ = holds is None or Status(holds.payload["status"]) in OPEN_STATUSES
        if open_ or not said_by_document(event):
            holds = event
    return holds


def said_by_document(event: Event) -> bool:
    """Whether an event follows from what a document says, without a person."""
    return event.source == LINKING


def _order_of_status(event: Event) -> tuple[object, ...]:
    """By day; of one day documents before people, whole before partial, documents by name, people as recorded."""
    if said_by_document(event):
        return (event.occurred_on, 0, event.payload["status"] != Status.FULFILLED, event.evidence or "", event.id)
    return (event.occurred_on, 1, event.recorded_at.isoformat(), "", event.id)


def _due(main: _Carrier, present: Sequence[_Carrier], course: _Course) -> tuple[DuePeriod | None, date | None, int]:
    """The due period that counts now, the first due date there ever was, and how often it moved to a later one.

    A mention that defers, and a person, move the date from their own day on; a mention that names no day leaves the one
    there is. The mention that speaks for the commitment gives the first date, or where it names none the first repeat
    that does.
    """
    movers = [c for c in present if c is not main and _defers(c) and c.seen["due"]]
    stays = sorted((c for c in present if c is not main and not _defers(c)), key=_Carrier.rank)
    base = next((c.seen["due"] for c in (main, *stays) if _last(c.seen["due"])), main.seen["due"])
    moves = [(c.since, 0, c.seen["quote"], c.seen["due"]) for c in movers]
    moves += [(e.occurred_on, e.id, "", e.payload["due"]) for e in course.dues]
    moves.sort(key=lambda move: move[:3])
    dues = [base] if base else []
    for _, decided, _, due in moves:
        if decided or _last(due) or not (dues and _last(dues[-1])):
            dues.append(due)
    periods = [due_from_json(due) for due in dues]
    days = [period.last for period in periods if period.last]
    deferrals = sum(later > earlier for earlier, later in pairwise(days))
    return periods[-1] if periods else None, next(iter(days), None), deferrals


def _last(due: Mapping[str, Any] | None) -> bool:
    return bool(due and due.get("to"))


def _defers(carrier: _Carrier) -> bool:
    return carrier.role == "deferral" or (carrier.role is None and Flag.DEFERRAL in carrier.seen["flags"])


def _document(seen: Mapping[str, Any], documents: Mapping[int, DocumentRef]) -> DocumentRef:
    """The stored document, or for a promise added by hand where it was heard."""
    if (document_id := seen.get("document")) is not None:
        return documents[document_id]
    return DocumentRef(None, seen.get("source"), BY_HAND, day(seen.get("made")), url=seen.get("url"))


def _pair(offsets: Sequence[int] | None) -> tuple[int, int] | None:
    return (offsets[0], offsets[1]) if offsets else None
