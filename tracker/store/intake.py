"""A document at the store's door, and the rows of a document: works, versions, texts, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.clock import AMSTERDAM
from tracker.domain import Document, Metadata
from tracker.errors import NotFound
from tracker.store.model import Intake, Outcome, SourceLike, Version
from tracker.store.rows import (
    current_metadata,
    metadata_from_json,
    metadata_to_json,
    pages_from_json,
    pages_to_json,
    to_json,
)
from tracker.store.search import refresh_document
from tracker.store.tables import Base, DocumentEvent, DocumentText, Work
from tracker.store.tables import Version as VersionRow

_Row = TypeVar("_Row", bound=Base)

#: What fits an integer column of every database.
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes, when, and how numbers start."""

    by: str
    at: datetime
    prefix: str

    @property
    def today(self) -> date:
        return self.at.astimezone(AMSTERDAM).date()


# ── At the door ──────────────────────────────────────────────────────────────────────────────────────────────────


def receive(
    session: Session,
    document: Document,
    source: SourceLike,
    rulebook: str,
    path: str | None,
    overrides: Mapping[str, Any],
) -> Intake:
    """What saving this document would be."""
    version = Version(source.sha256, source.media_type, len(source.content), source.reader)
    intake = Intake("new", document, rulebook, None, path, document.metadata, tuple(overrides.items()), version)
    work = _work_of(session, version, document.metadata)
    return judged(session, intake, work)


def reread(session: Session, work_id: int, rulebook: str, overrides: Mapping[str, Any]) -> Intake:
    """The newest text of a stored document, to be read again."""
    work = existing_work(session, work_id)
    text, name = newest_text(session, work_id)
    read = _last_read(session, work_id)
    document = Document(name, text.text, pages=pages_from_json(text.pages))
    said = metadata_from_json(read.payload["metadata"])
    return judged(session, Intake("re-read", document, rulebook, work_id, None, said, tuple(overrides.items())), work)


def judged(session: Session, intake: Intake, work: Work | None) -> Intake:
    """The intake with its outcome, and its document with what users said of it."""
    events = list(_document_events(session, work.id)) if work else []
    given = to_json(dict(intake.given))
    # What the document says now takes the place of what it said before; what users said stays on top of it.
    said = _said(events)
    metadata = metadata_to_json(intake.read) | said | given
    document = replace(intake.document, metadata=metadata_from_json(metadata))
    outcome: Outcome = "new"
    if work is not None:
        news = any(name not in said or said[name] != value for name, value in given.items())
        outcome = _outcome(session, intake, work, events[-1], news=news)
    return replace(intake, outcome=outcome, document=document, document_id=work.id if work else None)


def _outcome(session: Session, intake: Intake, work: Work, last: DocumentEvent, *, news: bool) -> Outcome:
    if intake.version is None:
        return "re-read"
    stored = session.scalar(select(VersionRow).where(VersionRow.sha256 == intake.version.sha256))
    if stored is None:
        return "new-version"
    newest, _ = newest_text(session, work.id)
    # A "set" that came after the last reading has not had its effect yet.
    read_so = (last.text_id, last.rulebook) == (newest.id, intake.rulebook_version)
    read_so = read_so and newest.reader == intake.version.reader
    # An older version that comes by again says nothing new: the newer one has been read.
    superseded = newest.version_id != stored.id
    return "known" if not news and (superseded or read_so) else "re-read"


def _work_of(session: Session, version: Version, metadata: Metadata) -> Work | None:
    """The work that these bytes, or this official identifier, belong to. One of another date is another work.

    The date that counts is what the file said of itself, or what a user says: either may be what the next file says.
    """
    same_bytes = select(Work).join(VersionRow, VersionRow.work_id == Work.id).where(VersionRow.sha256 == version.sha256)
    if (work := session.scalar(same_bytes)) is not None or metadata.identifier is None:
        return work
    work = session.scalar(select(Work).where(Work.identifier == metadata.identifier))
    if work is None or metadata.date is None:
        return work
    said = metadata_from_json(_last_read(session, work.id).payload["metadata"]).date
    return work if said is None or metadata.date in (said, work.date) else None


# ── Rows of a document ───────────────────────────────────────────────────────────────────────────────────────────


def record_document(session: Session, work: Work, hand: Hand, said: Mapping[str, Any]) -> None:
    """An event for what a user says of a document, where that is news. Values in JSON's terms."""
    before = _said(_document_events(session, work.id))
    if any(name not in before or before[name] != value for name, value in said.items()):
        session.add(DocumentEvent(work_id=work.id, type="set", recorded_at=hand.at, by=hand.by, payload=dict(said)))


def project_document(session: Session, work: Work) -> None:
    """The columns of a work, from its events."""
    session.flush()
    work.metadata_json = current_metadata(_document_events(session, work.id))
    metadata = metadata_from_json(work.metadata_json)
    work.date = metadata.date
    if work.identifier is None and metadata.identifier and _is_free(session, metadata.identifier):
        work.identifier = metadata.identifier
    refresh_document(session, work.id)


def row_of(session: Session, table: type[_Row], row_id: int) -> _Row | None:
    """The row of an id that a user wrote; None where there is none, as with a number too large to be one."""
    return session.get(table, row_id) if row_id <= _LARGEST_ID else None


def existing_work(session: Session, work_id: int) -> Work:
    work = row_of(session, Work, work_id)
    if work is None:
        known = list(session.scalars(select(Work.id).order_by(Work.id)))
        span = f"the documents are numbered {known[0]} to {known[-1]}" if known else "none is stored yet"
        raise NotFound(f"no document {work_id}: {span}; `tracker documents` shows them")
    return work


def newest_text(session: Session, work_id: int) -> tuple[DocumentText, str]:
    """The text that was read last, of the newest version, and the file's name."""
    found = session.execute(
        select(DocumentText, VersionRow.name)
        .join(VersionRow, VersionRow.id == DocumentText.version_id)
        .where(VersionRow.work_id == work_id)
        .order_by(VersionRow.id.desc(), DocumentText.id.desc())
    ).first()
    assert found is not None, "a work is stored together with its first text"
    return found[0], found[1]


def current_work(session: Session, intake: Intake) -> Work | None:
    if intake.version is None:
        assert intake.document_id is not None, "a stored text belongs to a stored document"
        return session.get_one(Work, intake.document_id, with_for_update=True)
    return _work_of(session, intake.version, intake.read)


def new_work(session: Session, intake: Intake, hand: Hand) -> Work:
    identifier = intake.read.identifier
    work = Work(
        identifier=identifier if identifier and _is_free(session, identifier) else None,
        recorded_at=hand.at,
        name=intake.document.name,
        metadata_json={},
    )
    session.add(work)
    session.flush()
    return work


def text_row(session: Session, intake: Intake, work: Work, hand: Hand) -> DocumentText:
    """The text to be read: the stored one, or a new row for a new version or reader."""
    if intake.version is None:
        return newest_text(session, work.id)[0]
    version = session.scalar(select(VersionRow).where(VersionRow.sha256 == intake.version.sha256))
    if version is None:
        version = VersionRow(
            work_id=work.id,
            sha256=intake.version.sha256,
            media_type=intake.version.media_type,
            size=intake.version.size,
            name=intake.document.name,
            path=intake.path,
            recorded_at=hand.at,
        )
        session.add(version)
        session.flush()
    made_before = select(DocumentText).where(
        DocumentText.version_id == version.id,
        DocumentText.reader == intake.version.reader,
        DocumentText.text == intake.document.text,
    )
    text = session.scalar(made_before)
    if text is None:
        text = DocumentText(
            version_id=version.id,
            reader=intake.version.reader,
            text=intake.document.text,
            pages=pages_to_json(intake.document.pages),
            recorded_at=hand.at,
        )
        session.add(text)
        session.flush()
    return text


def _document_events(session: Session, work_id: int) -> Iterable[DocumentEvent]:
    return session.scalars(select(DocumentEvent).where(DocumentEvent.work_id == work_id).order_by(DocumentEvent.id))


def _last_read(session: Session, work_id: int) -> DocumentEvent:
    return [event for event in _document_events(session, work_id) if event.type == "read"][-1]


def _said(events: Iterable[DocumentEvent]) -> dict[str, Any]:
    """What users said of a document, the last word on each thing."""
    return {name: value for event in events if event.type == "set" for name, value in event.payload.items()}


def _is_free(session: Session, identifier: str) -> bool:
    return session.scalar(select(Work.id).where(Work.identifier == identifier)) is None
