"""The tables. Work → version → text → mention → reading; commitment → event; and the projections of their events.

Rows of events, readings, texts and versions are only ever added. `commitment_state`, the metadata of `work`, and where
a `mention` stands and what it carries are projections: `verify` rebuilds them from the events and compares.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class Base(DeclarativeBase):
    # Names for every constraint: migrations can then change them on SQLite as well.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy's own way of saying it
        datetime: Moment,
        str: Text,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
    }


# ── Documents ────────────────────────────────────────────────────────────────────────────────────────────────────


class Work(Base):
    """A document (stuk), whatever files it came in. Its metadata are those of its events, as they now stand."""

    __tablename__ = "work"

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str | None] = mapped_column(String(200), unique=True)  # official: "kst-31015-245"
    recorded_at: Mapped[datetime]
    name: Mapped[str]  # the file's
    date: Mapped[date | None] = mapped_column(index=True)
    metadata_json: Mapped[dict[str, Any]] = mapped_column("metadata")


class Version(Base):
    """One sequence of bytes of a work. The same bytes are never stored for two works."""

    __tablename__ = "version"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str]
    size: Mapped[int]
    name: Mapped[str]
    path: Mapped[str | None]
    recorded_at: Mapped[datetime]


class DocumentText(Base):
    """What one version of a reader made of the bytes."""

    __tablename__ = "text"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), index=True)
    reader: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]
    pages: Mapped[list[Any]]  # [[number, start, end], …]
    recorded_at: Mapped[datetime]


class DocumentEvent(Base):
    """`read`: a text was read with a rulebook, and this is what it says of itself. `set`: a user says otherwise, or its
    source that it was withdrawn."""

    __tablename__ = "document_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    type: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]
    by: Mapped[str]
    text_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"))
    rulebook: Mapped[str | None]
    payload: Mapped[dict[str, Any]]


# ── Mentions and what was read in them ───────────────────────────────────────────────────────────────────────────


class MentionRow(Base):
    """An act in a sentence of a document, in which text and where it was last found."""

    __tablename__ = "mention"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("text.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    ordinal: Mapped[int]
    sentence_hash: Mapped[str] = mapped_column(String(32), index=True)
    recorded_at: Mapped[datetime]
    commitment_id: Mapped[int | None] = mapped_column(ForeignKey("commitment.id"), index=True)  # projection


class Reading(Base):
    """The attributes of a mention as one rulebook saw them in one text."""

    __tablename__ = "reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"), index=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("text.id"))
    start: Mapped[int]
    end: Mapped[int]
    rulebook: Mapped[str]
    recorded_at: Mapped[datetime]
    label: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str | None] = mapped_column(String(20))
    strength: Mapped[str] = mapped_column(String(20))
    flags: Mapped[list[Any]]
    actor_written: Mapped[str | None]
    actor_person: Mapped[str | None]
    actor_office: Mapped[str | None]
    actor_ministry: Mapped[str | None] = mapped_column(String(40))
    addressee: Mapped[list[Any]]
    action: Mapped[str]
    topic: Mapped[str | None]
    context: Mapped[str | None]
    quote: Mapped[str]
    cue: Mapped[list[Any] | None]
    deadline_at: Mapped[list[Any] | None]
    deadline: Mapped[str | None]
    due: Mapped[dict[str, Any] | None]
    term: Mapped[dict[str, Any] | None]  # as said, for reading against another calendar
    also: Mapped[list[Any]]
    references: Mapped[list[Any]]
    confidence: Mapped[float]
    rule: Mapped[str]
    reason: Mapped[str | None]
    page: Mapped[int | None]
    made: Mapped[date | None]  # the day the document then counted from


class MentionWord(Base):
    """A word that tells what a mention is about, or a day or number by which one can be pointed at."""

    __tablename__ = "mention_word"

    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"), primary_key=True)
    word: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    weight: Mapped[float]


class LinkRow(Base):
    """A later sentence that may be about an earlier promise, both as last read. What was decided is in the events."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("source_id", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[int] = mapped_column(ForeignKey("mention.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("mention.id"), index=True)
    score: Mapped[float]
    by_itself: Mapped[bool]  # it may be linked without a person
    partial: Mapped[bool]  # only a part was done
    reasons: Mapped[list[Any]]  # [{code, points, params}, …]


# ── Commitments ──────────────────────────────────────────────────────────────────────────────────────────────────


class CommitmentRow(Base):
    """A number, issued once. Rows are never deleted, so numbers are never used again."""

    __tablename__ = "commitment"
    __table_args__ = (UniqueConstraint("prefix", "year", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    prefix: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    serial: Mapped[int]
    recorded_at: Mapped[datetime]


class EventRow(Base):
    """One decision by a person or a source. For what was read in a mention the payload is in `reading`."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "commitment_id", "recorded_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    type: Mapped[str] = mapped_column(String(20))
    occurred_on: Mapped[date]
    recorded_at: Mapped[datetime]
    by: Mapped[str]
    source: Mapped[str | None]
    evidence: Mapped[str | None]
    note: Mapped[str | None]
    payload: Mapped[dict[str, Any]]
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mention.id"), index=True)
    reading_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"))
    corrects: Mapped[int | None] = mapped_column(ForeignKey("event.id"))


class CommitmentState(Base):
    """How a commitment stands once all its events hold: on any day from `settled` on. Before `start` it was not."""

    __tablename__ = "commitment_state"

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), primary_key=True)
    start: Mapped[date]
    settled: Mapped[date]
    work_id: Mapped[int | None] = mapped_column(ForeignKey("work.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    review: Mapped[str] = mapped_column(String(20))
    due: Mapped[date | None] = mapped_column(index=True)
    made: Mapped[date | None]
    state: Mapped[dict[str, Any]]  # the rest, as `rows.state_of` writes it


class IndexRow(Base):
    """What lists search and sort by: a state in words without case and accents, as `search.entry` makes them.

    Several values in one column stand each between line ends. Where SQLite has FTS5, triggers keep the full-text index
    `commitment_words` in step with `words`.
    """

    __tablename__ = "commitment_index"

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), primary_key=True)
    words: Mapped[str]  # of number, quote, context, action, topic and title
    kind: Mapped[str] = mapped_column(String(20))
    strength: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str]
    named: Mapped[str]  # by which actors are sorted
    ministries: Mapped[str]
    dossiers: Mapped[str]
    tags: Mapped[str]
    title: Mapped[str]


class JobRun(Base):
    """One run of a scheduled job."""

    __tablename__ = "job_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(100), index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    detail: Mapped[str | None]


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class MailRow(Base):
    """A mail that is to be sent, is being sent, was sent, or could not be. One row a report, recipient and period."""

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(400), unique=True)  # "report/a@example.org/2026-W37"
    recipient: Mapped[str] = mapped_column(String(320), index=True)
    subject: Mapped[str]
    as_of: Mapped[date]  # the day of the report …
    made_at: Mapped[datetime]  # … and the moment: what the next one to this recipient compares with
    message: Mapped[bytes | None]  # as it goes over the wire; gone once it was sent
    state: Mapped[str] = mapped_column(String(10), index=True)
    attempts: Mapped[int]
    next_at: Mapped[datetime]  # not to be tried before
    claimed_at: Mapped[datetime | None]  # since when one program is sending it
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None]  # what the last attempt met


# ── Files that could not be read ─────────────────────────────────────────────────────────────────────────────────


class UnreadFile(Base):
    """A file that could not be read. Gone once it is."""

    __tablename__ = "unread_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)  # where it was found …
    now_at: Mapped[str] = mapped_column(index=True)  # … and where it was put
    reason: Mapped[str]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]


# ── Sources: where documents are published ───────────────────────────────────────────────────────────────────────


class SourceState(Base):
    """How far a source was read: where to go on, and how the last walk went."""

    __tablename__ = "source_state"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    position: Mapped[str | None]  # in the publisher's own terms
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]  # of the last walk that came to its end
    counts: Mapped[dict[str, Any]]


class SourceItem(Base):
    """A document that a source offers, and what became of it."""

    __tablename__ = "source_item"
    __table_args__ = (UniqueConstraint("source", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(200))
    version: Mapped[str]
    work_id: Mapped[int | None] = mapped_column(ForeignKey("work.id"), index=True)
    problem: Mapped[str | None]
    attempts: Mapped[int]
    record: Mapped[dict[str, Any] | None]  # as the source gave it, to try again; None once it is read
    recorded_at: Mapped[datetime]


class AlarmRow(Base):
    """Trouble with a source, from when it was first seen until it was over."""

    __tablename__ = "alarm"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(100), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    message: Mapped[str]
    raised_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]
    cleared_at: Mapped[datetime | None]


class RegisterVersion(Base):
    """A record of an official register as a snapshot first showed it. `record` is None where it was no longer there."""

    __tablename__ = "register_version"
    __table_args__ = (Index(None, "source", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    record: Mapped[dict[str, Any] | None]
    recorded_at: Mapped[datetime]
