"""officielebekendmakingen.nl by SRU. [l.47] is the line, in the list of facts about sources, that a test stands on."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.documents.sources.http import Client
from tracker.errors import SourceChanged

from .conftest import Reader
from .server import Fault, Service, publication

SOURCE = "officielebekendmakingen"


def fill(service: Service, count: int) -> None:
    service.publications = [publication(service, number) for number in range(1, count + 1)]


@pytest.mark.parametrize("prefix", ["ow", "overheidwetgeving", "x"])
def test_elements_are_known_by_their_local_names(reader: Reader, prefix: str) -> None:
    """[l.49]"""
    reader.service.sru_prefix = prefix
    fill(reader.service, 1)
    assert reader.sync(SOURCE).inserted == 1
    about = reader.store.documents()[0].metadata
    assert (about.identifier, about.dossiers, about.number) == ("kst-36410-XII-1", ("36 410 XII",), "1")
    assert about.url == "https://zoek.officielebekendmakingen.nl/kst-36410-XII-1.html"


def test_a_list_is_read_to_its_end(reader: Reader) -> None:
    """[l.47]"""
    reader.service.publications = [{**publication(reader.service, 1), "identifier": f"kst-1-{n}"} for n in range(205)]
    counts = reader.sync(SOURCE)
    assert (counts.inserted, counts.unchanged) == (1, 204), "the same file under 205 names"
    starts = [path.partition("startRecord=")[2].partition("&")[0] for path in reader.service.paths() if "/sru" in path]
    assert starts == ["1", "101", "201"]


def test_sort_keys_are_an_error_so_we_sort_ourselves(reader: Reader, client: Client) -> None:
    """[l.48]"""
    from tracker.documents.sources.sru import _answer

    refused = client.get(f"{reader.service.sru}?query=x&sortKeys=dt.date").content
    with pytest.raises(SourceChanged, match="Unsupported parameter: sortKeys"):
        _answer(refused, "sru")
    reader.service.publications = [publication(reader.service, number) for number in (9, 3, 6)]
    reader.sync(SOURCE)
    assert "sortKeys" not in "".join(reader.service.paths()[1:])
    assert [row.date for row in reader.store.documents()] == [date(2024, 3, 4), date(2024, 3, 7), date(2024, 3, 10)]


def test_a_diagnostic_is_an_alarm(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    from .server import _diagnostic

    monkeypatch.setattr(reader.service, "search", lambda query: _diagnostic("Unknown index: w.publicatienaam"))
    assert "Unknown index" in (reader.sync(SOURCE).problem or "")
    assert reader.alarms() == ["schema"]


def test_the_file_is_that_of_the_manifestation(reader: Reader) -> None:
    """[l.49]"""
    fill(reader.service, 1)
    reader.sync(SOURCE)
    assert [path for path in reader.service.paths() if path.endswith(".pdf")] == [
        reader.service.publications[0]["items"]["pdf"]
    ]


def test_the_markup_is_preferred_for_its_speakers_and_structure(reader: Reader) -> None:
    """[l.50]"""
    row = publication(reader.service, 1)
    reader.service.files["/1.xml"] = (
        b'<?xml version="1.0" encoding="utf-8"?><officiele-publicatie><kamerstuk><kamerstukkop><tekstregel>36 410 XII'
        b"</tekstregel></kamerstukkop><stuk><stuknr><ondernummer>1</ondernummer></stuknr><titel>Brief van de minister "
        b"van Infrastructuur en Waterstaat</titel><algemeen><vrije-tekst><tekst><al>Aan de Voorzitter van de Tweede "
        b"Kamer der Staten-Generaal</al><al>Den Haag, 2 maart 2024</al><al>Uiterlijk 1 november 2024 stuur ik uw Kamer "
        b"het onderhoudsplan.</al></tekst></vrije-tekst></algemeen></stuk></kamerstuk></officiele-publicatie>"
    )
    row["items"]["xml"] = "/1.xml"
    reader.service.publications = [row]
    assert reader.sync(SOURCE).inserted == 1
    (stored,) = reader.store.documents()
    assert "<al>" not in reader.store.document_text(stored.id).text
    (found,) = reader.store.commitments(as_of=date(2024, 12, 1))
    assert found.due is not None
    assert (found.due.last, found.made) == (date(2024, 11, 1), date(2024, 3, 2))


def test_a_document_without_a_file_is_noted_and_stops_nothing(reader: Reader) -> None:
    fill(reader.service, 2)
    reader.service.publications[0]["items"] = {"metadata": "/metadata.xml"}
    counts = reader.sync(SOURCE)
    assert (counts.inserted, counts.failed, reader.alarms()) == (1, 1, ["documents"])


def test_later_walks_ask_from_some_weeks_before_the_newest(reader: Reader) -> None:
    """There is no date of change, and documents are dated before they are published."""
    fill(reader.service, 20)
    reader.sync(SOURCE)
    reader.service.asked.clear()
    late = publication(reader.service, 30, date="2024-03-02")
    reader.service.publications.append(late)
    counts = reader.sync(SOURCE)
    assert 'dt.date >= "2024-02-20"' in reader.service.paths()[0].replace("+", " ")
    assert (counts.inserted, counts.unchanged) == (1, 20)
    assert len(reader.service.asked) == 2, "one list, one file"


def test_an_answer_that_announces_more_than_it_gives_is_an_alarm(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(reader.service, 3)
    whole = reader.service.search
    monkeypatch.setattr(reader.service, "search", lambda query: whole(query).replace(">3<", ">5<"))
    assert "5 documents are announced" in (reader.sync(SOURCE).problem or "")
    assert reader.alarms() == ["truncated"]


@pytest.mark.parametrize(("kind", "alarm"), [("unframed", "truncated"), ("html", "schema"), ("truncated", "truncated")])
def test_half_an_answer_or_another_one_is_an_alarm(reader: Reader, kind: str, alarm: str) -> None:
    fill(reader.service, 3)
    reader.service.fail(*[Fault(kind)] * 9)
    assert reader.sync(SOURCE).problem
    assert (reader.alarms(), reader.store.documents()) == ([alarm], [])


def test_entities_are_not_followed(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "aaaaaaaaaa"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">'
        f'<!ENTITY e SYSTEM "{reader.service.url}/geheim">]>'
        "<searchRetrieveResponse><numberOfRecords>1</numberOfRecords><gzd><identifier>k&y;&e;</identifier>"
        "<title>t</title><itemUrl manifestation='pdf'>x</itemUrl></gzd></searchRetrieveResponse>"
    )
    monkeypatch.setattr(reader.service, "search", lambda query: bomb)
    reader.sync(SOURCE)
    assert not any("geheim" in path for path in reader.service.paths())


def test_words_are_asked_for_with_their_quotes_marked(reader: Reader) -> None:
    """[l.48]"""
    reader.sync(SOURCE, words=('de "sluis"',), may_be_empty=True)
    assert 'cql.textAndIndexes any "de \\"sluis\\""' in reader.service.paths()[0].replace("+", " ")
