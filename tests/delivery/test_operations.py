"""Looking after it: jobs, the outbox, health, mail by hand, the copy of the database, the nightly refresh."""

from __future__ import annotations

import email
import email.policy
import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from typer.testing import CliRunner

from tracker import delivery, documents, schedule
from tracker.config import CalendarRow, CalendarSection, Job
from tracker.domain import Document
from tracker.errors import StoreUnavailable
from tracker.health import checks
from tracker.reports import archive
from tracker.store import Store
from tracker.store.backup import backup
from tracker.store.outbox import MailState

from .conftest import MONDAY, free_port


@pytest.fixture
def run(tmp_path, monkeypatch):
    """`tracker …` over the test's store with a recipient, at the moment of the test's clock."""

    def go(*words: str, code: int = 0, port: int = 1) -> str:
        from tracker.cli.app import app

        file = tmp_path / "config.toml"
        file.write_text(
            f'[database]\nurl = "sqlite:///{tmp_path / "tracker.sqlite3"}"\n[report]\noutput = "reports"\n'
            f'[backup]\nfolder = "backups"\n[inbox]\nfolder = "inbox"\n'
            f'[mail]\nserver = "localhost"\nport = {port}\nsecurity = "none"\nsender = "t@example.org"\n'
            '[[recipient]]\naddress = "anna@example.org"\n',
            encoding="utf-8",
        )
        monkeypatch.chdir(tmp_path)
        result = CliRunner().invoke(app, ["--config", str(file), *words], prog_name="tracker")
        assert result.exit_code == code, result.output
        return result.stdout

    return go


# ── The mail by hand ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dry_run_writes_the_mail_and_sends_nothing(store, run, tmp_path):
    path = tmp_path / "mails" / "anna@example.org_2026-W37.eml"
    said = run("report", "--mail", "--dry-run", "--output", str(tmp_path / "mails"))
    assert said == f"{path}\n"
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert mail["To"] == "anna@example.org"
    assert "veerdiensten" in mail.get_body(("plain",)).get_content()
    assert store.outbox.mails() == []


def test_the_mail_by_hand_goes_once_a_week(store, run, serve):
    server = serve()
    assert run("report", "--mail", port=server.port) == "mail: 1 new, 1 sent\n"
    assert run("report", "--mail", port=server.port) == "mail: nothing to send\n"
    assert len(server.handler.taken) == 1


@pytest.mark.parametrize(
    "words", [("report", "--dry-run"), ("report", "--mail", "--as-of", "2026-01-05")], ids=" ".join
)
def test_what_makes_no_sense_is_refused(store, run, words):
    run(*words, code=2)


def test_the_outbox(store, run, serve):
    server = serve()
    server.handler.refused = {"anna@example.org": "550 no such mailbox"}
    run("report", "--mail", port=server.port, code=4)
    (row,) = json.loads(run("outbox", "list", "--format", "json"))
    assert (row["state"], row["error"]) == ("dead", "the server refuses: 550 no such mailbox")
    assert "anna@example" in run("outbox", "list", "--format", "table")
    server.handler.refused = {}
    assert run("outbox", "retry", str(row["id"]), port=server.port) == "mail: 1 sent\n"
    assert run("outbox", "list", "--format", "jsonl") == ""
    assert '"sent"' in run("outbox", "list", "--all", "--format", "json")
    run("outbox", "retry", "99", code=1)


def test_what_could_not_be_read_or_delivered_stands_in_the_page_and_in_the_mail(store, settings):
    store.quarantine.add("inbox/onleesbaar.pdf", "a broken PDF")
    config = settings()
    delivery.queue_reports(store, config)
    store.outbox.failed(store.outbox.claim().id, "550", for_good=True)
    (letter,) = delivery.letters(store, config, config.recipient, MONDAY.date(), MONDAY)
    page = archive.write(
        delivery.page_view(store, config, day=MONDAY.date(), now=MONDAY, folder=config.report.output, language="nl"),
        config.report.output,
    )
    said = (
        page.read_text(encoding="utf-8"),
        *(letter.message.get_body((kind,)).get_content() for kind in ("plain", "html")),
    )
    for text in said:
        assert "kon niet worden gelezen: onleesbaar.pdf" in " ".join(text.split())
        assert "Een eerder bericht met dit rapport kon niet worden bezorgd" in " ".join(text.split())


# ── Jobs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_jobs_are_listed_run_and_remembered(store, run):
    assert "copied" not in run("jobs", "run", "backup")
    listed = {row["name"]: row for row in json.loads(run("jobs", "list", "--format", "json"))}
    assert listed["backup"]["outcome"] == "done"
    assert listed["report"]["next"] == "2026-09-07T07:00:00+02:00"  # this very minute
    (row,) = json.loads(run("jobs", "history", "backup", "--format", "json"))
    assert (row["job"], row["outcome"]) == ("backup", "done")
    run("jobs", "run", "bakcup", code=1)


def test_mail_that_waits_makes_the_job_partly_done(store, run):
    run("jobs", "run", "report", code=4, port=free_port())


# ── Health ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def well(store, settings, tmp_path):
    """A store in which all is well, and its configuration."""
    config = settings().model_copy(update={"jobs": (Job(name="backup", does="backup", cron="30 2 * * *"),)})
    schedule.perform(config.jobs[0], config)
    read_letter(store, tmp_path)
    return config


def read_letter(store: Store, folder: Path) -> None:
    """A letter of last week, as other rules than today's read it."""
    path = folder / "brief.txt"
    path.write_text("Geachte voorzitter,\n\nEr is weinig te melden.\n", encoding="utf-8")
    source = documents.read(path)
    document = Document(path.name, source.text)
    store.save(store.receive(document, source, rulebook_version="1", overrides={"date": date(2026, 9, 3)}), ())


def ill(store: Store, config, now=MONDAY) -> dict[str, str]:
    return {each.name: each.detail for each in checks(store, config, now) if not each.ok}


def test_all_is_well(store, well):
    assert ill(store, well) == {}


def test_nothing_ever_ran(store, settings):
    assert "start `tracker run`" in ill(store, settings())["jobs"]


def test_a_job_that_failed_is_told(store, well):
    store.finish_run(store.start_run("backup"), "failed", "disk full")
    assert ill(store, well) == {"job backup": "failed at 2026-09-07 05:00 UTC: disk full"}


def test_a_job_that_did_not_begin_in_time_is_told(store, well):
    found = ill(store, well, MONDAY + timedelta(days=1, hours=2))
    assert "its next time has passed" in found["job backup"]


def test_dead_letters_and_waiting_mail_are_told(store, well):
    delivery.queue_reports(store, well)
    assert ill(store, well) == {}
    assert "waiting mail" in ill(store, well, MONDAY + timedelta(hours=3))
    mail = store.outbox.claim()
    assert store.outbox.failed(mail.id, "550", for_good=True) is MailState.DEAD
    assert ill(store, well) == {"dead letters": "1 could not be delivered"}


def test_old_documents_are_told(store, well):
    schedule_later = well.model_copy(update={"jobs": (Job(name="report", does="report"),)})
    found = ill(store, schedule_later, MONDAY + timedelta(days=40))
    assert "more than 35 days ago" in found["documents"]


def test_the_exit_code_and_the_json_of_health(store, run):
    told = json.loads(run("health", "--format", "json", code=1))
    assert told["ok"] is False
    assert {"name": "dead letters", "ok": True, "detail": "none"} in told["checks"]


# ── The copy of the database ─────────────────────────────────────────────────────────────────────────────────────


def test_a_copy_of_a_database_in_use_opens(store, tmp_path):
    path = backup(f"sqlite:///{tmp_path / 'tracker.sqlite3'}", tmp_path / "copies", date(2026, 9, 7), keep=3)
    assert [each.name for each in path.parent.iterdir()] == ["tracker-2026-09-07.sqlite3"]
    with Store.open(f"sqlite:///{path}", read_only=True) as copy:
        assert len(copy.commitments(as_of=MONDAY.date())) == 1


def test_the_newest_copies_are_kept(store, tmp_path):
    url = f"sqlite:///{tmp_path / 'tracker.sqlite3'}"
    for n in range(5):
        backup(url, tmp_path / "copies", date(2026, 9, 1 + n), keep=2)
    assert sorted(each.name for each in (tmp_path / "copies").iterdir()) == [
        "tracker-2026-09-04.sqlite3",
        "tracker-2026-09-05.sqlite3",
    ]


def test_a_server_is_copied_by_its_own_tools(tmp_path):
    with pytest.raises(StoreUnavailable, match="its own tools"):
        backup("postgresql://db/tracker", tmp_path, date(2026, 9, 7), keep=1)


def test_a_copy_for_which_there_is_no_room_is_an_error_of_the_store(store, tmp_path, monkeypatch):
    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("tracker.store.backup.closing", full)
    with pytest.raises(StoreUnavailable, match=r"cannot be copied to .*disk is full; is there room"):
        backup(f"sqlite:///{tmp_path / 'tracker.sqlite3'}", tmp_path / "copies", date(2026, 9, 7), keep=1)


# ── Tables and refreshing ────────────────────────────────────────────────────────────────────────────────────────


def test_an_older_database_gets_the_outbox(tmp_path):
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    from tracker.paths import migrations_dir

    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    alembic = Config()
    alembic.set_main_option("script_location", str(migrations_dir()))
    with create_engine(url).begin() as connection:
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "0001")
    with Store.open(url) as store:
        assert store.outbox.mails() == []
    with closing(sqlite3.connect(tmp_path / "old.sqlite3")) as raw:
        assert raw.execute("select count(*) from mail").fetchone() == (0,)


def test_documents_read_by_other_rules_are_read_again_at_midnight(store, settings, tmp_path):
    read_letter(store, tmp_path)
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        assert schedule.refresh(store, settings())[1].startswith("1 documents read again")
        assert schedule.refresh(store, settings())[1].startswith("0 documents read again")
        recess = CalendarRow(recess="verkiezingsreces", first_day=date(2026, 10, 3), last_day=date(2026, 11, 11))
        config = settings().model_copy(update={"calendar": CalendarSection(extra=(recess,))})
        assert schedule.refresh(store, config)[1].startswith("1 documents read again")
