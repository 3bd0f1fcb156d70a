"""Bytes in, a Source out. What a file is, is told by what is in it; its name only says what was expected."""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.documents import apart
from tracker.documents.formats.eml import MAILS_WITHIN, Attachment, is_eml, read_eml
from tracker.documents.formats.origin import Origin
from tracker.documents.formats.text import decode
from tracker.documents.limits import Budget, Limits, too_large
from tracker.domain import Page, Span
from tracker.errors import UnreadableDocument

#: Version of what the readers make of a file; raise one when the same bytes give another text.
PDF_READER, TEXT_READER = "pdf-2", "text-1"
DOCX_READER, HTML_READER, XML_READER, EML_READER = "docx-1", "html-1", "xml-1", "eml-1"

_XML = re.compile(
    r"\s*(?:<\?xml\b|<(?:\w+:)?(?:officiele-publicatie|kamerstuk|handeling|kamervragen|vlosCoreDocument|vergaderverslag)\b)"
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html\b|<head\b|<body\b)",
    re.IGNORECASE | re.DOTALL,
)
DOCX_TYPE, MAIL_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "message/rfc822"
DOCX_BODY = "word/document.xml"

#: Named so and text inside: what a server said in place of the file.
_NEVER_TEXT = {".pdf", ".docx"}
_LOOK = 4_096  # signs at the beginning in which a format shows

#: Formats that are recognised and not read: by their first bytes, and what to do.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "an old Word, Excel or Outlook file", "Save it as .docx or PDF"),
    (b"{\\rtf", "a rich text file (RTF)", "Save it as .docx or PDF"),
    (b"PK", "a packed file (zip, or an Office file other than .docx)", "Unpack it, or save it as .docx or PDF"),
    (b"\x1f\x8b", "a packed file (gzip)", "Unpack it first"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read: its bytes and what the reader made of them.

    Of text and Markdown `text` is the decoded file, exactly. Of a PDF it is the running text, with `pages` over it; of
    HTML and XML the running text, with its `origin` in the characters of the decoded file. `about` is what the format
    says of the document outside its text (fields of Metadata). A mail has `attachments`, each a document of its own;
    where it says nothing itself its text is empty.
    """

    text: str
    pages: tuple[Page, ...]
    media_type: str
    reader: str
    content: bytes
    sha256: str
    warnings: tuple[str, ...] = ()
    origin: Origin | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()

    def place(self, span: Span) -> Span | None:
        """Where words of the text stand in the decoded file; None in a PDF, a Word document or a mail."""
        return span if self.reader == TEXT_READER else self.origin.span(span) if self.origin else None


def read(path: Path, *, limits: Limits = Limits()) -> Source:
    """Read a file of any known format: text, Markdown, PDF, DOCX, HTML, XML of the publications, mail.

    Raises UnreadableDocument with one line on what is wrong, what was expected and what to do.
    """
    return read_bytes(load(path, limits), path.name, limits=limits)


def read_bytes(content: bytes, name: str, *, limits: Limits = Limits()) -> Source:
    """As `read`, of bytes that are at hand: an attachment, a download. `name` is for messages and what was expected."""
    if not content:
        raise UnreadableDocument(f"{name}: the file is empty; expected a letter, answer or debate. Download it again.")
    if len(content) > limits.bytes:
        raise too_large(name, len(content), limits.bytes)
    return _read(content, Budget(name, limits))


def attached(source: Source, limits: Limits = Limits()) -> Iterator[tuple[str, Source | UnreadableDocument]]:
    """What is attached to a mail, each as a document of its own, or why it cannot be read; mails in mails as well."""
    waiting = [(each, 1) for each in source.attachments]
    while waiting:
        attachment, depth = waiting.pop(0)
        try:
            if depth > limits.depth // MAILS_WITHIN:
                raise UnreadableDocument(
                    f"{attachment.name}: mails within mails, {depth} deep; read the inner one apart."
                )
            found = read_bytes(attachment.content, attachment.name, limits=limits)
        except UnreadableDocument as problem:
            yield attachment.name, problem
            continue
        if found.text:
            yield attachment.name, found
        waiting += [(each, depth + 1) for each in found.attachments]


def _read(content: bytes, budget: Budget) -> Source:
    # The readers are imported where they are needed: most runs of the program need none, or one. They work apart.
    name = budget.name
    digest = hashlib.sha256(content).hexdigest()
    if b"%PDF-" in content[:1024]:
        from tracker.documents.formats.pdf import read_pdf

        text, pages, warnings = apart.call(budget, read_pdf, content, budget)
        return Source(text, pages, "application/pdf", PDF_READER, content, digest, warnings)
    if is_docx(content):
        from tracker.documents.formats.docx import read_docx

        text = with_words(apart.call(budget, read_docx, content, budget), name)
        return Source(text, (), DOCX_TYPE, DOCX_READER, content, digest)
    if content.startswith(b"PK") and Path(name).suffix.lower() == ".docx":
        raise UnreadableDocument(f"{name}: damaged, or no Word document; download it again, or save it anew from Word.")
    for sign, what, advice in _OTHERS:
        if content.startswith(sign):
            raise UnreadableDocument(f"{name}: not a text file: {what}. {advice} and try again.")
    if is_eml(content):
        return _read_mail(content, digest, budget)
    return _read_text(content, digest, budget)


def is_docx(content: bytes) -> bool:
    """Whether these are the bytes of a Word document, by what is in the zip."""
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return DOCX_BODY in packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _read_text(content: bytes, digest: str, budget: Budget) -> Source:
    name, suffix = budget.name, Path(budget.name).suffix.lower()
    if len(content) > budget.limits.text_bytes:
        raise too_large(name, len(content), budget.limits.text_bytes)
    file, warnings = decode(content, name)
    begins = file[:_LOOK]
    if _HTML.match(begins) and suffix not in _NEVER_TEXT:  # else it is the page that says why there was no file
        from tracker.documents.formats.html import read_html

        text, origin = apart.call(budget, read_html, file, budget)
        return Source(with_words(text, name), (), "text/html", HTML_READER, content, digest, warnings, origin)
    if _XML.match(begins):
        from tracker.documents.formats.xml import read_xml

        text, origin, about = apart.call(budget, read_xml, file, budget)
        text = with_words(text, name)
        return Source(text, (), "application/xml", XML_READER, content, digest, warnings, origin, about)
    if suffix in _NEVER_TEXT:
        raise UnreadableDocument(
            f"{name}: named as a {suffix[1:].upper()} and is none; look at what was downloaded (an error page?), "
            "or rename it to .txt."
        )
    media_type = "text/markdown" if suffix in {".md", ".markdown"} else "text/plain"
    return Source(with_words(file, name), (), media_type, TEXT_READER, content, digest, warnings)


def _read_mail(content: bytes, digest: str, budget: Budget) -> Source:
    mail = apart.call(budget, read_eml, content, budget)
    body = mail.text or ""
    if mail.html:
        from tracker.documents.formats.html import read_html

        body, _ = apart.call(budget, read_html, mail.html, budget)
    if not mail.attachments:
        with_words(body, budget.name)
    text = f"{mail.headers}\n\n{body.strip()}\n" if body.strip() else ""
    if len(text) > budget.limits.text_bytes:
        raise too_large(budget.name, len(text), budget.limits.text_bytes)
    about = {"date": mail.day.date()} if mail.day else {}
    return Source(text, (), MAIL_TYPE, EML_READER, content, digest, about=about, attachments=mail.attachments)


def with_words(text: str, name: str) -> str:
    if not text.strip():
        raise UnreadableDocument(
            f"{name}: nothing but white space; expected a letter, answer or debate. Check the file."
        )
    return text


def load(path: Path, limits: Limits) -> bytes:
    """The bytes of a file. Messages name the whole path here, because the path itself is what may be wrong."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableDocument(
                f"{path}: a folder, expected a file. Name the files in it, or the folder to ingest."
            )
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableDocument(f"{path}: no ordinary file (a device, pipe or socket); expected a document.")
        if status.st_size == 0:
            raise UnreadableDocument(
                f"{path}: the file is empty; expected a letter, answer or debate. Download it again."
            )
        if status.st_size > limits.bytes:
            raise too_large(path.name, status.st_size, limits.bytes)
        with path.open("rb") as file:
            return file.read(limits.bytes + 1)
    except FileNotFoundError as error:
        raise UnreadableDocument(f"{path}: no such file; check the name and the folder.") from error
    except OSError as error:
        raise UnreadableDocument(
            f"{path}: cannot be read ({error.strerror or error}); check its permissions and try again."
        ) from error
