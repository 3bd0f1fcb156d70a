"""Reading again: which mention is which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.commitments.identity import Known, match, normalised, sentence_hash
from tracker.domain import Label, Mention, Span

TEXT = "Ik stuur een brief. Ik bel u op. Ik stuur een brief. Wij wachten af."
BRIEF, BEL, AGAIN, WACHT = Span(0, 19), Span(20, 32), Span(33, 52), Span(53, 68)


def mention(span: Span, ordinal: int = 0) -> Mention:
    return Mention(span, ordinal, Label.COMMITMENT, "test", span, 1.0)


def known(number: int, span: Span | None, sentence: str, ordinal: int = 0) -> Known:
    return Known(number, span, ordinal, sentence_hash(sentence))


def test_the_same_span_and_ordinal_is_the_same_mention() -> None:
    stored = [known(1, BRIEF, BRIEF.of(TEXT)), known(2, BRIEF, BRIEF.of(TEXT), 1), known(3, AGAIN, AGAIN.of(TEXT))]
    found = [mention(AGAIN), mention(BRIEF, 1), mention(BRIEF)]
    assert match(stored, found, TEXT) == {0: 3, 1: 2, 2: 1}


def test_in_another_text_the_sentence_decides_in_order_of_appearance() -> None:
    stored = [known(n, None, span.of(TEXT)) for n, span in enumerate((BRIEF, BEL, AGAIN), 1)]
    assert match(stored, [mention(s) for s in (BRIEF, BEL, AGAIN)], TEXT) == {0: 1, 1: 2, 2: 3}


def test_another_ordinal_is_another_act() -> None:
    assert match([known(1, BRIEF, BRIEF.of(TEXT))], [mention(BRIEF, 1)], TEXT) == {}


def test_a_sentence_cut_differently_is_found_by_its_place() -> None:
    joined = Span(BEL.start, AGAIN.end)
    assert match([known(1, BEL, BEL.of(TEXT))], [mention(joined)], TEXT) == {0: 1}


def test_a_neighbour_is_not_taken_for_a_lost_sentence() -> None:
    assert match([known(1, BRIEF, BRIEF.of(TEXT))], [mention(BEL), mention(WACHT)], TEXT) == {}


@pytest.mark.parametrize(
    "other",
    ["ik stuur\n  een brief", "Ik stuur een brief<sup>12</sup>.", "**Ik stuur** een brief!", "Ik stuur een brief …"],
)
def test_layout_case_and_marks_do_not_change_a_sentence(other: str) -> None:
    assert sentence_hash(other) == sentence_hash("Ik stuur een brief.")


def test_other_words_do() -> None:
    assert normalised("Ik stuur een brief in 2024.") != normalised("Ik stuur een brief in 2025.")


SPANS = st.lists(st.sampled_from([BRIEF, BEL, AGAIN, WACHT]), unique=True)


@given(SPANS, SPANS, st.booleans())
def test_every_mention_is_paired_at_most_once(before: list[Span], after: list[Span], same_text: bool) -> None:
    stored = [known(n, span if same_text else None, span.of(TEXT)) for n, span in enumerate(before, 1)]
    pairs = match(stored, [mention(span) for span in after], TEXT)
    assert len(set(pairs.values())) == len(pairs)
    if same_text:
        assert {before[old - 1] for old in pairs.values()} >= set(before) & set(after)
