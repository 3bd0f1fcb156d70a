"""A document into passages: stretches of the text with one voice, one after the other without a gap.

Three styles, told from the document's kind and its own signs: a debate (speaker lines), a text of the government
(letter, answers to questions, written consultation) and everything else, which a third party says.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from tracker.domain import Document, DocumentKind, Passage, Span, Voice
from tracker.sentences.debate import debate_marks, speakers
from tracker.sentences.marks import Mark
from tracker.sentences.passage_rules import PassageRules
from tracker.sentences.written import written_marks

__all__ = ["PassageRules", "passages"]

_WRITTEN_KINDS = {DocumentKind.LETTER, DocumentKind.ANSWER, DocumentKind.REPORT}
_DEBATE_KINDS = {DocumentKind.DEBATE, DocumentKind.CHAIR_LIST}
_LONGEST_OPENING = 2000  # characters before the first speaker of a text that turns out to be a debate


def passages(
    document: Document, rules: PassageRules, voices: Container[Voice] = frozenset(Voice)
) -> tuple[Passage, ...]:
    """The passages of `document` of certain voices; of all they are its exact text, joined. An empty text has none."""
    return tuple(_joined(_marks(document, rules), len(document.text), voices))


def _marks(document: Document, rules: PassageRules) -> Iterable[Mark]:
    text, kind = document.text, document.metadata.kind
    if kind == DocumentKind.NEWS:
        return [Mark(0, Voice.OTHER)]
    if kind not in _WRITTEN_KINDS:
        certain = kind in _DEBATE_KINDS
        turns = speakers(text, rules, certain=certain)
        if turns and (certain or turns[0].start <= _LONGEST_OPENING):
            return debate_marks(text, turns, rules, in_list=kind == DocumentKind.CHAIR_LIST)
    if kind in {DocumentKind.CHAIR_LIST, DocumentKind.REGISTER}:
        return [Mark(0, Voice.CHAIR_LIST)]
    if kind in _WRITTEN_KINDS or rules.government.search(text) or rules.answered.search(text):
        return written_marks(text, rules)
    if rules.listed.search(text):
        return [Mark(0, Voice.CHAIR_LIST)]
    return [Mark(0, Voice.OTHER)]


def _joined(marks: Iterable[Mark], length: int, voices: Container[Voice]) -> Iterator[Passage]:
    """Passages between one mark and the next; marks that change nothing are left out."""
    current: Mark | None = None
    for mark in marks:
        if current is None:
            current = mark.at(0)
        elif not current.same_as(mark):
            if mark.start > current.start and current.voice in voices:
                yield _passage(current, mark.start)
            current = mark
    current = current or Mark(0, Voice.FRAME)
    if length > 0 and current.voice in voices:
        yield _passage(current, length)


def _passage(mark: Mark, end: int) -> Passage:
    return Passage(Span(mark.start, end), mark.voice, mark.speaker, mark.heading, mark.question)
