"""The five real documents: which Monday's report announces which passed term."""

from datetime import date, timedelta

import pytest

from tracker import pipeline
from tracker.knowledge import load_knowledge
from tracker.reports.views import Since, build
from tracker.store import Store

from .examples import MADE_AT


@pytest.fixture(scope="module")
def store(shared, tmp_path_factory):
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('seeds')}/tracker.sqlite3") as store:
        pipeline.ingest(store, [shared / "seeds"], load_knowledge())
        yield store


@pytest.mark.parametrize(
    ("monday", "firm", "hedged"),
    [
        (date(2021, 1, 4), 1, 1),  # the study "later dit jaar"; the start that is only expected
        (date(2022, 7, 11), 2, 0),  # two "voor de zomer"
        (date(2022, 12, 26), 1, 0),  # the study "in het najaar van 2022"
        (date(2024, 4, 1), 1, 0),  # the talk "in maart"
        (date(2024, 12, 23), 5, 0),  # the group "in het najaar"
        (date(2024, 12, 30), 0, 0),  # told once
    ],
    ids=str,
)
def test_the_report_of_a_monday(store, monday, firm, hedged):
    before = monday - timedelta(days=7)
    view = build(
        store.commitments(as_of=monday),
        store.summary(as_of=monday),
        as_of=monday,
        made_at=MADE_AT,
        since=Since(before, tuple(store.commitments(as_of=before))),
        due_soon_days=30,
        grace_days=7,
    )
    assert (len(view.changes.past), len(view.changes.expected)) == (firm, hedged)
