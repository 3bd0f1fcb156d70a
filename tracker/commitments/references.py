"""What a reference in a sentence means: which known document, and whether two references mean the same. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.commitments.citation import same_document, squeezed
from tracker.domain import DocumentKind, Reference

#: What sort of document a reference of each kind can mean.
_KINDS = {
    "debate": frozenset({DocumentKind.DEBATE, DocumentKind.CHAIR_LIST, DocumentKind.REPORT}),
    "letter": frozenset({DocumentKind.LETTER, DocumentKind.REPORT, DocumentKind.OTHER}),
    "question": frozenset({DocumentKind.ANSWER}),
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A document as others refer to it: its day and kind; `number` counts within the first of its dossiers."""

    id: int
    day: date | None
    kind: DocumentKind
    dossiers: tuple[str, ...] = ()
    number: str | None = None
    title: str | None = None


def means(reference: Reference, document: Cited) -> Literal["number", "day"] | None:
    """How a reference names a document: by dossier and number, by its day and kind, or not at all.

    A document of several dossiers is numbered within the first: "28 638, nr. 245" is not the letter that is filed under
    31 015 and 28 638 as nr. 245. Of a reference to several dossiers ("28 638 en 34 193, nr. 207") the first counts too.
    """
    if reference.number and reference.kind != "register" and document.number and document.dossiers:
        own = squeezed(document.dossiers[0]), document.number
        if reference.dossier and (squeezed(reference.dossier), reference.number) == own:
            return "number"
        if same_document(reference.written, document):
            return "number"
    kinds = _KINDS.get(reference.kind)
    if kinds and reference.date is not None and reference.date == document.day and document.kind in kinds:
        return "day"
    return None


def resolve(reference: Reference, documents: Iterable[Cited]) -> Cited | None:
    """The known document that a reference means; None where there is none, or more than one of that day."""
    by_day = []
    for document in documents:
        how = means(reference, document)
        if how == "number":
            return document
        if how == "day":
            by_day.append(document)
    return by_day[0] if len(by_day) == 1 else None


def agree(one: Reference, other: Reference) -> bool:
    """Whether two references name the same debate, letter, motion or document."""
    if one.kind != other.kind:
        return False
    if one.number and other.number and one.dossier and other.dossier:
        return (squeezed(one.dossier), one.number) == (squeezed(other.dossier), other.number)
    return one.kind in _KINDS and one.date is not None and one.date == other.date
