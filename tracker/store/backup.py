"""A copy of the database while it is in use, by SQLite's own online backup."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from tracker.errors import StoreUnavailable
from tracker.store.engine import address

_PREFIX = "tracker-"


def is_server(url: str) -> bool:
    """Whether the database is one of a server, which has tools of its own to be backed up by."""
    return address(url).get_backend_name() != "sqlite"


def backup(url: str, folder: Path, day: date, keep: int) -> Path:
    """Copy the database to `folder`, one file a day, checked before it takes its name; keep the newest `keep`.

    Raises StoreUnavailable where the database is no SQLite file, it cannot be read, the folder cannot be written, or
    the copy is not sound.
    """
    parsed = address(url)
    if is_server(url) or not parsed.database or parsed.database == ":memory:":
        raise StoreUnavailable("only a database that is an SQLite file is copied; for a server use its own tools")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_PREFIX}{day.isoformat()}.sqlite3"
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(parsed.database)) as source, closing(sqlite3.connect(half)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a write-ahead log beside it
            (verdict,) = copy.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as problem:
        raise StoreUnavailable(
            f"{parsed.database} cannot be copied to {half}: {problem}; is there room, and may one write there?"
        ) from problem
    if verdict != "ok":
        half.unlink()
        raise StoreUnavailable(f"the copy of {parsed.database} is not sound ({verdict}): nothing was replaced")
    half.replace(path)
    for old in sorted(folder.glob(f"{_PREFIX}????-??-??.sqlite3"))[:-keep]:
        old.unlink()
    return path
