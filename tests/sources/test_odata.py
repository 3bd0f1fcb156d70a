"""The Tweede Kamer's OData. [l.11] is the line, in the list of facts about sources, that a test stands on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.documents.sources.http import Client
from tracker.documents.sources.odata import day, instant, literal, moment, question
from tracker.domain import DocumentKind
from tracker.errors import SourceChanged
from tracker.store import Store

from .conftest import Reader
from .server import NO_DATE, Fault, Service, _one_holds, document, letter

# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_read_to_its_end_over_pages_of_250(reader: Reader) -> None:
    """[l.11]"""
    reader.service.register = [_light(number) for number in range(601)]
    assert reader.sync("register").inserted == 601
    links = [path for path in reader.service.paths() if "$skiptoken" in path]
    assert len(reader.service.asked) == 3
    assert len(links) == 2


def test_top_would_take_away_the_next_link_so_it_is_never_sent(reader: Reader, client: Client) -> None:
    """[l.12] The service does so, and we do not ask for it."""
    reader.service.register = [_light(number) for number in range(300)]
    capped = client.get(f"{reader.service.odata}/Toezegging?$top=300").content
    assert b"nextLink" not in capped
    assert reader.sync("register").inserted == 300
    assert not any("$top" in path for path in reader.service.paths()[1:])


def test_a_full_page_without_a_link_is_followed_by_skip(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """[l.11]"""
    reader.service.register = [_light(number) for number in range(510)]
    whole = reader.service.entities

    def without_links(*arguments: object) -> tuple[int, dict[str, object]]:
        status, answer = whole(*arguments)  # type: ignore[arg-type]
        answer.pop("@odata.nextLink", None)
        return status, answer

    monkeypatch.setattr(reader.service, "entities", without_links)
    assert reader.sync("register").inserted == 510


def test_pages_that_go_round_in_a_circle_are_an_alarm(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.service.register = [_light(1)]
    whole = reader.service.entities

    def circle(*arguments: object) -> tuple[int, dict[str, object]]:
        status, answer = whole(*arguments)  # type: ignore[arg-type]
        return status, {**answer, "@odata.nextLink": f"{reader.service.url}{arguments[2]}"}

    monkeypatch.setattr(reader.service, "entities", circle)
    assert "circle" in (reader.sync("register").problem or "")
    assert reader.alarms() == ["schema"]


def _light(number: int) -> dict[str, object]:
    from .server import toezegging

    return toezegging(number)


# ── What the publisher takes back ────────────────────────────────────────────────────────────────────────────────


def withdrawals(reader: Reader) -> list[date | None]:
    return [row.metadata.withdrawn for row in reader.store.documents()]


def test_a_document_that_is_withdrawn_stays_and_says_so(reader: Reader) -> None:
    """[l.13] A deleted row stays in; that its moment of change is the one of the deletion, is assumed."""
    reader.service.documents = [document(1), document(2)]
    reader.sync()
    before = reader.store.commitments(as_of=date(2030, 1, 1))
    gone = document(2, Verwijderd=True, GewijzigdOp="2024-05-03T00:30:00+02:00", Onderwerp=None, Zaak=[])
    reader.service.documents[1] = gone
    counts = reader.sync()
    assert (counts.withdrawn, counts.failed, counts.problem) == (1, 0, None)
    assert withdrawals(reader) == [None, date(2024, 5, 3)], "by the day in Amsterdam"
    after = reader.store.commitments(as_of=date(2030, 1, 1))
    assert [one.number for one in after] == [one.number for one in before], "nothing is deleted here"
    assert [one.document.withdrawn for one in after] == [None, date(2024, 5, 3)]
    assert (reader.sync().withdrawn, reader.store.verify()) == (0, []), "it is told once"


def test_a_withdrawn_document_that_comes_back_is_no_longer_withdrawn(reader: Reader) -> None:
    reader.service.documents = [document(1)]
    reader.sync()
    for minute, deleted in ((10, True), (20, False)):
        reader.service.documents = [document(1, Verwijderd=deleted, GewijzigdOp=f"2024-05-03T10:{minute}:00Z")]
        reader.sync()
        assert withdrawals(reader) == [date(2024, 5, 3) if deleted else None]
    assert reader.store.verify() == []


def test_a_document_that_was_never_read_is_not_missed(reader: Reader) -> None:
    reader.service.documents = [document(1), document(2, Soort="Motie")]
    reader.sync()
    reader.service.documents.append(document(3, Verwijderd=True))
    counts = reader.sync()
    assert (counts.withdrawn, counts.not_wanted, len(reader.store.documents())) == (0, 1, 1)


def test_a_document_that_is_still_offered_elsewhere_is_not_withdrawn(reader: Reader) -> None:
    """The same letter under two keys."""
    both = [document(1), document(2, content=letter(1).encode())]
    reader.service.documents = both
    reader.sync()
    assert withdrawals(reader) == [None]
    for number, expected in ((0, None), (1, date(2024, 5, 3))):
        both[number] |= {"Verwijderd": True, "GewijzigdOp": f"2024-05-03T1{number}:00:00Z"}
        assert reader.sync().withdrawn == 1
        assert withdrawals(reader) == [expected]


def test_a_letter_in_whose_place_one_of_another_day_is_put_is_withdrawn(reader: Reader) -> None:
    reader.service.documents = [document(1)]
    reader.sync()
    reader.service.documents = [document(1, content=letter(2).encode(), GewijzigdOp="2024-05-03T10:00:00Z")]
    assert reader.sync().inserted == 1
    assert [day is None for day in withdrawals(reader)] == [False, True]


def test_a_store_that_was_lost_knows_again_what_was_withdrawn(reader: Reader, tmp_path: Path) -> None:
    reader.service.documents = [document(1), document(2)]
    reader.sync()
    reader.service.documents[0] = document(1, Verwijderd=True, GewijzigdOp="2024-05-03T10:00:00Z")
    reader.sync()
    with Store.open(f"sqlite:///{tmp_path / 'again.sqlite3'}") as empty:
        assert reader.into(empty).sync(offline=True).problem is None
        assert withdrawals(reader.into(empty)) == withdrawals(reader)


# ── What is asked ────────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_deleted_before_the_first_walk_are_left_where_they_are(reader: Reader) -> None:
    """[l.13]"""
    reader.service.documents = [document(1), document(2, Verwijderd=True), document(3)]
    assert reader.sync().inserted == 2
    assert "Verwijderd eq false" in reader.service.paths()[0]


def test_small_answers_are_asked_for(reader: Reader) -> None:
    """[l.14]"""
    reader.service.documents = [document(1)]
    reader.sync()
    assert "odata.metadata=none" in reader.service.asked[0].headers["Accept"]


def test_later_walks_ask_for_what_changed_since(reader: Reader) -> None:
    """[l.13]"""
    reader.service.documents = [document(number) for number in range(20)]
    reader.sync()
    reader.service.asked.clear()
    reader.service.documents.append(document(200))
    counts = reader.sync()
    assert "GewijzigdOp ge 2024-02-29T23:09:00.123000Z" in reader.service.paths()[0], "ten minutes before the last one"
    assert (counts.inserted, counts.unchanged) == (1, 11)
    assert len(reader.service.asked) == 2, "one list, one file: what is known is not fetched again"


def test_rows_changed_in_one_moment_are_all_read(reader: Reader) -> None:
    """Why "ge" and not "gt": a page may end between rows of one moment, and the walk with it."""
    reader.service.page_size = 3
    same = "2024-03-01T10:00:00.5+01:00"
    reader.service.documents = [document(number, GewijzigdOp=same) for number in range(8)]
    reader.service.fail(None, *[None] * 3, *[Fault(503)] * 3)  # the first page and its files, then an outage
    assert reader.sync().problem
    assert reader.sync().problem is None
    assert len(reader.store.documents()) == 8


def test_a_changed_row_is_read_again(reader: Reader) -> None:
    reader.service.documents = [document(1)]
    reader.sync()
    changed = document(1, content=b"Datum 2 maart 2024\n\nUiterlijk 1 juni 2025 stuur ik uw Kamer een ander plan.\n")
    reader.service.documents = [{**changed, "GewijzigdOp": "2024-05-01T10:00:00+02:00"}]
    counts = reader.sync()
    assert (counts.inserted, counts.updated) == (0, 1)
    assert [row.versions for row in reader.store.documents()] == [2]


def test_a_row_that_changed_only_at_the_publisher_costs_one_question(reader: Reader) -> None:
    reader.service.documents = [document(1)]
    reader.sync()
    reader.service.asked.clear()
    reader.service.documents = [{**reader.service.documents[0], "GewijzigdOp": "2024-05-01T10:00:00+02:00"}]
    counts = reader.sync()
    assert (counts.updated, counts.unchanged) == (0, 1)
    assert "If-None-Match" in reader.service.asked[-1].headers


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20))
def test_strings_come_through_with_their_quotes(text: str) -> None:
    """[l.14]"""
    assert literal("O'Reilly") == "'O''Reilly'"
    assert _one_holds(f"Naam eq {literal(text)}", {"Naam": text})


def test_a_question_is_an_address_with_everything_marked() -> None:
    asked = question("http://x/2.0/", "Document", where=["Soort eq 'A & B+C'", "Id eq 1"], order="Id", expand=["Zaak"])
    assert (
        asked
        == "http://x/2.0/Document?$filter=Soort%20eq%20%27A%20%26%20B%2BC%27%20and%20Id%20eq%201&$orderby=Id&$expand=Zaak"
    )


# ── What comes back ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_year_1_is_no_date() -> None:
    """[l.17]"""
    assert moment(NO_DATE) is None
    assert day("0001-01-01T00:00:00+00:20") is None
    assert day(None) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-12-16T15:01:11.847+01:00", date(2024, 12, 16)),
        ("2024-12-16T15:01:11.8471234+01:00", date(2024, 12, 16)),
        ("2024-12-16T00:00:00+01:00", date(2024, 12, 16)),
        ("2024-12-16T00:00:00Z", date(2024, 12, 16)),
        ("2024-12-16T00:00:00", date(2024, 12, 16)),
        ("2024-12-15T23:00:00Z", date(2024, 12, 16)),
    ],
)
def test_days_are_those_of_amsterdam(written: str, expected: date) -> None:
    assert day(written) == expected


def test_moments_are_asked_in_utc() -> None:
    found = moment("2024-12-16T15:01:11.847+01:00")
    assert found is not None
    assert instant(found) == "2024-12-16T14:01:11.847000Z"


def test_what_the_source_says_of_a_document_is_stored_with_it(reader: Reader) -> None:
    """[l.16, l.32, l.34]"""
    reader.service.documents = [document(7)]
    reader.sync()
    about = reader.store.documents()[0].metadata
    assert (about.title, about.kind, about.date) == ("De Zumdradradrasluis 7", DocumentKind.LETTER, date(2024, 3, 8))
    assert (about.identifier, about.number, about.dossiers) == ("2024D00007", None, ("36 410 XII",))
    assert (about.signatory.person, about.signatory.ministry) == ("A. de Sluiswachter", "IenW")
    assert about.url == "https://www.tweedekamer.nl/kamerstukken/detail?id=2024Z00007&did=2024D00007"


def test_the_identifier_of_the_publication_is_preferred(reader: Reader) -> None:
    """[l.35]"""
    reader.service.documents = [
        document(7, HuidigeDocumentVersie={"ExterneIdentifier": "kst-36410-XII-7"}, Volgnummer=7)
    ]
    reader.sync()
    about = reader.store.documents()[0].metadata
    assert (about.identifier, about.number) == ("kst-36410-XII-7", "7")


def test_a_document_from_both_publishers_is_one(reader: Reader) -> None:
    from .server import publication

    reader.service.documents = [document(7, HuidigeDocumentVersie={"ExterneIdentifier": "kst-36410-XII-7"})]
    reader.service.publications = [publication(reader.service, 7)]
    reader.service.files = {path: content + b"\n" for path, content in reader.service.files.items()}
    reader.sync()
    assert reader.sync("officielebekendmakingen").updated == 1
    assert [row.versions for row in reader.store.documents()] == [2]


@pytest.mark.parametrize("gone", ["Onderwerp", "GewijzigdOp", "DocumentNummer"])
def test_a_record_without_a_field_it_must_have_is_an_alarm(reader: Reader, gone: str) -> None:
    reader.service.documents = [document(1), {k: v for k, v in document(2).items() if k != gone}]
    reader.service.entities = _as_it_lies(reader.service)  # type: ignore[method-assign]
    counts = reader.sync()
    assert gone in (counts.problem or "")
    assert (reader.alarms(), reader.store.documents()) == (["schema"], [])


def test_a_list_out_of_order_is_an_alarm(reader: Reader) -> None:
    """Without the order nobody could tell where to go on."""
    reader.service.documents = [document(2), document(1)]
    reader.service.entities = _as_it_lies(reader.service)  # type: ignore[method-assign]
    assert "order of GewijzigdOp" in (reader.sync().problem or "")
    assert reader.alarms() == ["schema"]


@pytest.mark.parametrize("answer", [{}, {"value": {}}, {"error": "x"}, []])
def test_another_shape_of_answer_is_an_alarm(reader: Reader, answer: object) -> None:
    reader.service.entities = lambda *_: (200, answer)  # type: ignore[method-assign, assignment, return-value]
    assert reader.sync().problem
    assert reader.alarms() == ["schema"]


def test_a_date_of_another_form_is_an_alarm(reader: Reader) -> None:
    reader.service.documents = [document(1, Datum="1 maart 2024")]
    assert "not a date" in (reader.sync().problem or "")
    assert reader.alarms() == ["schema"]


def test_a_field_that_the_service_does_not_know_is_an_alarm(reader: Reader) -> None:
    """[l.23] Others got an empty list from such an error; here it is told."""
    from tracker.documents.sources.odata import walk

    url = question(reader.service.odata, "Toezegging", where=[], order="DatumToezegging")
    with pytest.raises(SourceChanged, match="Could not find a property named 'DatumToezegging'"):
        list(walk(reader.fetcher, url, {"accept": "application/json", "page_size": 250}, ()))


def _as_it_lies(service: Service) -> object:
    return lambda *_: (200, {"value": [{k: v for k, v in row.items() if k[0] != "_"} for row in service.documents]})


# ── Subscriptions ────────────────────────────────────────────────────────────────────────────────────────────────

MINISTER = {"ActorNaam": "B. Boer", "Functie": "minister van Defensie", "Relatie": "Eerste ondertekenaar"}


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({}, {1, 2, 3, 4}),
        ({"dossiers": ("36 410 XII",)}, {1, 2, 4}),
        ({"dossiers": ("29 385", "36 410 XII")}, {1, 2, 3, 4}),
        ({"ministries": ("Def",)}, {2}),
        ({"ministries": ("Def", "IenW"), "words": ("SLUIS 1",)}, {1}),
        ({"committees": ("waterstaat",)}, {4}),
        ({"kinds": (DocumentKind.ANSWER,)}, {3}),
        ({"kinds": (DocumentKind.ANSWER, DocumentKind.LETTER)}, {1, 2, 3, 4}),
        ({"since": date(2024, 3, 4)}, {3, 4}),
        ({"words": ("o'neill",)}, {4}),
    ],
    ids=str,
)
def test_a_subscription_takes_what_meets_all_its_criteria(
    reader: Reader, criteria: dict[str, object], expected: set[int]
) -> None:
    reader.service.documents = [
        document(1),
        document(2, DocumentActor=[MINISTER]),
        document(3, Soort="Antwoord schriftelijke vragen", Kamerstukdossier=[{"Nummer": 29385, "Toevoeging": None}]),
        document(
            4,
            Onderwerp="De sluis van O'Neill",
            Activiteit=[{"Voortouwnaam": "vaste commissie voor Infrastructuur en Waterstaat"}],
        ),
    ]
    counts = reader.sync(may_be_empty=True, **criteria)
    taken = {int((row.metadata.identifier or "")[5:]) for row in reader.store.documents()}
    assert (counts.problem, taken) == (None, expected)
