"""OData v4 as the Tweede Kamer's Gegevensmagazijn speaks it: questions, and pages of answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urljoin

from tracker.clock import AMSTERDAM
from tracker.documents.sources.http import short
from tracker.documents.sources.originals import Fetcher
from tracker.documents.sources.subscription import Record
from tracker.errors import SourceChanged, SourceTruncated

#: The service writes this year where it has no date.
NO_YEAR = 1


# ── The language ─────────────────────────────────────────────────────────────────────────────────────────────────


def literal(text: str) -> str:
    """A string in a question: quotes are doubled."""
    return "'" + text.replace("'", "''") + "'"


def instant(moment: datetime) -> str:
    """A moment in a question, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment(value: str | None) -> datetime | None:
    """A moment in an answer. None for nothing and for the year 1, which stands for nothing. Raises SourceChanged."""
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except (ValueError, TypeError) as problem:
        raise SourceChanged(f"{value!r} is not a date as the Tweede Kamer writes it") from problem
    if found.year == NO_YEAR:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def day(value: str | None) -> date | None:
    """The day of a moment, in Amsterdam. Midnight in UTC is the same day there."""
    found = moment(value)
    return found.astimezone(AMSTERDAM).date() if found else None


def question(
    address: str, entity: str, *, where: Sequence[str], order: str | None = None, expand: Sequence[str] = ()
) -> str:
    """The address of a question. There is never a $top: it would take away the link to the next page."""
    parts = {"$filter": filtered(where), "$orderby": order, "$expand": quoted(",".join(expand))}
    said = "&".join(f"{name}={value}" for name, value in parts.items() if value)
    return f"{address.rstrip('/')}/{entity}?{said}"


def filtered(where: Sequence[str]) -> str:
    """Conditions that must all hold, as they stand in an address."""
    return quoted(" and ".join(where))


def quoted(value: str) -> str:
    return quote(value, safe="(),/:$=;")


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def walk(fetcher: Fetcher, url: str, known: Mapping[str, Any], required: Iterable[str]) -> Iterator[list[Record]]:
    """All pages of a question. Raises SourceError; SourceChanged where a record lacks a field, or pages go round."""
    required = tuple(required)
    seen: set[str] = set()
    here: str | None = url
    count = 0
    while here is not None:
        seen.add(here)
        kept = fetcher.get(here, accept=known["accept"], check=partial(_page, url=here))
        content = fetcher.originals.content(kept)
        records = records_of(content, here, required)
        yield records
        count += len(records)
        following = _page(content, here).get("@odata.nextLink")
        if following is None and len(records) >= known["page_size"]:
            following = f"{url}&$skip={count}"  # a full page without a link: ask whether there is more
        here = urljoin(here, following) if following else None
        if here in seen:
            raise SourceChanged(f"{short(here)}: the pages of this list go round in a circle")


def _page(content: bytes, url: str) -> dict[str, Any]:
    try:
        page = json.loads(content)
    except ValueError as problem:
        if content.lstrip()[:1] in {b"{", b""}:
            raise SourceTruncated(f"{short(url)}: the answer breaks off after {len(content)} bytes") from problem
        raise SourceChanged(f"{short(url)}: not JSON but {content[:60]!r}") from problem
    if not isinstance(page, dict) or not isinstance(page.get("value"), list):
        raise SourceChanged(f"{short(url)}: an answer without a list `value`")
    return page


def records_of(content: bytes, url: str, required: Iterable[str]) -> list[Record]:
    """The records of one page. Raises SourceTruncated, and SourceChanged where one lacks a required field."""
    records: list[Record] = _page(content, url)["value"]
    for record in records:
        if missing := [name for name in required if name not in record]:
            raise SourceChanged(f"{short(url)}: a record {_name(record)} without {', '.join(missing)}")
    return records


def _name(record: Record) -> str:
    return str(record.get("DocumentNummer") or record.get("Nummer") or record.get("Id") or "without a name")
