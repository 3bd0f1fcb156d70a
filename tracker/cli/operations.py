"""Looking after what runs by itself: jobs, the outbox, and whether all is well."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import clock
from tracker.cli import options
from tracker.cli.context import session
from tracker.cli.exits import ExitCode
from tracker.cli.options import examples
from tracker.cli.output import Format, Row, chosen, emit, emit_one, note
from tracker.errors import NotFound

if TYPE_CHECKING:
    from rich.table import Table

    from tracker.store import Run
    from tracker.store.outbox import Mail

app = typer.Typer()
jobs_app = typer.Typer(help="What is done by the clock: the jobs of config.toml.", no_args_is_help=True)
outbox_app = typer.Typer(help="Mails that were sent, wait, or could not be delivered.", no_args_is_help=True)
PANEL = "By the clock"
app.add_typer(jobs_app, name="jobs", rich_help_panel=PANEL)
app.add_typer(outbox_app, name="outbox", rich_help_panel=PANEL)

JOB_KEYS = ("name", "does", "cron", "next", "last", "outcome", "detail")
RUN_KEYS = ("job", "started", "finished", "outcome", "detail")
MAIL_KEYS = ("id", "state", "recipient", "subject", "made", "attempts", "next", "sent", "error", "key")
CHECK_KEYS = ("name", "ok", "detail")


@jobs_app.command("list", epilog=examples("tracker jobs list", "tracker jobs list --format json"))
def list_jobs(context: typer.Context, output_format: options.OutputFormat = None) -> None:
    """Show the jobs, when each is next, and how it went last."""
    from tracker import schedule

    here = session(context)
    now = clock.now()
    rows = []
    with here.store(read_only=True) as store:
        for job in here.config.jobs:
            last = next(iter(store.runs(1, job=job.name)), None)
            when = schedule.trigger(job).get_next_fire_time(None, now)
            told = {"last": last and last.started_at, "outcome": last and last.outcome, "detail": last and last.detail}
            rows.append({"name": job.name, "does": job.does, "cron": job.cron, "next": when, **told})
    emit(rows, output_format, JOB_KEYS, lambda: _table(rows, ("name", "cron", "next", "last", "outcome", "detail")))


@jobs_app.command("run", epilog=examples("tracker jobs run report", "tracker jobs run backup"))
def run_job(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `tracker jobs list` has it.", show_default=False)],
) -> None:
    """Do one job now, whatever the clock says.

    A report is sent once a period all the same."""
    from tracker import schedule

    run = schedule.run_one(session(context).config, name)
    print(f"{run.job}: {run.outcome}: {run.detail}")
    codes = {schedule.DONE: ExitCode.DONE, schedule.PARTLY: ExitCode.PARTIAL}
    raise typer.Exit(codes.get(run.outcome or "", ExitCode.ERROR))


@jobs_app.command("history", epilog=examples("tracker jobs history", "tracker jobs history report --limit 5"))
def history(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Default: all.", show_default=False)] = None,
    limit: Annotated[int, options.option("--limit", "At most so many.", "N")] = 20,
    output_format: options.OutputFormat = None,
) -> None:
    """Show the last runs, the newest first, with how each ended."""
    here = session(context)
    with here.store(read_only=True) as store:
        rows = [_run_row(run) for run in store.runs(limit, job=name)]
    known = [job.name for job in here.config.jobs]
    if name and not rows and name not in known:
        raise NotFound(f"no job {name!r}; config.toml has {', '.join(known)}")
    emit(rows, output_format, RUN_KEYS, lambda: _table(rows, RUN_KEYS))
    if not rows:
        note("tracker: nothing ran yet; `tracker run` does the jobs by the clock")


@outbox_app.command("list", epilog=examples("tracker outbox list", "tracker outbox list --all --format csv"))
def list_mails(
    context: typer.Context,
    everything: Annotated[bool, options.flag("--all", "Also what was sent.")] = False,
    output_format: options.OutputFormat = None,
) -> None:
    """Show the mails that wait or could not be delivered, and why."""
    from tracker.store.outbox import MailState

    states = [state for state in MailState if everything or state is not MailState.SENT]
    with session(context).store(read_only=True) as store:
        rows = [_mail_row(mail) for mail in store.outbox.mails(states)]
    shown = ("id", "state", "recipient", "subject", "attempts", "next", "error")
    emit(rows, output_format, MAIL_KEYS, lambda: _table(rows, shown))
    if not rows:
        note("tracker: no mail waits" + (", and none was sent" if everything else "; --all shows what was sent"))


@outbox_app.command("retry", epilog=examples("tracker outbox retry", "tracker outbox retry 12 13"))
def retry(
    context: typer.Context,
    ids: Annotated[
        list[int] | None,
        typer.Argument(metavar="ID…", help="Default: all that wait or are dead.", show_default=False),
    ] = None,
) -> None:
    """Send again what could not be delivered, now."""
    from tracker import delivery

    here = session(context)
    with here.store() as store:
        put_back = store.outbox.retry(ids or ())
        done = delivery.deliver(store, here.config)
    print(delivery.summary_of((), done) if put_back else "nothing to send")
    raise typer.Exit(ExitCode.PARTIAL if done.problems else ExitCode.DONE)


@app.command(rich_help_panel=PANEL, epilog=examples("tracker health", "tracker health --format json"))
def health(context: typer.Context, output_format: options.OutputFormat = None) -> None:
    """Say whether all is well, for a monitor; exit code 1 where it is not.

    Looked at: jobs that failed or are late, mail that could not be delivered or waits, how new what was read is, files
    and sources that could not be read."""
    from tracker.health import checks

    here = session(context)
    now = clock.now()
    with here.store(read_only=True) as store:
        found = checks(store, here.config, now)
    well = all(each.ok for each in found)
    rows = [{"name": each.name, "ok": each.ok, "detail": each.detail} for each in found]
    if chosen(output_format) is Format.JSON:
        emit_one({"ok": well, "checked": now, "checks": rows}, Format.JSON)
    else:
        emit(rows, output_format, CHECK_KEYS, lambda: _table(rows, CHECK_KEYS))
    raise typer.Exit(ExitCode.DONE if well else ExitCode.ERROR)


def _run_row(run: Run) -> dict[str, Any]:
    return {
        "job": run.job,
        "started": run.started_at,
        "finished": run.finished_at,
        "outcome": run.outcome,
        "detail": run.detail,
    }


def _mail_row(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "state": mail.state,
        "recipient": mail.recipient,
        "subject": mail.subject,
        "made": mail.made_at,
        "attempts": mail.attempts,
        "next": mail.next_at if mail.state == "queued" else None,
        "sent": mail.sent_at,
        "error": mail.error,
        "key": mail.key,
    }


def _table(rows: list[Any], keys: tuple[str, ...]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD)
    for key in keys:
        table.add_column(key, overflow="fold", no_wrap=key in ("name", "state"))
    for row in rows:
        table.add_row(*(_shown(row, key) for key in keys))
    return table


def _shown(row: Row, key: str) -> str:
    value = row[key]
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.AMSTERDAM):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "ok" if value else "NOT OK"
    return "" if value is None else str(value)
