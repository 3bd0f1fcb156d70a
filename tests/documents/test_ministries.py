"""Ministries by their names over the years, the offices at them, and their abbreviations."""

import pytest

from tracker.documents import Registry

NAMED = {
    "Minister van Justitie en Veiligheid": "JenV",
    "de minister van Veiligheid en Justitie": "VenJ",
    "DE MINISTER VAN INFRASTRUCTUUR EN MILIEU": "IenM",
    "Minister van Economische Zaken": "EZ",
    "Minister van Economische Zaken en Klimaat": "EZK",
    "minister van Economische Zaken, Landbouw en Innovatie": "ELI",
    "Minister van Landbouw, Visserij, Voedselzekerheid en Natuur": "LVVN",
    "minister van Volksgezondheid,\nWelzijn en Sport": "VWS",
    "Financiën – Fiscaliteit en Belastingdienst": "Fin",
    "Minister van Volkshuisvesting, Ruimtelijke Ordening en Milieubeheer": "VROM",
    "Minister van Volkshuisvesting en Ruimtelijke Ordening": "VRO",
    "minister voor Primair en Voortgezet Onderwijs": "OCW",
    "Minister voor Rechtsbescherming": "JenV",
    "minister voor Armoedebeleid, Participatie en Pensioenen": "SZW",
    "Minister voor Buitenlandse Handel en Ontwikkelingssamenwerking": "BZ",
    "minister-president": "AZ",
    "minister voor Jeugd en Gezin": "VWS",
    "JenV en VWS": "JenV",
    "mijn collega van SZW": "SZW",
    "het ministerie van EL&I": "ELI",
    "J&V": "JenV",
}


@pytest.mark.parametrize(("text", "code"), NAMED.items(), ids=NAMED)
def test_a_ministry_is_known_by_name_office_and_abbreviation(registry: Registry, text: str, code: str) -> None:
    assert registry.ministry(text) == code


@pytest.mark.parametrize("text", ["het Rode Kruis", "de provincie Fryslân", "defensieve houding", "", "ez"])
def test_what_is_no_ministry_has_no_code(registry: Registry, text: str) -> None:
    assert registry.ministry(text) is None


@pytest.mark.parametrize(
    ("code", "now"),
    [("VenJ", "JenV"), ("Jus", "JenV"), ("VROM", "IenW"), ("ELI", "EZ"), ("LNV", "LVVN"), ("VWS", "VWS")],
)
def test_a_ministry_is_followed_to_what_it_became(registry: Registry, code: str, now: str) -> None:
    assert registry.today(code) == now
