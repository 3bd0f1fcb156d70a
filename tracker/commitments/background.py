"""What a document says beside its promises: that something was done, when, and that a thing comes later. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker.commitments.linking import LinkRules
from tracker.domain import Document, DocumentKind, Flag, Kind, Label, Mention, Sentence, Voice

#: The rule that a reading of a sentence that only reports carries.
REPORT_RULE = "report.done"


def with_background(document: Document, mentions: Sequence[Mention], rules: LinkRules) -> list[Mention]:
    """The mentions with what the sentences just before them say: of which promise they are, and that it is put off.

    "Tijdens het debat van 5 december heb ik toegezegd … Met deze brief doe ik die toezegging gestand": the first
    sentence was judged to be background, and says which promise the second one means. "Dit lukt niet voor de zomer. U
    ontvangt de brief in oktober": the second one puts off.
    """
    result: list[Mention] = []
    for mention in mentions:
        near = [m for m in mentions if m.span.end <= mention.span.start <= m.span.end + rules.near]
        if mention.label is Label.COMMITMENT and _puts_off(document, mention, rules):
            mention = replace(mention, flags=tuple(sorted({*mention.flags, Flag.DEFERRAL})))
        wants = mention.label is Label.FULFILMENT or Flag.DEFERRAL in mention.flags
        if wants and not mention.references:
            told = [m for m in near if m.reason is not None and any(r.kind in _SAID_AT for r in m.references)]
            mention = replace(mention, references=told[-1].references) if told else mention
        result.append(mention)
    return result


#: Where promises are made.
_SAID_AT = frozenset({"debate", "letter", "register"})


def _puts_off(document: Document, mention: Mention, rules: LinkRules) -> bool:
    """Whether a promise with a time of its own comes with words of delay: in its sentence, before it, in the title."""
    about = document.metadata
    if mention.term is None or mention.kind is not Kind.INFORM or mention.reason is not None:
        return False
    if about.kind is not DocumentKind.LETTER:
        return False
    near = document.text[max(0, mention.span.start - rules.near) : mention.span.end]
    return rules.delay.search(" ".join(f"{about.title or ''} {near}".split())) is not None


def done_by(text: str, rules: LinkRules) -> date | None:
    """The last day on which what a sentence reports can have been done; None where it names no time."""
    return max((_last_day(found, rules.months) for found in rules.done.finditer(text)), default=None)


def _last_day(found: re.Match[str], months: Sequence[str]) -> date:
    year, name = int(found["year"]), (found["month"] or "").casefold()
    if name not in months:
        return date(year, 12, 31)
    month = months.index(name) + 1
    last = monthrange(year, month)[1]
    return date(year, month, min(last, max(1, int(found["day"] or last))))


def reports(
    document: Document, sentences: Sequence[Sentence], seen: Sequence[Mention], rules: LinkRules
) -> list[Mention]:
    """The sentences of the government that only report that something was done, and in which no rule saw a promise."""
    taken = {mention.span for mention in seen if mention.reason is None}
    found = []
    for sentence in sentences:
        if sentence.passage.voice is not Voice.GOVERNMENT or sentence.span in taken:
            continue
        text = " ".join(sentence.span.of(document.text).split())
        if any(pattern.search(text) for pattern in rules.reports) and not rules.report_bars.search(text):
            found.append(
                Mention(
                    span=sentence.span,
                    ordinal=0,
                    label=Label.REPORT,
                    rule=REPORT_RULE,
                    cue=sentence.span,
                    confidence=rules.report_confidence,
                    actor=document.metadata.signatory,
                    action=text,
                    topic=sentence.passage.heading or document.metadata.title,
                )
            )
    return found
