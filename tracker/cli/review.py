"""Review: walk through what waits for a person, one key a decision; and the same for scripts."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import clock
from tracker.cli import options
from tracker.cli.context import session
from tracker.cli.options import examples
from tracker.cli.output import emit, stdout
from tracker.cli.output import note as remark
from tracker.cli.rows import PROPOSAL_KEYS, proposal_row
from tracker.errors import NotFound, TrackerError, UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from tracker.store import Store
    from tracker.store.model import Proposal

app = typer.Typer()
PANEL = "Decide"
review_app = typer.Typer(invoke_without_command=True)
app.add_typer(review_app, name="review", rich_help_panel=PANEL)

#: What a key does, and what that means.
KEYS = {
    "a": ("accept", "it is so: the link holds, the claim is confirmed, the find is a promise"),
    "r": ("reject", "it is not so; a link that was made by itself is taken back, and not made again"),
    "m": ("not mine", "somebody else looks after this promise: it does not come by again (tag not-mine)"),
    "d": ("edit date", "give the promise another due date; the first one stays visible"),
    "t": ("edit text", "word better what is promised; the quote stays as it was said"),
    "l": ("link", "the promise is a part of another one"),
    "s": ("skip", "decide later"),
    "u": ("undo", "take back the last decision, or skip, of this walk"),
    "q": ("stop", "what was decided is kept"),
    "?": ("help", "say this"),
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
    from tracker.cli.card import PROPOSED

    if unknown := set(kind or ()) - PROPOSED.keys():
        raise UsageError(f"--kind {min(unknown)}: there are {', '.join(PROPOSED)}")
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
            event = store.desk.merge(number, other, note=note)
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
        print(f"{number}: {'would go' if dry_run else 'goes'} to {', '.join(holder.values())} from {day} on")
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
        self._done: list[_Step] = []
        self._changes = 0  # to the store, of this walk

    def run(self) -> None:
        try:
            self._walk()
        except (KeyboardInterrupt, typer.Abort):
            remark("")
            raise
        finally:
            counts = Counter(step.what for step in self._done if step.events)
            said = ", ".join(f"{count} {what}" for what, count in counts.items()) or "nothing decided"
            remark(f"tracker: {said}; {len(self._waiting())} left")

    def _walk(self) -> None:
        shown, seen_at, waiting = "", -1, self._waiting()
        while left := [p for p in waiting if p.id not in {step.skipped for step in self._done}]:
            item = left[0]
            if item.id != shown or seen_at != self._changes:
                self._show(item, len(left))
            shown, seen_at = item.id, self._changes
            key = _key()
            if key == "q":
                return
            try:
                self._act(key, item)
            except TrackerError as problem:
                remark(f"tracker: {problem}")
            if seen_at != self._changes:  # of a long store it takes a while
                waiting = self._waiting()
        if not self._done:
            remark("tracker: nothing waits")

    def _waiting(self) -> list[Proposal]:
        return self._store.desk.waiting(as_of=clock.today())

    def _show(self, item: Proposal, left: int) -> None:
        from tracker.cli.card import proposal_card

        console = stdout()
        console.rule(f"{left} left", style="dim", align="left")
        for part in proposal_card(item, self._language, marked=not console.is_terminal):
            console.print(part)
        keys = (f"[{key}] {what}".replace(" ", "\N{NO-BREAK SPACE}") for key, (what, _) in KEYS.items())
        console.print("  ".join(keys), style="dim", markup=False, highlight=False)

    def _act(self, key: str, item: Proposal) -> None:
        if key == "u":
            self._undo()
        elif key == "s":
            self._done.append(_Step(KEYS[key][0], item.id, skipped=item.id))
        elif key == "?" or key not in KEYS:
            remark("\n".join(f"  {key}  {what}: {meaning}" for key, (what, meaning) in KEYS.items()))
        elif events := self._decide(key, item):
            self._done.append(_Step(KEYS[key][0], item.id, events))
            self._changes += 1
            remark(f"{item.id}: {KEYS[key][0]}; {self._standing(item)}")

    def _decide(self, key: str, item: Proposal) -> list[int]:
        """Do what a key says; returns the events that undo takes back."""
        desk, c = self._store.desk, item.commitment
        match key:
            case "a":
                return [desk.accept(item.id).id]
            case "r":
                return [desk.reject(item.id).id]
            case "m":
                return [event.id for event in self._store.tag([c.number], add=["not-mine"])]
            case "d" if day := _asked("due date (YYYY-MM-DD)"):
                return [event.id for event in self._store.set_due([c.number], options.day(day))]
            case "t" if words := _asked(f"now: {c.action}\nwhat is promised"):
                return [event.id for event in desk.edit(c.number, action=words)]
            case "l" if above := _asked("part of which promise (NUMBER)"):
                return [event.id for event in desk.tie([c.number], above)]
        remark("nothing changed")
        return []

    def _undo(self) -> None:
        if not self._done:
            remark("nothing to undo: this walk decided nothing yet")
            return
        step = self._done.pop()
        for event in reversed(step.events):
            self._store.undo(event)
            self._changes += 1
        remark(f"{step.item}: {step.what} taken back")

    def _standing(self, item: Proposal) -> str:
        """How the promise stands after a decision."""
        from tracker.cli.card import standing

        try:
            c = self._store.commitment(item.commitment.number, as_of=clock.today())
        except NotFound as moved:
            return str(moved)
        due = f", due {c.due.last}" if c.due and c.due.last else ""
        return f"{c.number} is {standing(c)}{due}"


@dataclass(frozen=True)
class _Step:
    """What was done about an item, and what undo takes back."""

    what: str
    item: str
    events: Sequence[int] = ()
    skipped: str | None = None


def _asked(question: str) -> str:
    """What is typed; "" where it is nothing after all: Enter alone, or Ctrl-C."""
    try:
        return str(typer.prompt(f"{question}, or Enter to leave it", default="", show_default=False, err=True)).strip()
    except typer.Abort:
        return ""


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
