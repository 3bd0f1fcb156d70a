"""Each example that stands with a rule or a judgement is one test; the rule's id is in its name."""

import pytest

from tracker.knowledge import load_calendar, load_grammar, load_rulebook
from tracker.mentions.examples import Case, cases, problem

RULEBOOK = load_rulebook()
GRAMMAR = load_grammar()
CALENDAR = load_calendar()


def _parameter(case: Case) -> object:
    marks = [pytest.mark.xfail(reason="a known miss", strict=True)] if case.expects == "known_miss" else []
    return pytest.param(case, id=case.name, marks=marks)


@pytest.mark.parametrize("case", [_parameter(case) for case in cases(RULEBOOK)])
def test_example(case: Case) -> None:
    assert problem(case, RULEBOOK, GRAMMAR, CALENDAR) is None
