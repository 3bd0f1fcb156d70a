"""Numbers as people write them."""

import pytest

from tracker.commitments.numbers import Number, nearest, parse


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("TT-2024-0137", "TT-2024-0137"),
        ("tt-2024-137", "TT-2024-0137"),
        (" TT - 2024 - 12345 ", "TT-2024-12345"),
    ],
)
def test_a_number_may_be_written_loosely(text: str, number: str) -> None:
    assert str(parse(text)) == number


@pytest.mark.parametrize("text", ["", "137", "TT-24-137", "TT-2024-", "2024-0137", "TZ202412-116"])
def test_something_else_is_no_number(text: str) -> None:
    assert parse(text) is None


def test_numbers_have_at_least_four_digits() -> None:
    assert str(Number("TT", 2024, 7)) == "TT-2024-0007"
    assert str(Number("TT", 2024, 70007)) == "TT-2024-70007"


def test_the_nearest_numbers_are_offered() -> None:
    known = ["TT-2023-0137", "TT-2024-0001", "TT-2024-0138"]
    assert nearest("tt-2024-137", known)[0] in {"TT-2024-0138", "TT-2023-0137"}
    assert nearest("iets anders", known) == []
