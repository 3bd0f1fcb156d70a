"""What people decide about commitments, on an open database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from tracker.commitments.snapshot import Snapshot, collapse
from tracker.commitments.state import Commitment, Event, EventType, Review, Status
from tracker.deadlines import due_to_json
from tracker.domain import Actor, DuePeriod, Kind, Label, Precision, Strength
from tracker.errors import UsageError
from tracker.store.opened import Opened

if TYPE_CHECKING:  # only some commands need these
    from tracker.commitments.edits import Change
    from tracker.store.reviewing import Desk

#: The rule of a promise that a person added.
BY_HAND = "by-hand"

#: Who is not named.
_NOBODY = Actor()


class People(Opened):
    """All that takes numbers takes one or several, and does all or nothing."""

    def set_status(
        self,
        numbers: Iterable[str],
        status: Status,
        *,
        occurred_on: date,
        evidence: str | None = None,
        note: str | None = None,
        confirmed: bool = True,
    ) -> list[Event]:
        """What became of commitments on `occurred_on`. `confirmed`: a person checked; else the government says so."""
        payload = {"status": Status(status).value}
        if status in (Status.FULFILLED, Status.PARTLY_FULFILLED):
            payload["by"] = "confirmed" if confirmed else "claimed"
        return self._decide(numbers, EventType.STATUS, payload, occurred_on=occurred_on, evidence=evidence, note=note)

    def set_review(self, numbers: Iterable[str], review: Review, *, note: str | None = None) -> list[Event]:
        """Whether a person has looked. It holds for every `as_of`: a rejected one never was a promise."""
        return self._decide(numbers, EventType.REVIEW, {"review": Review(review).value}, note=note)

    def add_note(self, numbers: Iterable[str], text: str) -> list[Event]:
        return self._decide(numbers, EventType.NOTE, {}, note=text)

    def set_due(
        self, numbers: Iterable[str], due: date | DuePeriod, *, occurred_on: date | None = None, note: str | None = None
    ) -> list[Event]:
        """Another due date or period, from `occurred_on` (default: today); the first one stays visible."""
        period = due if isinstance(due, DuePeriod) else DuePeriod(due, due, Precision.DAY)
        return self._decide(numbers, EventType.DUE, {"due": due_to_json(period)}, occurred_on=occurred_on, note=note)

    def tag(self, numbers: Iterable[str], *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> list[Event]:
        payload = {"add": sorted(set(add)), "remove": sorted(set(remove))}
        return self._decide(numbers, EventType.TAG, payload)

    def add(
        self,
        quote: str,
        *,
        made: date | None,
        kind: Kind = Kind.INFORM,
        strength: Strength = Strength.FIRM,
        actor: Actor = _NOBODY,
        addressee: Sequence[str] = (),
        action: str = "",
        topic: str | None = None,
        context: str | None = None,
        deadline: str | None = None,
        due: DuePeriod | None = None,
        source: str | None = None,
        url: str | None = None,
        note: str | None = None,
    ) -> str:
        """A promise heard elsewhere, added by hand: accepted from the start. `source` is where. Returns its number."""
        words, _ = collapse(quote)
        words = words.strip()
        if not words:
            raise UsageError("a promise needs its words: what was said, as literally as you have it")
        at = words.casefold().find(deadline.casefold()) if deadline else -1
        seen: Snapshot = {
            "label": Label.COMMITMENT.value,
            "kind": kind.value,
            "strength": strength.value,
            "flags": [],
            "actor": asdict(actor),
            "addressee": list(addressee),
            "action": action or words,
            "topic": topic,
            "context": context,
            "quote": words,
            "cue": None,
            "deadline_at": [at, at + len(deadline)] if deadline and at >= 0 else None,
            "deadline": deadline,
            "due": due_to_json(due) if due else None,
            "confidence": 1.0,
            "rule": BY_HAND,
            "reason": None,
            "page": None,
            "made": made.isoformat() if made else None,
            "source": source,
            "url": url,
        }
        from tracker.store import decisions

        with self._writing() as (session, hand):
            return decisions.add(session, hand, seen, made, note)

    def at_revisions(self, wanted: Mapping[str, tuple[date, int]]) -> dict[str, Commitment]:
        """Commitments on a day by their first so many events: how they stood when a table was exported."""
        from tracker.store import editing

        with self._reading() as session:
            return editing.at_revisions(session, wanted)

    def apply(self, changes: Iterable[Change], *, occurred_on: date) -> list[Event]:
        """What a table that came back changes, all of it or nothing; `occurred_on` is the day of the statuses."""
        from tracker.store import editing

        with self._writing() as (session, hand):
            return editing.apply(session, hand, changes, occurred_on)

    def undo(self, event_id: int, *, note: str | None = None) -> Event:
        """Take back an event; that is an event too. A mention whose link is undone stands on its own again."""
        from tracker.store import decisions

        with self._writing() as (session, hand):
            return decisions.undo(session, hand, event_id, note, self._thresholds())

    @property
    def desk(self) -> Desk:
        """What waits for a person, and what a person decides about links."""
        from tracker.store.reviewing import Desk

        return Desk(self._reading, self._writing, self._thresholds())

    def _decide(
        self, numbers: Iterable[str], kind: EventType, payload: Mapping[str, Any], **fields: Any
    ) -> list[Event]:
        from tracker.store import decisions

        with self._writing() as (session, hand):
            return decisions.decide(session, hand, numbers, kind, payload, **fields)
