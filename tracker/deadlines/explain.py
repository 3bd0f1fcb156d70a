"""One line that tells a person what a deadline means and how that was worked out, in Dutch or English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date

from tracker.domain import Deadline, DuePeriod, Precision, Step

_LONG = {"nl": "EEEE d MMMM y", "en": "EEEE d MMMM y"}
_SHORT = {"nl": "d MMMM y", "en": "d MMMM y"}

#: What is printed, by language. Dates come from Babel.
_TEXT: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "day": "op {last}",
        "until": "uiterlijk {last}",
        "stretch": "van {first} tot en met {last}",
        "before:recess": "de laatste dag vóór het {recess} van {day} (begin {certainty})",
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
        "computed": "berekend, niet gepubliceerd",
        "other": "volgens opgave: {status}",
        "reces": "reces",
        "next-of-kind": "daarna elk jaar opnieuw",
    },
    "en": {
        "day": "on {last}",
        "until": "no later than {last}",
        "stretch": "from {first} to {last}",
        "before:recess": "the last day before the {recess} of {day} (start {certainty})",
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
        "computed": "computed, not published",
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
    reasons = [line for line in _reasons(due.steps, language) if line]
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
    open_start = any(s.code in ("before", "by", "count") for s in due.steps) and due.precision is not Precision.WEEK
    after = any(s.code in ("after", "in", "around", "from") for s in due.steps)
    if open_start and not after:
        return _TEXT[language]["until"].format(last=last)
    return _TEXT[language]["stretch"].format(first=_long(due.first, language), last=last)


def _reasons(steps: tuple[Step, ...], language: str) -> list[str]:
    text = _TEXT[language]
    lines = []
    for step in steps:
        params = dict(step.params)
        code = step.code
        if code == "by" and params.get("kind") == "day":
            continue
        if code == "past":
            code = "past" if params else "past-bare"
        if code == "count" and len(steps) > 1:
            code = "count-from"
        template = text.get(f"{code}:{params.get('kind', '')}") or text.get(code)
        if template is None:
            continue
        status = params.get("status", "")
        values = {
            "day": _short(params.get("first"), language),
            "end": _short(params.get("last"), language),
            "last": _short(params.get("last"), language),
            "recess": text.get(params.get("recess", ""), params.get("recess", "")),
            "certainty": text.get(status) or text["other"].format(status=status),
        }
        lines.append(template.format(**values))
    return lines


def _long(day: date, language: str) -> str:
    return format_date(day, _LONG[language], locale=language)


def _short(day: str | None, language: str) -> str:
    return format_date(date.fromisoformat(day), _SHORT[language], locale=language) if day else ""
