"""What a document says about itself: kind, date, title, number and signatory. Pure; the patterns are data.

They come in as a `Registry`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from tracker.documents.registry import Registry
from tracker.domain import Actor, DocumentKind, Metadata

#: How much of a text is its opening, and its head, in characters.
OPENING, HEAD = 800, 4_000
#: Signatures are looked for in this much of a long text: it holds the letter before its enclosures.
LONGEST = 400_000

PUBLICATIONS = "https://zoek.officielebekendmakingen.nl"


# ── Description ──────────────────────────────────────────────────────────────────────────────────────────────────


def describe(text: str, registry: Registry, name: str = "") -> Metadata:
    """What a document says about itself; what it does not say stays None. Nothing is guessed from `name`, a file's."""
    bare = without_markup(text[:LONGEST])
    number, dossiers, dossier_title = dossiers_of(bare, registry)
    title = title_of(bare, registry) or dossier_title
    kind = kind_of(bare, title, registry)
    day = date_of(bare, registry)
    identifier = identifier_of(bare, registry)
    if kind is DocumentKind.ANSWER and not dossiers:
        number = identifier.rsplit("-", 1)[1] if identifier else appendix_number(bare, registry)
        identifier = identifier or appendix_identifier(bare, number, day, registry)
    metadata = Metadata(
        date=day,
        kind=kind,
        title=title or first_line(bare, kind),
        identifier=identifier,
        dossiers=dossiers,
        number=number,
        signatory=signatory_of(bare, registry),
    )
    metadata = replace(metadata, identifier=metadata.identifier or parliamentary_identifier(metadata))
    return replace(metadata, url=address(metadata))


def without_markup(text: str) -> str:
    """Without marks of Markdown and HTML, so that patterns see the words."""
    text = re.sub(r"<sup>.{0,80}?</sup>|[*_`]|^[ \t]*[#>]+[ \t]*", "", text.replace("\r\n", "\n"), flags=re.MULTILINE)
    return text.replace("\u00a0", " ")


def part(text: str, where: str, title: str | None = None) -> str:
    if where == "title":
        return title or ""
    return {"opening": text[:OPENING], "head": text[:HEAD]}.get(where, text)


def kind_of(text: str, title: str | None, registry: Registry) -> DocumentKind:
    for pattern in registry.kinds:
        if pattern.kind and pattern.holds(part(text, pattern.where, title)):
            return pattern.kind
    return DocumentKind.OTHER


def date_of(text: str, registry: Registry) -> date | None:
    for pattern in registry.dates:
        for found in pattern.regex.finditer(part(text, pattern.where)):
            month = int(found["numeric"] or registry.months.index(found["month"].lower()) + 1)
            try:
                return date(int(found["year"]), month, int(found["day"]))
            except ValueError:  # "31 juni": a slip of the pen is no date
                continue
    return None


def title_of(text: str, registry: Registry) -> str | None:
    for pattern in registry.titles:
        if found := pattern.regex.search(part(text, pattern.where)):
            return squeeze(found["title"])
    return None


def first_line(text: str, kind: DocumentKind) -> str | None:
    """The first paragraph of a few words, where a document without a subject line begins with its title."""
    if kind in {DocumentKind.LETTER, DocumentKind.DEBATE, DocumentKind.CHAIR_LIST}:
        return None
    lines = (squeeze(line) for line in text[:OPENING].split("\n\n"))
    return next((line for line in lines if line.count(" ") >= 2 and len(line) <= 250), None)


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .;:")


# ── Numbers and addresses ────────────────────────────────────────────────────────────────────────────────────────


def dossiers_of(text: str, registry: Registry) -> tuple[str | None, tuple[str, ...], str | None]:
    """Number within the first dossier, the dossiers in the document's order, and the first one's title."""
    head = part(text, "head")
    number = registry.numbers["parliamentary"].search(head)
    found = [
        match
        for match in registry.numbers["dossier"].finditer(head)
        if number is None or match.start() <= number.start() + 40
    ]
    if not found:
        return None, (), None
    titles = [match["title"] or match["below"] for match in found]
    title = "; ".join(dict.fromkeys(squeeze(title) for title in titles if title))
    dossiers = tuple(dict.fromkeys(written_dossier(match["dossier"]) for match in found))
    return number["number"] if number else None, dossiers, title or None


def written_dossier(written: str) -> str:
    """A dossier as parliament writes it: "31 015", "35 300 VII"."""
    digits = re.sub(r"\D", "", written)
    part_ = re.search(r"[A-Z]+$", written.strip())
    return f"{digits[:2]} {digits[2:]}" + (f" {part_.group()}" if part_ else "")


def identifier_of(text: str, registry: Registry) -> str | None:
    """The official identifier that the document prints itself."""
    found = registry.numbers["identifier"].search(text)
    return (found["identifier"] or found["printed"]) if found else None


def parliamentary_identifier(metadata: Metadata) -> str | None:
    """Of a document with a number in a dossier: "kst-31015-245", "kst-35300-VII-113"."""
    if not metadata.dossiers or not metadata.number:
        return None
    first, _, part_ = metadata.dossiers[0].replace(" ", "", 1).partition(" ")
    return "-".join(filter(None, ("kst", first, part_, metadata.number)))


def appendix_number(text: str, registry: Registry) -> str | None:
    found = registry.numbers["appendix"].search(part(text, "head"))
    return found["number"] if found else None


def appendix_identifier(text: str, number: str | None, day: date | None, registry: Registry) -> str | None:
    """Of answers to questions: "ah-tk-20232024-916", by the session that is named or else that the date falls in."""
    if number is None:
        return None
    found = registry.numbers["session"].search(part(text, "opening"))
    if found:
        return f"ah-tk-{found['from']}{int(found['from']) + 1}-{number}"
    return f"ah-tk-{session_of(day)}-{number}" if day else None


def session_of(day: date) -> str:
    """The parliamentary session (vergaderjaar) of a day. It begins on Prinsjesdag, the third Tuesday of September."""
    first = date(day.year, 9, 1)
    opening = first + timedelta(days=(1 - first.weekday()) % 7 + 14)
    start = day.year if day >= opening else day.year - 1
    return f"{start}{start + 1}"


def address(metadata: Metadata) -> str | None:
    """Where a document with an official identifier was published."""
    return f"{PUBLICATIONS}/{metadata.identifier}.html" if metadata.identifier else None


# ── Who signs ────────────────────────────────────────────────────────────────────────────────────────────────────


def signatory_of(text: str, registry: Registry) -> Actor:
    for pattern in registry.signatories:
        found = pattern.regex.search(part(text, pattern.where))
        if not found:
            continue
        groups = found.groupdict()
        office, person, role = (squeeze(groups.get(key) or "") for key in ("office", "person", "role"))
        ministry = registry.ministry(office) if office else None
        if pattern.where == "text" and ministry is None:
            continue
        if office.isupper():
            office = registry.in_lower_case(office)
        if role:  # "Minister X (Financiën)" is of a ministry, "Minister X (Rechtsbescherming)" has an office at one
            office = f"{role} {'van' if registry.bears(ministry, office) else 'voor'} {office}"
        return Actor(person=person or None, office=office or None, ministry=ministry)
    return Actor()
