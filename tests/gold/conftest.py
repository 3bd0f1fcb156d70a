"""The labelled documents, read by the program and judged by their own judge."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker import documents, pipeline
from tracker.cli.reading import mention_row
from tracker.domain import Document
from tracker.knowledge import Knowledge


@pytest.fixture(scope="session")
def judged(
    shared: Path, knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., dict[str, Any]]:
    """Figures of score.py for a set of labelled documents, with or without their date given."""

    def judge(name: str, *, given_date: bool = True) -> dict[str, Any]:
        gold = shared / "gold" / name
        predictions = tmp_path_factory.mktemp(name) / "predictions.jsonl"
        with predictions.open("w", encoding="utf-8") as out:
            for line in (gold / "index.jsonl").read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                source = documents.read(gold / row["file"])
                document = documents.document(source, row["file"], knowledge.registry)
                if given_date or document.metadata.date is None:
                    day = date.fromisoformat(row["date"])
                    document = Document(
                        document.name, document.text, replace(document.metadata, date=day), document.pages
                    )
                for mention in pipeline.extract(document, knowledge):
                    if mention.reason is None:
                        out.write(
                            json.dumps({**mention_row(document, mention, "nl"), "doc": row["id"]}, default=str) + "\n"
                        )
        done = subprocess.run(
            [sys.executable, shared / "gold" / "score.py", "--gold", gold, "--predictions", predictions, "--json"],
            capture_output=True,
            text=True,
            check=True,
        )
        figures: dict[str, Any] = json.loads(done.stdout)
        return figures

    return judge
