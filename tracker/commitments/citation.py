"""How a document is cited, and whether a citation means a document. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Protocol

from tracker.commitments.state import DocumentRef
from tracker.deadlines.dates import in_words
from tracker.domain import DocumentKind

#: What a document of each kind is called in a citation.
NOUNS = {
    DocumentKind.LETTER: "Brief",
    DocumentKind.ANSWER: "Antwoord",
    DocumentKind.DEBATE: "Debat",
    DocumentKind.CHAIR_LIST: "Toezeggingenlijst",
    DocumentKind.REPORT: "Verslag",
    DocumentKind.REGISTER: "Toezeggingenregister",
    DocumentKind.NEWS: "Nieuwsbericht",
    DocumentKind.OTHER: "Stuk",
}

APPENDIX = re.compile(r"\bah-[te]k-(\d{4})(\d{4})-(\d+)\b")
#: "31 015, nr. 245", "28 638 / 31 015 Nr. 245", "35300-VII, nr. 113".
CITED = re.compile(
    r"(?<!\d)(?P<dossier>\d{2}[ .\u00a0]?\d{3}(?:[- ](?:[IVXLCDM]+|[A-Z])\b)?)"
    r"(?:\s*(?:/|en|,)\s*\d{2}[ .\u00a0]?\d{3}(?:[- ](?:[IVXLCDM]+|[A-Z])\b)?)*"
    r"\W{0,3}(?:nr|no|nummer)\b\.?\s*(?P<number>\d+)",
    re.IGNORECASE,
)
IDENTIFIER = re.compile(r"\bkst-(?P<dossier>\d{5}(?:-(?:[IVXLCDM]+|[A-Z]))?)-(?P<number>\d+)\b")


class Numbered(Protocol):
    """A document with dossiers in its order and a number within the first of them."""

    @property
    def dossiers(self) -> tuple[str, ...]: ...

    @property
    def number(self) -> str | None: ...


def cite(document: DocumentRef, page: int | None = None) -> str:
    """A citation to copy: "Brief van 1 april 2022, 31 015, nr. 245, p. 2".

    Answers are cited by the appendix (Aanhangsel) they were printed in, by what their address says of it. A document
    without a number is cited by its title.
    """
    noun = NOUNS[DocumentKind(document.kind)]
    parts = [f"{noun} van {dutch_date(document.date)}" if document.date else f"{noun} zonder datum"]
    printed = APPENDIX.search(document.url or "")
    if printed:
        parts.append(f"Aanhangsel {printed[1]}–{printed[2]}, nr. {printed[3]}")
    elif document.dossiers and document.number:
        parts.append(f"{document.dossiers[0]}, nr. {document.number}")
    elif document.title:
        parts.append(f"‘{document.title}’")
    if page is not None:
        parts.append(f"p. {page}")
    return ", ".join(parts)


def dutch_date(day: date) -> str:
    """ "1 april 2022"."""
    return in_words(day, "nl")


def same_document(citation: str, document: Numbered) -> bool:
    """Whether a citation with dossier and number means this document.

    A number counts within the first dossier only: of a letter filed under 31 015 and 28 638 as nr. 245, "28 638,
    nr. 245" is another document.
    """
    if not document.dossiers or not document.number:
        return False
    own = squeezed(document.dossiers[0]), document.number
    cited = [*CITED.finditer(citation), *IDENTIFIER.finditer(citation)]
    return any((squeezed(found["dossier"]), found["number"]) == own for found in cited)


def squeezed(dossier: str) -> str:
    """ "35 300 VII" and "35300-VII" alike."""
    return re.sub(r"[\s.-]", "", dossier).upper()
