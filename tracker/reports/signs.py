"""Signs of fulfilment that nobody has judged yet: sentences in which the government says that a promise is met.

A hint, never a verdict: the report says where such a sentence stands and leaves the judging to a person. Saying "no
fulfilment found" about a promise with a sign would be unfair; a sign too many only costs a look.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from tracker.commitments.state import Commitment, DocumentRef, codes_of

#: Dutch joins nouns: a word this long that two sentences share mostly names what they are about.
LONG_WORD = re.compile(r"[^\W\d_]{8,}")
#: A word that more promises than this have (or than this share of them) says nothing about one of them.
COMMON = 3
COMMON_SHARE = 0.02

_UNKNOWN: Mapping[str, frozenset[str]] = MappingProxyType({})

#: By the code of a ministry, the code of the one that took over from it; one that is not there still is itself.
Heirs = Mapping[str, str]
NO_HEIRS: Heirs = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that says an earlier promise is met, as the store found it."""

    quote: str
    context: str | None
    ministry: str | None
    refers_to: frozenset[date]  # days of debates and letters that it names
    document: DocumentRef
    page: int | None
    declined: frozenset[str] = frozenset()  # numbers of the promises that it is not about, as a person said


def statement(stored: Any) -> Statement:
    """From what the store's `fulfilments` gives."""
    said, mention = stored.document.metadata, stored.mention
    return Statement(
        quote=stored.quote,
        context=mention.context,
        ministry=mention.actor.ministry,
        refers_to=frozenset(each.date for each in mention.references if each.date),
        document=DocumentRef(
            stored.document.id, said.title, said.kind, said.date, said.dossiers, said.number, said.url
        ),
        page=stored.page,
        declined=stored.declined,
    )


def long_words(commitments: Iterable[Commitment]) -> Mapping[str, frozenset[str]]:
    """By number, the long words of a promise and what stands before it."""
    return {c.number: _long_words(c.quote, c.context) for c in commitments}


def signs(
    commitments: Sequence[Commitment],
    statements: Sequence[Statement],
    known: Mapping[str, frozenset[str]] = _UNKNOWN,
    heirs: Heirs = NO_HEIRS,
) -> Mapping[str, tuple[Statement, ...]]:
    """By number, the statements that may be about a promise: later, of the same ministry or its heir, about the same
    thing, and not declined by a person.

    The same thing: they share a long word that few promises have, or the statement names the day of the promise.
    `known`: the long words of promises, where they were looked up already.
    """
    if not statements:
        return {}
    words = {c.number: known.get(c.number) or _long_words(c.quote, c.context) for c in commitments}
    frequency = Counter(word for each in words.values() for word in each)
    common = max(COMMON, COMMON_SHARE * len(commitments))
    having: dict[str, list[Commitment]] = defaultdict(list)
    of_day: dict[date, list[Commitment]] = defaultdict(list)
    for commitment in commitments:
        for word in words[commitment.number]:
            if frequency[word] <= common:
                having[word].append(commitment)
        if commitment.made:
            of_day[commitment.made].append(commitment)
    found: dict[str, list[Statement]] = defaultdict(list)
    for each in statements:
        about = [c for word in _long_words(each.quote, each.context, each.document.title) for c in having.get(word, ())]
        named = [c for day in each.refers_to for c in of_day.get(day, ())]
        for number in sorted({c.number for c in (*about, *named) if _may_answer(each, c, heirs)}):
            found[number].append(each)
    return {number: tuple(several) for number, several in found.items()}


def _may_answer(statement: Statement, commitment: Commitment, heirs: Heirs) -> bool:
    ours, theirs = (
        {heirs.get(code, code) for code in codes} for codes in (codes_of(statement.ministry), commitment.ministries)
    )
    same = not ours or not theirs or bool(ours & theirs)
    later = statement.document.date and commitment.made and statement.document.date > commitment.made
    return bool(same and later) and commitment.number not in statement.declined


def _long_words(*texts: str | None) -> frozenset[str]:
    return frozenset(word.casefold() for text in texts if text for word in LONG_WORD.findall(text))
