"""The labelled sentences of real documents are found as sentences, in the government's voice."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tracker.domain import Document, DocumentKind, Metadata, Voice
from tracker.sentences import Abbreviations, PassageRules, passages, sentences

SPEAKS_FOR_THE_GOVERNMENT = {Voice.GOVERNMENT, Voice.CHAIR_LIST}


def rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def score(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "gold" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("kinds_given", [True, False], ids=["kind-given", "text-alone"])
def test_labelled_sentences(
    shared: Path, score: ModuleType, rules: PassageRules, abbreviations: Abbreviations, kinds_given: bool
) -> None:
    def best(document: Document, wanted: str) -> Iterator[tuple[float, Voice]]:
        """How well each sentence of `document` covers the wanted one, and its voice."""
        squeezed = score.squeeze(document.text)
        at = squeezed.find(wanted)
        for passage in passages(document, rules):
            for sentence in sentences(document, passage, abbreviations):
                text = score.squeeze(sentence.span.of(document.text))
                start = squeezed.find(text)
                same = 1.0 if text == wanted else score.overlap((at, at + len(wanted)), (start, start + len(text)))
                yield same, passage.voice

    total = whole = voiced = 0
    missed = []
    for gold in (shared / "gold" / "dev", shared / "gold" / "seeds"):
        labels = rows(gold / "labels.jsonl")
        for row in rows(gold / "index.jsonl"):
            known = kinds_given and row["kind"] in set(DocumentKind)
            kind = DocumentKind(row["kind"]) if known else DocumentKind.OTHER
            document = Document(row["file"], (gold / row["file"]).read_text(encoding="utf-8"), Metadata(kind=kind))
            for label in labels:
                if label["doc"] != row["id"] or label["label"] != "commitment":
                    continue
                found = list(best(document, score.squeeze(label["sentence"])))
                cover = max(same for same, _ in found)
                total += 1
                whole += cover >= 0.8
                ours = any(same == cover and voice in SPEAKS_FOR_THE_GOVERNMENT for same, voice in found)
                voiced += ours
                if cover < 0.8 or not ours:
                    missed.append((row["id"], round(cover, 2), label["sentence"][:80]))
    assert total > 600
    assert whole / total >= 0.98, missed
    assert voiced / total >= 0.99, missed
