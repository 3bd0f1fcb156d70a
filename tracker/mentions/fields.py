"""The fields of a mention: strength, flags, who, to whom, what, about what. All from the sentence and its passage."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from tracker.domain import Actor, Document, Flag, Passage, Precision, Reference, Strength, Voice
from tracker.mentions.clauses import Clause
from tracker.mentions.match import Candidate
from tracker.mentions.prefilter import reference_to


def strength(candidate: Candidate) -> Strength:
    """How firmly it is promised (COMMITMENTS.md, Strength): a condition outweighs a hedge."""
    if candidate.rule.strength is not None:
        return candidate.rule.strength
    sentence = candidate.clause.sentence
    if sentence.has("condition"):
        return Strength.CONDITIONAL
    hedged = _hedged(candidate.clause) or sentence.has("hedge-aside") is not None
    if not hedged and candidate.verb is not None and candidate.verb.form in ("wish", "can", "intended"):
        hedged = candidate.clause.has("promising") is None and candidate.clause.has("modal-hedge") is not None
    return Strength.HEDGED if hedged else Strength.FIRM


def _hedged(clause: Clause) -> bool:
    """Whether a clause is hedged, or hangs under one that is: "ik verwacht dat dit klaar is en de Kamer … wordt"."""
    if clause.has("hedge"):
        return True
    above = clause.before
    if above is None or not (clause.sub or clause.elliptic or (above.sub and clause.opens_with_and)):
        return False
    return _hedged(above)


def flags(candidate: Candidate) -> tuple[Flag, ...]:
    """restated, deferral, recurring (COMMITMENTS.md, Other labels on a mention)."""
    found = [flag for flag in Flag if candidate.clause.sentence.has(flag.value)]
    if candidate.term is not None and candidate.term.due.precision is Precision.RECURRING:
        found = sorted({*found, Flag.RECURRING})
    return tuple(found)


def actor(candidate: Candidate, passage: Passage, document: Document) -> Actor:
    """Who promises: as written, and for "ik" and "wij" the one who signs or speaks."""
    found = candidate.clause.has_agent("government")
    if found is None and candidate.verb is not None and not candidate.verb.passive:
        found = candidate.clause.has_agent("in-list-he")
    written = found.group() if found else None
    signatory = document.metadata.signatory
    if passage.voice is Voice.CHAIR_LIST:
        return Actor(written=written, office=_third_person(written))
    speaks_self = written is None or candidate.clause.rulebook.lists["first-person"].fullmatch(written) is not None
    if speaks_self:
        if passage.speaker and signatory.office is None:
            return Actor(written=written, person=passage.speaker)
        return Actor(written, signatory.person, signatory.office, signatory.ministry)
    return Actor(written=written, office=_third_person(written))


def _third_person(written: str | None) -> str | None:
    return written[3:] if written and written.lower().startswith(("de minister", "de staatssecretaris")) else written


def addressees(sentence: Clause, senate: bool) -> tuple[str, ...]:
    """To whom, all of them: the chamber that "u" and "uw Kamer" stand for, members and committees as written."""
    found: list[str] = []
    for match in sentence.every("parliament"):
        written = match.group()
        if sentence.rulebook.lists["a-chamber"].fullmatch(written):
            other = "eerste" in written.lower() or (senate and "tweede" not in written.lower())
            written = "Eerste Kamer" if other else "Tweede Kamer"
        if written not in found:
            found.append(written)
    return tuple(found)


def action(clause: Clause) -> str:
    """What will be done, in the sentence's own words: the clause, white space collapsed."""
    return re.sub(r"\s+", " ", clause.text).strip(" ,;:.–—")


def points_back(sentence: Clause) -> bool:
    """Whether the sentence before says what this one is about: "dit gesprek", "hierover", "de voortgang hiervan"."""
    return sentence.has("points-back") is not None


def topic(passage: Passage, document: Document) -> str | None:
    """The nearest heading, else the question answered, else the document's subject."""
    if passage.heading:
        return passage.heading
    if passage.question:
        return f"vraag {passage.question}"
    return document.metadata.title


def references(sentence: Clause, today: date | None) -> tuple[Reference, ...]:
    """What the sentence refers to (debates, letters, motions, dossiers and numbers), for linking.

    A day without a year ("5 mei jl.") is the last one before `today`, the date of the document.
    """
    found = []
    months = sentence.rulebook.words.get("month", ())
    for kind, pattern in sentence.rulebook.references.items():
        if not sentence.may_have(reference_to(kind)):
            continue
        for match in pattern.finditer(sentence.text):
            part = match.groupdict()
            day = _date(part, months, today)
            found.append(Reference(kind, match.group().strip(), day, _dossier(part.get("dossier")), part.get("number")))
    return tuple(found)


def _date(part: Mapping[str, str | None], months: Sequence[str], today: date | None) -> date | None:
    written, month = part.get("day"), part.get("month")
    if not written or not month:
        return None
    number = months.index(month.lower()) + 1
    try:
        if year := part.get("year"):
            return date(int(year), number, int(written))
        if today is None:
            return None
        this_year = date(today.year, number, int(written))
        return this_year if this_year <= today else date(today.year - 1, number, int(written))
    except ValueError:  # 31 juni
        return None


def _dossier(written: str | None) -> str | None:
    digits = re.sub(r"\D", "", written or "")
    return f"{digits[:2]} {digits[2:5]}" if len(digits) >= 5 else None
