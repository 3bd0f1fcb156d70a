"""Letters, answers to questions and written consultations: one pass over the blocks, with a little memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from tracker.domain import Voice
from tracker.sentences.marks import Mark
from tracker.sentences.passage_rules import PassageRules

_TERMINAL = re.compile(
    r"[.!?:;…][\"'»”’)\]*_]*(?:\s?\[\d{1,3}\s?\]|\s?<sup>[^<]{1,20}</sup>|[¹²³⁰⁴-⁹]+|\d{1,3})*[*_]*\s*\Z"
)
_ASKS = re.compile(
    r"\?[\"'»”’)\]*_]*(?:\s?\[\d{1,3}\s?\]|\s?<sup>[^<]{1,20}</sup>|[¹²³⁰⁴-⁹,]+|\s?\(?\d{1,3}\)?,?)*[*_]*\s*\Z"
)
_MARKDOWN_HEADING = re.compile(r"\#{1,6}\s|(\*\*|__)[^*\n]{2,160}\1\s*\Z")
_BARE_NUMBER = re.compile(r"[#*_(\s]{0,6}(\d{1,3})[.):]?[*_\s]{0,4}\Z")
_LONE_NUMBER = re.compile(r"^[#*_]{0,6} ?\d{1,3}[.):]?[*_]{0,4}$", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[(\d{1,3}) ?\]")
_MARKS_OF_HEADING = re.compile(r"[#*_]+|<[^>]{0,20}>")
_ITEM = re.compile(r"(?:[-–—•·▪■○●◦*>|]|o\s)")
_LONGEST_HEADING = 110
_LONGEST_FRAME = 700
_PROSE = 200  # a block of this length says something even without a full stop
_TAIL = 80  # characters at the end of a block in which its last sign stands


class Mode(Enum):
    PREAMBLE = auto()  # before anybody says anything
    QUESTION = auto()
    MEMBERS = auto()  # the part of the parliamentary groups in a written consultation
    REPLY = auto()


@dataclass(slots=True)
class _Reader:
    """What one pass remembers."""

    text: str
    rules: PassageRules
    labelled: bool  # the document labels its questions
    answered: bool  # ... and, most of the time, its answers
    consultation: bool
    note_marks: frozenset[str]  # the numbers of the marks "[1]" in the text
    replied: bool  # the reply of a written consultation is a part of its own
    mode: Mode = Mode.PREAMBLE
    heading: str | None = None
    question: str | None = None
    number: str | None = None  # a lone number was just read: perhaps of a question
    asked: bool = False  # the question that was announced has been read
    note: int | None = None  # the number of the footnote just read
    last_note: int = 0
    in_notes: bool = False
    signed: bool = False  # a signature was just read: the name follows

    @property
    def asks_questions(self) -> bool:
        """Does this document hold questions of members at all?"""
        return self.labelled or self.answered or self.consultation or self.question is not None

    def mark(self, start: int, voice: Voice) -> Mark:
        return Mark(start, voice, None, self.heading, self.question)

    def label(self, found: re.Match[str]) -> Mark:
        self.note = self.number = None
        if found["asked_by"]:  # a number and a name: perhaps of a question, as a lone number is
            self.number = found["asked_by"]
        elif found["question"]:
            self.mode, self.asked = Mode.QUESTION, False
            self.question = found["question"]
        else:
            self.mode = Mode.REPLY
            self.question = found["answer"] or self.question
        return self.mark(found.start(), Voice.FRAME)

    def block(self, start: int, end: int) -> Mark:
        """The mark of a block; changes the memory for the blocks after it."""
        if self.in_notes or self.rules.notes_section.match(self.text, start, end):
            self.in_notes = True
            return self.mark(start, Voice.NOTE)
        number, self.number = self.number, None
        note, self.note = self.note, None
        if lone := _BARE_NUMBER.match(self.text, start, end):
            self.number = lone[1]
            return self.mark(start, Voice.FRAME)
        asks = bool(_ASKS.search(self.text, max(start, end - _TAIL), end))
        if (mark := self._as_question(start, end, number, asks)) or (mark := self._as_note(start, end, note)):
            return mark
        if mark := self._as_frame(start, end):
            return mark
        return self._as_words(start, end, asks)

    def letterhead_end(self, start: int, end: int) -> int | None:
        """Where the head of a letter ends in a block that holds its first words too."""
        if self.mode != Mode.PREAMBLE or self.in_notes:
            return None
        text, rules, until = self.text, self.rules, min(end, start + _LONGEST_FRAME)
        dated = rules.place_and_date.search(text, start, until)
        if dated and not rules.finite.search(text, start, dated.start()):
            return dated.end()
        greeted = rules.salutations.search(text, start, until)
        return greeted.end() if greeted else None

    def _as_question(self, start: int, end: int, number: str | None, asks: bool) -> Mark | None:
        """A numbered question, its number before it or on a line of its own just above."""
        rules = self.rules
        if number and (asks or rules.asks_you.match(self.text, start, end)):
            self.question = number
        elif asks and (own := rules.question_number.match(self.text, start, end)):
            self.question = own["number"]
        elif asks and self.asks_questions and rules.question_opening.match(self.text, start, end):
            self.asked = True
            return self.mark(start, Voice.QUESTION)
        else:
            return None
        if self.mode != Mode.MEMBERS:
            waits = self.answered and not self.labelled
            self.mode = Mode.QUESTION if waits else Mode.REPLY
        return self.mark(start, Voice.QUESTION)

    def _as_note(self, start: int, end: int, before: int | None) -> Mark | None:
        rules = self.rules
        if rules.note.match(self.text, start, end):
            return self.mark(start, Voice.NOTE)
        numbered = rules.note_number.match(self.text, start, end)
        if not numbered:
            return None
        number = int(numbered["number"])
        follows_on = number == (before + 1 if before is not None else self.last_note + 1) and (
            before is not None or numbered["number"] in self.note_marks
        )
        if not follows_on and not rules.references.search(self.text, numbered.end(), min(end, numbered.end() + 300)):
            return None
        if rules.question_number.match(self.text, start, end) and self.text[numbered.end("number")] == ".":
            return None  # "1. …" is an item of a list
        self.note = self.last_note = number
        return self.mark(start, Voice.NOTE)

    def _as_frame(self, start: int, end: int) -> Mark | None:
        text, rules = self.text, self.rules
        length = end - start
        if self.consultation and length < 260:
            section = self.mode
            if self.replied and rules.members_section.match(text, start, end):
                section = Mode.MEMBERS
            elif rules.government_section.match(text, start, end):
                section = Mode.REPLY
            if section != self.mode:
                self.mode, self.question = section, None
                return self._titled(start, end)
        if length <= _LONGEST_FRAME and rules.frame.match(text, start, end):
            return self.mark(start, Voice.FRAME)
        if _MARKDOWN_HEADING.match(text, start, end):
            return self._titled(start, end)
        if _TERMINAL.search(text, max(start, end - _TAIL), end):
            return None
        if length <= _PROSE and rules.signature.match(text, start, end):
            self.signed, self.heading = True, None
            return self.mark(start, Voice.FRAME)
        if self.mode == Mode.PREAMBLE:
            says = length > _PROSE or (length > 40 and rules.finite.search(text, start, end))
            return None if says else self.mark(start, Voice.FRAME)
        if self._is_heading(start, end):
            return self._titled(start, end)
        return None

    def _is_heading(self, start: int, end: int) -> bool:
        text = self.text
        if end - start > _LONGEST_HEADING or self.mode == Mode.QUESTION or _ITEM.match(text, start, end):
            return False
        first = text[start]
        return (first.isupper() or first.isdigit() or first in "*_(‘'\"«“") and not self.rules.finite.search(
            text, start, end
        )

    def _titled(self, start: int, end: int) -> Mark:
        if self.signed or (self.mode == Mode.PREAMBLE and self.text[start] != "#"):
            return self.mark(start, Voice.FRAME)  # the name below a signature, the number of a dossier
        self.heading = " ".join(_MARKS_OF_HEADING.sub("", self.text[start:end][:_PROSE]).split()) or None
        return self.mark(start, Voice.FRAME)

    def _as_words(self, start: int, end: int, asks: bool) -> Mark:
        text, rules = self.text, self.rules
        self.signed = False
        if self.mode == Mode.QUESTION and not self.answered:
            if self.asked and not asks:
                self.mode = Mode.REPLY
            self.asked = True
        if self.mode in {Mode.QUESTION, Mode.MEMBERS}:
            return self.mark(start, Voice.QUESTION)
        self.mode = Mode.REPLY
        if self.consultation and rules.members_ask.match(text, start, end):
            return self.mark(start, Voice.QUESTION)
        if rules.motion.match(text, start, end) or rules.quoted.match(text, start, end):
            return self.mark(start, Voice.QUOTE)
        return self.mark(start, Voice.GOVERNMENT)

    def reply_within(self, mark: Mark, end: int) -> Mark | None:
        """In a written consultation the reply can follow the question in the same paragraph."""
        if not self.consultation or mark.voice != Voice.QUESTION or self.mode != Mode.REPLY:
            return None
        found = self.rules.reply.search(self.text, mark.start, end)
        return self.mark(found.end(), Voice.GOVERNMENT) if found else None


def written_marks(text: str, rules: PassageRules) -> Iterator[Mark]:
    """Marks of a text that the government wrote."""
    labels = sum(1 for _ in rules.asked.finditer(text))
    answers = sum(1 for _ in rules.answered.finditer(text))
    questions = labels or sum(1 for _ in _LONE_NUMBER.finditer(text))
    reader = _Reader(
        text,
        rules,
        labelled=labels > 0,
        answered=answers > 0 and answers * 3 >= questions,
        consultation=bool(rules.consultation.search(text)),
        note_marks=frozenset(_NOTE_MARK.findall(text)),
        replied=bool(rules.has_government_section.search(text)),
    )
    before: Mark | None = None
    for found in rules.block.finditer(text):
        if found.lastgroup and not reader.in_notes:
            mark = reader.label(found)
            # What stands just above the label of an answer is the question, whatever it looks like.
            if reader.answered and before and found["is_answer"] and before.voice == Voice.GOVERNMENT:
                before = before._replace(voice=Voice.QUESTION)
        else:
            start = found.start()
            while after_head := reader.letterhead_end(start, found.end()):
                if before:
                    yield before
                before, start = reader.mark(start, Voice.FRAME), after_head
            mark = reader.block(start, found.end())
        if before:
            yield before
        before = mark
        if reply := reader.reply_within(mark, found.end()):
            yield mark
            before = reply
    if before:
        yield before
