"""The one HTTP client: what it sends, what it puts up with, and where it does not go."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from dataclasses import replace
from email.utils import format_datetime

import pytest

from tracker import __version__, clock
from tracker.documents.sources.http import Client, Manners, _is_private, _is_public
from tracker.errors import (
    AddressRefused,
    SourceChanged,
    SourceMissing,
    SourceTruncated,
    SourceUnreachable,
)

from .conftest import QUICK
from .server import Fault, Service


@pytest.fixture(autouse=True)
def _files(service: Service) -> None:
    service.files["/brief.txt"] = b"Geachte voorzitter, " * 50


def test_it_says_who_asks(service: Service, client: Client) -> None:
    client.get(f"{service.url}/brief.txt")
    assert service.asked[0].headers["User-Agent"] == f"toezeggingen-tracker/{__version__} (+beheer@example.org)"
    assert service.asked[0].headers["Host"] == service.url.removeprefix("http://")


def test_an_answer_that_did_not_change_is_not_sent_again(service: Service, client: Client) -> None:
    first = client.get(f"{service.url}/brief.txt")
    again = client.get(f"{service.url}/brief.txt", etag=first.etag)
    assert (first.unchanged, again.unchanged, again.content) == (False, True, b"")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(service: Service, client: Client, status: int) -> None:
    service.fail(Fault(status), Fault(status))
    assert client.get(f"{service.url}/brief.txt").content == service.files["/brief.txt"]
    assert len(service.asked) == 3


def test_so_often_and_no_more(service: Service, client: Client) -> None:
    service.fail(*[Fault(503)] * 9)
    with pytest.raises(SourceUnreachable, match="HTTP 503"):
        client.get(f"{service.url}/brief.txt")
    assert len(service.asked) == QUICK.attempts


def test_retry_after_in_seconds_is_waited_for(service: Service, client: Client) -> None:
    service.fail(Fault(429, {"Retry-After": "1"}))
    client.get(f"{service.url}/brief.txt")
    assert service.asked[1].at - service.asked[0].at >= 1


def test_retry_after_as_a_date_is_understood(service: Service) -> None:
    later = format_datetime(clock.now().replace(year=2090))
    service.fail(Fault(503, {"Retry-After": later}))
    with Client(QUICK) as client, pytest.raises(SourceUnreachable):
        client.get(f"{service.url}/brief.txt")
    assert len(service.asked) == 1, "who asks for more than the longest wait is asked another day"


def test_what_is_not_there_is_not_asked_for_again(service: Service, client: Client) -> None:
    with pytest.raises(SourceMissing):
        client.get(f"{service.url}/weg.txt")
    assert len(service.asked) == 1


def test_a_refusal_is_a_change_of_the_interface(service: Service, client: Client) -> None:
    service.fail(Fault(400))
    with pytest.raises(SourceChanged, match=r"refused \(HTTP 400\): trouble"):
        client.get(f"{service.url}/brief.txt")


@pytest.mark.parametrize("kind", ["truncated", "dropped"])
def test_half_an_answer_is_none(service: Service, client: Client, kind: str) -> None:
    service.fail(*[Fault(kind)] * 3)
    with pytest.raises(SourceTruncated):
        client.get(f"{service.url}/brief.txt")
    service.fail(Fault(kind))
    assert client.get(f"{service.url}/brief.txt").content == service.files["/brief.txt"]


@pytest.mark.parametrize("kind", ["slow", "drip"])
def test_an_answer_that_takes_too_long_ends(service: Service, kind: str) -> None:
    service.fail(Fault(kind, seconds=5))
    started = time.monotonic()
    with Client(replace(QUICK, attempts=1)) as client, pytest.raises(SourceUnreachable):
        client.get(f"{service.url}/brief.txt")
    assert time.monotonic() - started < 3


def test_too_much_is_not_fetched(service: Service) -> None:
    with Client(replace(QUICK, largest=500)) as client, pytest.raises(AddressRefused, match="larger than"):
        client.get(f"{service.url}/brief.txt")
    assert len(service.asked) == 1


def test_what_unpacks_to_far_more_is_not_fetched(service: Service) -> None:
    """A fifth of a megabyte over the wire that is two hundred unpacked."""
    service.files["/bom.txt"] = gzip.compress(bytes(200_000_000), 6)
    service.headers["/bom.txt"] = {"Content-Encoding": "gzip"}
    tracemalloc.start()
    with Client(replace(QUICK, largest=20_000_000)) as client, pytest.raises(AddressRefused, match="larger than 20 MB"):
        client.get(f"{service.url}/bom.txt")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150e6


def test_a_server_that_is_not_there(service: Service, client: Client) -> None:
    with pytest.raises(SourceUnreachable, match="cannot be reached"):
        client.get("http://127.0.0.1:9/brief.txt")


def test_requests_to_one_host_keep_their_distance(service: Service) -> None:
    with Client(replace(QUICK, pause=0.2)) as client:
        for _ in range(3):
            client.get(f"{service.url}/brief.txt")
    first, second, third = (asked.at for asked in service.asked)
    assert second - first >= 0.19
    assert third - second >= 0.19


# ── Where it does not go ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "::", "::127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b::10.0.0.1", "fec0::1", "2001::1", "ff02::1", "192.0.0.8", "198.18.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    with Client(Manners(), resolve=lambda host, port: [address]) as client, pytest.raises(AddressRefused):
        client.get("https://www.example.org/brief.pdf")


@pytest.mark.parametrize("address", ["93.184.215.14", "2a02:d28::1", "64:ff9b::93.184.215.14", "::ffff:93.184.215.14"])
def test_public_addresses_are_public(address: str) -> None:
    assert _is_public(address)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1", "224.0.0.1", "::", "0.0.0.0", "::ffff:169.254.169.254"]
)
def test_where_no_documents_are_nobody_goes_even_when_private_networks_are_allowed(address: str) -> None:
    with Client(QUICK, resolve=lambda *_: [address]) as client, pytest.raises(AddressRefused, match="no documents"):
        client.get("http://www.example.org/latest/meta-data")


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "192.168.1.4", "fd00::1", "::ffff:127.0.0.1"])
def test_this_machine_and_private_networks_can_be_allowed(address: str) -> None:
    assert _is_private(address)
    assert not _is_public(address)


def test_one_inner_address_among_public_ones_is_enough_to_refuse() -> None:
    with Client(Manners(), resolve=lambda *_: ["93.184.215.14", "10.0.0.1"]) as client, pytest.raises(AddressRefused):
        client.get("https://www.example.org/brief.pdf")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "ⓛocalhost",
    ],
)
def test_loopback_however_it_is_written_is_refused(host: str) -> None:
    """As the system itself reads numbers and names: nothing is replaced here."""
    with Client(Manners(attempts=1)) as client, pytest.raises(AddressRefused):
        client.get(f"http://{host}/x")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/x", "https://naam:geheim@example.org/x", "https://", "brief.txt",
     "http://exa mple.org/\n", "http://example.org\r\nX: y/"],
)  # fmt: skip
def test_addresses_that_are_not_fetched(url: str) -> None:
    with Client(Manners(attempts=1)) as client, pytest.raises(AddressRefused):
        client.get(url)


def test_the_checked_address_is_the_one_connected_to(service: Service) -> None:
    """A name that says another address at each look-up leads where the check looked."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    port = service.url.rpartition(":")[2]
    with Client(QUICK, resolve=lambda *_: next(answers)) as client:
        client.get(f"http://wisselt.example.org:{port}/brief.txt")
    assert service.asked[0].headers["Host"] == f"wisselt.example.org:{port}"
    assert next(answers) == ["127.0.0.2"], "it was looked up once"


def test_a_redirect_is_followed(service: Service, client: Client) -> None:
    service.redirects |= {"/oud": "/nieuw", "/nieuw": f"{service.url}/brief.txt"}
    answer = client.get(f"{service.url}/oud")
    assert (answer.url, answer.content) == (f"{service.url}/brief.txt", service.files["/brief.txt"])


def test_a_redirect_to_the_inside_is_refused(service: Service) -> None:
    """The first address counts as public here; where it sends us does not."""
    port = service.url.rpartition(":")[2]
    service.redirects["/oud"] = f"http://binnen.example.org:{port}/brief.txt"
    places = {"buiten.example.org": ["127.0.0.1"], "binnen.example.org": ["10.0.0.1"]}
    client = Client(replace(QUICK, allow_private=False), resolve=lambda host, _: places[host])
    with client, pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracker.documents.sources.http._is_public", lambda ip: ip == "127.0.0.1")
        with pytest.raises(AddressRefused, match=r"leads to 10\.0\.0\.1"):
            client.get(f"http://buiten.example.org:{port}/oud")
    assert len(service.asked) == 1


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://example.org/x", "gopher://x"])
def test_a_redirect_to_something_else_is_refused(service: Service, client: Client, to: str) -> None:
    service.redirects["/oud"] = to
    with pytest.raises(AddressRefused):
        client.get(f"{service.url}/oud")


def test_redirects_in_a_circle_end(service: Service, client: Client) -> None:
    service.redirects |= {"/a": "/b", "/b": "/a"}
    with pytest.raises(SourceChanged, match="redirected more than"):
        client.get(f"{service.url}/a")
