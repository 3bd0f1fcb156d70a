"""An ingest of a folder that is killed anywhere, done twice at once, or out of room: nothing lost, nothing double."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tracker import pipeline
from tracker.cli.rows import commitment_row
from tracker.errors import StoreUnavailable
from tracker.knowledge import Knowledge
from tracker.store import Store

STORY = Path(__file__).parents[1] / "story" / "documents"
LATE = date(2025, 1, 1)

#: So many times an ingest is killed, each in another fiftieth of its steps, and so many seconds after that at most.
KILLS = 50
AFTER = 0.003


def ingest(url: str, knowledge: Knowledge) -> None:
    with Store.open(url, wait=60) as store:
        outcomes = pipeline.ingest(store, [STORY], knowledge)
    assert not any(outcome.error for outcome in outcomes)


def start(work: Callable[..., None], *arguments: object) -> BaseProcess:
    """A program of its own. It is forked, so it begins at once."""
    program = get_context("fork").Process(target=work, args=arguments)
    program.start()
    return program


@dataclass(frozen=True)
class Content:
    """All that a store says, and how many events each commitment has."""

    rows: list[dict[str, object]]
    revisions: dict[str, int]
    documents: int


def content(url: str) -> Content:
    with Store.open(url) as store:
        assert store.verify() == []
        rows = [commitment_row(c, "nl") for c in store.commitments(as_of=LATE)]
        return Content(rows, store.revisions(), len(store.documents()))


def at_each_step(do: Callable[[str], None]) -> None:
    """Call `do` before each statement that this program sends to a database, and at each commit."""
    event.listen(Engine, "before_cursor_execute", lambda *_: do("statement"))
    event.listen(Engine, "commit", lambda *_: do("commit"))


def ingest_counting(url: str, knowledge: Knowledge, path: Path) -> None:
    steps: list[str] = []
    at_each_step(steps.append)
    ingest(url, knowledge)
    path.write_text(" ".join(steps))


def ingest_and_die(url: str, knowledge: Knowledge, step: int, after: float) -> None:
    """Kill -9 so many seconds after a step: also in the middle of what SQLite does for it."""
    left = step

    def count(_: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            threading.Timer(after, os.kill, (os.getpid(), signal.SIGKILL)).start()

    at_each_step(count)
    ingest(url, knowledge)
    time.sleep(60)


@dataclass(frozen=True)
class Undisturbed:
    content: Content
    steps: list[str]


@pytest.fixture(scope="module")
def undisturbed(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    url, counted = f"sqlite:///{folder / 'tracker.sqlite3'}", folder / "steps"
    program = start(ingest_counting, url, knowledge, counted)
    program.join()
    assert program.exitcode == 0
    return Undisturbed(content(url), counted.read_text().split())


def step_of(kill: int, steps: int) -> int:
    """The same in every run, so that a failure can be seen again."""
    return 1 + int((kill + random.Random(kill).random()) * steps / KILLS)


def test_the_kills_fall_into_the_making_of_the_tables_and_into_every_document(undisturbed: Undisturbed) -> None:
    steps = undisturbed.steps
    commits = {steps[: step_of(kill, len(steps))].count("commit") for kill in range(KILLS)}
    saves = steps.count("commit")
    assert undisturbed.content.documents == 10 and saves > 10 and min(commits) <= 1
    assert len(commits) > 10 and max(commits) >= saves - 1


@pytest.mark.parametrize("part", range(10))
def test_killed_at_any_moment_the_next_run_finishes(
    tmp_path: Path, knowledge: Knowledge, undisturbed: Undisturbed, part: int
) -> None:
    for kill in range(part * KILLS // 10, (part + 1) * KILLS // 10):
        url = f"sqlite:///{tmp_path / f'{kill}.sqlite3'}"
        program = start(ingest_and_die, url, knowledge, step_of(kill, len(undisturbed.steps)), random.random() * AFTER)
        program.join()
        assert program.exitcode == -signal.SIGKILL
        assert content(url).documents <= 10
        ingest(url, knowledge)
        assert content(url) == undisturbed.content, f"kill {kill}"


def test_two_programs_that_read_one_folder_at_once(
    tmp_path: Path, knowledge: Knowledge, undisturbed: Undisturbed
) -> None:
    """Which of them is first with a document is chance, and so are the numbers; all else is the same."""
    url = f"sqlite:///{tmp_path / 'tracker.sqlite3'}"
    programs = [start(ingest, url, knowledge) for _ in range(2)]
    for program in programs:
        program.join()
    assert [program.exitcode for program in programs] == [0, 0]
    together, alone = content(url), undisturbed.content
    assert together.documents == 10
    assert sorted(together.revisions.values()) == sorted(alone.revisions.values())
    assert [unnumbered(row) for row in together.rows] == [unnumbered(row) for row in alone.rows]


def unnumbered(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "number"}


def ingest_within(url: str, knowledge: Knowledge, size: int) -> None:
    """No file of this program may grow over a size: what a quota does, and what needs no disk of its own."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        ingest(url, knowledge)
    except StoreUnavailable as problem:
        os._exit(3 if "nothing" in str(problem) else 4)


@pytest.mark.parametrize("size", [100, 250, 400, 500, 650, 800], ids=lambda size: f"{size} kB")
def test_out_of_room_the_store_holds_whole_documents_and_the_next_run_finishes(
    tmp_path: Path, knowledge: Knowledge, undisturbed: Undisturbed, size: int
) -> None:
    url = f"sqlite:///{tmp_path / 'tracker.sqlite3'}"
    program = start(ingest_within, url, knowledge, size * 1000)
    program.join()
    assert program.exitcode == 3, "it says that there is no room, and that nothing of the document was stored"
    assert content(url).documents < 10
    ingest(url, knowledge)
    assert content(url) == undisturbed.content


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_fills_up_during_an_ingest(tmp_path: Path, knowledge: Knowledge, undisturbed: Undisturbed) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        url = f"sqlite:///{disk / 'tracker.sqlite3'}"
        with pytest.raises(StoreUnavailable, match="no room left on the disk"):
            ingest(url, knowledge)
        stored = content(url).documents
        assert 0 < stored < 10
        subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
        ingest(url, knowledge)
        assert content(url) == undisturbed.content
    finally:
        subprocess.run(["umount", str(disk)], check=False)
