"""Deadlines and due periods to and from plain tables, for the store and for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.domain import Anchor, Deadline, DuePeriod, Link, Operator, Part, Precision, Span, Step, Unit, When

_ENUMS: Mapping[str, Any] = {"unit": Unit, "anchor": Anchor, "year_anchor": Anchor, "part": Part, "first_part": Part}
_DEFAULT = When(Unit.EVENT)


def deadline_to_json(deadline: Deadline) -> dict[str, Any]:
    """A deadline as a table of strings, numbers and lists; what it does not say is left out."""
    table: dict[str, Any] = {
        "words": deadline.words,
        "span": [deadline.span.start, deadline.span.end],
        "operator": deadline.operator.value,
        "times": [_when_to_json(when) for when in deadline.times],
    }
    if deadline.link is not None:
        table["link"] = deadline.link.value
    if deadline.then is not None:
        table["then"] = deadline.then.value
    if deadline.recurring:
        table["recurring"] = True
    return table


def deadline_from_json(table: Mapping[str, Any]) -> Deadline:
    """The deadline of such a table. Raises KeyError or ValueError where it is none."""
    start, end = table["span"]
    return Deadline(
        words=table["words"],
        span=Span(start, end),
        times=tuple(_when_from_json(row) for row in table.get("times", ())),
        operator=Operator(table.get("operator", "in")),
        link=Link(table["link"]) if "link" in table else None,
        then=Operator(table["then"]) if "then" in table else None,
        recurring=bool(table.get("recurring", False)),
    )


def due_to_json(due: DuePeriod) -> dict[str, Any]:
    """A due period as a table: `from`, `to` (ISO dates or None), `precision`, `steps`."""
    return {
        "from": due.first.isoformat() if due.first else None,
        "to": due.last.isoformat() if due.last else None,
        "precision": due.precision.value,
        "steps": [{"code": s.code, **({"params": dict(s.params)} if s.params else {})} for s in due.steps],
    }


def due_from_json(table: Mapping[str, Any]) -> DuePeriod:
    """The due period of such a table. Raises KeyError or ValueError where it is none."""
    return DuePeriod(
        first=date.fromisoformat(table["from"]) if table.get("from") else None,
        last=date.fromisoformat(table["to"]) if table.get("to") else None,
        precision=Precision(table["precision"]),
        steps=tuple(Step(s["code"], tuple(s.get("params", {}).items())) for s in table.get("steps", ())),
    )


def _when_to_json(when: When) -> dict[str, Any]:
    values = {name: getattr(when, name) for name in When.__slots__}
    return {
        name: getattr(value, "value", value)
        for name, value in values.items()
        if name == "unit" or value != getattr(_DEFAULT, name)
    }


def _when_from_json(row: Mapping[str, Any]) -> When:
    return When(**{name: _ENUMS[name](value) if name in _ENUMS else value for name, value in row.items()})
