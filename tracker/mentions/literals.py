"""Words without which a pattern cannot match, and with which it begins, read from the pattern itself.

The ground of the prefilter.

A pattern is taken apart with the parser of `re`. What it must contain is found as runs of plain text, alternatives
multiplied out ("w(?:ij|e)" is "wij" or "we"); of each run the longest word is kept. Nothing is guessed: where a
pattern does not say plainly what it needs, nothing is needed and the prefilter lets everything pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

#: More texts than this are not multiplied out; the run ends there.
_MANY = 400
#: More ways than this are made one.
_MANY_WAYS = 24

#: Words of so few letters are small ones, that many sentences have.
_SHORT = 3

#: Stands in a run for the edge of a word.
_EDGE = "\0"
#: Stands at the end of the beginning of a text that goes on in a way that is not written out.
_ON = "\1"

#: The first word of the beginning of a text, and whether anything stands behind it.
_FIRST = re.compile(r"\w+(?=\W)")
_PAST_FIRST = re.compile(r"\w\W|^\W")

#: A text of several words is looked into, as all of them are needed.
_PHRASE = re.compile(r"\w\0* \0*\w")


@dataclass(frozen=True, slots=True)
class Literal:
    """Lower-case letters that a word of the text must be (`exact`) or contain."""

    text: str
    exact: bool


#: Words of which a text must hold one.
Choice = frozenset[Literal]
#: What a pattern needs, in one of several ways: of each choice of the way a word. An empty way needs nothing.
Ways = frozenset[frozenset[Choice]]

_NOTHING: Ways = frozenset({frozenset()})


def needed(pattern: re.Pattern[str]) -> Ways:
    """The ways in which a text can have the words that a match of the pattern needs."""
    return _ways(parser.parse(pattern.pattern, pattern.flags))


def at_least(ways: Ways) -> Choice:
    """One choice that all ways need, of those that need something: of each way its rarest."""
    return frozenset().union(*(min(way, key=frequency) for way in ways))


def frequency(choice: Choice) -> float:
    """Very roughly, how many words of a choice a sentence has: short ones often, parts of words more than words."""
    return sum((0.3 if len(word.text) <= _SHORT else 0.01) * (1 if word.exact else 4) for word in choice)


def openings(pattern: re.Pattern[str]) -> frozenset[Literal] | None:
    """The words with which a match of a bounded pattern can begin, or what they begin with; None where that is open."""
    heads = _heads(parser.parse(pattern.pattern, pattern.flags))
    words = [(head, _FIRST.match(head)) for head in heads]
    if not all(word for _, word in words):
        return None
    return frozenset(Literal(word.group(), not head.startswith(_ON, word.end())) for head, word in words if word)


def _heads(tree: Iterable[Any]) -> set[str]:
    """How the texts that a sequence matches begin, each up to the end of its first word at least."""
    heads = {""}
    for node in tree:
        if all(map(_PAST_FIRST.search, heads)):
            break
        more = _head(node)
        heads = {head if _PAST_FIRST.search(head) else (head + text).lstrip(_EDGE) for head in heads for text in more}
    return heads


def _head(node: Any) -> set[str]:
    code, value = node
    if code is op.SUBPATTERN:
        return _heads(value[3])
    if code is op.BRANCH:
        return set().union(*map(_heads, value[1]))
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, most, body = value
        again = _ON if most > 1 else ""
        return {text + again for text in _heads(body)} | (set() if least else {""})
    return _strings(node) or {_ON}


def _ways(tree: Iterable[Any], left: str = "", right: str = "") -> Ways:
    """What a sequence needs: all that its parts need. A run of plain text ends where a word ends in all its texts.

    `left` and `right` are _EDGE where a word is known to begin before the sequence, or to end after it.
    """
    nodes = list(tree)
    ways, run = _NOTHING, {left}
    for at, node in enumerate(nodes):
        plain = _strings(node)
        if plain is None or len(run) * len(plain) > _MANY or all(map(_PHRASE.search, plain)):
            before = _EDGE if all(text.endswith((_EDGE, " ")) for text in run) else ""
            follows = _strings(nodes[at + 1]) if at + 1 < len(nodes) else {right}
            after = _EDGE if follows and all(text.startswith((_EDGE, " ")) for text in follows) else ""
            ways = _both(_both(ways, _words(run)), _inside(node, before, after))
            run = {""}
            continue
        run = {a + b for a in run for b in plain}
        if all(text.endswith((_EDGE, " ")) for text in run) and (words := _words(run)) != _NOTHING:
            ways, run = _both(ways, words), {_EDGE}
    return _both(ways, _words({text + right for text in run}))


def _both(one: Ways, other: Ways) -> Ways:
    if len(one) * len(other) > _MANY_WAYS:
        other = _made_one(other)
    if len(one) * len(other) > _MANY_WAYS:
        one = _made_one(one)
    return frozenset(a | b for a in one for b in other)


def _either(ways: Ways) -> Ways:
    """The same ways, those that only need one choice made one."""
    if frozenset() in ways:
        return _NOTHING
    several = frozenset(way for way in ways if len(way) > 1)
    single = frozenset().union(*(choice for way in ways - several for choice in way))
    return several | {frozenset({single})} if single else several


def _made_one(ways: Ways) -> Ways:
    return _NOTHING if frozenset() in ways else frozenset({frozenset({at_least(ways)})})


def _strings(node: Any) -> set[str] | None:
    """All texts that a part of a pattern can match, if they are few; blanks stand for any run of them."""
    code, value = node
    if code is op.LITERAL:
        return {chr(value).lower()}
    if code is op.AT:
        return {"" if value is op.AT_NON_BOUNDARY else _EDGE}
    if code in (op.ASSERT, op.ASSERT_NOT):
        return {_EDGE} if code is op.ASSERT_NOT and _is_word_class(value[1]) else {""}
    if code is op.IN:
        return _one_of(value)
    if code is op.SUBPATTERN:
        return _sequence(value[3])
    if code is op.BRANCH:
        found: set[str] = set()
        for branch in value[1]:
            texts = _sequence(branch)
            if texts is None:
                return None
            found |= texts
        return found if len(found) <= _MANY else None
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, most, body = value
        texts = _sequence(body)
        if texts == {" "}:
            return {" "} if least else {"", " "}
        if texts is None or most > 1:
            return None
        return texts if least else texts | {""}
    return None


def _sequence(tree: Iterable[Any]) -> set[str] | None:
    found = {""}
    for node in tree:
        texts = _strings(node)
        if texts is None or len(found) * len(texts) > _MANY:
            return None
        found = {a + b for a in found for b in texts}
    return found


def _one_of(items: Iterable[Any]) -> set[str] | None:
    found = set()
    for code, value in items:
        if code is op.LITERAL:
            found.add(chr(value).lower())
        elif code is op.CATEGORY and value is op.CATEGORY_SPACE:
            found.add(" ")
        else:
            return None
    return found


def _is_word_class(tree: Any) -> bool:
    """Whether a look-around only says that no letter stands there."""
    nodes = list(tree)
    return len(nodes) == 1 and nodes[0][0] is op.IN and nodes[0][1] == [(op.CATEGORY, op.CATEGORY_WORD)]


def _inside(node: Any, left: str, right: str) -> Ways:
    """What a part that cannot be written out needs all the same: a group, alternatives, a repetition."""
    code, value = node
    if code is op.SUBPATTERN:
        return _ways(value[3], left, right)
    if code is op.BRANCH:
        return _either(frozenset().union(*(_ways(branch, left, right) for branch in value[1])))
    if code in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0] > 0:
        return _ways(value[2])
    return _NOTHING


def _words(run: Iterable[str]) -> Ways:
    """The longest word of each text of a run; nothing where one has none worth looking for."""
    found = set()
    for text in run:
        words = [Literal(m.group(), _is_whole(text, m)) for m in re.finditer(r"\w+", text)]
        # Of equals the last: a phrase begins with small words, "op een rij".
        best = max(reversed(words), key=_weight, default=None)
        if best is None or _weight(best) < 2:
            return _NOTHING
        found.add(best)
    return frozenset({frozenset({frozenset(found)})})


def _is_whole(text: str, word: re.Match[str]) -> bool:
    """Whether a word of a run is known to begin and to end there."""
    return all(
        side in (_EDGE, " ") for side in (text[word.start() - 1 : word.start()], text[word.end() : word.end() + 1])
    )


def _weight(literal: Literal) -> int:
    return len(literal.text) + (2 if literal.exact else 0) if len(literal.text) > 2 or literal.exact else 0
