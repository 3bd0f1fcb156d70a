"""Between rows and the nouns of the program: metadata, readings, events and states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from tracker.commitments.snapshot import Snapshot, day
from tracker.commitments.state import Commitment, DocumentRef, Event, EventType, Review, Status
from tracker.deadlines import due_from_json, due_to_json
from tracker.domain import Actor, DocumentKind, Kind, Metadata, Page, Span, Strength
from tracker.store.tables import DocumentEvent, EventRow, Reading

# ── Documents ────────────────────────────────────────────────────────────────────────────────────────────────────


def metadata_to_json(metadata: Metadata) -> dict[str, Any]:
    return to_json(asdict(metadata))


def metadata_from_json(stored: Mapping[str, Any]) -> Metadata:
    return Metadata(
        **{
            **stored,
            "date": day(stored["date"]),
            "withdrawn": day(stored.get("withdrawn")),
            "kind": DocumentKind(stored["kind"]),
            "dossiers": tuple(stored["dossiers"]),
            "signatory": Actor(**stored["signatory"]),
        }
    )


def to_json(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Dates, enumerations and tuples as JSON has them."""
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Kind() | Strength() | Status() | Review() | DocumentKind():
            return value.value
        case tuple() | list():
            return [_plain(item) for item in value]
    return value


def current_metadata(events: Iterable[DocumentEvent]) -> dict[str, Any]:
    """What a document says of itself, by its last reading, under what users said of it. In JSON's terms."""
    read: dict[str, Any] = {}
    said: dict[str, Any] = {}
    for event in sorted(events, key=lambda e: (e.recorded_at, e.id)):
        if event.type == "read":
            read = event.payload["metadata"]
        else:
            said |= event.payload
    return read | said


def document_ref(work_id: int, name: str, metadata: Metadata) -> DocumentRef:
    return DocumentRef(
        id=work_id,
        title=metadata.title or name,
        kind=metadata.kind.value,
        date=metadata.date,
        dossiers=metadata.dossiers,
        number=metadata.number,
        url=metadata.url,
        withdrawn=metadata.withdrawn,
    )


def pages_to_json(pages: Iterable[Page]) -> list[Any]:
    return [[page.number, page.span.start, page.span.end] for page in pages]


def pages_from_json(stored: Iterable[Any]) -> tuple[Page, ...]:
    return tuple(Page(number, Span(start, end)) for number, start, end in stored)


# ── Readings and events ──────────────────────────────────────────────────────────────────────────────────────────

_SAME = (
    *("label", "kind", "strength", "flags", "addressee", "action", "topic", "context", "quote", "cue", "deadline_at"),
    *("deadline", "due", "term", "also", "references", "confidence", "rule", "reason", "page"),
)


def reading_columns(seen: Snapshot) -> dict[str, Any]:
    """The columns of a reading that hold a snapshot."""
    actor = {f"actor_{name}": seen["actor"][name] for name in ("written", "person", "office", "ministry")}
    return {name: seen[name] for name in _SAME} | actor | {"made": day(seen["made"])}


def snapshot_of(reading: Reading | Row[Any]) -> Snapshot:
    """The snapshot that a reading holds."""
    seen: Snapshot = {name: getattr(reading, name) for name in _SAME}
    seen["actor"] = {
        "written": reading.actor_written,
        "person": reading.actor_person,
        "office": reading.actor_office,
        "ministry": reading.actor_ministry,
    }
    seen["made"] = reading.made.isoformat() if reading.made else None
    return seen


def event_of(row: EventRow | Row[Any], reading: Reading | Row[Any] | None) -> Event:
    """The event with what was read in its payload."""
    return Event(
        id=row.id,
        type=EventType(row.type),
        occurred_on=row.occurred_on,
        recorded_at=row.recorded_at,
        by=row.by,
        source=row.source,
        evidence=row.evidence,
        note=row.note,
        payload=row.payload | snapshot_of(reading) if reading else row.payload,
        corrects=row.corrects,
        mention=row.mention_id,
    )


# ── States ───────────────────────────────────────────────────────────────────────────────────────────────────────

_PLAIN = (
    "number",
    "deadline",
    "confidence",
    "rule",
    "quote",
    "context",
    "action",
    "topic",
    "page",
    "closed_by",
    "evidence",
)
_FLAT = (*_PLAIN, "mentions", "found", "deferrals", "parent")


def state_columns(commitment: Commitment) -> dict[str, Any]:
    """The columns of `commitment_state` that hold a commitment. The document is a reference, unless there is none."""
    c = commitment
    state = {name: getattr(c, name) for name in _FLAT} | {
        "first_due": _plain(c.first_due),
        "closed_on": _plain(c.closed_on),
        "kind": c.kind.value,
        "strength": c.strength.value,
        "due": due_to_json(c.due) if c.due else None,
        "flags": list(c.flags),
        "actor": [c.actor.written, c.actor.person, c.actor.office, c.actor.ministry],
        "addressee": list(c.addressee),
        "cue": _plain(c.cue),
        "deadline_at": _plain(c.deadline_at),
        "tags": list(c.tags),
        "document": None if c.document.id is not None else _unpublished(c.document),
    }
    return {
        "work_id": c.document.id,
        "status": c.status.value,
        "review": c.review.value,
        "due": c.due.last if c.due else None,
        "made": c.made,
        "state": state,
    }


def commitment_of(row: Row[Any], as_of: date, documents: Mapping[int, DocumentRef]) -> Commitment:
    """The commitment that a row of `commitment_state` holds, for a day on which it is settled."""
    state = row.state
    return Commitment(
        as_of=as_of,
        status=Status(row.status),
        review=Review(row.review),
        due=due_from_json(state["due"]) if state["due"] else None,
        first_due=day(state["first_due"]),
        made=row.made,
        kind=Kind(state["kind"]),
        strength=Strength(state["strength"]),
        flags=tuple(state["flags"]),
        actor=Actor(*state["actor"]),
        addressee=tuple(state["addressee"]),
        document=documents[row.work_id] if row.work_id is not None else _heard(state["document"]),
        cue=_pair(state["cue"]),
        deadline_at=_pair(state["deadline_at"]),
        tags=tuple(state["tags"]),
        closed_on=day(state["closed_on"]),
        **{name: state[name] for name in _FLAT},
    )


def _unpublished(document: DocumentRef) -> dict[str, Any]:
    """Of a promise that was added by hand: nobody can withdraw where it was heard."""
    return {name: value for name, value in to_json(asdict(document)).items() if name != "withdrawn"}


def _heard(stored: Mapping[str, Any]) -> DocumentRef:
    return DocumentRef(**{**stored, "date": day(stored["date"]), "dossiers": tuple(stored["dossiers"])})


def _pair(offsets: list[int] | None) -> tuple[int, int] | None:
    return (offsets[0], offsets[1]) if offsets else None
