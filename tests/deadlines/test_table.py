"""What each expression stands for: one case a row of the specification of deadlines."""

import csv
from datetime import date
from pathlib import Path

import pytest

from tracker.deadlines import Calendar, DeadlineGrammar, resolve

with (Path(__file__).parent / "table.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['row']}: {r['expression']} @ {r['reference']}")
def test_an_expression_stands_for_its_period(row: dict[str, str], grammar: DeadlineGrammar, calendar: Calendar) -> None:
    found = grammar.find(row["expression"])
    if row["precision"] == "none":
        assert not found
        return
    assert len(found) == 1, [d.words for d in found]
    assert found[0].words == row["expression"]
    due = resolve(found[0], date.fromisoformat(row["reference"]), calendar)
    got = [due.first.isoformat() if due.first else "", due.last.isoformat() if due.last else "", due.precision.value]
    assert got == [row["from"], row["to"], row["precision"]]
