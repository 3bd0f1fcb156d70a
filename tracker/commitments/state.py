"""The state of a commitment (toezegging) on a day, as its events make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tracker.domain import Actor, Day, DuePeriod, Kind, Strength


class Status(StrEnum):
    """What became of a commitment. Overdue is no status: it follows from status, due period and the day asked about."""

    OPEN = "open"  # openstaand
    PARTLY_FULFILLED = "partly-fulfilled"  # deels voldaan
    FULFILLED = "fulfilled"  # voldaan
    WITHDRAWN = "withdrawn"  # ingetrokken
    LAPSED = "lapsed"  # vervallen
    UNCLEAR = "unclear"  # onduidelijk


#: Still to be kept: these can be overdue.
OPEN_STATUSES = frozenset({Status.OPEN, Status.PARTLY_FULFILLED, Status.UNCLEAR})


class Review(StrEnum):
    """Whether a person has looked (beoordeling); apart from status."""

    NEW = "new"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class EventType(StrEnum):
    """What can happen to a commitment. Events are only ever added."""

    MADE = "made"  # found in a document, or added by hand; payload: the attributes of its mention
    READ = "read"  # read again: payload holds the attributes as they now are
    DUE = "due"  # a new due period: set by a person, or what a mention's words mean by a corrected calendar
    STATUS = "status"
    REVIEW = "review"
    NOTE = "note"
    TAG = "tag"
    LINKED = "linked"  # a mention carries this commitment
    UNLINKED = "unlinked"
    UNDONE = "undone"  # takes back the event named in `corrects`
    DECLINED = "declined"  # a proposed link was turned down; payload: `source` and `target`, the two mentions
    TIED = "tied"  # it is part of another promise; payload: `parent`, its number or null
    REASSIGNED = "reassigned"  # another minister or ministry answers for it; payload: the fields of Actor that change
    EDITED = "edited"  # a person words it better; payload: `action` or `topic`


@dataclass(frozen=True, slots=True)
class Event:
    """One decision by a person or a source. `occurred_on` is when it held, `recorded_at` (UTC) when we learnt of it."""

    id: int
    type: EventType
    occurred_on: date
    recorded_at: datetime
    by: str  # a person's name, or "tracker"
    source: str | None = None  # the document, the rulebook's version, or what else it follows from without a person
    evidence: str | None = None  # an address or a citation
    note: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    corrects: int | None = None
    mention: int | None = None  # the stored mention it is about; None for a decision, or a promise added by hand


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """The document a commitment was found in, as lists and reports cite it."""

    id: int | None
    title: str | None
    kind: str
    date: date | None
    dossiers: tuple[str, ...] = ()
    number: str | None = None
    url: str | None = None
    withdrawn: Day | None = None  # the day on which its publisher took it back


@dataclass(frozen=True, slots=True)
class Commitment:
    """What is promised, by whom, to whom, by when, and how it stands on a day (`as_of`)."""

    number: str  # "TT-2024-0137"
    as_of: date
    status: Status
    review: Review
    due: DuePeriod | None  # the current one; None where the promise names no time
    first_due: date | None  # the first due date it ever had: a deferral never hides it
    deadline: str | None  # the words
    made: date | None
    kind: Kind
    strength: Strength
    flags: tuple[str, ...]
    confidence: float
    rule: str
    quote: str
    context: str | None
    action: str
    topic: str | None
    actor: Actor
    addressee: tuple[str, ...]
    document: DocumentRef
    page: int | None
    cue: tuple[int, int] | None  # offsets within `quote`
    deadline_at: tuple[int, int] | None  # offsets within `quote`
    tags: tuple[str, ...] = ()
    closed_on: date | None = None
    closed_by: str | None = None  # "claimed" (the government says so) | "confirmed" (a person checked)
    evidence: str | None = None
    mentions: int = 1
    found: bool = True  # False where the last reading no longer finds it in the document; it is kept all the same
    deferrals: int = 0  # how often its date was moved to a later one
    parent: str | None = None  # the number of the promise that this one is part of

    @property
    def ministries(self) -> tuple[str, ...]:
        """The codes of the ministries whose promise it is."""
        return codes_of(self.actor.ministry)

    @property
    def firm(self) -> bool:
        """Promised without reservation, and not unclear: only of these it is said that their term passed."""
        return self.strength is Strength.FIRM and self.status is not Status.UNCLEAR

    @property
    def open(self) -> bool:
        return self.status in OPEN_STATUSES and self.review is not Review.REJECTED

    def days_late(self, grace: int = 0) -> int:
        """Days past the due date on `as_of`; 0 where it is not late, not open, or has no due date."""
        if not self.open or self.due is None or self.due.last is None:
            return 0
        late = (self.as_of - self.due.last).days
        return late if late > grace else 0

    @property
    def slipped(self) -> int:
        """By how many days the due date lies after the first one."""
        last = self.due.last if self.due else None
        return max(0, (last - self.first_due).days) if last and self.first_due else 0

    def days_late_first(self) -> int:
        """Days past the first due date on `as_of`, whatever was put off since; 0 where it is not open or not late."""
        return max(0, (self.as_of - self.first_due).days) if self.open and self.first_due else 0


def codes_of(ministry: str | None) -> tuple[str, ...]:
    """The codes in what an actor has as ministry: "JenV, VWS" are two."""
    return tuple((ministry or "").replace(",", " ").replace("/", " ").split())
