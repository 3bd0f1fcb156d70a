"""Review: walk through what waits for a person, one key a decision; and the same for scripts."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import clock
from tracker.cli import options
from tracker.cli.context import session
from tracker.cli.options import examples
from tracker.cli.output import emit, stdout
from tracker.cli.output import note as remark
from tracker.cli.rows import PROPOSAL_KEYS, proposal_row
from tracker.errors import TrackerError, UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from tracker.store import Store
    from tracker.store.model import Proposal

app = typer.Typer()
PANEL = "Decide"
review_app = typer.Typer(invoke_without_command=True)
app.add_typer(review_app, name="review", rich_help_panel=PANEL)

#: What a key does.
KEYS = {
    "a": "accept",
    "r": "reject",
    "m": "not mine",
    "d": "edit date",
    "t": "edit text",
    "l": "link to another promise",
    "s": "skip",
    "u": "undo",
    "q": "stop",
}

Items = Annotated[
    list[str], typer.Argument(metavar="ID…", help="As `tracker review list` has them: L12, TT-2024-0001.")
]
KindsOf = Annotated[
    list[str] | None,
    options.option(
        "--kind", "May be repeated: claimed, fulfilment, report, deferral, repeat, new. Default: all.", "WORD"
    ),
]


@review_app.callback(
    epilog=examples("tracker review", "tracker review list --format json", "tracker review accept L12")
)
def review(context: typer.Context, language: options.LanguageOf = None) -> None:
    """Walk through what waits: proposed links, deferrals, doubtful finds.

    Decisions are kept at once: stop at any time."""
    if context.invoked_subcommand is not None:
        return
    here = session(context)
    with here.as_person() as store:
        _Walk(store, here.language(language)).run()


@review_app.command("list", epilog=examples("tracker review list", "tracker review list --kind claimed --format json"))
def list_(
    context: typer.Context,
    kind: KindsOf = None,
    output_format: options.OutputFormat = None,
    language: options.LanguageOf = None,
) -> None:
    """What waits for a person, the likeliest first."""
    here = session(context)
    with here.store(read_only=True) as store:
        found = [p for p in store.desk.waiting(as_of=clock.today()) if not kind or p.kind in kind]
    rows = [proposal_row(p, here.language(language)) for p in found]
    emit(rows, output_format, PROPOSAL_KEYS, lambda: _table(rows))
    if not found:
        remark("tracker: nothing waits")


@review_app.command(epilog=examples("tracker review accept L12", "tracker review accept TT-2024-0003 L4"))
def accept(context: typer.Context, ids: Items, note: options.Note = None) -> None:
    """What is proposed is so.

    A link holds, a fulfilment is confirmed, a find is a promise."""
    with session(context).as_person() as store:
        for item in ids:
            event = store.desk.accept(item, note=note)
            print(f"{item}: accepted (event {event.id})")


@review_app.command(epilog=examples('tracker review reject L12 --note "another debate"'))
def reject(context: typer.Context, ids: Items, note: options.Note = None) -> None:
    """What is proposed is not so.

    A link that was made by itself is taken back, and not made again."""
    with session(context).as_person() as store:
        for item in ids:
            event = store.desk.reject(item, note=note)
            print(f"{item}: rejected (event {event.id})")


@app.command(
    rich_help_panel=PANEL,
    epilog=examples(
        "tracker link TT-2024-0005 TT-2024-0002",
        "tracker link TT-2024-0005 TT-2024-0002 --same",
        "tracker link TT-2024-0005 --none",
    ),
)
def link(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The promise.", show_default=False)],
    other: Annotated[
        str | None, typer.Argument(metavar="NUMBER", help="The one that it is part of.", show_default=False)
    ] = None,
    same: Annotated[bool, options.flag("--same", "They are one promise, said twice.")] = False,
    none: Annotated[bool, options.flag("--none", "It is no longer part of another one.")] = False,
    note: options.Note = None,
) -> None:
    """Say that a promise is part of another one, or the same.

    A campaign as part of a plan, for one."""
    if (other is None) != none or (same and none):
        raise UsageError("give the other promise, or --none where there is no longer one")
    with session(context).as_person() as store:
        if same and other is not None:
            event = store.desk.merge(number, other)
            print(f"{number}: the same as {other} (event {event.id})")
        else:
            store.desk.tie([number], other, note=note)
            print(f"{number}: part of {other}" if other else f"{number}: stands on its own")


@app.command(
    rich_help_panel=PANEL,
    epilog=examples(
        "tracker reassign TT-2024-0001 --ministry AenM --date 2024-07-02",
        'tracker reassign --from-ministry JenV --search asiel --ministry AenM --person "M. Faber" --date 2024-07-02',
    ),
)
def reassign(
    context: typer.Context,
    numbers: options.Numbers = None,
    from_ministry: Annotated[
        str | None, options.option("--from-ministry", "All open ones of this ministry.", "CODE")
    ] = None,
    from_person: Annotated[
        str | None, options.option("--from-person", "All open ones of this person or office.", "TEXT")
    ] = None,
    search: Annotated[str | None, options.option("--search", "Of those, the ones with these words.", "WORDS")] = None,
    ministry: Annotated[str | None, options.option("--ministry", "Who answers for them now.", "CODE")] = None,
    person: Annotated[str | None, options.option("--person", "Who answers for them now.", "NAME")] = None,
    office: Annotated[str | None, options.option("--office", "Who answers for them now.", "TEXT")] = None,
    date: Annotated[datetime.date | None, options.day_option("--date", "From this day on. Default: today.")] = None,
    note: options.Note = None,
    dry_run: Annotated[bool, options.flag("--dry-run", "Only say which ones.")] = False,
) -> None:
    """Hand promises over to another minister or ministry; who made them stays in the history."""
    from tracker.commitments.filters import Filter, select

    holder = {k: v for k, v in (("ministry", ministry), ("person", person), ("office", office)) if v}
    bulk = bool(from_ministry or from_person or search)
    if not holder:
        raise UsageError("who answers for them now? give --ministry, --person or --office")
    if not numbers and not bulk:
        raise UsageError("no commitment named; give numbers, or --from-ministry, --from-person or --search")
    here, day = session(context), date or clock.today()
    with here.as_person() as store:
        chosen = list(numbers or ())
        if bulk:
            ministries = frozenset({from_ministry} if from_ministry else ())
            wanted = Filter(open=True, ministry=ministries, actor=from_person, search=search)
            chosen += [c.number for c in select(store.commitments(as_of=day, wanted=wanted), wanted)]
        if chosen and not dry_run:
            store.desk.reassign(chosen, holder, occurred_on=day, note=note)
    for number in chosen:
        print(f"{number}: {', '.join(holder.values())} from {day}")
    if not chosen:
        remark("tracker: nothing to hand over")


@app.command(
    rich_help_panel="Look",
    epilog=examples("tracker fulfilments", "tracker fulfilments --format json --as-of 2024-01-01"),
)
def fulfilments(context: typer.Context, as_of: options.AsOf = None, output_format: options.OutputFormat = None) -> None:
    """Where the government says that a promise is met, and which promise that closes."""
    from tracker.cli.rows import CLAIM_KEYS, claim_row

    with session(context).store(read_only=True) as store:
        rows = [claim_row(claim) for claim in store.desk.claims(as_of=as_of or clock.today())]
    emit(rows, output_format, CLAIM_KEYS, lambda: _claims_table(rows))
    if not rows:
        remark("tracker: no document says so")


class _Walk:
    """One walk through what waits. Nothing is held back: every key is an event, and what was skipped comes last."""

    def __init__(self, store: Store, language: str) -> None:
        self._store = store
        self._language = language
        self._skipped: dict[str, None] = {}
        self._done: list[list[int]] = []  # the events of each decision, for undoing
        self._counts: Counter[str] = Counter()

    def run(self) -> None:
        waiting = self._waiting()
        if not waiting:
            remark("tracker: nothing waits")
        while waiting:
            item = waiting[0]
            self._show(item, len(waiting))
            key = _key()
            if key == "q":
                break
            self._act(key, item)
            waiting = [p for p in self._waiting() if p.id not in self._skipped]
        left = len(self._waiting())
        said = ", ".join(f"{count} {what}" for what, count in self._counts.items()) or "nothing decided"
        remark(f"tracker: {said}; {left} left")

    def _waiting(self) -> list[Proposal]:
        return self._store.desk.waiting(as_of=clock.today())

    def _show(self, item: Proposal, left: int) -> None:
        from tracker.cli.card import proposal_card

        console = stdout()
        for part in proposal_card(item, self._language, marked=not console.is_terminal):
            console.print(part)
        keys = "  ".join(f"[{key}] {what}" for key, what in KEYS.items())
        console.print(f"{keys}   ({left} left)", style="dim")

    def _act(self, key: str, item: Proposal) -> None:
        try:
            events = self._events(key, item)
        except TrackerError as problem:
            remark(f"tracker: {problem}")
            return
        if events:
            self._done.append(events)
            self._counts[KEYS[key]] += 1

    def _events(self, key: str, item: Proposal) -> list[int]:
        """Do what a key says; returns the events that undo takes back."""
        desk, number = self._store.desk, item.commitment.number
        match key:
            case "a":
                return [desk.accept(item.id).id]
            case "r":
                return [desk.reject(item.id).id]
            case "m":
                return [event.id for event in self._store.tag([number], add=["not-mine"])]
            case "d":
                day = options.day(typer.prompt("due date (YYYY-MM-DD)", err=True))
                return [event.id for event in self._store.set_due([number], day)]
            case "t":
                return [event.id for event in desk.edit(number, action=typer.prompt("what is promised", err=True))]
            case "l":
                above = typer.prompt("part of which promise (NUMBER)", err=True)
                return [event.id for event in desk.tie([number], above)]
            case "s":
                self._skipped[item.id] = None
            case "u" if self._done:
                for event in reversed(self._done.pop()):
                    self._store.undo(event)
            case "u" if self._skipped:
                self._skipped.popitem()
            case _:
                remark("tracker: " + ", ".join(f"{k} {what}" for k, what in KEYS.items()))
        return []


def _key() -> str:
    """One key, without Enter on a terminal; a character of what is piped in; q at its end."""
    import sys

    if sys.stdin.isatty():
        return typer.getchar().lower()
    while character := sys.stdin.read(1):
        if not character.isspace():
            return character.lower()
    return "q"


def _table(rows: list[dict[str, Any]]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in ("Id", "What", "Promise"):
        table.add_column(name, no_wrap=True)
    table.add_column("Score", justify="right")
    table.add_column("Sentence", ratio=2)
    table.add_column("Why", ratio=1)
    for row in rows:
        why = row["reasons"][0]["text"] if row["reasons"] else "found with little confidence"
        sentence = row["quote"] or row["promise"]
        table.add_row(row["id"], row["kind"], row["number"], f"{row['score']:.2f}", sentence, why)
    return table


def _claims_table(rows: list[dict[str, Any]]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("Date", no_wrap=True)
    table.add_column("Sentence", ratio=2)
    table.add_column("Refers to", ratio=1)
    table.add_column("Closes", no_wrap=True)
    for row in rows:
        refers = "; ".join(reference["written"] for reference in row["references"])
        closes = ", ".join(row["closes"]) or ", ".join(f"{number}?" for number in row["proposed"])
        table.add_row(row["date"].isoformat() if row["date"] else "", row["quote"], refers, closes)
    return table
