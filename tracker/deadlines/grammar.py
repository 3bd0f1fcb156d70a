"""Words -> deadlines, without a date. Two passes of forms: names of times, then how they stand in the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import product
from typing import Any

import ahocorasick

from tracker.deadlines.calendar import Calendar
from tracker.deadlines.choice import Chooser
from tracker.deadlines.forms import Alphabet, Form, Forms, Found, literal, words_of
from tracker.deadlines.lexicon import Lexicon, Word, fold, written
from tracker.domain import Anchor, Deadline, Link, Operator, Part, Span, Unit, When
from tracker.errors import RuleError

Tables = Mapping[str, Mapping[str, Any]]

_WHEN_FIELDS = {f.name for f in fields(When)}
_TYPES: Mapping[str, type] = {
    "unit": Unit, "part": Part, "first_part": Part, "anchor": Anchor, "year_anchor": Anchor
}  # fmt: skip
_BROKEN = re.compile(r"\w[-‐]\s")  # a word may go on on the next line
_FOLDED = re.compile("[\u00ad\u00c0-\u024f\u0300-\u036f]")  # soft hyphens and accents
_PART, _ENDING, _WHOLE = "part", "ending", "whole"  # how much of a word a trigger is
_HALVES = ("when", "done")  # whole words that are a trigger only together
#: Classes of small words that nearly every sentence has, as it has a word of so few letters.
_SMALL, _SHORT = frozenset({"STOP", "PREPOSITION", "DET", "BREAK", "IN", "VOOR"}), 3
_NOW = When(Unit.NOW, number=0)
_BEHIND, _BUDGET = "PASTP", "PBUDGET"  # times that lie behind; documents that only some words make a day of
_PLAIN_UNITS = (Unit.YEAR, Unit.MONTH, Unit.SEASON, Unit.RECESS, Unit.FIXTURE, Unit.DAY, Unit.SCHOOL_YEAR)


@dataclass(frozen=True, slots=True)
class _Time:
    """The name of a time in a text, once it counts as one word."""

    when: When | None  # None: it lies behind
    at: int  # its place, among words and names of times
    more: int  # how many words it has beyond one


def _named_times() -> Iterator[tuple[tuple[Unit, bool, bool, bool], list[str]]]:
    """The classes of every sort of named time: by unit, and whether it is anchored, parted and dated."""
    for unit in Unit:
        for anchored, parted, dated in product((False, True), repeat=3):
            if unit is Unit.DURATION:
                classes = ["PDUR", *(["COMINGDUR"] * anchored), *(["PARTED"] * parted)]
            else:
                classes = ["P", "P" + unit.replace("-", "").upper()]
                classes += ["ANCHORED"] * anchored + ["PARTED"] * parted + ["DATED"] * dated
                if unit in _PLAIN_UNITS and not (anchored or parted):
                    classes.append("PLAIN")  # a name that may as well be that of a budget or a law
            yield (unit, anchored, parted, dated), classes


class DeadlineGrammar:
    """Finds what a text says about time. Made from tables (`from_tables`); holds no state that changes an answer."""

    def __init__(
        self,
        lexicon: Lexicon,
        periods: Forms,
        deadlines: Forms,
        alphabet: Alphabet,
        chooser: Chooser,
        triggers: Mapping[str, str],
    ) -> None:
        self._lexicon = lexicon
        self._periods = periods
        self._deadlines = deadlines
        self._alphabet = alphabet
        self._behind, self._budget = alphabet.symbol([_BEHIND]), alphabet.symbol([_BUDGET])
        self._named = {key: alphabet.symbol(classes) for key, classes in _named_times()}
        self._read: dict[tuple[str, ...], When | None] = {}  # a memory of pure answers
        self._leading = alphabet.having(["LEADING"])
        self._chooser = chooser
        self._triggers = ahocorasick.Automaton()
        for word, whole in sorted(triggers.items()):
            self._triggers.add_word(word, (len(word), whole))
        self._triggers.make_automaton()

    @classmethod
    def from_tables(cls, tables: Tables) -> DeadlineGrammar:
        """A grammar of the tables of `tracker/rules/deadlines`, by file name without its ending.

        Every table may have `values`, `classes`, `endings`, `pattern`, `macros`, `period` and `deadline`.
        Raises RuleError for what cannot be used.
        """
        lists: dict[str, dict[str, object]] = {}
        endings: dict[str, list[str]] = {}
        patterns: list[tuple[re.Pattern[str], Sequence[str]]] = []
        macros: dict[str, str] = {}
        forms: dict[str, list[Form]] = {"period": [], "deadline": []}
        triggers: dict[str, str] = {}
        triggering: list[str] = []
        with_when: list[str] = []
        choice: dict[str, Any] = {}
        for name, table in tables.items():
            unknown = set(table) - {
                "values", "classes", "endings", "pattern", "macros", "period", "deadline", "triggers", "choice"
            }  # fmt: skip
            if unknown:
                raise RuleError(f"{name}: unknown keys {sorted(unknown)}")
            for group, words in table.get("values", {}).items():
                lists.setdefault(group, {}).update(words)
            for group, plain in table.get("classes", {}).items():
                lists.setdefault(group, {}).update(dict.fromkeys(plain, ""))
            endings.update(table.get("endings", {}))
            patterns += [(re.compile(p["match"]), p["classes"]) for p in table.get("pattern", ())]
            macros.update(table.get("macros", {}))
            choice.update(table.get("choice", {}))
            triggers.update(dict.fromkeys(table.get("triggers", {}).get("parts", ()), _PART))
            with_when += table.get("triggers", {}).get("with_when", ())
            triggering += table.get("triggers", {}).get("lists", ())
            for kind, found in forms.items():
                found += [_form(row) for row in table.get(kind, ())]
        for name in triggering:
            triggers.update(dict.fromkeys(map(fold, lists.get(name, ())), _WHOLE))
            triggers.update(dict.fromkeys(map(fold, endings.get(name, ())), _ENDING))
        for kind, names in (("when", ["WHEN"] if with_when else []), ("done", with_when)):
            for word in (fold(w) for name in names for w in lists.get(name, ())):
                triggers.setdefault(word, kind)
        alphabet = Alphabet()
        alphabet.symbol(())
        for classes in ([_BEHIND], [_BUDGET], *(named for _, named in _named_times())):
            alphabet.symbol(classes)
        words = set().union(*(words_of(f.source, macros) for kind in forms.values() for f in kind))
        lexicon = Lexicon(lists, patterns, endings, sorted(words), alphabet)

        times = {frozenset(named) for _, named in _named_times()}

        def frequency(classes: frozenset[str]) -> float:
            """Very roughly, the share of sentences that have a word of these classes."""
            if classes & _SMALL:
                return 0.5
            if classes in times:
                return 0.001  # there are many sorts of named times
            alone = [len(name) - len(literal("")) for name in classes if name.startswith(literal(""))]
            if alone:  # one word by itself, whatever its classes
                return 0.03 if min(alone) <= _SHORT else 0.005
            return 0.2 if "ADJ" in classes else 0.03 if not classes.isdisjoint(endings) else 0.005

        return cls(
            lexicon,
            Forms(forms["period"], macros, alphabet, frequency),
            Forms(forms["deadline"], macros, alphabet, frequency),
            alphabet,
            Chooser.from_table(choice),
            triggers,
        )

    def may_say_when(self, text: str) -> bool:
        """False only where the text can hold no deadline: the fast path, by parts of words that every form needs."""
        seen: set[str] = set()
        for kind in self._triggered(text):
            if kind not in _HALVES:
                return True
            seen.add(kind)
            if len(seen) == len(_HALVES):
                return True
        return False

    def hints(self, word: str) -> set[str]:
        """What one word of a text, with what stands around it up to the blanks, tells of times in the text.

        `time`: it may say when. `when`, `done`: it may where it has both. `named`: it may have the name of a time, as
        all dates have.
        """
        hints = {kind if kind in _HALVES else "time" for kind in self._triggered(word + " ")}
        if _BROKEN.search(word + " ") or self._periods.reason_in(self._lexicon.codes(word)):
            hints.add("named")
        return hints

    def _triggered(self, text: str) -> Iterator[str]:
        plain = text.isascii()
        if ("-" in text or not plain) and _BROKEN.search(text):
            yield _PART
        folded = fold(text) if not plain and _FOLDED.search(text) else text.lower()
        for last, (length, kind) in self._triggers.iter(folded):
            if kind is not _PART and folded[last + 1 : last + 2].isalnum():
                continue
            if kind not in (_ENDING, _PART) and last >= length and folded[last - length].isalnum():
                continue
            yield kind

    def find(self, text: str, *, every: bool = False) -> tuple[Deadline, ...]:
        """All deadlines of a sentence (plain text, best one sentence), in order, not overlapping.

        With `every` each form is looked for, also where its words are not there: the same deadlines, slowly.
        """
        if not every and not self.may_say_when(text):
            return ()
        return self._chooser.counted(text, tuple(self._found_in(text, every)))

    def _found_in(self, text: str, every: bool) -> Iterator[Deadline]:
        codes = self._lexicon.codes(text)
        periods = list(self._periods.scan(codes, every=every))
        words = self._lexicon.words(text) if periods else []
        reduced, times = self._reduce(codes, periods, words) if periods else (codes, [])
        named = {t.at: t.when for t in times}
        taken = 0
        for found in self._deadlines.scan(reduced, every=every):
            if found.form.decoy:
                taken = found.end
                continue
            words = words or self._lexicon.words(text)
            start = found.start
            while start > taken and reduced[start - 1] in self._leading:
                start -= 1
            taken = found.end
            first, last = (at + sum(t.more for t in times if t.at < at) for at in (start, found.end))
            while first < last - 1 and _is_mark(words[first].group()):
                first += 1  # a deadline does not begin with a comma
            said = tuple(when for _, _, at in found.captured if (when := named.get(at)) is not None)
            yield _deadline(found, said, text, Span(words[first].start(), words[last - 1].end()))

    def _reduce(self, codes: str, periods: Iterable[Found], words: Sequence[Word]) -> tuple[str, list[_Time]]:
        """The symbols of a text with each name of a time made one symbol, and those names."""
        times: list[_Time] = []
        pieces: list[str] = []
        at = more = 0
        for found in periods:
            when = self._when(found, words)
            pieces += codes[at : found.start], self._symbol(when, bool(found.form.says.get("budget")))
            times.append(_Time(when, found.start - more, found.end - found.start - 1))
            more += times[-1].more
            at = found.end
        return "".join([*pieces, codes[at:]]), times

    def _when(self, found: Found, words: Sequence[Word]) -> When | None:
        """What the name of a time says; None where it lies behind. The same words are read once."""
        key = (found.form.id, *(said for name, _, at in found.captured for said in (name, written(words[at]))))
        if key not in self._read:
            if len(self._read) > 10_000:
                self._read.clear()
            self._read[key] = self._named_time(found, words)
        return self._read[key]

    def _named_time(self, found: Found, words: Sequence[Word]) -> When | None:
        says = found.form.says
        if says.get("past"):
            return None
        said: dict[str, Any] = {k: v for k, v in says.items() if k in _WHEN_FIELDS}
        for name, group, at in found.captured:
            value: Any = self._lexicon.value(written(words[at]), group)
            if isinstance(value, Mapping):
                said.update(value)
            elif isinstance(value, tuple):  # "mei-juni"
                said["first_number"], said[name] = value
            elif name == "half":
                said.update(number=value, half=True)
            else:
                said[name] = value
        if "year" in said:
            said["year"] = _full_year(said["year"])
        if "last_year" in said:
            said["last_year"] = _full_year(said["last_year"], said["year"])
        return When(**{k: _TYPES[k](v) if k in _TYPES else v for k, v in said.items()})

    def forms_used(self, text: str, kind: str) -> tuple[str, ...]:
        """The ids of the forms that read a text: those of names of times (`period`) or of deadlines (`deadline`)."""
        codes = self._lexicon.codes(text)
        periods = list(self._periods.scan(codes))
        if kind == "period":
            return tuple(found.form.id for found in periods)
        reduced, _ = self._reduce(codes, periods, self._lexicon.words(text))
        return tuple(found.form.id for found in self._deadlines.scan(reduced, every=True))

    def _symbol(self, when: When | None, budget: bool) -> str:
        if when is None or budget:
            return self._behind if when is None else self._budget
        dated = when.year is not None or when.year_anchor is not None
        return self._named[when.unit, when.anchor is not None, when.part is not None, dated]

    def choose(
        self,
        text: str,
        found: Sequence[Deadline],
        focus: Span | None = None,
        *,
        reference: date | None = None,
        calendar: Calendar | None = None,
    ) -> tuple[Deadline | None, tuple[Deadline, ...]]:
        """The deadline of the promised act, and the others that belong to it. See `Chooser.choose`."""
        return self._chooser.choose(text, found, focus, reference=reference, calendar=calendar)


def _form(row: Mapping[str, Any]) -> Form:
    says = {k: v for k, v in row.items() if k not in ("id", "form", "examples")}
    try:
        return Form(row["id"], row["form"], says)
    except KeyError as error:
        raise RuleError(f"a form needs an id and a form; {error} is missing in {dict(row)!r}") from None


def _is_mark(word: str) -> bool:
    return len(word) == 1 and not word.isalnum()


def _deadline(found: Found, times: tuple[When, ...], text: str, span: Span) -> Deadline:
    says = found.form.says
    if not times:
        times = (When(Unit(str(says["unit"]))),)
    elif says.get("now"):
        times = (_NOW, *times)
    return Deadline(
        words=" ".join(span.of(text).split()),
        span=span,
        times=times,
        operator=Operator(str(says.get("operator", "in"))),
        link=Link(str(says["link"])) if "link" in says else None,
        then=Operator(str(says["then"])) if "then" in says else None,
        recurring=bool(says.get("recurring")),
    )


def _full_year(year: int, after: int | None = None) -> int:
    if year >= 100:
        return year
    if after is not None:
        return after - after % 100 + year + (100 if year < after % 100 else 0)
    return 2000 + year
