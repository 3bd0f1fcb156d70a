"""Commitments and their events as rows for programs, with the keys that CLI users rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.commitments import reasons
from tracker.commitments.citation import cite
from tracker.commitments.state import Commitment, Event
from tracker.domain import Deadline, Span

if TYPE_CHECKING:
    from tracker.store.model import Claim, Proposal

#: The keys of `tracker list`, in the order in which they are printed.
COMMITMENT_KEYS = (
    "number", "status", "review", "due_from", "due", "first_due", "precision", "explanation", "days_late", "made",
    "kind", "strength", "confidence", "quote", "context", "actor", "ministry", "addressee", "document", "reference",
    "url", "page", "mentions", "deferrals", "slipped_days", "days_late_first", "parent", "found",
)  # fmt: skip

#: The keys of `tracker review list`.
PROPOSAL_KEYS = (
    "id", "kind", "number", "score", "linked", "partial", "quote", "context", "document", "date", "reference", "page",
    "due", "own_number", "promise", "promise_due", "promise_status", "promise_reference", "reasons",
)  # fmt: skip

#: The keys of `tracker fulfilments`.
CLAIM_KEYS = (
    "date", "status", "quote", "context", "ministry", "document", "reference", "page", "references", "closes",
    "proposed",
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
        "deferrals": c.deferrals,
        "slipped_days": c.slipped,
        "days_late_first": c.days_late_first(),
        "parent": c.parent,
        "found": c.found,
    }


def proposal_row(proposal: Proposal, language: str) -> dict[str, Any]:
    """What waits for a person. For a doubtful find the keys about a later sentence are null."""
    c, said = proposal.commitment, proposal.said
    return {
        "id": proposal.id,
        "kind": proposal.kind,
        "number": c.number,
        "score": proposal.score,
        "linked": proposal.linked,
        "partial": proposal.partial,
        "quote": said.quote if said else None,
        "context": said.context if said else c.context,
        "document": said.document.title if said else c.document.title,
        "date": said.document.date if said else c.document.date,
        "reference": cite(said.document, said.page) if said else None,
        "page": said.page if said else c.page,
        "due": said.due.last if said and said.due else None,
        "own_number": proposal.own,
        "promise": c.quote,
        "promise_due": c.due.last if c.due else None,
        "promise_status": c.status,
        "promise_reference": cite(c.document, c.page),
        "reasons": [{**reason, "text": reasons.explain(reason, language)} for reason in proposal.reasons],
    }


def claim_row(claim: Claim) -> dict[str, Any]:
    """A sentence that says that a promise is met: what it refers to, and what it closes."""
    said = claim.said
    return {
        "date": said.document.date,
        "status": "confirmed" if claim.confirmed else "claimed",
        "quote": said.quote,
        "context": said.context,
        "ministry": claim.ministry,
        "document": said.document.title,
        "reference": cite(said.document, said.page),
        "page": said.page,
        "references": [
            {
                "kind": reference.kind,
                "written": reference.written,
                "date": reference.date,
                "dossier": reference.dossier,
                "number": reference.number,
                "document": known.id if known else None,
            }
            for reference, known in claim.references
        ],
        "closes": list(claim.closes),
        "proposed": list(claim.proposed),
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
