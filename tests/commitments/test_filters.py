"""Which commitments a list shows, in which order, and which ones it shows as one."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from tracker.commitments.filters import Filter, Sort, plain, select, sort
from tracker.commitments.groups import group
from tracker.commitments.state import Commitment, DocumentRef, Review, Status
from tracker.domain import Actor, DuePeriod, Kind, Precision, Strength

DAY = date(2024, 7, 15)


def due(day: date) -> DuePeriod:
    return DuePeriod(day, day, Precision.DAY)


def commitment(number: str = "TT-2024-0001", **fields: Any) -> Commitment:
    plain_one = Commitment(
        number=number,
        as_of=DAY,
        status=Status.OPEN,
        review=Review.NEW,
        due=due(date(2024, 7, 1)),
        first_due=date(2024, 7, 1),
        deadline="voor 2 juli",
        made=date(2024, 3, 4),
        kind=Kind.INFORM,
        strength=Strength.FIRM,
        flags=(),
        confidence=0.9,
        rule="test",
        quote="Ik zal de Kamer vóór 2 juli informeren over de geïntegreerde aanpak.",
        context="Er wordt gewerkt aan de sluizen.",
        action="informeren over de aanpak",
        topic="Waterkeringen",
        actor=Actor("ik", "A. de Vries", "Minister van Infrastructuur en Waterstaat", "IenW"),
        addressee=("Tweede Kamer",),
        document=DocumentRef(7, "Voortgang sluizen", "letter", date(2024, 3, 4), ("12 345", "31 015-XVI"), "7"),
        page=2,
        cue=None,
        deadline_at=None,
        tags=("water", "Volgen"),
    )
    return replace(plain_one, **fields)


def said(wanted: Filter) -> str:
    """What a filter asks for, the same in every process (the order of a set is not)."""
    asked = ((f.name, getattr(wanted, f.name)) for f in fields(Filter) if getattr(wanted, f.name) != f.default)
    return ", ".join(f"{k}={sorted(map(str, v)) if isinstance(v, frozenset) else v}" for k, v in asked) or "nothing"


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(),
        Filter(overdue=True),
        Filter(overdue=True, grace=13),
        Filter(open=True),
        Filter(status=frozenset({Status.OPEN, Status.UNCLEAR})),
        Filter(kind=frozenset({Kind.INFORM})),
        Filter(strength=frozenset({Strength.FIRM})),
        Filter(ministry=frozenset({"ienw"})),
        Filter(actor="de vries"),
        Filter(actor="waterstaat"),
        Filter(dossier="12345"),
        Filter(dossier="31 015-xvi"),
        Filter(document="7"),
        Filter(document="SLUIZEN"),
        Filter(tag=frozenset({"volgen", "water"})),
        Filter(search="geintegreerde voor"),
        Filter(search="waterkeringen sluizen"),
        Filter(search="TT-2024-0001"),
        Filter(review=frozenset({Review.NEW})),
    ],
    ids=said,
)
def test_it_is_found(wanted: Filter) -> None:
    assert select([commitment()], wanted) == [commitment()]


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(overdue=True, grace=14),
        Filter(due_within=30),
        Filter(status=frozenset({Status.FULFILLED})),
        Filter(kind=frozenset({Kind.ACT})),
        Filter(strength=frozenset({Strength.HEDGED})),
        Filter(ministry=frozenset({"VWS"})),
        Filter(actor="Jansen"),
        Filter(dossier="345"),
        Filter(document="70"),
        Filter(document="⁷"),
        Filter(document="7" * 5000),
        Filter(document="dijken"),
        Filter(tag=frozenset({"water", "eigen"})),
        Filter(search="sluizen dijken"),
        Filter(review=frozenset({Review.ACCEPTED})),
        Filter(overdue=True, search="dijken"),
    ],
    ids=said,
)
def test_it_is_left_out(wanted: Filter) -> None:
    assert select([commitment()], wanted) == []


@pytest.mark.parametrize(
    ("fields", "open_", "overdue"),
    [
        ({"status": Status.UNCLEAR}, True, True),
        ({"status": Status.PARTLY_FULFILLED}, True, True),
        ({"status": Status.LAPSED}, False, False),
        ({"due": due(DAY)}, True, False),
        ({"due": None}, True, False),
        ({"due": DuePeriod(None, None, Precision.VAGUE)}, True, False),
    ],
    ids=["unclear", "partly", "lapsed", "due today", "no deadline", "no date"],
)
def test_open_and_overdue(fields: dict[str, Any], open_: bool, overdue: bool) -> None:
    one = commitment(**fields)
    assert bool(select([one], Filter(open=True))) is open_
    assert bool(select([one], Filter(overdue=True))) is overdue


@pytest.mark.parametrize(("day", "found"), [(14, False), (15, True), (29, True), (30, False)])
def test_due_within_counts_from_today_up_to_and_including_the_last_day(day: int, found: bool) -> None:
    assert bool(select([commitment(due=due(date(2024, 7, day)))], Filter(due_within=14))) is found


def test_rejected_ones_are_left_out_unless_asked_for() -> None:
    rejected = commitment(review=Review.REJECTED)
    assert select([rejected], Filter()) == []
    assert select([rejected], Filter(review=frozenset(Review))) == [rejected]


def test_sorting() -> None:
    late = commitment("TT-2024-0010", due=due(date(2024, 1, 1)), made=date(2023, 12, 1), actor=Actor(ministry="VWS"))
    soon = commitment("TT-2024-0009", due=due(date(2024, 9, 1)), actor=Actor())
    none = commitment("TT-2024-0002", due=None, made=None)
    everything = [none, soon, late]
    assert sort(everything, Sort.DUE) == [late, soon, none]
    assert sort(everything, Sort.MADE) == [late, soon, none]
    assert sort(everything, Sort.ACTOR) == [none, late, soon]
    assert select(everything, Filter(limit=1)) == [late]


def test_numbers_sort_as_numbers() -> None:
    numbers = ["TT-2024-10000", "TT-2024-9999", "TT-2023-0001"]
    assert [c.number for c in sort([commitment(n) for n in numbers])] == numbers[::-1]


def test_words_are_compared_without_case_and_accents() -> None:
    assert plain("  Vóór  Éénmaal ") == "voor eenmaal"


def test_promises_of_one_letter_for_one_day_are_one_group() -> None:
    one, two = commitment("TT-2024-0001"), commitment("TT-2024-0002")
    other = commitment("TT-2024-0003", due=due(date(2024, 8, 1)))
    groups = group([one, other, two])
    assert [g.numbers for g in groups] == [("TT-2024-0001", "TT-2024-0002"), ("TT-2024-0003",)]
    assert (groups[0].first, len(groups[0])) == (one, 2)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": Kind.ACT},
        {"addressee": ("Eerste Kamer",)},
        {"document": DocumentRef(8, "Andere brief", "letter", None)},
        {"status": Status.FULFILLED},
        {"strength": Strength.HEDGED},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_differs_stands_apart(fields: dict[str, Any]) -> None:
    assert len(group([commitment("TT-2024-0001"), commitment("TT-2024-0002", **fields)])) == 2


def test_without_a_date_or_a_document_nothing_binds() -> None:
    undated = [commitment("TT-2024-0001", due=None), commitment("TT-2024-0002", due=None)]
    assert len(group(undated)) == 2
    heard = DocumentRef(None, "Werkbezoek", "other", None)
    assert len(group([commitment(f"TT-2024-000{n}", document=heard) for n in (1, 2)])) == 2
