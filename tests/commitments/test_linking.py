"""What may be linked without a person, what a person is asked about, and what is not worth asking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tracker.commitments.background import done_by, met_here, reports, with_background
from tracker.commitments.linking import LinkKind, LinkRules, Said, score
from tracker.commitments.references import Cited
from tracker.domain import Document, DocumentKind, Flag, Kind, Label, Mention, Metadata, Reference
from tracker.knowledge import Knowledge
from tracker.pipeline import extract, sentences_of

ABOUT = {"walstro": 1.3, "binnenh": 1.4, "ligplaa": 1.4, "stedeli": 1.3}
DEBATE = Cited(1, date(2023, 2, 9), DocumentKind.DEBATE, title="Binnenvaart")
LETTER = Cited(2, date(2023, 6, 12), DocumentKind.LETTER, ("31 409",), "370", "Binnenvaart")
NAMED = Reference("debate", "het commissiedebat van 9 februari 2023", date(2023, 2, 9))

PROMISE = Said(
    id=1, document=1, day=date(2023, 2, 9), label=Label.COMMITMENT, kind=Kind.INFORM, flags=frozenset(),
    due=date(2023, 6, 30), made=date(2023, 2, 9), person="R. Veldhoen", ministry="IenW", references=(), source=DEBATE,
    words=ABOUT,
)  # fmt: skip
LATER = replace(PROMISE, id=2, document=2, day=date(2023, 6, 12), made=date(2023, 6, 12), source=LETTER)
MET = replace(LATER, label=Label.FULFILMENT, kind=None, due=None, references=(NAMED,))
PUT_OFF = replace(LATER, flags=frozenset({Flag.DEFERRAL}), due=date(2023, 11, 1), references=(NAMED,))
TOLD_AGAIN = replace(LATER, flags=frozenset({Flag.RESTATED}))
DONE = replace(MET, label=Label.REPORT, references=())
ANOTHER_SUBJECT = {"spoorwe": 1.4, "geluids": 1.4, "treinen": 1.3, "walstro": 0.4}
LIKE_ENOUGH = {**ABOUT, "kanalen": 1.5, "sluizen": 1.5, "bruggen": 1.5, "tunnels": 1.5, "vaarweg": 1.5}


@pytest.fixture(scope="module")
def rules(knowledge: Knowledge) -> LinkRules:
    return knowledge.linking


SURE = {
    "it says that it is met, where that was promised, and by whom": MET,
    "it says so for the one who took over": replace(MET, person="S. de Haan", ministry="IenW"),
    "it says that it comes later": PUT_OFF,
    "it says that it was promised before": TOLD_AGAIN,
    "it says the same again": LATER,
}
NOT_SURE = {
    "met, but it names no debate, letter or number": replace(MET, references=()),
    "met, but nobody knows who says so": replace(MET, person=None, ministry=None),
    "met, but it says little of the subject": replace(MET, words=ANOTHER_SUBJECT),
    "later, without a word about it": replace(TOLD_AGAIN, due=date(2023, 11, 1)),
    "later, but not of which promise": replace(PUT_OFF, references=()),
    "it only reports that it was done": DONE,
    "the same due date, and much alike": replace(LATER, words=LIKE_ENOUGH),
}
NO_PAIR = {
    "a letter of that day about something else": replace(MET, words={"spoorwe": 1.4, "geluids": 1.4, "treinen": 1.3}),
    "in a debate, of what was promised in it": replace(
        MET, references=(), source=replace(LETTER, kind=DocumentKind.DEBATE), words=ANOTHER_SUBJECT
    ),
    "the same due date, and another subject": replace(LATER, words=ANOTHER_SUBJECT),
    "another thing was done": replace(DONE, words=ANOTHER_SUBJECT),
    "a promise with a date of its own": replace(LATER, due=date(2023, 9, 30)),
    "a promise that recurs": replace(LATER, flags=frozenset({Flag.RECURRING})),
}


@pytest.mark.parametrize("said", SURE.values(), ids=SURE)
def test_linked_by_itself(said: Said, rules: LinkRules) -> None:
    scored = score(said, PROMISE, rules)
    assert scored is not None and scored.by_itself and scored.score >= 0.75


@pytest.mark.parametrize("said", NOT_SURE.values(), ids=NOT_SURE)
def test_a_person_is_asked(said: Said, rules: LinkRules) -> None:
    scored = score(said, PROMISE, rules)
    assert scored is not None and not scored.by_itself and scored.score >= 0.45


@pytest.mark.parametrize("said", NO_PAIR.values(), ids=NO_PAIR)
def test_no_pair(said: Said, rules: LinkRules) -> None:
    assert score(said, PROMISE, rules) is None


def test_years_after_a_promise_without_a_due_date_it_counts_for_less(rules: LinkRules) -> None:
    undated = replace(PROMISE, due=None)
    soon, late = (score(replace(DONE, day=day), undated, rules) for day in (date(2023, 6, 12), date(2026, 6, 12)))
    assert soon is not None and late is not None
    assert [reason.code for reason in late.reasons if reason.points < 0] == ["long-ago"]
    assert late.score == pytest.approx(soon.score - 0.2)


def test_the_number_of_a_letter_is_enough(rules: LinkRules) -> None:
    promise = replace(PROMISE, source=Cited(1, date(2023, 2, 9), DocumentKind.LETTER, ("31 409",), "350"), words={})
    numbered = Reference("letter", "Kamerstuk 31 409, nr. 350", dossier="31 409", number="350")
    scored = score(replace(MET, references=(numbered,), words={}), promise, rules)
    assert scored is not None and scored.kind is LinkKind.FULFILMENT
    assert "cites" in {reason.code for reason in scored.reasons}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Het onderzoek is op 6 oktober 2022 van start gegaan.", date(2022, 10, 6)),
        ("In maart 2013 is de evaluatie afgerond.", date(2013, 3, 31)),
        ("De regeling is in 2014 uitgebreid.", date(2014, 12, 31)),
        ("In 2014 gestart, is het in februari 2024 afgerond.", date(2024, 2, 29)),
        ("Op 31 februari 2022 is niets gestart.", date(2022, 2, 28)),
        ("Het onderzoek is afgerond (kenmerk 2015Z09804).", None),
    ],
)
def test_when_something_was_done(text: str, day: date | None, rules: LinkRules) -> None:
    assert done_by(text, rules) == day


def test_what_was_done_before_a_promise_does_not_meet_it(rules: LinkRules) -> None:
    assert score(replace(DONE, done=date(2023, 2, 8)), PROMISE, rules) is None
    assert score(replace(DONE, done=date(2023, 2, 9)), PROMISE, rules) is not None


def report_of(text: str, knowledge: Knowledge) -> list[Mention]:
    document = Document("brief.txt", text, Metadata(date(2023, 6, 12), DocumentKind.LETTER))
    return reports(document, sentences_of(document, knowledge), (), knowledge.linking)


@pytest.mark.parametrize(
    "text",
    [
        "Het onderzoek is in de zomer afgerond en gepubliceerd.",
        "De brochures zijn onder alle gemeenten verspreid.",
        "In het voorjaar vond het overleg met de havens plaats.",
    ],
)
def test_a_sentence_that_reports_that_something_was_done(text: str, knowledge: Knowledge) -> None:
    assert len(report_of(text, knowledge)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Het is niet zo dat de werken zijn gestart.",
        "Als de verbeteringen zijn uitgevoerd, neemt de gemeente de kade over.",
        "De termijn is bereikt en de onderzoeken moeten alsnog worden uitgevoerd.",
        "Het onderzoek is nog niet afgerond.",
        "Is het onderzoek afgerond?",
    ],
)
def test_a_sentence_that_reports_nothing_done(text: str, knowledge: Knowledge) -> None:
    assert report_of(text, knowledge) == []


TOLD_BEFORE = (
    "In mijn brief van 4 mei heb ik toegezegd uw Kamer in het najaar van 2023 te informeren over de veerpont. "
)
SURELY_THAT = {
    "that promise": TOLD_BEFORE + "Met deze brief beschouw ik deze toezegging als afgedaan.",
    "announced": "In die brief kondigde ik aan in het najaar van 2023 uw Kamer te zullen berichten over de sluizen. "
    "In deze brief kom ik deze toezegging na.",
    "with a sentence between": TOLD_BEFORE + "De pont vaart weer elke dag. Deze toezegging is hiermee nagekomen.",
    "hereby": TOLD_BEFORE + "Hiermee doe ik mijn toezegging gestand.",
    "in the next paragraph": TOLD_BEFORE + "\n\nMet deze brief geef ik uitvoering aan bovenstaande toezegging.",
    "with the present letter": TOLD_BEFORE + "Met de onderhavige brief wordt deze toezegging gestand gedaan.",
    "as promised": "Zoals eerder toegezegd zal ik uw Kamer in het najaar van 2023 informeren over de veerpont. "
    "Met deze brief doe ik die toezegging gestand.",
}
PERHAPS_THAT = {
    "two were told again": TOLD_BEFORE
    + "Ook heb ik toegezegd uw Kamer in het najaar van 2023 te informeren over de bibliotheken. "
    "Met deze brief doe ik deze toezeggingen gestand.",
    "one that nobody saw was told as well": "In het debat heb ik ruimte voor de schippers toegezegd. "
    + TOLD_BEFORE
    + "Met deze brief doe ik deze toezegging gestand.",
    "something new comes between": TOLD_BEFORE
    + "In mei 2024 stuur ik u de evaluatie. Daarmee is deze toezegging afgedaan.",
    "only how it stands": TOLD_BEFORE + "Met deze brief informeer ik u over de stand van zaken van deze toezegging.",
    "later than promised": TOLD_BEFORE
    + "Door ziekte is vertraging ontstaan. Met deze brief doe ik deze toezegging gestand.",
    "one of several": TOLD_BEFORE + "Met deze brief is een van deze toezeggingen nagekomen.",
}
NOT_THAT = {
    "a new promise": "Ik zal uw Kamer in het najaar van 2023 informeren over de veerpont. "
    "Met deze brief doe ik deze toezegging gestand.",
    "one that it describes itself": TOLD_BEFORE
    + "Met deze brief doe ik mijn toezegging aan het lid Postma over de bibliotheken gestand.",
    "of another debate": TOLD_BEFORE
    + "Met deze brief doe ik deze toezegging uit het commissiedebat van 9 februari 2023 gestand.",
    "far above": TOLD_BEFORE
    + "De pont vaart weer elke dag, ook in de winter, en de schippers zijn daar tevreden over. " * 7
    + "Met deze brief doe ik deze toezegging gestand.",
}


def meant_here(text: str, knowledge: Knowledge, kind: DocumentKind = DocumentKind.LETTER) -> list[tuple[str, bool]]:
    document = Document("brief.txt", text, Metadata(date=date(2023, 6, 12), kind=kind))
    counted = [m for m in extract(document, knowledge) if m.reason is None]
    said = with_background(document, counted, knowledge.linking)
    return [(said[i].span.of(text), sure) for _, i, sure in met_here(document, said, knowledge.linking)]


@pytest.mark.parametrize("text", SURELY_THAT.values(), ids=SURELY_THAT)
def test_the_promise_told_again_just_before_is_met(text: str, knowledge: Knowledge) -> None:
    ((promise, sure),) = meant_here(text, knowledge)
    assert promise == text.split(". ")[0] + "." and sure


@pytest.mark.parametrize("text", PERHAPS_THAT.values(), ids=PERHAPS_THAT)
def test_where_another_may_be_meant_a_person_is_asked(text: str, knowledge: Knowledge) -> None:
    meant = meant_here(text, knowledge)
    assert meant and not any(sure for _, sure in meant)


@pytest.mark.parametrize("text", NOT_THAT.values(), ids=NOT_THAT)
def test_no_promise_of_the_same_document_is_met(text: str, knowledge: Knowledge) -> None:
    assert meant_here(text, knowledge) == []


def test_that_promise_of_a_debate_is_new(knowledge: Knowledge) -> None:
    assert meant_here(SURELY_THAT["that promise"], knowledge, DocumentKind.DEBATE) == []


def test_of_a_sentence_with_something_new_in_it_a_person_is_asked(knowledge: Knowledge) -> None:
    text = (
        "Zoals eerder toegezegd heb ik de veerpont laten keuren, en in mei 2024 stuur ik uw Kamer de uitkomsten. "
        "Hiermee beschouw ik deze toezegging als afgedaan."
    )
    assert not any(sure for _, sure in meant_here(text, knowledge))
