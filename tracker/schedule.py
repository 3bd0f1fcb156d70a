"""`tracker run`: the jobs of config.toml by the clock, in Amsterdam time, by one process a store.

Every run of a job is recorded in the store. What came due while nobody ran it is caught up once, however much was
missed. SIGTERM and Ctrl-C let the running job finish.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import NoReturn

from apscheduler.executors.pool import ThreadPoolExecutor as SchedulerPool
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from filelock import FileLock, Timeout

from tracker import clock, configured, delivery, inbox, paths, pipeline
from tracker.config import SQLITE, Config, Job
from tracker.documents.sources.originals import network
from tracker.documents.sources.subscription import Subscription
from tracker.errors import ConfigError, NotFound, StoreLocked, StoreUnavailable, TrackerError
from tracker.reports import archive
from tracker.reports.views import ReportView
from tracker.store import Run, Store
from tracker.store.backup import backup, is_server
from tracker.store.model import INTERRUPTED

log = logging.getLogger("tracker.schedule")

DONE = "done"
PARTLY = "partly"  # some documents could not be read
FAILED = "failed"

#: A sleeping machine also stops the clock that the scheduler waits by; a wake-up this often notices the new time.
WAKE_UP_SECONDS = 60

#: A job that failed is tried again after so long, so that a full disk at seven does not cost the report of a week.
AGAIN = tuple(timedelta(minutes=m) for m in (5, 30, 120))


# ── The jobs: each takes the open store and returns an outcome and a line for the history ────────────────────────

JobResult = tuple[str, str]


def read_inbox(store: Store, config: Config) -> JobResult:
    """Read what lies whole in the inbox folder, and move it aside; what was read before is known by its bytes."""
    folder = config.inbox.folder
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        return DONE, f"{folder}: made; letters that are put there are read"
    settle = config.inbox.settle_seconds
    outcomes = inbox.read(store, folder, configured.knowledge(config), configured.limits(config), settle_seconds=settle)
    failed = [each for each in outcomes if each.outcome is pipeline.Outcome.FAILED]
    read = sum(each.outcome in (pipeline.Outcome.NEW, pipeline.Outcome.NEW_VERSION) for each in outcomes)
    said = [f"{read} new of {len(outcomes)} files", *(str(each.error) for each in failed)]
    return PARTLY if failed else DONE, "; ".join(said)


def write_overdue(store: Store, config: Config) -> JobResult:
    view, own = _view(store, config), delivery.own_templates(config)
    return DONE, str(archive.write_overdue(view, config.report.output, own, config.report.language))


def write_report(store: Store, config: Config) -> JobResult:
    """Write the page, and send it to whom it is due: once a period, however often this is asked."""
    own = delivery.own_templates(config)
    page = archive.write(_view(store, config), config.report.output, own, config.report.language)
    if not config.recipient:
        return DONE, str(page)
    gc.collect()  # templates let go of what they showed only then; the mails are as large again
    new = delivery.queue_reports(store, config)
    outcome, said = send_mail(store, config, new)
    return outcome, f"{page}; {said}"


def send_mail(store: Store, config: Config, new: Sequence[str] = ()) -> JobResult:
    """Hand over the mail that is due; what is not taken now stays in the outbox for a later round."""
    done = delivery.deliver(store, config)
    return PARTLY if done.problems else DONE, delivery.summary_of(new, done)


def read_sources(store: Store, config: Config) -> JobResult:
    """Read what is new at the sources; what is wrong with one is in the alarms too, until it is over."""
    knowledge = configured.knowledge(config)
    said, whole = [], True
    with network(config.network) as fetcher:
        for row in config.source:
            subscription = Subscription.from_row(row.model_dump(), knowledge.registry)
            counts = pipeline.sync(store, subscription, fetcher, knowledge, limits=configured.limits(config))
            did = f"{counts.inserted} new, {counts.withdrawn} withdrawn, {counts.failed} failed"
            said.append(f"{row.name}: {counts.problem or did}")
            whole = whole and counts.problem is None and not counts.failed
    return DONE if whole else PARTLY, "; ".join(said) or "no sources in the configuration"


def refresh(store: Store, config: Config) -> JobResult:
    """Read again the documents that were read by other rules or another calendar than today's."""
    knowledge = configured.knowledge(config)
    behind = [each.id for each in store.documents() if each.rulebook_version != knowledge.version]
    changes = pipeline.reread(store, behind, knowledge)
    changed = sum(len(each.changed) for each in changes)
    return DONE, f"{len(behind)} documents read again, {changed} commitments changed"


def back_up(store: Store, config: Config) -> JobResult:
    if is_server(config.database.url):
        return DONE, "nothing to copy: a server is backed up by its own tools"
    return DONE, str(backup(config.database.url, config.backup.folder, clock.today(), config.backup.keep))


def _view(store: Store, config: Config) -> ReportView:
    folder, language = config.report.output, config.report.language
    return delivery.page_view(store, config, day=clock.today(), now=clock.now(), folder=folder, language=language)


DOES: Mapping[str, Callable[[Store, Config], JobResult]] = {
    "inbox": read_inbox,
    "sources": read_sources,
    "refresh": refresh,
    "overdue": write_overdue,
    "report": write_report,
    "outbox": send_mail,
    "backup": back_up,
}


# ── Running them ─────────────────────────────────────────────────────────────────────────────────────────────────


def run(config: Config, *, once: bool = False) -> None:
    """Do the jobs by the clock until told to stop; with `once` do each now, in their order, and return.

    Raises StoreLocked where another `tracker run` works on the same store, ConfigError for an impossible time, and with
    `once` TrackerError after the last job where one of them failed.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    log.setLevel(logging.INFO)
    triggers = {job.name: trigger(job) for job in config.jobs}
    with _only_one(config), _stoppable():
        if once:
            _run_once(config)
        else:
            _run_by_the_clock(config, triggers)


def perform(job: Job, config: Config) -> str:
    """Do one job and record it. Returns its outcome; whatever a job raises is its failure and nobody else's.

    Raises TrackerError where not even that can be recorded: the database cannot be had.
    """
    with configured.open_store(config) as store:
        run_id = store.start_run(job.name)
        outcome, detail = FAILED, "cut off"
        try:
            outcome, detail = DOES[job.does](store, config)
        except (TrackerError, OSError) as problem:
            detail = str(problem)
        except Exception as problem:
            detail = f"stopped by an error of the program: {problem!r}"
            log.exception("%s: an error of the program", job.name)
        finally:
            store.finish_run(run_id, outcome, detail)
    log.info("%s: %s: %s", job.name, outcome, detail)
    return outcome


def _performed(job: Job, config: Config) -> str:
    """As `perform`, and what cannot be recorded is at least logged: the next job is to have its turn."""
    try:
        return perform(job, config)
    except TrackerError as problem:
        log.warning("%s: %s: %s", job.name, FAILED, problem)
        return FAILED


def trigger(job: Job) -> CronTrigger:
    """When a job runs. The hour is Amsterdam's, also over the changes of summer time."""
    try:
        return CronTrigger.from_crontab(job.cron, timezone=clock.AMSTERDAM)
    except ValueError as problem:
        raise ConfigError(f'jobs.{job.name}.cron: {problem}; write it like "0 7 * * mon"') from None


def missed(when: CronTrigger, last: datetime | None, now: datetime) -> bool:
    """Whether a time to run has passed since the last run began. A job that never ran has missed nothing."""
    if last is None:
        return False
    due = when.get_next_fire_time(last, last)
    return due is not None and due <= now


def is_behind(when: CronTrigger, last: Run | None, now: datetime) -> bool:
    """Whether a job is to be done at once: its time has passed, or its last run was cut off or failed."""
    return last is not None and (last.outcome in (INTERRUPTED, FAILED) or missed(when, last.started_at, now))


def run_one(config: Config, name: str) -> Run:
    """Do one job now. Raises StoreLocked where `tracker run` works on the same store, NotFound for an unknown name."""
    job = next((each for each in config.jobs if each.name == name), None)
    if job is None:
        raise NotFound(f"no job {name!r}; config.toml has {', '.join(each.name for each in config.jobs)}")
    with _only_one(config), _stoppable(), ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(perform, job, config).result()
    with configured.open_store(config) as store:
        return store.runs(1, job=name)[0]


def _run_once(config: Config) -> None:
    # In a thread of its own a job is not cut off by a signal: the main thread leaves, and waits for it on the way out.
    with ThreadPoolExecutor(max_workers=1) as pool:
        failed = [job.name for job in config.jobs if pool.submit(_performed, job, config).result() == FAILED]
    if failed:
        raise TrackerError(f"failed: {', '.join(failed)}; the lines above say why")


def _run_by_the_clock(config: Config, triggers: Mapping[str, CronTrigger]) -> None:
    # In a thread of its own: APScheduler takes whatever is raised while it hands out a job for that job's failure, so a
    # signal must not meet the main thread there.
    scheduler = BackgroundScheduler(
        timezone=clock.AMSTERDAM,
        executors={"default": SchedulerPool(1)},  # one after another: they write to one database
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_job(_wake_up, "interval", seconds=WAKE_UP_SECONDS)
    now = clock.now()
    with configured.open_store(config) as store:
        store.end_interrupted_runs()  # we hold the lock: what still seems to run was cut off
        last = {job.name: next(iter(store.runs(1, job=job.name)), None) for job in config.jobs}
    for job in config.jobs:
        behind = is_behind(triggers[job.name], last[job.name], now)
        first = {"next_run_time": now} if behind else {}
        scheduler.add_job(_attempt, triggers[job.name], args=[scheduler, job, config], id=job.name, **first)
        log.info("%s: %s", job.name, "missed while nothing ran; now" if behind else f"by the clock, {job.cron}")
    try:
        scheduler.start()
        while True:
            time.sleep(3600)
    finally:
        log.info("stopping; a job that runs is finished first")
        if scheduler.running:
            scheduler.shutdown(wait=True)


def _attempt(scheduler: BackgroundScheduler, job: Job, config: Config, tries: int = 0) -> None:
    """Do one job; where it fails, once more a little later."""
    if _performed(job, config) == FAILED and tries < len(AGAIN):
        log.info("%s: again in %s", job.name, AGAIN[tries])
        scheduler.add_job(
            _attempt,
            "date",
            run_date=clock.now() + AGAIN[tries],
            args=[scheduler, job, config, tries + 1],
            id=f"{job.name}, again",
            replace_existing=True,
        )


def _wake_up() -> None:
    """Nothing: the scheduler looks at the time before it does this."""


@contextmanager
def _only_one(config: Config) -> Iterator[None]:
    """Hold the lock of this store: two schedulers would do everything twice."""
    path = lock_path(config.database.url)
    lock = FileLock(path, timeout=0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise StoreLocked(
            "another `tracker run` already works on this store; stop it first, or leave the work to it"
        ) from None
    except OSError as problem:
        raise StoreUnavailable(
            f"{path} cannot be written ({problem.strerror}): check the rights of its folder"
        ) from None
    try:
        yield
    finally:
        lock.release()


def lock_path(url: str) -> Path:
    """Beside a SQLite file; for a server in the user's data folder, under a name that shows nothing of the login."""
    file = url.removeprefix(SQLITE)
    if file != url and file and ":memory:" not in file:
        return Path(f"{file}.run.lock")
    return paths.data_dir() / f"run-{hashlib.sha256(url.encode()).hexdigest()[:16]}.lock"


class _Stop(BaseException):
    """Somebody asked us to stop. No Exception: nothing on the way may take it for a failure."""


@contextmanager
def _stoppable() -> Iterator[None]:
    """Within this, SIGTERM and Ctrl-C end the wait; a second one while a job finishes changes nothing."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise _Stop

    before = {each: signal.signal(each, stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except _Stop:
        pass
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
