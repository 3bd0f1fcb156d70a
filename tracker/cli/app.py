"""The commands, put together: all of them, or only those of the module that a command line names.

Every start pays for what it imports, so `main` imports one module of commands; the program's help imports all.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from tracker.cli.context import Session
from tracker.cli.group import TrackerGroup
from tracker.cli.options import examples, flag


class Part(NamedTuple):
    """A Typer application of a module of this package: a group of that name, or commands beside the others."""

    module: str
    words: str  # the commands or the group that it adds; a test holds them to what it has
    panel: str | None = None  # of a group
    name: str = "app"


#: In the order of the help.
PARTS = (
    Part("ingest", "ingest documents document reread verify"),
    Part("lists", "list show"),
    Part("statistics", "stats"),
    Part("decisions", "status due accept reject note tag undo add"),
    Part("review", "review link reassign fulfilments"),
    Part("exchange", "export import"),
    Part("reporting", "report run demo"),
    Part("operations", "health jobs outbox"),
    Part("reading", "extract text explain"),
    Part("sources", "fetch", name="fetch_app"),
    Part("sources", "sources", "Sources"),
    Part("register", "register", "Sources"),
    Part("rules", "rules", "Rules"),
    Part("deadlines", "deadlines", "Rules"),
)


def _version(wanted: bool) -> None:
    if wanted:
        from tracker import __version__

        print(f"tracker {__version__}")
        raise typer.Exit


def root(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Default: $TRACKER_CONFIG, else ./config.toml.")
    ] = None,
    version: Annotated[
        bool, flag("--version", "Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """What Dutch ministers promise to parliament, by when, and what is overdue."""
    context.obj = Session(config)


def build(parts: Sequence[Part] = PARTS) -> typer.Typer:
    """The program with these parts."""
    made = typer.Typer(
        cls=TrackerGroup,
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    words = ("tracker ingest letters/", "tracker list --overdue", "tracker show TT-2024-0001", "tracker report")
    made.callback(epilog=examples(*words))(root)
    for part in parts:
        commands = getattr(import_module(f"tracker.cli.{part.module}"), part.name)
        if part.panel:
            made.add_typer(commands, name=part.words, rich_help_panel=part.panel)
        else:
            made.add_typer(commands)
    return made


def needed(arguments: Sequence[str]) -> Sequence[Part]:
    """The part with the command that a command line names; all where it names none that is known."""
    words = iter(arguments)
    for word in words:
        if word == "--config":
            next(words, None)
        elif not word.startswith("-"):
            return [part for part in PARTS if word in part.words.split()] or PARTS
    return PARTS


def __getattr__(name: str) -> Any:
    """`app`: the whole program."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()["app"] = build()
    return globals()["app"]
