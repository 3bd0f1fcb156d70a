"""`tracker rules`: the rules seen, and tried on their own examples."""

from collections.abc import Callable
from pathlib import Path

from .conftest import Cli

Write = Callable[..., Path]

RULE = """
[[rule]]
id = "own.brochure"
finds = "commitment"
kind = "act"
why = "A brochure is a product of ours."
source = "made for this test"
pattern = "ik maak een brochure"
match = [{ text = "Ik maak een brochure over zwemwater." }]
no_match = [{ text = "De gemeente maakt een brochure over zwemwater." }]
"""


def test_the_rules_are_listed_and_shown(cli: Cli) -> None:
    rule = cli.rows("rules", "list")[0]
    assert {"id", "finds", "kind", "confidence", "why"} == set(rule)
    shown = cli("rules", "show", rule["id"]).stdout
    assert rule["why"] in shown
    assert "finds: " in shown
    assert "leaves alone: " in shown


def test_an_unknown_rule_teaches_the_nearest(cli: Cli) -> None:
    rule = cli.rows("rules", "list")[0]["id"]
    assert rule in cli("rules", "show", rule + "x", code=1).stderr


def test_own_rules_are_tried_too(cli: Cli, write: Write) -> None:
    own = write("own.toml", RULE)
    assert "own.brochure" not in cli("rules", "check", own, code=None).stdout
    wrong = write("wrong.toml", RULE.replace("Ik maak een brochure over", "Ik schrijf niets over"))
    assert "own.brochure: must find this" in cli("rules", "check", wrong, code=1).stdout


def test_a_rule_without_examples_is_refused(cli: Cli, write: Write) -> None:
    bad = write("bad.toml", RULE.partition("match")[0])
    result = cli("rules", "check", bad, code=1)
    assert "own.brochure" in result.stderr
    assert "match" in result.stderr
