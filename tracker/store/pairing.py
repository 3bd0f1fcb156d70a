"""Which sentences of different documents may be about one promise: kept in `link`, found by their words.

A pair depends on its two sentences alone, so the table is the same in whatever order documents were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, delete, func, or_, select
from sqlalchemy.orm import Bundle, Session

from tracker.commitments import linking
from tracker.commitments.background import done_by, met_here
from tracker.commitments.linking import LinkRules, Said, Scored
from tracker.commitments.references import Cited
from tracker.commitments.snapshot import day as as_day
from tracker.commitments.snapshot import made_on, reference_from_json
from tracker.domain import Document, Kind, Label, Mention
from tracker.store.rows import metadata_from_json
from tracker.store.tables import LinkRow, MentionRow, MentionWord, Reading, Work

#: So many mentions are loaded at once.
_BATCH = 500

#: What linking looks at of a reading; of a long store many are looked at.
_READING: Bundle[Any] = Bundle(
    "reading", Reading.mention_id, Reading.label, Reading.kind, Reading.flags, Reading.due, Reading.made,
    Reading.actor_person, Reading.actor_ministry, Reading.references, Reading.quote,
)  # fmt: skip


class Pairing:
    """Keeps the pairs of a store. Those with less than `propose` points are left out."""

    def __init__(self, session: Session, rules: LinkRules, propose: float) -> None:
        self.session = session
        self.rules = rules
        self.propose = propose
        self._sources: dict[int, Cited] = {}
        self._quotes: dict[int, str] = {}

    def index(self, work: Work, document: Document, found: Sequence[tuple[Mention, MentionRow]]) -> set[int]:
        """The words of a document's mentions, and the pairs that these make with those of other documents.

        Returns the later sentences whose pairs changed.
        """
        of_work = select(MentionRow.id).where(MentionRow.work_id == work.id)
        before = set(self.session.scalars(of_work))
        self.session.execute(delete(MentionWord).where(MentionWord.mention_id.in_(of_work)))
        for mention, row in found:
            words = linking.words_about(document, mention, self.rules)
            if mention.label is Label.COMMITMENT:
                made = made_on(mention, document)
                keys = linking.keys_of_promise(mention, document, made)
            else:
                keys = linking.keys_of_references(mention.references)
            weighed = words | dict.fromkeys(keys, 0.0)
            self.session.add_all(MentionWord(mention_id=row.id, word=w, weight=n) for w, n in weighed.items())
            self._quotes[row.id] = " ".join(mention.span.of(document.text).split())
        self.session.flush()
        own = {
            (found[said][1].id, found[promise][1].id): linking.just_said(sure, self.rules)
            for said, promise, sure in met_here(document, [mention for mention, _ in found], self.rules)
        }
        return self._pair(sorted(before), own)

    def _pair(self, ids: Sequence[int], own: Mapping[tuple[int, int], Scored]) -> set[int]:
        """Every link from or to these mentions anew; returns the sources of those that changed. `own`: those that their
        document makes among its own sentences."""
        mine = self._load(ids)
        near = {said.id: self._sharing(said) for said in mine}
        others = {said.id: said for said in self._load(set().union(*near.values()))}
        pairs = [
            (said, other) if said.day > other.day else (other, said)
            for said in mine
            for other_id in near[said.id]
            if (other := others.get(other_id)) is not None
        ]
        pairs = [pair for pair in pairs if linking.link_kind(*pair) is not None]
        self._add_words({said.id: said for pair in pairs for said in pair})
        ought = {pair: scored for pair, scored in own.items() if scored.score >= self.propose}
        for source, target in pairs:
            scored = linking.score(source, target, self.rules)
            if scored is not None and scored.score >= self.propose:
                ought[source.id, target.id] = scored
        here = select(LinkRow).where(or_(LinkRow.source_id.in_(ids), LinkRow.target_id.in_(ids)))
        stored = {(row.source_id, row.target_id): row for row in self.session.scalars(here)}
        changed: set[int] = set()
        for pair, row in stored.items():
            if pair not in ought:
                self.session.delete(row)
                changed.add(pair[0])
        for pair, scored in ought.items():
            columns = self._columns(pair[0], scored)
            known = stored.get(pair)
            if known is None:
                self.session.add(LinkRow(source_id=pair[0], target_id=pair[1], **columns))
            elif any(getattr(known, name) != value for name, value in columns.items()):
                for name, value in columns.items():
                    setattr(known, name, value)
            else:
                continue
            changed.add(pair[0])
        self.session.flush()
        return changed

    def _columns(self, source_id: int, scored: Scored) -> dict[str, Any]:
        quote = self._quotes[source_id]
        return {
            "kind": scored.kind.value,
            "score": scored.score,
            "by_itself": scored.by_itself,
            "partial": bool(self.rules.partial.search(quote)),
            "reasons": [{**asdict(reason), "params": dict(reason.params)} for reason in scored.reasons],
        }

    def _sharing(self, said: Said) -> set[int]:
        """Mentions of other days that share enough words with one, on the side that can make a pair with it."""
        words = select(MentionWord.word).where(MentionWord.mention_id == said.id)
        back = timedelta(days=self.rules.limits["back"])
        promise = said.label is Label.COMMITMENT
        days = (Work.date != said.day, Work.date >= said.day - back, Work.date <= said.day + back)
        keys = func.sum(case((MentionWord.word.startswith(linking.KEY), 1), else_=0))
        query = (
            select(MentionWord.mention_id)
            .join(MentionRow, MentionRow.id == MentionWord.mention_id)
            .join(Work, Work.id == MentionRow.work_id)
            .where(MentionWord.word.in_(words), MentionRow.work_id != said.document, *days)
            .group_by(MentionWord.mention_id)
            .having(or_(func.count() >= self.rules.limits["shared"], keys > 0))
        )
        earlier = and_(Work.date < said.day, MentionRow.commitment_id.is_not(None))
        # Only a promise can be met; only to a promise can something later come back.
        return set(self.session.scalars(query.where(or_(Work.date > said.day, earlier) if promise else earlier)))

    def _load(self, ids: Iterable[int]) -> list[Said]:
        """These mentions as linking sees them but for their words, where they count and their documents have a day."""
        found = []
        for some in _batches(ids):
            last = select(func.max(Reading.id)).where(Reading.mention_id.in_(some)).group_by(Reading.mention_id)
            query = (
                select(MentionRow.work_id, _READING)
                .join_from(MentionRow, Reading, Reading.mention_id == MentionRow.id)
                .join(Work, Work.id == MentionRow.work_id)
                .where(Reading.id.in_(last), Reading.reason.is_(None), Work.date.is_not(None))
            )
            rows = list(self.session.execute(query))
            self._add_sources({row.work_id for row in rows})
            for work_id, reading in rows:
                self._quotes[reading.mention_id] = reading.quote
                said = _said(reading, self._sources[work_id])
                if said.label is Label.REPORT:
                    said = replace(said, done=done_by(reading.quote, self.rules))
                found.append(said)
        return sorted(found, key=lambda said: said.id)

    def _add_sources(self, works: Set[int]) -> None:
        columns = select(Work.id, Work.date, Work.metadata_json)
        for work_id, day, stored in self.session.execute(columns.where(Work.id.in_(works - self._sources.keys()))):
            about = metadata_from_json(stored)
            self._sources[work_id] = Cited(work_id, day, about.kind, about.dossiers, about.number, about.title)

    def _add_words(self, said: Mapping[int, Said]) -> None:
        columns = select(MentionWord.mention_id, MentionWord.word, MentionWord.weight).where(MentionWord.weight > 0)
        for some in _batches(said):
            for mention_id, word, weight in self.session.execute(columns.where(MentionWord.mention_id.in_(some))):
                said[mention_id].words[word] = weight


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    wanted = sorted(set(ids))
    return (wanted[at : at + _BATCH] for at in range(0, len(wanted), _BATCH))


def _said(reading: Any, source: Cited) -> Said:
    assert source.day is not None
    return Said(
        id=reading.mention_id,
        document=source.id,
        day=source.day,
        label=Label(reading.label),
        kind=Kind(reading.kind) if reading.kind else None,
        flags=frozenset(reading.flags),
        due=as_day((reading.due or {}).get("to")),
        made=reading.made,
        person=reading.actor_person,
        ministry=reading.actor_ministry,
        references=tuple(reference_from_json(stored) for stored in reading.references),
        source=source,
        words={},
    )
