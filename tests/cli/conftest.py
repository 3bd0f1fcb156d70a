"""A command line in an empty folder, with a database of its own, and documents written for these tests."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

LETTER = """\
Aan de Voorzitter van de Tweede Kamer der Staten-Generaal
Postbus 20018
2500 EA Den Haag

Datum 12 september 2023
Betreft Zwemveiligheid in open water

Geachte voorzitter,

In deze brief ga ik in op de zwemveiligheid in open water. Het aantal plassen met toezicht is vorig jaar toegenomen.

Uiterlijk 1 maart 2024 stuur ik uw Kamer een plan van aanpak voor de zwemplassen zonder toezicht. \
Ik zal uw Kamer in november 2023 informeren over de uitkomsten van de proef met drijflijnen.

Naar verwachting ontvangt uw Kamer de evaluatie van de voorlichting vóór 1 juni 2024.

De Staatssecretaris van Infrastructuur en Waterstaat,

J. de Wit
"""

#: The same promise on three subjects, for the folding of rows.
ANSWERS = """\
Datum 6 februari 2024
Betreft Beantwoording vragen over fietsparkeren bij stations

Geachte voorzitter,

Hierbij beantwoord ik de vragen over fietsparkeren.

Vraag 1
Hoe staat het met de bouw van stallingen?

Antwoord 1
De bouw loopt. Uiterlijk 1 juli 2024 informeer ik uw Kamer over de voortgang van de bouw.

Vraag 2
Hoe staat het met het toezicht in de stallingen?

Antwoord 2
Het toezicht wordt uitgebreid. Uiterlijk 1 juli 2024 informeer ik uw Kamer over het toezicht.

Vraag 3
Hoe staat het met de tarieven?

Antwoord 3
Uiterlijk 1 juli 2024 informeer ik uw Kamer over de hoogte van de tarieven.

De Staatssecretaris van Infrastructuur en Waterstaat,

J. de Wit
"""

UNDATED = "Ik zal uw Kamer voor 1 mei 2025 informeren over de stand van zaken rond de dijken.\n"

#: What makes a run depend on the machine; taken out of every test.
OUTER = ("TRACKER_CONFIG", "TRACKER_DEBUG", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERMINAL_WIDTH")


@dataclass
class Cli:
    """`tracker …` in `folder`, over the database `database`."""

    folder: Path
    database: Path
    env: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: object, code: int | None = 0, **settings: Any) -> Result:
        """Run a command in this process and hold it to an exit code (None: any)."""
        from tracker.cli.app import app

        result = CliRunner().invoke(app, [str(a) for a in arguments], env=self.env, prog_name="tracker", **settings)
        assert code is None or result.exit_code == code, f"{result.exit_code}: {result.output}"
        return result

    def rows(self, *arguments: object, code: int = 0) -> list[dict[str, Any]]:
        return json.loads(self(*arguments, "--format", "json", code=code).stdout)  # type: ignore[no-any-return]

    def process(self, *arguments: object, **settings: Any) -> subprocess.CompletedProcess[str]:
        """Run a command as a process of its own, as a user does."""
        return subprocess.run(
            [sys.executable, "-c", "from tracker.cli import main; main()", *map(str, arguments)],
            cwd=self.folder,
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            **settings,
        )

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table but the list of files that could not be read: what an error must not change."""
        import sqlite3
        from contextlib import closing

        if not self.database.exists():
            return {}
        with closing(sqlite3.connect(self.database)) as db:
            tables = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
            tables.remove("unread_file")
            return {name: db.execute(f'select * from "{name}"').fetchall() for name in tables}


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    for name in [*OUTER, *(n for n in os.environ if n.startswith("TRACKER_"))]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    database = tmp_path / "store.sqlite3"
    return Cli(
        tmp_path, database, {"TRACKER_DATABASE_URL": f"sqlite:///{database}", "XDG_DATA_HOME": str(tmp_path / "home")}
    )


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a document into the test's folder."""

    def written(name: str = "brief.txt", content: str | bytes = LETTER) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the letter (document 1) and the answers (document 2), made once."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "brief.txt").write_text(LETTER, encoding="utf-8")
    (folder / "vragen.txt").write_text(ANSWERS, encoding="utf-8")
    cli = Cli(folder, folder / "store.sqlite3", {"TRACKER_DATABASE_URL": f"sqlite:///{folder / 'store.sqlite3'}"})
    cli("ingest", folder / "brief.txt")
    cli("ingest", folder / "vragen.txt")
    return cli.database


@pytest.fixture
def stored(cli: Cli, made: Path) -> Cli:
    """A command line over a copy of that database."""
    for part in made.parent.glob(made.name + "*"):
        shutil.copy(part, cli.database.with_name(cli.database.name + part.name.removeprefix(made.name)))
    return cli
