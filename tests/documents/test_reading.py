"""Reading a file: its exact text, or one line that says what is wrong and what to do."""

import contextlib
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.documents import Limits, read
from tracker.documents.formats.text import decode
from tracker.errors import UnreadableDocument

from .make_pdf import Text, make_pdf

LETTER = "Geachte voorzitter,\r\n\r\nIn het najaar informeer ik uw Kamer – zoals gevraagd – over één «proef» op zee.\n"


def write(tmp_path: Path, content: bytes, name: str = "brief.txt") -> Path:
    file = tmp_path / name
    file.write_bytes(content)
    return file


# ── What can be read ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "media_type"), [("brief.txt", "text/plain"), ("brief.md", "text/markdown")])
def test_text_is_the_decoded_file_exactly(tmp_path: Path, name: str, media_type: str) -> None:
    source = read(write(tmp_path, LETTER.encode(), name))
    assert (source.text, source.media_type, source.warnings) == (LETTER, media_type, ())


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1))
def test_any_text_survives_as_it_is(text: str) -> None:
    assert decode(text.encode(), "x.txt")[0] == text.removeprefix("\ufeff")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_tells_the_encoding_and_is_left_out(tmp_path: Path, encoding: str) -> None:
    source = read(write(tmp_path, LETTER.encode(encoding)))
    assert (source.text, source.warnings) == (LETTER, ())


def test_old_western_encodings_are_decoded_with_a_warning(tmp_path: Path) -> None:
    source = read(write(tmp_path, LETTER.encode("cp1252")))
    assert source.text == LETTER
    (warning,) = source.warnings
    assert "brief.txt" in warning
    assert "not UTF-8" in warning


def test_latin_1_is_decoded_with_a_warning(tmp_path: Path) -> None:
    text = "De reünie van de coöperatie in België is uitgesteld; zij vindt plaats in het voorjaar.\n"
    source = read(write(tmp_path, text.encode("latin-1")))
    assert source.text == text
    assert len(source.warnings) == 1


def test_the_same_bytes_have_the_same_hash_under_another_name(tmp_path: Path) -> None:
    one, two = write(tmp_path, LETTER.encode(), "a.txt"), write(tmp_path, LETTER.encode(), "b.txt")
    assert read(one).sha256 == read(two).sha256


def test_a_pdf_is_known_by_its_content(tmp_path: Path) -> None:
    source = read(write(tmp_path, make_pdf([[Text(80, 500, "Geachte voorzitter,")]]), "download"))
    assert (source.text, source.media_type) == ("Geachte voorzitter,\n", "application/pdf")


# ── What cannot ──────────────────────────────────────────────────────────────────────────────────────────────────


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


PDF = make_pdf([[Text(80, 500, "Geachte voorzitter, in het najaar volgt een brief.")]])

BAD = {
    "empty": (b"", "brief.txt", "empty"),
    "white space": (b" \n\t\n", "brief.txt", "white space"),
    "zero bytes": (b"Geachte\x00voorzitter", "brief.txt", "not a text file"),
    "noise": (noise(20_000), "brief.txt", "not a text file"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + noise(2_000), "brief.md", "not a text file"),
    "a broken byte order mark": (b"\xef\xbb\xbf\xff\xff", "brief.txt", "not a text file"),
    "a web page named as a PDF": (b"<html>404</html>", "brief.pdf", "is none"),
    "noise behind a PDF's first line": (b"%PDF-1.7\n" + noise(20_000), "brief.pdf", "broken or incomplete"),
    "half a PDF": (PDF[: len(PDF) // 3], "brief.pdf", "broken or incomplete"),
    "a PDF with a password": (make_pdf([[]], encrypted=True), "brief.pdf", "locked"),
    "a scan": (make_pdf([[], []]), "brief.pdf", "looks scanned"),
}


@pytest.mark.parametrize(("content", "name", "says"), BAD.values(), ids=BAD)
def test_a_bad_file_gets_one_line(tmp_path: Path, content: bytes, name: str, says: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(write(tmp_path, content, name))
    message = str(caught.value)
    assert name in message
    assert says in message
    assert "\n" not in message
    assert len(message) < 250 + len(str(tmp_path))


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=r"nergens\.pdf: no such file"):
        read(tmp_path / "nergens.pdf")


def test_a_folder_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="a folder, expected a file"):
        read(tmp_path)


@pytest.mark.parametrize("suffix", ["txt", "pdf"])
def test_fifty_megabytes_of_noise_are_refused_unread(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"ruis.{suffix}"
    with file.open("wb") as out:
        for _ in range(50):
            out.write(noise(1_000_000))
    with pytest.raises(UnreadableDocument, match="50 MB, at most"):
        read(file)


def test_a_text_above_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="at most"):
        read(write(tmp_path, LETTER.encode() * 10), limits=Limits(text_bytes=200))


def test_a_pdf_with_too_many_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="3 pages, at most 2"):
        read(write(tmp_path, make_pdf([[], [], []]), "brief.pdf"), limits=Limits(pages=2))


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(content: bytes) -> None:
    with contextlib.suppress(UnreadableDocument):
        decode(content, "x.txt")
