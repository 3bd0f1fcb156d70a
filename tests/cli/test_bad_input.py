"""Whatever a user feeds it: one clear line, the documented exit code, and the database as it was."""

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from .conftest import LETTER, UNDATED, Cli

Write = Callable[..., Path]


def complaint(stderr: str) -> str:
    """The one line that a user gets."""
    (line,) = [line for line in stderr.splitlines() if line]
    assert line.startswith("tracker: ")
    return line


BAD = {
    "missing": None,
    "empty": b"",
    "only white space": b" \n\n\t\n",
    "binary": bytes(range(256)) * 40,
    "a PDF that is none": b"%PDF-1.7\nnot really\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(200)),
}


@pytest.mark.parametrize("command", ["ingest", "extract", "text", "explain"])
@pytest.mark.parametrize("bad", BAD)
def test_a_file_that_is_no_document(stored: Cli, write: Write, command: str, bad: str) -> None:
    path = stored.folder / ("bad.pdf" if "PDF" in bad else "bad.txt")
    if (content := BAD[bad]) is not None:
        write(path.name, content)
    before = stored.content()
    result = stored(command, path, code=1)
    assert path.name in complaint(result.stderr)
    assert result.stdout == ""
    assert stored.content() == before


def test_fifty_megabytes_of_noise_are_refused(stored: Cli, write: Write) -> None:
    path = write("noise.txt", random.Random(7).randbytes(50_000_000))
    before = stored.content()
    result = stored("ingest", path, code=1)
    assert path.name in complaint(result.stderr)
    assert stored.content() == before


def test_a_bad_file_among_good_ones_does_not_stop_them(cli: Cli, write: Write) -> None:
    write("in/a.txt", LETTER)
    write("in/b.txt", b"")
    write("in/c.txt", LETTER.replace("12 september", "13 september"))
    write("in/.hidden.txt", b"")
    write("in/index.jsonl", b"{}")
    result = cli("ingest", cli.folder / "in", code=4)
    assert "b.txt" in result.stderr
    assert len(result.stdout.splitlines()) == 2
    assert len(cli.rows("documents")) == 2


def test_when_all_fail_nothing_was_done(cli: Cli, write: Write) -> None:
    cli("ingest", write("a.txt", b""), write("b.txt", b""), code=1)


def test_an_empty_folder_is_no_error(cli: Cli) -> None:
    (cli.folder / "in").mkdir()
    result = cli("ingest", cli.folder / "in")
    assert "no documents there" in result.stderr


def test_latin_1_is_read_with_a_warning(cli: Cli, write: Write) -> None:
    path = write("oud.txt", LETTER.replace("plassen", "plassen à la carte, één").encode("latin-1"))
    result = cli("ingest", path)
    assert "oud.txt" in result.stderr
    assert "à la carte, één" in cli("text", path).stdout


def test_a_document_without_a_date_is_stored_and_said_to_be(cli: Cli, write: Write) -> None:
    path = write("los.txt", UNDATED)
    result = cli("ingest", path)
    assert "no date found" in result.stderr
    assert "tracker document set 1 --date" in result.stderr
    assert cli.rows("documents")[0]["date"] is None
    assert cli.rows("list")[0]["due"] is None
    cli("document", "set", 1, "--date", "2025-02-01")
    assert cli.rows("list")[0]["due"] == "2025-04-30"


def test_extract_needs_a_date(cli: Cli, write: Write) -> None:
    path = write("los.txt", UNDATED)
    assert "--date" in complaint(cli("extract", path, code=1).stderr)
    assert cli("extract", path, "--date", "2025-02-01").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract", "brief.txt", "--date", "2022-02-30"],
        ["ingest", "brief.txt", "--date", "1 april"],
        ["list", "--as-of", "2022-13-01"],
        ["list", "--known-on", "gisteren"],
        ["report", "--as-of", "01-02-2022"],
        ["status", "set", "TT-2023-0001", "fulfilled", "--date", "2023-02-29"],
        ["due", "set", "TT-2023-0001", "2023-04-31"],
        ["document", "set", "1", "--date", "x"],
        ["add", "Ik stuur een brief.", "--made", "2023-00-01"],
        ["show", "TT-2023-0001", "--as-of", "morgen"],
    ],
    ids=" ".join,
)
def test_an_impossible_date_is_a_usage_error(stored: Cli, write: Write, arguments: list[str]) -> None:
    write()
    before = stored.content()
    result = stored(*arguments, code=2)
    assert "YYYY-MM-DD" in complaint(result.stderr)
    assert stored.content() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["document", "set", "1", "--date", "2206-04-08"], "1900 to 2100"),
        (["document", "set", "1", "--date", "1024-02-01"], "1900 to 2100"),
        (["due", "set", "TT-2023-0001", "2204-01-01"], "1900 to 2100"),
        (["status", "set", "TT-2023-0001", "fulfilled", "--date", "2099-01-01"], "still to come"),
        (["add", "Ik stuur een brief.", "--made", "2099-01-01"], "still to come"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_date_that_cannot_be_meant_is_a_usage_error(stored: Cli, arguments: list[str], said: str) -> None:
    before = stored.content()
    assert said in complaint(stored(*arguments, code=2).stderr)
    assert stored.content() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["status", "set", "TT-2023-0001", "fulfilled", "--date", "2023-01-01"],
        ["due", "set", "TT-2023-0001", "2023-01-01"],
        ["add", "Ik stuur een brief.", "--made", "2023-09-12", "--due", "2023-01-01"],
    ],
    ids=" ".join,
)
def test_a_date_before_the_promise_was_made_is_taken_with_a_warning(stored: Cli, arguments: list[str]) -> None:
    assert "the date lies before the promise was made, on 2023-09-12" in stored(*arguments).stderr


def test_a_letter_of_a_day_still_to_come_is_read_with_a_warning(cli: Cli, write: Write) -> None:
    path = write("straks.txt", LETTER.replace("12 september 2023", "12 september 2099"))
    said = complaint(cli("ingest", path).stderr)
    assert "2099-09-12, a day still to come" in said
    assert "tracker document set 1 --date" in said
    assert "1 document read, none of that day or before" in cli("list").stderr
    assert "a day still to come" in cli("document", "set", 1, "--date", "2099-09-13").stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frobnicate"], "no such command"),
        (["list", "--overdu"], "--overdue"),
        (["list", "--status", "done"], "fulfilled"),
        (["list", "--review", "maybe"], "accepted"),
        (["list", "--format", "xml"], "jsonl"),
        (["list", "--due-within", "soon"], "14d"),
        (["list", "--limit", "0"], "--limit"),
        (["list", "--sort", "colour"], "made"),
        (["ingest"], "PATH"),
        (["ingest", "brief.txt", "--kind", "poem"], "letter"),
        (["status", "set", "TT-2023-0001", "broken"], "withdrawn"),
        (["status", "set", "fulfilled"], "--document"),
        (["accept"], "--document"),
        (["document", "set", "1"], "--date"),
        (["note", "TT-2023-0001", " "], "the remark is empty"),
        (["export", "--output", "uit.ods"], "its ending names no format"),
        (["export", "--output", "uit"], "give --format, or end it in .csv"),
        (["--config", "none.toml", "list"], "none.toml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_usage_error_names_what_was_expected(stored: Cli, arguments: list[str], said: str) -> None:
    before = stored.content()
    result = stored(*arguments, code=2)
    assert said in complaint(result.stderr)
    assert result.stdout == ""
    assert stored.content() == before


def test_an_unknown_configuration_key_is_a_usage_error(cli: Cli) -> None:
    (cli.folder / "config.toml").write_text("[report]\ngrace_day = 3\n")
    assert "did you mean grace_days?" in complaint(cli("list", code=2).stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "TT-2023-0099"],
        ["status", "set", "TT-2023-0099", "fulfilled"],
        ["accept", "TT-2023-0001", "TT-2023-0099"],
        ["note", "TT-2023-0099", "x"],
        ["due", "set", "TT-2023-0099", "2024-01-01"],
        ["tag", "TT-2023-0099", "x"],
    ],
    ids=" ".join,
)
def test_an_unknown_number_teaches_the_nearest(stored: Cli, arguments: list[str]) -> None:
    before = stored.content()
    line = complaint(stored(*arguments, code=1).stderr)
    assert "TT-2023-0099" in line
    assert "TT-2023-000" in line
    assert stored.content() == before


def test_an_unknown_ministry_is_told_with_the_nearest(stored: Cli) -> None:
    assert "no ministry is known as 'IenWW'; did you mean IenW?" in stored("list", "--ministry", "IenWW").stderr
    assert "known are" in stored("list", "--ministry", "QQQ").stderr
    assert "ministry" not in stored("list", "--ministry", "ienw").stderr


def test_an_unknown_job_is_an_error(stored: Cli) -> None:
    assert "no job 'foo'; config.toml has" in complaint(stored("jobs", "history", "foo", code=1).stderr)
    assert "nothing ran yet" in stored("jobs", "history", "report").stderr


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("brief.docx", b"PK\x03\x04 broken off", "damaged, or no Word document"),
        ("brief.txt", bytes(range(256)) * 40, "expected text, Markdown, PDF, Word (.docx), HTML, XML or mail (.eml)"),
    ],
)
def test_a_broken_file_is_told_what_would_help(cli: Cli, write: Write, name: str, content: bytes, said: str) -> None:
    assert said in complaint(cli("text", write(name, content), code=1).stderr)


def test_a_file_of_rules_that_is_not_there(cli: Cli) -> None:
    said = complaint(cli("rules", "check", "nope.toml", code=1).stderr)
    assert "nope.toml: cannot be read" in said
    assert "config.toml" not in said


def test_one_is_counted_as_one(stored: Cli) -> None:
    assert stored("reread", 1).stdout.startswith("1 document read again: 0 commitments read differently")


@pytest.mark.parametrize(
    "arguments", [["document", "set", "9", "--kind", "news"], ["reject", "--document", "9"], ["reread", "9"]]
)
def test_an_unknown_document_is_an_error(stored: Cli, arguments: list[str]) -> None:
    before = stored.content()
    assert "9" in complaint(stored(*arguments, code=1).stderr)
    assert stored.content() == before


def test_a_locked_database_is_said_to_be(stored: Cli, write: Write) -> None:
    path = write("nieuw.txt", LETTER.replace("12 september", "14 september"))
    with closing(sqlite3.connect(stored.database, isolation_level=None)) as other:
        other.execute("begin immediate")
        result = stored("ingest", path, code=1)
    assert "lock" in complaint(result.stderr) or "another" in complaint(result.stderr)
    assert len(stored.rows("documents")) == 2


def test_a_database_of_a_newer_version_is_left_alone(stored: Cli, write: Write) -> None:
    with closing(sqlite3.connect(stored.database)) as db, db:
        db.execute("update alembic_version set version_num = 'zzzz'")
    before = stored.content()
    for arguments in (["list"], ["ingest", write()], ["verify"]):
        assert "newer" in complaint(stored(*arguments, code=1).stderr)
    assert stored.content() == before


def test_a_file_that_is_no_database_is_left_alone(cli: Cli) -> None:
    cli.database.write_bytes(b"dear diary " * 100)
    assert cli.database.name in complaint(cli("list", code=1).stderr)
    assert cli.database.read_bytes() == b"dear diary " * 100


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_read_only_database_still_lists(stored: Cli) -> None:
    stored.database.chmod(0o400)
    stored.folder.chmod(0o500)
    try:
        assert stored.rows("list")
    finally:
        stored.folder.chmod(0o700)


def test_a_report_that_cannot_be_written(stored: Cli) -> None:
    (stored.folder / "out").write_text("a file, where a folder should come")
    assert "--output" in complaint(stored("report", "--output", "out", code=2).stderr)


def test_a_fault_of_the_program_shows_no_traceback(stored: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.store import Store

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(Store, "listing", broken)
    assert "TRACKER_DEBUG=1" in complaint(stored("list", code=1).stderr)
    monkeypatch.setenv("TRACKER_DEBUG", "1")
    assert isinstance(stored("list", code=None).exception, ZeroDivisionError)
