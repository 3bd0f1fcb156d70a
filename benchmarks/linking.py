"""What the linker makes of the labelled documents that put off or fulfil, and of everything around them.

    python benchmarks/linking.py ../shared/gold/dev [--beside FOLDER]

Each document with a sentence that is labelled as a fulfilment or a deferral gets a block: which of these sentences were
seen, what they refer to, and what they were linked to or offered for. At the end all that was linked by itself. The
judgement is a person's: docs/linking.md. `--beside`: more documents (text with its day in the name) in the same store.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from textwrap import shorten
from typing import Any

from tracker import pipeline
from tracker.commitments.background import with_background
from tracker.commitments.linking import JOINING, LinkKind
from tracker.commitments.snapshot import collapse
from tracker.domain import Flag, Label, Mention
from tracker.knowledge import Knowledge, load_knowledge
from tracker.store import Store

LATE = date(2100, 1, 1)
Label_ = dict[str, Any]


def tells(label: Label_) -> bool:
    """Whether a label is about an earlier promise: met, or put off."""
    return label["label"] == "fulfilment" or "deferral" in label.get("flags", ())


def read(store: Store, gold: Path, beside: Path | None, knowledge: Knowledge) -> dict[str, int]:
    """Everything into the store; the ids of the labelled documents by their names."""
    ids = {}
    for line in (gold / "index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        said = pipeline.Overrides(date=date.fromisoformat(row["date"]))
        (done,) = pipeline.ingest(store, [gold / row["file"]], knowledge, said)
        assert done.document_id is not None, done.error
        ids[row["id"]] = done.document_id
    for path in sorted(beside.iterdir()) if beside else ():
        day = re.match(r"\d{4}-\d\d-\d\d", path.name)
        pipeline.ingest(store, [path], knowledge, pipeline.Overrides(date=date.fromisoformat(day[0]) if day else None))
    return ids


def seen_as(mention: Mention) -> str:
    flags = ", ".join(flag for flag in mention.flags if flag in (Flag.DEFERRAL, Flag.RESTATED))
    return (
        f"{mention.label}{f' ({flags})' if flags else ''}{f', not counted: {mention.reason}' if mention.reason else ''}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--beside", type=Path)
    asked = parser.parse_args()
    labels: dict[str, list[Label_]] = defaultdict(list)
    for line in (asked.gold / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        if tells(label):
            labels[label["doc"]].append(label)
    knowledge = load_knowledge()
    with Store.open("sqlite://") as store:
        ids = read(store, asked.gold, asked.beside, knowledge)
        report(store, ids, labels, knowledge)


def report(store: Store, ids: dict[str, int], labels: dict[str, list[Label_]], knowledge: Knowledge) -> None:
    waiting = store.desk.waiting(as_of=LATE)
    found = Counter[str]()
    for name in sorted(labels):
        document = store.document_text(ids[name])
        print(f"\n{name}")
        mentions = with_background(document, pipeline.extract(document, knowledge), knowledge.linking)
        text, at = collapse(document.text)
        for label in labels[name]:
            what = "met" if label["label"] == "fulfilment" else "put off"
            start = text.find(collapse(label["sentence"])[0].strip())
            end = start + len(label["sentence"])
            here = [m for m in mentions if start >= 0 and at[m.span.start] < end and at[m.span.end] > start]
            meets = any(m.label is Label.FULFILMENT and m.reason is None for m in here)
            defers = any(Flag.DEFERRAL in m.flags and m.reason is None for m in here)
            found[f"{what}: {'seen' if (meets if what == 'met' else defers) else 'not seen as such'}"] += 1
            print(f"  {what:8} {shorten(label['sentence'], 110)}")
            print(f"           seen as {'; '.join(map(seen_as, here)) or 'nothing'}")
            for reference in sorted({r.written for m in here for r in m.references}):
                print(f"           names {reference}")
        for p in waiting:
            if p.said is not None and p.said.document.id == ids[name]:
                print(f"  {p.kind} {p.score:.2f}{' by itself' if p.linked else ''}: {shorten(p.said.quote, 90)}")
                print(f"           of {p.commitment.document.date}: {shorten(p.commitment.quote, 90)}")
    print("\nlinked by itself")
    for c in store.commitments(as_of=LATE):
        for event in store.history(c.number):
            role = event.payload.get("role")
            if event.source == "linking" and "reasons" in event.payload:
                kind = role if role in JOINING else LinkKind.FULFILMENT
                print(f"  {kind} on {event.occurred_on} of {c.document.date}: {shorten(c.quote, 80)}")
    print(f"\n{dict(found)}")
    documents, promises = len(store.documents()), len(store.commitments(as_of=LATE))
    print(f"{documents} documents, {promises} promises; waiting: {dict(Counter(p.kind for p in waiting))}")


if __name__ == "__main__":
    main()
