"""Whatever text comes in, reading it ends, without an exception, and what is found lies in the text."""

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker import pipeline
from tracker.domain import Document, DocumentKind, Metadata
from tracker.knowledge import load_knowledge
from tracker.mentions import find_mentions

KNOWLEDGE = load_knowledge()

#: Pieces of officialese, so that rules come into play between the noise.
PIECES = st.sampled_from(
    [
        "Ik zal uw Kamer",
        "zeg ik toe",
        "informeren",
        "in het najaar",
        ", zodra dat kan,",
        " - ",
        "(zie",
        ")",
        "«",
        '"',
        "toezegging",
        "hierbij",
        "en in mei",
        "te sturen",
        "wordt",
        "kom ik terug op",
        "een brief",
        "niet",
        "voor 1 mei 2024",
        "\x00",
        "\n\n",
        "Vraag 1\n",
        "Antwoord:\n",
        "Minister Postma:\n",
        "De voorzitter:\n",
        ".",
        "?",
    ]
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(list(DocumentKind)), st.sampled_from([None, date(2024, 2, 1)]))
@example("ik zal uw Kamer " * 2000, DocumentKind.LETTER, None)
@example("«(" * 3000 + " ik informeer uw Kamer in mei", DocumentKind.LETTER, date(2024, 2, 1))
@example("a" * 1_000_000, DocumentKind.OTHER, None)
@example("Ik\x00 stuur\x00 uw Kamer\x00 in mei een brief.", DocumentKind.DEBATE, date(2024, 2, 1))
def test_any_text_can_be_read(text: str, kind: DocumentKind, day: date | None) -> None:
    document = Document("any", text, Metadata(date=day, kind=kind))
    for mention in pipeline.extract(document, KNOWLEDGE, everything=True):
        assert 0 <= mention.span.start < mention.span.end <= len(text)
        assert mention.span.start <= mention.cue.start <= mention.cue.end <= mention.span.end


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=30).map(" ".join))
def test_the_prefilter_loses_nothing(text: str) -> None:
    document = Document("any", text, Metadata(date=date(2024, 2, 1), kind=DocumentKind.LETTER))
    sentences = pipeline.sentences_of(document, KNOWLEDGE)
    book, grammar, calendar = KNOWLEDGE.rulebook, KNOWLEDGE.grammar, KNOWLEDGE.calendar
    fast = list(find_mentions(document, sentences, book, grammar, calendar))
    assert fast == list(find_mentions(document, sentences, book, grammar, calendar, prefiltered=False))
