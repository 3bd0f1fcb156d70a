"""Why a mention does not count: question, refusal, past, this very sitting … Nothing is dropped; the reason is kept."""

from __future__ import annotations

from tracker.domain import Label, Voice
from tracker.mentions.match import Candidate
from tracker.rulebook import Judgement, Rulebook

#: The voices that can promise; the rest are judged by who speaks.
PROMISING = frozenset({Voice.GOVERNMENT, Voice.CHAIR_LIST})


def judge(candidate: Candidate, text: str, voice: Voice, rulebook: Rulebook) -> str | None:
    """The reason why this does not count, or None. `text` is the sentence's plain text."""
    if voice not in PROMISING:
        return f"voice-{voice.value}"
    for judgement in rulebook.judgements:
        if applies(judgement, candidate.rule.id) and judgement.pattern.search(
            candidate.clause.text if judgement.scope == "clause" else text
        ):
            return judgement.reason
    return None


def applies(judgement: Judgement, rule_id: str) -> bool:
    """Whether a judgement looks at what this rule found; names may be the beginning of an id: "inform."."""
    if any(rule_id.startswith(name) for name in judgement.spares):
        return False
    return not judgement.only or any(rule_id.startswith(name) for name in judgement.only)


def undated_reference(candidate: Candidate) -> bool:
    """An earlier promise named without a time that is still to come is background, not a promise made anew."""
    return candidate.rule.finds is Label.COMMITMENT and candidate.clause.has("earlier-promise") is not None and (
        candidate.term is None or candidate.term.due.last is None
    )
