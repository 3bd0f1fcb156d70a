"""The prefilter skips only what cannot match: with it and without it the same mentions are found."""

import gzip
import json
import re
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from tracker import pipeline
from tracker.domain import Document, DocumentKind, Metadata, Voice
from tracker.knowledge import Knowledge
from tracker.mentions import find_mentions
from tracker.mentions.examples import cases
from tracker.mentions.literals import Literal, needed, openings
from tracker.mentions.prefilter import prefilter
from tracker.sentences import plain


@pytest.mark.parametrize("name", ["letters", "debates"])
def test_nothing_is_lost_in_real_text(name: str, shared: Path, knowledge: Knowledge) -> None:
    with gzip.open(shared / "corpus" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, 0, None, 40)]
    for row in rows:
        kind = DocumentKind(row["kind"])
        document = Document(row["id"], row["text"], Metadata(date=date.fromisoformat(row["date"]), kind=kind))
        sentences = pipeline.sentences_of(document, knowledge)
        fast, slow = (
            list(
                find_mentions(
                    document,
                    sentences,
                    knowledge.rulebook,
                    knowledge.grammar,
                    knowledge.calendar,
                    prefiltered=prefiltered,
                )
            )
            for prefiltered in (True, False)
        )
        assert fast == slow


def test_nothing_is_lost_in_the_examples(knowledge: Knowledge) -> None:
    gate = prefilter(knowledge.rulebook, knowledge.grammar)
    for case in cases(knowledge.rulebook):
        if case.expects == "match" and hasattr(case.owner, "id"):
            voice = Voice(case.example.expect.get("voice", "government"))
            assert case.owner in gate.rules(case.example.text, voice), case.name


@pytest.mark.parametrize(
    ("pattern", "ways"),
    [
        (r"\bkamer\b", [["kamer!"]]),
        (r"(?<!\w)(?:de|uw) kamers?(?!\w)", [["de! uw!", "kamer! kamers!"]]),
        (r"\bstuur\w*", [["stuur"]]),
        (r"\bw(?:ij|e)\b", [["we! wij!"]]),
        (r"w(?:ij|e)\b", [[]]),
        (r"\b(?:brief|nota)\b.*\bvolgt\b", [["brief! nota!", "volgt!"]]),
        (r"\b(?:\w+brief|nota)\b", [["brief nota!"]]),
        (r"\b(?:brief .*volgt|nota \w+ komt|memo)\b", [["brief!", "volgt"], ["komt!", "nota!"], ["memo!"]]),
        (r"(?:brief .*volgt|nota)?", [[]]),
        (r"(?:brief|\d+)", [[]]),
        (r"\d{4}", [[]]),
    ],
)
def test_what_a_pattern_needs(pattern: str, ways: list[list[str]]) -> None:
    found = needed(re.compile(pattern, re.IGNORECASE))
    assert sorted(sorted(" ".join(sorted(map(_written, choice))) for choice in way) for way in found) == sorted(ways)


def _written(literal: Literal) -> str:
    return literal.text + ("!" if literal.exact else "")


@pytest.mark.parametrize(
    "text",
    [
        "In okto\u00adber informeer ik uw Ka\u00admer.",
        "In okto**ber** infor**meer** ik _uw_ Ka<sup>1 2</sup>mer.",
        "«In oktober» informeer[1 ] ik uw [Kamer](https://example.org/a b).",
        "Voor het zomer-\nreces informeer ik\u00a0uw\u2009Kamer.",
        "IN OKTOBER.12 INFORMEER IK UW KAMER!",
    ],
)
def test_markup_and_breaks_hide_no_word(text: str, knowledge: Knowledge) -> None:
    gate = prefilter(knowledge.rulebook, knowledge.grammar)
    allowed = {rule.id for rule in gate.rules(text, Voice.GOVERNMENT)}
    assert {"inform.tell", "act.dated"} <= allowed
    assert allowed >= {rule.id for rule in gate.rules(plain(text).text, Voice.GOVERNMENT)}


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"(?<!\w)(?:de|uw) kamers?(?!\w)", "de! uw!"),
        (r"(?<!\w)(?:(?:in|met) )?(?:een|mijn) brief(?!\w)", "een! in! met! mijn!"),
        (r"(?<!\w)(?<!van )het kabinet(?!\w)", "het!"),
        (r"(?<!\w)minister(?:-president)?(?!\w)", "minister!"),
        (r"(?<!\w)kamers?(?!\w)", "kamer! kamers!"),
        (r"(?<!\w)waar\w*(?!\w)", "waar waar!"),
        (r"(?<!\w)\w*brief(?!\w)", None),  # any word may begin so
        (r"(?<!\w)(?:de )?\w+brief(?!\w)", None),
        (r", dan", None),
    ],
)
def test_a_phrase_is_looked_for_where_its_first_word_stands(pattern: str, words: str | None) -> None:
    found = openings(re.compile(pattern, re.IGNORECASE))
    assert (found and " ".join(sorted(_written(word) for word in found))) == words
