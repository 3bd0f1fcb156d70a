"""ʻZoals gezegdʼ: which sentence a sentence repeats."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker.commitments.assemble import repeats
from tracker.domain import (
    Actor,
    Deadline,
    DuePeriod,
    Flag,
    Kind,
    Label,
    Mention,
    Precision,
    Reference,
    Span,
    Term,
)
from tracker.knowledge import Knowledge

TEXT = """\
Met de waterschappen werk ik aan nieuwe normen voor de sluizen en gemalen in het rivierengebied. \
In het voorjaar informeer ik uw Kamer hierover.

De proef met elektrische pendelbussen in Drenthe en Groningen loopt tot de winter. Ik kijk naar de kosten. \
In het voorjaar informeer ik uw Kamer hierover.

Over de opleiding van verpleegkundigen spreek ik met de hogescholen. \
In het voorjaar informeer ik uw Kamer hierover.

Zoals ik schreef, wordt in Drenthe gereden met elektrische pendelbussen, en kijk ik in die proef naar de kosten. \
Zoals gezegd informeer ik uw Kamer hierover in het voorjaar.
"""
SPRING = Term(Deadline("in het voorjaar", Span(0, 1)), DuePeriod(date(2024, 3, 1), date(2024, 5, 31), Precision.SEASON))


def mentions(**last: Any) -> list[Mention]:
    """All four sentences; the last one with other fields."""
    found, start = [], 0
    for sentence in ["In het voorjaar informeer ik uw Kamer hierover."] * 3 + [
        "Zoals gezegd informeer ik uw Kamer hierover in het voorjaar."
    ]:
        start = TEXT.index(sentence, start)
        span = Span(start, start + len(sentence))
        found.append(Mention(span, 0, Label.COMMITMENT, "test", span, 1.0, kind=Kind.INFORM, term=SPRING))
        start = span.end
    return [*found[:3], replace(found[3], **{"flags": (Flag.RESTATED,), **last})]


def test_a_repeat_is_of_the_sentence_about_the_same_subject() -> None:
    assert repeats(TEXT, mentions()) == [None, None, None, 1]


@pytest.mark.parametrize(
    "last",
    [
        {"flags": ()},
        {"kind": Kind.ACT},
        {"term": None},
        {"term": replace(SPRING, due=DuePeriod(date(2024, 6, 1), date(2024, 6, 30), Precision.MONTH))},
        {"references": (Reference("debate", "het debat van 8 januari", date(2024, 1, 8)),)},
        {"label": Label.FULFILMENT},
        {"flags": (Flag.RESTATED, Flag.RECURRING)},
    ],
    ids=["not said to repeat", "kind", "no deadline", "deadline", "of another document", "fulfilment", "recurring"],
)
def test_what_differs_is_no_repeat(last: dict[str, Any]) -> None:
    assert repeats(TEXT, mentions(**last))[3] is None


@pytest.mark.parametrize(
    ("said", "repeated"),
    [
        ("Ook heb ik toegezegd uw Kamer hierover te informeren in het voorjaar.", None),
        ("Ik heb eveneens toegezegd uw Kamer hierover te informeren in het voorjaar.", None),
        ("Zoals ook gezegd informeer ik uw Kamer hierover in het voorjaar.", 1),
    ],
)
def test_one_more_promise_is_no_repeat(knowledge: Knowledge, said: str, repeated: int | None) -> None:
    *earlier, last = mentions()
    text = TEXT.replace("Zoals gezegd informeer ik uw Kamer hierover in het voorjaar.", said)
    last = replace(last, span=Span(last.span.start, last.span.start + len(said)))
    assert repeats(text, [*earlier, last], knowledge.linking.another)[3] == repeated


def test_two_ministers_do_not_repeat_each_other() -> None:
    one, two, three, last = mentions(actor=Actor(person="B. Jansen"))
    assert repeats(TEXT, [one, replace(two, actor=Actor(person="C. de Wit")), three, last])[3] is None


def test_where_two_could_be_meant_none_is() -> None:
    """The third paragraph says the same as the second."""
    _, buses, nurses, _ = TEXT.split("\n\n")
    one, two, *later = mentions()
    shift = len(buses) - len(nurses)
    moved = [replace(m, span=m.span.shift(shift)) for m in later]
    assert repeats(TEXT.replace(nurses, buses), [one, two, *moved])[3] is None


def test_nothing_comes_of_nothing() -> None:
    assert repeats("", []) == []


def test_the_answers_of_2024_hold_six_mentions_and_five_commitments(shared: Path) -> None:
    text = (shared / "seeds" / "003_fd400d2d512048a4.txt").read_text(encoding="utf-8")
    labels = map(json.loads, (shared / "gold/seeds/labels.jsonl").read_text(encoding="utf-8").splitlines())
    autumn = Term(Deadline("najaar", Span(0, 1)), DuePeriod(date(2024, 9, 1), date(2024, 12, 20), Precision.SEASON))
    found = []
    for label in labels:
        if label["doc"] == "seed-kamervraag-2024Z12583" and label["label"] == "commitment":
            start = text.index(label["sentence"])
            span = Span(start, start + len(label["sentence"]))
            flags = tuple(Flag(flag) for flag in label["flags"])
            kind = Kind(label["kind"])
            found.append(Mention(span, 0, Label.COMMITMENT, "gold", span, 1.0, kind=kind, flags=flags, term=autumn))
    found.sort(key=lambda mention: mention.span)
    assert repeats(text, found) == [None, None, None, None, None, 2]
