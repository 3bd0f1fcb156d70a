"""The report as a mail: what is news in full, what still stands in short, the rest behind the attached page."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from itertools import groupby
from pathlib import Path
from typing import Any

from css_inline import CSSInliner
from jinja2 import Environment
from markupsafe import Markup

from tracker.reports import html, terms
from tracker.reports.promises import Entry, Place, Promise
from tracker.reports.views import ReportView, entries_of

HTML = "mail.html.j2"
TEXT = "mail.txt.j2"

#: Gmail cuts a message off beyond 102 kB of HTML.
MOST_BYTES = 100_000
#: How many promises a block shows; the first number with which the HTML stays small enough is taken.
SHOWN = (40, 25, 15, 8, 4, 2, 1, 0)
#: A page longer than this is attached as a zip: mail servers refuse messages of tens of megabytes.
LONGEST_PAGE = 3_000_000

NEWS = ("past", "sign", "expected", "soon", "new", "fulfilled", "deferred")
STANDING = (Place.PAST, Place.FRESH, Place.SIGN, Place.EXPECTED, Place.SOON)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What is on the envelope."""

    key: str  # the same for the same mail, however often it is tried: the Message-ID follows from it
    sender: str  # "Name <address>"
    recipient: str  # an address
    name: str  # the recipient's, may be empty
    unsubscribe: str  # an address
    scope: tuple[tuple[str, str], ...] = ()  # the recipient's own filters, as the texts name them, and their values


@dataclass(frozen=True, slots=True)
class Block:
    """Promises under one heading, those of one document with one term together; `rest` of them are only attached."""

    key: str
    shown: tuple[Entry, ...]
    rest: int

    @classmethod
    def of(cls, key: str, promises: Sequence[Promise], most: int, was: Mapping[str, date] | None = None) -> Block:
        """`was`: dates by number; promises of which they differ stay apart."""
        shown = sorted(promises[:most], key=lambda p: (was or {}).get(p.number, date.min))
        alike = groupby(shown, key=lambda p: (was or {}).get(p.number))
        return cls(key, tuple(e for _, some in alike for e in entries_of(tuple(some))), len(promises[most:]))

    @property
    def total(self) -> int:
        return sum(len(entry.promises) for entry in self.shown) + self.rest


def compose(
    view: ReportView,
    head: Letterhead,
    *,
    own_templates: Sequence[Path] = (),
    language: str = "nl",
    calendar: str | None = None,
) -> EmailMessage:
    """The mail, whole: text, HTML, the page, and the terms for a calendar where they are given."""
    page = html.render(view, own_templates, language)
    page_name = f"tracker-rapport-{view.as_of.isoformat()}.html"
    attached = page_name if len(page) <= LONGEST_PAGE else f"{page_name}.zip"
    text, page_of_mail = parts(view, head, attached, own_templates, language)
    message = EmailMessage(policy=SMTP)
    _address(message, view, head, html.environment(own_templates, language))
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(page_of_mail, subtype="html", cte="quoted-printable")
    if attached == page_name:
        message.add_attachment(page, subtype="html", cte="base64", filename=page_name)
    else:
        zipped = _zipped(page_name, page, view.made_at)
        message.add_attachment(zipped, maintype="application", subtype="zip", filename=attached)
    if calendar:
        kind = {"method": "PUBLISH"}
        message.add_attachment(calendar, subtype="calendar", cte="base64", params=kind, filename="termijnen.ics")
    return message


def parts(
    view: ReportView, head: Letterhead, attached: str, own_templates: Sequence[Path] = (), language: str = "nl"
) -> tuple[str, str]:
    """The plain text and the HTML, which say the same; the HTML with its style in the elements, below MOST_BYTES."""
    env = html.environment(own_templates, language)
    inliner = CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)
    context = {"view": view, "attached": attached, "unsubscribe": head.unsubscribe, "scope": head.scope}
    page = ""
    for most in SHOWN:
        context |= {"news": tuple(_news(view, most)), "standing": tuple(_standing(view, most))}
        with html.blamed(HTML):
            page = inliner.inline(env.get_template(HTML).render(context))
        if len(page.encode()) < MOST_BYTES:
            break
    with html.blamed(TEXT):
        return env.get_template(TEXT).render(context), page


def message_id(key: str, sender: str) -> str:
    """The same key gives the same id: a server or a reader that met the mail before can tell."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _address(message: EmailMessage, view: ReportView, head: Letterhead, env: Environment) -> None:
    t: Any = env.globals["t"]
    day = env.filters["plain_day"](view.as_of)
    past = len(view.changes.past) if view.changes else 0
    subject = t("mail.subject_past", n=past, day=day) if past else t("mail.subject", day=day)
    message["Subject"] = Markup(subject).striptags()
    message["From"] = head.sender
    user, _, domain = head.recipient.rpartition("@")
    message["To"] = Address(head.name, user, domain)
    message["Date"] = view.made_at
    message["Message-ID"] = message_id(head.key, head.sender)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<mailto:{head.unsubscribe}?subject=afmelden>"


def _news(view: ReportView, most: int) -> Iterator[Block]:
    if view.changes is None:
        return
    for key in NEWS:
        if promises := getattr(view.changes, key):
            yield Block.of(key, promises, most, view.changes.was if key == "deferred" else None)


def _standing(view: ReportView, most: int) -> Iterator[Block]:
    told = {p.number for key in NEWS if view.changes for p in getattr(view.changes, key)}
    for place in STANDING:
        if promises := tuple(p for p in view.all_of(place) if p.number not in told):
            yield Block.of(place, promises, most)


def _zipped(name: str, page: str, moment: datetime) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, moment.timetuple()[:6]), page, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


# ── The terms for a calendar ─────────────────────────────────────────────────────────────────────────────────────

#: The nearest so many: a calendar of thousands of days helps nobody.
MOST_TERMS = 500


def calendar(view: ReportView, revisions: Mapping[str, int], language: str = "nl") -> str:
    """The coming terms as iCalendar, a whole day each; what was met since the last report is taken off again.

    A commitment keeps its UID. `revisions` counts its events: as they are only ever added, SEQUENCE grows with every
    change and a calendar takes the newest.
    """
    t: Any = html.environment(language=language).globals["t"]
    made = terms.calendar(str(t("mail.calendar")))
    coming = [p for place in (Place.SOON, Place.LATER) for p in view.all_of(place)]
    met = view.changes.fulfilled if view.changes else ()
    for p in (*coming[:MOST_TERMS], *met):
        if p.due:
            said, revision = (p.commitment.quote, p.citation, p.explanation), revisions.get(p.number, 0)
            made.add_component(
                terms.term(p.commitment, p.due, made_at=view.made_at, revision=revision, said=said, link=p.link)
            )
    return bytes(made.to_ical()).decode()
