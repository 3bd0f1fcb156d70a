"""A document with its mentions into the store: what is new, what is known, what is read differently.

Everything here runs within one transaction that the caller commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from tracker.clock import AMSTERDAM
from tracker.commitments.assemble import repeats
from tracker.commitments.background import with_background
from tracker.commitments.identity import Known, match, sentence_hash
from tracker.commitments.linking import LinkRules, Thresholds
from tracker.commitments.snapshot import Snapshot, snapshot
from tracker.commitments.state import EventType
from tracker.domain import Label, Mention, Span
from tracker.errors import StoreLocked
from tracker.store.intake import Hand, current_work, judged, new_work, project_document, record_document, text_row
from tracker.store.linking import Linker
from tracker.store.model import Changes, Intake
from tracker.store.numbering import next_number
from tracker.store.pairing import Pairing
from tracker.store.projection import latest_readings, mapping, refresh
from tracker.store.rows import metadata_to_json, reading_columns, snapshot_of, to_json
from tracker.store.tables import CommitmentRow, DocumentEvent, DocumentText, EventRow, MentionRow, Reading, Work

#: The reason of a mention that the last reading did not see at all.
NOT_FOUND = "not-found"

#: What moves when only the place or the certainty changes; no reason to tell anybody.
_INCIDENTAL = frozenset({"confidence", "rule", "page", "cue", "deadline_at", "quote", "context"})


def save(
    session: Session,
    intake: Intake,
    mentions: Sequence[Mention],
    hand: Hand,
    rules: LinkRules | None,
    thresholds: Thresholds,
) -> Changes:
    """Store the document, its text and mentions, and what they mean for commitments, in this document and others."""
    work = current_work(session, intake)
    read_as, intake = intake.document, judged(session, intake, work)  # under the lock: another may have been first
    if intake.outcome == "known" and work is not None:
        return Changes("known", work.id)
    if intake.document != read_as:
        raise StoreLocked(f"another program changed what is known of {read_as.name} meanwhile: try again")
    if work is None:
        work = new_work(session, intake, hand)
    text = text_row(session, intake, work, hand)
    record_document(session, work, hand, to_json(dict(intake.given)))
    session.add(
        DocumentEvent(
            work_id=work.id,
            type="read",
            recorded_at=hand.at,
            by=hand.by,
            text_id=text.id,
            rulebook=intake.rulebook_version,
            payload={"metadata": metadata_to_json(intake.read)},
        )
    )
    project_document(session, work)
    changes = _Saving(session, intake, work, text, hand, rules, thresholds).mentions(mentions)
    return replace(changes, outcome=intake.outcome)


class _Saving:
    """One document's mentions on their way in."""

    def __init__(
        self,
        session: Session,
        intake: Intake,
        work: Work,
        text: DocumentText,
        hand: Hand,
        rules: LinkRules | None,
        thresholds: Thresholds,
    ) -> None:
        self.session = session
        self.document = intake.document
        self.rulebook = intake.rulebook_version
        self.work = work
        self.text = text
        self.hand = hand
        self.rules = rules
        self.linker = Linker(session, hand, thresholds)
        # An undated document counts from the day it was stored, also when it is read again later.
        self.day = work.date or work.recorded_at.astimezone(AMSTERDAM).date()
        self.readings: dict[int, Reading] = {}  # the last one of each mention that was found
        self.changed: set[int] = set()
        self.gone: set[int] = set()
        self.touched: set[int] = set()

    def mentions(self, mentions: Sequence[Mention]) -> Changes:
        if self.rules is not None:
            mentions = with_background(self.document, mentions, self.rules)
        stored = {row.id: (row, reading) for row, reading in self._stored()}
        counted = [m for m in mentions if m.reason is None]
        doubted = [m for m in mentions if m.reason is not None]
        pairs = self._match(stored.values(), counted)
        left = [pair for row_id, pair in stored.items() if row_id not in pairs.values()]
        reasons = {row_id: doubted[index].reason for index, row_id in self._match(left, doubted).items()}

        rows = [self._read(mention, stored.get(pairs.get(i, 0))) for i, mention in enumerate(counted)]
        for row, reading in left:
            self._lose(row, reading, reasons.get(row.id) or NOT_FOUND)
        unsettled: set[int] = set()
        if self.rules is not None:
            pairing = Pairing(self.session, self.rules, self.linker.thresholds.propose)
            unsettled = pairing.index(self.work, self.document, list(zip(counted, rows, strict=True)))
        new = self._assemble(counted, rows)
        refresh(self.session, self.touched)
        self.linker.settle(unsettled)
        numbers = self._numbers(self.changed | self.gone)
        return Changes(
            "new",
            self.work.id,
            new=tuple(new),
            changed=tuple(numbers[i] for i in sorted(self.changed - self.gone)),
            gone=tuple(numbers[i] for i in sorted(self.gone)),
        )

    def _stored(self) -> list[tuple[MentionRow, Reading]]:
        return latest_readings(self.session, MentionRow.work_id == self.work.id)

    def _match(self, stored: Iterable[tuple[MentionRow, Reading]], mentions: Sequence[Mention]) -> dict[int, int]:
        known = [
            Known(
                row.id,
                Span(row.start, row.end) if row.text_id == self.text.id else None,
                row.ordinal,
                row.sentence_hash,
            )
            for row, _ in stored
        ]
        return match(known, mentions, self.document.text)

    def _read(self, mention: Mention, before: tuple[MentionRow, Reading] | None) -> MentionRow:
        """The mention as it is read now: a new row, or a new reading of a known one where anything differs."""
        seen = snapshot(mention, self.document)
        if before is None:
            row = MentionRow(work_id=self.work.id, ordinal=mention.ordinal, recorded_at=self.hand.at)
            self._place(row, mention.span)
            self.session.add(row)
            self.session.flush()
            self._add_reading(row, seen)
            return row
        row, last = before
        self.readings[row.id] = last
        was = snapshot_of(last)
        if was == seen and (last.text_id, last.start, last.end) == (self.text.id, mention.span.start, mention.span.end):
            return row
        self._place(row, mention.span)
        reading = self._add_reading(row, seen)
        if row.commitment_id is not None:
            if mention.label is Label.COMMITMENT:
                self._event(EventType.READ, row, reading)
                if any(was[name] != seen[name] for name in seen.keys() - _INCIDENTAL):
                    self.changed.add(row.commitment_id)
            else:
                self._event(EventType.READ, row, payload={"found": False, "reason": mention.label.value})
                self.gone.add(row.commitment_id)
        return row

    def _lose(self, row: MentionRow, last: Reading, reason: str) -> None:
        """A mention that this reading does not find, or no longer counts: kept, with the reason."""
        if last.reason == reason:
            return
        reading = Reading(
            mention_id=row.id,
            text_id=last.text_id,
            start=last.start,
            end=last.end,
            rulebook=self.rulebook,
            recorded_at=self.hand.at,
            **reading_columns(snapshot_of(last) | {"reason": reason}),
        )
        self.session.add(reading)
        if row.commitment_id is not None:
            self._event(EventType.READ, row, payload={"found": False, "reason": reason})
            self.gone.add(row.commitment_id)

    def _assemble(self, counted: Sequence[Mention], rows: Sequence[MentionRow]) -> list[str]:
        """A commitment for each mention that has none yet; a repeat joins the one that it repeats."""
        new = []
        repeated_by = repeats(self.document.text, counted, self.rules.another if self.rules else None)
        for mention, row, repeated in zip(counted, rows, repeated_by, strict=True):
            if row.commitment_id is not None or mention.label is not Label.COMMITMENT:
                continue
            link = self.linker.join(row) if repeated is None else None
            if repeated is not None and (target := rows[repeated].commitment_id) is not None:
                row.commitment_id = target
                payload = {"document": self.work.id, "to": rows[repeated].id}
                self._event(EventType.LINKED, row, self.readings[row.id], payload)
                self.changed.add(target)
            elif link is not None:
                self.changed.add(self.linker.attach_by(link))
            else:
                commitment = next_number(self.session, self.readings[row.id].made or self.work.date, self.hand)
                row.commitment_id = commitment.id
                self._event(EventType.MADE, row, self.readings[row.id])
                new.append(commitment.number)
                self.changed.discard(commitment.id)
        return new

    def _place(self, row: MentionRow, span: Span) -> None:
        row.text_id, row.start, row.end = self.text.id, span.start, span.end
        row.sentence_hash = sentence_hash(span.of(self.document.text))

    def _add_reading(self, row: MentionRow, seen: Snapshot) -> Reading:
        reading = Reading(
            mention_id=row.id,
            text_id=row.text_id,
            start=row.start,
            end=row.end,
            rulebook=self.rulebook,
            recorded_at=self.hand.at,
            **reading_columns(seen),
        )
        self.session.add(reading)
        self.session.flush()
        self.readings[row.id] = reading
        return reading

    def _event(
        self, kind: EventType, row: MentionRow, reading: Reading | None = None, payload: dict[str, Any] | None = None
    ) -> None:
        assert row.commitment_id is not None
        self.touched.add(row.commitment_id)
        self.session.add(
            EventRow(
                commitment_id=row.commitment_id,
                type=kind.value,
                occurred_on=self.day,
                recorded_at=self.hand.at,
                by=self.hand.by,
                source=f"rules {self.rulebook}",
                payload={"document": self.work.id} if payload is None else payload,
                mention_id=row.id,
                reading_id=reading.id if reading else None,
            )
        )

    def _numbers(self, ids: set[int]) -> dict[int, str]:
        return mapping(self.session, CommitmentRow.id, CommitmentRow.number, CommitmentRow.id.in_(ids))
