"""The report over a store that read real files: who may answer for a promise, and what a person said of an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tracker import delivery, pipeline
from tracker.config import Config
from tracker.knowledge import Knowledge
from tracker.reports.promises import Place
from tracker.reports.views import Changes, ReportView
from tracker.store import Store

AS_OF = date(2024, 12, 1)
LNV = "Landbouw, Natuur en Voedselkwaliteit"
LVVN = "Landbouw, Visserij, Voedselzekerheid en Natuur"
PROMISE = "Ik zal de Kamer voor 1 juli 2023 informeren over de voortgang van het weidevogelprogramma."
ANSWER = "Met deze brief doe ik mijn toezegging gestand om de Kamer te informeren over het weidevogelprogramma."
SURE = ANSWER.replace("toezegging", "toezegging uit de brief van 1 februari 2023")


@pytest.fixture
def clock() -> list[datetime]:
    return [datetime(2024, 10, 1, 9, tzinfo=UTC)]


@pytest.fixture
def store(clock: list[datetime]) -> Iterator[Store]:
    with Store.open("sqlite://", now=lambda: clock[0]) as opened:
        yield opened


@pytest.fixture
def letter(store: Store, knowledge: Knowledge, tmp_path: Path) -> Callable[[str, str, str], None]:
    def read(day: str, ministry: str, said: str) -> None:
        path = tmp_path / f"{day}.txt"
        path.write_text(
            f"Weidevogels\n\nBRIEF VAN DE MINISTER VAN {ministry.upper()}\n\n"
            f"Aan de Voorzitter van de Tweede Kamer der Staten-Generaal\n\nDen Haag, {day}\n\n{said}\n",
            encoding="utf-8",
        )
        pipeline.ingest(store, [path], knowledge)

    return read


def report(store: Store, folder: Path) -> ReportView:
    now = datetime(2024, 12, 1, 9, tzinfo=UTC)
    return delivery.page_view(store, Config(), day=AS_OF, now=now, folder=folder, language="nl")


def places(view: ReportView) -> list[Place]:
    return [place for place in Place for _ in view.all_of(place)]


@pytest.mark.parametrize(
    ("ministry", "expected"),
    [
        pytest.param(LNV, Place.SIGN, id="the same"),
        pytest.param(LVVN, Place.SIGN, id="the one that took over"),
        pytest.param("Defensie", Place.PAST, id="another"),
    ],
)
def test_the_ministry_that_took_over_may_answer(store, letter, tmp_path, ministry, expected):
    letter("1 februari 2023", LNV, PROMISE)
    letter("1 september 2024", ministry, ANSWER)
    assert places(report(store, tmp_path)) == [expected]


def test_what_a_person_declined_is_no_sign_any_more_until_that_is_taken_back(store, letter, tmp_path):
    letter("1 februari 2023", LNV, PROMISE)
    letter("1 september 2024", LNV, SURE)
    (proposed,) = store.desk.waiting(as_of=AS_OF)
    assert places(report(store, tmp_path)) == [Place.FULFILLED]
    event = store.desk.reject(proposed.id)
    assert places(report(store, tmp_path)) == [Place.PAST]
    store.undo(event.id)
    assert places(report(store, tmp_path)) == [Place.FULFILLED]


def test_a_report_compares_with_what_people_had_said_by_the_last_one(store, letter, clock):
    from tracker.reports import views

    letter("1 februari 2023", LNV, PROMISE)
    letter("1 september 2024", LNV, SURE)
    (proposed,) = store.desk.waiting(as_of=AS_OF)
    clock[0] = datetime(2024, 11, 28, 9, tzinfo=UTC)
    store.desk.reject(proposed.id)

    def changes(last: datetime) -> Changes:
        settings = {"due_soon_days": 30, "grace_days": 7, "heirs": {}}
        view = views.from_store(store, as_of=AS_OF, made_at=clock[0], since=(last.date(), last), **settings)
        assert view.changes is not None
        return view.changes

    assert len(changes(datetime(2024, 11, 25, 9, tzinfo=UTC)).past) == 1  # before: fulfilled, as was claimed
    assert changes(datetime(2024, 11, 29, 9, tzinfo=UTC)).none


def test_a_sentence_that_a_person_turned_down_for_one_promise_may_still_be_about_another(store, letter, tmp_path):
    letter("1 februari 2023", LNV, PROMISE)
    letter("1 maart 2023", LNV, PROMISE)
    letter("1 september 2024", LNV, SURE)
    before = places(report(store, tmp_path))
    (proposed,) = [p for p in store.desk.waiting(as_of=AS_OF) if p.id.startswith("L")]
    store.desk.reject(proposed.id)
    assert (before, places(report(store, tmp_path))) == (
        [Place.SIGN, Place.FULFILLED],
        [Place.PAST, Place.SIGN],
    )
