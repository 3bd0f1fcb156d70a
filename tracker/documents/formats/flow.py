"""Running text in the making: paragraphs parted by a blank line, in the signs that `tracker.sentences` reads.

Headings begin with `#`, items of a list with their number or `-`, quotations with `>`, footnotes with `[1]`. A speaker
stands on a line of its own that ends in a colon. Cells of a row are parted by two blanks.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tracker.documents.formats.origin import Runs

_BLANK = " \t\r\n\f\v"
_WORDS = re.compile(rf"[^{_BLANK}]+(?: [^{_BLANK}]+)*")


class Flow:
    """Takes words, with the place they come from, and joins them to a text. White space is collapsed."""

    def __init__(self) -> None:
        self.runs = Runs()
        self._parts: list[str] = []
        self._length = 0
        self._blank = False  # white space was said, and is written where a word follows
        self._open = False  # a paragraph has words
        self._mark = ""  # what the next paragraph begins with
        self._notes: list[Callable[[], None]] = []
        self._speaker: str | None = None

    @property
    def text(self) -> str:
        return "".join(self._parts).strip("\n") + "\n" if self._length else ""

    @property
    def inside(self) -> bool:
        """Whether a paragraph has words."""
        return self._open

    @property
    def marked(self) -> bool:
        """Whether a paragraph has its sign and no words yet."""
        return bool(self._mark) and not self._open

    def say(self, text: str, at: int | None = None) -> None:
        """Words of the paragraph; `at` is where they begin in the text between the tags."""
        for words in _WORDS.finditer(text):
            if words.start() or (text and text[0] in _BLANK):
                self._blank = True
            self._before_words()
            start = self._length
            self._write(words.group())
            if at is not None:
                source = at + words.start()
                self.runs.add(start, self._length, source, source + self._length - start)
            self._blank = False
        if text and text[-1] in _BLANK:
            self._blank = True

    def _before_words(self) -> None:
        if not self._open:
            self._open = True
            self._write(self._mark)
        elif self._blank and self._parts[-1] not in ("\n", "  "):
            self._write(" ")

    def cell(self) -> None:
        """The end of a cell of a row."""
        if self._open and not self._parts[-1].endswith(("\n", "  ")):
            self._write("  ")
        self._blank = False

    def line(self) -> None:
        """The end of a line within a paragraph."""
        if self._open and self._parts[-1] != "\n":
            self._write("\n")
        self._blank = False

    def note_mark(self, number: str) -> None:
        """A reference to a footnote, behind the word that it belongs to."""
        if self._open:
            self._write(f"[{number}]")

    def note(self, write: Callable[[], None]) -> None:
        """Have a footnote written where this part of the text ends."""
        self._notes.append(write)

    def begin(self, mark: str = "") -> None:
        """A new paragraph, with the sign it begins with: `"- "`, `"> "`, `"## "`."""
        self.end()
        self._mark = mark

    def end(self) -> None:
        """The end of a paragraph, if one was begun."""
        if self._open:
            while self._parts[-1] in ("\n", "  "):  # of a line or row that nothing followed
                self._length -= len(self._parts.pop())
            self._write("\n\n")
        self._open, self._blank, self._mark = False, False, ""

    def heading(self, level: int) -> None:
        self.end_part()
        self.begin("#" * max(1, min(level, 6)) + " ")

    def end_part(self) -> None:
        """The end of a chapter, question, answer or turn: its footnotes follow."""
        self.end()
        notes, self._notes = self._notes, []
        for write in notes:
            write()
            self.end()

    def speaker(self, line: str | None) -> None:
        """From here on these are the words of `line` ("Minister X:"), where they were not already."""
        if line and line != self._speaker:
            self.end_part()
            self.begin()
            self.say(line)
            self.end()
            self._speaker = line

    def _write(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)
