"""The inbox: a folder that people and programs put documents into. What was read is moved to `done/`, what could not
be to `failed/`, with the reason beside it.

A file is taken once it is whole: it has the same size and time of change at two looks. It is moved after the store has
it, so a crash loses nothing: the next run finds the file again, knows its bytes, and moves it. Nothing is overwritten.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tracker import pipeline

if TYPE_CHECKING:
    from tracker.documents import Limits
    from tracker.knowledge import Knowledge
    from tracker.pipeline import FileOutcome
    from tracker.store import Store

DONE, FAILED = "done", "failed"

#: How the file with the reason is called, after the name of the document. Nobody takes a .log for one (pipeline.py).
REASON = ".reason.log"

#: Names that browsers and copying programs give to files they have not finished.
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", "~")

#: What tells one state of a file from another: device, number, size, time of change.
Look = tuple[int, int, int, int]


def read(
    store: Store,
    folder: Path,
    knowledge: Knowledge,
    limits: Limits | None = None,
    *,
    settle_seconds: float = 2,
    wait: Callable[[float], None] = time.sleep,
) -> list[FileOutcome]:
    """Read the files that are whole and move them aside; the others wait for the next time. Raises StoreError only."""
    before = _look(folder)
    if before and settle_seconds:
        wait(settle_seconds)
    outcomes: list[FileOutcome] = []
    for path, seen in before.items():
        if _state(path) != seen:
            continue
        found = (
            [_refused(store, path)]
            if path.is_symlink()
            else pipeline.ingest_file(store, path, knowledge, limits=limits)
        )
        if _state(path) == seen:  # else somebody wrote another over it meanwhile: that one is still to be read
            found = _put_aside(store, folder, path, found)
        outcomes += found
    return outcomes


def _look(folder: Path) -> dict[Path, Look]:
    """The files in the folder and in folders within it, by name. Links to folders are not followed."""
    found: dict[Path, Look] = {}
    for path in _files(folder):
        state = _state(path)
        if state is not None:
            found[path] = state
    return found


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder, followlinks=False):
        top = Path(place)
        aside = {DONE, FAILED} if top == folder else set()
        folders[:] = sorted(name for name in folders if name not in aside and not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and not name.lower().endswith(_UNFINISHED):
                yield top / name


def _state(path: Path) -> Look | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _refused(store: Store, path: Path) -> FileOutcome:
    error = f"{path}: a link to another place; links in the inbox are not followed. Put the document itself there."
    store.quarantine.add(str(path), error)
    return pipeline.FileOutcome(path, pipeline.Outcome.FAILED, error=error)


def _put_aside(store: Store, folder: Path, path: Path, found: list[FileOutcome]) -> list[FileOutcome]:
    """Move a file to where its outcome belongs; where that cannot be done it stays, and that is told."""
    errors = [each.error for each in found if each.error]
    try:
        place = _free(folder / (FAILED if errors else DONE) / path.relative_to(folder))
        place.parent.mkdir(parents=True, exist_ok=True)
        if errors:
            beside = _free(place.with_name(f"{place.name}{REASON}"))
            beside.write_text("\n".join(errors) + "\n", encoding="utf-8")
        path.rename(place)
    except OSError as problem:
        error = f"{path}: read, and could not be moved aside ({problem.strerror}); check the folder's permissions."
        return [*found, replace(found[0], outcome=pipeline.Outcome.FAILED, error=error)]
    if errors:
        store.quarantine.moved(str(path), str(place))
    return found


def _free(path: Path) -> Path:
    """The path, or the next one with a number that is not taken: "brief (2).pdf"."""
    number, free = 1, path
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free
