"""The XML of officielebekendmakingen.nl: Kamerstukken, Aanhangsel (questions and answers) and Handelingen.

Their schemas changed over the years; elements are known by name, wherever they stand, and what is not known is read
for its words. Two shapes of Handelingen: until about 2011 `handeling/…/spreker{wie{aanspr,naam,partij},al}` and
`voorz`, later `handelingen/agendapunt/spreekbeurt{spreker{voorvoegsels,naam,politiek},tekst}`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from tracker.documents.formats.flow import Flow
from tracker.documents.formats.markup import Markup, Node, Piece, parse_xml
from tracker.documents.formats.origin import Origin
from tracker.documents.formats.vlos import is_vlos, read_vlos
from tracker.documents.limits import Budget
from tracker.domain import DocumentKind

#: What is no text: data about the document, numbers that are read with their block, pictures.
_ASIDE = {
    "aanspr", "colspec", "illustratie", "li.nr", "margetekst", "meta", "metadata", "noot.nr", "officiele-inhoudsopgave",
    "plaatje", "spanspec", "voetref", "wie", "witreg",
}  # fmt: skip
_HEADINGS = {"item-titel": 2, "kop": 3, "tussenkop": 3, "titel": 2}
_NAMES = {"achternaam", "functie", "initialen", "naam", "tussenvoegsel", "voornaam", "voorvoegsels"}
#: Within a paragraph. Everything else that is not known begins a paragraph of its own.
_INLINE = {
    "achternaam", "begrotingshoofdstuk", "datum", "dossiernr", "extref", "functie", "inf", "initialen", "intref",
    "kamervraagonderwerp", "label", "naam", "nadruk", "nr", "ondernummer", "ondtitel", "organisatie", "plaats",
    "politiek", "subtitel", "sup", "term", "tussenvoegsel", "voornaam", "voorvoegsels",
}  # fmt: skip
_LABELS = {"vraag": "Vraag", "antwoord": "Antwoord"}
_IDENTIFIER = re.compile(r"\b(?:kst|ah-tk|ah-ek|h-tk|h-ek|kv-tk|blg)-[\w-]*\d\b")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: Names of the metadata that hold the day a document is of, the best first.
_DAYS = ("vergaderdatum", "datumvergadering", "datumontvangst", "datumondertekening", "dcterms.issued", "dcterms.date")


def read_xml(file: str, budget: Budget) -> tuple[str, Origin, dict[str, Any]]:
    """The text, where it stands in the file, and what the markup says of the document (fields of Metadata)."""
    markup = parse_xml(file, budget)
    if is_vlos(markup):
        flow, about = read_vlos(markup)
    else:
        reader = _Publication(markup)
        flow, about = reader.read(), _about(markup)
    return flow.text, Origin(flow.runs, markup.bare.runs), about


def _about(markup: Markup) -> dict[str, Any]:
    """What the metadata of a publication say."""
    values: dict[str, str] = {}
    for node in markup.root.walk():
        if node.name == "meta":
            values.setdefault(node.attributes.get("name", "").lower(), node.attributes.get("content", ""))
    about: dict[str, Any] = {}
    for wanted in _DAYS:
        said = next((value for name, value in values.items() if name.endswith(wanted)), "")
        if day := _day(said):
            about["date"] = day
            break
    said = " ".join((values.get("dcterms.identifier", ""), values.get("overheidop.externmetadatarecord", "")))
    if found := _IDENTIFIER.search(said):
        about["identifier"] = found.group()
    if markup.root.find("spreekbeurt", "handeling", "handelingen"):
        about["kind"] = DocumentKind.DEBATE
        if title := markup.root.find("item-titel"):
            about["title"] = title.text
    return about


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    try:
        return date.fromisoformat(found.group()) if found else None
    except ValueError:
        return None


class _Publication:
    def __init__(self, markup: Markup) -> None:
        self.flow = Flow()
        self._root = markup.root
        self._speaker: str | None = None  # whose words are being read; None where the markup does not say

    def read(self) -> Flow:
        self._blocks(self._root)
        self.flow.end_part()
        return self.flow

    # ── Blocks ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _blocks(self, node: Node) -> None:
        for child in node.children:
            if isinstance(child, Piece):
                self._words(child)
            elif child.name not in _ASIDE:
                self._one(child)

    def _one(self, node: Node) -> None:
        name = node.name
        if name in _INLINE:
            if name in _NAMES:
                self.flow.say(" ")
            self._blocks(node)
            if name == "functie":  # of a signature: the name stands below
                self.flow.line()
        elif name == "noot":
            self._note(node)
        elif name == "br":
            self.flow.line()
        elif name in {"spreekbeurt", "voorz"} or (name == "spreker" and node.child("wie")):
            self._turn(node)
        elif name == "spreker":  # within a turn: of whom the words that follow are
            self._speaker = speaker_line(node) or self._speaker
        elif name == "motie-info":  # the chair, between the words of the member
            before, self._speaker = self._speaker, None
            self._blocks(node)
            self._speaker = before
        else:
            self._block(node)

    def _block(self, node: Node) -> None:
        name = node.name
        if name in _LABELS:
            self._question(node)
        elif name in {"li", "row"}:
            self._item(node) if name == "li" else self._row(node)
        elif name in _HEADINGS:
            self.flow.heading(_HEADINGS[name])
            self._flat(node)
        else:
            if not self.flow.marked:  # of an item of a list: "<li><al>" is one paragraph
                self.flow.begin()
            self._blocks(node)
        self.flow.end()

    def _question(self, node: Node) -> None:
        """A question or an answer, with its label as a heading: "#### Vraag 1"."""
        label = node.child("kop", "nr")
        written = label.text if label else ""
        if written[:1].isdigit() or not written:
            written = f"{_LABELS[node.name]} {written}".strip()
        self.flow.heading(4)
        self.flow.say(written)
        self.flow.end()
        for child in node.children:
            if isinstance(child, Piece):
                self._words(child)
            elif child is not label and child.name not in _ASIDE:
                self._one(child)
        self.flow.end_part()

    def _item(self, node: Node) -> None:
        number = node.child("li.nr")
        written = number.text if number else ""
        self.flow.begin(f"{written if any(map(str.isalnum, written)) else '-'} ")
        self._blocks(node)

    def _row(self, node: Node) -> None:
        cells = [cell for cell in node.nodes if cell.name == "entry"]
        together = all(sum(each.name == "al" for each in cell.nodes) <= 1 for cell in cells)
        self.flow.begin()
        for cell in cells:
            if not together:
                self._block(cell)
                continue
            self._flat(cell)
            self.flow.cell()

    def _flat(self, node: Node) -> None:
        """All words within, as of one paragraph."""
        for child in node.children:
            if isinstance(child, Piece):
                self.flow.say(child.text, child.at)
            elif child.name == "noot":
                self._note(child)
            elif child.name not in _ASIDE:
                apart = child.name not in _INLINE or child.name in _NAMES or child.name in {"label", "nr"}
                self.flow.say(" " if apart else "")
                self._flat(child)
                self.flow.say(" " if apart else "")

    def _note(self, node: Node) -> None:
        number = node.child("noot.nr")
        written = re.sub(r"\D", "", number.text if number else "")[:3]
        if not written:
            return
        self.flow.note_mark(written)

        def write() -> None:
            self.flow.begin(f"[{written}] ")
            self._flat(node)

        self.flow.note(write)

    # ── Who speaks ───────────────────────────────────────────────────────────────────────────────────────────────

    def _turn(self, node: Node) -> None:
        who = node.child("spreker", "wie") if node.name != "voorz" else None
        before, self._speaker = self._speaker, speaker_line(who or node) if who or node.name == "voorz" else None
        self.flow.end_part()
        for child in node.children:
            if isinstance(child, Piece):
                self._words(child)
            elif child is not who and child.name not in _ASIDE:
                self._one(child)
        self.flow.end_part()
        self._speaker = before

    def _words(self, piece: Piece) -> None:
        if piece.text.strip() and self._speaker and not self.flow.inside:
            self.flow.speaker(self._speaker)
        self.flow.say(piece.text, piece.at)


def speaker_line(node: Node) -> str | None:
    """The line that names a speaker: "Minister Jansen:", "Mevrouw De Vries (ABC):", "De voorzitter:"."""
    if node.name == "voorz":
        return "De voorzitter:"

    def part(*names: str) -> str:
        found = node.find(*names)
        return found.text.strip(" .:,") if found else ""

    address, name, party = part("aanspr", "voorvoegsels"), part("achternaam", "naam"), part("politiek", "partij")
    before = part("tussenvoegsel", "voorvoegsel")
    office = part("functie").split(" ")[0]
    if office and not party:
        address = office.capitalize()
    line = " ".join(filter(None, (address, before, name))) or node.text.rstrip(" :")
    if not line:
        return None
    return f"{line} ({party}):" if party else f"{line}:"
