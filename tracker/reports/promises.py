"""One promise as a report shows it: where it stands on a day, its quote in pieces, its term explained, its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from urllib.parse import urlsplit

from tracker.commitments.citation import cite
from tracker.commitments.counts import closed_late
from tracker.commitments.state import OPEN_STATUSES, Commitment, Status
from tracker.deadlines import explain
from tracker.domain import Actor, Deadline, DocumentKind, Span
from tracker.reports.signs import Statement

#: The words of an office that have no capital.
_SMALL = frozenset({"VAN", "VOOR", "DE", "EN", "HET"})

ORAL = frozenset({DocumentKind.DEBATE, DocumentKind.CHAIR_LIST})


class Place(StrEnum):
    """The section in which a commitment stands. An accusing heading stands only above PAST."""

    PAST = "past"  # firm, its term past, no sign of fulfilment
    SIGN = "sign"  # its term past, but a document may say that it was met: to be judged
    FRESH = "fresh"  # as PAST, but within the days of grace
    EXPECTED = "expected"  # hedged, conditional or unclear, its term past: "verwacht, niet gezien"
    SOON = "soon"
    LATER = "later"
    UNDATED = "undated"  # no time named, bound to an event, or too vague to date
    FULFILLED = "fulfilled"
    CLOSED = "closed"  # withdrawn or lapsed


#: Open, with a due date that is past.
PAST_PLACES = (Place.PAST, Place.SIGN, Place.FRESH, Place.EXPECTED)
OPEN_PLACES = (*PAST_PLACES, Place.SOON, Place.LATER, Place.UNDATED)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quote; `mark` is "cue" (the words that promise), "deadline" (the words about time) or ""."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A sentence that may be about the fulfilment of a promise."""

    quote: str
    citation: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment as a report shows it."""

    commitment: Commitment
    place: Place
    explanation: str | None  # how the due date follows from the words, in one line; without them where it was moved
    who: str  # "A. de Vries, Minister van Financiën (FIN)"; empty where nobody is named
    citation: str  # to copy: "Brief van 1 april 2022, 31 015, nr. 245, p. 2"
    link: str | None  # http(s) only; with the page where the address is a PDF
    oral: bool  # said in a debate, not written
    days_past: int  # since the due date, on the day of the report; 0 where it is not past
    days_left: int | None  # until the due date; None without one
    moved_from: date | None  # the first due date, where the current one is later
    unread_since: bool  # no document was read that is younger than the due date
    signs: tuple[Sign, ...] = ()  # where the government may say that it was met; nobody judged yet

    @property
    def number(self) -> str:
        return self.commitment.number

    @property
    def quote(self) -> tuple[Piece, ...]:
        return pieces(self.commitment.quote, self.commitment.cue, self.commitment.deadline_at)

    @property
    def due(self) -> date | None:
        return self.commitment.due.last if self.commitment.due else None

    @property
    def closed_late(self) -> int | None:
        return closed_late(self.commitment)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the reader meets as one item: a promise, or several of one document with the same term."""

    promises: tuple[Promise, ...]

    @property
    def lead(self) -> Promise:
        return self.promises[0]


def place_on(day: date, commitment: Commitment, *, sign: bool, due_soon_days: int, grace_days: int) -> Place:
    """Where a commitment stands on `day`. Only a firm promise without a `sign` can stand under PAST."""
    if commitment.status not in OPEN_STATUSES:
        return Place.FULFILLED if commitment.status is Status.FULFILLED else Place.CLOSED
    if commitment.due is None or commitment.due.last is None:
        return Place.UNDATED
    days_past = (day - commitment.due.last).days
    if days_past <= 0:
        return Place.SOON if -days_past <= due_soon_days else Place.LATER
    if sign:
        return Place.SIGN
    if not commitment.firm:
        return Place.EXPECTED
    return Place.FRESH if days_past <= grace_days else Place.PAST


def promise(
    commitment: Commitment,
    place: Place,
    *,
    as_of: date,
    newest: date | None,
    language: str,
    signs: Sequence[Statement] = (),
) -> Promise:
    due = commitment.due.last if commitment.due else None
    first = commitment.first_due
    past = place in PAST_PLACES
    return Promise(
        commitment=commitment,
        place=place,
        explanation=_explained(commitment, language),
        who=_who(commitment.actor),
        citation=cite(commitment.document, commitment.page),
        link=link(commitment.document.url, commitment.page),
        oral=commitment.document.kind in ORAL,
        days_past=(as_of - due).days if past and due else 0,
        days_left=(due - as_of).days if due else None,
        moved_from=first if first and due and first < due else None,
        unread_since=past and due is not None and (newest is None or newest <= due),
        signs=tuple(
            Sign(each.quote, cite(each.document, each.page), link(each.document.url, each.page)) for each in signs
        )
        if past
        else (),
    )


def _explained(commitment: Commitment, language: str) -> str | None:
    """Where a later paper or a person moved the date, the words of the promise do not explain it: they stay out."""
    due = commitment.due
    if due is None:
        return None
    moved = commitment.first_due is not None and commitment.first_due != due.last
    words = "" if moved else commitment.deadline or ""
    return explain(Deadline(words, Span(0, len(words))), due, language).removeprefix(" → ")


def _who(actor: Actor) -> str:
    office = actor.office and _lowered(actor.office)
    named = ", ".join(filter(None, (actor.person, office))) or actor.written or ""
    who = " ".join(filter(None, (named, f"({actor.ministry})" if actor.ministry else "")))
    return who[:1].upper() + who[1:]


def _lowered(office: str) -> str:
    """ "STAATSSECRETARIS VAN JUSTITIE", as signatures have it, with capitals where a sentence has them."""
    if not office.isupper():
        return office
    return " ".join(word.lower() if word in _SMALL else word.capitalize() for word in office.split())


def pieces(quote: str, cue: tuple[int, int] | None, deadline: tuple[int, int] | None) -> tuple[Piece, ...]:
    """The quote cut where a mark begins or ends; joined they give it back exactly. A deadline wins from a cue."""

    def mark(at: int) -> str:
        for name, span in (("deadline", deadline), ("cue", cue)):
            if span and span[0] <= at < span[1]:
                return name
        return ""

    cuts = {min(max(at, 0), len(quote)) for span in (cue, deadline) if span for at in span}
    edges = sorted(cuts | {0, len(quote)})
    return tuple(Piece(quote[a:b], mark(a)) for a, b in pairwise(edges))


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
