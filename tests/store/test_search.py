"""Finding commitments: one suite for every way in which a database can look words up; lists beside the filter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select as select_rows
from sqlalchemy import text
from sqlalchemy.orm import Session

from tracker.commitments.filters import Filter, Sort, search_words, select, tokens
from tracker.commitments.state import Review, Status
from tracker.domain import Kind
from tracker.store import Store
from tracker.store import search as searching
from tracker.store.search import Fts5, Like, Search
from tracker.store.tables import CommitmentRow, IndexRow

from .builders import FIRST, LETTER, SECOND, THIRD, Clock, document, mention, save, three
from .databases import SERVER

LATE = date(2025, 1, 1)
OTHER = LETTER.replace("sluizen", "noodopvang van één gezin").replace("dijken", "verkeersveiligheid")


@pytest.fixture
def two(store: Store, clock: Clock) -> Store:
    """Two letters: TT-2024-0001 to 0003 about locks and dykes, 0004 about shelter."""
    save(store)
    clock.forward()
    sentence = FIRST.replace("sluizen", "noodopvang van één gezin")
    save(store, document(OTHER, name="opvang.txt", title="Café en crèche"), [mention(OTHER, sentence, topic="Opvang")])
    return store


@pytest.fixture(params=["full text", "like"])
def lookup(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way of searching: whatever a database has, the same is found."""
    if request.param == "like":
        monkeypatch.setattr(searching, "_has_full_text", lambda session: False)
    return str(request.param)


def found(store: Store, words: str) -> list[str]:
    return [c.number.removeprefix("TT-2024-") for c in store.listing(Filter(search=words), as_of=LATE).commitments]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        pytest.param("sluizen", ["0001", "0002", "0003"], id="in the title too"),
        pytest.param("SLUIZEN stand", ["0001"], id="all words, whatever their case"),
        pytest.param("een gezin", ["0004"], id="without accents"),
        pytest.param("één", ["0004"], id="with accents"),
        pytest.param("opvang", ["0004"], id="a part of a compound"),
        pytest.param("cafe creche", ["0004"], id="the title without accents"),
        pytest.param("TT-2024-0002", ["0002"], id="a number"),
        pytest.param("onderzoek opvang", [], id="of two promises"),
        pytest.param("brochure AND herzien", [], id="no language of its own"),
        pytest.param('"brochure" (herzien)*', ["0003"], id="signs mean nothing"),
        pytest.param("%", [], id="only signs"),
        pytest.param("_", [], id="the sign of LIKE"),
        pytest.param(" ", ["0001", "0002", "0003", "0004"], id="no words"),
        pytest.param("xyzzy", [], id="not there"),
        pytest.param("'; DROP TABLE work; --", [], id="not SQL"),
    ],
)
def test_a_search_finds(two: Store, lookup: str, words: str, numbers: list[str]) -> None:
    assert found(two, words) == numbers


def test_a_frequent_part_of_words_is_found_without_the_full_text_index(
    two: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_WORDS", 1)
    assert found(two, "e") == found(two, " ")


def test_what_is_read_anew_is_found_anew(two: Store, lookup: str, clock: Clock) -> None:
    clock.forward()
    save(two, mentions=[replace(m, topic="baggeren") for m in three()], rulebook="2")
    assert found(two, "baggeren") == ["0001", "0002", "0003"]


def test_a_title_that_a_user_gives_is_found(two: Store, lookup: str) -> None:
    two.set_document(2, title="Ruimte voor de rivier", dossiers=("36 000",))
    assert found(two, "ruimte rivier") == ["0004"]
    assert found(two, "creche") == []
    assert two.listing(Filter(dossier="36000"), as_of=LATE).total == 1


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE commitment_index SET words = 'iets anders' WHERE commitment_id = 1",
        "UPDATE commitment_index SET tags = '\nx\n' WHERE commitment_id = 1",
        "DELETE FROM commitment_index WHERE commitment_id = 1",
        "INSERT INTO commitment_words (commitment_words) VALUES ('delete-all')",
    ],
)
def test_verify_sees_an_index_that_is_not_in_step_and_rebuild_mends_it(two: Store, damage: str) -> None:
    if SERVER is not None and "commitment_words" in damage:
        pytest.skip("the full-text index is SQLite's")
    with two._writing() as (session, _):
        session.execute(text(damage))
    assert "TT-2024-0001: what a search finds it by is not what it says" in two.verify()
    two.rebuild()
    assert two.verify() == []
    assert found(two, "stand sluizen") == ["0001"]


# ── The list is what the filter says ─────────────────────────────────────────────────────────────────────────────

WORDS = st.sampled_from(["", "sluizen", "en", "TT", "brochure stand", "é", "dijk", "%", "24", "onderzoek naar"])
some = st.frozensets
FILTERS = st.builds(
    Filter,
    overdue=st.booleans(),
    open=st.booleans(),
    due_within=st.none() | st.integers(0, 400),
    status=some(st.sampled_from(Status), max_size=3),
    kind=some(st.sampled_from(Kind), max_size=2),
    ministry=some(st.sampled_from(["ienw", "VWS", "", "_"]), max_size=2),
    actor=st.none() | st.sampled_from(["vries", "MINISTER", "%", ""]),
    dossier=st.none() | st.sampled_from(["12345", "12 345", "1234", "_2345"]),
    document=st.none() | st.sampled_from(["1", "02", "9", "sluizen", "CAFE", "_", "²", "9" * 20]),
    tag=some(st.sampled_from(["Volgen", "volgen", "wonen", "%"]), max_size=2),
    search=st.none() | WORDS,
    review=some(st.sampled_from(Review), min_size=1),
    grace=st.integers(0, 60),
    sort=st.sampled_from(Sort),
    limit=st.none() | st.integers(1, 5),
)


@pytest.fixture(scope="module")
def lived() -> Store:
    """A store in which things happened, over some months."""
    clock = Clock()
    store = Store.open("sqlite://", now=clock)
    save(store)
    save(store, document(OTHER, day=date(2024, 6, 1), name="opvang.txt", title="Café"), [mention(OTHER, THIRD)])
    save(store, document(OTHER + "PS", day=None, name="later.txt"), [mention(OTHER, THIRD, term=None)])
    clock.forward(200)
    store.set_status(["TT-2024-0001"], Status.FULFILLED, occurred_on=date(2024, 7, 9))
    store.set_due(["TT-2024-0002"], date(2025, 2, 1))
    store.set_review(["TT-2024-0003"], Review.REJECTED)
    store.tag(["TT-2024-0002", "TT-2024-0004"], add=["Volgen"])
    store.add("We komen met een plan.", made=date(2024, 8, 1))
    return store


@settings(max_examples=150, deadline=None)
@given(wanted=FILTERS, day=st.integers(-30, 500), known=st.none() | st.integers(-1, 300))
def test_a_listing_is_what_the_filter_says(lived: Store, wanted: Filter, day: int, known: int | None) -> None:
    as_of = date.fromordinal(date(2024, 3, 4).toordinal() + day)
    known_on = None if known is None else date.fromordinal(date(2024, 3, 4).toordinal() + known)
    every = lived.commitments(as_of=as_of, known_on=known_on)
    page = lived.listing(wanted, as_of=as_of, known_on=known_on)
    assert list(page.commitments) == select(every, wanted)
    assert page.total == len(select(every, replace(wanted, limit=None)))


@settings(max_examples=100, deadline=None)
@given(words=st.text(st.characters(codec="latin-1"), max_size=12))
def test_every_way_of_searching_finds_the_same(lived: Store, words: str) -> None:
    with lived._reading() as session:
        ways: list[Search] = [Fts5(session), Like()]
        assert len({tuple(_numbers(session, way, words)) for way in ways}) == 1


def _numbers(session: Session, way: Search, words: str) -> list[str]:
    query = select_rows(CommitmentRow.number).join(IndexRow, IndexRow.commitment_id == CommitmentRow.id)
    return sorted(session.scalars(query.where(*way.matching(words))))


def test_words_are_stretches_of_letters_and_digits() -> None:
    assert tokens("Vóór 1 juli: de 31 015-XVI (café's)!") == [
        "voor",
        "1",
        "juli",
        "de",
        "31",
        "015",
        "xvi",
        "cafe",
        "s",
    ]


def test_sentences_are_used(lived: Store) -> None:
    """What these tests look for stands in the letters."""
    said = " ".join(search_words(c) for c in lived.commitments(as_of=LATE))
    assert all(" ".join(tokens(sentence)) in said for sentence in (FIRST, SECOND, THIRD))
