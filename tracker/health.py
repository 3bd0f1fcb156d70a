"""Is all well? For a monitor: one check each for the jobs, the outbox, the documents and the sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker import clock, schedule
from tracker.config import Config
from tracker.reports.views import STALE_AFTER_DAYS
from tracker.store import Run, Store
from tracker.store.outbox import MailState

#: How long after its time a job may begin, and how long a mail may wait, before somebody is told.
LATE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Check:
    name: str  # "job report", "mail", "documents"
    ok: bool
    detail: str


def checks(store: Store, config: Config, now: datetime) -> list[Check]:
    """Every check, in a fixed order. Reads only."""
    return [
        *_jobs(store, config, now),
        *_mail(store, now),
        _newest(store, now),
        _unread(store),
        *_sources(store, config),
    ]


def _unread(store: Store) -> Check:
    files = store.quarantine.files()
    told = (
        f"{len(files)} could not be read; `tracker documents failed` says why" if files else "every file could be read"
    )
    return Check("unread files", not files, told)


def _jobs(store: Store, config: Config, now: datetime) -> Iterator[Check]:
    last = {job.name: next(iter(store.runs(1, job=job.name)), None) for job in config.jobs}
    if not any(last.values()):
        yield Check("jobs", False, "none ever ran; start `tracker run`, or `tracker run --once` by cron")
        return
    for job in config.jobs:
        run = last[job.name]
        late = run is not None and schedule.missed(schedule.trigger(job), run.started_at, now - LATE)
        yield Check(f"job {job.name}", not late and _well(run, now), _told(run, late=late))


def _well(run: Run | None, now: datetime) -> bool:
    """A run that goes well, or still may; one that has not run yet says nothing."""
    if run is None:
        return True
    if run.outcome is None:
        return now - run.started_at < LATE
    return run.outcome == schedule.DONE


def _told(run: Run | None, *, late: bool) -> str:
    if run is None:
        return "has not run yet"
    said = f"{run.outcome or 'running'} since {run.started_at:%Y-%m-%d %H:%M} UTC"
    if run.finished_at:
        said = f"{run.outcome} at {run.finished_at:%Y-%m-%d %H:%M} UTC"
    return said + (", and its next time has passed" if late else "") + (f": {run.detail}" if run.detail else "")


def _mail(store: Store, now: datetime) -> Iterator[Check]:
    dead = store.outbox.count(MailState.DEAD)
    yield Check("dead letters", not dead, f"{dead} could not be delivered" if dead else "none")
    old = store.outbox.count(MailState.QUEUED, older_than=now - LATE)
    old += store.outbox.count(MailState.SENDING, older_than=now - LATE)
    yield Check(
        "waiting mail", not old, f"{old} for more than {LATE.seconds // 3600} hours" if old else "none for long"
    )


def _newest(store: Store, now: datetime) -> Check:
    today = now.astimezone(clock.AMSTERDAM).date()
    read = store.summary(as_of=today)
    if read.newest is None:
        return Check("documents", False, f"{read.documents} read, none with a date")
    stale = (today - read.newest).days > STALE_AFTER_DAYS
    told = f"{read.documents} read, the newest of {read.newest}"
    return Check("documents", not stale, told + (f", more than {STALE_AFTER_DAYS} days ago" if stale else ""))


def _sources(store: Store, config: Config) -> Iterator[Check]:
    """Of each source what is wrong with it now; one that was taken out of the configuration troubles nobody."""
    alarms, read = store.alarms(), {status.name: status for status in store.source_statuses()}
    for row in config.source:
        said = "; ".join(f"{alarm.kind}: {alarm.message}" for alarm in alarms if alarm.source == row.name)
        last = read[row.name].finished_at if row.name in read else None
        whole = f"read to its end at {last:%Y-%m-%d %H:%M} UTC" if last else "never read to its end"
        yield Check(f"source {row.name}", bool(last) and not said, f"{whole}; {said}" if said else whole)
