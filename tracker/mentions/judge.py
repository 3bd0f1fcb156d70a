"""Why a mention does not count: question, refusal, past, this very sitting … Nothing is dropped; the reason is kept."""

from __future__ import annotations

from functools import lru_cache

from tracker.domain import DocumentKind, Label, Voice
from tracker.mentions.clauses import Clause
from tracker.mentions.match import Candidate, names_time
from tracker.rulebook import BEHIND, Judgement, Rulebook

#: The voices that can promise; the rest are judged by who speaks.
PROMISING = frozenset({Voice.GOVERNMENT, Voice.CHAIR_LIST})


def judge(candidate: Candidate, sentence: Clause, voice: Voice, kind: DocumentKind) -> str | None:
    """The reason why this does not count, or None. `sentence` is the whole of it as one clause."""
    if voice not in PROMISING:
        return f"voice-{voice.value}"
    if candidate.verb is not None and candidate.verb.form in BEHIND and candidate.verb.form not in candidate.rule.forms:
        return BEHIND[candidate.verb.form]
    if (
        candidate.looks_back
        and candidate.term is None
        and candidate.verb is not None
        and candidate.verb.form == "present"
        and candidate.rule.finds is not Label.FULFILMENT
    ):
        return "past"
    for name, judgement in judges(sentence.rulebook, candidate.rule.id, voice, kind):
        if (
            sentence.may_have(name)
            and applies(judgement, candidate)
            and judgement.pattern.search(_looked_at(judgement.scope, candidate.place, sentence.text))
        ):
            return judgement.reason
    if candidate.clause.conditional:
        return "condition"
    if voice is not Voice.CHAIR_LIST and undated_reference(candidate):
        return "reference"
    return None


def _looked_at(scope: str, clause: Clause, sentence: str) -> str:
    return {"clause": clause.text, "lead": clause.with_lead}.get(scope, sentence)


@lru_cache(maxsize=4096)
def judges(rulebook: Rulebook, rule: str, voice: Voice, kind: DocumentKind) -> tuple[tuple[str, Judgement], ...]:
    """The judgements that look at what a rule finds, by name; they name rules by the beginning of the id: "inform."."""
    return tuple(
        (judgement.name, judgement)
        for judgement in rulebook.judgements
        if not any(rule.startswith(name) for name in judgement.spares)
        and (not judgement.only or any(rule.startswith(name) for name in judgement.only))
        and (not judgement.voices or voice in judgement.voices)
        and (not judgement.documents or kind in judgement.documents)
    )


def applies(judgement: Judgement, candidate: Candidate) -> bool:
    """Whether a judgement of its rule looks at this candidate."""
    return (
        (not judgement.forms or (candidate.verb is not None and candidate.verb.form in judgement.forms))
        and (not judgement.undated or not names_time(candidate))
        and (not judgement.alone or not candidate.follows)
    )


def undated_reference(candidate: Candidate) -> bool:
    """An earlier promise named without a time that is still to come is background, not a promise made anew."""
    return (
        candidate.rule.finds is Label.COMMITMENT
        and candidate.term is None
        and candidate.clause.has("earlier-promise") is not None
    )
