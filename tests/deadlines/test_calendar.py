"""Recesses with their certainty, a user's own, fixed days and working days."""

from datetime import date

import pytest

from tracker.deadlines import Calendar, DeadlineGrammar, explain, resolve
from tracker.deadlines.calendar import fixture, is_working_day, working_days_after
from tracker.errors import RuleError
from tracker.knowledge import load_calendar


def said(text: str, reference: date, grammar: DeadlineGrammar, calendar: Calendar, language: str = "nl") -> str:
    (deadline,) = grammar.find(text)
    return explain(deadline, resolve(deadline, reference, calendar), language)


def test_the_certainty_of_a_recess_is_said(grammar: DeadlineGrammar, calendar: Calendar) -> None:
    day = date(2022, 3, 1)
    assert said("vóór het zomerreces 2022", day, grammar, calendar) == (
        "vóór het zomerreces 2022 → uiterlijk donderdag 7 juli 2022, "
        "de laatste dag vóór het reces van 8 juli (begin volgens krantenbericht)"
    )
    assert said("vóór het zomerreces 2022", day, grammar, calendar, "en").endswith("(start from a newspaper report)")
    assert "volgens de lijst van de Tweede Kamer" in said("voor het zomerreces 2024", day, grammar, calendar)
    assert said("voor het zomerreces 2026", day, grammar, calendar).endswith("(begin berekend)")


def test_a_user_adds_a_recess_or_corrects_one(grammar: DeadlineGrammar) -> None:
    own = [
        {"year": 2025, "recess": "verkiezingsreces", "first_day": "2025-10-03", "last_day": "2025-11-03",
         "status": "besluit van het Presidium"},
        {"year": 2026, "recess": "zomerreces", "first_day": "2026-07-10", "last_day": "2026-08-31",
         "status": "published"},
    ]  # fmt: skip
    calendar = load_calendar(own)
    (election,) = grammar.find("voor het verkiezingsreces")
    assert resolve(election, date(2025, 9, 1), calendar).last == date(2025, 10, 2)
    assert "besluit van het Presidium" in explain(election, resolve(election, date(2025, 9, 1), calendar))
    (summer,) = grammar.find("voor het zomerreces")
    assert resolve(summer, date(2026, 6, 1), calendar).last == date(2026, 7, 9)
    assert load_calendar().with_rows([{k: str(v) for k, v in row.items()} for row in own]) == calendar


@pytest.mark.parametrize(
    "row",
    [
        {"year": "2025", "recess": "reces", "first_day": "2025-13-01", "last_day": "2025-12-31"},
        {"year": "2025", "recess": "reces", "first_day": "2025-12-31", "last_day": "2025-12-01"},
        {"recess": "reces"},
    ],
)
def test_a_row_that_cannot_be_read_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(RuleError):
        Calendar.from_rows([row])


def test_beyond_the_calendar_there_is_no_date(grammar: DeadlineGrammar, calendar: Calendar) -> None:
    assert said("voor de zomer van 2045", date(2024, 1, 1), grammar, calendar).endswith("de kalender reikt niet zo ver")


def test_fixed_days_of_the_year() -> None:
    assert fixture("prinsjesdag", 2024).first == date(2024, 9, 17)
    assert fixture("prinsjesdag", 2026).first == date(2026, 9, 15)
    assert fixture("verantwoordingsdag", 2025).first == date(2025, 5, 21)


def test_the_fifth_of_may_never_counts_as_a_working_day() -> None:
    assert [is_working_day(date(y, 5, 5)) for y in (2022, 2023, 2025, 2026)] == [False] * 4
    assert working_days_after(date(2026, 5, 4), 1) == date(2026, 5, 6)
    assert working_days_after(date(2024, 2, 1), 10) == date(2024, 2, 15)
