"""What the store remembers of sources: how far they were read, what became of each document, alarms, register records.

`SourceBook` writes and reads for one source; the functions below it read over all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.store.intake import Hand, existing_work, project_document, record_document
from tracker.store.model import Alarm, RegisterEntry, SourceItem, SourceStatus
from tracker.store.tables import AlarmRow, RegisterVersion, SourceState, Work
from tracker.store.tables import SourceItem as ItemRow

#: The kind of an alarm that says a word is not known; all was read.
WORDS = "words"

Reading = Callable[[], AbstractContextManager[Session]]
Writing = Callable[[], AbstractContextManager[tuple[Session, Hand]]]


class SourceBook:
    """The memory of one source. Every method that writes is a transaction of its own."""

    def __init__(self, name: str, reading: Reading, writing: Writing) -> None:
        self.name = name
        self._reading = reading
        self._writing = writing

    # ── How far ──────────────────────────────────────────────────────────────────────────────────────────────────

    def position(self) -> str | None:
        """Where the next walk begins; None: from the start."""
        with self._reading() as session:
            state = session.get(SourceState, self.name)
            return state.position if state else None

    def begin(self) -> None:
        with self._writing() as (session, hand):
            self._state(session).started_at = hand.at

    def advance(self, position: str | None) -> None:
        """All that lies before `position` is done with."""
        with self._writing() as (session, _):
            self._state(session).position = position

    def finish(self, counts: Mapping[str, int]) -> None:
        with self._writing() as (session, hand):
            state = self._state(session)
            state.finished_at, state.counts = hand.at, dict(counts)

    def _state(self, session: Session) -> SourceState:
        state = session.get(SourceState, self.name)
        if state is None:
            state = SourceState(name=self.name, counts={})
            session.add(state)
        return state

    # ── Documents ────────────────────────────────────────────────────────────────────────────────────────────────

    def item(self, key: str) -> SourceItem | None:
        with self._reading() as session:
            row = session.scalar(self._of(key))
            return _item(row) if row else None

    def problems(self) -> list[SourceItem]:
        """What could not be fetched or read, in the order it was met."""
        with self._reading() as session:
            wanted = select(ItemRow).where(ItemRow.source == self.name, ItemRow.problem.is_not(None))
            return [_item(row) for row in session.scalars(wanted.order_by(ItemRow.id))]

    def settle(self, key: str, version: str, document_id: int | None) -> None:
        """This version of a document is read, and so it is not withdrawn, or no longer.

        Where it counts as another document than the last version did (of another day), that one is withdrawn.
        """
        with self._writing() as (session, hand):
            row = self._row(session, key, hand)
            before = row.work_id
            row.version, row.work_id, row.problem, row.attempts, row.record = version, document_id, None, 0, None
            if document_id is not None and session.get_one(Work, document_id).metadata_json.get("withdrawn"):
                _say_withdrawn(session, hand, document_id, None)
            if before not in (None, document_id):
                _no_longer_offered(session, hand, before, hand.today)

    def withdraw(self, key: str, version: str, on: date) -> bool:
        """The source took back a document. It stays, and says so; False where nothing of it was read."""
        with self._writing() as (session, hand):
            row = self._row(session, key, hand)
            before = row.work_id
            row.version, row.work_id, row.problem, row.attempts, row.record = version, None, None, 0, None
            if before is not None:
                _no_longer_offered(session, hand, before, on)
            return before is not None

    def fail(self, key: str, version: str, problem: str, record: dict[str, Any]) -> int:
        """This version could not be read; how often that happened by now."""
        with self._writing() as (session, hand):
            row = self._row(session, key, hand)
            row.attempts = row.attempts + 1 if row.version == version else 1
            row.version, row.problem, row.record = version, problem, record
            return row.attempts

    def _of(self, key: str) -> Any:
        return select(ItemRow).where(ItemRow.source == self.name, ItemRow.key == key)

    def _row(self, session: Session, key: str, hand: Hand) -> ItemRow:
        row: ItemRow | None = session.scalar(self._of(key))
        if row is None:
            row = ItemRow(source=self.name, key=key, version="", attempts=0, recorded_at=hand.at)
            session.add(row)
        return row

    # ── Alarms ───────────────────────────────────────────────────────────────────────────────────────────────────

    def alarm(self, kind: str, message: str) -> None:
        """Record trouble. One of a sort that is still open is counted, not repeated."""
        with self._writing() as (session, hand):
            row = session.scalar(self._open_alarms().where(AlarmRow.kind == kind))
            if row is None:
                row = AlarmRow(source=self.name, kind=kind, raised_at=hand.at, times=0)
                session.add(row)
            row.message, row.last_at, row.times = message, hand.at, row.times + 1

    def clear_alarms(self, *, but: Iterable[str] = ()) -> None:
        """The trouble is over, except that of the kinds named."""
        with self._writing() as (session, hand):
            for row in session.scalars(self._open_alarms().where(AlarmRow.kind.not_in(tuple(but)))):
                row.cleared_at = hand.at

    def _open_alarms(self) -> Any:
        return select(AlarmRow).where(AlarmRow.source == self.name, AlarmRow.cleared_at.is_(None))

    # ── Records of a register ────────────────────────────────────────────────────────────────────────────────────

    def digests(self) -> dict[str, str]:
        """Of every record that the last snapshot had, by key."""
        with self._reading() as session:
            rows = session.execute(
                select(RegisterVersion.key, RegisterVersion.digest, RegisterVersion.record.is_(None))
                .where(RegisterVersion.source == self.name)
                .order_by(RegisterVersion.id)
            )
            found = {key: None if gone else digest for key, digest, gone in rows}
        return {key: digest for key, digest in found.items() if digest is not None}

    def add_versions(self, versions: Iterable[tuple[str, str, dict[str, Any] | None]]) -> None:
        """(key, digest, record) of records that are new, changed or gone."""
        with self._writing() as (session, hand):
            session.add_all(
                RegisterVersion(source=self.name, key=key, digest=digest, record=record, recorded_at=hand.at)
                for key, digest, record in versions
            )


def _no_longer_offered(session: Session, hand: Hand, document_id: int, on: date) -> None:
    """One who offered it takes it back. Another may still offer the same, under another key or at another source."""
    session.flush()
    if session.scalar(select(ItemRow.id).where(ItemRow.work_id == document_id)) is None:
        _say_withdrawn(session, hand, document_id, on)


def _say_withdrawn(session: Session, hand: Hand, document_id: int, on: date | None) -> None:
    work = existing_work(session, document_id)
    record_document(session, work, hand, {"withdrawn": on.isoformat() if on else None})
    project_document(session, work)


# ── Over all sources ─────────────────────────────────────────────────────────────────────────────────────────────


def alarms(session: Session, *, past: bool) -> list[Alarm]:
    """The alarms that are open, with `past` also those that are over, newest first."""
    wanted = select(AlarmRow).order_by(AlarmRow.last_at.desc(), AlarmRow.id.desc())
    if not past:
        wanted = wanted.where(AlarmRow.cleared_at.is_(None))
    return [
        Alarm(row.source, row.kind, row.message, row.raised_at, row.last_at, row.times, row.cleared_at)
        for row in session.scalars(wanted)
    ]


def statuses(session: Session) -> list[SourceStatus]:
    """Every source that was ever read, by name."""
    counted = {
        name: (documents, problems)
        for name, documents, problems in session.execute(
            select(ItemRow.source, func.count(ItemRow.work_id), func.count(ItemRow.problem)).group_by(ItemRow.source)
        )
    }
    return [
        SourceStatus(
            row.name, row.position, row.started_at, row.finished_at, row.counts, *counted.get(row.name, (0, 0))
        )
        for row in session.scalars(select(SourceState).order_by(SourceState.name))
    ]


def register(session: Session, known_on: datetime | None) -> list[RegisterEntry]:
    """Every record of every register as it now is or was known at a moment, with what it was before."""
    wanted = select(RegisterVersion).order_by(RegisterVersion.id)
    if known_on is not None:
        wanted = wanted.where(RegisterVersion.recorded_at <= known_on)
    found: dict[tuple[str, str], RegisterEntry] = {}
    for row in session.scalars(wanted):
        before = found.get((row.source, row.key))
        earlier = (
            ()
            if before is None
            else (*before.earlier, RegisterEntry(before.source, before.key, before.record, before.recorded_at))
        )
        found[row.source, row.key] = RegisterEntry(row.source, row.key, row.record, row.recorded_at, earlier)
    return list(found.values())


def _item(row: ItemRow) -> SourceItem:
    return SourceItem(row.key, row.version, row.work_id, row.problem, row.attempts, row.record, row.recorded_at)
