"""`tracker sources`, `tracker fetch` and `tracker register`, as a user types them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tracker.cli.app import app
from tracker.config import load

from .server import Fault, Service, document, letter, toezegging

Tracker = Callable[..., Result]


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """`tracker …` in an empty folder whose configuration allows loopback; the result must have the code expected."""
    for name in [name for name in os.environ if name.startswith("TRACKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text(
        '[database]\nurl = "sqlite:///tracker.sqlite3"\n'
        '[network]\noriginals = "originals"\npause = 0\nallow_private = true\n'
    )

    def run(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exit_code == code, f"{result.exit_code}: {result.output}"
        return result

    return run


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def add(
    tracker: Tracker, service: Service, name: str = "sluizen", publisher: str = "tweedekamer", *more: object
) -> None:
    tracker("sources", "add", name, "--publisher", publisher, "--address", service.odata, *more)


def test_a_subscription_is_written_read_and_listed(tracker: Tracker, service: Service) -> None:
    add(tracker, service, "sluizen", "tweedekamer", "--dossier", "36410-XII", "--ministry", "IenW", "--kind", "letter",
        "--since", "2024-01-01", "--word", 'de "sluis"', "--committee", "Waterstaat")  # fmt: skip
    (row,) = load().source
    assert (row.dossiers, row.kinds, row.words) == (("36410-XII",), ("letter",), ('de "sluis"',))
    assert [one["name"] for one in rows(tracker("sources", "list"))] == ["sluizen"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sluizen", "--publisher", "nergens"), "publisher"),
        (("Sluizen!", "--publisher", "tweedekamer"), "name"),
        (("sluizen", "--publisher", "tweedekamer", "--ministry", "XYZ"), "no ministry 'XYZ'"),
        (("sluizen", "--publisher", "tweedekamer", "--kind", "news"), "kinds"),
        (("sluizen", "--publisher", "tweedekamer", "--dossier", "') or true"), "dossiers"),
        (("sluizen", "--publisher", "officielebekendmakingen", "--committee", "x"), "cannot be asked for committees"),
    ],
)
def test_a_subscription_that_cannot_be_used_is_not_written(
    tracker: Tracker, arguments: tuple[str, ...], said: str
) -> None:
    before = Path("config.toml").read_text()
    assert said in tracker("sources", "add", *arguments, code=2).stderr
    assert Path("config.toml").read_text() == before


def test_a_crash_while_a_subscription_is_written_leaves_the_settings_whole(
    tracker: Tracker, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full, or the program is killed, at any write to a file: the settings are the old ones."""
    before = Path("config.toml").read_text()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    def truncated(path: Path, *_: object, **__: object) -> None:
        path.open("w").close()
        full()

    monkeypatch.setattr(Path, "write_text", truncated)
    monkeypatch.setattr("tracker.files.os.fsync", full)
    said = tracker("sources", "add", "sluizen", "--publisher", "register", code=2).stderr
    assert "config.toml: cannot be written: No space left on device" in said
    assert Path("config.toml").read_text() == before
    assert [path.name for path in Path().iterdir()] == ["config.toml"]


def test_settings_with_a_secret_stay_their_owners_and_a_link_a_link(tracker: Tracker, service: Service) -> None:
    Path("config.toml").rename("settings.toml")
    Path("settings.toml").chmod(0o600)
    Path("config.toml").symlink_to("settings.toml")
    add(tracker, service)
    assert Path("config.toml").is_symlink()
    assert Path("settings.toml").stat().st_mode & 0o777 == 0o600
    assert "sluizen" in Path("settings.toml").read_text()


def test_two_of_one_name_are_refused(tracker: Tracker, service: Service) -> None:
    add(tracker, service)
    said = tracker("sources", "add", "sluizen", "--publisher", "register", code=2).stderr
    assert "there is a source sluizen already" in said


def test_sync_reads_and_status_tells(tracker: Tracker, service: Service) -> None:
    service.documents = [document(1), document(2)]
    add(tracker, service)
    assert tracker("sources", "sync").stdout == (
        "sluizen: 2 inserted, 0 updated, 0 unchanged, 0 withdrawn, 0 not wanted, 0 failed\n"
    )
    (row,) = rows(tracker("sources", "status"))
    assert (row["documents"], row["problems"], row["alarms"]) == (2, 0, [])
    assert len(rows(tracker("list"))) == 2


def test_an_outage_is_an_error_and_stays_in_the_status(tracker: Tracker, service: Service) -> None:
    service.documents = [document(1)]
    add(tracker, service)
    service.fail(Fault(403))
    said = tracker("sources", "sync", code=1)
    assert "stopped: " in said.stderr
    assert said.stdout == "sluizen: stopped before its end: nothing was read\n"
    (row,) = rows(tracker("sources", "status"))
    assert row["finished_at"] is None
    assert row["alarms"][0].startswith("schema: ")


def test_one_source_of_two_that_fails_is_a_partial_result(tracker: Tracker, service: Service) -> None:
    service.documents, service.register = [document(1)], [toezegging(1)]
    add(tracker, service)
    add(tracker, service, "register", "register")
    service.fail(Fault(403), on="Toezegging")
    tracker("sources", "sync", code=4)


def test_an_unknown_source_is_named_with_those_that_are_known(tracker: Tracker, service: Service) -> None:
    add(tracker, service)
    assert "there are: sluizen" in tracker("sources", "sync", "dijken", code=1).stderr


def test_a_lost_database_is_read_again_offline(tracker: Tracker, service: Service) -> None:
    service.documents = [document(1), document(2)]
    add(tracker, service)
    tracker("sources", "sync")
    before = rows(tracker("list"))
    for part in Path().glob("tracker.sqlite3*"):
        part.unlink()
    asked = len(service.asked)
    tracker("sources", "sync", "--offline")
    assert (rows(tracker("list")), len(service.asked)) == (before, asked)


@pytest.mark.parametrize("publisher", ["tweedekamer", "register"])
def test_offline_before_anything_was_fetched_is_told(tracker: Tracker, service: Service, publisher: str) -> None:
    add(tracker, service, "sluizen", publisher)
    said = tracker("sources", "sync", "--offline", code=1)
    assert said.stdout == "sluizen: stopped before its end: nothing was read\n"
    assert "may_be_empty" not in said.stderr
    assert "nothing was fetched yet" in said.stderr or "not kept" in said.stderr


def test_fetch_stores_a_document_with_its_address(tracker: Tracker, service: Service) -> None:
    service.files["/brief"] = letter(3).encode()
    tracker("fetch", f"{service.url}/brief")
    (row,) = rows(tracker("documents"))
    assert (row["url"], row["date"], row["commitments"]) == (f"{service.url}/brief", "2024-03-04", 1)
    assert "known" in tracker("fetch", f"{service.url}/brief").stdout


def test_fetch_tells_what_could_not_be_fetched(tracker: Tracker, service: Service) -> None:
    service.files["/brief"] = letter(3).encode()
    said = tracker("fetch", f"{service.url}/weg", f"{service.url}/brief", code=4)
    assert "not there (HTTP 404)" in said.stderr
    tracker("fetch", "http://10.0.0.1:1/x", "file:///etc/passwd", code=1)


def test_loopback_is_refused_unless_allowed(tracker: Tracker, service: Service) -> None:
    Path("config.toml").write_text(
        '[network]\noriginals = "originals"\n[database]\nurl = "sqlite:///tracker.sqlite3"\n'
    )
    service.files["/brief"] = letter(3).encode()
    assert "not on the public internet" in tracker("fetch", f"{service.url}/brief", code=1).stderr
    assert service.asked == []


def test_the_register_is_listed_with_due_dates_from_its_texts(tracker: Tracker, service: Service) -> None:
    service.register = [
        toezegging(1),
        toezegging(2, Status="Afgedaan"),
        toezegging(3, Status="In beraad", Tekst="De minister zegt toe het gesprek aan te gaan."),
    ]
    add(tracker, service, "register", "register")
    tracker("register", "sync")
    found = {row["number"]: row for row in rows(tracker("register", "list", "--as-of", "2025-06-01"))}
    assert [found[f"TZ202501-00{n}"]["due"] for n in (1, 2, 3)] == ["2025-03-31", "2025-03-31", None]
    assert [found[f"TZ202501-00{n}"]["status"] for n in (1, 2, 3)] == ["open", "fulfilled", "unknown"]
    assert found["TZ202501-001"]["days_late"] == 62
    overdue = rows(tracker("register", "list", "--overdue", "--as-of", "2025-06-01"))
    assert [row["number"] for row in overdue] == ["TZ202501-001"], "done is not late, and unknown is not called late"
    assert rows(tracker("register", "list", "--as-of", "2025-01-01")) == []


def test_the_register_tells_when_a_status_was_first_seen(tracker: Tracker, service: Service) -> None:
    service.register = [toezegging(1)]
    add(tracker, service, "register", "register")
    tracker("register", "sync")
    service.register = [toezegging(1, Status="Afgedaan")]
    tracker("register", "sync")
    (row,) = rows(tracker("register", "list"))
    assert [seen["word"] for seen in row["statuses"]] == ["Openstaand", "Afgedaan"]


def test_limits_of_the_configuration_hold_for_what_is_fetched(
    tracker: Tracker, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.documents = [document(1)]
    service.files["/brief.txt"] = letter(2).encode()
    add(tracker, service)
    with Path("config.toml").open("a") as file:
        file.write('[[jobs]]\nname = "sources"\ndoes = "sources"\n')
    monkeypatch.setenv("TRACKER_LIMITS_BYTES", "100")
    assert "at most 0 MB is read" in tracker("fetch", f"{service.url}/brief.txt", code=1).stderr
    tracker("sources", "sync", code=4)
    (row,) = rows(tracker("sources", "status"))
    assert "at most 0 MB is read" in row["alarms"][0]
    monkeypatch.setenv("TRACKER_LIMITS_BYTES", "5000")
    tracker("run", "--once")
    assert len(rows(tracker("documents"))) == 1


def test_documents_of_sources_that_failed_are_listed_with_their_reason(tracker: Tracker, service: Service) -> None:
    service.documents = [document(1), document(2, content=b"\x00\x01" * 300), document(3)]
    service.fail(Fault(404), on=f"({document(3)['Id']})/resource")
    add(tracker, service)
    tracker("sources", "sync", code=4)
    found = {row["file"]: row["reason"] for row in rows(tracker("documents", "failed"))}
    assert set(found) == {document(2)["Id"], document(3)["Id"]}
    assert "sluizen: 2024D00002 De " in found[document(2)["Id"]]
    assert "not a text file" in found[document(2)["Id"]]
    assert "HTTP 404" in found[document(3)["Id"]]
    service.fail()
    service.documents[1] = document(2, GewijzigdOp="2024-05-01T10:00:00Z")
    tracker("sources", "sync")
    assert rows(tracker("documents", "failed")) == []
