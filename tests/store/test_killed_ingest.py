"""An ingest of a folder that is killed anywhere, or done twice at once: nothing is lost, nothing is there twice."""

from __future__ import annotations

import random
import time
from datetime import date
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from tracker import pipeline
from tracker.cli.rows import commitment_row
from tracker.knowledge import Knowledge
from tracker.store import Store

STORY = Path(__file__).parents[1] / "story" / "documents"
LATE = date(2025, 1, 1)

#: So many times an ingest is killed, each at another moment of the half second that it takes.
KILLS = 50
LASTS = 0.35


def ingest(url: str, knowledge: Knowledge) -> None:
    with Store.open(url, wait=60) as store:
        outcomes = pipeline.ingest(store, [STORY], knowledge)
    assert not any(outcome.error for outcome in outcomes)


def start(url: str, knowledge: Knowledge) -> BaseProcess:
    """A program of its own that ingests the folder. It is forked, so it begins at once."""
    program = get_context("fork").Process(target=ingest, args=(url, knowledge))
    program.start()
    return program


def content(store: Store) -> list[dict[str, object]]:
    rows = [commitment_row(c, "nl") for c in store.commitments(as_of=LATE)]
    return [{name: value for name, value in row.items() if name != "number"} for row in rows]


@pytest.fixture(scope="module")
def undisturbed(knowledge: Knowledge) -> list[dict[str, object]]:
    with Store.open("sqlite://") as store:
        pipeline.ingest(store, [STORY], knowledge)
        return content(store)


@pytest.mark.parametrize("part", range(10))
def test_killed_at_any_moment_the_next_run_finishes(
    tmp_path: Path, knowledge: Knowledge, undisturbed: list[dict[str, object]], part: int
) -> None:
    for kill in range(part, KILLS, 10):
        url = f"sqlite:///{tmp_path / f'{kill}.sqlite3'}"
        program = start(url, knowledge)
        time.sleep(LASTS * (kill + random.random()) / KILLS)
        program.kill()
        program.join()
        with Store.open(url) as store:
            assert store.verify() == []
        ingest(url, knowledge)
        with Store.open(url) as store:
            assert store.verify() == []
            assert len(store.documents()) == 10
            assert content(store) == undisturbed


def test_two_programs_that_read_one_folder_at_once(
    tmp_path: Path, knowledge: Knowledge, undisturbed: list[dict[str, object]]
) -> None:
    url = f"sqlite:///{tmp_path / 'tracker.sqlite3'}"
    programs = [start(url, knowledge) for _ in range(2)]
    for program in programs:
        program.join()
    assert [program.exitcode for program in programs] == [0, 0]
    with Store.open(url) as store:
        assert store.verify() == []
        assert len(store.documents()) == 10
        assert content(store) == undisturbed
