"""The right one of several times in a sentence."""

from datetime import date

import pytest

from tracker.deadlines import Calendar, DeadlineGrammar
from tracker.domain import Span

REFERENCE = date(2024, 2, 1)


def chosen(
    text: str, grammar: DeadlineGrammar, calendar: Calendar, focus: str | None = None
) -> tuple[str | None, list[str]]:
    span = Span(text.index(focus), text.index(focus) + len(focus)) if focus else None
    best, also = grammar.choose(text, grammar.find(text), span, reference=REFERENCE, calendar=calendar)
    return best.words if best else None, [d.words for d in also]


@pytest.mark.parametrize(
    ("text", "words", "also"),
    [
        ("Vóór 1 mei 2025, maar uiterlijk voor het commissiedebat, stuur ik de brief.", "Vóór 1 mei 2025",
         ["uiterlijk voor het commissiedebat"]),
        ("Ik kom zo spoedig mogelijk, maar uiterlijk in mei, met een plan.", "uiterlijk in mei",
         ["zo spoedig mogelijk"]),
        ("Over twee weken, in ieder geval voor het krokusreces, volgt de brief.", "voor het krokusreces",
         ["Over twee weken"]),
        ("Ik stuur voor de zomer de evaluatie van de wet die in 2026 afloopt.", "voor de zomer", []),
        ("Mocht het in het eerste kwartaal anders lopen, dan hoort u dat van mij in mei.", "in mei", []),
        ("Indien de gesprekken in mei vastlopen, meld ik dat aan uw Kamer.", None, []),
        ("In februari heeft de inspectie dit gedeeld; het rapport verschijnt eind mei.", "eind mei", []),
        ("De in maart toegezegde brief ontvangt u in april.", "in april", []),
        ("Uw Kamer ontvangt in juni de reactie op de brief van 5 december 2019.", "in juni", []),
        ("Vóór de zomer, eind juni, stuur ik de brief.", "Vóór de zomer", ["eind juni"]),
        ("Nog voor het einde van dit kalenderjaar, voor de kerstvakantie, volgt de brief.",
         "Nog voor het einde van dit kalenderjaar", ["voor de kerstvakantie"]),
        ("U ontvangt de brief in mei in plaats van in maart.", "in mei", []),
        ("Zoals op 1 september is gemeld ontvangt u de wet in april.", "in april", []),
        ("Vorig jaar hebben zij op 12 december overeenstemming bereikt.", None, []),
        ("De proef is inmiddels in januari gestart en loopt tot de zomer.", None, []),
        ("Dat is in de Voorjaarsnota aangegeven; u ontvangt in mei de cijfers.", "in mei", []),
        ("De proef is in maart van start gegaan en de uitkomsten zijn er in april.", "in april", []),
        ("Ik zal u dit voorjaar informeren.", "dit voorjaar", []),
        ("De proef start op 1 mei en wordt na zes maanden geëvalueerd.", "na zes maanden", ["op 1 mei"]),
        ("De proef wordt na zes maanden geëvalueerd.", "na zes maanden", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_the_time_of_the_promise_is_chosen(
    text: str, words: str | None, also: list[str], grammar: DeadlineGrammar, calendar: Calendar
) -> None:
    assert chosen(text, grammar, calendar) == (words, also)


def test_a_season_of_this_year_that_is_over_is_the_next_only_where_something_is_to_come(
    grammar: DeadlineGrammar, calendar: Calendar
) -> None:
    december = date(2024, 12, 3)
    for text, words in (
        ("Ik zal u dit voorjaar informeren.", "dit voorjaar"),
        ("Dit voorjaar sprak ik met de provincies.", None),
    ):
        best, _ = grammar.choose(text, grammar.find(text), reference=december, calendar=calendar)
        assert (best.words if best else None) == words


def test_each_act_has_its_own_time(grammar: DeadlineGrammar, calendar: Calendar) -> None:
    text = "Op 26 juni spreek ik de sector en ik zal uw Kamer dit najaar informeren over de uitkomst."
    assert chosen(text, grammar, calendar, focus="spreek")[0] == "Op 26 juni"
    assert chosen(text, grammar, calendar, focus="zal uw Kamer")[0] == "dit najaar"


def test_without_times_nothing_is_chosen(grammar: DeadlineGrammar, calendar: Calendar) -> None:
    assert chosen("Ik stuur uw Kamer een brief.", grammar, calendar) == (None, [])
