"""What each reader makes of the parts of its format: headings, lists, tables, notes, speakers, metadata."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tracker.documents import Registry, Source, attached, document, read_bytes
from tracker.domain import Span
from tracker.errors import UnreadableDocument

from .conversions import as_mail


def text_of(file: str, name: str = "x") -> str:
    return read_bytes(file.encode(), name).text


# ── Web pages ────────────────────────────────────────────────────────────────────────────────────────────────────


def page(body: str) -> str:
    filler = "Deze alinea staat er om de bladzijde lang genoeg te maken voor een artikel. " * 4
    article = f"<main>{body}<p>{filler}</p></main>"
    return f"<!doctype html><html><body><nav>Menu</nav>{article}<footer>Voet</footer></body></html>"


HTML = {
    "heading": ("<h2>Kop <i>twee</i></h2><p>Tekst.</p>", "## Kop twee\n\nTekst.\n\n"),
    "white space": ("<p>Eén\n   twee&nbsp;drie</p>", "Eén twee\u00a0drie\n\n"),
    "line break": ("<p>De Minister,<br>A. Jansen</p>", "De Minister,\nA. Jansen\n\n"),
    "list": ("<ul><li>Eén;</li><li><p>twee.</p></li></ul>", "- Eén;\n\n- twee.\n\n"),
    "numbered list": ("<ol start='3'><li>Eén</li><li>twee</li></ol>", "3. Eén\n\n4. twee\n\n"),
    "row of a table": ("<table><tr><th>Datum</th><td>1 mei</td></tr></table>", "Datum  1 mei\n\n"),
    "table for layout": ("<table><tr><td><p>A.</p><p>B.</p></td><td>C.</td></tr></table>", "A.\n\nB.\n\nC.\n\n"),
    "quotation": ("<blockquote>Zo is het.</blockquote>", "> Zo is het.\n\n"),
    "entities": ("<p>A &amp; B &eacute;&#233;n &lt;x&gt;</p>", "A & B één <x>\n\n"),
    "hidden": ("<p>Eén.</p><p hidden>Twee.</p><div aria-hidden='true'>Drie</div>", "Eén.\n\n"),
    "script": ("<p>Eén.</p><script>Ik zal komen.</script><style>p{}</style>", "Eén.\n\n"),
    "words in a block": ("<div>Los <b>vet</b><p>Alinea</p>staart</div>", "Los vet\n\nAlinea\n\nstaart\n\n"),
    "share buttons": ("<p>Eén.</p><div class='share-buttons'>Deel dit</div>", "Eén.\n\n"),
    "unclosed": ("<p>Eén<p>Twee<b>vet", "Eén\n\nTweevet"),
}


@pytest.mark.parametrize(("body", "text"), HTML.values(), ids=HTML)
def test_a_page(body: str, text: str) -> None:
    assert text_of(page(body)).startswith(text)


def test_a_footnote_of_a_page_is_marked_and_told_apart() -> None:
    body = '<p>Zie daar.<sup><a href="#n1">1</a></sup></p><ol><li id="n1"><a href="#r1">1</a> Kamerstuk 1.</li></ol>'
    assert text_of(page(body)).startswith("Zie daar.[1]\n\n[1] Kamerstuk 1.\n\n")


def test_a_page_without_an_article_is_read_without_its_lists_of_links() -> None:
    links = "".join(f"<li><a href='/{n}'>Onderwerp {n}</a></li>" for n in range(9))
    page_ = f"<header>Site</header><ul>{links}</ul><div><p>De brief zelf.</p></div><footer>Voet</footer>"
    assert text_of(f"<html><body>{page_}</body></html>") == "De brief zelf.\n"


def test_the_encoding_that_a_page_says_it_has() -> None:
    file = page("<meta charset='iso-8859-1'><p>reünie</p>").replace("<main>", "<meta charset='iso-8859-1'><main>")
    source = read_bytes(file.encode("latin-1"), "x.html")
    assert "reünie" in source.text
    assert source.warnings == ()


# ── Official publications ────────────────────────────────────────────────────────────────────────────────────────

KAMERSTUK = """<?xml version="1.0" encoding="utf-8"?><officiele-publicatie>
<metadata><meta name="DCTERMS.identifier" content="kst-38417-6"/></metadata><kamerstuk><kamerstukkop>
<tekstregel inhoud="vergaderjaar">Vergaderjaar 2024–2025</tekstregel>
<tekstregel>Tweede Kamer der Staten-Generaal</tekstregel></kamerstukkop>
<dossier><dossiernummer><dossiernr>38 417</dossiernr></dossiernummer><titel>Kleine kernen</titel></dossier>
<stuk><stuknr>Nr. <ondernummer kamer="2">6</ondernummer></stuknr><titel>BRIEF VAN DE MINISTER VAN FINANCIËN</titel>
<algemeen><vrije-tekst><tekst>
<al>Aan de Voorzitter van de Tweede Kamer der Staten-Generaal</al><al>Den Haag, 8 oktober 2024</al>
<tussenkop>Vervolg</tussenkop>
<al>Ik stuur<?xpp afbm?> uw Kamer <nadruk type="cur">in het najaar</nadruk> een brief.<noot
 id="a"><noot.nr>2</noot.nr><noot.al>Zie
 verder.</noot.al></noot></al><lijst><li><li.nr>–</li.nr><al>Eén;</al></li><li><li.nr>b.</li.nr><al>twee.</al></li></lijst>
<table><tgroup cols="2"><colspec colname="1"/><tbody><row>
<entry><al>Jaar</al></entry><entry><al>Bedrag</al></entry></row></tbody>
</tgroup></table></tekst><ondertekening><functie>De Minister van Financiën,</functie><naam><voornaam>A.B.</voornaam>
<achternaam>Jansen</achternaam></naam></ondertekening></vrije-tekst></algemeen></stuk></kamerstuk></officiele-publicatie>"""


def test_a_kamerstuk_paragraph_by_paragraph() -> None:
    assert text_of(KAMERSTUK).split("\n\n") == [
        "Vergaderjaar 2024–2025",
        "Tweede Kamer der Staten-Generaal",
        "38 417",
        "## Kleine kernen",
        "Nr. 6",
        "## BRIEF VAN DE MINISTER VAN FINANCIËN",
        "Aan de Voorzitter van de Tweede Kamer der Staten-Generaal",
        "Den Haag, 8 oktober 2024",
        "### Vervolg",
        "Ik stuur uw Kamer in het najaar een brief.[2]",
        "- Eén;",
        "b. twee.",
        "Jaar  Bedrag",
        "De Minister van Financiën,\nA.B. Jansen",
        "[2] Zie verder.\n",
    ]


def test_a_kamerstuk_says_what_it_is(registry: Registry) -> None:
    about = document(read_bytes(KAMERSTUK.encode(), "x"), "x", registry).metadata
    assert (about.kind, about.date, about.identifier) == ("letter", date(2024, 10, 8), "kst-38417-6")
    assert (about.dossiers, about.number, about.signatory.ministry) == (("38 417",), "6", "Fin")


def test_the_place_of_words_over_tags_and_entities() -> None:
    file = KAMERSTUK.replace("uw Kamer", "uw &#75;amer &amp; co")
    source = read_bytes(file.encode(), "x")
    start = source.text.index("Kamer & co in het")
    assert source.origin is not None
    place = source.origin.span(Span(start, start + len("Kamer & co in het")))
    assert place is not None
    assert place.of(file) == '&#75;amer &amp; co <nadruk type="cur">in het'


def test_words_of_the_reader_stand_nowhere_in_the_file() -> None:
    source = read_bytes(b"<handeling><item><voorz><al>Ik open.</al></voorz></item></handeling>", "x")
    assert source.text == "De voorzitter:\n\nIk open.\n"
    assert source.origin is not None
    assert source.origin.span(Span(0, 10)) is None


MOTION = """<officiele-publicatie><metadata><meta name="OVERHEIDop.externMetadataRecord"
content="https://example.org/h-tk-20172018-70-9/metadata.xml"/></metadata><handelingen><agendapunt><nr>9</nr>
<item-titel>Bouwen</item-titel><spreekbeurt><spreker><voorvoegsels>Mevrouw</voorvoegsels> <naam>
<achternaam>Van Dijk</achternaam></naam> (<politiek>ABC</politiek>):</spreker><tekst><al>Mijn motie.</al>
<motie><kop><titel>Motie</titel></kop><al>De Kamer,</al><al>gehoord de beraadslaging,</al>
<motie-info><spreker><voorvoegsels>De</voorvoegsels><naam><achternaam>voorzitter</achternaam></naam>:</spreker>
<al>Zij krijgt nr. 1.</al></motie-info></motie><al>Tot zover.</al></tekst></spreekbeurt><tekst><al>Dank.</al></tekst>
</agendapunt></handelingen></officiele-publicatie>"""


def test_the_chair_within_a_turn_of_a_member() -> None:
    source = read_bytes(MOTION.encode(), "x")
    assert source.text.split("\n\n")[2:] == [
        "Mevrouw Van Dijk (ABC):", "Mijn motie.", "### Motie", "De Kamer,", "gehoord de beraadslaging,",
        "De voorzitter:", "Zij krijgt nr. 1.", "Mevrouw Van Dijk (ABC):", "Tot zover.", "Dank.\n",
    ]  # fmt: skip
    assert source.about == {"identifier": "h-tk-20172018-70-9", "kind": "debate", "title": "Bouwen"}


# ── Debate reports ───────────────────────────────────────────────────────────────────────────────────────────────


def turn(speaker: str, words: str, inner: str = "", tag: str = "woordvoerder", chair: str = "false") -> str:
    return (
        f"<{tag}><spreker>{speaker}</spreker><isvoorzitter>{chair}</isvoorzitter><tekst><alinea><alineaitem>{words}</alineaitem>"
        f"</alinea></tekst>{inner}</{tag}>"
    )


def report(body: str) -> str:
    return (
        "<vlosCoreDocument xmlns='http://www.tweedekamer.nl/ggm/vergaderverslag/v1.0'><vergadering>"
        "<titel>65e vergadering</titel><zaal>Plenaire zaal</zaal><datum>2025-03-19T00:00:00</datum>"
        "<activiteit><onderwerp>Zwemwater</onderwerp>"
        f"<activiteithoofd><markeertijdbegin>2025-03-19T10:00:00</markeertijdbegin>{body}</activiteithoofd></activiteit>"
        "</vergadering></vlosCoreDocument>"
    )


MINISTER = "<aanhef>De heer</aanhef><verslagnaam>Van Dam</verslagnaam><functie>minister van Defensie</functie>"
SECRETARY = (
    "<fractie/><aanhef>Mevrouw</aanhef><verslagnaam>Vos</verslagnaam><functie>staatssecretaris Cultuur</functie>"
)
MEMBER = (
    "<fractie>ABC</fractie><aanhef>Mevrouw</aanhef><verslagnaam>Kuit</verslagnaam><functie>lid Tweede Kamer</functie>"
)
ALONE = "<aanhef>De heer</aanhef><verslagnaam>Los</verslagnaam><functie>lid Tweede Kamer</functie>"


@pytest.mark.parametrize(
    ("speaker", "chair", "line"),
    [
        (MINISTER, "false", "Minister Van Dam:"),
        (SECRETARY, "false", "Staatssecretaris Vos:"),
        (MEMBER, "false", "Mevrouw Kuit (ABC):"),
        (MEMBER, "true", "De voorzitter:"),
        (ALONE, "false", "Lid Los:"),
    ],
    ids=["minister", "state secretary", "member", "chair", "member without a party"],
)
def test_who_speaks_in_a_debate_report(speaker: str, chair: str, line: str) -> None:
    assert f"\n\n{line}\n\nGoedemorgen.\n" in text_of(report(turn(speaker, "Goedemorgen.", chair=chair)))


def test_an_interruption_and_the_answer_to_it() -> None:
    again = "<tekst><alinea><alineaitem>Nee.</alineaitem></alinea></tekst>"
    inner = turn(MEMBER, "Echt?", tag="interrumpant") + again
    assert text_of(report(turn(MINISTER, "Ja.", inner))).split("\n\n")[2:] == [
        "Minister Van Dam:", "Ja.", "Mevrouw Kuit (ABC):", "Echt?", "Minister Van Dam:", "Nee.\n",
    ]  # fmt: skip


def test_the_printed_line_of_a_speaker_stands_there_once() -> None:
    words = "Minister <nadruk type='Vet'>Van Dam</nadruk>:</alineaitem><alineaitem>Ik kom met een lijst:"
    assert text_of(report(turn(MINISTER, words))).split("\n\n")[2:] == ["Minister Van Dam:", "Ik kom met een lijst:\n"]


def test_a_debate_report_says_what_it_is() -> None:
    about = read_bytes(report(turn(MINISTER, "Ja.")).encode(), "x").about
    assert about == {"kind": "debate", "date": date(2025, 3, 19), "title": "65e vergadering: Zwemwater"}
    never = report(turn(MINISTER, "Ja.")).replace("2025-03-19T00:00:00</datum>", "0001-01-01T00:00:00Z</datum>")
    assert "date" not in read_bytes(never.encode(), "x").about


# ── Word ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def saved(made: Any) -> Source:
    out = io.BytesIO()
    made.save(out)
    return read_bytes(out.getvalue(), "brief.docx")


def test_a_word_document_paragraph_by_paragraph() -> None:
    made = docx.Document()
    made.add_heading("Titel", 0)
    made.add_heading("Kop", 2)
    made.add_paragraph("Geachte").add_run(" voorzitter,").bold = True
    made.add_paragraph("eerste", style="List Bullet")
    made.add_paragraph("tweede", style="List Number")
    made.add_paragraph("derde", style="List Number")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Datum", "1 mei 2024"
    assert saved(made).text.split("\n\n") == [
        "# Titel", "## Kop", "Geachte voorzitter,", "- eerste", "1. tweede", "2. derde", "Datum  1 mei 2024\n",
    ]  # fmt: skip


def test_what_was_deleted_is_not_read_and_what_was_inserted_is() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("Ik stuur ")
    for tag, words in (("w:del", "geen "), ("w:ins", "een ")):
        change, run = OxmlElement(tag), OxmlElement("w:r")
        text = OxmlElement("w:delText" if tag == "w:del" else "w:t")
        text.text = words
        text.set(qn("xml:space"), "preserve")
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run("brief.")
    assert saved(made).text == "Ik stuur een brief.\n"


def test_a_footnote_of_a_word_document() -> None:
    made = docx.Document()
    run = made.add_paragraph("Zie daar").add_run()
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), "7")
    run._r.append(reference)
    made.add_paragraph("Slot.")
    out = io.BytesIO()
    made.save(out)
    assert with_footnotes(out.getvalue(), "Kamerstuk 1.").text == "Zie daar[1]\n\nSlot.\n\n[1] Kamerstuk 1.\n"


def with_footnotes(content: bytes, words: str) -> Source:
    """The document with a part of footnotes, which python-docx does not write."""
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    note = f'<w:footnote w:id="7"><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:footnote>'
    part = f'<w:footnotes xmlns:w="{name}">{note}</w:footnotes>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            inside = old.read(name).decode("utf-8", "surrogateescape")
            if name == "word/_rels/document.xml.rels":
                inside = inside.replace("</Relationships>", relation)
            new.writestr(name, inside.encode("utf-8", "surrogateescape"))
        new.writestr("word/footnotes.xml", part)
    return read_bytes(out.getvalue(), "brief.docx")


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mail_has_its_headers_and_its_day() -> None:
    source = read_bytes(as_mail("Ik stuur u voor 1 mei een brief.\n"), "x.eml")
    assert source.text == (
        "Van: Griffie <griffie@example.org>\n\nAan: volgers@example.org\n\nOnderwerp: Doorgestuurd: één brief\n\n"
        "Ik stuur u voor 1 mei een brief.\n"
    )
    assert source.about == {"date": date(2026, 11, 5)}


def test_a_mail_in_a_mail_and_its_attachment() -> None:
    inner = as_mail("Binnenin.\n", {"brief.txt": b"Ik zal u in het najaar informeren."})
    source = read_bytes(as_mail("Zie onder.\n", {"mail.eml": inner}), "x.eml")
    found = [(name, each.text.splitlines()[-1]) for name, each in attached(source) if isinstance(each, Source)]
    assert found == [("mail.eml", "Binnenin."), ("brief.txt", "Ik zal u in het najaar informeren.")]


def test_an_attachment_that_cannot_be_read_does_not_stop_the_others() -> None:
    source = read_bytes(as_mail("Zie onder.\n", {"a.pdf": b"%PDF-1.7\nniets", "b.txt": b"Brief."}), "x.eml")
    found = dict(attached(source))
    assert isinstance(found["a.pdf"], UnreadableDocument)
    assert isinstance(found["b.txt"], Source)


# ── Which format it is ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["x", "x.txt", "x.docx", "x.html", "x.md"])
@pytest.mark.parametrize(
    ("content", "reader"),
    [
        (KAMERSTUK.encode(), "xml-1"),
        (as_mail("Brief.\n"), "eml-1"),
    ],
    ids=["xml", "mail"],
)
def test_the_content_tells_the_format_whatever_the_name(content: bytes, reader: str, name: str) -> None:
    assert read_bytes(content, name).reader == reader


@pytest.mark.parametrize(
    "text",
    [
        "Van: a\nOnderwerp: b\n\nBrief.\n",
        "# Kop\n\n<sup>1</sup> brief\n",
        "<noot> is geen html\n",
        "De heer X:\n\nJa.\n",
    ],
    ids=["Dutch headers", "Markdown", "a tag", "a speaker"],
)
def test_what_only_looks_like_another_format_stays_text(text: str) -> None:
    source = read_bytes(text.encode(), "x.txt")
    assert (source.text, source.reader) == (text, "text-1")
