"""What holds for any text: nothing is lost, nothing overlaps, every offset leads back, time grows linearly."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain import Document, DocumentKind, Metadata
from tracker.sentences import Abbreviations, PassageRules, passages, plain, sentences

SCRAPS = [
    "De voorzitter:\n", "Minister Van Dorp:\n", "Anna Berg (ABC):\n", "Vraag 1\n", "Antwoord 1\n", "#### Vraag 2\n",
    "\n\n", "\n", " ", ". ", "? ", "... ", "… ", "! ", "jl. ", "nr. ", "A.B. ", "2. ", "- ", "• ", "1) ", "«", "»", "“",
    "”", "(", ")", '"', "'s ", "<sup>1</sup>", "[1]", "¹", "**", "_", "\u00ad", "\u00a0", "\x00", "\ufeff", "\u2028",
    "\r\n",
    "\x0c", "--- Noten ---\n", "Ik stuur uw Kamer in mei een brief", "De leden van de ABC-fractie vragen", "Kunt u dat",
    "De Kamer,\ngehoord", "orde van de dag", "Ik lees de toezeggingen voor", "Hoogachtend,", "Datum\n", "é", "ß", "Ω",
    "漢字", "🙂", "1 ", "2031", "€ 5 mln.", "schriftelijk overleg", "II Reactie van de minister\n\n",
]  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(st.one_of(st.sampled_from(SCRAPS), st.text(max_size=5)), max_size=60).map("".join)
)
LIST_MARK = re.compile(r"\(?[a-zA-Z]{1,4}[.)]")
ROUNDS = settings(max_examples=400, deadline=None)


@ROUNDS
@given(text=TEXTS, kind=st.sampled_from(DocumentKind))
def test_passages_join_to_the_exact_text(rules: PassageRules, text: str, kind: DocumentKind) -> None:
    cut = passages(Document("text", text, Metadata(kind=kind)), rules)
    assert "".join(passage.span.of(text) for passage in cut) == text
    assert all(passage.span.start < passage.span.end for passage in cut)


@ROUNDS
@given(text=TEXTS, kind=st.sampled_from(DocumentKind))
def test_sentences_lose_only_blanks_and_marks_of_lists(
    rules: PassageRules, abbreviations: Abbreviations, text: str, kind: DocumentKind
) -> None:
    document = Document("text", text, Metadata(kind=kind))
    for passage in passages(document, rules):
        at = passage.span.start
        between = []
        for sentence in sentences(document, passage, abbreviations):
            assert at <= sentence.span.start < sentence.span.end <= passage.span.end
            assert sentence.passage is passage
            assert sentence.span.of(text) == sentence.span.of(text).strip()
            between.append(text[at : sentence.span.start])
            at = sentence.span.end
        between.append(text[at : passage.span.end])
        for gap in between:
            assert not re.search(r"[^\W\d_]{2}", LIST_MARK.sub("", gap))


@ROUNDS
@given(text=TEXTS)
def test_every_offset_of_a_plain_text_leads_back(text: str) -> None:
    result = plain(text)
    offsets = list(result.offsets)
    assert len(offsets) == len(result.text) + 1
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(text) for offset in offsets)
    for character, offset in zip(result.text, offsets, strict=False):
        if character.isalnum():
            assert text[offset] == character


@ROUNDS
@given(text=TEXTS)
def test_a_plain_text_is_plain(text: str) -> None:
    result = plain(text).text
    assert result == result.strip()
    assert not re.search(r"\s\s|[\n\t\u00a0\u00ad«»“”]", result)


WORST = {
    "no stop at all": "a",
    "words": "woord ",
    "stops": ".",
    "stops and blanks": ". ",
    "blanks": " ",
    "line breaks": "\n",
    "blank lines with blanks": "\n \n",
    "blanks and a stop": "          .",
    "capitals": "A",
    "initials": "A.",
    "abbreviations": "nr. ",
    "open quotes": "«“(",
    "closed quotes": ".»”)",
    "note marks": "[1]",
    "stops and notes": ".[1]",
    "open markup": "<sup>",
    "stars": "*",
    "underscores": "_",
    "hashes": "#",
    "digits": "1",
    "digits and commas": "1, ",
    "question labels": "Vraag 1 en 2\n",
    "colons": "Aa: ",
    "speaker lines": "Aa (Bb):\n",
    "names without end": "Van Dorp ",
    "open brackets": "Aa (B",
    "motions": "De Kamer, gehoord ",
    "motions on lines": "De Kamer,\ngehoord\n",
    "commitments": "toezegging ik lees ",
    "fractions": "de leden van de abc-fractie ",
    "links": "[a](http://",
    "NULs": "\x00",
    "zero width": "\u200b",
    "bullets": "- a\n",
    "questions": "1. a?\n\n",
}
FRAMES = {
    "letter": "Geachte voorzitter,\n\n{}",
    "debate": "De voorzitter:\n{}",
    "consultation": "schriftelijk overleg\n\nAntwoord\n{}",
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("scrap", WORST.values(), ids=WORST)
def test_time_grows_linearly(rules: PassageRules, abbreviations: Abbreviations, scrap: str, frame: str) -> None:
    def seconds(size: int) -> float:
        document = Document("text", frame.format(scrap * (size // len(scrap))))
        began = time.process_time()
        for passage in passages(document, rules):
            for sentence in sentences(document, passage, abbreviations):
                plain(sentence.span.of(document.text))
        return time.process_time() - began

    small, large = min(seconds(10_000) for _ in range(2)), seconds(80_000)
    assert large < max(24 * small, 0.25), f"{small:.3f} s for 10 KB, {large:.3f} s for 80 KB"
