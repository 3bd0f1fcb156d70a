"""`tracker run`: what runs when, what is caught up, what is recorded, and how it ends."""

import itertools
import os
import signal
import sqlite3
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from filelock import FileLock

from tracker import clock, schedule
from tracker.commitments.state import Status
from tracker.config import Backup, Config, Database, Inbox, Job, Linking, Report
from tracker.errors import ConfigError, StoreLocked, StoreUnavailable, TrackerError
from tracker.store import Store

MONDAY = Job(name="report", does="report", cron="0 7 * * mon")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return settings(tmp_path)


def settings(folder: Path, *jobs: Job) -> Config:
    return Config(
        database=Database(url=f"sqlite:///{folder / 'db' / 'tracker.sqlite3'}"),
        report=Report(output=folder / "reports"),
        inbox=Inbox(folder=folder / "inbox"),
        backup=Backup(folder=folder / "backups"),
        **({"jobs": jobs} if jobs else {}),
    )


def history(config: Config) -> list[tuple[str, str | None]]:
    with Store.open(config.database.url, read_only=True) as store:
        return [(each.job, each.outcome) for each in reversed(store.runs())]


@pytest.fixture
def doing(monkeypatch):
    """Puts a function in the place of what the job `report` does."""

    def put(function) -> None:
        monkeypatch.setattr(schedule, "DOES", {**schedule.DOES, "report": function})

    return put


# ── When ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_year_of_mondays_at_seven_in_amsterdam_over_both_changes_of_the_clock():
    when, moment, found = schedule.trigger(MONDAY), datetime(2026, 1, 1, tzinfo=UTC), []
    while (moment := when.get_next_fire_time(moment, moment + timedelta(seconds=1))).year == 2026:
        found.append(moment)
    assert len(found) == 52
    assert {(each.weekday(), each.hour, each.minute) for each in found} == {(0, 7, 0)}
    assert {each.astimezone(UTC).hour for each in found} == {5, 6}  # summer and winter
    assert {b.date() - a.date() for a, b in itertools.pairwise(found)} == {timedelta(days=7)}


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        pytest.param("2026-03-23T06:00", "2026-03-29T23:00", False, id="not yet due"),
        pytest.param("2026-03-23T06:00", "2026-03-30T05:00", True, id="due this minute, in summer time"),
        pytest.param("2026-03-23T06:00", "2026-03-30T04:59", False, id="a minute early, in summer time"),
        pytest.param("2026-03-23T06:00", "2026-05-01T00:00", True, id="weeks asleep"),
        pytest.param("2026-03-30T05:00", "2026-03-30T05:30", False, id="just done"),
        pytest.param(None, "2026-03-30T05:00", False, id="never ran"),
    ],
)
def test_what_was_missed(last, now, expected):
    began = datetime.fromisoformat(last).replace(tzinfo=UTC) if last else None
    assert schedule.missed(schedule.trigger(MONDAY), began, datetime.fromisoformat(now).replace(tzinfo=UTC)) is expected


def test_an_impossible_time_is_an_error_that_names_the_job():
    with pytest.raises(ConfigError, match=r"jobs\.report\.cron.*0 7 \* \* mon"):
        schedule.trigger(Job(name="report", does="report", cron="99 7 * * mon"))


# ── Once ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@time_machine.travel(datetime(2026, 9, 7, 5, 0, tzinfo=UTC), tick=False)
def test_once_does_every_job_and_records_it(config):
    schedule.run(config, once=True)
    assert history(config) == [(name, "done") for name in ("refresh", "backup", "inbox", "overdue", "report", "outbox")]
    assert sorted(p.name for p in config.report.output.iterdir()) == [
        "index.html",
        "tracker-rapport-2026-09-07.html",
        "tracker-verstreken-2026-09-07.txt",
    ]


def test_the_inbox_is_read_and_a_bad_file_told(config):
    config.inbox.folder.mkdir()
    (config.inbox.folder / "brief.txt").write_text(
        "Den Haag, 2 maart 2026\n\nGeachte voorzitter,\n\n"
        "Ik zal uw Kamer vóór 1 juli 2026 informeren over de veerdiensten.\n",
        encoding="utf-8",
    )
    (config.inbox.folder / "leeg.txt").touch()
    with Store.open(config.database.url) as store:
        outcome, detail = schedule.read_inbox(store, config)
        assert len(store.commitments(as_of=date(2026, 9, 7))) == 1
    assert outcome == "partly"
    assert detail.startswith("1 new of 2 files; ")
    assert "leeg.txt" in detail


@pytest.mark.parametrize(("close", "expected"), [(0.75, Status.FULFILLED), (1.0, Status.OPEN)])
def test_a_job_links_by_the_thresholds_of_the_configuration(tmp_path, close, expected):
    config = settings(tmp_path, Job(name="inbox", does="inbox")).model_copy(update={"linking": Linking(close=close)})
    config.inbox.folder.mkdir()
    for day, said in (
        ("2 maart 2026", "Ik zal uw Kamer vóór 1 juli 2026 informeren over de dienstregeling van de veerdiensten."),
        (
            "4 juni 2029",  # so late that it is likely, and no more
            "Met deze brief doe ik mijn toezegging uit de brief van 2 maart 2026 gestand om uw Kamer te informeren "
            "over de veerdiensten en de oevers.",
        ),
    ):
        (config.inbox.folder / f"{day}.txt").write_text(
            "Veerdiensten\n\nBRIEF VAN DE MINISTER VAN INFRASTRUCTUUR EN WATERSTAAT\n\n"
            f"Aan de Voorzitter van de Tweede Kamer der Staten-Generaal\n\nDen Haag, {day}\n\n{said}\n",
            encoding="utf-8",
        )
    schedule.run(config, once=True)
    with Store.open(config.database.url, read_only=True) as store:
        assert [c.status for c in store.commitments(as_of=date(2029, 9, 7))] == [expected]


def test_the_second_report_compares_with_the_first(config):
    for day in (datetime(2026, 9, 7, 5, tzinfo=UTC), datetime(2026, 9, 14, 5, tzinfo=UTC)):
        with time_machine.travel(day, tick=False):
            schedule.run(config, once=True)
    page = (config.report.output / "tracker-rapport-2026-09-14.html").read_text(encoding="utf-8")
    assert "Vergeleken met de stand van" in page
    assert '<time datetime="2026-09-07">7 september 2026</time>' in page


def test_an_inbox_that_is_not_there_is_made(config):
    schedule.run_one(config, "inbox")
    assert config.inbox.folder.is_dir()


def test_a_job_that_fails_is_recorded_and_does_not_stop_the_next(tmp_path, doing):
    config = settings(tmp_path, MONDAY, Job(name="inbox", does="inbox"))

    def fail(store, config):
        raise OSError("disk full")

    doing(fail)
    with pytest.raises(TrackerError, match="failed: report"):
        schedule.run(config, once=True)
    assert history(config) == [("report", "failed"), ("inbox", "done")]


def test_a_job_that_fails_by_the_clock_is_tried_again_a_little_later(tmp_path, doing, monkeypatch):
    monkeypatch.setattr(schedule, "AGAIN", (timedelta(seconds=0.1),) * 2)
    config = settings(tmp_path, MONDAY)
    outcomes = iter(["full", "full", "done"])

    def work(store, config):
        if (outcome := next(outcomes)) == "full":
            raise OSError("disk full")
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM)).start()
        return outcome, ""

    doing(work)
    with Store.open(config.database.url, now=lambda: datetime(2026, 1, 5, 6, 0, tzinfo=UTC)) as store:
        store.finish_run(store.start_run("report"), "done")
    schedule.run(config)
    assert history(config)[1:] == [("report", "failed"), ("report", "failed"), ("report", "done")]


def test_a_job_that_keeps_failing_waits_for_its_next_time(tmp_path, doing, monkeypatch):
    monkeypatch.setattr(schedule, "AGAIN", (timedelta(seconds=0.1),) * 2)
    config = settings(tmp_path, MONDAY)
    tries = []

    def work(store, config):
        tries.append(1)
        if len(tries) == 3:
            threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGTERM)).start()
        raise OSError("disk full")

    doing(work)
    with Store.open(config.database.url, now=lambda: datetime(2026, 1, 5, 6, 0, tzinfo=UTC)) as store:
        store.finish_run(store.start_run("report"), "done")
    schedule.run(config)
    assert len(tries) == 3


def test_an_error_of_the_program_is_recorded_told_and_does_not_stop_the_next(tmp_path, doing, caplog):
    def bug(store, config):
        raise ZeroDivisionError("a share of nothing")

    doing(bug)
    config = settings(tmp_path, MONDAY, Job(name="inbox", does="inbox"))
    with pytest.raises(TrackerError, match="failed: report"):
        schedule.run(config, once=True)
    assert history(config) == [("report", "failed"), ("inbox", "done")]
    with Store.open(config.database.url, read_only=True) as store:
        assert "ZeroDivisionError('a share of nothing')" in store.runs(1, job="report")[0].detail
    assert "Traceback" in caplog.text


def test_a_copy_that_cannot_be_made_costs_no_report(tmp_path, monkeypatch):
    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("tracker.store.backup.closing", full)
    config = settings(tmp_path, Job(name="backup", does="backup"), MONDAY)
    with pytest.raises(TrackerError, match="failed: backup"):
        schedule.run(config, once=True)
    assert history(config) == [("backup", "failed"), ("report", "done")]


def test_a_database_that_is_locked_for_one_job_costs_not_the_next(tmp_path, monkeypatch):
    config = settings(tmp_path, MONDAY, Job(name="inbox", does="inbox"))
    start = Store.start_run

    def held(store, job):
        if job == "report":
            raise StoreLocked("another program holds the database")
        return start(store, job)

    monkeypatch.setattr(Store, "start_run", held)
    with pytest.raises(TrackerError, match="failed: report"):
        schedule.run(config, once=True)
    assert history(config) == [("inbox", "done")]


def test_a_server_is_backed_up_by_its_own_tools_and_that_is_no_failure(tmp_path):
    server = settings(tmp_path).model_copy(update={"database": Database(url="postgresql+psycopg://db.example/tracker")})
    with Store.open("sqlite://") as store:
        assert schedule.back_up(store, server) == ("done", "nothing to copy: a server is backed up by its own tools")


# ── One at a time, and the end ───────────────────────────────────────────────────────────────────────────────────


def test_a_second_run_on_the_same_store_is_refused_with_a_clear_message(config):
    path = schedule.lock_path(config.database.url)
    path.parent.mkdir()
    with FileLock(path), pytest.raises(StoreLocked, match="another `tracker run` already works on this store"):
        schedule.run(config, once=True)
    schedule.run(config, once=True)  # the lock is free again


def test_a_folder_that_cannot_be_written_is_named(config):
    schedule.lock_path(config.database.url).mkdir(parents=True)  # what even root cannot write over
    for doing in (lambda: schedule.run(config, once=True), lambda: schedule.run_one(config, "backup")):
        with pytest.raises(StoreUnavailable, match=r"cannot be written .*check the rights of its folder"):
            doing()


def test_the_lock_of_a_server_shows_no_login():
    path = schedule.lock_path("postgresql+psycopg://jan:geheim@db.example/tracker")
    assert "jan" not in path.name
    assert "geheim" not in path.name


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("once", [True, False], ids=["once", "by the clock"])
def test_a_signal_lets_the_running_job_finish(tmp_path, doing, number, once):
    config = settings(tmp_path, MONDAY)
    started, finished, told = threading.Event(), threading.Event(), threading.Event()

    def slow(store, config):
        started.set()
        told.wait(10)
        finished.set()
        return "done", "finished"

    def tell() -> None:
        assert started.wait(10)
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)  # an impatient second one does not cut the job off
        told.set()

    doing(slow)
    long_ago = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
    with Store.open(config.database.url, now=lambda: long_ago) as store:  # so that the clock has something to catch up
        store.finish_run(store.start_run("report"), "done")
    handler = signal.getsignal(number)
    teller = threading.Thread(target=tell)
    teller.start()
    schedule.run(config, once=once)
    teller.join()
    assert finished.is_set()
    assert history(config) == [("report", "done"), ("report", "done")]
    assert signal.getsignal(number) is handler
    assert not FileLock(schedule.lock_path(config.database.url)).is_locked


def test_a_signal_while_a_job_is_handed_out_is_not_lost(tmp_path, doing, monkeypatch):
    class Interrupted(schedule.SchedulerPool):
        def _do_submit_job(self, job, run_times):
            if job.id == MONDAY.name:
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(0.2)
            super()._do_submit_job(job, run_times)

    monkeypatch.setattr(schedule, "SchedulerPool", Interrupted)
    config = settings(tmp_path, MONDAY)
    doing(lambda store, config: ("done", ""))
    with Store.open(config.database.url, now=lambda: datetime(2026, 1, 5, 6, 0, tzinfo=UTC)) as store:
        store.finish_run(store.start_run("report"), "done")
    schedule.run(config)
    assert not FileLock(schedule.lock_path(config.database.url)).is_locked


def test_what_was_missed_runs_once_however_much_it_was(tmp_path, doing):
    config = settings(tmp_path, MONDAY)
    runs = []

    def count(store, config):
        runs.append(clock.now())
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
        return "done", ""

    doing(count)
    long_ago = datetime(2020, 1, 6, 6, 0, tzinfo=UTC)
    with Store.open(config.database.url, now=lambda: long_ago) as store:
        store.finish_run(store.start_run("report"), "done")
    schedule.run(config)
    assert len(runs) == 1
