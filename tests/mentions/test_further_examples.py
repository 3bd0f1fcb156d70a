"""Further examples are bare sentences under `also` and `also_not`."""

from typing import Any

import pytest

from tracker.errors import RuleError
from tracker.mentions.examples import cases
from tracker.rulebook import Rulebook

RULE: dict[str, Any] = {
    "id": "inform.pont",
    "kind": "inform",
    "pattern": r"\bpont\b",
    "match": [{"text": "De pont komt.", "voice": "chair_list", "kind": "inform"}],
    "no_match": [{"text": "De sluis komt."}],
}


def test_each_is_an_example_in_the_scene_of_the_first() -> None:
    rule = {**RULE, "also": ["Een pont volgt."], "also_not": ["Een sluis volgt.", "Een brug volgt."]}
    found = [
        (case.expects, case.example.text, case.example.expect) for case in cases(Rulebook.compile([{"rule": [rule]}]))
    ]
    assert found == [
        ("match", "De pont komt.", {"voice": "chair_list", "kind": "inform"}),
        ("match", "Een pont volgt.", {"voice": "chair_list"}),
        ("no_match", "De sluis komt.", {}),
        ("no_match", "Een sluis volgt.", {"voice": "chair_list"}),
        ("no_match", "Een brug volgt.", {"voice": "chair_list"}),
    ]


def test_a_judgement_has_them_too() -> None:
    rows = {key: RULE[key] for key in ("pattern", "match", "no_match")}
    judgement = {"reason": "floats", **rows, "also": ["Een pont volgt."]}
    found = [case.example.text for case in cases(Rulebook.compile([{"judgement": [judgement]}]))]
    assert found == ["De pont komt.", "Een pont volgt.", "De sluis komt."]


def test_an_empty_sentence_is_refused() -> None:
    with pytest.raises(RuleError, match="an example without a text"):
        Rulebook.compile([{"rule": [{**RULE, "also": [" "]}]}])
