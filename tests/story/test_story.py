"""The life of a promise over ten documents: said, said again, partly met, put off twice, met by a new minister.

REGENERATE=1 writes the golden lists anew; look at the difference before committing it.
"""

from __future__ import annotations

import json
import os
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker import pipeline
from tracker.cli.output import plain
from tracker.cli.rows import commitment_row
from tracker.commitments.linking import Thresholds
from tracker.commitments.state import Commitment, EventType, Review, Status
from tracker.domain import DuePeriod, Precision
from tracker.errors import NotFound, UsageError
from tracker.store import Store
from tracker.store.linking import Linker

from .conftest import DOCUMENTS, LATE, Reader, day_of

GOLDEN = Path(__file__).parent / "golden"
PLAN = "plan voor walstroom in binnenhavens"
BERTHS = "ligplaatsen voor woonschepen"


def the(store: Store, words: str, as_of: date = LATE) -> Commitment:
    (found,) = [c for c in store.commitments(as_of=as_of) if words in c.quote]
    return found


def printed(store: Store, day: date, known_on: date | None = None) -> str:
    """The list of a day, as `tracker list --format jsonl` prints it."""
    rows = [commitment_row(c, "nl") for c in store.commitments(as_of=day, known_on=known_on)]
    return "".join(json.dumps(row, ensure_ascii=False, default=plain) + "\n" for row in rows)


# ── The chain ────────────────────────────────────────────────────────────────────────────────────────────────────

#: After so many documents: status, who says so, due date, times put off, by how many days, mentions.
CHAIN = [
    (1, Status.OPEN, None, date(2023, 6, 30), 0, 0, 1),
    (2, Status.OPEN, None, date(2023, 6, 30), 0, 0, 2),
    (3, Status.PARTLY_FULFILLED, None, date(2023, 6, 30), 0, 0, 2),
    (4, Status.PARTLY_FULFILLED, None, date(2023, 11, 1), 1, 124, 3),
    (5, Status.PARTLY_FULFILLED, None, date(2024, 3, 31), 2, 275, 4),
    (7, Status.PARTLY_FULFILLED, None, date(2024, 3, 31), 2, 275, 4),
    (8, Status.FULFILLED, "claimed", date(2024, 3, 31), 2, 275, 4),
    (10, Status.FULFILLED, "claimed", date(2024, 3, 31), 2, 275, 4),
]


@pytest.mark.parametrize(
    ("documents", "status", "closed_by", "due", "deferrals", "slipped", "mentions"), CHAIN, ids=lambda v: str(v)
)
def test_the_chain_is_right_after_each_document(
    reader: Reader,
    documents: int,
    status: Status,
    closed_by: str | None,
    due: date,
    deferrals: int,
    slipped: int,
    mentions: int,
) -> None:
    reader.read(DOCUMENTS[:documents])
    plan = the(reader.store, PLAN)
    assert (plan.status, plan.closed_by) == (status, closed_by)
    assert plan.due is not None and plan.due.last == due
    assert (plan.first_due, plan.made) == (date(2023, 6, 30), date(2023, 2, 9))
    assert (plan.deferrals, plan.slipped, plan.mentions) == (deferrals, slipped, mentions)
    assert reader.store.verify() == []


def test_lateness_counts_against_the_current_and_the_first_date(reader: Reader) -> None:
    reader.read(DOCUMENTS[:5])
    plan = the(reader.store, PLAN, date(2024, 1, 1))
    assert (plan.days_late(), plan.days_late_first()) == (0, 185)


def test_another_promise_of_the_same_debate_is_closed_by_its_own_letter(reader: Reader) -> None:
    reader.read()
    berths = the(reader.store, BERTHS)
    assert (berths.status, berths.closed_on, berths.closed_by) == (Status.FULFILLED, date(2023, 11, 20), "claimed")
    assert berths.evidence == "Brief van 20 november 2023, 31 409, nr. 395"


def test_where_two_could_be_meant_neither_is_closed_and_both_are_offered(reader: Reader) -> None:
    reader.read(DOCUMENTS[:9])
    offered = [p for p in reader.store.desk.waiting(as_of=LATE) if p.kind == "fulfilment"]
    assert {p.commitment.status for p in offered} == {Status.OPEN}
    assert sorted(p.commitment.quote.split()[-1] for p in offered) == ["kanalen.", "rivieren."]


def test_what_only_reports_that_it_was_done_is_offered_with_less(reader: Reader) -> None:
    reader.read()
    offered = {p.commitment.quote.split()[-1]: p for p in reader.store.desk.waiting(as_of=LATE) if p.kind == "report"}
    assert offered["kanalen."].score > offered["rivieren."].score
    assert not any(p.linked for p in offered.values())
    assert "reports" in {reason["code"] for reason in offered["kanalen."].reasons}


# ── As it was printed ────────────────────────────────────────────────────────────────────────────────────────────


def test_every_day_can_be_printed_again_as_it_was(reader: Reader) -> None:
    shown: dict[date, str] = {}
    for path in DOCUMENTS:
        day = reader.read_on_its_day(path)
        shown[day] = printed(reader.store, day)
        golden = GOLDEN / f"{day}.jsonl"
        if os.environ.get("REGENERATE"):
            golden.parent.mkdir(exist_ok=True)
            golden.write_text(shown[day], encoding="utf-8")
        assert shown[day] == golden.read_text(encoding="utf-8"), "REGENERATE=1 writes it anew"
    for day in shown:
        assert printed(reader.store, day, known_on=day) == shown[day]
        assert printed(reader.store, day) == printed(reader.store, day, known_on=LATE)


# ── In any order, and again ──────────────────────────────────────────────────────────────────────────────────────


def state(store: Store) -> list[dict[str, Any]]:
    """All that is known, without what depends on the order of recording: numbers, ids of documents."""
    rows = [
        commitment_row(c, "nl") | {"evidence": c.evidence, "closed": c.closed_on} for c in store.commitments(as_of=LATE)
    ]
    for row in rows:
        del row["number"]
    return sorted(rows, key=lambda row: str(row["quote"]))


def waiting(store: Store) -> list[tuple[object, ...]]:
    found = store.desk.waiting(as_of=LATE)
    return sorted((p.kind, p.score, p.linked, p.said.quote if p.said else "", p.commitment.quote) for p in found)


@pytest.mark.parametrize("seed", range(8))
def test_read_in_any_order_the_final_state_is_the_same(reader: Reader, seed: int) -> None:
    reader.read()
    other = Reader(reader.knowledge)
    paths = list(reversed(DOCUMENTS)) if seed == 0 else random.Random(seed).sample(DOCUMENTS, len(DOCUMENTS))
    other.read(paths)
    assert state(other.store) == state(reader.store)
    assert waiting(other.store) == waiting(reader.store)
    assert other.store.verify() == []


def test_read_twice_nothing_changes(reader: Reader) -> None:
    reader.read()
    before, revisions = state(reader.store), reader.store.revisions()
    reader.read()
    pipeline.reread(reader.store, [document.id for document in reader.store.documents()], reader.knowledge)
    assert (state(reader.store), reader.store.revisions()) == (before, revisions)


def test_a_number_that_turned_out_to_be_a_repeat_leads_to_the_promise(reader: Reader) -> None:
    reader.read([DOCUMENTS[4]])
    (number,) = [c.number for c in reader.store.commitments(as_of=LATE)]
    reader.read(DOCUMENTS[:4])
    plan = the(reader.store, PLAN)
    assert (plan.number, plan.mentions) == (number, 4), "the number issued first is kept"
    with pytest.raises(NotFound, match=number):
        reader.store.commitment("TT-2023-0002", as_of=LATE)


# ── A person has the last word ───────────────────────────────────────────────────────────────────────────────────


def claimed(store: Store, words: str) -> str:
    """The proposal by which a promise was closed by itself."""
    (found,) = [
        p.id
        for p in store.desk.waiting(as_of=LATE)
        if p.kind == "claimed" and words in p.commitment.quote and not p.partial
    ]
    return found


def test_a_claim_is_confirmed(reader: Reader) -> None:
    reader.read()
    reader.store.desk.accept(claimed(reader.store, PLAN))
    plan = the(reader.store, PLAN)
    assert (plan.closed_by, plan.closed_on) == ("confirmed", date(2024, 3, 20))
    assert PLAN not in {p.commitment.quote for p in reader.store.desk.waiting(as_of=LATE) if p.kind == "claimed"}


def test_a_letter_that_tells_a_promise_again_and_says_that_it_is_met_closes_it(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "brief-2023-09-04.txt"
    path.write_text(
        "BRIEF VAN DE MINISTER VAN INFRASTRUCTUUR EN WATERSTAAT\n\nDen Haag, 4 september 2023\n\n"
        "In mijn brief van 4 mei heb ik toegezegd uw Kamer in de zomer van 2023 te informeren over de veerpont.\n\n"
        "De pont vaart weer. Met deze brief beschouw ik deze toezegging als afgedaan.\n\n"
        "Ik zal uw Kamer in het najaar van 2023 informeren over de sluizen.\n",
        encoding="utf-8",
    )
    reader.read([path])
    ferry, locks = the(reader.store, "veerpont"), the(reader.store, "sluizen")
    assert (ferry.status, ferry.closed_by, ferry.closed_on) == (Status.FULFILLED, "claimed", date(2023, 9, 4))
    assert locks.status is Status.OPEN
    (offered,) = [p for p in reader.store.desk.waiting(as_of=LATE) if p.kind == "claimed"]
    assert [reason["code"] for reason in offered.reasons] == ["just-said", "says-so"]
    reader.store.desk.reject(offered.id)
    pipeline.reread(reader.store, [1], reader.knowledge)
    assert the(reader.store, "veerpont").status is Status.OPEN
    assert reader.store.verify() == []


def test_a_disputed_claim_is_taken_back_and_not_made_again(reader: Reader) -> None:
    reader.read()
    event = reader.store.desk.reject(claimed(reader.store, BERTHS), note="de wachtlijsten ontbreken")
    assert the(reader.store, BERTHS).status is Status.OPEN
    pipeline.reread(reader.store, [document.id for document in reader.store.documents()], reader.knowledge)
    assert the(reader.store, BERTHS).status is Status.OPEN
    reader.store.undo(event.id)
    assert the(reader.store, BERTHS).status is Status.FULFILLED
    assert reader.store.verify() == []


def test_a_link_that_was_taken_back_stays_so_and_comes_back_with_undo(reader: Reader) -> None:
    reader.read(DOCUMENTS[:4])
    plan = the(reader.store, PLAN)
    linked = [e for e in reader.store.history(plan.number) if e.type is EventType.LINKED]
    undone = reader.store.undo(linked[-1].id)
    assert {c.mentions for c in reader.store.commitments(as_of=LATE) if PLAN in c.quote} == {1, 2}
    pipeline.reread(reader.store, [4], reader.knowledge)
    assert {c.mentions for c in reader.store.commitments(as_of=LATE) if PLAN in c.quote} == {1, 2}
    reader.store.undo(undone.id)
    assert the(reader.store, PLAN).mentions == 3
    assert reader.store.verify() == []


def test_a_proposal_is_accepted(reader: Reader) -> None:
    reader.read()
    (report,) = [
        p
        for p in reader.store.desk.waiting(as_of=LATE)
        if p.kind == "report" and p.commitment.quote.endswith("kanalen.")
    ]
    event = reader.store.desk.accept(report.id)
    canals = the(reader.store, "kanalen")
    assert (canals.status, canals.closed_by, canals.closed_on) == (Status.FULFILLED, "confirmed", date(2024, 9, 12))
    reader.store.undo(event.id)
    assert the(reader.store, "kanalen").status is Status.OPEN


def test_what_a_person_worked_on_is_not_merged_by_itself(reader: Reader) -> None:
    reader.read([DOCUMENTS[1]])
    (repeat,) = reader.store.commitments(as_of=LATE)
    reader.read([DOCUMENTS[0]])
    assert the(reader.store, PLAN).number == repeat.number
    other = Reader(reader.knowledge)
    other.read([DOCUMENTS[4]])
    other.read([DOCUMENTS[6]])
    for commitment in other.store.commitments(as_of=LATE):
        other.store.set_review([commitment.number], Review.ACCEPTED)
    other.read([DOCUMENTS[0]])
    assert the(other.store, PLAN).mentions == 2, "nobody had worked on the promise of the debate"


def test_two_promises_are_merged_by_a_person_and_parted_again(reader: Reader) -> None:
    reader.read([DOCUMENTS[6]])
    one, two = (c.number for c in reader.store.commitments(as_of=LATE))
    event = reader.store.desk.merge(two, one)
    (merged,) = reader.store.commitments(as_of=LATE)
    assert (merged.number, merged.mentions) == (one, 2)
    reader.store.undo(event.id)
    assert [c.number for c in reader.store.commitments(as_of=LATE)] == [one, two]
    assert reader.store.verify() == []


def test_a_corrected_calendar_is_no_work_of_a_person(reader: Reader) -> None:
    """The first number is kept, not that of the promise that was dated anew."""
    reader.read([DOCUMENTS[6]])
    one, two = (c.number for c in reader.store.commitments(as_of=LATE))
    due = DuePeriod(LATE, LATE, Precision.DAY)
    reader.store.redate(two, None, due, occurred_on=date(2024, 2, 5), note="calendar changed")
    reader.store.desk.merge(two, one)
    assert [c.number for c in reader.store.commitments(as_of=LATE)] == [one]


def test_the_place_of_each_sentence_is_looked_up_once(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a document with many sentences to settle; looking again for each made the time grow with the square."""
    looked: list[int] = []
    settled: list[int] = []
    monkeypatch.setattr(Linker, "_order", lambda _, sentence: looked.append(sentence) or (-sentence,))
    monkeypatch.setattr(Linker, "_settle", lambda _, sentence: settled.append(sentence))
    with reader.store._writing() as (session, hand):
        Linker(session, hand, Thresholds()).settle(range(100))
    assert sorted(looked) == list(range(100))
    assert settled == list(reversed(range(100)))


def test_a_promise_can_be_part_of_another(reader: Reader) -> None:
    reader.read([DOCUMENTS[0]])
    plan, berths = the(reader.store, PLAN), the(reader.store, BERTHS)
    (event,) = reader.store.desk.tie([berths.number], plan.number)
    assert the(reader.store, BERTHS).parent == plan.number
    reader.store.undo(event.id)
    assert the(reader.store, BERTHS).parent is None
    with pytest.raises(UsageError):
        reader.store.desk.tie([plan.number], plan.number)


def test_promises_are_handed_over_from_a_day_on(reader: Reader) -> None:
    reader.read([DOCUMENTS[6]])
    numbers = [c.number for c in reader.store.commitments(as_of=LATE)]
    holder = {"person": "mr. S. de Haan-Okkema", "ministry": "VRO"}
    reader.store.desk.reassign(numbers, holder, occurred_on=date(2024, 7, 2), note="nieuw kabinet")
    before = reader.store.commitments(as_of=date(2024, 7, 1))
    after = reader.store.commitments(as_of=date(2024, 7, 2))
    assert {(c.actor.person, c.actor.ministry) for c in before} == {("R. Veldhoen", "IenW")}
    assert {(c.actor.person, c.actor.ministry) for c in after} == {("mr. S. de Haan-Okkema", "VRO")}


def test_what_is_not_mine_does_not_wait(reader: Reader) -> None:
    reader.read()
    reader.store.tag([the(reader.store, "kanalen").number], add=["not-mine"])
    assert not any("kanalen" in p.commitment.quote for p in reader.store.desk.waiting(as_of=LATE))


def test_documents_are_of_the_day_in_their_name(reader: Reader) -> None:
    reader.read()
    assert [document.date for document in reader.store.documents()] == [day_of(path) for path in DOCUMENTS]
