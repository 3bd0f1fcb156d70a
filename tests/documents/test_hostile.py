"""Files that mean harm, or that are merely broken: one clear line, in bounded time and memory, and nothing fetched."""

from __future__ import annotations

import io
import os
import socket
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import pipeline
from tracker.documents import Limits, attached, read, read_bytes
from tracker.errors import UnreadableDocument

from . import conversions as to
from .make_pdf import Text, lines, make_pdf

TEXT = "Geachte voorzitter,\n\nIk zal uw Kamer in het najaar informeren over de voortgang.\n"
DOCX = to.as_docx(TEXT)
LIMITS = Limits()


@contextmanager
def bounded(seconds: float = 10) -> Iterator[None]:
    """In time. The memory of the process that reads is bounded by the system: see test_apart."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a server that nobody may come to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.settimeout(0.05)
        with pytest.raises(TimeoutError):
            server.accept()


def refused(content: bytes, name: str, limits: Limits = LIMITS) -> str:
    with bounded(), pytest.raises(UnreadableDocument) as caught:
        read_bytes(content, name, limits=limits)
    message = str(caught.value)
    assert name in message
    assert "\n" not in message
    assert len(message) < 250
    return message


# ── XML ──────────────────────────────────────────────────────────────────────────────────────────────────────────

BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
ENTITIES = {
    "a bomb": f'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY e0 "ha">{BOMB}]><k><al>&e11;</al></k>',
    "a bomb in an attribute": f'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY e0 "ha">{BOMB}]><k a="&e11;">x</k>',
    "a file": '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><k><al>&x;</al></k>',
    "an address": '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY x SYSTEM "http://10.0.0.1/x">]><k><al>&x;</al></k>',
    "a parameter": '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY % x SYSTEM "http://10.0.0.1/x"> %x;]><k>a</k>',
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("file", ENTITIES.values(), ids=ENTITIES)
def test_entities_of_a_files_own_are_refused(file: str, encoding: str) -> None:
    assert "entities of its own" in refused(file.encode(encoding), "x.xml")


def test_a_document_type_elsewhere_is_not_fetched(elsewhere: str) -> None:
    kind = f'<!DOCTYPE handeling SYSTEM "{elsewhere}/h.dtd">'
    file = f'<?xml version="1.0"?>{kind}<handeling><al>Ja &eacute;n nee.</al></handeling>'
    assert read_bytes(file.encode(), "x.xml").text == "Ja én nee.\n"


def test_what_a_page_names_is_not_fetched(elsewhere: str) -> None:
    page = (
        f'<html><head><base href="{elsewhere}"><link rel="stylesheet" href="/x.css"><script src="/x.js"></script>'
        '</head><body><img src="/x.png"><iframe src="/x.html"></iframe><p>Brief.</p></body></html>'
    )
    assert read_bytes(page.encode(), "x.html").text == "Brief.\n"


def test_another_file_is_not_included() -> None:
    file = (
        '<kamerstuk xmlns:xi="http://www.w3.org/2001/XInclude"><al>Ja.</al>'
        '<xi:include href="file:///etc/passwd" parse="text"/></kamerstuk>'
    )
    assert read_bytes(file.encode(), "x.xml").text == "Ja.\n"


def test_xml_that_is_too_deep_is_refused() -> None:
    deep = "<kamerstuk>" + "<a>" * 100_000 + "x" + "</a>" * 100_000 + "</kamerstuk>"
    assert "deep" in refused(deep.encode(), "x.xml") or "broken XML" in refused(deep.encode(), "x.xml")
    assert "50 deep" in refused(
        b"<kamerstuk>" + b"<a>" * 60 + b"x" + b"</a>" * 60 + b"</kamerstuk>", "x.xml", Limits(depth=50)
    )


@pytest.mark.parametrize(
    "file",
    ["<kamerstuk><al>half", "<kamerstuk>&nosuch;</kamerstuk>", "<?xml version='1.0'?><a/><b/>", "<kamerstuk a=1/>"],
    ids=["half", "an unknown entity", "two roots", "no quotes"],
)
def test_broken_xml_is_said_to_be_broken(file: str) -> None:
    assert "broken XML" in refused(file.encode(), "x.xml")


def test_xml_without_words_is_refused() -> None:
    assert "nothing but white space" in refused(b"<kamerstuk><al> </al></kamerstuk>", "x.xml")


# ── HTML ─────────────────────────────────────────────────────────────────────────────────────────────────────────

PAGES = {
    "never closed": "<html>" + "<div><p>woord " * 60_000,
    "all attributes": "<html><p " + " ".join(f"a{n}='{n}'" for n in range(100_000)) + ">woord</p></html>",
    "one open tag": "<html><p>woord <a href='" + "x" * 3_000_000,
    "open comments": "<html>woord" + "<!-- " * 300_000,
    "open brackets": "<html>woord " + "<" * 300_000,
    "open scripts": "<html>woord " + "<script>" * 200_000,
    "open quotes": "<html>woord " + "<a '" * 100_000,
    "open instructions": "<html>woord " + "<?x " * 200_000,
    "open types": "<html>woord " + "<!doctype x [" * 50_000,
    "entities": "<html><p>" + "&amp;" * 100_000 + "</p></html>",
    "lists in lists": "<html>" + "<ul><li>x " * 90_000,
    "tables in tables": "<html>" + "<table><tr><td>x " * 40_000,
    "links": "<html><body>" + "<div>" * 90 + "<a href='#x'>1</a> " * 20_000,
}


@pytest.mark.parametrize("file", PAGES.values(), ids=PAGES)
def test_a_hostile_page_takes_no_long_time(file: str) -> None:
    with bounded(seconds=20), suppress(UnreadableDocument):
        read_bytes(file.encode(), "x.html")


def test_time_is_up_at_some_point() -> None:
    page = "<html><body>" + "<p>woord</p>" * 20_000
    assert "not read within 0 seconds" in refused(page.encode(), "x.html", Limits(seconds=0))


# ── Word ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def packed(change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """A Word document with its parts changed, and more parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(DOCX)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def same(name: str, content: bytes) -> bytes:
    return content


def test_a_zip_bomb_is_refused_unpacked() -> None:
    bomb = packed(same, {f"word/media/{n}.bin": bytes(60_000_000) for n in range(4)})
    assert len(bomb) < 1_000_000
    assert "at most" in refused(bomb, "x.docx")


def test_a_part_that_lies_about_its_size_is_not_unpacked_further() -> None:
    bomb = bytearray(packed(same, {"word/extra.xml": bytes(30_000_000)}))
    for sign, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # the size unpacked, in both places
        at = bomb.rfind(
            sign, 0, bomb.rfind(b"word/extra.xml") if sign == b"PK\x01\x02" else bomb.find(b"word/extra.xml")
        )
        bomb[at + offset : at + offset + 4] = (100).to_bytes(4, "little")
    with bounded(), suppress(UnreadableDocument):
        read_bytes(bytes(bomb), "x.docx", limits=Limits(memory_bytes=300_000_000))


def test_entities_in_a_word_document_are_refused() -> None:
    def change(name: str, content: bytes) -> bytes:
        dtd = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        return content.replace(b"?>", b"?>" + dtd, 1) if name == "word/document.xml" else content

    assert "entities of its own" in refused(packed(change), "x.docx")


@pytest.mark.parametrize("part", ["word/document.xml", "[Content_Types].xml", "_rels/.rels", "word/styles.xml"])
def test_a_word_document_with_a_broken_part_is_refused(part: str) -> None:
    refused(packed(lambda name, content: b"<w:broken" if name == part else content), "x.docx")


def test_half_a_word_document_is_refused() -> None:
    assert "damaged, or no Word document" in refused(DOCX[: len(DOCX) // 2], "x.docx")


def test_a_template_elsewhere_is_not_fetched(elsewhere: str) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    link = f'<Relationship Id="rX" Type="{kind}" Target="{elsewhere}/x.dotm" TargetMode="External"/>'.encode()

    def change(name: str, content: bytes) -> bytes:
        return (
            content.replace(b"</Relationships>", link + b"</Relationships>")
            if name.endswith("document.xml.rels")
            else content
        )

    assert "najaar" in read_bytes(packed(change), "x.docx").text


# ── PDF ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ten_thousand_pages_are_refused_at_once() -> None:
    assert "10000 pages, at most 1500" in refused(make_pdf([[]] * 10_000), "x.pdf")


def pdf_of(*bodies: str) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return bytes(out + f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())


CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
PAGE = (
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /X 4 0 R >> >> /Contents 5 0 R >>"
)
DRAWS_X = "/Resources << /XObject << /X 4 0 R >> >> /Length 5 >>\nstream\n/X Do\nendstream"
SELF = f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] {DRAWS_X}"
LOOPS = {
    "pages within themselves": pdf_of(CATALOG, "<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"),
    "a million pages that are not there": pdf_of(CATALOG, "<< /Type /Pages /Count 1000000 /Kids [] >>"),
    "a drawing within itself": pdf_of(
        CATALOG, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", PAGE, SELF, "<< /Length 4 >>\nstream\n/X Do\nendstream"
    ),
    "a chain of tables that bites its tail": b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n"
    b"<< /Size 1 /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF\n",
}


@pytest.mark.parametrize("content", LOOPS.values(), ids=LOOPS)
def test_a_pdf_that_runs_in_circles_is_refused(content: bytes) -> None:
    refused(content, "x.pdf")


def test_pages_without_text_are_reported() -> None:
    picture = (
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    )
    content = pdf_of(
        CATALOG,
        "<< /Type /Pages /Count 2 /Kids [3 0 R 6 0 R] >>",
        PAGE,
        f"{picture}\nstream\nA\nendstream",
        "<< /Length 24 >>\nstream\nq 500 0 0 700 0 0 cm /X Do Q\nendstream",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 8 0 R >> >> /Contents 7 0 R >>",
        "<< /Length 39 >>\nstream\nBT /F 12 Tf 80 500 Td (Brief.) Tj ET\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    source = read_bytes(content, "x.pdf")
    assert source.text == "Brief.\n"
    assert source.warnings
    assert "page 1" in source.warnings[0]
    assert "scanned" in source.warnings[0]


def drawings_within_drawings(levels: int, each: int) -> bytes:
    """A page with one word, drawn `each` to the power of `levels` times."""
    draws, last = "/X Do " * each, "BT /F 12 Tf 80 500 Td (Brief) Tj ET"
    resources = "/Resources << /Font << /F 4 0 R >> /XObject << /X {} 0 R >> >>"
    form = "<< /Type /XObject /Subtype /Form /BBox [0 0 600 900] {} /Length {} >>\nstream\n{}\nendstream"
    forms = [form.format(resources.format(number + 1), len(draws), draws) for number in range(6, 6 + levels)]
    return pdf_of(
        CATALOG,
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources.format(6)} /Contents 5 0 R >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Length 5 >>\nstream\n/X Do\nendstream",
        *forms,
        form.format(resources.format(4), len(last), last),
    )


def test_one_page_cannot_take_the_time() -> None:
    """Two kilobytes, and PDFium would be busy with them for days; nothing in this process could stop it."""
    began = time.monotonic()
    message = refused(drawings_within_drawings(12, 20), "x.pdf", Limits(seconds=1, memory_bytes=8_000_000_000))
    assert "not read within 1 seconds" in message
    assert time.monotonic() - began < 3


def test_one_page_cannot_take_the_memory() -> None:
    content = drawings_within_drawings(12, 20)
    assert "more than 300 MB" in refused(content, "x.pdf", Limits(memory_bytes=300_000_000))


def test_a_page_that_unpacks_to_a_thousand_times_its_size() -> None:
    packed_ = zlib.compress(b"(woord) Tj " * 50_000_000, 1)
    head = f"<< /Filter /FlateDecode /Length {len(packed_)} >>\nstream\n".encode()
    content = pdf_of(CATALOG, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", PAGE, "<< >>", "CONTENT").replace(
        b"CONTENT", head + packed_ + b"\nendstream"
    )
    with bounded(seconds=30), suppress(UnreadableDocument):
        read_bytes(content, "x.pdf", limits=Limits(seconds=10))


def test_after_a_hostile_file_the_next_one_is_read() -> None:
    refused(drawings_within_drawings(12, 20), "x.pdf", Limits(seconds=0.5))
    assert read_bytes(make_pdf([[Text(80, 500, "Brief.")]]), "x.pdf").text == "Brief.\n"


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_header_cannot_become_a_line_of_the_text() -> None:
    subject = "=?utf-8?Q?Brief=0D=0A=0D=0AMinister_Jansen:=0D=0AIk_zal_de_Kamer_voor_1_mei_informeren.?="
    raw = f"From: a@example.org\r\nDate: Thu, 05 Nov 2026 10:00:00 +0100\r\nSubject: {subject}\r\n\r\nDag.\r\n".encode()
    text = read_bytes(raw, "x.eml").text
    assert [line for line in text.splitlines() if line.startswith("Minister")] == []
    assert "Onderwerp: Brief Minister Jansen: Ik zal" in text


NAMES = [
    "../../etc/cron.d/x",
    "C:\\Windows\\x.txt",
    "/etc/passwd",
    "x\r\nBcc: b@example.org",
    "..",
    "x" * 5_000,
    "\x00",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_the_name_of_an_attachment_is_only_a_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    raw = (
        b"From: a@example.org\nDate: Thu, 05 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nDag.\n--b\n'
        b'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="' + name.encode("utf-8")
        + b'"\n\nBrief.\n--b--\n'
    )  # fmt: skip
    for shown, _ in attached(read_bytes(raw, "x.eml")):
        assert Path(shown).name == shown
        assert shown.isprintable()
        assert 0 < len(shown) <= 120
    assert list(tmp_path.iterdir()) == []


def test_mails_in_mails_end_somewhere() -> None:
    mail = to.as_mail("Dag.\n")
    for _ in range(30):
        mail = to.as_mail("Dag.\n", {"mail.eml": mail})
    found = [each for _, each in attached(read_bytes(mail, "x.eml"))]
    assert len(found) <= 11
    assert "mails within mails" in str(found[-1])


def test_a_mail_of_too_many_parts_is_refused() -> None:
    mail = EmailMessage()
    mail["From"], mail["Date"] = "a@example.org", "Thu, 05 Nov 2026 10:00:00 +0100"
    mail.set_content("Dag.\n")
    for number in range(101):
        mail.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=f"{number}.txt")
    assert "more than 100 attachments" in refused(mail.as_bytes(), "x.eml")


# ── Any file ─────────────────────────────────────────────────────────────────────────────────────────────────────

ODD = {
    "a Word document named as text": (DOCX, "x.txt", "docx-1"),
    "a PDF named as a web page": (make_pdf([[Text(80, 500, "Brief.")]]), "x.html", "pdf-2"),
    "a web page named as text": (b"<!doctype html><html><p>Brief.</p></html>", "x.txt", "html-1"),
    "XML named as a PDF": (b"<kamerstuk><al>Brief.</al></kamerstuk>", "x.pdf", "xml-1"),
}


@pytest.mark.parametrize(("content", "name", "reader"), ODD.values(), ids=ODD)
def test_a_wrong_extension_does_not_matter(content: bytes, name: str, reader: str) -> None:
    assert read_bytes(content, name).reader == reader


WRONG = {
    "a page named as Word": (b"<html>404 not found</html>", "x.docx", "error page"),
    "text named as a PDF": (b"404 not found", "x.pdf", "error page"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "x.doc", "old Word"),
    "RTF": (b"{\\rtf1 Brief.}", "x.rtf", "rich text"),
    "a spreadsheet": (b"PK\x03\x04" + bytes(90), "x.xlsx", "packed"),
    "every other byte zero": (b"\x00\x01" * 300, "x.txt", "bytes that no text has"),
    "gzip": (b"\x1f\x8b\x08" + bytes(90), "x.txt", "gzip"),
}


@pytest.mark.parametrize(("content", "name", "says"), WRONG.values(), ids=WRONG)
def test_what_is_not_read_is_named(content: bytes, name: str, says: str) -> None:
    assert says in refused(content, name)


def test_a_pipe_and_a_device_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pijp.txt")
    for path in (tmp_path / "pijp.txt", Path("/dev/zero")):
        with pytest.raises(UnreadableDocument, match="no ordinary file"):
            read(path)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.txt").write_text(TEXT)
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "brief.txt").write_text(TEXT)
    (folder / "secret.txt").symlink_to(tmp_path / "elsewhere" / "secret.txt")
    (folder / "more").symlink_to(tmp_path / "elsewhere")
    (folder / "again").symlink_to(folder)
    (folder / "itself.txt").symlink_to(folder / "itself.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    assert list(pipeline.files_of([folder])) == [folder / "brief.txt"]
    with bounded(2), pytest.raises(UnreadableDocument, match="cannot be read"):
        read(folder / "itself.txt")


STARTS = [
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"<?xml version='1.0'?>",
    b"<html>",
    b"From: a\nDate: b\n\n",
    b"<kamerstuk>",
    b"",
]
MEANT = st.one_of(st.binary(max_size=300), st.text("<>&;/=\"' abx!-[]?#\n", max_size=300).map(str.encode))


@settings(max_examples=400, deadline=2_000)
@given(st.sampled_from(STARTS), MEANT)
def test_any_bytes_are_read_or_refused(start: bytes, rest: bytes) -> None:
    with suppress(UnreadableDocument):
        read_bytes(start + rest, "x")


@settings(max_examples=150, deadline=3_000)
@given(
    st.sampled_from([DOCX, to.as_mail(TEXT, {"a.docx": DOCX}), make_pdf([lines(80, 700, "Een", "brief.")])]), st.data()
)
def test_a_file_with_a_few_wrong_bytes_is_read_or_refused(content: bytes, data: st.DataObject) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnreadableDocument):
        source = read_bytes(bytes(damaged), "x")
        list(attached(source))
