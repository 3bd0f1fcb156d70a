"""Look at one file, without a database: its text, its mentions, and why each counts or not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli import options
from tracker.cli.context import Session, session
from tracker.cli.group import complain
from tracker.cli.options import examples
from tracker.cli.output import emit, stdout
from tracker.domain import Document, DocumentKind, Label, Mention, Span, Term
from tracker.errors import UndatedDocument

if TYPE_CHECKING:
    from datetime import date

    from rich.table import Table

    from tracker.documents import Source

app = typer.Typer()
PANEL = "Look into a file"

#: The keys of a mention, in the order in which they are printed.
KEYS = (
    "document", "start", "end", "page", "file_start", "file_end", "sentence", "label", "kind", "strength", "flags",
    "actor", "actor_resolved", "addressee", "action", "topic", "deadline", "confidence", "rule",
)  # fmt: skip


@app.command(
    rich_help_panel=PANEL,
    epilog=examples(
        "tracker extract letter.pdf",
        "tracker extract news.md --date 2022-04-08 --format csv",
        "cat letter.txt | tracker extract -",
    ),
)
def extract(
    context: typer.Context,
    file: options.File,
    date: options.DateOf = None,
    kind: options.KindOf = None,
    output_format: options.OutputFormat = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what was judged not to count, with the reason.")
    ] = False,
    language: options.LanguageOf = None,
) -> None:
    """Print what a document promises and fulfils, one mention after the other.

    Uses no database."""
    from tracker import pipeline

    here = session(context)
    source, document = read(here, file, date, kind)
    if document.metadata.date is None:
        raise UndatedDocument(
            f"{file}: no date was found in this document, and terms are counted from it; give it with --date"
        )
    mentions = [
        m
        for m in pipeline.extract(document, here.knowledge, everything=everything)
        if everything or (m.reason is None and m.label is not Label.REFERENCE)
    ]
    rows = [mention_row(document, m, here.language(language), everything, source.place(m.span)) for m in mentions]
    emit(rows, output_format, (*KEYS, "reason") if everything else KEYS, lambda: _table(rows))


@app.command(rich_help_panel=PANEL, epilog=examples("tracker text letter.pdf", "tracker text letter.pdf > letter.txt"))
def text(context: typer.Context, file: options.File) -> None:
    """Print a document's text as the rules see it: the text to which `start` and `end` of an extract refer."""
    from tracker import documents

    with _on_disk(file) as path:
        source = documents.read(path, limits=session(context).limits)
    _warn(file, source.warnings)
    sys.stdout.write(source.text)


@app.command(
    rich_help_panel=PANEL,
    epilog=examples("tracker explain letter.pdf", "tracker explain news.md --date 2022-04-08 --all"),
)
def explain(
    context: typer.Context,
    file: options.File,
    date: options.DateOf = None,
    kind: options.KindOf = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also the sentences in which no rule saw anything.")
    ] = False,
    language: options.LanguageOf = None,
) -> None:
    """Say of each sentence who speaks, which rule saw what, why it counts or not, and how the date was reached."""
    from tracker.cli.explain import explained

    here = session(context)
    source, document = read(here, file, date, kind)
    console = stdout()
    for block in explained(document, source.place, here.knowledge, here.language(language), everything):
        console.print(block, soft_wrap=not console.is_terminal)
        console.print()


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


def read(here: Session, file: Path, day: date | None, kind: DocumentKind | None) -> tuple[Source, Document]:
    """A file as it was read and as a document, its warnings on standard error. Raises UnreadableDocument."""
    from tracker import documents, pipeline

    with _on_disk(file) as path:
        source = documents.read(path, limits=here.limits)
    _warn(file, source.warnings)
    if source.attachments:
        names = ", ".join(each.name for each in source.attachments)
        complain(f"{file}: only the mail itself is shown; `tracker ingest` also reads what is attached: {names}")
    said = pipeline.Overrides(date=day, kind=kind).given()
    return source, documents.document(source, file.name, here.knowledge.registry, **said)


@contextmanager
def _on_disk(file: Path) -> Iterator[Path]:
    """The file itself; "-" stands for standard input, laid in a file for the readers."""
    if str(file) != "-":
        yield file
        return
    content = sys.stdin.buffer.read()
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("stdin.pdf" if content.startswith(b"%PDF") else "stdin.txt")
        path.write_bytes(content)
        yield path


def _warn(file: Path, warnings: tuple[str, ...]) -> None:
    for warning in warnings:
        complain(f"{file}: {warning}")


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def mention_row(
    document: Document, mention: Mention, language: str, with_reason: bool = False, in_file: Span | None = None
) -> dict[str, Any]:
    """A mention with the keys that `tracker extract` promises; `in_file` is where its sentence stands in the file."""
    actor = mention.actor
    resolved = {"person": actor.person, "office": actor.office, "ministry": actor.ministry}
    row: dict[str, Any] = {
        "document": document.name,
        "start": mention.span.start,
        "end": mention.span.end,
        "page": document.page_of(mention.span.start),
        "file_start": in_file.start if in_file else None,
        "file_end": in_file.end if in_file else None,
        "sentence": " ".join(mention.span.of(document.text).split()),
        "label": mention.label,
        "kind": mention.kind,
        "strength": mention.strength,
        "flags": list(mention.flags),
        "actor": actor.written,
        "actor_resolved": resolved if any(resolved.values()) else None,
        "addressee": list(mention.addressee),
        "action": mention.action,
        "topic": mention.topic,
        "deadline": _deadline(mention, language),
        "confidence": mention.confidence,
        "rule": mention.rule,
    }
    return row | {"reason": mention.reason} if with_reason else row


def _deadline(mention: Mention, language: str) -> dict[str, Any] | None:
    from tracker import deadlines

    if mention.term is None:
        return None
    said, means = mention.term.deadline, mention.term.due
    return {
        **_term(mention.term),
        "explanation": deadlines.explain(said, means, language),
        "also": [_term(term) for term in mention.also],
    }


def _term(term: Term) -> dict[str, Any]:
    return {
        "text": term.deadline.words,
        "from": term.due.first,
        "to": term.due.last,
        "precision": term.due.precision,
    }


def _table(rows: list[dict[str, Any]]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, expand=False)
    table.add_column("Due", no_wrap=True)
    table.add_column("Kind", no_wrap=True)
    table.add_column("Sentence", ratio=1)
    table.add_column("Rule", no_wrap=True, max_width=24)
    for row in rows:
        term = row["deadline"] or {}
        due = str(term.get("to") or term.get("text") or "-")
        what = row["kind"] or row["label"]
        strength = "" if row["strength"] == "firm" else f"\n{row['strength']}"
        reason = f"\n(not counted: {row['reason']})" if row.get("reason") else ""
        table.add_row(due[:14], f"{what}{strength}", f"{row['sentence']}{reason}", row["rule"])
    return table
