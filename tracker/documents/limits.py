"""How much of a file is read at most, so that no file can take the program's memory or its day."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.errors import UnreadableDocument


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most of one file. Sizes in bytes; `[limits]` of the configuration has the same names."""

    bytes: int = 40_000_000  # of any file
    text_bytes: int = 10_000_000  # of text, HTML and XML
    unpacked_bytes: int = 200_000_000  # of what is packed in a DOCX
    pages: int = 1_500  # of a PDF
    depth: int = 200  # of elements within elements; of mails within mails a twentieth
    attachments: int = 100  # of a mail
    seconds: float = 120  # for the reading of one file
    memory_bytes: int = 1_000_000_000  # of the process that reads it


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent on one file; its name is for messages."""

    name: str
    limits: Limits = Limits()


def too_large(name: str, size: int, limit: int) -> UnreadableDocument:
    return UnreadableDocument(
        f"{name}: {size / 1e6:.0f} MB, at most {limit / 1e6:.0f} MB is read; check that it is a document, or split it."
    )
