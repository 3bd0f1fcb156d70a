"""From the lines of pages to running text: pure geometry, no PDF.

What is left out: the sender's column in the margin, heads and feet that repeat, page numbers. What is joined: lines of
a paragraph, words broken at the end of a line, a sentence that runs on to the next page. What is kept apart: headings,
items of a list, rows of a table, footnotes (at the end of their page, as `[1] …`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tracker.documents.formats.lines import COLUMN, Line
from tracker.domain import Page, Span

SPACED_DASH = re.compile(r"(?<=\s)[–—-](?=\s)")
PAGE_NUMBER = re.compile(
    r"(?:[-–]?\d{1,4}[-–]?|(?:pagina|blad|page)?\d{1,4}(?:van|of|/)\d{1,4}|(?:pagina|blad|page)\d+)", re.I
)
BULLET = re.compile(r"(?:[•▪◦●○■□➢►‣⁃∙·*–—-]|o|(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\(\w{1,2}\))(?=\s|$)")
ENDED = re.compile(r"[.?!:;…](?:\[\d+\]|['\"’”»)\]])*$")
NOTE_START = re.compile(r"(?:\[\d{1,3}\]|\d{1,3}\)?)\s*(?=\D)")

#: Shares of the page's width or height.
MARGIN_STARTS = 0.74  # the sender's column of the government's house style begins at 0.77 to 0.79
HEAD, FOOT = 0.85, 0.1  # above and below: where heads and page numbers stand

#: Shares of the body's height of letters.
MARGIN_LETTER = 0.87
NOTE_LETTER = 0.93
SAME_ROW = 0.4
STRETCHED = 5.0  # a wider gap is none of a line that was spread over its column
LABEL_GAP = 0.8
OTHER_LETTER = 0.1  # a difference in height that makes another paragraph

#: Share of the column's width: a longer line that does not end a sentence goes on in the next.
FULL = 0.75

#: In points: lines that begin within this distance, and the next, are of one column; how exactly edges and gaps agree.
COLUMN_STEP = 45
EDGE = 2.0

#: In leadings, the distance of two lines of a paragraph.
PARAGRAPH_GAP = 1.3
BLOCK_GAP = 2.4


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of one page, in the order in which they were drawn; sizes in points."""

    number: int
    width: float
    height: float
    lines: list[Line]


@dataclass(slots=True)
class Paragraph:
    """`parts` are the stretches of its text with their pages: mostly one, two where it goes on over a page's foot."""

    parts: list[tuple[int, str]]
    first: Line
    last: Line
    note: bool = False
    row: bool = False  # cells side by side

    @property
    def tail(self) -> str:
        return self.parts[-1][1]


def compose(sheets: Sequence[Sheet]) -> tuple[str, tuple[Page, ...]]:
    """The text of the pages, paragraphs parted by a blank line, with the stretch of each page.

    Where a sentence runs on over the foot of a page, the footnotes of that page follow it, and their page has a second
    stretch. Stretches follow one another without a gap and cover the whole text.
    """
    measure = Measure.of(sheets)
    heads = running_heads(sheets)
    hyphens = Hyphens(line.text for sheet in sheets for line in sheet.lines)
    done: list[Paragraph] = []
    notes: list[Paragraph] = []
    for sheet in sheets:
        lines = [line for line in sheet.lines if not is_head(line, sheet, heads)]
        body, foot = split_notes(without_margin(lines, sheet, measure), measure)
        fresh = to_paragraphs(blocks(spread_out(body, measure), measure), sheet, measure, hyphens)
        if done and fresh and runs_on(done[-1], fresh[0], measure):
            page, text = done[-1].parts.pop()
            done[-1].parts += [(page, hyphens.glue(text, fresh[0].tail)), *fresh[0].parts]
            done[-1].last = fresh.pop(0).last
        done += notes + fresh
        notes = note_paragraphs(foot, sheet, hyphens)
    return assemble(done + notes)


def assemble(paragraphs: Iterable[Paragraph]) -> tuple[str, tuple[Page, ...]]:
    texts: list[str] = []
    starts: list[tuple[int, int]] = []  # page, offset
    offset = 0
    for paragraph in paragraphs:
        for index, (page, text) in enumerate(paragraph.parts):
            if not starts or starts[-1][0] != page:
                starts.append((page, offset))
            piece = text if index < len(paragraph.parts) - 1 else text + "\n\n"
            texts.append(piece)
            offset += len(piece)
    text = "".join(texts).rstrip("\n") + "\n"
    ends = [start for _, start in starts[1:]] + [len(text)]
    return text, tuple(Page(page, Span(start, end)) for (page, start), end in zip(starts, ends, strict=True))


# ── Measures of a document ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Measure:
    """Of the body: the height of its letters, its leading (the distance of two lines), its font and its edges."""

    letter: float
    leading: float
    font: bytes
    edges: dict[int, float]  # where lines end, by the column in which they begin

    @classmethod
    def of(cls, sheets: Sequence[Sheet]) -> Measure:
        letters: Counter[float] = Counter()
        leadings: Counter[float] = Counter()
        fonts: Counter[bytes] = Counter()
        for sheet in sheets:
            for line in sheet.lines:
                letters[round(line.height, 1)] += len(line.text)
                fonts[line.fonts[0]] += len(line.text)
        letter = letters.most_common(1)[0][0] if letters else 1.0
        for sheet in sheets:
            for above, below in pairwise(sheet.lines):
                distance = above.bottom - below.bottom
                if abs(below.height - letter) < 0.05 * letter and 0.8 * letter < distance < 2.5 * letter:
                    leadings[round(distance * 2) / 2] += 1
        leading = leadings.most_common(1)[0][0] if leadings else 1.35 * letter
        font = fonts.most_common(1)[0][0] if fonts else b""
        return cls(letter, leading, font, right_edges(line for sheet in sheets for line in sheet.lines))


# ── What is left out ─────────────────────────────────────────────────────────────────────────────────────────────


def place(line: Line, sheet: Sheet) -> tuple[str, int]:
    """A line's text and height on the page, the page's own number left open: what a running head repeats."""
    return re.sub(rf"\b{sheet.number}\b", "#", line.text), round(line.bottom / 6)


def running_heads(sheets: Sequence[Sheet]) -> set[tuple[str, int]]:
    """Lines at the head or foot that stand at the same place on at least half of the pages, the first left aside."""
    counts = Counter(key for sheet in sheets for key in {place(line, sheet) for line in edge_lines(sheet)})
    return {key for key, count in counts.items() if count >= max(2, (len(sheets) - 1) / 2)}


def edge_lines(sheet: Sheet) -> list[Line]:
    return [line for line in sheet.lines if not FOOT < line.bottom / sheet.height < HEAD]


def is_head(line: Line, sheet: Sheet, heads: set[tuple[str, int]]) -> bool:
    if FOOT < line.bottom / sheet.height < HEAD - 0.02:
        return False
    return place(line, sheet) in heads or PAGE_NUMBER.fullmatch(line.text.replace(" ", "")) is not None


def without_margin(lines: list[Line], sheet: Sheet, measure: Measure) -> list[Line]:
    """Leave out the sender's column: smaller letters in the right margin, not part of a row of a table."""
    edge = MARGIN_STARTS * sheet.width
    small = MARGIN_LETTER * measure.letter
    body = [line for line in lines if line.left < edge]
    return [line for line in lines if line.left < edge or line.height > small or in_row(line, body)]


def in_row(line: Line, body: Iterable[Line]) -> bool:
    return any(abs(line.bottom - other.bottom) < 1 and abs(line.height - other.height) < 0.3 for other in body)


# ── What is kept apart ───────────────────────────────────────────────────────────────────────────────────────────


def split_notes(lines: list[Line], measure: Measure) -> tuple[list[Line], list[Line]]:
    """Body and notes: small letters at the foot, below the first that begins as a note, or to the left of the body."""
    limit = foot_begins(lines, measure)
    lefts = Counter(round(line.left) for line in lines if not is_small(line, measure))
    left = lefts.most_common(1)[0][0] if lefts else 0
    body: list[Line] = []
    notes: list[Line] = []
    for line in lines:
        aside = line.bottom <= limit or (line.right < left and is_small(line, measure))
        (notes if aside else body).append(line)
    return body, notes


def is_small(line: Line, measure: Measure) -> bool:
    return line.height <= NOTE_LETTER * measure.letter


def foot_begins(lines: list[Line], measure: Measure) -> float:
    """Where the foot of a page begins: at the highest line that begins as a note with only notes below it."""
    limit = 0.0
    upwards = sorted(lines, key=lambda line: line.bottom)
    for index, line in enumerate(upwards):
        if line.note or (is_small(line, measure) and NOTE_START.match(line.text)):
            limit = line.bottom + 0.4 * line.height
        elif not is_small(line, measure) and line.bottom > limit and not within_note(upwards[index:], measure):
            break
    return limit


def within_note(upwards: list[Line], measure: Measure) -> bool:
    """Whether a line as large as the body belongs to a note: what it stands in begins with one, apart from the body."""
    for line, above in pairwise(upwards):
        if above.bottom - line.bottom > PARAGRAPH_GAP * measure.leading:
            return line.note
    return False


def note_paragraphs(lines: list[Line], sheet: Sheet, hyphens: Hyphens) -> list[Paragraph]:
    notes: list[Paragraph] = []
    for line in sorted(lines, key=lambda line: (-round(line.bottom), line.left)):
        label = NOTE_START.match(line.text)
        if notes and not (label and (line.note or line.left <= notes[-1].last.left + 1)):
            add_line(notes[-1], line, hyphens)
            continue
        text = line.text
        if label and not text.startswith("["):
            number = label.group().strip().rstrip(")")
            text = f"[{number}] {text[label.end() :].lstrip()}"
        notes.append(Paragraph([(sheet.number, text)], line, line, note=True))
    return notes


def spread_out(lines: list[Line], measure: Measure) -> list[Line]:
    """Lines with words spread over the width of a column, so that each looks like a column of its own, made whole.

    Their gaps are all alike, and they end where the lines of the column end.
    """
    rows: list[list[Line]] = []
    for line in lines:
        before = rows[-1][-1] if rows else line
        if same_row(line, before) and 0 < line.left - before.right < STRETCHED * line.height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in ([whole(row)] if is_spread_out(row, measure) else row)]


def is_spread_out(row: list[Line], measure: Measure) -> bool:
    gaps = [after.left - before.right for before, after in pairwise(row)]
    words = all(" " not in each.text for each in row) and any(each.text.isalpha() for each in row)
    return words and len(row) > 1 and max(gaps) - min(gaps) < EDGE > abs(row[-1].right - measure.edges[column(row[0])])


def whole(row: list[Line]) -> Line:
    first, last = row[0], row[-1]
    text = " ".join(each.text for each in row)
    ends = (first.fonts[0], last.fonts[1])
    return replace(first, text=text, right=last.right, last=last.last, inner=row[1].left, fonts=ends)


def blocks(lines: list[Line], measure: Measure) -> list[list[Line]]:
    """Runs of lines going down, put in reading order.

    The order of drawing is kept (it is right for columns and tables), but a block drawn later that stands above an
    earlier one, in the same column, is read before it.
    """
    found: list[list[Line]] = []
    for line in lines:
        down = found[-1][-1].bottom - line.bottom if found else 0.0
        if found and -0.2 * measure.leading < down < BLOCK_GAP * measure.leading:
            found[-1].append(line)
        else:
            found.append([line])
    ordered: list[list[Line]] = []
    for block in found:
        index = next((i for i, other in enumerate(ordered) if stands_above(block, other)), len(ordered))
        ordered.insert(index, block)
    return ordered


def stands_above(block: list[Line], other: list[Line]) -> bool:
    same_column = min(line.left for line in block) < max(line.right for line in other) and min(
        line.left for line in other
    ) < max(line.right for line in block)
    return same_column and block[-1].bottom >= other[0].top - 0.3 * other[0].height


def to_paragraphs(found: Iterable[list[Line]], sheet: Sheet, measure: Measure, hyphens: Hyphens) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    for block in found:
        for index, line in enumerate(block):
            top = index == 0 and not (paragraphs and next_column(line, paragraphs[-1], measure))
            if top or (index and starts_paragraph(line, paragraphs[-1], measure)):
                paragraphs.append(Paragraph([(sheet.number, line.text)], line, line))
            else:
                add_line(paragraphs[-1], line, hyphens)
    return paragraphs


def right_edges(lines: Iterable[Line]) -> dict[int, float]:
    """Where the lines of a column end, but for a few that stick out, by the `column` in which they begin."""
    rights: defaultdict[int, list[float]] = defaultdict(list)
    for line in lines:
        for near in (-1, 0, 1):
            rights[column(line) + near].append(line.right)
    return {begin: sorted(found)[int(0.95 * len(found))] for begin, found in rights.items()}


def column(line: Line) -> int:
    return int(line.left / COLUMN_STEP)


def starts_paragraph(line: Line, paragraph: Paragraph, measure: Measure) -> bool:
    first, above, edge = paragraph.first, paragraph.last, measure.edges[column(line)]
    if same_row(line, above):  # the next cell, or what follows a label
        return False
    down = above.bottom - line.bottom
    if down > PARAGRAPH_GAP * measure.leading or abs(line.height - above.height) > OTHER_LETTER * measure.letter:
        return True
    if BULLET.match(line.text) and not closes_dash(line, paragraph):
        return True
    hanging = is_labelled(first) and first.inner is not None and abs(line.left - first.inner) < 3
    if above.text.endswith("-") or hanging or line.text[:1].islower():
        return False
    if paragraph.row or heading_ends(paragraph, line, measure):
        return True
    if is_full(above, measure) and not ENDED.search(above.text):
        return False
    return above.right + line.first_width + measure.letter < edge


def closes_dash(line: Line, paragraph: Paragraph) -> bool:
    """Whether a dash at the beginning of a line ends what another dash began – as here – and is no bullet."""
    begun = len(SPACED_DASH.findall(f"{paragraph.tail} ")) % 2 == 1
    return (
        begun and line.text[:1] in "–—-" and not BULLET.match(paragraph.first.text) and not ENDED.search(paragraph.tail)
    )


def next_column(line: Line, paragraph: Paragraph, measure: Measure) -> bool:
    """Whether a paragraph at the foot of a column goes on with this line, at the head of the next one."""
    above = paragraph.last
    if paragraph.row or line.bottom < above.top or line.left < above.right or ENDED.search(above.text):
        return False
    if abs(line.height - above.height) > OTHER_LETTER * measure.letter or BULLET.match(line.text):
        return False
    return line.text[:1].islower() or (is_full(above, measure) and line.fonts[0] == above.fonts[1])


def is_full(line: Line, measure: Measure) -> bool:
    return line.right > line.left + FULL * (measure.edges[column(line)] - line.left)


def same_row(line: Line, other: Line) -> bool:
    return abs(other.bottom - line.bottom) < SAME_ROW * line.height


def is_labelled(line: Line) -> bool:
    """Whether a line begins with a bullet or a label set apart ("Betreft"), so that the next lines are indented."""
    if BULLET.match(line.text):
        return True
    return line.inner is not None and line.inner - line.left - line.first_width > LABEL_GAP * line.height


def heading_ends(paragraph: Paragraph, line: Line, measure: Measure) -> bool:
    """Whether a paragraph in bold or italic is followed by a line in the font of the body."""
    return paragraph.first.fonts == paragraph.last.fonts != (measure.font, measure.font) == line.fonts


def runs_on(paragraph: Paragraph, following: Paragraph, measure: Measure) -> bool:
    """Whether a paragraph that ends a page goes on in the first of the next page."""
    text = following.tail
    if paragraph.note or ENDED.search(paragraph.tail) or BULLET.match(text):
        return False
    if text[:1].islower() or paragraph.tail.endswith((",", "-")):
        return True
    return is_full(paragraph.last, measure) and paragraph.last.fonts[1] == following.first.fonts[0]


def add_line(paragraph: Paragraph, line: Line, hyphens: Hyphens) -> None:
    page, text = paragraph.parts[-1]
    above = paragraph.last
    if not same_row(line, above):
        text = hyphens.glue(text, line.text)
    elif line.left - above.right < COLUMN * line.height:  # parted by what was drawn between them
        text += "" if line.note else " "
    elif BULLET.fullmatch(text):
        text += " "
    else:
        text += "  "
        paragraph.row = True
        if above.inner is None:
            above.inner = line.left  # "Betreft", and in another column what it is about
    paragraph.parts[-1] = (page, text + line.text)
    paragraph.last = line


class Hyphens:
    """Joins a word broken at the end of a line, or keeps its hyphen where the document itself shows that it has one."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.words: set[str] = set()
        self.heads: set[str] = set()  # what stands before a hyphen within a line: "mbo", "oud"
        for text in texts:
            for word in WORD.findall(text.casefold()):
                self.words.add(word)
                if "-" in word:
                    self.heads.add(word.split("-", 1)[0])

    def glue(self, text: str, following: str) -> str:
        """`text` as it stands before `following`: with a blank behind it, or its last hyphen kept or taken away."""
        if text.endswith("\u00ad"):
            return text[:-1]
        broken = BROKEN.search(text)
        tail = WORD.match(following)
        if not broken or SUSPENDED.match(following):
            return text + " "
        head = broken["head"]
        if ADDRESS.search(text) or not tail or not head[-1].islower() or not following[0].islower():
            return text
        head, rest = head.casefold(), tail.group().casefold()
        if f"{head}-{rest}" in self.words:
            return text
        if head + rest in self.words:
            return text[:-1]
        return text if head in self.heads or CLASH.search(f"{head}-{rest}") else text[:-1]


WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
BROKEN = re.compile(r"(?P<head>[^\W_]+)-$")
#: "lange- en korte": the hyphen stands for a part of a word that follows later.
SUSPENDED = re.compile(r"(?:en|of|en/of|tot|als|noch)\b")
#: An address on the internet is broken at its own hyphens.
ADDRESS = re.compile(r"(?:www\.|://|[/_])\S*$")
#: Vowels that would be read as one: compounds keep a hyphen between them.
CLASH = re.compile(r"a-[aeiu]|e-[eiu]|i-[ej]|o-[eiou]|u-[iu]")
