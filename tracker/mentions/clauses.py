"""A sentence in clauses, each with its verbs and the form they stand in.

Dutch spreads a predicate over its clause ("zal … worden geïnformeerd", "kom … terug"), in an order that depends on the
kind of clause. So rules do not look at order: this module finds the clauses, and in each the verbs with their form:

    present   informeer ik, kom ik … terug          would     zou … informeren
    future    zal … informeren, ga … informeren     perfect   heb … geïnformeerd
    passive   wordt/zal worden geïnformeerd         past      informeerde
    intended  verwacht/streef ernaar … te sturen    bare      … te informeren, geïnformeerd
    wish      wil/hoop … informeren
    can       kan/moet … informeren

The first column looks ahead (rulebook.AHEAD).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tracker.domain import Span
from tracker.mentions.prefilter import Prefilter
from tracker.rulebook import Rulebook, VerbForm

WORD = re.compile(r"\w+(?:[-'’]\w+)*")
#: What stands between dashes is a clause of its own, and the clause around it goes on after it; so it does after
#: brackets.
_ASIDE = re.compile(r" - [^;]{1,300}? - ")
_BRACKETS = re.compile(r"\([^()]{1,300}\)")
_PIECE = re.compile(r"[;:] |, | - ")
_PARTICIPLE = re.compile(r"(?:\w{2,6})?(?:ge|be|ver|ont|her|er)\w{2,}(?:d|t|en)")
#: "Leidde", "ontmoette", "stelden": no verb in the present ends so beside "ik", and few beside "wij".
_WEAK_PAST = re.compile(r"\w+(?:[dt]e|dden|tten)")
_INFINITIVE = re.compile(r"\w{2,}(?:en|aan|oen|ien)")


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb in a clause. `verb` is the infinitive where verbs.toml knows it; `span` is in the plain text."""

    verb: str | None
    form: str
    span: Span
    passive: bool = False


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
        """The clause with the one before it, which may govern it: "ik denk niet dat ik daarop terugkom"."""
        return self.whole[self.before.span.start : self.span.end] if self.before is not None else self.text

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
            and not any(t in book.auxiliaries for t in _not_after_te(texts))
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
        return tuple(_verbs(self))


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
    return any(w in rulebook.forms or w in rulebook.auxiliaries or _PARTICIPLE.fullmatch(w) for w in words)


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


def _verbs(clause: Clause) -> Iterator[Verb]:
    book = clause.rulebook
    words = clause.words
    texts = [w for w, _, _ in words]
    present = clause.word_set
    aux = {
        kind: present & book.closed[kind] for kind in ("future", "wish", "can", "would", "passive", "perfect", "gone")
    }
    participles = any(_PARTICIPLE.fullmatch(t) and t not in book.closed["passive"] for t in texts)
    going = any(t in book.closed["going"] for t in _not_after_te(texts))
    if clause.elliptic and clause.before is not None:
        aux = {kind: found or clause.before.word_set & book.closed[kind] for kind, found in aux.items()}
    modal = aux["future"] | aux["wish"] | aux["can"]
    if modal and not participles and aux["perfect"] <= book.closed["infinitive"]:
        aux["perfect"] = frozenset()  # "willen we vanaf mei running hebben"
    if _perfect_of_modal(texts, book):
        aux["wish"] = aux["can"] = frozenset()  # "heeft u kunnen lezen"
        aux["perfect"], aux["gone"] = frozenset(), aux["gone"] | {"had"}
    intends = clause.has("intention") or (
        clause.before is not None and clause.before.has("intention")
        if clause.sub or clause.elliptic or not clause.has("subject")
        else None
    )
    if not intends and not any(t in book.closed["future"] for t in _not_after_te(texts)):
        aux["future"] = frozenset()  # "heeft aangekondigd dit te zullen doen"
    # Nothing but "have" or "be" makes a predicate here, with a participle; "heb ik u doen toekomen" has none.
    over = bool(aux["perfect"]) and not any(aux[kind] for kind in ("future", "wish", "can", "passive")) and not going
    known = False
    for i, (text, start, end) in enumerate(words):
        for form in book.forms.get(text, ()):
            if form.particle is not None and not _has_particle(form.particle, clause, i):
                continue
            if form.slot == "finite" and i > 0 and texts[i - 1] in book.closed["determiner"]:
                continue  # "het onderzoek", "een bericht"
            if i > 0 and text in book.closed["noun-like"] and texts[i - 1] in book.closed["demonstrative"]:
                continue  # "dit besluit"
            governed = any(aux.values()) if form.slot == "finite" else over and form.slot == "plural"
            if governed and VerbForm(form.verb, "participle") in book.forms[text]:
                continue  # "heb ik u bericht", "wordt u bericht", "moest vermeld staan", "hebt u ontvangen"
            if form.slot == "finite" and text in book.closed["noun-like"] and (any(aux.values()) or clause.infinitival):
                continue  # "heeft na onderzoek … getrokken", "om een definitief besluit te nemen"
            if form.slot == "plural" and over and participles and not _is_predicate(texts, i, book):
                continue  # "heb ik een brief gestuurd over de plannen"
            if i > 0 and texts[i - 1] == "dan" and VerbForm(form.verb, "participle") in book.forms[text]:
                continue  # "later dan voorzien"
            if form.slot == "plural" and i > 1 and texts[i - 1] == "het" and texts[i - 2] in book.closed["preposition"]:
                continue  # "door het sturen van"
            after_te = i > 0 and texts[i - 1] == "te"
            found = _form(form.slot, after_te, aux, going, bool(intends))
            if found == "present" and form.slot == "plural" and aux["perfect"] and present & book.closed["causative"]:
                found = "perfect"  # "heb ik u doen toekomen"
            if found:
                known = True
                yield Verb(form.verb, found, Span(start, end), form.slot == "participle")
    if aux["gone"] and not aux["future"]:
        return
    if aux["future"] or (going and not aux["can"]):
        beside = next((w for w in words if w[0] in aux["future"] or w[0] in book.closed["going"]), None)
        infinitive = next((w for w in reversed(words) if _INFINITIVE.fullmatch(w[0]) and w is not beside), None)
        place = beside or infinitive
        if place is not None and (infinitive is not None or not known):
            participle = participles and "worden" in present
            yield Verb(None, "passive" if participle else "future", Span(place[1], place[2]), participle)
    elif aux["passive"] and not aux["would"] and not aux["can"]:
        participle_word = next((w for w in words if _PARTICIPLE.fullmatch(w[0]) and w[0] not in aux["passive"]), None)
        if participle_word:
            yield Verb(None, "passive", Span(participle_word[1], participle_word[2]), True)
    elif intends and "te" in present:
        at = texts.index("te")
        yield Verb(None, "intended", Span(words[at][1], words[at][2]))
    elif not known and not aux["perfect"] and not aux["would"] and (near := _unknown_finite(clause, texts)) is not None:
        stands = "wish" if aux["wish"] else "can" if aux["can"] else "present"
        yield Verb(None, stands, Span(words[near][1], words[near][2]))


def _not_after_te(texts: Sequence[str]) -> Iterator[str]:
    """The words that no "te" makes an infinitive."""
    return (text for i, text in enumerate(texts) if i == 0 or texts[i - 1] != "te")


def _perfect_of_modal(texts: list[str], rulebook: Rulebook) -> bool:
    """Whether a modal infinitive stands for its participle: "hebben we dat willen doen", "hebt u kunnen lezen"."""
    have = next((i for i, t in enumerate(texts) if t in rulebook.closed["have"] and texts[i - 1 : i] != ["te"]), None)
    if have is None:
        return False
    return any(
        text in rulebook.closed["modal-infinitive"]
        and i > have
        and i + 1 < len(texts)
        and _INFINITIVE.fullmatch(texts[i + 1])
        for i, text in enumerate(texts)
    )


def _is_predicate(texts: list[str], at: int, rulebook: Rulebook) -> bool:
    """Whether a plural form can be no noun: "te sturen", "komen wij"."""
    after = texts[at + 1] if at + 1 < len(texts) else ""
    return after in rulebook.closed["pronoun"] or (at > 0 and texts[at - 1] == "te")


def _has_particle(particle: str, clause: Clause, at: int) -> bool:
    """Whether the other half of the separable verb at word `at` is there: "kom … terug", "terug te komen".

    Most particles are prepositions too; as a particle it ends its clause or stands before a phrase of its own.
    """
    words = clause.words
    if at >= 2 and words[at - 1][0] == "te" and words[at - 2][0] == particle:
        return True
    if particle not in clause.rulebook.closed["doubtful-particle"]:
        return particle in clause.word_set
    return any(
        text == particle and (j + 1 == len(words) or words[j + 1][0] in clause.rulebook.closed["after-particle"])
        for j, (text, _, _) in enumerate(words[at + 1 :], at + 1)
    )


def _unknown_finite(clause: Clause, texts: list[str]) -> int | None:
    """Where a finite verb that no list knows must stand: second, after a time that opens the clause, or beside "ik"."""
    opening = next((t for t in clause.times if t.start == clause.span.start), None)
    if opening is not None and not clause.sub:
        after = next((i for i, (_, start, _) in enumerate(clause.words) if start >= opening.end), None)
        if after is not None and re.fullmatch(r"\w{2,}(?:[^d]t|[^dt]en)", texts[after]):
            return after
    for i, text in enumerate(texts):
        if text in clause.rulebook.closed["pronoun"]:
            if (
                len(texts) > i + 1
                and (i == 0 or texts[i - 1] in clause.rulebook.closed["and"])
                and not _WEAK_PAST.fullmatch(texts[i + 1])
            ):
                return i + 1
            if (
                i > 0
                and not _WEAK_PAST.fullmatch(texts[i - 1])
                and not clause.sub
                and texts[i - 1] not in clause.rulebook.closed["pronoun"]
            ):
                return i - 1
    return None


def _form(slot: str, after_te: bool, aux: dict[str, frozenset[str]], going: bool, intends: bool) -> str | None:
    """The form of a known verb, from its slot and the auxiliaries of its clause; None where it is no predicate."""
    if slot == "past":
        return "past"
    if slot == "finite":
        return "present"
    if slot == "plural":
        if after_te:
            return "intended" if intends or aux["future"] else "bare"
        if aux["would"]:
            return "would"
        if aux["future"]:
            return "future"
        if aux["wish"] or aux["can"]:
            return "wish" if aux["wish"] else "can"
        if aux["gone"]:
            return "past"
        return "future" if going else "present"
    if aux["would"]:
        return "would"
    if aux["gone"]:
        return "past"
    if aux["passive"] or aux["future"]:
        return "passive" if aux["future"] or not aux["can"] else "can"
    return "perfect" if aux["perfect"] else "bare"
