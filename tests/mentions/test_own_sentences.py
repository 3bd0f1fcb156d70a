"""No example is a sentence of a real document: each was written for its rule."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ahocorasick

from tracker.knowledge import load_rulebook
from tracker.mentions.examples import cases

#: Shorter ones ("Toegezegd.") anybody may write.
LEAST = 3


def squeezed(text: str) -> str:
    """The words of a text and nothing else, so that a copy shows whatever its punctuation."""
    return " ".join(["", *re.findall(r"\w+", text.lower()), ""])


def strings(value: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def real_texts(shared: Path) -> Iterator[str]:
    """The texts beside the checkout: letters, debates, labelled sentences, seeds, the domain."""
    for path in sorted(shared.rglob("*")):
        if path.suffix in (".md", ".txt"):
            yield path.read_text(encoding="utf-8")
        elif path.name.endswith((".jsonl", ".jsonl.gz")):
            with (
                gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as rows
            ):
                for row in rows:
                    yield from strings(json.loads(row))


def test_no_example_is_copied(shared: Path) -> None:
    ours = ahocorasick.Automaton()
    for case in cases(load_rulebook()):
        if len(case.example.text.split()) >= LEAST:
            ours.add_word(squeezed(case.example.text), case.name)
    ours.make_automaton()
    copied = {name for text in real_texts(shared) for _, name in ours.iter(squeezed(text))}
    assert not copied, f"write sentences of your own for: {sorted(copied)}"
