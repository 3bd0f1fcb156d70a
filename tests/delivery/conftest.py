"""Real SMTP servers on this machine: well-behaved, with and without encryption and login, and ill-behaved."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import stamina
import time_machine
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tracker import delivery
from tracker.config import Backup, Config, Database, Inbox, Mail, Recipient, Report
from tracker.store import Store

MONDAY = datetime(2026, 9, 7, 5, 0, tzinfo=UTC)
ANNA = Recipient(address="anna@example.org", name="Anna Čapková-d’Hondt")


@dataclass
class Handler:
    """Takes mail; `replies` are what it says or does at DATA instead of saying yes, in their order."""

    replies: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # recipient → what it says
    taken: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.replies and (reply := self.replies.pop(0)):
            if reply == "hang":
                await asyncio.sleep(60)
            if reply == "take and drop":
                self.taken.append(envelope.content)
            if reply in ("drop", "take and drop"):
                server.transport.abort()
            return reply
        self.taken.append(envelope.content)
        self.to += envelope.rcpt_tos
        return "250 taken"

    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(each, policy=email.policy.default) for each in self.taken]  # type: ignore[misc]


@dataclass
class Server:
    handler: Handler
    port: int
    ca: Path
    loop: asyncio.AbstractEventLoop

    def settle(self) -> None:
        """Wait until every connection is done with: what a client that is gone had sent is taken by then."""

        async def idle() -> None:
            while len(asyncio.all_tasks()) > 1:
                await asyncio.sleep(0.005)

        asyncio.run_coroutine_threadsafe(idle(), self.loop).result(timeout=10)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def serve(authority: trustme.CA, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts a server: `security` as in the configuration, `login` (name, password), `name` on its certificate."""
    running: list[Controller] = []
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca)

    def start(security: str = "none", login: tuple[str, str] | None = None, name: str = "localhost") -> Server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        handler = Handler()
        given: dict[str, Any] = {}
        if security == "starttls":
            given = {"tls_context": context, "require_starttls": True}
        elif security == "tls":
            given = {"ssl_context": context}
        if login:
            wanted = tuple(part.encode() for part in login)
            given["authenticator"] = lambda server, session, envelope, mechanism, said: AuthResult(
                success=(said.login, said.password) == wanted, handled=False
            )
            given |= {"auth_required": True, "auth_require_tls": security == "starttls"}
        server = Controller(handler, hostname="localhost", port=free_port(), ready_timeout=10, **given)
        server.start()
        running.append(server)
        return Server(handler, server.port, ca, server.loop)

    yield start
    for each in running:
        each.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("localhost", 0))
        return int(found.getsockname()[1])


@contextmanager
def speaking(*lines: bytes) -> Iterator[int]:
    """A server that says these lines and then nothing more, with the line held open. Yields its port."""
    stop = threading.Event()
    with socket.create_server(("localhost", 0)) as listening:
        listening.settimeout(0.1)

        def answer() -> None:
            held = []
            while not stop.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                for line in lines:
                    connection.sendall(line)
                held.append(connection)
            for connection in held:
                connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stop.set()
            thread.join()


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Config]:
    """A configuration over a store of the test's own; `mail` are keys of its section."""

    def make(*recipients: Recipient, port: int = 1, security: str = "none", **mail: Any) -> Config:
        return Config(
            database=Database(url=f"sqlite:///{tmp_path / 'tracker.sqlite3'}"),
            report=Report(output=tmp_path / "reports", grace_days=7),
            inbox=Inbox(folder=tmp_path / "inbox"),
            backup=Backup(folder=tmp_path / "backups"),
            mail=Mail(
                server="localhost",
                port=port,
                security=security,  # type: ignore[arg-type]
                sender="Toezeggingen <tracker@example.org>",
                **{"timeout_seconds": 5, **mail},
            ),
            recipient=recipients or (ANNA,),
        )

    return make


LETTER = "Ik zal uw Kamer vóór 1 juli 2026 informeren over de “reële” veerdiensten naar Fryslân."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with two promises: one long past, one to come."""
    with time_machine.travel(MONDAY, tick=False), Store.open(f"sqlite:///{tmp_path / 'tracker.sqlite3'}") as opened:
        add(opened)
        yield opened


def add(store: Store, words: str = LETTER, due: date = date(2026, 6, 30), made: date = date(2026, 3, 2)) -> str:
    from tracker.domain import Actor, DuePeriod, Precision

    minister = Actor("ik", "J. de Wit", "Staatssecretaris van Infrastructuur en Waterstaat", "IenW")
    period = DuePeriod(made, due, Precision.DAY)
    return store.add(words, made=made, due=period, deadline="vóór 1 juli 2026", actor=minister, source="Brief")


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Three tries as always, without the waits between them."""
    stamina.set_testing(True, attempts=delivery.TRIES)
    yield
    stamina.set_testing(False)
