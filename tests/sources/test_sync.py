"""A sync that anything may interrupt: nothing is lost or stored twice, and trouble never looks like "nothing new"."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker import pipeline
from tracker.documents.sources.http import Client
from tracker.documents.sources.originals import Fetcher, Originals
from tracker.documents.sources.subscription import Subscription
from tracker.documents.sources.sync import MOST_ATTEMPTS
from tracker.errors import StoreLocked
from tracker.knowledge import Knowledge
from tracker.store import Store

from .conftest import QUICK, Reader, content_of
from .server import Fault, Service, document, letter, publication, serve, toezegging

Content = Callable[[Store], Any]


def fill(service: Service, count: int = 7, page_size: int = 3) -> None:
    service.page_size = page_size
    service.documents = [document(number) for number in range(count)]


# ── What is counted, and what is an alarm ────────────────────────────────────────────────────────────────────────


def test_a_second_walk_finds_nothing_to_do(reader: Reader) -> None:
    fill(reader.service)
    first, second = reader.sync(), reader.sync()
    assert (first.inserted, first.problem) == (7, None)
    assert (second.inserted, second.updated, second.failed, second.problem) == (0, 0, 0, None)


def test_nothing_at_all_is_an_alarm_unless_declared(reader: Reader) -> None:
    assert "nothing at all" in (reader.sync().problem or "")
    assert reader.alarms() == ["empty"]
    assert reader.sync(may_be_empty=True).problem is None
    assert reader.alarms() == []


@pytest.mark.parametrize(
    ("fault", "alarm"),
    [(503, "outage"), (429, "outage"), ("dropped", "truncated"), ("truncated", "truncated"), ("unframed", "truncated"),
     ("html", "schema"), (400, "schema"), (403, "schema"), (404, "missing"), ("slow", "outage")],
)  # fmt: skip
def test_trouble_with_the_list_is_an_alarm_until_a_whole_walk_succeeds(
    reader: Reader, fault: int | str, alarm: str
) -> None:
    fill(reader.service, 2)
    reader.service.fail(*[Fault(fault)] * 9)
    counts = reader.sync()
    assert counts.problem
    assert reader.alarms() == [alarm]
    assert reader.store.source_statuses()[0].finished_at is None
    reader.service.fail()
    assert reader.sync().inserted == 2
    assert reader.alarms() == []
    assert [one.kind for one in reader.store.alarms(past=True)] == [alarm]


def test_an_alarm_that_goes_on_is_one_alarm(reader: Reader) -> None:
    fill(reader.service, 1)
    reader.service.fail(*[Fault(503)] * 99)
    for _ in range(3):
        reader.sync()
    (alarm,) = reader.store.alarms()
    assert (alarm.times, alarm.cleared_at) == (3, None)
    assert alarm.raised_at < alarm.last_at


def test_a_file_shorter_than_announced_is_not_taken(reader: Reader) -> None:
    """[l.32] The only sign where the transfer itself has no length."""
    fill(reader.service, 2)
    reader.service.fail(*[Fault("unframed")] * 3, on=f"({document(0)['Id']})/resource")
    assert "were announced" in (reader.sync().problem or "")
    assert (reader.alarms(), reader.store.documents()) == (["truncated"], [])


def test_a_file_that_is_not_there_does_not_stop_the_others(reader: Reader) -> None:
    fill(reader.service, 4)
    reader.service.fail(Fault(404), on="/resource")
    counts = reader.sync()
    assert (counts.inserted, counts.failed, counts.problem) == (3, 1, None)
    assert reader.alarms() == ["documents"]
    reader.service.fail()
    assert reader.sync().inserted == 1, "it is tried again"
    assert reader.alarms() == []


def test_a_file_that_cannot_be_read_is_noted_with_its_reason(reader: Reader) -> None:
    reader.service.documents = [document(1, content=b"\x00\x01\x02" * 400), document(2)]
    counts = reader.sync()
    assert (counts.inserted, counts.failed) == (1, 1)
    (problem,) = reader.store.source("tweedekamer").problems()
    assert problem.problem
    assert problem.record is not None
    assert problem.record["DocumentNummer"] == "2024D00001"


def test_a_file_that_never_comes_holds_up_the_others_only_so_long(reader: Reader) -> None:
    fill(reader.service, 3)
    first = document(0)["Id"]
    reader.service.trouble = lambda number, path: Fault(500) if first in path else None
    for _ in range(MOST_ATTEMPTS - 1):
        assert reader.sync().problem
        assert reader.store.documents() == []
    counts = reader.sync()
    assert (counts.problem, counts.inserted, counts.failed) == (None, 2, 1)
    assert reader.alarms() == ["documents"]
    asked = len(reader.service.asked)
    reader.sync()
    assert not any(first in path for path in reader.service.paths()[asked:]), "and is left alone from then on"


def test_only_one_program_fetches_into_a_folder(reader: Reader) -> None:
    fill(reader.service, 1)
    with reader.fetcher.originals.mine(), pytest.raises(StoreLocked, match="another program is fetching"):
        reader.sync()


# ── Originals, and reading them without a network ────────────────────────────────────────────────────────────────


def test_originals_are_kept_by_their_hash(reader: Reader) -> None:
    import hashlib

    fill(reader.service, 2)
    reader.sync()
    for number in range(2):
        digest = hashlib.sha256(letter(number).encode()).hexdigest()
        kept = reader.fetcher.originals.folder / digest[:2] / f"{digest}.txt"
        assert kept.read_bytes() == letter(number).encode()


def test_originals_that_were_damaged_are_fetched_again(reader: Reader, tmp_path: Path, content: Content) -> None:
    """Lost power, or a bad disk: a file is there, and empty or other than it was."""
    fill(reader.service, 4)
    reader.sync()
    files = sorted(reader.fetcher.originals.folder.glob("??/*.txt"))
    files[0].write_bytes(b"")
    files[1].write_bytes(b"x" + files[1].read_bytes()[1:])
    asked = len(reader.service.asked)
    with Store.open(f"sqlite:///{tmp_path / 'again.sqlite3'}") as empty:
        assert reader.into(empty).sync().inserted == 4
        assert content(empty) == content(reader.store)
    assert sum(path.endswith("/resource") for path in reader.service.paths()[asked:]) == 2


def test_a_store_that_was_lost_is_read_again_without_a_network(
    reader: Reader, tmp_path: Path, content: Content
) -> None:
    fill(reader.service)
    reader.sync()
    reader.service.documents += [document(50), document(51)]
    reader.sync()
    reader.service.documents += [document(3000)]
    reader.sync()
    asked = len(reader.service.asked)
    with Store.open(f"sqlite:///{tmp_path / 'again.sqlite3'}") as empty:
        counts = reader.into(empty).sync(offline=True)
        assert (counts.problem, counts.inserted) == (None, 10)
        assert content(empty) == content(reader.store)
    assert len(reader.service.asked) == asked


def test_a_replay_goes_over_the_gap_of_a_broken_walk(reader: Reader, tmp_path: Path, content: Content) -> None:
    fill(reader.service)
    reader.service.fail(*[None] * 5, *[Fault(503)] * 3)
    assert reader.sync().problem
    reader.sync()
    with Store.open(f"sqlite:///{tmp_path / 'again.sqlite3'}") as empty:
        assert reader.into(empty).sync(offline=True).inserted == 7
        assert content(empty) == content(reader.store)


def test_offline_without_anything_kept_says_so(reader: Reader) -> None:
    assert reader.sync(offline=True).problem
    assert reader.alarms() == ["empty"]
    assert "not kept" in (reader.sync("register", offline=True).problem or "")


# ── Kills ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Bench:
    """A folder with a store and originals, and runs of a sync into it that may be killed."""

    def __init__(self, folder: Path, service: Service, knowledge: Knowledge, publisher: str) -> None:
        address = service.sru if publisher == "officielebekendmakingen" else service.odata
        self.folder = folder
        self.knowledge = knowledge
        self.subscription = Subscription(name=publisher, publisher=publisher, address=address)

    def store(self) -> Store:
        return Store.open(f"sqlite:///{self.folder / 'tracker.sqlite3'}")

    def run(self, attempts: int = 1) -> str | None:
        """A whole run in this process; what ended it early."""
        with self.store() as store, Client(replace(QUICK, attempts=attempts)) as client:
            fetcher = Fetcher(Originals(self.folder / "originals"), client)
            return pipeline.sync(store, self.subscription, fetcher, self.knowledge).problem

    def killed_at(self, step: int) -> bool:
        """A run in a process of its own that is gone without a word at this step; False: it had no so many steps.

        A step is a file opened or put in place, a connection, or a transaction that is about to be written.
        """
        if (child := os.fork()) == 0:
            self._die_at(step)
            self.run()
            os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9

    def _die_at(self, step: int) -> None:
        from sqlalchemy import Engine, event

        steps = iter(range(step))

        def tick(*_: object) -> None:
            if next(steps, None) is None:
                os._exit(9)

        def audit(name: str, arguments: tuple[object, ...]) -> None:
            inside = name == "open" and str(arguments[0]).startswith(str(self.folder / "originals"))
            if inside or name in {"os.rename", "socket.connect"}:
                tick()

        sys.addaudithook(audit)
        event.listen(Engine, "commit", tick)


@contextmanager
def bench(folder: Path, knowledge: Knowledge, publisher: str) -> Iterator[tuple[Service, Bench]]:
    with serve(Service()) as service:
        # An hour apart: what is asked again for good measure hides nothing.
        service.page_size, service.documents = 2, [document(60 * number) for number in range(5)]
        service.register = [toezegging(number) for number in range(12)]
        service.publications = [publication(service, number) for number in (4, 2, 5)]
        yield service, Bench(folder, service, knowledge, publisher)


def time_passes(service: Service) -> None:
    """What is published later: new documents, a new version of one, one that is withdrawn, a record that changes."""
    later = {"GewijzigdOp": "2024-04-01T12:00:00Z"}
    more = f"{letter(60)}\nIk stuur u voor 1 mei 2024 de kosten.\n".encode()
    service.documents[1:3] = [
        document(60, content=more, GewijzigdOp="2024-04-01T11:00:00Z"),
        document(120, Verwijderd=True, **later),
    ]
    service.documents.append(document(360, **later))
    service.register[2] = toezegging(2, Status="Afgedaan")
    del service.register[4]
    service.publications.append(publication(service, 6))


def undisturbed(folder: Path, knowledge: Knowledge, publisher: str) -> tuple[Any, Any]:
    """What is stored after a quiet walk, and after another one later."""
    with bench(folder, knowledge, publisher) as (service, quiet):
        assert quiet.run() is None
        first = stored(quiet)
        time_passes(service)
        assert quiet.run() is None
        return first, stored(quiet)


def stored(bench_: Bench) -> Any:
    with bench_.store() as store:
        assert store.verify() == []
        return content_of(store)


PUBLISHERS = ("tweedekamer", "officielebekendmakingen", "register")


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_killed_at_any_step_and_run_again_it_is_as_if_nothing_had_happened(
    publisher: str, tmp_path: Path, knowledge: Knowledge
) -> None:
    expected, _ = undisturbed(tmp_path / "quiet", knowledge, publisher)
    step, more = 0, True
    while more:
        with bench(tmp_path / str(step), knowledge, publisher) as (_, killed):
            with killed.store():
                pass  # the tables are there
            more = killed.killed_at(step)
            assert killed.run() is None
            assert stored(killed) == expected, f"killed at step {step}"
        step += 1 + step // 3  # every step at first, then here and there
    assert step > 10


def test_what_was_fetched_before_a_kill_is_not_fetched_again(tmp_path: Path, knowledge: Knowledge) -> None:
    with bench(tmp_path, knowledge, "tweedekamer") as (service, killed):
        with killed.store():
            pass
        assert killed.killed_at(30)
        before = {path for path in service.paths() if path.endswith("/resource")}
        asked = len(service.asked)
        killed.run()
        after = {path for path in service.paths()[asked:] if path.endswith("/resource")}
    assert before
    assert len(before & after) <= 1, "at most the one on its way when the kill came"


FAULTS = st.dictionaries(
    st.integers(0, 12), st.sampled_from([503, 429, 500, "truncated", "unframed", "dropped", "html"]), max_size=3
)
#: Runs, each with what goes wrong at which request, and the step at which it is killed.
RUNS = st.lists(st.tuples(FAULTS, st.none() | st.integers(0, 40)), max_size=MOST_ATTEMPTS - 1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(publisher=st.sampled_from(PUBLISHERS), now=RUNS, later=RUNS)
def test_whatever_fails_when_after_recovery_the_store_is_that_of_an_undisturbed_run(
    publisher: str,
    now: list[tuple[dict[int, int | str], int | None]],
    later: list[tuple[dict[int, int | str], int | None]],
    quiet: dict[str, tuple[Any, Any]],
    knowledge: Knowledge,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    first, second = quiet[publisher]
    with bench(tmp_path_factory.mktemp("disturbed"), knowledge, publisher) as (service, disturbed):
        with disturbed.store():
            pass  # the tables are there
        disturb(service, disturbed, now)
        assert stored(disturbed) == first
        time_passes(service)
        disturb(service, disturbed, later)
        assert stored(disturbed) == second


def disturb(service: Service, bench_: Bench, runs: list[tuple[dict[int, int | str], int | None]]) -> None:
    """Runs in which things go wrong, and one in which nothing does."""
    for faults, step in runs:
        start = len(service.asked)

        def trouble(number: int, path: str, start: int = start, faults: Any = faults) -> Fault | None:
            kind = faults.get(number - start)
            # A file of SRU comes without a size: half of a text looks whole.
            unseen = kind in {"unframed", "html"} and "/frbr/" in path
            return Fault(kind) if kind and not unseen else None

        service.trouble = trouble
        if step is None:
            bench_.run()
        else:
            bench_.killed_at(step)
    service.fail()
    assert bench_.run() is None


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> dict[str, tuple[Any, Any]]:
    return {one: undisturbed(tmp_path_factory.mktemp("quiet"), knowledge, one) for one in PUBLISHERS}


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_what_a_comparison_compares(publisher: str, quiet: dict[str, tuple[Any, Any]]) -> None:
    """What the property above compares holds something, and another thing later."""
    first, second = quiet[publisher]
    assert first != second
    what = "register" if publisher == "register" else "documents"
    assert len(first[what]) >= 3
    assert first["positions"] or publisher == "register"
    if publisher == "tweedekamer":
        assert [about.withdrawn is not None for _, _, about, *_ in second["documents"]].count(True) == 1
        assert [versions for _, _, _, _, versions, *_ in second["documents"]].count(2) == 1


def test_kill_9_of_the_command(tmp_path: Path, knowledge: Knowledge) -> None:
    """The command as a user runs it, killed by the system in the middle of its work, twice."""
    with bench(tmp_path, knowledge, "tweedekamer") as (service, killed):
        fill(service, 40, page_size=10)
        (tmp_path / "config.toml").write_text(
            f'[database]\nurl = "sqlite:///tracker.sqlite3"\n'
            f'[network]\noriginals = "originals"\npause = 0\nallow_private = true\n'
            f'[[source]]\nname = "tweedekamer"\npublisher = "tweedekamer"\naddress = "{service.odata}"\n'
        )
        command = [sys.executable, "-c", "from tracker.cli import main; main()", "sources", "sync"]
        for enough in (10, 25):
            process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            until = time.monotonic() + 30
            while len(service.asked) < enough and time.monotonic() < until:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            assert process.returncode == -signal.SIGKILL
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        with killed.store() as store:
            assert len(store.documents()) == 40
            assert len({row.metadata.identifier for row in store.documents()}) == 40
            assert store.verify() == []
            assert store.alarms() == []
