"""How much of a file is read at most, so that no file can take the program's memory or its day."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

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
    seconds: float = 120  # of one file; looked at between pages and between elements


@dataclass(frozen=True, slots=True)
class Budget:
    """The time that is left for one file."""

    name: str
    limits: Limits = Limits()
    began: float = field(default_factory=time.monotonic)

    def check(self) -> None:
        """Raises UnreadableDocument once the time is used up."""
        if time.monotonic() - self.began > self.limits.seconds:
            raise UnreadableDocument(
                f"{self.name}: not read within {self.limits.seconds:g} seconds; split it, or raise limits.seconds."
            )


def too_large(name: str, size: int, limit: int) -> UnreadableDocument:
    return UnreadableDocument(
        f"{name}: {size / 1e6:.0f} MB, at most {limit / 1e6:.0f} MB is read; check that it is a document, or split it."
    )
