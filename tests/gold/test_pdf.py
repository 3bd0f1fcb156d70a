"""From PDF as from text: labelled documents of which there is a PDF, read both ways and judged by the same judge."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker import documents, pipeline
from tracker.cli.reading import mention_row
from tracker.knowledge import Knowledge

#: How much lower F1 with the due date may be than from the same documents' text.
LOSS = 0.03


def judged(folder: Path, files: dict[str, Path], rows: dict[str, dict[str, Any]], knowledge: Knowledge) -> float:
    """F1 with the due date, of documents by their id."""
    predictions = folder / "predictions.jsonl"
    with predictions.open("w", encoding="utf-8") as out:
        for key, file in files.items():
            source = documents.read(file)
            read = documents.document(source, file.name, knowledge.registry)
            read = replace(read, metadata=replace(read.metadata, date=date.fromisoformat(rows[key]["date"])))
            for mention in pipeline.extract(read, knowledge):
                if mention.reason is None:
                    out.write(json.dumps({**mention_row(read, mention, "nl"), "doc": key}, default=str) + "\n")
    done = subprocess.run(
        [sys.executable, folder / "score.py", "--gold", folder, "--predictions", predictions, "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(json.loads(done.stdout)["commitments_with_due_date"]["f1"])


def test_a_pdf_loses_little_against_its_text(shared: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    gold = shared / "gold" / "dev"
    pdfs = {
        row["gold"]: shared / "pdf" / row["file"]
        for row in map(json.loads, (shared / "pdf" / "index.jsonl").read_text(encoding="utf-8").splitlines())
        if row.get("gold")
    }
    lines = (gold / "index.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {row["id"]: row for row in map(json.loads, lines) if row["id"] in pdfs}
    if len(rows) < 10:
        pytest.skip("needs PDFs of the labelled documents")
    labels = (json.loads(line) for line in (gold / "labels.jsonl").read_text(encoding="utf-8").splitlines())
    (tmp_path / "index.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows.values()), encoding="utf-8")
    (tmp_path / "labels.jsonl").write_text(
        "".join(json.dumps(label) + "\n" for label in labels if label["doc"] in rows), encoding="utf-8"
    )
    (tmp_path / "score.py").write_bytes((shared / "gold" / "score.py").read_bytes())
    for row in rows.values():
        file = tmp_path / row["file"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((gold / row["file"]).read_bytes())
    from_text = judged(tmp_path, {key: gold / row["file"] for key, row in rows.items()}, rows, knowledge)
    from_pdf = judged(tmp_path, {key: pdfs[key] for key in rows}, rows, knowledge)
    print(f"{len(rows)} documents: F1 with due date {from_text} from text, {from_pdf} from PDF")
    assert from_pdf >= from_text - LOSS
