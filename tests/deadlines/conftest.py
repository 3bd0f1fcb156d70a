"""The grammar and the calendar that come with the package."""

import pytest

from tracker.deadlines import Calendar, DeadlineGrammar
from tracker.knowledge import load_calendar, load_grammar


@pytest.fixture(scope="session")
def grammar() -> DeadlineGrammar:
    return load_grammar()


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return load_calendar()
