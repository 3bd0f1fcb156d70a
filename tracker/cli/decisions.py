"""What people decide and add: status, review, notes, due dates, tags, promises heard elsewhere."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tracker import clock
from tracker.cli import options
from tracker.cli.context import session
from tracker.cli.options import examples
from tracker.cli.output import note as remark
from tracker.commitments.state import Review, Status
from tracker.domain import Actor, DuePeriod, Kind, Precision, Strength
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.cli.context import Session
    from tracker.store import Store

app = typer.Typer()
PANEL = "Decide"
status_app = typer.Typer(help="What became of a commitment.", no_args_is_help=True)
due_app = typer.Typer(help="When a commitment is due.", no_args_is_help=True)
app.add_typer(status_app, name="status", rich_help_panel=PANEL)
app.add_typer(due_app, name="due", rich_help_panel=PANEL)

Evidence = Annotated[str | None, options.option("--evidence", "What shows it: an address or a citation.", "TEXT")]


@status_app.command(
    "set",
    epilog=examples(
        "tracker status set TT-2024-0001 fulfilled --evidence https://example.org/brief --date 2024-11-28",
        "tracker status set TT-2024-0002 TT-2024-0003 withdrawn",
        "tracker status set --document 3 unclear",
    ),
)
def set_status(
    context: typer.Context,
    *,
    numbers: options.Numbers = None,
    status: Annotated[Status, typer.Argument(metavar="STATUS", help=", ".join(Status))],
    evidence: Evidence = None,
    note: options.Note = None,
    date: options.HappenedOn = None,
    document: options.OfDocument = None,
) -> None:
    """Set the status of one or more commitments; earlier statuses stay in the history."""
    when = date or clock.today()
    with session(context).as_person() as store:
        chosen = chosen_numbers(store, numbers, document)
        _remark_on_early(store, chosen, when)
        store.set_status(chosen, status, occurred_on=when, evidence=evidence, note=note)
    _done(chosen, f"{status} since {when}")


@app.command(
    rich_help_panel=PANEL, epilog=examples("tracker accept TT-2024-0001 TT-2024-0002", "tracker accept --document 3")
)
def accept(
    context: typer.Context,
    numbers: options.Numbers = None,
    note: options.Note = None,
    document: options.OfDocument = None,
) -> None:
    """Say that these were looked at, and are promises."""
    _review(session(context), numbers, document, Review.ACCEPTED, note)


@app.command(rich_help_panel=PANEL, epilog=examples('tracker reject TT-2024-0003 --note "no promise, a quote"'))
def reject(
    context: typer.Context,
    numbers: options.Numbers = None,
    note: options.Note = None,
    document: options.OfDocument = None,
) -> None:
    """Say that these are no promises.

    They leave the lists, and stay out when the document is read again."""
    _review(session(context), numbers, document, Review.REJECTED, note)


@app.command(rich_help_panel=PANEL, epilog=examples('tracker note TT-2024-0001 "asked the ministry on 3 May"'))
def note(
    context: typer.Context,
    *,
    numbers: options.Numbers = None,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The remark.")],
    document: options.OfDocument = None,
) -> None:
    """Add a remark to the history."""
    if not text.strip():
        raise UsageError("the remark is empty; give its text")
    with session(context).as_person() as store:
        chosen = chosen_numbers(store, numbers, document)
        store.add_note(chosen, text)
    _done(chosen, "noted")


@due_app.command("set", epilog=examples("tracker due set TT-2024-0001 2024-12-20"))
def set_due(
    context: typer.Context,
    *,
    numbers: options.Numbers = None,
    day: options.LastDay,
    note: options.Note = None,
    document: options.OfDocument = None,
) -> None:
    """Set another due date.

    The first one stays visible."""
    with session(context).as_person() as store:
        chosen = chosen_numbers(store, numbers, document)
        _remark_on_early(store, chosen, day)
        store.set_due(chosen, day, note=note)
    _done(chosen, f"due {day}")


@app.command(
    rich_help_panel=PANEL,
    epilog=examples("tracker tag TT-2024-0001 asylum", "tracker tag TT-2024-0001 asylum --remove"),
)
def tag(
    context: typer.Context,
    *,
    numbers: options.Numbers = None,
    label: Annotated[str, typer.Argument(metavar="TAG", help="A word of your own.")],
    remove: Annotated[bool, options.flag("--remove", "Take the tag away.")] = False,
    document: options.OfDocument = None,
) -> None:
    """Put a tag on commitments, for `tracker list --tag`."""
    with session(context).as_person() as store:
        chosen = chosen_numbers(store, numbers, document)
        store.tag(chosen, remove=[label]) if remove else store.tag(chosen, add=[label])
    _done(chosen, f"no longer tagged {label}" if remove else f"tagged {label}")


@app.command(rich_help_panel=PANEL, epilog=examples("tracker undo 42"))
def undo(
    context: typer.Context,
    event: Annotated[int, typer.Argument(metavar="EVENT", help="As the history in `tracker show` has it.")],
    note: options.Note = None,
) -> None:
    """Take back a decision.

    It stays in the history, as taken back."""
    with session(context).as_person() as store:
        store.undo(event, note=note)
    print(f"event {event}: taken back")


@app.command(
    rich_help_panel=PANEL,
    epilog=examples(
        'tracker add "De minister stuurt voor de zomer een brief." --made 2024-03-05 --ministry VWS',
        'tracker add "We komen met een plan." --made 2024-03-05 --due 2024-06-30 --source "Buitenhof, 5 maart 2024"',
    ),
)
def add(
    context: typer.Context,
    quote: Annotated[str, typer.Argument(metavar="QUOTE", help="The promise, word for word.")],
    made: options.MadeOn,
    due: options.DueOn = None,
    deadline: Annotated[
        str | None, options.option("--deadline", "The words about time, where not those of the quote.", "TEXT")
    ] = None,
    kind: Annotated[Kind, options.choice("--kind", Kind)] = Kind.INFORM,
    strength: Annotated[Strength, options.choice("--strength", Strength)] = Strength.FIRM,
    actor: Annotated[str | None, options.option("--actor", "Who promises, as said.", "TEXT")] = None,
    person: Annotated[str | None, options.option("--person", "Who that is.", "NAME")] = None,
    ministry: Annotated[str | None, options.option("--ministry", "Its abbreviation, as in JenV.", "CODE")] = None,
    addressee: Annotated[list[str] | None, options.option("--addressee", "To whom; may be repeated.", "TEXT")] = None,
    source: Annotated[str | None, options.option("--source", "Where it was said.", "TEXT")] = None,
    url: Annotated[str | None, options.option("--url", "Where that can be read.", "URL")] = None,
    note: options.Note = None,
) -> None:
    """Add a promise heard elsewhere.

    Its due date is read from its words, unless given."""
    here = session(context)
    words, period = (deadline, DuePeriod(due, due, Precision.DAY)) if due else _read_term(here, deadline or quote, made)
    with here.as_person() as store:
        number = store.add(
            quote,
            made=made,
            kind=kind,
            strength=strength,
            actor=Actor(written=actor, person=person, ministry=ministry),
            addressee=addressee or (),
            action=quote,
            deadline=deadline or words,
            due=period,
            source=source,
            url=url,
            note=note,
        )
        if due:
            _remark_on_early(store, [number], due)
    print(number)
    if period is None or period.last is None:
        remark("tracker: no date was read from these words; --due gives one")


def chosen_numbers(store: Store, numbers: list[str] | None, document: int | None) -> list[str]:
    """The commitments a command is about. Raises UsageError where none is named, NotFound for an unknown document."""
    if document is not None:
        store.document(document)
        return [*(numbers or ()), *store.numbers_of_document(document)]
    if not numbers:
        raise UsageError("no commitment named; give one or more numbers, as in TT-2024-0001, or --document ID")
    return numbers


def _review(here: Session, numbers: list[str] | None, document: int | None, review: Review, note: str | None) -> None:
    with here.as_person() as store:
        chosen = chosen_numbers(store, numbers, document)
        store.set_review(chosen, review, note=note)
    _done(chosen, str(review))


def _done(numbers: list[str], what: str) -> None:
    for number in numbers:
        print(f"{number}: {what}")


def _remark_on_early(store: Store, numbers: list[str], day: datetime.date) -> None:
    """Say where a day is odd: before the promise was made."""
    for number in numbers:
        made = store.commitment(number, as_of=datetime.date.max).made
        if made and day < made:
            remark(f"tracker: {number}: the date lies before the promise was made, on {made}")


def _read_term(here: Session, text: str, made: datetime.date) -> tuple[str | None, DuePeriod | None]:
    """The words about time in a text and what they mean on the day the promise was made; (None, None) without any."""
    from tracker import deadlines, sentences

    plain = sentences.plain(text).text
    grammar, calendar = here.knowledge.grammar, here.knowledge.calendar
    said, _ = grammar.choose(plain, grammar.find(plain), reference=made, calendar=calendar)
    return (said.words, deadlines.resolve(said, made, calendar)) if said else (None, None)
