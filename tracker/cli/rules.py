"""The rules by which promises are found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli import options
from tracker.cli.context import Session, session
from tracker.cli.exits import ExitCode
from tracker.cli.options import examples
from tracker.cli.output import emit, note
from tracker.errors import NotFound

if TYPE_CHECKING:
    from rich.table import Table

    from tracker.rulebook import Judgement, Rule

app = typer.Typer(help="The rules by which promises are found.", no_args_is_help=True)
KEYS = ("id", "finds", "kind", "confidence", "why")


@app.command(epilog=examples("tracker rules check", "tracker rules check my-rules.toml"))
def check(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE…", help="Your own rules, read after those of the program.", show_default=False),
    ] = None,
) -> None:
    """Try every rule on the examples that stand with it.

    Exit code 1 where one does not hold.
    """
    from tracker.knowledge import load_knowledge
    from tracker.mentions.examples import cases, problem

    here = session(context)
    knowledge = load_knowledge(extra_rules=[*here.config.rules.extra, *(files or ())])
    tried, wrong = 0, 0
    for case in cases(knowledge.rulebook):
        tried += 1
        found = problem(case, knowledge.rulebook, knowledge.grammar, knowledge.calendar)
        if case.expects == "known_miss":
            found = None if found else f"a known miss that is found now; make it a match: {case.example.text!r}"
        if found:
            wrong += 1
            print(f"{_name(case.owner)}: {found}")
    failed = f"{wrong} {'does' if wrong == 1 else 'do'} not hold"
    note(f"tracker: {tried} examples of {len(knowledge.rulebook.rules)} rules tried, {failed}")
    raise typer.Exit(ExitCode.ERROR if wrong else ExitCode.DONE)


@app.command("list", epilog=examples("tracker rules list", "tracker rules list --format csv"))
def list_(context: typer.Context, output_format: options.OutputFormat = None) -> None:
    """List all rules: those of the program, and yours of config.toml."""
    rows = [{key: getattr(rule, key) for key in KEYS} for rule in _rules(session(context))]
    emit(rows, output_format, KEYS, lambda: _table(rows))


@app.command(epilog=examples("tracker rules show RULE"))
def show(
    context: typer.Context,
    rule_id: Annotated[
        str, typer.Argument(metavar="RULE", help="Its id, as `tracker rules list` has it.", show_default=False)
    ],
) -> None:
    """Show a rule: what it finds, why we believe it, and its examples."""
    rules = {rule.id: rule for rule in _rules(session(context))}
    if rule_id not in rules:
        from difflib import get_close_matches

        near = ", ".join(get_close_matches(rule_id, rules, 3, 0.4))
        raise NotFound(f"no rule {rule_id!r}; " + (f"near it: {near}" if near else "`tracker rules list` has them all"))
    rule = rules[rule_id]
    print(
        f"{rule.id}: {rule.finds}{f', {rule.kind}' if rule.kind else ''}, confidence {rule.confidence:.2f}\n{rule.why}"
    )
    for title, found in (
        ("finds", rule.match),
        ("leaves alone", rule.no_match),
        ("should find, and does not", rule.known_miss),
    ):
        for example in found:
            print(f"  {title}: {example.text}")


def _name(owner: Rule | Judgement) -> str:
    return getattr(owner, "id", None) or f"judgement {getattr(owner, 'reason', '')}"


def _rules(here: Session) -> tuple[Rule, ...]:
    return here.knowledge.rulebook.rules


def _table(rows: list[dict[str, Any]]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for key in KEYS:
        table.add_column(key.capitalize(), no_wrap=key != "why")
    for row in rows:
        table.add_row(row["id"], row["finds"], row["kind"] or "", f"{row['confidence']:.2f}", row["why"])
    return table
