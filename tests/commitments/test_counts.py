"""What statistics count, and that every commitment is counted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.commitments.counts import By, Kept, median_days, statistics
from tracker.commitments.state import Commitment, Review, Status
from tracker.domain import Actor, Strength

from .test_filters import DAY, commitment, due


def kept(days: int, by: str = "confirmed", **fields: Any) -> Commitment:
    """Fulfilled so many days after its due date."""
    return commitment(
        status=Status.FULFILLED, closed_on=date(2024, 7, 1) + timedelta(days=days), closed_by=by, **fields
    )


def test_kept_on_time_and_late_are_counted_apart_for_confirmed_and_claimed() -> None:
    undated = kept(3, "claimed", due=None, first_due=None)
    counted = statistics([kept(0), kept(-4), kept(1), kept(9, "claimed"), undated, commitment()], By.MINISTRY).all
    assert counted.confirmed == Kept(on_time=2, late=1, undated=0)
    assert counted.claimed == Kept(on_time=0, late=1, undated=1)
    assert (counted.total, counted.open) == (6, 1)


def test_lateness_is_against_the_first_due_date() -> None:
    """Put off from June to August, kept in July: late."""
    deferred = replace(kept(0), first_due=date(2024, 6, 1), due=due(date(2024, 8, 1)))
    assert statistics([deferred], By.MINISTRY).all.confirmed == Kept(0, 1, 0)


def test_past_and_expected_are_told_apart() -> None:
    hedged, unclear = commitment(strength=Strength.HEDGED), commitment(status=Status.UNCLEAR)
    counted = statistics([commitment(), hedged, unclear, commitment(due=None)], By.MINISTRY).all
    assert (counted.past, counted.expected, counted.undated) == (1, 2, 1)


def test_open_ones_stand_in_a_cohort_by_their_age() -> None:
    made = [DAY - timedelta(days=days) for days in (0, 181, 182, 364, 365, 729, 730, 3000)]
    counted = statistics([commitment(made=day) for day in [*made, None]], By.MINISTRY).all
    assert counted.ages == (2, 2, 2, 2)


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (By.MINISTRY, ["JenV", "VWS", None]),
        (By.ACTOR, ["A. de Vries"]),
        (By.DOSSIER, ["12 345", "31 015-XVI"]),
        (By.MONTH, ["2024-02", "2024-03"]),
    ],
    ids=lambda value: str(value) if isinstance(value, By) else "",
)
def test_a_row_for_each(by: By, names: list[str | None]) -> None:
    both, nobody = Actor("wij", "A. de Vries", None, "JenV, VWS"), Actor("ik", "A. de Vries")
    some = [commitment(actor=both), commitment(actor=nobody), commitment(actor=both, made=date(2024, 2, 29))]
    counted = statistics(some, by)
    assert [row.key for row in counted.rows] == names
    assert counted.all.total == 3


def test_rejected_ones_are_left_out() -> None:
    assert statistics([commitment(review=Review.REJECTED)], By.MINISTRY).all.total == 0


def test_small_numbers_are_flagged_and_have_no_median() -> None:
    assert median_days([1, 2, 3, 4]) is None
    assert median_days([1, 2, 3, 4, 100]) == 3
    counted = statistics([kept(n) for n in range(5)], By.MINISTRY)
    assert counted.rows[0].small is False
    assert statistics([kept(1)], By.MINISTRY).rows[0].small is True
    assert counted.all.median_days == (date(2024, 7, 3) - date(2024, 3, 4)).days


COMMITMENTS = st.builds(
    commitment,
    status=st.sampled_from(Status),
    review=st.sampled_from(Review),
    strength=st.sampled_from(Strength),
    due=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(due),
    closed_on=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    closed_by=st.sampled_from(["confirmed", "claimed", None]),
    made=st.none() | st.dates(date(2020, 1, 1), DAY),
)


@given(st.lists(COMMITMENTS, max_size=12), st.sampled_from(By))
def test_every_commitment_is_counted_once(commitments: list[Commitment], by: By) -> None:
    for row in (*(found := statistics(commitments, by)).rows, found.all):
        assert row.open + row.confirmed.total + row.claimed.total + row.dropped == row.total
        assert row.past + row.expected + row.undated <= row.open
        assert sum(row.ages) <= row.open
    assert found.all.total == sum(c.review is not Review.REJECTED for c in commitments)
