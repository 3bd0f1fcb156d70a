"""From words with places to lines: pure geometry, in points. A line ends where the baseline or the column changes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

#: In heights of a line. A wider gap than COLUMN parts two columns; words of one line differ less than BASELINE in their
#: bottoms; a mark is smaller than SMALL and stands higher than RAISED; DETACHED: further off, a digit is no mark. The
#: number of a note may be larger where it is RAISED_FAR. Letters lower than TINY (in points) nobody sees.
COLUMN = 1.3
BASELINE = 0.5
SMALL = 0.8
RAISED = 0.12
RAISED_FAR = 0.3
DETACHED = 0.5
TINY = 3

#: Signs that follow a word closely: a smaller gap than KERNING before them is no blank ("V.L.W .A.").
CLOSING = ".,;:!?)"
KERNING = 0.3


class Word(NamedTuple):
    text: str
    at: int  # the number of its first letter on the page, as the PDF counts
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

    `inner` is where the second word begins: what follows "Betreft" or "1.". `first` and `last` are the places (`at`) of
    the first and the last word, `fonts` the fonts of these.
    """

    text: str
    left: float
    right: float
    bottom: float
    height: float
    first_width: float
    first: int
    last: int
    longest: int  # letters of the word whose height and bottom are the line's
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
        if word.height < TINY:
            continue
        if line is None:
            lines.append(line := new_line(word))
        elif word.digits and is_mark(line, word):
            line.text += f"[{word.text}]"
            line.right = word.right
        elif continues(line, word) or begins_note(line, word):
            append(line, word)
        else:
            lines.append(line := new_line(word))
        if word.digits and raised_tail(word):
            line.text = f"{line.text[: -word.digits]}[{line.text[-word.digits :]}]"
    return lines


def new_line(word: Word) -> Line:
    text, width = readable(word.text), word.right - word.left
    return Line(text, word.left, word.right, word.bottom, word.height, width, word.at, word.at, len(text))


def continues(line: Line, word: Word) -> bool:
    height = line.height if line.height > word.height else word.height
    return abs(word.bottom - line.bottom) <= BASELINE * height and -height < word.left - line.right < COLUMN * height


def is_mark(line: Line, word: Word) -> bool:
    """Whether a word is a reference to a note, raised behind the line."""
    return (
        word.digits == len(word.text)
        and word.height < SMALL * line.height
        and RAISED * line.height < word.bottom - line.bottom < line.height
        and abs(word.left - line.right) < DETACHED * line.height
    )


def begins_note(line: Line, word: Word) -> bool:
    """Whether a line is so far a small raised number, and the word the first of the note."""
    return (
        numbers_note(line, word)
        and -word.height < word.bottom - line.bottom < 0
        and 0 < word.left - line.right < COLUMN * word.height
    )


def numbers_note(line: Line, word: Word) -> bool:
    """Whether all that a line has so far is a number, small or raised far beside this word."""
    far = line.height < word.height and line.bottom - word.bottom > RAISED_FAR * word.height
    return line.inner is None and line.text.isdigit() and (far or line.height < SMALL * word.height)


def raised_tail(word: Word) -> bool:
    return (
        0 < word.digits < len(word.text)
        and word.tail_height < SMALL * word.height
        and word.tail_bottom - word.bottom > RAISED * word.height
    )


def append(line: Line, word: Word) -> None:
    """Add a word to its line. A small number before larger letters begins a footnote."""
    if line.inner is None:
        note = numbers_note(line, word)
        line.inner = word.left
        if note:
            line.text = f"[{line.text}]"
            line.first, line.note, line.longest = word.at, True, 0
    kerned = word.text[0] in CLOSING and word.left - line.right < KERNING * word.height
    line.text += ("" if kerned else " ") + readable(word.text)
    line.last = word.at
    if len(word.text) > line.longest:
        line.longest, line.height, line.bottom = len(word.text), word.height, word.bottom
    if word.right > line.right:
        line.right = word.right


#: Letters that fonts draw as one.
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"})


def readable(text: str) -> str:
    """Accents on their letters, ligatures apart, no control characters; private signs are bullets of symbol fonts."""
    if text.isascii() and text.isprintable():
        return text
    letters = unicodedata.normalize("NFC", text).translate(LIGATURES)
    classes = ((letter, unicodedata.category(letter)) for letter in letters)
    return "".join("•" if kind == "Co" else letter for letter, kind in classes if kind != "Cc")
