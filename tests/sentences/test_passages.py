"""Who speaks where. The documents are written for the tests; none is taken from a real one."""

from collections.abc import Callable

import pytest

from tracker.domain import DocumentKind, Passage, Voice

Cut = Callable[..., tuple[Passage, ...]]

LETTER = """\
12 345 Buitenruimte

Nr. 67 BRIEF VAN DE MINISTER VAN BUITENRUIMTE

Aan de Voorzitter van de Tweede Kamer der Staten-Generaal

Den Haag, 3 maart 2031

Geachte voorzitter,

In deze brief ga ik in op de speelplaatsen.[1]

### Planning

Ik stuur uw Kamer in mei een overzicht.

Toezicht op de speelplaatsen

Het toezicht wordt in juni versterkt.

<sup>1</sup> Kamerstuk 12 345, nr. 60.

Datum
3 maart 2031
Ons kenmerk
2031-0000123

2 Zie ook Handelingen 2030/31, nr. 4.

Daarna volgt een evaluatie.

> De speelplaats is van iedereen.

Hoogachtend,

De Minister van Buitenruimte,

J. Voorbeeld
"""

ANSWERS = """\
Vragen van het lid Jansen (ABC) aan de Minister van Buitenruimte over speelplaatsen (ingezonden 1 maart 2031).

Antwoord van Minister Voorbeeld (Buitenruimte) (ontvangen 20 maart 2031).

#### Vraag 1

Kent u het bericht? Het stond in de krant.

#### Antwoord 1

Ja.

Vraag 2 en 3
Wilt u dit laten onderzoeken? Ik hoor graag wanneer.

Antwoord 2 en 3
Ik laat dit onderzoeken. De Kamer ontvangt het rapport in mei.
"""

BULLETS = """\
Kamervraag 2031Z00001

Beantwoord door Voorbeeld

  • Vraag 1
    Kent u het bericht?

    Ja. Ik ken het.

  • Vraag 2
    Kunt u meer vertellen? Wij wachten.

    In mei stuur ik uw Kamer een brief.
    Daarin staat alles.
"""

NUMBERED = """\
Lijst van vragen en antwoorden over de begroting van Buitenruimte, met antwoorden van de minister van Buitenruimte.

1. Waar blijft het geld? Er was toch een plan?

Het geld staat op artikel 3.

2

Wat kost een wip?

Een wip kost veel.
"""

CONSULTATION = """\
VERSLAG VAN EEN SCHRIFTELIJK OVERLEG

I Vragen en opmerkingen vanuit de fracties

De leden van de ABC-fractie hebben kennisgenomen van de brief. Zij zijn blij met de speelplaatsen.

Ook zien deze leden graag een planning.

II Reactie van de minister van Buitenruimte

De leden van de ABC-fractie vragen naar de planning en naar de kosten van het geheel.

Ik stuur de planning in mei aan uw Kamer.

Genoemde leden vragen ook naar de schommels. Daarover informeer ik uw Kamer in juni.
"""

DEBATE = """\
De voorzitter:
Het woord is aan mevrouw Jansen.

Mevrouw Jansen (ABC):
Wanneer komt de brief? Ik wil hem in mei.
De Kamer,
gehoord de beraadslaging,
verzoekt de regering de brief in mei te sturen,
en gaat over tot de orde van de dag.
Tot zover.

Minister Van Dorp:
De brief komt in juni.

Karin Voorbeeld:
En mijn brief in juli.

Piet de Boer (XYZ):
Mooi.

Staatssecretaris Voorbeeld: Daar kom ik op terug.

De voorzitter:
Dan lees ik de toezeggingen voor.
De minister stuurt de brief in juni.
De staatssecretaris komt er schriftelijk op terug.
Klopt dat?

Minister Van Dorp:
Het wordt juli.

De voorzitter:
De minister stuurt ook het rapport.
Ik dank de minister en sluit de vergadering.
"""


def voice_of(passages: tuple[Passage, ...], text: str, words: str) -> Voice:
    return passage_of(passages, text, words).voice


def passage_of(passages: tuple[Passage, ...], text: str, words: str) -> Passage:
    at = text.index(words)
    return next(p for p in passages if p.span.start <= at < p.span.end)


VOICES = {
    "letter": (LETTER, {
        "12 345 Buitenruimte": Voice.FRAME, "Nr. 67": Voice.FRAME, "Geachte": Voice.FRAME,
        "In deze brief": Voice.GOVERNMENT, "### Planning": Voice.FRAME, "Ik stuur uw Kamer": Voice.GOVERNMENT,
        "Toezicht op": Voice.FRAME, "Het toezicht wordt": Voice.GOVERNMENT, "<sup>1</sup>": Voice.NOTE,
        "Datum": Voice.FRAME, "2 Zie ook": Voice.NOTE, "Daarna volgt": Voice.GOVERNMENT,
        "> De speelplaats": Voice.QUOTE,
        "Hoogachtend": Voice.FRAME, "De Minister van": Voice.FRAME, "J. Voorbeeld": Voice.FRAME,
    }),
    "answers": (ANSWERS, {
        "Vragen van het lid": Voice.FRAME, "Antwoord van Minister": Voice.FRAME, "#### Vraag 1": Voice.FRAME,
        "Kent u": Voice.QUESTION, "Het stond": Voice.QUESTION, "Ja.": Voice.GOVERNMENT, "Wilt u": Voice.QUESTION,
        "Ik hoor graag": Voice.QUESTION, "Ik laat dit": Voice.GOVERNMENT, "De Kamer ontvangt": Voice.GOVERNMENT,
    }),
    "bullets": (BULLETS, {
        "Kent u": Voice.QUESTION, "Ja. Ik": Voice.GOVERNMENT, "Wij wachten": Voice.QUESTION,
        "In mei": Voice.GOVERNMENT, "Daarin staat": Voice.GOVERNMENT,
    }),
    "numbered": (NUMBERED, {
        "1. Waar": Voice.QUESTION, "Het geld": Voice.GOVERNMENT,
        "Wat kost": Voice.QUESTION, "Een wip": Voice.GOVERNMENT,
    }),
    "consultation": (CONSULTATION, {
        "De leden van de ABC-fractie hebben": Voice.QUESTION, "Zij zijn blij": Voice.QUESTION,
        "Ook zien": Voice.QUESTION,
        "II Reactie": Voice.FRAME, "De leden van de ABC-fractie vragen": Voice.QUESTION,
        "Ik stuur de planning": Voice.GOVERNMENT, "Genoemde leden": Voice.QUESTION,
        "Daarover informeer": Voice.GOVERNMENT,
    }),
    "debate": (DEBATE, {
        "De voorzitter:": Voice.FRAME, "Het woord is": Voice.CHAIR, "Wanneer komt": Voice.MEMBER,
        "verzoekt de regering": Voice.QUOTE, "Tot zover": Voice.MEMBER, "De brief komt": Voice.GOVERNMENT,
        "En mijn brief": Voice.GOVERNMENT, "Mooi.": Voice.MEMBER, "Daar kom ik": Voice.GOVERNMENT,
        "De minister stuurt de brief": Voice.CHAIR_LIST, "De staatssecretaris komt": Voice.CHAIR_LIST,
        "Het wordt juli": Voice.GOVERNMENT, "De minister stuurt ook": Voice.CHAIR_LIST, "Ik dank de": Voice.CHAIR,
    }),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words", "voice"),
    [
        pytest.param(text, words, voice, id=f"{name}: {words}")
        for name, (text, expected) in VOICES.items()
        for words, voice in expected.items()
    ],
)
def test_voice(cut: Cut, text: str, words: str, voice: Voice) -> None:
    assert voice_of(cut(text), text, words) == voice


def test_speaker_as_written(cut: Cut) -> None:
    assert passage_of(cut(DEBATE), DEBATE, "De brief komt").speaker == "Minister Van Dorp"
    assert passage_of(cut(DEBATE), DEBATE, "Mooi.").speaker == "Piet de Boer (XYZ)"


@pytest.mark.parametrize(
    ("text", "words", "question"),
    [
        pytest.param(ANSWERS, "Ja.", "1", id="answer"),
        pytest.param(ANSWERS, "Ik laat dit", "2 en 3", id="two-at-once"),
        pytest.param(BULLETS, "In mei", "2", id="bullets"),
        pytest.param(NUMBERED, "Het geld", "1", id="inline"),
        pytest.param(NUMBERED, "Een wip", "2", id="number-on-its-own-line"),
        pytest.param(LETTER, "Ik stuur uw Kamer", None, id="letter"),
    ],
)
def test_number_of_the_question(cut: Cut, text: str, words: str, question: str | None) -> None:
    assert passage_of(cut(text), text, words).question == question


PITFALLS = {
    "a heading 'Reactie' is no label of an answer": (
        "Er is een rapport over de speelplaatsen verschenen.\n\n### Reactie\n\nIk lees het rapport.",
        "Er is een", Voice.GOVERNMENT,
    ),
    "the number of a page makes no question": (
        "Ik lees het rapport.\n\n3\n\nIn mei stuur ik uw Kamer een brief.", "In mei", Voice.GOVERNMENT,
    ),
    "a numbered heading with an abbreviation is no member": (
        "Wij werken aan drie zaken.\n\n1. Register (BRS)\n\n2. Toezicht\n\nIk stuur een brief.",
        "Ik stuur", Voice.GOVERNMENT,
    ),
    "a footnote without a reference, by its mark": (
        "Wij werken samen met scholen.[1]\n\n1 Dat zijn alle scholen in het dorp.", "1 Dat zijn", Voice.NOTE,
    ),
    "a question the minister raises in a letter": (
        "Ik lees het rapport. Wat volgt daaruit?\n\nIk stuur een brief.", "Wat volgt", Voice.GOVERNMENT,
    ),
    "the office repeated at the head of a page": (
        "Ik lees het rapport.\n\n**Directoraat-Generaal\nSpel en Sport**\n\nIk stuur een brief.",
        "**Directoraat", Voice.FRAME,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "words", "voice"), PITFALLS.values(), ids=PITFALLS)
def test_pitfalls_of_letters(cut: Cut, body: str, words: str, voice: Voice) -> None:
    text = f"Geachte voorzitter,\n\nHierbij bericht ik uw Kamer.\n\n{body}\n"
    assert voice_of(cut(text), text, words) == voice


HEAD = "Aan de Voorzitter van de Tweede Kamer der Staten-Generaal Postbus 9999 2500 AA Den Haag "
FLATTENED = {  # in one block: the head of a letter, a bar, its first words
    "place and date": HEAD + "Den Haag, 3 maart 2031 |Overeenkomstig mijn toezegging stuur ik u het rooster.",
    "after the number of a paper": "12 345 Buitenruimte Nr. 67 Den Haag, 3 maart 2031 |Ik stuur uw Kamer het rooster.",
    "'s-Gravenhage": HEAD + "'s-Gravenhage, 3 maart 2031 |Hierbij zend ik u het rooster.",
    "salutation": HEAD + "Datum 3 maart 2031 Betreft Speelplaatsen Geachte voorzitter, |Ik stuur uw Kamer het rooster.",
    "both": HEAD + "Den Haag, 3 maart 2031 Geachte mevrouw de Voorzitter, |hierbij zend ik u het rooster.",
    "no comma": "Geachte voorzitter |Ik stuur uw Kamer het rooster.",
    "by name": HEAD + "Betreft Hoe het is met de wip Geachte heer Van den Berg, |Ik stuur uw Kamer het rooster.",
    "lines": "Aan de Voorzitter van de Tweede Kamer\nDen Haag, 3 maart 2031\n|Ik stuur uw Kamer\nhet rooster.",
    "long": HEAD + "Ministerie van Buitenruimte " * 20 + "Den Haag, 3 maart 2031 |Ik stuur uw Kamer het rooster.",
}


@pytest.mark.parametrize("written", FLATTENED.values(), ids=FLATTENED)
def test_the_head_of_a_letter_ends_where_its_words_begin(cut: Cut, written: str) -> None:
    head, words = written.split("|")
    found = [(passage.voice, passage.span.of(head + words)) for passage in cut(head + words, DocumentKind.LETTER)]
    assert found == [(Voice.FRAME, head), (Voice.GOVERNMENT, words)]


def test_place_and_date_at_the_foot_end_no_head(cut: Cut) -> None:
    text = "Ik stuur uw Kamer het rooster. Den Haag, 3 maart 2031 De Minister van Buitenruimte"
    assert voice_of(cut(text, DocumentKind.LETTER), text, "Ik stuur") == Voice.GOVERNMENT


def test_a_subject_below_place_and_date_is_of_the_head(cut: Cut) -> None:
    text = "Aan de Voorzitter van de Tweede Kamer\nDen Haag, 3 maart 2031\nBetreft: de wip\n\nIk stuur u het rooster."
    assert voice_of(cut(text, DocumentKind.LETTER), text, "Betreft") == Voice.FRAME


def test_the_name_below_a_signature_is_no_heading(cut: Cut) -> None:
    text = f"{LETTER}\nBijlage\n\nHet overzicht van de speelplaatsen volgt in juni.\n"
    assert passage_of(cut(text), text, "Het overzicht van").heading != "J. Voorbeeld"


def test_nearest_heading(cut: Cut) -> None:
    passages = cut(LETTER)
    assert passage_of(passages, LETTER, "Ik stuur uw Kamer").heading == "Planning"
    assert passage_of(passages, LETTER, "Daarna volgt").heading == "Toezicht op de speelplaatsen"


SPEAKERS = {
    "chair": ("De voorzitter:", Voice.CHAIR),
    "chair-bold": ("De **voorzitter**:", Voice.CHAIR),
    "minister": ("Minister Van den Berg:", Voice.GOVERNMENT),
    "minister-two-names": ("Minister Anna Berg van den:", Voice.GOVERNMENT),
    "minister-bold": ("Minister **Voorbeeld**:", Voice.GOVERNMENT),
    "prime-minister": ("Minister-president Voorbeeld:", Voice.GOVERNMENT),
    "state-secretary": ("Staatssecretaris Voorbeeld-Jansen:", Voice.GOVERNMENT),
    "office-of": ("De minister van Buitenruimte en Spel:", Voice.GOVERNMENT),
    "mevrouw": ("Mevrouw El Voorbeeld (ABC):", Voice.MEMBER),
    "de-heer": ("De heer **'t Hart** (A-B):", Voice.MEMBER),
    "name-and-party": ("Anna Berg van den (GroenBlauw-ABC):", Voice.MEMBER),
    "called": ("Johanna (Jo) Voorbeeld (vJV):", Voice.MEMBER),
    "name-only": ("Anna Berg van den:", Voice.GOVERNMENT),
    "surname-only": ("Voorbeeld:", Voice.GOVERNMENT),
}


@pytest.mark.parametrize(("line", "voice"), SPEAKERS.values(), ids=SPEAKERS)
def test_speaker_lines(cut: Cut, line: str, voice: Voice) -> None:
    text = f"Minister Voorbeeld:\nGoed.\n\n{line}\nDat doen we in mei.\n"
    assert voice_of(cut(text, DocumentKind.DEBATE), text, "Dat doen we") == voice


@pytest.mark.parametrize(
    "line",
    ["De minister zegt: dat komt in mei.", "Ik lees drie stukken voor:", "Antwoord:", "Twee dingen: geld en tijd."],
)
def test_no_speaker_lines(cut: Cut, line: str) -> None:
    text = f"Minister Voorbeeld:\nGoed.\n{line}\nDat doen we in mei.\n"
    assert passage_of(cut(text, DocumentKind.DEBATE), text, "Dat doen we").speaker == "Minister Voorbeeld"


def test_a_chair_under_name_and_party(cut: Cut) -> None:
    text = (
        "Anna Berg (ABC):\nIk open de vergadering. Het woord is aan mevrouw Smit.\n\n"
        "Eva Smit (XYZ):\nWanneer komt de brief?\n\nAnna Berg (ABC):\nDe minister.\n\n"
        "Karin Voorbeeld:\nIn mei.\n\nAnna Berg (ABC):\nIk noem de toezeggingen nog even.\n"
        "De Kamer ontvangt in mei een brief.\n"
    )
    passages = cut(text, DocumentKind.DEBATE)
    assert voice_of(passages, text, "De minister.") == Voice.CHAIR
    assert voice_of(passages, text, "Wanneer") == Voice.MEMBER
    assert voice_of(passages, text, "De Kamer ontvangt") == Voice.CHAIR_LIST


def test_a_chair_that_thanks_for_a_commitment_makes_no_list(cut: Cut) -> None:
    text = "De voorzitter:\nDank voor deze toezegging.\nMevrouw Jansen gaat verder.\n\nMinister Dorp:\nGoed.\n"
    assert voice_of(cut(text), text, "Mevrouw Jansen") == Voice.CHAIR


@pytest.mark.parametrize(
    ("line", "voice"),
    [
        ("Dan komt de minister eind mei met een brief.", Voice.CHAIR_LIST),
        ("Dank. De staatssecretaris informeert de Kamer in juni.", Voice.CHAIR_LIST),
        ("Hiermee zijn we aan het einde van dit debat.", Voice.CHAIR),
        ("Er is een tweeminutendebat aangevraagd door mevrouw Jansen.", Voice.CHAIR),
        ("Ik sluit de vergadering.", Voice.CHAIR),
        ("Dank u wel allemaal, en een fijne avond.", Voice.CHAIR),
    ],
)
def test_what_closes_a_closing_list(cut: Cut, line: str, voice: Voice) -> None:
    text = (
        f"De voorzitter:\nIk neem de toezeggingen door.\nDe Kamer krijgt het rapport.\n{line}\n\nMinister Dorp:\nJa.\n"
    )
    assert voice_of(cut(text), text, line) == voice


def test_a_closing_list_read_out_from_its_middle(cut: Cut) -> None:
    text = "De voorzitter:\nDe Kamer krijgt het rapport in mei.\n\nMinister Dorp:\nIn juni.\n"
    passages = cut(text, DocumentKind.CHAIR_LIST)
    assert voice_of(passages, text, "De Kamer krijgt") == Voice.CHAIR_LIST
    assert voice_of(passages, text, "In juni") == Voice.GOVERNMENT


def test_a_list_without_speakers(cut: Cut) -> None:
    text = "Toezeggingen\n\n- De minister van Buitenruimte zegt de Kamer een brief toe in mei.\n"
    assert {p.voice for p in cut(text)} == {Voice.CHAIR_LIST}


NEWS = "Minister reageert op zorgen over spelen\n\nDe minister stuurde een brief. We volgen de plannen op de voet.\n"


@pytest.mark.parametrize("kind", [DocumentKind.NEWS, DocumentKind.OTHER])
def test_a_third_party_does_not_speak_for_the_government(cut: Cut, kind: DocumentKind) -> None:
    assert {p.voice for p in cut(NEWS, kind)} == {Voice.OTHER}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param(LETTER, DocumentKind.LETTER, id="letter"),
        pytest.param(ANSWERS, DocumentKind.ANSWER, id="answer"),
        pytest.param(NUMBERED, DocumentKind.REPORT, id="list of questions"),
        pytest.param(DEBATE, DocumentKind.DEBATE, id="debate"),
    ],
)
def test_the_text_alone_is_enough(cut: Cut, text: str, kind: DocumentKind) -> None:
    assert cut(text) == cut(text, kind)


def test_an_empty_text_has_no_passages(cut: Cut) -> None:
    assert cut("") == ()
