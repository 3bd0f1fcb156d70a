"""Read documents into the store, and look after those that are there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import clock
from tracker.cli import options
from tracker.cli.context import session
from tracker.cli.exits import ExitCode
from tracker.cli.group import complain
from tracker.cli.options import examples
from tracker.cli.output import counted, emit, note, stderr
from tracker.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from tracker.pipeline import FileOutcome
    from tracker.store import Changes, DocumentRow

app = typer.Typer()
document_app = typer.Typer(help="Correct what is known of a document.", no_args_is_help=True)
app.add_typer(document_app, name="document", rich_help_panel="Documents")
documents_app = typer.Typer()
app.add_typer(documents_app, name="documents", rich_help_panel="Documents")
PANEL = "Documents"

KEYS = (
    "id",
    "date",
    "kind",
    "title",
    "identifier",
    "dossiers",
    "number",
    "ministry",
    "signatory",
    "url",
    "withdrawn",
    "path",
    "commitments",
)


@app.command(
    rich_help_panel=PANEL,
    epilog=examples(
        "tracker ingest letters/", "tracker ingest news.md --date 2022-04-08 --kind news --url https://example.org/1"
    ),
)
def ingest(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files and folders.", show_default=False)],
    date: options.DateOf = None,
    kind: options.KindOf = None,
    url: Annotated[str | None, options.option("--url", "Where the document was published.", "URL")] = None,
) -> None:
    """Read letters, answers and debates and store what they promise.

    Text, Markdown, PDF, Word (.docx), HTML, the XML of official publications and debate reports, and mail (.eml) with
    what is attached."""
    from tracker import pipeline

    here = session(context)
    knowledge = here.knowledge
    with here.store() as store, progress("reading") as on_progress:
        outcomes = pipeline.ingest(
            store, paths, knowledge, pipeline.Overrides(date=date, kind=kind, url=url), on_progress, here.limits
        )
    report_outcomes(outcomes)
    raise typer.Exit(exit_code(outcomes))


def report_outcomes(outcomes: list[FileOutcome]) -> None:
    """A line a document on standard output; on standard error what went wrong and what the user should look at."""
    for one in outcomes:
        for warning in one.warnings:
            complain(f"{one.path}: {warning}")
        if one.error:
            named = one.error.replace("//", "/").startswith(str(one.path))  # a path has one stroke, an address two
            complain(one.error if named else f"{one.path}: {one.error}")
        elif one.document_id is not None:
            fresh = f" ({len(one.new)} new)" if one.new else ""
            day = one.date.isoformat() if one.date else "undated"
            promises = counted(one.commitments, "commitment")
            print(f"{one.document_id:>4}  {day:<10}  {one.outcome:<11}  {promises}{fresh}  {one.path.name}")
            if one.date is None:
                complain(
                    f"{one.path}: no date found, so its terms have no dates yet; "
                    f"`tracker document set {one.document_id} --date YYYY-MM-DD` gives it one"
                )
            elif one.date > clock.today():
                complain(
                    f"{one.path}: dated {one.date}, a day still to come; "
                    f"`tracker document set {one.document_id} --date YYYY-MM-DD` gives it another"
                )
    if len(outcomes) > 1:
        counts = Counter(str(one.outcome) for one in outcomes)
        note(f"{len(outcomes)} files: " + ", ".join(f"{n} {name}" for name, n in counts.items()))
    if not outcomes:
        note("tracker: no documents there; text, Markdown, PDF, DOCX, HTML, XML and mail are read")


def exit_code(outcomes: list[FileOutcome]) -> ExitCode:
    failed = sum(one.error is not None for one in outcomes)
    if not failed:
        return ExitCode.DONE
    return ExitCode.ERROR if failed == len(outcomes) else ExitCode.PARTIAL


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on a terminal's standard error, without an end where the total is not known; elsewhere nothing."""
    console = stderr()
    if not console.is_terminal:
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@documents_app.callback(
    invoke_without_command=True,
    epilog=examples("tracker documents", "tracker documents --format csv > documents.csv", "tracker documents failed"),
)
def documents(
    context: typer.Context,
    as_of: options.AsOf = None,
    known_on: options.KnownOn = None,
    output_format: options.OutputFormat = None,
) -> None:
    """List the documents that were read."""
    if context.invoked_subcommand:
        return
    with session(context).store(read_only=True) as store:
        rows = [_row(document) for document in store.documents(as_of=as_of, known_on=known_on)]
    emit(rows, output_format, KEYS, lambda: _table(rows))
    if not rows:
        note("tracker: no documents yet; `tracker ingest PATH` reads some")


@documents_app.command(epilog=examples("tracker documents failed", "tracker documents failed --forget 3"))
def failed(
    context: typer.Context,
    forget: Annotated[
        int | None, typer.Option("--forget", metavar="ID", help="Take a file off the list, unread.")
    ] = None,
    output_format: options.OutputFormat = None,
) -> None:
    """List the files that could not be read, with the reason.

    A file leaves the list once it reads: correct it, or get it again, and ingest it. What a source offers and could
    not be had is listed too; a sync tries it again."""
    here = session(context)
    if forget is not None:
        with here.as_person() as store:
            print(f"no longer listed: {store.quarantine.forget(forget)}")
        return
    with here.store(read_only=True) as store:
        unread = store.quarantine.files()
        offered = [(one.name, item) for one in store.source_statuses() for item in store.source(one.name).problems()]
    rows: list[dict[str, Any]] = [
        {"id": each.id, "file": each.now_at, "reason": each.reason, "since": each.first_at, "times": each.times}
        for each in unread
    ]
    rows += [
        {
            "id": None,
            "file": item.key,
            "reason": f"{source}: {item.problem}",
            "since": item.recorded_at,
            "times": item.attempts,
        }
        for source, item in offered
    ]
    emit(rows, output_format, ("id", "file", "reason", "since", "times"), lambda: _failed_table(rows))
    if not rows:
        note("tracker: every file that was given could be read")


def _failed_table(rows: list[dict[str, Any]]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("Id", justify="right")
    table.add_column("Since", no_wrap=True)
    table.add_column("Reason", ratio=1)
    for row in rows:
        table.add_row(str(row["id"] or ""), f"{row['since']:%Y-%m-%d}", row["reason"])
    return table


@document_app.command(
    "set",
    epilog=examples(
        "tracker document set 3 --date 2022-04-08", "tracker document set 3 --kind news --url https://example.org/1"
    ),
)
def set_(
    context: typer.Context,
    document_id: Annotated[
        int, typer.Argument(metavar="ID", help="As `tracker documents` has it.", show_default=False)
    ],
    date: options.DateOf = None,
    kind: options.KindOf = None,
    title: Annotated[str | None, options.option("--title", "Its title.", "TEXT")] = None,
    url: Annotated[str | None, options.option("--url", "Where it was published.", "URL")] = None,
    dossier: Annotated[
        list[str] | None, options.option("--dossier", "As in '31 015'; may be repeated; instead of its own.", "NUMBER")
    ] = None,
    number: Annotated[str | None, options.option("--number", "Its number in the first of them.", "NUMBER")] = None,
) -> None:
    """Say what a document does not say itself.

    Its promises are read again against the new date."""
    from tracker import pipeline

    here = session(context)
    dossiers = tuple(map(_dossier, dossier)) if dossier else None
    said = pipeline.Overrides(date=date, kind=kind, title=title, url=url, dossiers=dossiers, number=number)
    if not said.given():
        raise UsageError("nothing to set; give --date, --kind, --title, --url, --dossier or --number")
    with here.as_person() as store:
        changes = pipeline.reread(store, [document_id], here.knowledge, said)
    print(f"document {document_id}: " + ", ".join(f"{name} {_said(value)}" for name, value in said.given().items()))
    note(_told(changes))
    if date and date > clock.today():
        complain(f"document {document_id} is now of a day still to come")


@app.command(rich_help_panel=PANEL, epilog=examples("tracker reread", "tracker reread 3 4"))
def reread(
    context: typer.Context,
    ids: Annotated[list[int] | None, typer.Argument(metavar="ID…", help="Default: all.", show_default=False)] = None,
) -> None:
    """Read stored documents again with the rules as they are now.

    Numbers, statuses, notes and reviews stay."""
    from tracker import pipeline

    here = session(context)
    knowledge = here.knowledge
    with here.store() as store, progress("reading") as on_progress:
        chosen = ids or [document.id for document in store.documents()]
        changes = pipeline.reread(store, chosen, knowledge, on_progress=on_progress)
    print(f"{counted(len(chosen), 'document')} read again: {_told(changes)}")


@app.command(rich_help_panel=PANEL, epilog=examples("tracker verify"))
def verify(context: typer.Context) -> None:
    """Rebuild the current state from the events and compare.

    Exit code 1 where they differ."""
    with session(context).store(read_only=True) as store:
        problems = store.verify()
    for problem in problems:
        print(problem)
    note("tracker: state and events agree" if not problems else f"tracker: {counted(len(problems), 'difference')}")
    raise typer.Exit(ExitCode.ERROR if problems else ExitCode.DONE)


def _dossier(written: str) -> str:
    """ "31015" as documents have it: "31 015"; "35300-VII" as "35 300-VII". Raises UsageError."""
    found = re.fullmatch(r"\s*(\d{2})[ .]?(\d{3})(-[A-Z]+)?\s*", written)
    if not found:
        raise UsageError(f"{written!r} is not the number of a dossier; expected five digits, as in 31015 or 35300-VII")
    return f"{found[1]} {found[2]}{found[3] or ''}"


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _told(changes: Sequence[Changes]) -> str:
    changed, new, gone = (sum(len(getattr(c, what)) for c in changes) for what in ("changed", "new", "gone"))
    return f"{counted(changed, 'commitment')} read differently, {new} new, {gone} no longer found"


def _row(document: DocumentRow) -> dict[str, Any]:
    about = document.metadata
    return {
        "id": document.id,
        "date": about.date,
        "kind": about.kind,
        "title": document.title,
        "identifier": about.identifier,
        "dossiers": list(about.dossiers),
        "number": about.number,
        "ministry": about.signatory.ministry,
        "signatory": about.signatory.person,
        "url": about.url,
        "withdrawn": about.withdrawn,
        "path": document.path,
        "commitments": len(document.numbers),
    }


def _table(rows: list[dict[str, Any]]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("Id", justify="right")
    table.add_column("Date", no_wrap=True)
    table.add_column("Kind", no_wrap=True)
    table.add_column("Title", ratio=1)
    table.add_column("Ministry", no_wrap=True)
    table.add_column("Promises", justify="right")
    for row in rows:
        day = row["date"].isoformat() if row["date"] else "undated"
        title = row["title"] + (f" (withdrawn on {row['withdrawn']})" if row["withdrawn"] else "")
        table.add_row(str(row["id"]), day, row["kind"], title, row["ministry"] or "", str(row["commitments"]))
    return table
