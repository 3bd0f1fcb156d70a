"""What a document says about itself: kind, date, title, number and who signs. All names and letters are invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.documents import Registry, describe
from tracker.documents.metadata import session_of
from tracker.domain import DocumentKind

LETTER = """> Retouradres Postbus 20901 2500 EX Den Haag

De voorzitter van de Tweede Kamer
der Staten-Generaal
Postbus 20018
2500 EA DEN HAAG

Datum 24 maart 2031
Betreft Stand van zaken veerdiensten naar de
Waddeneilanden (2031Z01234)

Geachte voorzitter,

Op 3 februari 2031 heb ik uw Kamer een brief toegezegd. Deze treft u hierbij aan.

Hoogachtend,

DE MINISTER VAN INFRASTRUCTUUR EN WATERSTAAT,

mr. A.B. van der Wiel-Oostra
"""

PARLIAMENTARY = """Vergaderjaar 2030–2031

**38 300 VII**

**Vaststelling van de begrotingsstaten voor het jaar 2031**

**Nr. 113**

## **BRIEF VAN DE STAATSSECRETARIS VAN JUSTITIE EN VEILIGHEID**

Aan de Voorzitter van de Tweede Kamer der Staten-Generaal

Den Haag, 1 april 2031

Hierbij bied ik u de notitie aan (Kamerstuk 38 417, nr. 6).

De Staatssecretaris van Justitie en Veiligheid,
E. Zandstra
"""

ANSWER = """## Vragen gesteld door de leden der Kamer, met de daarop door de regering gegeven antwoorden

### 916

Vragen van het lid **Boomgaard** (Lijst Waterland) aan de Minister voor Rechtsbescherming over *wachttijden bij
het juridisch spreekuur* (ingezonden 13 december 2030).

Antwoord van Minister **Ter Horst** (Rechtsbescherming), mede namens de Minister van Financiën (ontvangen 1 februari
2031). Zie ook Aanhangsel Handelingen, vergaderjaar 2029–2030, nr. 731.

#### Vraag 1

Kent u het bericht?

#### Antwoord 1

Ja.
"""

LIST = """Kamervraag 2031Z12583

Veilig zwemmen in zee

Ingediend 27 augustus 2031
Beantwoord 10 september 2031 (na 14 dagen)
Indiener Wil Boomgaard (Lijst Waterland)
Beantwoord door De Vries-Adema
Bron antwoord https://zoek.officielebekendmakingen.nl/ah-tk-20302031-2502.html
"""

CONSULTATION = """38 999 Veerdiensten

Nr. 12 VERSLAG VAN EEN SCHRIFTELIJK OVERLEG

Vastgesteld 4 december 2030

De vaste commissie heeft vragen voorgelegd over de brief van 31 oktober 2030 (Kamerstuk 38 999, nr. 8).
"""

DEBATE = """Verslag van een commissiedebat
De vaste commissie heeft op 5 maart 2031 overleg gevoerd met de minister over de waterkwaliteit.

De voorzitter:
Goedemiddag.

Minister Ter Horst:
Dank u wel.
"""

CLOSING = """De voorzitter:
Dan lees ik de toezeggingen voor.
De minister stuurt voor de zomer een brief over de veerdiensten.

Minister Ter Horst:
Dat klopt.
"""

NEWS = """Minister belooft brief over veerdiensten

De minister wil na de zomer met de reders praten, schrijft hij aan de Tweede Kamer.
"""


def kind(name: str) -> DocumentKind:
    return DocumentKind(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LETTER, "letter"),
        (PARLIAMENTARY, "letter"),
        (ANSWER, "answer"),
        (LIST, "answer"),
        (CONSULTATION, "report"),
        (DEBATE, "debate"),
        ("De heer Boomgaard (LW):\nWanneer komt de brief?\n\nMinister Ter Horst:\nIn mei.\n", "debate"),
        (CLOSING, "chair_list"),
        ("Rappel toezeggingen Eerste Kamer\n\nNummer T04321\nStatus openstaand\n", "register"),
        (NEWS, "news"),
        ("Recept voor appeltaart\n\nSchil zes appels.\n", "other"),
    ],
    ids=[
        "letter",
        "kamerstuk",
        "answer",
        "list",
        "report",
        "debate",
        "excerpt",
        "closing",
        "register",
        "news",
        "other",
    ],
)
def test_kind(registry: Registry, text: str, expected: str) -> None:
    assert describe(text, registry).kind is kind(expected)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Beantwoording Kamervragen over de veerdienst naar Texel", "answer"),
        ("Antwoorden op vragen van de leden Boomgaard en Zwart over zwemwater", "answer"),
        ("Beantwoording VSO voortgang veerdiensten", "answer"),
        ("Reactie op de motie-Boomgaard over veerdiensten", "letter"),
        ("Uitstel beantwoording Kamervragen over de veerdienst naar Texel", "letter"),
    ],
)
def test_a_letter_that_answers_questions_is_an_answer(registry: Registry, subject: str, expected: str) -> None:
    text = LETTER.replace("Stand van zaken veerdiensten naar de\nWaddeneilanden (2031Z01234)", subject)
    assert describe(text, registry).kind is kind(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LETTER, date(2031, 3, 24)),
        (LETTER.replace("Datum 24 maart", "Datum\n24 maart"), date(2031, 3, 24)),
        (LETTER.replace("Datum 24 maart 2031", "Datum:  03 februari 2031"), date(2031, 2, 3)),
        (LETTER.replace("Datum 24 maart 2031", "Datum 31 juni 2031"), None),
        (LETTER.replace("Datum 24 maart 2031", "Datum 24-03-2031"), date(2031, 3, 24)),
        (LETTER.replace("Datum 24 maart", "Datum\nOns kenmerk\n\n24 maart"), date(2031, 3, 24)),
        (PARLIAMENTARY, date(2031, 4, 1)),
        (PARLIAMENTARY.replace("Den Haag,", "’s-Gravenhage,"), date(2031, 4, 1)),
        (ANSWER, date(2031, 2, 1)),
        (LIST, date(2031, 9, 10)),
        (CONSULTATION, date(2030, 12, 4)),
        (CONSULTATION + "De Minister heeft deze beantwoord bij brief van 3 december 2030.", date(2030, 12, 3)),
        (DEBATE, date(2031, 3, 5)),
        ("89e vergadering, dinsdag 30 juni 2031\n\nDe voorzitter:\nIk open.\n", date(2031, 6, 30)),
        ("Handelingen\n\nwoensdag 1 oktober 2031\n", date(2031, 10, 1)),
        (NEWS, None),
        (CLOSING, None),
    ],
    ids=[
        *(
            "datum",
            "datum above",
            "two digits",
            "no such day",
            "in figures",
            "label apart",
            "den haag",
            "gravenhage",
            "ontvangen",
            "beantwoord",
        ),
        *("vastgesteld", "by letter", "debate", "sitting", "alone", "news", "closing"),
    ],
)
def test_date(registry: Registry, text: str, expected: date | None) -> None:
    assert describe(text, registry).date == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LETTER, "Stand van zaken veerdiensten naar de Waddeneilanden (2031Z01234)"),
        (LETTER.replace("Betreft", "Onderwerp:"), "Stand van zaken veerdiensten naar de Waddeneilanden (2031Z01234)"),
        (PARLIAMENTARY, "Vaststelling van de begrotingsstaten voor het jaar 2031"),
        (
            ANSWER,
            "Vragen van het lid Boomgaard (Lijst Waterland) aan de Minister voor Rechtsbescherming over wachttijden "
            "bij het juridisch spreekuur",
        ),
        (LIST, "Veilig zwemmen in zee"),
        (CONSULTATION, "Veerdiensten"),
        (NEWS, "Minister belooft brief over veerdiensten"),
    ],
    ids=["betreft", "onderwerp", "dossier", "questions", "list", "report", "news"],
)
def test_title(registry: Registry, text: str, expected: str) -> None:
    assert describe(text, registry).title == expected


@pytest.mark.parametrize(
    ("text", "dossiers", "number", "identifier"),
    [
        (LETTER, (), None, None),
        (PARLIAMENTARY, ("38 300 VII",), "113", "kst-38300-VII-113"),
        (ANSWER, (), "916", "ah-tk-20302031-916"),
        ("Vergaderjaar 2029-2030 Aanhangsel van de Handelingen\n\n" + ANSWER, (), "916", "ah-tk-20292030-916"),
        (ANSWER.replace("ontvangen", "datum"), (), "916", None),
        (LIST, (), "2502", "ah-tk-20302031-2502"),
        (CONSULTATION, ("38 999",), "12", "kst-38999-12"),
        (NEWS, (), None, None),
    ],
    ids=["none", "budget", "by date", "by session", "undated", "printed", "report", "news"],
)
def test_numbers(
    registry: Registry, text: str, dossiers: tuple[str, ...], number: str | None, identifier: str | None
) -> None:
    metadata = describe(text, registry)
    assert (metadata.dossiers, metadata.number, metadata.identifier) == (dossiers, number, identifier)
    address = f"https://zoek.officielebekendmakingen.nl/{identifier}.html" if identifier else None
    assert metadata.url == address


@pytest.mark.parametrize(
    ("day", "session"),
    [
        (date(2031, 9, 15), "20302031"),
        (date(2031, 9, 16), "20312032"),  # the third Tuesday
        (date(2031, 12, 31), "20312032"),
        (date(2032, 1, 1), "20312032"),
    ],
)
def test_a_session_begins_on_the_third_tuesday_of_september(day: date, session: str) -> None:
    assert session_of(day) == session


SIGNATURES = {
    "capitals": (LETTER, "mr. A.B. van der Wiel-Oostra", "Minister van Infrastructuur en Waterstaat", "IenW"),
    "kamerstuk": (PARLIAMENTARY, "E. Zandstra", "Staatssecretaris van Justitie en Veiligheid", "JenV"),
    "head only": (
        PARLIAMENTARY.partition("De Staatssecretaris")[0],
        None,
        "Staatssecretaris van Justitie en Veiligheid",
        "JenV",
    ),
    "answer": (ANSWER, "Ter Horst", "Minister voor Rechtsbescherming", "JenV"),
    "list": (LIST, "De Vries-Adema", None, None),
    "two lines": (
        "Geachte voorzitter,\n\nHoogachtend,\n\nde minister van Volksgezondheid,\n\nWelzijn en Sport,\n\ndrs. P. Oud\n",
        "drs. P. Oud",
        "minister van Volksgezondheid, Welzijn en Sport",
        "VWS",
    ),
    "on one line": (
        "Geachte voorzitter,\n\nDe Minister van Veiligheid en Justitie, G.H. de Lang\n",
        "G.H. de Lang",
        "Minister van Veiligheid en Justitie",
        "VenJ",
    ),
    "name first": (
        "Geachte voorzitter,\n\n(w.g.) J.K. Brouwer\n\nMinister van Economische Zaken\n",
        "J.K. Brouwer",
        "Minister van Economische Zaken",
        "EZ",
    ),
    "two in capitals": (
        "BRIEF VAN DE MINISTERS VAN VOLKSGEZONDHEID, WELZIJN EN SPORT EN VOOR RECHTSBESCHERMING\n",
        None,
        "Ministers van Volksgezondheid, Welzijn en Sport en voor Rechtsbescherming",
        "VWS",
    ),
    "a committee's debate": (
        "De commissie heeft op 5 november 2031 overleg gevoerd met mevrouw Zandstra-Oud, Minister van Volksgezondheid, "
        "Welzijn en Sport, over zwemwater.\n",
        "Zandstra-Oud",
        "Minister van Volksgezondheid, Welzijn en Sport",
        "VWS",
    ),
    "a debate with two": (
        "De commissie heeft op 5 november 2031 overleg gevoerd met mevrouw Zandstra-Oud, Minister van Defensie, en de "
        "heer Brouwer, Staatssecretaris van Defensie, over zwemwater.\n",
        None,
        None,
        None,
    ),
    "a sentence is no signature": ("De minister van Financiën,\ndie daarover gaat, zegt niets.\n", None, None, None),
    "news": (NEWS, None, None, None),
}


@pytest.mark.parametrize(("text", "person", "office", "ministry"), SIGNATURES.values(), ids=SIGNATURES)
def test_signatory(registry: Registry, text: str, person: str | None, office: str | None, ministry: str | None) -> None:
    signatory = describe(text, registry).signatory
    assert (signatory.person, signatory.office, signatory.ministry) == (person, office, ministry)


@given(st.text(max_size=400))
def test_any_text_can_be_described(registry: Registry, text: str) -> None:
    assert describe(text, registry).kind in DocumentKind


@pytest.mark.parametrize(
    "unit",
    [
        " ",
        "\n",
        "\t \n",
        "De minister van x,\n\n",
        "de minister van\n\nx\n\n",
        "Mede namens a, ",
        "Vraag 1\n",
        "<sup>",
        "Aa (Bb):\n",
    ],
    ids=repr,
)
def test_a_long_text_of_anything_is_described(registry: Registry, unit: str) -> None:
    assert describe(unit * (300_000 // len(unit)), registry).date is None
