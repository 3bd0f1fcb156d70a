"""What a user wants of a publisher, and what a publisher offers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from tracker.documents.metadata import written_dossier
from tracker.documents.registry import Registry
from tracker.domain import DocumentKind, Metadata
from tracker.errors import ConfigError

#: One entry of a publisher's list, as it came: names of fields and values that JSON can say.
Record = dict[str, Any]

#: The criteria that a publisher's records tell nothing about.
UNKNOWN_TO = {
    "officielebekendmakingen": ("ministries", "committees"),
    "verslagen": ("dossiers", "ministries", "committees", "kinds"),
    "register": ("dossiers", "ministries", "committees", "kinds", "words"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A `[[source]]` of config.toml. Criteria of one sort are alternatives; all sorts that are given must hold."""

    name: str
    publisher: str
    dossiers: tuple[str, ...] = ()  # "36 800 VII"
    ministries: tuple[str, ...] = ()  # codes of today
    committees: tuple[str, ...] = ()
    kinds: tuple[DocumentKind, ...] = ()
    words: tuple[str, ...] = ()
    since: date | None = None
    address: str | None = None  # in place of the publisher's own
    may_be_empty: bool = False

    @classmethod
    def from_row(cls, row: Mapping[str, Any], registry: Registry) -> Subscription:
        """From a row of config.toml. Raises ConfigError for a ministry or criterion that cannot be used."""
        name, publisher = row["name"], row["publisher"]
        ministries = []
        for written in row["ministries"]:
            if (code := registry.ministry(written)) is None:
                known = ", ".join(registry.ministries)
                raise ConfigError(f"source {name}: no ministry {written!r}; known: {known}")
            ministries.append(registry.today(code))
        if given := [criterion for criterion in UNKNOWN_TO.get(publisher, ()) if row[criterion]]:
            raise ConfigError(f'source {name}: {publisher} cannot be asked for {given[0]}; publisher "tweedekamer" can')
        return cls(
            name=name,
            publisher=publisher,
            dossiers=tuple(written_dossier(dossier) for dossier in row["dossiers"]),
            ministries=tuple(ministries),
            committees=tuple(row["committees"]),
            kinds=tuple(DocumentKind(kind) for kind in row["kinds"]),
            words=tuple(row["words"]),
            since=row["since"],
            address=row["address"],
            may_be_empty=row["may_be_empty"],
        )

    def wants(self, offer: Offer) -> bool:
        """Whether an offer meets every criterion that is given."""
        about = offer.about
        return (
            (self.since is None or about.date is None or about.date >= self.since)
            and _meets(self.dossiers, about.dossiers)
            and _meets(self.ministries, offer.ministries)
            and (not self.committees or any(_within(name, offer.committees) for name in self.committees))
            and (not self.words or any(_within(word, offer.words) for word in self.words))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A document that a publisher has, and what it says about it."""

    key: str  # the publisher's own
    row: str = ""  # where several rows have one key: which this is; the version ends with it
    version: str  # another one means that the publisher changed something
    url: str | None  # of the file; None where there is none in a form that is read
    rank: int | None = None  # of several files for one key the one that ranks highest counts, and then the newest
    size: int | None = None  # of the file in bytes, where the publisher says it
    withdrawn: date | None = None  # the day on which the publisher took it back; no more is said of such a one
    about: Metadata = field(default_factory=Metadata)
    ministries: tuple[str, ...] = ()
    committees: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # titles and subjects, in which words are looked for

    @property
    def state(self) -> str:
        """The version, with its rank before it where that counts."""
        return self.version if self.rank is None else f"{self.rank} {self.version}"

    @property
    def name(self) -> str:
        """What a message calls it."""
        return " ".join(filter(None, (self.about.identifier or self.key, self.about.title)))

    def is_of(self, state: str) -> bool:
        """Whether that is a state of the same row."""
        return state.endswith(self.row)

    def over(self, read: Metadata) -> Metadata:
        """What is known of the document: the publisher's word, but for date and kind the text's own where it has them.

        A report of a debate is filed under the day it was finished; the day that terms count from stands in its text.
        """
        said = self.about
        signatory = said.signatory if said.signatory.office else read.signatory
        return replace(
            read,
            date=read.date or said.date,
            kind=said.kind if read.kind is DocumentKind.OTHER else read.kind,
            title=said.title or read.title,
            identifier=said.identifier or read.identifier,
            dossiers=said.dossiers or read.dossiers,
            number=said.number or read.number,
            signatory=signatory,
            url=said.url or read.url,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a publisher's list. `position` is where a later walk can begin; None: this page does not tell."""

    records: tuple[Record, ...]
    position: str | None
    total: int | None = None  # of the whole list, where the publisher says it


class Publisher(Protocol):
    """What `sync` needs of a publisher."""

    def pages(self, position: str | None) -> Iterator[Page]:
        """The list from a position on, or all of it. Raises SourceError."""
        ...

    def kept(self) -> Iterator[Page]:
        """The pages of this list that earlier walks fetched, in that order, without a network."""
        ...

    def offer(self, record: Record) -> Offer:
        """What a record says. Raises SourceChanged where it lacks what it must have."""
        ...


def _meets(wanted: Iterable[str], offered: Iterable[str]) -> bool:
    wanted = set(wanted)
    return not wanted or not wanted.isdisjoint(offered)


def _within(word: str, texts: Iterable[str]) -> bool:
    return any(word.casefold() in text.casefold() for text in texts)
