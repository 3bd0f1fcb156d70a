"""One line that tells a person what a deadline means and how that was worked out, in Dutch or English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tracker.deadlines.dates import in_words
from tracker.domain import Deadline, DuePeriod, Precision, Step

#: What is printed, by language. Dates come from Babel.
_TEXT: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "day": "op {last}",
        "until": "uiterlijk {last}",
        "stretch": "van {first} tot en met {last}",
        "before:recess": "de laatste dag vóór het reces van {day} (begin {certainty})",
        "before:day": "de dag vóór {day}",
        "before:week": "de dag vóór de week van {day}",
        "before": "de laatste dag vóór het begin op {day}",
        "by": "de laatste dag ervan",
        "after:recess": "na het {recess} dat op {end} eindigt (einde {certainty})",
        "after": "na {end}",
        "soon-after:recess": "binnen veertien dagen na het {recess} dat op {end} eindigt (einde {certainty})",
        "soon-after": "binnen veertien dagen na {end}",
        "around:recess": "van veertien dagen vóór het {recess} tot en met de laatste dag ervan, {end} ({certainty})",
        "around": "een week speling rond {day}",
        "in:recess": "het {recess} ({certainty})",
        "ahead:recess": "geteld vóór het {recess} van {day} (begin {certainty})",
        "ahead": "geteld vóór {day}",
        "in:season": "een seizoen is pas voorbij als het dat ook volgens de astronomie is",
        "in:prinsjesdag": "de derde dinsdag van september",
        "in:miljoenennota": "op Prinsjesdag, de derde dinsdag van september",
        "in:begroting": "op Prinsjesdag, de derde dinsdag van september",
        "in:verantwoordingsdag": "de derde woensdag van mei",
        "in:jaarverslag": "op Verantwoordingsdag, de derde woensdag van mei",
        "in:voorjaarsnota": "de wettelijke uiterste dag",
        "in:najaarsnota": "de wettelijke uiterste dag",
        "before:kerst": "de dag vóór kerst",
        "before:prinsjesdag": "de dag vóór Prinsjesdag",
        "before:voorjaarsnota": "de dag vóór de wettelijke uiterste dag, {day}",
        "before:najaarsnota": "de dag vóór de wettelijke uiterste dag, {day}",
        "count:few": "een onbepaald aantal: ruim gerekend vanaf de datum van het stuk",
        "count:working-days": "in werkdagen geteld vanaf de dag na de datum van het stuk",
        "count": "gerekend vanaf de datum van het stuk",
        "count-from": "gerekend vanaf die dag",
        "event": "geen datum: hangt af van een gebeurtenis",
        "vague": "geen datum: de woorden noemen er geen",
        "recurring": "geen datum: het komt terug",
        "no-reference": "geen datum: de datum van het stuk is niet bekend",
        "past": "geen datum: {last} ligt vóór de datum van het stuk",
        "past-bare": "geen datum: ligt vóór de datum van het stuk",
        "lower-bound": "geen datum: alleen een ondergrens",
        "out-of-calendar": "geen datum: valt buiten de kalender",
        "out-of-range": "geen datum: valt buiten 1900-2100",
        "published": "volgens de lijst van de Tweede Kamer",
        "reported": "volgens krantenbericht",
        "computed": "berekend",
        "config": "volgens de eigen kalender",
        "other": "volgens opgave: {status}",
        "reces": "reces",
        "next-of-kind": "daarna elk jaar opnieuw",
    },
    "en": {
        "day": "on {last}",
        "until": "no later than {last}",
        "stretch": "from {first} to {last}",
        "before:recess": "the last day before the recess of {day} (start {certainty})",
        "before:day": "the day before {day}",
        "before:week": "the day before the week of {day}",
        "before": "the last day before the start on {day}",
        "by": "its last day",
        "after:recess": "after the {recess} that ends on {end} (end {certainty})",
        "after": "after {end}",
        "soon-after:recess": "within fourteen days of the {recess} that ends on {end} (end {certainty})",
        "soon-after": "within fourteen days of {end}",
        "around:recess": "from fourteen days before the {recess} to its last day, {end} ({certainty})",
        "around": "with a week's leeway around {day}",
        "in:recess": "the {recess} ({certainty})",
        "ahead:recess": "counted back from the {recess} of {day} (start {certainty})",
        "ahead": "counted back from {day}",
        "in:season": "a season is over only when it is over by astronomy as well",
        "in:prinsjesdag": "the third Tuesday of September",
        "in:miljoenennota": "on Prinsjesdag, the third Tuesday of September",
        "in:begroting": "on Prinsjesdag, the third Tuesday of September",
        "in:verantwoordingsdag": "the third Wednesday of May",
        "in:jaarverslag": "on Verantwoordingsdag, the third Wednesday of May",
        "in:voorjaarsnota": "the last day by law",
        "in:najaarsnota": "the last day by law",
        "before:kerst": "the day before Christmas",
        "before:prinsjesdag": "the day before Prinsjesdag",
        "before:voorjaarsnota": "the day before the last day by law, {day}",
        "before:najaarsnota": "the day before the last day by law, {day}",
        "count:few": "an unnamed number: counted generously from the date of the document",
        "count:working-days": "counted in working days from the day after the date of the document",
        "count": "counted from the date of the document",
        "count-from": "counted from that day",
        "event": "no date: depends on an event",
        "vague": "no date: the words name none",
        "recurring": "no date: it recurs",
        "no-reference": "no date: the date of the document is not known",
        "past": "no date: {last} lies before the date of the document",
        "past-bare": "no date: lies before the date of the document",
        "lower-bound": "no date: only a lower bound",
        "out-of-calendar": "no date: beyond the calendar",
        "out-of-range": "no date: outside 1900-2100",
        "published": "from the list of the Tweede Kamer",
        "reported": "from a newspaper report",
        "computed": "computed",
        "config": "from your own calendar",
        "other": "as given: {status}",
        "reces": "recess",
        "zomerreces": "summer recess",
        "kerstreces": "Christmas recess",
        "herfstreces": "autumn recess",
        "voorjaarsreces": "spring recess",
        "meireces": "May recess",
        "next-of-kind": "and every year after",
    },
}


def explain(deadline: Deadline, due: DuePeriod, language: str = "nl") -> str:
    """The line: the words, what they mean, and why; how certain a recess date is is always said.

    `language`: "nl" or "en". Raises KeyError for another.
    """
    text = _TEXT[language]
    reasons = list(dict.fromkeys(_reasons(due.steps, language, due.last.year if due.last else None)))
    if due.first is None or due.last is None:
        return f"{deadline.words} → {', '.join(reasons[-1:]) or text['vague']}"
    parts = [_dates(due, language), *reasons]
    if deadline.recurring:
        parts.append(text["next-of-kind"])
    return f"{deadline.words} → {', '.join(parts)}"


def _dates(due: DuePeriod, language: str) -> str:
    assert due.first is not None and due.last is not None
    last = _long(due.last, language)
    if due.first == due.last:
        return _TEXT[language]["day"].format(last=last)
    open_start = (
        any(s.code in ("before", "by", "count", "ahead") for s in due.steps) and due.precision is not Precision.WEEK
    )
    after = any(s.code in ("after", "in", "around", "from", "soon-after") for s in due.steps)
    if open_start and not after:
        return _TEXT[language]["until"].format(last=last)
    return _TEXT[language]["stretch"].format(first=_long(due.first, language), last=last)


def _reasons(steps: tuple[Step, ...], language: str, year: int | None) -> list[str]:
    text = _TEXT[language]
    lines = []
    for step in steps:
        params = dict(step.params)
        code = step.code
        if code == "by" and params.get("kind") == "day":
            continue
        if code == "past":
            code = "past" if params else "past-bare"
        template = text.get(f"{code}:{params.get('kind', '')}") or text.get(code)
        if template is None:
            continue
        status = params.get("status", "")
        values = {
            "day": _short(params.get("first"), language, year),
            "end": _short(params.get("last"), language, year),
            "last": _short(params.get("last"), language, year),
            "recess": text.get(params.get("recess", ""), params.get("recess", "")),
            "certainty": text.get(status) or text["other"].format(status=status),
        }
        lines.append(template.format(**values))
    return lines


def _long(day: date, language: str) -> str:
    return in_words(day, language, weekday=True)


def _short(day: str | None, language: str, year: int | None) -> str:
    """A date in words; without its year where that is the year of the due date."""
    if not day:
        return ""
    value = date.fromisoformat(day)
    return in_words(value, language, year=value.year != year)
