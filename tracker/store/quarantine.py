"""Files that could not be read, each with its reason, until they can be."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from tracker.errors import NotFound
from tracker.store.intake import Hand
from tracker.store.tables import UnreadFile

Reading = Callable[[], AbstractContextManager[Session]]
Writing = Callable[[], AbstractContextManager[tuple[Session, Hand]]]


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read: where it was found, where it lies now, and why."""

    id: int
    path: str
    now_at: str
    reason: str
    first_at: datetime
    last_at: datetime
    times: int


class Quarantine:
    """The files of a store that could not be read; each method is one transaction."""

    def __init__(self, reading: Reading, writing: Writing) -> None:
        self._reading = reading
        self._writing = writing

    def files(self) -> list[Unread]:
        """All of them, the latest first."""
        with self._reading() as session:
            rows = session.scalars(select(UnreadFile).order_by(UnreadFile.last_at.desc(), UnreadFile.id.desc()))
            return [
                Unread(row.id, row.path, row.now_at, row.reason, row.first_at, row.last_at, row.times) for row in rows
            ]

    def add(self, path: str, reason: str) -> None:
        """Remember that a file could not be read, and why; the same file again counts as another time."""
        with self._writing() as (session, hand):
            row = session.scalar(select(UnreadFile).where(or_(UnreadFile.path == path, UnreadFile.now_at == path)))
            if row is None:
                row = UnreadFile(path=path, now_at=path, first_at=hand.at, times=0)
                session.add(row)
            row.reason, row.last_at, row.times = reason, hand.at, row.times + 1

    def moved(self, path: str, to: str) -> None:
        """Remember where a file was put aside."""
        with self._writing() as (session, _):
            row = session.scalar(select(UnreadFile).where(UnreadFile.path == path))
            if row is not None:
                row.now_at = to

    def drop(self, path: str) -> None:
        """Forget a file that was read now, under its first or its present path."""
        named = or_(UnreadFile.path == path, UnreadFile.now_at == path)
        with self._reading() as session:
            if session.scalar(select(UnreadFile.id).where(named)) is None:
                return
        with self._writing() as (session, _):
            session.execute(delete(UnreadFile).where(named))

    def forget(self, file_id: int) -> str:
        """Take a file off the list unread; gives its path. Raises NotFound."""
        with self._writing() as (session, _):
            row = session.get(UnreadFile, file_id)
            if row is None:
                raise NotFound(f"no unread file {file_id}; `tracker documents failed` lists them")
            session.delete(row)
            return row.now_at
