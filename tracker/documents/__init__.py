"""Bytes in, a Document out: `read` a file, `describe` what it says about itself, put both together with `document`.

source = read(Path("brief.pdf"))
document(source, "brief.pdf", registry, date=date(2024, 2, 1))
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tracker.documents.formats.eml import Attachment
from tracker.documents.limits import Limits
from tracker.documents.metadata import address, describe
from tracker.documents.reading import Source, attached, read, read_bytes
from tracker.documents.registry import Registry
from tracker.domain import Document

__all__ = ["Attachment", "Limits", "Registry", "Source", "attached", "describe", "document", "read", "read_bytes"]


def document(source: Source, name: str, registry: Registry, **overrides: Any) -> Document:
    """The Document of a file, with what it says about itself: in its text, or else in its format.

    `overrides` are fields of Metadata that a user gave (`date=`, `kind=`, `url=` …); None stands for not given.
    """
    metadata = describe(source.text, registry, name)
    given = dict(source.about) | {field: value for field, value in overrides.items() if value is not None}
    if source.media_type == "message/rfc822" and metadata.date:  # a mail is often later than what it passes on
        given = {"date": metadata.date} | {key: value for key, value in given.items() if overrides.get(key) is not None}
    if given:
        metadata = replace(metadata, **given)
        if "url" not in given:
            metadata = replace(metadata, url=address(metadata))
    return Document(name=name, text=source.text, metadata=metadata, pages=source.pages)
