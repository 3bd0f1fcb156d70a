"""What waits for a person, and what a person decides about it: proposed links, deferrals, doubtful finds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.commitments.fold import LINKING, in_force
from tracker.commitments.linking import JOINING, LinkKind, Thresholds, declined
from tracker.commitments.references import Cited, resolve
from tracker.commitments.snapshot import reference_from_json
from tracker.commitments.state import Commitment, DocumentRef, Event, EventType, Review
from tracker.deadlines import due_from_json
from tracker.domain import DuePeriod, Label
from tracker.errors import NotFound, UsageError
from tracker.store import decisions, projection
from tracker.store.intake import Hand, row_of
from tracker.store.linking import Linker
from tracker.store.model import Claim, Proposal, Statement
from tracker.store.numbering import rows_of
from tracker.store.projection import among
from tracker.store.rows import event_of, metadata_from_json
from tracker.store.tables import CommitmentRow, EventRow, LinkRow, MentionRow, Reading, Work

#: The tag of promises that somebody else looks after: they do not wait for this person.
NOT_MINE = "not-mine"

#: A sentence that may be about more promises than this says too little: the likeliest ones are shown.
_RIVALS = 3

#: More promises than this are looked up with all others: an SQL statement takes no more than some thousands of values.
_MANY = 1_000

_LINK = re.compile(r"\s*[Ll]-?(\d{1,99})\s*")

Writing = Callable[[], AbstractContextManager[tuple[Session, Hand]]]
Reading_ = Callable[[], AbstractContextManager[Session]]


class Desk:
    """The desk of a person who reviews. Get it from `Store.desk`."""

    def __init__(self, reading: Reading_, writing: Writing, thresholds: Thresholds) -> None:
        self._reading = reading
        self._writing = writing
        self._thresholds = thresholds

    def waiting(self, *, as_of: date) -> list[Proposal]:
        """All that waits, the likeliest links first, then doubtful finds. Reads only."""
        with self._reading() as session:
            return _waiting(session, as_of, self._thresholds)

    def offered(self, numbers: Collection[str], *, as_of: date) -> list[Proposal]:
        """Of what waits, the later sentences that may change how these promises stand. Looks at no others: quick."""
        with self._reading() as session:
            few = numbers if len(numbers) <= _MANY else None
            waiting = _waiting(session, as_of, self._thresholds, few)
        wanted = set(numbers)
        return [p for p in waiting if p.said is not None and not p.linked and p.commitment.number in wanted]

    def claims(self, *, as_of: date) -> list[Claim]:
        """The sentences that say that a promise is met, of documents up to a day, with what they were linked to."""
        with self._reading() as session:
            return _claims(session, as_of)

    def accept(self, item: str, *, note: str | None = None) -> Event:
        """What is proposed is so: a promise is one, a link holds, a claimed fulfilment is confirmed."""
        with self._writing() as (session, hand):
            link = _link(session, item)
            if link is None:
                return _reviewed(session, hand, item, Review.ACCEPTED, note)
            linker = Linker(session, hand, self._thresholds, person=True)
            event = linker.accept(link, note)
            linker.settle()
            return event

    def reject(self, item: str, *, note: str | None = None) -> Event:
        """What is proposed is not so. A link that was made by itself is taken back, and not made again."""
        with self._writing() as (session, hand):
            link = _link(session, item)
            if link is None:
                return _reviewed(session, hand, item, Review.REJECTED, note)
            linker = Linker(session, hand, self._thresholds, person=True)
            event = linker.decline(link, note)
            linker.settle([link.source_id])
            return event

    def number_of(self, item: str) -> str:
        """The number of the promise that an item is about."""
        with self._reading() as session:
            link = _link(session, item)
            if link is None:
                return rows_of(session, [item])[0].number
            return _number_carried(session, link.target_id)

    def tie(self, numbers: Iterable[str], parent: str | None, *, note: str | None = None) -> list[Event]:
        """Say that promises are part of another one, or with None no longer."""
        with self._writing() as (session, hand):
            above = rows_of(session, [parent])[0].number if parent else None
            rows = rows_of(session, numbers)
            if any(row.number == above for row in rows):
                raise UsageError(f"{above} cannot be part of itself")
            return decisions.decide(
                session, hand, [row.number for row in rows], EventType.TIED, {"parent": above}, note=note
            )

    def merge(self, number: str, other: str, *, note: str | None = None) -> Event:
        """Say that two promises are one: the later one is a mention of the earlier. Returns the event to undo."""
        with self._writing() as (session, hand):
            rows = rows_of(session, [number, other])
            if len(rows) < 2:
                raise UsageError(f"{rows[0].number} is one promise already")
            linker = Linker(session, hand, self._thresholds, person=True)
            event = linker.merge(rows[0].id, rows[1].id, note)
            linker.settle()
            return event

    def reassign(
        self, numbers: Iterable[str], holder: dict[str, str], *, occurred_on: date, note: str | None = None
    ) -> list[Event]:
        """Say who answers for promises from a day on; `holder`: person, office, ministry, those that change.

        An office is one of its ministry: with another ministry it holds no longer, unless another one is given.
        """
        changed: dict[str, str | None] = {**({"office": None} if "ministry" in holder else {}), **holder}
        with self._writing() as (session, hand):
            return decisions.decide(
                session, hand, numbers, EventType.REASSIGNED, changed, occurred_on=occurred_on, note=note
            )

    def edit(self, number: str, *, action: str | None = None, topic: str | None = None) -> list[Event]:
        """Word a promise better; its quote stays as it was said."""
        worded = {name: text.strip() for name, text in (("action", action), ("topic", topic)) if text and text.strip()}
        if not worded:
            raise UsageError("nothing to change: give the words")
        with self._writing() as (session, hand):
            return decisions.decide(session, hand, [number], EventType.EDITED, worded)


# ── What waits ───────────────────────────────────────────────────────────────────────────────────────────────────


def _waiting(
    session: Session, as_of: date, thresholds: Thresholds, few: Collection[str] | None = None
) -> list[Proposal]:
    """All that waits; with `few` what waits about these promises, among what else their later sentences may mean."""
    links = list(session.scalars(select(LinkRow).where(LinkRow.score >= thresholds.propose, *_near(few))))
    if few is not None and not links:
        return []
    sources = {link.source_id for link in links}
    mentions = None if few is None else sources | {link.target_id for link in links}
    carried = projection.mapping(session, MentionRow.id, MentionRow.commitment_id, *among(MentionRow.id, mentions))
    carriers = None if few is None else {each for each in carried.values() if each is not None}
    numbers = projection.mapping(session, CommitmentRow.id, CommitmentRow.number, *among(CommitmentRow.id, carriers))
    standing = {c.number: c for c in projection.standing(session, as_of, carriers)}
    found: list[Proposal] = []
    about = _about(session, sources, only=few is not None)
    said = _statements(session, sources, as_of, only=few is not None)
    settled = _settled(links, about)
    for link in links:
        target, source = carried[link.target_id], carried[link.source_id]
        commitment = standing.get(numbers[target]) if target is not None else None
        if commitment is None or link.source_id not in said or not _for_me(commitment):
            continue
        events = about[link.source_id]
        if target in {carried[mention] for mention in declined([event for _, event in events])}:
            continue
        kind = LinkKind(link.kind)
        linked = _linked(events, link, target)
        if linked is None or not _asks(kind, commitment, linked, source == target):
            continue
        if not linked and link.score < settled.get(link.source_id, 0.0) - thresholds.margin:
            continue
        own = standing.get(numbers[source]) if source is not None and source != target else None
        if kind in JOINING and source != target and (own is None or own.review is Review.REJECTED):
            continue
        found.append(_proposal(link, kind, commitment, said[link.source_id], linked, own))
    new = [
        Proposal(id=c.number, kind="new", commitment=c, score=c.confidence)
        for c in standing.values()
        if c.review is Review.NEW and c.confidence < thresholds.review and _for_me(c)
    ]
    found.sort(key=lambda p: (-p.score, p.commitment.number, int(p.id[1:])))
    return _likeliest(found, thresholds.margin) + sorted(new, key=lambda p: (-p.score, p.id))


def _near(few: Collection[str] | None) -> list[ColumnElement[bool]]:
    """The links of the documents with a later sentence about some promises: what these say is weighed together."""
    if few is None:
        return []
    target, source = aliased(MentionRow), aliased(MentionRow)
    works = (
        select(source.work_id)
        .join(LinkRow, LinkRow.source_id == source.id)
        .join(target, target.id == LinkRow.target_id)
        .join(CommitmentRow, CommitmentRow.id == target.commitment_id)
        .where(CommitmentRow.number.in_(few))
    )
    return [LinkRow.source_id.in_(select(MentionRow.id).where(MentionRow.work_id.in_(works)))]


def _likeliest(found: list[Proposal], margin: float) -> list[Proposal]:
    """Of what a sentence may be about, the likeliest and its rivals, if not too many; of a document's mere reports, one
    a promise."""
    best: dict[object, float] = {}
    rivals: Counter[object] = Counter()
    kept: list[Proposal] = []
    told: set[tuple[str, int | None]] = set()
    for proposal in found:
        said = proposal.said
        assert said is not None, "links have a later sentence"
        sentence = (said.document.id, said.quote)
        if proposal.score < best.setdefault(sentence, proposal.score) - margin or rivals[sentence] >= _RIVALS:
            continue
        if proposal.kind == LinkKind.REPORT:
            if (proposal.commitment.number, said.document.id) in told:
                continue
            told.add((proposal.commitment.number, said.document.id))
        rivals[sentence] += 1
        kept.append(proposal)
    return kept


def _settled(links: list[LinkRow], about: dict[int, list[tuple[int, Event]]]) -> dict[int, float]:
    """By later sentence the score of the link that holds: what is much less likely is not asked about any more."""
    best: dict[int, float] = {}
    for link in links:
        standing = in_force([event for _, event in about[link.source_id]])
        if any(_leads_to(event, link) for event in standing):
            best[link.source_id] = max(link.score, best.get(link.source_id, 0.0))
    return best


def _leads_to(event: Event, link: LinkRow) -> bool:
    """Whether an event makes one commitment of the two sentences of a link, or closes the one by the other."""
    if event.type is EventType.STATUS:
        return bool(event.payload.get("target") == link.target_id)
    return event.type is EventType.LINKED and bool(event.payload.get("to") == link.target_id)


def _asks(kind: LinkKind, commitment: Commitment, linked: bool, together: bool) -> bool:
    """Whether there is something to decide. What was closed by itself, or put off, a person confirms or disputes."""
    if kind in JOINING:
        return (linked and kind is LinkKind.DEFERRAL) or not together
    return commitment.closed_by != "confirmed" if linked else commitment.open


def _linked(events: list[tuple[int, Event]], link: LinkRow, target: int | None) -> bool | None:
    """Whether the link holds by itself; None where a person has decided about it."""
    standing = {event.id for event in in_force([event for _, event in events])}
    by_itself = False
    for commitment, event in events:
        if event.id not in standing or event.type not in (EventType.STATUS, EventType.LINKED):
            continue
        here = _leads_to(event, link)
        if event.source != LINKING and (here or (event.type is EventType.STATUS and commitment == target)):
            return None
        by_itself = by_itself or (here and commitment == target)
    return by_itself


def _for_me(commitment: Commitment) -> bool:
    return commitment.review is not Review.REJECTED and NOT_MINE not in commitment.tags


def _about(session: Session, mentions: set[int], *, only: bool = False) -> dict[int, list[tuple[int, Event]]]:
    """By mention what was linked, closed or declined on its account, with the commitment; undoings included."""
    kinds = [kind.value for kind in (EventType.STATUS, EventType.LINKED, EventType.DECLINED)]
    whose_own = EventRow.mention_id.in_(mentions) if only else EventRow.mention_id.is_not(None)
    rows = list(session.scalars(select(EventRow).where(whose_own, EventRow.type.in_(kinds))))
    whose = {row.id: row.mention_id for row in rows}
    undone = select(EventRow).where(EventRow.corrects.is_not(None)).order_by(EventRow.id)
    for row in session.scalars(undone):
        if row.corrects in whose:
            whose[row.id] = whose[row.corrects]
            rows.append(row)
    found: dict[int, list[tuple[int, Event]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.recorded_at, row.id)):
        mention = whose[row.id]
        if mention in mentions:
            found[mention].append((row.commitment_id, event_of(row, None)))
    return found


def declined_by_people(session: Session, mentions: set[int], known: datetime | None) -> dict[int, frozenset[str]]:
    """By later sentence, the numbers of the promises that it is not about, as people said up to a moment."""
    undoing = aliased(EventRow)
    turned_down = select(EventRow.mention_id).where(EventRow.type == EventType.DECLINED.value)
    taken_back = (
        select(EventRow.mention_id)
        .join(undoing, undoing.corrects == EventRow.id)
        .where(or_(undoing.source.is_(None), undoing.source != LINKING))
    )
    decided = mentions & {*session.scalars(turned_down), *session.scalars(taken_back)}
    if not decided:  # mostly: nobody said a thing of any
        return {}
    said = {
        mention: declined([event for _, event in events if known is None or event.recorded_at <= known])
        for mention, events in _about(session, decided, only=True).items()
    }
    promised = (
        select(MentionRow.id, CommitmentRow.number)
        .join(CommitmentRow, CommitmentRow.id == MentionRow.commitment_id)
        .where(MentionRow.id.in_(frozenset().union(*said.values())))
    )
    numbers = {row.id: row.number for row in session.execute(promised)}
    return {mention: frozenset(numbers[each] for each in wrong if each in numbers) for mention, wrong in said.items()}


def _statements(session: Session, mentions: set[int], as_of: date, *, only: bool = False) -> dict[int, Statement]:
    readings = projection.latest_readings(session, MentionRow.id.in_(mentions))
    refs = projection.documents(session, None, {mention.work_id for mention, _ in readings} if only else None)
    found = {}
    for mention, reading in readings:
        document = refs[mention.work_id]
        if reading.reason is None and (document.date is None or document.date <= as_of):
            found[mention.id] = _statement(reading, document)
    return found


def _statement(reading: Reading, document: DocumentRef) -> Statement:
    due: DuePeriod | None = due_from_json(reading.due) if reading.due else None
    return Statement(reading.quote, reading.context, document, reading.page, due)


def _proposal(
    link: LinkRow, kind: LinkKind, commitment: Commitment, said: Statement, linked: bool, own: Commitment | None
) -> Proposal:
    return Proposal(
        id=f"L{link.id}",
        kind="claimed" if linked and kind not in JOINING else kind.value,
        commitment=commitment,
        score=min(1.0, link.score),
        reasons=tuple(link.reasons),
        said=said,
        partial=link.partial,
        linked=linked,
        own=own.number if own else None,
    )


def _claims(session: Session, as_of: date) -> list[Claim]:
    refs = projection.documents(session, None)
    known = [
        Cited(work.id, work.date, about.kind, about.dossiers, about.number, about.title)
        for work in session.scalars(select(Work))
        for about in [metadata_from_json(work.metadata_json)]
    ]
    numbers = projection.mapping(session, CommitmentRow.id, CommitmentRow.number)
    carried = projection.mapping(session, MentionRow.id, MentionRow.commitment_id)
    said = [
        (mention, reading)
        for mention, reading in projection.latest_readings(session)
        if reading.label == Label.FULFILMENT and reading.reason is None
    ]
    about = _about(session, {mention.id for mention, _ in said})
    proposed: dict[int, list[str]] = defaultdict(list)
    for link in session.scalars(select(LinkRow).order_by(LinkRow.score.desc(), LinkRow.id)):
        commitment = carried[link.target_id]
        if commitment is not None and numbers[commitment] not in proposed[link.source_id]:
            proposed[link.source_id].append(numbers[commitment])
    claims = []
    for mention, reading in said:
        document = refs[mention.work_id]
        if document.date is not None and document.date > as_of:
            continue
        events = about[mention.id]
        standing = {event.id for event in in_force([event for _, event in events])}
        statuses = [
            (numbers[commitment], event)
            for commitment, event in events
            if event.id in standing and event.type is EventType.STATUS and event.occurred_on <= as_of
        ]
        closed = [number for number, _ in statuses]
        references = [reference_from_json(stored) for stored in reading.references]
        resolved = [(reference, resolve(reference, known)) for reference in references]
        claims.append(
            Claim(
                said=_statement(reading, document),
                ministry=reading.actor_ministry,
                references=tuple((reference, refs[to.id] if to else None) for reference, to in resolved),
                closes=tuple(dict.fromkeys(closed)),
                proposed=tuple(n for n in proposed[mention.id] if n not in closed),
                confirmed=any(event.source != LINKING for _, event in statuses),
            )
        )
    return sorted(claims, key=lambda claim: (claim.said.document.date or date.min, claim.said.document.id or 0))


# ── Deciding ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _link(session: Session, item: str) -> LinkRow | None:
    """The link of an id ("L12"); None where it is a commitment's number."""
    found = _LINK.fullmatch(item)
    if found is None:
        return None
    link = row_of(session, LinkRow, int(found[1]))
    if link is None:
        raise NotFound(f"no proposal {item.strip()}: `tracker review list` shows those that wait")
    return link


def _number_carried(session: Session, mention_id: int) -> str:
    carried = session.get_one(MentionRow, mention_id).commitment_id
    return session.get_one(CommitmentRow, carried).number


def _reviewed(session: Session, hand: Hand, item: str, review: Review, note: str | None) -> Event:
    return decisions.decide(session, hand, [item], EventType.REVIEW, {"review": review.value}, note=note)[0]
