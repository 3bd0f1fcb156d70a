"""Tests that need the network and the live services; skipped unless `--live` is given."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--live", action="store_true", help="ask the live services")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--live", default=False):
        for item in items:
            if "live" in item.path.parent.parts[-1:]:
                item.add_marker(pytest.mark.skip(reason="asks the live services: pytest tests/live --live"))
