"""What holds for any text: nothing is lost, nothing overlaps, every offset leads back."""

import re

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
