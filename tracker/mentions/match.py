"""Which rules see an act in a clause. Whether it counts is judged afterwards (`judge.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from tracker.domain import Deadline, Precision, Span, Term
from tracker.mentions.clauses import Clause
from tracker.mentions.verbs import Verb
from tracker.rulebook import BEHIND, TIMED, TIMELESS, Rule, Rulebook

Choose = Callable[[str, Sequence[Deadline], Span | None], tuple[Deadline | None, tuple[Deadline, ...]]]

_DATELESS = frozenset({Precision.EVENT, Precision.VAGUE, Precision.RECURRING})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule that fired in a clause, with the verb it fired on and the time it is due."""

    rule: Rule
    clause: Clause
    cue: Span  # in the sentence's plain text
    verb: Verb | None
    term: Term | None
    also: tuple[Term, ...]
    place: Clause  # the clause in which the cue stands: the same, unless the rule looks at the whole sentence
    looks_back: bool  # the clause names a day that is past, and no time to come
    follows: bool = False  # parliament was promised something in the sentence before


@dataclass(frozen=True, eq=False)
class Times:
    """The deadlines of one sentence, and how to read them."""

    text: str
    terms: tuple[Term, ...]
    choose: Choose
    today: date | None  # the date of the document, against which they are read
    rulebook: Rulebook
    _choices: dict[object, tuple[Term | None, tuple[Term, ...]]] = field(default_factory=dict)

    def of(self, clause: Clause, cue: Span, *, strict: bool) -> tuple[Term | None, tuple[Term, ...]]:
        """The time of the act in this clause: one said in the clause itself, else (not `strict`) in the sentence.

        A condition of time ("nadat dat is afgerond, …") stands in a clause of its own, and counts also when strict.
        """
        own, ahead = [t for t in self.ahead if _stands_in(t, clause)], self.ahead
        if clause.full and not own:
            ahead = tuple(t for t in ahead if clause.before is None or not _stands_in(t, clause.before))
        within: Sequence[Term]
        if strict:
            within = own or [t for t in ahead if clause.rulebook.lists["when-clause"].match(t.deadline.words)]
        else:
            within = own if any(t.due.last or t.due.precision is Precision.VAGUE for t in own) else ahead
        return self._chosen(within, cue) if within else (None, ())

    def _chosen(self, within: Sequence[Term], cue: Span) -> tuple[Term | None, tuple[Term, ...]]:
        """The choice between these, and what else belongs to it. Many rules ask the same; of one no cue is asked."""
        asked = (tuple(t.deadline.span.start for t in within), cue if len(within) > 1 else None)
        if asked not in self._choices:
            chosen, also = self.choose(self.text, [t.deadline for t in within], cue)
            of = {t.deadline: t for t in within}
            self._choices[asked] = (None, ()) if chosen is None else (of[chosen], tuple(of[d] for d in also))
        return self._choices[asked]

    @cached_property
    def ahead(self) -> tuple[Term, ...]:
        """The times that do not lie behind."""
        return tuple(term for term in self.terms if not _is_past(term, self.today))

    @cached_property
    def suit(self) -> frozenset[str]:
        """What a rule can want of the time of its act (rulebook.TIMED) where these are all there are."""
        wanted = TIMED - TIMELESS if self.ahead else ()
        return TIMELESS | {wish for wish in wanted if any(_timed_as(wish, t, self.rulebook) for t in self.ahead)}

    def looks_back(self, clause: Clause) -> bool:
        """Whether the clause names a past day and no time to come: "in de brief van 5 mei jl. ga ik in op"."""
        own = [t for t in self.terms if _stands_in(t, clause)]
        return bool(own) and all(_is_past(t, self.today) for t in own)


def _stands_in(term: Term, clause: Clause) -> bool:
    return bool(clause.text[term.deadline.span.start : term.deadline.span.end].strip())


def _is_past(term: Term, today: date | None) -> bool:
    """Whether a date lies behind that of the document, or is it: one that the calendar does not reach lies ahead."""
    if today is None:
        return False
    if term.due.last is None:
        return any(step.code == "past" for step in term.due.steps)
    return term.due.last == today and any(when.month is not None for when in term.deadline.times)


def candidates(
    clauses: Sequence[Clause], whole: Clause, rules: Sequence[Rule], times: Times, *, follows: bool
) -> Iterator[Candidate]:
    """Every rule in every clause, in the order of the rulebook: the first to fire is the most telling.

    `whole` is the sentence as one clause; `follows` says that parliament was promised something in the sentence before.
    """
    for clause in (*clauses, whole):
        for rule in rules:
            if rule.whole is not (clause is whole) or (seen := fires(rule, clause)) is None:
                continue
            cue, verb = seen
            term, also = times.of(clause, cue, strict=rule.deadline in ("timed", "dated"))
            if _timed_as(rule.deadline, term, clause.rulebook):
                place = _around(cue, clauses, clause) if rule.whole else clause
                yield Candidate(rule, clause, cue, verb, term, also, place, times.looks_back(clause), follows)


def _around(cue: Span, clauses: Sequence[Clause], whole: Clause) -> Clause:
    """The clause that the words of a cue end in."""
    return next((c for c in clauses if c.text[cue.end - 1 : cue.end].strip()), whole)


def _timed_as(wanted: str, term: Term | None, rulebook: Rulebook) -> bool:
    """Whether the time of the act is as the rule wants it (rulebook.TIMED)."""
    if wanted == "optional":
        return True
    if term is None or wanted == "required":
        return (term is not None) is (wanted != "absent")
    if term.due.precision in (Precision.EVENT, Precision.RECURRING):
        ahead = rulebook.lists["event-time"].match(term.deadline.words) is not None
        return ahead if wanted == "timed" else wanted == "absent" and not ahead
    if term.due.precision is Precision.VAGUE:
        return wanted == "timed" and rulebook.lists["vague-time"].search(term.deadline.words) is not None
    return wanted != "absent"


def names_time(candidate: Candidate) -> bool:
    """Whether the act has a time of its own; "in die brief" says where it will be told, not when."""
    term = candidate.term
    if term is None or term.due.precision is not Precision.EVENT:
        return term is not None
    return candidate.clause.rulebook.lists["event-time"].match(term.deadline.words) is not None


def fires(rule: Rule, clause: Clause) -> tuple[Span, Verb | None] | None:
    """The words that make a rule fire in a clause, and the verb; None where something it names is missing.

    What is cheap to look up is asked first; a pattern last.
    """
    if not clause.may_fire(rule):
        return None
    verb: Verb | None = None
    if rule.verbs:
        for seen in clause.verbs:
            if clause.rulebook.group_of(seen.verb, rule.verbs):
                if seen.form in rule.forms:
                    verb = seen
                    break
                if seen.form in BEHIND and "*" not in rule.verbs:
                    verb = verb or seen
        if verb is None:
            return None
    if rule.agent and not (verb is not None and verb.passive) and clause.has_agent(rule.agent) is None:
        return None
    for need in rule.needs:
        if not any(clause.has(name) for name in need):
            return None
    if not all(clause.sentence.has(name) for name in rule.beside):
        return None
    if rule.not_by and clause.has_agent(rule.not_by) is not None:
        return None
    if any(clause.has(name) for name in rule.bars):
        return None
    if rule.pattern is not None:
        found = rule.pattern.search(clause.text)
        return (Span(found.start(), found.end()), verb) if found else None
    return (verb.span, verb) if verb is not None else None
