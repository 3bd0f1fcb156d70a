"""The pages in a browser: no barrier, no dead end, nothing that needs a script, and pictures to look at."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pypdfium2
import pytest

from .conftest import ARTEFACTS

pytestmark = pytest.mark.xdist_group("browser")

PAGES = ("first", "news", "index", "mail")
LOOKS = {
    "light": {},
    "dark": {"dark": True},
    "phone": {"width": 390, "height": 844},
    "phone-dark": {"width": 390, "height": 844, "dark": True},
}
OPEN = "document.querySelectorAll('details').forEach(each => each.open = true)"
ASK_AXE = "axe.run(document, {resultTypes: ['violations']}).then(said => said.violations)"


@pytest.fixture(params=PAGES)
def page(request, pages) -> Path:
    return pages[request.param]


@pytest.mark.parametrize("unfolded", [False, True], ids=["folded", "unfolded"])
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_no_violation(browser, axe, page, look, unfolded):
    browser.look(**LOOKS[look])
    browser.open(page)
    if unfolded:
        browser.evaluate(OPEN)
    browser.evaluate(axe)
    found = browser.evaluate(ASK_AXE)
    assert [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]] == []


@pytest.mark.parametrize("look", LOOKS)
def test_a_picture_for_a_person(browser, page, look):
    browser.look(**LOOKS[look])
    browser.open(page)
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    picture = browser.screenshot()
    (ARTEFACTS / f"{page.parent.name}-{page.stem}-{look}.png").write_bytes(picture)
    assert len(picture) > 10_000


@pytest.mark.parametrize("unfolded", [False, True], ids=["folded", "unfolded"])
def test_nothing_sticks_out_on_a_phone(browser, page, unfolded):
    browser.look(width=360, height=740)
    browser.open(page)
    if unfolded:
        browser.evaluate(OPEN)
    assert browser.evaluate("document.scrollingElement.scrollWidth") <= 360


def test_every_link_leads_somewhere(browser, page):
    browser.look()
    browser.open(page)
    ids = set(browser.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)"))
    links = browser.evaluate("[...document.querySelectorAll('a[href]')].map(each => each.getAttribute('href'))")
    assert links
    nowhere = []
    for link in links:
        parts = urlsplit(link)
        if parts.scheme in ("http", "https"):
            there = bool(parts.netloc)
        elif parts.scheme == "mailto":
            there = "@" in parts.path
        elif parts.path:
            there = (page.parent / unquote(parts.path)).is_file()
        else:
            there = parts.fragment in ids
        nowhere += [] if there else [link]
    assert nowhere == []


def test_a_link_to_a_folded_promise_opens_it(browser, pages):
    browser.look()
    browser.open(pages["news"])
    folded = "[...document.querySelectorAll('details:not([open]) [id^=TT-]')].map(each => each.id)"
    number = browser.evaluate(folded)[0]
    browser.evaluate(f"location.hash = '{number}'")
    assert browser.evaluate(f"document.getElementById('{number}').checkVisibility()")


def test_nothing_is_missing_without_script(browser, page):
    browser.look(script=True)
    browser.open(page)
    with_script = browser.words()
    browser.look(script=False)
    browser.open(page)
    assert browser.words() == with_script
    assert len(with_script) > 20
    browser.look()


def test_the_first_step_of_the_keyboard_is_to_the_content(browser, pages):
    browser.look()
    browser.open(pages["first"])
    for kind in ("keyDown", "keyUp"):
        browser.ask("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert browser.evaluate("document.activeElement.getAttribute('href')") == "#inhoud"


@pytest.mark.parametrize("name", ["first", "news"])
def test_on_paper_nothing_stays_folded(browser, pages, name):
    browser.look()
    browser.open(pages[name])
    printed = browser.printed()
    (ARTEFACTS / f"{name}.pdf").parent.mkdir(parents=True, exist_ok=True)
    (ARTEFACTS / f"{name}.pdf").write_bytes(printed)
    with pypdfium2.PdfDocument(printed) as paper:
        size = tuple(round(side) for side in paper[0].get_size())
        said = " ".join(sheet.get_textpage().get_text_bounded() for sheet in paper)
    assert size == (595, 842)  # A4
    numbers = set(re.findall(r'id="(TT-[^"]+)"', pages[name].read_text(encoding="utf-8")))
    assert len(numbers) > 20
    assert {number for number in numbers if number not in said} == set()
