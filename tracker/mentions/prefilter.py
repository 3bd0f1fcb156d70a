"""Which rules could see something in a sentence, from its words alone.

A rule needs a verb of its groups, an agent, phrases of lists, a pattern, a time. Each of these needs words
(`literals.py`, and the deadline grammar's hints). So each word of the text says which of the needs it can meet, and a
sentence can only hold what all its words together allow. This never decides that a rule fires, only that it cannot; a
test compares both ways over real text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

import ahocorasick

from tracker.deadlines import DeadlineGrammar
from tracker.domain import Voice
from tracker.mentions.literals import Choice, Literal, Ways, at_least, frequency, needed, openings
from tracker.rulebook import Rule, Rulebook
from tracker.sentences import plain

_WORD = re.compile(r"\w+")

#: So many different words are remembered; a text without end does not fill the memory.
_REMEMBERED = 100_000

#: So many choices of words that a rule needs, the rarest, are reasons to look at its gate: all of them together.
_REASONS = 3

#: A participle needs one of these beside it to be a form that any rule looks at.
_BESIDE_PARTICIPLE = ("passive", "perfect", "gone", "would", "future")

#: The small words without which no verb, known or not, stands in these forms.
_BESIDE_FORM = {"future": ("future", "going"), "passive": ("passive", "future"), "wish": ("wish",), "can": ("can",)}

#: What a word hints of times (DeadlineGrammar.hints), written as no word is, and as short as frequent words are.
_HINTS = {"time": "(t)", "when": "(w)", "done": "(d)", "named": "(n)"}


@dataclass(frozen=True, slots=True)
class Gate:
    """What something needs of the words of a text, as bits: all of `must`, and of each of `choices` one way."""

    must: int
    choices: tuple[tuple[int, ...], ...]

    def opens(self, met: int) -> bool:
        """Whether words that meet these needs leave a way."""
        if met & self.must != self.must:
            return False
        for ways in self.choices:
            for bits in ways:
                if met & bits == bits:
                    break
            else:
                return False
        return True


class Prefilter(dict[str, int]):
    """The needs that a word meets, as bits: the first say at which gates it is worth looking, _REASONS a rule.

    A word is what stands between two blanks, with its punctuation and markup; what is known of it is remembered.
    """

    def __init__(self, rulebook: Rulebook, grammar: DeadlineGrammar) -> None:
        needs = _Needs(rulebook)
        inside = [list(needs.inside(rule)) for rule in rulebook.rules]
        self._rules = [(needs.gate_of(n, rule, inside[n]), rule) for n, rule in enumerate(rulebook.rules)]
        self._said_by = {
            voice: sum(1 << rank for rank, rule in enumerate(rulebook.rules) if voice in rule.voices) for voice in Voice
        }
        self._always = needs.always
        #: What a clause must have: of the name of a word list, a judgement, a kind of reference (`reference_to`).
        self.gates = {name: needs.gate([ways]) for name, ways in needs.lists.items()}
        self.gates |= {j.name: needs.gate([needed(j.pattern)]) for j in rulebook.judgements}
        self.gates |= {reference_to(kind): needs.gate([needed(p)]) for kind, p in rulebook.references.items()}
        #: What it must have for a rule to fire in it, by the rule's id.
        self.within = {rule.id: needs.gate(inside[n]) for n, rule in enumerate(rulebook.rules)}
        self.opened_by, self.opens = _openers(rulebook)
        self._exact = needs.exact
        self._parts = ahocorasick.Automaton()
        for text, bits in needs.parts.items():
            self._parts.add_word(text, bits)
        self._parts.make_automaton()
        self._grammar = grammar
        self._alike: dict[int, int] = {}  # words that meet the same share one number, which is a long one

    def rules(self, text: str, voice: Voice) -> list[Rule]:
        """The rules of a voice that the words of a sentence allow, in the order of the rulebook."""
        met = self.met(text)
        looked_at, reasons, rules = self._said_by[voice], met | self._always, []
        for _ in range(_REASONS):
            looked_at &= reasons
            reasons >>= len(self._rules)
        while looked_at:
            gate, rule = self._rules[(looked_at & -looked_at).bit_length() - 1]
            looked_at &= looked_at - 1
            if gate.opens(met):
                rules.append(rule)
        return rules

    def met(self, text: str) -> int:
        """The needs that the words of a text meet; it need not be plain."""
        words = plain(text).text if "<" in text or "[" in text else text  # markup with blanks in it joins words
        return reduce(or_, map(self.__getitem__, words.split()), 0)

    def __missing__(self, word: str) -> int:
        bits = 0
        for written in {word, plain(word).text}:
            for part in _WORD.findall(written.lower()):
                bits |= self._exact.get(part, 0)
                for _, more in self._parts.iter(part):
                    bits |= more
            for hint in self._grammar.hints(written):
                bits |= self._exact.get(_HINTS[hint], 0)
        if len(self) >= _REMEMBERED:
            self.clear()
            self._alike.clear()
        self[word] = bits = self._alike.setdefault(bits, bits)
        return bits


class _Openers(dict[str, int]):
    """The lists, as bits, of which a phrase can begin with a word (lower case); asked once for each word."""

    def __init__(self, exact: dict[str, int], starts: dict[str, int]) -> None:
        self._exact = exact
        self._starts = starts

    def __missing__(self, word: str) -> int:
        bits = self._exact.get(word, 0)
        for start, more in self._starts.items():
            if word.startswith(start):
                bits |= more
        if len(self) < _REMEMBERED:
            self[word] = bits
        return bits


def _openers(rulebook: Rulebook) -> tuple[dict[str, int], _Openers]:
    """A bit for each list whose phrases begin with words that are known, and the lists that a word opens."""
    opened_by: dict[str, int] = {}
    exact: dict[str, int] = {}
    starts: dict[str, int] = {}
    for name, pattern in rulebook.lists.items():
        if (words := openings(pattern)) is None:
            continue
        opened_by[name] = bit = 1 << len(opened_by)
        for word in words:
            opens = exact if word.exact else starts
            opens[word.text] = opens.get(word.text, 0) | bit
    return opened_by, _Openers(exact, starts)


def reference_to(kind: str) -> str:
    """The name for what a reference of a kind needs; no word list is called so."""
    return "reference " + kind


@lru_cache(maxsize=8)
def prefilter(rulebook: Rulebook, grammar: DeadlineGrammar) -> Prefilter:
    """The prefilter of a rulebook; made once for each."""
    return Prefilter(rulebook, grammar)


class _Needs:
    """Hands out a bit for each choice of words, and remembers which words meet it."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.exact: dict[str, int] = {}
        self.parts: dict[str, int] = {}
        self.always = 0  # the reasons that are there whatever the words
        self.lists = {name: needed(pattern) for name, pattern in rulebook.lists.items()}
        self._bits: dict[Choice, int] = {}

    def gate_of(self, rank: int, rule: Rule, inside: Iterable[Ways]) -> Gate:
        """The gate of a rule for a sentence. The rarest choices that it needs are the reasons to look at it."""
        needs = [*inside, *self._around(rule)]
        rarest = sorted(self._must(needs), key=frequency)
        for nth in range(_REASONS):
            reason = 1 << nth * len(self.rulebook.rules) + rank
            if nth < len(rarest):
                self._give(reason, rarest[nth])
            else:
                self.always |= reason
        return self.gate(needs)

    def gate(self, needs: Iterable[Ways]) -> Gate:
        """The gate for all these needs."""
        needs = [ways for ways in needs if frozenset() not in ways]
        several = tuple(tuple(sum(map(self._bit, way)) for way in ways) for ways in needs if len(ways) > 1)
        return Gate(sum(map(self._bit, self._must(needs))), several)

    def _must(self, needs: Iterable[Ways]) -> frozenset[Choice]:
        """The choices of which each must be met: of several ways what they have in common."""
        some = [ways for ways in needs if frozenset() not in ways]
        return frozenset().union(*(next(iter(ways)) if len(ways) == 1 else {at_least(ways)} for ways in some))

    def inside(self, rule: Rule) -> Iterator[Ways]:
        """What a rule needs of the clause in which it fires."""
        if rule.verbs and "*" not in rule.verbs:
            yield self._verbs(rule.verbs)
        for names in rule.needs:
            yield frozenset().union(*(self.lists[name] for name in names))
        if rule.pattern is not None:
            yield needed(rule.pattern)

    def _around(self, rule: Rule) -> Iterator[Ways]:
        """What else it needs of the sentence: the clause before can lend its subject and its auxiliary."""
        if "*" in rule.verbs and rule.forms <= _BESIDE_FORM.keys():
            yield self._closed(kind for form in rule.forms for kind in _BESIDE_FORM[form])
        if rule.agent:
            yield self.lists[rule.agent] | (self._closed(_BESIDE_PARTICIPLE) if rule.verbs else frozenset())
        for name in rule.beside:
            yield self.lists[name]
        if rule.needs_time:
            time, when, done, named = (_choice([hint]) for hint in _HINTS.values())
            yield frozenset({frozenset({time}), frozenset({when, done})})
            if rule.deadline in ("dated", "timed"):
                other = [self.lists[name] for name in ("event-time", "vague-time") if rule.deadline == "timed"]
                yield frozenset({frozenset({named})}).union(*other)

    def _verbs(self, groups: tuple[str, ...]) -> Ways:
        """A form of a verb of the groups; for one half of a separable verb also the other half."""
        verbs = frozenset().union(*(self.rulebook.groups[group] for group in groups))
        written: dict[str | None, set[str]] = {}
        for text, forms in self.rulebook.forms.items():
            for form in forms:
                if form.verb in verbs:
                    written.setdefault(form.particle, set()).add(text)
        return frozenset(
            frozenset({_choice(texts)} if particle is None else {_choice(texts), _choice([particle])})
            for particle, texts in written.items()
        )

    def _closed(self, kinds: Iterable[str]) -> Ways:
        return frozenset({frozenset({_choice(word for kind in kinds for word in self.rulebook.closed[kind])})})

    def _bit(self, choice: Choice) -> int:
        if choice not in self._bits:
            self._bits[choice] = 1 << _REASONS * len(self.rulebook.rules) + len(self._bits)
            self._give(self._bits[choice], choice)
        return self._bits[choice]

    def _give(self, bit: int, choice: Choice) -> None:
        for literal in choice:
            words = self.exact if literal.exact else self.parts
            words[literal.text] = words.get(literal.text, 0) | bit


def _choice(words: Iterable[str]) -> Choice:
    return frozenset(Literal(word, exact=True) for word in words)
