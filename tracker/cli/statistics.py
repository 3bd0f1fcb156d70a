"""`tracker stats`: how many promises there are, how many were kept and when, out of how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import clock
from tracker.cli import options
from tracker.cli.context import session
from tracker.cli.options import examples
from tracker.cli.output import emit, note, stdout
from tracker.commitments.counts import COHORT_NAMES, SMALL_NUMBER, By

if TYPE_CHECKING:
    from rich.table import Table

    from tracker.commitments.counts import Count, Statistics

app = typer.Typer()

#: The keys of `tracker stats`; the last row is of all together, with "all" as its name.
KEYS = (
    "name", "total", "small", "open", "partly", "past", "expected", "undated",
    *(f"open_{name.replace(' ', '_')}" for name in COHORT_NAMES),
    "confirmed", "confirmed_on_time", "confirmed_late", "confirmed_undated",
    "claimed", "claimed_on_time", "claimed_late", "claimed_undated",
    "dropped", "median_days", "median_days_late",
)  # fmt: skip

#: The columns of numbers, and the signs that "(100%)" and the longest word of the title take: 60 with the names.
COLUMNS = (
    ("Of", 3), ("Open", 6), ("Past", 6), ("Ex-\npected", 6), ("> 1\nyear", 6), ("Con-\nfirmed", 6),
    ("Claimed", 7), ("Days", 4),
)  # fmt: skip
#: From this width of the terminal on there is room between the columns.
ROOMY = 100
#: Below it a share stands under its number.
NARROW = 80


@app.command(
    rich_help_panel="Look",
    epilog=examples("tracker stats", "tracker stats --by dossier --as-of 2024-01-01 --format csv > dossiers.csv"),
)
def stats(
    context: typer.Context,
    by: Annotated[By, options.choice("--by", By, "A row for each:")] = By.MINISTRY,
    as_of: options.AsOf = None,
    known_on: options.KnownOn = None,
    output_format: options.OutputFormat = None,
) -> None:
    """Count promises: open, past due, kept on time and late, out of how many.

    What a person confirmed and what the government only claims are counted apart. Lateness is against the first due
    date. Rejected ones are left out."""
    from tracker.cli.lists import read_until
    from tracker.commitments.counts import statistics

    day = as_of or clock.today()
    with session(context).store(read_only=True) as store:
        found = statistics(store.commitments(as_of=day, known_on=known_on), by)
        footing = read_until(store, day, known_on)
    rows = [_row(each, each.key or "not known") for each in found.rows]
    if rows:
        rows.append(_row(found.all, "all"))
    emit(rows, output_format, KEYS, lambda: _table(found, f"On {day}, {footing}."))
    if not rows:
        note(f"tracker: nothing to count on {day}; {footing}")


def _row(row: Count, name: str) -> dict[str, Any]:
    plain = ("total", "small", "open", "partly", "past", "expected", "undated")
    kept = {
        f"{who}{what}": getattr(getattr(row, who), what.removeprefix("_") or "total")
        for who in ("confirmed", "claimed")
        for what in ("", "_on_time", "_late", "_undated")
    }
    ages = dict(zip((key for key in KEYS if key.startswith("open_")), row.ages, strict=True))
    rest = {key: getattr(row, key) for key in ("dropped", "median_days", "median_days_late")}
    return {"name": name, **{key: getattr(row, key) for key in plain}, **ages, **kept, **rest}


def _table(found: Statistics, footing: str) -> Table:
    from rich import box
    from rich.table import Table

    told = [
        footing,
        f"* fewer than {SMALL_NUMBER}: a share of so few says little, and no median is taken.",
        "Kept: confirmed by a person, then as the government says; on time + late (against the first due date).",
    ]
    if any(row.total for row in found.rows) and sum(row.total for row in found.rows) > found.all.total:
        told.append("A promise of two of them counts with each, and once in all.")
    room = stdout().width
    narrow = room < NARROW
    table = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, caption="\n".join(told), caption_justify="left",
        caption_style="dim", padding=0 if room < ROOMY else (0, 1),
    )  # fmt: skip
    table.add_column(found.by.value.capitalize(), overflow="fold", min_width=8, max_width=8 if narrow else None)
    for name, width in COLUMNS:
        table.add_column(name, justify="right", min_width=width, max_width=width if narrow else None)
    for row in (*found.rows, found.all):
        name = "all" if row is found.all else row.key or "not known"
        old = sum(row.ages[2:])
        table.add_row(
            name, f"{row.total}{'*' if row.small else ''}", _share(row.open, row.total), _share(row.past, row.total),
            _share(row.expected, row.total), _share(old, row.open), _kept(row.confirmed.on_time, row.confirmed.late,
            row.confirmed.total), _kept(row.claimed.on_time, row.claimed.late, row.claimed.total),
            "" if row.median_days is None else str(row.median_days),
            style="bold" if row is found.all else None,
        )  # fmt: skip
    return table


def _share(part: int, whole: int) -> str:
    """ "12 (40%)"; of few without a share."""
    return f"{part} ({round(100 * part / whole)}%)" if whole >= SMALL_NUMBER else str(part)


def _kept(on_time: int, late: int, total: int) -> str:
    """ "7: 5 + 2"; what has no due date is in the first only."""
    return f"{total}: {on_time} + {late}" if total else "0"
