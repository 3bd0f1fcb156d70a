"""What one reading saw in a mention, as plain values that can be stored and compared. Pure.

A snapshot is a dictionary ready for JSON. It is the payload of the events `made`, `linked` and `read`; `fold` reads it.
    label, kind, strength, confidence, rule, reason, action, topic, context, page     as in Mention
    flags, addressee        lists
    actor                   {written, person, office, ministry}
    quote                   the sentence, white space collapsed
    cue, deadline_at        [start, end] in the quote, or null
    deadline                the words, or null
    due                     as deadlines.due_to_json writes it, or null
    term, also              {deadline: as said, due}, and the other times named
    references              a list of {kind, written, date, dossier, number}
    made                    the day the promise was made, or null
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from tracker.deadlines import deadline_to_json, due_to_json
from tracker.domain import (
    Actor,
    Document,
    Flag,
    Kind,
    Label,
    Mention,
    Reference,
    Span,
    Strength,
    Term,
)

Snapshot = dict[str, Any]


def snapshot(mention: Mention, document: Document) -> Snapshot:
    """The attributes of a mention as a reading of `document` saw them."""
    sentence = mention.span.of(document.text)
    quote, offsets = collapse(sentence)
    term = mention.term
    return {
        "label": mention.label.value,
        "kind": mention.kind.value if mention.kind else None,
        "strength": mention.strength.value,
        "flags": [flag.value for flag in mention.flags],
        "actor": asdict(mention.actor),
        "addressee": list(mention.addressee),
        "action": mention.action,
        "topic": mention.topic,
        "context": mention.context,
        "quote": quote,
        "cue": _within(mention.cue, mention.span, offsets),
        "deadline_at": _deadline_at(term, sentence, quote, offsets) if term else None,
        "deadline": term.deadline.words if term else None,
        "due": due_to_json(term.due) if term else None,
        "term": _term_to_json(term) if term else None,
        "also": [_term_to_json(other) for other in mention.also],
        "references": [_reference_to_json(reference) for reference in mention.references],
        "confidence": mention.confidence,
        "rule": mention.rule,
        "reason": mention.reason,
        "page": document.page_of(mention.span.start),
        "made": _iso(made_on(mention, document)),
    }


def made_on(mention: Mention, document: Document) -> date | None:
    """The day the promise was made: that of the document, or of the earlier debate or letter that it says it repeats.

    "Zoals ik heb toegezegd tijdens het commissiedebat van 24 februari jl.": 24 February.
    """
    written = document.metadata.date
    if written is None or Flag.RESTATED not in mention.flags or mention.label is not Label.COMMITMENT:
        return written
    earlier = [r.date for r in mention.references if r.kind in {"debate", "letter"} and r.date and r.date < written]
    return min(earlier, default=written)


def mention_of(seen: Mapping[str, Any], span: Span, ordinal: int) -> Mention:
    """The mention behind a snapshot, for showing; its cue is the whole span, its terms are left out."""
    return Mention(
        span=span,
        ordinal=ordinal,
        label=Label(seen["label"]),
        rule=seen["rule"],
        cue=span,
        confidence=seen["confidence"],
        kind=Kind(seen["kind"]) if seen["kind"] else None,
        strength=Strength(seen["strength"]),
        flags=tuple(Flag(flag) for flag in seen["flags"]),
        actor=Actor(**seen["actor"]),
        addressee=tuple(seen["addressee"]),
        action=seen["action"],
        topic=seen["topic"],
        context=seen["context"],
        references=tuple(reference_from_json(reference) for reference in seen["references"]),
        reason=seen["reason"],
    )


def collapse(text: str) -> tuple[str, list[int]]:
    """Text with its white space collapsed, and where each character of it (and the end) went."""
    out: list[str] = []
    offsets: list[int] = []
    for character in text:
        offsets.append(len(out))
        if not character.isspace():
            out.append(character)
        elif out and out[-1] != " ":
            out.append(" ")
    offsets.append(len(out))
    collapsed = "".join(out).rstrip()
    return collapsed, [min(offset, len(collapsed)) for offset in offsets]


def day(text: str | None) -> date | None:
    """A day as JSON carries it."""
    return date.fromisoformat(text) if text else None


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _within(mark: Span, sentence: Span, offsets: list[int]) -> list[int] | None:
    """A span of the document as offsets in the quote; None where it lies elsewhere."""
    if not sentence.start <= mark.start < mark.end <= sentence.end:
        return None
    return [offsets[mark.start - sentence.start], offsets[mark.end - sentence.start]]


def _deadline_at(term: Term, sentence: str, quote: str, offsets: list[int]) -> list[int] | None:
    """Where in the quote the deadline stands. Its span counts in the sentence as the grammar saw it, without markup."""
    from tracker.sentences import plain  # not for who only reads snapshots

    said, words = plain(sentence), term.deadline.words
    if collapse(term.deadline.span.of(said.text))[0].casefold() == words.casefold():
        place = said.span(term.deadline.span.start, term.deadline.span.end)
        return [offsets[place.start], offsets[place.end]]
    start = quote.casefold().find(words.casefold())
    return [start, start + len(words)] if words and start >= 0 else None


def _term_to_json(term: Term) -> dict[str, Any]:
    return {"deadline": deadline_to_json(term.deadline), "due": due_to_json(term.due)}


def _reference_to_json(reference: Reference) -> dict[str, Any]:
    return {**asdict(reference), "date": _iso(reference.date)}


def reference_from_json(stored: Mapping[str, Any]) -> Reference:
    return Reference(**{**stored, "date": day(stored["date"])})
