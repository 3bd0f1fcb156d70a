"""The plain form of a sentence, and the way back to the source."""

import pytest

from tracker.domain import Span
from tracker.sentences import plain

CASES = {
    "nothing-to-do": ("Ik stuur u een brief.", "Ik stuur u een brief."),
    "line-break": ("Ik stuur u\n   een brief.", "Ik stuur u een brief."),
    "nbsp": ("€\u00a05 miljoen", "€ 5 miljoen"),
    "bold": ("Het **nieuwe** plan", "Het nieuwe plan"),
    "italic-underscore": ("Het _nieuwe_ plan", "Het nieuwe plan"),
    "underscore-in-name": ("het bestand plan_v2.txt", "het bestand plan_v2.txt"),
    "heading": ("### Het plan", "Het plan"),
    "note-in-brackets": ("Het rapport[3] is af.[12 ]", "Het rapport is af."),
    "note-apart": ("Het rapport [3] is af.", "Het rapport is af."),
    "note-superscript": ("Het rapport² is af.¹", "Het rapport is af."),
    "note-markup": ("Het rapport<sup>6</sup> is af.", "Het rapport is af."),
    "note-glued-behind-stop": ("Het rapport is af.12", "Het rapport is af."),
    "decimal-stays": ("Het is 3.12", "Het is 3.12"),
    "soft-hyphen": ("rap\u00adport", "rapport"),
    "quotes": ("«af» “af” „af” ‘af’ ’s", '"af" "af" "af" \'af\' \'s'),
    "dashes": ("2030–2031 — nu", "2030-2031 - nu"),
    "ellipsis": ("zo … ja", "zo ... ja"),
    "link": ("Zie [de site](https://voorbeeld.nl/a) hier", "Zie de site hier"),
    "bracketed-words-stay": ("het [sic] plan", "het [sic] plan"),
    "around": ("  af  ", "af"),
    "empty": ("", ""),
    "markup-only": ("**", ""),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_plain_form(source: str, expected: str) -> None:
    result = plain(source)
    assert result.text == expected
    assert len(result.offsets) == len(expected) + 1


def test_a_span_leads_back_to_the_source() -> None:
    source = "Ik stuur **uw  Kamer**[2] «spoedig» een brief."
    result = plain(source)
    at = result.text.index('Kamer "spoedig"')
    assert result.span(at, at + len('Kamer "spoedig"')).of(source) == "Kamer**[2] «spoedig»"
    assert result.span(at, at) == Span(source.index("Kamer"), source.index("Kamer"))
