"""Web pages: the text of the page itself, without what stands around it on every page of the site."""

from __future__ import annotations

import re

from tracker.documents.formats.flow import Flow
from tracker.documents.formats.markup import Node, Piece, parse_html
from tracker.documents.formats.origin import Origin
from tracker.documents.limits import Budget

#: Never part of a text, wherever they stand.
_ASIDE = {
    "aside", "audio", "button", "canvas", "dialog", "form", "head", "iframe", "input", "label", "menu", "nav",
    "noscript", "object", "option", "script", "select", "style", "svg", "template", "textarea", "video",
}  # fmt: skip
_ASIDE_ROLES = {"alert", "alertdialog", "banner", "complementary", "contentinfo", "dialog", "navigation", "search"}
_ASIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|breadcrumbs?|kruimelpad|menu|navbar|navigation|navigatie|sidebar|skip-?links?|"
    r"share|sharing|social|toolbar|pagination|paging|newsletter|banner|site-?(?:header|footer)|visually-?hidden)(?:$|[\s_-])",
    re.IGNORECASE,
)
#: Part of a text only within its article.
_AROUND = {"header", "footer"}
_BLOCKS = {
    "address", "article", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "header", "hgroup", "hr", "html", "main", "ol", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
_ENOUGH = 200  # signs; a shorter article is a teaser, and the whole page is read
_NUMBER = re.compile(r"[\[(]?(\d{1,3})[\])]?\.?\Z")


def read_html(file: str, budget: Budget) -> tuple[str, Origin]:
    """The main text of a page and where it stands in the page's source."""
    markup = parse_html(file, budget)
    reader = _Page(_main(markup.root))
    text = reader.read()
    return text, Origin(reader.flow.runs, markup.bare.runs)


def _main(root: Node) -> Node:
    """The element that holds the document: a marked one with enough text, else the whole page."""
    marked = [
        node
        for node in root.walk()
        if node.attributes.get("id") == "broodtekst" or node.name == "main" or node.attributes.get("role") == "main"
    ]
    articles = [node for node in root.walk() if node.name == "article"]
    for node in marked + (articles if len(articles) == 1 else []):
        if len(node.text) >= _ENOUGH:
            return node
    return root


class _Page:
    def __init__(self, main: Node) -> None:
        self.flow = Flow()
        self._main = main
        self._notes = _note_targets(main)
        self._lists: list[int | None] = []  # the number of the next item; None: without numbers
        self._in_note = False

    def read(self) -> str:
        self._blocks(self._main, within=self._main.name in {"main", "article"})
        self.flow.end_part()
        return self.flow.text

    # ── Blocks ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _blocks(self, node: Node, within: bool) -> None:
        for child in node.children:
            if isinstance(child, Piece):
                self.flow.say(child.text, child.at)
            elif not self._aside(child, within):
                self._one(child, within or child.name in {"main", "article"})

    def _one(self, node: Node, within: bool) -> None:
        name = node.name
        if name == "br":
            self.flow.line()
            return
        if name not in _BLOCKS:
            self._inline(node, within)
            return
        if number := self._notes.get(node.attributes.get("id", "")):
            self._footnote(node, number)
        elif name == "tr":
            self._row(node, within)
        elif name in {"ol", "ul"}:
            start = node.attributes.get("start", "1")
            self._lists.append((int(start) if start.isdigit() else 1) if name == "ol" else None)
            self._blocks(node, within)
            self._lists.pop()
        else:
            self._begin(node)
            self._blocks(node, within)
        self.flow.end()

    def _begin(self, node: Node) -> None:
        name = node.name
        if len(name) == 2 and name[0] == "h" and name[1].isdigit():
            self.flow.heading(int(name[1]))
        elif name == "li":
            number = self._lists[-1] if self._lists else None
            self.flow.begin("- " if number is None else f"{number}. ")
            if number is not None:
                self._lists[-1] = number + 1
        elif name == "blockquote":
            self.flow.begin("> ")
        elif not self.flow.marked:  # "<li><p>": one paragraph
            self.flow.begin()

    def _row(self, node: Node, within: bool) -> None:
        """The cells of a row side by side; one below the other where a cell holds more than a paragraph."""
        cells = [cell for cell in node.nodes if cell.name in {"td", "th"} and not self._aside(cell, within)]
        layout = any(
            inner.name in {"table", "ul", "ol"} or _paragraphs(cell) > 1 for cell in cells for inner in cell.nodes
        )
        self.flow.begin()
        for cell in cells:
            if layout:
                self._one(cell, within)
            else:
                self._words(cell, within)
                self.flow.cell()

    def _footnote(self, node: Node, number: str) -> None:
        self.flow.begin(f"[{number}] ")
        self._in_note = True
        self._words(node, within=True)
        self._in_note = False

    # ── Words ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _inline(self, node: Node, within: bool) -> None:
        if node.name in {"a", "sup"} and (number := self._mark(node)):
            if not self._in_note:
                self.flow.note_mark(number)
            return
        self._blocks(node, within)

    def _words(self, node: Node, within: bool) -> None:
        """All words within, as of one paragraph."""
        for child in node.children:
            if isinstance(child, Piece):
                self.flow.say(child.text, child.at)
            elif child.name == "br":
                self.flow.say(" ")
            elif child.name in _BLOCKS and not self._aside(child, within):
                self.flow.say(" ")
                self._words(child, within)
                self.flow.say(" ")
            elif not self._aside(child, within):
                self._inline(child, within)

    def _mark(self, node: Node) -> str | None:
        """The number, where this is a reference to a note: a raised number, or a link to one within the page."""
        number = _NUMBER.match(node.text)
        links = [each for each in node.walk() if each.name == "a"]
        if number and (node.name == "sup" or any(link.attributes.get("href", "").startswith("#") for link in links)):
            return number[1]
        return None

    def _aside(self, node: Node, within: bool) -> bool:
        attributes = node.attributes
        return (
            node.name in _ASIDE
            or (node.name in _AROUND and not within)
            or "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or attributes.get("role") in _ASIDE_ROLES
            or (
                node.name in _BLOCKS
                and bool(_ASIDE_NAMES.search(f"{attributes.get('class', '')} {attributes.get('id', '')}"))
            )
            or (node.name in {"ul", "ol", "div"} and not within and _only_links(node))
        )


def _only_links(node: Node) -> bool:
    """Whether this is a list of links, as at the head and foot of a site."""
    number, linked, signs = node.links
    return number > 2 and linked > 0.6 * signs


def _paragraphs(node: Node) -> int:
    return sum(child.name in {"p", "div", "h1", "h2", "h3", "h4"} for child in node.nodes)


def _note_targets(main: Node) -> dict[str, str]:
    """The ids of footnotes, by the links that lead to them: `<a href="#noot1"><sup>1</sup></a>`."""
    found: dict[str, str] = {}
    for node in main.walk():
        if node.name != "sup" and not any(child.name == "sup" for child in node.nodes):
            continue
        for link in node.walk():
            number = _NUMBER.match(link.text)
            if link.name == "a" and number and link.attributes.get("href", "").startswith("#"):
                found.setdefault(link.attributes["href"][1:], number[1])
    return found
