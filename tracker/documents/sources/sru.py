"""officielebekendmakingen.nl: KOOP's SRU 2.0 interface. Elements are known by their local names: prefixes differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from lxml import etree

from tracker.documents.metadata import address, written_dossier
from tracker.documents.sources.http import short
from tracker.documents.sources.originals import Fetcher, Kept
from tracker.documents.sources.subscription import Offer, Page, Record, Subscription
from tracker.domain import DocumentKind, Metadata
from tracker.errors import SourceChanged, SourceTruncated

ROOT = "searchRetrieveResponse"


class OfficialPublications:
    """The publications of a subscription. The interface cannot sort, so only a whole walk tells what is new."""

    def __init__(self, subscription: Subscription, fetcher: Fetcher, facts: Mapping[str, Any]) -> None:
        self._subscription = subscription
        self._fetcher = fetcher
        self._known = facts["officielebekendmakingen"]

    def pages(self, position: str | None) -> Iterator[Page]:
        """`position` is the date of the newest document seen; what is dated shortly before it is looked at again."""
        start, newest = 1, position
        total: int | None = None
        while total is None or start <= total:
            url = self._question(position, start)
            kept = self._fetcher.get(url, accept="application/xml", check=partial(_answer, url=url))
            total, records = self._records(kept)
            if not records and start <= total:
                raise SourceTruncated(
                    f"{short(url)}: {total} documents are announced, and none comes from number {start} on"
                )
            start += len(records)
            newest = _newest(records, newest)
            yield Page(tuple(records), newest if start > total else None, total)

    def kept(self) -> Iterator[Page]:
        newest: str | None = None
        for kept in self._fetcher.originals.under(self._question(None, 1).partition("&startRecord")[0]):
            _, records = self._records(kept)
            newest = _newest(records, newest)
            yield Page(tuple(records), newest)

    def _records(self, kept: Kept) -> tuple[int, list[Record]]:
        """How many documents there are in all, and those of this page by date."""
        total, records = _answer(self._fetcher.originals.content(kept), kept.url)
        for record in records:
            if missing := [name for name in self._known["required"] if not record.get(name)]:
                raise SourceChanged(
                    f"{short(kept.url)}: a record {record.get('identifier')} without {', '.join(missing)}"
                )
        return total, sorted(records, key=lambda record: _day(record) or date.min)

    def offer(self, record: Record) -> Offer:
        identifier = record["identifier"][0]
        items: Mapping[str, str] = record["itemUrl"]
        url = next((items[name] for name in self._known["manifestations"] if name in items), None)
        dossiers = tuple(
            written_dossier(found) for found in record.get("dossiernummer", ()) if any(map(str.isdigit, found))
        )
        about = Metadata(
            date=_day(record),
            kind=self._kind(record),
            title=record["title"][0],
            identifier=identifier,
            dossiers=dossiers,
            number=next(iter(record.get("ondernummer", ())), None),
        )
        return Offer(
            key=identifier,
            # The interface has no date of change; what it says of a document tells one state from another.
            version=hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:16],
            url=url,
            about=replace(about, url=next(iter(record.get("preferredUrl", ())), address(about))),
            words=(record["title"][0], *record.get("abstract", ())),
        )

    def _kind(self, record: Record) -> DocumentKind:
        """What the kind of publication tells; a Kamerstuk may be anything."""
        name = next(iter(record.get("publicatienaam", ())), "")
        kinds = [kind for kind, names in self._known["kinds"].items() if name in names]
        return DocumentKind(kinds[0]) if len(kinds) == 1 else DocumentKind.OTHER

    def _question(self, position: str | None, start: int) -> str:
        known, wanted = self._known, self._subscription
        kinds = wanted.kinds or tuple(known["kinds"])
        names = dict.fromkeys(name for kind in kinds for name in known["kinds"].get(kind, ()))
        parts = [
            known["area"],
            _any([known["publication"].format(value=_bare(name)) for name in names]),
            known["creator"],
        ]
        if wanted.words:
            parts.append(_any([known["words"].format(value=_bare(word)) for word in wanted.words]))
        if (since := self._since(position)) is not None:  # the last: all walks of a subscription begin alike
            parts.append(known["since"].format(value=since.isoformat()))
        arguments = {
            "operation": "searchRetrieve",
            "version": "2.0",
            "query": " AND ".join(parts),
            "startRecord": start,
            "maximumRecords": known["page_size"],
        }
        return f"{wanted.address or known['address']}?{urlencode(arguments)}"

    def _since(self, position: str | None) -> date | None:
        if position is None:
            return self._subscription.since
        again = date.fromisoformat(position) - timedelta(days=self._known["overlap_days"])
        return max(again, self._subscription.since or again)


def _answer(content: bytes, url: str) -> tuple[int, list[Record]]:
    """The number of documents found in all, and the records of this page."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        if ROOT.encode() in content[:2000] and f"{ROOT}>".encode() not in content[-200:]:
            raise SourceTruncated(f"{short(url)}: the answer breaks off after {len(content)} bytes") from problem
        raise SourceChanged(f"{short(url)}: not XML: {problem}") from problem
    complaints = [" ".join("".join(found.itertext()).split()) for found in _all(root, "diagnostic")]
    if complaints:
        raise SourceChanged(f"{short(url)}: the question was refused: {complaints[0]}")
    number = next(_all(root, "numberOfRecords"), None)
    if number is None or not (number.text or "").strip().isdigit():
        raise SourceChanged(f"{short(url)}: an answer without numberOfRecords")
    return int((number.text or "").strip()), [_record(found) for found in _all(root, "gzd")]


def _record(element: etree._Element) -> Record:
    """All that a record says: local name -> its texts; `itemUrl` -> by manifestation."""
    record: Record = {}
    items: dict[str, str] = {}
    for leaf in element.iter(etree.Element):
        text = (leaf.text or "").strip()
        if len(leaf) or not text:
            continue
        name = etree.QName(leaf).localname
        if name == "itemUrl":
            items[leaf.get("manifestation", "")] = text
        else:
            record.setdefault(name, []).append(text)
    return {**record, "itemUrl": items}


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (found for found in root.iter(etree.Element) if etree.QName(found).localname == name)


def _newest(records: list[Record], before: str | None) -> str | None:
    return max([*(day.isoformat() for record in records if (day := _day(record))), before or ""]) or None


def _day(record: Record) -> date | None:
    for written in record.get("date", ()):
        try:
            return date.fromisoformat(written[:10])
        except ValueError:
            continue
    return None


def _any(conditions: list[str]) -> str:
    return conditions[0] if len(conditions) == 1 else f"({' OR '.join(conditions)})"


def _bare(value: str) -> str:
    """A value between double quotes: backslash and quote are marked as CQL has it."""
    return value.replace("\\", "\\\\").replace('"', '\\"')
