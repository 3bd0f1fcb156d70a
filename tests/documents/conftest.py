"""What the tests of documents share."""

import pytest

from tracker.documents import Registry
from tracker.knowledge import Knowledge


@pytest.fixture(scope="session")
def registry(knowledge: Knowledge) -> Registry:
    return knowledge.registry
