"""The sample documents, read with our rules and then with changed ones: what people decided stays where it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tracker import pipeline
from tracker.commitments.state import EventType, Review, Status
from tracker.domain import Kind, Strength
from tracker.knowledge import RULES, Knowledge, read_toml
from tracker.paths import samples_dir
from tracker.rulebook import Rulebook
from tracker.store import Store

from .builders import Clock

DAY = date(2030, 1, 1)


def changed(knowledge: Knowledge) -> Knowledge:
    """Every rule that saw parliament being told now sees an act, and "ik" makes any promise a hedged one."""
    tables: list[dict[str, Any]] = [read_toml(file) for file in sorted((RULES / "mentions").glob("*.toml"))]
    for rule in (rule for table in tables for rule in table.get("rule", ())):
        if rule.get("kind") == "inform":
            rule["kind"] = "act"
    tables.append({"lists": {"hedge": ["ik"]}})
    return replace(knowledge, rulebook=Rulebook.compile(tables), version="changed")


def test_numbers_statuses_notes_and_rejections_survive_changed_rules(
    store: Store, knowledge: Knowledge, clock: Clock
) -> None:
    pipeline.ingest(store, [samples_dir()], knowledge)
    before = store.commitments(as_of=DAY)
    kept, rejected, noted = [c.number for c in before if c.kind is Kind.INFORM][:3]
    store.set_status([kept], Status.FULFILLED, occurred_on=date(2026, 1, 1), evidence="brief van 1 januari")
    store.set_review([rejected], Review.REJECTED)
    store.add_note([noted], "navragen bij de woordvoerder")

    clock.forward()
    done = pipeline.reread(store, [row.id for row in store.documents()], changed(knowledge))
    after = {c.number: c for c in store.commitments(as_of=DAY)}
    assert {number for changes in done for number in changes.changed} >= {kept, rejected, noted}
    assert set(after) >= {c.number for c in before}, "a number is never lost"
    assert {after[number].kind for number in (kept, rejected, noted)} == {Kind.ACT}
    assert Strength.HEDGED in {after[c.number].strength for c in before if c.strength is Strength.FIRM}
    assert (after[kept].status, after[kept].evidence) == (Status.FULFILLED, "brief van 1 januari")
    assert after[rejected].review is Review.REJECTED
    notes = [event.note for event in store.history(noted) if event.type is EventType.NOTE]
    assert notes == ["navragen bij de woordvoerder"]


def test_reading_with_the_old_rules_again_gives_what_there_was(
    store: Store, knowledge: Knowledge, clock: Clock
) -> None:
    pipeline.ingest(store, [samples_dir()], knowledge)
    before = store.commitments(as_of=DAY)
    ids = [row.id for row in store.documents()]
    for rules in (changed(knowledge), knowledge):
        clock.forward()
        pipeline.reread(store, ids, rules)
    after = {c.number: c for c in store.commitments(as_of=DAY)}
    assert [after[c.number] for c in before] == before
