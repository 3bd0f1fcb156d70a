"""The folder of reports: a page a day, and an index that makes the folder a website. Files appear whole or not at all.

The pages are the archive's only memory: each carries its day, the moment it was made and its counts in `meta` elements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

from tracker.files import replace
from tracker.reports import html
from tracker.reports.views import ReportView

INDEX = "index.html"
_NAME = re.compile(r"tracker-rapport-\d{4}-\d{2}-\d{2}\.html")


@dataclass(frozen=True, slots=True)
class Archived:
    """A report in the folder, as its own page describes it."""

    name: str
    as_of: date
    made_at: datetime
    open: int
    past: int
    expected: int
    fulfilled: int

    @property
    def week(self) -> str:
        """The ISO week: "2022-W31"."""
        year, week, _ = self.as_of.isocalendar()
        return f"{year}-W{week:02}"


def write(view: ReportView, folder: Path, own_templates: Sequence[Path] = (), language: str = "nl") -> Path:
    """Write the report of its day, over an earlier one of that day, and the index anew. Returns the report's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"tracker-rapport-{view.as_of.isoformat()}.html"
    replace(path, html.pieces(view, own_templates, language))
    replace(folder / INDEX, html.generated(html.INDEX, own_templates, language, reports=archived(folder)))
    return path


def write_overdue(view: ReportView, folder: Path, own_templates: Sequence[Path] = (), language: str = "nl") -> Path:
    """Write the overdue list of a day as plain text. Returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"tracker-verstreken-{view.as_of.isoformat()}.txt"
    replace(path, html.pieces(view, own_templates, language, html.OVERDUE))
    return path


def archived(folder: Path) -> list[Archived]:
    """The reports in a folder, the newest day first. A page that is not one of ours is left out."""
    found = (_described(path) for path in folder.glob("tracker-rapport-*.html") if _NAME.fullmatch(path.name))
    return sorted((each for each in found if each), key=lambda each: each.as_of, reverse=True)


def last_before(day: date, folder: Path) -> tuple[date, datetime] | None:
    """The day of the last report before `day` and the moment it was made: what the next one compares with."""
    return next(((each.as_of, each.made_at) for each in archived(folder) if each.as_of < day), None)


class _Head(HTMLParser):
    """The `meta` elements named `tracker:…`."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "meta" and name.startswith("tracker:"):
            self.facts[name.removeprefix("tracker:")] = given.get("content") or ""


def _described(path: Path) -> Archived | None:
    head = _Head()
    with path.open(encoding="utf-8", errors="replace") as file:
        head.feed(file.read(4096))  # the head comes first; the rest of a long page need not be read
    try:
        return Archived(
            path.name,
            date.fromisoformat(head.facts["as-of"]),
            datetime.fromisoformat(head.facts["made-at"]),
            *(int(head.facts[name]) for name in ("open", "past", "expected", "fulfilled")),
        )
    except (KeyError, ValueError):
        return None
