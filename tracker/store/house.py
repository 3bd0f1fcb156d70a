"""Keeping house, on an open database: checking it, sources and registers, mails, unread files, runs of jobs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from tracker.store import projection, queries
from tracker.store.model import Alarm, RegisterEntry, Run, SourceStatus
from tracker.store.opened import Opened, moment
from tracker.store.tables import JobRun

if TYPE_CHECKING:  # only some commands need these
    from tracker.store.outbox import Outbox
    from tracker.store.quarantine import Quarantine
    from tracker.store.sources import SourceBook


class House(Opened):
    """What a database needs beside the promises in it."""

    def verify(self) -> list[str]:
        """Everything that can be rebuilt, rebuilt and compared; one line a difference. Reads only."""
        with self._reading() as session:
            return projection.verify(session)

    def rebuild(self) -> int:
        """Write all projections anew from the events; returns how many differed."""
        with self._writing() as (session, _):
            return projection.rebuild(session)

    def source(self, name: str) -> SourceBook:
        """What is remembered of one source."""
        from tracker.store.sources import SourceBook

        return SourceBook(name, self._reading, self._writing)

    def source_statuses(self) -> list[SourceStatus]:
        from tracker.store import sources

        with self._reading() as session:
            return sources.statuses(session)

    def alarms(self, *, past: bool = False) -> list[Alarm]:
        """What is wrong with the sources now, newest first; with `past` also what is over."""
        from tracker.store import sources

        with self._reading() as session:
            return sources.alarms(session, past=past)

    def troubled_sources(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of these sources of which something could not be read."""
        from tracker.store.sources import WORDS

        troubled = {alarm.source for alarm in self.alarms() if alarm.kind != WORDS}
        return tuple(name for name in names if name in troubled)

    def register(self, *, known_on: date | datetime | None = None) -> list[RegisterEntry]:
        """The records of official registers, as the last snapshot had them, each with what it was before."""
        from tracker.store import sources

        with self._reading() as session:
            return sources.register(session, moment(known_on))

    @property
    def outbox(self) -> Outbox:
        """The mails that were sent or are to be."""
        from tracker.store.outbox import Outbox

        return Outbox(self._reading, self._writing)

    @property
    def quarantine(self) -> Quarantine:
        """The files that could not be read."""
        from tracker.store.quarantine import Quarantine

        return Quarantine(self._reading, self._writing)

    def start_run(self, job: str) -> int:
        with self._writing() as (session, hand):
            run = JobRun(job=job, started_at=hand.at)
            session.add(run)
            session.flush()
            return run.id

    def finish_run(self, run_id: int, outcome: str, detail: str | None = None) -> None:
        with self._writing() as (session, hand):
            run = session.get_one(JobRun, run_id)
            run.finished_at, run.outcome, run.detail = hand.at, outcome, detail

    def end_interrupted_runs(self) -> list[str]:
        """Mark runs that a crash cut off, and give their jobs. For who knows that no other program runs jobs now."""
        with self._writing() as (session, hand):
            return queries.end_interrupted_runs(session, hand.at)

    def runs(self, limit: int = 20, *, job: str | None = None) -> list[Run]:
        """The last runs of the scheduled jobs, newest first."""
        with self._reading() as session:
            return queries.runs(session, limit, job)
