"""Whatever happens during an ingest, the store holds whole documents, each once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tracker.errors import StoreLocked
from tracker.store import Store

from .builders import LETTER, document, file, save, three, undated

LATE = date(2025, 1, 1)
TESTS = Path(__file__).parent.parent


def start(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    """A second program: Python code that may use the builders, with `sys.argv[1:]`."""
    prelude = "import os, sys\nfrom store.builders import *\n"
    path = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.Popen([sys.executable, "-c", prelude + code, *map(str, arguments)], env=environment)


#: Dies at the n-th statement that the second document sends to the database.
DIE = """
from sqlalchemy import event
store = Store.open(sys.argv[1])
save(store)
count = int(sys.argv[2])
@event.listens_for(store._writer, "before_cursor_execute")
def die(*_):
    global count
    count -= 1
    if count == 0:
        os._exit(9)
@event.listens_for(store._writer, "commit")
def die_at_last(_):
    os._exit(9)
save(store, document(LETTER + "PS\\n"))
"""


@pytest.mark.parametrize("statement", [1, 2, 5, 8, 12, 16, 20, 24, 28, 999])
def test_killed_while_saving_nothing_of_the_document_is_there(tmp_path: Path, statement: int) -> None:
    url = f"sqlite:///{tmp_path / 'tracker.sqlite3'}"
    assert start(DIE, url, statement).wait() == 9
    with Store.open(url) as store:
        assert store.verify() == []
        assert len(store.documents()) == 1
        assert save(store, document(LETTER + "PS\n")).new == ("TT-2024-0004", "TT-2024-0005", "TT-2024-0006")
        assert store.verify() == []


INGEST = """
with Store.open(sys.argv[1], wait=30) as store:
    for number in range(12):
        save(store, document(LETTER + f"Bijlage {number}\\n", name=f"{number}.txt"))
"""


def test_several_programs_that_read_the_same_folder_store_each_document_once(tmp_path: Path) -> None:
    """They also make the database at the same moment."""
    url = f"sqlite:///{tmp_path / 'tracker.sqlite3'}"
    programs = [start(INGEST, url) for _ in range(3)]
    assert [program.wait() for program in programs] == [0, 0, 0]
    with Store.open(url) as store:
        assert store.verify() == []
        assert len(store.documents()) == 12
        numbers = [c.number for c in store.commitments(as_of=LATE)]
        assert numbers == [f"TT-2024-{serial:04d}" for serial in range(1, 37)]


def test_a_document_that_another_program_stored_meanwhile_is_known(store: Store) -> None:
    doc = document()
    received = store.receive(doc, file(doc.text), rulebook_version="1")
    assert received.outcome == "new"
    save(store)
    assert store.save(received, three()).outcome == "known"


def test_a_document_that_was_dated_meanwhile_is_not_stored_with_the_old_date(store: Store) -> None:
    save(store, document(day=None), undated(three()))
    received = store.reread(1, rulebook_version="2")
    store.set_document(1, date=date(2024, 2, 1))
    with pytest.raises(StoreLocked, match=r"changed what is known of brief\.txt"):
        store.save(received, undated(three()))
    assert store.document(1).rulebook_version == "1"


def test_verify_finds_a_changed_state(tmp_path: Path) -> None:
    path, problems = tampered(tmp_path, "UPDATE commitment_state SET status = 'fulfilled' WHERE commitment_id = 2")
    assert problems == ["TT-2024-0002: its state is not that of its events (status)"]
    with Store.open(f"sqlite:///{path}") as store:
        assert store.rebuild() == 1
        assert store.verify() == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("DELETE FROM commitment_state WHERE commitment_id = 1", "TT-2024-0001: its state is not"),
        ("UPDATE work SET date = '2020-01-01'", "document 1: its metadata"),
        ("UPDATE mention SET commitment_id = 1 WHERE id = 3", "mention 3: carries another"),
        ("UPDATE text SET text = replace(text, 'sluizen', 'bruggen')", "mention 1: its sentence"),
        ("UPDATE event SET occurred_on = '2020-01-01' WHERE id = 1", "TT-2024-0001: its state is not"),
        ("UPDATE reading SET kind = 'act' WHERE id = 1", "TT-2024-0001: its state is not"),
        ("DELETE FROM version", "text: row 1 points at a missing row of version"),
    ],
    ids=["state", "document", "link", "text", "event", "reading", "orphan"],
)
def test_verify_finds_what_was_tampered_with(tmp_path: Path, change: str, problem: str) -> None:
    _, problems = tampered(tmp_path, change)
    assert any(line.startswith(problem) for line in problems), problems


def tampered(tmp_path: Path, change: str) -> tuple[Path, list[str]]:
    """A store that was changed behind the program's back, and what `verify` says of it."""
    path = tmp_path / "tracker.sqlite3"
    with Store.open(f"sqlite:///{path}") as store:
        save(store)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(change)
        raw.commit()
    with Store.open(f"sqlite:///{path}") as store:
        return path, store.verify()
