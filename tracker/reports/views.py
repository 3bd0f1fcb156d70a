"""What a report says, as plain data: which promise stands where, what changed, and out of how many.

Nothing here knows how it looks. Every commitment that was not rejected stands in exactly one section, by its state on
the day of the report; what changed since the last report, and which dates moved, are told beside that by number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Protocol

from tracker.commitments.counts import SMALL_NUMBER
from tracker.commitments.filters import Filter
from tracker.commitments.groups import group
from tracker.commitments.state import Commitment, Review
from tracker.reports.counts import Lateness, Level, Timeline, Totals, course, lateness, timeline, totals
from tracker.reports.promises import OPEN_PLACES, PAST_PLACES, Entry, Place, Promise, place_on, promise
from tracker.reports.signs import NO_HEIRS, Heirs, Statement, long_words, signs, statement

#: Newest document older than this on the day of the report: the reader is warned that little was read.
STALE_AFTER_DAYS = 35
#: More entries than this in one section: the rest stands in a table, so that a page over thousands can be opened.
FULL_ENTRIES = 150


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

    def commitments(self, *, as_of: date) -> list[Commitment]: ...
    def moved_on(self, *, as_of: date, known_on: datetime) -> tuple[frozenset[str], list[Commitment]]: ...
    def fulfilments(self, *, as_of: date, known_on: date | datetime | None = None) -> Sequence[Any]: ...
    def summary(self, *, as_of: date) -> Reading: ...


@dataclass(frozen=True, slots=True)
class Since:
    """The report before this one: its day, and every commitment as it stood and was known then."""

    day: date
    commitments: tuple[Commitment, ...]
    statements: tuple[Statement, ...] = ()


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
    sign: tuple[Promise, ...]  # past ones of which a document may now say that they were met
    expected: tuple[Promise, ...]  # hedged ones whose term passed
    new: tuple[Promise, ...]
    fulfilled: tuple[Promise, ...]
    deferred: tuple[Promise, ...]  # a later due date than then
    soon: tuple[Promise, ...]  # due in the next weeks, and not yet so then
    was: Mapping[str, date]  # by number, the due date then of those in `deferred`

    @property
    def all(self) -> tuple[Promise, ...]:
        return (*self.past, *self.sign, *self.expected, *self.new, *self.fulfilled, *self.deferred, *self.soon)

    @property
    def none(self) -> bool:
        return not self.all


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong in reading and sending, and still stands: a reader cannot see from the rest what is missing."""

    files: tuple[str, ...] = ()  # names of files that could not be read
    sources: tuple[str, ...] = ()  # names of sources that could not be read, or not wholly
    mails: int = 0  # mails that could not be delivered


NO_TROUBLE = Trouble()


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
    lateness: tuple[Lateness, ...]  # how long the open promises are past their term
    course: tuple[Level, ...]  # open and past over the last year
    news: frozenset[str]  # the numbers of what changed; the rest was told before and is folded
    trouble: Trouble = NO_TROUBLE

    @property
    def last_soon_day(self) -> date:
        return self.as_of + timedelta(days=self.due_soon_days)

    @property
    def small_number(self) -> int:
        return SMALL_NUMBER

    def unchanged(self, entry: Entry) -> bool:
        """Whether the last report told all of this as it stands."""
        return self.changes is not None and self.news.isdisjoint(p.number for p in entry.promises)

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
    wanted: Filter | None = None,
    trouble: Trouble = NO_TROUBLE,
    heirs: Heirs,
) -> ReportView:
    """The report of day `as_of`. `since` is the day of the last report and the moment it was made; `heirs`, which
    ministry took over from which, so that the answer of the one counts for the promise of the other.

    With `wanted` only of what passes that filter: as it stands now, so that a new tag makes no old promise new.
    """

    commitments = source.commitments(as_of=as_of)
    before = None
    if since:
        moved, then = source.moved_on(as_of=since[0], known_on=since[1])
        stood = (*then, *(c for c in commitments if c.number not in moved))
        before = Since(since[0], stood, _statements(source, as_of=since[0], known_on=since[1]))
    return build(
        commitments,
        source.summary(as_of=as_of),
        _statements(source, as_of=as_of),
        as_of=as_of,
        made_at=made_at,
        since=before,
        due_soon_days=due_soon_days,
        grace_days=grace_days,
        language=language,
        wanted=wanted,
        trouble=trouble,
        heirs=heirs,
    )


def _statements(source: Source, **asked: Any) -> tuple[Statement, ...]:
    return tuple(map(statement, source.fulfilments(**asked)))


def build(
    commitments: Iterable[Commitment],
    reading: Reading,
    statements: Sequence[Statement] = (),
    *,
    as_of: date,
    made_at: datetime,
    since: Since | None,
    due_soon_days: int,
    grace_days: int,
    language: str = "nl",
    wanted: Filter | None = None,
    trouble: Trouble = NO_TROUBLE,
    heirs: Heirs = NO_HEIRS,
) -> ReportView:
    """The report of day `as_of` over commitments as they stand on that day; rejected ones are left out."""

    def place(commitment: Commitment, day: date, sign: bool) -> Place:
        return place_on(day, commitment, sign=sign, due_soon_days=due_soon_days, grace_days=grace_days)

    kept = [c for c in commitments if c.review is not Review.REJECTED]
    signs_of = partial(signs, known=long_words(kept), heirs=heirs)
    signed = signs_of(kept, statements)
    promises = [
        promise(
            c,
            place(c, as_of, c.number in signed),
            as_of=as_of,
            newest=reading.newest,
            language=language,
            signs=signed.get(c.number, ()),
        )
        for c in kept
        if wanted is None or wanted.accepts(c)
    ]
    placed: dict[Place, list[Promise]] = defaultdict(list)
    for each in promises:
        placed[each.place].append(each)
    changes = _changes(promises, since, place, signs_of) if since else None
    full_fulfilled = {p.number for p in changes.fulfilled} if changes else None
    open_ones = [p for p in promises if p.place in OPEN_PLACES]
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
        totals=totals(promises, placed),
        timeline=timeline(open_ones, as_of),
        lateness=lateness(open_ones),
        course=course(promises, as_of),
        news=frozenset(p.number for p in changes.all) if changes else frozenset(),
        trouble=trouble,
    )


def only_past(view: ReportView) -> ReportView:
    """The report without what is not past its term; the totals stay, as the denominators."""
    empty = {place: Section(place, (), (), 0) for place in Place if place not in PAST_PLACES}
    changes = view.changes and replace(view.changes, new=(), fulfilled=(), deferred=(), soon=())
    moved = tuple(p for p in view.deferred if p.place in PAST_PLACES)
    return replace(view, sections=view.sections | empty, changes=changes, deferred=moved)


def _section(place: Place, promises: list[Promise], full: set[str] | None) -> Section:
    """`full`: the numbers of fulfilled promises that are news; the others were told before and go into the table."""
    promises = sorted(promises, key=_ORDER.get(place, _by_due))
    if place in (Place.LATER, Place.UNDATED, Place.CLOSED):
        return Section(place, (), entries_of(promises), len(promises))
    news = full if place is Place.FULFILLED else None
    entries = entries_of([p for p in promises if news is None or p.number in news])
    told = entries_of([p for p in promises if news is not None and p.number not in news])
    return Section(place, entries[:FULL_ENTRIES], entries[FULL_ENTRIES:] + told, len(promises))


def entries_of(promises: Sequence[Promise]) -> tuple[Entry, ...]:
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


def _changes(
    promises: Sequence[Promise],
    since: Since,
    place: Callable[[Commitment, date, bool], Place],
    signs_of: Callable[[Sequence[Commitment], Sequence[Statement]], Mapping[str, tuple[Statement, ...]]],
) -> Changes:
    before = {c.number: c for c in since.commitments if c.review is not Review.REJECTED}
    signed = signs_of(list(before.values()), since.statements)
    places = {number: place(c, since.day, number in signed) for number, c in before.items()}
    late = (Place.PAST, Place.FRESH)

    def came_to(*where: Place) -> tuple[Promise, ...]:
        found = (p for p in promises if p.place in where and places.get(p.number) not in where)
        return tuple(sorted(found, key=_by_due))

    was = {number: c.due.last for number, c in before.items() if c.due and c.due.last}
    deferred = sorted((p for p in promises if p.due and p.due > was.get(p.number, date.max)), key=_by_due)

    return Changes(
        since=since.day,
        past=came_to(*late),
        sign=came_to(Place.SIGN),
        expected=came_to(Place.EXPECTED),
        new=tuple(sorted((p for p in promises if p.number not in before), key=_by_due)),
        fulfilled=came_to(Place.FULFILLED),
        deferred=tuple(deferred),
        soon=came_to(Place.SOON),
        was={p.number: was[p.number] for p in deferred},
    )
