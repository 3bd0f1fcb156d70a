"""Tables for a spreadsheet: nothing in them runs, and what was written comes back."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tracker.errors import UsageError
from tracker.reports.sheets import FORMULA, as_csv, as_xlsx, guarded, read, unguarded

DANGEROUS = [
    "=1+1",
    "+31 6",
    "-2 dagen",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =cmd|' /C calc'!A0",
    "＝1+1",
    '=HYPERLINK("http://x")',
]
KEYS = ("number", "quote", "due", "tags", "link")


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_csv_begins_a_formula(text: str) -> None:
    (cell,) = list(csv.reader(io.StringIO(as_csv([{"quote": text}], ["quote"]), newline="")))[1]
    assert not cell.lstrip(" ").startswith(FORMULA)
    assert cell == "'" + text
    assert unguarded(cell) == text


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_xlsx_is_a_formula_and_the_quote_is_verbatim(text: str) -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx([{"quote": text, "link": "https://example.org/=1"}], KEYS))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert sheet["B2"].value.replace("_x000D_", "\r") == text
    assert sheet["B2"].quotePrefix


@pytest.mark.parametrize("text", ["Ik zal – zoals gezegd – “komen”.", "", "'s avonds", "1 = 1", "a\x00b\x07c"])
def test_other_text_is_as_it_was(text: str) -> None:
    assert guarded(text) == text
    sheet = load_workbook(io.BytesIO(as_xlsx([{"quote": text}], ["quote"]))).active
    assert (sheet["A2"].value or "") == text.replace("\x00", "").replace("\x07", "")


def test_a_workbook_has_dates_links_and_choices() -> None:
    row = {
        "number": "TT-2024-0001",
        "status": "open",
        "due": date(2024, 7, 1),
        "link": "https://example.org/a.pdf#page=2",
    }
    sheet = load_workbook(io.BytesIO(as_xlsx([row], ("number", "status", "due", "link")))).active
    assert sheet["C2"].value.date() == date(2024, 7, 1)
    assert sheet["D2"].hyperlink.target == "https://example.org/a.pdf#page=2"
    assert "withdrawn" in sheet.data_validations.dataValidation[0].formula1


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


@given(st.lists(st.tuples(TEXTS, st.lists(TEXTS.filter(lambda t: ";" not in t), max_size=2)), min_size=1, max_size=4))
def test_what_is_written_as_csv_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, list[str]]]
) -> None:
    path = tmp_path_factory.mktemp("sheet") / "t.csv"
    path.write_text(
        as_csv([{"number": f"N{i}", "quote": q, "tags": t} for i, (q, t) in enumerate(rows)], KEYS), newline=""
    )
    columns, lines = read(path)
    assert columns == list(KEYS)
    assert [line.cells["quote"] for line in lines] == [unguarded(guarded(q)) for q, _ in rows]


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        pytest.param("number;status\r\nTT-1;open\r\n".encode("utf-8-sig"), ["TT-1", "open"], id="Dutch Excel"),
        pytest.param("number,note\nTT-1,één\n".encode("cp1252"), ["TT-1", "één"], id="Windows letters"),
        pytest.param(b"number\tnote\n\n TT-1\tx\n", [" TT-1", "x"], id="tabs and an empty line"),
        pytest.param(b'number,note\nTT-1,"a\nb"\n', ["TT-1", "a\nb"], id="a line end in a cell"),
    ],
)  # fmt: skip
def test_what_spreadsheets_make_of_it_is_read(tmp_path: Path, content: bytes, cells: list[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert list(read(path)[1][0].cells.values()) == cells


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook"])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"t\.xlsx: "):
        read(path)
