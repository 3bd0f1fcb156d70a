"""A sentence in clauses: stretches with one predicate each, in which rules look for what they name.

Where a clause begins and ends is told by commas, by words that open one (rules/mentions/words.toml), and by the place
of verbs; what its verbs are and in which form they stand, `verbs.py` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tracker.domain import Span
from tracker.mentions.prefilter import Prefilter
from tracker.mentions.verbs import PARTICIPLE, Verb, not_after_te, verbs_of
from tracker.rulebook import Rulebook

WORD = re.compile(r"\w+(?:[-'’]\w+)*")
#: What stands between dashes is a clause of its own, and the clause around it goes on after it; so it does after
#: brackets.
_ASIDE = re.compile(r" - [^;]{1,300}? - ")
_BRACKETS = re.compile(r"\([^()]{1,300}\)")
_PIECE = re.compile(r"[;:] |, | - ")


@dataclass(eq=False)
class Clause:
    """A stretch of a sentence with one predicate. `text` is as long as the sentence, blank where others speak."""

    text: str
    rulebook: Rulebook
    times: tuple[Span, ...] = ()  # of the sentence's deadlines
    before: Clause | None = None  # the clause before it in the sentence: a left-out subject is found there
    sub: bool = False  # a subordinate clause
    whole: str = ""  # the sentence it stands in
    prefilter: Prefilter | None = None
    _found: dict[str, re.Match[str] | None] = field(default_factory=dict)

    @cached_property
    def words(self) -> list[tuple[str, int, int]]:
        return [(m.group().lower(), m.start(), m.end()) for m in WORD.finditer(self.text)]

    @cached_property
    def word_set(self) -> frozenset[str]:
        return frozenset(word for word, _, _ in self.words)

    @cached_property
    def span(self) -> Span:
        return Span(self.words[0][1], self.words[-1][2]) if self.words else Span(0, 0)

    @cached_property
    def _met(self) -> int:
        return self.prefilter.met(self.text) if self.prefilter is not None else -1

    def may_have(self, name: str) -> bool:
        """Whether the words of this clause allow a phrase of a word list; cheaper than looking."""
        return self.prefilter is None or self.prefilter.allows(name, self._met)

    def has(self, name: str) -> re.Match[str] | None:
        """The first phrase of a word list in this clause."""
        if name not in self._found:
            self._found[name] = self.rulebook.lists[name].search(self.text) if self.may_have(name) else None
        return self._found[name]

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
        lead = self.whole[self.before.span.start : self.span.start]
        return f"{lead.rstrip()}  {self.span.of(self.whole)}"

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


def clauses(
    text: str, rulebook: Rulebook, times: Sequence[Span] = (), prefilter: Prefilter | None = None
) -> tuple[Clause, ...]:
    """The clauses of a sentence's plain text, in order; together they hold every word once.

    `times` are the places of deadlines: "… en in september …" opens a clause with a time of its own, and what follows a
    time that opens a clause is its finite verb ("In maart evalueert de dienst …").
    """
    spans: list[tuple[int, int, bool, bool]] = []  # start, end, subordinate, joins the outer clause
    asides = [m.span() for m in _ASIDE.finditer(text)]
    outer = _ASIDE.sub(_blank, text)
    unbroken = _BRACKETS.sub(_blank, outer)
    for start, end, comma in _pieces(unbroken, rulebook, times):
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
        chars = [" "] * len(text)
        for start, end in stretch:
            chars[start:end] = outer[start:end]
        before = result[-1] if result else None
        result.append(Clause("".join(chars), rulebook, tuple(times), before, sub, text, prefilter))
    for aside in asides:
        alone = " " * aside[0] + text[aside[0] : aside[1]]
        for start, end, _ in _pieces(alone, rulebook, times):
            inside = " " * start + text[start:end] + " " * (len(text) - end)
            result.append(Clause(inside, rulebook, tuple(times), None, True, text, prefilter))
    return tuple(c for c in result if c.words)


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
    return any(w in rulebook.forms or w in rulebook.auxiliaries or PARTICIPLE.fullmatch(w) for w in words)


def _is_insertion(text: str, rulebook: Rulebook) -> bool:
    """Whether a piece only looks like a clause: "indien nodig", "waar mogelijk"."""
    words = WORD.findall(text.lower())
    return len(words) <= 3 and not any(w in rulebook.forms or w in rulebook.auxiliaries for w in words)


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def _pieces(text: str, rulebook: Rulebook, times: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """Stretches between commas and other breaks, and before words that open a clause; whether a comma came before."""
    breaks = [(m.end(), m.group().startswith(",")) for m in _PIECE.finditer(text)]
    breaks += [(m.start(), False) for m in rulebook.lists["breaks-before"].finditer(text)]
    # "Wanneer dit klaar is zal ik …": no comma, but the main clause is inverted.
    if rulebook.lists["opens-sentence-subordinate"].match(text):
        breaks += [(m.start(), False) for m in rulebook.lists["inverted"].finditer(text)][:1]
    breaks += [(t.start - 3, False) for t in times if text[max(0, t.start - 4) : t.start].lower() == " en "]
    last, comma = 0, False
    for at, is_comma in [*sorted(set(breaks)), (len(text), False)]:
        if at > last:
            if text[last:at].strip(" ,;:-"):
                yield last, at, comma
                comma = is_comma
            last = at
