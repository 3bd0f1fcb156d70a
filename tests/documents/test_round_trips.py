"""The same document in another format: the same promises, with the same due dates, at the same words."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from typer.testing import CliRunner

from tracker import documents, paths, pipeline
from tracker.cli.app import app
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


def test_extract_says_where_a_promise_stands_in_the_file(tmp_path: Path, originals: Any) -> None:
    text = originals("brief-dorpsbussen.md").text
    for name, file in (("x.html", to.as_html(text)), ("x.xml", to.as_kamerstuk(text)), ("x.md", text)):
        (tmp_path / name).write_text(file, encoding="utf-8")
        found = CliRunner().invoke(app, ["extract", str(tmp_path / name), "--date", "2024-10-08", "--format", "jsonl"])
        rows = [json.loads(line) for line in found.stdout.splitlines()]
        assert len(rows) > 3
        for row in rows:
            assert plain(written(file[row["file_start"] : row["file_end"]])) == plain(row["sentence"])
    pdf = CliRunner().invoke(app, ["extract", str(paths.samples_dir() / "brief-revalidatiezorg.pdf"), "-f", "jsonl"])
    row = json.loads(pdf.stdout.splitlines()[0])
    assert (row["page"], row["file_start"]) == (1, None)


# ── Made and printed by an office program ────────────────────────────────────────────────────────────────────────

Convert = Callable[[dict[str, bytes | str], str], dict[str, Path]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Files by their name, converted by LibreOffice to another format, all in one start of it."""
    program = shutil.which("soffice")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs LibreOffice (soffice)")

    def convert(files: dict[str, bytes | str], suffix: str) -> dict[str, Path]:
        folder = tmp_path_factory.mktemp("office")
        for name, content in files.items():
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        reading = ["--infilter=HTML (StarWriter)"] if next(iter(files)).endswith(".html") else []
        profile = f"-env:UserInstallation=file://{folder}/profile"
        names = [folder / name for name in files]
        subprocess.run(
            [str(program), profile, "--headless", *reading, "--convert-to", suffix, "--outdir", folder / "out", *names],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return {name: (folder / "out" / name).with_suffix(f".{suffix}") for name in files}

    return convert


#: What is written, for which samples, and what the office program makes of it.
MADE: dict[str, tuple[Callable[[str], bytes | str], list[str], str, str]] = {
    "printed": (to.as_docx, SAMPLES, "docx", "pdf"),
    "printed in columns": (to.as_columns, SAMPLES, "docx", "pdf"),
    "printed in justified columns": (partial(to.as_columns, justified=True), WRITTEN, "docx", "pdf"),
    "printed with footnotes": (to.as_office_page, WRITTEN, "html", "pdf"),
    "Word with footnotes": (to.as_office_page, WRITTEN, "html", "docx"),
    "a web page": (to.as_docx, SAMPLES, "docx", "html"),
}


@pytest.mark.parametrize(("write", "names", "before", "after"), MADE.values(), ids=MADE)
def test_made_by_libreoffice(
    write: Any, names: list[str], before: str, after: str, originals: Any, office: Convert, knowledge: Knowledge
) -> None:
    made = office({f"{name}.{before}": write(originals(name).text) for name in names}, after)
    for name, file in zip(names, made.values(), strict=True):
        source = documents.read(file)
        found = documents.document(source, file.name, knowledge.registry)
        assert_same(found, originals(name), knowledge)
        if after == "pdf":
            assert_on_their_pages(file, found, knowledge)


def assert_on_their_pages(file: Path, document: Document, knowledge: Knowledge) -> None:
    """Every mention begins on the page that is said, by what PDFium alone reads there."""
    pdf = pypdfium2.PdfDocument(file)
    pages = [letters(page.get_textpage().get_text_range()) for page in pdf]
    for mention in pipeline.extract(document, knowledge):
        page = document.page_of(mention.span.start)
        assert page is not None
        assert letters(mention.span.of(document.text))[:12] in pages[page - 1]


def letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))


def test_footnotes_of_an_office_program_stand_apart(originals: Any, office: Convert) -> None:
    name = "brief-dorpsbussen.md"
    for suffix in ("pdf", "docx"):
        (file,) = office({f"{name}.html": to.as_office_page(originals(name).text)}, suffix).values()
        text = documents.read(file).text
        assert "bijna een vijfde toegenomen.[1] In het commissiedebat" in text
        assert "\n\n[1] Monitor Nabijheid van Voorzieningen, editie 2024, blz. 18.\n\n" in text
