"""Which rules could see something in a sentence, from its words alone.

A rule needs a verb of its groups, an agent, phrases of lists, a pattern. Each of these needs words (`literals.py`). So
each word of the text says which of the needs it can meet, and a sentence can only hold what all its words together
allow. This never decides that a rule fires, only that it cannot; a test compares both ways over real text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import ahocorasick

from tracker.domain import Voice
from tracker.mentions.literals import Literal, needed
from tracker.rulebook import Rule, Rulebook

_WORD = re.compile(r"\w+")

#: So many different words are remembered; a text without end does not fill the memory.
_REMEMBERED = 100_000

#: A participle needs one of these beside it to be a form that any rule looks at.
_BESIDE_PARTICIPLE = ("passive", "perfect", "gone", "would", "future")

#: The small words without which no verb, known or not, stands in these forms.
_BESIDE_FORM = {"future": ("future", "going"), "passive": ("passive", "future"), "wish": ("wish",), "can": ("can",)}


@dataclass(frozen=True, slots=True)
class Gate:
    """What a rule needs of the words of a sentence: all of `must`, and of each of `choices` one combination."""

    rule: Rule
    must: int
    choices: tuple[tuple[int, ...], ...]

    def opens(self, met: int) -> bool:
        """Whether words that meet these needs leave the rule a choice of each kind."""
        return all(_one_of(choices, met) for choices in self.choices)


def _one_of(choices: Iterable[int], met: int) -> bool:
    for bits in choices:  # noqa: SIM110 - any() takes twice the time, and this is asked of every sentence
        if met & bits == bits:
            return True
    return False


@dataclass(eq=False)
class Prefilter:
    """The needs of all rules, as bits that words meet."""

    gates: dict[tuple[Voice, bool], list[Gate]]  # by voice, and whether the text may name a time
    lists: dict[str, tuple[int, ...]]  # the ways in which a phrase of a word list can be there
    exact: dict[str, int]  # whole words
    parts: ahocorasick.Automaton | None  # letters within words
    _known: dict[str, int] = field(default_factory=dict)

    def rules(self, text: str, voice: Voice, *, timed: bool) -> list[Rule]:
        """The rules of a voice that the words of the text allow, in the order of the rulebook.

        `timed` says whether the text may name a time; without one, rules that need one are left out.
        """
        met = self.met(text)
        gates = self.gates.get((voice, timed), ())
        return [g.rule for g in gates if met & g.must == g.must and (not g.choices or g.opens(met))]

    def met(self, text: str) -> int:
        """The needs that the words of a text meet."""
        met = 0
        known = self._known
        for word in set(_WORD.findall(text.lower())):
            bits = known.get(word)
            met |= self._learn(word) if bits is None else bits
        return met

    def allows(self, name: str, met: int) -> bool:
        """Whether words that meet these needs may hold a phrase of a word list."""
        return _one_of(self.lists[name], met)

    def _learn(self, word: str) -> int:
        bits = self.exact.get(word, 0)
        if self.parts is not None:
            for _, more in self.parts.iter(word):
                bits |= more
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[word] = bits
        return bits


@lru_cache(maxsize=8)
def prefilter(rulebook: Rulebook) -> Prefilter:
    """The prefilter of a rulebook; made once for each."""
    needs = _Needs(rulebook)
    gates = {
        (voice, timed): [needs.of(r) for r in rulebook.rules if voice in r.voices and (timed or not r.needs_time)]
        for voice in rulebook.voices
        for timed in (True, False)
    }
    parts = None
    if needs.parts:
        parts = ahocorasick.Automaton()
        for text, bits in needs.parts.items():
            parts.add_word(text, bits)
        parts.make_automaton()
    return Prefilter(gates, needs.lists, needs.exact, parts)


class _Needs:
    """Hands out a bit for each need, and remembers which words meet it."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.exact: dict[str, int] = {}
        self.parts: dict[str, int] = {}
        self._bits: dict[object, int] = {}
        self.lists = {name: self.pattern(found) for name, found in rulebook.lists.items()}

    def of(self, rule: Rule) -> Gate:
        """The needs of a rule."""
        needs: list[tuple[int, ...]] = []
        if rule.verbs and "*" not in rule.verbs:
            needs.append(self._verbs(rule.verbs))
        if "*" in rule.verbs and rule.forms <= _BESIDE_FORM.keys():
            kinds = sorted({kind for form in rule.forms for kind in _BESIDE_FORM[form]})
            needs.append((self._words(f"beside {kinds}", self._small(kinds)),))
        participle = self._words("participle", self._small(_BESIDE_PARTICIPLE))
        if rule.agent:
            needs.append((*self.lists[rule.agent], *([participle] if rule.verbs else [])))
        for names in (*rule.needs, *((name,) for name in rule.beside)):
            needs.append(tuple(way for name in names for way in self.lists[name]))
        if rule.pattern is not None:
            needs.append(self.pattern(rule.pattern))
        must = 0
        for choices in needs:
            must |= choices[0] if len(choices) == 1 else 0
        return Gate(rule, must, tuple(choices for choices in needs if len(choices) > 1 and 0 not in choices))

    def _verbs(self, groups: tuple[str, ...]) -> tuple[int, ...]:
        """A form of a verb of the groups; for one half of a separable verb also the other half."""
        verbs = frozenset().union(*(self.rulebook.groups[group] for group in groups))
        whole: set[str] = set()
        apart: dict[str, set[str]] = {}
        for text, forms in self.rulebook.forms.items():
            for form in forms:
                if form.verb in verbs:
                    (whole if form.particle is None else apart.setdefault(form.particle, set())).add(text)
        name = "+".join(sorted(groups))
        choices = [self._words(f"verbs {name}", whole)] if whole else []
        choices += [
            self._words(f"verbs {name} {particle}", texts) | self._words(f"particle {particle}", {particle})
            for particle, texts in apart.items()
        ]
        return tuple(choices)

    def _small(self, kinds: Iterable[str]) -> set[str]:
        return {word for kind in kinds for word in self.rulebook.closed[kind]}

    def pattern(self, pattern: re.Pattern[str]) -> tuple[int, ...]:
        """The ways in which what a match of the pattern needs can be there; 0 where nothing is needed."""
        return tuple(sum({self._need(choice, choice) for choice in way}) for way in needed(pattern))

    def _words(self, name: str, words: Iterable[str]) -> int:
        return self._need(name, [Literal(word, exact=True) for word in words])

    def _need(self, name: object, literals: Iterable[Literal]) -> int:
        if name not in self._bits:
            bit = self._bits[name] = 1 << len(self._bits)
            for literal in literals:
                words = self.exact if literal.exact else self.parts
                words[literal.text] = words.get(literal.text, 0) | bit
        return self._bits[name]
