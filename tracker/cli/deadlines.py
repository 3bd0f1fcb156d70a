"""What words about time mean, and dates worked out anew when the calendar has changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli import options
from tracker.cli.context import session
from tracker.cli.options import examples
from tracker.cli.output import Format, emit, emit_one, note
from tracker.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from tracker.deadlines import Calendar
    from tracker.domain import Deadline, DuePeriod
    from tracker.store import Store

app = typer.Typer(help="What words about time mean.", no_args_is_help=True)
KEYS = ("number", "deadline", "before", "after", "explanation")


@app.command(
    epilog=examples(
        'tracker deadlines parse "in het najaar" --date 2024-09-10',
        'tracker deadlines parse "vóór het zomerreces" --date 2022-03-01 --format json --language en',
    )
)
def parse(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Words, or a sentence.", show_default=False)],
    on: Annotated[date | None, options.day_option("--date", "The day from which it is said. Default: today.")] = None,
    output_format: options.OutputFormat = None,
    language: options.LanguageOf = None,
) -> None:
    """Say what a deadline means: from when, until when, and how that is worked out."""
    from tracker import clock
    from tracker.deadlines import resolve

    here = session(context)
    knowledge, said_on, words = here.knowledge, on or clock.today(), here.language(language)
    found = knowledge.grammar.find(text)
    best, also = knowledge.grammar.choose(text, found, reference=said_on, calendar=knowledge.calendar)
    if best is None and found:  # all of them are past or conditions: show them as they are
        best, also = found[0], found[1:]
    if best is None:
        raise NotFound(f"no deadline found in {text!r}")
    rows = [_row(deadline, resolve(deadline, said_on, knowledge.calendar), words) for deadline in (best, *also)]
    if output_format in (None, Format.TABLE):
        for row in rows:
            print(row["explanation"])
    else:
        emit_one({**rows[0], "also": rows[1:]}, output_format)


@app.command(epilog=examples("tracker deadlines refresh --dry-run", "tracker deadlines refresh"))
def refresh(
    context: typer.Context,
    dry_run: Annotated[bool, options.flag("--dry-run", "Only show what would change.")] = False,
    output_format: options.OutputFormat = None,
    language: options.LanguageOf = None,
) -> None:
    """Work out the stored due dates anew with the calendar as it now is; each change is an event in the history.

    Dates that a person set stay.
    """
    here = session(context)
    calendar, words = here.knowledge.calendar, here.language(language)
    with here.store(read_only=dry_run) as store:
        rows = []
        for number, mention, said, made, before, after in _changes(store, calendar):
            explanation = _row(said, after, words)["explanation"]
            row = dict(zip(KEYS, (number, said.words, before.last, after.last, explanation), strict=True))
            if row not in rows:  # the same words, said again
                rows.append(row)
            if not dry_run:
                store.redate(number, mention, after, occurred_on=made, note=f"calendar changed: {explanation}")
    emit(rows, output_format, KEYS, lambda: _table(rows))
    note(f"{len(rows)} of the due dates {'would change' if dry_run else 'changed'}")


def _row(deadline: Deadline, due: DuePeriod, language: str) -> dict[str, Any]:
    from tracker.deadlines import explain

    return {
        "text": deadline.words,
        "from": due.first,
        "to": due.last,
        "precision": due.precision,
        "explanation": explain(deadline, due, language),
    }


def _changes(
    store: Store, calendar: Calendar
) -> Iterator[tuple[str, int | None, Deadline, date, DuePeriod, DuePeriod]]:
    """Words of a promise that mean other days now: number, mention, deadline, the day they were said, before, after."""
    from tracker import clock
    from tracker.commitments.fold import CALENDAR, in_force, seen_by
    from tracker.commitments.state import EventType
    from tracker.deadlines import deadline_from_json, due_from_json, resolve

    said_on = {document.id: document.date for document in store.documents()}
    for commitment in store.commitments(as_of=clock.today()):
        events = in_force(store.history(commitment.number))
        if any(event.type is EventType.DUE and event.source != CALENDAR for event in events):
            continue  # a person has the last word
        for mention, seen in seen_by(events).items():
            if not seen.get("term") or (written := said_on[seen["document"]]) is None:
                continue
            said, before = deadline_from_json(seen["term"]["deadline"]), due_from_json(seen["due"])
            after = resolve(said, written, calendar)
            if (after.first, after.last) != (before.first, before.last):
                yield commitment.number, mention, said, written, before, after


def _table(rows: list[dict[str, Any]]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table("number", "before", "after", "explanation", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for row in rows:
        table.add_row(row["number"], str(row["before"] or "-"), str(row["after"] or "-"), row["explanation"])
    return table
