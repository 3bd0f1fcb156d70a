"""One report a week and recipient, whatever happens: a year of Mondays, sleep, a kill, two programs at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from tracker import clock, delivery, schedule
from tracker.config import Config, Job, Recipient
from tracker.store import Store
from tracker.store.outbox import LEASE, MailState

from .conftest import add, speaking

REPORT = Job(name="report", does="report", cron="0 7 * * mon")
OUTBOX = Job(name="outbox", does="outbox", cron="*/15 * * * *")
TWO = (Recipient(address="anna@example.org"), Recipient(address="bram@example.org"))


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, datetime]]:
    """What was handed over, and when; no server is needed."""
    found: list[tuple[str, datetime]] = []

    def take(message, settings, password, taken):
        found.append((message.recipient, clock.now()))
        taken()

    monkeypatch.setattr(delivery, "_send", take)
    return found


def weeks(sent: list[tuple[str, datetime]]) -> Counter[tuple[str, tuple[int, int]]]:
    """How many mails each recipient got in each ISO week."""
    return Counter((to, moment.astimezone(clock.AMSTERDAM).isocalendar()[:2]) for to, moment in sent)


def amsterdam(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.AMSTERDAM)


def run_by_the_clock(
    config: Config, monkeypatch, moments: Iterator[datetime] | list[datetime], settled: Callable
) -> None:
    """`tracker run` over these moments, one after another; each lasts until `settled(moment)`."""
    made: list[schedule.BackgroundScheduler] = []

    class Watched(schedule.BackgroundScheduler):
        def start(self, *given, **named):
            made.append(self)
            super().start(*given, **named)

    monkeypatch.setattr(schedule, "BackgroundScheduler", Watched)
    moments = iter(moments)
    failed: list[str] = []
    with time_machine.travel(next(moments)) as traveller:

        def idle() -> bool:
            return not any(made[0]._executors["default"]._instances.values())

        def live() -> None:
            while not (made and made[0].running):
                time.sleep(0.01)
            for moment in moments:
                traveller.move_to(moment)
                made[0].wakeup()
                for _ in range(2000):
                    time.sleep(0.005)
                    if settled(moment) and idle():
                        break
                else:
                    failed.append(f"nothing happened at {moment}")
                    break
            os.kill(os.getpid(), signal.SIGTERM)

        life = threading.Thread(target=live)
        life.start()
        schedule.run(config)
        life.join()
    assert failed == []


def mondays(year: int) -> list[datetime]:
    when, moment, found = schedule.trigger(REPORT), datetime(year, 1, 1, tzinfo=UTC), []
    while (moment := when.get_next_fire_time(moment, moment + timedelta(seconds=1))).year == year:
        found.append(moment)
    return found


def with_jobs(config: Config, *jobs: Job) -> Config:
    return config.model_copy(update={"jobs": jobs})


def test_a_year_of_mondays_over_both_changes_of_the_clock(settings, sent, monkeypatch):
    config = with_jobs(settings(*TWO), REPORT)
    expected = mondays(2026)

    def moments() -> Iterator[datetime]:
        yield expected[0] - timedelta(days=1)
        for monday in expected:
            yield monday - timedelta(seconds=30)
            yield monday + timedelta(seconds=1)

    def settled(moment: datetime) -> bool:
        return len(sent) >= 2 * sum(monday <= moment for monday in expected)

    run_by_the_clock(config, monkeypatch, moments(), settled)
    assert len(expected) == 52
    assert set(weeks(sent).values()) == {1}
    assert len(weeks(sent)) == 2 * 52
    local = {moment.astimezone(clock.AMSTERDAM).strftime("%a %H:%M") for _, moment in sent}
    assert local == {"Mon 07:00"}


def test_a_sleep_of_ten_days_is_caught_up_once(settings, sent, monkeypatch):
    config = with_jobs(settings(*TWO), REPORT)
    awake = [amsterdam("2026-03-20T12:00"), amsterdam("2026-03-31T12:00"), amsterdam("2026-04-06T07:00:01")]
    run_by_the_clock(config, monkeypatch, awake, lambda moment: len(sent) >= 2 * (awake.index(moment)))
    assert [moment.astimezone(clock.AMSTERDAM).date().isoformat() for _, moment in sent] == [
        "2026-03-31", "2026-03-31", "2026-04-06", "2026-04-06",
    ]  # fmt: skip


def test_a_machine_that_was_off_for_ten_days_catches_up_once(settings, sent, monkeypatch):
    config = with_jobs(settings(*TWO), REPORT)
    with time_machine.travel(amsterdam("2026-03-16T07:00")):
        schedule.perform(REPORT, config)
    for _ in range(2):  # started twice that day
        on = amsterdam("2026-03-31T12:00")
        run_by_the_clock(config, monkeypatch, [on, on + timedelta(minutes=1)], lambda moment: len(sent) >= 4)
    assert set(weeks(sent).values()) == {1}
    assert len(sent) == 4


def test_the_job_by_hand_and_by_cron_in_the_same_week_is_one_mail(settings, sent):
    config = with_jobs(settings(*TWO), REPORT)
    for moment in ("2026-09-07T07:00", "2026-09-07T07:00", "2026-09-09T10:00", "2026-09-13T23:59"):
        with time_machine.travel(amsterdam(moment), tick=False):
            schedule.run(config, once=True)
    assert weeks(sent) == {("anna@example.org", (2026, 37)): 1, ("bram@example.org", (2026, 37)): 1}


def test_rhythms(settings, sent):
    config = with_jobs(
        settings(
            Recipient(address="week@example.org"),
            Recipient(address="month@example.org", rhythm="monthly"),
            Recipient(address="changes@example.org", rhythm="changes"),
        ),
        REPORT,
    )
    with Store.open(config.database.url) as store:
        for n, monday in enumerate(each for each in mondays(2026) if each.month in (3, 4)):
            with time_machine.travel(monday, tick=False):
                if n == 4:
                    add(store, made=monday.date(), due=monday.date() + timedelta(days=100))
                schedule.perform(REPORT, config)
    days = {name: [moment.day for to, moment in sent if to.startswith(name)] for name in ("week", "month", "changes")}
    assert days == {"week": [2, 9, 16, 23, 30, 6, 13, 20, 27], "month": [2, 6], "changes": [2, 30]}


# ── Processes ────────────────────────────────────────────────────────────────────────────────────────────────────

PROGRAM = """
import sys, time_machine, datetime
from tracker.cli import main
with time_machine.travel(datetime.datetime.fromisoformat(sys.argv[1])):
    sys.argv[0:2] = ["tracker"]
    main()
"""


def configured(config: Config, folder: Path) -> Path:
    """The configuration as a file, for a process of its own."""
    people = "".join(f'[[recipient]]\naddress = "{each.address}"\n' for each in config.recipient)
    file = folder / "config.toml"
    file.write_text(
        f'[database]\nurl = "{config.database.url}"\n[report]\noutput = "{config.report.output}"\n'
        f'[mail]\nserver = "localhost"\nport = {config.mail.port}\nsecurity = "none"\n{people}',
        encoding="utf-8",
    )
    return file


def started(file: Path, moment: datetime, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PROGRAM, moment.isoformat(), "--config", str(file), *words]
    return subprocess.Popen(command, cwd=file.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_killed_during_the_report_everybody_gets_it_once(settings, serve, tmp_path, monkeypatch):
    monday = amsterdam("2026-09-07T07:00")
    server = serve()
    config = with_jobs(settings(*TWO, port=server.port), REPORT, OUTBOX)
    with speaking(b"220 here\r\n") as silent:
        file = configured(settings(*TWO, port=silent), tmp_path)
        killed = started(file, monday, "jobs", "run", "report")
        with Store.open(config.database.url) as store:
            patience = time.monotonic() + 60
            while not store.outbox.count(MailState.SENDING):
                assert killed.poll() is None, killed.stdout and killed.stdout.read()
                assert time.monotonic() < patience
                time.sleep(0.05)
            killed.send_signal(signal.SIGKILL)
            killed.wait()
            assert store.runs(1)[0].outcome is None
    awake = [monday + timedelta(minutes=2), monday + timedelta(minutes=3), monday + LEASE + timedelta(minutes=15)]
    run_by_the_clock(config, monkeypatch, awake, lambda moment: len(server.handler.to) >= awake.index(moment))
    assert sorted(server.handler.to) == ["anna@example.org", "bram@example.org"]
    with Store.open(config.database.url) as store:
        assert {each.outcome for each in store.runs() if each.job == "report"} == {"interrupted", "done"}


@pytest.mark.parametrize(
    ("words", "codes"),
    [(("report", "--mail"), {(0, 0)}), (("run", "--once"), {(0, 0), (0, 1)})],
    ids=["by hand", "schedulers"],
)
def test_two_programs_at_once_send_one_mail_each(settings, serve, tmp_path, words, codes):
    """Two schedulers: the second is refused, or comes when the first is done and has nothing to send."""
    server = serve()
    people = tuple(Recipient(address=f"lezer{n}@example.org") for n in range(6))
    config = settings(*people, port=server.port)
    with Store.open(config.database.url) as store:
        add(store)
    file = configured(config, tmp_path)
    both = [started(file, amsterdam("2026-09-07T07:00"), *words) for _ in range(2)]
    said = [each.communicate(timeout=60)[0].decode() for each in both]
    assert tuple(sorted(each.returncode for each in both)) in codes, said
    assert all("another `tracker run`" in out for out, each in zip(said, both, strict=True) if each.returncode)
    assert sorted(server.handler.to) == sorted(each.address for each in people)
