"""The five real documents beside the checkout, linked. They are read here and never copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from tracker import pipeline
from tracker.commitments.state import Status
from tracker.knowledge import Knowledge
from tracker.store import Store

LATE = date(2024, 12, 31)
NEWS = "002_7ea3a8473e1aa704.txt"  # has no date of its own


def read(store: Store, paths: list[Path], knowledge: Knowledge) -> None:
    for path in paths:
        said = pipeline.Overrides(date=date(2022, 4, 8)) if path.name == NEWS else pipeline.Overrides()
        pipeline.ingest(store, [path], knowledge, said)


@pytest.fixture(scope="module")
def store(shared: Path, knowledge: Knowledge) -> Iterator[Store]:
    with Store.open("sqlite://") as opened:
        read(opened, sorted((shared / "seeds").iterdir()), knowledge)
        yield opened


def numbers(store: Store, holds: Callable[[str], bool]) -> set[str]:
    return {c.number for c in store.commitments(as_of=LATE) if holds(c.quote)}


def test_the_letter_of_2020_meets_what_was_promised_in_the_debate_of_5_december_2019(store: Store) -> None:
    (claim,) = [claim for claim in store.desk.claims(as_of=LATE) if "gestand" in claim.said.quote]
    assert [(r.kind, r.date) for r, _ in claim.references] == [("debate", date(2019, 12, 5))]
    assert (claim.said.document.date, claim.confirmed, claim.closes) == (date(2020, 3, 24), False, ())


def test_the_plan_of_2022_was_promised_on_24_february(store: Store) -> None:
    (plan,) = [c for c in store.commitments(as_of=LATE) if "Plan van aanpak" in c.quote]
    assert plan.made == date(2022, 2, 24)
    assert plan.document.date == date(2022, 4, 1)


def test_the_answers_of_2024_are_offered_for_the_study_and_the_online_outreach_and_not_linked(store: Store) -> None:
    offered = [p for p in store.desk.waiting(as_of=LATE) if p.said and p.said.document.date == date(2024, 2, 1)]
    assert {p.kind for p in offered} == {"report"} and not any(p.linked for p in offered)
    about = {(p.commitment.number, p.said.quote.split()[0]) for p in offered if p.said}
    (study,) = numbers(store, lambda quote: quote.startswith("De afronding"))
    (outreach,) = numbers(store, lambda quote: "voortgang van dit project" in quote)
    assert (study, "De") in about, "de kennis is gebundeld in handreikingen"
    assert (outreach, "Ten") in about, "de proef is gestart"


def test_nothing_of_the_letter_of_2022_is_closed(store: Store) -> None:
    letter = [c for c in store.commitments(as_of=LATE) if c.document.date == date(2022, 4, 1)]
    assert len(letter) >= 4
    assert {c.status for c in letter} == {Status.OPEN}


def test_four_are_past_their_term_on_1_august_2022(store: Store) -> None:
    assert sum(c.days_late() > 0 for c in store.commitments(as_of=date(2022, 8, 1))) == 4


@pytest.mark.parametrize(("day", "late"), [(date(2022, 7, 1), 0), (date(2022, 8, 1), 2), (date(2022, 12, 21), 3)])
def test_the_letter_of_2022_alone(shared: Path, knowledge: Knowledge, day: date, late: int) -> None:
    with Store.open("sqlite://") as alone:
        read(alone, [shared / "seeds" / "001_07ea6d749bcb6be1.txt"], knowledge)
        assert sum(c.days_late() > 0 for c in alone.commitments(as_of=day)) == late


def test_read_in_another_order_it_is_the_same(store: Store, shared: Path, knowledge: Knowledge) -> None:
    with Store.open("sqlite://") as other:
        read(other, sorted((shared / "seeds").iterdir(), reverse=True), knowledge)
        shown = [sorted((p.score, p.commitment.quote) for p in s.desk.waiting(as_of=LATE)) for s in (store, other)]
    assert shown[0] == shown[1]
