"""From words with places to lines: pure geometry, in points. A line ends where the baseline or the column changes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

#: In heights of a line. A wider gap than COLUMN parts two columns; words of one line differ less than BASELINE in their
#: bottoms; a mark is smaller than SMALL and stands higher than RAISED; DETACHED: further off, a digit is no mark.
COLUMN = 1.3
BASELINE = 0.5
SMALL = 0.8
RAISED = 0.12
DETACHED = 0.5


class Word(NamedTuple):
    text: str
    index: int  # of its first letter, as the PDF counts
    left: float
    right: float
    bottom: float
    height: float
    digits: int = 0  # how many digits at its end may be a mark
    tail_bottom: float = 0.0  # place and height of the last of these digits
    tail_height: float = 0.0


@dataclass(slots=True)
class Line:
    """Words on one baseline in one column.

    `inner` is where the second word begins: what follows "Betreft" or "1.". `first` and `last` are the indexes of the
    first and the last word, `fonts` the fonts of these.
    """

    text: str
    left: float
    right: float
    bottom: float
    height: float
    first_width: float
    first: int
    last: int
    inner: float | None = None
    note: bool = False  # begins with a small raised number, as a footnote does
    fonts: tuple[bytes, bytes] = (b"", b"")

    @property
    def top(self) -> float:
        return self.bottom + self.height


def to_lines(words: Iterable[Word]) -> list[Line]:
    """Lines in the order of their words. Raised digits become `[3]`, private symbols a bullet."""
    lines: list[Line] = []
    line: Line | None = None
    for word in words:
        if line is None or not continues(line, word):
            text, width = readable(word.text), word.right - word.left
            line = Line(text, word.left, word.right, word.bottom, word.height, width, word.index, word.index)
            lines.append(line)
        else:
            append(line, word)
        if raised_tail(word):
            line.text = f"{line.text[: -word.digits]}[{line.text[-word.digits :]}]"
    return lines


def continues(line: Line, word: Word) -> bool:
    height = max(line.height, word.height)
    gap = word.left - line.right
    if is_mark(line, word):
        return True
    return abs(word.bottom - line.bottom) <= BASELINE * height and -height < gap < COLUMN * height


def is_mark(line: Line, word: Word) -> bool:
    """Whether a word is a reference to a note, raised behind the line."""
    return (
        word.digits == len(word.text)
        and word.height < SMALL * line.height
        and RAISED * line.height < word.bottom - line.bottom < line.height
        and -DETACHED * line.height < word.left - line.right < DETACHED * line.height
    )


def raised_tail(word: Word) -> bool:
    return (
        0 < word.digits < len(word.text)
        and word.tail_height < SMALL * word.height
        and word.tail_bottom - word.bottom > RAISED * word.height
    )


def append(line: Line, word: Word) -> None:
    if is_mark(line, word):
        line.text += f"[{word.text}]"
    elif line.inner is None and line.text.isdigit() and line.height < SMALL * word.height:
        line.text = f"[{line.text}] {readable(word.text)}"
        line.bottom, line.height, line.note = word.bottom, word.height, True
        line.first = line.last = word.index
    else:
        line.text += " " + readable(word.text)
        line.height = max(line.height, word.height)
        line.last = word.index
    if line.inner is None:
        line.inner = word.left
    line.right = max(line.right, word.right)


def readable(text: str) -> str:
    """Symbol fonts put their bullets in the private use area."""
    if text.isascii():
        return text
    return "".join("•" if unicodedata.category(letter) == "Co" else letter for letter in text)
