"""How results are printed: the formats, and nothing but the result on standard output."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

Row = Mapping[str, Any]


class Format(StrEnum):
    TABLE = "table"  # for people
    JSON = "json"  # one array
    JSONL = "jsonl"  # an object a line
    CSV = "csv"


def chosen(wanted: Format | None) -> Format:
    """A table on a terminal and objects in a pipe, where the user did not say."""
    return wanted or (Format.TABLE if sys.stdout.isatty() else Format.JSONL)


def emit(rows: Sequence[Row], wanted: Format | None, keys: Sequence[str], table: Callable[[], RenderableType]) -> None:
    """Print rows in the format wanted. `table` is only built where a person reads. No rows: no table, no lines."""
    match chosen(wanted):
        case Format.JSON:
            print(json.dumps(list(rows), ensure_ascii=False, indent=2, default=plain))
        case Format.JSONL:
            for row in rows:
                print(json.dumps(row, ensure_ascii=False, default=plain))
        case Format.CSV:
            write_csv(rows, keys)
        case Format.TABLE if rows:
            stdout().print(table())


def emit_one(row: Row, wanted: Format) -> None:
    """Print one thing: an object for json and jsonl alike, a heading and a line for csv."""
    if wanted is Format.CSV:
        write_csv([row], list(row))
    else:
        print(json.dumps(row, ensure_ascii=False, indent=2 if wanted is Format.JSON else None, default=plain))


def write_csv(rows: Iterable[Row], keys: Sequence[str]) -> None:
    writer = csv.DictWriter(sys.stdout, keys, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)


def counted(count: int, what: str) -> str:
    """ "1 commitment", "2 commitments"."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def plain(value: Any) -> str:
    """What JSON has no word for: days as ISO 8601, paths as they are written."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
        return "; ".join(value)
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=plain)
    return value


def stdout() -> Console:
    """Where tables go. Rich leaves colours out in a pipe and where NO_COLOR is set."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False, emoji=False, markup=False)


def stderr() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False, emoji=False, markup=False)


def note(message: str) -> None:
    """A word beside the result: what was done, what to look at next. On standard error."""
    print(message, file=sys.stderr)
