"""The Tweede Kamer's Gegevensmagazijn (OData v4): questions, pages of answers, and documents.

Names of fields are those of `rules/sources.toml`, table `tweedekamer`, and of the records themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, urljoin

from tracker.clock import AMSTERDAM
from tracker.documents.metadata import written_dossier
from tracker.documents.registry import Registry
from tracker.documents.sources.http import short
from tracker.documents.sources.originals import Fetcher
from tracker.documents.sources.subscription import Offer, Page, Record, Subscription
from tracker.domain import Actor, DocumentKind, Metadata
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
    parts = {"$filter": " and ".join(where), "$orderby": order, "$expand": ",".join(expand)}
    said = "&".join(f"{name}={quote(value, safe='(),/:$=;')}" for name, value in parts.items() if value)
    return f"{address.rstrip('/')}/{entity}?{said}"


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
        records = _records(content, here, required)
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


def _records(content: bytes, url: str, required: Iterable[str]) -> list[Record]:
    records: list[Record] = _page(content, url)["value"]
    for record in records:
        if missing := [name for name in required if name not in record]:
            raise SourceChanged(f"{short(url)}: a record {_name(record)} without {', '.join(missing)}")
    return records


def _name(record: Record) -> str:
    return str(record.get("DocumentNummer") or record.get("Nummer") or record.get("Id") or "without a name")


# ── Documents ────────────────────────────────────────────────────────────────────────────────────────────────────


class TweedeKamer:
    """The documents of a subscription, in the order in which they were changed."""

    def __init__(
        self, subscription: Subscription, fetcher: Fetcher, facts: Mapping[str, Any], registry: Registry
    ) -> None:
        self._subscription = subscription
        self._fetcher = fetcher
        self._known = facts["tweedekamer"]
        self._document = self._known["document"]
        self._registry = registry
        self._address = subscription.address or self._known["address"]

    def pages(self, position: str | None) -> Iterator[Page]:
        """`position` is the moment of change of the last record seen; what lies shortly before it comes once more."""
        url = self._question(position)
        last = moment(position)
        for records in walk(self._fetcher, url, self._known, self._document["required"]):
            if (newest := self._newest(records, url)) is not None:
                last = max(newest, last or newest)
            yield Page(tuple(records), instant(last) if last else None)

    def kept(self) -> Iterator[Page]:
        start = self._question(None).partition("&$orderby")[0]  # with a position more follows here
        last: datetime | None = None
        for kept in self._fetcher.originals.under(start):
            records = _records(self._fetcher.originals.content(kept), kept.url, self._document["required"])
            if (newest := self._newest(records, kept.url)) is not None:
                last = max(newest, last or newest)
            yield Page(tuple(records), instant(last) if last else None)

    def _newest(self, records: Sequence[Record], url: str) -> datetime | None:
        modified = self._known["modified"]
        moments = [found for record in records if (found := moment(record[modified])) is not None]
        if len(moments) < len(records) or moments != sorted(moments):
            raise SourceChanged(f"{short(url)}: not in the order of {modified}, so nobody can tell what is new")
        return moments[-1] if moments else None

    def _question(self, position: str | None) -> str:
        return question(
            self._address,
            self._document["set"],
            where=self._where(position),
            order=self._known["modified"],
            expand=self._document["expand"],
        )

    def offer(self, record: Record) -> Offer:
        about = self._about(record)
        functions = [actor.get("Functie") or "" for actor in record.get("DocumentActor") or ()]
        found = [self._registry.ministry(function) for function in functions if function]
        meetings = record.get("Activiteit") or ()
        committees = [
            meeting.get(name) or ""
            for meeting in meetings
            for name in ("Voortouwnaam", "Voortouwafkorting", "Voortouwkortenaam")
        ]
        return Offer(
            key=record["Id"],
            version=record[self._known["modified"]],
            url=f"{self._address.rstrip('/')}/{self._document['set']}({record['Id']})/resource",
            size=record.get("ContentLength") or None,
            about=about,
            ministries=tuple(self._registry.today(code) for code in found if code),
            committees=tuple(filter(None, committees)),
            words=tuple(filter(None, (record["Onderwerp"], record.get("Titel")))),
        )

    def _about(self, record: Record) -> Metadata:
        number = record["DocumentNummer"]
        cases = record.get("Zaak") or ()
        case = next((found["Nummer"] for found in cases if found.get("Nummer")), number)
        published = (record.get("HuidigeDocumentVersie") or {}).get("ExterneIdentifier")
        volume = record.get("Volgnummer")
        return Metadata(
            date=day(record["Datum"]),
            kind=self._kind(record["Soort"]),
            title=record["Onderwerp"] or record.get("Titel"),
            identifier=published or number,
            dossiers=tuple(_dossier(found) for found in record.get("Kamerstukdossier") or () if found.get("Nummer")),
            number=str(volume) if isinstance(volume, int) and volume > 0 else None,
            signatory=self._signatory(record),
            url=self._document["page"].format(case=case, number=number),
        )

    def _signatory(self, record: Record) -> Actor:
        for actor in record.get("DocumentActor") or ():
            if actor.get("Relatie") == self._document["first_signatory"] and actor.get("Functie"):
                office = actor["Functie"]
                return Actor(person=actor.get("ActorNaam"), office=office, ministry=self._registry.ministry(office))
        return Actor()

    def _kind(self, word: str) -> DocumentKind:
        kinds = self._document["kinds"]
        return next((DocumentKind(kind) for kind, words in kinds.items() if word in words), DocumentKind.OTHER)

    def _where(self, position: str | None) -> list[str]:
        known, wanted = self._known, self._subscription
        kinds = wanted.kinds or tuple(map(DocumentKind, self._document["kinds"]))
        words = [word for kind in kinds for word in self._document["kinds"].get(kind, ())]
        where = [f"{known['deleted']} eq false", _any(f"Soort eq {literal(word)}" for word in words)]
        if wanted.since:
            where.append(f"Datum ge {instant(datetime.combine(wanted.since, time(), AMSTERDAM))}")
        if wanted.dossiers:
            where.append(_any(self._of_dossier(dossier) for dossier in wanted.dossiers))
        if (last := moment(position)) is not None:
            # "ge", not "gt": rows that were changed in one moment may stand on two pages.
            where.append(f"{known['modified']} ge {instant(last - timedelta(seconds=known['overlap_seconds']))}")
        return where

    def _of_dossier(self, dossier: str) -> str:
        number, _, addition = dossier.replace(" ", "", 1).partition(" ")
        more = self._document["dossier_addition"].format(addition=literal(addition)) if addition else ""
        found: str = self._document["dossier_filter"].format(number=number, addition=more)
        return found


def _any(conditions: Iterable[str]) -> str:
    return f"({' or '.join(conditions)})"


def _dossier(record: Record) -> str:
    return written_dossier(" ".join(str(record[name]) for name in ("Nummer", "Toevoeging") if record.get(name)))
