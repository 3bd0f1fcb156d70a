"""Mails (.eml): what the mail itself says, and its attachments, each to be read as a document of its own.

Headers are decoded and put on one line each, so that nothing in them can look like another header or a line of text.
Nothing is written: an attachment is its bytes and a name to show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

from tracker.documents.limits import Budget
from tracker.errors import UnreadableDocument

_SHOWN = (("From", "Van"), ("To", "Aan"), ("Subject", "Onderwerp"))
_HEADERS = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){2,}\r?\n")
_OF_MAIL = re.compile(rb"^(?:from|date|message-id|mime-version|received|return-path):", re.IGNORECASE | re.MULTILINE)
_NOT_READ = {"audio", "image", "video"}
_LONGEST_HEADER = 500
MAILS_WITHIN = 20  # so many levels of elements allow one level of mails within mails, and of parts within parts


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    headers: str  # one line each; "" where there are none
    text: str | None  # what it says; None where it has only attachments
    html: str | None  # the same as a web page, where that is all there is
    day: datetime | None
    attachments: tuple[Attachment, ...]


def is_eml(content: bytes) -> bool:
    head = content[:16_384].lstrip(b"\r\n")
    found = _HEADERS.match(head)
    return bool(found) and len(_OF_MAIL.findall(found.group() if found else b"")) >= 2


def read_eml(content: bytes, budget: Budget) -> Mail:
    """A mail taken apart. Raises UnreadableDocument: too many parts, mails in mails too deep."""
    message = message_from_bytes(content.lstrip(b"\r\n"), policy=policy.default)
    assert isinstance(message, EmailMessage)
    text: str | None = None
    html: str | None = None
    attachments: list[Attachment] = []
    for part in _parts(message, budget, 0):
        kind = part.get_content_type()
        if not _is_attached(part) and kind == "text/plain" and text is None:
            text = _decoded(part)
        elif not _is_attached(part) and kind == "text/html" and html is None:
            html = _decoded(part)
        elif part.get_content_maintype() in _NOT_READ:
            continue
        elif _is_attached(part) or part.get_filename():
            attachments.append(Attachment(_name(part, len(attachments) + 1), _bytes(part)))
        if len(attachments) > budget.limits.attachments:
            raise UnreadableDocument(
                f"{budget.name}: more than {budget.limits.attachments} attachments; save those you need and read them."
            )
    said = text if text and text.strip() else None
    return Mail(_headers(message), said, None if said else html, _day(message), tuple(attachments))


def _parts(message: MIMEPart, budget: Budget, depth: int) -> Iterator[MIMEPart]:
    if depth > max(1, budget.limits.depth // MAILS_WITHIN):
        raise UnreadableDocument(
            f"{budget.name}: mails within mails, {depth} deep; save the inner one and read it apart."
        )
    if message.get_content_type() == "message/rfc822":
        yield message
        return
    if not message.is_multipart():
        yield message
        return
    for part in message.iter_parts():
        if isinstance(part, MIMEPart):
            yield from _parts(part, budget, depth + 1)


def _is_attached(part: MIMEPart) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_content_type() == "message/rfc822"


def _decoded(part: MIMEPart) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return content.decode(charset)
    except (LookupError, UnicodeDecodeError, ValueError):
        return content.decode("cp1252", "replace")


def _bytes(part: MIMEPart) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        return inner.as_bytes() if hasattr(inner, "as_bytes") else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _name(part: MIMEPart, number: int) -> str:
    """A name to show: without folders, control characters and length."""
    written = one_line(part.get_filename() or "").replace("\\", "/").rsplit("/", 1)[-1].strip(". ")
    if not written:
        written = f"bijlage-{number}" + (".eml" if part.get_content_type() == "message/rfc822" else "")
    return written[-120:]


def one_line(text: str) -> str:
    """Without anything that ends a line or is not shown."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_LONGEST_HEADER]


def _headers(message: EmailMessage) -> str:
    lines = []
    for header, label in _SHOWN:
        try:
            said = one_line(str(message.get(header, "")))
        except (ValueError, IndexError, KeyError, AttributeError):  # what the standard library cannot take apart
            said = ""
        if said:
            lines.append(f"{label}: {said}")
    return "\n\n".join(lines)


def _day(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", "")))
    except (ValueError, TypeError, IndexError):
        return None
