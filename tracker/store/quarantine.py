"""Files that could not be read, each with its reason, until they can be."""

from __future__ import annotations

import filecmp
import os
from collections.abc import Callable, Container
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.errors import NotFound
from tracker.store.intake import Hand, row_of
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
            named = session.scalars(select(UnreadFile).where(or_(UnreadFile.path == path, UnreadFile.now_at == path)))
            row = None
            for each in named:
                if _is(each, path):
                    row = each
                else:
                    each.path = each.now_at  # another one by this name came since: this one is where it lies
            session.flush()
            if row is None:
                row = UnreadFile(path=path, first_at=hand.at, times=0)
                session.add(row)
            row.now_at, row.reason, row.last_at, row.times = path, reason, hand.at, row.times + 1

    def moved(self, path: str, to: str) -> None:
        """Remember where a file was put aside, and with it what is attached to it."""
        with self._writing() as (session, _):
            for row in session.scalars(select(UnreadFile).where(_at_or_under(UnreadFile.now_at, path))):
                row.now_at = to + row.now_at.removeprefix(path)

    def drop(self, path: str, but: Container[str] = ()) -> None:
        """Forget a file that was read now, with what is attached to it, but for the paths that still cannot be read.

        One that was found under the same path and lies elsewhere by now is forgotten where it is gone or has the same
        content; any other is still to be read.
        """
        named = or_(_at_or_under(UnreadFile.path, path), _at_or_under(UnreadFile.now_at, path))
        with self._reading() as session:
            rows = session.scalars(select(UnreadFile).where(named))
            done = [row.id for row in rows if row.now_at not in but and _is(row, path)]
        if done:
            with self._writing() as (session, _):
                session.execute(delete(UnreadFile).where(UnreadFile.id.in_(done)))

    def forget(self, file_id: int) -> str:
        """Take a file off the list unread; gives its path. Raises NotFound."""
        with self._writing() as (session, _):
            row = row_of(session, UnreadFile, file_id)
            if row is None:
                raise NotFound(f"no unread file {file_id}; `tracker documents failed` lists them")
            session.delete(row)
            return row.now_at


def _at_or_under(column: InstrumentedAttribute[str], path: str) -> ColumnElement[bool]:
    return or_(column == path, column.startswith(path + os.sep, autoescape=True))


def _is(row: UnreadFile, path: str) -> bool:
    """Is this the file (or attached to the file) at `path`, and not another one that was found there before?"""
    if row.now_at == path or row.now_at.startswith(path + os.sep):
        return True
    lies, found = _on_disk(row.now_at), _on_disk(path)
    return lies is None or (found is not None and filecmp.cmp(lies, found, shallow=False))


def _on_disk(path: str) -> Path | None:
    """The file, or the mail that it is attached to; None where there is none any more."""
    return next((each for each in (Path(path), *Path(path).parents) if each.is_file()), None)
