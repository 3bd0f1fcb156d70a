"""Sentences to mentions: candidates, judgement, fields; one mention an act."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tracker.deadlines import Calendar, DeadlineGrammar, resolve
from tracker.domain import Document, DocumentKind, Kind, Label, Mention, Sentence, Span, Strength, Term
from tracker.mentions import fields
from tracker.mentions.clauses import Clause, clauses
from tracker.mentions.judge import judge
from tracker.mentions.match import Candidate, Times, candidates, fires
from tracker.mentions.prefilter import Prefilter, prefilter
from tracker.rulebook import Rule, Rulebook
from tracker.sentences import Plain, plain

#: Where several rules see one act: what parliament is told weighs most (COMMITMENTS.md, Hard cases).
_WEIGHT = {Kind.INFORM: 0, Kind.ACT: 1, Kind.MILESTONE: 2, None: 3}

#: So many characters of a sentence are read. Longer ones are tables that nobody punctuated; the rest of one says
#: nothing about who does what in its beginning, and time must grow with the text, not with its square.
LONGEST = 2500
#: How many sentences after a promise to parliament "daarin" and "dat" may still speak of it.
FORGOTTEN = 3
#: The reason of a mention that another rule names better.
SAME_ACT = "same-act"


def find_mentions(
    document: Document,
    sentences: Sequence[Sentence],
    rulebook: Rulebook,
    grammar: DeadlineGrammar,
    calendar: Calendar,
    *,
    everything: bool = False,
    prefiltered: bool = True,
) -> Iterator[Mention]:
    """The mentions of a document in its own order, those that do not count with their reason.

    Deadlines are read against the document's date; without one they stay unresolved. With `everything` (as `explain`
    asks for) come also the other rules that saw the same act (SAME_ACT). Without `prefiltered` every rule looks at
    every sentence: the same mentions, slowly.
    """
    gate = prefilter(rulebook, grammar) if prefiltered else None
    reader = _Reader(document, rulebook, grammar, calendar, everything, gate)
    before: Sentence | None = None
    since = FORGOTTEN
    for sentence in sentences:
        if before is not None and before.passage is not sentence.passage:
            before, since = None, FORGOTTEN
        told = since < FORGOTTEN
        rules = reader.rules(sentence, told)
        found = list(reader.mentions(sentence, before, told, rules)) if rules else []
        yield from found
        since = 0 if any(m.kind is Kind.INFORM and m.reason is None for m in found) else since + 1
        before = sentence


@dataclass(frozen=True, slots=True)
class _Reader:
    """One document and all that its sentences are read with."""

    document: Document
    rulebook: Rulebook
    grammar: DeadlineGrammar
    calendar: Calendar
    everything: bool
    prefilter: Prefilter | None

    def rules(self, sentence: Sentence, told: bool) -> list[Rule]:
        """The rules that could see something in a sentence; `told`: parliament was promised something just before."""
        text, voice = sentence.span.of(self.document.text)[:LONGEST], sentence.passage.voice
        if self.prefilter is None:
            rules = [rule for rule in self.rulebook.rules if voice in rule.voices]
        else:
            rules = self.prefilter.rules(text, voice)
        return rules if self._follows(told) else [rule for rule in rules if not rule.follows]

    def _follows(self, told: bool) -> bool:
        return told or self.document.metadata.kind is DocumentKind.CHAIR_LIST

    def mentions(
        self, sentence: Sentence, before: Sentence | None, told: bool, rules: Sequence[Rule]
    ) -> Iterator[Mention]:
        """The mentions that these rules see in one sentence."""
        said = plain(sentence.span.of(self.document.text)[:LONGEST])
        voice, meta = sentence.passage.voice, self.document.metadata
        found = self.grammar.find(said.text)
        if not found:
            rules = [rule for rule in rules if not rule.needs_time]
            if not rules:
                return
        terms = tuple(Term(deadline, resolve(deadline, meta.date, self.calendar)) for deadline in found)
        choose = partial(self.grammar.choose, reference=meta.date, calendar=self.calendar)
        times = Times(said.text, terms, choose, meta.date, self.rulebook)
        rules = [rule for rule in rules if rule.deadline in times.suit]
        if not rules:
            return
        whole = Clause.whole(said.text, self.rulebook, self.prefilter)
        rules = [rule for rule in rules if not rule.whole or fires(rule, whole)]
        if not rules:
            return
        parts = clauses(whole, tuple(d.span for d in found))
        seen = [
            (candidate, judge(candidate, whole, voice, meta.kind))
            for candidate in candidates(parts, whole, rules, times, follows=self._follows(told))
        ]
        chosen = acts(seen)
        if self.everything:
            chosen += [(c, reason or SAME_ACT) for c, reason in seen if all(c is not other for other, _ in chosen)]
        for ordinal, (candidate, reason) in enumerate(chosen):
            yield self._mention(sentence, said, whole, before, candidate, reason, ordinal)

    def _mention(
        self,
        sentence: Sentence,
        said: Plain,
        whole: Clause,
        before: Sentence | None,
        candidate: Candidate,
        reason: str | None,
        ordinal: int,
    ) -> Mention:
        document = self.document
        commitment = candidate.rule.finds is Label.COMMITMENT
        return Mention(
            span=sentence.span,
            ordinal=ordinal,
            label=candidate.rule.finds,
            rule=candidate.rule.id,
            cue=said.span(candidate.cue.start, candidate.cue.end).shift(sentence.span.start),
            confidence=candidate.rule.confidence,
            kind=candidate.rule.kind if commitment else None,
            strength=fields.strength(candidate) if commitment else Strength.FIRM,
            flags=fields.flags(candidate) if commitment else (),
            actor=fields.actor(candidate, sentence.passage, document),
            addressee=fields.addressees(whole, senate="eerste kamer" in document.text[:600].lower()),
            action=fields.action(candidate.clause),
            topic=fields.topic(sentence.passage, document),
            context=plain(before.span.of(document.text)).text if before and fields.points_back(whole) else None,
            term=candidate.term if commitment else None,
            also=candidate.also if commitment else (),
            references=fields.references(whole, document.metadata.date),
            reason=reason,
        )


def acts(seen: Sequence[tuple[Candidate, str | None]]) -> list[tuple[Candidate, str | None]]:
    """One candidate an act. A sentence holds a second act only where both have dates of their own that differ."""
    counting = [c for c in seen if c[1] is None]
    if not counting:
        return list(seen[:1])
    ranked = sorted(counting, key=lambda c: (c[0].rule.finds is not Label.FULFILMENT, _WEIGHT[c[0].rule.kind]))
    chosen = [ranked[0]]
    for candidate in ranked[1:]:
        if all(_apart(candidate[0], other[0]) for other in chosen):
            chosen.append(candidate)
    return sorted(chosen, key=lambda c: c[0].cue.start)


def _apart(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates of a sentence are two acts: with times of their own, or in a full clause each."""
    if one.clause is other.clause or one.rule.whole or other.rule.whole:
        return False
    if Label.FULFILMENT in (one.rule.finds, other.rule.finds):
        return False
    if one.term is None or other.term is None:
        later = max(one, other, key=lambda c: c.cue.start)
        return one.rule.kind is not other.rule.kind and later.clause.full and later.term is None
    if one.rule.kind is other.rule.kind:
        dated = _dated(one) + _dated(other)
        if dated == 0 or (dated == 1 and (one.clause.sub or other.clause.sub)):
            return False
    return not _overlap(one.term.deadline.span, other.term.deadline.span)


def _dated(candidate: Candidate) -> bool:
    return candidate.term is not None and candidate.term.due.last is not None


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end
