"""Events become a state: on a day, as known at a moment, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tracker.commitments.fold import CALENDAR, extent, fold, seen_by
from tracker.commitments.state import Commitment, DocumentRef, Event, EventType, Review, Status

START = datetime(2024, 1, 1, tzinfo=UTC)
REFS = {1: DocumentRef(1, "Brief", "letter", date(2024, 1, 1))}
LATE = date(2030, 1, 1)


def due(day: str) -> dict[str, Any]:
    return {"from": day, "to": day, "precision": "day", "steps": []}


def seen(**fields: Any) -> dict[str, Any]:
    """What a reading saw."""
    actor = {"written": "ik", "person": None, "office": None, "ministry": None}
    common = {"kind": "inform", "strength": "firm", "flags": [], "confidence": 1.0, "rule": "test", "quote": "Ik zal."}
    rest = {"context": None, "action": "", "topic": None, "addressee": [], "page": None, "cue": None}
    place = {"deadline_at": None, "deadline": None, "due": None, "made": "2024-01-01", "document": 1}
    return {"actor": actor, **common, **rest, **place, **fields}


def event(number: int, kind: EventType, day: int = 0, mention: int | None = None, /, **payload: Any) -> Event:
    corrects = payload.pop("corrects", None)
    when = START + timedelta(hours=number)
    occurred = date(2024, 1, 1) + timedelta(days=day)
    return Event(number, kind, occurred, when, "test", payload=payload, corrects=corrects, mention=mention)


MADE = event(1, EventType.MADE, 0, 10, **seen(due=due("2024-06-30")))


def state(*events: Event, as_of: date = LATE, known: datetime | None = None) -> Commitment:
    folded = fold("TT-2024-0001", [MADE, *events], as_of=as_of, documents=REFS, known=known)
    assert folded is not None
    return folded


def test_a_deferral_moves_the_date_from_its_own_day_and_keeps_the_first() -> None:
    later = event(2, EventType.LINKED, 100, 11, **seen(flags=["deferral"], due=due("2024-12-20")))
    now = state(later)
    assert (now.due and now.due.last, now.first_due, now.mentions) == (date(2024, 12, 20), date(2024, 6, 30), 2)
    before = state(later, as_of=date(2024, 3, 1))
    assert (before.due and before.due.last, before.mentions) == (date(2024, 6, 30), 1)


def test_a_repeat_that_names_another_date_does_not_move_it() -> None:
    now = state(event(2, EventType.LINKED, 100, 11, **seen(flags=["restated"], due=due("2024-12-20"))))
    assert now.due and now.due.last == date(2024, 6, 30)


UNDATED = {"from": None, "to": None, "precision": "vague", "steps": []}


def test_a_deferral_without_a_day_leaves_the_day_that_a_person_set() -> None:
    moved = event(2, EventType.DUE, 30, due=due("2024-09-01"))
    later = event(3, EventType.LINKED, 100, 11, **seen(flags=["deferral"], due=UNDATED))
    now = state(moved, later)
    assert now.due and (now.due.last, now.deferrals) == (date(2024, 9, 1), 1)
    assert now.days_late() > 0


def test_a_person_can_say_that_there_is_no_day_any_more() -> None:
    now = state(event(2, EventType.DUE, 30, due=UNDATED))
    assert now.due and (now.due.last, now.first_due) == (None, date(2024, 6, 30))


def recalculated(number: int, mention: int, day: str) -> Event:
    return replace(event(number, EventType.DUE, 0, mention, due=due(day)), source=CALENDAR)


def test_a_corrected_calendar_moves_no_date_but_says_what_it_always_was() -> None:
    now = state(recalculated(2, 10, "2024-07-04"))
    assert (now.due and now.due.last, now.first_due, now.deferrals) == (date(2024, 7, 4), date(2024, 7, 4), 0)
    assert state(recalculated(2, 10, "2024-07-04"), as_of=date(2024, 1, 1)).first_due == date(2024, 7, 4)


def test_a_corrected_calendar_dates_a_sentence_not_the_promise() -> None:
    """What was put off stays put off once; each sentence means another day by itself."""
    later = event(2, EventType.LINKED, 100, 11, **seen(flags=["deferral"], due=due("2024-12-20")))
    now = state(later, recalculated(3, 10, "2024-07-04"), recalculated(4, 11, "2024-12-19"))
    assert (now.due and now.due.last, now.first_due, now.deferrals) == (date(2024, 12, 19), date(2024, 7, 4), 1)


def test_a_later_reading_says_more_than_an_earlier_calendar() -> None:
    read = event(3, EventType.READ, 0, 10, **seen(due=due("2024-08-01")))
    assert state(recalculated(2, 10, "2024-07-04"), read).first_due == date(2024, 8, 1)
    assert seen_by([MADE, recalculated(2, 10, "2024-07-04")])[10]["due"] == due("2024-07-04")


def test_an_earlier_mention_speaks_for_the_commitment() -> None:
    earlier = seen(quote="Eerder gezegd.", due=due("2024-05-01"), made="2023-12-01")
    now = state(event(2, EventType.LINKED, -31, 11, **earlier))
    assert (now.quote, now.made, now.first_due) == ("Eerder gezegd.", date(2023, 12, 1), date(2024, 5, 1))


def test_a_mention_that_is_lost_gives_way_to_one_that_is_found() -> None:
    linked = event(2, EventType.LINKED, 10, 11, **seen(quote="Nog eens."))
    lost = event(3, EventType.READ, 0, 10, found=False, reason="not-found")
    assert (state(linked, lost).quote, state(linked, lost).found) == ("Nog eens.", True)
    assert (state(lost).quote, state(lost).found) == ("Ik zal.", False)


def test_a_mention_that_is_unlinked_no_longer_counts() -> None:
    linked = event(2, EventType.LINKED, 10, 11, **seen())
    assert state(linked, event(3, EventType.UNLINKED, 10, 11)).mentions == 1


def test_reading_again_with_another_date_moves_the_whole_promise() -> None:
    read = event(2, EventType.READ, -365, 10, **seen(made="2023-01-01"))
    assert state(read, as_of=date(2023, 1, 1)).made == date(2023, 1, 1)


def test_a_status_is_closed_on_its_day_and_reopened() -> None:
    closed = event(2, EventType.STATUS, 50, status="fulfilled", by="claimed")
    assert (state(closed).closed_on, state(closed).closed_by) == (date(2024, 2, 20), "claimed")
    reopened = state(closed, event(3, EventType.STATUS, 60, status="open"))
    assert (reopened.status, reopened.closed_on) == (Status.OPEN, None)


DECISIONS = st.one_of(
    st.builds(lambda s: (EventType.STATUS, {"status": s.value}), st.sampled_from(Status)),
    st.builds(lambda r: (EventType.REVIEW, {"review": r.value}), st.sampled_from(Review)),
    st.builds(lambda d: (EventType.DUE, {"due": due(f"2024-{d:02d}-01")}), st.integers(1, 12)),
    st.builds(lambda a, r: (EventType.TAG, {"add": [a], "remove": [r]}), *[st.sampled_from("abc")] * 2),
    st.builds(lambda found: (EventType.READ, {"found": False} if not found else seen(kind="act")), st.booleans()),
    st.builds(lambda c: (EventType.UNDONE, {"corrects": c}), st.integers(2, 8)),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """A commitment and what was decided of it, some at the very same moment."""
    events = [MADE]
    for number, (kind, payload) in enumerate(draw(st.lists(DECISIONS, max_size=8)), start=2):
        day = draw(st.integers(-30, 400))
        happened = event(number, kind, day, 10 if kind is EventType.READ else None, **payload)
        if kind is EventType.DUE and draw(st.booleans()):
            happened = replace(happened, source=CALENDAR, mention=10)
        events.append(replace(happened, recorded_at=START + timedelta(hours=draw(st.integers(number // 3, number)))))
    return events


@given(histories(), st.randoms(use_true_random=False), st.integers(0, 500))
def test_the_order_in_which_events_arrive_does_not_matter(history: list[Event], random: Any, days: int) -> None:
    as_of = date(2024, 1, 1) + timedelta(days=days)
    shuffled = random.sample(history, len(history))
    one, other = (fold("TT-2024-0001", events, as_of=as_of, documents=REFS) for events in (history, shuffled))
    assert one == other


@given(histories(), st.integers(-60, 500))
def test_from_the_settled_day_on_the_day_asked_about_makes_no_difference(history: list[Event], days: int) -> None:
    course = extent(history)
    assert course is not None
    as_of = date(2024, 1, 1) + timedelta(days=days)
    then = fold("TT-2024-0001", history, as_of=as_of, documents=REFS)
    assert (then is None) == (as_of < course.start)
    if as_of >= course.settled:
        last = fold("TT-2024-0001", history, as_of=date.max, documents=REFS)
        assert then and last and replace(then, as_of=date.max) == last


@given(histories(), st.integers(0, 10))
def test_what_was_recorded_later_was_not_known(history: list[Event], hours: int) -> None:
    moment = START + timedelta(hours=hours)
    recorded = [e for e in history if e.recorded_at <= moment]
    known, then = (
        fold("TT-2024-0001", events, as_of=LATE, documents=REFS, known=until)
        for events, until in ((history, moment), (recorded, None))
    )
    assert known == then
