"""Words and their classes: a text becomes a list of words and a string with one symbol a word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tracker.deadlines.forms import Alphabet, literal

Answer = TypeVar("Answer")
Value = object  # what a word says in a class: a number, a name, or a table of several
Word = re.Match[str]  # one in a text

_LETTER = r"[\w\u0300-\u036f\u00ad]"
_WORD = re.compile(
    r"[A-Za-z]++(?=[ ,;]|\.?(?:\s|$))"  # most words
    r"|\d+(?:[-–/.]\d+)+"  # 1-7-2025, 2024/25
    r"|['’‘`]\d\d(?!\d)"  # '25
    r"|(?:[^\W\d_]\.){2,}"  # a.s.
    r"|[^\W\d_]/[^\W\d_](?!\w)"  # t/m
    rf"|{_LETTER}+(?:[-‐‑'’]{_LETTER}+)*"
    r"|\S"
)
_BREAK = re.compile(r"[-‐]\s")
_BROKEN = re.compile(rf"(?<!{_LETTER})({_LETTER}++)[-‐]\s+({_LETTER}+)")  # a word hyphenated at a line's end
_FOLD = {
    **{i: unicodedata.normalize("NFKD", chr(i))[0] for i in range(0xC0, 0x250)},
    **dict.fromkeys([0xAD, *range(0x300, 0x370)]),  # soft hyphen, accents set apart: left out
    **dict.fromkeys(map(ord, "’‘`"), "'"),
    **dict.fromkeys(map(ord, "‐‑–—"), "-"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    symbol: str
    values: Mapping[str, Value]  # class -> value


def fold(text: str) -> str:
    """Lower case, without accents and soft hyphens, one form of quote and dash."""
    return text.lower().translate(_FOLD)


class Lexicon:
    """What each word may be. Known words come from lists, numbers from patterns, compounds from their endings."""

    def __init__(
        self,
        lists: Mapping[str, Mapping[str, Value]],
        patterns: Sequence[tuple[re.Pattern[str], Sequence[str]]],
        endings: Mapping[str, Sequence[str]],
        literals: Iterable[str],
        alphabet: Alphabet,
    ) -> None:
        classes: dict[str, dict[str, Value]] = {}
        for name, words in lists.items():
            for word, value in words.items():
                classes.setdefault(unicodedata.normalize("NFC", word.lower()), {})[name] = value
        for word in literals:
            classes.setdefault(word, {})[literal(word)] = word
        self._endings = {ending: name for name, group in endings.items() for ending in group}
        self._lengths: dict[str, list[int]] = {}  # by the last two letters of an ending; the longest first
        for length in sorted({len(ending) for ending in self._endings}, reverse=True):
            for tail in {ending[-2:] for ending in self._endings if len(ending) == length}:
                self._lengths.setdefault(tail, []).append(length)
        for word, values in classes.items():
            plain = fold(word)
            if plain != word:
                for name, value in classes.get(plain, {}).items():
                    values.setdefault(name, value)
            ending = self._ending_of(plain)
            if ending is not None:
                values.setdefault(ending, plain)
        self._patterns = [(p, tuple(names), alphabet.symbol(names)) for p, names in patterns]
        self._alphabet = alphabet
        self._entries = {word: Entry(alphabet.symbol(values), values) for word, values in classes.items()}
        self._unknown = Entry(alphabet.symbol(()), {})
        self._by_ending = {name: Entry(alphabet.symbol((name,)), {name: name}) for name in endings}
        self._codes = _Memory(self._read)

    def _ending_of(self, word: str) -> str | None:
        """The class of the longest known ending of a word."""
        for length in self._lengths.get(word[-2:], ()):
            if (name := self._endings.get(word[-length:])) is not None:
                return name
        return self._endings.get(word[-1:])

    def _look_up(self, token: str) -> Entry:
        """The classes of one word as it stands in a text."""
        if token.isascii() and token.isalpha():  # most words: no accents, digits or hyphens to think of
            plain = token.lower()
            known = self._entries.get(plain)
            if known is None:
                ending = self._ending_of(plain)
                known = self._by_ending[ending] if ending is not None else self._unknown
            return known
        plain = fold(token)
        for form in (plain,) if token.isascii() else (unicodedata.normalize("NFC", token.lower()), plain):
            if form in self._entries:
                return self._entries[form]
        if not plain.isalpha() and any(c.isdigit() for c in plain):
            for pattern, names, symbol in self._patterns:
                match = pattern.fullmatch(plain)
                if match:
                    numbers = {k: _number(v) for k, v in match.groupdict().items() if v is not None}
                    value: Value = numbers.get("value") if set(numbers) == {"value"} else numbers
                    return Entry(symbol, dict.fromkeys(names, value))
        if "-" in plain:
            entries = [e for part in plain.split("-") if (e := self._entries.get(part)) is not None]
            if len(entries) > plain.count("-") and len({e.symbol for e in entries}) == 1:
                first, last = entries[0].values, entries[-1].values
                return Entry(entries[0].symbol, {name: _first_and(first[name], last[name]) for name in last})
        ending = self._ending_of(plain)
        return self._by_ending[ending] if ending is not None else self._unknown

    def words(self, text: str) -> list[Word]:
        """The words and marks of a text, in order; one broken at a line's end is one where that is a known word."""
        words = list(_WORD.finditer(text))
        broken = {match.start(): match for match in self._broken(text)}
        if not broken:
            return words
        joined, until = [], 0
        for word in words:
            if word.start() >= until:
                word = broken.get(word.start(), word)
                until = word.end()
                joined.append(word)
        return joined

    def codes(self, text: str) -> str:
        """One symbol for each of these words."""
        if self._broken(text):
            return "".join(self._look_up(written(word)).symbol for word in self.words(text))
        return "".join(map(self._codes.__getitem__, text.split()))  # no other word goes on after a blank

    def _read(self, piece: str) -> str:
        """The symbols of what stands between two blanks: most often one word, or one and the mark behind it."""
        if piece.isalpha():
            return self._look_up(piece).symbol
        if piece[-1] in ".,;:?)" and piece[:-1].isalpha():
            return self._codes[piece[:-1]] + self._codes[piece[-1]]
        return "".join([self._look_up(word).symbol for word in _WORD.findall(piece)])

    def value(self, word: str, name: str) -> Value:
        """What a word says as one of a class. Raises KeyError where it is none of it."""
        return self._look_up(word).values[name]

    def _broken(self, text: str) -> list[Word]:
        if not _BREAK.search(text):
            return []
        return [match for match in _BROKEN.finditer(text) if fold(written(match)) in self._entries]


def written(word: Word) -> str:
    """A word of a text as it is looked up: without the break at a line's end."""
    return "".join(word.groups()) or word.group()


class _Memory(dict[str, Answer]):
    """Answers of a pure function, kept so that a word is looked up once."""

    def __init__(self, ask: Callable[[str], Answer]) -> None:
        self._ask = ask

    def __missing__(self, token: str) -> Answer:
        answer = self._ask(token)
        if len(self) < 100_000:
            self[token] = answer
        return answer


def _first_and(first: Value, last: Value) -> Value:
    """What two words joined by a hyphen say: numbers both of them ("mei-juni"), else the last."""
    return (first, last) if isinstance(first, int) and isinstance(last, int) else last


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() else text
