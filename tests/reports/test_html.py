"""How a report looks, held by golden files (`REGENERATE=1 pytest tests/reports` writes them anew) and by rules."""

import os
import re
import tomllib
from dataclasses import fields, replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from jinja2 import meta, nodes

from tracker import paths
from tracker.commitments.state import Status
from tracker.domain import Actor, Strength
from tracker.errors import ConfigError, UsageError
from tracker.reports import counts, html, views
from tracker.reports.promises import Promise

from .examples import BUS, CARE, Read, a_week_ago, everything, promise, report, statements

GOLDEN = Path(__file__).parent / "golden"
VOID = {"meta", "br", "col", "link", "img", "hr", "input"}


class Outline(HTMLParser):
    """Checks that elements nest, and gathers what the tests ask about."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.tables: list[list[str]] = []
        self.feed(page)
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.gather(tag, attrs)

    def handle_startendtag(self, tag, attrs):  # within SVG
        self.gather(tag, attrs)

    def gather(self, tag, attrs):
        self.tags.add(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "table":
            self.tables.append([])
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value)
        if self.tables and tag in ("caption", "th"):
            self.tables[-1].append("caption" if tag == "caption" else dict(attrs).get("scope", "th without scope"))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> at {self.getpos()} inside {self.open[-3:]}"
        self.open.pop()

    def values(self, name: str) -> list[str]:
        return [value for _, given, value in self.attributes if given == name]


def variants() -> dict[str, views.ReportView]:
    since = views.Since(date(2026, 8, 31), tuple(a_week_ago()), statements())
    trouble = views.Trouble(tuple(f"brief {n}.pdf" for n in range(10)), ("wonen & zorg",), 2)
    return {
        "trouble": report(since=since, trouble=trouble),
        "full": report(since=since),
        "first": report(grace_days=0),
        "empty": report([], Read(0, None, None)),
        "stale": report(reading=Read(1, date(2026, 2, 1), None), since=since),
        "undated": report(reading=Read(3, None, None)),
        "quiet": report(since=views.Since(date(2026, 9, 6), tuple(everything())), grace_days=7),
    }


VARIANTS = sorted(variants())


@pytest.mark.parametrize("template", [html.REPORT, html.OVERDUE])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_golden(view, template, language):
    file = GOLDEN / f"{template.removesuffix('.j2').replace('.', f'.{language}.')}"
    made = html.render(view, language=language, template=template)
    if os.environ.get("REGENERATE"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8"), "changed on purpose? REGENERATE=1 pytest tests/reports"


@pytest.mark.parametrize("name", VARIANTS)
def test_a_page_is_well_formed_and_its_outline_in_order(name):
    outline = Outline(html.render(variants()[name]))
    assert outline.headings.count(1) == 1
    assert outline.headings[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(outline.headings))
    assert len(outline.ids) == len(set(outline.ids))
    assert ("html", "lang", "nl") in outline.attributes
    assert outline.tags >= {"header", "nav", "main", "footer"}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_link_within_the_page_and_every_label_leads_somewhere(name):
    outline = Outline(html.render(variants()[name]))
    inside = [value[1:] for value in outline.values("href") if value.startswith("#")]
    labels = [word for value in outline.values("aria-labelledby") for word in value.split()]
    assert inside
    assert set(inside + labels) <= set(outline.ids)


@pytest.mark.parametrize("name", VARIANTS)
def test_tables_have_a_caption_and_scopes(name):
    for cells in Outline(html.render(variants()[name])).tables:
        assert cells[0] == "caption"
        assert set(cells[1:]) <= {"col", "row"}


@pytest.mark.parametrize("name", VARIANTS)
def test_nothing_is_fetched_and_nothing_runs(name):
    page = html.render(variants()[name])
    outline = Outline(page)
    assert not {"script", "link", "img", "iframe", "object", "embed"} & outline.tags
    assert "<script" not in page
    assert not outline.values("src") + outline.values("onclick")
    assert not re.search(r"url\(|@import|@font-face", page)


@pytest.mark.parametrize("name", VARIANTS)
def test_fair_words(name):
    page = html.render(variants()[name]).lower()
    page = re.sub(r"<style>.*?</style>|<blockquote.*?</blockquote>", "", page, flags=re.S)
    for word in ("gebroken", "te laat", "niet nagekomen", "geschonden", "verzuimd"):
        assert word not in page


def text_of(page: str) -> str:
    bare = re.sub(r"<[^>]+>", "", re.sub(r"<style>.*?</style>", "", page, flags=re.S))
    return re.sub(r"\s+", " ", bare)


def test_a_passed_term_says_what_was_looked_at():
    page = text_of(html.render(report([promise(1, BUS, "IenW", "‹Ik stuur› een brief.", date(2026, 6, 30))])))
    assert (
        "Termijn verstreken op 30 juni 2026, geen nakoming gevonden in 14 documenten, nieuwste van 3 september 2026"
        in page
    )


def test_one_document_is_not_the_newest_of_several():
    read = Read(1, date(2026, 8, 20))
    page = text_of(html.render(report([promise(1, BUS, "IenW", "‹Ik stuur› een brief.", date(2026, 6, 30))], read)))
    assert "geen nakoming gevonden in 1 document, van 20 augustus 2026" in page


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"status": Status.PARTLY_FULFILLED}, "deels voldaan, van de rest geen nakoming gevonden"),
        ({"status": Status.UNCLEAR}, "onduidelijk of hieraan is voldaan"),
        ({"closed_by": "claimed"}, "Voldaan op 25 juni 2026, volgens de regering, binnen de eerste termijn"),
        ({"closed_by": "confirmed"}, "Voldaan op 25 juni 2026, nagegaan door een mens, binnen de eerste termijn"),
    ],
    ids=["partly", "unclear", "claimed", "confirmed"],
)
def test_the_verdict_of(given, expected):
    if "closed_by" in given:
        given = {**given, "status": Status.FULFILLED, "closed_on": date(2026, 6, 25)}
    found = promise(1, BUS, "IenW", "‹Ik stuur› een brief.", date(2026, 6, 30), **given)
    assert expected in text_of(html.render(report([found])))


def test_a_hedged_promise_that_may_be_met_is_not_called_passed():
    hedged = promise(
        26,
        CARE,
        "VWS",
        "‹Ik streef ernaar› «in mei» de tariefbeschikking te sturen.",
        date(2026, 5, 31),
        strength=Strength.HEDGED,
    )
    page = text_of(html.render(report([hedged], statements=statements())))
    assert "Verwacht uiterlijk 31 mei 2026, nakoming mogelijk gemeld, nog niet beoordeeld" in page


def test_what_went_wrong_stands_above_everything_else():
    trouble = views.Trouble(files=("a.pdf", "b.docx"), sources=("wonen",), mails=1)
    page = html.render(report(trouble=trouble, reading=Read(3, date(2026, 1, 1))))
    said = [
        "Er is lang niets nieuws gelezen",
        "2 bestanden konden niet worden gelezen: a.pdf, b.docx.",
        "Niet of niet volledig gelezen: wonen.",
        "Een eerder bericht met dit rapport kon niet worden bezorgd.",
        "Hoe dit te lezen",
    ]
    places = [text_of(page).find(words) for words in said]
    assert -1 not in places
    assert places == sorted(places)
    assert page.count('class="note warning"') == 4


def test_of_many_unread_files_the_first_are_named():
    page = text_of(html.render(report(trouble=views.Trouble(files=tuple(f"{n}.pdf" for n in range(10))))))
    assert "10 bestanden konden niet worden gelezen: 0.pdf, 1.pdf" in page
    assert "7.pdf en nog 2." in page


def test_what_did_not_change_is_folded_and_still_whole():
    found = promise(1, BUS, "IenW", "‹Ik stuur› een brief.", date(2026, 6, 30))
    page = html.render(
        report([found], since=views.Since(date(2026, 8, 31), (replace(found, as_of=date(2026, 8, 31)),)))
    )
    (folded,) = re.findall(r'<details class="told.*?</details>', page, re.S)
    assert 'id="TT-2026-0001"' in folded
    assert "geen nakoming gevonden in 14 documenten" in text_of(folded)
    assert '<details class="told' not in html.render(report([found]))


HOSTILE = "<script>alert(1)</script> & \"quoted\" 'text' {{ 7*7 }} {n} </blockquote>"


@pytest.mark.parametrize("due", [date(2026, 7, 31), None], ids=["an entry", "a row"])
def test_a_document_that_its_publisher_took_back_says_so(due):
    taken_back = replace(BUS, withdrawn=date(2026, 8, 12))
    told = "De uitgever heeft dit document op 12 augustus 2026 ingetrokken."
    for source, times in ((taken_back, 1), (BUS, 0)):
        view = report([promise(1, source, "IenW", "Ik ‹stuur› de Kamer het plan.", due)])
        page = html.render(view)
        assert re.sub(r"<[^>]+>", "", page).count(told) == times
        assert html.render(view, template=html.OVERDUE).count(told) == (times if due else 0)


def test_hostile_text_stays_text():
    found = promise(1, BUS, "IenW", HOSTILE, date(2026, 6, 30), context=HOSTILE, addressee=(HOSTILE,))
    found = replace(
        found,
        number='TT"><b>',
        topic=HOSTILE,
        tags=(HOSTILE,),
        evidence=HOSTILE,
        actor=Actor(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        document=replace(BUS, title=HOSTILE, url='https://voorbeeld.nl/"onmouseover="x'),
    )
    page = html.render(report([found], since=views.Since(date(2026, 8, 31), ())))
    outline = Outline(page)
    assert "<script" not in page
    assert "alert(1)" in page
    assert "49" not in text_of(page)
    assert "b" not in outline.tags
    assert "onmouseover" not in {name for _, name, _ in outline.attributes}


def test_that_a_promise_of_two_ministries_counts_with_both_is_said_where_there_is_one(view):
    told = "telt bij beide mee"
    assert told not in html.render(view)
    both = replace(everything()[0], actor=Actor("ik", ministry="OCW, VWS"))
    assert html.render(report([both])).count(told) == 1


def test_a_folder_of_ones_own_replaces_one_file(tmp_path, view):
    (tmp_path / "style.css").write_text("body { color: rebeccapurple }", encoding="utf-8")
    page = html.render(view, [tmp_path])
    assert "rebeccapurple" in page
    assert "--paper" not in page
    assert "Termijn verstreken, geen nakoming gevonden" in page


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{% if %}", r"report\.html\.j2, line 1: "),
        ("<p>\n{{ view.nothing }}", r"report\.html\.j2, line 2: .* has no attribute 'nothing'; templates/README\.md"),
        ('{% extends "base.htm" %}', r"base\.htm"),
        (
            '<p>\n{{ t("nope.key") }}',
            r'report\.html\.j2, line 2: texts\.nl\.toml has no text "nope\.key" that goes with no values; add it',
        ),
        ('{{ t("lead") }}', r'line 1: texts\.nl\.toml has no text "lead"'),
        ('{{ t("totals.ages.9") }}', r'"totals\.ages\.9"'),
        ("{{ 1 / view.trouble.mails }}", r"report\.html\.j2, line 1: ZeroDivisionError"),
        ("{{ view.documents | day }}", r"report\.html\.j2, line 1: "),
        ("{{ 1 + view.as_of }}", r"report\.html\.j2, line 1: TypeError"),
    ],
    ids=[
        "grammar",
        "a name that is not there",
        "a file that is not there",
        "a text that is not there",
        "a group of texts",
        "a part of a text",
        "a number",
        "no day",
        "a type",
    ],
)
def test_a_fault_in_a_template_of_ones_own_is_said(tmp_path, view, written, said):
    (tmp_path / "report.html.j2").write_text(written, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        html.render(view, [tmp_path])


def test_a_template_that_is_no_utf8_is_said(tmp_path, view):
    (tmp_path / "report.html.j2").write_bytes("é".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"report\.html\.j2: UnicodeDecodeError"):
        html.render(view, [tmp_path])


@pytest.mark.parametrize(
    "written", [b"[site", "[site]\nname = 'caf\u00e9'".encode("latin-1")], ids=["grammar", "no UTF-8"]
)
def test_a_catalogue_of_ones_own_that_cannot_be_read_is_said(tmp_path, view, written):
    (tmp_path / "texts.nl.toml").write_bytes(written)
    with pytest.raises(ConfigError, match=r"^texts\.nl\.toml: this is not TOML"):
        html.render(view, [tmp_path])


def test_a_text_that_lacks_a_value_is_said(view):
    env = html.environment()
    with pytest.raises(ConfigError, match=r'"mail\.subject" that goes with no values'):
        env.globals["t"]("mail.subject")


def test_a_language_without_a_catalogue_is_a_clear_error(view):
    with pytest.raises(UsageError, match=r"'fr'.*texts\.fr\.toml"):
        html.render(view, language="fr")


# ── The documented context ───────────────────────────────────────────────────────────────────────────────────────


def test_templates_use_no_name_that_is_not_documented():
    env = html.environment()
    readme = env.loader.get_source(env, "README.md")[0]
    documented = set(re.findall(r"`(\w+)[`(]", readme))
    for name in env.list_templates(filter_func=lambda name: name.endswith(".j2")):
        parsed = env.parse(env.loader.get_source(env, name)[0])
        own = {each.name for each in parsed.find_all(nodes.Name) if each.ctx == "store"}
        own |= {each.target for each in parsed.find_all(nodes.Import)}
        assert meta.find_undeclared_variables(parsed) - own <= documented, name


def test_everything_a_view_holds_is_documented():
    documented = set(re.findall(r"`(\w+)[`(]", (paths.templates_dir() / "README.md").read_text(encoding="utf-8")))
    parts = (views.ReportView, views.Changes, views.Section, views.Trouble, counts.Row)
    parts += (counts.Timeline, counts.Month, counts.Lateness, counts.Level)
    held = {field.name for kind in parts for field in fields(kind)}
    assert held - {"place"} | {field.name for field in fields(Promise)} <= documented


def _flat(table: dict, prefix: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            out |= _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            out |= _flat(dict(enumerate(value)), f"{prefix}{key}.")
        else:
            out[f"{prefix}{key}"] = value
    return out


def test_both_languages_say_the_same_things():
    dutch, english = (
        _flat(tomllib.loads((paths.templates_dir() / f"texts.{language}.toml").read_text(encoding="utf-8")))
        for language in ("nl", "en")
    )

    def names(text: str) -> list[str]:
        return sorted(set(re.findall(r"\{(\w+)\}", text)))

    assert {key: names(text) for key, text in dutch.items()} == {key: names(text) for key, text in english.items()}


# ── Contrast (WCAG 2.1 AA) ───────────────────────────────────────────────────────────────────────────────────────


def palettes() -> dict[str, dict[str, str]]:
    """The colours of the style sheet: light, then what dark and print change."""
    css = (paths.templates_dir() / "style.css").read_text(encoding="utf-8")
    found = [dict(re.findall(r"--([\w-]+): (#\w{3,6})", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)]
    light, dark, printed = found
    return {"light": light, "dark": light | dark, "print": light | printed}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(d * 2 for d in colour[1:])
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_stands_out_from_what_is_behind_it(scheme):
    colours = palettes()[scheme]
    pairs = [(text, "paper") for text in ("ink", "soft", "link", "past", "hedged", "done", "soon")]
    pairs += [("ink", "sheet"), ("soft", "sheet"), ("ink", "term"), ("soft", "term")]
    assert {
        pair: round(contrast(*map(colours.get, pair)), 1) for pair in pairs if contrast(*map(colours.get, pair)) < 4.5
    } == {}


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_what_is_drawn_stands_out_from_what_is_behind_it(scheme):
    """Bars, lines and marks: 3 to 1 (WCAG 1.4.11); what is dashed or dotted is so by its edge."""
    colours = palettes()[scheme]
    drawn = ("past", "soon", "hedged", "done", "term-edge", "strong-rule", "ink")
    assert {name: ratio for name in drawn if (ratio := round(contrast(colours[name], colours["paper"]), 2)) < 3} == {}


def test_each_place_has_a_mark_of_its_own_shape():
    """No status by colour alone: the words say it, and the mark before them has another shape."""
    css = (paths.templates_dir() / "style.css").read_text(encoding="utf-8")
    shapes = {}
    for place in ("past", "fresh", "sign", "expected", "soon", "fulfilled"):
        (rule,) = re.findall(rf"^\.(?:entry\.)?{place} \.status {{ (.*?) }}", css, re.M)
        shapes[place] = re.sub(r"color: [^;]+;", "", rule)
    assert len(set(shapes.values())) == len(shapes)
