"""PostgreSQL, where TRACKER_TEST_DATABASE names a server (databases.py); most other tests here then use it as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import make_url, text

from tracker.errors import StoreLocked, StoreUnavailable
from tracker.store import Store

from .builders import LETTER, document, save
from .databases import SERVER
from .test_crashes import DIE, INGEST, LATE, start

pytestmark = pytest.mark.skipif(SERVER is None, reason="needs a PostgreSQL server in TRACKER_TEST_DATABASE")


@pytest.fixture
def server() -> Iterator[str]:
    assert SERVER is not None
    yield SERVER


def test_several_programs_that_read_the_same_folder_store_each_document_once(url: str) -> None:
    """They also make the tables at the same moment."""
    programs = [start(INGEST, url) for _ in range(3)]
    assert [program.wait() for program in programs] == [0, 0, 0]
    with Store.open(url) as store:
        assert store.verify() == []
        assert len(store.documents()) == 12
        numbers = [c.number for c in store.commitments(as_of=LATE)]
        assert numbers == [f"TT-2024-{serial:04d}" for serial in range(1, 37)]


def test_killed_while_saving_nothing_of_the_document_is_there(url: str) -> None:
    for statement in (2, 12, 24, 999):
        with Store.open(url) as store:
            save(store)
            before = store.revisions()
        assert start(DIE, url, statement).wait() == 9
        with Store.open(url) as store:
            assert store.verify() == []
            assert store.revisions() == before


def test_one_writes_at_a_time_and_others_read_on(url: str) -> None:
    with Store.open(url) as one, Store.open(url, wait=0.2) as other:
        save(one)
        with one._writing() as (session, _):
            session.execute(text("UPDATE work SET name = 'anders'"))
            assert other.documents()[0].name == "brief.txt"
            with pytest.raises(StoreLocked, match="another program is using"):
                save(other, document(LETTER + "PS\n"))


def test_who_only_reads_cannot_write(url: str) -> None:
    with Store.open(url) as store:
        save(store)
    with Store.open(url, read_only=True) as store:
        assert len(store.commitments(as_of=date(2025, 1, 1))) == 3


def test_no_server_there_is_said_without_the_password(server: str) -> None:
    nobody = make_url(server).set(port=1, password="geheim").render_as_string(hide_password=False)
    with pytest.raises(StoreUnavailable, match="cannot be reached") as problem:
        Store.open(nobody)
    assert "geheim" not in str(problem.value)
