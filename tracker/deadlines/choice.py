"""Which of several times in a sentence is the one of the promised act."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tracker.deadlines.calendar import Calendar
from tracker.deadlines.resolution import is_unbound, resolve
from tracker.domain import Anchor, Deadline, DuePeriod, Link, Operator, Span, Unit

#: Two times with no more than this between them belong to one act: "zo spoedig mogelijk, maar uiterlijk in mei".
_BESIDE = 30
#: A day without a year that is further ahead than this is nearer behind.
_FAR = timedelta(days=200)
#: How a time is named at which something was done.
_AT = (Operator.IN, Operator.AFTER, Operator.SOON_AFTER, Operator.WITHIN)


def _any_of(words: Sequence[str], ends: Sequence[str] = ()) -> re.Pattern[str]:
    return re.compile("|".join([*(rf"\b(?:{w})(?!\w)" for w in words), *ends]) or r"(?!)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Perfect:
    """An auxiliary somewhere before a time, and a participle right after it: what was done then."""

    auxiliary: re.Pattern[str]
    participle: re.Pattern[str]
    unless_ahead: bool  # in a clause about what is to come it will have been done


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses by the clause that a time stands in; the words that open clauses are data."""

    conditions: re.Pattern[str]
    relatives: re.Pattern[str]
    openers: re.Pattern[str]
    starts: re.Pattern[str]  # verbs and nouns of a start,
    started: re.Pattern[str]  # and of one that was
    past_after: re.Pattern[str]  # verbs right after a time that put it in the past
    past_aside: re.Pattern[str]  # words right before it that do the same: "zoals op 1 mei gemeld"
    past: tuple[_Perfect, ...]
    perfect: re.Pattern[str]  # a clause in the perfect,
    ahead: re.Pattern[str]  # and one about what is to come

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Chooser:
        """A chooser of the table `choice`: lists `conditions`, `relatives`, `contents`, `ends`."""
        conditions, relatives = table.get("conditions", ()), table.get("relatives", ())
        words = [*conditions, *relatives, *table.get("contents", ())]
        of = {
            key: _any_of(table.get(key, ()))
            for key in ("starts", "started", "past_after", "past_aside", "perfect", "ahead")
        }
        past = tuple(
            _Perfect(_any_of(row["before"]), _any_of(row["after"]), bool(row.get("unless_ahead")))
            for row in table.get("past", ())
        )
        return cls(
            _any_of(conditions), _any_of(relatives), _any_of(words, table.get("ends", ())), past=past, **of
        )  # fmt: skip

    def choose(
        self,
        text: str,
        found: Sequence[Deadline],
        focus: Span | None = None,
        *,
        reference: date | None = None,
        calendar: Calendar | None = None,
    ) -> tuple[Deadline | None, tuple[Deadline, ...]]:
        """The deadline of the act at `focus` (its verb or cue; None: unknown), and the others kept beside it.

        A dated time counts before an event, an event before a vague word; of two dated ones for one act the later.
        Times in a condition, or (given a reference date and a calendar) already past, are never chosen.
        """
        due = {d: resolve(d, reference, calendar) for d in found} if reference and calendar else {}
        fit = [
            d
            for d in found
            if not (
                self._opens(self.conditions, text, d)
                or _is_past(due.get(d))
                or self._was_done(text, d)
                or (reference and self._lies_behind(text, d, due.get(d), reference))
            )
        ]
        if not fit:
            return None, ()
        best = min(map(_rank, fit))
        own = [d for d in fit if not self._opens(self.relatives, text, d)]
        main = [d for d in own if _rank(d) == best] or [d for d in fit if _rank(d) == best]
        if focus is not None:
            main = self._nearest(text, main, focus)
        chosen = max(main, key=lambda d: (_last(due.get(d)), d.span.start))
        return chosen, tuple(d for d in fit if d is not chosen and (d in main or (d in own and _rank(d) > best)))

    def counted(self, text: str, found: Sequence[Deadline]) -> tuple[Deadline, ...]:
        """Deadlines with "na zes maanden" counted from the start that is named before it in the sentence."""
        told: list[Deadline] = []
        for deadline in found:
            base = next((d.times[0] for d in reversed(told) if _is_named(d)), None) if is_unbound(deadline) else None
            before = text[: deadline.span.start]
            if base is not None and (self.starts.search(before) or self.started.search(before)):
                if not self.started.search(before):
                    base = replace(base, anchor=base.anchor or Anchor.COMING)
                times = (*deadline.times, base)
                deadline = replace(deadline, times=times, operator=Operator.WITHIN, link=Link.AFTER)
            told.append(deadline)
        return tuple(told)

    def _opens(self, kind: re.Pattern[str], text: str, deadline: Deadline) -> bool:
        """Whether the clause in which a time stands is opened by a word of that kind."""
        start = -1
        for match in self.openers.finditer(text, 0, deadline.span.start):
            start = match.start()
        return start >= 0 and kind.match(text, start) is not None

    def _was_done(self, text: str, deadline: Deadline) -> bool:
        """Whether the verb beside a time says that it has been: "in februari heeft …", "heb … in mei toegezegd"."""
        if deadline.operator is Operator.WITHIN:
            return False  # "over drie weken heb ik dat geregeld"
        after = deadline.span.end + (text[deadline.span.end : deadline.span.end + 1] == " ")
        if self.past_after.match(text, after) or self._aside(text, deadline):
            return True
        return any(
            perfect.participle.match(text, after)
            and perfect.auxiliary.search(text, 0, deadline.span.start)
            and not (perfect.unless_ahead and self.ahead.search(self._clause(text, deadline)))
            for perfect in self.past
        )

    def _aside(self, text: str, deadline: Deadline) -> bool:
        before = text[: deadline.span.start].rstrip()
        return any(match.end() == len(before) for match in self.past_aside.finditer(before))

    def _lies_behind(self, text: str, deadline: Deadline, due: DuePeriod | None, reference: date) -> bool:
        """Whether a time without a year is the last one and not the next: "op 2 april hebben zij", in June."""
        when = deadline.times[-1]
        if due is None or due.first is None or deadline.operator not in _AT or when.year or when.year_anchor:
            return False
        clause = self._clause(text, deadline)
        if when.anchor is Anchor.THIS:  # "dit voorjaar", in December
            return due.first.year > reference.year and not self.ahead.search(clause)
        if when.anchor or (when.unit is Unit.DURATION and deadline.link is None) or due.first - reference < _FAR:
            return False
        return self.perfect.search(clause) is not None and self.ahead.search(clause) is None

    def _clause(self, text: str, deadline: Deadline) -> str:
        """The words around a time, from the one that opens its clause to the one that opens the next."""
        opened = [m.end() for m in self.openers.finditer(text, 0, deadline.span.start)]
        closed = self.openers.search(text, deadline.span.end)
        return text[opened[-1] if opened else 0 : closed.start() if closed else len(text)]

    def _nearest(self, text: str, found: Sequence[Deadline], focus: Span) -> list[Deadline]:
        nearest = min(found, key=lambda d: self._distance(text, d.span, focus))
        return [d for d in found if d is nearest or _gap(d.span, nearest.span) <= _BESIDE]

    def _distance(self, text: str, one: Span, other: Span) -> tuple[int, int]:
        between = text[min(one.end, other.end) : max(one.start, other.start)]
        return len(self.openers.findall(between)), len(between)


def _is_named(deadline: Deadline) -> bool:
    return deadline.link is None and deadline.times[0].unit in (Unit.DAY, Unit.MONTH, Unit.QUARTER, Unit.YEAR)


def _gap(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _rank(deadline: Deadline) -> int:
    unit = deadline.times[0].unit if deadline.times else Unit.VAGUE
    if is_unbound(deadline):
        unit = Unit.EVENT
    return {Unit.EVENT: 1, Unit.RECURRING: 2, Unit.VAGUE: 3}.get(unit, 0)


def _is_past(due: DuePeriod | None) -> bool:
    return due is not None and any(step.code == "past" for step in due.steps)


def _last(due: DuePeriod | None) -> date:
    return (due.last if due else None) or date.min
