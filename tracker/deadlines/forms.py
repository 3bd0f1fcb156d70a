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
from functools import reduce
from operator import or_

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
        self._members: dict[str, frozenset[str]] = {}  # what was asked, until there is a symbol more

    def symbol(self, classes: Iterable[str]) -> str:
        """The character of a set of classes, always the same."""
        self._members.clear()
        return self._symbols.setdefault(frozenset(classes), chr(0xE000 + len(self._symbols)))

    def items(self) -> Iterable[tuple[frozenset[str], str]]:
        """Every set of classes and its symbol."""
        return self._symbols.items()

    def having(self, classes: Iterable[str]) -> frozenset[str]:
        """The symbols whose set holds one of the classes."""
        wanted = frozenset(classes)
        return frozenset(s for has, s in self._symbols.items() if not wanted.isdisjoint(has))

    def members(self, wanted: str) -> frozenset[str]:
        """The symbols whose set of classes satisfies `A&B!C`, `_` or a literal word."""
        if wanted in self._members:
            return self._members[wanted]
        first, *without = wanted.split("!") if len(wanted) > 1 else [wanted]
        needed = frozenset(first.split("&")) if first != _ANY else frozenset()
        symbols = frozenset(
            s for classes, s in self._symbols.items() if needed <= classes and classes.isdisjoint(without)
        )
        if not symbols:
            raise RuleError(f"no word is of class {wanted!r}; add one to the word lists or take it out of the form")
        self._members[wanted] = symbols
        return symbols


@dataclass(frozen=True, slots=True)
class Form:
    """A form as the table has it: its id, its source, and the constants that it says."""

    id: str
    source: str
    says: Mapping[str, object]

    @property
    def decoy(self) -> bool:
        """Whether it tells nothing: it only takes words, so that no other form reads them."""
        return "decoy" in self.says


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
    """Reads one form into a regular expression and sets of symbols of each of which one must occur."""

    def __init__(
        self, source: str, macros: Mapping[str, str], alphabet: Alphabet, frequent: Callable[[str], float]
    ) -> None:
        self._frequent = frequent
        self.captures: list[tuple[str, str]] = []  # name and class, by number of the group
        self._macros = macros
        self._alphabet = alphabet
        part = self._alternatives(_pieces(source))
        self.pattern = re.compile(part.regex, re.DOTALL)
        self.needs = part.needs
        self.key = self._rarest(part.needs) if part.needs else frozenset()

    def _rarest(self, needs: Sequence[frozenset[str]]) -> frozenset[str]:
        return min(needs, key=lambda symbols: (sum(map(self._frequent, symbols)), sorted(symbols)))

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
            () if lacking else (frozenset().union(*(self._rarest(b.needs) for b in branches)),),
        )

    def _sequence(self, pieces: list[str]) -> _Part:
        whole = _Part("", ())
        while pieces and pieces[-1] not in ")|":
            part = self._repeated(self._item(pieces), pieces)
            whole = _Part(
                whole.regex + part.regex,
                whole.needs + part.needs,
            )
        return whole

    def _repeated(self, part: _Part, pieces: list[str]) -> _Part:
        if not pieces or not (pieces[-1] in ("?", "*", "+") or pieces[-1].startswith("{")):
            return part
        how = pieces.pop()
        optional = how in ("?", "*") or how.startswith("{0")
        regex = f"(?:{part.regex}){how}"
        return _Part(regex, () if optional else part.needs)

    def _item(self, pieces: list[str]) -> _Part:
        piece = pieces.pop()
        if piece in _OPENING:
            inner = self._alternatives(pieces)
            if not pieces or pieces.pop() != ")":
                raise RuleError("a form has an opening bracket without a closing one")
            if piece != "(":  # what is looked at is not taken
                return _Part(_OPENING[piece] + inner.regex + ")", ())
            return _Part(f"(?:{inner.regex})", inner.needs)
        if piece in ("^", "$"):
            return _Part({"^": r"\A", "$": r"\Z"}[piece], ())
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
        return _Part(regex, (symbols,))


@dataclass(frozen=True, slots=True)
class _Part:
    regex: str
    needs: tuple[frozenset[str], ...]  # of each of these, one must occur


def _pieces(source: str) -> list[str]:
    return _PIECE.findall(source)[::-1]


class Forms:
    """Forms looked for from left to right; at one place the first of the list wins, and what it takes no other gets."""

    def __init__(
        self,
        forms: Sequence[Form],
        macros: Mapping[str, str],
        alphabet: Alphabet,
        frequency: Callable[[frozenset[str]], float] = len,
    ) -> None:
        """`frequency`: roughly, how many words of a set of classes a sentence has; a form is sought by its rarest."""
        frequent = {symbol: frequency(classes) for classes, symbol in alphabet.items()}.__getitem__
        keys: dict[str, int] = {}  # symbol -> the forms (as bits) for which it is a reason to look
        bits: dict[frozenset[str], int] = {}
        self._forms = tuple(forms)
        self._captures: list[list[tuple[str, str]]] = []
        self._needs: list[int] = []  # what must be there, as bits
        self._searches: list[Callable[..., re.Match[str] | None]] = []
        for rank, form in enumerate(forms):
            try:
                compiler = _Compiler(form.source, macros, alphabet, frequent)
            except (re.error, RuleError) as error:
                raise RuleError(f"form {form.id}: {error}") from error
            if not compiler.needs:
                raise RuleError(f"form {form.id} may be empty; it must name at least one word")
            needs = 0
            for symbols in compiler.needs:
                needs |= bits.setdefault(symbols, 1 << len(bits))
            for symbol in compiler.key:
                keys[symbol] = keys.get(symbol, 0) | 1 << rank
            self._captures.append(compiler.captures)
            self._needs.append(needs)
            self._searches.append(compiler.pattern.search)
        self._decoys = sum(1 << rank for rank, form in enumerate(forms) if form.decoy)
        self._telling = (1 << len(forms)) - 1 & ~self._decoys
        # Of each symbol in one number: the forms for which it is a reason to look, and above them the needs it meets.
        self._meets = {
            s: keys.get(s, 0) | sum(bit for symbols, bit in bits.items() if s in symbols) << len(forms)
            for _, s in alphabet.items()
        }

    def reason_in(self, codes: str) -> bool:
        """Whether these words are a reason to look for any of the forms: without such a word no form is in a text."""
        return any(self._meets[symbol] & self._telling for symbol in codes)

    def scan(self, codes: str, *, every: bool = False) -> Iterator[Found]:
        """What is found in a string of symbols, from left to right, not overlapping.

        Forms whose words are not there are not looked for, nor decoys where no other form is found; but `every` is.
        """
        met = -1 if every else reduce(or_, map(self._meets.__getitem__, set(codes)), 0)
        waiting = self._first_places(codes, met, self._telling)
        if waiting or every:
            waiting += self._first_places(codes, met, self._decoys)
        while waiting:
            start, rank, match = min(waiting, key=_first)
            end = match.end()
            yield Found(self._forms[rank], start, end, self._captured(rank, match))
            waiting = [
                (again.start(), n, again)
                for at, n, was in waiting
                if (again := was if at >= end else self._searches[n](codes, end))
            ]

    def _first_places(self, codes: str, met: int, among: int) -> list[_Waiting]:
        """Where each of these forms (as bits) is first, if there is reason to look for it and its needs are met."""
        present, looked_for = met >> len(self._forms), met & among
        waiting = []
        while looked_for:
            rank = (looked_for & -looked_for).bit_length() - 1
            looked_for &= looked_for - 1
            needs = self._needs[rank]
            if needs & present == needs and (match := self._searches[rank](codes)):
                waiting.append((match.start(), rank, match))
        return waiting

    def _captured(self, rank: int, match: re.Match[str]) -> tuple[tuple[str, str, int], ...]:
        found = [(*named, match.start(i)) for i, named in enumerate(self._captures[rank], 1) if match.start(i) >= 0]
        return tuple(sorted(found, key=_place))


_Waiting = tuple[int, int, "re.Match[str]"]  # where a form is found next, its place in the list, what is found


def _first(waiting: _Waiting) -> tuple[int, int]:
    return waiting[0], waiting[1]


def _place(captured: tuple[str, str, int]) -> int:
    return captured[2]
