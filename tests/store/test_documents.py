"""A document comes into the store: once, with its versions, dated or not."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.domain import Actor, DocumentKind, Page, Span
from tracker.errors import NotFound, UsageError
from tracker.store import Store

from .builders import FIRST, LETTER, SECOND, THIRD, Clock, document, save, three, undated

LATE = date(2025, 1, 1)


def test_a_document_comes_back_as_it_went_in(store: Store) -> None:
    signatory = Actor("De minister", "A. de Vries", "Minister van Infrastructuur en Waterstaat", "IenW")
    doc = document(
        identifier="kst-12345-7",
        dossiers=("12 345", "34 567-XII"),
        signatory=signatory,
        url="https://example.org/kst-12345-7",
        pages=(Page(1, Span(0, 60)), Page(2, Span(60, len(LETTER)))),
    )
    changes = save(store, doc)
    assert store.document_text(changes.document_id) == doc
    row = store.document(changes.document_id)
    assert (row.metadata, row.name, row.path, row.versions) == (doc.metadata, "brief.txt", "in/brief.txt", 1)


def test_mentions_become_numbered_commitments_in_the_order_of_the_document(store: Store) -> None:
    changes = save(store)
    assert (changes.outcome, changes.new) == ("new", ("TT-2024-0001", "TT-2024-0002", "TT-2024-0003"))
    assert [c.quote for c in store.commitments(as_of=LATE)] == [FIRST, SECOND, THIRD]
    assert store.numbers_of_document(changes.document_id) == list(changes.new)


def test_a_commitment_names_page_and_marks_cue_and_deadline(store: Store) -> None:
    save(store, document(pages=(Page(1, Span(0, 30)), Page(2, Span(30, len(LETTER))))))
    first = store.commitment("TT-2024-0001", as_of=LATE)
    assert first.page == 1
    assert store.commitment("TT-2024-0002", as_of=LATE).page == 2
    assert first.cue and first.quote[slice(*first.cue)] == "Ik "
    assert first.deadline_at and first.quote[slice(*first.deadline_at)] == "vóór 1 juli 2024"


def test_marks_are_right_in_a_sentence_that_runs_over_lines(store: Store) -> None:
    from dataclasses import replace

    broken = FIRST.replace(" vóór 1 ", "\n   vóór\n1 ")
    text = LETTER.replace(FIRST, broken)
    start = text.index(broken)
    whole = replace(three()[0], span=Span(start, start + len(broken)), cue=Span(start, start + 2))
    save(store, document(text), [whole])
    found = store.commitment("TT-2024-0001", as_of=LATE)
    assert found.quote == FIRST
    assert found.deadline_at and found.quote[slice(*found.deadline_at)] == "vóór 1 juli 2024"


def test_the_same_bytes_again_are_known(store: Store) -> None:
    first = save(store)
    again = save(store, document(name="kopie.txt"))
    assert (again.outcome, again.document_id, again.new) == ("known", first.document_id, ())
    assert len(store.documents()) == 1


@pytest.mark.parametrize(("rulebook", "reader"), [("2", "text 1"), ("1", "text 2")], ids=["rulebook", "reader"])
def test_another_rulebook_or_reader_reads_again(store: Store, rulebook: str, reader: str) -> None:
    save(store)
    again = save(store, rulebook=rulebook, reader=reader)
    assert (again.outcome, again.new, again.changed) == ("re-read", (), ())
    assert save(store, rulebook=rulebook, reader=reader).outcome == "known"


def test_another_file_of_the_same_work_is_a_version(store: Store) -> None:
    first = save(store, document(identifier="kst-12345-7"))
    other = "Kop van het bestand\n\n" + LETTER
    second = save(store, document(other, identifier="kst-12345-7", name="brief.pdf"))
    assert (second.outcome, second.document_id, second.new, second.gone) == ("new-version", first.document_id, (), ())
    assert store.document(1).versions == 2
    # The older file that comes by again says nothing new.
    assert save(store, document(identifier="kst-12345-7"), rulebook="2").outcome == "known"


def test_an_identifier_read_wrongly_does_not_swallow_a_document_of_another_date(store: Store) -> None:
    save(store, document(identifier="kst-12345-7"))
    other = save(store, document(LETTER + "PS\n", day=date(2024, 5, 1), identifier="kst-12345-7"))
    assert other.outcome == "new"
    assert len(store.documents()) == 2


@pytest.mark.parametrize("day", [date(2024, 3, 4), date(2024, 3, 5)], ids=["as it was", "as a user says"])
def test_a_date_that_a_user_corrected_does_not_part_the_next_version_of_a_document(
    store: Store, clock: Clock, day: date
) -> None:
    save(store, document(identifier="kst-12345-7"))
    corrected = store.reread(1, rulebook_version="1", overrides={"date": date(2024, 3, 5)})
    store.save(corrected, three())
    clock.forward()
    again = save(store, document(LETTER + "PS\n", day=day, identifier="kst-12345-7"))
    assert (again.outcome, again.document_id, again.new) == ("new-version", 1, ())
    assert store.document(1).date == date(2024, 3, 5)
    assert len(store.commitments(as_of=LATE)) == 3


def test_an_undated_document_is_stored_and_counts_once_it_is_dated(store: Store, clock: Clock) -> None:
    doc = document(day=None)
    stored = save(store, doc, undated(three()))
    before = store.commitment("TT-2024-0001", as_of=date(2024, 3, 5))
    assert (before.made, before.document.date, before.due.last if before.due else 0) == (None, None, None)
    assert before.days_late() == 0

    clock.forward()
    received = store.reread(stored.document_id, rulebook_version="1", overrides={"date": date(2023, 3, 4)})
    assert received.document.metadata.date == date(2023, 3, 4)
    changes = store.save(received, three())
    assert (changes.outcome, changes.changed) == ("re-read", ("TT-2024-0001", "TT-2024-0002", "TT-2024-0003"))
    after = store.commitment("TT-2024-0001", as_of=date(2023, 3, 4))
    assert (after.made, after.document.date, after.first_due) == (date(2023, 3, 4), date(2023, 3, 4), date(2024, 6, 30))


def test_an_undated_document_gives_numbers_of_the_year_it_was_stored(store: Store) -> None:
    assert save(store, document(day=None), undated(three())).new[0] == "TT-2024-0001"
    assert save(store, document(LETTER + "PS\n", day=date(2019, 1, 8))).new[0] == "TT-2019-0001"


def test_what_a_user_says_of_a_document_outlives_another_reading(store: Store, clock: Clock) -> None:
    save(store, document(day=None), date=date(2024, 2, 1), kind=DocumentKind.NEWS)
    clock.forward()
    received_again = save(store, document(day=None), rulebook="2")
    assert received_again.outcome == "re-read"
    metadata = store.document(1).metadata
    assert (metadata.date, metadata.kind) == (date(2024, 2, 1), DocumentKind.NEWS)
    assert save(store, document(day=None), rulebook="2", date=date(2024, 2, 1)).outcome == "known"
    assert save(store, document(day=None), rulebook="2", date=date(2024, 2, 2)).outcome == "re-read"


def test_a_title_can_be_set_and_shows_everywhere(store: Store) -> None:
    save(store)
    store.set_document(1, title="Een betere titel", url="https://example.org")
    assert store.document(1).title == "Een betere titel"
    found = store.commitments(as_of=LATE)[0].document
    assert (found.title, found.url) == ("Een betere titel", "https://example.org")


def test_only_what_can_be_set_can_be_set(store: Store) -> None:
    save(store)
    with pytest.raises(UsageError, match="cannot set identifier"):
        store.set_document(1, identifier="kst-1")


def test_documents_of_a_day_are_those_dated_by_then_and_undated_ones(store: Store) -> None:
    save(store)
    save(store, document(LETTER + "PS\n", day=date(2024, 5, 1)))
    save(store, document(LETTER + "PPS\n", day=None), undated(three()))
    assert [row.id for row in store.documents(as_of=date(2024, 4, 1))] == [1, 3]
    summary = store.summary(as_of=date(2024, 4, 1))
    assert (summary.documents, summary.newest) == (2, date(2024, 3, 4))


def test_a_number_too_large_for_an_id_is_of_nothing(store: Store) -> None:
    save(store)
    for ask, said in (
        (store.document, "no document"),
        (store.undo, "no event"),
        (store.quarantine.forget, "no unread file"),
        (lambda number: store.desk.accept(f"L{number}"), "no proposal"),
    ):
        with pytest.raises(NotFound, match=f"{said} L?{10**20}"):
            ask(10**20)


def test_an_unknown_document_is_said_to_be(store: Store) -> None:
    with pytest.raises(NotFound, match="none is stored yet"):
        store.document(3)
    save(store)
    with pytest.raises(NotFound, match="no document 3: the documents are numbered 1 to 1"):
        store.document_text(3)


def test_a_fulfilment_is_kept_and_makes_no_commitment(store: Store) -> None:
    from dataclasses import replace

    from tracker.domain import Label, Reference

    kept = replace(
        three()[0],
        label=Label.FULFILMENT,
        kind=None,
        term=None,
        references=(Reference("letter", "mijn brief van 8 januari 2024", date(2024, 1, 8)),),
    )
    changes = save(store, None, [kept, *three()[1:]])
    assert changes.new == ("TT-2024-0001", "TT-2024-0002")
    (found,) = store.fulfilments(as_of=LATE)
    assert (found.quote, found.document.id, found.mention.references) == (FIRST, 1, kept.references)
    assert store.fulfilments(as_of=date(2024, 3, 3)) == []


def test_mentions_that_do_not_count_are_not_stored(store: Store) -> None:
    from dataclasses import replace

    assert save(store, None, [replace(m, reason="question") for m in three()]).new == ()
    assert store.commitments(as_of=LATE) == []
