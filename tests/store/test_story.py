"""Properties: whatever happens in whatever order, the projection is the fold of the events, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tracker.commitments.filters import Filter, select
from tracker.commitments.state import EventType, Review, Status
from tracker.domain import Kind, Strength
from tracker.store import Store

from .builders import LETTER, Clock, document, save, three, undated
from .databases import fresh

DAYS = st.integers(0, 700).map(lambda n: date(2024, 1, 1) + timedelta(days=n))
KINDS = st.sampled_from(Kind)
DECISIONS = {EventType.STATUS, EventType.REVIEW, EventType.DUE, EventType.UNDONE}
FILTERS = [
    Filter(),
    Filter(overdue=True),
    Filter(due_within=90),
    Filter(open=True, review=frozenset(Review)),
    Filter(status=frozenset({Status.FULFILLED, Status.UNCLEAR})),
]
TEXTS = [LETTER + "PS\n" * n for n in range(3)]


class Life(RuleBasedStateMachine):
    """Documents are read and read again, people decide, in any order."""

    @initialize()
    def start(self) -> None:
        self.clock = Clock()
        self.store = Store.open(fresh("sqlite://"), now=self.clock)
        self.rulebook = 1
        self.printed: list[tuple[date, Any, list[Any]]] = []
        self.numbers: set[str] = set()

    @rule(text=st.sampled_from(TEXTS), day=st.none() | DAYS, kept=st.sets(st.integers(0, 2)), kind=KINDS)
    def read(self, text: str, day: date | None, kept: set[int], kind: Kind) -> None:
        self.rulebook += 1
        mentions = [replace(m, kind=kind, strength=Strength.FIRM) for i, m in enumerate(three(text)) if i in kept]
        save(self.store, document(text, day), mentions if day else undated(mentions), rulebook=str(self.rulebook))

    @precondition(lambda self: self.numbers)
    @rule(data=st.data(), status=st.sampled_from(Status), day=DAYS)
    def status(self, data: st.DataObject, status: Status, day: date) -> None:
        self.store.set_status([self.one(data)], status, occurred_on=day)

    @precondition(lambda self: self.numbers)
    @rule(data=st.data(), review=st.sampled_from(Review))
    def review(self, data: st.DataObject, review: Review) -> None:
        self.store.set_review([self.one(data)], review)

    @precondition(lambda self: self.numbers)
    @rule(data=st.data(), day=DAYS, on=DAYS)
    def due(self, data: st.DataObject, day: date, on: date) -> None:
        self.store.set_due([self.one(data)], day, occurred_on=on)

    @precondition(lambda self: self.numbers)
    @rule(data=st.data(), words=st.sets(st.sampled_from("abc"), min_size=1))
    def tag(self, data: st.DataObject, words: set[str]) -> None:
        self.store.tag([self.one(data)], add=words, remove={"a"})

    @precondition(lambda self: self.numbers)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        events = self.store.history(self.one(data))
        undone = {event.corrects for event in events}
        standing = [event.id for event in events if event.id not in undone and event.type in DECISIONS]
        if standing:
            self.store.undo(data.draw(st.sampled_from(standing)))

    @rule(as_of=DAYS)
    def look(self, as_of: date) -> None:
        """What is printed now must be found again later, as known at this moment."""
        self.clock.forward()
        moment = self.clock.moment
        everything = self.store.commitments(as_of=as_of)
        for wanted in FILTERS:
            assert select(self.store.commitments(as_of=as_of, wanted=wanted), wanted) == select(everything, wanted)
        self.printed.append((as_of, moment, everything))
        self.clock.forward()

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "store"):
            return
        assert self.store.verify() == []
        numbers = {c.number for c in self.store.commitments(as_of=date(2100, 1, 1))}
        assert numbers >= self.numbers, "a commitment is never deleted"
        self.numbers = numbers
        for as_of, moment, printed in self.printed[-2:]:
            assert self.store.commitments(as_of=as_of, known_on=moment) == printed

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()

    def one(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.numbers)))


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
