"""`tracker deadlines`: what words mean, and stored dates worked out anew."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tracker.cli.app import app

LETTER = """\
Aan de Voorzitter van de Tweede Kamer der Staten-Generaal

Datum 2 maart 2026
Betreft Onderhoud aan sluizen

Geachte voorzitter,

Ik informeer uw Kamer voor het zomerreces over de planning van het onderhoud.

Uiterlijk 1 mei 2026 stuur ik uw Kamer een overzicht van de sluizen.

De Minister van Infrastructuur en Waterstaat,
"""

OWN_RECESS = """
[[calendar.extra]]
recess = "zomerreces"
first_day = 2026-07-10
last_day = 2026-08-31
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite3'}")
    monkeypatch.delenv("TRACKER_CONFIG", raising=False)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), prog_name="tracker")


@pytest.mark.usefixtures("folder")
def test_a_reading_for_a_person() -> None:
    result = run("deadlines", "parse", "in het najaar", "--date", "2024-09-10")
    assert result.exit_code == 0
    assert result.stdout.startswith("in het najaar → van zondag 1 september tot en met vrijdag 20 december 2024")
    english = run("deadlines", "parse", "in het najaar", "--date", "2024-09-10", "--language", "en")
    assert "from Sunday 1 September to Friday 20 December 2024" in english.stdout


@pytest.mark.usefixtures("folder")
def test_a_reading_for_a_program() -> None:
    text = "vóór 1 mei 2025, maar uiterlijk voor het commissiedebat"
    result = run("deadlines", "parse", text, "--date", "2025-02-01", "--format", "json")
    assert result.exit_code == 0
    read = json.loads(result.stdout)
    assert (read["text"], read["from"], read["to"], read["precision"]) == (
        "vóór 1 mei 2025", "2025-02-01", "2025-04-30", "day",
    )  # fmt: skip
    assert [other["text"] for other in read["also"]] == ["uiterlijk voor het commissiedebat"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("text", ["blauwe bananen", "", "1 juli jl.", "tot en met 2026"])
def test_nonsense_has_no_deadline(text: str) -> None:
    result = run("deadlines", "parse", text, "--date", "2024-09-10")
    assert result.exit_code == 1
    assert "no deadline found" in result.stderr
    assert result.stdout == ""


def test_a_changed_calendar_dates_stored_promises_anew(folder: Path) -> None:
    (folder / "brief.txt").write_text(LETTER, encoding="utf-8")
    assert run("ingest", "brief.txt").exit_code == 0
    assert json.loads(run("deadlines", "refresh", "--format", "json").stdout) == []

    (folder / "config.toml").write_text(OWN_RECESS, encoding="utf-8")
    tried = json.loads(run("deadlines", "refresh", "--dry-run", "--format", "json").stdout)
    done = json.loads(run("deadlines", "refresh", "--format", "json").stdout)
    assert tried == done
    assert [(row["before"], row["after"]) for row in done] == [("2026-07-02", "2026-07-09")]

    (row,) = [r for r in json.loads(run("list", "--format", "json").stdout) if r["number"] == done[0]["number"]]
    assert (row["due"], row["first_due"], row["precision"]) == ("2026-07-09", "2026-07-09", "recess")
    assert json.loads(run("deadlines", "refresh", "--format", "json").stdout) == []


def test_a_corrected_calendar_puts_nothing_off(folder: Path) -> None:
    """It is we who were wrong, not the government: as if the calendar had been right when the letter was read."""
    (folder / "brief.txt").write_text(LETTER, encoding="utf-8")
    run("ingest", "brief.txt")
    (folder / "config.toml").write_text(OWN_RECESS, encoding="utf-8")
    (row,) = json.loads(run("deadlines", "refresh", "--format", "json").stdout)
    shown = json.loads(run("show", row["number"], "--format", "json").stdout)
    assert (shown["due"], shown["first_due"], shown["deferrals"]) == ("2026-07-09", "2026-07-09", 0)
    assert "Put off" not in run("show", row["number"]).stdout
    assert run("verify").exit_code == 0


RESTATED = """\
Datum 2 maart 2026
Betreft Onderhoud aan sluizen

Geachte voorzitter,

Zoals toegezegd tijdens het commissiedebat van 5 februari 2026 stuur ik uw Kamer binnen drie weken een overzicht.
"""


def test_what_is_promised_again_counts_from_the_letter_that_says_when(folder: Path) -> None:
    (folder / "brief.txt").write_text(RESTATED, encoding="utf-8")
    run("ingest", "brief.txt")
    (row,) = json.loads(run("list", "--format", "json").stdout)
    assert (row["made"], row["due"]) == ("2026-02-05", "2026-03-23")
    assert json.loads(run("deadlines", "refresh", "--format", "json").stdout) == []


def test_what_a_person_decided_stays(folder: Path) -> None:
    (folder / "brief.txt").write_text(LETTER, encoding="utf-8")
    run("ingest", "brief.txt")
    (number,) = [r["number"] for r in json.loads(run("list", "--format", "json").stdout) if r["due"] == "2026-07-02"]
    assert run("due", "set", number, "2026-12-01").exit_code == 0
    (folder / "config.toml").write_text(OWN_RECESS, encoding="utf-8")
    assert json.loads(run("deadlines", "refresh", "--format", "json").stdout) == []


def test_what_a_person_with_the_name_of_the_program_decided_stays(folder: Path) -> None:
    (folder / "brief.txt").write_text(LETTER, encoding="utf-8")
    run("ingest", "brief.txt")
    (number,) = [r["number"] for r in json.loads(run("list", "--format", "json").stdout) if r["due"] == "2026-07-02"]
    (folder / "config.toml").write_text('[user]\nname = "tracker"\n' + OWN_RECESS, encoding="utf-8")
    assert run("due", "set", number, "2026-12-01").exit_code == 0
    assert json.loads(run("deadlines", "refresh", "--format", "json").stdout) == []
    assert json.loads(run("show", number, "--format", "json").stdout)["due"] == "2026-12-01"


def test_what_a_person_took_back_is_dated_anew(folder: Path) -> None:
    (folder / "brief.txt").write_text(LETTER, encoding="utf-8")
    run("ingest", "brief.txt")
    (number,) = [r["number"] for r in json.loads(run("list", "--format", "json").stdout) if r["due"] == "2026-07-02"]
    run("due", "set", number, "2026-12-01")
    event = json.loads(run("show", number, "--format", "json").stdout)["history"][-1]["id"]
    assert run("undo", str(event)).exit_code == 0
    (folder / "config.toml").write_text(OWN_RECESS, encoding="utf-8")
    (row,) = json.loads(run("deadlines", "refresh", "--format", "json").stdout)
    assert (row["number"], row["after"]) == (number, "2026-07-09")
