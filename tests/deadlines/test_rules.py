"""Every form of the grammar carries examples, and each example is read by the form that it stands with."""

import tomllib
from typing import Any

import pytest

from tracker.deadlines import DeadlineGrammar
from tracker.errors import RuleError
from tracker.knowledge import RULES

TABLES = {f.stem: tomllib.loads(f.read_text(encoding="utf-8")) for f in sorted((RULES / "deadlines").glob("*.toml"))}
FORMS = [
    (kind, row, text)
    for kind in ("period", "deadline")
    for table in TABLES.values()
    for row in table.get(kind, ())
    for text in row["examples"]
]


@pytest.mark.parametrize(
    ("kind", "row", "text"), FORMS, ids=[f"{kind} {row['id']}: {text}" for kind, row, text in FORMS]
)
def test_an_example_belongs_to_its_form(kind: str, row: dict[str, Any], text: str, grammar: DeadlineGrammar) -> None:
    assert row["id"] in grammar.forms_used(text, kind)


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"a": {"deadlines": []}}, "unknown keys"),
        ({"a": {"deadline": [{"form": "in"}]}}, "needs an id"),
        ({"a": {"deadline": [{"id": "x", "form": "in <year>"}]}}, "no macro of that name"),
        ({"a": {"deadline": [{"id": "x", "form": "in NOWHERE"}]}}, "no word is of class"),
        ({"a": {"deadline": [{"id": "x", "form": "( in"}]}}, "bracket"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tables: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        DeadlineGrammar.from_tables(tables)
