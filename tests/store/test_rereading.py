"""A better rulebook changes what was read, and nothing that people decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tracker.commitments.state import EventType, Review, Status
from tracker.domain import Flag, Kind, Label, Mention, Span, Strength
from tracker.store import Store

from .builders import FIRST, LETTER, THIRD, Clock, document, mention, save, three

LATE = date(2025, 1, 1)
NUMBERS = ("TT-2024-0001", "TT-2024-0002", "TT-2024-0003")


def better(mentions: list[Mention]) -> list[Mention]:
    """Another kind, strength and action for all."""
    return [replace(m, kind=Kind.ACT, strength=Strength.HEDGED, action="iets anders") for m in mentions]


def test_number_status_notes_and_rejection_survive(store: Store, clock: Clock) -> None:
    save(store)
    store.set_status(["TT-2024-0001"], Status.FULFILLED, occurred_on=date(2024, 7, 20), evidence="https://example.org")
    store.set_review(["TT-2024-0002"], Review.REJECTED)
    store.add_note(["TT-2024-0003"], "Nabellen")
    clock.forward()
    changes = save(store, None, better(three()), rulebook="2")
    assert (changes.new, changes.changed, changes.gone) == ((), NUMBERS, ())
    kept, rejected, noted = store.commitments(as_of=LATE)
    assert (kept.number, kept.status, kept.evidence) == ("TT-2024-0001", Status.FULFILLED, "https://example.org")
    assert rejected.review is Review.REJECTED
    assert [e.note for e in store.history(noted.number) if e.type is EventType.NOTE] == ["Nabellen"]
    assert {(c.kind, c.strength, c.action) for c in (kept, rejected, noted)} == {
        (Kind.ACT, Strength.HEDGED, "iets anders")
    }


def test_what_was_read_before_is_still_there_for_those_who_knew_it(store: Store, clock: Clock) -> None:
    then = clock.moment
    save(store)
    clock.forward()
    save(store, None, better(three()), rulebook="2")
    assert store.commitment("TT-2024-0001", as_of=LATE, known_on=then).kind is Kind.INFORM
    assert store.commitment("TT-2024-0001", as_of=LATE).kind is Kind.ACT


def test_reading_the_same_again_adds_no_events(store: Store, clock: Clock) -> None:
    save(store)
    clock.forward()
    save(store, rulebook="2")
    assert [e.type for e in store.history("TT-2024-0001")] == [EventType.MADE]


def test_a_mention_no_longer_found_is_kept_and_flagged(store: Store, clock: Clock) -> None:
    save(store)
    clock.forward()
    changes = save(store, None, three()[1:], rulebook="2")
    assert changes.gone == ("TT-2024-0001",)
    lost = store.commitment("TT-2024-0001", as_of=LATE)
    assert (lost.found, lost.quote, lost.status) == (False, FIRST, Status.OPEN)

    assert save(store, None, three()[1:], rulebook="3").gone == (), "it is said once"
    clock.forward()
    save(store, rulebook="4")
    assert store.commitment("TT-2024-0001", as_of=LATE).found


def test_the_reason_why_it_no_longer_counts_is_remembered(store: Store) -> None:
    save(store)
    save(store, None, [replace(three()[0], reason="past"), *three()[1:]], rulebook="2")
    assert store.history("TT-2024-0001")[-1].payload == {"found": False, "reason": "past"}


def test_a_commitment_that_turns_out_a_fulfilment_is_flagged(store: Store) -> None:
    save(store)
    changes = save(store, None, [replace(three()[0], label=Label.FULFILMENT, kind=None), *three()[1:]], rulebook="2")
    assert changes.gone == ("TT-2024-0001",)
    assert not store.commitment("TT-2024-0001", as_of=LATE).found
    assert [f.quote for f in store.fulfilments(as_of=LATE)] == [FIRST]


def test_a_new_mention_in_a_known_document_gets_the_next_number(store: Store) -> None:
    save(store, None, three()[1:])
    assert save(store, rulebook="2").new == ("TT-2024-0003",)


def test_a_new_version_matches_by_sentence(store: Store) -> None:
    save(store, document(identifier="kst-12345-7"))
    store.set_review(["TT-2024-0001"], Review.ACCEPTED)
    moved = "Eerst een regel.\n\n" + LETTER
    changes = save(store, document(moved, identifier="kst-12345-7"), three(moved))
    assert (changes.outcome, changes.new, changes.gone) == ("new-version", (), ())
    assert store.commitment("TT-2024-0001", as_of=LATE).review is Review.ACCEPTED


def test_a_new_version_with_another_layout_matches_too(store: Store) -> None:
    save(store, document(identifier="kst-12345-7"), three()[:1])
    other = FIRST.replace("de stand", "de\n STAND").replace("sluizen.", "sluizen<sup>1</sup>.")
    text = LETTER.replace(FIRST, other)
    assert save(store, document(text, identifier="kst-12345-7"), [mention(text, other)]).new == ()
    assert store.commitment("TT-2024-0001", as_of=LATE).found


def test_a_sentence_cut_differently_keeps_its_number(store: Store) -> None:
    save(store)
    first, *rest = three()
    shorter = replace(first, span=Span(first.span.start, first.span.end - 20))
    changes = save(store, None, [shorter, *rest], rulebook="2")
    assert (changes.new, changes.gone) == ((), ())


def test_a_restated_sentence_joins_what_it_repeats(store: Store, clock: Clock) -> None:
    again = "Zoals gezegd wordt de brochure herzien."
    text = LETTER.replace("wordt herzien.\n", f"wordt herzien. {again}\n")
    repeat = mention(text, again, kind=Kind.ACT, flags=(Flag.RESTATED,))
    changes = save(store, document(text), [*three(text), repeat])
    assert len(changes.new) == 3
    joined = store.commitment("TT-2024-0003", as_of=LATE)
    assert (joined.mentions, joined.quote) == (2, THIRD)

    # A person sees that it is another promise: the link is undone, the sentence stands on its own.
    clock.forward()
    (link,) = [e for e in store.history("TT-2024-0003") if e.type is EventType.LINKED]
    store.undo(link.id)
    assert [(c.number, c.mentions) for c in store.commitments(as_of=LATE)][2:] == [
        ("TT-2024-0003", 1),
        ("TT-2024-0004", 1),
    ]
    assert save(store, document(text), [*three(text), repeat], rulebook="2").new == ()
    assert store.commitment("TT-2024-0003", as_of=LATE).mentions == 1
