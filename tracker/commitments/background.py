"""What a document says beside its promises: that something was done, when, and that a thing comes later. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker.commitments.linking import PARAGRAPH_END, SPOKEN, LinkRules
from tracker.commitments.references import agree
from tracker.domain import Document, DocumentKind, Flag, Kind, Label, Mention, Sentence, Span, Voice

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


def met_here(document: Document, mentions: Sequence[Mention], rules: LinkRules) -> list[tuple[int, int, bool]]:
    """Which sentences say that a promise told again just before them is met: (index of the sentence, index of the
    promise, whether it is surely this one). In a debate "that promise" is mostly new, so there it is none."""
    if document.metadata.kind in SPOKEN:
        return []
    found = []
    for at, said in enumerate(mentions):
        if said.label is Label.FULFILMENT and rules.just_said.that.search(_flat(said.span, document)):
            told = [i for i, m in enumerate(mentions) if _just_before(document, said, m, rules)]
            sure = len(told) == 1 and _is_surely_meant(document, said, mentions[told[0]], mentions, rules)
            found += [(at, i, sure) for i in told]
    return found


def _just_before(document: Document, said: Mention, promise: Mention, rules: LinkRules) -> bool:
    """Whether a promise is told again right before a sentence, by the same person, of the same debate or letter."""
    words, gap = rules.just_said, said.span.start - promise.span.end
    if promise.label is not Label.COMMITMENT or promise.reason is not None or not 0 <= gap <= words.reach:
        return False
    between = document.text[promise.span.end : said.span.start]
    persons = {said.actor.person, promise.actor.person} - {None}
    elsewhere = bool(said.references and promise.references) and not _agree(said, promise)
    near = len(PARAGRAPH_END.findall(between)) <= words.breaks and len(persons) < 2 and not elsewhere
    return near and words.restated.search(_flat(promise.span, document)) is not None


def _is_surely_meant(
    document: Document, said: Mention, promise: Mention, mentions: Sequence[Mention], rules: LinkRules
) -> bool:
    """Whether a sentence says that this promise is met and can mean no other; told once, nothing new, no delay."""
    words, text = rules.just_said, _flat(said.span, document)
    before = Span(max(0, said.span.start - words.reach), said.span.start)
    since = Span(promise.span.start, said.span.end)
    again = _flat(promise.span, document)
    return (
        words.met.search(text) is not None
        and words.bars.search(text) is None
        and (not said.references or _agree(said, promise))
        and words.more.search(again) is None
        and len(words.restated.findall(_flat(Span(min(before.start, since.start), before.end), document))) == 1
        and rules.delay.search(_flat(since, document)) is None
        and not any(
            m.label is Label.COMMITMENT and m.reason is None and promise.span.end <= m.span.start < said.span.start
            for m in mentions
        )
    )


def _agree(one: Mention, other: Mention) -> bool:
    return any(agree(a, b) for a in one.references for b in other.references)


def _flat(span: Span, document: Document) -> str:
    return " ".join(span.of(document.text).split())


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
