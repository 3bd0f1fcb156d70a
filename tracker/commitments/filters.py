"""Which commitments a list shows, and in what order. All conditions of a filter must hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.commitments.numbers import parse
from tracker.commitments.state import Commitment, Review, Status
from tracker.domain import Kind, Strength

_TOKEN = re.compile(r"[^\W_]+")


class Sort(StrEnum):
    DUE = "due"  # the longest past first, those without a date last
    MADE = "made"  # the oldest first
    ACTOR = "actor"


@dataclass(frozen=True, slots=True)
class Filter:
    """The filters of `tracker list`. Empty means: no condition. Words are compared without case and accents."""

    overdue: bool = False  # open, and due more than `grace` days before the day asked about
    open: bool = False
    due_within: int | None = None  # open, and due from the day asked about to so many days later
    status: frozenset[Status] = frozenset()
    kind: frozenset[Kind] = frozenset()
    strength: frozenset[Strength] = frozenset()
    ministry: frozenset[str] = frozenset()  # codes; one of them
    actor: str | None = None  # part of the actor as written, the person or the office
    dossier: str | None = None  # "31 015" or "31015"
    document: str | None = None  # an id, or part of the title
    tag: frozenset[str] = frozenset()  # all of them
    search: str | None = None  # every word, or part of one, in number, quote, context, action, topic or title
    review: frozenset[Review] = frozenset({Review.NEW, Review.ACCEPTED})
    grace: int = 0
    sort: Sort = Sort.DUE
    limit: int | None = None

    def accepts(self, commitment: Commitment) -> bool:
        """Whether a commitment, as it stands on its `as_of`, meets all conditions."""
        c = commitment
        return (
            c.review in self.review
            and (not self.overdue or c.days_late(self.grace) > 0)
            and (not self.open or c.open)
            and (self.due_within is None or _due_within(c, self.due_within))
            and (not self.status or c.status in self.status)
            and (not self.kind or c.kind in self.kind)
            and (not self.strength or c.strength in self.strength)
            and (not self.ministry or bool(folded(self.ministry) & ministries(c)))
            and (self.actor is None or plain(self.actor) in actor_words(c))
            and (self.dossier is None or digits(self.dossier) in map(digits, c.document.dossiers))
            and (self.document is None or _in_document(c, self.document))
            and (not self.tag or folded(self.tag) <= folded(c.tags))
            and (self.search is None or _mentions_all(c, self.search))
        )


def select(commitments: Iterable[Commitment], wanted: Filter) -> list[Commitment]:
    """The commitments that pass, sorted, at most `wanted.limit` of them."""
    return sort(filter(wanted.accepts, commitments), wanted.sort)[: wanted.limit]


def sort(commitments: Iterable[Commitment], by: Sort = Sort.DUE) -> list[Commitment]:
    """Sorted by due date, by the day it was made, or by actor; what has none comes last, ties go by number."""
    keys = {Sort.DUE: _due_order, Sort.MADE: _made_order, Sort.ACTOR: _actor_order}
    return sorted(commitments, key=keys[by])


def bare(text: str) -> str:
    """Without case and accents: "Één" is "een"."""
    if not text.isascii():  # the most are, and this is long
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text.casefold()


def plain(text: str) -> str:
    """Without case, accents and surplus white space: "vóór  Één" and "voor een" are alike."""
    return " ".join(bare(text).split())


def _due_within(c: Commitment, days: int) -> bool:
    last = c.due.last if c.due else None
    return c.open and last is not None and c.as_of <= last <= c.as_of + timedelta(days=days)


def tokens(text: str) -> list[str]:
    """The words of a text, without case and accents: stretches of letters and digits."""
    return _TOKEN.findall(plain(text))


def search_words(c: Commitment) -> str:
    """All that a search looks through, as words."""
    parts = (c.number, c.quote, c.context or "", c.action, c.topic or "", c.document.title or "")
    return " ".join(tokens(" ".join(parts)))


def folded(words: Iterable[str]) -> set[str]:
    return {plain(word) for word in words}


def ministries(c: Commitment) -> set[str]:
    """A commitment of two ministries is found under each: "JenV, VWS"."""
    return folded(c.ministries)


def actor_words(c: Commitment) -> str:
    """What a filter on the actor looks through."""
    return plain(" | ".join(filter(None, (c.actor.written, c.actor.person, c.actor.office))))


def actor_name(c: Commitment) -> str:
    """By which actors are sorted; empty where nobody is named."""
    a = c.actor
    return plain(a.person or a.office or a.ministry or a.written or "")


def digits(dossier: str) -> str:
    """ "31 015" and "31015" are one dossier."""
    return "".join(dossier.split()).casefold()


def document_id(wanted: str) -> int | None:
    """The id that is asked for; None where it is part of a title, as is a number too long for an id."""
    return int(wanted) if re.fullmatch(r"\s*\d{1,9}\s*", wanted) else None


def _in_document(c: Commitment, wanted: str) -> bool:
    wanted_id = document_id(wanted)
    return c.document.id == wanted_id if wanted_id is not None else plain(wanted) in plain(c.document.title or "")


def _mentions_all(c: Commitment, search: str) -> bool:
    """Every word that is searched for is one, or part of one: Dutch writes "verkeersveiligheid" as one word."""
    text, wanted = search_words(c), tokens(search)
    return all(word in text for word in wanted) if wanted else not search.strip()


def _issued(c: Commitment) -> tuple[int, int, str]:
    number = parse(c.number)
    return (number.year, number.serial, number.prefix) if number else (9999, 0, c.number)


def _due_order(c: Commitment) -> tuple[object, ...]:
    return (c.due.last if c.due and c.due.last else date.max, *_issued(c))


def _made_order(c: Commitment) -> tuple[object, ...]:
    return (c.made or date.max, *_issued(c))


def _actor_order(c: Commitment) -> tuple[object, ...]:
    named = actor_name(c)
    return (not named, named, *_due_order(c))
