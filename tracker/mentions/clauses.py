"""A sentence in clauses: stretches with one predicate each, in which rules look for what they name.

Where a clause begins and ends is told by commas, by words that open one (rules/mentions/words.toml), and by the place
of verbs; what its verbs are and in which form they stand, `verbs.py` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from tracker.domain import Span
from tracker.mentions.prefilter import Prefilter
from tracker.mentions.verbs import Verb, is_participle, not_after_te, verbs_of
from tracker.rulebook import Rule, Rulebook

WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_PART = re.compile(r"\w+")
#: What stands between dashes is a clause of its own, and the clause around it goes on after it; so it does after
#: brackets.
_ASIDE = re.compile(r" - [^;]{1,300}? - ")
_BRACKETS = re.compile(r"\([^()]{1,300}\)")
_PIECE = re.compile(r"[;:] |, | - ")


Word = tuple[str, int, int]  # in lower case, where it begins and ends


@dataclass(eq=False)
class Clause:
    """A stretch of a sentence with one predicate. `text` is as long as the sentence, blank where others speak."""

    text: str
    rulebook: Rulebook
    words: Sequence[Word]
    times: tuple[Span, ...] = ()  # of the sentence's deadlines
    before: Clause | None = None  # the clause before it in the sentence: a left-out subject is found there
    sub: bool = False  # a subordinate clause
    within: Clause | None = None  # the sentence it stands in; None: it is a whole sentence
    prefilter: Prefilter | None = None
    _found: dict[str, re.Match[str] | None] = field(default_factory=dict)

    @classmethod
    def whole(cls, text: str, rulebook: Rulebook, prefilter: Prefilter | None = None) -> Clause:
        """A sentence as if it were one clause."""
        words = [(m.group().lower(), m.start(), m.end()) for m in WORD.finditer(text)]
        return cls(text, rulebook, words, prefilter=prefilter)

    @property
    def sentence(self) -> Clause:
        """The whole sentence as one clause."""
        return self.within or self

    @cached_property
    def word_set(self) -> frozenset[str]:
        return frozenset(word for word, _, _ in self.words)

    @cached_property
    def span(self) -> Span:
        return Span(self.words[0][1], self.words[-1][2]) if self.words else Span(0, 0)

    @cached_property
    def _met(self) -> int:
        return self.prefilter.met(self.text) if self.prefilter is not None else -1

    @cached_property
    def _openings(self) -> list[tuple[int, int]]:
        """Where a phrase can begin, and of which lists (Prefilter.opens)."""
        if self.prefilter is None:
            return []
        opens, words = self.prefilter.opens, self.words
        if not all(word.isalnum() for word, _, _ in words):
            words = [(m.group(), start + m.start(), 0) for word, start, _ in words for m in _PART.finditer(word)]
        return [(start, lists) for word, start, _ in words if (lists := opens[word])]

    def may_have(self, name: str) -> bool:
        """Whether the words of this clause allow a phrase of a word list; cheaper than looking."""
        return self.prefilter is None or self.prefilter.gates[name].opens(self._met)

    def may_fire(self, rule: Rule) -> bool:
        """Whether they allow all that a rule needs of the clause in which it fires."""
        return self.prefilter is None or self.prefilter.within[rule.id].opens(self._met)

    def has(self, name: str) -> re.Match[str] | None:
        """The first phrase of a word list in this clause."""
        if name not in self._found:
            self._found[name] = next(self.every(name), None)
        return self._found[name]

    def every(self, name: str, text: str | None = None) -> Iterator[re.Match[str]]:
        """The phrases of a word list in this clause; in `text` where that has the same words or blanks in their place.

        A phrase is looked for only where its first word stands.
        """
        pattern, text = self.rulebook.lists[name], self.text if text is None else text
        opened = self.prefilter.opened_by.get(name) if self.prefilter is not None else None
        if opened is None:
            return pattern.finditer(text) if self.may_have(name) else iter(())
        return self._begun(pattern, text, [at for at, lists in self._openings if lists & opened])

    def _begun(self, pattern: re.Pattern[str], text: str, places: Sequence[int]) -> Iterator[re.Match[str]]:
        end = 0
        for at in places:
            if at >= end and (found := pattern.match(text, at)):
                yield found
                end = found.end()

    def has_agent(self, name: str) -> re.Match[str] | None:
        """A phrase of the list here, or in the clause before where a coordinated clause leaves its subject out."""
        found = self.has(name)
        borrows = self.elliptic or self.infinitival or (not self.sub and not self.has("subject"))
        if found is None and self.before is not None and borrows:
            return self.before.has_agent(name)
        return found

    @property
    def infinitival(self) -> bool:
        """Whether it has no finite verb, and so the subject of the clause before: "om uw Kamer te informeren"."""
        return bool(self.words) and self.words[0][0] in self.rulebook.closed["infinitival"]

    @property
    def with_lead(self) -> str:
        """The clause after the one before it, which may govern it: "ik denk niet  dat ik daarop terugkom".

        Two blanks stand where it begins; patterns take any run of them for one.
        """
        if self.before is None:
            return self.text
        sentence = self.sentence.text
        lead = sentence[self.before.span.start : self.span.start]
        return f"{lead.rstrip()}  {self.span.of(sentence)}"

    @property
    def opens_with_and(self) -> bool:
        """Whether it is coordinated with the clause before it."""
        return bool(self.words) and self.words[0][0] in self.rulebook.closed["and"]

    @cached_property
    def elliptic(self) -> bool:
        """Whether it leaves out the finite verb of the clause before it: "… en uw Kamer in mei te informeren"."""
        book, texts = self.rulebook, [text for text, _, _ in self.words]
        return (
            self.before is not None
            and self.opens_with_and
            and not any(form.slot == "finite" for text in texts for form in book.forms.get(text, ()))
            and not any(t in book.auxiliaries for t in not_after_te(texts))
        )

    @cached_property
    def full(self) -> bool:
        """Whether it says what comes next, with a subject of its own: "… en we zullen u …", "…, waarna ik u …"."""
        above = self.before
        if above is None or not self.has("subject"):
            return False
        if self.sub:
            return self.rulebook.lists["afterwards"].match(self.text, self.span.start) is not None
        return not above.sub and self.opens_with_and

    @cached_property
    def conditional(self) -> bool:
        """Whether it says under what condition or when something else holds: "als dat naar de Kamer komt"."""
        return self.sub and self.rulebook.lists["opens-condition"].match(self.text, self.span.start) is not None

    @cached_property
    def verbs(self) -> tuple[Verb, ...]:
        return tuple(verbs_of(self))


def clauses(whole: Clause, times: Sequence[Span] = ()) -> tuple[Clause, ...]:
    """The clauses of a sentence, given as one clause, in order; together they hold every word once.

    `times` are the places of deadlines: "… en in september …" opens a clause with a time of its own, and what follows a
    time that opens a clause is its finite verb ("In maart evalueert de dienst …").
    """
    text, rulebook = whole.text, whole.rulebook
    spans: list[tuple[int, int, bool, bool]] = []  # start, end, subordinate, joins the outer clause
    asides = [m.span() for m in _ASIDE.finditer(text)]
    outer = _ASIDE.sub(_blank, text)
    unbroken = _BRACKETS.sub(_blank, outer)
    for start, end, comma in _pieces(unbroken, whole, times):
        opener = "opens-subordinate" if unbroken[:start].strip() else "opens-sentence-subordinate"
        sub = rulebook.lists[opener].match(unbroken, start) is not None
        fresh = not comma or rulebook.lists["opens-main"].match(unbroken, start) is not None
        resumed = rulebook.lists["resumes"].search(unbroken, start, end) if sub and spans else None
        if resumed is not None and _has_verb(unbroken, [(start, resumed.start())], rulebook):
            spans += [(start, resumed.start(), True, False), (resumed.start(), end, False, True)]
            continue
        spans.append((start, end, sub, not sub and not fresh))
    made: list[tuple[list[tuple[int, int]], bool]] = []
    main: list[tuple[int, int]] | None = None
    for start, end, sub, joins in spans:
        if joins and len(made) == 1 and made[-1][1] and _verb_first(outer[start:end], rulebook):
            joins = False  # "Als dat niet lukt, doe ik dat …"
        if joins and (unfinished := _unfinished(made, outer, rulebook)) is not None:
            unfinished.append((start, end))  # "dat bij de herziening van A, B en C de dienst zal …"
            continue
        if joins and main is not None:
            main.append((start, end))
            continue
        if sub and made and _is_insertion(outer[start:end], rulebook):
            made[-1][0].append((start, end))
            continue
        stretch = [(start, end)]
        made.append((stretch, sub))
        if not sub:
            main = stretch
    result: list[Clause] = []
    for stretch, sub in made:
        result.append(_clause(whole, outer, stretch, times, result[-1] if result else None, sub))
    for aside in asides:
        alone = " " * aside[0] + text[aside[0] : aside[1]]
        for start, end, _ in _pieces(alone, whole, times):
            result.append(_clause(whole, text, [(start, end)], times, None, True))
    return tuple(c for c in result if c.words)


def _clause(
    whole: Clause,
    text: str,
    stretch: Sequence[tuple[int, int]],
    times: Sequence[Span],
    before: Clause | None,
    sub: bool,
) -> Clause:
    """The clause of a sentence that stands in these parts of the text, in order."""
    pieces: list[str] = []
    at = 0
    for start, end in stretch:
        pieces += " " * (start - at), text[start:end]
        at = end
    own = "".join([*pieces, " " * (len(text) - at)])
    words = [word for word in whole.words if own[word[1]] != " "]
    return Clause(own, whole.rulebook, words, tuple(times), before, sub, whole, whole.prefilter)


def _unfinished(
    made: list[tuple[list[tuple[int, int]], bool]], text: str, rulebook: Rulebook
) -> list[tuple[int, int]] | None:
    """The last subordinate clause that has not got its verb yet: "dat de regels die gelden, kunnen wijzigen"."""
    for stretch, sub in reversed(made):
        if not sub:
            return None
        if not _has_verb(text, stretch, rulebook):
            return stretch
    return None


def _verb_first(text: str, rulebook: Rulebook) -> bool:
    """Whether a piece begins as a main clause does after a subordinate one, with its finite verb: ", doe ik dat"."""
    words = WORD.findall(text.lower())[:2]
    return bool(words) and (
        words[0] in rulebook.auxiliaries
        or any(form.slot == "finite" for form in rulebook.forms.get(words[0], ()))
        or (len(words) == 2 and words[1] in rulebook.closed["pronoun"])
    )


def _has_verb(text: str, stretch: list[tuple[int, int]], rulebook: Rulebook) -> bool:
    """Whether a subordinate clause has got its predicate, or goes on after the comma."""
    words = [w.lower() for start, end in stretch for w in WORD.findall(text[start:end])]
    return any(w in rulebook.forms or w in rulebook.auxiliaries or is_participle(w) for w in words)


def _is_insertion(text: str, rulebook: Rulebook) -> bool:
    """Whether a piece only looks like a clause: "indien nodig", "waar mogelijk"."""
    words = WORD.findall(text.lower())
    return len(words) <= 3 and not any(w in rulebook.forms or w in rulebook.auxiliaries for w in words)


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def _pieces(text: str, whole: Clause, times: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """Stretches between commas and other breaks, and before words that open a clause; whether a comma came before.

    `text` is that of the sentence, blank where asides stand.
    """
    breaks = [(m.end(), m.group().startswith(",")) for m in _PIECE.finditer(text)]
    breaks += [(m.start(), False) for m in whole.every("breaks-before", text)]
    # "Wanneer dit klaar is zal ik …": no comma, but the main clause is inverted.
    if whole.rulebook.lists["opens-sentence-subordinate"].match(text):
        breaks += [(m.start(), False) for m in islice(whole.every("inverted", text), 1)]
    breaks += [(t.start - 3, False) for t in times if text[max(0, t.start - 4) : t.start].lower() == " en "]
    last, comma = 0, False
    for at, is_comma in [*sorted(set(breaks)), (len(text), False)]:
        if at > last:
            if text[last:at].strip(" ,;:-"):
                yield last, at, comma
                comma = is_comma
            last = at
