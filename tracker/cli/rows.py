"""Commitments and their events as rows for programs, with the keys that CLI users rely on."""

from __future__ import annotations

from typing import Any

from tracker.commitments.citation import cite
from tracker.commitments.state import Commitment, Event
from tracker.domain import Deadline, Span

#: The keys of `tracker list`, in the order in which they are printed.
COMMITMENT_KEYS = (
    "number", "status", "review", "due_from", "due", "first_due", "precision", "explanation", "days_late", "made",
    "kind", "strength", "confidence", "quote", "context", "actor", "ministry", "addressee", "document", "reference",
    "url", "page", "mentions",
)  # fmt: skip


def commitment_row(commitment: Commitment, language: str, grace: int = 0) -> dict[str, Any]:
    """A commitment as it stands on its `as_of`. Within `grace` days past due it is not yet late."""
    c = commitment
    return {
        "number": c.number,
        "status": c.status,
        "review": c.review,
        "due_from": c.due.first if c.due else None,
        "due": c.due.last if c.due else None,
        "first_due": c.first_due,
        "precision": c.due.precision if c.due else None,
        "explanation": explanation(c, language),
        "days_late": c.days_late(grace),
        "made": c.made,
        "kind": c.kind,
        "strength": c.strength,
        "confidence": c.confidence,
        "quote": c.quote,
        "context": c.context,
        "actor": who(c),
        "ministry": c.actor.ministry,
        "addressee": list(c.addressee),
        "document": c.document.title,
        "reference": cite(c.document, c.page),
        "url": c.document.url,
        "page": c.page,
        "mentions": c.mentions,
    }


def event_row(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "occurred_on": event.occurred_on,
        "recorded_at": event.recorded_at,
        "by": event.by,
        "source": event.source,
        "evidence": event.evidence,
        "note": event.note,
        "payload": dict(event.payload),
        "corrects": event.corrects,
    }


def explanation(commitment: Commitment, language: str) -> str | None:
    """How the due date follows from the words, in one line; None where no time was named."""
    from tracker import deadlines

    if commitment.due is None:
        return None
    words = commitment.deadline or ""
    line = deadlines.explain(Deadline(words, Span(0, len(words))), commitment.due, language)
    return line.removeprefix(" → ")  # a date that was given without words


def who(commitment: Commitment) -> str | None:
    """The best name there is for who promised: a person, an office, or the words of the sentence."""
    actor = commitment.actor
    return actor.person or actor.office or actor.written
