"""Mentions of one document that are one commitment: "zoals gezegd" repeats an earlier sentence. Pure.

What a repeat is about is often not in it ("de voortgang hiervan"), so the words before it in its paragraph count as
well, the rare ones more than the common ones. Where two earlier mentions could be meant, none is: better two than a
wrong one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from tracker.domain import Flag, Label, Mention

_WORD = re.compile(r"[^\W\d_]{2,}")
_PARAGRAPH_END = re.compile(r"\n\s*\n|(?<=[.?!:»”\"])[ \t]*\n")

#: So many characters before a sentence tell what it is about, at most.
CONTEXT = 1000
#: The earlier mention shares at least this part of the weight of the repeat's words …
ALIKE = 0.35
#: … and so many times what the next best one shares.
CLEARLY = 1.25


def repeats(text: str, mentions: Sequence[Mention], another: re.Pattern[str] | None = None) -> list[int | None]:
    """For each mention the index of the earlier one that it repeats, or None where it makes a commitment of its own.

    A repeat says that it is one (`restated`), does not point at another document, and agrees in kind, person and due
    period with what it repeats, and in whether it recurs. `another`: what in a sentence says that this is one more
    promise beside the last ("ook heb ik toegezegd").
    """
    rarity = _Rarity(text)
    about = [_words_about(text, m) for m in mentions]
    result: list[int | None] = []
    for index, mention in enumerate(mentions):
        one_more = another is not None and another.search(mention.span.of(text))
        earlier = () if one_more else range(index)
        candidates = [i for i in earlier if result[i] is None and _can_repeat(mention, mentions[i])]
        scores = sorted(((rarity.shared(about[index], about[i]), i) for i in candidates), reverse=True)
        clear = scores and scores[0][0] >= ALIKE and (len(scores) == 1 or scores[0][0] >= CLEARLY * scores[1][0])
        result.append(scores[0][1] if clear else None)
    return result


def _can_repeat(later: Mention, earlier: Mention) -> bool:
    return (
        Flag.RESTATED in later.flags
        and not later.references
        and later.label == earlier.label == Label.COMMITMENT
        and later.kind == earlier.kind
        and (Flag.RECURRING in later.flags) == (Flag.RECURRING in earlier.flags)
        and _days(later) == _days(earlier)
        and (later.actor.person or earlier.actor.person) == (earlier.actor.person or later.actor.person)
    )


def _days(mention: Mention) -> tuple[object, object]:
    due = mention.term.due if mention.term else None
    return (due.first, due.last) if due else (None, None)


def _words_about(text: str, mention: Mention) -> frozenset[str]:
    """The words of the sentence, of what comes before it in its paragraph, and of its context."""
    before = text[max(0, mention.span.start - CONTEXT) : mention.span.start]
    paragraph = _PARAGRAPH_END.split(before)[-1]
    return _words(f"{paragraph} {mention.span.of(text)} {mention.context or ''} {mention.topic or ''}")


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))


class _Rarity:
    """How much the words of one document tell: the fewer paragraphs a word stands in, the more."""

    def __init__(self, text: str) -> None:
        paragraphs = [_words(p) for p in _PARAGRAPH_END.split(text)]
        self._total = 1 + len(paragraphs)
        self._count = Counter(word for paragraph in paragraphs for word in paragraph)

    def weight(self, words: frozenset[str]) -> float:
        return sum(math.log(self._total / max(1, self._count[word])) for word in words)

    def shared(self, repeat: frozenset[str], earlier: frozenset[str]) -> float:
        """The part (0..1) of the repeat's weight that the earlier one has as well."""
        return self.weight(repeat & earlier) / (self.weight(repeat) or 1.0)
