"""A table that a colleague edited, against what was exported and what holds now: what would change. Pure.

The table says at which revision (number of events) each row was exported. What the colleague changed is what differs
from that; where somebody else changed the same thing meanwhile, the line is a conflict and no change.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any

from tracker.commitments.filters import bare
from tracker.commitments.numbers import parse
from tracker.commitments.state import Commitment, EventType, Review, Status

#: The columns that are taken over. A note is always a new one; evidence goes with a changed status.
EDITABLE = ("status", "review", "due", "tags", "note", "evidence")
#: The name of what stands in a line beyond its last column.
BEYOND = ""
#: How several values stand in one cell.
SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: its line in the file, and its cells as text by the name of their column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """What one cell changes, as an event."""

    line: int
    number: str
    what: str  # a column
    before: str
    after: str
    type: EventType
    payload: Mapping[str, Any]
    evidence: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, and what to write instead."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Edits:
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]  # in the order of the lines; of a line with a problem nothing is among the changes


class _Bad(Exception):
    """What is wrong with a cell."""


def cells(c: Commitment) -> dict[str, str]:
    """The editable cells of a commitment, as an export writes them."""
    return {
        "status": c.status.value,
        "review": c.review.value,
        "due": c.due.last.isoformat() if c.due and c.due.last else "",
        "tags": SEPARATOR.join(c.tags),
        "note": "",
        "evidence": c.evidence or "",
    }


def wrong_columns(columns: Sequence[str], known: Sequence[str]) -> list[Problem]:
    """Columns that no export has; `number` must be among them."""
    if "number" not in columns:
        seen = ", ".join(map(repr, columns[:3]))[:80]
        return [Problem(1, f"there is no column 'number' to tell which commitment a line is about, only {seen}")]
    problems = []
    for name in columns:
        if name not in known:
            near = get_close_matches(name.lower(), known, 1)
            hint = f"did you mean {near[0]}?" if near else f"taken over are {', '.join(EDITABLE)}"
            problems.append(Problem(1, f"column {name!r} is not known; {hint}"))
    twice = sorted({name for name in columns if columns.count(name) > 1})
    return problems + [Problem(1, f"column {name!r} is there twice") for name in twice]


def compare(
    lines: Iterable[Line],
    exported: Mapping[str, Commitment],
    now: Mapping[str, Commitment],
    noted: Mapping[str, Collection[str]],
) -> Edits:
    """What the lines change. `exported` and `now`: the commitments by number, as they stood then and stand today.

    `noted`: the notes that they have, so that a table that comes in twice adds none twice.
    """
    changes: list[Change] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for line in lines:
        number = number_of(line)
        if not number:
            problems.append(Problem(line.line, "there is no number in this line"))
        elif number not in now:
            near = get_close_matches(number, now, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            problems.append(Problem(line.line, f"{line.cells['number']!r} is the number of no commitment{hint}"))
        elif number in seen:
            problems.append(Problem(line.line, f"{number} stands in line {seen[number]} already"))
        else:
            found, wrong = _changes(line, exported.get(number, now[number]), now[number])
            found = [change for change in found if change.note not in noted.get(number, ())]
            problems += [Problem(line.line, f"{number}: {text}") for text in wrong]
            changes += [] if wrong else found
        seen.setdefault(number, line.line)
    return Edits(tuple(changes), tuple(problems))


def number_of(line: Line) -> str:
    written = line.cells.get("number", "")
    return str(parse(written) or written)


def _changes(line: Line, exported: Commitment, now: Commitment) -> tuple[list[Change], list[str]]:
    was, stands = cells(exported), cells(now)
    changes, wrong = [], []
    if line.cells.get(BEYOND):
        return [], ["there are more cells than columns; does a cell hold the separator, without quotes around it?"]
    if "quote" in line.cells and _letters(line.cells["quote"]) not in (_letters(exported.quote), _letters(now.quote)):
        return [], ["the quote in this line is not the one of this number; was the number or the quote changed?"]
    for what in EDITABLE:
        if what not in line.cells or what == "evidence":
            continue
        written = line.cells[what].strip()
        try:
            wanted = _canonical(what, written, was[what])
            if wanted in (was[what], stands[what]) and what != "note":
                continue
            if what == "note" and not wanted:
                continue
            if stands[what] != was[what]:
                raise _Bad(f"{what} is {stands[what]!r} by now, and was {was[what]!r} when this was exported")
            changes.append(_change(line, now, what, was, wanted))
        except _Bad as problem:
            wrong.append(str(problem))
    evidence = line.cells.get("evidence", was["evidence"]).strip()
    known = evidence in (was["evidence"], stands["evidence"])  # the latter: the table comes in a second time
    if not known and not any(change.what == "status" for change in changes) and not wrong:
        wrong.append("evidence is taken over with a changed status only; `tracker status set` gives it by itself")
    return changes, wrong


def _letters(text: str) -> str:
    """What a spreadsheet leaves of a text whatever it is saved as: letters and digits."""
    return re.sub(r"[^a-z0-9]", "", bare(text))


def _change(line: Line, now: Commitment, what: str, was: Mapping[str, str], after: str) -> Change:
    payload: dict[str, Any] = {}
    evidence = note = None
    match what:
        case "status":
            kind, payload = EventType.STATUS, {"status": after}
            if Status(after) in (Status.FULFILLED, Status.PARTLY_FULFILLED):
                payload["by"] = "confirmed"
            written = line.cells.get("evidence", "").strip()
            evidence = (
                written if written and written != was["evidence"] else None
            )  # what stood there was for the old one
        case "review":
            kind, payload = EventType.REVIEW, {"review": after}
        case "due":
            day = date.fromisoformat(after).isoformat()
            kind, payload = EventType.DUE, {"due": {"from": day, "to": day, "precision": "day", "steps": []}}
        case "tags":
            wanted, has = set(_tags(after)), set(now.tags)
            kind, payload = EventType.TAG, {"add": sorted(wanted - has), "remove": sorted(has - wanted)}
        case _:
            kind, note = EventType.NOTE, after
    return Change(line.line, now.number, what, was[what], after, kind, payload, evidence, note)


def _canonical(what: str, written: str, was: str) -> str:
    """A cell as an export would write it. Raises _Bad for what cannot be."""
    if written == was:
        return was
    match what:
        case "status" | "review":
            known = [str(value) for value in (Status if what == "status" else Review)]
            if written.lower() not in known:
                raise _Bad(f"{what} {written!r} is not one of {', '.join(known)}")
            return written.lower()
        case "due":
            return _day(written)
        case "tags":
            return SEPARATOR.join(_tags(written))
    return written


def _tags(written: str) -> list[str]:
    return sorted({tag.strip() for tag in written.split(SEPARATOR.strip()) if tag.strip()})


def _day(written: str) -> str:
    """2024-07-01, and what a Dutch spreadsheet makes of it: 1-7-2024, 01/07/2024."""
    if not written:
        raise _Bad("a due date can be moved, not taken away")
    year_first = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00:00)?", written)
    day_first = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", written)
    try:
        if year_first:
            return date(*map(int, year_first.groups())).isoformat()
        if day_first:
            day, month, year = map(int, day_first.groups())
            return date(year, month, day).isoformat()
    except ValueError:
        pass
    if re.fullmatch(r"[345]\d{4}", written):
        meant = date(1899, 12, 30) + timedelta(days=int(written))
        raise _Bad(f"due {written!r} is how Excel counts days; give that cell the format of a date: {meant}?")
    raise _Bad(f"due {written!r} is not a day; expected YYYY-MM-DD or day-month-year, as in 2022-07-01 or 1-7-2022")
