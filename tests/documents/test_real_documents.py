"""The real letters beside the checkout: what is read from them agrees with what is known about them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tracker.documents import Registry, describe, document, read
from tracker.domain import Document

#: Of a written consultation without a date the index knows date and kind from elsewhere.
AGREES = {"date": 31, "kind": 31, "title": 32, "ministry": 32}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def words(text: str | None) -> str:
    return re.sub(r"[\W_]+", " ", text or "").casefold().strip()


def blanks(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.fixture(scope="module")
def letters(shared: Path, registry: Registry) -> dict[str, Document]:
    return {
        row["file"]: document(read(shared / "pdf" / row["file"]), row["file"], registry)
        for row in rows(shared / "pdf" / "index.jsonl")
    }


@pytest.mark.parametrize("field", AGREES)
def test_original_letters_say_what_the_index_says(
    shared: Path, letters: dict[str, Document], registry: Registry, field: str
) -> None:
    right = 0
    for row in rows(shared / "pdf" / "index.jsonl"):
        metadata = letters[row["file"]].metadata
        if field == "title":
            right += words(metadata.title) == words(row["title"])
        elif field == "ministry":
            right += metadata.signatory.ministry == registry.ministry(row["ministry"] or "")
        else:
            right += str(getattr(metadata, field)) == row[field]
    assert right >= AGREES[field]


def test_labelled_sentences_stand_whole_in_the_text_of_the_pdf(shared: Path, letters: dict[str, Document]) -> None:
    text = {row["gold"]: blanks(letters[row["file"]].text) for row in rows(shared / "pdf" / "index.jsonl")}
    sentences = [(row["doc"], blanks(row["sentence"])) for row in rows(shared / "gold" / "dev" / "labels.jsonl")]
    wanted = [(doc, sentence) for doc, sentence in sentences if doc in text]
    missing = [sentence for doc, sentence in wanted if sentence not in text[doc]]
    assert len(missing) <= 0.02 * len(wanted), missing


def test_pages_of_the_letters_cover_their_text(letters: dict[str, Document]) -> None:
    for letter in letters.values():
        bounds = [0, *(page.span.end for page in letter.pages)]
        assert [page.span.start for page in letter.pages] == bounds[:-1]
        assert bounds[-1] == len(letter.text)


def test_nothing_of_the_senders_column_is_left(letters: dict[str, Document]) -> None:
    marginal = re.compile(
        r"^(?:Pagina \d+ van \d+|Ons kenmerk|Kenmerk|Bijlage\(n\)|www\.rijksoverheid\.nl)", re.MULTILINE
    )
    assert [name for name, letter in letters.items() if marginal.search(letter.text)] == []


def test_labelled_documents_have_the_right_kind_and_never_a_wrong_date(shared: Path, registry: Registry) -> None:
    wrong = []
    for row in rows(shared / "gold" / "dev" / "index.jsonl"):
        metadata = describe((shared / "gold" / "dev" / row["file"]).read_text(encoding="utf-8"), registry)
        if metadata.kind != row["kind"] or str(metadata.date) not in (row["date"], "None"):
            wrong.append((row["id"], metadata.kind, metadata.date))
    # A list of questions and answers is labelled as an answer; here it is a report.
    assert [name for name, *_ in wrong] == ["d014-answer-2018-12-03"]


def test_the_first_documents_of_the_project(shared: Path, registry: Registry) -> None:
    found = {
        row["id"]: describe((shared / "gold" / "seeds" / row["file"]).read_text(encoding="utf-8"), registry)
        for row in rows(shared / "gold" / "seeds" / "index.jsonl")
    }
    said = {name: (str(data.date), data.kind.value, data.identifier) for name, data in found.items()}
    assert said == {
        "seed-antwoord-916": ("2024-02-01", "answer", "ah-tk-20232024-916"),
        "seed-brief-245": ("2022-04-01", "letter", "kst-31015-245"),
        "seed-nieuws-ckm": ("None", "news", None),
        "seed-kamervraag-2024Z12583": ("2024-09-10", "answer", "ah-tk-20232024-2502"),
        "seed-brief-prostitutiebeleid": ("2020-03-24", "letter", None),
    }
