"""XML and HTML as a small tree: names without namespaces, and where every piece of text stands in the file.

Nothing is fetched and no entity of the document's own is expanded. lxml reads the tree; where its text stands is found
by laying it beside the text between the tags, which is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.entities import html5

from lxml import etree
from lxml import html as lxml_html

from tracker.documents.formats.origin import Bare
from tracker.documents.limits import Budget
from tracker.errors import UnreadableDocument

_OWN_ENTITIES = re.compile(
    r"<!DOCTYPE[^>]*\[.*?<!ENTITY|\A[^<]{0,100}<!ENTITY|<!ENTITY\s+[%\w]", re.DOTALL | re.IGNORECASE
)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z]\w{1,31};)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: The attributes that a reader looks at.
_ATTRIBUTES = ("aria-hidden", "class", "content", "hidden", "href", "id", "name", "role", "start")
_LONG_TAG, _MOST_ATTRIBUTES = re.compile(r"<[A-Za-z][^<>]{10000,}"), 5_000
_LOOK_AHEAD = 20_000  # signs; further on a text is not looked for


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text, and where it begins in the text between the tags."""

    text: str
    at: int | None


@dataclass
class Node:
    """An element: its name without namespace, in lower case, and what it holds in its order."""

    name: str
    attributes: dict[str, str]
    children: list[Node | Piece] = field(default_factory=list)

    @property
    def nodes(self) -> Iterator[Node]:
        """The elements directly within."""
        return (child for child in self.children if isinstance(child, Node))

    def child(self, *names: str) -> Node | None:
        return next((node for node in self.nodes if node.name in names), None)

    def walk(self) -> Iterator[Node]:
        """This element and all within it, in the order of the file."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(child for child in reversed(node.children) if isinstance(child, Node))

    @cached_property
    def links(self) -> tuple[int, int, int]:
        """How many links are within, how many signs they have, and how many signs all is."""
        inner = [child.links if isinstance(child, Node) else (0, 0, len(child.text.strip())) for child in self.children]
        number, linked, signs = (sum(column) for column in zip(*inner, strict=True)) if inner else (0, 0, 0)
        return (number + 1, signs, signs) if self.name == "a" else (number, linked, signs)

    def find(self, *names: str) -> Node | None:
        """The first element of such a name, this one included."""
        return next((node for node in self.walk() if node.name in names), None)

    @property
    def text(self) -> str:
        """All its words, white space collapsed."""
        return " ".join("".join(self.pieces()).split())

    def pieces(self) -> Iterator[str]:
        waiting: list[Node | Piece] = [self]
        while waiting:
            each = waiting.pop()
            if isinstance(each, Piece):
                yield each.text
            else:
                waiting.extend(reversed(each.children))


@dataclass(frozen=True, slots=True)
class Markup:
    root: Node
    bare: Bare
    namespaces: frozenset[str]


def parse_xml(file: str, budget: Budget) -> Markup:
    """The tree of an XML file. Raises UnreadableDocument: no XML, own entities, too deep."""
    if _OWN_ENTITIES.search(file):
        raise UnreadableDocument(
            f"{budget.name}: this XML defines entities of its own, which are not expanded for safety; "
            "download the document again from its official address."
        )
    _without_endless_tags(file, budget)
    known = _NAMED.sub(lambda found: html5.get(found[1], found[0]), _DECLARATION.sub("", file))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, encoding="utf-8"
    )
    try:
        root = etree.fromstring(known.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        why = f"line {error.lineno}: {(error.msg or '').split(',')[0]:.80}"
        raise UnreadableDocument(f"{budget.name}: broken XML ({why}); download it again.") from error
    return _tree(root, Bare(file, html=False), budget, skip=frozenset())


def parse_html(file: str, budget: Budget) -> Markup:
    """The tree of a web page, however it was written."""
    _without_endless_tags(file, budget)
    parser = lxml_html.HTMLParser(no_network=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    try:
        root = lxml_html.document_fromstring(_CONTROL.sub(" ", file).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableDocument(f"{budget.name}: a web page without content; download it again.") from error
    return _tree(root, Bare(file, html=True), budget, skip=frozenset({"script", "style", "textarea", "title"}))


def _without_endless_tags(file: str, budget: Budget) -> None:
    """The parser compares every attribute of a tag with all others."""
    for tag in _LONG_TAG.finditer(file):
        if max(tag.group().count("="), len(tag.group().split())) > _MOST_ATTRIBUTES:
            raise UnreadableDocument(f"{budget.name}: a tag with thousands of attributes; no document is like that.")


def _tree(root: etree._Element, bare: Bare, budget: Budget, skip: frozenset[str]) -> Markup:
    """The tree as our own nodes. Without recursion: how deep it is, is looked at here."""
    places = _Places(bare.text)
    top = Node("", {})
    path = [top]
    namespaces: set[str] = set()
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            namespace, _, name = str(element.tag).rpartition("}")
            namespaces.add(namespace.lstrip("{"))
            attributes = {key: str(value) for key in _ATTRIBUTES if (value := element.get(key)) is not None}
            node = Node(name.lower(), attributes)
            path[-1].children.append(node)
            path.append(node)
            if len(path) > budget.limits.depth:
                raise UnreadableDocument(
                    f"{budget.name}: elements within elements, {budget.limits.depth} deep; no document is like that."
                )
            if element.text and node.name not in skip:
                node.children.append(Piece(element.text, places.of(element.text)))
            continue
        if event == "end":
            path.pop()
        if element.tail and element is not root:
            path[-1].children.append(Piece(element.tail, places.of(element.tail)))
    return Markup(next(top.nodes), bare, frozenset(namespaces))


class _Places:
    """Finds texts, given in their order, in the text between the tags."""

    def __init__(self, bare: str) -> None:
        self._bare = bare
        self._from = 0

    def of(self, text: str) -> int | None:
        at = self._bare.find(text, self._from, self._from + len(text) + _LOOK_AHEAD)
        if at < 0:
            return None
        self._from = at + len(text)
        return at
