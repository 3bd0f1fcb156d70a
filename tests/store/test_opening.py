"""Opening a database: made, brought up to date, refused with a reason, or only read."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from tracker.commitments.filters import Filter
from tracker.commitments.state import Review
from tracker.errors import StoreLocked, StoreTooNew, StoreUnavailable
from tracker.paths import migrations_dir
from tracker.store import Store, tables
from tracker.store.migrate import HEAD
from tracker.store.search import FULL_TEXT

from .builders import LETTER, document, save

LATE = date(2025, 1, 1)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with one document, closed."""
    path = tmp_path / "data" / "tracker.sqlite3"
    with Store.open(f"sqlite:///{path}") as store:
        save(store)
    return path


def test_a_database_is_made_with_its_folder(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/nieuwe/map/tracker.sqlite3") as store:
        assert store.commitments(as_of=LATE) == []
        assert store.summary(as_of=LATE).documents == 0


def test_a_database_in_memory_works() -> None:
    with Store.open("sqlite://") as store:
        assert save(store).new
        assert store.verify() == []


def test_migrations_and_models_agree(database: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with create_engine(f"sqlite:///{database}").connect() as connection:
        opts = {"compare_type": True, "include_name": lambda name, *_: not str(name).startswith(FULL_TEXT)}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, tables.Base.metadata) == []


def test_the_program_knows_its_newest_migration() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


@pytest.mark.parametrize("table", tables.Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_postgresql_could_take_every_table(table: tables.Base) -> None:
    assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[arg-type]


def test_every_constraint_has_a_name() -> None:
    for table in tables.Base.metadata.sorted_tables:
        assert all(constraint.name for constraint in table.constraints), table.name


def test_listing_loads_no_migrations_pdf_reader_or_scheduler(database: Path) -> None:
    """Importing costs time at every start; what is not needed for a list stays out."""
    script = (
        "import sys, datetime; from tracker.store import Store\n"
        f"Store.open('sqlite:///{database}').commitments(as_of=datetime.date(2025, 1, 1))\n"
        "print([name for name in ('alembic', 'pypdfium2', 'apscheduler', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_database_of_a_newer_version_is_refused_and_left_alone(database: Path) -> None:
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    before = database.read_bytes()
    with pytest.raises(StoreTooNew, match=rf"made by a newer tracker \(schema 9999, this one knows {HEAD}\)"):
        Store.open(f"sqlite:///{database}")
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [b"Dit is geen database, maar een brief. " * 100, b"SQLite format 3\x00" + b"\xff" * 5000],
    ids=["text", "damaged"],
)
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes(content)
    with pytest.raises(StoreUnavailable):
        Store.open(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "andere.sqlite3"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE klant (naam TEXT)")
    with pytest.raises(StoreUnavailable, match="a database of something else"):
        Store.open(f"sqlite:///{path}")


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////dev/null/x/y.sqlite3", "oracle+none://x"])
def test_an_impossible_address_is_explained(url: str) -> None:
    with pytest.raises(StoreUnavailable):
        Store.open(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgres://piet:geheim@host/db", "cannot open the database postgres://piet:***@host/db"),
        ("postgres://host/db?user=piet&password=geheim", "cannot open the database postgres://host/db:"),
        ("postgresql+psycopg://piet:x@geheim@host/db", "%40 for @"),
        ("postgresql+psycopg//piet:geheim@host/db", "the address of the database cannot be read"),
        ("postgresql+psycopg://piet:x@host:geheim/db", "the address of the database cannot be read"),
    ],
)
def test_an_impossible_address_is_explained_without_its_password(url: str, said: str) -> None:
    with pytest.raises(StoreUnavailable) as problem:
        Store.open(url)
    assert said in str(problem.value)
    assert "geheim" not in "".join(traceback.format_exception(problem.value)).replace(url, "")


def test_reading_only_needs_a_database(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="there is no database"):
        Store.open(f"sqlite:///{tmp_path / 'geen.sqlite3'}", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_locked_database_is_still_read_and_writing_says_why_not(database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Store.open(f"sqlite:///{database}", wait=0.1) as store:
            assert len(store.commitments(as_of=LATE)) == 3
            with pytest.raises(StoreLocked, match="another program is using"):
                store.set_review(["TT-2024-0001"], Review.ACCEPTED)
        other.execute("ROLLBACK")
    with Store.open(f"sqlite:///{database}") as store:
        assert store.commitment("TT-2024-0001", as_of=LATE).review is Review.NEW


def test_a_database_that_another_program_is_making_is_locked(tmp_path: Path) -> None:
    path = tmp_path / "tracker.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreLocked):
            Store.open(f"sqlite:///{path}", wait=0.1)


def test_opened_for_reading_it_does_not_write(database: Path) -> None:
    with Store.open(f"sqlite:///{database}", read_only=True) as store:
        assert len(store.commitments(as_of=LATE)) == 3
        with pytest.raises(StoreUnavailable, match="can be read but not written"):
            store.set_review(["TT-2024-0001"], Review.ACCEPTED)


def test_an_older_database_is_brought_up_to_date_by_who_only_reads_too(database: Path) -> None:
    """After an upgrade the first command may be a list; numbers, states and what is searched come through it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    with create_engine(f"sqlite:///{database}").begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
    with Store.open(f"sqlite:///{database}", read_only=True) as store:
        assert store.listing(Filter(search="sluizen"), as_of=LATE).total == 3
        assert store.verify() == []


@pytest.mark.parametrize("what", ["file", "folder", "both"])
def test_without_the_right_to_write_it_still_lists(what: str) -> None:
    with tempfile.TemporaryDirectory() as parent:  # pytest's own folders are closed to other users
        Path(parent).chmod(0o755)
        database = Path(parent) / "data" / "tracker.sqlite3"
        with Store.open(f"sqlite:///{database}") as store:
            save(store)
        database.chmod(0o444 if what != "folder" else 0o666)
        database.parent.chmod(0o555 if what != "file" else 0o777)
        assert _without_rights(lambda: _list_and_try_to_write(database)) == "3 listed, cannot be written"
        database.parent.chmod(0o755)


def _list_and_try_to_write(database: Path) -> str:
    with Store.open(f"sqlite:///{database}") as store:
        count = len(store.commitments(as_of=LATE))
        try:
            store.set_review(["TT-2024-0001"], Review.ACCEPTED)
        except StoreUnavailable as error:
            return f"{count} listed, {'cannot be written' if 'can be read but not written' in str(error) else error}"
    return f"{count} listed, and it was written"


def _without_rights(function: Callable[[], str]) -> str:
    """What the function says in a child process; for root as nobody, since nothing is forbidden to root."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            answer = function()
        except BaseException as error:  # noqa: BLE001  the parent reads what went wrong
            answer = repr(error)
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_said_and_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        url = f"sqlite:///{disk / 'tracker.sqlite3'}"
        with Store.open(url) as store:
            save(store)
            (disk / "ballast").write_bytes(b"x" * (disk_free(disk) - 20_000))
            with pytest.raises(StoreUnavailable, match="no room left on the disk"):
                save(store, document(LETTER + "Nog een zin over water.\n" * 20_000))
        (disk / "ballast").unlink()
        with Store.open(url) as store:
            assert store.verify() == []
            assert len(store.documents()) == 1
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def disk_free(path: Path) -> int:
    facts = os.statvfs(path)
    return facts.f_bavail * facts.f_frsize
