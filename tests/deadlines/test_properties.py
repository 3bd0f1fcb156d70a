"""What holds for every deadline and every text."""

import csv
import json
import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from babel.dates import format_date
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.deadlines import (
    Calendar,
    DeadlineGrammar,
    deadline_from_json,
    deadline_to_json,
    due_from_json,
    due_to_json,
    explain,
    resolve,
)  # fmt: skip
from tracker.domain import Precision
from tracker.knowledge import load_calendar, load_grammar

GRAMMAR, CALENDAR = load_grammar(), load_calendar()
HERE = Path(__file__).parent
with (HERE / "table.csv").open(encoding="utf-8", newline="") as file:
    EXPRESSIONS = sorted({row["expression"] for row in csv.DictReader(file)})
with (HERE / "phrases.csv").open(encoding="utf-8", newline="") as file:
    SENTENCES = [row["sentence"] for row in csv.DictReader(file)]

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
any_day = st.dates()
#: Sentences strung together of the words of real ones: grammatical or not, they must all be survived.
soups = st.lists(st.sampled_from(sorted({w for s in SENTENCES for w in s.split()})), max_size=25).map(" ".join)


@given(text=st.one_of(st.text(max_size=200), soups), reference=any_day)
@example(text="31 februari 2024", reference=date(2024, 1, 1))
@example(text="over 999 jaar", reference=date(2024, 1, 1))
@example(text="week 53", reference=date(9999, 12, 31))
@example(text="eerste week van december", reference=date(1, 1, 1))
@settings(max_examples=400, deadline=None)
def test_every_text_is_survived_and_every_period_is_in_order(text: str, reference: date) -> None:
    found = GRAMMAR.find(text)
    assert found == GRAMMAR.find(text)
    GRAMMAR.choose(text, found, reference=reference, calendar=CALENDAR)
    for before, after in pairwise(found):
        assert before.span.end <= after.span.start
    for deadline in found:
        due = resolve(deadline, reference, CALENDAR)
        assert due == resolve(deadline, reference, CALENDAR)
        assert (due.first is None) == (due.last is None)
        for language in ("nl", "en"):
            assert "\n" not in explain(deadline, due, language)
        assert deadline_from_json(json.loads(json.dumps(deadline_to_json(deadline)))) == deadline
        assert due_from_json(json.loads(json.dumps(due_to_json(due)))) == due
        if due.first and due.last:
            assert due.first <= due.last
            assert reference <= due.last
            assert due.first.year >= 1900
            assert due.last.year <= 2100


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
@settings(max_examples=150, deadline=None)
def test_a_printed_date_parses_back(day: date) -> None:
    text = f"uiterlijk {format_date(day, 'EEEE d MMMM y', locale='nl')}"
    found = GRAMMAR.find(text)
    assert len(found) == 1
    assert resolve(found[0], day, CALENDAR).last == day


RELATIVE = ("begin volgend jaar", "eind dit jaar", "in het najaar", "in maart", "binnen zes weken", "komend kwartaal",
            "in de tweede helft van het jaar", "over twee maanden", "medio volgend jaar", "voor 1 juli")  # fmt: skip


@pytest.mark.parametrize("words", RELATIVE)
@given(reference=st.dates(date(2001, 3, 2), date(2002, 2, 27)))
@settings(max_examples=40, deadline=None)
def test_a_year_later_it_means_a_year_later(words: str, reference: date) -> None:
    (deadline,) = GRAMMAR.find(words)
    one = resolve(deadline, reference, CALENDAR)
    other = resolve(deadline, reference.replace(year=reference.year + 1), CALENDAR)
    assert one.first and one.last and other.first and other.last
    assert (other.first.year - one.first.year, other.last.year - one.last.year) == (1, 1)
    assert abs((other.last - one.last) - timedelta(days=365)) <= timedelta(days=1)


VARIANTS = {
    "upper case": str.upper,
    "capital": str.capitalize,
    "non-breaking spaces": lambda text: text.replace(" ", "\u00a0"),
    "line breaks": lambda text: text.replace(" ", "\n"),
    "double spaces": lambda text: text.replace(" ", "  "),
    "accents apart": lambda text: text.replace("ó", "o\u0301"),
    "stressed": lambda text: re.sub(r"\bvoor\b(?! een periode)", "vóór", text),
    "curly apostrophes": lambda text: text.replace("'", "’"),
    "soft hyphens": lambda text: re.sub(r"(\w{4})(\w{3})", "\\1\u00ad\\2", text),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("words", EXPRESSIONS)
def test_how_it_is_typeset_changes_nothing(words: str, variant: str) -> None:
    plain, other = GRAMMAR.find(words), GRAMMAR.find(VARIANTS[variant](words))
    assert [(d.operator, d.times, d.link) for d in other] == [(d.operator, d.times, d.link) for d in plain]


def test_a_word_may_be_broken_at_a_line_end() -> None:
    (deadline,) = GRAMMAR.find("voor het zomer-\nreces van 2024")
    assert resolve(deadline, date(2024, 2, 1), CALENDAR).last == date(2024, 7, 4)


@pytest.mark.parametrize("text", [*SENTENCES, *EXPRESSIONS])
def test_the_fast_path_skips_nothing(text: str) -> None:
    assert GRAMMAR.find(text) == GRAMMAR.find(text, every=True)


def test_without_a_reference_date_there_is_no_date(grammar: DeadlineGrammar, calendar: Calendar) -> None:
    (deadline,) = grammar.find("in het najaar")
    due = resolve(deadline, None, calendar)
    assert (due.first, due.last, due.precision) == (None, None, Precision.SEASON)


def test_time_grows_no_faster_than_the_text() -> None:
    """A long sentence of nothing but triggers must not take its length squared, let alone more."""
    words = "de derde helft van het eerste begin van eind voor na de een uiterlijk in de komende brief van de maart "
    assert GRAMMAR.find(words * 400) is not None
