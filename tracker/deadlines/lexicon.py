"""Words and their classes: a text becomes a list of words and a string with one symbol a word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.deadlines.forms import Alphabet, literal

Value = object  # what a word says in a class: a number, a name, or a table of several

_LETTERS = r"(?:[^\W_]|[\u0300-\u036f\u00ad])"
_WORD = re.compile(
    r"\d+(?:[-–/.]\d+)+"  # 1-7-2025, 2024/25
    r"|['’‘`]\d\d(?!\d)"  # '25
    rf"|(?:[^\W\d_]\.){{2,}}"  # a.s.
    r"|[^\W\d_]/[^\W\d_](?!\w)"  # t/m
    rf"|{_LETTERS}+(?:[-‐‑'’]{_LETTERS}+)*"
    r"|\S"
)
_BROKEN = re.compile(rf"({_LETTERS}+)[-‐]\s+({_LETTERS}+)")  # a word hyphenated at a line's end
_DASHES = str.maketrans("’‘`‐‑–—\u00ad", "'''----\u00ad")


@dataclass(frozen=True, slots=True)
class Entry:
    symbol: str
    values: Mapping[str, Value]  # class -> value


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    entry: Entry


def fold(text: str) -> str:
    """Lower case, without accents and soft hyphens, one form of quote and dash."""
    lower = text.lower()
    if lower.isascii():
        return lower.replace("`", "'")
    apart = unicodedata.normalize("NFKD", lower.translate(_DASHES))
    return "".join(c for c in apart if not unicodedata.combining(c) and c != "\u00ad")


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
        ends = sorted(((e, name) for name, group in endings.items() for e in group), key=lambda p: -len(p[0]))
        self._endings = re.compile("(?:" + "|".join(re.escape(e) for e, _ in ends) + r")\Z") if ends else None
        self._ending_class = dict(ends)
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
        self._known = dict(self._entries)  # grows with what is read; only a memory of pure answers

    def _ending_of(self, word: str) -> str | None:
        if self._endings is None:
            return None
        match = self._endings.search(word)
        return self._ending_class[match.group()] if match else None

    def entry(self, token: str) -> Entry:
        """The classes of one word as it stands in a text."""
        known = self._known.get(token)
        if known is None:
            known = self._look_up(token)
            if len(self._known) < 100_000:
                self._known[token] = known
        return known

    def _look_up(self, token: str) -> Entry:
        lower = unicodedata.normalize("NFC", token.lower())
        plain = fold(token)
        for form in (lower, plain):
            if form in self._entries:
                return self._entries[form]
        if any(c.isdigit() for c in plain):
            for pattern, names, symbol in self._patterns:
                match = pattern.fullmatch(plain)
                if match:
                    numbers = {k: _number(v) for k, v in match.groupdict().items() if v is not None}
                    value: Value = numbers.get("value") if set(numbers) == {"value"} else numbers
                    return Entry(symbol, dict.fromkeys(names, value))
        if "-" in plain:
            parts = plain.split("-")
            entries = [self._entries.get(p) for p in parts]
            if all(e is not None and e.symbol == entries[0].symbol for e in entries if entries[0] is not None):
                last = entries[-1]
                if last is not None and entries[0] is not None:
                    return last
        ending = self._ending_of(plain)
        return self._by_ending[ending] if ending is not None else self._unknown

    def words(self, text: str) -> list[Word]:
        """The words of a text, in order; a word broken at a line's end counts as one where the whole is known."""
        joined: dict[int, tuple[int, str]] = {}
        if "- " in text or "-\n" in text or "-\r" in text or "-\t" in text or "-\u00a0" in text:
            for match in _BROKEN.finditer(text):
                whole = match.group(1) + match.group(2)
                if fold(whole) in self._entries:
                    joined[match.start()] = (match.end(), whole)
        found: list[Word] = []
        until = 0
        for match in _WORD.finditer(text):
            start = match.start()
            if start < until:
                continue
            if start in joined:
                until, token = joined[start]
                found.append(Word(start, until, self.entry(token)))
            else:
                found.append(Word(start, match.end(), self.entry(match.group())))
        return found


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() else text
