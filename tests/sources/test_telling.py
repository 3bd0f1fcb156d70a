"""Trouble with a source reaches people: the report's banner, `tracker health`, the history of jobs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker import config, schedule
from tracker.clock import now
from tracker.health import checks
from tracker.store import Store

from .server import Fault, Service, document

MISSING = "Niet of niet volledig gelezen: sluizen."


@pytest.fixture
def settings(tmp_path: Path, service: Service) -> config.Config:
    service.documents = [document(1), document(2)]
    return config.Config(
        database=config.Database(url=f"sqlite:///{tmp_path / 'tracker.sqlite3'}"),
        network=config.Network(originals=tmp_path / "originals", pause=0, allow_private=True),
        report=config.Report(output=tmp_path / "reports"),
        source=(config.SourceRow(name="sluizen", publisher="tweedekamer", address=service.odata),),
        jobs=(config.Job(name="sources", does="sources"), config.Job(name="report", does="report")),
    )


def run(settings: config.Config) -> tuple[str, str]:
    """The jobs once; the outcome of the reading, and the report."""
    outcome, _ = (schedule.perform(job, settings) for job in settings.jobs)
    (page,) = settings.report.output.glob("tracker-rapport-*.html")
    return outcome, page.read_text(encoding="utf-8")


def test_a_job_reads_the_sources(settings: config.Config) -> None:
    outcome, page = run(settings)
    assert (outcome, MISSING in page) == (schedule.DONE, False)
    with Store.open(settings.database.url) as store:
        assert len(store.documents()) == 2
        assert [check.ok for check in checks(store, settings, now()) if check.name == "source sluizen"] == [True]


def test_an_outage_is_told_until_it_is_over(settings: config.Config, service: Service) -> None:
    service.fail(*[Fault(403)] * 9)
    outcome, page = run(settings)
    assert (outcome, MISSING in page) == (schedule.PARTLY, True)
    with Store.open(settings.database.url) as store:
        (check,) = [check for check in checks(store, settings, now()) if check.name == "source sluizen"]
        assert not check.ok
        assert "HTTP 403" in check.detail
        assert "HTTP 403" in (store.runs(job="sources")[0].detail or "")
    service.fail()
    outcome, page = run(settings)
    assert (outcome, MISSING in page) == (schedule.DONE, False)


def test_a_source_that_was_never_read_is_not_well(settings: config.Config) -> None:
    with Store.open(settings.database.url) as store:
        (check,) = [check for check in checks(store, settings, now()) if check.name == "source sluizen"]
    assert (check.ok, check.detail) == (False, "never read to its end")


def test_a_source_taken_out_of_the_configuration_troubles_nobody(settings: config.Config, service: Service) -> None:
    service.fail(*[Fault(403)] * 9)
    run(settings)
    without = settings.model_copy(update={"source": ()})
    _, page = run(without)
    assert MISSING not in page
