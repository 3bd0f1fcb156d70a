"""Reading files into the store: what is read, what is left alone, what is told."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tracker import pipeline
from tracker.cli.context import Session
from tracker.domain import Document, DocumentKind, Metadata
from tracker.knowledge import Knowledge, load_knowledge

from .conftest import LETTER, UNDATED, Cli

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def test_extraction_is_deterministic_and_in_document_order(knowledge: Knowledge) -> None:
    document = Document("brief", LETTER, Metadata(date=date(2023, 9, 12), kind=DocumentKind.LETTER))
    first = pipeline.extract(document, knowledge)
    assert first == pipeline.extract(document, knowledge)
    assert [m.span for m in first] == sorted(m.span for m in first)


def test_a_folder_gives_its_documents_by_name(tmp_path: Path, write: Write) -> None:
    for name in ("b.txt", "a.md", "deep/c.pdf", ".git/x.txt", ".hidden", "index.jsonl", "cijfers.CSV", "README.rst"):
        write(name, b"x")
    assert [p.relative_to(tmp_path).as_posix() for p in pipeline.files_of([tmp_path])] == [
        "a.md",
        "b.txt",
        "deep/c.pdf",
    ]


def test_a_file_that_is_named_is_always_tried(write: Write) -> None:
    path = write("index.jsonl", b"x")
    assert list(pipeline.files_of([path])) == [path]


def test_progress_runs_from_nothing_to_all(tmp_path: Path, write: Write, knowledge: Knowledge) -> None:
    files = [write(f"{n}.txt", LETTER.replace("12 september", f"{n} september")) for n in range(1, 4)]
    told: list[tuple[int, int]] = []
    with Session.over(tmp_path / "s.sqlite3").store() as store:
        pipeline.ingest(store, files, knowledge, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_what_the_user_says_goes_before_what_the_document_says(cli: Cli, write: Write) -> None:
    cli("ingest", write(), "--date", "2023-10-01", "--kind", "news", "--url", "https://example.org/1")
    (row,) = cli.rows("documents")
    assert (row["date"], row["kind"], row["url"]) == ("2023-10-01", "news", "https://example.org/1")


def test_a_date_given_later_dates_the_promises(cli: Cli, write: Write) -> None:
    path = write("los.txt", UNDATED)
    cli("ingest", path)
    cli("ingest", path, "--date", "2025-02-01")
    assert len(cli.rows("documents")) == 1
    assert [row["due"] for row in cli.rows("list")] == ["2025-04-30"]


def test_an_own_recess_counts(cli: Cli, write: Write) -> None:
    path = write(
        content="Datum 6 februari 2019\n\nGeachte voorzitter,\n\nIk informeer uw Kamer hierover voor het reces.\n"
    )
    due = json.loads(cli("extract", path).stdout)["deadline"]["to"]
    (cli.folder / "config.toml").write_text(
        '[[calendar.extra]]\nrecess = "verkiezingsreces"\nfirst_day = 2019-02-11\nlast_day = 2019-02-14\n'
    )
    assert json.loads(cli("extract", path).stdout)["deadline"]["to"] == "2019-02-10" < due


def test_the_prefix_of_the_configuration_starts_the_numbers(cli: Cli, write: Write) -> None:
    (cli.folder / "config.toml").write_text('[numbers]\nprefix = "KW"\n')
    cli("ingest", write())
    assert {row["number"][:8] for row in cli.rows("list")} == {"KW-2023-"}


def test_run_once_reads_the_inbox_and_writes_both_lists(cli: Cli, write: Write) -> None:
    write("inbox/brief.txt")
    (cli.folder / "config.toml").write_text('[inbox]\nfolder = "inbox"\n[report]\noutput = "out"\n')
    assert cli.process("run", "--once").returncode == 0
    assert len(cli.rows("documents")) == 1
    assert {p.suffix for p in (cli.folder / "out").iterdir()} == {".html", ".txt"}
