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

    def all(self) -> Iterable[str]:
        """Every symbol there is."""
        return self._symbols.values()

    def members(self, wanted: str) -> frozenset[str]:
        """The symbols whose set of classes satisfies `A&B!C`, `_` or a literal word."""
        first, *without = wanted.split("!") if len(wanted) > 1 else [wanted]
        needed = frozenset(first.split("&")) if first != _ANY else frozenset()
        symbols = frozenset(
            s for classes, s in self._symbols.items() if needed <= classes and classes.isdisjoint(without)
        )
        if not symbols:
            raise RuleError(f"no word is of class {wanted!r}; add one to the word lists or take it out of the form")
        return symbols


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
        raise RuleError(f"a form uses {piece}, but there is no macro of that name") from None


def _is_word(piece: str) -> bool:
    structural = piece in _OPENING or piece in ")|?*+^$" or piece.startswith(("{", "<"))
    return (
        not structural
        and (":" not in piece or piece == ":")
        and piece != _ANY
        and not piece[0].isupper()
        and piece[0] != "_"
    )


class _Compiler:
    """Reads one form into a regular expression, the symbols it may start with, and sets of which each must occur."""

    def __init__(self, source: str, macros: Mapping[str, str], alphabet: Alphabet) -> None:
        self.captures: list[tuple[str, str]] = []  # name and class, by number of the group
        self._macros = macros
        self._alphabet = alphabet
        part = self._alternatives(_pieces(source))
        self.pattern = re.compile(part.regex, re.DOTALL)
        self.starts = part.starts
        self.needs = part.needs

    def _alternatives(self, pieces: list[str]) -> _Part:
        """Alternatives up to a closing bracket or the end; takes its pieces off the end of the (reversed) list."""
        branches = [self._sequence(pieces)]
        while pieces and pieces[-1] == "|":
            pieces.pop()
            branches.append(self._sequence(pieces))
        if len(branches) == 1:
            return branches[0]
        lacking = any(not b.needs for b in branches)
        return _Part(
            "(?:" + "|".join(b.regex for b in branches) + ")",
            frozenset().union(*(b.starts for b in branches)),
            any(b.optional for b in branches),
            () if lacking else (frozenset().union(*(min(b.needs, key=len) for b in branches)),),
        )

    def _sequence(self, pieces: list[str]) -> _Part:
        whole = _Part("", frozenset(), True, ())
        while pieces and pieces[-1] not in ")|":
            part = self._repeated(self._item(pieces), pieces)
            whole = _Part(
                whole.regex + part.regex,
                whole.starts | part.starts if whole.optional else whole.starts,
                whole.optional and part.optional,
                whole.needs + part.needs,
            )
        return whole

    def _repeated(self, part: _Part, pieces: list[str]) -> _Part:
        if not pieces or not (pieces[-1] in ("?", "*", "+") or pieces[-1].startswith("{")):
            return part
        how = pieces.pop()
        optional = how in ("?", "*") or how.startswith("{0")
        regex = f"(?:{part.regex}){how}"
        return _Part(regex, part.starts, part.optional or optional, () if optional else part.needs)

    def _item(self, pieces: list[str]) -> _Part:
        piece = pieces.pop()
        if piece in _OPENING:
            inner = self._alternatives(pieces)
            if not pieces or pieces.pop() != ")":
                raise RuleError("a form has an opening bracket without a closing one")
            if piece != "(":  # what is looked at is not taken
                return _Part(_OPENING[piece] + inner.regex + ")", frozenset(), True, ())
            return _Part(f"(?:{inner.regex})", inner.starts, inner.optional, inner.needs)
        if piece in ("^", "$"):
            return _Part({"^": r"\A", "$": r"\Z"}[piece], frozenset(), True, ())
        if piece.startswith("<"):
            return self._alternatives(_pieces(_macro(piece, self._macros)))
        name = ""
        if ":" in piece and len(piece) > 1:
            name, piece = piece.split(":", 1)
        symbols = self._alphabet.members(literal(piece) if _is_word(piece) else piece)
        regex = "[" + "".join(sorted(symbols)) + "]" if len(symbols) > 1 else "".join(symbols)
        if name:
            self.captures.append((name, re.split("[&!]", piece)[0]))
            regex = f"({regex})"
        return _Part(regex, symbols, False, (symbols,))


@dataclass(frozen=True, slots=True)
class _Part:
    regex: str
    starts: frozenset[str]  # the symbols it may begin with
    optional: bool  # may be empty
    needs: tuple[frozenset[str], ...]  # of each of these, one must occur


def _pieces(source: str) -> list[str]:
    return _PIECE.findall(source)[::-1]


@dataclass(frozen=True, slots=True)
class _Compiled:
    form: Form
    match: Callable[[str, int], re.Match[str] | None]
    captures: tuple[tuple[str, str], ...]
    needs: int  # bits, one for each set of symbols of which one must occur


class Forms:
    """Forms tried in their order at every place, from left to right; what one takes, no later one gets."""

    def __init__(self, forms: Sequence[Form], macros: Mapping[str, str], alphabet: Alphabet) -> None:
        bits: dict[frozenset[str], int] = {}
        self._by_start: dict[str, list[_Compiled]] = {}
        for form in forms:
            try:
                compiler = _Compiler(form.source, macros, alphabet)
            except (re.error, RuleError) as error:
                raise RuleError(f"form {form.id}: {error}") from error
            needs = 0
            for symbols in compiler.needs:
                needs |= bits.setdefault(symbols, 1 << len(bits))
            compiled = _Compiled(form, compiler.pattern.match, tuple(compiler.captures), needs)
            for symbol in compiler.starts:
                self._by_start.setdefault(symbol, []).append(compiled)
        self._bits = {s: sum(bit for symbols, bit in bits.items() if s in symbols) for s in alphabet.all()}
        self._start = re.compile("[" + "".join(sorted(self._by_start)) + "]" if self._by_start else r"(?!)").search

    def scan(self, codes: str) -> Iterator[Found]:
        """What is found in a string of symbols, from left to right, not overlapping."""
        present = 0
        for symbol in set(codes):
            present |= self._bits[symbol]
        at = 0
        while start := self._start(codes, at):
            at = start.start()
            for form in self._by_start[codes[at]]:
                if form.needs & present != form.needs:
                    continue
                match = form.match(codes, at)
                if match is not None and match.end() > at:
                    captured = [
                        (*named, match.start(i)) for i, named in enumerate(form.captures, 1) if match.start(i) >= 0
                    ]
                    captured.sort(key=_position)
                    yield Found(form.form, at, match.end(), tuple(captured))
                    at = match.end()
                    break
            else:
                at += 1


def _position(captured: tuple[str, str, int]) -> int:
    return captured[2]
