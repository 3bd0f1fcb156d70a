"""What other engines get wrong: each of these was seen in one of them."""

from datetime import date

import pytest

from tracker.deadlines import Calendar, DeadlineGrammar, resolve


@pytest.mark.parametrize(
    ("text", "reference", "to"),
    [
        ("U ontvangt in maart een brief.", "2024-02-01", "2024-03-31"),  # not 1 March ("maart een")
        ("Het betreft de tweede tranche.", "2024-02-01", None),  # not the 2nd of a month
        ("Dat is voor het einde van het jaar gereed.", "2024-02-01", "2024-12-31"),  # not all of next year
        ("In het vierde kwartaal volgt de brief.", "2024-10-15", "2024-12-31"),  # not a year on
        ("In het eerste kwartaal volgt de brief.", "2024-02-01", "2024-03-31"),
        ("In het najaar volgt de brief.", "2024-02-01", "2024-12-20"),  # not the second half of the year
        ("2025", "2024-02-01", "2025-12-31"),  # not 20:25
        ("De begroting 2025 volgt later.", "2024-02-01", None),
        ("Binnen 2 weken volgt de brief.", "2025-03-14", "2025-03-28"),  # not in the past
        ("Medio 2026 is dat gereed.", "2025-03-14", "2026-07-31"),  # not 14 March
        ("Eind Q1 2026 is dat gereed.", "2025-03-14", "2026-03-31"),
        ("Halverwege 2027 is dat gereed.", "2025-03-14", "2027-07-31"),
        ("Vóór het zomerreces volgt de brief.", "2024-02-01", "2024-07-04"),
        ("Voor de zomer volgt de brief.", "2024-02-01", "2024-07-04"),
        ("Uiterlijk in het najaar volgt de brief.", "2024-02-01", "2024-12-20"),
        ("Over twee maanden volgt de brief.", "2024-02-01", "2024-04-01"),
        ("Komend voorjaar volgt de brief.", "2024-02-01", "2024-06-20"),
    ],
)  # fmt: skip
def test_a_known_mistake_is_not_made(
    text: str, reference: str, to: str | None, grammar: DeadlineGrammar, calendar: Calendar
) -> None:
    dates = [resolve(d, date.fromisoformat(reference), calendar).last for d in grammar.find(text)]
    assert [d.isoformat() for d in dates if d] == ([to] if to else [])
