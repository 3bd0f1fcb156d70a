"""The table of commitments that people read."""

from __future__ import annotations

from collections.abc import Set
from textwrap import shorten

from rich import box
from rich.table import Table
from rich.text import Text

from tracker.cli.rows import who
from tracker.commitments.citation import cite
from tracker.commitments.groups import Group, group
from tracker.commitments.state import Commitment, Status
from tracker.domain import Strength

QUOTE_LENGTH = 220
FOLDED_LENGTH = 110  # where several quotes share a row


def commitments_table(
    commitments: list[Commitment], grace: int, caption: str = "", asked: Set[str] = frozenset()
) -> Table:
    """One row a group: what one document promises several times for one day is folded, with all its numbers.

    `asked`: the numbers of those about which a proposal waits for a person.
    """
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        leading=1,
        expand=True,
        caption=f"\n{caption}" if caption else None,
        caption_justify="left",
        caption_style="",
    )
    table.add_column("Due", max_width=11)
    table.add_column("Number", max_width=13)
    table.add_column("Promise", ratio=1, min_width=20)
    for one in group(commitments):
        c = one.first
        table.add_row(
            Text.assemble(_due(c), "\n", _state(c, grace), "\nreview it" if asked & set(one.numbers) else ""),
            Text.assemble(numbers(one), "\n", (_who(c), "dim")),
            _promise(one),
        )
    return table


def numbers(one: Group) -> str:
    """ "TT-2024-0001, 0002, 0003": the first in full, of the others what differs."""
    first, *others = one.numbers
    stem = first.rpartition("-")[0] + "-"
    return ", ".join([first, *(other.removeprefix(stem) for other in others)])


def _due(c: Commitment) -> str:
    if c.due and c.due.last:
        return c.due.last.isoformat()
    return "no date"


def _state(c: Commitment, grace: int) -> Text:
    late = c.days_late(grace)
    if late:
        words = "expected\n" if c.strength is not Strength.FIRM else ""
        return Text(f"{words}{late} d past", style="yellow" if words else "bold red")
    if c.status is Status.OPEN:
        left = (c.due.last - c.as_of).days if c.due and c.due.last else None
        return Text(
            "open" if left is None else f"in {left} d" if left > 0 else "today" if left == 0 else f"{-left} d past"
        )
    return Text(str(c.status), style="green" if c.status is Status.FULFILLED else "")


def _who(c: Commitment) -> str:
    return c.actor.ministry or shorten(who(c) or "-", 26, placeholder=" …")


def _promise(one: Group) -> Text:
    c = one.first
    source = (cite(c.document, c.page), "dim")
    quotes = list(dict.fromkeys(each.quote for each in one.commitments))
    times = f"{len(one)}× " if len(one) > 1 else ""
    if len(quotes) == 1:
        return Text.assemble(
            (times, "bold"), shorten(c.quote, QUOTE_LENGTH, placeholder=" …"), "\n", _lost(one), source
        )
    lines = [f"– {shorten(quote, FOLDED_LENGTH, placeholder=' …')}\n" for quote in quotes]
    return Text.assemble((f"{times}\n", "bold"), *lines, _lost(one), source)


def _lost(one: Group) -> tuple[str, str]:
    """Which of them the last reading of their document did not find; they are kept all the same."""
    lost = [c.number for c in one.commitments if not c.found]
    if not lost:
        return "", ""
    which = "" if len(lost) == len(one) else f" ({', '.join(lost)})"
    return f"no longer found in the document{which}\n", "yellow"
