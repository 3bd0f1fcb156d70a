"""The watched folder: taken once whole, moved once stored, nothing lost; and the list of what could not be read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker import inbox, paths, pipeline
from tracker.errors import NotFound, StoreLocked
from tracker.knowledge import Knowledge
from tracker.pipeline import FileOutcome
from tracker.store import Store

LETTER = (
    "Aan de Voorzitter van de Tweede Kamer\n\nDatum 5 november 2026\n\nGeachte voorzitter,\n\n"
    "Ik zal uw Kamer voor 1 april 2027 informeren over {}.\n\nHoogachtend,\n"
)

GOOD_PDF = paths.samples_dir() / "brief-revalidatiezorg.pdf"


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open("sqlite://") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    made.mkdir()
    return made


def put(folder: Path, name: str, content: str = LETTER.format("de dijken")) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def run(store: Store, folder: Path, knowledge: Knowledge, **more: object) -> list[FileOutcome]:
    return inbox.read(store, folder, knowledge, wait=lambda _: None, **more)  # type: ignore[arg-type]


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())


# ── What is taken ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_read_is_moved_to_done(store: Store, folder: Path, knowledge: Knowledge) -> None:
    put(folder, "brief.txt")
    put(folder, "map/andere.txt", LETTER.format("de bossen"))
    outcomes = run(store, folder, knowledge)
    assert [each.outcome for each in outcomes] == ["new", "new"]
    assert tree(folder) == ["done/brief.txt", "done/map/andere.txt"]
    assert run(store, folder, knowledge) == []


def test_a_file_that_still_grows_is_left_for_the_next_time(store: Store, folder: Path, knowledge: Knowledge) -> None:
    path = put(folder, "brief.txt", "Aan de Voorz")

    def grow(_: float) -> None:
        path.write_text(LETTER.format("de dijken"), encoding="utf-8")

    assert inbox.read(store, folder, knowledge, wait=grow) == []
    assert tree(folder) == ["brief.txt"]
    assert [each.outcome for each in run(store, folder, knowledge)] == ["new"]


def test_a_file_that_is_gone_by_then_is_no_matter(store: Store, folder: Path, knowledge: Knowledge) -> None:
    path = put(folder, "brief.txt")
    assert inbox.read(store, folder, knowledge, wait=lambda _: path.unlink()) == []


@pytest.mark.parametrize(
    "name", ["brief.pdf.part", "brief.crdownload", ".verborgen.txt", "brief.txt~", ".map/brief.txt"]
)
def test_what_is_not_finished_or_hidden_is_left(store: Store, folder: Path, knowledge: Knowledge, name: str) -> None:
    put(folder, name)
    assert run(store, folder, knowledge) == []
    assert tree(folder) == [name]


def test_another_version_under_the_same_name_overwrites_nothing(
    store: Store, folder: Path, knowledge: Knowledge
) -> None:
    for words in ("de dijken", "de bossen", "de wegen"):
        put(folder, "brief.txt", LETTER.format(words))
        run(store, folder, knowledge)
    assert tree(folder) == ["done/brief (2).txt", "done/brief (3).txt", "done/brief.txt"]


def test_one_that_is_put_there_while_the_old_one_is_read_is_read_next(
    store: Store, folder: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(folder, "brief.txt")
    whole = pipeline.ingest_file

    def slow(*args: object, **more: object) -> list[FileOutcome]:
        found = whole(*args, **more)  # type: ignore[arg-type]
        put(folder, "nieuw", LETTER.format("de bossen"))
        (folder / "nieuw").replace(path)
        monkeypatch.setattr(pipeline, "ingest_file", whole)
        return found

    monkeypatch.setattr(pipeline, "ingest_file", slow)
    run(store, folder, knowledge)
    assert tree(folder) == ["brief.txt"]
    run(store, folder, knowledge)
    assert tree(folder) == ["done/brief.txt"]
    assert len(store.documents()) == 2


# ── What cannot be read ──────────────────────────────────────────────────────────────────────────────────────────


def test_what_cannot_be_read_is_moved_with_the_reason_beside_it(
    store: Store, folder: Path, knowledge: Knowledge
) -> None:
    put(folder, "brief.pdf", "<html>404</html>")
    put(folder, "goed.txt")
    assert [each.outcome for each in run(store, folder, knowledge)] == ["failed", "new"]
    assert tree(folder) == ["done/goed.txt", "failed/brief.pdf", "failed/brief.pdf.reason.log"]
    assert "named as a PDF and is none" in (folder / "failed/brief.pdf.reason.log").read_text()
    (unread,) = store.quarantine.files()
    assert unread.now_at == str(folder / "failed/brief.pdf")
    assert "error page" in unread.reason


@pytest.mark.parametrize("moved_back", [True, False], ids=["moved back into the inbox", "read where it lies"])
def test_a_mended_file_leaves_the_list_once_it_reads(
    store: Store, folder: Path, knowledge: Knowledge, *, moved_back: bool
) -> None:
    put(folder, "brief.pdf", "<html>404</html>")
    run(store, folder, knowledge)
    assert len(store.quarantine.files()) == 1
    (folder / "failed/brief.pdf").write_bytes(GOOD_PDF.read_bytes())
    if moved_back:
        (folder / "failed/brief.pdf").rename(folder / "brief.pdf")
        run(store, folder, knowledge)
    else:
        pipeline.ingest(store, [folder / "failed"], knowledge)
    assert store.quarantine.files() == []


def test_another_file_of_the_same_name_clears_nothing(store: Store, folder: Path, knowledge: Knowledge) -> None:
    put(folder, "brief.pdf", "<html>404</html>")
    run(store, folder, knowledge)
    (folder / "brief.pdf").write_bytes(GOOD_PDF.read_bytes())
    assert [each.outcome for each in run(store, folder, knowledge)] == ["new"]
    assert [each.now_at for each in store.quarantine.files()] == [str(folder / "failed/brief.pdf")]


def test_two_unread_files_of_one_name_are_two(store: Store, folder: Path, knowledge: Knowledge) -> None:
    for content in ("<html>404</html>", "<html>500</html>"):
        put(folder, "brief.pdf", content)
        run(store, folder, knowledge)
    lie = [folder / "failed/brief.pdf", folder / "failed/brief (2).pdf"]
    assert {each.now_at for each in store.quarantine.files()} == {str(path) for path in lie}
    for path in lie:
        path.write_bytes(GOOD_PDF.read_bytes())
    pipeline.ingest(store, [folder / "failed"], knowledge)
    assert store.quarantine.files() == []


def test_the_same_file_put_in_again_is_one_entry_and_goes_once_it_reads(
    store: Store, folder: Path, knowledge: Knowledge
) -> None:
    from tracker.documents import Limits

    for _ in range(2):
        put(folder, "brief.txt")
        run(store, folder, knowledge, limits=Limits(bytes=10))
    assert [each.times for each in store.quarantine.files()] == [2]
    put(folder, "brief.txt")
    run(store, folder, knowledge)
    assert store.quarantine.files() == []


def test_the_reasons_are_no_documents(store: Store, folder: Path, knowledge: Knowledge) -> None:
    put(folder, "brief.pdf", "<html>404</html>")
    run(store, folder, knowledge)
    outcomes = pipeline.ingest(store, [folder / "failed"], knowledge)
    assert [each.path.name for each in outcomes] == ["brief.pdf"]
    assert store.documents() == []


@pytest.mark.parametrize(
    "mended", [{"b.txt": LETTER.format("de dijken").encode()}, {}], ids=["attachment mended", "attachment left out"]
)
def test_what_is_attached_to_a_mail_leaves_the_list_with_it(
    store: Store, folder: Path, knowledge: Knowledge, mended: dict[str, bytes]
) -> None:
    from tests.documents.conversions import as_mail

    (folder / "mail.eml").write_bytes(as_mail("Zie de bijlage.\n", {"b.txt": b"\xd0\xcf\x11\xe0 oud"}))
    run(store, folder, knowledge)
    pipeline.ingest(store, [folder / "failed"], knowledge)
    (unread,) = store.quarantine.files()
    assert (unread.now_at, unread.times) == (str(folder / "failed/mail.eml/b.txt"), 2)
    (folder / "failed/mail.eml").write_bytes(as_mail("Zie de bijlage.\n", mended))
    pipeline.ingest(store, [folder / "failed"], knowledge)
    assert store.quarantine.files() == []


def test_the_same_failure_is_one_entry(store: Store, folder: Path, knowledge: Knowledge) -> None:
    path = put(folder, "leeg.txt", "")
    for _ in range(3):
        pipeline.ingest_file(store, path, knowledge)
    assert [(each.times, each.path) for each in store.quarantine.files()] == [(3, str(path))]
    store.quarantine.forget(store.quarantine.files()[0].id)
    assert store.quarantine.files() == []
    with pytest.raises(NotFound, match="no unread file 7"):
        store.quarantine.forget(7)


def test_a_name_that_is_not_there_is_not_remembered(store: Store, folder: Path, knowledge: Knowledge) -> None:
    (failed,) = pipeline.ingest_file(store, folder / "nergens.txt", knowledge)
    assert "no such file" in str(failed.error)
    assert store.quarantine.files() == []


def test_a_link_is_not_followed_and_its_target_stays(
    store: Store, folder: Path, knowledge: Knowledge, tmp_path: Path
) -> None:
    target = put(tmp_path / "elders", "geheim.txt")
    (folder / "brief.txt").symlink_to(target)
    (folder / "map").symlink_to(target.parent)
    (outcome,) = run(store, folder, knowledge)
    assert "links in the inbox are not followed" in str(outcome.error)
    assert target.exists()
    assert store.documents() == []
    assert (folder / "failed/brief.txt").is_symlink()


def test_a_mail_with_a_broken_attachment_is_read_and_put_with_the_failures(
    store: Store, folder: Path, knowledge: Knowledge
) -> None:
    from tests.documents.conversions import as_mail

    mail = as_mail("Zie de bijlagen.\n", {"a.txt": LETTER.format("x").encode(), "b.pdf": b"%PDF-1.7\nniets"})
    (folder / "mail.eml").write_bytes(mail)
    outcomes = run(store, folder, knowledge)
    assert [(each.path.name, str(each.outcome)) for each in outcomes] == [
        ("mail.eml", "new"), ("a.txt", "new"), ("b.pdf", "failed"),
    ]  # fmt: skip
    assert tree(folder) == ["failed/mail.eml", "failed/mail.eml.reason.log"]


# ── Nothing lost ─────────────────────────────────────────────────────────────────────────────────────────────────


class Crash(BaseException):
    pass


@pytest.mark.parametrize("at", ["save", "move"])
def test_after_a_crash_the_next_run_goes_on(
    store: Store, folder: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        put(folder, name, LETTER.format(name))

    def crash(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(*((Store, "save", crash) if at == "save" else (Path, "rename", crash)))
        with pytest.raises(Crash):
            run(store, folder, knowledge)
    assert tree(folder) == ["a.txt", "b.txt", "c.txt"]
    run(store, folder, knowledge)
    assert tree(folder) == ["done/a.txt", "done/b.txt", "done/c.txt"]
    assert len(store.documents()) == 3
    assert store.verify() == []


def test_a_locked_database_leaves_the_file(
    store: Store, folder: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "brief.txt")

    def locked(*_: object, **__: object) -> None:
        raise StoreLocked("busy")

    monkeypatch.setattr(Store, "save", locked)
    with pytest.raises(StoreLocked):
        run(store, folder, knowledge)
    assert tree(folder) == ["brief.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(store: Store, folder: Path, knowledge: Knowledge) -> None:
    put(folder, "brief.txt")
    folder.chmod(0o500)
    try:
        assert "could not be moved aside" in str(run(store, folder, knowledge)[-1].error)
    finally:
        folder.chmod(0o700)


# ── On the command line ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_lists_and_forgets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from tracker.cli.app import app

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path / 't.sqlite3'}")
    put(tmp_path, "brief.pdf", "404")
    call = CliRunner().invoke
    assert call(app, ["ingest", "brief.pdf"]).exit_code == 1
    listed = call(app, ["documents", "failed", "--format", "json"])
    (row,) = json.loads(listed.stdout)
    assert (row["file"], row["times"]) == ("brief.pdf", 1)
    assert "named as a PDF" in row["reason"]
    assert call(app, ["documents", "failed", "--forget", str(row["id"])]).stdout == "no longer listed: brief.pdf\n"
    assert json.loads(call(app, ["documents", "failed", "--format", "json"]).stdout) == []


def test_limits_come_from_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from tracker.cli.app import app

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_LIMITS_BYTES", "1000000")
    put(tmp_path, "brief.txt", LETTER * 20_000)
    for command in (["text"], ["extract"], ["ingest"]):
        shown = CliRunner().invoke(app, [*command, "brief.txt"])
        assert shown.exit_code == 1
        assert "at most 1 MB is read" in shown.stderr


def test_limits_hold_for_what_is_attached_to_a_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from tests.documents.conversions import as_mail
    from tests.documents.make_pdf import lines, make_pdf
    from tracker.cli.app import app

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path / 't.sqlite3'}")
    monkeypatch.setenv("TRACKER_LIMITS_PAGES", "1")
    two_pages = make_pdf([lines(80, 700, "Een brief.")] * 2)
    (tmp_path / "x.eml").write_bytes(as_mail("Zie de bijlage.", {"brief.pdf": two_pages}))
    assert "brief.pdf: 2 pages, at most 1" in CliRunner().invoke(app, ["ingest", "x.eml"]).stderr
