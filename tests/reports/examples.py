# ruff: noqa: E501  (sentences of letters are not broken)
"""A store's worth of invented promises, as a report would meet them on Monday 7 September 2026."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from tracker.commitments.state import Commitment, DocumentRef, Review, Status
from tracker.domain import Actor, DuePeriod, Kind, Precision, Strength
from tracker.reports import views
from tracker.reports.signs import Statement

AS_OF = date(2026, 9, 7)
MADE_AT = datetime(2026, 9, 7, 5, 0, tzinfo=UTC)
LAST = date(2026, 8, 31)


@dataclass(frozen=True)
class Read:
    documents: int = 14
    newest: date | None = date(2026, 9, 3)
    last_read: datetime | None = datetime(2026, 9, 6, 4, 0, tzinfo=UTC)


def document(key: int, title: str, day: date, kind: str = "letter", dossier: str = "", number: str = "") -> DocumentRef:
    url = f"https://zoek.officielebekendmakingen.nl/kst-{dossier.replace(' ', '')}-{number}.html" if dossier else None
    return DocumentRef(key, title, kind, day, (dossier,) if dossier else (), number or None, url)


BUS = document(1, "Voortgang bereikbaarheid kleine kernen", date(2026, 2, 17), "letter", "36 811", "42")
CARE = document(2, "Wachttijden in de revalidatiezorg", date(2025, 11, 24), "letter", "36 740", "18")
LIBRARY = document(3, "Antwoorden op vragen over schoolbibliotheken", date(2026, 5, 19), "answer")
SWIM = document(4, "Verslag van een commissiedebat over zwemwater", date(2026, 4, 9), "debate", "36 802", "7")
DIKE = document(5, "Stand van zaken dijkversterking benedenrivieren", date(2026, 6, 30), "letter", "36 698", "63")
DESK = document(6, "Antwoorden op vragen over de digitale balie", date(2026, 8, 27), "answer")
HERITAGE = document(
    7, "Beleidsreactie op het advies over religieus erfgoed", date(2025, 6, 12), "letter", "36 655", "9"
)

MINISTERS = {
    "IenW": Actor("ik", "H. Verschuren", "Staatssecretaris van Infrastructuur en Waterstaat", "IenW"),
    "VWS": Actor("ik", "A.M. de Boer", "Minister van Volksgezondheid, Welzijn en Sport", "VWS"),
    "OCW": Actor("het kabinet", "T. Ockhuizen", "Minister van Onderwijs, Cultuur en Wetenschap", "OCW"),
    "BZK": Actor("ik", None, "Minister van Binnenlandse Zaken en Koninkrijksrelaties", "BZK"),
}


def promise(serial: int, source: DocumentRef, ministry: str, quote: str, due: date | None, **given: Any) -> Commitment:
    """A commitment; in `quote` the promising words stand between ‹ › and those about time between « »."""
    plain, cue, deadline = marked(quote)
    due_period = given.pop("period", None) or (DuePeriod(due.replace(day=1), due, Precision.MONTH) if due else None)
    fields: dict[str, Any] = {
        "number": f"TT-{source.date.year if source.date else 0}-{serial:04}",
        "as_of": AS_OF,
        "status": Status.OPEN,
        "review": Review.ACCEPTED,
        "due": due_period,
        "first_due": due,
        "deadline": plain[slice(*deadline)] if deadline else None,
        "made": source.date,
        "kind": Kind.INFORM,
        "strength": Strength.FIRM,
        "flags": (),
        "confidence": 0.9,
        "rule": "inform.example",
        "quote": plain,
        "context": None,
        "action": plain[slice(*cue)] if cue else "",
        "topic": None,
        "actor": MINISTERS[ministry],
        "addressee": ("Tweede Kamer",),
        "document": source,
        "page": 2,
        "cue": cue,
        "deadline_at": deadline,
    }
    return Commitment(**{**fields, **given})


def marked(quote: str) -> tuple[str, tuple[int, int] | None, tuple[int, int] | None]:
    """The quote without its brackets, and where the promising words and the words about time stand in it."""
    plain, at = "", {}
    for character in quote:
        if character in "‹›«»":
            at[character] = len(plain)
        else:
            plain += character
    spans = [(at[a], at[b]) if a in at else None for a, b in ("‹›", "«»")]
    return plain, spans[0], spans[1]


def everything() -> list[Commitment]:
    return [
        promise(
            1,
            HERITAGE,
            "OCW",
            "«In het vierde kwartaal van 2025» ‹stuur ik uw Kamer› een overzicht van de kerken die een nieuwe bestemming zoeken.",
            date(2025, 12, 31),
            page=3,
            topic="overzicht van kerken die een bestemming zoeken",
        ),
        promise(
            2,
            CARE,
            "VWS",
            "‹Ik zal uw Kamer› «vóór 1 maart 2026» ‹informeren› over de uitkomsten van dit onderzoek.",
            date(2026, 2, 28),
            page=4,
            context="De Zorgautoriteit onderzoekt op dit moment hoe lang patiënten na een ziekenhuisopname op een plek in de revalidatie wachten.",
            topic="onderzoek naar wachttijden in de revalidatie",
        ),
        promise(
            3,
            CARE,
            "VWS",
            "«In het voorjaar» ‹ontvangt uw Kamer› het plan waarin de regionale spreiding van bedden is uitgewerkt.",
            date(2026, 5, 31),
            status=Status.PARTLY_FULFILLED,
            page=5,
            topic="plan voor de regionale spreiding",
        ),
        promise(
            4,
            BUS,
            "IenW",
            "‹Ik zeg toe dat› de gemeenten «voor de zomer» een handreiking krijgen voor vervoer op afroep.",
            date(2026, 6, 20),
            kind=Kind.ACT,
            topic="handreiking vervoer op afroep",
            tags=("vervoer",),
        ),
        promise(
            5,
            SWIM,
            "IenW",
            "‹Dat zeg ik mevrouw Van Dalen toe›: «eind augustus» ligt er een brief over de meetpunten in stadswater.",
            date(2026, 8, 31),
            page=14,
            addressee=("mevrouw Van Dalen",),
            review=Review.NEW,
            topic="brief over meetpunten in stadswater",
        ),
        promise(
            6,
            SWIM,
            "IenW",
            "‹Ik streef ernaar› de nieuwe norm voor blauwalg «voor het zomerreces» met de Kamer te delen.",
            date(2026, 7, 2),
            page=17,
            strength=Strength.HEDGED,
            review=Review.NEW,
            topic="nieuwe norm voor blauwalg",
        ),
        promise(
            7,
            HERITAGE,
            "OCW",
            "‹Indien› het overleg met de provincies daartoe aanleiding geeft, ‹kom ik› «begin 2026» met een aangepaste regeling.",
            date(2026, 3, 31),
            strength=Strength.CONDITIONAL,
        ),
        promise(
            8,
            BUS,
            "IenW",
            "De tweede tranche van de regeling ‹treedt naar verwachting› «op 1 juli 2026» ‹in werking›.",
            date(2026, 7, 1),
            strength=Strength.HEDGED,
            kind=Kind.MILESTONE,
            status=Status.UNCLEAR,
        ),
        *(
            promise(
                9 + i,
                LIBRARY,
                "OCW",
                quote,
                date(2026, 12, 20),
                first_due=date(2026, 9, 30),
                flags=("deferral",) if not i else (),
                page=1 + i // 2,
                period=DuePeriod(date(2026, 9, 23), date(2026, 12, 20), Precision.SEASON),
            )
            for i, quote in enumerate(
                (
                    "‹Uw Kamer ontvangt› «in het najaar» de nieuwe telling van schoolbibliotheken.",
                    "Over de financiering na 2027 ‹informeer ik u› «in het najaar».",
                    "Ook de afspraken met de openbare bibliotheken ‹worden› «in het najaar» ‹met de Kamer gedeeld›.",
                )
            )
        ),
        *(
            promise(
                12 + i,
                DIKE,
                "IenW",
                quote,
                date(2026, 9, 30),
                page=6,
                topic=topic,
            )
            for i, (quote, topic) in enumerate(
                (
                    (
                        "«In september 2026» ‹informeer ik uw Kamer› over de planning van de vakken tussen Grave en Lith.",
                        "planning van de vakken",
                    ),
                    (
                        "In diezelfde brief, «in september 2026», ‹ga ik in op› de vergoeding voor bewoners.",
                        "vergoeding voor bewoners",
                    ),
                )
            )
        ),
        promise(
            14,
            DESK,
            "BZK",
            "De evaluatie van de proef ‹bied ik uw Kamer› «uiterlijk 7 september 2026» ‹aan›.",
            date(2026, 9, 7),
            review=Review.NEW,
            topic="evaluatie van de proef",
        ),
        promise(
            15,
            DESK,
            "BZK",
            "‹Ik verwacht u› «binnen vier weken» te kunnen berichten over de toegankelijkheid van de balie voor slechtzienden.",
            date(2026, 9, 24),
            strength=Strength.HEDGED,
            review=Review.NEW,
            topic="toegankelijkheid voor slechtzienden",
        ),
        promise(
            16,
            DIKE,
            "IenW",
            "‹Ik bied uw Kamer› «in het eerste kwartaal van 2027» het volgende voortgangsrapport aan.",
            date(2027, 3, 31),
            flags=("recurring",),
        ),
        promise(
            17,
            BUS,
            "IenW",
            "«Voor het einde van 2027» ‹zal het kabinet› de wet personenvervoer evalueren.",
            date(2027, 12, 31),
            kind=Kind.ACT,
        ),
        promise(
            18,
            SWIM,
            "IenW",
            "«Zodra de metingen zijn afgerond», ‹stuur ik de Kamer› een brief.",
            None,
            period=DuePeriod(None, None, Precision.EVENT),
            review=Review.NEW,
        ),
        promise(
            19,
            CARE,
            "VWS",
            "«Te zijner tijd» ‹kom ik hierop terug›.",
            None,
            period=DuePeriod(None, None, Precision.VAGUE),
        ),
        promise(20, DESK, "BZK", "‹Ik zal› het bezwaar van de ombudsman met de gemeenten ‹bespreken›.", None),
        promise(
            21,
            BUS,
            "IenW",
            "«In april 2026» ‹ontvangt de Kamer› de cijfers over opgeheven bushaltes.",
            date(2026, 4, 30),
            status=Status.FULFILLED,
            closed_on=date(2026, 9, 2),
            closed_by="claimed",
            evidence="Brief van 2 september 2026, 36 811, nr. 58",
            topic="cijfers over opgeheven bushaltes",
        ),
        promise(
            22,
            LIBRARY,
            "OCW",
            "‹Ik stuur uw Kamer› «voor 1 juli 2026» het rapport van de inspectie.",
            date(2026, 6, 30),
            status=Status.FULFILLED,
            closed_on=date(2026, 6, 25),
            closed_by="confirmed",
            evidence="https://www.rijksoverheid.nl/voorbeeld/rapport-inspectie",
            topic="rapport van de inspectie",
        ),
        promise(
            23,
            HERITAGE,
            "OCW",
            "‹Ik zal› «in 2026» een wetswijziging ‹indienen›.",
            date(2026, 12, 31),
            status=Status.WITHDRAWN,
            closed_on=date(2026, 5, 11),
        ),
        promise(
            24,
            replace(SWIM, id=None, url=None, dossiers=(), number=None, title=None),
            "IenW",
            "De bewindspersoon ‹zou› «in september» een rondetafel beleggen, zo is aan de telefoon gezegd.",
            date(2026, 9, 30),
            page=None,
            review=Review.NEW,
            actor=Actor("de bewindspersoon"),
        ),
        promise(
            26,
            CARE,
            "VWS",
            "‹Ik stuur uw Kamer› «in mei 2026» de nieuwe tariefbeschikking.",
            date(2026, 5, 31),
            page=6,
            topic="tariefbeschikking",
        ),
        promise(25, DIKE, "IenW", "Een zin die geen toezegging bleek.", date(2026, 1, 1), review=Review.REJECTED),
    ]


def statements() -> tuple[Statement, ...]:
    """A letter that may meet a promise; nobody has judged it yet."""
    letter = document(8, "Aanbieding tariefbeschikking", date(2026, 6, 24), "letter", "36 740", "31")
    said = "Bijgaand treft u, zoals toegezegd, de tariefbeschikking voor de revalidatiezorg aan."
    return (Statement(said, None, "VWS", frozenset(), letter, 1),)


def a_week_ago() -> list[Commitment]:
    """The same store on the day of the last report: two letters fewer, one promise still open, one date earlier."""
    then = []
    for each in everything():
        if each.document.id in (DESK.id, None):
            continue
        if each.number == "TT-2026-0021":
            each = replace(each, status=Status.OPEN, closed_on=None, closed_by=None, evidence=None)
        if each.document.id == LIBRARY.id and each.status is Status.OPEN:
            each = replace(each, due=DuePeriod(date(2026, 7, 1), date(2026, 9, 30), Precision.QUARTER))
        then.append(replace(each, as_of=LAST))
    return then


def report(commitments: list[Commitment] | None = None, reading: Read | None = None, **given: Any) -> views.ReportView:
    """The report of the day over these promises, by default all of the invented store."""
    settings = {"as_of": AS_OF, "made_at": MADE_AT, "since": None, "due_soon_days": 30, "grace_days": 7}
    found = everything() if commitments is None else commitments
    return views.build(
        found,
        reading or Read(),
        given.pop("statements", statements() if commitments is None else ()),
        **{**settings, **given},
    )


def cited(source: DocumentRef, page: int | None) -> str:
    """A stand-in for the citation: "Stuk van 2026-04-09, 36 802, nr. 7, p. 14"."""
    number = f"nr. {source.number}" if source.number else ""
    parts = (f"Stuk van {source.date}", *source.dossiers, number, f"p. {page}" if page else "")
    return ", ".join(filter(None, parts))
