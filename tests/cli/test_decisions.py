"""What people decide, seen again in the lists."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Cli

Write = Callable[..., Path]
DAY = ("--as-of", "2024-08-01")


def overdue(cli: Cli, *more: str) -> list[str]:
    return [row["number"] for row in cli.rows("list", "--overdue", *(more or DAY))]


def test_a_status_holds_from_its_date(stored: Cli) -> None:
    first = overdue(stored)[0]
    count = len(overdue(stored))
    stored("status", "set", first, "fulfilled", "--date", "2024-07-20", "--evidence", "https://example.org/brief")
    assert len(overdue(stored, "--as-of", "2024-07-15")) == count
    assert len(overdue(stored)) == count - 1
    (row,) = stored.rows("list", "--status", "fulfilled", *DAY)
    assert row["number"] == first
    assert "https://example.org/brief" in stored("show", first, *DAY).stdout


def test_several_numbers_or_all_of_a_document(stored: Cli) -> None:
    numbers = [row["number"] for row in stored.rows("list", "--document", "2", *DAY)]
    assert len(numbers) == 3
    stored("status", "set", *numbers[:2], "withdrawn", "--date", "2024-07-01")
    assert {r["number"] for r in stored.rows("list", "--status", "withdrawn", *DAY)} == set(numbers[:2])
    result = stored("status", "set", "--document", 2, "unclear", "--date", "2024-07-02")
    assert result.stdout.count("unclear") == 3
    assert {r["number"] for r in stored.rows("list", "--status", "unclear", *DAY)} == set(numbers)


def test_rejected_ones_leave_the_lists_and_stay_out(stored: Cli) -> None:
    number = overdue(stored)[0]
    stored("reject", number, "--note", "een citaat")
    assert number not in [row["number"] for row in stored.rows("list", *DAY)]
    assert [row["number"] for row in stored.rows("list", "--review", "rejected", *DAY)] == [number]
    stored("reread")
    assert number not in [row["number"] for row in stored.rows("list", *DAY)]
    stored("accept", number)
    assert number in [row["number"] for row in stored.rows("list", "--review", "accepted", *DAY)]


def test_a_new_due_date_keeps_the_first(stored: Cli) -> None:
    number = stored.rows("list", "--document", "1", *DAY)[0]["number"]
    first = stored.rows("list", "--document", "1", *DAY)[0]["due"]
    stored("due", "set", number, "2024-12-20")
    row = next(r for r in stored.rows("list", "--document", "1") if r["number"] == number)
    assert (row["due"], row["first_due"]) == ("2024-12-20", first)


def test_tags_and_notes(stored: Cli) -> None:
    number = overdue(stored)[0]
    stored("tag", number, "water")
    stored("note", number, "gebeld met het ministerie")
    assert [row["number"] for row in stored.rows("list", "--tag", "water", *DAY)] == [number]
    assert "gebeld met het ministerie" in stored("show", number).stdout
    stored("tag", number, "water", "--remove")
    assert stored.rows("list", "--tag", "water", *DAY) == []


def test_an_event_can_be_taken_back(stored: Cli) -> None:
    number = overdue(stored)[0]
    stored("status", "set", number, "fulfilled", "--date", "2024-07-20")
    import json

    history = json.loads(stored("show", number, "--format", "json").stdout)["history"]
    stored("undo", history[-1]["id"])
    assert number in overdue(stored)


def test_a_promise_heard_elsewhere_is_dated_by_its_words(cli: Cli) -> None:
    number = cli(
        "add", "Ik stuur de Kamer uiterlijk 1 juli 2024 een brief.", "--made", "2024-03-05", "--ministry", "VWS"
    ).stdout.strip()
    (row,) = cli.rows("list")
    assert row["number"] == number
    assert row["due"] == "2024-07-01"
    assert row["ministry"] == "VWS"


def test_a_promise_heard_elsewhere_with_a_given_date(cli: Cli) -> None:
    cli("add", "We komen met een plan.", "--made", "2024-03-05", "--due", "2024-06-30", "--source", "Buitenhof")
    (row,) = cli.rows("list")
    assert (row["due"], row["first_due"], row["made"]) == ("2024-06-30", "2024-06-30", "2024-03-05")


@pytest.mark.parametrize("loose", ["tt-2023-1", "TT-2023-001"])
def test_numbers_may_be_written_loosely(stored: Cli, loose: str) -> None:
    assert "TT-2023-0001" in stored("show", loose).stdout
    assert stored("note", loose, "x").exit_code == 0


def test_known_on_forgets_what_was_learnt_later(stored: Cli) -> None:
    number = overdue(stored)[0]
    stored("status", "set", number, "fulfilled", "--date", "2024-07-20")
    assert stored.rows("list", "--known-on", "2020-01-01", *DAY) == []


def test_show_marks_cue_and_deadline_and_tells_the_source(stored: Cli) -> None:
    number = stored.rows("list", "--search", "plan van aanpak", *DAY)[0]["number"]
    card = " ".join(stored("show", number, *DAY).stdout.split())
    assert "__Uiterlijk 1 maart 2024__" in card
    assert "**" in card
    assert "Zwemveiligheid in open water" in card
    assert "2024-03-01" in card
    assert "Brief van 12 september 2023" in card
    assert "History" in card


def test_verify_finds_nothing_to_complain_of(stored: Cli) -> None:
    stored("status", "set", "--document", 2, "unclear")
    assert stored("verify").stdout == ""


def test_the_filters_combine(stored: Cli) -> None:
    everything = stored.rows("list", *DAY)
    assert stored.rows("list", "--strength", "hedged", *DAY) == [r for r in everything if r["strength"] == "hedged"]
    assert len(stored.rows("list", "--limit", "2", *DAY)) == 2
    assert [r["number"] for r in stored.rows("list", "--due-within", "5w", "--as-of", "2024-02-10")] == [
        r["number"] for r in everything if r["due"] == "2024-03-01"
    ]
    assert stored.rows("list", "--overdue", "--grace", "31", *DAY) != stored.rows("list", "--overdue", *DAY)
    assert stored.rows("list", "--search", "tarieven stallingen", "--overdue", *DAY) == []
    assert len(stored.rows("list", "--search", "tarieven", "--kind", "inform", *DAY)) == 1


def test_report_says_where_it_is(stored: Cli) -> None:
    page = Path(stored("report", "--output", "out", *DAY).stdout.strip())
    assert page.is_file()
    assert "plan van aanpak" in page.read_text(encoding="utf-8")


def test_demo_needs_nothing_but_the_package(cli: Cli) -> None:
    result = cli("demo", "--as-of", "2026-01-15")
    assert "Overdue on 2026-01-15" in result.stdout
    page = Path(result.stdout.rstrip().rpartition(" at ")[2])
    assert page.is_file()
    assert page.is_relative_to(cli.folder / "demo")


def test_a_document_can_be_given_its_dossiers_and_number(stored: Cli) -> None:
    stored("document", "set", 1, "--dossier", "31015", "--dossier", "35300-VII", "--number", "245")
    row = next(row for row in stored.rows("documents") if row["id"] == 1)
    assert (row["dossiers"], row["number"]) == (["31 015", "35 300-VII"], "245")
    assert "31 015, nr. 245" in stored.rows("list", "--dossier", "31015")[0]["reference"]
    assert "five digits" in stored("document", "set", 1, "--dossier", "waterveiligheid", code=2).stderr
