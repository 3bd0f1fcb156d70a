"""The verbs of a clause, each with the form it stands in.

Dutch spreads a predicate over its clause ("zal … worden geïnformeerd", "kom … terug"), in an order that depends on the
kind of clause. So rules do not look at order, but at the verbs and what their auxiliaries make of them:

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
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.domain import Span
from tracker.rulebook import Rulebook, VerbForm

if TYPE_CHECKING:
    from tracker.mentions.clauses import Clause

_PARTICIPLE = re.compile(r"(?:\w{2,6})?(?:ge|be|ver|ont|her|er)\w{2,}(?:d|t|en)")
#: "Leidde", "ontmoette", "stelden": no verb in the present ends so beside "ik", and few beside "wij".
_WEAK_PAST = re.compile(r"\w+(?:[dt]e|dden|tten)")
_INFINITIVE = re.compile(r"\w{2,}(?:en|aan|oen|ien)")
_KINDS = ("future", "wish", "can", "would", "passive", "perfect", "gone")


@lru_cache(maxsize=100_000)
def is_participle(word: str) -> bool:
    """Whether a word in lower case looks like a past participle."""
    return _PARTICIPLE.fullmatch(word) is not None


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb in a clause. `verb` is the infinitive where verbs.toml knows it; `span` is in the plain text."""

    verb: str | None
    form: str
    span: Span
    passive: bool = False


@dataclass(frozen=True, slots=True)
class _Auxiliaries:
    """What stands beside the verbs of a clause; a set of words is empty where that kind of auxiliary is not there."""

    future: frozenset[str]
    wish: frozenset[str]
    can: frozenset[str]
    would: frozenset[str]
    passive: frozenset[str]
    perfect: frozenset[str]
    gone: frozenset[str]
    going: bool  # "ga", "gaan" with an infinitive
    intends: bool  # the clause, or the one that governs it, says that something is aimed at
    participles: bool

    @property
    def any(self) -> bool:
        return any((self.future, self.wish, self.can, self.would, self.passive, self.perfect, self.gone))

    @property
    def over(self) -> bool:
        """Nothing but "have" or "be" makes a predicate here, with a participle; "heb ik u doen toekomen" has none."""
        return bool(self.perfect) and not (self.future or self.wish or self.can or self.passive or self.going)


def verbs_of(clause: Clause) -> Iterator[Verb]:
    """The verbs of a clause that verbs.toml knows, and after them one that it does not, where a predicate needs it."""
    beside = _auxiliaries(clause)
    known = list(_known(clause, beside))
    yield from known
    if (rest := _unknown(clause, beside, bool(known))) is not None:
        yield rest


def _auxiliaries(clause: Clause) -> _Auxiliaries:
    book, texts = clause.rulebook, [w for w, _, _ in clause.words]
    small = clause.word_set & book.auxiliaries
    aux = {kind: small & book.closed[kind] for kind in _KINDS}
    if clause.elliptic and clause.before is not None:
        aux = {kind: found or clause.before.word_set & book.closed[kind] for kind, found in aux.items()}
    participles = any(is_participle(t) and t not in book.closed["passive"] for t in texts)
    if (aux["future"] or aux["wish"] or aux["can"]) and not participles and aux["perfect"] <= book.closed["infinitive"]:
        aux["perfect"] = frozenset()  # "willen we vanaf mei running hebben"
    if small & book.closed["have"] and _perfect_of_modal(texts, book):
        aux["wish"] = aux["can"] = aux["perfect"] = frozenset()  # "heeft u kunnen lezen"
        aux["gone"] |= book.closed["have"]
    intends = "te" in clause.word_set and _intends(clause)
    if aux["future"] and not intends and not any(t in book.closed["future"] for t in not_after_te(texts)):
        aux["future"] = frozenset()  # "heeft aangekondigd dit te zullen doen"
    going = small & book.closed["going"] and any(t in book.closed["going"] for t in not_after_te(texts))
    return _Auxiliaries(**aux, going=bool(going), intends=intends, participles=participles)


def _intends(clause: Clause) -> bool:
    """Whether a clause, or the one that governs it, says that something is aimed at."""
    if clause.has("intention"):
        return True
    governed = clause.sub or clause.elliptic or not clause.has("subject")
    return governed and clause.before is not None and clause.before.has("intention") is not None


def _known(clause: Clause, beside: _Auxiliaries) -> Iterator[Verb]:
    """The verbs that verbs.toml knows."""
    book, words = clause.rulebook, clause.words
    texts = [w for w, _, _ in words]
    for i, (text, start, end) in enumerate(words):
        for form in book.forms.get(text, ()):
            if form.particle is not None and not _has_particle(form.particle, clause, i):
                continue
            if _is_no_verb(form, texts, i, clause, beside):
                continue
            found = _form(form.slot, i > 0 and texts[i - 1] == "te", beside)
            causative = form.slot == "plural" and clause.word_set & book.closed["causative"]
            if found == "present" and beside.perfect and causative:
                found = "perfect"  # "heb ik u doen toekomen"
            yield Verb(form.verb, found, Span(start, end), form.slot == "participle")


def _is_no_verb(form: VerbForm, texts: Sequence[str], i: int, clause: Clause, beside: _Auxiliaries) -> bool:
    """Whether word `i` only looks like this form of a verb: it is a noun here, or another form."""
    book, text = clause.rulebook, texts[i]
    before = texts[i - 1] if i else ""
    noun_like = text in book.closed["noun-like"]
    also_participle = VerbForm(form.verb, "participle") in book.forms[text]
    if noun_like and before in book.closed["demonstrative"]:
        return True  # "dit besluit"
    if also_participle and before == "dan":
        return True  # "later dan voorzien"
    if form.slot == "finite":
        return (
            before in book.closed["determiner"]  # "het onderzoek", "een bericht"
            or (also_participle and beside.any)  # "heb ik u bericht", "wordt u bericht", "moest vermeld staan"
            or (noun_like and (beside.any or clause.infinitival))  # "heeft na onderzoek …", "om een besluit te nemen"
        )
    if form.slot == "plural":
        return (
            (also_participle and beside.over)  # "hebt u ontvangen"
            or (
                beside.over and beside.participles and not _is_predicate(texts, i, book)
            )  # "heb gestuurd over de plannen"
            or (before == "het" and i > 1 and texts[i - 2] in book.closed["preposition"])  # "door het sturen van"
        )
    return False


def _unknown(clause: Clause, beside: _Auxiliaries, known: bool) -> Verb | None:
    """The verb that no list knows, as its auxiliaries or its place show it."""
    book, words = clause.rulebook, clause.words
    if beside.gone and not beside.future:
        return None
    if beside.future or (beside.going and not beside.can):
        aux = next((w for w in words if w[0] in beside.future or w[0] in book.closed["going"]), None)
        infinitive = next((w for w in reversed(words) if _INFINITIVE.fullmatch(w[0]) and w is not aux), None)
        place = aux or infinitive
        if place is None or (infinitive is None and known):
            return None
        passive = beside.participles and "worden" in clause.word_set
        return Verb(None, "passive" if passive else "future", Span(place[1], place[2]), passive)
    if beside.passive and not beside.would and not beside.can:
        place = next((w for w in words if is_participle(w[0]) and w[0] not in beside.passive), None)
        return Verb(None, "passive", Span(place[1], place[2]), True) if place else None
    if beside.intends and "te" in clause.word_set:
        place = next(w for w in words if w[0] == "te")
        return Verb(None, "intended", Span(place[1], place[2]))
    if known or beside.perfect or beside.would:
        return None
    at = _unknown_finite(clause, [w for w, _, _ in words])
    if at is None:
        return None
    form = "wish" if beside.wish else "can" if beside.can else "present"
    return Verb(None, form, Span(words[at][1], words[at][2]))


def not_after_te(texts: Sequence[str]) -> Iterator[str]:
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


def _is_predicate(texts: Sequence[str], at: int, rulebook: Rulebook) -> bool:
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


def _unknown_finite(clause: Clause, texts: Sequence[str]) -> int | None:
    """Where a finite verb that no list knows must stand: second, after a time that opens the clause, or beside "ik"."""
    opening = next((t for t in clause.times if t.start == clause.span.start), None)
    if opening is not None and not clause.sub:
        after = next((i for i, (_, start, _) in enumerate(clause.words) if start >= opening.end), None)
        if after is not None and re.fullmatch(r"\w{2,}(?:[^d]t|[^dt]en)", texts[after]):
            return after
    pronouns, conjunctions = clause.rulebook.closed["pronoun"], clause.rulebook.closed["and"]
    for i, text in enumerate(texts):
        if text not in pronouns:
            continue
        first = i == 0 or texts[i - 1] in conjunctions
        if first and i + 1 < len(texts) and not _WEAK_PAST.fullmatch(texts[i + 1]):
            return i + 1  # "ik spreek"
        if i > 0 and not clause.sub and texts[i - 1] not in pronouns and not _WEAK_PAST.fullmatch(texts[i - 1]):
            return i - 1  # "spreek ik"
    return None


def _form(slot: str, after_te: bool, beside: _Auxiliaries) -> str:
    """The form of a known verb, from its slot and its auxiliaries."""
    if slot == "past":
        return "past"
    if slot == "finite":
        return "present"
    if slot == "plural":
        if after_te:
            return "intended" if beside.intends or beside.future else "bare"
        if beside.would:
            return "would"
        if beside.future:
            return "future"
        if beside.wish or beside.can:
            return "wish" if beside.wish else "can"
        if beside.gone:
            return "past"
        return "future" if beside.going else "present"
    if beside.would:
        return "would"
    if beside.gone:
        return "past"
    if beside.passive or beside.future:
        return "passive" if beside.future or not beside.can else "can"
    return "perfect" if beside.perfect else "bare"
