"""A small language for forms of words, compiled to one regular expression over word classes.

A text is turned into a string with one character a word, and each character stands for a set of word classes. A form
such as `de? number:ORD kwartaal <in_year>?` is a regular expression over such strings, so that finding takes one pass.

    word            that word (folded: lower case, without accents), or a punctuation mark
    CLASS           a word of that class; `A&B` of both, `A!B` of the first and not the second; `_` any word
    name:CLASS      the same, its value kept under that name
    <macro>         another form, by name
    ( a | b )       alternatives; `x?`, `x*`, `x+`, `x{1,4}` repetition
    (= a ) (! a )   followed by, not followed by; (<= A ) (<! A ) preceded by, not preceded by one word
    ^ $             the start, the end of the text
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.errors import RuleError

_PIECE = re.compile(r"\(=|\(!|\(<=|\(<!|\(|\)|\||[?*+]|\{\d+,\d+\}|<\w+>|[^\s()|?*+{}<>]+")
_OPENING = {"(": "(?:", "(=": "(?=", "(!": "(?!", "(<=": "(?<=", "(<!": "(?<!"}
_ANY = "_"


def literal(word: str) -> str:
    """The class of one word by itself."""
    return "=" + word


class Alphabet:
    """Characters for sets of word classes. Sets are registered first; `members` is asked when forms are compiled."""

    def __init__(self) -> None:
        self._symbols: dict[frozenset[str], str] = {}

    def symbol(self, classes: Iterable[str]) -> str:
        """The character of a set of classes, always the same."""
        return self._symbols.setdefault(frozenset(classes), chr(0xE000 + len(self._symbols)))

    def members(self, wanted: str) -> str:
        """A regular expression for one character whose set satisfies `A&B!C`, `_` or a literal word."""
        first, *without = wanted.split("!") if len(wanted) > 1 else [wanted]
        needed = frozenset(first.split("&")) if first != _ANY else frozenset()
        symbols = [s for classes, s in self._symbols.items() if needed <= classes and classes.isdisjoint(without)]
        if not symbols:
            raise RuleError(f"no word is of class {wanted!r}; add one to the word lists or take it out of the form")
        return "[" + "".join(sorted(symbols)) + "]"


@dataclass(frozen=True, slots=True)
class Form:
    """A form as the table has it: its id, its source, and the constants that it says."""

    id: str
    source: str
    says: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Found:
    form: Form
    start: int
    end: int
    captured: tuple[tuple[str, str, int], ...]  # name, class and position, in order


def words_of(source: str, macros: Mapping[str, str]) -> set[str]:
    """The literal words in a form and in the macros that it uses."""
    found: set[str] = set()
    for piece in _PIECE.findall(source):
        if piece.startswith("<") and piece.endswith(">"):
            found |= words_of(_macro(piece, macros), macros)
        elif _is_word(piece):
            found.add(piece)
    return found


def _macro(piece: str, macros: Mapping[str, str]) -> str:
    try:
        return macros[piece[1:-1]]
    except KeyError:
        raise RuleError(f"a form uses {piece}, which no macro defines") from None


def _is_word(piece: str) -> bool:
    structural = piece in _OPENING or piece in ")|?*+^$" or piece.startswith(("{", "<"))
    return not structural and (":" not in piece or piece == ":") and piece != _ANY and not piece[0].isupper() and piece[0] != "_"


class Forms:
    """Forms tried in their order at every place, from left to right; what one takes, no later one gets."""

    def __init__(self, forms: Sequence[Form], macros: Mapping[str, str], alphabet: Alphabet) -> None:
        self._forms = tuple(forms)
        self._macros = macros
        self._alphabet = alphabet
        self._names: list[list[tuple[str, str, str]]] = []  # of each form: name, class, group
        branches = []
        for index, form in enumerate(forms):
            self._names.append([])
            branches.append(f"(?P<f{index}>{self._compile(form.source, index)})")
        try:
            self._pattern = re.compile("|".join(branches), re.DOTALL)
        except re.error as error:
            raise RuleError(f"the forms of {[f.id for f in forms][:3]}… do not compile: {error}") from error
        groups = self._pattern.groupindex
        self._groups = [[(n, c, groups[group]) for n, c, group in names] for names in self._names]

    def _compile(self, source: str, index: int) -> str:
        out: list[str] = []
        for piece in _PIECE.findall(source):
            if piece in _OPENING:
                out.append(_OPENING[piece])
            elif piece == "^":
                out.append(r"\A")
            elif piece == "$":
                out.append(r"\Z")
            elif piece in ")|?*+" or piece.startswith("{"):
                out.append(piece)
            elif piece.startswith("<"):
                out.append(f"(?:{self._compile(_macro(piece, self._macros), index)})")
            elif ":" in piece and len(piece) > 1:
                name, wanted = piece.split(":", 1)
                group = f"g{index}_{len(self._names[index])}"
                self._names[index].append((name, re.split("[&!]", wanted)[0], group))
                out.append(f"(?P<{group}>{self._alphabet.members(wanted)})")
            elif _is_word(piece):
                out.append(self._alphabet.members(literal(piece)))
            else:
                out.append(self._alphabet.members(piece))
        return "".join(out)

    def scan(self, codes: str) -> Iterator[Found]:
        """What is found in a string of symbols, from left to right, not overlapping."""
        for match in self._pattern.finditer(codes):
            if match.lastgroup is None or match.start() == match.end():
                continue
            index = int(match.lastgroup[1:])
            start: Callable[[int], int] = match.start
            captured = [(n, c, at) for n, c, group in self._groups[index] if (at := start(group)) >= 0]
            captured.sort(key=lambda item: item[2])
            yield Found(self._forms[index], match.start(), match.end(), tuple(captured))
