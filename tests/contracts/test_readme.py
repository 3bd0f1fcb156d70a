"""The excerpt in the README, commands and the beginning of what they print, is what the program prints."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
OPENING = "```\n$ "
MORE = "…"


def test_the_excerpt_is_what_the_program_prints(tmp_path: Path) -> None:
    text = README.read_text()
    before, rest = text.split(OPENING, 1)
    shown, after = rest.split("```\n", 1)
    environment = os.environ | {"COLUMNS": "100", "TRACKER_DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite3"}

    def printed(*words: str) -> list[str]:
        program = [sys.executable, "-c", "from tracker.cli import main; main()", *words]
        done = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        return [line.rstrip() for line in done.stdout.rstrip().splitlines()]

    printed("demo", "--output", str(tmp_path))
    blocks = []
    for block in shown.split("\n$ "):
        command, *lines = block.rstrip().splitlines()
        cut = lines[-1:] == [MORE]
        words = shlex.split(command)[1:] + (["--format", "table"] if " list " in command else [])
        output = printed(*words)
        if cut:
            output = [*output[: len(lines) - 1], MORE]
        blocks.append("\n".join([command, *output, ""]))
    real = "\n$ ".join(blocks)
    if os.environ.get("UPDATE"):
        README.write_text(f"{before}{OPENING}{real}```\n{after}")
    elif shown != real:
        pytest.fail(f"`make docs` brings README.md up to date; the program now prints:\n\n{real}")
