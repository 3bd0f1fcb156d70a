"""The report, the jobs that make it by the clock, and the demonstration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tracker import clock
from tracker.cli import options
from tracker.cli.context import Session, session, started
from tracker.cli.exits import ExitCode
from tracker.cli.options import examples
from tracker.cli.output import note, stdout
from tracker.errors import UsageError

app = typer.Typer()
PANEL = "Report"
DEMO_FOLDER = Path("demo")


@app.command(
    rich_help_panel=PANEL,
    epilog=examples(
        "tracker report",
        "tracker report --as-of 2022-08-01 --output weekly/",
        "tracker report --mail --dry-run --output mails/",
    ),
)
def report(
    context: typer.Context,
    as_of: options.AsOf = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="Default: report.output of config.toml.")
    ] = None,
    language: options.LanguageOf = None,
    mail: Annotated[bool, options.flag("--mail", "Send it to the recipients of config.toml, once a period.")] = False,
    dry_run: Annotated[bool, options.flag("--dry-run", "With --mail: write .eml files, send nothing.")] = False,
) -> None:
    """Write a page about what is past its term, due soon, new and fulfilled; or send it."""
    here = session(context)
    if dry_run and not mail:
        raise UsageError("--dry-run is about mail; add --mail")
    if mail:
        _mail(here, as_of, output or here.config.report.output, dry_run=dry_run)
        return
    print(write_report(here, as_of or clock.today(), output or here.config.report.output, here.language(language)))


def _mail(here: Session, as_of: date | None, folder: Path, *, dry_run: bool) -> None:
    from tracker import delivery

    if not here.config.recipient:
        raise UsageError("config.toml names no recipient; add a table [[recipient]] with an address")
    if dry_run:
        for path in _write_letters(here, as_of or clock.today(), folder):
            print(path)
        return
    if as_of:
        raise UsageError("the mail is about today; --as-of goes with --dry-run")
    with here.store() as store:
        new = delivery.queue_reports(store, here.config)
        done = delivery.deliver(store, here.config)
    print(delivery.summary_of(new, done))
    raise typer.Exit(ExitCode.PARTIAL if done.problems else ExitCode.DONE)


def _write_letters(here: Session, day: date, folder: Path) -> Iterator[Path]:
    """The mails of a day as files that a mail program opens. Nothing enters the outbox."""
    from tracker import delivery

    with here.store(read_only=True) as store:
        for letter in delivery.letters(store, here.config, here.config.recipient, day, clock.now()):
            path = folder / (re.sub(r"[^\w.@-]+", "_", letter.key.removeprefix("report/")) + ".eml")
            try:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_bytes(letter.message.as_bytes())
            except OSError as problem:
                raise UsageError(
                    f"{folder}: cannot be written: {problem.strerror}; name another with --output"
                ) from None
            yield path


def write_report(here: Session, day: date, folder: Path, language: str) -> Path:
    """Write the report of a day into a folder. Raises UsageError where that cannot be written."""
    from tracker import delivery
    from tracker.reports import archive

    with here.store(read_only=True) as store:
        view = delivery.page_view(store, here.config, day=day, now=clock.now(), folder=folder, language=language)
    try:
        return archive.write(view, folder, delivery.own_templates(here.config), language)
    except OSError as problem:
        raise UsageError(f"{folder}: cannot be written: {problem.strerror}; name another with --output") from None


@app.command(rich_help_panel=PANEL, epilog=examples("tracker run", "tracker run --once"))
def run(
    context: typer.Context,
    once: Annotated[bool, options.flag("--once", "Do every job now and stop, as for cron.")] = False,
) -> None:
    """Do the jobs of config.toml by the clock: read the inbox, write and send the report, copy the database."""
    from tracker import schedule

    started()
    schedule.run(session(context).config, once=once)


@app.command(rich_help_panel=PANEL, epilog=examples("tracker demo", "tracker demo --output /tmp/demo"))
def demo(
    output: Annotated[
        Path, typer.Option("--output", metavar="DIR", help="Where its database and report go.")
    ] = DEMO_FOLDER,
    as_of: options.AsOf = None,
) -> None:
    """Show what this does, with invented documents: read them, list what is overdue, write a report."""
    from tracker import paths, pipeline
    from tracker.cli.ingest import report_outcomes
    from tracker.cli.lists import asked_about, read_until, waiting
    from tracker.cli.tables import commitments_table
    from tracker.commitments.filters import Filter, select

    day = as_of or clock.today()
    here = Session.over(output / "demo.sqlite3")
    samples = sorted(p for p in paths.samples_dir().iterdir() if p.suffix in {".txt", ".md", ".pdf"})
    with here.store() as store:
        report_outcomes(pipeline.ingest(store, samples, here.knowledge))
        overdue = select(store.commitments(as_of=day), Filter(overdue=True))
        footing = read_until(store, day)
        asked = asked_about(store, overdue, day)
    console = stdout()
    console.print(f"\nOverdue on {day}: {len(overdue)} commitments", style="bold")
    console.print(f"{footing}\n", style="dim")
    if overdue:
        console.print(commitments_table(overdue, 0, waiting(asked), asked))
    page = write_report(here, day, output, "nl")
    print(f"\nThe report is at {page.resolve()}")
    note(f"Look on with: TRACKER_DATABASE_URL=sqlite:///{output / 'demo.sqlite3'} tracker list")
