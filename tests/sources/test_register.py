"""The register of oral commitments: snapshots, what changed between them, and due dates it does not have itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tracker.documents.sources.register import RegisterCommitment, commitment, digest_of
from tracker.domain import Precision
from tracker.knowledge import Knowledge, load_sources

from .conftest import Reader
from .server import NO_DATE, Fault, document, toezegging

FACTS = load_sources()


def read(record: dict[str, Any], knowledge: Knowledge) -> RegisterCommitment:
    return commitment(record, FACTS, knowledge.registry, knowledge.grammar, knowledge.calendar)


# ── Snapshots ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_record_is_kept_as_it_came(reader: Reader) -> None:
    reader.service.register = [toezegging(1, Notities="zie brief", EenNieuwVeld={"a": [1, None]})]
    reader.sync("register")
    (entry,) = reader.store.register()
    assert entry.record == reader.service.register[0]


def test_a_changed_status_is_seen_by_comparing(reader: Reader) -> None:
    """[l.21] There is no field for when a status changed."""
    reader.service.register = [toezegging(1), toezegging(2)]
    reader.sync("register")
    reader.service.register = [toezegging(1, Status="Afgedaan"), toezegging(2)]
    counts = reader.sync("register")
    assert (counts.inserted, counts.updated, counts.unchanged) == (0, 1, 1)
    entry = next(entry for entry in reader.store.register() if entry.earlier)
    assert [each.record and each.record["Status"] for each in (*entry.earlier, entry)] == ["Openstaand", "Afgedaan"]
    assert entry.recorded_at > entry.earlier[0].recorded_at


def test_what_comes_in_another_order_or_with_another_stamp_did_not_change() -> None:
    one = toezegging(1, KamerbriefNakoming=[{"DocumentNummer": "2025D1"}, {"DocumentNummer": "2025D2"}])
    other = dict(reversed(one.items())) | {
        "GewijzigdOp": NO_DATE,
        "KamerbriefNakoming": one["KamerbriefNakoming"][::-1],
    }
    left_out = FACTS["tweedekamer"]["register"]["incidental"]
    assert digest_of(one, left_out) == digest_of(other, left_out)
    assert digest_of(one, left_out) != digest_of({**one, "Status": "Afgedaan"}, left_out)


def test_a_deleted_record_is_gone_once_the_register_says_so(reader: Reader) -> None:
    """[l.13]"""
    reader.service.register = [toezegging(number) for number in range(20)]
    reader.sync("register")
    reader.service.register[7] = toezegging(7, Verwijderd=True)
    assert reader.sync("register").updated == 1
    gone = [entry for entry in reader.store.register() if entry.record is None]
    assert [entry.earlier[-1].record and entry.earlier[-1].record["Nummer"] for entry in gone] == ["TZ202501-007"]
    assert reader.sync("register").unchanged == 19, "gone is said once"
    reader.service.register[7] = toezegging(7)
    assert reader.sync("register").inserted == 1, "and it can come back"


def test_a_record_that_a_shifting_page_skipped_is_not_taken_for_deleted(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.service.register = [toezegging(number) for number in range(20)]
    reader.sync("register")
    whole = reader.service.entities

    def shifted(name: str, query: dict[str, str], path: str, accept: str) -> tuple[int, dict[str, Any]]:
        status, answer = whole(name, query, path, accept)
        if "Id eq" not in query["$filter"]:
            del answer["value"][5]
        return status, answer

    monkeypatch.setattr(reader.service, "entities", shifted)
    counts = reader.sync("register")
    assert (counts.problem, counts.unchanged, counts.updated) == (None, 20, 0)


def test_many_missing_records_are_an_alarm_and_none_is_taken_for_deleted(reader: Reader) -> None:
    reader.service.register = [toezegging(number) for number in range(20)]
    reader.sync("register")
    reader.service.register = reader.service.register[:10]
    assert "10 of 20 records are missing" in (reader.sync("register").problem or "")
    assert reader.alarms() == ["schema"]
    assert all(entry.record for entry in reader.store.register())


def test_an_empty_register_is_an_alarm(reader: Reader) -> None:
    assert "empty" in (reader.sync("register").problem or "")
    assert reader.alarms() == ["empty"]


def test_an_outage_within_a_snapshot_takes_nothing_for_deleted(reader: Reader) -> None:
    reader.service.page_size = 5
    reader.service.register = [toezegging(number) for number in range(12)]
    reader.sync("register")
    reader.service.fail(None, *[Fault(503)] * 3)
    assert reader.sync("register").problem
    assert all(entry.record and not entry.earlier for entry in reader.store.register())
    assert reader.alarms() == ["outage"]
    reader.sync("register")
    assert reader.alarms() == []


def test_a_register_can_be_read_from_what_was_kept(reader: Reader) -> None:
    reader.service.register = [toezegging(number) for number in range(5)]
    reader.sync("register")
    asked = len(reader.service.asked)
    assert reader.sync("register", offline=True).unchanged == 5
    assert len(reader.service.asked) == asked


# ── What a record says ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "last", "precision"),
    [
        ("De minister stuurt de Kamer in maart 2025 een overzicht.", date(2025, 3, 31), Precision.MONTH),
        ("De Kamer wordt uiterlijk 1 juli 2025 geïnformeerd over de keuze.", date(2025, 7, 1), Precision.DAY),
        ("De staatssecretaris informeert de Kamer binnen zes weken.", date(2025, 2, 25), Precision.DURATION),
        ("De minister zegt toe het gesprek aan te gaan.", None, None),
    ],
)
def test_the_due_date_comes_from_the_text(
    knowledge: Knowledge, text: str, last: date | None, precision: Precision | None
) -> None:
    """[l.23] Counted from the meeting, 14 January 2025."""
    found = read(toezegging(1, Tekst=text), knowledge)
    assert (found.due.last if found.due else None, found.due.precision if found.due else None) == (last, precision)


def test_without_a_meeting_it_counts_from_the_day_it_was_entered(knowledge: Knowledge) -> None:
    """[l.23]"""
    assert read(toezegging(1), knowledge).made == date(2025, 1, 14)
    assert read(toezegging(1, Activiteit=None), knowledge).made == date(2025, 1, 15)
    assert read(toezegging(1, Activiteit={"Datum": NO_DATE}), knowledge).made == date(2025, 1, 15)


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("Openstaand", "open"), ("Afgedaan", "fulfilled"), ("Voldaan", "fulfilled"), ("Nagekomen", "fulfilled"),
        ("Deels Afgedaan", "partly-fulfilled"), ("Vervallen", "lapsed"), ("Niet nagekomen", "unknown"),
        ("In beraad", "unknown"), ("openstaand", "unknown"), ("", "unknown"), (None, "unknown"),
    ],
)  # fmt: skip
def test_status_words_are_an_open_set(knowledge: Knowledge, word: str | None, ours: str) -> None:
    """[l.24]"""
    found = read(toezegging(1, Status=word), knowledge)
    assert (found.status, found.status_word) == (ours, word or "")


def test_an_unknown_status_word_is_reported_until_it_is_gone(reader: Reader) -> None:
    reader.service.register = [toezegging(1, Status="In beraad"), toezegging(2)]
    assert reader.sync("register").problem is None
    (alarm,) = reader.store.alarms()
    assert (alarm.kind, "In beraad" in alarm.message) == ("words", True)
    reader.sync("register")
    assert [alarm.times for alarm in reader.store.alarms()] == [2]
    reader.service.register[0] = toezegging(1)
    reader.sync("register")
    assert reader.alarms() == []


def test_datum_nakoming_keeps_its_name_and_decides_nothing(knowledge: Knowledge) -> None:
    """Whether it is a term or the day of fulfilment is not settled: neither status nor due date may rest on it."""
    without, with_ = toezegging(1), toezegging(1, DatumNakoming="2025-02-01T00:00:00+01:00")
    assert read(without, knowledge).datum_nakoming is None, "the year 1 is none"
    assert read(with_, knowledge).datum_nakoming == date(2025, 2, 1)
    for name in ("status", "due", "made"):
        assert getattr(read(without, knowledge), name) == getattr(read(with_, knowledge), name)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ()),
        ([], ()),
        ([{"DocumentNummer": "2025D00001"}, {"DocumentNummer": "2025D00002"}], ("2025D00001", "2025D00002")),
        ({"DocumentNummer": "2025D00001"}, ("2025D00001",)),
        ([{"Nummer": "2026Z00001"}], ("2026Z00001",)),
        (["2026Z00001", "2025D00001"], ("2026Z00001", "2025D00001")),
        ("2026Z00001", ("2026Z00001",)),
    ],
    ids=str,
)
def test_letters_of_fulfilment_may_be_none_one_or_several(
    knowledge: Knowledge, value: object, expected: tuple[str, ...]
) -> None:
    """[l.29]"""
    assert read(toezegging(1, KamerbriefNakoming=value), knowledge).letters == expected


def test_the_ministry_is_known_from_the_record_or_the_office(knowledge: Knowledge) -> None:
    assert read(toezegging(1), knowledge).ministry == "IenW"
    assert read(toezegging(1, Ministerie=None, Functie="Minister van Defensie"), knowledge).ministry == "Def"
    assert read(toezegging(1, Ministerie=None, Functie=None), knowledge).ministry is None


def test_a_known_record_can_stand_among_those_of_the_real_register(shared: Any, knowledge: Knowledge) -> None:
    """The few real records that could be had: each is read, and those that name a time have a date or say why not."""
    import json

    lines = (shared / "registers" / "records.jsonl").read_text(encoding="utf-8").splitlines()
    records = [record for line in lines if (record := json.loads(line)).get("Nummer", "").startswith("TZ")]
    found = [read(record, knowledge) for record in records]
    assert [one.status for one in found] == ["open", "fulfilled", "fulfilled", "open"]
    assert found[0].due is not None
    assert found[0].due.last == date(2025, 3, 31)
    assert found[3].due is not None
    assert found[3].datum_nakoming is None


def test_documents_and_register_are_sources_apart(reader: Reader) -> None:
    reader.service.documents, reader.service.register = [document(1)], [toezegging(1)]
    reader.sync()
    reader.sync("register")
    assert [one.name for one in reader.store.source_statuses()] == ["register", "tweedekamer"]
