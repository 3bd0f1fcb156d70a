"""The commands, put together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker.cli import deadlines, decisions, ingest, lists, operations, reading, register, reporting, rules, sources
from tracker.cli.context import Session
from tracker.cli.group import TrackerGroup
from tracker.cli.options import examples, flag

app = typer.Typer(
    cls=TrackerGroup,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from tracker import __version__

        print(f"tracker {__version__}")
        raise typer.Exit


@app.callback(
    epilog=examples("tracker ingest letters/", "tracker list --overdue", "tracker show TT-2024-0001", "tracker report")
)
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


for commands in (ingest.app, lists.app, decisions.app, reporting.app, operations.app, reading.app, sources.fetch_app):
    app.add_typer(commands)
app.add_typer(sources.app, name="sources", rich_help_panel="Sources")
app.add_typer(register.app, name="register", rich_help_panel="Sources")

app.add_typer(rules.app, name="rules", rich_help_panel="Rules")
app.add_typer(deadlines.app, name="deadlines", rich_help_panel="Rules")
