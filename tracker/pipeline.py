"""The whole product on one screen: document -> passages -> sentences -> mentions -> commitments.

`extract` is pure. `ingest` and `reread` join it to the edges: files on one side, the store on the other.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker import sentences
from tracker.commitments import background
from tracker.domain import Document, DocumentKind, Mention, Metadata, Sentence, Voice
from tracker.errors import UnreadableDocument
from tracker.mentions import find_mentions

if TYPE_CHECKING:
    from tracker.documents import Limits, Registry, Source
    from tracker.documents.sources.originals import Fetcher, Kept
    from tracker.documents.sources.subscription import Offer, Subscription
    from tracker.documents.sources.sync import Counts, Taken
    from tracker.knowledge import Knowledge
    from tracker.store import Changes, Store

#: Told after each document: how many are done, of how many.
OnProgress = Callable[[int, int], None]

#: What a publisher says of a document, put over what the document says of itself.
Amend = Callable[[Metadata], Metadata]


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def extract(document: Document, knowledge: Knowledge, *, everything: bool = False) -> tuple[Mention, ...]:
    """All mentions of a document in its order; those that were judged not to count carry their `reason`.

    With `everything` also what was said by people who cannot promise, judged as such.
    """
    return _mentions(document, sentences_of(document, knowledge, knowledge.rulebook.voices), knowledge, everything)


def statements(document: Document, knowledge: Knowledge) -> tuple[Mention, ...]:
    """What the store keeps of a document: its mentions, and the sentences that only report that something was done."""
    found = sentences_of(document, knowledge, knowledge.rulebook.voices)
    mentions = _mentions(document, found, knowledge)
    return (*mentions, *background.reports(document, found, mentions, knowledge.linking))


def _mentions(
    document: Document, found: Sequence[Sentence], knowledge: Knowledge, everything: bool = False
) -> tuple[Mention, ...]:
    rulebook, grammar, calendar = knowledge.rulebook, knowledge.grammar, knowledge.calendar
    mentions = find_mentions(document, found, rulebook, grammar, calendar, everything=everything)
    return tuple(_with_ministry(mention, knowledge.registry) for mention in mentions)


def _with_ministry(mention: Mention, registry: Registry) -> Mention:
    """A mention with the ministry that its sentence names: "de minister van Financiën zal …", "VWS gaat …"."""
    actor = mention.actor
    if actor.ministry or not actor.office or (code := registry.ministry(actor.office)) is None:
        return mention
    return replace(mention, actor=replace(actor, ministry=code))


def sentences_of(
    document: Document, knowledge: Knowledge, voices: Container[Voice] = frozenset(Voice)
) -> list[Sentence]:
    """The sentences of a document in order, each with the passage it stands in; only of these voices."""
    return [
        sentence
        for passage in sentences.passages(document, knowledge.passages, voices)
        for sentence in sentences.sentences(document, passage, knowledge.abbreviations)
    ]


# ── Reading files into the store ─────────────────────────────────────────────────────────────────────────────────


class Outcome(StrEnum):
    """What became of a file. All but the last are what the store says of the document."""

    NEW = "new"
    KNOWN = "known"
    NEW_VERSION = "new-version"
    RE_READ = "re-read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What a user says about a document, over what it says itself."""

    date: date | None = None
    kind: DocumentKind | None = None
    title: str | None = None
    url: str | None = None
    dossiers: tuple[str, ...] | None = None
    number: str | None = None

    def given(self) -> dict[str, Any]:
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """One file of an ingest: what was done, and what to tell the user."""

    path: Path
    outcome: Outcome
    document_id: int | None = None
    date: date | None = None
    commitments: int = 0  # that the document now carries
    new: tuple[str, ...] = ()  # the numbers issued just now
    warnings: tuple[str, ...] = ()
    error: str | None = None


def ingest(
    store: Store,
    paths: Iterable[Path],
    knowledge: Knowledge,
    overrides: Overrides = Overrides(),
    on_progress: OnProgress = silent,
    limits: Limits | None = None,
) -> list[FileOutcome]:
    """Read files and folders into the store; a bad file does not stop the others. Raises StoreError only."""
    files = list(files_of(paths))
    outcomes: list[FileOutcome] = []
    for done, path in enumerate(files):
        on_progress(done, len(files))
        outcomes += ingest_file(store, path, knowledge, overrides, limits)
    on_progress(len(files), len(files))
    return outcomes


def ingest_file(
    store: Store, path: Path, knowledge: Knowledge, overrides: Overrides = Overrides(), limits: Limits | None = None
) -> list[FileOutcome]:
    """Read one file; of a mail also what is attached. What cannot be read is remembered until it can be."""
    outcomes = _read_file(store, path, knowledge, overrides, limits)
    failed = {str(each.path): each.error for each in outcomes if each.error is not None}
    if path.is_file():
        for unread, reason in failed.items():
            store.quarantine.add(unread, reason)
    store.quarantine.drop(str(path), but=failed)
    return outcomes


#: In a folder these lie beside documents and are none; named by themselves they are tried all the same.
DATA_FILES = frozenset({".cfg", ".csv", ".db", ".ini", ".json", ".jsonl", ".log", ".sqlite3", ".toml", ".tsv", ".yaml"})


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those in folders named, by name; of folders not links, hidden files, data and a README."""
    for path in paths:
        if path.is_dir():
            yield from (inside for inside in sorted(path.rglob("*")) if _may_be_document(inside, path))
        else:
            yield path


def _may_be_document(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    about_the_folder = path.stem.lower() == "readme"
    leave = hidden or about_the_folder or path.is_symlink() or path.suffix.lower() in DATA_FILES
    return not leave and path.is_file()


def _read_file(
    store: Store,
    path: Path,
    knowledge: Knowledge,
    overrides: Overrides,
    limits: Limits | None = None,
    publisher_says: Amend | None = None,
) -> list[FileOutcome]:
    from tracker import documents

    limits = limits or documents.Limits()
    try:
        source = documents.read(path, limits=limits)
    except UnreadableDocument as problem:
        return [FileOutcome(path, Outcome.FAILED, error=str(problem))]
    outcomes = (
        []
        if source.attachments and not source.text
        else [_take(store, path, source, knowledge, overrides, publisher_says)]
    )
    for name, attached in documents.attached(source, limits):
        inside = path / name  # no path of the disk: how the attachment is called from here on
        if isinstance(attached, UnreadableDocument):
            outcomes.append(FileOutcome(inside, Outcome.FAILED, error=f"{path}: {attached}"))
        else:
            outcomes.append(_take(store, inside, attached, knowledge, overrides))
    return outcomes


def _take(
    store: Store,
    path: Path,
    source: Source,
    knowledge: Knowledge,
    overrides: Overrides,
    publisher_says: Amend | None = None,
) -> FileOutcome:
    """What was read of a file, into the store."""
    from tracker import documents

    document = documents.document(source, path.name, knowledge.registry)
    if publisher_says is not None:
        document = replace(document, metadata=publisher_says(document.metadata))
    intake = store.receive(
        document, source, rulebook_version=knowledge.version, path=str(path), overrides=overrides.given()
    )
    if intake.outcome == "known" and intake.document_id is not None:
        numbers = store.numbers_of_document(intake.document_id)
        return FileOutcome(path, Outcome.KNOWN, intake.document_id, intake.document.metadata.date, len(numbers))
    changes = store.save(intake, statements(intake.document, knowledge), knowledge.linking)
    return FileOutcome(
        path,
        Outcome(changes.outcome),
        changes.document_id,
        intake.document.metadata.date,
        len(store.numbers_of_document(changes.document_id)),
        changes.new,
        source.warnings,
    )


def reread(
    store: Store,
    document_ids: Sequence[int],
    knowledge: Knowledge,
    overrides: Overrides = Overrides(),
    on_progress: OnProgress = silent,
) -> list[Changes]:
    """Look for mentions in stored texts again, with the rules as they are now, or with what a user now says of them.

    Numbers, statuses, notes and reviews stay. Raises NotFound for an unknown document.
    """
    done: list[Changes] = []
    for document_id in document_ids:
        on_progress(len(done), len(document_ids))
        intake = store.reread(document_id, rulebook_version=knowledge.version, overrides=overrides.given())
        done.append(store.save(intake, statements(intake.document, knowledge), knowledge.linking))
    on_progress(len(done), len(document_ids))
    return done


# ── Reading sources on the network ───────────────────────────────────────────────────────────────────────────────


def sync(
    store: Store,
    subscription: Subscription,
    fetcher: Fetcher,
    knowledge: Knowledge,
    on_record: Callable[[int, int | None], None] = lambda done, total: None,
    limits: Limits | None = None,
) -> Counts:
    """Read what a source has that the store does not. Trouble with the source is in the counts and in the alarms.

    Raises StoreError; StoreLocked where another program is reading sources into the same folder.
    """
    from tracker.documents.sources import register
    from tracker.documents.sources import sync as reading
    from tracker.documents.sources.publishers import publisher_of
    from tracker.knowledge import load_sources

    facts, ledger = load_sources(), store.source(subscription.name)

    def take(offer: Offer, kept: Kept) -> Taken:
        path = fetcher.originals.path(kept)
        done = _read_file(store, path, knowledge, Overrides(), limits, publisher_says=offer.over)[0]
        return reading.Taken(done.outcome, done.document_id, done.error)

    with fetcher.originals.mine():
        if subscription.publisher == "register":
            return register.snapshot(subscription, fetcher, facts, ledger, on_record)
        publisher = publisher_of(subscription, fetcher, facts, knowledge.registry)
        return reading.sync(subscription, publisher, fetcher, ledger, take, on_record)
