"""PDF: words with their places, by pypdfium2 (PDFium). What the places mean is the work of `lines` and `layout`.

PDFium gives the text of a page in one call, in the order in which it was drawn. Only the first and the last letter of
each word are asked for their place, which makes this several times faster than asking every letter.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from tracker.documents.formats.layout import Sheet, compose
from tracker.documents.formats.lines import Word, to_lines
from tracker.documents.limits import Budget
from tracker.domain import Page
from tracker.errors import UnreadableDocument

#: PDFium writes U+FFFE for a hyphen at the end of a line, and no line break behind it.
WORD = re.compile("[^\\s\ufffe]+\ufffe?|\ufffe")

#: What may be a raised reference to a note: at most three digits, alone or behind a word.
MARK = re.compile(r"(?<!\d)\d{1,3}$")

#: Letters of a page that are looked at to see how its boxes are made; the share of a letter that hangs below its line.
SAMPLES, DESCENT = 60, 0.22

#: Before the name of a font of which only some letters are enclosed.
SUBSET = re.compile(rb"^[A-Z]{6}\+")


def read_pdf(content: bytes, budget: Budget) -> tuple[str, tuple[Page, ...], tuple[str, ...]]:
    """The running text of a PDF, the pages it stands on, and a warning about pages that have no text.

    Raises UnreadableDocument, saying why.
    """
    name, most = budget.name, budget.limits.pages
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(why_closed(name, error)) from error
    try:
        if len(pdf) > most:
            raise UnreadableDocument(f"{name}: {len(pdf)} pages, at most {most} are read; split it and try again.")
        sheets = []
        for index in range(len(pdf)):
            sheets.append(sheet(pdf, index, name))
        scanned = [each.number for each in sheets if not each.lines and has_picture(pdf, each.number - 1)]
    finally:
        pdf.close()
    if not any(sheet.lines for sheet in sheets):
        raise UnreadableDocument(
            f"{name}: {len(sheets)} page(s) without any text: it looks scanned. "
            "Have the text recognised first (for instance with ocrmypdf -l nld) and try again."
        )
    return *compose(sheets), scanned_pages(scanned)


def scanned_pages(pages: list[int]) -> tuple[str, ...]:
    if not pages:
        return ()
    some = ", ".join(map(str, pages[:10])) + (" and more" if len(pages) > 10 else "")
    return (f"no text on page {some}: scanned, and not read. Have it recognised (ocrmypdf -l nld) to read it too.",)


def has_picture(pdf: pypdfium2.PdfDocument, index: int) -> bool:
    """Whether a page holds a picture; an empty page holds nothing."""
    page = pdf[index]
    try:
        return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    finally:
        page.close()


def why_closed(name: str, error: Exception) -> str:
    if "password" in str(error).lower():
        return f"{name}: this PDF is locked with a password; save a copy without one and try again."
    return f"{name}: a broken or incomplete PDF; check that a viewer opens it, or download it again."


def sheet(pdf: pypdfium2.PdfDocument, index: int, name: str) -> Sheet:
    """The lines of one page, in the order in which they were drawn."""
    try:
        page = pdf[index]
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(
            f"{name}: page {index + 1} of this PDF is damaged; check that a viewer opens it, or download it again."
        ) from error
    try:
        width, height = page.get_size()
        lines = to_lines(words(textpage, boxes(page, textpage)))
        font = fonts(textpage)
        for line in lines:
            line.fonts = font(line.first), font(line.last)
        return Sheet(index + 1, width, height, lines)
    finally:
        textpage.close()
        page.close()


Box = tuple[float, float, float, float]  # left, bottom, right, top


def boxes(page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage) -> Callable[[int], Box]:
    """A function that gives the place of letter `index`: in points from the lower left corner of the page as shown.

    A box is as high as the letter's font, not its ink, so that the words of a line have one bottom and one height.
    """
    handle, box = textpage.raw, pdfium.FS_RECTF()
    ask: Callable[..., Any] = pdfium.FPDFText_GetLooseCharBox if not has_ink_boxes(textpage) else from_baseline
    left, bottom, right, top = page.get_bbox()

    def plain(index: int) -> Box:
        ask(handle, index, box)
        return box.left - left, box.bottom - bottom, box.right - left, box.top - bottom

    def turned_right(index: int) -> Box:
        ask(handle, index, box)
        return box.bottom - bottom, right - box.right, box.top - bottom, right - box.left

    def upside_down(index: int) -> Box:
        ask(handle, index, box)
        return right - box.right, top - box.top, right - box.left, top - box.bottom

    def turned_left(index: int) -> Box:
        ask(handle, index, box)
        return top - box.top, box.left - left, top - box.bottom, box.right - left

    turns: dict[int, Callable[[int], Box]] = {90: turned_right, 180: upside_down, 270: turned_left}
    return turns.get(page.get_rotation(), plain)


def has_ink_boxes(textpage: pypdfium2.PdfTextPage) -> bool:
    """Whether boxes are as high as the ink: of fonts that do not say how high they are (LibreOffice's Noto)."""
    handle, box = textpage.raw, pdfium.FS_RECTF()
    heights: dict[tuple[bytes, float], float] = {}
    name = fonts(textpage)
    count = textpage.count_chars()
    for index in range(0, count, max(1, count // SAMPLES)):
        pdfium.FPDFText_GetLooseCharBox(handle, index, box)
        size, height = height_of_font(handle, index), box.top - box.bottom
        if size and height and abs(heights.setdefault((name(index), size), height) - height) > 0.05 * size:
            return True
    return False


def height_of_font(handle: Any, index: int) -> float:
    """In points as shown; 0 where letters do not stand upright."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(handle, index, matrix) or abs(matrix.b) > 1e-3 or abs(matrix.c) > 1e-3:
        return 0.0
    return float(round(abs(matrix.d) * pdfium.FPDFText_GetFontSize(handle, index), 2))


def from_baseline(handle: Any, index: int, box: Any) -> None:
    """The place of a letter as high as its font, from the line it stands on."""
    pdfium.FPDFText_GetLooseCharBox(handle, index, box)
    x, y = ctypes.c_double(), ctypes.c_double()
    if (size := height_of_font(handle, index)) and pdfium.FPDFText_GetCharOrigin(handle, index, x, y):
        box.bottom, box.top = y.value - DESCENT * size, y.value + (1 - DESCENT) * size


def words(textpage: pypdfium2.PdfTextPage, box: Callable[[int], Box]) -> Iterator[Word]:
    """The words of a page with their places."""
    text = textpage.get_text_range()
    # PDFium counts UTF-16 units. Letters outside the basic plane are rare: only where there are some, count like it.
    aligned = text if len(text) == textpage.count_chars() else spread(text)
    for match in WORD.finditer(aligned):
        start, end = match.span()
        written = match.group()
        left, bottom, right, top = first = box(start)
        last = first
        if end - start > 1:
            last = box(end - 1)
            right = last[2]
        digits = 0
        if "0" <= written[-1] <= "9" and (mark := MARK.search(written)):
            digits = len(mark.group())
        if not written.isascii():
            written = written.replace("\ufffe", "-").replace(PAD, "")
        yield Word(written, start, left, right, bottom, top - bottom, digits, last[1], last[3] - last[1])


def fonts(textpage: pypdfium2.PdfTextPage) -> Callable[[int], bytes]:
    """A function that gives the name of the font of letter `index`; it tells bold and italic from plain."""
    handle, ask = textpage.raw, pdfium.FPDFText_GetFontInfo
    buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()

    def font(index: int) -> bytes:
        length = ask(handle, index, buffer, len(buffer), flags)
        return SUBSET.sub(b"", buffer.raw[: max(0, min(length, len(buffer)) - 1)])

    return font


#: Stands for the second half of a letter outside the basic plane while words are looked up; never in the result.
PAD = "\uffff"


def spread(text: str) -> str:
    return "".join(letter if ord(letter) <= 0xFFFF else letter + PAD for letter in text)
