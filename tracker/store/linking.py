"""Links between mentions of different documents, kept up as documents come in.

Which pairs there are, and how likely, follows from the texts alone (`commitments.linking`); what was linked are events.
So the order of reading makes no difference, and what a person decided stays. Everything here runs within one
transaction that the caller commits.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from tracker.clock import AMSTERDAM
from tracker.commitments import linking
from tracker.commitments.citation import cite
from tracker.commitments.fold import CALENDAR, LINKING, in_force
from tracker.commitments.linking import JOINING, LinkKind, Thresholds
from tracker.commitments.state import Event, EventType, Review, Status
from tracker.domain import Label
from tracker.errors import UsageError
from tracker.store.intake import Hand
from tracker.store.numbering import next_number
from tracker.store.projection import refresh
from tracker.store.rows import document_ref, event_of, metadata_from_json
from tracker.store.tables import (
    CommitmentState,
    EventRow,
    LinkRow,
    MentionRow,
    Reading,
    Work,
)

#: What only people record.
_DECISIONS = (
    *(EventType.STATUS, EventType.DUE, EventType.REVIEW, EventType.NOTE, EventType.TAG),
    *(EventType.TIED, EventType.REASSIGNED, EventType.EDITED),
)


class Linker:
    """The links of a store, on behalf of `hand`."""

    def __init__(self, session: Session, hand: Hand, thresholds: Thresholds, *, person: bool = False) -> None:
        self.session = session
        self.hand = hand
        self.thresholds = thresholds
        self.source = None if person else LINKING  # of the events about what is decided, not of those that follow
        self._dirty: set[int] = set()
        self._touched: set[int] = set()

    # ── Settling ─────────────────────────────────────────────────────────────────────────────────────────────────

    def meant(self, source_id: int) -> LinkRow | None:
        """The link that holds for a later sentence by itself: the one promise that it clearly means."""
        rivals = self._rivals(source_id)
        chosen = linking.decide([(commitment, row.score) for row, commitment in rivals], self.thresholds)
        best = [row for row, commitment in rivals if commitment == chosen]
        if not best:
            return None
        best.sort(key=lambda row: (-row.score, self._order(row.target_id)))
        return best[0] if best[0].by_itself else None

    def join(self, row: MentionRow) -> LinkRow | None:
        """For a mention that carries no commitment yet: the link to the one that it repeats or puts off."""
        link = self.meant(row.id)
        return link if link is not None and LinkKind(link.kind) in JOINING else None

    def settle(self, more: Iterable[int] = ()) -> None:
        """Bring the events in line with the pairs, for all later sentences for which something changed."""
        self._dirty |= set(more)
        queue: list[tuple[tuple[object, ...], int]] = []
        queued: set[int] = set()
        while self._dirty or queue:
            for source in self._dirty - queued:
                heapq.heappush(queue, (self._order(source), source))
            queued |= self._dirty
            self._dirty.clear()
            _, source = heapq.heappop(queue)
            queued.discard(source)
            self._settle(source)
        refresh(self.session, self._touched)

    def _settle(self, source_id: int) -> None:
        row = self.session.get_one(MentionRow, source_id)
        events = self._events_about(source_id)
        standing = in_force(events)
        if any(e.type in (EventType.STATUS, EventType.LINKED) and e.source != LINKING for e in standing):
            return  # a person decided, or it repeats a sentence of its own document
        link = self.meant(source_id)
        label = self.session.scalar(select(Reading.label).where(Reading.id == self._last_reading(source_id)))
        if label == Label.COMMITMENT:
            self._settle_joined(row, standing, link)
        else:
            self._settle_closing(row, standing, link)

    def _settle_joined(self, row: MentionRow, standing: Sequence[Event], link: LinkRow | None) -> None:
        pointer = _pointer(standing)
        if link is None:
            if pointer is not None:
                self.part(row)
            return
        target = self.session.get_one(MentionRow, link.target_id)
        if target.commitment_id is None or (pointer is not None and target.commitment_id == row.commitment_id):
            return
        if row.commitment_id is not None and not self._may_merge(row.commitment_id, target.commitment_id):
            return
        self.attach(row, target, LinkKind(link.kind), link)

    def _settle_closing(self, row: MentionRow, standing: Sequence[Event], link: LinkRow | None) -> None:
        said = [e for e in standing if e.type is EventType.STATUS]
        if link is not None:
            commitment = self.session.get_one(MentionRow, link.target_id).commitment_id
            payload = {"status": _status_of(link).value, "by": "claimed", **_why(link)}
            evidence = self._citation(row)
            kept = [
                e
                for e in said
                if self._commitment_of(e) == commitment
                and (dict(e.payload), e.evidence, e.occurred_on) == (payload, evidence, self._day(row))
            ]
        else:
            kept = []
        for event in said:
            if event not in kept:
                self._take_back(event)
        if link is not None and commitment is not None and not kept:
            self._add(commitment, EventType.STATUS, row, payload, evidence=evidence)

    def _may_merge(self, one: int, other: int) -> bool:
        """Not where people have worked on both: then a person merges them."""
        return one == other or len(self._decided({one, other})) < 2

    # ── Joining and parting ──────────────────────────────────────────────────────────────────────────────────────

    def attach(
        self,
        row: MentionRow,
        target: MentionRow,
        role: LinkKind,
        link: LinkRow | None = None,
        note: str | None = None,
    ) -> None:
        """One commitment of two: the mention now points at another one, and what hangs under it comes along."""
        involved = {c for c in (row.commitment_id, target.commitment_id) if c is not None}
        payload = {"role": role.value, "to": target.id} | (_why(link) if link else {})
        self._regroup(involved, {row.id: payload}, note)

    def attach_by(self, link: LinkRow) -> int:
        """Attach the mention of a link to the promise it leads to; returns the commitment."""
        row, target = (self.session.get_one(MentionRow, i) for i in (link.source_id, link.target_id))
        self.attach(row, target, LinkKind(link.kind), link)
        assert row.commitment_id is not None
        return row.commitment_id

    def accept(self, link: LinkRow, note: str | None) -> Event:
        """A person says that a link holds. Returns the event to undo."""
        row, target = (self.session.get_one(MentionRow, i) for i in (link.source_id, link.target_id))
        if target.commitment_id is None:
            raise UsageError(f"L{link.id} leads to a sentence that is no promise any more")
        if LinkKind(link.kind) in JOINING:
            self.attach(row, target, LinkKind(link.kind), link, note)
            return self._last_event(row.id, EventType.LINKED)
        payload = {"status": _status_of(link).value, "by": "confirmed", **_why(link)}
        self._add(
            target.commitment_id,
            EventType.STATUS,
            row,
            payload,
            evidence=self._citation(row),
            note=note,
            source=self.source,
        )
        return self._last_event(row.id, EventType.STATUS)

    def decline(self, link: LinkRow, note: str | None) -> Event:
        """A person says that a link does not hold. Returns the event to undo."""
        row, target = (self.session.get_one(MentionRow, i) for i in (link.source_id, link.target_id))
        if target.commitment_id is None:
            raise UsageError(f"L{link.id} leads to a sentence that is no promise any more")
        payload = {"source": row.id, "target": target.id, "kind": link.kind}
        self._add(target.commitment_id, EventType.DECLINED, row, payload, note=note, source=self.source)
        return self._last_event(row.id, EventType.DECLINED)

    def merge(self, one: int, other: int, note: str | None) -> Event:
        """A person says that two commitments are one: the first mention of the later one repeats the other's."""
        firsts = []
        for commitment in (one, other):
            carriers = self.session.scalars(select(MentionRow).where(MentionRow.commitment_id == commitment))
            ordered = sorted(carriers, key=lambda row: self._order(row.id))
            if not ordered:
                raise UsageError("a promise without a document cannot be merged; tie it to the other one instead")
            firsts.append(ordered[0])
        target, row = sorted(firsts, key=lambda row: self._order(row.id))
        self.attach(row, target, LinkKind.REPEAT, note=note)
        return self._last_event(row.id, EventType.LINKED)

    def part(self, row: MentionRow) -> None:
        """A mention stands on its own again, with what hangs under it; under the number it had, if it had one."""
        assert row.commitment_id is not None
        self._regroup({row.commitment_id}, {row.id: None})

    def _regroup(
        self, involved: Collection[int], changed: dict[int, dict[str, Any] | None], note: str | None = None
    ) -> None:
        """Give each group of mentions that point at one another one commitment. `changed`: pointers as they now are;
        `note`: what is remarked on them."""
        members = list(self.session.scalars(select(MentionRow).where(MentionRow.commitment_id.in_(involved))))
        members += [self.session.get_one(MentionRow, m) for m in changed if m not in {row.id for row in members}]
        pointers = {row.id: _pointer(in_force(self._events_about(row.id))) for row in members}
        for mention_id, payload in changed.items():
            pointers[mention_id] = payload["to"] if payload else None
        groups: dict[int, list[MentionRow]] = defaultdict(list)
        for row in members:
            groups[_root(row.id, pointers)].append(row)
        for group in groups.values():
            number = self._number_for(group)
            for row in sorted(group, key=lambda r: r.id):
                self._carry(row, number, changed, note if row.id in changed else None)

    def _carry(self, row: MentionRow, number: int, changed: dict[int, dict[str, Any] | None], note: str | None) -> None:
        before = row.commitment_id
        if before == number and row.id not in changed:
            return
        known = self._last_link_payload(row.id)
        own = changed.get(row.id, known) or {}
        source = self.source if row.id in changed else LINKING
        if before is not None and before != number:
            self._add(before, EventType.UNLINKED, row, {"to": number}, source=source)
        payload = {"document": row.work_id} | {k: v for k, v in own.items() if k != "document"}
        made = self._made_by(row.id)
        kind = EventType.LINKED if made or own else EventType.MADE
        self._add(number, kind, row, payload, reading=self._last_reading(row.id), note=note, source=source)
        row.commitment_id = number
        self._dirty |= set(self.session.scalars(select(LinkRow.source_id).where(LinkRow.target_id == row.id)))

    def _number_for(self, group: Sequence[MentionRow]) -> int:
        """The number a group keeps: that on which people worked, else the first that was issued, else a new one."""
        own = {made for row in group if (made := self._made_by(row.id)) is not None}
        if decided := own & self._decided(own):
            return min(decided)
        if own:
            return min(own)
        first = min(group, key=lambda row: self._order(row.id))
        reading = self.session.get_one(Reading, self._last_reading(first.id))
        return next_number(self.session, reading.made, self.hand).id

    def _made_by(self, mention_id: int) -> int | None:
        """The commitment that was issued for a mention."""
        made = select(EventRow.commitment_id).where(
            EventRow.mention_id == mention_id, EventRow.type == EventType.MADE.value
        )
        return self.session.scalar(made.order_by(EventRow.id).limit(1))

    def _decided(self, commitments: Collection[int]) -> set[int]:
        """Those of the commitments on which a person decided something."""
        query = select(EventRow.commitment_id).where(
            EventRow.commitment_id.in_(commitments),
            EventRow.type.in_([kind.value for kind in _DECISIONS]),
            or_(EventRow.source.is_(None), EventRow.source.not_in((LINKING, CALENDAR))),
        )
        return set(self.session.scalars(query))

    # ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _rivals(self, source_id: int) -> list[tuple[LinkRow, int]]:
        """The links of a later sentence that nobody declined, with the commitments they lead to; not rejected ones."""
        target = aliased(MentionRow)
        query = (
            select(LinkRow, target.commitment_id)
            .join(target, target.id == LinkRow.target_id)
            .outerjoin(CommitmentState, CommitmentState.commitment_id == target.commitment_id)
            .where(LinkRow.source_id == source_id, target.commitment_id.is_not(None))
            .where(or_(CommitmentState.review.is_(None), CommitmentState.review != Review.REJECTED.value))
        )
        found = [(link, commitment) for link, commitment in self.session.execute(query)]
        if not found:
            return []
        events = self._events_about(source_id)
        declined = self._carried_by(linking.declined(events))
        own = self.session.get_one(MentionRow, source_id)
        alone = own.commitment_id if _pointer(in_force(events)) is None else None
        return [
            (link, commitment)
            for link, commitment in found
            if commitment is not None and commitment not in declined and commitment != alone
        ]

    def _carried_by(self, mentions: Collection[int]) -> set[int | None]:
        """The commitments that mentions carry."""
        return set(self.session.scalars(select(MentionRow.commitment_id).where(MentionRow.id.in_(mentions))))

    def _events_about(self, mention_id: int) -> list[Event]:
        """What was linked, closed or declined on account of a mention, with its undoings, in the order of recording."""
        kinds = [k.value for k in (EventType.STATUS, EventType.LINKED, EventType.UNLINKED, EventType.DECLINED)]
        about = select(EventRow.id).where(EventRow.mention_id == mention_id, EventRow.type.in_(kinds))
        found = list(self.session.scalars(select(EventRow).where(EventRow.id.in_(about))))
        waiting = [row.id for row in found]
        while waiting:
            undoings = list(self.session.scalars(select(EventRow).where(EventRow.corrects.in_(waiting))))
            found += undoings
            waiting = [row.id for row in undoings]
        return [event_of(row, None) for row in sorted(found, key=lambda row: (row.recorded_at, row.id))]

    def _commitment_of(self, event: Event) -> int:
        return self.session.get_one(EventRow, event.id).commitment_id

    def _last_link_payload(self, mention_id: int) -> dict[str, Any] | None:
        linked = [e for e in in_force(self._events_about(mention_id)) if e.type is EventType.LINKED]
        return dict(linked[-1].payload) if linked else None

    def _order(self, mention_id: int) -> tuple[date, str, int, int, int]:
        """Where a sentence stands in time: by its document's day, its words and its place. The same in every store."""
        row = self.session.get_one(MentionRow, mention_id)
        return (self._day(row), row.sentence_hash, row.start, row.ordinal, row.id)

    def _day(self, row: MentionRow) -> date:
        work = self.session.get_one(Work, row.work_id)
        return work.date or work.recorded_at.astimezone(AMSTERDAM).date()

    def _citation(self, row: MentionRow) -> str:
        work = self.session.get_one(Work, row.work_id)
        reading = self.session.get_one(Reading, self._last_reading(row.id))
        return cite(document_ref(work.id, work.name, metadata_from_json(work.metadata_json)), reading.page)

    def _last_reading(self, mention_id: int) -> int:
        last = select(Reading.id).where(Reading.mention_id == mention_id).order_by(Reading.id.desc()).limit(1)
        found = self.session.scalar(last)
        assert found is not None, "a mention is stored together with its first reading"
        return found

    def _last_event(self, mention_id: int, kind: EventType) -> Event:
        query = select(EventRow).where(EventRow.mention_id == mention_id, EventRow.type == kind.value)
        row = self.session.scalars(query.order_by(EventRow.id.desc())).first()
        assert row is not None, "it was just recorded"
        return event_of(row, None)

    def _take_back(self, event: Event) -> None:
        commitment = self._commitment_of(event)
        self._add(commitment, EventType.UNDONE, None, {}, corrects=event.id, day=event.occurred_on)

    def _add(
        self,
        commitment: int,
        kind: EventType,
        row: MentionRow | None,
        payload: dict[str, Any],
        *,
        reading: int | None = None,
        evidence: str | None = None,
        corrects: int | None = None,
        day: date | None = None,
        note: str | None = None,
        source: str | None = LINKING,
    ) -> EventRow:
        occurred_on = day or (self._day(row) if row is not None else self.hand.today)
        event = EventRow(
            commitment_id=commitment,
            type=kind.value,
            occurred_on=occurred_on,
            recorded_at=self.hand.at,
            by=self.hand.by,
            source=source,
            evidence=evidence,
            note=note,
            payload=payload,
            mention_id=row.id if row is not None else None,
            reading_id=reading,
            corrects=corrects,
        )
        self.session.add(event)
        self.session.flush()
        self._touched.add(commitment)
        return event


def _pointer(standing: Sequence[Event]) -> int | None:
    """The mention that a mention was linked to last, by the events in force about it."""
    linked = [event for event in standing if event.type is EventType.LINKED]
    return linked[-1].payload.get("to") if linked else None


def _root(mention_id: int, pointers: dict[int, int | None]) -> int:
    seen = {mention_id}
    while (to := pointers.get(mention_id)) is not None and to in pointers and to not in seen:
        mention_id = to
        seen.add(to)
    return mention_id


def _status_of(link: LinkRow) -> Status:
    return Status.PARTLY_FULFILLED if link.partial else Status.FULFILLED


def _why(link: LinkRow) -> dict[str, Any]:
    return {"target": link.target_id, "score": link.score, "reasons": link.reasons}
