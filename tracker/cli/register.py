"""The official register of oral commitments: what it has, with the due dates that it lacks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import clock
from tracker.cli import options, sources
from tracker.cli.context import Session, session
from tracker.cli.options import examples, option
from tracker.cli.output import emit, note

if TYPE_CHECKING:
    from rich.table import Table

    from tracker.documents.sources.register import RegisterCommitment
    from tracker.documents.sources.subscription import Subscription
    from tracker.store import RegisterEntry

app = typer.Typer(help="The Tweede Kamer's register of oral commitments.", no_args_is_help=True)

KEYS = (
    "number", "status", "status_word", "made", "due_from", "due", "precision", "explanation", "days_late", "ministry",
    "person", "office", "meeting", "text", "letters", "datum_nakoming", "first_seen", "seen", "statuses",
)  # fmt: skip

#: The register read by `tracker register sync` where config.toml names none.
DEFAULT = "register"
OPEN = frozenset({"open", "partly-fulfilled"})


@app.command(epilog=examples("tracker register sync", "tracker register sync --offline"))
def sync(context: typer.Context, offline: sources.Offline = False) -> None:
    """Take a snapshot of the register, and keep what is new, changed or gone.

    Without a source with publisher "register" in config.toml the whole register is read."""
    here = session(context)
    with here.store() as store, sources.network(here, offline=offline) as fetcher:
        done = [sources.read(here, store, one, fetcher) for one in _registers(here)]
    raise typer.Exit(sources.outcome(done))


@app.command(
    "list",
    epilog=examples(
        "tracker register list --overdue",
        "tracker register list --status unknown",
        "tracker register list --ministry VWS --format csv > register.csv",
    ),
)
def list_(
    context: typer.Context,
    overdue: Annotated[bool, options.flag("--overdue", "Open by the register, and due before the day.")] = False,
    status: Annotated[
        list[str] | None, option("--status", "open, fulfilled, unknown …; may be repeated.", "WORD")
    ] = None,
    ministry: Annotated[list[str] | None, option("--ministry", "May be repeated.", "CODE")] = None,
    as_of: options.AsOf = None,
    known_on: options.KnownOn = None,
    output_format: options.OutputFormat = None,
    language: options.LanguageOf = None,
) -> None:
    """List the register's commitments, each with the due date that its text names.

    The statuses are the register's own; a word that is not known is shown as "unknown"."""
    from tracker.documents.sources.register import commitment
    from tracker.knowledge import load_sources

    here = session(context)
    day = as_of or clock.today()
    facts, knowledge = load_sources(), here.knowledge
    with here.store(read_only=True) as store:
        entries = store.register(known_on=known_on)
    rows = []
    for entry in entries:
        if entry.record is None:
            continue
        one = commitment(entry.record, facts, knowledge.registry, knowledge.grammar, knowledge.calendar)
        row = _row(one, entry, day, here.language(language), facts)
        if (
            (not overdue or row["days_late"])
            and (not status or one.status in status)
            and (not ministry or one.ministry in ministry)
            and (one.made is None or one.made <= day)
        ):
            rows.append(row)
    rows.sort(key=lambda row: (row["due"] or date.max, row["number"]))
    emit(rows, output_format, KEYS, lambda: _table(rows))
    if not entries:
        note("tracker: the register was not read yet; `tracker register sync` does")


def _registers(here: Session) -> list[Subscription]:
    from tracker.documents.sources.subscription import Subscription

    rows = [row for row in here.config.source if row.publisher == "register"]
    if not rows:
        return [Subscription(name=DEFAULT, publisher="register")]
    return [Subscription.from_row(row.model_dump(), here.knowledge.registry) for row in rows]


def _row(
    one: RegisterCommitment, entry: RegisterEntry, day: date, language: str, facts: dict[str, Any]
) -> dict[str, Any]:
    from tracker.deadlines import explain

    due = one.due.last if one.due else None
    late = (day - due).days if due and due < day and one.status in OPEN else 0
    return {
        "number": one.number,
        "status": one.status,
        "status_word": one.status_word,
        "made": one.made,
        "due_from": one.due.first if one.due else None,
        "due": due,
        "precision": one.due.precision if one.due else None,
        "explanation": explain(one.deadline, one.due, language) if one.deadline and one.due else None,
        "days_late": late,
        "ministry": one.ministry,
        "person": one.person,
        "office": one.office,
        "meeting": one.meeting,
        "text": one.text,
        "letters": list(one.letters),
        "datum_nakoming": one.datum_nakoming,
        "first_seen": (*entry.earlier, entry)[0].recorded_at,
        "seen": entry.recorded_at,
        "statuses": list(_statuses(entry, facts)),
    }


def _statuses(entry: RegisterEntry, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Each status that a snapshot showed, with the moment it was first seen: the register keeps no date of a change."""
    from tracker.documents.sources.register import status_of

    seen: list[dict[str, Any]] = []
    for each in (*entry.earlier, entry):
        word = each.record["Status"] if each.record else "gone"
        if not seen or seen[-1]["word"] != word:
            ours = status_of(each.record, facts) if each.record else "gone"
            seen.append({"status": ours, "word": word, "seen": each.recorded_at.isoformat()})
    return seen


def _table(rows: list[dict[str, Any]]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("Due", no_wrap=True)
    table.add_column("Number", no_wrap=True)
    table.add_column("Status")
    table.add_column("Commitment, as the clerk has it", ratio=1)
    for row in rows:
        due = row["due"].isoformat() if row["due"] else "no date"
        late = f"\n{row['days_late']} days past" if row["days_late"] else ""
        word = row["status"] if row["status"] != "unknown" else f"unknown ({row['status_word']})"
        table.add_row(due + late, f"{row['number']}\n{row['ministry'] or ''}", word, row["text"])
    return table
