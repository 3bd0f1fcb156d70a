"""Alembic's entry. The program hands in its connection; `alembic -c db/alembic.ini` works on TRACKER_DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import Connection, create_engine

from tracker.store.search import FULL_TEXT
from tracker.store.tables import Base, Moment


def render(kind: str, item: object, _: object) -> str | bool:
    """Migrations name plain types, so that they keep working whatever becomes of the program's own."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, Moment) else False


def named(name: str | None, *_: object) -> bool:
    """The full-text index is SQLite's own: no model knows its tables."""
    return not str(name).startswith(FULL_TEXT)


def migrate(connection: Connection) -> None:
    # Batch: SQLite cannot alter most things, so Alembic copies the table.
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render,
        include_name=named,
    )
    with context.begin_transaction():
        context.run_migrations()


if (given := context.config.attributes.get("connection")) is not None:
    migrate(given)
else:
    with create_engine(os.environ.get("TRACKER_DATABASE_URL", "sqlite:///db/tracker.sqlite3")).begin() as own:
        migrate(own)
