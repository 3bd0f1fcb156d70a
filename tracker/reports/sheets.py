"""Commitments as a table for a spreadsheet, and such a table back: CSV and xlsx.

A quote is somebody else's text: no cell of it may be run as a formula. In CSV a text that could be one gets an
apostrophe in front; in xlsx it is a text by its type.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker.commitments.edits import BEYOND, EDITABLE, SEPARATOR, Line, cells
from tracker.commitments.state import Commitment, Review, Status
from tracker.errors import UnreadableDocument, UsageError

Row = Mapping[str, Any]

#: What a spreadsheet takes for the beginning of a formula, also behind blanks; the last four are full-width forms.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_QUOTED = "'"
#: Excel's own limit for the text of a cell.
MOST_TEXT = 32_767
#: Widths of columns, in characters; others are as wide as their name needs.
WIDTHS = {"quote": 80, "context": 50, "explanation": 50, "reference": 40, "document": 40, "actor": 24, "note": 30}


def guarded(text: str) -> str:
    """A text that no spreadsheet runs: with an apostrophe in front where it could be a formula."""
    return _QUOTED + text if text.lstrip(" ").startswith(FORMULA) else text


def unguarded(text: str) -> str:
    """The text behind the apostrophe that `guarded` put there, or a spreadsheet."""
    bare = text.removeprefix(_QUOTED)
    return bare if bare.lstrip(" ").startswith(FORMULA) else text


def editable(c: Commitment) -> dict[str, str]:
    """The columns that are taken over when the table comes back."""
    return cells(c)


def as_csv(rows: Iterable[Row], keys: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # as RFC 4180 and spreadsheets have it
    writer.writerow(keys)
    writer.writerows([_text(row.get(key)) for key in keys] for row in rows)
    return out.getvalue()


def _text(value: Any) -> Any:
    """A cell of CSV. Numbers stay numbers; -3 is no formula."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case date():
            return value.isoformat()
        case list() | tuple():
            return guarded(SEPARATOR.join(map(str, value)))
    return guarded(str(value))


def as_xlsx(rows: Iterable[Row], keys: Sequence[str]) -> bytes:
    """A workbook with one sheet: dates as dates, links to click, lists to choose a status and a review from."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = "toezeggingen"
    sheet.append(list(keys))
    for line, row in enumerate(rows, 2):
        for column, key in enumerate(keys, 1):
            _fill(sheet.cell(line, column), key, row.get(key))
    last = sheet.max_row
    for column, key in enumerate(keys, 1):
        letter, head = get_column_letter(column), sheet.cell(1, column)
        head.font = Font(bold=True)
        if key in EDITABLE:
            head.fill = PatternFill("solid", fgColor="FFF2CC")
        sheet.column_dimensions[letter].width = WIDTHS.get(key, max(12, len(key) + 3))
        if key in WIDTHS:
            for line in range(2, last + 1):
                sheet.cell(line, column).alignment = Alignment(wrap_text=True, vertical="top")
        words = {"status": Status, "review": Review}.get(key)
        if words and last > 1:
            choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=False)
            choice.add(f"{letter}2:{letter}{last}")
            sheet.add_data_validation(choice)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(cell: Any, key: str, value: Any) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, list | tuple):
        value = SEPARATOR.join(map(str, value))
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:MOST_TEXT]
    cell.data_type = "s"  # never a formula, whatever it begins with
    cell.quotePrefix = cell.value.lstrip(" ").startswith(FORMULA)  # and not when somebody edits it either
    if key == "link" and cell.value:
        cell.hyperlink = cell.value
        cell.data_type = "s"


# ── Coming back ──────────────────────────────────────────────────────────────────────────────────────────────────


def read(path: Path) -> tuple[list[str], list[Line]]:
    """The columns and the lines of a CSV or xlsx file; empty lines are passed over.

    Raises UnreadableDocument where the file cannot be had, UsageError where it is no table.
    """
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise UnreadableDocument(f"{path}: cannot be read: {problem.strerror}") from None
    table = _from_xlsx(path, content) if content.startswith(b"PK") else _from_csv(path, content)
    if not table:
        raise UsageError(f"{path}: there is no table in it; `tracker export` makes one")
    columns = [name.strip() for name in table[0][1]]
    while columns and not columns[-1]:
        columns.pop()
    return columns, [Line(number, _cells(columns, row)) for number, row in table[1:] if any(row)]


def _cells(columns: list[str], row: list[str]) -> dict[str, str]:
    """The cells by column; what stands beyond the last column, without a name."""
    surplus = " ".join(cell for cell in row[len(columns) :] if cell)
    return dict(zip(columns, row, strict=False)) | ({BEYOND: surplus} if surplus else {})


def _from_csv(path: Path, content: bytes) -> list[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")  # "Unicode text"
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # what Excel saves in Western Europe
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)  # a Dutch spreadsheet separates by semicolons
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    table, start = [], 1
    try:
        for row in reader:
            table.append((start, [unguarded(cell) for cell in row]))
            start = reader.line_num + 1
    except csv.Error as problem:
        raise UsageError(f"{path}: line {start}: this is no CSV: {problem}") from None
    return table


def _from_xlsx(path: Path, content: bytes) -> list[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError) as problem:
        raise UsageError(f"{path}: this is no xlsx workbook that can be read: {problem}") from None
    return [(line, [_written(value) for value in row]) for line, row in enumerate(rows, 1)]


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return (value.date() if value.time() == value.min.time() else value).isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return str(value)
