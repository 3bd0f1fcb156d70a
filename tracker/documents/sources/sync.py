"""Reading a source: fetch to disk, check, then import; from where the last walk ended, whatever stopped it.

What is done with is written down page by page, and every document by itself. A walk that is killed anywhere begins
again at the last page that was done, fetches no file and stores no document a second time. Trouble ends a walk with an
alarm that stays until a whole walk succeeds; it never looks like "nothing new".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

from tracker.documents.sources.originals import Fetcher, Kept
from tracker.documents.sources.subscription import Offer, Page, Publisher, Record, Subscription
from tracker.errors import SourceEmpty, SourceError, SourceMissing, SourceTruncated

#: A document that cannot be fetched or read is tried in so many walks; after that it no longer holds up the others.
MOST_ATTEMPTS = 3

#: The alarm over documents that could not be fetched or read. Unlike the others it does not end a walk.
DOCUMENTS = "documents"


class Item(Protocol):
    """What is remembered of a document that a source offered."""

    @property
    def key(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def problem(self) -> str | None: ...
    @property
    def attempts(self) -> int: ...
    @property
    def record(self) -> dict[str, Any] | None: ...


class Ledger(Protocol):
    """The memory of one source; `tracker.store.SourceBook` is one. Each method that writes is atomic."""

    def position(self) -> str | None: ...
    def begin(self) -> None: ...
    def advance(self, position: str | None) -> None: ...
    def finish(self, counts: Mapping[str, int]) -> None: ...
    def item(self, key: str) -> Item | None: ...
    def problems(self) -> Iterable[Item]: ...
    def settle(self, key: str, version: str, document_id: int | None) -> None: ...
    def withdraw(self, key: str, version: str, on: date) -> bool: ...
    def fail(self, key: str, version: str, problem: str, record: dict[str, Any]) -> int: ...
    def alarm(self, kind: str, message: str) -> None: ...
    def clear_alarms(self, *, but: Iterable[str] = ()) -> None: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a fetched document: an outcome of the pipeline, or why it could not be read."""

    outcome: str
    document_id: int | None = None
    error: str | None = None


#: Puts a fetched document into the store.
Take = Callable[[Offer, Kept], Taken]
#: Told after each record: how many are done, of how many where the publisher says it.
OnRecord = Callable[[int, int | None], None]


@dataclass(slots=True)
class Counts:
    """What a walk did. `problem` is what ended it early."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    withdrawn: int = 0  # by the publisher; they stay in the store, and say so
    not_wanted: int = 0  # offered, and outside the subscription
    failed: int = 0
    problem: str | None = None

    def add(self, outcome: str) -> None:
        match outcome:
            case "new":
                self.inserted += 1
            case "new-version" | "re-read":
                self.updated += 1
            case _:
                self.unchanged += 1

    @property
    def offered(self) -> int:
        return sum(self.numbers().values())

    def numbers(self) -> dict[str, int]:
        """Without the problem: what the ledger keeps of a walk that came to its end."""
        return {name: value for name, value in asdict(self).items() if name != "problem"}


def sync(
    subscription: Subscription,
    publisher: Publisher,
    fetcher: Fetcher,
    ledger: Ledger,
    take: Take,
    on_record: OnRecord = lambda done, total: None,
) -> Counts:
    """Read what a source has that is not yet read. Trouble with the source is in the counts and in the alarms.

    A document that is not there or cannot be read is noted and tried again in later walks. One whose fetching fails for
    the moment ends the walk, so that documents are stored in their order; after MOST_ATTEMPTS walks it is passed over.
    """
    walk = _Walk(subscription, publisher, fetcher, ledger, take, on_record)
    with watched(ledger, walk.counts) as standing:
        walk.again()
        position = ledger.position()
        walk.pages(publisher.kept() if fetcher.offline else publisher.pages(position))
        if not walk.counts.offered and position is None and not subscription.may_be_empty:
            if fetcher.offline:
                raise SourceEmpty(f"{subscription.name}: nothing was fetched yet; read it once without --offline")
            raise SourceEmpty(
                f"{subscription.name}: the source has nothing at all for this; "
                "check the criteria, or declare it with may_be_empty = true"
            )
        if problems := [item.problem for item in ledger.problems()]:
            standing[DOCUMENTS] = (
                f"{len(problems)} documents could not be fetched or read; `tracker documents failed` lists them; "
                f"the last: {problems[-1]}"
            )
    return walk.counts


@contextmanager
def watched(ledger: Ledger, counts: Counts) -> Iterator[dict[str, str]]:
    """Trouble becomes an alarm; a walk that comes to its end leaves only those put in here (kind, message)."""
    ledger.begin()
    standing: dict[str, str] = {}
    try:
        yield standing
    except SourceError as problem:
        counts.problem = str(problem)
        ledger.alarm(problem.alarm, counts.problem)
        return
    ledger.finish(counts.numbers())
    ledger.clear_alarms(but=standing)
    for kind, message in standing.items():
        ledger.alarm(kind, message)


class _Walk:
    """One document after another."""

    def __init__(
        self,
        subscription: Subscription,
        publisher: Publisher,
        fetcher: Fetcher,
        ledger: Ledger,
        take: Take,
        on_record: OnRecord,
    ) -> None:
        self.counts = Counts()
        self._subscription = subscription
        self._publisher = publisher
        self._fetcher = fetcher
        self._ledger = ledger
        self._store = take
        self._on_record = on_record
        self._tried: set[tuple[str, str]] = set()  # once a walk is enough

    def again(self) -> None:
        """Try once more what could not be fetched or read."""
        for item in list(self._ledger.problems()):
            if item.attempts < MOST_ATTEMPTS and item.record is not None:
                self.take(item.record)
                self._tried.add((item.key, item.version))

    def pages(self, pages: Iterable[Page]) -> None:
        """A publisher's list; each page is written down when it is done."""
        for page in pages:
            for record in page.records:
                self.take(record)
                self._on_record(self.counts.offered, page.total)
            if page.position is not None:
                self._ledger.advance(page.position)

    def take(self, record: Record) -> None:
        offer = self._publisher.offer(record)
        before = self._ledger.item(offer.key)
        if offer.withdrawn is not None:
            self._withdraw(offer, before, offer.withdrawn)
            return
        if not self._subscription.wants(offer):
            self.counts.not_wanted += 1
            return
        version = offer.state
        if before is not None and offer.rank is not None and int(before.version.partition(" ")[0]) > offer.rank:
            self.counts.unchanged += 1
            return
        if (offer.key, version) in self._tried:
            return
        if before is not None and before.version == version:
            if before.problem is None:
                self.counts.unchanged += 1
                return
            if before.attempts >= MOST_ATTEMPTS:
                self.counts.failed += 1
                return
        try:
            if offer.url is None:
                raise SourceMissing(f"{offer.key}: there is no file of it in a form that is read")
            kept = self._fetcher.get(offer.url, version=version, check=lambda content: _whole(offer, content))
        except SourceError as problem:
            attempts = self._ledger.fail(offer.key, version, f"{offer.name}: {problem}", record)
            if problem.passing and attempts < MOST_ATTEMPTS:
                raise
            self.counts.failed += 1
            return
        taken = self._store(offer, kept)
        if taken.error is not None:
            self._ledger.fail(offer.key, version, f"{offer.name}: {taken.error}", record)
            self.counts.failed += 1
            return
        self._ledger.settle(offer.key, version, taken.document_id)
        self.counts.add(taken.outcome)
        if before and before.problem and (before.key, before.version) in self._tried:  # a better version came
            self.counts.failed -= 1

    def _withdraw(self, offer: Offer, before: Item | None, on: date) -> None:
        if before is None or not offer.is_of(before.version):  # never read, or another took its place
            self.counts.not_wanted += 1
        elif before.version == offer.state:
            self.counts.unchanged += 1
        elif self._ledger.withdraw(offer.key, offer.state, on):
            self.counts.withdrawn += 1
        else:
            self.counts.not_wanted += 1


def _whole(offer: Offer, content: bytes) -> None:
    """Raises SourceTruncated for a file that is shorter than announced, or a PDF without its end."""
    if len(content) < (offer.size or 1):
        raise SourceTruncated(f"{offer.key}: {len(content)} bytes, where {offer.size or 'more'} were announced")
    if content.startswith(b"%PDF-") and b"%%EOF" not in content[-2048:]:
        raise SourceTruncated(f"{offer.key}: a PDF without its end")
