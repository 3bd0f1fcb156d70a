"""Which mention of a document read again is which stored one: by span, then by sentence, then by place. Pure.

Kind, strength, deadline and actor are no part of it: a better rulebook changes them and keeps the commitment's number.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from tracker.domain import Mention, Span

_FOOTNOTE = re.compile(r"<sup>.*?</sup>|<[^<>]*>", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")

#: Two spans are one place where they share at least half of the shorter one: sentences may be cut differently.
SHARED = 0.5


@dataclass(frozen=True, slots=True)
class Known:
    """A stored mention, where and in which sentence it was last seen. `span` is None where that was another text."""

    id: int
    span: Span | None
    ordinal: int
    sentence: str  # as `sentence_hash` gives it


def normalised(sentence: str) -> str:
    """The words of a sentence without case, punctuation, markup and footnote marks."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", _FOOTNOTE.sub("", sentence)).casefold()))


def sentence_hash(sentence: str) -> str:
    """32 hexadecimal digits that stay the same when only layout, case or punctuation of the sentence changes."""
    return hashlib.sha256(normalised(sentence).encode()).hexdigest()[:32]


def match(known: Sequence[Known], mentions: Sequence[Mention], text: str) -> dict[int, int]:
    """For the index of each mention that is a known one, the known one's id. `text` is the document's.

    Each step pairs what the earlier ones left: the same span and ordinal; the same sentence and ordinal, in their order
    where a sentence stands several times; lastly the same ordinal in a sentence that was cut differently.
    """
    hashes = [sentence_hash(m.span.of(text)) for m in mentions]
    pairs: dict[int, int] = {}
    _pair(pairs, known, range(len(mentions)), lambda k: k.span and (k.span, k.ordinal), lambda i: _place(mentions[i]))
    _pair(
        pairs,
        known,
        range(len(mentions)),
        lambda k: (k.sentence, k.ordinal),
        lambda i: (hashes[i], mentions[i].ordinal),
    )
    for old in known:
        if old.span and old.id not in pairs.values():
            for index, new in enumerate(mentions):
                if index not in pairs and new.ordinal == old.ordinal and _same_place(old.span, new.span):
                    pairs[index] = old.id
                    break
    return pairs


def _place(mention: Mention) -> tuple[Span, int]:
    return (mention.span, mention.ordinal)


def _pair(
    pairs: dict[int, int],
    known: Sequence[Known],
    indices: Sequence[int],
    key_of_known: Callable[[Known], Hashable],
    key_of_index: Callable[[int], Hashable],
) -> None:
    taken = set(pairs.values())
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for old in known:
        if old.id not in taken and (key := key_of_known(old)) is not None:
            waiting[key].append(old.id)
    for index in indices:
        if index not in pairs and (queue := waiting.get(key_of_index(index))):
            pairs[index] = queue.pop(0)


def _same_place(a: Span, b: Span) -> bool:
    shared = min(a.end, b.end) - max(a.start, b.start)
    return shared >= SHARED * max(1, min(a.end - a.start, b.end - b.start))
