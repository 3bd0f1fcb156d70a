"""The reasoning of the rules over one document, for a person: sentence, voice, rule, verdict, date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from tracker import deadlines, pipeline
from tracker.domain import Document, Mention, Passage, Sentence, Span, Voice

if TYPE_CHECKING:
    from tracker.knowledge import Knowledge

#: Where a stretch of the text stands in the file, where that can be said.
InFile = Callable[[Span], Span | None]

#: Why a mention does not count, where that is no judgement of the rule files.
REASONS = {
    "same-act": "Another rule saw the same act, and says more of it.",
    "hypothetical": "It would be done, or was going to be.",
    "past": "It is over.",
    "reference": "An earlier promise is mentioned, with no time that is still to come.",
} | {f"voice-{voice}": f"Only the government promises; this is {voice}." for voice in Voice}


def explained(
    document: Document, in_file: InFile, knowledge: Knowledge, language: str, everything: bool
) -> Iterator[Text]:
    """What the document says of itself; then a block a sentence in which a rule saw something, or each sentence."""
    yield _heading(document)
    mentions: dict[Span, list[Mention]] = defaultdict(list)
    for mention in pipeline.extract(document, knowledge, everything=True):
        mentions[mention.span].append(mention)
    for sentence in pipeline.sentences_of(document, knowledge):
        found = mentions.get(sentence.span, [])
        if found or everything:
            yield _block(document, in_file, sentence, found, knowledge, language)


def _heading(document: Document) -> Text:
    about = document.metadata
    day = (
        f"of {about.date}, from which its terms are counted" if about.date else "without a date: terms stay unresolved"
    )
    return Text(f"{document.name}: {about.kind} {day}")


def _block(
    document: Document,
    in_file: InFile,
    sentence: Sentence,
    found: list[Mention],
    knowledge: Knowledge,
    language: str,
) -> Text:
    text = Text(" ".join(sentence.span.of(document.text).split()), style="bold" if found else "")
    text.append(f"\n  {_place(document, in_file(sentence.span), sentence)}", style="not bold dim")
    if not found:
        text.append("\n  no rule saw anything here", style="dim")
    for mention in found:
        for line in _lines(document, mention, knowledge, language):
            text.append(f"\n  {line}", style="not bold")
    return text


def _place(document: Document, in_file: Span | None, sentence: Sentence) -> str:
    page = document.page_of(sentence.span.start)
    return " · ".join(
        [
            f"characters {sentence.span.start}-{sentence.span.end}",
            *([f"page {page}"] if page else []),
            *([f"{in_file.start}-{in_file.end} of the file"] if in_file and in_file != sentence.span else []),
            voice(sentence.passage),
        ]
    )


def voice(passage: Passage) -> str:
    """Who speaks: "government (Minister Van Ark), answer to question 3"."""
    speaker = f" ({passage.speaker})" if passage.speaker else ""
    question = f", question {passage.question}" if passage.question else ""
    return f"{passage.voice}{speaker}{question}"


def _lines(document: Document, mention: Mention, knowledge: Knowledge, language: str) -> Iterator[str]:
    what = ", ".join(filter(None, (mention.label, mention.kind, mention.strength, *mention.flags)))
    cue = " ".join(mention.cue.of(document.text).split())
    yield f"seen: {what}; rule {mention.rule} ({mention.confidence:.2f}), by “{cue}”"
    rules = {rule.id: rule.why for rule in knowledge.rulebook.rules}
    if mention.reason is None:
        yield f"counts: {rules.get(mention.rule, 'the rule says so')}"
    else:
        reasons = REASONS | {judgement.reason: judgement.why for judgement in knowledge.rulebook.judgements}
        yield f"does not count: {mention.reason}. {reasons.get(mention.reason, '')}"
    if mention.term:
        yield f"term: {deadlines.explain(mention.term.deadline, mention.term.due, language)}"
    for term in mention.also:
        yield f"also named: {deadlines.explain(term.deadline, term.due, language)}"
