"""What the store takes and gives besides the nouns of `domain` and `commitments`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from tracker.commitments.state import Commitment, DocumentRef
from tracker.domain import Document, DuePeriod, Mention, Metadata, Page, Reference

NOTHING_SAID = Metadata()

#: The outcome of a job that a crash cut off.
INTERRUPTED = "interrupted"

Outcome = Literal["new", "known", "new-version", "re-read"]


class SourceLike(Protocol):
    """What the store needs of a read file; `tracker.documents.Source` is one."""

    @property
    def text(self) -> str: ...
    @property
    def pages(self) -> tuple[Page, ...]: ...
    @property
    def media_type(self) -> str: ...
    @property
    def reader(self) -> str: ...
    @property
    def content(self) -> bytes: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Intake:
    """A document at the store's door: what saving it would be, and the document to look for mentions in.

    `document` carries what users said of it, earlier or now, over what it says itself. Nothing has been written yet.
    """

    outcome: Outcome
    document: Document
    rulebook_version: str
    document_id: int | None  # None for a new one
    path: str | None = None
    read: Metadata = NOTHING_SAID  # what the document says of itself
    given: tuple[tuple[str, object], ...] = ()  # what the user says now
    version: Version | None = None  # None where the stored text is read again


@dataclass(frozen=True, slots=True)
class Version:
    """The file behind a text: the hash of its bytes, and who made the text of them."""

    sha256: str
    media_type: str
    size: int
    reader: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What saving did. The tuples hold numbers of commitments."""

    outcome: Outcome
    document_id: int
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()  # read differently than before
    gone: tuple[str, ...] = ()  # no longer found in the document: kept, and shown as such


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A stored document, with what it says of itself and what users say of it."""

    id: int
    name: str  # the file's name
    path: str | None  # where it was read from last
    metadata: Metadata
    reader: str
    rulebook_version: str
    sha256: str  # of the newest version's bytes
    versions: int
    recorded_at: datetime  # first stored
    read_at: datetime  # last read
    numbers: tuple[str, ...] = ()  # of the commitments it carries, in the document's order

    @property
    def date(self) -> date | None:
        return self.metadata.date

    @property
    def title(self) -> str:
        return self.metadata.title or self.name


@dataclass(frozen=True, slots=True)
class StoredMention:
    """A mention with the document it stands in; for fulfilments, which carry no commitment."""

    id: int
    mention: Mention
    quote: str
    page: int | None
    document: DocumentRow
    recorded_at: datetime
    declined: frozenset[str] = frozenset()  # numbers of the promises that it is not about, as people said


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list, in its order, and how many pass its filter in all."""

    commitments: tuple[Commitment, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How much was read: what "no fulfilment found" rests on."""

    documents: int
    newest: date | None  # the date of the newest document
    last_read: datetime | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A later sentence that may be about a promise, with where it stands."""

    quote: str
    context: str | None
    document: DocumentRef
    page: int | None
    due: DuePeriod | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that waits for a person."""

    id: str  # "L12" for a link, else the number of the promise
    kind: str  # "new" | "claimed" | "fulfilment" | "report" | "repeat" | "deferral"
    commitment: Commitment  # as it stands
    score: float
    reasons: tuple[Mapping[str, Any], ...] = ()  # {code, points, params}; `reasons.explain` words them
    said: Statement | None = None  # the later sentence of a link
    partial: bool = False
    linked: bool = False  # it holds already, by itself; a person confirms or disputes it
    own: str | None = None  # of a repeat or deferral: the number that the later sentence has now


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence in which the government says that a promise is met, and what it was linked to."""

    said: Statement
    ministry: str | None
    references: tuple[tuple[Reference, DocumentRef | None], ...]  # with the known document that each means
    closes: tuple[str, ...]  # numbers
    proposed: tuple[str, ...]
    confirmed: bool = False  # a person checked


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a scheduled job. `outcome` is None while it runs."""

    id: int
    job: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    detail: str | None


# ── Sources ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SourceItem:
    """A document that a source offers. `problem` is why it could not be fetched or read; `record` is kept to retry."""

    key: str
    version: str
    document_id: int | None
    problem: str | None
    attempts: int
    record: dict[str, Any] | None
    recorded_at: datetime  # first offered


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How far a source was read. `finished_at` is of the last walk that came to its end."""

    name: str
    position: str | None
    started_at: datetime | None
    finished_at: datetime | None
    counts: dict[str, Any]
    documents: int
    problems: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """Trouble with a source: outage, truncated, schema, empty, missing, refused, documents or words."""

    source: str
    kind: str
    message: str
    raised_at: datetime
    last_at: datetime
    times: int
    cleared_at: datetime | None


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A record of a register as one snapshot showed it, and those before. `record` is None where it had gone."""

    source: str
    key: str
    record: dict[str, Any] | None
    recorded_at: datetime
    earlier: tuple[RegisterEntry, ...] = ()  # oldest first
