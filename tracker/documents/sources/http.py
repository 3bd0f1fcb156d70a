"""GET, politely and safely: the one place that talks HTTP.

Retries what may pass (with Retry-After), keeps a pause between requests to one host, says who asks, bounds time and
size, and follows redirects itself so that every hop is checked: only public addresses, unless told otherwise. The
address that was checked is the one connected to, so a name cannot point elsewhere a moment later.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Self

import httpx
import stamina

from tracker import __version__, clock
from tracker.errors import (
    AddressRefused,
    SourceChanged,
    SourceError,
    SourceMissing,
    SourceTruncated,
    SourceUnreachable,
)

REDIRECTS = {301, 302, 303, 307, 308}
GONE = {404, 410}
#: Answers that say: later.
LATER = {408, 425, 429, 500, 502, 503, 504}
MOST_REDIRECTS = 5

#: Where public IPv6 addresses lie, and those that stand for an IPv4 address (RFC 6052); IPv4 kept for protocols.
UNICAST, NAT64 = ipaddress.IPv6Network("2000::/3"), ipaddress.IPv6Network("64:ff9b::/96")
PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")

#: From a host's name and port to its addresses.
Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Manners:
    """How we behave towards others, and what we put up with."""

    contact: str = ""  # an address or page by which an operator can reach the user
    pause: float = 0.5  # seconds between two requests to one host
    attempts: int = 5
    first_wait: float = 1.0  # seconds before the second attempt; doubles from there
    longest_wait: float = 60.0  # also for Retry-After: who asks for more is asked another day
    connect_seconds: float = 10.0
    silence_seconds: float = 30.0  # between two pieces of an answer
    total_seconds: float = 300.0  # one answer
    largest: int = 40_000_000  # bytes
    allow_private: bool = False  # loopback and private networks

    @property
    def identification(self) -> str:
        return f"toezeggingen-tracker/{__version__}" + (f" (+{self.contact})" if self.contact else "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `unchanged`: the server says that what the caller has is current, and sent nothing."""

    url: str  # after redirects
    content: bytes
    media_type: str
    etag: str | None
    last_modified: str | None
    unchanged: bool = False


class _Later(SourceUnreachable):
    """Something that may pass; `wait` is how many seconds the server asks for."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class Client:
    """A context manager; one thread at a time. `resolve` is for tests."""

    def __init__(self, manners: Manners = Manners(), resolve: Resolve | None = None) -> None:
        self.manners = manners
        self._resolve = resolve or _addresses
        self._hosts: dict[str, httpx.Client] = {}  # one each: a TLS connection made for one name serves no other
        self._asked: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._hosts.values():
            client.close()
        self._hosts.clear()

    def get(
        self, url: str, *, accept: str = "*/*", etag: str | None = None, last_modified: str | None = None
    ) -> Answer:
        """Fetch an address. With `etag` or `last_modified` of an earlier answer the server may say: unchanged.

        Raises SourceUnreachable and SourceTruncated after the last attempt; SourceMissing (404, 410), SourceChanged
        (any other refusal) and AddressRefused at once.
        """
        headers = {"Accept": accept, "Accept-Encoding": "gzip, identity", "User-Agent": self.manners.identification}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        for attempt in stamina.retry_context(
            on=self._worth_another_try,
            attempts=self.manners.attempts,
            timeout=None,
            wait_initial=self.manners.first_wait,
            wait_max=self.manners.longest_wait,
            wait_jitter=min(1.0, self.manners.first_wait),
        ):
            with attempt:
                return self._follow(url, headers)
        raise AssertionError("the last attempt returns or raises")

    def _worth_another_try(self, problem: Exception) -> bool | float:
        if isinstance(problem, _Later) and problem.wait is not None:
            return problem.wait if problem.wait <= self.manners.longest_wait else False
        return isinstance(problem, SourceError) and problem.passing

    def _follow(self, url: str, headers: dict[str, str]) -> Answer:
        here = url
        for _ in range(MOST_REDIRECTS + 1):
            with self._ask(here, headers) as response:
                if response.status_code in REDIRECTS and "location" in response.headers:
                    # Joined here: the request itself names an address in place of the host.
                    here = _joined(here, response.headers["location"])
                    continue
                return self._answer(
                    here, response, conditional="If-None-Match" in headers or "If-Modified-Since" in headers
                )
        raise SourceChanged(f"{short(url)}: redirected more than {MOST_REDIRECTS} times; look at it in a browser")

    @contextmanager
    def _ask(self, url: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """One request over the wire, with httpx's errors as ours; the body is not read yet."""
        address, at = _parsed(url), short(url)
        target = self._checked(address)
        self._keep_distance(address.host)
        if address.host not in self._hosts:
            self._hosts[address.host] = self._new_client()
        client = self._hosts[address.host]
        request = client.build_request(
            "GET",
            address.copy_with(host=target),
            headers={**headers, "Host": address.netloc.decode("ascii")},
            extensions={"sni_hostname": address.host},
        )
        try:
            response = client.send(request, stream=True)
            try:
                yield response
            finally:
                response.close()
        except httpx.TimeoutException as problem:
            raise SourceUnreachable(f"{at}: no answer in time ({type(problem).__name__})") from problem
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError) as problem:
            raise SourceTruncated(f"{at}: the answer broke off: {problem or type(problem).__name__}") from problem
        except httpx.TransportError as problem:
            raise SourceUnreachable(f"{at}: cannot be reached: {problem or type(problem).__name__}") from problem
        finally:
            self._asked[address.host] = time.monotonic()

    def _new_client(self) -> httpx.Client:
        manners = self.manners
        timeout = httpx.Timeout(manners.silence_seconds, connect=manners.connect_seconds)
        # No proxy from the environment: it would connect for us to an address that nobody checked.
        return httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False)

    def _keep_distance(self, host: str) -> None:
        if (last := self._asked.get(host)) is not None:
            time.sleep(max(0.0, last + self.manners.pause - time.monotonic()))

    def _checked(self, address: httpx.URL) -> str:
        """The IP address to connect to. Raises AddressRefused unless all addresses of the host are public."""
        at = short(str(address))
        if address.scheme not in {"http", "https"} or not address.host or address.userinfo:
            raise AddressRefused(f"{at}: not an address to fetch; expected https://host/path without a password")
        port = address.port or (443 if address.scheme == "https" else 80)
        try:
            found = self._resolve(address.host, port)
        except (OSError, UnicodeError) as problem:
            raise SourceUnreachable(f"{at}: the name {address.host} is not known here: {problem}") from problem
        for ip in found:
            if not _is_public(ip) and not _is_private(ip):  # link-local, as where clouds keep passwords; multicast
                raise AddressRefused(f"{at}: leads to {ip}, where no documents are")
            if not _is_public(ip) and not self.manners.allow_private:
                raise AddressRefused(
                    f"{at}: leads to {ip}, which is not on the public internet; "
                    "`allow_private = true` under [network] in config.toml allows it"
                )
        return found[0]

    def _answer(self, url: str, response: httpx.Response, *, conditional: bool) -> Answer:
        status = response.status_code
        if status == 304 and conditional:
            return Answer(url, b"", "", None, None, unchanged=True)
        if status in GONE:
            raise SourceMissing(f"{short(url)}: not there (HTTP {status})")
        if status in LATER:
            raise _Later(f"{short(url)}: the server says later (HTTP {status})", _retry_after(response))
        if status != 200:
            said = " ".join(self._body(url, response)[:300].decode("utf-8", "replace").split())
            raise SourceChanged(f"{short(url)}: refused (HTTP {status}): {said}")
        headers = response.headers
        return Answer(
            url,
            self._body(url, response),
            headers.get("content-type", "").partition(";")[0].strip().lower(),
            headers.get("etag"),
            headers.get("last-modified"),
        )

    def _body(self, url: str, response: httpx.Response) -> bytes:
        """The whole body, within the limits of size and time. A drip of bytes ends too."""
        at, largest = short(url), self.manners.largest
        until = time.monotonic() + self.manners.total_seconds
        pieces: list[bytes] = []
        size = 0
        for piece in response.iter_bytes():
            pieces.append(piece)
            size += len(piece)
            if size > largest:
                raise AddressRefused(f"{at}: larger than {largest / 1e6:.0f} MB, which is not fetched")
            if time.monotonic() > until:
                raise SourceUnreachable(f"{at}: still not whole after {self.manners.total_seconds:.0f} seconds")
        return b"".join(pieces)


def short(url: str) -> str:
    """An address for a message: without a question that may fill a page."""
    start, mark, _ = url.partition("?")
    return f"{start}{mark and '?…'}"


def _parsed(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except httpx.InvalidURL as problem:
        raise AddressRefused(f"{url!r}: not an address: {problem}") from problem


def _joined(url: str, location: str) -> str:
    try:
        return str(_parsed(url).join(location))
    except httpx.InvalidURL as problem:
        raise AddressRefused(f"{short(url)}: redirects to {location!r}, no address: {problem}") from problem


def _addresses(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None)
        if inner is None:
            return ip in UNICAST and ip.is_global
        ip = inner
    return ip.is_global and not ip.is_multicast and ip not in PROTOCOLS


def _is_private(address: str) -> bool:
    """Whether it is of this machine or a private network."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_loopback or (
        ip.is_private and not (ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved)
    )


def _retry_after(response: httpx.Response) -> float | None:
    """Retry-After in seconds: it comes as a number or as a date (RFC 9110, 10.2.3)."""
    said = response.headers.get("retry-after", "").strip()
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - clock.now()).total_seconds()) if said else None
    except (ValueError, TypeError):
        return None
