"""Passages into sentences: spans in the document's text, found with one pattern over the whole passage.

A sentence ends at a full stop, question mark or exclamation mark before white space and a capital, digit or opening
quote; at a blank line; before an item of a list; and at a line break before a capital, unless the text is hard-wrapped
and the line is not a short one. Every other line break joins. What the pattern offers as an end after a full stop is
weighed with the word before it (abbreviations, initials, numbers of items).

Between two sentences stand only white space, marks of lists and text without a word (rules, lone digits).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.domain import Document, Passage, Sentence, Span

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_BULLET = r"(?:[-–—•·▪■○●◦‣➢✓*>|+o\uf0b7]|\#{1,6}|\(?\d{1,3}[.)°]\)?|\(?[a-zA-Z]\)|[a-z]\.|\(?[ivx]{1,4}[.)])[^\S\n]"
_NOTE_MARK = r"(?:\[\d{1,3}\s?\]|<sup>[^<\n]{1,20}</sup>|[¹²³⁰⁴-⁹]+|(?<=[^\d\s][.!?)»”\"'’])\d{1,3}+(?:,\ ?\d{1,3})*+)"
# One set of signs at the front lets the search run fast to the next of them.
_BREAK = re.compile(
    rf"""
      [\n.!?…]
      (?:
        (?<=\n)[^\S\n]*+
        (?: (?P<blank>\n\s*+) | (?P<item>(?={_BULLET})) | (?P<line>(?=["'«“‘(\[*_]{{0,3}}{_CAPITAL})) )
      |
        (?<!\n)(?<![.!?…][.!?…])[.!?…]*+
        (?P<tail>(?:["'»”’)\]*_]|{_NOTE_MARK})*+)
        (?P<gap>\s++)
        (?=["'«“„‘’(\[*_…<]{{0,4}}(?:<sup>\w{{1,3}}</sup>)?(?:{_CAPITAL}|[\d€]|['’][stn]\b))
      )
    """,
    re.VERBOSE,
)
_LEAD = re.compile(
    r"\s*+(?:(?:[-–—•·▪■○●◦‣➢✓*>|+\uf0b7]|\#{1,6}|\(?\d{1,3}[.)°]\)?|\(?[a-zA-Z]\)|\(?[ivx]{1,4}[.)])\s++){0,3}"
)
_WORD = re.compile(r"[^\W\d_]{2}")
_SHORT_LINE = 45  # a shorter line of hard-wrapped prose, before a capital, stands alone
_LONG_LINE = 180  # a text with longer lines is not hard-wrapped: each of its lines is a paragraph
_AROUND = 3000  # how far around a passage to look for a long line
_LONGEST_WORD = 24  # how far back to look for the beginning of an abbreviation

_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.)(?:-?[^\W\d_]{1,2}\.)*\Z")
_DOTTED = re.compile(r"(?:[a-zà-ÿ]{1,3}\.){2,}\Z")
_NUMBER_OF_ITEM = re.compile(r"(?:^|[:;.!?\n(])\s*(?:(?:en|of)\s+)?\Z")
_NEXT_WORDS = re.compile(r"(\w+) [a-zà-ÿ]")


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Which words with a full stop do not end a sentence (rules/abbreviations.toml), in lower case."""

    never_end: frozenset[str]
    may_end: frozenset[str]
    openers: frozenset[str]  # words that show, before a small letter, that a sentence begins

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any]) -> Abbreviations:
        """From the tables of the rule file; each has a list `words`."""
        return cls(*(frozenset(tables[name]["words"]) for name in ("never_end", "may_end", "openers")))

    def ends(self, text: str, start: int, stop: int, follows: int) -> bool:
        """Does the full stop at `stop` end a sentence that began at or after `start`, the next word at `follows`?"""
        window = max(start, stop - _LONGEST_WORD)
        before = text[window : stop + 1]
        word = before.rsplit(None, 1)[-1].lstrip("(\"'«“„‘[*_/")
        low = word.lower()
        if low in self.never_end:
            return False
        if low in self.may_end:
            return text[follows].isupper()
        if word[:-1].isdigit():
            if len(word) > 3:  # a year, an amount
                return True
            head = before[: len(before) - len(word)]
            return not _NUMBER_OF_ITEM.search(head) and not text[follows].isdigit()
        if len(word) < 3 or "." in word[:-1]:
            if _DOTTED.match(word):
                return False
            if _INITIALS.match(word):
                opening = _NEXT_WORDS.match(text, follows)
                return opening is not None and opening[1].lower() in self.openers
        return True


def sentences(document: Document, passage: Passage, abbreviations: Abbreviations) -> tuple[Sentence, ...]:
    """The sentences and items of `passage`, in order; spans in `document.text`, inside the passage's span."""
    return tuple(
        Sentence(Span(start, end), passage)
        for start, end in _pieces(document.text, passage.span.start, passage.span.end, abbreviations)
    )


def _pieces(text: str, start: int, end: int, abbreviations: Abbreviations) -> Iterator[tuple[int, int]]:
    begin = start
    wrapped: bool | None = None  # is the text hard-wrapped? Looked at when it first matters
    for mark in _BREAK.finditer(text, start, end):
        kind = mark.lastgroup
        at, follows = mark.span()
        if kind == "gap":
            gap = mark.start("gap")
            lone_stop = text[at] == "." and mark.start("tail") == at + 1
            if lone_stop and text.count("\n", gap, follows) < 2 and not abbreviations.ends(text, begin, at, follows):
                continue
            at = gap
        elif kind == "line":
            if wrapped is None:
                around = text[max(0, start - _AROUND) : end + _AROUND]
                wrapped = max(map(len, around.split("\n"))) <= _LONG_LINE
            if wrapped and not _line_ends(text, at):
                continue
        if piece := _trim(text, begin, at):
            yield piece
        begin = follows
    if piece := _trim(text, begin, end):
        yield piece


def _line_ends(text: str, at: int) -> bool:
    """In hard-wrapped prose: does the line that breaks at `at`, before a capital, end there?"""
    if text[at - 1 : at] in (":", ";", "|"):
        return True
    left = text.rfind("\n", max(0, at - _SHORT_LINE - 1), at)
    return left >= 0 and at - left - 1 < _SHORT_LINE


def _trim(text: str, begin: int, end: int) -> tuple[int, int] | None:
    """The piece without the mark of a list and white space; None where no word is left."""
    if end > begin and text[end - 1].isspace():
        end = begin + len(text[begin:end].rstrip())
    if end - begin > 1 and text[begin].isupper() and text[begin + 1].islower():  # most of them; quick
        return (begin, end)
    lead = _LEAD.match(text, begin, end)
    if lead:
        begin = lead.end()
    return (begin, end) if _WORD.search(text, begin, end) else None
