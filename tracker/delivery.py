"""Mail leaves here: the reports are put into the outbox, and what is due in the outbox is handed to the server.

The only code that sends. docs/decisions/010 tells what each failure comes to.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import Any

import stamina

from tracker import clock
from tracker.commitments.filters import Filter
from tracker.config import Config, Recipient
from tracker.config import Mail as MailSettings
from tracker.errors import ConfigError, StoreLocked, TrackerError
from tracker.knowledge import heirs_of, load_registry
from tracker.reports import archive, mail, views
from tracker.reports.views import ReportView, Trouble
from tracker.store import Store
from tracker.store.outbox import Mail, MailState

#: Within one attempt a server that stammers is asked again so often, after so many seconds.
TRIES, FIRST_WAIT, LONGEST = 3, 1.0, 120.0

SILENT = "the server did not answer in time"


class NotNow(TrackerError):
    """The mail was not taken; a later attempt may be. `server`: no mail would be taken now; `soon`: ask again."""

    def __init__(self, message: str, *, server: bool, soon: bool = True) -> None:
        super().__init__(message)
        self.server = server
        self.soon = soon


class Never(TrackerError):
    """The server will not take this mail, now or later."""


# ── Into the outbox ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail made for a recipient, not yet in the outbox."""

    key: str
    recipient: Recipient
    message: EmailMessage
    as_of: date
    made_at: datetime


def queue_reports(store: Store, config: Config) -> list[str]:
    """Put today's report into the outbox for everybody whose period has none yet. Returns the keys of the new mails."""
    day, now = clock.today(), clock.now()
    waiting = [each for each in config.recipient if not store.outbox.has(key_of(each, day))]
    new = []
    for letter in letters(store, config, waiting, day, now):
        queued = store.outbox.queue(
            letter.key,
            recipient=letter.recipient.address,
            subject=str(letter.message["Subject"]),
            message=letter.message.as_bytes(),
            as_of=letter.as_of,
            made_at=letter.made_at,
        )
        if queued:
            new.append(letter.key)
    return new


def letters(
    store: Store, config: Config, recipients: Iterable[Recipient], day: date, now: datetime
) -> Iterator[Letter]:
    """The mails of a day, made and not sent; none for who wants changes only and has none."""
    facts = _Once(store)
    trouble = troubles(store, config)
    heirs = heirs_of(load_registry())
    for each in recipients:
        language = each.language or config.report.language
        view = views.from_store(
            facts,
            as_of=day,
            made_at=now,
            since=store.outbox.last_report(each.address, before=day),
            due_soon_days=config.report.due_soon_days,
            grace_days=config.report.grace_days,
            language=language,
            wanted=_filter(each),
            trouble=trouble,
            heirs=heirs,
        )
        view = views.only_past(view) if each.only_past else view
        if each.rhythm == "changes" and view.changes and view.changes.none:
            continue
        head = mail.Letterhead(
            key=key_of(each, day),
            sender=config.mail.sender,
            recipient=each.address,
            name=each.name,
            unsubscribe=parseaddr(config.mail.unsubscribe or config.mail.sender)[1],
            scope=_scope(each),
        )
        terms = mail.calendar(view, store.revisions(), language) if each.calendar else None
        yield Letter(
            head.key,
            each,
            mail.compose(view, head, own_templates=own_templates(config), language=language, calendar=terms),
            day,
            now,
        )


def page_view(store: Store, config: Config, *, day: date, now: datetime, folder: Path, language: str) -> ReportView:
    """What the page of a day says, compared with the last one in the folder."""
    return views.from_store(
        store,
        as_of=day,
        made_at=now,
        since=archive.last_before(day, folder),
        due_soon_days=config.report.due_soon_days,
        grace_days=config.report.grace_days,
        language=language,
        trouble=troubles(store, config),
        heirs=heirs_of(load_registry()),
    )


def troubles(store: Store, config: Config) -> Trouble:
    """What could not be read or delivered, and still is not."""
    return Trouble(
        files=tuple(Path(file.path).name for file in store.quarantine.files()),
        sources=store.troubled_sources(row.name for row in config.source),
        mails=store.outbox.count(MailState.DEAD),
    )


def own_templates(config: Config) -> tuple[Path, ...]:
    """The user's templates, which go before those of the program."""
    return (config.report.templates,) if config.report.templates else ()


def key_of(recipient: Recipient, day: date) -> str:
    """What makes a report the same report: its recipient and its ISO week, or its month. "report/a@b.nl/2026-W37"."""
    year, week, _ = day.isocalendar()
    period = f"{day:%Y-%m}" if recipient.rhythm == "monthly" else f"{year}-W{week:02}"
    return f"report/{recipient.address.casefold()}/{period}"


def _filter(recipient: Recipient) -> Filter:
    return Filter(
        ministry=frozenset(recipient.ministry),
        dossier=recipient.dossier,
        tag=frozenset(recipient.tag),
        search=recipient.words,
    )


def _scope(recipient: Recipient) -> tuple[tuple[str, str], ...]:
    given = (
        ("ministry", ", ".join(recipient.ministry)),
        ("dossier", recipient.dossier),
        ("tag", ", ".join(recipient.tag)),
        ("words", recipient.words),
        ("only_past", "only" if recipient.only_past else ""),
    )
    return tuple((name, value) for name, value in given if value)


@dataclass
class _Once:
    """The store, asked each question once: recipients mostly ask the same."""

    store: Store
    answers: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def commitments(self, **asked: Any) -> Any:
        return self._ask(self.store.commitments, asked)

    def moved_on(self, **asked: Any) -> Any:
        return self._ask(self.store.moved_on, asked)

    def fulfilments(self, **asked: Any) -> Any:
        return self._ask(self.store.fulfilments, asked)

    def summary(self, **asked: Any) -> Any:
        return self._ask(self.store.summary, asked)

    def _ask(self, question: Callable[..., Any], asked: dict[str, Any]) -> Any:
        key = (question.__name__, *sorted(asked.items()))
        if key not in self.answers:
            self.answers[key] = question(**asked)
        return self.answers[key]


# ── Out of the outbox ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Delivered:
    """What one round came to; each line of `problems` is for the history."""

    sent: int = 0
    waiting: int = 0
    dead: int = 0
    problems: list[str] = field(default_factory=list)


def deliver(store: Store, config: Config) -> Delivered:
    """Hand what is due to the server, one by one; the round ends where no mail would be taken.

    A mail is claimed in the database before, and marked sent right after the server took it.
    Raises ConfigError where mail waits and no server is configured, or the password cannot be read.
    """
    done = Delivered()
    if not store.outbox.count(MailState.QUEUED) and not store.outbox.count(MailState.SENDING):
        return done
    password = _password(config.mail)
    while found := store.outbox.claim():
        try:
            for attempt in _attempts():
                with attempt:
                    _send(found, config.mail, password, taken=partial(_mark, store, found))
        except (NotNow, Never) as problem:
            state = store.outbox.failed(found.id, str(problem), for_good=isinstance(problem, Never))
            done.dead += state is MailState.DEAD
            done.waiting += state is MailState.QUEUED
            done.problems.append(f"{found.recipient}: {problem}")
            if isinstance(problem, NotNow) and problem.server:
                break
        else:
            done.sent += 1
    return done


def _attempts() -> Iterable[Any]:
    return stamina.retry_context(
        on=lambda problem: isinstance(problem, NotNow) and problem.soon,
        attempts=TRIES,
        timeout=LONGEST,
        wait_initial=FIRST_WAIT,
        wait_max=30.0,
    )


def _mark(store: Store, sent: Mail) -> None:
    """Mark a mail that the server took. Not marked is sent again: a database that is busy is asked for minutes."""
    for attempt in stamina.retry_context(on=StoreLocked, attempts=20, timeout=300.0):
        with attempt:
            store.outbox.sent(sent.id)


def _password(settings: MailSettings) -> str:
    if not settings.server:
        raise ConfigError("mail waits to be sent, and mail.server names no server; set it in config.toml")
    if not settings.user:
        return ""
    if settings.security == "none":
        raise ConfigError("mail.user: without encryption no login is sent; set mail.security to starttls or tls")
    password = settings.password
    if settings.password_file and not password:
        try:
            password = settings.password_file.read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise ConfigError(f"mail.password_file: {settings.password_file}: {problem.strerror}") from None
    if not f"{settings.user}{password}".isascii():
        raise ConfigError("mail.user and its password must be plain ASCII: the login has no way to send other letters")
    return password


def _send(message: Mail, settings: MailSettings, password: str, taken: Callable[[], None]) -> None:
    """Hand over one mail. `taken` is called the moment the server said yes, before the farewell.

    Raises NotNow or Never; what `taken` raises goes through.
    """
    if message.message is None:
        raise Never("its text is gone: it was sent before")
    sender = parseaddr(settings.sender)[1]
    with _connected(settings, password) as server:
        with _judged(server=False):
            server.sendmail(sender, [message.recipient], message.message)
        taken()


@contextmanager
def _connected(settings: MailSettings, password: str) -> Iterator[smtplib.SMTP]:
    """A connection with its certificate checked, and logged in; its end is polite where that is possible."""
    with _judged(server=True):
        tls = ssl.create_default_context()
        if settings.ca_file:
            tls.load_verify_locations(settings.ca_file)
        where = (settings.server, settings.port)
        server = (
            smtplib.SMTP_SSL(*where, timeout=settings.timeout_seconds, context=tls)
            if settings.security == "tls"
            else smtplib.SMTP(*where, timeout=settings.timeout_seconds)
        )
    try:
        with _judged(server=True):
            if settings.security == "starttls":
                server.starttls(context=tls)
            if settings.user:
                server.login(settings.user, password)
        yield server
        with contextlib.suppress(smtplib.SMTPException, OSError):  # it has the mail; a rude farewell changes nothing
            server.quit()
    finally:
        server.close()


@contextmanager
def _judged(*, server: bool) -> Iterator[None]:
    """What the server or the network says, as NotNow or Never. `server`: what is said here holds for every mail."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as refused:
        code, reply = next(iter(refused.recipients.values()))
        raise _verdict(code, reply, server=False) from refused
    except smtplib.SMTPAuthenticationError as refused:
        said = f"the server refuses the login: {_line(refused.smtp_code, refused.smtp_error)}"
        raise NotNow(said, server=True, soon=False) from refused
    except smtplib.SMTPResponseException as refused:
        raise _verdict(refused.smtp_code, refused.smtp_error, server=server) from refused
    except smtplib.SMTPNotSupportedError as missing:
        raise NotNow(
            f"the server cannot do what mail.security or mail.user asks: {missing}", server=True, soon=False
        ) from missing
    except ssl.SSLCertVerificationError as wrong:
        said = f"the server's certificate does not hold: {wrong.verify_message}"
        raise NotNow(said, server=True, soon=False) from wrong
    except smtplib.SMTPServerDisconnected as gone:
        if isinstance(gone.__context__, TimeoutError):  # smtplib's way of saying it
            raise NotNow(SILENT, server=True) from gone
        raise NotNow(f"the server broke off: {gone}", server=server) from gone
    except TimeoutError as slow:
        raise NotNow(SILENT, server=True) from slow
    except (smtplib.SMTPException, OSError) as problem:
        raise NotNow(f"the server cannot be reached: {problem}", server=True) from problem


def _verdict(code: int, said: bytes | str, *, server: bool) -> TrackerError:
    if code >= 500 and not server:
        return Never(f"the server refuses: {_line(code, said)}")
    return NotNow(f"the server says not now: {_line(code, said)}", server=server, soon=code < 500)


def _line(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:500]


def summary_of(new: Sequence[str], done: Delivered) -> str:
    """One line for the history: "3 new mails, 2 sent, 1 waits: …"."""
    counts = ((len(new), "new"), (done.sent, "sent"), (done.waiting, "waiting"), (done.dead, "dead"))
    said = ", ".join(f"{n} {name}" for n, name in counts if n) or "nothing to send"
    return "; ".join([f"mail: {said}", *done.problems])
