"""The five real documents, each read on its own day: which Monday's mail announces which passed term."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
import time_machine

from tracker import clock, delivery, documents, pipeline
from tracker.knowledge import load_knowledge
from tracker.store import Store

#: What the mail of a Monday announces as newly past: so many promises, all with these words about time.
ANNOUNCED = {
    date(2022, 7, 11): (2, "voor de zomer"),
    date(2022, 12, 26): (1, "in het najaar van 2022"),
    date(2024, 4, 1): (1, "in maart"),
    date(2024, 12, 23): (5, "in het najaar"),
}


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.AMSTERDAM)


@pytest.fixture(scope="module")
def mails(shared, tmp_path_factory) -> dict[date, str]:
    """The plain text of the mail of each of these Mondays; the week before there was one too."""
    from .conftest import ANNA, Config, Database

    knowledge = load_knowledge()
    url = f"sqlite:///{tmp_path_factory.mktemp('seeds')}/tracker.sqlite3"
    config = Config(database=Database(url=url), recipient=(ANNA,))
    read = {}
    for path in (shared / "seeds").iterdir():
        source = documents.read(path)
        read[path] = documents.document(source, path.name, knowledge.registry).metadata.date
    first = min(day for day in read.values() if day)
    happens = [(at(day or first, 12), path) for path, day in read.items()]  # one is undated: it promises nothing
    happens += [(at(monday - timedelta(days=d), 7), monday) for monday in ANNOUNCED for d in (7, 0)]
    said = {}
    with Store.open(url) as store:
        for moment, what in sorted(happens, key=lambda each: each[0]):
            with time_machine.travel(moment, tick=False):
                if not isinstance(what, date):
                    pipeline.ingest(store, [what], knowledge)
                    continue
                (letter,) = delivery.letters(store, config, config.recipient, clock.today(), clock.now())
                delivery.queue_reports(store, config)
                said[clock.today()] = letter.message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    return said


def block(text: str, heading: str) -> tuple[int, str]:
    """How many promises stand under a heading of what changed, and what is said there."""
    news = text.partition("== Sinds het vorige rapport ==")[2].partition("\n== ")[0]
    found = re.search(rf"-- {heading}: (\d+) --\n(.*?)(?=\n-- |\Z)", news, re.S)
    return (int(found[1]), " ".join(found[2].split())) if found else (0, "")


@pytest.mark.parametrize("monday", ANNOUNCED, ids=str)
def test_the_mail_of_a_monday_announces(mails, monday):
    count, words = ANNOUNCED[monday]
    told, text = block(mails[monday], "Termijn verstreken")
    assert told == count
    assert text.lower().count(f"_{words}_") == count


def test_no_hedged_promise_stands_under_a_heading_that_accuses(mails):
    for text in mails.values():
        assert "onder voorbehoud" not in block(text, "Termijn verstreken")[1]
