"""Where documents are published: subscriptions, reading them, and any single address."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli import options
from tracker.cli.context import Session, session
from tracker.cli.exits import ExitCode
from tracker.cli.group import complain
from tracker.cli.ingest import exit_code, progress, report_outcomes
from tracker.cli.options import examples, option
from tracker.cli.output import emit, note
from tracker.errors import NotFound, UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from tracker.documents.sources.originals import Fetcher
    from tracker.documents.sources.subscription import Subscription
    from tracker.documents.sources.sync import Counts
    from tracker.store import Store

app = typer.Typer(help="Publishers that documents are read from.", no_args_is_help=True)
fetch_app = typer.Typer()

LIST_KEYS = ("name", "publisher", "dossiers", "ministries", "committees", "kinds", "words", "since", "address")
STATUS_KEYS = ("name", "finished_at", "position", "documents", "problems", "alarms", "last_walk")
KINDS = ("letter", "answer", "report", "debate")
PUBLISHERS = ("tweedekamer", "verslagen", "officielebekendmakingen", "register")

Offline = Annotated[bool, options.flag("--offline", "No network: from what was fetched and kept before.")]


@app.command("list", epilog=examples("tracker sources list", "tracker sources list --format json"))
def list_(context: typer.Context, output_format: options.OutputFormat = None) -> None:
    """List the subscriptions of config.toml."""
    rows = [row.model_dump(include=set(LIST_KEYS)) for row in session(context).config.source]
    emit(rows, output_format, LIST_KEYS, lambda: _table(rows, ("name", "publisher", "criteria"), _criteria))
    if not rows:
        note("tracker: no sources yet; `tracker sources add NAME --publisher tweedekamer` adds one")


@app.command(
    epilog=examples(
        "tracker sources add wonen --publisher tweedekamer --ministry VRO --kind letter --since 2024-07-01",
        "tracker sources add dossier --publisher tweedekamer --dossier '36 800 VII'",
        "tracker sources add toezeggingen --publisher register",
    )
)
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A short name: a-z, 0-9, -.", show_default=False)],
    publisher: Annotated[str, options.choice("--publisher", PUBLISHERS)],
    dossier: Annotated[list[str] | None, option("--dossier", "May be repeated.", "NUMBER")] = None,
    ministry: Annotated[list[str] | None, option("--ministry", "May be repeated.", "CODE")] = None,
    committee: Annotated[list[str] | None, option("--committee", "Part of its name; may be repeated.", "TEXT")] = None,
    kind: Annotated[list[str] | None, options.choice("--kind", KINDS, "May be repeated:")] = None,
    word: Annotated[list[str] | None, option("--word", "In the title; may be repeated.", "WORD")] = None,
    since: Annotated[Any, options.day_option("--since", "Nothing older.")] = None,
    address: Annotated[str | None, option("--address", "In place of the publisher's own.", "URL")] = None,
    may_be_empty: Annotated[bool, options.flag("--may-be-empty", "No alarm where there is nothing at all.")] = False,
) -> None:
    """Subscribe: write a source at the end of the configuration file.

    Criteria of one sort are alternatives; all sorts that are given must hold."""
    from tracker import config, files
    from tracker.documents.sources.subscription import Subscription

    here = session(context)
    row = {
        "name": name,
        "publisher": publisher,
        "dossiers": dossier or [],
        "ministries": ministry or [],
        "committees": committee or [],
        "kinds": kind or [],
        "words": word or [],
        "since": since,
        "address": address,
        "may_be_empty": may_be_empty,
    }
    file = here.config_file or Path(config.DEFAULT_NAME)
    text = config.with_source(file, row)
    Subscription.from_row(config.SourceRow.model_validate(row).model_dump(), here.knowledge.registry)
    try:
        files.replace(file, [text])
    except OSError as problem:
        raise UsageError(f"{file}: cannot be written: {problem.strerror}") from None
    print(f"{name}: added to {file}")
    note(f"tracker: `tracker sources sync {name}` reads it")


@app.command(epilog=examples("tracker sources sync", "tracker sources sync wonen", "tracker sources sync --offline"))
def sync(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME…", help="Default: all.", show_default=False)
    ] = None,
    offline: Offline = False,
) -> None:
    """Read what is new at the sources, from where the last time ended.

    Exit code 1 where no source could be read, 4 where a source or a document failed."""
    here = session(context)
    chosen = _chosen(here, names)
    with here.store() as store, network(here, offline=offline) as fetcher:
        done = [(one.name, read(here, store, one, fetcher)) for one in chosen]
    if not done:
        note("tracker: no sources yet; `tracker sources add NAME --publisher tweedekamer` adds one")
    raise typer.Exit(outcome([counts for _, counts in done]))


@app.command(epilog=examples("tracker sources status", "tracker sources status --format json"))
def status(context: typer.Context, output_format: options.OutputFormat = None) -> None:
    """How far each source was read, and what is wrong with it."""
    here = session(context)
    with here.store(read_only=True) as store:
        alarms = store.alarms()
        rows: list[dict[str, Any]] = [
            {
                "name": one.name,
                "finished_at": one.finished_at,
                "position": one.position,
                "documents": one.documents,
                "problems": one.problems,
                "alarms": [f"{alarm.kind}: {alarm.message}" for alarm in alarms if alarm.source == one.name],
                "last_walk": one.counts,
            }
            for one in store.source_statuses()
        ]
    emit(rows, output_format, STATUS_KEYS, lambda: _table(rows, ("name", "read until its end", "state"), _state))
    known = {row["name"] for row in rows}
    if never := [one.name for one in here.config.source if one.name not in known]:
        note(f"tracker: not read yet: {', '.join(never)}; `tracker sources sync` does")


@fetch_app.command(
    rich_help_panel="Sources",
    epilog=examples("tracker fetch https://zoek.officielebekendmakingen.nl/kst-31015-245.pdf"),
)
def fetch(
    context: typer.Context,
    urls: Annotated[list[str], typer.Argument(metavar="URL…", help="Documents on the web.", show_default=False)],
    date: options.DateOf = None,
    kind: options.KindOf = None,
    offline: Offline = False,
) -> None:
    """Fetch documents from the web, keep them, and store what they promise."""
    from tracker import pipeline
    from tracker.errors import SourceError

    here = session(context)
    outcomes = []
    with here.store() as store, network(here, offline=offline) as fetcher, fetcher.originals.mine():
        for url in urls:
            said = pipeline.Overrides(date=date, kind=kind, url=url)
            try:
                path = fetcher.originals.path(fetcher.get(url))
            except SourceError as problem:
                failed = pipeline.FileOutcome(Path(url), pipeline.Outcome.FAILED, error=str(problem))
                outcomes.append(failed)
                continue
            outcomes += pipeline.ingest(store, [path], here.knowledge, said, limits=here.limits)
    report_outcomes(outcomes)
    raise typer.Exit(exit_code(outcomes))


def network(here: Session, *, offline: bool) -> AbstractContextManager[Fetcher]:
    """What fetches, as config.toml has it."""
    from tracker.documents.sources.originals import network as opened

    logging.getLogger("stamina").setLevel(logging.ERROR)  # a retry is no news; what ends a walk is
    return opened(here.config.network, offline=offline)


def read(here: Session, store: Store, subscription: Subscription, fetcher: Fetcher) -> Counts:
    """Read one source and say what came of it."""
    from tracker import pipeline

    with progress(subscription.name) as on_record:
        counts = pipeline.sync(store, subscription, fetcher, here.knowledge, on_record, here.limits)
    stopped = counts.problem is not None  # then noughts would look like nothing new
    numbers = {name.replace("_", " "): n for name, n in counts.numbers().items() if n or not stopped}
    said = ", ".join(f"{n} {name}" for name, n in numbers.items())
    print(f"{subscription.name}: {'stopped before its end: ' if stopped else ''}{said or 'nothing was read'}")
    if stopped:
        complain(f"{subscription.name}: stopped: {counts.problem}")
    return counts


def outcome(all_counts: list[Counts]) -> ExitCode:
    stopped = sum(counts.problem is not None for counts in all_counts)
    if stopped and stopped == len(all_counts):
        return ExitCode.ERROR
    return ExitCode.PARTIAL if stopped or any(counts.failed for counts in all_counts) else ExitCode.DONE


def _chosen(here: Session, names: list[str] | None) -> list[Subscription]:
    from tracker.documents.sources.subscription import Subscription

    rows = {row.name: row for row in here.config.source}
    if unknown := [name for name in names or () if name not in rows]:
        raise NotFound(f"no source {unknown[0]!r} in the configuration; there are: {', '.join(rows) or 'none'}")
    chosen = [rows[name] for name in names] if names else list(rows.values())
    return [Subscription.from_row(row.model_dump(), here.knowledge.registry) for row in chosen]


def _criteria(row: dict[str, Any]) -> list[str]:
    criteria = "; ".join(
        f"{key} {', '.join(row[key]) if isinstance(row[key], tuple) else row[key]}" for key in LIST_KEYS[2:] if row[key]
    )
    return [row["name"], row["publisher"], criteria or "everything"]


def _state(row: dict[str, Any]) -> list[str]:
    finished = row["finished_at"].isoformat(timespec="minutes") if row["finished_at"] else "never"
    return [row["name"], finished, "\n".join(row["alarms"]) or f"in order, {row['documents']} documents"]


def _table(rows: list[dict[str, Any]], titles: tuple[str, ...], cells: Any) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(*titles, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for row in rows:
        table.add_row(*cells(row))
    return table
