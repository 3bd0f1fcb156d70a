"""What a careful reader finds in the sample documents, the program finds: no more, no less."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tracker import documents, paths, pipeline
from tracker.domain import Document, Mention
from tracker.knowledge import Knowledge

EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "expected.toml").read_text())
PROMISES = [(name, mention) for name, sample in EXPECTED.items() for mention in sample["mentions"]]


@pytest.fixture(scope="module")
def samples(knowledge: Knowledge) -> dict[str, Document]:
    read = {name: documents.read(paths.samples_dir() / name) for name in EXPECTED}
    return {name: documents.document(source, name, knowledge.registry) for name, source in read.items()}


@pytest.fixture(scope="module")
def found(samples: dict[str, Document], knowledge: Knowledge) -> dict[str, dict[str, Mention]]:
    """For each sample the mentions that count, by their sentence."""
    return {name: _by_sentence(document, knowledge) for name, document in samples.items()}


def _by_sentence(document: Document, knowledge: Knowledge) -> dict[str, Mention]:
    mentions = (m for m in pipeline.extract(document, knowledge) if m.reason is None)
    return {_plain(m.span.of(document.text)): m for m in mentions if m.label != "reference"}


def _plain(sentence: str) -> str:
    """White space collapsed; footnote marks and the dash of a list left out."""
    return " ".join(re.sub(r"[¹²³]|<sup>\d+</sup>|\[\d+\]|^\s*-\s", "", sentence).split())


def test_every_sample_is_described() -> None:
    assert set(EXPECTED) == {p.name for p in paths.samples_dir().iterdir() if p.suffix in {".txt", ".md", ".pdf"}}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_says_of_itself_what_it_is(name: str, samples: dict[str, Document]) -> None:
    about, expected = samples[name].metadata, EXPECTED[name]
    assert about.date == expected["date"]
    assert about.kind == expected["kind"]
    assert expected.get("title", about.title) == about.title
    assert list(about.dossiers) == expected.get("dossiers", list(about.dossiers))
    assert expected.get("number", about.number) == about.number
    assert expected.get("ministry", about.signatory.ministry) == about.signatory.ministry


@pytest.mark.parametrize(
    ("name", "expected"), [pytest.param(n, m, id=f"{n}: {m['sentence'][:60]}") for n, m in PROMISES]
)
def test_what_is_promised_is_found(
    name: str, expected: dict[str, Any], samples: dict[str, Document], found: dict[str, dict[str, Mention]]
) -> None:
    mention = found[name].get(expected["sentence"])
    if mention is None and expected.get("optional"):
        return
    assert mention is not None, f"not found; what was found: {list(found[name])}"
    assert mention.label == expected.get("label", "commitment")
    if "kind" in expected:
        assert mention.kind == expected["kind"]
        assert mention.strength == expected.get("strength", "firm")
        assert set(mention.flags) == set(expected.get("flags", ()))
    due = mention.term.due if mention.term else None
    assert expected.get("due") == (due.last if due else None)
    if "precision" in expected:
        assert due is not None
        assert due.precision == expected["precision"]
    if "page" in expected:
        assert samples[name].page_of(mention.span.start) == expected["page"]


@pytest.mark.parametrize("name", EXPECTED)
def test_nothing_else_is_found(name: str, found: dict[str, dict[str, Mention]]) -> None:
    assert set(found[name]) <= {mention["sentence"] for mention in EXPECTED[name]["mentions"]}
