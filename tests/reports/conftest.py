import pytest

from tracker.reports import promises, views

from . import examples


@pytest.fixture(autouse=True)
def plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """How a date is explained and a document cited is tested at home; here it may not move the golden files."""
    monkeypatch.setattr(
        promises, "explain", lambda deadline, due, language: f"“{deadline.words}”: tot en met {due.last}"
    )
    monkeypatch.setattr(promises, "cite", examples.cited)


@pytest.fixture
def view() -> views.ReportView:
    """The invented store on its day, compared with a week before."""
    return examples.report(since=views.Since(examples.LAST, tuple(examples.a_week_ago()), examples.statements()))
