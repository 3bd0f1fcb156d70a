"""The outbox: a mail is a row with a key before it is sent, and marked sent after the server took it.

    queued → sending → sent
       ↑        │
       └────────┴────→ dead     (after the last attempt, or where the server will never take it; `retry` revives it)

One program at a time sends a mail: it claims the row, for at most LEASE. A claim that outlives its lease was left by a
program that crashed, and the mail is sent again (docs/decisions/010): nothing is lost, and twice is possible only
where the crash fell between the server's taking it and the mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.errors import NotFound
from tracker.store.intake import Hand
from tracker.store.tables import MailRow

#: Longer than any attempt lasts: `mail.timeout_seconds` is at most 60, and an attempt waits a dozen times for a server.
LEASE = timedelta(minutes=30)

#: How long to wait after the first failed attempt, the second, … After the last one a mail is dead.
WAITS = tuple(timedelta(minutes=m) for m in (5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60))


class MailState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in the outbox. `message` is None once it was sent."""

    id: int
    key: str
    recipient: str
    subject: str
    as_of: date
    made_at: datetime
    message: bytes | None
    state: MailState
    attempts: int
    next_at: datetime
    claimed_at: datetime | None
    sent_at: datetime | None
    error: str | None


Reading = Callable[[], AbstractContextManager[Session]]
Writing = Callable[[], AbstractContextManager[tuple[Session, Hand]]]


class Outbox:
    """The mails of a store; each method is one transaction."""

    def __init__(self, reading: Reading, writing: Writing) -> None:
        self._reading = reading
        self._writing = writing

    # ── Asking ───────────────────────────────────────────────────────────────────────────────────────────────────

    def has(self, key: str) -> bool:
        """Whether a mail of this key was ever queued, whatever became of it."""
        with self._reading() as session:
            return session.scalar(select(MailRow.id).where(MailRow.key == key)) is not None

    def last_report(self, recipient: str, *, before: date) -> tuple[date, datetime] | None:
        """The day of the last mail to a recipient before a day that is not dead, and the moment it was made."""
        newest = (
            select(MailRow.as_of, MailRow.made_at)
            .where(func.lower(MailRow.recipient) == recipient.lower())
            .where(MailRow.as_of < before, MailRow.state != MailState.DEAD)
            .order_by(MailRow.made_at.desc())
            .limit(1)
        )
        with self._reading() as session:
            found = session.execute(newest).first()
            return (found.as_of, found.made_at) if found else None

    def mails(self, states: Iterable[MailState] = MailState, limit: int | None = None) -> list[Mail]:
        """Mails in these states, the newest first."""
        chosen = select(MailRow).where(MailRow.state.in_(list(states))).order_by(MailRow.id.desc()).limit(limit)
        with self._reading() as session:
            return [_mail(row) for row in session.scalars(chosen)]

    def count(self, state: MailState, *, older_than: datetime | None = None) -> int:
        """How many are in a state; with `older_than` only those made before that moment."""
        made = [] if older_than is None else [MailRow.made_at < older_than]
        with self._reading() as session:
            return session.scalar(select(func.count()).where(MailRow.state == state, *made)) or 0

    # ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────────

    def queue(self, key: str, *, recipient: str, subject: str, message: bytes, as_of: date, made_at: datetime) -> bool:
        """Put a mail in; False, and nothing done, where one of this key is or was there already."""
        try:
            with self._writing() as (session, hand):
                if session.scalar(select(MailRow.id).where(MailRow.key == key)) is not None:
                    return False
                row = MailRow(key=key, recipient=recipient, subject=subject, message=message, as_of=as_of)
                row.made_at, row.next_at, row.attempts, row.state = made_at, hand.at, 0, MailState.QUEUED
                session.add(row)
        except IntegrityError:  # another program queued it in the same moment
            return False
        return True

    def claim(self) -> Mail | None:
        """Take the next mail that is due: from now on this program, and no other, sends it. None where none is."""
        with self._writing() as (session, hand):
            due = select(MailRow).where(_due(hand.at)).order_by(MailRow.next_at, MailRow.id)
            for row in session.scalars(due.with_for_update(skip_locked=True)):
                if row.attempts > len(WAITS):  # each attempt ended in a crash
                    row.state, row.claimed_at, row.error = MailState.DEAD, None, "the program ended during each attempt"
                    continue
                row.state, row.claimed_at, row.attempts = MailState.SENDING, hand.at, row.attempts + 1
                return _mail(row)
        return None

    def sent(self, mail_id: int) -> None:
        """The server took it."""
        with self._writing() as (session, hand):
            row = session.get_one(MailRow, mail_id)
            row.state, row.sent_at, row.claimed_at = MailState.SENT, hand.at, None
            row.error, row.message = None, None

    def failed(self, mail_id: int, error: str, *, for_good: bool) -> MailState:
        """An attempt failed: to be tried later, or dead where it is `for_good` or was the last one."""
        with self._writing() as (session, hand):
            row = session.get_one(MailRow, mail_id)
            row.error, row.claimed_at = error, None
            if for_good or row.attempts > len(WAITS):
                row.state = MailState.DEAD
            else:
                row.state, row.next_at = MailState.QUEUED, hand.at + WAITS[row.attempts - 1]
            return MailState(row.state)

    def retry(self, mail_ids: Iterable[int] = ()) -> list[Mail]:
        """Put dead mails back, and let waiting ones go at once; without ids all of them. NotFound for an unknown id."""
        wanted = list(mail_ids)
        states = (MailState.DEAD, MailState.QUEUED)
        with self._writing() as (session, hand):
            chosen = select(MailRow).where(MailRow.state.in_(states)).order_by(MailRow.id)
            rows = {row.id: row for row in session.scalars(chosen.where(MailRow.id.in_(wanted)) if wanted else chosen)}
            if missing := [mail_id for mail_id in wanted if mail_id not in rows]:
                raise NotFound(f"no mail {missing[0]} that waits or is dead; `tracker outbox list` shows them")
            for row in rows.values():
                row.attempts = 0 if row.state == MailState.DEAD else row.attempts
                row.state, row.next_at = MailState.QUEUED, hand.at
            return [_mail(row) for row in rows.values()]


def _due(now: datetime) -> ColumnElement[bool]:
    waiting = and_(MailRow.state == MailState.QUEUED, MailRow.next_at <= now)
    left_behind = and_(MailRow.state == MailState.SENDING, MailRow.claimed_at <= now - LEASE)
    return or_(waiting, left_behind)


def _mail(row: MailRow) -> Mail:
    return Mail(
        row.id,
        row.key,
        row.recipient,
        row.subject,
        row.as_of,
        row.made_at,
        row.message,
        MailState(row.state),
        row.attempts,
        row.next_at,
        row.claimed_at,
        row.sent_at,
        row.error,
    )
