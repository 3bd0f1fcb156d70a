"""One commitment in full, for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker.cli.rows import explanation, who
from tracker.commitments import reasons
from tracker.commitments.citation import cite
from tracker.commitments.state import Commitment, Event, EventType
from tracker.reports.promises import pieces

if TYPE_CHECKING:
    from tracker.store.model import Proposal

#: What is proposed, by its kind.
PROPOSED = {
    "new": "a promise?",
    "claimed": "met, as the government says?",
    "fulfilment": "met, by what it says?",
    "report": "done, without a word about a promise?",
    "repeat": "the same promise again?",
    "deferral": "put off?",
}

#: Of which a sentence may say that it is only a part.
PARTLY = frozenset({"claimed", "fulfilment", "report"})

#: How cue and deadline are marked: by style on a terminal, by signs elsewhere.
STYLES = {"cue": "bold", "deadline": "bold underline", "": ""}
SIGNS = {"cue": "**", "deadline": "__", "": ""}


#: How a later sentence may change how a promise stands, by the kind of its proposal.
MAY_BE = {"fulfilment": "met", "report": "perhaps done", "repeat": "promised again", "deferral": "put off"}


def card(
    c: Commitment, history: list[Event], language: str, offered: Iterable[Proposal] = (), *, marked: bool
) -> Iterator[Text | Padding | Table]:
    """The parts, top to bottom. With `marked` cue and deadline stand between signs, for where there are no styles.
    `offered`: what waits for a person and may change how the promise stands."""
    yield Text.assemble((c.number, "bold"), "  ", standing(c))
    for proposal in offered:
        yield Text(_waits(proposal), style="yellow")
    yield Text()
    if c.context:
        yield Padding(Text(c.context, style="dim"), (0, 2))
    yield Padding(_quote(c, marked), (0, 2))
    yield Text()
    facts = Table.grid(padding=(0, 2), expand=False)
    facts.add_column(no_wrap=True, style="dim")
    facts.add_column()
    for name, value in _facts(c, language):
        if value:
            facts.add_row(name, value)
    yield facts
    yield Text()
    events = Table.grid(padding=(0, 2), expand=False)
    for event in history:
        events.add_row(
            Text(str(event.id), style="dim"),
            event.occurred_on.isoformat(),
            _happened(event),
            Text(_who(event), style="dim"),
        )
    yield Text("History", style="bold")
    yield events


def proposal_card(p: Proposal, language: str, *, marked: bool) -> Iterator[Text | Padding | Table]:
    """What waits: the sentence in its context, what is proposed and why."""
    c, said = p.commitment, p.said
    partly = "partly " if p.partial and p.kind in PARTLY else ""
    yield Text.assemble((p.id, "bold"), f"  {partly}{PROPOSED[p.kind]}", f"  ({p.score:.2f})")
    if said is not None:
        if said.context:
            yield Padding(Text(said.context, style="dim"), (0, 2))
        yield Padding(Text(f"“{said.quote}”"), (0, 2))
        yield Padding(Text(cite(said.document, said.page), style="dim"), (0, 2))
        if p.kind == "deferral":
            day = said.due.last.isoformat() if said.due and said.due.last else "no date"
            yield Padding(Text(f"new date: {day}, first {c.first_due or 'no date'}"), (0, 2))
        yield Text("about")
    yield Text.assemble("  ", (c.number, "bold"), "  ", standing(c))
    if c.context:
        yield Padding(Text(c.context, style="dim"), (0, 2))
    yield Padding(_quote(c, marked), (0, 2))
    source = ", ".join(filter(None, (cite(c.document, c.page), explanation(c, language))))
    yield Padding(Text(source, style="dim"), (0, 2))
    for line in reasons.explained(p.reasons, language):
        yield Padding(Text(f"· {line}"), (0, 2))


def _waits(p: Proposal) -> str:
    """ "Waits for review: put off to 2025-12-20 according to Brief van 24 juni 2025, L9; tracker review"."""
    assert p.said is not None, "what a later sentence may change"
    partly = "partly " if p.partial and p.kind in PARTLY else ""
    last = p.said.due.last if p.said.due and p.kind == "deferral" else None
    to = f" to {last}" if last else ""
    return (
        f"Waits for review: {partly}{MAY_BE[p.kind]}{to} according to {cite(p.said.document, p.said.page)}, "
        f"{p.id}; tracker review"
    )


def standing(c: Commitment) -> str:
    """ "open, 25 days past its term on 2022-08-01", in fair words."""
    parts = [str(c.status)]
    late = c.days_late()
    if late:
        days = f"{late} {'day' if late == 1 else 'days'}"
        parts.append(
            f"{days} past its term on {c.as_of}" if c.strength == "firm" else f"expected and not seen, {days} past"
        )
    if c.closed_on:
        parts.append(f"on {c.closed_on}")
    if c.closed_by:
        parts.append(
            {"claimed": "as the government says", "confirmed": "confirmed by a person"}.get(c.closed_by, c.closed_by)
        )
    if c.review != "new":
        parts.append(str(c.review))
    if not c.found:
        parts.append("no longer found in the document")
    return ", ".join(parts)


def _quote(c: Commitment, marked: bool) -> Text:
    text = Text("“")
    for piece in pieces(c.quote, c.cue, c.deadline_at):
        sign = SIGNS[piece.mark] if marked else ""
        text.append(f"{sign}{piece.text}{sign}", style=STYLES[piece.mark])
    return text.append("”")


def _facts(c: Commitment, language: str) -> Iterator[tuple[str, str]]:
    yield "Due", c.due.last.isoformat() if c.due and c.due.last else "no date"
    yield "Term", explanation(c, language) or ""
    if c.first_due and c.due and c.first_due != c.due.last:
        yield "First due", c.first_due.isoformat()
    if c.deferrals:
        yield "Put off", f"{c.deferrals} {'time' if c.deferrals == 1 else 'times'}, by {c.slipped} days"
        late = c.days_late_first()
        yield "", f"{late} days past the first date" if late else ""
    yield "Part of", c.parent or ""
    yield "Made", c.made.isoformat() if c.made else ""
    yield "Who", ", ".join(dict.fromkeys(filter(None, (who(c), c.actor.office, c.actor.ministry))))
    yield "To", ", ".join(c.addressee)
    yield "Subject", c.topic or ""
    yield "What", " · ".join([c.kind, c.strength, *c.flags])
    yield "Rule", f"{c.rule}, confidence {c.confidence:.2f}"
    yield "Document", c.document.title or ""
    yield "Source", cite(c.document, c.page)
    yield "Page", str(c.page) if c.page else ""
    yield "Address", c.document.url or ""
    yield "Withdrawn", f"by its publisher, on {c.document.withdrawn}" if c.document.withdrawn else ""
    yield "Evidence", c.evidence or ""
    yield "Tags", ", ".join(c.tags)
    if c.mentions > 1:
        yield "Mentions", f"said {c.mentions} times"


def _happened(event: Event) -> str:
    """ "status fulfilled: gezien in de brief (https://…)"."""
    payload = event.payload
    match event.type:
        case EventType.READ:
            what = "read again"
        case EventType.DUE:
            what = f"due {(payload.get('due') or {}).get('to') or 'without a date'}"
        case EventType.STATUS | EventType.REVIEW:
            what = str(payload.get(event.type))
        case EventType.TAG:
            what = " ".join([*(f"+{tag}" for tag in payload["add"]), *(f"-{tag}" for tag in payload["remove"])])
        case EventType.LINKED | EventType.UNLINKED:
            what = f"mention {event.mention} {event.type}"
        case EventType.TIED:
            what = f"part of {payload['parent']}" if payload["parent"] else "no longer part of another"
        case EventType.REASSIGNED:
            what = f"handed over to {', '.join(filter(None, payload.values()))}"
        case EventType.EDITED:
            what = f"worded: {', '.join(map(str, payload.values()))}"
        case EventType.DECLINED:
            what = f"not met by, or said again in, mention {event.mention}"
        case EventType.UNDONE:
            what = f"event {event.corrects} taken back"
        case _:
            what = str(event.type)
    note = f": {event.note}" if event.note else ""
    return f"{what}{note}{f' ({event.evidence})' if event.evidence else ''}"


def _who(event: Event) -> str:
    return f"{event.by}, {event.recorded_at:%Y-%m-%d %H:%M} UTC"
