"""Debate reports of the Tweede Kamer (`Verslag/resource`, "vlos"): who speaks, with office or party, and what is said.

`woordvoerder` and `interrumpant` hold a `spreker` (aanhef, verslagnaam, functie, fractie) and a `tekst` of
`alineaitem`s. A member of government has no `fractie`; of these the first word of `functie` is the office.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.documents.formats.flow import Flow
from tracker.documents.formats.markup import Markup, Node, Piece
from tracker.domain import DocumentKind

NAMESPACE = "vergaderverslag"
_TURNS = {"woordvoerder", "interrumpant"}
_ASIDE = {
    "aanvangstijd", "datum", "draadboekfragment", "eindtijd", "isdraad", "isvoorzitter", "markeertijdbegin",
    "markeertijdeind", "parlisid", "plaats", "spreker", "sprekers", "status", "vergaderingnummer", "zaal",
}  # fmt: skip
_LONGEST_SPEAKER, _MOST_WORDS = 120, 10


def is_vlos(markup: Markup) -> bool:
    root = markup.root.name
    return root == "vloscoredocument" or any(NAMESPACE in each for each in markup.namespaces) or root == NAMESPACE


def read_vlos(markup: Markup) -> tuple[Flow, dict[str, Any]]:
    """The debate as turns, and what the report says of itself: day and title."""
    reader = _Report()
    reader.blocks(markup.root, None)
    reader.flow.end_part()
    about: dict[str, Any] = {"kind": DocumentKind.DEBATE}
    meeting = markup.root.find("vergadering") or markup.root
    if (day := meeting.child("datum")) and (when := _day(day.text)):
        about["date"] = when
    subject = next((node for node in markup.root.walk() if node.name == "activiteit" and node.child("onderwerp")), None)
    title = meeting.child("titel")
    said = [each.text for each in (title, subject and subject.child("onderwerp")) if each and each.text]
    if said:
        about["title"] = ": ".join(said)
    return reader.flow, about


def _day(text: str) -> date | None:
    """A day of the service; year 1 stands for none."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if day.year > 1 else None


class _Report:
    def __init__(self) -> None:
        self.flow = Flow()

    def blocks(self, node: Node, speaker: str | None) -> None:
        for child in node.nodes:
            name = child.name
            if name in _ASIDE:
                continue
            if name in _TURNS:
                self.blocks(child, speaker_of(child))
            elif name == "alinea":
                self._paragraphs(child, speaker)
            elif name in {"titel", "onderwerp"}:
                self._heading(child)
            else:
                self.blocks(child, speaker)

    def _heading(self, node: Node) -> None:
        if node.text:
            self.flow.heading(2)
            self._say(node)
            self.flow.end()

    def _paragraphs(self, node: Node, speaker: str | None, mark: str = "") -> None:
        for child in node.nodes:
            if child.name == "alineaitem":
                text = child.text
                if not text or (speaker and _names(text, speaker)):
                    continue
                self.flow.speaker(speaker)
                self.flow.begin(mark)
                self._say(child)
                self.flow.end()
            elif child.name not in _ASIDE:
                self._paragraphs(child, speaker, "- " if child.name == "lijst" else mark)

    def _say(self, node: Node) -> None:
        for child in node.children:
            if isinstance(child, Piece):
                self.flow.say(child.text, child.at)
            elif child.name == "br":
                self.flow.line()
            else:
                self._say(child)


def _names(text: str, speaker: str) -> bool:
    """Whether this is the line with the speaker's name, which the report prints as the first of a turn."""
    name = speaker.rstrip(":").partition(" (")[0].rsplit(" ", 1)[-1]
    return text.endswith(":") and len(text) <= _LONGEST_SPEAKER and name in text and text.count(" ") <= _MOST_WORDS


def speaker_of(turn: Node) -> str | None:
    """The line that names who speaks: "Minister Jansen:", "Mevrouw De Vries (ABC):", "De voorzitter:"."""
    chair = turn.child("isvoorzitter")
    if chair and chair.text == "true":
        return "De voorzitter:"
    speaker = turn.child("spreker")
    if speaker is None:
        return None

    def part(name: str) -> str:
        found = speaker.child(name)
        return found.text if found else ""

    name = part("verslagnaam") or part("weergavenaam") or part("achternaam")
    party, office = part("fractie"), part("functie").split(" ")[0]
    if party:
        return f"{' '.join(filter(None, (part('aanhef'), name)))} ({party}):"
    who = " ".join(filter(None, (office.capitalize() or part("aanhef"), name)))
    return f"{who}:" if who else None
