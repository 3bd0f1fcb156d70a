"""The way back: from the text a reader made to the characters of the file it was made from."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from html import unescape

from tracker.domain import Span

_COMMENT, _CDATA = ("<!--", "-->"), ("<![CDATA[", "]]>")
_TAG = re.compile(
    r"</?(?P<name>[A-Za-z][\w:.-]*)(?:[^>\"'<]|\"[^\"]{0,4000}+\"|'[^']{0,4000}+')*+>|</?[A-Za-z][^>]{0,9000}+>"
)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,2000}+(?:\[[^\]]{0,20000}+\]\s*+)?>", re.IGNORECASE)
#: In HTML: what stands within these is no markup, and not read as text either.
_RAW = {"script", "style", "textarea", "title"}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});?|\r\n?")


class Runs:
    """Stretches of one text that stand, as they are, in another. They are added in the order of the first."""

    __slots__ = ("ends", "sources", "starts", "until")

    def __init__(self) -> None:
        self.starts, self.ends = array("L"), array("L")
        self.sources, self.until = array("L"), array("L")

    def add(self, start: int, end: int, source: int, until: int) -> None:
        """`[start, end)` stands at `[source, until)`; of another length only where it is one sign, as for `&amp;`."""
        if start >= end:
            return
        same_length = end - start == until - source
        if self.ends and self.ends[-1] == start and self.until[-1] == source and same_length and self._plain():
            self.ends[-1], self.until[-1] = end, until
        else:
            for column, value in zip(
                (self.starts, self.ends, self.sources, self.until), (start, end, source, until), strict=True
            ):
                column.append(value)

    def _plain(self) -> bool:
        return self.ends[-1] - self.starts[-1] == self.until[-1] - self.sources[-1]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """From where the first known sign of `[start, end)` stands to behind the last one; None where none is known."""
        first = bisect_right(self.ends, start)
        last = bisect_right(self.starts, end - 1) - 1
        if first > last or last < 0:
            return None
        places = [self._of(run, start, end) for run in range(first, last + 1)]
        return min(place[0] for place in places), max(place[1] for place in places)

    def _of(self, run: int, start: int, end: int) -> tuple[int, int]:
        began, ended, source, until = self.starts[run], self.ends[run], self.sources[run], self.until[run]
        if ended - began != until - source:
            return source, until
        return source + max(0, start - began), until - max(0, ended - end)


class Bare:
    """The text of a file between its tags, entities put into signs, with the way back to the file."""

    def __init__(self, file: str, *, html: bool) -> None:
        self.runs = Runs()
        parts: list[str] = []
        length = 0
        for start, end, raw in _stretches(file, html):
            for written, source, until in _signs(file, start, end, raw):
                parts.append(written)
                self.runs.add(length, length + len(written), source, until)
                length += len(written)
        self.text = "".join(parts)


def _stretches(file: str, html: bool) -> Iterator[tuple[int, int, bool]]:
    """What stands between tags: start, end, and whether it is CDATA.

    What is not closed goes on to the end of the file; every sign is looked at a bounded number of times.
    """
    lower = file.lower() if html else ""
    position = at = 0
    while (at := file.find("<", at)) >= 0:
        end, raw = _tag_ends(file, lower, at)
        if end is None:
            at += 1
            continue
        if at > position:
            yield position, at, False
        if raw:
            yield at + len(_CDATA[0]), end - len(_CDATA[1]), True
        position = at = end
    if position < len(file):
        yield position, len(file), False


def _tag_ends(file: str, lower: str, at: int) -> tuple[int | None, bool]:
    """Where the tag that begins at `at` ends, None where none begins there; and whether it is CDATA."""
    for opening, closing in (_COMMENT, _CDATA, ("<?", ">")):
        if file.startswith(opening, at):
            end = file.find(closing, at + len(opening))
            return (len(file), False) if end < 0 else (end + len(closing), opening == _CDATA[0])
    if doctype := _DOCTYPE.match(file, at):
        return doctype.end(), False
    tag = _TAG.match(file, at)
    if tag is None:
        return None, False
    name = (tag["name"] or "").lower()
    if lower and name in _RAW and file[at + 1] != "/":
        end = lower.find(f"</{name}", tag.end())
        return (len(file) if end < 0 else end), False
    return tag.end(), False


def _signs(file: str, start: int, end: int, raw: bool) -> Iterator[tuple[str, int, int]]:
    position = start
    for entity in _ENTITY.finditer(file, start, end):
        written = "\n" if entity.group()[0] == "\r" else entity.group() if raw else unescape(entity.group())
        if written == entity.group():
            continue
        yield file[position : entity.start()], position, entity.start()
        yield written, *entity.span()
        position = entity.end()
    yield file[position:end], position, end


class Origin:
    """Where the words of a read text stand in the file, in characters of the decoded file."""

    def __init__(self, read: Runs, bare: Runs) -> None:
        self._read, self._bare = read, bare

    def span(self, span: Span) -> Span | None:
        """The stretch of the file that holds these words, tags between them included; None for words of the reader."""
        between = self._read.span(span.start, span.end)
        found = between and self._bare.span(*between)
        return Span(*found) if found else None
