"""Plain text and Markdown: the decoded file, character for character."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from tracker.errors import UnreadableDocument

#: Longest first: the UTF-32 mark begins with the UTF-16 one.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: What Dutch offices wrote before UTF-8. cp1252 is Latin-1 with curly quotes, dashes and the euro.
OLD_ENCODINGS = ("cp1252", "latin-1")

#: `<?xml … encoding="iso-8859-1"?>`, `<meta charset="windows-1252">`, `content="text/html; charset=…"`
DECLARED = re.compile(rb"""(?:<\?xml[^>]*?\bencoding|<meta[^>]*?\bcharset)\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)

#: Control characters that text has no use for; more than a few in the first stretch mean that it is no text.
CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a\x1b")) + b"\x7f"
SAMPLE = 65536


def decode(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of a file's bytes, exactly (only a byte order mark is left out), and warnings about a guessed encoding.

    Raises UnreadableDocument for bytes that are no text.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding), ()
            except UnicodeDecodeError as error:
                raise not_text(name, f"it says to be {encoding} and is not") from error
    wide = without_mark(content)
    if looks_binary(content.decode(wide).encode() if wide else content):
        raise not_text(name, "it holds bytes that no text has")
    if wide:
        return content.decode(wide), ()
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        place = error.start
    if (said := declared(content)) is not None:
        return said, ()
    text, encoding = guess(content, name)
    return text, (f"{name}: not UTF-8 (byte {place}); read as {encoding}. Save it as UTF-8 if letters look wrong.",)


def without_mark(content: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte is zero."""
    sample = content[:SAMPLE]
    for encoding, zeros, letters in (
        ("utf-16-le", sample[1::2], sample[::2]),
        ("utf-16-be", sample[::2], sample[1::2]),
    ):
        if len(sample) > 8 and zeros.count(0) > 0.7 * len(zeros) and not letters.count(0):
            try:
                content.decode(encoding)
            except UnicodeDecodeError:
                return None
            return encoding
    return None


def declared(content: bytes) -> str | None:
    """The text by the encoding that XML or HTML says it has, where it has it."""
    found = DECLARED.search(content[:2048])
    if not found or content.lstrip()[:1] != b"<":
        return None
    try:
        return content.decode(found[1].decode("ascii"))
    except (LookupError, UnicodeDecodeError):
        return None


def guess(content: bytes, name: str) -> tuple[str, str]:
    """Decode bytes that are not UTF-8: as the old Western encodings where that gives text."""
    match = from_bytes(content[:SAMPLE], cp_isolation=list(OLD_ENCODINGS)).best()
    if match is None:
        raise not_text(name, "its encoding could not be recognised")
    for encoding in OLD_ENCODINGS:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise not_text(name, "its encoding could not be recognised")


def looks_binary(content: bytes) -> bool:
    sample = content[:SAMPLE]
    return b"\x00" in sample or len(sample) - len(sample.translate(None, CONTROL)) > len(sample) // 1000 + 1


def not_text(name: str, why: str) -> UnreadableDocument:
    return UnreadableDocument(
        f"{name}: not a text file: {why}; expected text, Markdown, PDF, Word (.docx), "
        "HTML, XML or mail (.eml). Convert it to one of these and try again."
    )
