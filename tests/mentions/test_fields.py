"""Who, to whom, and what a sentence refers to."""

from datetime import date

import pytest

from tracker.domain import Mention
from tracker.knowledge import Knowledge
from tracker.mentions.clauses import Clause
from tracker.mentions.examples import mentions_of
from tracker.mentions.fields import references
from tracker.mentions.prefilter import prefilter
from tracker.rulebook import Example

TODAY = date(2024, 3, 1)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("in het commissiedebat Veerdiensten van 5 mei 2023", ("debate", date(2023, 5, 5), None, None)),
        ("in mijn brief van 28 juni jl.", ("letter", date(2023, 6, 28), None, None)),
        ("in de voortgangsrapportage van 12 januari", ("letter", date(2024, 1, 12), None, None)),
        ("de motie-Postma c.s. (Kamerstuk 31 015, nr. 245)", ("motion", None, "31 015", "245")),
        ("de motie van de leden Postma en De Vries", ("motion", None, None, None)),
        ("(Kamerstukken II 28638-XV, nr. 12)", ("dossier", None, "28 638", "12")),
        ("toezegging TZ202412-116", ("register", None, None, "TZ202412-116")),
        ("toezegging T02345", ("register", None, None, "T02345")),
        ("de vragen met kenmerk 2024Z01234", ("question", None, None, "2024Z01234")),
        ("de brief van 31 juni 2022", ("letter", None, None, None)),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_reference_has_its_fields(
    sentence: str, expected: tuple[str, date | None, str | None, str | None], knowledge: Knowledge
) -> None:
    found = references(_whole(sentence, knowledge), TODAY)
    assert expected in [(r.kind, r.date, r.dossier, r.number) for r in found]


def _whole(sentence: str, knowledge: Knowledge) -> Clause:
    return Clause.whole(sentence, knowledge.rulebook, prefilter(knowledge.rulebook, knowledge.grammar))


def test_a_day_without_a_year_needs_the_date_of_the_document(knowledge: Knowledge) -> None:
    (found,) = references(_whole("in mijn brief van 28 juni jl.", knowledge), None)
    assert found.date is None


@pytest.mark.parametrize(
    ("sentence", "addressees"),
    [
        ("Ik informeer u in mei over de pont.", ("Tweede Kamer",)),
        ("Ik informeer beide Kamers in mei over de pont.", ("Tweede Kamer",)),
        ("Ik informeer de Eerste Kamer in mei over de pont.", ("Eerste Kamer",)),
        ("Ik zal mevrouw Postma en de Kamer in mei over de pont informeren.", ("mevrouw Postma", "Tweede Kamer")),
    ],
)
def test_all_who_are_told_are_named(sentence: str, addressees: tuple[str, ...], knowledge: Knowledge) -> None:
    assert _mention(sentence, knowledge).addressee == addressees


@pytest.mark.parametrize(
    ("sentence", "written", "office"),
    [
        (
            "In mei informeert de minister van Justitie en Veiligheid uw Kamer over de pont.",
            "de minister van Justitie en Veiligheid",
            "minister van Justitie en Veiligheid",
        ),
        ("Ik informeer uw Kamer in mei.", "Ik", None),
        ("Het kabinet informeert uw Kamer in mei.", "Het kabinet", "Het kabinet"),
    ],
)
def test_who_promises(sentence: str, written: str, office: str | None, knowledge: Knowledge) -> None:
    actor = _mention(sentence, knowledge).actor
    assert (actor.written, actor.office) == (written, office)


def _mention(sentence: str, knowledge: Knowledge) -> Mention:
    found = mentions_of(Example(sentence), knowledge.rulebook, knowledge.grammar, knowledge.calendar)
    return next(m for m in found if m.reason is None)
