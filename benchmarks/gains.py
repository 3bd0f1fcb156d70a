"""What a change of the rules does to real text: mentions that appeared, vanished or changed between two versions.

    make gains BASE=HEAD~3            the working tree against a git revision
    python benchmarks/gains.py --base REV [--documents 60] [--show 25]

Each version reads the same documents in a process of its own, from its own tree: the labelled documents and a part of
the corpus in ../shared. Printed: counts, examples, and the time each version took.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
KEYS = ("label", "kind", "strength", "deadline", "due")

#: Run inside each version's own tree: reads documents as JSON lines, prints a mention a line.
READER = """
import json, sys
from dataclasses import replace
from datetime import date
from tracker import documents, pipeline
from tracker.domain import Document
from tracker.knowledge import load_knowledge
knowledge = load_knowledge()
for line in sys.stdin:
    row = json.loads(line)
    meta = replace(documents.describe(row["text"], knowledge.registry), date=date.fromisoformat(row["date"]))
    for m in pipeline.extract(Document(row["id"], row["text"], meta), knowledge):
        if m.reason is None:
            term = m.term
            print(json.dumps({
                "id": row["id"], "start": m.span.start, "ordinal": m.ordinal, "sentence": m.span.of(row["text"]),
                "label": m.label, "kind": m.kind, "strength": m.strength, "rule": m.rule,
                "deadline": term and term.deadline.words, "due": term and term.due.last and str(term.due.last)}))
"""


def documents(limit: int) -> Iterator[dict[str, Any]]:
    """The labelled documents, then up to `limit` letters and `limit` debates of the corpus."""
    gold = SHARED / "gold" / "dev"
    for line in (gold / "index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield {"id": row["id"], "date": row["date"], "text": (gold / row["file"]).read_text(encoding="utf-8")}
    for name in ("letters", "debates"):
        with gzip.open(SHARED / "corpus" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for _, line in zip(range(limit), lines, strict=False):
                row = json.loads(line)
                yield {"id": row["id"], "date": row["date"], "text": row["text"]}


def mentions(tree: Path, rows: list[dict[str, Any]]) -> tuple[dict[tuple[Any, ...], dict[str, Any]], float]:
    """All mentions that the version in `tree` finds, by document, place and ordinal; and the seconds it took."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", READER],
        input="".join(json.dumps(row) + "\n" for row in rows),
        capture_output=True,
        text=True,
        cwd=tree,
        env={"PYTHONPATH": str(tree), "PATH": "", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"the version in {tree.name} failed:\n{done.stderr[-2000:]}")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {(m["id"], m["start"], m["ordinal"]): m for m in found}, time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="the git revision to compare the working tree with")
    parser.add_argument(
        "--documents", type=int, default=60, help="how many letters, and how many debates, of the corpus"
    )
    parser.add_argument("--show", type=int, default=25, help="how many examples of each")
    args = parser.parse_args()
    if not SHARED.is_dir():
        raise SystemExit("needs the folder of real documents, shared/, beside the checkout")
    rows = list(documents(args.documents))
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "base"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", tree, args.base], cwd=ROOT, check=True)
        try:
            before, old_seconds = mentions(tree, rows)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)
    after, new_seconds = mentions(ROOT, rows)
    print(
        f"{len(rows)} documents; {len(before)} mentions in {old_seconds:.1f} s before, "
        f"{len(after)} in {new_seconds:.1f} s now"
    )
    report("appeared", [after[k] for k in after.keys() - before.keys()], args.show)
    report("vanished", [before[k] for k in before.keys() - after.keys()], args.show)
    changed = [(before[k], after[k]) for k in after.keys() & before.keys() if differs(before[k], after[k])]
    print(f"\n{len(changed)} changed")
    for old, new in changed[: args.show]:
        what = "; ".join(f"{key} {old[key]} → {new[key]}" for key in KEYS if old[key] != new[key])
        print(f"  {new['id']} [{new['rule']}] {what}: {squeezed(new)}")


def differs(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return any(old[key] != new[key] for key in KEYS)


def report(what: str, found: list[dict[str, Any]], show: int) -> None:
    print(f"\n{len(found)} {what}")
    for mention in sorted(found, key=lambda m: (m["rule"], m["id"], m["start"]))[:show]:
        print(f"  {mention['id']} [{mention['rule']}] {mention['kind']}, {mention['deadline']}: {squeezed(mention)}")


def squeezed(mention: dict[str, Any]) -> str:
    return " ".join(mention["sentence"].split())[:180]


if __name__ == "__main__":
    main()
