"""Look at what was promised: the list, and one commitment in full."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from tracker import clock
from tracker.cli import options
from tracker.cli.context import session
from tracker.cli.exits import ExitCode
from tracker.cli.options import examples, option
from tracker.cli.output import Format, chosen, emit, emit_one, note, stdout
from tracker.cli.rows import COMMITMENT_KEYS, commitment_row, event_row
from tracker.commitments.filters import Filter, Sort
from tracker.commitments.state import Review, Status
from tracker.domain import Kind, Strength

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from rich.table import Table

    from tracker.commitments.state import Commitment
    from tracker.store import Store

app = typer.Typer()
PANEL = "Look"
REVIEWS = {"all": frozenset(Review), "": frozenset({Review.NEW, Review.ACCEPTED})} | {
    str(r): frozenset({r}) for r in Review
}
ReviewOf = Annotated[str, option("--review", "new, accepted, rejected, all. Default: all but rejected.", "WORD")]


@app.command(
    "list",
    rich_help_panel=PANEL,
    epilog=examples(
        "tracker list --overdue",
        "tracker list --overdue --as-of 2022-08-01 --format csv > overdue.csv",
        "tracker list --due-within 14d --ministry JenV",
        "tracker list --overdue --exit-code || echo 'something is due'",
    ),
)
def list_(
    context: typer.Context,
    overdue: Annotated[bool, options.flag("--overdue", "Open, and due before the day asked about.")] = False,
    open_: Annotated[bool, options.flag("--open", "Open, partly fulfilled or unclear.")] = False,
    due_within: Annotated[
        int | None,
        typer.Option("--due-within", parser=options.days, metavar="DAYS", help="Open and due soon: 14d, 2w."),
    ] = None,
    status: Annotated[list[Status] | None, options.choice("--status", Status, "May be repeated:")] = None,
    kind: Annotated[list[Kind] | None, options.choice("--kind", Kind, "May be repeated:")] = None,
    strength: Annotated[list[Strength] | None, options.choice("--strength", Strength, "May be repeated:")] = None,
    ministry: Annotated[list[str] | None, option("--ministry", "An abbreviation, as in JenV.", "CODE")] = None,
    actor: Annotated[str | None, option("--actor", "Part of who promises: a name or an office.", "TEXT")] = None,
    dossier: Annotated[str | None, option("--dossier", "As in 31015 or '31 015'.", "NUMBER")] = None,
    document: Annotated[str | None, option("--document", "A document's id, or part of its title.", "ID|TEXT")] = None,
    tag: Annotated[list[str] | None, option("--tag", "May be repeated; all of them.", "TAG")] = None,
    search: Annotated[str | None, option("--search", "Words in quote, context, subject or title.", "WORDS")] = None,
    review: ReviewOf = "",
    as_of: options.AsOf = None,
    known_on: options.KnownOn = None,
    grace: Annotated[
        int, typer.Option("--grace", min=0, metavar="DAYS", help="Days past due that are not yet overdue.")
    ] = 0,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="At most so many.")] = None,
    sort: Annotated[Sort, options.choice("--sort", Sort, "By:")] = Sort.DUE,
    exit_code: Annotated[bool, options.flag("--exit-code", "Exit code 3 where the list is not empty.")] = False,
    output_format: options.OutputFormat = None,
    language: options.LanguageOf = None,
) -> None:
    """List commitments.

    Filters combine: all of them must hold."""
    here = session(context)
    day = as_of or clock.today()
    wanted = Filter(
        overdue=overdue,
        open=open_,
        due_within=due_within,
        status=frozenset(status or ()),
        kind=frozenset(kind or ()),
        strength=frozenset(strength or ()),
        ministry=frozenset(ministry or ()),
        actor=actor,
        dossier=dossier,
        document=document,
        tag=frozenset(tag or ()),
        search=search,
        review=reviews(review),
        grace=grace,
        sort=sort,
        limit=limit,
    )
    with here.store(read_only=True) as store:
        found = store.listing(wanted, as_of=day, known_on=known_on)
        footing = read_until(store, day, known_on)
        shown = list(found.commitments)
        told = known_on is None and chosen(output_format) is Format.TABLE
        asked = asked_about(store, shown, day) if told else frozenset()
    rows = [commitment_row(c, here.language(language), grace) for c in shown]

    def table() -> Table:
        from tracker.cli.tables import commitments_table

        caption = f"{_counted(len(shown), found.total)} on {day}, {footing}\n{waiting(asked)}".rstrip()
        return commitments_table(shown, grace, caption, asked)

    emit(rows, output_format, COMMITMENT_KEYS, table)
    remark_on_unknown(ministry or ())
    if not found.total:
        note(f"tracker: nothing {'overdue' if overdue else 'found'} on {day}; {footing}")
    if exit_code and found.total:
        raise typer.Exit(ExitCode.FOUND)


@app.command(
    rich_help_panel=PANEL,
    epilog=examples("tracker show TT-2024-0001", "tracker show TT-2024-0001 --format json --language en"),
)
def show(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="As in TT-2024-0001.", show_default=False)],
    as_of: options.AsOf = None,
    known_on: options.KnownOn = None,
    output_format: Annotated[Format, typer.Option("--format", "-f")] = Format.TABLE,
    language: options.LanguageOf = None,
) -> None:
    """Show one commitment in full: the quote, its context, the date explained, the source, the history."""
    here = session(context)
    day = as_of or clock.today()
    with here.store(read_only=True) as store:
        commitment = store.commitment(number, as_of=day, known_on=known_on)
        history = store.history(commitment.number, known_on=known_on)
        table = output_format is Format.TABLE and known_on is None
        offered = store.desk.offered([commitment.number], as_of=day) if table else []
    if output_format is Format.TABLE:
        from tracker.cli.card import card

        console = stdout()
        for part in card(commitment, history, here.language(language), offered, marked=not console.is_terminal):
            console.print(part)
        return
    row = commitment_row(commitment, here.language(language))
    more = {
        "deadline": commitment.deadline,
        "rule": commitment.rule,
        "flags": list(commitment.flags),
        "action": commitment.action,
        "topic": commitment.topic,
        "tags": list(commitment.tags),
        "evidence": commitment.evidence,
        "closed_on": commitment.closed_on,
        "closed_by": commitment.closed_by,
        "history": [event_row(event) for event in history],
    }
    emit_one(row | more, output_format)


def read_until(store: Store, day: date, known_on: date | None = None) -> str:
    """How much was read: what a list rests on."""
    summary = store.summary(as_of=day, known_on=known_on)
    if summary.documents:
        newest = f", the newest of {summary.newest}" if summary.newest else ""
        return f"{_documents(summary.documents)} read{newest}"
    if everything := store.summary(as_of=date.max).documents:
        known = f" and known on {known_on}" if known_on else ""
        return f"{_documents(everything)} read, none of that day or before{known}"
    return "no documents read yet (`tracker ingest PATH` reads some)"


def asked_about(store: Store, shown: list[Commitment], day: date) -> frozenset[str]:
    """The numbers of those about which a later sentence waits for a person."""
    return frozenset(p.commitment.number for p in store.desk.offered([c.number for c in shown], as_of=day))


def waiting(asked: Collection[str]) -> str:
    """What a list says below it of the promises that a proposal waits about; nothing where there are none."""
    if not asked:
        return ""
    has = "1 of these has a proposal" if len(asked) == 1 else f"{len(asked)} of these have proposals"
    return f"{has} waiting: tracker review"


def remark_on_unknown(codes: Iterable[str]) -> None:
    """Say which of these are the abbreviation of no ministry that is known."""
    if not codes:
        return
    from difflib import get_close_matches

    from tracker.knowledge import load_registry

    known = {code.lower(): code for code in load_registry().ministries}
    for code in codes:
        if code.lower() not in known:
            near = get_close_matches(code.lower(), known, 1)
            hint = f"; did you mean {known[near[0]]}?" if near else f"; known are {', '.join(known.values())}"
            note(f"tracker: no ministry is known as {code!r}{hint}")


def reviews(wanted: str) -> frozenset[Review]:
    """The reviews that a word of `--review` asks for."""
    if wanted not in REVIEWS:
        raise typer.BadParameter(f"{wanted!r} is not one of new, accepted, rejected, all", param_hint="--review")
    return REVIEWS[wanted]


def _documents(count: int) -> str:
    return f"{count} {'document' if count == 1 else 'documents'}"


def _counted(shown: int, found: int) -> str:
    what = "commitment" if found == 1 else "commitments"
    return f"{found} {what}" if shown == found else f"{shown} of {found} {what}"
