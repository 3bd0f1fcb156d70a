"""The tutorial of the rules: what it says of its sentence is so, before its row is added and after."""

import re
from datetime import date
from pathlib import Path

from tracker import pipeline
from tracker.domain import Document, DocumentKind, Metadata
from tracker.knowledge import load_knowledge

PAGE = (Path(__file__).parents[2] / "tracker/rules/README.md").read_text()


def test_the_verb_that_is_missing_is_found_once_its_row_is_there(tmp_path: Path) -> None:
    (sentence,) = re.findall(r"(?m)^> (.+)$", PAGE)
    row = next(block for block in re.findall(r"(?ms)^```toml\n(.*?)^```", PAGE) if "[verbs." in block)
    own = tmp_path / "own.toml"
    own.write_text(row, encoding="utf-8")
    letter = Document("brief.txt", sentence, Metadata(date=date(2024, 2, 1), kind=DocumentKind.LETTER))
    assert pipeline.extract(letter, load_knowledge(), everything=True) == ()
    counted = [m.rule for m in pipeline.extract(letter, load_knowledge([own])) if m.reason is None]
    assert counted == ["inform.tell"]
