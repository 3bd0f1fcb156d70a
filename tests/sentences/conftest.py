"""The tables of passages and abbreviations, and short ways to cut a text."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import tracker
from tracker.domain import Document, DocumentKind, Metadata, Passage
from tracker.sentences import Abbreviations, PassageRules, passages, sentences

RULES = Path(tracker.__file__).parent / "rules"


@pytest.fixture(scope="session")
def rules() -> PassageRules:
    return PassageRules.from_tables(tomllib.loads((RULES / "passages.toml").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def abbreviations() -> Abbreviations:
    return Abbreviations.from_tables(tomllib.loads((RULES / "abbreviations.toml").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def cut(rules: PassageRules) -> Callable[..., tuple[Passage, ...]]:
    """Text and, perhaps, its kind -> passages."""

    def passages_of(text: str, kind: DocumentKind = DocumentKind.OTHER) -> tuple[Passage, ...]:
        return passages(Document("text", text, Metadata(kind=kind)), rules)

    return passages_of


@pytest.fixture(scope="session")
def split(rules: PassageRules, abbreviations: Abbreviations) -> Callable[..., list[str]]:
    """Text of a letter -> its sentences as written, line breaks within them as blanks."""

    def sentences_of(text: str, kind: DocumentKind = DocumentKind.LETTER) -> list[str]:
        document = Document("text", text, Metadata(kind=kind))
        return [
            " ".join(sentence.span.of(text).split())
            for passage in passages(document, rules)
            for sentence in sentences(document, passage, abbreviations)
        ]

    return sentences_of
