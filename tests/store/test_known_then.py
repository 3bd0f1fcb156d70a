"""What was known at a moment: the quick answer, from the states, is that of folding every event up to then."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tracker import paths, pipeline
from tracker.commitments.state import Review, Status
from tracker.store import Store, projection

DAYS = [date(2024, 12, 1), date(2026, 3, 10), date(2026, 11, 24)]


@pytest.fixture(scope="module")
def lived(tmp_path_factory, knowledge):
    """The sample documents, read an hour apart, with decisions and undoings in between; and the moments of all that."""
    clock = [datetime(2026, 11, 1, 8, tzinfo=UTC)]
    url = f"sqlite:///{tmp_path_factory.mktemp('known')}/tracker.sqlite3"
    moments = []

    def passed() -> None:
        moments.append(clock[0])
        clock[0] += timedelta(hours=1)

    with Store.open(url, now=lambda: clock[0]) as store:
        for path in sorted(p for p in paths.samples_dir().iterdir() if p.suffix in {".txt", ".md"}):
            pipeline.ingest(store, [path], knowledge)
            passed()
            numbers = sorted(store.revisions())
            store.set_review(numbers[::3], Review.REJECTED)
            (event, *_) = store.set_status(numbers[-1:], Status.WITHDRAWN, occurred_on=date(2026, 10, 1))
            store.set_due(numbers[:1], date(2027, 1, 1), occurred_on=date(2026, 10, 1))
            passed()
            store.undo(event.id)
            passed()
        yield store, moments


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_states_and_the_events_agree(lived, day):
    store, moments = lived
    for moment in moments:
        quick = store.commitments(as_of=day, known_on=moment)
        with store._reading() as session:
            refs = projection.documents(session, moment)
            slow = projection.folded(projection.courses(session), day, refs, moment)
        assert quick == sorted(slow, key=lambda c: c.number)
    assert any(quick for moment in moments if (quick := store.commitments(as_of=DAYS[-1], known_on=moment)))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_what_did_not_move_on_stood_as_it_stands(lived, day):
    store, moments = lived
    now = {c.number: c for c in store.commitments(as_of=DAYS[-1])}
    for moment in moments:
        moved, then = store.moved_on(as_of=day, known_on=moment)
        stood = {c.number: replace(c, as_of=day) for c in (*then, *(c for c in now.values() if c.number not in moved))}
        assert stood == {c.number: c for c in store.commitments(as_of=day, known_on=moment)}
