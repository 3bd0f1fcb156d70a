"""Runs the examples that stand with the rules: one outcome an example, for `tracker rules check` and for the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.deadlines import Calendar, DeadlineGrammar
from tracker.domain import Document, DocumentKind, Mention, Metadata, Passage, Sentence, Span, Voice
from tracker.mentions.find import SAME_ACT, find_mentions
from tracker.rulebook import SETTING, Example, Judgement, Rule, Rulebook

#: The day on which an example is read, where it names none; a Thursday well before the summer.
READ_ON = date(2024, 2, 1)


@dataclass(frozen=True, slots=True)
class Case:
    """One example: what it belongs to, which of match, no_match and known_miss it is, and what it expects."""

    owner: Rule | Judgement
    expects: str
    example: Example

    @property
    def name(self) -> str:
        owner = self.owner.id if isinstance(self.owner, Rule) else f"judgement.{self.owner.reason}"
        return f"{owner}-{self.expects}-{self.example.text[:40]}"


def cases(rulebook: Rulebook) -> Iterator[Case]:
    """Every example of every rule and judgement."""
    for rule in rulebook.rules:
        for expects, examples in (("match", rule.match), ("no_match", rule.no_match), ("known_miss", rule.known_miss)):
            yield from (Case(rule, expects, example) for example in examples)
    for judgement in rulebook.judgements:
        for expects, examples in (("match", judgement.match), ("no_match", judgement.no_match)):
            yield from (Case(judgement, expects, example) for example in examples)


def problem(case: Case, rulebook: Rulebook, grammar: DeadlineGrammar, calendar: Calendar) -> str | None:
    """What is wrong with an example, as a sentence that says what was found; None where it holds."""
    found = mentions_of(case.example, rulebook, grammar, calendar)
    if isinstance(case.owner, Judgement):
        return _of_judgement(case, case.owner, found)
    hits = [m for m in found if m.rule == case.owner.id and m.reason in (None, SAME_ACT)]
    saw = "; ".join(f"{m.rule}{f' ({m.reason})' if m.reason else ''}" for m in found) or "nothing"
    if case.expects == "no_match":
        return f"must leave this alone, but found it: {case.example.text!r}" if hits else None
    if not hits:
        return f"must find this; found {saw}: {case.example.text!r}"
    for key, wanted in case.example.expect.items():
        if key in SETTING:
            continue
        got = field(hits[0], key)
        if got != wanted:
            return f"{key} is {got!r}, expected {wanted!r}: {case.example.text!r}"
    return None


def _of_judgement(case: Case, judgement: Judgement, found: list[Mention]) -> str | None:
    reasons = [m.reason for m in found]
    if case.expects == "match":
        if judgement.reason in reasons:
            return None
        return f"must be judged {judgement.reason!r}; found {reasons or 'nothing'}: {case.example.text!r}"
    if None in reasons:
        return None
    return f"must count, but was judged {reasons or 'nothing'}: {case.example.text!r}"


def mentions_of(example: Example, rulebook: Rulebook, grammar: DeadlineGrammar, calendar: Calendar) -> list[Mention]:
    """The mentions in the text of an example, read as its setting says; a letter of READ_ON where it says nothing."""
    setting: Mapping[str, Any] = example.expect
    before = f"{setting['before']} " if "before" in setting else ""
    kind = DocumentKind(setting.get("document", "letter"))
    text = before + example.text
    document = Document("example", text, Metadata(date=setting.get("date", READ_ON), kind=kind))
    passage = Passage(Span(0, len(text)), Voice(setting.get("voice", "government")))
    spans = [Span(0, len(before) - 1)] if before else []
    spans.append(Span(len(before), len(text)))
    found = find_mentions(document, [Sentence(s, passage) for s in spans], rulebook, grammar, calendar, everything=True)
    return [m for m in found if m.span.start == len(before)]


def field(mention: Mention, key: str) -> Any:
    """A field of a mention as examples write it: "deadline" (the words), "due" (a date), "flags" (a list), others."""
    if key == "deadline":
        return mention.term.deadline.words if mention.term else None
    if key == "due":
        return mention.term.due.last if mention.term else None
    if key == "flags":
        return [str(flag) for flag in mention.flags]
    if key == "actor":
        return mention.actor.written
    if key == "addressee":
        return list(mention.addressee)
    value = getattr(mention, key)
    return str(value) if value is not None else None
