"""An open database: its transactions, and who writes in it. The classes built on this say what it can be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker import clock
from tracker.store.engine import WRITES, connect, explained
from tracker.store.intake import Hand
from tracker.store.migrate import bring_up_to_date, is_current

if TYPE_CHECKING:  # a list needs none of it, and every start would pay for it
    from tracker.commitments.linking import Thresholds


def _default_thresholds() -> Thresholds:
    from tracker.commitments.linking import Thresholds

    return Thresholds()


class Opened:
    """An open database. A context manager; one thread at a time."""

    def __init__(
        self, engine: Engine, by: str, now: Callable[[], datetime], prefix: str, thresholds: Callable[[], Thresholds]
    ) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        self._by = by
        self._now = now
        self._prefix = prefix
        self._thresholds = thresholds

    @classmethod
    def open(
        cls,
        url: str,
        *,
        by: str = "tracker",
        now: Callable[[], datetime] = clock.now,
        prefix: str = "TT",
        read_only: bool = False,
        wait: float = 5.0,
        thresholds: Callable[[], Thresholds] = _default_thresholds,
    ) -> Self:
        """Open a database, creating it and bringing its tables up to date where needed.

        `by` signs the events; `prefix` starts new numbers; `wait` is for how many seconds another process may hold the
        database. With `read_only`, or where file or folder cannot be written, everything that only reads works.
        """
        engine = connect(url, read_only=read_only, wait=wait)
        try:
            if read_only and not is_current(engine):  # after an upgrade the first command may be one that only reads
                writer = connect(url, read_only=False, wait=wait)
                bring_up_to_date(writer)
                writer.dispose()
            bring_up_to_date(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, by, now, prefix, thresholds)

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with explained(self._engine), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[tuple[Session, Hand]]:
        """One transaction: all of it is stored, or nothing."""
        with explained(self._engine), Session(self._writer, expire_on_commit=False) as session, session.begin():
            session.connection()  # takes the lock before the moment is noted, so moments follow one another
            yield session, Hand(self._by, self._now(), self._prefix)


def moment(known_on: date | datetime | None) -> datetime | None:
    """Until when something was recorded that was known on a day: the day's last moment in Amsterdam."""
    if known_on is None or isinstance(known_on, datetime):
        return known_on
    return datetime.combine(known_on + timedelta(days=1), time(), clock.AMSTERDAM) - timedelta(microseconds=1)
