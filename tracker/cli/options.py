"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from tracker import clock
from tracker.cli.output import Format
from tracker.domain import DocumentKind
from tracker.errors import UsageError

#: A day in another year is a slip of the keys.
YEARS = range(1900, 2101)


class Language(StrEnum):
    NL = "nl"
    EN = "en"


def day(text: str) -> date:
    """A day as 2022-07-01. Raises UsageError for anything else, and for a day or a year that cannot be meant."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        meant = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a day; expected YYYY-MM-DD, as in 2022-07-01") from None
    if meant.year not in YEARS:
        raise UsageError(f"{text}: expected a year from {YEARS[0]} to {YEARS[-1]}, as in 2022-07-01")
    return meant


def day_past(text: str) -> date:
    """A day on which something happened. Raises UsageError as `day`, and for a day that is still to come."""
    meant = day(text)
    if meant > clock.today():
        raise UsageError(f"{text} is still to come; expected the day it happened, {clock.today()} at the latest")
    return meant


def days(text: str) -> int:
    """A number of days: 14, 14d or 2w. Raises UsageError for anything else."""
    found = re.fullmatch(r"(\d{1,5})([dw]?)", text.strip().lower())
    if not found:
        raise UsageError(f"{text!r} is not a number of days; expected 14d, 2w or 14")
    return int(found[1]) * (7 if found[2] == "w" else 1)


def examples(*lines: str) -> str:
    """The end of a command's help."""
    return "\n".join(["Examples:", *(f"  {line}" for line in lines)])


def option(name: str, text: str, metavar: str | None = None) -> Any:
    return typer.Option(name, help=text, metavar=metavar)


def flag(name: str, text: str, **settings: Any) -> Any:
    return typer.Option(name, help=text, metavar="", **settings)


def choice(name: str, choices: Iterable[str], text: str = "") -> Any:
    """An option with few values, named in its help; as a type they would take half the page."""
    return typer.Option(name, help=f"{text} {', '.join(choices)}.".strip(), metavar="WORD", show_default=False)


def day_option(name: str, text: str, parser: Callable[[str], date] = day) -> Any:
    return typer.Option(name, help=text, parser=parser, metavar="DATE")


DateOf = Annotated[date | None, day_option("--date", "The document's date, where it has none or a wrong one.")]
HappenedOn = Annotated[date | None, day_option("--date", "The day it happened. Default: today.", day_past)]
MadeOn = Annotated[date, day_option("--made", "The day it was made.", day_past)]
DueOn = Annotated[date | None, day_option("--due", "The last day.")]
LastDay = Annotated[date, typer.Argument(metavar="DATE", parser=day, help="The last day.", show_default=False)]
KindOf = Annotated[DocumentKind | None, choice("--kind", DocumentKind, "What sort of document:")]
AsOf = Annotated[
    date | None, day_option("--as-of", "How things stood on this day, by what is known now. Default: today.")
]
KnownOn = Annotated[date | None, day_option("--known-on", "Only what had been recorded by the end of this day.")]
OutputFormat = Annotated[
    Format | None,
    typer.Option(
        "--format",
        "-f",
        help=f"{', '.join(Format)}. Default: table on a terminal, jsonl in a pipe.",
        metavar="WORD",
        show_default=False,
    ),
]
Numbers = Annotated[
    list[str] | None, typer.Argument(metavar="NUMBER…", help="One or more commitments.", show_default=False)
]
OfDocument = Annotated[int | None, option("--document", "All commitments of this document.", "ID")]
Note = Annotated[str | None, option("--note", "A remark for the history.", "TEXT")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A document, in any format.", show_default=False)]
LanguageOf = Annotated[Language | None, choice("--language", Language, "Of the explained dates:")]
