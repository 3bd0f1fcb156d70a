"""How long the weekly report takes over a long store, and how large it gets: 20,000 invented commitments.

    python benchmarks/report.py [--commitments N] [--store FILE]

FILE is made where it is not there: as by benchmarks/store.py, with one letter in ten more that says promises are met.
Memory is what the process held at its most, up to the page and with the mail.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from tracker import clock
from tracker.domain import Actor, Document, DocumentKind, Kind, Label, Mention, Metadata, Span
from tracker.knowledge import heirs_of, load_registry
from tracker.reports import archive, mail, views
from tracker.store import Store

sys.path.insert(0, str(Path(__file__).parent))
from store import A_DOCUMENT, MINISTRIES, NAMES, SIDES, SUBJECTS, TODAY, File, fill

T = TypeVar("T")
SECONDS, MEGABYTES = 5.0, 300.0
HEAD = mail.Letterhead("report/a@example.org/2026-W48", "T <t@example.org>", "a@example.org", "", "t@example.org")


def say_what_was_met(store: Store, letters: int) -> None:
    """Letters in which the government says that it keeps promises, five a letter; nobody has judged them."""
    chance = random.Random(8)
    for serial in range(letters):
        day = TODAY - timedelta(days=chance.randrange(700))
        actor = Actor("ik", chance.choice(NAMES), "Minister", chance.choice(MINISTRIES))
        text, mentions = f"Den Haag, {day}\n\n", []
        for _ in range(5):
            subject, side = chance.choice(SUBJECTS), chance.choice(SIDES)
            said = (
                f"Hierbij bied ik u zoals toegezegd het rapport {side}{subject} in gebied {chance.randrange(9000)} aan."
            )
            span = Span(len(text), len(text) + len(said))
            cue = Span(span.start, span.start + 12)
            mentions.append(Mention(span, 0, Label.FULFILMENT, "fulfilment.hereby", cue, 0.9, Kind.INFORM, actor=actor))
            text += said + "\n\n"
        about = Metadata(day, DocumentKind.LETTER, f"Aanbieding {serial}", None, ("30 001",), str(serial))
        document, file = Document(f"aanbieding-{serial}.txt", text, about), File(text, f"a{serial:063x}")
        store.save(store.receive(document, file, rulebook_version="1"), mentions)


def most_memory() -> float:
    """In megabytes, what this process held at its most since `forget_memory`."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024


def forget_memory() -> None:
    """What the process that started this one held counts for it, on Linux, until it is told to forget it."""
    if (told := Path("/proc/self/clear_refs")).is_file():
        told.write_text("5")


def measured(what: str, action: Callable[[], T]) -> tuple[T, float]:
    began = perf_counter()
    result = action()
    took = perf_counter() - began
    print(f"{what:<44} {took:6.2f} s")
    return result, took


def measure(url: str) -> None:
    """The report as `tracker run` makes it in a week like any other, with a report of last week to compare with."""
    forget_memory()
    now, heirs = datetime.combine(TODAY, time(6), UTC), heirs_of(load_registry())
    with Store.open(url, read_only=True) as store:
        view, gathering = measured(
            "what it says (reading and placing)",
            lambda: views.from_store(
                store,
                as_of=TODAY,
                made_at=now,
                since=(TODAY - timedelta(days=7), clock.now()),  # all of it was recorded when the store was made
                due_soon_days=30,
                grace_days=7,
                heirs=heirs,
            ),
        )
        with tempfile.TemporaryDirectory() as folder:
            path, showing = measured("the page", lambda: archive.write(view, Path(folder)))
            size = path.stat().st_size
        most = most_memory()
        (text, short), _ = measured("the mail's two parts", lambda: mail.parts(view, HEAD, "rapport.html"))
        whole, _ = measured("the mail, whole", lambda: mail.compose(view, HEAD).as_bytes())
    print(f"{'report':<44} {gathering + showing:6.2f} s   of {SECONDS:.0f} s")
    print(f"{'memory':<44} {most:6.0f} MB  of {MEGABYTES:.0f} MB")
    print(f"{'memory, with the mail':<44} {most_memory():6.0f} MB")
    print(f"{'page':<44} {size / 1e6:6.1f} MB")
    print(f"{'mail: HTML':<44} {len(short.encode()) / 1e3:6.1f} kB  of {mail.MOST_BYTES / 1e3:.0f} kB")
    print(f"{'mail: text':<44} {len(text.encode()) / 1e3:6.1f} kB")
    print(f"{'mail: whole, with the attached page':<44} {len(whole) / 1e6:6.2f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commitments", type=int, default=20_000)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.measure)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = asked.store or Path(folder) / "long.sqlite3"
        if not path.is_file():
            with Store.open(f"sqlite:///{path}") as store:
                fill(store, asked.commitments)
                say_what_was_met(store, asked.commitments // A_DOCUMENT // 10)
        # In a process of its own: making the store took memory too.
        subprocess.run([sys.executable, __file__, "--measure", f"sqlite:///{path}"], check=True)


if __name__ == "__main__":
    main()
