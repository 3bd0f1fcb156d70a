"""Reading in a process of its own, so that a file cannot take the program's time or memory, or end it.

A library can be kept busy, filled up or broken by a few kilobytes that were made for it (a PDF page of drawings within
drawings), and nothing in this process could stop it. That process is started for the first file that is not plain text,
and reads all later ones; it writes no files, and ends with the program.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

from tracker.documents.limits import Budget
from tracker.errors import UnreadableDocument

Found = TypeVar("Found")

#: How that process says that its memory is used up. Whatever else ends it is a library that broke.
_OUT_OF_MEMORY = 3

#: One a process: what is forked off does not share the one of its parent.
_running: dict[int, subprocess.Popen[bytes]] = {}
_one_at_a_time = threading.Lock()


def call(budget: Budget, reader: Callable[..., Found], *arguments: object) -> Found:
    """What a reader gives for these arguments. Raises UnreadableDocument: what it raises, or what became of it."""
    with _one_at_a_time:
        process = _running.get(os.getpid())
        if process is None or process.poll() is not None:
            process = _running[os.getpid()] = _started()
        answer = _ask(process, budget, (budget, reader, arguments))
    if isinstance(answer, UnreadableDocument):
        raise answer
    return answer  # type: ignore[no-any-return]


def _ask(process: subprocess.Popen[bytes], budget: Budget, question: object) -> Any:
    late = threading.Event()

    def time_is_up() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(budget.limits.seconds, time_is_up)
    timer.daemon = True
    timer.start()
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        pickle.dump(question, process.stdin)
        process.stdin.flush()
        answer = pickle.load(process.stdout)
    except (EOFError, OSError, pickle.UnpicklingError):
        process.kill()
        _explain(budget, process.wait(), late=late.is_set())
    except BaseException:  # between question and answer: nobody could tell which answer comes next
        process.kill()
        process.wait()
        raise
    finally:
        timer.cancel()
        timer.join()
    if late.is_set():
        _explain(budget, process.wait(), late=True)
    return answer


def _explain(budget: Budget, ended: int, *, late: bool) -> NoReturn:
    name, limits = budget.name, budget.limits
    if late:
        said = f"not read within {limits.seconds:g} seconds; split it, or raise limits.seconds."
    elif ended == _OUT_OF_MEMORY:
        said = f"takes more than {limits.memory_bytes / 1e6:.0f} MB to read; split it, or raise limits.memory_bytes."
    else:  # some libraries end so where there is no more memory
        said = (
            f"the reader broke down over this file, or needed more than {limits.memory_bytes / 1e6:.0f} MB; "
            "save it in another format, and please report it."
        )
    raise UnreadableDocument(f"{name}: {said}")


def _started() -> subprocess.Popen[bytes]:
    # It finds modules where this one does, and no others in the folder it is started in. A session of its own: an
    # interrupt from the keyboard is for this program, which then ends the other one.
    work = f"import sys; sys.path[:] = {sys.path!r}; from tracker.documents.apart import serve; serve()"
    return subprocess.Popen(
        [sys.executable, "-P", "-c", work],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@atexit.register
def _end() -> None:
    process = _running.pop(os.getpid(), None)
    if process is not None:
        process.kill()
        process.communicate()


# ── In that process ──────────────────────────────────────────────────────────────────────────────────────────────


def serve() -> None:
    """Read what is asked for until nobody asks any more."""
    questions = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    while True:
        try:
            budget, reader, arguments = pickle.load(questions)
        except EOFError:
            return
        try:
            _limit(budget.limits.memory_bytes)
            pickle.dump(_answer(budget, reader, arguments), answers)
            answers.flush()
        except MemoryError:
            os._exit(_OUT_OF_MEMORY)


def _answer(budget: Budget, reader: Callable[..., object], arguments: tuple[object, ...]) -> object:
    try:
        return reader(*arguments)
    except UnreadableDocument as problem:
        return problem
    except MemoryError:
        raise
    except Exception as problem:  # noqa: BLE001 - one hostile file must not stop the others
        return UnreadableDocument(
            f"{budget.name}: the reader could not cope with this file ({type(problem).__name__}); save it in another "
            "format, and please report it."
        )


def _limit(memory: int) -> None:
    """No more memory than this, and not one byte into any file; where the system has such limits."""
    with suppress(ImportError):  # Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
