"""Documents and mentions built by hand, a clock that the test sets, and what an ingest does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from tracker.domain import (
    Actor,
    Deadline,
    Document,
    DocumentKind,
    DuePeriod,
    Kind,
    Label,
    Mention,
    Metadata,
    Page,
    Precision,
    Span,
    Step,
    Term,
)
from tracker.store import Changes, Store

LETTER = (
    "Den Haag, 4 maart 2024\n\n"
    "Ik zal uw Kamer vóór 1 juli 2024 informeren over de stand van de sluizen. "
    "Het onderzoek naar de dijken start in september 2024.\n\n"
    "Ook zeg ik toe dat de brochure wordt herzien.\n"
)
FIRST = "Ik zal uw Kamer vóór 1 juli 2024 informeren over de stand van de sluizen."
SECOND = "Het onderzoek naar de dijken start in september 2024."
THIRD = "Ook zeg ik toe dat de brochure wordt herzien."
DUE = {FIRST: ("vóór 1 juli 2024", date(2024, 6, 30)), SECOND: ("in september 2024", date(2024, 9, 30))}


@dataclass(frozen=True)
class File:
    """What a reader makes of a file."""

    text: str
    reader: str = "text 1"
    media_type: str = "text/plain"
    pages: tuple[Page, ...] = ()
    content: bytes = b""
    sha256: str = ""


def file(text: str, reader: str = "text 1", pages: tuple[Page, ...] = ()) -> File:
    content = text.encode()
    return File(text, reader, pages=pages, content=content, sha256=hashlib.sha256(content).hexdigest())


def document(
    text: str = LETTER, day: date | None = date(2024, 3, 4), name: str = "brief.txt", **fields: object
) -> Document:
    known: dict[str, object] = {"kind": DocumentKind.LETTER, "title": "Sluizen en dijken", "dossiers": ("12 345",)}
    pages = fields.pop("pages", ())
    return Document(name, text, Metadata(**{"date": day, "number": "7", **known, **fields}), pages)  # type: ignore[arg-type]


def mention(text: str, sentence: str, **fields: object) -> Mention:
    """A commitment in the first place where the sentence stands, with the deadline that DUE gives it."""
    start = text.index(sentence)
    term = None
    if sentence in DUE:
        words, last = DUE[sentence]
        at = sentence.index(words)
        steps = (Step("day", (("day", last.isoformat()),)),)
        term = Term(Deadline(words, Span(at, at + len(words))), DuePeriod(date(2024, 3, 4), last, Precision.DAY, steps))
    defaults: dict[str, object] = {
        "span": Span(start, start + len(sentence)),
        "ordinal": 0,
        "label": Label.COMMITMENT,
        "rule": "test.rule",
        "cue": Span(start, start + 3),
        "confidence": 0.9,
        "kind": Kind.INFORM,
        "actor": Actor("ik", "A. de Vries", "Minister van Infrastructuur en Waterstaat", "IenW"),
        "addressee": ("Tweede Kamer",),
        "action": sentence,
        "context": "Den Haag",
        "term": term,
    }
    return Mention(**{**defaults, **fields})  # type: ignore[arg-type]


def three(text: str = LETTER) -> list[Mention]:
    return [mention(text, FIRST), mention(text, SECOND, kind=Kind.MILESTONE), mention(text, THIRD, kind=Kind.ACT)]


def undated(mentions: list[Mention]) -> list[Mention]:
    """The mentions of a document without a date: their deadlines mean nothing yet."""
    nothing = DuePeriod(None, None, Precision.DAY)
    return [replace(m, term=replace(m.term, due=nothing) if m.term else None) for m in mentions]


@dataclass
class Clock:
    """A clock that stands still until the test moves it."""

    moment: datetime = field(default_factory=lambda: datetime(2024, 3, 5, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, days: float = 1) -> datetime:
        self.moment += timedelta(days=days)
        return self.moment


def save(
    store: Store,
    doc: Document | None = None,
    mentions: list[Mention] | None = None,
    rulebook: str = "1",
    reader: str = "text 1",
    **overrides: object,
) -> Changes:
    """What an ingest does with one file."""
    doc = doc or document()
    source = file(doc.text, reader, doc.pages)
    received = store.receive(doc, source, rulebook_version=rulebook, path=f"in/{doc.name}", overrides=dict(overrides))
    return store.save(received, three(doc.text) if mentions is None else mentions)
