"""A PDF becomes running text: what is left out, what is joined, what is kept apart, and on which page it stands."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from tracker.documents import Registry, Source, describe, read
from tracker.documents.formats.lines import readable
from tracker.domain import Document

from .make_pdf import Text, lines, make_pdf

LEFT, MARGIN = 80, 467

BODY_1 = lines(
    LEFT,
    500,
    "Over de veerverbindingen in de noordelijke kustgemeenten heb ik uw Kamer in",
    "het voorjaar geschreven. Inmiddels zijn de gesprekken met de reders en de oever-",
    "gemeenten afgerond, en heb ik de uitkomsten daarvan met de provincies gedeeld.",
)


def text_of(tmp_path: Path, pages: Sequence[Sequence[Text]]) -> Source:
    file = tmp_path / "brief.pdf"
    file.write_bytes(make_pdf(pages))
    return read(file)


def paragraphs(source: Source) -> list[str]:
    return source.text.rstrip("\n").split("\n\n")


def test_lines_of_a_paragraph_are_joined(tmp_path: Path) -> None:
    assert paragraphs(text_of(tmp_path, [BODY_1])) == [
        "Over de veerverbindingen in de noordelijke kustgemeenten heb ik uw Kamer in het voorjaar geschreven. "
        "Inmiddels zijn de gesprekken met de reders en de oevergemeenten afgerond, en heb ik de uitkomsten daarvan "
        "met de provincies gedeeld."
    ]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("de Tweede Kamer der Staten-", "Generaal", "der Staten-Generaal"),
        ("over de EU-", "lidstaten die meedoen", "de EU-lidstaten"),
        ("in de jaren 2024-", "2026 wordt gewerkt", "2024-2026 wordt"),
        ("de landelijke, provinciale, gemeente-", "en waterschapsbelastingen", "gemeente- en waterschapsbelastingen"),
        ("het komende begrotings-", "jaar wordt dit bezien", "begrotingsjaar wordt"),
        ("nieuwe media-", "aanbieders melden zich", "media-aanbieders"),
        ("zie www.voorbeeld.nl/rapport-", "veerdiensten voor meer", "rapport-veerdiensten voor"),
    ],
    ids=["name", "abbreviation", "numbers", "suspended", "broken word", "vowels", "address"],
)
def test_a_hyphen_at_the_end_of_a_line(tmp_path: Path, above: str, below: str, joined: str) -> None:
    page = [*BODY_1, *lines(LEFT, 440, above, below)]
    assert joined in text_of(tmp_path, [page]).text


def test_a_hyphen_that_the_document_writes_elsewhere_is_kept(tmp_path: Path) -> None:
    page = lines(LEFT, 500, "De mbo-scholen doen mee. Daarom worden alle mbo-", "opleidingen bezocht.")
    assert "alle mbo-opleidingen bezocht." in text_of(tmp_path, [page]).text


def test_paragraphs_are_parted_by_white_space_and_by_a_short_last_line(tmp_path: Path) -> None:
    page = [*BODY_1, *lines(LEFT, 440, "Dat is alles.", "Dit najaar volgt meer."), *lines(LEFT, 392, "Tot slot.")]
    assert paragraphs(text_of(tmp_path, [page]))[1:] == ["Dat is alles.", "Dit najaar volgt meer.", "Tot slot."]


def test_a_heading_directly_above_its_text_is_a_paragraph(tmp_path: Path) -> None:
    heading = Text(LEFT, 512, "Wat er in de afgelopen maanden met de veerdiensten is gebeurd en wat volgt", font="bold")
    assert len(paragraphs(text_of(tmp_path, [[heading, *BODY_1]]))) == 2


def test_items_of_a_list_are_kept_apart(tmp_path: Path) -> None:
    items = [
        *lines(LEFT, 440, "Ik bezie de volgende maatregelen:"),
        *lines(
            LEFT + 20,
            428,
            "1.  een vaste bijdrage voor de reders op de drukste lijnen in het noorden en",
            "2.  uitstel.",
        ),
        *lines(LEFT + 36, 404, "-  een proef"),
        *lines(LEFT, 392, "•  een klankbordgroep van reizigers"),
    ]
    assert paragraphs(text_of(tmp_path, [[*BODY_1, *items]]))[1:] == [
        "Ik bezie de volgende maatregelen:",
        "1. een vaste bijdrage voor de reders op de drukste lijnen in het noorden en",
        "2. uitstel.",
        "- een proef",
        "• een klankbordgroep van reizigers",
    ]


def test_rows_of_a_table_do_not_run_into_sentences(tmp_path: Path) -> None:
    rows = [
        Text(LEFT + dx, 440 - 12 * row, cell)
        for row, cells in enumerate((("Lijn", "Reizigers", "Kosten"), ("Noord", "1200", "4,5"), ("Zuid", "900", "3,1")))
        for dx, cell in zip((0, 120, 240), cells, strict=True)
    ]
    found = paragraphs(text_of(tmp_path, [[*BODY_1, *rows, *lines(LEFT, 380, "Daarna volgt gewone tekst.")]]))
    assert found[1:] == ["Lijn  Reizigers  Kosten", "Noord  1200  4,5", "Zuid  900  3,1", "Daarna volgt gewone tekst."]


MARGINAL = [
    *lines(MARGIN, 680, "Ministerie van", "Infrastructuur", size=6.5, leading=9),
    *lines(MARGIN, 640, "Ons kenmerk", "IENW/2031/0042", size=6.5, leading=9),
    *lines(MARGIN, 500, "Bijlage(n)", "2", size=6.5, leading=12),
]


def test_the_senders_column_is_left_out(tmp_path: Path) -> None:
    source = text_of(tmp_path, [[*MARGINAL, *BODY_1]])
    assert paragraphs(source) == paragraphs(text_of(tmp_path, [BODY_1]))


def test_small_letters_at_the_right_stay_in_a_table(tmp_path: Path) -> None:
    table = [Text(LEFT, 400, "Lijn noord", 6.5), Text(MARGIN, 400, "4,5 mln.", 6.5)]
    assert "Lijn noord  4,5 mln." in text_of(tmp_path, [[*BODY_1, *table]]).text


@pytest.mark.parametrize("number", ["Pagina {0} van 3", "{0}", "- {0} -", "{0}/3", "Pagina {0}"])
def test_page_numbers_are_left_out(tmp_path: Path, number: str) -> None:
    pages = [[*BODY_1, Text(MARGIN, 30, number.format(page), 6.5)] for page in (1, 2, 3)]
    assert not re.search(r"Pagina|\b[123]\b", text_of(tmp_path, pages).text)


def test_running_heads_and_feet_are_left_out(tmp_path: Path) -> None:
    pages = [
        [
            Text(LEFT, 800, "Verkenning veerdiensten"),
            *BODY_1,
            Text(LEFT, 40, f"Tweede Kamer, vergaderjaar 2031-2032, 38 999, nr. 7  {page}", 7),
        ]
        for page in (1, 2, 3)
    ]
    assert set(paragraphs(text_of(tmp_path, pages))) == set(paragraphs(text_of(tmp_path, [BODY_1])))


def test_what_is_drawn_last_is_read_where_it_stands(tmp_path: Path) -> None:
    page = [*BODY_1, Text(LEFT, 560, "Datum"), Text(142, 560, "3 maart 2031"), *lines(LEFT, 680, "Aan de Voorzitter")]
    assert paragraphs(text_of(tmp_path, [page]))[:2] == ["Aan de Voorzitter", "Datum  3 maart 2031"]


def test_date_and_subject_are_paragraphs_of_their_own(tmp_path: Path) -> None:
    page = [
        *(Text(LEFT, 560, "Datum"), Text(142, 560, "3 maart 2031")),
        *(
            Text(LEFT, 548, "Betreft"),
            Text(142, 548, "Voortgang van de veerdiensten in"),
            Text(142, 536, "Noord-Holland"),
        ),
        *BODY_1,
    ]
    assert paragraphs(text_of(tmp_path, [page]))[:2] == [
        "Datum  3 maart 2031",
        "Betreft  Voortgang van de veerdiensten in Noord-Holland",
    ]


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = lines(
        60, 700, "De voorzitter opent de vergadering en geeft", "De Graaf het woord over de lijn naar", "Texel."
    )
    right = lines(310, 700, "De minister antwoordt dat de gesprekken met", "Rederij De Vries nog lopen.")
    assert paragraphs(text_of(tmp_path, [[*left, *right]])) == [
        "De voorzitter opent de vergadering en geeft De Graaf het woord over de lijn naar Texel.",
        "De minister antwoordt dat de gesprekken met Rederij De Vries nog lopen.",
    ]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(tmp_path: Path, turn: int) -> None:
    page = [*BODY_1, *lines(LEFT, 440, "Lijn noord:", "Twee boten."), Text(300, 440, "4,5 mln.")]
    file = tmp_path / "bijlage.pdf"
    file.write_bytes(make_pdf([page], turn=turn))
    assert paragraphs(read(file)) == paragraphs(text_of(tmp_path, [page]))


def test_a_parliamentary_paper_keeps_its_numbers_and_sets_the_imprint_apart(tmp_path: Path, registry: Registry) -> None:
    page = [
        *(Text(170, 780, "Tweede Kamer der Staten-Generaal", 18), Text(170, 740, "Vergaderjaar 2030-2031", 10)),
        *(Text(62, 700, "38 999", 10, "bold"), Text(170, 700, "Veerdiensten", 10, "bold")),
        Text(62, 670, "Nr. 245", 10, "bold"),
        Text(170, 670, "BRIEF VAN DE MINISTER VAN INFRASTRUCTUUR EN WATERSTAAT", 10, "bold"),
        *lines(170, 640, "Aan de Voorzitter van de Tweede Kamer der Staten-Generaal", size=10),
        *lines(170, 616, "Den Haag, 1 april 2031", size=10),
        *lines(170, 592, "Voor de zomer stuur ik uw Kamer de uitkomsten van het onderzoek", "naar de veren.", size=10),
        *lines(170, 556, "De Minister van Infrastructuur en Waterstaat,", "A.B. Zandstra", size=10),
        *lines(62, 60, "kst-38999-245", "ISSN 0921-7371", size=6, leading=8),
    ]
    source = text_of(tmp_path, [page])
    found = describe(source.text, registry)
    assert "Voor de zomer stuur ik uw Kamer de uitkomsten van het onderzoek naar de veren." in paragraphs(source)
    assert paragraphs(source)[-1].startswith("kst-38999-245")
    assert (found.date, found.dossiers, found.number) == (date(2031, 4, 1), ("38 999",), "245")
    assert (found.title, found.signatory.person) == ("Veerdiensten", "A.B. Zandstra")


@pytest.mark.parametrize(
    ("drawn", "read_as"),
    [("e\u0308", "ë"), ("ﬁnancie\u0308n", "financiën"), ("\uf0b7", "•"), ("a\x02b", "ab"), ("¹", "¹"), ("½", "½")],
)
def test_letters_are_read_as_they_look(drawn: str, read_as: str) -> None:
    assert readable(drawn) == read_as


NOTE = [Text(LEFT, 60, "1", 5, rise=3), Text(LEFT + 6, 60, "Kamerstuk 38 999, nr. 4.", 8)]


def test_a_note_is_marked_and_set_apart_at_the_end_of_its_page(tmp_path: Path) -> None:
    page = [Text(LEFT, 500, "Ik schreef uw Kamer daarover.", 9), Text(202.6, 500, "1", 6, rise=4), *NOTE]
    second = lines(LEFT, 500, "Een nieuwe bladzijde.")
    assert paragraphs(text_of(tmp_path, [page, second])) == [
        "Ik schreef uw Kamer daarover.[1]",
        "[1] Kamerstuk 38 999, nr. 4.",
        "Een nieuwe bladzijde.",
    ]


def test_a_sentence_over_the_foot_of_a_page_is_whole_and_knows_both_pages(tmp_path: Path) -> None:
    first = [
        *BODY_1[:-1],
        Text(LEFT, 476, "gemeenten afgerond, en heb ik de uitkomsten daarvan met de provincies"),
        *NOTE,
    ]
    second = lines(LEFT, 700, "en de reders gedeeld.", "Daar blijft het bij.")
    source = text_of(tmp_path, [first, second])
    document = Document("brief.pdf", source.text, pages=source.pages)

    assert "met de provincies en de reders gedeeld.\n\n[1] Kamerstuk" in source.text
    pages = {words: document.page_of(source.text.index(words)) for words in ("Over de", "en de reders", "[1]", "Daar")}
    assert pages == {"Over de": 1, "en de reders": 2, "[1]": 1, "Daar": 2}


def test_stretches_of_pages_cover_the_text_without_a_gap(tmp_path: Path) -> None:
    source = text_of(tmp_path, [[*BODY_1, *NOTE], BODY_1, [], BODY_1])
    bounds = [0, *(page.span.end for page in source.pages)]
    assert [page.span.start for page in source.pages] == bounds[:-1]
    assert bounds[-1] == len(source.text)
    assert [page.number for page in source.pages] == [1, 2, 4]


def test_bytes_and_hash_are_kept(tmp_path: Path) -> None:
    source = text_of(tmp_path, [BODY_1])
    assert (source.media_type, len(source.sha256), source.content[:5]) == ("application/pdf", 64, b"%PDF-")


def test_a_sentence_over_the_foot_of_a_column_is_whole(tmp_path: Path) -> None:
    left = lines(
        LEFT,
        300,
        "Over de veren heb ik uw Kamer",
        "dit voorjaar geschreven. De eerste",
        "uitkomsten daarvan worden aan",
    )
    right = lines(320, 700, "uw Kamer gezonden zodra zij er", "zijn. Dat is naar verwachting in mei.")
    assert paragraphs(text_of(tmp_path, [[*left, *right]])) == [
        "Over de veren heb ik uw Kamer dit voorjaar geschreven. De eerste uitkomsten daarvan worden aan uw Kamer "
        "gezonden zodra zij er zijn. Dat is naar verwachting in mei."
    ]


def test_words_spread_over_a_narrow_column_are_one_line(tmp_path: Path) -> None:
    spread = [Text(x, 488, word) for x, word in ((LEFT, "over"), (124.8, "de"), (162, "waterwegen"))]
    page = [
        *lines(LEFT, 500, "De ministeriële regeling die gaat"),
        *spread,
        *lines(LEFT, 476, "treedt in mei in werking, met"),
        *lines(LEFT, 464, "alle regels die ermee te maken"),
    ]
    (paragraph,) = paragraphs(text_of(tmp_path, [page]))
    assert "die gaat over de waterwegen treedt in mei" in paragraph


def test_a_note_as_large_as_the_body_is_set_apart_too(tmp_path: Path) -> None:
    mark = [Text(LEFT, 99, "1", 6, rise=3), Text(LEFT + 6, 99, "Brief over de veren, die al eerder aan uw")]
    page = [
        *lines(LEFT, 160, "De gesprekken met de reders zijn nu afgerond, en er is", "een plan gemaakt dat de"),
        *mark,
    ]
    page += lines(LEFT, 87, "Kamer is gezonden.")
    (text, note, *_) = paragraphs(text_of(tmp_path, [page, lines(LEFT, 700, "komende jaren wordt uitgevoerd.")]))
    assert text.endswith("een plan gemaakt dat de komende jaren wordt uitgevoerd.")
    assert note == "[1] Brief over de veren, die al eerder aan uw Kamer is gezonden."


def test_a_dash_that_closes_an_aside_is_no_bullet(tmp_path: Path) -> None:
    page = lines(
        LEFT,
        500,
        "De schipper kan zich – zo leert de ervaring van de afgelopen jaren in het noorden",
        "- hierdoor meer richten op het varen.",
    )
    assert len(paragraphs(text_of(tmp_path, [page]))) == 1


def test_letters_that_nobody_sees_are_not_read(tmp_path: Path) -> None:
    assert text_of(tmp_path, [[Text(LEFT, 600, "e", size=1.5), *BODY_1]]).text.startswith("Over de veer")
