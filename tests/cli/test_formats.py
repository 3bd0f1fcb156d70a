"""What programs rely on: the keys, the formats, the two streams, the exit codes."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.cli.exits import ExitCode
from tracker.cli.reading import KEYS as MENTION_KEYS
from tracker.cli.rows import COMMITMENT_KEYS

from .conftest import Cli

Write = Callable[..., Path]

#: As the contract of the command line has them; more keys may come, none of these may go.
LIST_KEYS = {
    "number", "status", "review", "due_from", "due", "first_due", "precision", "explanation", "days_late", "made",
    "kind", "strength", "confidence", "quote", "context", "actor", "ministry", "addressee", "document", "reference",
    "url", "page", "mentions",
}  # fmt: skip
EXTRACT_KEYS = {
    "document", "start", "end", "page", "sentence", "label", "kind", "strength", "flags", "actor", "actor_resolved",
    "addressee", "action", "topic", "deadline", "confidence", "rule",
}  # fmt: skip


def test_the_exit_codes_are_a_contract() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "DONE": 0, "ERROR": 1, "USAGE": 2, "FOUND": 3, "PARTIAL": 4, "INTERRUPTED": 130,
    }  # fmt: skip


def test_list_has_the_keys_of_the_contract(stored: Cli) -> None:
    rows = stored.rows("list", "--as-of", "2024-08-01")
    assert rows
    assert all(tuple(row) == COMMITMENT_KEYS for row in rows)
    assert set(COMMITMENT_KEYS) >= LIST_KEYS


def test_extract_has_the_keys_of_the_contract(cli: Cli, write: Write) -> None:
    rows = [json.loads(line) for line in cli("extract", write()).stdout.splitlines()]
    assert rows
    for row in rows:
        assert EXTRACT_KEYS <= set(row) == set(MENTION_KEYS)
        assert {"text", "from", "to", "precision", "explanation", "also"} == set(
            row["deadline"] or row["deadline"].keys()
        )


def test_offsets_lead_back_to_the_text_that_is_printed(cli: Cli, write: Write) -> None:
    path = write()
    text = cli("text", path).stdout
    for row in cli.rows("extract", path, "--all"):
        assert " ".join(text[row["start"] : row["end"]].split()) == row["sentence"]


def test_only_all_shows_what_does_not_count(cli: Cli, write: Write) -> None:
    path = write(
        content="Datum 3 mei 2023\n\nBent u bereid de Kamer voor de zomer te informeren? Ik stuur u geen brief.\n"
    )
    assert cli("extract", path).stdout == ""
    assert all(row["reason"] for row in cli.rows("extract", path, "--all"))


@pytest.mark.parametrize("command", [["list"], ["extract", "brief.txt"], ["documents"]], ids=" ".join)
def test_all_formats_say_the_same(stored: Cli, write: Write, command: list[str]) -> None:
    write()
    array = stored.rows(*command)
    lines = [json.loads(line) for line in stored(*command, "--format", "jsonl").stdout.splitlines()]
    cells = list(csv.DictReader(io.StringIO(stored(*command, "--format", "csv").stdout)))
    assert lines == array
    assert len(cells) == len(array)
    assert list(cells[0]) == list(array[0])


def test_nothing_found_is_no_error(cli: Cli, write: Write) -> None:
    path = write(content="Datum 3 mei 2023\n\nDe plas is schoon.\n")
    assert cli("extract", path).stdout == ""
    assert cli("ingest", path).exit_code == 0
    assert cli.rows("list") == []
    assert cli("list", "--format", "table").stdout == ""
    assert cli("list", "--format", "csv").stdout.count("\n") == 1


def test_exit_code_3_only_where_asked_and_something_found(stored: Cli) -> None:
    stored("list", "--overdue", "--as-of", "2024-08-01", code=0)
    stored("list", "--overdue", "--as-of", "2024-08-01", "--exit-code", code=3)
    stored("list", "--overdue", "--as-of", "2023-10-01", "--exit-code", code=0)


def test_a_known_document_is_no_error(cli: Cli, write: Write) -> None:
    cli("ingest", write())
    assert "known" in cli("ingest", write("other/name.txt")).stdout
    assert len(cli.rows("documents")) == 1


def test_standard_input_is_a_file_too(cli: Cli) -> None:
    from .conftest import LETTER

    assert len(cli("extract", "-", input=LETTER).stdout.splitlines()) == 3


# ── As processes ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_results_and_remarks_go_apart(stored: Cli, write: Write) -> None:
    write("in/a.txt")
    write("in/b.txt", b"")
    done = stored.process("ingest", "in")
    assert done.returncode == 4
    assert "b.txt" not in done.stdout
    assert "b.txt" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert all(json.loads(line) for line in stored.process("list").stdout.splitlines())


def test_a_pipe_that_closes_early_is_no_error(stored: Cli) -> None:
    """The reader is gone before the first line is written."""
    read, wrote = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", "from tracker.cli import main; main()", "list"],
        cwd=stored.folder, env={**os.environ, **stored.env},
        stdout=wrote, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(wrote)
    assert done.stderr == ""
    assert done.returncode == 0


def test_ctrl_c_is_quiet(stored: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.store import Store

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "listing", interrupted)
    result = stored("list", code=130)
    assert result.stderr.strip() == ""


def test_quotes_are_utf_8_in_every_locale(stored: Cli) -> None:
    stored.env |= {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert "vóór" in stored.process("list").stdout


LIGHT = """
import sys
from tracker.cli.app import build, needed
try:
    build(needed(sys.argv[1:]))(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
late = {"holidays", "openpyxl", "icalendar", "tracker.deadlines.grammar", "tracker.store.saving"}
heavy = ({"pypdfium2", "apscheduler", "jinja2", "alembic", "dateparser"} | late) & set(sys.modules)
assert not heavy, heavy
"""


def test_listing_loads_nothing_heavy(stored: Cli) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT, "list", "--format", "json"],
        cwd=stored.folder, env={**os.environ, **stored.env}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


# ── Tables ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_tables_fit_the_terminal(stored: Cli, columns: int) -> None:
    stored.env["COLUMNS"] = str(columns)
    for command in (["list"], ["documents"], ["rules", "list"]):
        lines = stored(*command, "--format", "table").stdout.splitlines()
        assert max(map(len, lines)) <= columns


def test_promises_of_one_document_with_one_term_are_folded(stored: Cli) -> None:
    stored.env["COLUMNS"] = "100"
    table = stored("list", "--format", "table", "--as-of", "2024-08-01", "--document", 2).stdout
    assert "3× " in table
    assert table.count("2024-07-01") == 1
    assert re.search(r"TT-2024-0001,\s", table)


def test_a_folded_row_shows_each_quote(stored: Cli) -> None:
    stored.env["COLUMNS"] = "160"
    table = stored("list", "--format", "table", "--as-of", "2024-08-01", "--document", 2).stdout
    for subject in ("voortgang van de bouw", "het toezicht", "hoogte van de tarieven"):
        assert subject in table


def test_what_a_reading_no_longer_finds_is_shown_as_such(stored: Cli) -> None:
    from tracker.store import Store

    with Store.open(stored.env["TRACKER_DATABASE_URL"]) as store:
        store.save(store.reread(1, rulebook_version="other"), [])
    stored.env["COLUMNS"] = "120"
    assert "no longer found in the document" in stored("list", "--format", "table", "--document", 1).stdout
    assert "no longer found in the document" in stored("show", "TT-2023-0001").stdout
    assert {row["found"] for row in stored.rows("list", "--document", "1")} == {False}
    assert {row["found"] for row in stored.rows("export", "--document", "2")} == {True}


def test_colours_only_on_a_terminal_and_not_with_no_color(stored: Cli) -> None:
    arguments = ("list", "--format", "table", "--overdue", "--as-of", "2024-08-01")
    assert "\x1b" not in stored(*arguments).stdout
    stored.env["FORCE_COLOR"] = "1"
    assert "\x1b[1;31m" in stored(*arguments).stdout
    stored.env["NO_COLOR"] = "1"
    assert "31m" not in stored(*arguments).stdout


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_progress_is_shown_on_a_terminal_and_on_standard_error_only(cli: Cli, write: Write) -> None:
    import pty

    write("in/a.txt")
    main, terminal = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", "from tracker.cli import main; main()", "ingest", "in"],
        cwd=cli.folder, env={**os.environ, **cli.env, "TERM": "xterm"},
        stdout=subprocess.PIPE, stderr=terminal, text=True, check=True,
    )  # fmt: skip
    os.close(terminal)
    seen = os.read(main, 65536).decode()
    os.close(main)
    assert "reading" in seen
    assert "reading" not in done.stdout
    assert "\x1b" not in done.stdout


def test_a_minister_who_is_named_has_the_ministry_of_the_name(cli: Cli, write: Write) -> None:
    path = write(
        content="Den Haag, 2 maart 2026\n\nGeachte voorzitter,\n\nDe minister van Financiën zal uw Kamer voor de zomer "
        "een brief sturen.\n\nDe Minister van Economische Zaken,\n\nA. de Vries\n"
    )
    [row] = cli.rows("extract", path)
    assert row["actor_resolved"] == {"person": None, "office": "minister van Financiën", "ministry": "Fin"}
