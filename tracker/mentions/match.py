"""Which rules see an act in a clause. Whether it counts is judged afterwards (`judge.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tracker.domain import Deadline, DuePeriod, Span, Term, Voice
from tracker.mentions.clauses import Clause, Verb
from tracker.rulebook import Rule, Rulebook

Resolve = Callable[[Deadline], DuePeriod]
Choose = Callable[[str, Sequence[Deadline], Span | None], tuple[Deadline | None, tuple[Deadline, ...]]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule that fired in a clause, with the verb it fired on and the time it is due."""

    rule: Rule
    clause: Clause
    cue: Span  # in the sentence's plain text
    verb: Verb | None
    term: Term | None
    also: tuple[Term, ...]
    follows: bool  # something was promised to parliament just before


@dataclass(frozen=True, slots=True)
class Times:
    """The deadlines of one sentence, and how to read them."""

    text: str
    found: tuple[Deadline, ...]
    choose: Choose
    resolve: Resolve

    def of(self, clause: Clause, cue: Span, alone: bool) -> tuple[Term | None, tuple[Term, ...]]:
        """The time of the act in this clause: one said in the clause, else one said in a clause without an act."""
        own = [d for d in self.found if clause.text[d.span.start : d.span.end].strip()]
        chosen, also = self.choose(self.text, own, cue) if own else (None, ())
        if chosen is None and alone and len(own) < len(self.found):
            chosen, also = self.choose(self.text, self.found, cue)
        if chosen is None:
            return None, ()
        return Term(chosen, self.resolve(chosen)), tuple(Term(d, self.resolve(d)) for d in also)


def candidates(
    clauses: Sequence[Clause], voice: Voice, rulebook: Rulebook, times: Times, *, follows: bool
) -> Iterator[Candidate]:
    """Every rule of this voice in every clause, in the order of the rulebook: the first to fire is the most telling.

    `follows` says that something was promised to parliament in the sentence before.
    """
    for clause in clauses:
        for rule in rulebook.rules:
            if rule.follows and not follows:
                continue
            if voice in rule.voices and (seen := fires(rule, clause)) is not None:
                cue, verb = seen
                term, also = times.of(clause, cue, alone=True)
                if rule.deadline == "required" and term is None:
                    continue
                if rule.deadline == "dated" and (term is None or term.due.last is None):
                    continue
                yield Candidate(rule, clause, cue, verb, term, also, follows)


def fires(rule: Rule, clause: Clause) -> tuple[Span, Verb | None] | None:
    """The words that make a rule fire in a clause, and the verb; None where something it names is missing."""
    cue: Span | None = None
    verb: Verb | None = None
    if rule.pattern is not None:
        found = rule.pattern.search(clause.text)
        if found is None:
            return None
        cue = Span(found.start(), found.end())
    if rule.verbs:
        verb = next(
            (v for v in clause.verbs if v.form in rule.forms and clause.rulebook.group_of(v.verb, rule.verbs)), None
        )
        if verb is None:
            return None
        cue = cue or verb.span
    if rule.agent and not (verb is not None and verb.passive) and clause.has_agent(rule.agent) is None:
        return None
    if not all(any(clause.has(name) for name in need) for need in rule.needs):
        return None
    if any(clause.has(name) for name in rule.bars):
        return None
    assert cue is not None  # noqa: S101 -- the loader refuses a rule without verbs and pattern
    return cue, verb
