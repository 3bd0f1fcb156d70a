"""The floors under what the rules find in real, labelled documents. README says what was measured, and when."""

from collections.abc import Callable
from typing import Any

import pytest

Judge = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("given_date", [True, False], ids=["date given", "date read from the document"])
def test_the_five_seed_documents_are_read_without_a_fault(judged: Judge, given_date: bool) -> None:
    figures = judged("seeds", given_date=given_date)
    for name in ("commitments", "commitments_with_due_date"):
        assert (figures[name]["precision"], figures[name]["recall"]) == (1.0, 1.0), figures
    assert figures["due_date_accuracy"] == 1.0, figures
    assert figures["fulfilments"]["fp"] == 0, figures


FLOORS = {
    "precision": 0.93,
    "recall": 0.90,
    "f1_with_due_date": 0.88,
    "kind_accuracy": 0.93,
    "deadline_words_accuracy": 0.95,
}


@pytest.mark.parametrize("name", FLOORS)
def test_the_labelled_documents_stay_above_the_floor(judged: Judge, name: str) -> None:
    figures = judged("dev")
    got = {
        "precision": figures["commitments"]["precision"],
        "recall": figures["commitments"]["recall"],
        "f1_with_due_date": figures["commitments_with_due_date"]["f1"],
        **{key: figures[key] for key in ("kind_accuracy", "deadline_words_accuracy")},
    }
    assert got[name] >= FLOORS[name], figures


def test_fulfilments_are_found_with_few_false_ones(judged: Judge) -> None:
    found = judged("dev")["fulfilments"]
    assert found["tp"] >= 12, found
    assert found["fp"] <= 3, found
