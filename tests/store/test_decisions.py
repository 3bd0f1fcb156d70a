"""What people decide: statuses, reviews, dates, notes and tags, on a day, and as was known on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tracker.commitments.filters import Filter, select
from tracker.commitments.state import EventType, Review, Status
from tracker.domain import Actor, DuePeriod, Kind, Precision
from tracker.errors import NotFound, UsageError
from tracker.store import Store

from .builders import LETTER, Clock, document, save

LATE = date(2025, 1, 1)
ONE, TWO, THREE = "TT-2024-0001", "TT-2024-0002", "TT-2024-0003"


def overdue(store: Store, day: date, **known: date) -> list[str]:
    return [c.number for c in select(store.commitments(as_of=day, **known), Filter(overdue=True))]


def test_nothing_is_there_before_its_document(store: Store) -> None:
    save(store)
    assert store.commitments(as_of=date(2024, 3, 3)) == []
    assert len(store.commitments(as_of=date(2024, 3, 4))) == 3


def test_overdue_starts_the_day_after_the_due_date(store: Store) -> None:
    save(store)
    assert overdue(store, date(2024, 6, 30)) == []
    assert overdue(store, date(2024, 7, 1)) == [ONE]
    assert overdue(store, date(2024, 10, 1)) == [ONE, TWO]


def test_a_status_holds_from_its_own_day(store: Store, clock: Clock) -> None:
    save(store)
    clock.forward(200)
    store.set_status([ONE], Status.FULFILLED, occurred_on=date(2024, 7, 20))
    assert overdue(store, date(2024, 7, 15)) == [ONE]
    assert overdue(store, date(2024, 7, 20)) == []


def test_known_on_yesterday_knows_nothing_of_todays_status(store: Store, clock: Clock) -> None:
    save(store)
    clock.forward(200)
    today = clock.moment.date()
    store.set_status([ONE], Status.FULFILLED, occurred_on=date(2024, 7, 20))
    assert overdue(store, date(2024, 8, 1), known_on=date(2024, 9, 20)) == [ONE]
    assert overdue(store, date(2024, 8, 1), known_on=today) == []
    assert store.commitments(as_of=LATE, known_on=date(2024, 3, 4)) == [], "the letter was not stored before the fifth"


def test_a_day_ends_at_midnight_in_amsterdam(store: Store, clock: Clock) -> None:
    save(store)
    clock.moment = datetime(2024, 7, 20, 21, 59, 59, 999999, tzinfo=UTC)  # a microsecond to midnight
    store.add_note([ONE], "nog net")
    clock.moment = datetime(2024, 7, 20, 22, tzinfo=UTC)
    store.add_note([ONE], "te laat")
    assert [e.note for e in store.history(ONE, known_on=date(2024, 7, 20))][1:] == ["nog net"]


def test_the_status_of_the_latest_day_counts_whatever_the_order_of_recording(store: Store) -> None:
    save(store)
    store.set_status([ONE], Status.FULFILLED, occurred_on=date(2024, 9, 1))
    store.set_status([ONE], Status.PARTLY_FULFILLED, occurred_on=date(2024, 7, 1))
    assert store.commitment(ONE, as_of=date(2024, 8, 1)).status is Status.PARTLY_FULFILLED
    assert store.commitment(ONE, as_of=LATE).status is Status.FULFILLED


@pytest.mark.parametrize(("confirmed", "by"), [(True, "confirmed"), (False, "claimed")])
def test_fulfilled_carries_who_says_so(store: Store, confirmed: bool, by: str) -> None:
    save(store)
    store.set_status([ONE], Status.FULFILLED, occurred_on=date(2024, 7, 1), evidence="kst-1", confirmed=confirmed)
    found = store.commitment(ONE, as_of=LATE)
    assert (found.closed_by, found.closed_on, found.evidence) == (by, date(2024, 7, 1), "kst-1")


def test_a_rejected_one_was_never_a_promise(store: Store) -> None:
    save(store)
    store.set_review([ONE], Review.REJECTED, note="gaat over iets anders")
    assert overdue(store, date(2024, 7, 1)) == []
    assert select(store.commitments(as_of=LATE), Filter(review=frozenset({Review.REJECTED})))[0].number == ONE


def test_another_due_date_keeps_the_first(store: Store, clock: Clock) -> None:
    save(store)
    clock.forward(30)
    store.set_due([ONE], date(2024, 12, 1), note="uitgesteld")
    found = store.commitment(ONE, as_of=LATE)
    assert (found.due and found.due.last, found.first_due) == (date(2024, 12, 1), date(2024, 6, 30))
    before = store.commitment(ONE, as_of=date(2024, 3, 20))
    assert before.due and before.due.last == date(2024, 6, 30)


def test_a_due_date_that_a_person_set_outlives_another_reading(store: Store, clock: Clock) -> None:
    save(store)
    store.set_due([THREE], date(2024, 12, 1))
    clock.forward()
    save(store, rulebook="2")
    found = store.commitment(THREE, as_of=LATE)
    assert (found.due and found.due.last, found.first_due) == (date(2024, 12, 1), date(2024, 12, 1))


def test_tags_come_and_go(store: Store) -> None:
    save(store)
    store.tag([ONE, TWO], add=["water", "eigen"])
    store.tag([ONE], remove=["eigen"], add=["volgen"])
    assert store.commitment(ONE, as_of=LATE).tags == ("volgen", "water")
    assert store.commitment(TWO, as_of=LATE).tags == ("eigen", "water")


def test_events_say_who_and_when(store: Store, clock: Clock) -> None:
    save(store)
    (event,) = store.set_status(["tt-2024-1"], Status.UNCLEAR, occurred_on=date(2024, 7, 1), note="navragen")
    assert (event.by, event.recorded_at, event.note) == ("j.bakker", clock.moment, "navragen")
    assert store.history(ONE)[-1] == event


def test_of_several_numbers_all_are_done_or_none(store: Store) -> None:
    save(store)
    with pytest.raises(NotFound, match=r"no commitment TT-2024-0033: did you mean TT-2024-0003"):
        store.set_review([ONE, "TT-2024-0033"], Review.REJECTED)
    assert store.commitment(ONE, as_of=LATE).review is Review.NEW


def test_an_unknown_number_in_an_empty_store(store: Store) -> None:
    with pytest.raises(NotFound, match="the store is empty"):
        store.commitment("TT-2024-0001", as_of=LATE)


def test_a_commitment_before_its_time_is_said_not_to_be_there_yet(store: Store) -> None:
    save(store)
    with pytest.raises(NotFound, match="was not there yet on 2023-01-01"):
        store.commitment(ONE, as_of=date(2023, 1, 1))


def test_an_event_can_be_undone_and_the_undoing_too(store: Store) -> None:
    save(store)
    (event,) = store.set_status([ONE], Status.WITHDRAWN, occurred_on=date(2024, 4, 1))
    undoing = store.undo(event.id, note="vergissing")
    assert store.commitment(ONE, as_of=LATE).status is Status.OPEN
    with pytest.raises(UsageError, match="was undone before"):
        store.undo(event.id)
    store.undo(undoing.id)
    assert store.commitment(ONE, as_of=LATE).status is Status.WITHDRAWN
    assert [e.type for e in store.history(ONE)][1:] == [EventType.STATUS, EventType.UNDONE, EventType.UNDONE]


def test_what_was_read_cannot_be_undone(store: Store) -> None:
    save(store)
    with pytest.raises(UsageError, match="reject it"):
        store.undo(store.history(ONE)[0].id)
    with pytest.raises(NotFound, match="no event 99"):
        store.undo(99)


def test_a_promise_heard_elsewhere_is_added_by_hand(store: Store) -> None:
    due = DuePeriod(date(2024, 2, 1), date(2024, 4, 30), Precision.MONTH)
    number = store.add(
        "Dat komt er  vóór mei, beloofd.",
        made=date(2024, 2, 1),
        kind=Kind.ACT,
        actor=Actor("de minister", ministry="IenW"),
        deadline="vóór mei",
        due=due,
        source="Werkbezoek Almere",
        url="https://example.org/verslag",
    )
    assert number == "TT-2024-0001"
    found = store.commitment(number, as_of=LATE)
    assert (found.quote, found.due, found.review) == ("Dat komt er vóór mei, beloofd.", due, Review.ACCEPTED)
    assert (found.document.id, found.document.title, found.made) == (None, "Werkbezoek Almere", date(2024, 2, 1))
    assert found.deadline_at and found.quote[slice(*found.deadline_at)] == "vóór mei"
    assert overdue(store, date(2024, 5, 1)) == [number]
    assert store.commitments(as_of=LATE) == [found]
    with pytest.raises(UsageError):
        store.add("  ", made=None)


def test_numbers_follow_the_year_of_the_promise_and_the_prefix(url: str, clock: Clock) -> None:
    with Store.open(url, now=clock, prefix="NGO") as store:
        assert save(store, document(day=date(2021, 3, 4))).new[-1] == "NGO-2021-0003"
        assert save(store, document(LETTER + "PS\n", day=date(2021, 9, 4))).new[0] == "NGO-2021-0004"


def test_runs_of_jobs_are_recorded(store: Store, clock: Clock) -> None:
    first = store.start_run("inbox")
    clock.forward()
    store.finish_run(first, "done", "3 documents")
    store.start_run("report")
    assert [(r.job, r.outcome, r.detail) for r in store.runs()] == [
        ("report", None, None),
        ("inbox", "done", "3 documents"),
    ]
    assert [r.id for r in store.runs(job="inbox", limit=1)] == [first]
