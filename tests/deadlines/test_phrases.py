"""Deadlines in the sentences that ministers write: which words are found, what they mean, and how that is explained."""

import csv
from datetime import date
from pathlib import Path

import pytest

from tracker.deadlines import Calendar, DeadlineGrammar, explain, resolve

with (Path(__file__).parent / "phrases.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['reference']} {r['sentence']}")
def test_a_sentence_has_its_deadline(row: dict[str, str], grammar: DeadlineGrammar, calendar: Calendar) -> None:
    reference = date.fromisoformat(row["reference"])
    found = grammar.find(row["sentence"])
    chosen, _ = grammar.choose(row["sentence"], found, reference=reference, calendar=calendar)
    if row["precision"] == "none":
        assert chosen is None
        return
    assert chosen is not None
    due = resolve(chosen, reference, calendar)
    got = {
        "sentence": row["sentence"],
        "reference": row["reference"],
        "words": chosen.words,
        "from": due.first.isoformat() if due.first else "",
        "to": due.last.isoformat() if due.last else "",
        "precision": due.precision.value,
        "explanation": explain(chosen, due),
    }
    assert got == row
