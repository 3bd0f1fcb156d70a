"""Reports of debates (`Verslag`): of the several that a meeting has, the best one counts."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.documents.sources.subscription import Subscription
from tracker.domain import DocumentKind
from tracker.errors import ConfigError
from tracker.knowledge import Knowledge

from .conftest import Reader
from .server import report

FIRST = "Ik stuur de Kamer voor 1 juni 2024 het plan voor de sluizen."
BETTER = "Ik stuur de Kamer voor 1 juli 2024 het plan voor de sluizen."
OTHER = "Ik stuur de Kamer voor 1 oktober 2024 een overzicht van de dijken."


def due(reader: Reader) -> list[date | None]:
    found = reader.store.commitments(as_of=date(2024, 12, 1))
    return [one.due.last if one.due else None for one in found]


def test_a_report_is_read_with_its_speakers_and_its_day(reader: Reader) -> None:
    """[l.38]"""
    reader.service.reports = [report(1, 100, "Ongecorrigeerd", FIRST)]
    assert reader.sync("verslagen").inserted == 1
    (stored,) = reader.store.documents()
    assert (stored.metadata.kind, stored.metadata.date) == (DocumentKind.DEBATE, date(2024, 3, 5))
    assert due(reader) == [date(2024, 5, 31)]


def test_a_corrected_report_takes_the_place_of_the_first(reader: Reader) -> None:
    """[l.38]"""
    reader.service.reports = [report(1, 100, "Ongecorrigeerd", FIRST), report(2, 200, "Casco", OTHER)]
    reader.sync("verslagen")
    reader.service.reports.append(report(3, 100, "Gecorrigeerd", BETTER))
    assert reader.sync("verslagen").updated == 1
    assert [row.versions for row in reader.store.documents()] == [2, 1]


def test_a_lesser_report_that_comes_later_does_not(reader: Reader) -> None:
    reader.service.reports = [report(1, 100, "Gecorrigeerd", BETTER), report(2, 100, "Casco", FIRST)]
    counts = reader.sync("verslagen")
    assert (counts.inserted, counts.updated, counts.unchanged) == (1, 0, 1)
    assert due(reader) == [date(2024, 6, 30)]


def test_of_equals_the_newest_counts(reader: Reader) -> None:
    reader.service.reports = [report(1, 100, "Gecorrigeerd", FIRST), report(2, 100, "Gecorrigeerd", BETTER)]
    reader.sync("verslagen")
    assert due(reader)[-1] == date(2024, 6, 30)


def test_a_report_that_is_withdrawn_makes_place_for_any_other(reader: Reader) -> None:
    reader.service.reports = [report(1, 100, "Casco", FIRST), report(2, 100, "Gecorrigeerd", BETTER)]
    reader.sync("verslagen")
    first_gone = report(1, 100, "Casco", FIRST, Verwijderd=True, GewijzigdOp="2024-03-07T10:00:00+01:00")
    reader.service.reports = [report(2, 100, "Gecorrigeerd", BETTER), first_gone]
    assert reader.sync("verslagen").withdrawn == 0, "the one that counts is still there"
    better_gone = report(2, 100, "Gecorrigeerd", BETTER, Verwijderd=True, GewijzigdOp="2024-03-08T10:00:00+01:00")
    reader.service.reports = [first_gone, better_gone]
    assert reader.sync("verslagen").withdrawn == 1
    assert [row.metadata.withdrawn for row in reader.store.documents()] == [date(2024, 3, 8)]
    reader.service.reports.append(report(3, 100, "Ongecorrigeerd", OTHER, GewijzigdOp="2024-03-09T10:00:00+01:00"))
    assert reader.sync("verslagen").updated == 1
    assert [row.metadata.withdrawn for row in reader.store.documents()] == [None]


def test_only_meetings_since_a_day(reader: Reader) -> None:
    early = report(2, 200, "Casco", FIRST)
    early["Vergadering"]["Datum"] = "2024-02-01T00:00:00+01:00"
    reader.service.reports = [report(1, 100, "Casco", FIRST), early]
    assert reader.sync("verslagen", since=date(2024, 3, 5)).inserted == 1


def test_what_reports_do_not_tell_cannot_be_asked_for(knowledge: Knowledge) -> None:
    row = {
        "name": "x",
        "publisher": "verslagen",
        "dossiers": ("36 410",),
        "ministries": (),
        "committees": (),
        "kinds": (),
    }
    with pytest.raises(ConfigError, match="verslagen cannot be asked for dossiers"):
        Subscription.from_row(row, knowledge.registry)
