"""Reading in a process of its own: whatever becomes of that process, the program goes on, with one clear line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tracker.documents import Limits, apart
from tracker.documents.limits import Budget
from tracker.errors import UnreadableDocument

from .make_pdf import lines, make_pdf

BUDGET = Budget("brief.pdf", Limits(seconds=10, memory_bytes=500_000_000))


def process() -> int:
    return apart.call(BUDGET, os.getpid)


def test_it_is_another_process_and_the_same_one_each_time() -> None:
    first = process()
    assert first != os.getpid()
    assert process() == first


def test_time_that_is_up_ends_it() -> None:
    began = time.monotonic()
    with pytest.raises(UnreadableDocument, match=r"brief\.pdf: not read within 0\.3 seconds"):
        apart.call(Budget("brief.pdf", Limits(seconds=0.3)), time.sleep, 30)
    assert time.monotonic() - began < 2
    assert process()


def test_memory_that_is_up_ends_it() -> None:
    with pytest.raises(UnreadableDocument, match=r"brief\.pdf: takes more than 500 MB to read"):
        apart.call(BUDGET, bytearray, 600_000_000)
    assert apart.call(BUDGET, bytearray, 3) == bytearray(3)


@pytest.mark.parametrize("end", [os.abort, os._exit], ids=["a crash", "an exit"])
def test_a_library_that_breaks_ends_only_that_process(end: object) -> None:
    before = process()
    with pytest.raises(UnreadableDocument, match=r"brief\.pdf: the reader broke down"):
        apart.call(BUDGET, end, *([] if end is os.abort else [1]))  # type: ignore[arg-type]
    assert process() != before


def test_a_reader_that_fails_is_named() -> None:
    with pytest.raises(UnreadableDocument, match=r"brief\.pdf: the reader could not cope .* \(ValueError\)"):
        apart.call(BUDGET, int, "x")


def test_it_was_killed_between_two_files() -> None:
    os.kill(process(), signal.SIGKILL)
    time.sleep(0.1)
    assert process()


def test_what_a_library_prints_is_no_answer() -> None:
    assert apart.call(BUDGET, os.write, 1, b"warning: page 3") == 15
    assert process()


@pytest.mark.skipif(sys.platform != "linux", reason="the system's own limits")
def test_it_writes_no_files(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument):
        apart.call(BUDGET, Path.write_text, tmp_path / "x.txt", "x")
    assert not (tmp_path / "x.txt").read_text()


def test_a_forked_process_has_one_of_its_own() -> None:
    before = process()
    if (child := os.fork()) == 0:
        os._exit(0 if process() != before and process() == process() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert process() == before


def test_an_interrupt_in_the_middle_does_not_mix_up_answers() -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            apart.call(BUDGET, time.sleep, 5)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert apart.call(BUDGET, abs, -7) == 7


@pytest.mark.parametrize("how", ["ends", "is killed"])
def test_it_ends_with_the_program(how: str, tmp_path: Path) -> None:
    (tmp_path / "brief.pdf").write_bytes(make_pdf([lines(80, 700, "Een brief.")]))
    program = (
        "import os, sys; from pathlib import Path; from tracker import documents; from tracker.documents import apart;"
        f"documents.read(Path({str(tmp_path / 'brief.pdf')!r}));"
        "print(apart._running[os.getpid()].pid, flush=True); sys.stdin.read()"
    )
    running = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert running.stdout is not None
    other = int(running.stdout.readline())
    if how == "is killed":
        running.kill()
    running.communicate()
    until = time.monotonic() + 5
    while is_there(other) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_there(other)


def is_there(number: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
