"""Opening a database: SQLite's settings, read-only ones, and what its errors mean to a user."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, NoSuchModuleError

from tracker.errors import StoreError, StoreLocked, StoreUnavailable

#: An execution option: this connection writes. SQLite then takes its lock at the start, so nothing read can be stale.
WRITES = "tracker_writes"


def connect(url: str, *, read_only: bool, wait: float) -> Engine:
    """An engine for the database. Creates the folder of an SQLite file, not the file's tables."""
    parsed = address(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed, read_only, wait)
        return _server(create_engine(parsed), writable=not read_only, wait=wait)
    except ImportError as error:
        hint = "; pip install 'toezeggingen-tracker[postgres]'" if "psycopg" in str(error) else ""
        raise StoreUnavailable(f"cannot open the database {_shown(parsed)}: {error}{hint}") from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreUnavailable(f"cannot open the database {_shown(parsed)}: {error}") from error


def address(url: str) -> URL:
    """The parts of a database's address. Raises StoreUnavailable, which never tells the address: it has a password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # their text may hold the password, so they are not chained either
        parsed = None
    if parsed is None or "@" in (parsed.host or ""):
        raise StoreUnavailable(
            "the address of the database cannot be read; expected sqlite:///file or "
            "postgresql+psycopg://user:password@host/name, with %40 for @ in a password"
        )
    return parsed


def _shown(url: URL) -> str:
    """An address without its password, wherever that stands."""
    return url.set(query={}).render_as_string()


def is_read_only(engine: Engine) -> bool:
    return bool(engine.get_execution_options().get("tracker_read_only"))


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """What the database complains of, as one of our own errors."""
    try:
        yield
    except IntegrityError:
        raise  # two programs met; whoever knows what to do about it sees it
    except DatabaseError as error:
        raise explain(error, engine.url) from error


def explain(error: DatabaseError, url: URL) -> StoreError:
    said = str(error.orig)
    where = url.database or _shown(url)
    if "locked" in said or "busy" in said or "lock timeout" in said:
        return StoreLocked(f"another program is using {where}: wait until it is done, or stop it, and try again")
    if "readonly" in said:
        return StoreUnavailable(f"{where} can be read but not written: check the rights of the file and its folder")
    if "disk is full" in said:
        return StoreUnavailable(f"no room left on the disk of {where}: nothing was stored; make room and try again")
    if "disk I/O error" in said:
        return StoreUnavailable(
            f"{where}: the disk refuses to read or write (a quota that is used up, a cable, a fault): "
            "nothing was stored; put that right and try again"
        )
    if "not a database" in said or "malformed" in said:
        return StoreUnavailable(
            f"{where} is damaged or not a database of tracker: choose another one, or restore a copy"
        )
    if "unable to open" in said:
        return StoreUnavailable(f"cannot open or create {where}: check the path and the rights of its folder")
    if "connection" in said and "failed" in said:
        return StoreUnavailable(f"the server of the database {where} cannot be reached: {said.splitlines()[0]}")
    return StoreUnavailable(f"the database {where} reports: {said}")


def _sqlite(url: URL, read_only: bool, wait: float) -> Engine:
    if url.database in (None, "", ":memory:"):
        return _settings(create_engine(url, poolclass=StaticPool), writable=True, wait=wait)
    path = Path(str(url.database))
    if not path.exists():
        if read_only:
            raise StoreUnavailable(f"there is no database at {path}: `tracker ingest` makes one")
        _make_folder(path.parent)
    if path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return _settings(_without_writing(path), writable=False, wait=wait)
    return _settings(create_engine(url), writable=not read_only, wait=wait)


def _server(engine: Engine, *, writable: bool, wait: float) -> Engine:
    """A PostgreSQL server: one writer at a time, and who reads sees one moment, as it is with SQLite."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(wait * 1000)}")
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext(current_schema()))")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    engine.update_execution_options(tracker_read_only=not writable)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"cannot make the folder {folder}: {error.strerror}") from error


def _without_writing(path: Path) -> Engine:
    """A file or folder without write access. SQLite needs to be told that nobody else will write it either, unless the
    files of its write-ahead log lie beside it already."""

    def uri(options: str) -> str:
        return f"file:{quote(str(path.absolute()))}?{options}"

    mode = "mode=ro"
    try:
        with closing(sqlite3.connect(uri(mode), uri=True)) as trial:
            trial.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        mode = "mode=ro&immutable=1"
    return create_engine(URL.create("sqlite", database=str(path)), creator=lambda: sqlite3.connect(uri(mode), uri=True))


def _write_ahead(connection: sqlite3.Connection, wait: float) -> None:
    """Turn the write-ahead log on. While another program does the same to a new file SQLite gives up at once, whatever
    its time-out says."""
    until = monotonic() + wait
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() >= until:
                raise
            sleep(0.02)


def _settings(engine: Engine, *, writable: bool, wait: float) -> Engine:
    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # transactions begin where `begin` below says
        connection.execute(f"PRAGMA busy_timeout = {int(wait * 1000)}")
        connection.execute("PRAGMA foreign_keys = ON")
        if writable:
            _write_ahead(connection, wait)
        else:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    engine.update_execution_options(tracker_read_only=not writable)
    return engine
