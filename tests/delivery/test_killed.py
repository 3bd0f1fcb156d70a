"""Killed (SIGKILL) at forty lines of queueing and sending, chosen by chance: nobody goes without, nobody gets it twice
but in the one window that SMTP leaves open."""

from __future__ import annotations

import os
import random
import signal
import smtplib
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

import pytest
import time_machine

from tracker import delivery
from tracker.config import Config, Recipient
from tracker.store import Store, outbox
from tracker.store.outbox import LEASE, MailState

from .conftest import MONDAY, Server, add

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of the process, which needs fork")

PEOPLE = (Recipient(address="anna@example.org"), Recipient(address="bram@example.org"))
TRACED = {module.__file__ for module in (delivery, outbox, smtplib)}
SEED, KILLS = 20260907, 40


def mail(config: Config, moment: datetime) -> None:
    """What `tracker report --mail` does."""
    with time_machine.travel(moment, tick=False), Store.open(config.database.url) as store:
        delivery.queue_reports(store, config)
        delivery.deliver(store, config)


def in_a_copy(config: Config, kill_at: int | None) -> int:
    """Do it in a process of its own that is killed at a line of TRACED; how many lines it came to."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        lines = 0

        def trace(frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
            nonlocal lines
            if frame.f_code.co_filename not in TRACED:
                return None
            if event == "line":
                lines += 1
                if lines == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        try:
            sys.settrace(trace)
            mail(config, MONDAY)
            sys.settrace(None)
            os.write(writing, str(lines).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        counted = said.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) == (kill_at is not None), "the copy ended otherwise than it was to"
    return int(counted or 0)


def sent_to(server: Server) -> Counter[str]:
    return Counter(str(each["To"]) for each in server.handler.mails())


@pytest.fixture
def fresh(settings, serve, tmp_path) -> Callable[[], tuple[Config, Server]]:
    """A store with a promise and nothing in its outbox, and a server that has taken nothing."""
    server = serve()

    def make() -> tuple[Config, Server]:
        for file in tmp_path.glob("tracker.sqlite3*"):
            file.unlink()
        server.handler.taken.clear()
        config = settings(*PEOPLE, port=server.port)
        with time_machine.travel(MONDAY, tick=False), Store.open(config.database.url) as store:
            add(store)
        return config, server

    return make


def test_killed_at_any_line_everybody_gets_it_once(fresh):
    config, server = fresh()
    lines = in_a_copy(config, None)
    assert sent_to(server) == {each.address: 1 for each in PEOPLE}
    windows = 0
    for kill_at in sorted(random.Random(SEED).sample(range(1, lines + 1), KILLS)):
        config, server = fresh()
        in_a_copy(config, kill_at)
        server.settle()
        taken = sent_to(server)
        with Store.open(config.database.url, read_only=True) as store:
            marked = {each.recipient for each in store.outbox.mails([MailState.SENT])}
        window = set(taken) - marked  # taken, and killed before the mark
        for moment in (MONDAY, MONDAY + LEASE + timedelta(minutes=1)):
            mail(config, moment)
        expected = {each.address: 2 if each.address in window else 1 for each in PEOPLE}
        assert sent_to(server) == expected, f"killed at line {kill_at} of {lines}"
        ids = {str(each["To"]): set() for each in server.handler.mails()}
        for each in server.handler.mails():
            ids[str(each["To"])].add(each["Message-ID"])
        assert all(len(several) == 1 for several in ids.values())
        windows += len(window)
    assert windows <= KILLS // 4, "the window is small: few kills fall into it"
