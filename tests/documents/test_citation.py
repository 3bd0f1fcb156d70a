"""How documents are cited, and which document a citation means."""

from datetime import date

import pytest

from tracker.commitments.citation import cite, same_document
from tracker.commitments.state import DocumentRef
from tracker.documents import Registry, describe

LETTER = DocumentRef(1, "Veerdiensten", "letter", date(2031, 4, 1), ("38 999", "38 417"), "245")
ANSWER_AT = "https://zoek.officielebekendmakingen.nl/ah-tk-20302031-916.html"

CITATIONS = {
    "letter": (LETTER, 2, "Brief van 1 april 2031, 38 999, nr. 245, p. 2"),
    "without pages": (LETTER, None, "Brief van 1 april 2031, 38 999, nr. 245"),
    "part of a budget": (
        DocumentRef(1, None, "letter", date(2031, 3, 3), ("38 300 VII",), "113"),
        None,
        "Brief van 3 maart 2031, 38 300 VII, nr. 113",
    ),
    "answer": (
        DocumentRef(1, "Vragen over veren", "answer", date(2031, 2, 1), (), "916", ANSWER_AT),
        None,
        "Antwoord van 1 februari 2031, Aanhangsel 2030–2031, nr. 916",
    ),
    "debate": (DocumentRef(1, None, "debate", date(2031, 3, 5)), None, "Debat van 5 maart 2031"),
    "by its title": (
        DocumentRef(1, "Stand van zaken veerdiensten", "letter", date(2031, 8, 24)),
        1,
        "Brief van 24 augustus 2031, ‘Stand van zaken veerdiensten’, p. 1",
    ),
    "undated": (DocumentRef(1, None, "report", None), None, "Verslag zonder datum"),
}


@pytest.mark.parametrize(("document", "page", "citation"), CITATIONS.values(), ids=CITATIONS)
def test_a_document_is_cited(document: DocumentRef, page: int | None, citation: str) -> None:
    assert cite(document, page) == citation


MEANT = ["38 999, nr. 245", "Kamerstuk 38999 nr. 245", "Kamerstukken II 2030/31, 38 999, nr. 245.", "kst-38999-245"]
MEANT += ["38 999 / 38 417 Nr. 245", "38 999, 38 417, nr. 245", "Kamerstuk 38 417, nr. 1 en Kamerstuk 38 999, nr. 245"]
OTHERS = ["38 417, nr. 245", "38 417 / 38 999, nr. 245", "38 999, nr. 24", "38 999, nr. 2451", "138 999, nr. 245"]
OTHERS += ["38 999 VII, nr. 245", "nr. 245", "kst-38417-245"]


@pytest.mark.parametrize("citation", MEANT)
def test_a_number_counts_within_the_first_dossier(citation: str) -> None:
    assert same_document(citation, LETTER)


@pytest.mark.parametrize("citation", OTHERS)
def test_another_dossier_or_number_is_another_document(citation: str) -> None:
    assert not same_document(citation, LETTER)


def test_a_letter_filed_under_two_dossiers_is_numbered_in_the_first(registry: Registry) -> None:
    text = (
        "Vergaderjaar 2030–2031\n\n**38 999**\n\n**Veerdiensten**\n\n**38 417**\n\n**Kleine kernen**\n\n**Nr. 245**\n\n"
        "## **BRIEF VAN DE MINISTER VAN INFRASTRUCTUUR EN WATERSTAAT**\n\nDen Haag, 1 april 2031\n"
    )
    metadata = describe(text, registry)
    assert (metadata.dossiers, metadata.number) == (("38 999", "38 417"), "245")
    assert metadata.identifier == "kst-38999-245"
    assert same_document("38 999, nr. 245", metadata)
    assert not same_document("38 417, nr. 245", metadata)
