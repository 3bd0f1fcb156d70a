"""Plain text and Markdown: the decoded file, character for character."""

from __future__ import annotations

import codecs

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
    if looks_binary(content):
        raise not_text(name, "it holds bytes that no text has")
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        place = error.start
    text, encoding = guess(content, name)
    return text, (f"{name}: not UTF-8 (byte {place}); read as {encoding}. Save it as UTF-8 if letters look wrong.",)


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
        f"{name}: not a text file: {why}; expected text (UTF-8), Markdown or PDF. "
        "Convert it to one of these and try again."
    )
