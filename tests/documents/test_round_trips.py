"""The same document in another format: the same promises, with the same due dates, at the same words."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker import documents, paths, pipeline
from tracker.domain import Document, Label, Mention
from tracker.knowledge import Knowledge

from . import conversions as to

SAMPLES = sorted(p.name for p in paths.samples_dir().iterdir() if p.suffix in {".txt", ".md"})
DEBATES = [name for name in SAMPLES if name.startswith("debat")]
ANSWERS = [name for name in SAMPLES if name.startswith("antwoorden")]
WRITTEN = [name for name in SAMPLES if name not in DEBATES]
Read = Callable[[bytes | str, str], tuple[documents.Source, Document]]


@pytest.fixture
def originals(knowledge: Knowledge) -> Callable[[str], Document]:
    def read(name: str) -> Document:
        source = documents.read(paths.samples_dir() / name)
        return documents.document(source, name, knowledge.registry)

    return read


@pytest.fixture
def read(knowledge: Knowledge) -> Read:
    def read(content: bytes | str, name: str) -> tuple[documents.Source, Document]:
        source = documents.read_bytes(content.encode() if isinstance(content, str) else content, name)
        return source, documents.document(source, name, knowledge.registry)

    return read


def plain(text: str) -> str:
    """Only what is said: no marks of notes or lists, white space collapsed."""
    text = re.sub(r"<sup>\d+</sup>|\[\d+\]|[¹²³]|[*_#`]+", "", text)
    return " ".join(re.sub(r"(?<=[.?!])\d{1,2}\Z", "", text.strip()).split())


def promises(document: Document, original: Document, knowledge: Knowledge) -> list[tuple[Any, ...]]:
    """What is found, read with what is known of the original: formats differ in what they say of a document."""
    about = replace(document.metadata, date=original.metadata.date, kind=original.metadata.kind)
    return [
        (plain(each.span.of(document.text)), each.label, each.kind, each.strength, due(each))
        for each in pipeline.extract(replace(document, metadata=about), knowledge)
        if each.reason is None and each.label is not Label.REFERENCE
    ]


def due(mention: Mention) -> date | None:
    return mention.term.due.last if mention.term else None


def assert_same(found: Document, original: Document, knowledge: Knowledge) -> None:
    expected = promises(original, original, knowledge)
    assert promises(found, original, knowledge) == expected


# ── Each format ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", SAMPLES)
def test_a_word_document(name: str, originals: Any, read: Read, knowledge: Knowledge) -> None:
    original = originals(name)
    source, found = read(to.as_docx(original.text), "x.docx")
    assert source.reader == "docx-1"
    assert_same(found, original, knowledge)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_web_page(name: str, originals: Any, read: Read, knowledge: Knowledge) -> None:
    original = originals(name)
    source, found = read(to.as_html(original.text), "x.html")
    assert source.media_type == "text/html"
    assert_same(found, original, knowledge)
    assert "cookie" not in found.text
    assert "deze website" not in found.text


@pytest.mark.parametrize("name", WRITTEN)
def test_a_kamerstuk(name: str, originals: Any, read: Read, knowledge: Knowledge) -> None:
    original = originals(name)
    assert_same(read(to.as_kamerstuk(original.text), "x.xml")[1], original, knowledge)


@pytest.mark.parametrize("name", [name for name in ANSWERS if name.endswith(".md")])
def test_an_aanhangsel(name: str, originals: Any, read: Read, knowledge: Knowledge) -> None:
    original = originals(name)
    _, found = read(to.as_questions(original.text), "x.xml")
    assert "#### Vraag 1\n" in found.text
    assert_same(found, original, knowledge)


@pytest.mark.parametrize("name", DEBATES)
@pytest.mark.parametrize("write", [to.as_handelingen, to.as_old_handelingen], ids=["new", "old"])
def test_handelingen(name: str, write: Any, originals: Any, read: Read, knowledge: Knowledge) -> None:
    original = originals(name)
    source, found = read(write(original.text).replace("{day}", original.metadata.date.isoformat()), "x.xml")
    assert source.about["kind"] == "debate"
    assert_same(found, original, knowledge)


@pytest.mark.parametrize("name", DEBATES)
def test_a_debate_report(name: str, originals: Any, read: Read, knowledge: Knowledge) -> None:
    original = originals(name)
    _, found = read(to.as_vlos(original.text, original.metadata.date.isoformat()), "x.xml")
    assert (found.metadata.kind, found.metadata.date) == ("debate", original.metadata.date)
    assert_same(found, original, knowledge)


@pytest.mark.parametrize("html", [False, True], ids=["plain", "html"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_mail(name: str, html: bool, originals: Any, read: Read, knowledge: Knowledge) -> None:
    original = originals(name)
    assert_same(read(to.as_mail(original.text, html=html), "x.eml")[1], original, knowledge)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "utf-16-le", "utf-8-sig"])
@pytest.mark.parametrize("name", SAMPLES)
def test_another_encoding(name: str, encoding: str, originals: Any, read: Read, knowledge: Knowledge) -> None:
    original = originals(name)
    assert_same(read(original.text.encode(encoding, "replace"), name)[1], original, knowledge)


def test_what_is_attached_to_a_mail_is_read_apart(originals: Any, knowledge: Knowledge) -> None:
    original = originals(WRITTEN[0])
    pdf = (paths.samples_dir() / "brief-revalidatiezorg.pdf").read_bytes()
    mail = to.as_mail("Zie de bijlagen.", {"brief.docx": to.as_docx(original.text), "brief.pdf": pdf})
    source = documents.read_bytes(mail, "x.eml")
    found = dict(documents.attached(source))
    assert list(found) == ["brief.docx", "brief.pdf"]
    attached = found["brief.docx"]
    assert isinstance(attached, documents.Source)
    assert_same(documents.document(attached, "brief.docx", knowledge.registry), original, knowledge)


# ── The way back to the file ─────────────────────────────────────────────────────────────────────────────────────


def written(file: str) -> str:
    """What stands in a stretch of HTML or XML, tags and entities aside."""
    from html import unescape

    return " ".join(unescape(re.sub(r"<[^>]*>", " ", file)).split())


@pytest.mark.parametrize("write", [to.as_html, to.as_kamerstuk], ids=["html", "xml"])
@pytest.mark.parametrize("name", WRITTEN)
def test_a_promise_is_found_back_in_the_file(
    name: str, write: Any, originals: Any, read: Read, knowledge: Knowledge
) -> None:
    file = write(originals(name).text)
    source, found = read(file, "x")
    assert source.origin is not None
    for mention in pipeline.extract(found, knowledge):
        place = source.origin.span(mention.span)
        assert place is not None
        sentence = re.sub(r"\[\d+\]", "", mention.span.of(found.text))
        assert plain(written(re.sub(r"<sup>\d+</sup>", "", place.of(file)))) == plain(sentence)


# ── Printed by an office program ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", WRITTEN)
def test_printed_to_pdf_by_libreoffice(name: str, originals: Any, knowledge: Knowledge, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("needs LibreOffice (soffice)")
    original = originals(name)
    (tmp_path / "brief.docx").write_bytes(to.as_docx(original.text))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "brief.docx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    source = documents.read(tmp_path / "brief.pdf")
    assert_same(documents.document(source, "brief.pdf", knowledge.registry), original, knowledge)
