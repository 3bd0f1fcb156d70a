"""Words without which a pattern cannot match, read from the pattern itself: the ground of the prefilter.

A pattern is taken apart with the parser of `re`. What it must contain is found as runs of plain text, alternatives
multiplied out ("w(?:ij|e)" is "wij" or "we"); of each run the longest word is kept. Nothing is guessed: where a
pattern does not say plainly what it needs, the answer is None and the prefilter lets everything pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

#: More alternatives than this are not multiplied out; the run ends there.
_MANY = 400

#: Stands in a run for the edge of a word.
_EDGE = "\0"


@dataclass(frozen=True, slots=True)
class Literal:
    """Lower-case letters that a word of the text must be (`exact`) or contain."""

    text: str
    exact: bool


def needed(pattern: re.Pattern[str]) -> tuple[frozenset[Literal], ...]:
    """Sets of literals, of each of which every match of the pattern holds at least one; none where none is known."""
    return tuple(set(_runs(parser.parse(pattern.pattern, pattern.flags))) - {None})  # type: ignore[arg-type]


def _runs(tree: Iterable[Any], left: str = "", right: str = "") -> Iterator[frozenset[Literal] | None]:
    """For each part of a sequence that must be there, the literals it offers to choose from.

    `left` and `right` are _EDGE where a word is known to begin before the sequence, or to end after it.
    """
    nodes = list(tree)
    run = {left}
    for at, node in enumerate(nodes):
        plain = _strings(node)
        if plain is not None and len(run) * len(plain) <= _MANY:
            run = {a + b for a in run for b in plain}
            continue
        yield _words(run)
        before = _EDGE if all(text.endswith((_EDGE, " ")) for text in run) else ""
        follows = _strings(nodes[at + 1]) if at + 1 < len(nodes) else {right}
        after = _EDGE if follows and all(text.startswith((_EDGE, " ")) for text in follows) else ""
        yield _inside(node, before, after)
        run = {""}
    yield _words({text + right for text in run})


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


def _inside(node: Any, left: str, right: str) -> frozenset[Literal] | None:
    """What a part that cannot be written out needs all the same: a group, alternatives, a repetition."""
    code, value = node
    if code is op.SUBPATTERN:
        return _best(_runs(value[3], left, right))
    if code is op.BRANCH:
        found: set[Literal] = set()
        for branch in value[1]:
            literals = _best(_runs(branch, left, right))
            if literals is None:
                return None
            found |= literals
        return frozenset(found)
    if code in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0] > 0:
        return _best(_runs(value[2]))
    return None


def _words(run: Iterable[str]) -> frozenset[Literal] | None:
    """The longest word of each text of a run; None where one has none worth looking for."""
    found = set()
    for text in run:
        words = [Literal(m.group(), _is_whole(text, m)) for m in re.finditer(r"\w+", text)]
        # Of equals the last: a phrase begins with small words, "op een rij".
        best = max(reversed(words), key=_weight, default=None)
        if best is None or _weight(best) < 2:
            return None
        found.add(best)
    return frozenset(found)


def _is_whole(text: str, word: re.Match[str]) -> bool:
    """Whether a word of a run is known to begin and to end there."""
    return all(
        side in (_EDGE, " ") for side in (text[word.start() - 1 : word.start()], text[word.end() : word.end() + 1])
    )


def _weight(literal: Literal) -> int:
    return len(literal.text) + (2 if literal.exact else 0) if len(literal.text) > 1 or literal.exact else 0


def _best(choices: Iterable[frozenset[Literal] | None]) -> frozenset[Literal] | None:
    """The choice that lets least pass: whose weakest literal is strongest."""
    known = [c for c in choices if c]
    return max(known, key=lambda c: (min(map(_weight, c)), -len(c)), default=None)
