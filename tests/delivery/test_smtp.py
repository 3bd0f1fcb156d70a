"""Mail to a real server: it arrives whole, and every way in which it may not ends as docs/decisions/010 says."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine

from tracker import delivery
from tracker.config import Recipient
from tracker.errors import ConfigError
from tracker.store.outbox import LEASE, WAITS, MailState

from .conftest import ANNA, MONDAY, add, free_port, speaking


def send(store, config):
    """Queue the report and deliver it; what the outbox then says of each mail."""
    delivery.queue_reports(store, config)
    done = delivery.deliver(store, config)
    return done, {mail.recipient: mail for mail in store.outbox.mails()}


def part(mail: EmailMessage, kind: str) -> str:
    return str(mail.get_body((kind,)).get_content())


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_mail_arrives_whole(store, settings, serve, security):
    server = serve(security)
    done, outbox = send(store, settings(port=server.port, security=security, ca_file=server.ca))
    assert (done.sent, done.problems) == (1, [])
    assert outbox[ANNA.address].state is MailState.SENT
    (mail,) = server.handler.mails()
    assert mail["To"] == "Anna Čapková-d’Hondt <anna@example.org>"
    assert mail["From"] == "Toezeggingen <tracker@example.org>"
    assert mail["Subject"] == "Toezeggingen aan de Kamer, 7 september 2026"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<mailto:tracker@example.org?subject=afmelden>"
    assert mail["Date"].datetime == MONDAY
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", mail["Message-ID"])
    for kind in ("plain", "html"):
        assert "“reële” veerdiensten naar Fryslân" in " ".join(part(mail, kind).split())
    (page,) = mail.iter_attachments()
    assert page.get_filename() == "tracker-rapport-2026-09-07.html"
    assert page.get_content().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("by", ["environment", "file"])
def test_a_login(store, settings, serve, tmp_path, security, by):
    server = serve(security, login=("anna", "geheim"))
    (tmp_path / "password").write_text("geheim\n", encoding="utf-8")
    given = {"password": "geheim"} if by == "environment" else {"password_file": tmp_path / "password"}
    config = settings(port=server.port, security=security, ca_file=server.ca, user="anna", **given)
    assert send(store, config)[0].sent == 1


def test_a_wrong_password_sends_nothing_and_waits_for_a_right_one(store, settings, serve):
    server = serve("starttls", login=("anna", "right"))
    config = settings(port=server.port, security="starttls", ca_file=server.ca, user="anna", password="wrong")
    done, outbox = send(store, config)
    assert not server.handler.taken
    assert outbox[ANNA.address].state is MailState.QUEUED
    assert "refuses the login" in done.problems[0]
    assert "wrong" not in done.problems[0]


def test_no_login_without_encryption(store, settings, serve):
    server = serve()
    with pytest.raises(ConfigError, match="without encryption no login is sent"):
        send(store, settings(port=server.port, user="anna", password="x"))


def test_no_server_is_a_clear_error_and_loses_nothing(store, settings):
    config = settings()
    nowhere = config.model_copy(update={"mail": config.mail.model_copy(update={"server": ""})})
    with pytest.raises(ConfigError, match=r"mail\.server names no server"):
        send(store, nowhere)
    assert [mail.state for mail in store.outbox.mails()] == [MailState.QUEUED]


# ── What may go wrong ────────────────────────────────────────────────────────────────────────────────────────────


def test_refused_connection_waits(store, settings):
    done, outbox = send(store, settings(port=free_port()))
    assert outbox[ANNA.address].state is MailState.QUEUED
    assert outbox[ANNA.address].next_at == MONDAY + WAITS[0]
    assert "cannot be reached" in done.problems[0]


def test_451_then_accept_is_one_mail(store, settings, serve):
    server = serve()
    server.handler.replies = ["451 later, please"]
    done, outbox = send(store, settings(port=server.port))
    assert done.sent == 1
    assert outbox[ANNA.address].state is MailState.SENT
    assert len(server.handler.taken) == 1


def test_451_each_time_waits_and_goes_when_the_server_will(store, settings, serve):
    server = serve()
    server.handler.replies = ["451 later"] * delivery.TRIES
    config = settings(port=server.port)
    done, outbox = send(store, config)
    assert (done.waiting, outbox[ANNA.address].error) == (1, "the server says not now: 451 later")
    assert delivery.deliver(store, config).sent == 0  # not before its time
    with time_machine.travel(MONDAY + WAITS[0], tick=False):
        assert delivery.deliver(store, config).sent == 1
    assert len(server.handler.taken) == 1


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
def test_550_is_a_dead_letter_at_once_and_stops_nobody_else(store, settings, serve, at):
    server = serve()
    if at == "RCPT":
        server.handler.refused = {ANNA.address: "550 no such mailbox"}
    else:
        server.handler.replies = ["550 we do not want this"]
    config = settings(ANNA, Recipient(address="bram@example.org"), port=server.port)
    done, outbox = send(store, config)
    assert (done.sent, done.dead) == (1, 1)
    assert outbox[ANNA.address].state is MailState.DEAD
    assert outbox[ANNA.address].error.startswith("the server refuses: 550")
    assert server.handler.to == ["bram@example.org"]


def test_a_server_that_hangs_is_left(store, settings):
    with speaking() as port:
        done, outbox = send(store, settings(port=port, timeout_seconds=1))
    assert outbox[ANNA.address].state is MailState.QUEUED
    assert "did not answer in time" in done.problems[0]


def test_a_round_ends_where_the_server_cannot_be_reached(store, settings):
    done, outbox = send(store, settings(ANNA, Recipient(address="bram@example.org"), port=free_port()))
    assert len(done.problems) == 1
    assert sorted(mail.attempts for mail in outbox.values()) == [0, 1]


def test_a_line_that_breaks_after_data_is_tried_again_and_arrives_once(store, settings, serve):
    server = serve()
    server.handler.replies = ["drop"]
    done, outbox = send(store, settings(port=server.port))
    assert done.sent == 1
    assert len(server.handler.taken) == 1
    assert outbox[ANNA.address].state is MailState.SENT


def test_a_server_that_hangs_after_data_is_asked_again(store, settings, serve):
    server = serve()
    server.handler.replies = ["hang"]
    done, outbox = send(store, settings(port=server.port, timeout_seconds=1))
    assert (done.sent, len(server.handler.taken)) == (1, 1)
    assert outbox[ANNA.address].state is MailState.SENT


def test_a_line_that_breaks_after_the_mail_was_taken_is_the_one_window(store, settings, serve):
    server = serve()
    server.handler.replies = ["take and drop"]
    assert send(store, settings(port=server.port))[0].sent == 1
    first, second = server.handler.taken
    assert first == second  # the same Message-ID: a reader's program can tell


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("wrong", ["name", "authority"])
def test_a_wrong_certificate_gets_no_mail(store, settings, serve, security, wrong):
    server = serve(security, name="mail.example.com" if wrong == "name" else "localhost")
    config = settings(port=server.port, security=security, **({"ca_file": server.ca} if wrong == "name" else {}))
    done, outbox = send(store, config)
    assert "certificate does not hold" in done.problems[0]
    assert not server.handler.taken
    assert outbox[ANNA.address].state is MailState.QUEUED


def test_a_server_that_offers_no_encryption_gets_no_mail(store, settings, serve):
    server = serve("none")
    done, outbox = send(store, settings(port=server.port, security="starttls"))
    assert "cannot do what mail.security" in done.problems[0]
    assert not server.handler.taken
    assert outbox[ANNA.address].state is MailState.QUEUED


def test_after_the_last_attempt_a_mail_is_dead_and_can_be_sent_again(store, settings, serve):
    nobody = settings(port=free_port())
    delivery.queue_reports(store, nobody)
    moment = MONDAY
    for wait in (*WAITS, timedelta()):
        with time_machine.travel(moment, tick=False):
            delivery.deliver(store, nobody)
        moment += wait
    (mail,) = store.outbox.mails()
    assert (mail.state, mail.attempts) == (MailState.DEAD, len(WAITS) + 1)
    server = serve()
    with time_machine.travel(moment, tick=False):
        assert delivery.deliver(store, settings(port=server.port)).sent == 0
        store.outbox.retry([mail.id])
        assert delivery.deliver(store, settings(port=server.port)).sent == 1
    assert len(server.handler.taken) == 1


def test_the_next_report_mentions_what_could_not_be_delivered(store, settings, serve):
    server = serve()
    server.handler.refused = {ANNA.address: "550 no such mailbox"}
    bram = Recipient(address="bram@example.org")
    send(store, settings(ANNA, port=server.port))
    send(store, settings(bram, port=server.port))
    (mail,) = server.handler.mails()
    assert "Een eerder bericht met dit rapport kon niet worden bezorgd" in " ".join(part(mail, "plain").split())


# ── Crashes ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Killed(BaseException):
    """The process is gone: nothing after this runs."""


def test_killed_before_the_server_took_it_the_mail_goes_once(store, settings, serve, monkeypatch):
    server = serve()
    config = settings(port=server.port)
    delivery.queue_reports(store, config)

    def kill(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_send", kill)
        with pytest.raises(Killed):
            delivery.deliver(store, config)
    assert delivery.deliver(store, config).sent == 0  # for all we know it is still being sent
    with time_machine.travel(MONDAY + LEASE, tick=False):
        assert delivery.deliver(store, config).sent == 1
    assert len(server.handler.taken) == 1


def test_killed_between_the_servers_yes_and_the_mark_is_the_one_window(store, settings, serve, monkeypatch):
    server = serve()
    config = settings(port=server.port)
    delivery.queue_reports(store, config)

    def kill(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_mark", kill)
        with pytest.raises(Killed):
            delivery.deliver(store, config)
    with time_machine.travel(MONDAY + LEASE, tick=False):
        assert delivery.deliver(store, config).sent == 1
    first, second = server.handler.mails()
    assert first["Message-ID"] == second["Message-ID"]  # a reader's program can tell
    assert server.handler.taken[0] == server.handler.taken[1]


def test_a_farewell_that_fails_does_not_send_it_again(store, settings, serve, monkeypatch):
    import smtplib

    def gone(self):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(smtplib.SMTP, "quit", gone)
    server = serve()
    config = settings(port=server.port)
    assert send(store, config)[0].sent == 1
    with time_machine.travel(MONDAY + LEASE, tick=False):
        assert delivery.deliver(store, config).sent == 0


def test_a_mail_that_ends_the_program_each_time_is_dead_at_last(store, settings, monkeypatch):
    config = settings()
    delivery.queue_reports(store, config)

    def kill(*_, **__):
        raise Killed

    monkeypatch.setattr(delivery, "_send", kill)
    moment = MONDAY
    for _ in range(len(WAITS) + 1):
        with time_machine.travel(moment, tick=False), pytest.raises(Killed):
            delivery.deliver(store, config)
        moment += LEASE
    with time_machine.travel(moment, tick=False):
        delivery.deliver(store, config)
    assert [mail.state for mail in store.outbox.mails()] == [MailState.DEAD]


# ── Who gets what ────────────────────────────────────────────────────────────────────────────────────────────────


def text_to(store, settings, serve, recipient: Recipient) -> str:
    server = serve()
    send(store, settings(recipient, port=server.port))
    (mail,) = server.handler.mails()
    return " ".join(part(mail, "plain").split())


@pytest.mark.parametrize(
    ("condition", "there"),
    [
        ({"ministry": ("ienw",)}, True),
        ({"ministry": ("VWS",)}, False),
        ({"words": "VEERDIENSTEN fryslan"}, True),
        ({"words": "spoor"}, False),
        ({"tag": ("water",)}, True),
        ({"tag": ("water", "spoor")}, False),
        ({"dossier": "31 015"}, False),
    ],
    ids=str,
)
def test_the_conditions_of_a_recipient(store, settings, serve, condition, there):
    number = add(store, due=MONDAY.date())
    store.tag([number], add=["water"])
    told = text_to(store, settings, serve, Recipient(address="a@example.org", **condition))
    assert (number in told) is there
    assert "Dit bericht gaat alleen over: " in told


def test_only_what_is_past(store, settings, serve):
    number = add(store, due=MONDAY.date())
    told = text_to(store, settings, serve, Recipient(address="a@example.org", only_past=True))
    assert number not in told
    assert "TT-2026-0001" in told


def test_the_terms_for_a_calendar(store, settings, serve):
    from icalendar import Calendar

    number = add(store, due=MONDAY.date() + timedelta(days=20))
    server = serve()
    anna = Recipient(address="anna@example.org", calendar=True)
    send(store, settings(anna, port=server.port))
    store.set_due([number], MONDAY.date() + timedelta(days=40))
    with time_machine.travel(MONDAY + timedelta(days=7), tick=False):
        send(store, settings(anna, port=server.port))
    first, second = (
        Calendar.from_ical(attached.get_content()).events[0]
        for mail in server.handler.mails()
        for attached in mail.iter_attachments()
        if attached.get_content_type() == "text/calendar"
    )
    assert first["UID"] == second["UID"] == f"{number}@toezeggingen-tracker"
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert (first.start, second.start) == tuple(MONDAY.date() + timedelta(days=n) for n in (20, 40))
