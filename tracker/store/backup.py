"""A copy of the database while it is in use, by SQLite's own online backup."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from sqlalchemy import make_url

from tracker.errors import StoreUnavailable

_PREFIX = "tracker-"


def backup(url: str, folder: Path, day: date, keep: int) -> Path:
    """Copy the database to `folder`, one file a day, checked before it takes its name; keep the newest `keep`.

    Raises StoreUnavailable where the database is no SQLite file, or the copy is not sound.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise StoreUnavailable("only a database that is an SQLite file is copied; for a server use its own tools")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_PREFIX}{day.isoformat()}.sqlite3"
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    with closing(sqlite3.connect(parsed.database)) as source, closing(sqlite3.connect(half)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a write-ahead log beside it
        (verdict,) = copy.execute("PRAGMA quick_check").fetchone()
    if verdict != "ok":
        half.unlink()
        raise StoreUnavailable(f"the copy of {parsed.database} is not sound ({verdict}): nothing was replaced")
    half.replace(path)
    for old in sorted(folder.glob(f"{_PREFIX}????-??-??.sqlite3"))[:-keep]:
        old.unlink()
    return path
