"""`tracker export` and `tracker import`: out to a colleague, and back."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from .conftest import Cli

FIRST = "TT-2023-0001"


def edited(cli: Cli, changes: dict[str, dict[str, str]], name: str = "terug.csv") -> Path:
    """An export as CSV in which a colleague changed cells."""
    rows = list(csv.DictReader(io.StringIO(cli("export").stdout, newline="")))
    for row in rows:
        row |= changes.get(row["number"], {})
    path = cli.folder / name
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def shown(cli: Cli, number: str = FIRST) -> dict[str, object]:
    return json.loads(cli("show", number, "--format", "json").stdout)  # type: ignore[no-any-return]


def test_every_row_says_what_it_rests_on(stored: Cli) -> None:
    stored("document", "set", 1, "--url", "https://example.org/brief.pdf")
    (row, *_) = json.loads(stored("export", "--format", "json", "--as-of", "2024-08-01").stdout)
    assert (row["as_of"], row["read_until"]) == ("2024-08-01", "2024-02-06")
    assert row["link"] == "https://example.org/brief.pdf"
    assert row["quote"].startswith("Ik zal uw Kamer in november 2023")
    assert {"page", "reference", "dossiers", "revision", "found"} <= set(row)


def test_formats_say_the_same(stored: Cli) -> None:
    array = json.loads(stored("export", "--format", "json").stdout)
    assert [json.loads(line) for line in stored("export", "--format", "jsonl").stdout.splitlines()] == array
    cells = list(csv.DictReader(io.StringIO(stored("export").stdout, newline="")))
    stored("export", "--output", "uit.xlsx")
    sheet = load_workbook(stored.folder / "uit.xlsx").active
    assert list(array[0]) == list(cells[0]) == [cell.value for cell in sheet[1]]
    assert [row["number"] for row in cells] == [cell.value for cell in sheet["A"][1:]] == [r["number"] for r in array]


def test_a_calendar_has_a_stable_uid_and_a_sequence_that_grows(stored: Cli) -> None:
    def term() -> tuple[int, date, str]:
        events = Calendar.from_ical(stored("export", "--format", "ics").stdout_bytes).walk("VEVENT")
        (event,) = [event for event in events if event["uid"] == f"{FIRST}@toezeggingen-tracker"]
        return int(event["sequence"]), event.decoded("dtstart"), str(event["status"])

    before = term()
    stored("due", "set", FIRST, "2024-09-01")
    stored("status", "set", FIRST, "withdrawn")
    assert before[1:] == (date(2024, 3, 1), "CONFIRMED")
    assert term() == (before[0] + 2, date(2024, 9, 1), "CANCELLED")


def test_filters_hold(stored: Cli) -> None:
    assert len(json.loads(stored("export", "--document", 2, "--format", "json").stdout)) == 3
    assert json.loads(stored("export", "--ministry", "VWS", "--format", "json").stdout) == []


@pytest.mark.parametrize("name", ["uit.csv", "uit.xlsx"])
def test_what_comes_back_unchanged_changes_nothing(stored: Cli, name: str) -> None:
    stored("tag", FIRST, "=zwemmen; water")
    stored("tag", FIRST, "water")
    stored("status", "set", FIRST, "fulfilled", "--evidence", "-brief", "--date", "2024-03-05")
    stored("export", "--output", name)
    before = stored.content()
    assert stored("import", name).stdout == ""
    assert stored.content() == before


def test_what_a_colleague_changed_becomes_events(stored: Cli) -> None:
    changes = {"status": "fulfilled", "tags": "water; zwemmen", "note": "=gebeld", "review": "accepted"}
    path = edited(stored, {FIRST: changes | {"due": "1-4-2024", "evidence": "brief van 5 maart"}})
    dry = stored("import", path, "--dry-run")
    before = shown(stored)
    assert (before["status"], before["tags"]) == ("open", [])
    assert "TT-2023-0001: due: 2024-03-01 → 2024-04-01" in dry.stdout
    stored("import", path, "--date", "2024-03-05")
    after = shown(stored)
    assert (after["status"], after["tags"], after["review"]) == ("fulfilled", ["water", "zwemmen"], "accepted")
    assert (after["due"], after["first_due"]) == ("2024-04-01", "2024-03-01")
    assert (after["closed_on"], after["closed_by"], after["evidence"]) == (
        "2024-03-05",
        "confirmed",
        "brief van 5 maart",
    )
    assert "=gebeld" in [event["note"] for event in after["history"]]  # type: ignore[attr-defined]
    assert stored("verify").exit_code == 0
    before = stored.content()
    assert stored("import", path, "--date", "2024-03-05").stdout == ""  # a second time it changes nothing
    assert stored.content() == before


def test_evidence_of_the_status_that_was_is_not_that_of_the_new_one(stored: Cli) -> None:
    stored("status", "set", FIRST, "fulfilled", "--evidence", "brief van 3 maart")
    stored("import", edited(stored, {FIRST: {"status": "open"}}))
    assert (shown(stored)["status"], shown(stored)["evidence"]) == ("open", None)
    stored("import", edited(stored, {FIRST: {"status": "fulfilled", "evidence": "brief van 5 maart"}}))
    assert (shown(stored)["status"], shown(stored)["evidence"]) == ("fulfilled", "brief van 5 maart")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ({"status": "done"}, "line 3: TT-2023-0001: status 'done' is not one of open, "),
        ({"due": "32-1-2024"}, "line 3: TT-2023-0001: due '32-1-2024' is not a day"),
        ({"due": ""}, "a due date can be moved, not taken away"),
        ({"review": "ja"}, "review 'ja' is not one of new, accepted, rejected"),
        ({"number": "XX-1999-9999"}, "line 3: 'XX-1999-9999' is the number of no commitment"),
        ({"number": "TT-2023-0002"}, "line 3: TT-2023-0002 stands in line 2 already"),
        ({"evidence": "een brief"}, "evidence is taken over with a changed status only"),
        ({"revision": "veel"}, "revision 'veel' is not what"),
        ({"revision": "²"}, "revision '²' is not what"),
        ({"due": "45809"}, "due '45809' is how Excel counts days; give that cell the format of a date: 2025-06-01?"),
        ({"due": "06/13/2025"}, "expected YYYY-MM-DD or day-month-year, as in 2022-07-01 or 1-7-2022"),
        ({"number": ""}, "line 3: there is no number in this line"),
        ({"number": "TT-2023-0004"}, "is the number of no commitment; did you mean TT-"),
        ({"quote": "Iets anders."}, "the quote in this line is not the one of this number"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_one_bad_line_and_nothing_is_applied(stored: Cli, cell: dict[str, str], said: str) -> None:
    path = edited(stored, {FIRST: cell, "TT-2024-0001": {"tags": "goed"}})
    before = stored.content()
    result = stored("import", path, code=1)
    assert said in result.stderr
    assert stored.content() == before
    assert "TT-2024-0001: tags: - → goed" in stored("import", path, "--skip-bad", code=4).stdout
    assert shown(stored, "TT-2024-0001")["tags"] == ["goed"]


def test_an_unknown_column_is_named_and_nothing_is_applied(stored: Cli) -> None:
    path = stored.folder / "in.csv"
    path.write_text("number,statis\nTT-2023-0001,fulfilled\n")
    assert "column 'statis' is not known; did you mean status?" in stored("import", path, "--skip-bad", code=1).stderr
    path.write_text("status\nopen\n")
    assert "no column 'number'" in stored("import", path, code=1).stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_what_a_dutch_spreadsheet_saves_comes_back(stored: Cli, encoding: str, separator: str) -> None:
    rows = list(csv.DictReader(io.StringIO(stored("export").stdout, newline="")))
    rows[0]["note"], number = "gebeld: vóór de zomer", rows[0]["number"]
    with (stored.folder / "in.csv").open("w", newline="", encoding=encoding, errors="replace") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    assert stored("import", "in.csv", "--dry-run").stdout == f"line 2: {number}: note: gebeld: vóór de zomer\n"


def test_a_cell_too_many_is_said(stored: Cli) -> None:
    (stored.folder / "in.csv").write_text("number;note\nTT-2023-0001;gebeld; daarna gemaild\n")
    assert "line 2: TT-2023-0001: there are more cells than columns" in stored("import", "in.csv", code=1).stderr


def test_what_is_no_table_of_ours_is_said_in_one_line(stored: Cli) -> None:
    stored("export", "--output", "uit.ics")
    said = stored("import", "uit.ics", code=1).stderr.splitlines()
    assert said == [
        "uit.ics: line 1: there is no column 'number' to tell which commitment a line is about, only 'BEGIN:VCALENDAR'"
    ]


def test_a_few_columns_are_enough(stored: Cli) -> None:
    path = stored.folder / "in.csv"
    path.write_text("number;status\ntt-2023-1;lapsed\n")
    stored("import", path)
    assert shown(stored)["status"] == "lapsed"


def test_what_somebody_else_changed_meanwhile_is_not_undone(stored: Cli) -> None:
    """The export is older than the decision: an untouched cell says nothing, a changed one is a conflict."""
    untouched = edited(stored, {FIRST: {"tags": "water"}}, "tags.csv")
    touched = edited(stored, {FIRST: {"status": "lapsed"}}, "status.csv")
    stored("status", "set", FIRST, "withdrawn")
    stored("import", untouched)
    assert (shown(stored)["status"], shown(stored)["tags"]) == ("withdrawn", ["water"])
    refused = stored("import", touched, code=1)
    assert "status is 'withdrawn' by now, and was 'open' when this was exported" in refused.stderr


def test_a_second_import_changes_nothing(stored: Cli) -> None:
    path = edited(stored, {FIRST: {"status": "lapsed", "due": "2024-12-01", "tags": "a; b", "note": "gebeld"}})
    stored("import", path)
    before = stored.content()
    assert stored("import", path).stdout == ""
    assert stored.content() == before


def test_a_table_that_is_not_there_is_an_error(stored: Cli) -> None:
    assert "nope.csv: cannot be read" in stored("import", "nope.csv", code=1).stderr
