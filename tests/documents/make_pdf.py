"""The smallest PDF that holds text at given places: enough to draw letters as ministries lay them out."""

from collections.abc import Sequence
from typing import NamedTuple

FONTS = {"plain": "Helvetica", "bold": "Helvetica-Bold", "italic": "Helvetica-Oblique"}


class Text(NamedTuple):
    """A text on one line; `x` and `y` in points from the lower left corner of an A4 page (595 by 842)."""

    x: float
    y: float
    text: str
    size: float = 9
    font: str = "plain"
    rise: float = 0


#: Matrix of letters, and their place on a page of 595 by 842, so that they stand upright when it is shown turned.
TURNS = {
    0: ("1 0 0 1", lambda x, y: (x, y)),
    90: ("0 1 -1 0", lambda x, y: (595 - y, x)),
    180: ("-1 0 0 -1", lambda x, y: (595 - x, 842 - y)),
    270: ("0 -1 1 0", lambda x, y: (y, 842 - x)),
}


def make_pdf(pages: Sequence[Sequence[Text]], *, encrypted: bool = False, turn: int = 0) -> bytes:
    """A PDF with these pages; each text is drawn in the order given. `turn`: shown turned right by so many degrees."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    fonts = " ".join(
        f"/{key} << /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
        for key, name in FONTS.items()
    )
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        f"<< {fonts} >>".encode(),
    ]
    for index, page in enumerate(pages):
        stream = b"".join(drawn(text, turn) for text in page)
        head = f"/Parent 2 0 R /Rotate {turn} /MediaBox [0 0 595 842] /Resources << /Font 3 0 R >>"
        bodies += [
            f"<< /Type /Page {head} /Contents {5 + 2 * index} 0 R >>".encode(),
            f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream",
        ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    secret = "41" * 32
    locked = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{secret}> /U <{secret}> /P -4 >> /ID [<41> <41>]"
    trailer = f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R {locked if encrypted else ''} >>\n"
    return bytes(out + f"{trailer}startxref\n{start}\n%%EOF\n".encode())


def drawn(text: Text, turn: int) -> bytes:
    matrix, to_page = TURNS[turn]
    x, y = to_page(text.x, text.y)
    escaped = text.text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
    place = f"BT /{text.font} {text.size} Tf {text.rise} Ts {matrix} {x} {y} Tm (".encode()
    return place + escaped + b") Tj ET\n"


def lines(x: float, y: float, *texts: str, size: float = 9, leading: float = 12, font: str = "plain") -> list[Text]:
    """Lines below one another, the first at `y`."""
    return [Text(x, y - index * leading, text, size, font) for index, text in enumerate(texts)]
