"""The databases that tests use: SQLite, or the PostgreSQL server that TRACKER_TEST_DATABASE names.

    TRACKER_TEST_DATABASE=postgresql+psycopg://me:secret@localhost/tests pytest tests/store tests/story

Each store gets a schema of its own in that database, dropped when the tests are over.
"""

from __future__ import annotations

import atexit
import os
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

SERVER = os.environ.get("TRACKER_TEST_DATABASE")

_made: list[str] = []


def fresh(sqlite: str) -> str:
    """The address of a database without tables: this one, or a new schema on the server."""
    if SERVER is None:
        return sqlite
    _made.append(f"test_{uuid4().hex}")
    _run(f"CREATE SCHEMA {_made[-1]}")
    url = make_url(SERVER).update_query_dict({"options": f"-csearch_path={_made[-1]}"})
    return url.render_as_string(hide_password=False)


@atexit.register
def _drop() -> None:
    for schema in _made:
        _run(f"DROP SCHEMA {schema} CASCADE")


def _run(statement: str) -> None:
    assert SERVER is not None
    engine = create_engine(SERVER)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
