"""The Tweede Kamer's Gegevensmagazijn: documents, and reports of debates.

Names of fields are those of `rules/sources.toml`, table `tweedekamer`, and of the records themselves.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from tracker.clock import AMSTERDAM
from tracker.documents.metadata import written_dossier
from tracker.documents.registry import Registry
from tracker.documents.sources.http import short
from tracker.documents.sources.odata import day, filtered, instant, literal, moment, question, records_of, walk
from tracker.documents.sources.originals import Fetcher
from tracker.documents.sources.subscription import Offer, Page, Record, Subscription
from tracker.domain import Actor, DocumentKind, Metadata
from tracker.errors import SourceChanged


class ByChange:
    """The rows of an entity set that a subscription asks for, in the order in which they were changed."""

    def __init__(
        self, subscription: Subscription, fetcher: Fetcher, known: Mapping[str, Any], table: Mapping[str, Any]
    ) -> None:
        self._subscription = subscription
        self._fetcher = fetcher
        self._known = known
        self._table = table
        self._address = (subscription.address or known["address"]).rstrip("/")

    def pages(self, position: str | None) -> Iterator[Page]:
        """`position` is the moment of change of the last record seen; what lies shortly before it comes once more."""
        url = self._question(position)
        last = moment(position)
        for records in walk(self._fetcher, url, self._known, self._table["required"]):
            if (newest := self._newest(records, url)) is not None:
                last = max(newest, last or newest)
            yield Page(tuple(records), instant(last) if last else None)

    def kept(self) -> Iterator[Page]:
        start = f"{self._address}/{self._table['set']}?$filter={filtered(self._criteria())}"  # more follows here
        last: datetime | None = None
        for kept in self._fetcher.originals.under(start):
            records = records_of(self._fetcher.originals.content(kept), kept.url, self._table["required"])
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
            self._table["set"],
            where=self._where(position),
            order=self._known["modified"],
            expand=self._table["expand"],
        )

    def _where(self, position: str | None) -> list[str]:
        """What was deleted is of no interest at first, and later is told by a change like any other."""
        if (last := moment(position)) is None:
            return [*self._criteria(), f"{self._known['deleted']} eq false"]
        # "ge", not "gt": rows that were changed in one moment may stand on two pages.
        since = instant(last - timedelta(seconds=self._known["overlap_seconds"]))
        return [*self._criteria(), f"{self._known['modified']} ge {since}"]

    def _withdrawn(self, record: Record) -> date | None:
        modified = record[self._known["modified"]]
        return day(modified) if record.get(self._known["deleted"]) else None

    @abstractmethod
    def _criteria(self) -> list[str]:
        """The conditions by which the service chooses rows."""

    def _file(self, record: Record) -> str:
        return f"{self._address}/{self._table['set']}({record['Id']})/resource"


class Documents(ByChange):
    """Letters, answers, reports: `Document`."""

    def __init__(
        self, subscription: Subscription, fetcher: Fetcher, facts: Mapping[str, Any], registry: Registry
    ) -> None:
        super().__init__(subscription, fetcher, facts["tweedekamer"], facts["tweedekamer"]["document"])
        self._registry = registry

    def offer(self, record: Record) -> Offer:
        key, version = record["Id"], record[self._known["modified"]]
        if withdrawn := self._withdrawn(record):
            return Offer(key=key, version=version, url=None, withdrawn=withdrawn)
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
            key=key,
            version=version,
            url=self._file(record),
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
            url=self._table["page"].format(case=case, number=number),
        )

    def _signatory(self, record: Record) -> Actor:
        for actor in record.get("DocumentActor") or ():
            if actor.get("Relatie") == self._table["first_signatory"] and actor.get("Functie"):
                office = actor["Functie"]
                return Actor(person=actor.get("ActorNaam"), office=office, ministry=self._registry.ministry(office))
        return Actor()

    def _kind(self, word: str) -> DocumentKind:
        kinds = self._table["kinds"]
        return next((DocumentKind(kind) for kind, words in kinds.items() if word in words), DocumentKind.OTHER)

    def _criteria(self) -> list[str]:
        wanted = self._subscription
        kinds = wanted.kinds or tuple(map(DocumentKind, self._table["kinds"]))
        words = [word for kind in kinds for word in self._table["kinds"].get(kind, ())]
        where = [_any(f"Soort eq {literal(word)}" for word in words)]
        if wanted.since:
            where.append(f"Datum ge {instant(datetime.combine(wanted.since, time(), AMSTERDAM))}")
        if wanted.dossiers:
            where.append(_any(self._of_dossier(dossier) for dossier in wanted.dossiers))
        return where

    def _of_dossier(self, dossier: str) -> str:
        number, _, addition = dossier.replace(" ", "", 1).partition(" ")
        more = self._table["dossier_addition"].format(addition=literal(addition)) if addition else ""
        found: str = self._table["dossier_filter"].format(number=number, addition=more)
        return found


def _any(conditions: Iterable[str]) -> str:
    return f"({' or '.join(conditions)})"


def _dossier(record: Record) -> str:
    return written_dossier(" ".join(str(record[name]) for name in ("Nummer", "Toevoeging") if record.get(name)))


class DebateReports(ByChange):
    """Reports of debates: `Verslag`. A meeting has several; a better one takes the place of the others."""

    def __init__(self, subscription: Subscription, fetcher: Fetcher, facts: Mapping[str, Any]) -> None:
        super().__init__(subscription, fetcher, facts["tweedekamer"], facts["tweedekamer"]["report"])

    def offer(self, record: Record) -> Offer:
        meeting = record.get("Vergadering") or {}
        key = record.get("Vergadering_Id") or meeting.get("Id")
        if not key:
            raise SourceChanged(f"{record['Id']}: a report of no meeting")
        row, version = record["Id"], f"{record[self._known['modified']]} {record['Id']}"
        if withdrawn := self._withdrawn(record):
            return Offer(key=key, row=row, version=version, rank=-1, url=None, withdrawn=withdrawn)
        statuses: list[str] = self._table["statuses"]
        rank = statuses.index(record["Status"]) if record["Status"] in statuses else 0
        title = meeting.get("Titel") or ""
        return Offer(
            key=key,
            row=row,
            version=version,
            rank=rank,
            url=self._file(record),
            size=record.get("ContentLength") or None,
            about=Metadata(
                date=day(meeting.get("Datum")), kind=DocumentKind.DEBATE, title=title or None, identifier=f"tk-{key}"
            ),
            words=(title,),
        )

    def _criteria(self) -> list[str]:
        since = self._subscription.since
        return [f"Vergadering/Datum ge {instant(datetime.combine(since, time(), AMSTERDAM))}"] if since else []
