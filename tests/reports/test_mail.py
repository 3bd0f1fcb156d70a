"""The mail: both parts say the same, it stays small, and a server will take it."""

from __future__ import annotations

import email
import email.policy
import html as markup
import io
import os
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tracker.domain import Actor
from tracker.reports import mail, views

from .examples import BUS, LAST, MADE_AT, Read, everything, promise, report
from .test_html import HOSTILE, Outline, variants

GOLDEN = Path(__file__).parent / "golden"
HEAD = mail.Letterhead(
    key="report/jan@example.org/2026-W37",
    sender="Toezeggingen <tracker@example.org>",
    recipient="jan@example.org",
    name="Jan Čapek",
    unsubscribe="afmelden@example.org",
    scope=(("ministry", "VWS, IenW"), ("words", "“dijk” & duin")),
)
VARIANTS = sorted(variants())


def many(count: int) -> views.ReportView:
    """The report of a store of so many promises, a twentieth of them new."""
    base = everything()
    all_of_them = []
    for n in range(count):
        one = base[n % len(base)]
        source = replace(one.document, id=n // 8, title=f"{one.document.title} {n // 8}")
        all_of_them.append(replace(one, number=f"TT-{2010 + n // 2000}-{n % 2000 + 1:04}", document=source))
    before = tuple(replace(each, as_of=LAST) for each in all_of_them[: count * 19 // 20])
    return report(all_of_them, Read(count // 8), since=views.Since(LAST, before))


def said(text: str) -> list[str]:
    """The words, without addresses and the marks that plain text has in place of type."""
    return re.findall(r"\w+", re.sub(r"https?://\S+|[*_]", " ", text))


def visible(page: str) -> str:
    bare = re.sub(r"<head>.*?</head>", "", page, flags=re.S)
    return markup.unescape(re.sub(r"<[^>]+>", " ", bare))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("part", ["txt", "html"])
def test_golden(view, part, language):
    text, page = mail.parts(view, HEAD, "tracker-rapport-2026-09-07.html", language=language)
    made, file = (text if part == "txt" else page), GOLDEN / f"mail.{language}.{part}"
    if os.environ.get("REGENERATE"):
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8"), "changed on purpose? REGENERATE=1 pytest tests/reports"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", VARIANTS)
def test_both_parts_say_the_same_words_in_the_same_order_and_link_to_the_same(name, language):
    text, page = mail.parts(variants()[name], HEAD, "rapport.html", language=language)
    links = re.findall(r"https?://\S+", text)
    assert said(text) == said(visible(page))
    assert links == [each for each in Outline(page).values("href") if each.startswith("http")]


@pytest.mark.parametrize("name", VARIANTS)
def test_the_html_is_whole_in_itself(name):
    _, page = mail.parts(variants()[name], HEAD, "rapport.html")
    outline = Outline(page)
    assert not {"style", "svg", "script", "img", "link"} & outline.tags
    assert not outline.values("src")
    assert "var(" not in page
    assert outline.headings[0] == 1


def test_promises_of_one_paper_put_off_from_different_days_stand_apart():
    before = {1: date(2026, 9, 30), 2: date(2026, 9, 30), 3: date(2026, 10, 31)}
    now = [promise(n, BUS, "IenW", f"‹Ik stuur› brief {n}.", date(2026, 12, 20)) for n in before]
    then = [promise(n, BUS, "IenW", f"‹Ik stuur› brief {n}.", day) for n, day in before.items()]
    text, _ = mail.parts(report(now, since=views.Since(LAST, tuple(then))), HEAD, "rapport.html")
    assert "2 toezeggingen: van 30 september 2026 naar 20 december 2026" in text
    assert "TT-2026-0003: van 31 oktober 2026 naar 20 december 2026" in text


@pytest.mark.parametrize(("since", "times"), [(None, 1), (views.Since(LAST, ()), 2)], ids=["standing", "news too"])
def test_a_document_that_its_publisher_took_back_says_so(since, times):
    taken_back = replace(BUS, withdrawn=date(2026, 8, 12))
    one = promise(1, taken_back, "IenW", "Ik ‹stuur› de Kamer «in juli 2026» het plan.", date(2026, 7, 31))
    text, page = mail.parts(report([one], since=since), HEAD, "rapport.html")
    told = "De uitgever heeft dit document op 12 augustus 2026 ingetrokken."
    assert " ".join(text.split()).count(told) == times
    assert re.sub(r"<[^>]+>", "", page).count(told) == times


def test_hostile_text_stays_text():
    found = promise(1, BUS, "IenW", HOSTILE, date(2026, 6, 30), context=HOSTILE, addressee=(HOSTILE,), evidence=HOSTILE)
    found = replace(found, actor=Actor(HOSTILE, HOSTILE, HOSTILE, HOSTILE), document=replace(BUS, title=HOSTILE))
    view = report([found], since=views.Since(LAST, ()))
    text, page = mail.parts(view, replace(HEAD, scope=(("words", HOSTILE),)), "rapport.html")
    assert "<script" not in page
    assert "<script>alert(1)</script> & \"quoted\" 'text'" in " ".join(text.split())
    assert "&amp;" not in text


def message(view: views.ReportView, **given: str) -> email.message.EmailMessage:
    made = mail.compose(view, HEAD, **given).as_bytes()
    return email.message_from_bytes(made, policy=email.policy.default)


def test_what_is_on_the_envelope(view):
    made = message(view)
    assert made["To"] == "Jan Čapek <jan@example.org>"
    assert made["Subject"] == "Toezeggingen aan de Kamer, 7 september 2026: 1 termijn verstreken"
    assert made["List-Unsubscribe"] == "<mailto:afmelden@example.org?subject=afmelden>"
    assert made["Date"].datetime == MADE_AT
    assert made["Message-ID"] == mail.message_id(HEAD.key, HEAD.sender)


def test_the_same_report_has_the_same_id_and_another_one_another(view):
    assert message(view)["Message-ID"] == message(replace(view, trouble=views.Trouble(mails=1)))["Message-ID"]
    assert mail.message_id("report/jan@example.org/2026-W38", HEAD.sender) != message(view)["Message-ID"]


def test_no_line_is_longer_than_mail_allows():
    long = promise(1, BUS, "IenW", "‹Ik stuur› " + "heel " * 3000 + "veel.", date(2026, 6, 30))
    made = mail.compose(report([long]), HEAD).as_bytes()
    assert max(map(len, made.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("count", [25, 400, 20_000])
def test_the_mail_stays_small_and_says_how_much_more_there_is(count):
    view = many(count)
    text, page = mail.parts(view, HEAD, "rapport.html")
    assert len(page.encode()) < mail.MOST_BYTES
    assert said(text) == said(visible(page))
    assert (", in de bijlage" in " ".join(text.split())) is (count > 100)


def test_one_promise_of_enormous_words_keeps_the_mail_small():
    long = promise(1, BUS, "IenW", "‹Ik stuur› " + "heel " * 30_000 + "veel.", date(2026, 6, 30))
    _, page = mail.parts(report([long]), HEAD, "rapport.html")
    assert len(page.encode()) < mail.MOST_BYTES


def test_a_long_page_is_attached_as_a_zip(monkeypatch, view):
    monkeypatch.setattr(mail, "LONGEST_PAGE", 1000)
    (attached,) = message(view).iter_attachments()
    assert attached.get_filename() == "tracker-rapport-2026-09-07.html.zip"
    with zipfile.ZipFile(io.BytesIO(attached.get_content())) as packed:
        assert packed.read("tracker-rapport-2026-09-07.html").startswith(b"<!DOCTYPE html>")


def test_a_folder_of_ones_own_replaces_one_file(tmp_path, view):
    (tmp_path / "mail.css").write_text("p { color: rebeccapurple }", encoding="utf-8")
    _, page = mail.parts(view, HEAD, "rapport.html", [tmp_path])
    assert "rebeccapurple" in page
