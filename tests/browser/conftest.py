"""The demonstration's pages, as files in a folder, and a browser to open them with."""

from __future__ import annotations

import email
import email.policy
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tracker.cli.app import app

from . import chromium

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"

#: Where pictures go, for a person to look at.
ARTEFACTS = Path(os.environ.get("ARTEFACTS", HERE / "artefacts"))

CONFIG = """
[database]
url = "sqlite:///demo.sqlite3"
[report]
output = "reports"
[mail]
sender = "Toezeggingen <tracker@example.org>"
[[recipient]]
address = "beleid@example.org"
"""


def missing(what: str) -> None:
    """Skip; in CI, where .ci/run has set it up, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"in CI the pages are looked at in a browser: {what}")
    pytest.skip(f"looks at the pages in a browser: {what}")


@pytest.fixture(scope="session")
def browser() -> Iterator[chromium.Browser]:
    command = chromium.program()
    if command is None:
        missing("install Chromium (Debian: apt-get install chromium)")
    assert command is not None
    with chromium.started(command) as running:
        yield running


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, to be run within a page."""
    if not AXE.is_file():
        missing("get its rules of accessibility with: npm ci --prefix tests/browser")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A first report, one with news and warnings, the index of both, and the HTML of the mail: as the program makes
    them of its sample documents."""
    folder = tmp_path_factory.mktemp("demo")
    config = folder / "config.toml"
    config.write_text(CONFIG, encoding="utf-8")
    (folder / "onleesbaar.pdf").write_bytes(b"%PDF-1.7 and nothing more")

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["--config", str(config), *words], prog_name="tracker")
        assert done.exit_code == code, done.output
        return (done.stdout.strip().splitlines() or [""])[-1]

    run("demo", "--output", str(folder), "--as-of", "2026-10-26")
    first = run("report", "--as-of", "2026-11-09", "--output", str(folder / "first"))
    run("report", "--as-of", "2026-11-09")
    run("ingest", str(folder / "onleesbaar.pdf"), code=1)
    second = run("report", "--as-of", "2026-12-28")
    letter = run("report", "--mail", "--dry-run", "--as-of", "2026-11-30", "--output", str(folder / "mail"))
    mail = folder / "mail" / "mail.html"
    message = email.message_from_bytes(Path(letter).read_bytes(), policy=email.policy.default)
    mail.write_text(message.get_body(("html",)).get_content(), encoding="utf-8")
    return {
        "first": Path(first),
        "news": Path(second),
        "index": Path(second).parent / "index.html",
        "mail": mail,
    }
