"""Throughput of the whole reading beside spaCy's blank Dutch tokeniser and sentencizer, over ../shared/corpus.

    .venv/bin/python benchmarks/extract.py [--megabytes 6] [--rounds 7] [--python PYTHON_WITH_SPACY]

Without --python, spaCy is installed from PyPI into a virtual environment that is thrown away afterwards. Both read the
same texts on one core, in turn, round after round, in seconds of processor time; the rates are of the best round of
each, the ratio is the median over the rounds, so that other work on the machine weighs on both alike. Also printed:
the most memory used after a quarter of the texts and after all of them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median

from tracker import pipeline
from tracker.domain import Document, DocumentKind, Metadata
from tracker.knowledge import Knowledge, load_knowledge

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"

#: Runs in the other interpreter: reads texts as JSON lines up to an empty one, then for each further line does a round.
SPACY = r"""
import json, sys, time
import spacy
nlp = spacy.blank("nl")
nlp.add_pipe("sentencizer")
nlp.max_length = 10**9
texts = [json.loads(line) for line in iter(sys.stdin.readline, "\n")]
sum(1 for text in texts for _ in nlp(text).sents)
for _ in iter(sys.stdin.readline, ""):
    start = time.process_time()
    for text in texts:
        sum(1 for _ in nlp(text).sents)
    print(time.process_time() - start, flush=True)
"""


def documents(megabytes: float) -> list[Document]:
    """Letters and debates in turn, until there is enough text."""
    letters, debates = (_rows(CORPUS / f"{name}.jsonl.gz") for name in ("letters", "debates"))
    found: list[Document] = []
    size = 0
    for pair in zip(letters, debates, strict=False):
        for row in pair:
            kind = DocumentKind(row["kind"])
            found.append(Document(row["id"], row["text"], Metadata(date=date.fromisoformat(row["date"]), kind=kind)))
            size += len(row["text"])
        if size > megabytes * 1e6:
            break
    return found


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def ours(read: list[Document], knowledge: Knowledge) -> tuple[float, int]:
    """Seconds for one round, and how many mentions count."""
    start = time.process_time()
    found = sum(m.reason is None for document in read for m in pipeline.extract(document, knowledge))
    return time.process_time() - start, found


@contextmanager
def theirs(read: list[Document], python: Path) -> Iterator[Callable[[], float]]:
    """A function that does a round of spaCy, and says its seconds."""
    with subprocess.Popen([python, "-c", SPACY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:
        assert peer.stdin is not None and peer.stdout is not None
        tell, hear = peer.stdin, peer.stdout
        tell.writelines(json.dumps(document.text) + "\n" for document in read)
        tell.write("\n")

        def lap() -> float:
            tell.write("once more\n")
            tell.flush()
            return float(hear.readline())

        yield lap


def spacy_in(folder: Path) -> Path:
    """An interpreter that has spaCy, in a new virtual environment."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "spacy"], check=True)
    return python


def memory() -> float:
    """The most memory that this process has used, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--megabytes", type=float, default=6)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--python", type=Path)
    given = options.parse_args()
    read = documents(given.megabytes)
    size = sum(len(document.text) for document in read) / 1e6
    knowledge = load_knowledge()
    ours(read[: len(read) // 4], knowledge)
    quarter = memory()
    ours(read, knowledge)
    full = memory()
    with tempfile.TemporaryDirectory() as folder, theirs(read, given.python or spacy_in(Path(folder) / "spacy")) as lap:
        rounds = [(*ours(read, knowledge), lap()) for _ in range(given.rounds)]
    own, found, other = zip(*rounds, strict=True)
    ratios = sorted(b / a for a, _, b in rounds)
    print(f"{len(read)} documents, {size:.1f} MB, {found[0]} mentions that count")
    print(f"tracker  {size / min(own):5.2f} MB/s   memory {quarter:.0f} MB after a quarter, {full:.0f} MB after all")
    print(f"spaCy    {size / min(other):5.2f} MB/s")
    print(f"ratio    {median(ratios):5.2f}   ({ratios[0]:.2f} to {ratios[-1]:.2f} in {given.rounds} rounds)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
