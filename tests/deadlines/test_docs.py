"""The page on deadlines says what the program does."""

import re
from datetime import date
from pathlib import Path

import pytest

from tracker.deadlines import Calendar, DeadlineGrammar, resolve

PAGE = (Path(__file__).parents[2] / "docs" / "deadlines.md").read_text(encoding="utf-8")
DATED = re.findall(r"^\| (.+?) \| (\d{4}-\d\d-\d\d) \| (\d{4}-\d\d-\d\d) \|$", PAGE, re.MULTILINE)
UNDATED = re.findall(r"^\| (.+?) \| (event|vague|recurring) \|$", PAGE, re.MULTILINE)
NONE = re.findall(r'"([^"]+)"', next(p for p in PAGE.split("\n\n") if p.endswith("are no deadlines at all.")))


@pytest.mark.parametrize(("words", "first", "last"), DATED, ids=[row[0] for row in DATED])
def test_a_row_is_true(words: str, first: str, last: str, grammar: DeadlineGrammar, calendar: Calendar) -> None:
    (deadline,) = grammar.find(words)
    due = resolve(deadline, date(2024, 3, 20) if words == "in maart" else date(2024, 2, 1), calendar)
    assert (str(due.first), str(due.last)) == (first, last)


@pytest.mark.parametrize(("words", "precision"), UNDATED, ids=[row[0] for row in UNDATED])
def test_words_without_a_date_are_kept(
    words: str, precision: str, grammar: DeadlineGrammar, calendar: Calendar
) -> None:
    (deadline,) = grammar.find(words)
    due = resolve(deadline, date(2024, 2, 1), calendar)
    assert (due.last, due.precision) == (None, precision)


@pytest.mark.parametrize("words", NONE)
def test_what_is_no_deadline(words: str, grammar: DeadlineGrammar) -> None:
    assert not grammar.find(words.lower())
