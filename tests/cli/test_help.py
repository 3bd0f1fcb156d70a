"""The help of every command, as it was last looked at. REGENERATE=1 writes it anew."""

import os
from pathlib import Path

import pytest
from typer.main import get_command

from tracker.cli.app import PARTS, Part, app, build, needed

from .conftest import Cli

GOLDEN = Path(__file__).parent / "help"


def commands(group: object = None, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """All commands and groups, as the words that name them."""
    group = group or get_command(app)
    below = getattr(group, "commands", {})
    return [path, *(found for name, one in below.items() for found in commands(one, (*path, name)))]


ALL = commands()


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(path) or "tracker")
def test_help(cli: Cli, path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    cli.env["COLUMNS"] = "80"
    shown = "\n".join(line.rstrip() for line in cli(*path, "--help").stdout.strip().splitlines()) + "\n"
    file = GOLDEN / ("-".join(("tracker", *path)) + ".txt")
    if os.environ.get("REGENERATE"):
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert file.is_file(), "new command; REGENERATE=1 writes its help"
    assert shown == file.read_text(encoding="utf-8")


def test_no_golden_help_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == {"-".join(("tracker", *path)) for path in ALL}


@pytest.mark.parametrize("path", [path for path in ALL if path], ids=" ".join)
def test_every_help_ends_with_an_example(cli: Cli, path: tuple[str, ...]) -> None:
    shown = cli(*path, "--help").stdout
    is_group = any(other[:-1] == path for other in ALL)
    assert is_group or f"tracker {' '.join(path)}" in shown.partition("Examples:")[2]


def test_no_command_shows_the_help(cli: Cli) -> None:
    assert "Usage: tracker" in cli(code=2).stdout


def test_the_version(cli: Cli) -> None:
    from tracker import __version__

    assert cli("--version").stdout == f"tracker {__version__}\n"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.module)
def test_the_words_of_a_part_are_its_commands(part: Part) -> None:
    """A start imports only the part that has the command named."""
    assert set(get_command(build([part])).commands) == set(part.words.split())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("list --overdue", "lists"),
        ("--config list show TT-2024-0001", "lists"),
        ("--config review.toml status set", "decisions"),
        ("status set list", "decisions"),
    ],
)
def test_a_command_line_needs_one_part(line: str, module: str) -> None:
    assert [part.module for part in needed(line.split())] == [module]


@pytest.mark.parametrize("line", ["", "--help", "lst", "--version"])
def test_the_help_and_what_is_unknown_need_all_parts(line: str) -> None:
    assert needed(line.split()) == PARTS
