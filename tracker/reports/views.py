"""What a report says, as plain data: which promise stands where, what changed, and out of how many.

Nothing here knows how it looks. Every commitment that was not rejected stands in exactly one section, by its state on
the day of the report; what changed since the last report, and which dates moved, are told beside that by number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Protocol
from urllib.parse import urlsplit

from tracker.commitments.groups import group
from tracker.commitments.state import OPEN_STATUSES, Commitment, Review, Status
from tracker.domain import Deadline, DocumentKind, Span, Strength

try:
    from tracker.commitments.citation import cite
except ImportError:
    def cite(document, page): return f"{document.title}, {document.date}, p. {page}"
try:
    from tracker.deadlines import explain
except ImportError:
    def explain(deadline, due, language): return f"“{deadline.words}”: de laatste dag van die periode"

#: Newest document older than this on the day of the report: the reader is warned that little was read.
STALE_AFTER_DAYS = 35
#: More than this in one section: the rest stands in a table, so that a page over thousands can still be opened.
FULL_ENTRIES = 150
#: A share of fewer than this says little; tables mark it.
SMALL_NUMBER = 5
#: How many months the timeline shows before and after the month of the report.
TIMELINE_MONTHS = 12

ORAL = frozenset({DocumentKind.DEBATE, DocumentKind.CHAIR_LIST})


class Place(StrEnum):
    """The section in which a commitment stands. An accusing heading stands only above PAST."""

    PAST = "past"  # firm, its term past, no sign of fulfilment
    FRESH = "fresh"  # the same, but within the days of grace
    EXPECTED = "expected"  # hedged, conditional or unclear, its term past: "verwacht, niet gezien"
    SOON = "soon"
    LATER = "later"
    UNDATED = "undated"  # no time named, bound to an event, or too vague to date
    FULFILLED = "fulfilled"
    CLOSED = "closed"  # withdrawn or lapsed


OPEN_PLACES = (Place.PAST, Place.FRESH, Place.EXPECTED, Place.SOON, Place.LATER, Place.UNDATED)


class Reading(Protocol):
    """How much was read: what "geen nakoming gevonden" rests on. The store's summary has this shape."""

    @property
    def documents(self) -> int: ...
    @property
    def newest(self) -> date | None: ...
    @property
    def last_read(self) -> datetime | None: ...


class Source(Protocol):
    """Where a report gets its facts; the store has this shape."""

    def commitments(self, *, as_of: date, known_on: date | datetime | None = None) -> list[Commitment]: ...
    def summary(self, as_of: date, known_on: date | datetime | None = None) -> Reading: ...


@dataclass(frozen=True, slots=True)
class Since:
    """The report before this one: its day, and every commitment as it stood and was known then."""

    day: date
    commitments: tuple[Commitment, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quote; `mark` is "cue" (the words that promise), "deadline" (the words about time) or ""."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment as a report shows it."""

    commitment: Commitment
    place: Place
    quote: tuple[Piece, ...]
    explanation: str | None  # how the due date follows from the words, in one line
    citation: str  # to copy: "Brief van 1 april 2022, 31 015, nr. 245, p. 2"
    link: str | None  # http(s) only; with the page where the address is a PDF
    oral: bool  # said in a debate, not written
    days_past: int  # since the due date, on the day of the report; 0 where it is not past
    days_left: int | None  # until the due date; None without one
    moved_from: date | None  # the first due date, where the current one is later
    unread_since: bool  # no document was read that is younger than the due date

    @property
    def number(self) -> str:
        return self.commitment.number

    @property
    def due(self) -> date | None:
        return self.commitment.due.last if self.commitment.due else None

    @property
    def closed_late(self) -> int | None:
        """Days between the first due date and fulfilment; 0 or less is in time; None where one of both is unknown."""
        c = self.commitment
        return (c.closed_on - c.first_due).days if c.closed_on and c.first_due else None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the reader meets as one item: a promise, or several of one document with the same term."""

    promises: tuple[Promise, ...]

    @property
    def lead(self) -> Promise:
        return self.promises[0]


@dataclass(frozen=True, slots=True)
class Section:
    place: Place
    entries: tuple[Entry, ...]  # to be shown in full
    rest: tuple[Entry, ...]  # to be shown as rows of a table
    total: int  # promises, in entries and rest

    @property
    def folded(self) -> int:
        """How many promises stand in the table."""
        return sum(len(entry.promises) for entry in self.rest)


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened since the report of day `since`; each promise also stands in its section."""

    since: date
    past: tuple[Promise, ...]  # firm ones whose term passed, within the days of grace too
    expected: tuple[Promise, ...]  # hedged ones whose term passed
    new: tuple[Promise, ...]
    fulfilled: tuple[Promise, ...]
    deferred: tuple[Promise, ...]  # a later due date than then

    @property
    def none(self) -> bool:
        return not (self.past or self.expected or self.new or self.fulfilled or self.deferred)


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


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything a report says."""

    as_of: date
    made_at: datetime  # UTC; the next report compares with what was known then
    documents: int  # how many were read …
    newest: date | None  # … and the date of the newest
    stale: bool  # nothing recent was read
    grace_days: int
    due_soon_days: int
    changes: Changes | None  # None: the first report
    sections: dict[Place, Section]  # every place, empty ones too
    deferred: tuple[Promise, ...]  # open promises whose due date is later than the first one
    totals: Totals
    timeline: Timeline

    @property
    def last_soon_day(self) -> date:
        return self.as_of + timedelta(days=self.due_soon_days)

    @property
    def small_number(self) -> int:
        return SMALL_NUMBER

    def all_of(self, place: Place) -> tuple[Promise, ...]:
        """Every promise of a section, one by one."""
        section = self.sections[place]
        return tuple(p for entry in (*section.entries, *section.rest) for p in entry.promises)


def from_store(
    source: Source,
    *,
    as_of: date,
    made_at: datetime,
    since: tuple[date, datetime] | None,
    due_soon_days: int,
    grace_days: int,
    language: str = "nl",
) -> ReportView:
    """The report of day `as_of`. `since` is the day of the last report and the moment it was made."""
    return build(
        source.commitments(as_of=as_of),
        source.summary(as_of),
        as_of=as_of,
        made_at=made_at,
        since=Since(since[0], tuple(source.commitments(as_of=since[0], known_on=since[1]))) if since else None,
        due_soon_days=due_soon_days,
        grace_days=grace_days,
        language=language,
    )


def build(
    commitments: Iterable[Commitment],
    reading: Reading,
    *,
    as_of: date,
    made_at: datetime,
    since: Since | None,
    due_soon_days: int,
    grace_days: int,
    language: str = "nl",
) -> ReportView:
    """The report of day `as_of` over commitments as they stand on that day; rejected ones are left out."""

    def place(commitment: Commitment, day: date) -> Place:
        return place_on(day, commitment, due_soon_days=due_soon_days, grace_days=grace_days)

    promises = [
        promise(c, place(c, as_of), as_of=as_of, newest=reading.newest, language=language)
        for c in commitments
        if c.review is not Review.REJECTED
    ]
    placed: dict[Place, list[Promise]] = defaultdict(list)
    for each in promises:
        placed[each.place].append(each)
    changes = _changes(promises, since, place) if since else None
    full_fulfilled = {p.number for p in changes.fulfilled} if changes else None
    return ReportView(
        as_of=as_of,
        made_at=made_at,
        documents=reading.documents,
        newest=reading.newest,
        stale=reading.newest is None or (as_of - reading.newest).days > STALE_AFTER_DAYS,
        grace_days=grace_days,
        due_soon_days=due_soon_days,
        changes=changes,
        sections={each: _section(each, placed[each], full_fulfilled) for each in Place},
        deferred=tuple(sorted((p for p in promises if p.moved_from and p.commitment.open), key=_by_due)),
        totals=_totals(promises, placed),
        timeline=_timeline([p for p in promises if p.place in OPEN_PLACES], as_of),
    )


def place_on(day: date, commitment: Commitment, *, due_soon_days: int, grace_days: int) -> Place:
    """Where a commitment stands on `day`. Late is not broken: only a firm promise can stand under PAST."""
    if commitment.status not in OPEN_STATUSES:
        return Place.FULFILLED if commitment.status is Status.FULFILLED else Place.CLOSED
    if commitment.due is None or commitment.due.last is None:
        return Place.UNDATED
    days_past = (day - commitment.due.last).days
    if days_past <= 0:
        return Place.SOON if -days_past <= due_soon_days else Place.LATER
    if commitment.strength is not Strength.FIRM or commitment.status is Status.UNCLEAR:
        return Place.EXPECTED
    return Place.FRESH if days_past <= grace_days else Place.PAST


def promise(commitment: Commitment, place: Place, *, as_of: date, newest: date | None, language: str) -> Promise:
    due = commitment.due.last if commitment.due else None
    first = commitment.first_due
    past = place in (Place.PAST, Place.FRESH, Place.EXPECTED)
    return Promise(
        commitment=commitment,
        place=place,
        quote=pieces(commitment.quote, commitment.cue, commitment.deadline_at),
        explanation=_explained(commitment, language),
        citation=cite(commitment.document, commitment.page),
        link=link(commitment.document.url, commitment.page),
        oral=commitment.document.kind in ORAL,
        days_past=(as_of - due).days if past and due else 0,
        days_left=(due - as_of).days if due else None,
        moved_from=first if first and due and first < due else None,
        unread_since=past and due is not None and (newest is None or newest <= due),
    )


def _explained(commitment: Commitment, language: str) -> str | None:
    if commitment.due is None:
        return None
    words = commitment.deadline or ""
    return explain(Deadline(words, Span(0, len(words))), commitment.due, language)


def pieces(quote: str, cue: tuple[int, int] | None, deadline: tuple[int, int] | None) -> tuple[Piece, ...]:
    """The quote cut where a mark begins or ends; joined they give it back exactly. A deadline wins from a cue."""

    def mark(at: int) -> str:
        for name, span in (("deadline", deadline), ("cue", cue)):
            if span and span[0] <= at < span[1]:
                return name
        return ""

    cuts = {min(max(at, 0), len(quote)) for span in (cue, deadline) if span for at in span}
    edges = sorted(cuts | {0, len(quote)})
    return tuple(Piece(quote[a:b], mark(a)) for a, b in zip(edges, edges[1:], strict=False))


def link(url: str | None, page: int | None) -> str | None:
    """The address if it is one of the web: a document may carry any text, also `javascript:`."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    pdf = parts.path.lower().endswith(".pdf")
    return f"{url}#page={page}" if pdf and page and not parts.fragment else url


def _section(place: Place, promises: list[Promise], full: set[str] | None) -> Section:
    """`full`: the numbers of fulfilled promises that are news; the others were told before and go into the table."""
    promises = sorted(promises, key=_ORDER.get(place, _by_due))
    if place in (Place.LATER, Place.UNDATED, Place.CLOSED):
        return Section(place, (), _entries(promises), len(promises))
    news = full if place is Place.FULFILLED else None
    entries = _entries([p for p in promises if news is None or p.number in news])
    told = _entries([p for p in promises if news is not None and p.number not in news])
    return Section(place, entries[:FULL_ENTRIES], entries[FULL_ENTRIES:] + told, len(promises))


def _entries(promises: Sequence[Promise]) -> tuple[Entry, ...]:
    """Promises folded where they stand in one document with one term, in the order of the first of each."""
    by_number = {p.number: p for p in promises}
    folded = group([p.commitment for p in promises])
    return tuple(Entry(tuple(by_number[c.number] for c in each.commitments)) for each in folded)


def _by_due(promise: Promise) -> tuple[date, str]:
    return (promise.due or date.max, promise.number)


def _newest_made_first(promise: Promise) -> tuple[int, str]:
    return (-(promise.commitment.made or date.min).toordinal(), promise.number)


def _newest_closed_first(promise: Promise) -> tuple[int, str]:
    return (-(promise.commitment.closed_on or date.min).toordinal(), promise.number)


_ORDER: dict[Place, Callable[[Promise], tuple[date | int, str]]] = {
    Place.UNDATED: _newest_made_first,
    Place.FULFILLED: _newest_closed_first,
    Place.CLOSED: _newest_closed_first,
}


def _changes(promises: Sequence[Promise], since: Since, place: Callable[[Commitment, date], Place]) -> Changes:
    before = {c.number: c for c in since.commitments if c.review is not Review.REJECTED}
    places = {number: place(c, since.day) for number, c in before.items()}
    late = (Place.PAST, Place.FRESH)

    def came_to(*where: Place) -> tuple[Promise, ...]:
        found = (p for p in promises if p.place in where and places.get(p.number) not in where)
        return tuple(sorted(found, key=_by_due))

    def later_than_before(p: Promise) -> bool:
        was = before[p.number].due if p.number in before else None
        return bool(was and was.last and p.due and p.due > was.last)

    return Changes(
        since=since.day,
        past=came_to(*late),
        expected=came_to(Place.EXPECTED),
        new=tuple(sorted((p for p in promises if p.number not in before), key=_by_due)),
        fulfilled=came_to(Place.FULFILLED),
        deferred=tuple(sorted(filter(later_than_before, promises), key=_by_due)),
    )


def _totals(promises: Sequence[Promise], placed: dict[Place, list[Promise]]) -> Totals:
    closed_late = [p.closed_late for p in placed[Place.FULFILLED] if p.closed_late is not None]
    kept_late = [days for days in closed_late if days > 0]
    return Totals(
        all=len(promises),
        open=sum(len(placed[place]) for place in OPEN_PLACES),
        past=len(placed[Place.PAST]),
        fresh=len(placed[Place.FRESH]),
        expected=len(placed[Place.EXPECTED]),
        soon=len(placed[Place.SOON]),
        later=len(placed[Place.LATER]),
        undated=len(placed[Place.UNDATED]),
        fulfilled=len(placed[Place.FULFILLED]),
        closed=len(placed[Place.CLOSED]),
        on_time=len(closed_late) - len(kept_late),
        late=len(kept_late),
        median_days_late=round(median(kept_late)) if len(kept_late) >= SMALL_NUMBER else None,
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


def _timeline(promises: Sequence[Promise], as_of: date) -> Timeline:
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
