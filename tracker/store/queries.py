"""What the store tells of documents, fulfilments and runs. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.commitments.snapshot import mention_of
from tracker.domain import Document, Label, Metadata, Span
from tracker.store.intake import existing_work, newest_text
from tracker.store.model import INTERRUPTED, DocumentRow, Run, StoredMention, Summary
from tracker.store.projection import among, latest_readings, metadata_known
from tracker.store.rows import metadata_from_json, pages_from_json, snapshot_of
from tracker.store.tables import (
    CommitmentRow,
    DocumentEvent,
    DocumentText,
    EventRow,
    JobRun,
    MentionRow,
    Reading,
    Version,
    Work,
)

#: More documents than this are read with all others: an SQL statement takes no more than some thousands of values.
MANY = 10_000


def documents(
    session: Session, as_of: date | None = None, known: datetime | None = None, only: Collection[int] | None = None
) -> list[DocumentRow]:
    """All documents in the order they were stored, or only some; see `Store.documents`."""
    numbers = _numbers(session, only)
    reads = _last_reads(session, known, only)
    versions = _versions(session, known, only)
    rows = []
    for work_id, stored in sorted(metadata_known(session, known, only).items()):
        metadata = metadata_from_json(stored)
        if as_of and metadata.date and metadata.date > as_of:
            continue
        newest = versions[work_id][-1]
        read, reader = reads[work_id]
        rows.append(
            DocumentRow(
                id=work_id,
                name=newest.name,
                path=newest.path,
                metadata=metadata,
                reader=reader,
                rulebook_version=read.rulebook or "",
                sha256=newest.sha256,
                versions=len(versions[work_id]),
                recorded_at=versions[work_id][0].recorded_at,
                read_at=read.recorded_at,
                numbers=numbers.get(work_id, ()),
            )
        )
    return rows


def document(session: Session, work_id: int) -> DocumentRow:
    existing_work(session, work_id)
    return documents(session, only=[work_id])[0]


def numbers_of_document(session: Session, work_id: int) -> list[str]:
    existing_work(session, work_id)
    return list(_numbers(session, [work_id]).get(work_id, ()))


def document_text(session: Session, work_id: int) -> Document:
    work = existing_work(session, work_id)
    text, name = newest_text(session, work_id)
    metadata: Metadata = metadata_from_json(work.metadata_json)
    return Document(name, text.text, metadata, pages_from_json(text.pages))


def fulfilments(session: Session, as_of: date, known: datetime | None) -> list[StoredMention]:
    """The fulfilments that the last readings found, in the order they were stored."""
    from tracker.store.reviewing import declined_by_people  # only a report asks

    found = latest_readings(session, Reading.label == Label.FULFILMENT, Reading.reason.is_(None), known=known)
    works = {mention.work_id for mention, _ in found}
    declined = declined_by_people(session, {mention.id for mention, _ in found}, known)
    rows = {row.id: row for row in documents(session, as_of, known, works if len(works) < MANY else None)}
    return [
        StoredMention(
            id=mention.id,
            mention=mention_of(snapshot_of(reading), Span(reading.start, reading.end), mention.ordinal),
            quote=reading.quote,
            page=reading.page,
            document=rows[mention.work_id],
            recorded_at=mention.recorded_at,
            declined=declined.get(mention.id, frozenset()),
        )
        for mention, reading in found
        if mention.work_id in rows
    ]


def summary(session: Session, as_of: date, known: datetime | None) -> Summary:
    until = [] if known is None else [DocumentEvent.recorded_at <= known]
    dates = _dates(session, known)
    read = [day for day in dates if day and day <= as_of]
    last = session.scalar(select(func.max(DocumentEvent.recorded_at)).where(DocumentEvent.type == "read", *until))
    return Summary(documents=len(read) + dates.count(None), newest=max(read, default=None), last_read=last)


def _dates(session: Session, known: datetime | None) -> list[date | None]:
    """The day of every document, as known at a moment."""
    if known is None:
        return list(session.scalars(select(Work.date)))
    return [metadata_from_json(stored).date for stored in metadata_known(session, known).values()]


def runs(session: Session, limit: int, job: str | None) -> list[Run]:
    chosen = [] if job is None else [JobRun.job == job]
    rows = session.scalars(select(JobRun).where(*chosen).order_by(JobRun.id.desc()).limit(limit))
    return [Run(row.id, row.job, row.started_at, row.finished_at, row.outcome, row.detail) for row in rows]


def revisions(session: Session) -> dict[str, int]:
    counted = (
        select(CommitmentRow.number, func.count().label("events"))
        .join(EventRow, EventRow.commitment_id == CommitmentRow.id)
        .group_by(CommitmentRow.number)
    )
    return {row.number: row.events for row in session.execute(counted)}


def end_interrupted_runs(session: Session, now: datetime) -> list[str]:
    rows = list(session.scalars(select(JobRun).where(JobRun.finished_at.is_(None))))
    for row in rows:
        row.finished_at, row.outcome, row.detail = now, INTERRUPTED, "the program ended before the job did"
    return [row.job for row in rows]


def _numbers(session: Session, only: Collection[int] | None) -> dict[int, tuple[str, ...]]:
    query = (
        select(MentionRow.work_id, CommitmentRow.number)
        .join(CommitmentRow, CommitmentRow.id == MentionRow.commitment_id)
        .where(*among(MentionRow.work_id, only))
        .order_by(MentionRow.work_id, MentionRow.start, MentionRow.ordinal)
    )
    numbers: dict[int, dict[str, None]] = defaultdict(dict)
    for work_id, number in session.execute(query):
        numbers[work_id][number] = None
    return {work_id: tuple(of_work) for work_id, of_work in numbers.items()}


def _last_reads(
    session: Session, known: datetime | None, only: Collection[int] | None
) -> dict[int, tuple[DocumentEvent, str]]:
    until = [] if known is None else [DocumentEvent.recorded_at <= known]
    query = (
        select(DocumentEvent, DocumentText.reader)
        .join(DocumentText, DocumentText.id == DocumentEvent.text_id)
        .where(DocumentEvent.type == "read", *until, *among(DocumentEvent.work_id, only))
        .order_by(DocumentEvent.id)
    )
    return {event.work_id: (event, reader) for event, reader in session.execute(query)}


def _versions(session: Session, known: datetime | None, only: Collection[int] | None) -> dict[int, list[Version]]:
    until = [] if known is None else [Version.recorded_at <= known]
    versions: dict[int, list[Version]] = defaultdict(list)
    for version in session.scalars(select(Version).where(*until, *among(Version.work_id, only)).order_by(Version.id)):
        versions[version.work_id].append(version)
    return versions
