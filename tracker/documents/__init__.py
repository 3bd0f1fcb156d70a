"""Bytes in, a Document out: `read` a file, `describe` what it says about itself, put both together with `document`.

source = read(Path("brief.pdf"))
document(source, "brief.pdf", registry, date=date(2024, 2, 1))
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tracker.documents.formats.pdf import read_pdf
from tracker.documents.formats.text import decode
from tracker.documents.metadata import address, describe
from tracker.documents.registry import Registry
from tracker.domain import Document, Page
from tracker.errors import UnreadableDocument

__all__ = ["Limits", "Registry", "Source", "describe", "document", "read"]

#: Version of what the readers make of a file; raise it when the same bytes give another text.
PDF_READER = "pdf-1"
TEXT_READER = "text-1"


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file that is read, in bytes, and the largest PDF, in pages."""

    bytes: int = 40_000_000
    text_bytes: int = 10_000_000
    pages: int = 1_500


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read: its bytes and what the reader made of them.

    Of text and Markdown `text` is the decoded file, exactly. Of a PDF it is the running text, with `pages` over it.
    """

    text: str
    pages: tuple[Page, ...]
    media_type: str
    reader: str
    content: bytes
    sha256: str
    warnings: tuple[str, ...] = ()


def read(path: Path, *, limits: Limits = Limits()) -> Source:
    """Read a text, Markdown or PDF file.

    Raises UnreadableDocument with one line on what is wrong, what was expected and what to do.
    """
    content = load(path, limits)
    digest = hashlib.sha256(content).hexdigest()
    name = path.name
    is_pdf = b"%PDF-" in content[:1024]
    if path.suffix.lower() == ".pdf" and not is_pdf:
        raise UnreadableDocument(
            f"{name}: named as a PDF and is none; look at what was downloaded (an error page?), or rename it to .txt."
        )
    if is_pdf:
        text, pages = read_pdf(content, name, limits.pages)
        return Source(text, pages, "application/pdf", PDF_READER, content, digest)
    if len(content) > limits.text_bytes:
        raise too_large(name, len(content), limits.text_bytes)
    text, warnings = decode(content, name)
    if not text.strip():
        raise UnreadableDocument(
            f"{name}: nothing but white space; expected a letter, answer or debate. Check the file."
        )
    media_type = "text/markdown" if path.suffix.lower() in {".md", ".markdown"} else "text/plain"
    return Source(text, (), media_type, TEXT_READER, content, digest, warnings)


def load(path: Path, limits: Limits) -> bytes:
    """The bytes of a file. Messages name the whole path here, because the path itself is what may be wrong."""
    try:
        if path.is_dir():
            raise UnreadableDocument(
                f"{path}: a folder, expected a file. Name the files in it, or the folder to ingest."
            )
        size = path.stat().st_size
        if size == 0:
            raise UnreadableDocument(f"{path}: the file is empty; expected text, Markdown or PDF. Download it again.")
        if size > limits.bytes:
            raise too_large(path.name, size, limits.bytes)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableDocument(f"{path}: no such file; check the name and the folder.") from error
    except OSError as error:
        raise UnreadableDocument(
            f"{path}: cannot be read ({error.strerror or error}); check its permissions and try again."
        ) from error


def too_large(name: str, size: int, limit: int) -> UnreadableDocument:
    return UnreadableDocument(
        f"{name}: {size / 1e6:.0f} MB, at most {limit / 1e6:.0f} MB is read; check that it is a document, or split it."
    )


def document(source: Source, name: str, registry: Registry, **overrides: Any) -> Document:
    """The Document of a file, with what it says about itself.

    `overrides` are fields of Metadata that a user gave (`date=`, `kind=`, `url=` …); None stands for not given.
    """
    metadata = describe(source.text, registry, name)
    given = {field: value for field, value in overrides.items() if value is not None}
    if given:
        metadata = replace(metadata, **given)
        if "url" not in given:
            metadata = replace(metadata, url=address(metadata))
    return Document(name=name, text=source.text, metadata=metadata, pages=source.pages)
