"""Sentences of Dutch official prose. The examples are written for the tests; none is taken from a real document."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import tracker

Split = Callable[..., list[str]]
TABLES = tomllib.loads((Path(tracker.__file__).parent / "rules/abbreviations.toml").read_text(encoding="utf-8"))

ONE = {
    "number-after-nr": "Zie Kamerstuk 12 345, nr. 67, voor de stand van zaken.",
    "title-and-initials": "De brief van mr. dr. A.B.C. van den Berg is ontvangen.",
    "letters-with-stops": "Dit gebeurt i.v.m. De Wet, m.b.t. De Raad en t.a.v. Jeugdzorg.",
    "date-with-stops": "Vanaf 1.7.2031 geldt de regeling.",
    "time-with-stop": "De bijeenkomst begint om 10.30 uur in zaal 2.",
    "amount": "Hiervoor is € 1.250.000,50 uitgetrokken.",
    "jl-before-parenthesis": "In de brief van 4 mei jl. (Kamerstuk 12 345) staat het antwoord.",
    "jl-before-small-letter": "Op 4 mei jl. heb ik u bericht.",
    "stb": "De wet (Stb. 2031, 12) treedt in werking.",
    "parenthesis-with-stop-inside": "De raad (ingesteld in 2029.) adviseert hierover.",
    "semicolons": "Ik stuur u een brief; de bijlage volgt; het advies ook.",
    "enumeration-in-a-line": "De minister komt terug op: 1. de kosten; 2. de planning; en 3. de gevolgen.",
    "question-in-quotes-then-verb": '"Komt er een plan?" vraagt de heer Jansen.',
    "ellipsis-inside": "Het gaat om … de kosten.",
    "hard-wrapped": "Ik zal uw Kamer over de voortgang van het programma in het\nnajaar van 2031 nader informeren.",
    "hard-wrapped-before-capital": "Over deze aanpak spreek ik in het voorjaar opnieuw met de\nMinister van Financiën.",
    "footnote-inside": "Het advies[1] van de raad² wordt gevolgd.",
    "guillemets": "Het rapport «Samen verder – een verkenning» is af.",
    "acronym-with-stops": "Het contract met Voorbeeld B.V. is verlengd.",
    "number-of-paragraph": "Zie paragraaf 3.2 van de bijlage.",
    "web-address": "Alles staat op www.voorbeeld.nl/pagina.html en is openbaar.",
    "lower-case-after-stop": "Dat is zo. dit hoort erbij",
}

MANY = {
    "plain": ["Dat is zo.", "Dit ook."],
    "question-and-exclamation": ["Kan dat?", "Ja!", "Zo is het."],
    "guillemet-closes": ["Het heet «Plan Noord».", "Het is af."],
    "stop-inside-quotes": ["Hij zei: “Dat doen we.”", "Daarna ging hij weg."],
    "stop-in-parenthesis": ["(Dat was vorig jaar.)", "Nu is het anders."],
    "note-in-brackets": ["Het rapport is af.[1]", "Ik stuur het u toe."],
    "note-superscript": ["Het rapport is af.¹", "Ik stuur het u toe."],
    "note-markup": ["Het rapport is af.<sup>6</sup>", "Ik stuur het u toe."],
    "note-glued": ["Wij lezen het rapport.2", "Daarna volgt de brief."],
    "mark-inside-the-sentence": ["Het rapport is af[1].", "Ik stuur het u toe."],
    "year-ends": ["De regeling geldt vanaf 2031.", "Gemeenten weten dat."],
    "digit-begins": ["Er is een peiling gehouden.", "85 procent was tevreden."],
    "euro-begins": ["Het budget stijgt.", "€ 3 miljoen gaat naar scholen."],
    "small-s": ["Het duurt tot de avond.", "'s Nachts is het stil."],
    "ellipsis-ends": ["Ik dacht dat …", "Maar nee."],
    "article-number-ends": ["Dit staat in artikel 3.", "De toelichting is duidelijk."],
    "hard-wrapped-stop-at-line-end": ["Dat is de eerste regel van deze alinea in een brief.", "De tweede begint hier."],
    "abbreviation-ends": ["De motie is van het lid Jansen c.s.", "Ik laat het oordeel aan de Kamer."],
}


@pytest.mark.parametrize("text", ONE.values(), ids=ONE)
def test_one_sentence_stays_whole(split: Split, text: str) -> None:
    assert split(text) == [" ".join(text.split())]


@pytest.mark.parametrize("expected", MANY.values(), ids=MANY)
@pytest.mark.parametrize("gap", [" ", "\n"], ids=["blank", "line-break"])
def test_sentences_part(split: Split, expected: list[str], gap: str) -> None:
    assert split(gap.join(expected)) == expected


@pytest.mark.parametrize(
    "text", [text for name in TABLES for text in TABLES[name]["joined"]], ids=lambda text: text[:40]
)
def test_an_abbreviation_does_not_end_a_sentence(split: Split, text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    "expected", [pair for name in TABLES for pair in TABLES[name].get("split", [])], ids=lambda pair: pair[0][-20:]
)
def test_an_abbreviation_can_end_a_sentence(split: Split, expected: list[str]) -> None:
    assert split(" ".join(expected)) == expected


@pytest.mark.parametrize("word", TABLES["never_end"]["words"])
def test_nothing_ends_with_what_needs_more(split: Split, word: str) -> None:
    assert len(split(f"Dit staat in {word} Voorbeeld van de regeling.")) == 1


@pytest.mark.parametrize("word", TABLES["may_end"]["words"])
def test_may_end_before_a_capital_only(split: Split, word: str) -> None:
    assert len(split(f"Dit betreft de zaak {word} De rest volgt.")) == 2
    assert len(split(f"Dit betreft de zaak {word} en de rest volgt.")) == 1


@pytest.mark.parametrize("mark", ["-", "•", "–", "1.", "2)", "a)", "(b)", "iv."])
def test_items_of_a_list_stand_apart_without_their_marks(split: Split, mark: str) -> None:
    text = f"Ik kom terug op:\n{mark} de kosten van het plan;\n{mark} de planning voor volgend jaar."
    assert split(text) == ["Ik kom terug op:", "de kosten van het plan;", "de planning voor volgend jaar."]


def test_a_blank_line_ends_a_sentence_without_a_stop(split: Split) -> None:
    assert split("Ik heb u bericht over de kosten\n\nHet vervolg komt in mei.")[-1] == "Het vervolg komt in mei."


def test_a_line_that_announces_a_list_ends(split: Split) -> None:
    text = "Ik heb u drie dingen te melden over het programma voor de scholen:\nDe Kamer ontvangt een brief."
    assert len(split(text)) == 2


def test_rules_and_lone_numbers_are_no_sentences(split: Split) -> None:
    assert split("Dat is zo.\n\n-----\n\n12\n\n***\n\nDit ook.") == ["Dat is zo.", "Dit ook."]


def test_numbering_within_running_text_does_not_part_the_number_from_its_words(split: Split) -> None:
    text = "Er zijn twee redenen: 1. Het is te duur. 2. Het duurt te lang."
    assert split(text) == ["Er zijn twee redenen: 1. Het is te duur.", "Het duurt te lang."]


def test_where_lines_are_paragraphs_a_line_break_before_a_capital_ends_a_sentence(split: Split) -> None:
    long = "Dit is een alinea op een regel van haar eigen, want " + "zij gaat maar door " * 8 + "en houdt dan op."
    items = ["Een overzicht van de speelplaatsen in alle gemeenten", "Een plan voor het onderhoud in de komende jaren"]
    assert split("\n".join([long, *items])) == [long, *items]
