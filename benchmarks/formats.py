"""How fast files are read: pages of PDF a second beside pypdf, and documents a second of each format into SQLite.

    python benchmarks/formats.py [FOLDER OF PDFS]     # default: ../shared/pdf beside the checkout, else the sample

Both readers of PDF take the same files in the same run, by turns, and the best of three rounds counts. pypdf only
gives the text as drawn; ours also leaves out heads and margins and joins paragraphs.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

ROUNDS = 3
COPIES = 40  # of each format, each with words of its own
LEAST = 5.0  # times as fast as pypdf


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT.parent / "shared" / "pdf")
    folder = parser.parse_args().folder
    files = sorted(folder.glob("*.pdf")) or [ROOT / "tracker" / "samples" / "brief-revalidatiezorg.pdf"]
    faster = pages([file.read_bytes() for file in files])
    documents()
    if faster < LEAST:
        sys.exit(f"only {faster:.1f} times as fast as pypdf; {LEAST:.0f} was promised")


def pages(contents: list[bytes]) -> float:
    from pypdf import PdfReader

    from tracker.documents import read_bytes

    def ours() -> int:
        return sum(len(read_bytes(content, "x.pdf").pages) for content in contents)

    def theirs() -> int:
        read = [PdfReader(io.BytesIO(content)) for content in contents]
        return sum(len([page.extract_text() for page in reader.pages]) for reader in read)

    number = sum(len(PdfReader(io.BytesIO(content)).pages) for content in contents)
    best = {ours: float("inf"), theirs: float("inf")}
    for _ in range(ROUNDS):
        for reader in best:
            best[reader] = min(best[reader], taken(reader))
    print(f"{len(contents)} PDFs, {number} pages")
    print(f"  tracker  {number / best[ours]:8.0f} pages a second")
    faster = best[theirs] / best[ours]
    print(f"  pypdf    {number / best[theirs]:8.0f} a second: tracker is {faster:.1f} times as fast")
    return faster


def documents() -> None:
    """Files of each format, made from the sample letter, through `pipeline.ingest` into a new SQLite file each."""
    from tests.documents import conversions as to
    from tracker import pipeline
    from tracker.knowledge import load_knowledge
    from tracker.store import Store

    letter = (ROOT / "tracker" / "samples" / "brief-dorpsbussen.md").read_text(encoding="utf-8")
    write: dict[str, Callable[[str], bytes]] = {
        "md": str.encode,
        "docx": to.as_docx,
        "html": lambda text: to.as_html(text).encode(),
        "xml": lambda text: to.as_kamerstuk(text).encode(),
        "eml": to.as_mail,
    }
    knowledge = load_knowledge()
    with Store.open("sqlite://") as store:  # what is made once a run
        pipeline.ingest(store, [ROOT / "tracker" / "samples"], knowledge)
    print(f"{COPIES} letters of {len(letter):,} characters in each format, from the file into SQLite")
    for suffix, make in write.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "letters"
            folder.mkdir()
            for number in range(COPIES):
                own = letter.replace("Nr. 6", f"Nr. {number + 100}").replace("dorpsbussen", f"dorpsbussen {number}")
                (folder / f"{number:03}.{suffix}").write_bytes(make(own))
            with Store.open(f"sqlite:///{Path(name) / 'x.sqlite3'}") as store:
                began = time.perf_counter()
                outcomes = pipeline.ingest(store, [folder], knowledge)
                passed = time.perf_counter() - began
            new = sum(each.outcome is pipeline.Outcome.NEW for each in outcomes)
            print(f"  {suffix:<5} {new / passed:8.0f} documents a second ({new} new of {len(outcomes)})")


def taken(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
