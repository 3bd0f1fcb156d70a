"""The folder of reports."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tracker import files
from tracker.errors import ConfigError
from tracker.reports import archive

from .examples import AS_OF, LAST, MADE_AT, report
from .test_html import Outline


def test_a_report_and_an_index_that_links_it(tmp_path, view):
    path = archive.write(view, tmp_path / "new" / "folder")
    assert path.name == "tracker-rapport-2026-09-07.html"
    index = Outline((path.parent / "index.html").read_text(encoding="utf-8"))
    assert path.name in index.values("href")


def test_the_index_has_the_newest_first_with_week_and_counts(tmp_path, view):
    archive.write(replace(view, as_of=LAST), tmp_path)
    archive.write(view, tmp_path)
    assert [(r.as_of, r.week, r.open, r.past, r.expected, r.fulfilled) for r in archive.archived(tmp_path)] == [
        (AS_OF, "2026-W37", 22, 5, 3, 2),
        (LAST, "2026-W36", 22, 5, 3, 2),
    ]


def test_a_second_report_of_a_day_replaces_the_first(tmp_path, view):
    archive.write(report([]), tmp_path)
    archive.write(view, tmp_path)
    assert [r.open for r in archive.archived(tmp_path)] == [22]


def test_the_last_report_before_a_day(tmp_path):
    monday = datetime(2026, 8, 31, 5, 0, 0, 123456, tzinfo=UTC)
    archive.write(report([], as_of=LAST, made_at=monday), tmp_path)
    archive.write(report([]), tmp_path)
    assert archive.last_before(AS_OF, tmp_path) == (LAST, monday)
    assert archive.last_before(LAST, tmp_path) is None
    assert archive.last_before(date(2027, 1, 1), tmp_path) == (AS_OF, MADE_AT)
    assert archive.last_before(AS_OF, tmp_path / "nowhere") is None


def test_a_fault_in_an_index_of_ones_own_is_said_and_leaves_the_old_one(tmp_path, view):
    archive.write(view, tmp_path)
    before = (tmp_path / "index.html").read_text(encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "index.html.j2").write_text("<p>\n{{ nope }}", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"index\.html\.j2, line 2: 'nope' is undefined; templates/README\.md"):
        archive.write(view, tmp_path, [tmp_path / "own"])
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == before


def test_other_files_in_the_folder_are_left_alone(tmp_path, view):
    (tmp_path / "tracker-rapport-2026-01-01.html").write_text("<p>of someone else", encoding="utf-8")
    (tmp_path / "tracker-rapport-oud.html").write_text("", encoding="utf-8")
    archive.write(view, tmp_path)
    assert len(archive.archived(tmp_path)) == 1
    assert (tmp_path / "tracker-rapport-2026-01-01.html").read_text(encoding="utf-8") == "<p>of someone else"


def test_a_crash_while_writing_leaves_the_old_file_and_no_rubbish(tmp_path, monkeypatch):
    files.replace(tmp_path / "a.html", ["old"])

    def crash(*_):
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "fsync", crash)
    with pytest.raises(OSError, match="disk full"):
        files.replace(tmp_path / "a.html", ["new"])
    assert [(p.name, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [("a.html", "old")]


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path):
    """As /dev/stdout, or /dev/null."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDWR)
    files.replace(pipe, ["één", b" twee"])
    assert os.read(end, 100).decode() == "één twee"
    assert pipe.is_fifo()
    os.close(end)


def test_the_overdue_list_as_plain_text(tmp_path, view):
    text = archive.write_overdue(view, tmp_path).read_text(encoding="utf-8")
    assert text.startswith("Termijn verstreken, geen nakoming gevonden: stand van 7 september 2026\n")
    assert text.index("TT-2025-0001  31 december 2025, 250 dagen voorbij") < text.index("Verwacht, niet gezien")
    assert text.index("Verwacht, niet gezien") < text.index("TT-2026-0006")
    assert text.endswith("Geen nakoming gevonden in 14 documenten, nieuwste van 3 september 2026.\n")
    assert "&" not in text


def test_nothing_past_its_term_is_said(tmp_path):
    text = archive.write_overdue(report([]), tmp_path).read_text(encoding="utf-8")
    assert "Van geen vaste toezegging is de termijn verstreken." in text
