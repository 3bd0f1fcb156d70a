"""What a report says, apart from how it looks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.commitments.counts import By, statistics
from tracker.commitments.state import Review, Status
from tracker.domain import Actor, DuePeriod, Precision, Strength
from tracker.reports import views
from tracker.reports.promises import Place, link, pieces
from tracker.reports.signs import Statement

from .examples import AS_OF, BUS, CARE, LAST, LIBRARY, Read, everything, promise, report


def one(due: date | None = date(2026, 6, 30), **given):
    return promise(1, BUS, "IenW", "‹Ik stuur de Kamer› «voor 1 juli» een brief.", due, **given)


def place_of(commitment, **settings) -> Place:
    (section,) = (s for s in report([commitment], **settings).sections.values() if s.total)
    return section.place


def numbers(promises) -> list[str]:
    return [p.number for p in promises]


# ── Where a promise stands ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        pytest.param(date(2026, 8, 30), Place.PAST, id="a day beyond grace"),
        pytest.param(date(2026, 8, 31), Place.FRESH, id="the last day of grace"),
        pytest.param(date(2026, 9, 6), Place.FRESH, id="yesterday"),
        pytest.param(date(2026, 9, 7), Place.SOON, id="today is not past"),
        pytest.param(date(2026, 10, 7), Place.SOON, id="the last day of soon"),
        pytest.param(date(2026, 10, 8), Place.LATER, id="beyond soon"),
        pytest.param(None, Place.UNDATED, id="no time named"),
    ],
)
def test_the_due_date_decides_the_section(due, expected):
    assert place_of(one(due)) is expected


def test_without_grace_a_term_that_ended_yesterday_is_past():
    assert place_of(one(date(2026, 9, 6)), grace_days=0) is Place.PAST


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"strength": Strength.HEDGED}, id="hedged"),
        pytest.param({"strength": Strength.CONDITIONAL}, id="conditional"),
        pytest.param({"status": Status.UNCLEAR}, id="unclear"),
    ],
)
@pytest.mark.parametrize("due", [date(2020, 1, 1), date(2026, 9, 5)], ids=["years past", "days past"])
def test_what_was_not_promised_firmly_never_stands_under_an_accusing_heading(given, due):
    assert place_of(one(due, **given)) is Place.EXPECTED


@pytest.mark.parametrize("precision", [Precision.EVENT, Precision.VAGUE, Precision.RECURRING])
def test_a_term_without_a_day_stands_apart_and_never_passes(precision):
    assert place_of(one(None, period=DuePeriod(None, None, precision))) is Place.UNDATED


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.PARTLY_FULFILLED, Place.PAST),
        (Status.FULFILLED, Place.FULFILLED),
        (Status.WITHDRAWN, Place.CLOSED),
        (Status.LAPSED, Place.CLOSED),
    ],
)
def test_what_is_closed_is_never_past(status, expected):
    assert place_of(one(status=status)) is expected


def test_rejected_ones_are_nowhere_and_count_nowhere():
    view = report([one(review=Review.REJECTED)])
    assert view.totals.all == 0
    assert not any(section.total for section in view.sections.values())


def test_every_other_promise_stands_in_exactly_one_section(view):
    shown = [n for place in Place for n in numbers(view.all_of(place))]
    assert sorted(shown) == sorted(c.number for c in everything() if c.review is not Review.REJECTED)


def test_longest_past_first(view):
    assert [p.days_past for p in view.all_of(Place.PAST)] == [250, 191, 99, 79]


def test_promises_of_one_document_with_one_term_are_one_entry(view):
    folded = [numbers(entry.promises) for entry in view.sections[Place.LATER].rest if len(entry.promises) > 1]
    assert folded == [["TT-2026-0009", "TT-2026-0010", "TT-2026-0011"]]


def test_a_long_section_shows_the_first_in_full_and_the_rest_as_rows(monkeypatch):
    monkeypatch.setattr(views, "FULL_ENTRIES", 2)
    section = report([one(date(2026, 1, day), number=f"TT-2026-{day:04}") for day in range(1, 6)]).sections[Place.PAST]
    assert (len(section.entries), section.folded, section.total) == (2, 3, 5)


# ── What one promise shows ───────────────────────────────────────────────────────────────────────────────────────


def test_a_moved_term_keeps_its_first_date(view):
    assert {(p.number, p.moved_from, p.due) for p in view.deferred} == {
        (f"TT-2026-{n:04}", date(2026, 9, 30), date(2026, 12, 20)) for n in (9, 10, 11)
    }


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        (date(2026, 7, 1), False),
        (date(2026, 6, 30), True),
        (None, True),
    ],
    ids=["younger than the term", "as old as the term", "undated"],
)
def test_it_is_said_when_nothing_was_read_since_the_term(newest, expected):
    (found,) = report([one()], Read(newest=newest)).all_of(Place.PAST)
    assert found.unread_since is expected


@given(st.text(max_size=30), *(st.none() | st.tuples(st.integers(-3, 35), st.integers(-3, 35)) for _ in range(2)))
def test_pieces_give_the_quote_back_exactly(quote, cue, deadline):
    assert "".join(piece.text for piece in pieces(quote, cue, deadline)) == quote


def test_a_deadline_inside_the_promising_words_is_marked_as_deadline():
    assert [(p.text, p.mark) for p in pieces("ik zal in mei komen", (0, 19), (7, 13))] == [
        ("ik zal ", "cue"),
        ("in mei", "deadline"),
        (" komen", "cue"),
    ]


@pytest.mark.parametrize(
    ("url", "page", "expected"),
    [
        ("https://voorbeeld.nl/kst-1.html", 2, "https://voorbeeld.nl/kst-1.html"),
        ("https://voorbeeld.nl/kst-1.PDF", 2, "https://voorbeeld.nl/kst-1.PDF#page=2"),
        ("https://voorbeeld.nl/kst-1.pdf#p3", 2, "https://voorbeeld.nl/kst-1.pdf#p3"),
        ("javascript:alert(1)", None, None),
        ("file:///etc/passwd", None, None),
        ("https://[", None, None),
        ("", None, None),
        (None, 1, None),
    ],
)
def test_only_addresses_of_the_web_become_links(url, page, expected):
    assert link(url, page) == expected


def test_a_date_that_moved_is_not_explained_by_the_first_words():
    moved = one(date(2026, 12, 20), first_due=date(2026, 9, 30), deadline="voor de herfst")
    (found,) = report([moved]).all_of(Place.LATER)
    assert "herfst" not in found.explanation
    assert found.moved_from == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (
            Actor("ik", "A. de Wit", "STAATSSECRETARIS VAN VOLKSGEZONDHEID EN SPORT", "VWS"),
            "A. de Wit, Staatssecretaris van Volksgezondheid en Sport (VWS)",
        ),
        (Actor("ik", None, "minister voor Natuur", None), "Minister voor Natuur"),
        (Actor("het kabinet", None, None, "BZK"), "Het kabinet (BZK)"),
        (Actor(), ""),
    ],
    ids=["capitals", "office alone", "as written", "nobody"],
)  # fmt: skip
def test_who_promised(actor, expected):
    (found,) = report([one(actor=actor)]).all_of(Place.PAST)
    assert found.who == expected


# ── Signs of fulfilment ──────────────────────────────────────────────────────────────────────────────────────────


def said(quote: str, day: date = date(2026, 7, 15), ministry: str | None = "IenW", **given) -> Statement:
    letter = replace(BUS, id=90, title="Brief", date=day)
    fields = {"context": None, "refers_to": frozenset(), "document": letter, "page": 1}
    return Statement(quote=quote, ministry=ministry, **{**fields, **given})


HANDBOOK = promise(
    1, BUS, "IenW", "De gemeenten ‹krijgen› «voor de zomer» de handreiking vervoer op afroep.", date(2026, 6, 20)
)
HEREBY = "Hierbij ontvangt u de toegezegde handreiking."


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param(said(HEREBY), Place.SIGN, id="later, same ministry, same thing"),
        pytest.param(said(HEREBY, ministry=None), Place.SIGN, id="ministry not known"),
        pytest.param(said(HEREBY, ministry="VWS"), Place.PAST, id="another ministry"),
        pytest.param(said(HEREBY, ministry="VWS, IenW"), Place.SIGN, id="one of two ministries"),
        pytest.param(said(HEREBY, ministry="NieuwW"), Place.SIGN, id="the ministry that took over"),
        pytest.param(said(HEREBY, declined=frozenset({"TT-2026-0001"})), Place.PAST, id="a person said it is not"),
        pytest.param(said(HEREBY, declined=frozenset({"TT-2026-0002"})), Place.SIGN, id="not about another one"),
        pytest.param(said(HEREBY, day=date(2026, 2, 17)), Place.PAST, id="the same day"),
        pytest.param(said("Hiermee doe ik mijn woord gestand."), Place.PAST, id="nothing shared"),
        pytest.param(
            said("Dit zei ik u toe.", refers_to=frozenset({date(2026, 2, 17)})), Place.SIGN, id="names the day"
        ),
    ],
)
def test_a_sentence_that_may_be_its_fulfilment_takes_a_promise_from_under_the_accusing_heading(statement, expected):
    view = report([HANDBOOK], statements=[statement], heirs={"IenW": "NieuwW", "NieuwW": "NieuwW"})
    assert [place for place in Place if view.sections[place].total] == [expected]


def test_a_sign_is_no_verdict():
    view = report([HANDBOOK], statements=[said(HEREBY)])
    (found,) = view.all_of(Place.SIGN)
    assert [sign.quote for sign in found.signs] == [HEREBY]
    assert (view.totals.open, view.totals.sign, view.totals.past, view.totals.fulfilled) == (1, 1, 0, 0)


def test_a_word_that_many_promises_have_is_no_sign():
    many = [replace(HANDBOOK, number=f"TT-2026-{n:04}") for n in range(1, 6)]
    assert report(many, statements=[said(HEREBY)]).totals.sign == 0


def test_a_new_sign_is_news():
    before = views.Since(LAST, (replace(HANDBOOK, as_of=LAST),))
    changes = report([HANDBOOK], statements=[said(HEREBY, day=date(2026, 9, 2))], since=before).changes
    assert (numbers(changes.sign), numbers(changes.past)) == (["TT-2026-0001"], [])


# ── What changed ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_report_does_not_call_everything_new():
    assert report().changes is None


def test_what_changed_since_the_last_report(view):
    changes = view.changes
    assert changes.since == LAST
    assert numbers(changes.past) == ["TT-2026-0005"]  # its term ended on the day of the last report
    assert numbers(changes.expected) == []
    assert numbers(changes.new) == ["TT-2026-0014", "TT-2026-0015", "TT-2026-0024", "TT-2026-0020"]
    assert numbers(changes.fulfilled) == ["TT-2026-0021"]
    assert numbers(changes.deferred) == ["TT-2026-0009", "TT-2026-0010", "TT-2026-0011"]


def test_a_hedged_one_is_told_apart_when_its_term_passes():
    hedged = one(date(2026, 9, 2), strength=Strength.HEDGED)
    changes = report([hedged], since=views.Since(LAST, (replace(hedged, as_of=LAST),))).changes
    assert (numbers(changes.past), numbers(changes.expected)) == ([], ["TT-2026-0001"])


def test_a_term_that_comes_near_is_news_once():
    near = one(date(2026, 10, 5))
    changes = report([near], since=views.Since(LAST, (replace(near, as_of=LAST),))).changes
    assert numbers(changes.soon) == ["TT-2026-0001"]
    before = views.Since(date(2026, 9, 6), (replace(near, as_of=date(2026, 9, 6)),))
    assert report([near], since=before).changes.none


def test_leaving_the_days_of_grace_is_no_news():
    stood = one(date(2026, 8, 30))
    changes = report([stood], since=views.Since(LAST, (replace(stood, as_of=LAST),))).changes
    assert place_of(stood) is Place.PAST
    assert changes.none


def test_a_promise_first_read_after_its_term_is_new_and_past():
    changes = report([one()], since=views.Since(LAST, ())).changes
    assert numbers(changes.new) == numbers(changes.past) == ["TT-2026-0001"]


def test_what_was_fulfilled_before_the_last_report_goes_into_the_table(view):
    section = view.sections[Place.FULFILLED]
    assert numbers(p for e in section.entries for p in e.promises) == ["TT-2026-0021"]
    assert numbers(p for e in section.rest for p in e.promises) == ["TT-2026-0022"]


# ── Out of how many ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_totals_add_up(view):
    t = view.totals
    assert t.all == 25
    assert t.open == t.past + t.sign + t.fresh + t.expected + t.soon + t.later + t.undated == 22
    assert t.all == t.open + t.fulfilled + t.closed
    assert t.to_review == 6
    assert sum(row.total for row in t.by_ministry) == t.all


def test_kept_in_time_is_measured_by_the_first_date():
    kept = one(first_due=date(2026, 1, 31), status=Status.FULFILLED, closed_on=date(2026, 6, 1))
    row = report([kept]).totals.together
    assert (row.on_time, row.late) == (0, 1)


def test_no_median_of_a_few():
    kept = [one(number=f"TT-2026-{n:04}", status=Status.FULFILLED, closed_on=date(2026, 7, n)) for n in range(1, 6)]
    assert report(kept[:4]).totals.median_days_late is None
    assert report(kept).totals.median_days_late == 3


def test_a_promise_of_two_ministries_counts_with_both_as_in_the_statistics():
    both = one(number="TT-2026-0002", actor=Actor("ik", ministry="IenW, VWS"))
    found = report([one(), both]).totals
    assert [(row.key, row.total) for row in found.by_ministry] == [("IenW", 2), ("VWS", 1)]
    assert found.together.total == 2
    told = statistics([one(), both], By.MINISTRY)
    assert [(row.key, row.total, row.past) for row in told.rows] == [
        (row.key, row.total, row.past) for row in found.by_ministry
    ]


def test_a_ministry_that_is_not_known_comes_last():
    rows = report([one(actor=Actor()), promise(2, CARE, "VWS", "‹Ik kom› terug.", None)]).totals.by_ministry
    assert [row.key for row in rows] == ["VWS", None]


def test_the_timeline_covers_the_year_before_and_after_and_counts_the_rest():
    line = report(
        [
            one(day, number=f"TT-2026-{n:04}")
            for n, day in enumerate(
                (
                    date(2025, 8, 31),
                    date(2025, 9, 1),
                    date(2026, 9, 6),
                    date(2026, 9, 7),
                    date(2027, 9, 30),
                    date(2027, 10, 1),
                )
            )
        ]
    ).timeline
    assert (line.months[0].first, line.months[-1].first) == (date(2025, 9, 1), date(2027, 9, 1))
    assert (line.earlier, line.later) == (1, 1)
    assert (line.months[12].past, line.months[12].ahead) == (1, 1)


def test_rows_by_age_and_all_together():
    made = {1: date(2026, 9, 1), 2: date(2026, 3, 9), 3: date(2026, 3, 8), 4: date(2024, 9, 6), 5: None}
    found = [one(number=f"TT-2026-{n:04}", made=day) for n, day in made.items()]
    totals = report(found).totals
    assert [(row.key, row.total) for row in totals.by_age] == [(0, 1), (1, 2), (3, 1), (None, 1)]
    assert totals.together.total == 5


def test_kept_in_time_and_late_by_ministry():
    kept = [
        one(number=f"TT-2026-{n:04}", made=date(2026, 5, 1), status=Status.FULFILLED, closed_on=date(2026, 6, 28 + n))
        for n in range(1, 3)
    ]
    kept += [
        one(
            number=f"TT-2026-{n:04}",
            made=date(2026, 5, 1),
            status=Status.FULFILLED,
            closed_on=date(2026, 7, n),
            first_due=date(2026, 6, 30),
        )
        for n in range(3, 6)
    ]
    (row,) = report(kept).totals.by_ministry
    assert (row.fulfilled, row.on_time, row.late, row.median_days) == (5, 2, 3, 63)


@pytest.mark.parametrize(
    ("days", "step"), [(1, 0), (30, 0), (31, 1), (91, 1), (92, 2), (182, 2), (183, 3), (365, 3), (366, 4)]
)
def test_how_long_a_term_is_past(days, step):
    found = report([one(AS_OF - timedelta(days=days))]).lateness
    assert [each.step for each in found if each.firm] == [step]
    assert len(found) == 5


def test_a_hedged_one_is_counted_apart_among_the_late():
    assert [each.hedged for each in report([one(strength=Strength.HEDGED)]).lateness] == [0, 1, 0, 0, 0]


def test_the_course_of_a_year():
    met = {"status": Status.FULFILLED, "closed_on": date(2026, 7, 31)}
    found = [
        one(date(2026, 3, 15), number="TT-2025-0001", made=date(2025, 11, 30)),
        one(date(2026, 5, 31), number="TT-2025-0002", made=date(2025, 12, 1), **met),
        one(date(2026, 5, 31), number="TT-2025-0003", made=date(2026, 2, 1), strength=Strength.HEDGED),
        one(None, number="TT-2025-0004", made=None),
    ]  # fmt: skip
    course = report(found).course
    assert [(level.day.isoformat(), level.open, level.past) for level in course] == [
        ("2025-11-30", 1, 0),
        ("2025-12-31", 2, 0),
        ("2026-01-31", 2, 0),
        ("2026-02-28", 3, 0),
        ("2026-03-31", 3, 1),
        ("2026-04-30", 3, 1),
        ("2026-05-31", 3, 1),  # due on that very day: not past
        ("2026-06-30", 3, 2),
        ("2026-07-31", 2, 1),  # met on that day
        ("2026-08-31", 2, 1),
        ("2026-09-07", 2, 1),
    ]


def test_the_course_ends_where_the_totals_stand(view):
    last = view.course[-1]
    totals = view.totals
    firm_signs = sum(p.commitment.strength is Strength.FIRM for p in view.all_of(Place.SIGN))
    assert (last.day, last.open, last.past) == (AS_OF, totals.open, totals.past + totals.fresh + firm_signs)


@pytest.mark.parametrize(("newest", "expected"), [(date(2026, 8, 3), False), (date(2026, 8, 2), True), (None, True)])
def test_little_read_of_late_is_said(newest, expected):
    assert report(reading=Read(newest=newest)).stale is expected


def test_what_stood_otherwise_then_is_asked_for_and_the_rest_stood_as_now():
    asked = []
    stays, moved = one(AS_OF - timedelta(days=3)), one(date(2026, 12, 20), number="TT-2026-0002", made=date(2026, 1, 1))

    class Source:
        def commitments(self, *, as_of):
            return [stays, moved]

        def moved_on(self, **given):
            asked.append(given)
            return frozenset({moved.number, "TT-2026-0003"}), [replace(moved, due=DuePeriod(None, LAST, Precision.DAY))]

        def fulfilments(self, **given):
            asked.append(given)
            return []

        def summary(self, *, as_of):
            return Read()

    before = datetime(2026, 8, 31, 5, tzinfo=UTC)
    settings = {"due_soon_days": 1, "grace_days": 0, "heirs": {}}
    changes = views.from_store(Source(), as_of=AS_OF, made_at=before, since=(LAST, before), **settings).changes
    assert asked == [{"as_of": LAST, "known_on": before}] * 2 + [{"as_of": AS_OF}]
    assert (numbers(changes.past), numbers(changes.deferred)) == (["TT-2026-0001"], ["TT-2026-0002"])
    assert changes.was == {"TT-2026-0002": LAST}
    assert changes.new == ()


def test_answers_without_a_link_are_still_cited():
    (found,) = report([promise(1, LIBRARY, "OCW", "‹Ik kom› terug.", None, page=None)]).all_of(Place.UNDATED)
    assert (found.link, found.citation) == (None, "Stuk van 2026-05-19")
