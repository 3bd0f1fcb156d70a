"""What was fetched, kept: every answer by the hash of its bytes, and for every address which answer came last.

Two things lie in the folder: `ab/abcd….pdf`, the bytes; and `index/12/1234….json`, one small file an address. Both are
written aside and put in place whole, so a kill leaves the old or the new one. What lost power or a bad disk did to the
bytes shows by their hash, and they are fetched again. From this folder alone everything can be read again without a
network.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from tracker import clock
from tracker.documents.sources.http import Client, Manners, short
from tracker.errors import NotKept, StoreLocked

#: How the first bytes of a file name its format; what is none of these is kept as text.
SIGNATURES = (
    (b"%PDF-", ".pdf"),
    (b"PK\x03\x04", ".docx"),
    (b"<!doctype html", ".html"),
    (b"<html", ".html"),
    (b"<?xml", ".xml"),
    (b"{", ".json"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer on disk. `version` is what the source called this state of it, where it has such a thing."""

    url: str
    file: str  # relative to the folder
    sha256: str
    media_type: str
    etag: str | None
    last_modified: str | None
    version: str | None
    fetched_at: str


class Originals:
    """The folder of what was fetched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Nobody else fetches into this folder meanwhile. Raises StoreLocked where somebody does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / ".lock", timeout=0):
                yield
        except Timeout:
            raise StoreLocked(f"another program is fetching into {self.folder}: wait until it is done") from None

    def find(self, url: str) -> Kept | None:
        """The last answer of an address, if its bytes are still there and whole."""
        kept = self._listed(self._index(url))
        return kept if kept and hashlib.sha256(self.content(kept)).hexdigest() == kept.sha256 else None

    def under(self, start: str) -> list[Kept]:
        """The last answers of all addresses that begin so, in the order in which they were fetched."""
        found = [kept for file in self.folder.glob("index/*/*.json") if (kept := self._listed(file)) is not None]
        return sorted((kept for kept in found if kept.url.startswith(start)), key=lambda kept: kept.fetched_at)

    def _listed(self, file: Path) -> Kept | None:
        try:
            kept = Kept(**json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):  # never fetched, or not written by us: fetch it again
            return None
        return kept if self.path(kept).is_file() else None

    def path(self, kept: Kept) -> Path:
        return self.folder / kept.file

    def content(self, kept: Kept) -> bytes:
        return self.path(kept).read_bytes()

    def keep(self, kept: Kept, content: bytes) -> Kept:
        """Put bytes and index in place, in this order."""
        _write(self.path(kept), content)
        return self._list(kept)

    def renew(self, kept: Kept, version: str | None) -> Kept:
        """The same bytes are now known under another version."""
        if kept.version == version:
            return kept
        return self._list(replace(kept, version=version))

    def _list(self, kept: Kept) -> Kept:
        _write(self._index(kept.url), json.dumps(asdict(kept), ensure_ascii=False).encode())
        return kept

    def _index(self, url: str) -> Path:
        name = hashlib.sha256(url.encode()).hexdigest()
        return self.folder / "index" / name[:2] / f"{name}.json"


class NetworkSettings(Protocol):
    """`[network]` of the configuration."""

    @property
    def contact(self) -> str: ...
    @property
    def originals(self) -> Path: ...
    @property
    def pause(self) -> float: ...
    @property
    def largest_megabytes(self) -> int: ...
    @property
    def allow_private(self) -> bool: ...


@contextmanager
def network(said: NetworkSettings, *, offline: bool = False) -> Iterator[Fetcher]:
    """What fetches, as the configuration has it; with `offline` only from what is kept."""
    originals = Originals(said.originals)
    if offline:
        yield Fetcher(originals, None)
        return
    manners = Manners(
        contact=said.contact,
        pause=said.pause,
        largest=said.largest_megabytes * 1_000_000,
        allow_private=said.allow_private,
    )
    with Client(manners) as client:
        yield Fetcher(originals, client)


class Fetcher:
    """Addresses in, kept answers out. Without a client it works offline, from what is kept."""

    def __init__(self, originals: Originals, client: Client | None) -> None:
        self.originals = originals
        self._client = client

    @property
    def offline(self) -> bool:
        return self._client is None

    def get(
        self,
        url: str,
        *,
        version: str | None = None,
        accept: str = "*/*",
        check: Callable[[bytes], object] | None = None,
    ) -> Kept:
        """The current answer of an address. What is kept under this `version` is not asked for again.

        `check` sees the bytes before they are kept and raises SourceError for what cannot be right.
        """
        known = self.originals.find(url)
        if known is not None and (self._client is None or (version is not None and known.version == version)):
            return known
        if self._client is None:
            raise NotKept(f"{short(url)}: not kept, and not asked for when working offline")
        answer = self._client.get(
            url,
            accept=accept,
            etag=known.etag if known else None,
            last_modified=known.last_modified if known else None,
        )
        if answer.unchanged and known is not None:
            return self.originals.renew(known, version)
        if check is not None:
            check(answer.content)
        digest = hashlib.sha256(answer.content).hexdigest()
        kept = Kept(
            url=url,
            file=f"{digest[:2]}/{digest}{suffix_of(answer.content)}",
            sha256=digest,
            media_type=answer.media_type,
            etag=answer.etag,
            last_modified=answer.last_modified,
            version=version,
            fetched_at=clock.now().isoformat(timespec="microseconds"),
        )
        return self.originals.keep(kept, answer.content)


def suffix_of(content: bytes) -> str:
    """The suffix by which readers know a format, from the bytes: what servers call a file is often wrong."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((suffix for signature, suffix in SIGNATURES if start.startswith(signature.lower())), ".txt")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    aside.write_bytes(content)
    aside.replace(path)
