"""Every command that a page or a help text shows can be typed; docs/cli.md is what the program says of itself."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from tracker.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "tracker").rglob("*.md"))]
REFERENCE = ROOT / "docs" / "cli.md"
ROOT_COMMAND = get_command(app)
OPTIONS = "[options]"  # in the reference, for those in the table below it

INTRODUCTION = """# The commands

What `tracker --help` and its kin say, in one page; `make docs` writes it again.

Dates are ISO 8601 (`2026-11-23`). Results go to standard output; progress, warnings and errors to standard error.

| exit code | meaning |
|---|---|
| 0 | done, also when there was nothing to find or a document was already known |
| 1 | nothing could be done: an unknown number, an unreadable path, no date where one is needed |
| 2 | a bad option, value or configuration key |
| 3 | only with `--exit-code`: the list is not empty |
| 4 | some of several documents failed, the others are stored |
"""


def commands(command: Any = ROOT_COMMAND, path: str = "tracker") -> Iterator[tuple[str, Any]]:
    """Each command that can be typed, with its words; groups are walked through, and some are a command themselves."""
    below = getattr(command, "commands", None)
    if below is None or command.invoke_without_command:
        yield path, command
    for name, one in (below or {}).items():
        yield from commands(one, f"{path} {name}")


COMMANDS = dict(commands())


def shown_commands() -> Iterator[tuple[str, str]]:
    """(where, command line) for each `tracker …` in a code block or between backquotes, and in the help's examples."""
    for page in PAGES:
        text = page.read_text()
        blocks = re.findall(r"(?ms)^```\w*\n(.*?)^```", text)
        lines = [line for block in blocks for line in re.findall(r"(?m)^\$? ?(tracker .+)$", block)]
        prose = re.sub(r"(?ms)^```.*?^```", "", text)
        lines += re.findall(r"`(tracker [^`]+)`", prose)
        yield from ((str(page.relative_to(ROOT)), line) for line in dict.fromkeys(lines))
    for name, command in COMMANDS.items():
        yield from ((f"{name} --help", line) for line in examples(command))


def examples(command: Any) -> list[str]:
    return re.findall(r"(?m)^ *(tracker .+)$", command.epilog or "")


def arguments(line: str) -> list[str]:
    """What the shell would hand over: up to a pipe, a redirection, a second command or a comment."""
    words = shlex.split(line, comments=True)[1:]
    end = next((i for i, word in enumerate(words) if word in {"|", "||", "&&", ">", ">>", ";"}), len(words))
    words = [word for word in words[:end] if word != OPTIONS]
    return [*words, "value"] if words and words[-1].startswith("--") else words


@pytest.mark.parametrize(("where", "line"), [pytest.param(*shown, id=": ".join(shown)) for shown in shown_commands()])
def test_shown_commands_can_be_typed(where: str, line: str) -> None:
    said = CliRunner().invoke(app, [*arguments(line), "--help"])
    assert said.exit_code == 0, f"{where} shows `{line}`: {said.output}"


def test_every_command_ends_its_help_with_an_example() -> None:
    assert [name for name, command in COMMANDS.items() if not examples(command)] == []


def test_the_command_reference_is_up_to_date() -> None:
    written = reference()
    if os.environ.get("UPDATE"):
        REFERENCE.write_text(written)
    assert REFERENCE.read_text() == written, "`make docs` writes docs/cli.md again"


def reference() -> str:
    return INTRODUCTION + "".join(_section(name, command) for name, command in COMMANDS.items())


def _section(name: str, command: Any) -> str:
    placed = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    usage = " ".join(
        [
            name,
            *(_metavar(p) if p.required else f"[{_metavar(p)}]" for p in placed),
            *([OPTIONS] if options else []),
        ]
    )
    lines = ["", f"## {name}", "", *_prose(command.help), "", "```", usage, "```", ""]
    if options:
        lines += ["| option | |", "|---|---|", *(f"| {_option(p)} | {_cell(p.help)} |" for p in options), ""]
    if shown := examples(command):
        lines += ["```", *shown, "```", ""]
    return "\n".join(lines)


def _prose(text: str | None) -> list[str]:
    return [re.sub(r"[ \n]+", " ", paragraph).strip() for paragraph in (text or "").split("\n\n")]


def _option(option: Any) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    value = "" if option.is_flag else f" {_metavar(option)}"
    return f"`{names}{value}`".replace("|", "\\|")


def _metavar(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name.upper())


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")
