"""How a sync of many served documents goes: documents a second, and memory that does not grow with their number.

    python benchmarks/sync.py [--documents 5000] [--store FOLDER]

Serves invented letters over HTTP on loopback, in a process of its own, as the Tweede Kamer's OData does (pages of 250),
and reads them into an empty SQLite store. Memory is the resident set of the reading process, looked at during the
first fifth of the documents and during the last.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.sources.server import Service, document, serve  # noqa: E402
from tracker import pipeline  # noqa: E402
from tracker.cli.ingest import progress  # noqa: E402
from tracker.documents.sources.http import Client, Manners  # noqa: E402
from tracker.documents.sources.originals import Fetcher, Originals  # noqa: E402
from tracker.documents.sources.subscription import Subscription  # noqa: E402
from tracker.knowledge import load_knowledge  # noqa: E402
from tracker.store import Store  # noqa: E402

MANNERS = Manners(pause=0, allow_private=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--documents", type=int, default=5_000)
    arguments.add_argument("--store", type=Path, help="keep store and originals in this folder")
    chosen = arguments.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=publish, args=(chosen.documents, theirs), daemon=True)
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        measure(chosen.store or Path(folder), ours.recv(), chosen.documents)
    server.terminate()


def publish(count: int, address: Connection) -> None:
    with serve(Service(documents=[document(number) for number in range(count)])) as service:
        address.send(service.odata)
        time.sleep(1e6)


def measure(folder: Path, address: str, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    knowledge = load_knowledge()
    subscription = Subscription(name="benchmark", publisher="tweedekamer", address=address)
    memory: list[tuple[int, float]] = []  # after so many documents, in MB
    with Store.open(f"sqlite:///{folder / 'tracker.sqlite3'}") as store, Client(MANNERS) as client:
        for walk in ("first", "second"):
            with progress(f"{walk} walk") as bar:

                def on_record(done: int, total: int | None, bar: object = bar) -> None:
                    bar(done, count)  # type: ignore[operator]
                    if done % 50 == 0:
                        memory.append((done, resident()))

                fetcher = Fetcher(Originals(folder / "originals"), client)
                started, worked = time.perf_counter(), time.process_time()
                counts = pipeline.sync(store, subscription, fetcher, knowledge, on_record)
                seconds, worked = time.perf_counter() - started, time.process_time() - worked
            rate = "nothing new"
            if counts.inserted:  # the second figure does not depend on what else the machine does
                each = worked / counts.inserted * 1000
                rate = f"{counts.inserted / seconds:.1f} documents a second, {each:.0f} ms of processor each"
            print(f"{walk} walk: {counts.inserted} new, {counts.unchanged} known in {seconds:.1f} s: {rate}")
            assert counts.problem is None, counts.problem
    early = max(mb for done, mb in memory if done <= count / 5)
    late = max(mb for done, mb in memory if done > count * 4 / 5)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"memory: {early:.0f} MB in the first fifth, {late:.0f} MB in the last, {peak:.0f} MB at most")


def resident() -> float:
    """The resident set of this process in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
