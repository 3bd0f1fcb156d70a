"""Out and in: commitments as a file for other programs and people, and a table that a colleague edited back."""

from __future__ import annotations

import json
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import clock, files
from tracker.cli import options
from tracker.cli.context import session
from tracker.cli.exits import ExitCode
from tracker.cli.lists import ReviewOf, read_until, reviews
from tracker.cli.options import examples, option
from tracker.cli.output import counted, note, plain
from tracker.cli.rows import COMMITMENT_KEYS, commitment_row
from tracker.commitments.filters import Filter
from tracker.commitments.state import Status
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.commitments.edits import Change, Line, Problem
    from tracker.commitments.state import Commitment
    from tracker.store import Store

app = typer.Typer()
PANEL = "Out and in"


class Kind(StrEnum):
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    XLSX = "xlsx"
    ICS = "ics"


#: What a colleague edits comes first; see commitments.edits.
EDITED = ("number", "status", "review", "due", "tags", "note", "evidence")
KEYS = (
    *EDITED,
    *(key for key in COMMITMENT_KEYS if key not in EDITED),
    "link", "dossiers", "topic", "action", "flags", "closed_on", "closed_by", "as_of", "read_until", "revision",
)  # fmt: skip


@app.command(
    "export",
    rich_help_panel=PANEL,
    epilog=examples(
        "tracker export --output promises.xlsx",
        "tracker export --overdue --ministry VWS --format csv > vws.csv",
        "tracker export --open --output terms.ics",
    ),
)
def export(
    context: typer.Context,
    output_format: Annotated[
        Kind | None, options.choice("--format", Kind, "Default: by the file's name, or csv:")
    ] = None,
    output: Annotated[Path | None, option("--output", "Default: standard output.", "FILE")] = None,
    overdue: Annotated[bool, options.flag("--overdue", "Open, and due before the day asked about.")] = False,
    open_: Annotated[bool, options.flag("--open", "Open, partly fulfilled or unclear.")] = False,
    status: Annotated[list[Status] | None, options.choice("--status", Status, "May be repeated:")] = None,
    ministry: Annotated[list[str] | None, option("--ministry", "An abbreviation, as in JenV.", "CODE")] = None,
    dossier: Annotated[str | None, option("--dossier", "As in 31015 or '31 015'.", "NUMBER")] = None,
    document: Annotated[str | None, option("--document", "A document's id, or part of its title.", "ID|TEXT")] = None,
    tag: Annotated[list[str] | None, option("--tag", "May be repeated; all of them.", "TAG")] = None,
    search: Annotated[str | None, option("--search", "Words in quote, context, subject or title.", "WORDS")] = None,
    review: ReviewOf = "",
    as_of: options.AsOf = None,
    known_on: options.KnownOn = None,
    language: options.LanguageOf = None,
) -> None:
    """Write commitments to a file: a table to edit and import again, JSON, or a calendar of their terms.

    Every row has the quote word for word, page, link, the day asked about and until when documents were read."""
    here = session(context)
    day = as_of or clock.today()
    kind = _kind(output_format, output)
    wanted = Filter(
        overdue=overdue, open=open_, status=frozenset(status or ()), ministry=frozenset(ministry or ()),
        dossier=dossier, document=document, tag=frozenset(tag or ()), search=search, review=reviews(review),
    )  # fmt: skip
    with here.store(read_only=True) as store:
        found = store.listing(wanted, as_of=day, known_on=known_on).commitments
        until = store.summary(as_of=day, known_on=known_on).newest
        revisions = store.revisions()
        footing = read_until(store, day, known_on)
    if kind is Kind.ICS:
        content: str | bytes = _calendar(found, revisions, until, here.language(language))
    else:
        rows = [_row(c, here.language(language), until, revisions[c.number]) for c in found]
        content = _table(rows, kind)
    _write(content, output)
    note(f"tracker: {counted(len(found), 'commitment')} on {day}, {footing}")


def _kind(wanted: Kind | None, output: Path | None) -> Kind:
    suffix = output.suffix.lower().removeprefix(".") if output else Kind.CSV
    if wanted is None and suffix not in set(Kind):
        raise UsageError(f"{output}: its ending names no format; give --format, or end it in .{', .'.join(Kind)}")
    kind = wanted or Kind(suffix)
    if kind is Kind.XLSX and output is None and sys.stdout.isatty():
        raise UsageError("a workbook is nothing for a terminal; give --output promises.xlsx")
    return kind


def _row(c: Commitment, language: str, until: date | None, revision: int) -> dict[str, Any]:
    from tracker.commitments.edits import cells
    from tracker.reports.promises import link

    return {
        **commitment_row(c, language),
        "tags": list(c.tags),
        "note": cells(c)["note"],
        "evidence": c.evidence,
        "link": link(c.document.url, c.page),
        "dossiers": list(c.document.dossiers),
        "topic": c.topic,
        "action": c.action,
        "flags": list(c.flags),
        "closed_on": c.closed_on,
        "closed_by": c.closed_by,
        "as_of": c.as_of,
        "read_until": until,
        "revision": revision,
    }


def _table(rows: list[dict[str, Any]], kind: Kind) -> str | bytes:
    from tracker.reports import sheets

    match kind:
        case Kind.JSON:
            ordered = [{key: row[key] for key in KEYS} for row in rows]
            return json.dumps(ordered, ensure_ascii=False, indent=2, default=plain) + "\n"
        case Kind.JSONL:
            lines = ({key: row[key] for key in KEYS} for row in rows)
            return "".join(json.dumps(line, ensure_ascii=False, default=plain) + "\n" for line in lines)
        case Kind.XLSX:
            return sheets.as_xlsx(rows, KEYS)
    return sheets.as_csv(rows, KEYS)


def _calendar(found: tuple[Commitment, ...], revisions: dict[str, int], until: date | None, language: str) -> bytes:
    from tracker.cli.rows import explanation
    from tracker.commitments.citation import cite
    from tracker.reports import terms
    from tracker.reports.promises import link

    made = terms.calendar("Toezeggingen")
    read = f"gelezen tot {until}" if language == "nl" else f"read until {until}"
    for c in found:
        if c.due and c.due.last:
            state = f"{c.status} ({c.as_of}, {read})"
            said = (c.quote, cite(c.document, c.page), explanation(c, language), state)
            link_ = link(c.document.url, c.page)
            event = terms.term(c, c.due.last, made_at=clock.now(), revision=revisions[c.number], said=said, link=link_)
            made.add_component(event)
    return bytes(made.to_ical())


def _write(content: str | bytes, output: Path | None) -> None:
    if output is None:
        if isinstance(content, str):
            sys.stdout.write(content)
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
        return
    try:
        files.replace(output, [content])
    except OSError as problem:
        raise UsageError(f"{output}: cannot be written: {problem.strerror}") from None


@app.command(
    "import",
    rich_help_panel=PANEL,
    epilog=examples("tracker import promises.xlsx --dry-run", "tracker import promises.csv --date 2024-11-28"),
)
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An edited export: CSV or xlsx.", show_default=False)],
    dry_run: Annotated[bool, options.flag("--dry-run", "Say what would change, and change nothing.")] = False,
    skip_bad: Annotated[
        bool, options.flag("--skip-bad", "Apply the good lines where others are bad. Default: apply none.")
    ] = False,
    date: options.HappenedOn = None,
) -> None:
    """Take over what a colleague edited in an export: status, review, due, tags, and a new note.

    Says line by line what changes. A line is bad where its number, a column or a value is not known, or where somebody
    else changed the same thing since the export."""
    from tracker.commitments import edits
    from tracker.reports import sheets

    columns, lines = sheets.read(file)
    wrong = edits.wrong_columns(columns, KEYS)
    if wrong:
        _tell(file, [], wrong)
        raise typer.Exit(ExitCode.ERROR)
    today = clock.today()
    with session(context).as_person() as store:
        now = {c.number: c for c in store.commitments(as_of=today)}
        exported, unreadable = _exported(store, lines, today)
        remarked = [edits.number_of(line) for line in lines if line.cells.get("note", "").strip()]
        noted = {
            number: [event.note for event in store.history(number) if event.note]
            for number in remarked
            if number in now
        }
        found = edits.compare(lines, exported, now, noted)
        bad = {problem.line for problem in unreadable}
        changes = [change for change in found.changes if change.line not in bad]
        problems = sorted([*unreadable, *found.problems], key=lambda problem: problem.line)
        _tell(file, changes, problems)
        refused = bool(problems) and not skip_bad
        if not dry_run and not refused:
            store.apply(changes, occurred_on=date or today)
    found_in = ", ".join([counted(len(changes), "change"), counted(len(problems), "problem")])
    done = (
        "nothing to apply"
        if not changes
        else "none applied"
        if refused
        else "not applied yet"
        if dry_run
        else "applied"
    )
    note(f"tracker: {found_in} in {counted(len(lines), 'line')}: {done}")
    if problems:
        raise typer.Exit(ExitCode.PARTIAL if skip_bad else ExitCode.ERROR)


def _exported(store: Store, lines: list[Line], today: date) -> tuple[dict[str, Commitment], list[Problem]]:
    """The commitments as they were exported, where the lines say when that was."""
    from tracker.commitments.edits import Problem, number_of

    wanted, problems = {}, []
    for line in lines:
        said = line.cells.get("revision", "").strip()
        if said and not said.isdecimal():
            problems.append(Problem(line.line, f"revision {said!r} is not what `tracker export` wrote there"))
        elif said:
            written = line.cells.get("as_of", "").strip()
            try:
                day = options.day(written) if written else today
            except UsageError as problem:
                problems.append(Problem(line.line, f"as_of: {problem}"))
                continue
            wanted[number_of(line)] = (day, int(said))
    return store.at_revisions(wanted), problems


def _tell(file: Path, changes: list[Change], problems: list[Problem]) -> None:
    for change in changes:
        what = f"{change.before or '-'} → {change.after or '-'}" if change.what != "note" else change.after
        print(f"line {change.line}: {change.number}: {change.what}: {what}")
    for problem in problems:
        note(f"{file}: line {problem.line}: {problem.text}")
