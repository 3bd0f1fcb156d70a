"""The Tweede Kamer's register of commitments (OData `Toezegging`): snapshots of it, and what its records say.

A snapshot is compared with the last one, because the register keeps no date at which a status changed. The record is
kept as it came; what it means is worked out anew each time it is read, with the reader of deadlines that everything
else goes through: the register has no field for a deadline.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from tracker.deadlines import Calendar, DeadlineGrammar, resolve
from tracker.documents.registry import Registry
from tracker.documents.sources.odata import day, question, walk
from tracker.documents.sources.originals import Fetcher
from tracker.documents.sources.subscription import Record, Subscription
from tracker.documents.sources.sync import Counts, Ledger, watched
from tracker.domain import Deadline, DuePeriod
from tracker.errors import SourceChanged, SourceEmpty
from tracker.sentences import plain

UNKNOWN = "unknown"
#: The alarm over status words that are not known. It does not end a snapshot.
WORDS = "words"

#: (key, digest, record); no record: it is no longer there.
Version = tuple[str, str, Record | None]


class RegisterLedger(Ledger, Protocol):
    """The memory of a register; `tracker.store.SourceBook` is one."""

    def digests(self) -> dict[str, str]: ...
    def add_versions(self, versions: Iterable[Version]) -> None: ...


# ── Snapshots ────────────────────────────────────────────────────────────────────────────────────────────────────


def snapshot(
    subscription: Subscription,
    fetcher: Fetcher,
    facts: Mapping[str, Any],
    ledger: RegisterLedger,
    on_record: Callable[[int, int | None], None] = lambda done, total: None,
) -> Counts:
    """Read the whole register and keep what is new, changed or gone. A killed one leaves what it saw; begin again."""
    taking = _Snapshot(subscription, fetcher, facts, ledger)
    unknown: set[str] = set()
    with watched(ledger, taking.counts) as standing:
        for records in taking.pages():
            taking.keep(records)
            unknown |= {
                word for record in records if status_of(record, facts) == UNKNOWN and (word := record["Status"])
            }
            on_record(taking.counts.offered, None)
        taking.look_for_missing()
        if unknown:
            standing[WORDS] = f"status words that are not known, kept as {UNKNOWN}: {', '.join(sorted(unknown))}"
    return taking.counts


class _Snapshot:
    def __init__(
        self, subscription: Subscription, fetcher: Fetcher, facts: Mapping[str, Any], ledger: RegisterLedger
    ) -> None:
        self.counts = Counts()
        self._subscription = subscription
        self._fetcher = fetcher
        self._known = facts["tweedekamer"]
        self._register = self._known["register"]
        self._ledger = ledger
        self._before = ledger.digests()
        self._seen: set[str] = set()

    def pages(self) -> Iterator[list[Record]]:
        # Ordered by what never changes: a record that is changed meanwhile stays in its place.
        url = self._question(f"{self._known['deleted']} eq false", order="Id")
        return walk(self._fetcher, url, self._known, self._register["required"])

    def keep(self, records: Iterable[Record]) -> None:
        versions: list[Version] = []
        for record in records:
            key = record["Id"]
            if key in self._seen:
                continue
            self._seen.add(key)
            digest = digest_of(record, self._register["incidental"])
            if self._before.get(key) == digest:
                self.counts.unchanged += 1
                continue
            versions.append((key, digest, record))
            self.counts.add("new-version" if key in self._before else "new")
        self._ledger.add_versions(versions)

    def look_for_missing(self) -> None:
        """Ask for each record that this snapshot did not have: a page may have shifted while it was read."""
        missing = [key for key in self._before if key not in self._seen]
        if not self._seen and not self._subscription.may_be_empty:
            raise SourceEmpty(f"{self._subscription.name}: the register is empty; it cannot be")
        if len(missing) > self._register["most_missing"] * len(self._before):
            raise SourceChanged(
                f"{self._subscription.name}: {len(missing)} of {len(self._before)} records are missing; none is taken "
                "for deleted"
            )
        for key in missing:
            there = next(walk(self._fetcher, self._question(f"Id eq {key}"), self._known, ()), [])
            if there and not there[0].get(self._known["deleted"], False):
                self.keep(there)
            else:
                self._ledger.add_versions([(key, "", None)])
                self.counts.updated += 1

    def _question(self, where: str, order: str | None = None) -> str:
        address = self._subscription.address or self._known["address"]
        return question(address, self._register["set"], where=[where], order=order, expand=self._register["expand"])


def digest_of(record: Record, incidental: Iterable[str] = ()) -> str:
    """The same for the same content: in whatever order fields and lists come, and without what is incidental."""
    left_out = frozenset(incidental)

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: ordered(inner) for name, inner in sorted(value.items()) if name not in left_out}
        if isinstance(value, list):
            return sorted((ordered(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
        return value

    return hashlib.sha256(json.dumps(ordered(record)).encode()).hexdigest()


# ── What a record says ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCommitment:
    """A commitment as the register has it, with the deadline that its text names."""

    number: str  # TZ202412-116
    made: date | None  # the day of the meeting, or else the day it was entered
    status: str  # one of ours, or "unknown"
    status_word: str  # as the register has it
    text: str  # the clerk's summary, in the third person; no quotation
    person: str | None
    office: str | None
    ministry: str | None
    meeting: str | None
    letters: tuple[str, ...]  # numbers of documents or cases in which the register sees it met; any number of them
    datum_nakoming: date | None  # under the register's own name, and used for nothing: what it means is not settled
    deadline: Deadline | None
    due: DuePeriod | None


def status_of(record: Record, facts: Mapping[str, Any]) -> str:
    """Our word for the register's status; "unknown" for a word that is not known."""
    statuses: Mapping[str, list[str]] = facts["tweedekamer"]["register"]["statuses"]
    return next((ours for ours, words in statuses.items() if record.get("Status") in words), UNKNOWN)


def commitment(
    record: Record, facts: Mapping[str, Any], registry: Registry, grammar: DeadlineGrammar, calendar: Calendar
) -> RegisterCommitment:
    """What a record says. Its deadline is counted from the meeting in which the promise was made."""
    text = " ".join((record.get("Tekst") or "").split())
    made = day((record.get("Activiteit") or {}).get("Datum")) or day(record.get("Aanmaakdatum"))
    words = plain(text).text
    deadline, _ = grammar.choose(words, grammar.find(words), reference=made, calendar=calendar)
    office = record.get("Functie") or None
    return RegisterCommitment(
        number=record["Nummer"],
        made=made,
        status=status_of(record, facts),
        status_word=record.get("Status") or "",
        text=text,
        person=record.get("Naam") or None,
        office=office,
        ministry=registry.ministry(record.get("Ministerie") or "") or registry.ministry(office or ""),
        meeting=record.get("ActiviteitNummer") or None,
        letters=tuple(_letters(record.get("KamerbriefNakoming"))),
        datum_nakoming=day(record.get("DatumNakoming")),
        deadline=deadline,
        due=resolve(deadline, made, calendar) if deadline else None,
    )


def _letters(value: Any) -> Iterator[str]:
    """Numbers of documents or cases, from one or several, written out or as expanded records."""
    for found in value if isinstance(value, list) else [value]:
        number = (found.get("DocumentNummer") or found.get("Nummer")) if isinstance(found, dict) else found
        if number:
            yield str(number)
