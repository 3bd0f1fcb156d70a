"""The sample documents in other formats: what a test writes, and a reader must read back to the same promises."""

from __future__ import annotations

import io
import re
from email.message import EmailMessage
from html import escape
from xml.sax.saxutils import escape as xml_escape

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

HEADING = re.compile(r"(#{1,6})\s+(.*)", re.DOTALL)
LIST = re.compile(r"(?:[-•*]|\d{1,2}\.)\s+(.*)", re.DOTALL)
SPEAKER = re.compile(r"(?:De voorzitter|Minister [^:\n]{2,40}|Staatssecretaris [^:\n]{2,40}|[^:\n]{2,40}\([^)]+\)):")
QUESTION = re.compile(r"(Vraag|Antwoord) (\d+)")
MARKS = re.compile(r"\*\*|__|(?<!\w)[*_]|[*_](?!\w)")
FOOTNOTE = re.compile(r"<sup>(\d+)</sup> (.*)", re.DOTALL)
NOTE = re.compile(r"<sup>(\d+)</sup>|(?<=\S)\[(\d+)\]")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a sample, without Markdown, lines joined where a paragraph was broken by hand."""
    found = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if lines:
            found.append(MARKS.sub("", "\n".join(lines)))
    return found


def as_html(text: str) -> str:
    """A page of a site: menu, cookie bar and foot around the article."""
    out = []
    for each in paragraphs(text):
        heading = HEADING.fullmatch(each)
        words = escape(heading[2] if heading else each).replace("\n", "<br/>\n").replace("é", "&eacute;")
        words = re.sub(r"&lt;sup&gt;(\d+)&lt;/sup&gt;", r"<sup>\1</sup>", words)
        out.append(f"<h{len(heading[1])}>{words}</h{len(heading[1])}>" if heading else f"<p class='al'>{words}</p>")
    return f"""<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Ik stuur u morgen een brief</title>
<style>p {{ color: red }}</style><script>var belofte = "Ik zal de Kamer voor 1 mei informeren.";</script></head><body>
<div class="cookie-bar">Wij zullen u voor 1 juli om toestemming vragen.</div>
<nav><ul><li><a href="/">Home</a></li><li><a href="/x">Kamerstukken</a></li><li><a href="/y">Contact</a></li></ul></nav>
<main><article>{"".join(out)}</article></main>
<footer><p>De Kamer wordt in het najaar geïnformeerd over deze website.</p></footer></body></html>"""


def as_docx(text: str) -> bytes:
    document = docx.Document()
    for each in paragraphs(text):
        heading = HEADING.fullmatch(each)
        if heading:
            document.add_heading(NOTE.sub("", heading[2]), level=min(len(heading[1]), 6))
            continue
        for line in each.split("\n") if LIST.match(each) else [each]:
            item = LIST.fullmatch(line)
            paragraph = document.add_paragraph(style="List Bullet" if item else None)
            paragraph.add_run(NOTE.sub("", item[1] if item else line))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_columns(text: str, *, justified: bool = False) -> bytes:
    """A Word document in two columns, lines that were broken by hand joined."""
    document = docx.Document(io.BytesIO(as_docx(text)))
    document.sections[0]._sectPr.find(qn("w:cols")).set(qn("w:num"), "2")
    for paragraph in document.paragraphs:
        who, _, rest = paragraph.text.partition("\n")
        if len(rest) > 80 and not SPEAKER.fullmatch(who):
            paragraph.text = paragraph.text.replace("\n", " ")
        if justified:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_office_page(text: str) -> str:
    """A web page as office programs write it, with footnotes that they take for footnotes."""
    texts = {found[1]: found[2] for each in paragraphs(text) if (found := FOOTNOTE.fullmatch(each))}
    out = []
    for each in paragraphs(text):
        if FOOTNOTE.fullmatch(each):
            continue
        heading = HEADING.fullmatch(each)
        words = escape(heading[2] if heading else each).replace("\n", "<br/>\n")
        mark = r'<a class="sdfootnoteanc" name="sdfootnote\1anc" href="#sdfootnote\1sym"><sup>\1</sup></a>'
        words = re.sub(r"&lt;sup&gt;(\d+)&lt;/sup&gt;", mark, words)
        out.append(f"<h{len(heading[1])}>{words}</h{len(heading[1])}>" if heading else f"<p>{words}</p>")
    for number, said in texts.items():
        sign = f'<a class="sdfootnotesym" name="sdfootnote{number}sym" href="#sdfootnote{number}anc">{number}</a>'
        out.append(f'<div id="sdfootnote{number}"><p class="sdfootnote">{sign} {escape(said)}</p></div>')
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body lang='nl-NL'>{''.join(out)}</body></html>"


def as_kamerstuk(text: str) -> str:
    body = "".join(
        f"<tussenkop>{xml_escape(NOTE.sub('', found[2]))}</tussenkop>"
        if (found := HEADING.fullmatch(each))
        else f"<al>{xml_escape(NOTE.sub('', each))}</al>"
        for each in paragraphs(text)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<officiele-publicatie><metadata/><kamerstuk><stuk><algemeen>'
        f"<vrije-tekst><tekst>{body}</tekst></vrije-tekst></algemeen></stuk></kamerstuk></officiele-publicatie>"
    )


def as_questions(text: str) -> str:
    """Answers to questions as an Aanhangsel: what stands under "Vraag 1" and "Antwoord 1" in elements of their own."""
    head: list[str] = []
    parts: list[tuple[str, str, list[str]]] = []
    for each in paragraphs(text):
        bare = HEADING.fullmatch(each)[2] if HEADING.fullmatch(each) else each  # type: ignore[index]
        if found := QUESTION.fullmatch(bare.strip()):
            parts.append((found[1].lower(), found[2], []))
        elif parts:
            parts[-1][2].append(NOTE.sub("", bare))
        else:
            head.append(NOTE.sub("", bare))
    body = "".join(
        f"<{name}><nr>{number}</nr>{''.join(f'<al>{xml_escape(each)}</al>' for each in said)}</{name}>"
        for name, number, said in parts
    )
    top = "".join(f"<kamervraagomschrijving>{xml_escape(each)}</kamervraagomschrijving>" for each in head)
    return f"<officiele-publicatie><kamervragen>{top}{body}</kamervragen></officiele-publicatie>"


def turns(text: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """What stands before the first speaker, and the turns: the speaker's line and the paragraphs."""
    head: list[str] = []
    found: list[tuple[str, list[str]]] = []
    for each in paragraphs(text):
        line, _, rest = each.partition("\n")
        if SPEAKER.fullmatch(line) and not line.startswith("Voorzitter"):
            found.append((line.rstrip(":"), rest.split("\n") if rest else []))
        elif found:
            found[-1][1].extend(each.split("\n"))
        else:
            head.append(each)
    return head, found


def as_vlos(text: str, day: str) -> str:
    """A debate report of the Tweede Kamer. Every turn begins with the speaker's line, as those do."""
    out = []
    for who, said in turns(text)[1]:
        party = re.search(r"\(([^)]+)\)", who)
        bare = re.sub(r"\s*\([^)]*\)", "", who)
        office, name = bare.split(" ", 1)
        faction = f"<fractie>{xml_escape(party[1])}</fractie>" if party else ""
        items = "".join(f"<alinea><alineaitem>{xml_escape(each)}</alineaitem></alinea>" for each in said)
        out.append(
            f"<activiteititem><woordvoerder><spreker soort='x'>{faction}"
            f"<aanhef>{office if party else 'Mevrouw'}</aanhef><verslagnaam>{xml_escape(name)}</verslagnaam>"
            f"<functie>{'lid Tweede Kamer' if party else office.lower() + ' van Zaken'}</functie></spreker>"
            f"<isvoorzitter>{str(bare == 'De voorzitter').lower()}</isvoorzitter>"
            f"<tekst><alinea><alineaitem>{xml_escape(who)}:</alineaitem></alinea>{items}</tekst></woordvoerder></activiteititem>"
        )
    return (
        "<vlosCoreDocument xmlns='http://www.tweedekamer.nl/ggm/vergaderverslag/v1.0'><vergadering soort='Commissie'>"
        f"<titel>Commissiedebat</titel><datum>{day}T00:00:00</datum><activiteit><onderwerp>Zwemwater</onderwerp>"
        f"<activiteithoofd>{''.join(out)}</activiteithoofd></activiteit></vergadering></vlosCoreDocument>"
    )


def as_handelingen(text: str) -> str:
    """Handelingen as they are now: a turn is a `spreekbeurt`."""
    out = []
    for who, said in turns(text)[1]:
        party = re.search(r"\(([^)]+)\)", who)
        address, name = re.sub(r"\s*\([^)]*\)", "", who).split(" ", 1)
        politics = f" (<politiek>{xml_escape(party[1])}</politiek>)" if party else ""
        words = "".join(f"<al-groep><al>{xml_escape(each)}</al></al-groep>" for each in said)
        out.append(
            f"<spreekbeurt nieuw='ja'><spreker><voorvoegsels>{address}</voorvoegsels> <naam>"
            f"<achternaam>{xml_escape(name)}</achternaam></naam>{politics}:</spreker>"
            f"<tekst status='goed'>{words}</tekst></spreekbeurt>"
        )
    return _handelingen("".join(out))


def _handelingen(turns_: str) -> str:
    return (
        "<officiele-publicatie><metadata><meta name='OVERHEIDop.vergaderdatum' content='{day}'/></metadata>"
        f"<handelingen><agendapunt><item-titel>Zwemwater</item-titel>{turns_}</agendapunt></handelingen></officiele-publicatie>"
    )


def as_old_handelingen(text: str) -> str:
    """Handelingen as they were until about 2011: `voorz`, and `spreker` with `wie`."""
    out = []
    for who, said in turns(text)[1]:
        party = re.search(r"\(([^)]+)\)", who)
        address, name = re.sub(r"\s*\([^)]*\)", "", who).split(" ", 1)
        words = "".join(f"<al>{xml_escape(each)}</al>" for each in said)
        if name == "voorzitter":
            out.append(f"<voorz>{words}</voorz>")
            continue
        politics = f"<partij>{xml_escape(party[1])}</partij>" if party else ""
        out.append(
            f"<spreker><wie><aanspr>{address}</aanspr><naam>{xml_escape(name)}</naam>{politics}</wie>{words}</spreker>"
        )
    return f"<?xml version='1.0'?><!DOCTYPE handeling SYSTEM 'h.dtd'><handeling><item>{''.join(out)}</item></handeling>"


def as_mail(text: str, attached: dict[str, bytes] | None = None, *, html: bool = False) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Griffie <griffie@example.org>", "volgers@example.org"
    mail["Subject"], mail["Date"] = "Doorgestuurd: één brief", "Thu, 05 Nov 2026 10:00:00 +0100"
    mail.set_content(as_html(text) if html else text, subtype="html" if html else "plain")
    for name, content in (attached or {}).items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()
