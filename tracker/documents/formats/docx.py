"""Word documents: paragraphs, headings, lists, tables, text boxes and footnotes, by python-docx. They have no pages.

The file is a zip; how large it is unpacked is looked at before anything of it is read. Nothing it links to is fetched.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from tracker.documents.formats.flow import Flow
from tracker.documents.limits import Budget, too_large
from tracker.errors import UnreadableDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|kop)\s*([1-6])", re.IGNORECASE)
_TITLES = {"title", "titel"}
_MOST_PARTS = 10_000
#: Not read: what was deleted, the code of fields, and the copy of a text box for old programs.
_ASIDE = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}rPr", f"{_W}pPr", f"{_W}sdtPr"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-", f"{_W}softHyphen": "\u00ad"}


def read_docx(content: bytes, budget: Budget) -> str:
    """The running text. Raises UnreadableDocument: broken, locked, or far larger than it looks."""
    _look_before_unpacking(content, budget)
    try:
        document = docx.Document(io.BytesIO(content))
        notes = _notes(document)
    except UnreadableDocument:
        raise
    except (
        PackageNotFoundError,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        KeyError,
        ValueError,
        OSError,
        EOFError,
    ) as error:
        raise UnreadableDocument(
            f"{budget.name}: a broken Word document; check that Word opens it, or save it again as .docx or PDF."
        ) from error
    reader = _Reader(document, notes)
    reader.blocks(document.element.body)
    reader.flow.end_part()
    return reader.flow.text


def _look_before_unpacking(content: bytes, budget: Budget) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            size = sum(part.file_size for part in parts)  # no more than it says is unpacked of a part
            if len(parts) > _MOST_PARTS or size > budget.limits.unpacked_bytes:
                raise too_large(budget.name, size, budget.limits.unpacked_bytes)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _without_entities(packed.read(part), budget)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise UnreadableDocument(
            f"{budget.name}: a broken or locked Word document; save it again as .docx or PDF."
        ) from error


def _without_entities(part: bytes, budget: Budget) -> None:
    if len(part) > budget.limits.text_bytes * 4:
        raise too_large(budget.name, len(part), budget.limits.text_bytes * 4)
    if b"<!DOCTYPE" in part[:4096] or b"<!ENTITY" in part[:4096] or b"<\0!\0D\0O\0C" in part[:4096]:
        raise UnreadableDocument(
            f"{budget.name}: this Word document defines entities of its own, which none does; not read for safety."
        )


def _notes(document: WordDocument) -> dict[str, Any]:
    """The footnotes and endnotes by their id, with a letter for which they are."""
    found: dict[str, Any] = {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for kind in (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES):
        for relation in document.part.rels.values():
            if relation.reltype == kind and not relation.is_external:
                for note in etree.fromstring(relation.target_part.blob, parser):
                    if note.get(f"{_W}type") in (None, "normal"):
                        found[f"{etree.QName(note).localname}{note.get(f'{_W}id')}"] = note
    return found


class _Reader:
    def __init__(self, document: WordDocument, notes: dict[str, Any]) -> None:
        self.flow = Flow()
        self._notes = notes
        self._styles = {style.element.get(f"{_W}styleId"): style for style in document.styles}
        self._formats = _number_formats(document)
        self._counts: Counter[tuple[str, str]] = Counter()
        self._note_count = 0
        self._boxes: list[Any] = []

    def blocks(self, parent: Any) -> None:
        for child in parent.iterchildren():
            if child.tag == f"{_W}p":
                self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                for row in child.iter(f"{_W}tr"):
                    if row.getparent() is child or row.getparent().tag == f"{_W}sdtContent":
                        self._row(row)
            elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins"):
                self.blocks(child)

    def _paragraph(self, paragraph: Any) -> None:
        level = self._heading(paragraph)
        if level is not None and any(text.text and text.text.strip() for text in paragraph.iter(f"{_W}t")):
            self.flow.heading(level)
        else:
            self.flow.begin(self._item(paragraph))
        self._words(paragraph)
        self.flow.end()
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.blocks(box)

    def _row(self, row: Any) -> None:
        """The cells side by side; one below the other where a cell holds more than one paragraph."""
        cells = [cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row]
        contents = [
            [each for each in cell.iterchildren(f"{_W}p", f"{_W}tbl") if "".join(each.itertext(f"{_W}t")).strip()]
            for cell in cells
        ]
        if any(len(content) > 1 or (content and content[0].tag == f"{_W}tbl") for content in contents):
            for cell in cells:
                self.blocks(cell)
            return
        self.flow.begin()
        for content in contents:
            for paragraph in content:
                self._words(paragraph)
            self.flow.cell()
        self.flow.end()

    # ── Words ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _words(self, node: Any) -> None:
        for child in node.iterchildren():
            tag = child.tag
            if tag in _ASIDE or tag == _FALLBACK:
                continue
            if tag == f"{_W}t":
                self.flow.say(child.text or "")
            elif tag == f"{_W}br" or tag == f"{_W}cr":
                self.flow.line()
            elif tag in _SIGNS:
                self.flow.say(_SIGNS[tag])
            elif tag == f"{_W}txbxContent":
                self._boxes.append(child)
            elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                self._note(child)
            else:
                self._words(child)

    def _note(self, reference: Any) -> None:
        kind = etree.QName(reference).localname.removesuffix("Reference")
        note = self._notes.get(f"{kind}{reference.get(f'{_W}id')}")
        if note is None:
            return
        self._note_count += 1
        number = str(self._note_count)
        self.flow.note_mark(number)

        def write() -> None:
            self.flow.begin(f"[{number}] ")
            for paragraph in note.iter(f"{_W}p"):
                self._words(paragraph)
                self.flow.say(" ")

        self.flow.note(write)

    # ── What a paragraph is ──────────────────────────────────────────────────────────────────────────────────────

    def _heading(self, paragraph: Any) -> int | None:
        """The level of a heading, by its style or those that it is based on, or by its own outline level."""
        outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
        if outline is not None and (outline.get(f"{_W}val") or "9") < "6":
            return int(outline.get(f"{_W}val")) + 1
        for style in self._based_on(paragraph):
            name = style.name or ""
            if found := _HEADING.fullmatch(name.strip()):
                return int(found[1])
            if name.strip().lower() in _TITLES:
                return 1
        return None

    def _based_on(self, paragraph: Any) -> list[Any]:
        own = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style = self._styles.get(own.get(f"{_W}val")) if own is not None else None
        found: list[Any] = []
        while style is not None and len(found) < 10:
            found.append(style)
            style = getattr(style, "base_style", None)
        return found

    def _item(self, paragraph: Any) -> str:
        """What a paragraph of a list begins with: "- ", "3. ", "b. "; nothing where it is none."""
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        if properties is None:
            styled = (style.element.find(f"{_W}pPr/{_W}numPr") for style in self._based_on(paragraph))
            properties = next((found for found in styled if found is not None), None)
        if properties is None:
            return ""
        number, level = (_value(properties, name) for name in ("numId", "ilvl"))
        if number in ("", "0"):
            return ""
        key = (number, level or "0")
        self._counts[key] += 1
        count = self._counts[key]
        form = self._formats.get(key, "bullet")
        if form == "decimal":
            return f"{count}. "
        if form in ("lowerLetter", "upperLetter") and count <= 26:
            return f"{chr(ord('a' if form[0] == 'l' else 'A') + count - 1)}. "
        return "- "


def _value(node: Any, name: str) -> str:
    found = node.find(f"{_W}{name}")
    return (found.get(f"{_W}val") or "") if found is not None else ""


def _number_formats(document: WordDocument) -> dict[tuple[str, str], str]:
    """How lists count, by the number of the list and the level."""
    part = next((r.target_part for r in document.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.NUMBERING), None)
    if part is None:
        return {}
    root = part.element
    kinds = {each.get(f"{_W}abstractNumId"): each for each in root.iter(f"{_W}abstractNum")}
    found: dict[tuple[str, str], str] = {}
    for each in root.iter(f"{_W}num"):
        kind = kinds.get(_value(each, "abstractNumId"))
        for level in kind.iter(f"{_W}lvl") if kind is not None else ():
            found[each.get(f"{_W}numId"), level.get(f"{_W}ilvl")] = _value(level, "numFmt")
    return found
