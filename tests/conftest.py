"""What every test may ask for."""

import os
from pathlib import Path

import pytest

from tracker.knowledge import Knowledge, load_knowledge

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the checkout; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"in CI the real documents must lie at {SHARED.name}/ beside the checkout")
        pytest.skip("needs the folder of real documents, shared/, beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The rules, word lists and calendars of the program, read once."""
    return load_knowledge()
