"""Bringing a database's tables up to date. Alembic is only imported where they are not."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from tracker.errors import StoreTooNew, StoreUnavailable
from tracker.paths import migrations_dir
from tracker.store.engine import WRITES, explained, is_read_only

#: The newest revision in `db/versions/`; a test holds the two together.
HEAD = "0006"


def is_current(engine: Engine) -> bool:
    """Whether the tables are those of this version."""
    with explained(engine), engine.connect() as connection:
        return _revision(connection, engine) == HEAD


def bring_up_to_date(engine: Engine) -> None:
    """Create or migrate the tables. Raises StoreTooNew, StoreLocked or StoreUnavailable and then changes nothing."""
    with explained(engine):
        if is_current(engine):
            return
        if is_read_only(engine):
            raise StoreUnavailable(
                f"{engine.url.database} is of another version of tracker, and cannot be written to bring it up to date"
            )
        # The lock is taken before looking again: two programs that start at once migrate once.
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            if (revision := _revision(connection, engine)) != HEAD:
                _upgrade(connection, engine, revision)


def _revision(connection: Connection, engine: Engine) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return revision
    if tables:
        raise StoreUnavailable(f"{engine.url.database} is a database of something else: choose another one")
    return None


def _upgrade(connection: Connection, engine: Engine, revision: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from tracker.store.projection import refresh

    config = Config()
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreTooNew(
            f"{engine.url.database} was made by a newer tracker (schema {revision}, this one knows {HEAD}): "
            "upgrade tracker, or choose another database"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    with Session(connection) as session:  # what a migration adds to the projections is made by the program
        refresh(session, None)
