"""One line that tells a person what a deadline means and how that was worked out, in Dutch or English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tracker.deadlines.dates import in_words
from tracker.domain import Deadline, DuePeriod, Step

#: What is printed, by language: by the code of a step and the kind of its time.
#: `is`: what a day of the calendar is, wherever it is meant itself. Names of days and months come from Babel.
_TEXT: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "day": "op {last}",
        "until": "uiterlijk {last}",
        "stretch": "van {first} tot en met {last}",
        "before:recess": "de laatste dag vóór het reces van {day} (begin {certainty})",
        "before:week": "de dag vóór de week van {day}",
        "before:season": "de dag vóór het begin van het seizoen op {day}",
        "before:kerst": "de dag vóór kerst",
        "before:prinsjesdag": "de dag vóór Prinsjesdag",
        "before:voorjaarsnota": "de dag vóór {day}, de uiterste datum volgens de wet",
        "before:najaarsnota": "de dag vóór {day}, de uiterste datum volgens de wet",
        "before": "de dag vóór {day}",
        "by:week": "de laatste dag van die week",
        "by:month": "de laatste dag van die maand",
        "by:quarter": "de laatste dag van dat kwartaal",
        "by:half-year": "de laatste dag van dat halfjaar",
        "by:year": "de laatste dag van dat jaar",
        "by:school-year": "de laatste dag van dat schooljaar",
        "by:season": "de laatste dag van dat seizoen",
        "by:recess": "de laatste dag van dat reces",
        "by:part": "de laatste dag van die periode",
        "after:recess": "na het {recess}, dat op {end} eindigt ({certainty})",
        "after": "na {end}",
        "until:recess": "en vóór het volgende reces, dat op {day} begint ({certainty})",
        "soon-after:recess": "binnen veertien dagen na het {recess}, dat op {end} eindigt ({certainty})",
        "soon-after": "binnen veertien dagen na {end}",
        "around:recess": "vanaf veertien dagen vóór het {recess} tot en met de laatste dag ervan ({certainty})",
        "around": "met een week speling aan weerszijden",
        "in:recess": "recesdata {certainty}",
        "in:season": "gerekend tot het astronomische einde van het seizoen",
        "ahead:recess": "teruggerekend vanaf het {recess}, dat op {day} begint ({certainty})",
        "ahead": "teruggerekend vanaf {day}",
        "is:prinsjesdag": "de derde dinsdag van september",
        "is:miljoenennota": "Prinsjesdag, de derde dinsdag van september",
        "is:begroting": "Prinsjesdag, de derde dinsdag van september",
        "is:verantwoordingsdag": "de derde woensdag van mei",
        "is:jaarverslag": "Verantwoordingsdag, de derde woensdag van mei",
        "is:voorjaarsnota": "de uiterste datum volgens de wet",
        "is:najaarsnota": "de uiterste datum volgens de wet",
        "count:few": "er is geen aantal genoemd: ruim gerekend vanaf de datum van het stuk",
        "count:working-days": "in werkdagen geteld vanaf de dag na de datum van het stuk",
        "count": "gerekend vanaf de datum van het stuk",
        "count-after:recess": "gerekend vanaf het einde van het {recess} op {end} ({certainty})",
        "count-after": "gerekend vanaf {end}",
        "event": "geen datum: hangt af van een gebeurtenis",
        "vague": "geen datum: de termijn is niet nader bepaald",
        "recurring": "geen datum: het gebeurt telkens opnieuw",
        "no-reference": "geen datum: de datum van het stuk is niet bekend",
        "past": "geen datum: {last} ligt vóór de datum van het stuk",
        "past-bare": "geen datum: ligt vóór de datum van het stuk",
        "lower-bound": "geen datum: er is alleen een vroegste moment genoemd",
        "no-such-day": "geen datum: die dag bestaat niet",
        "out-of-calendar": "geen datum: de kalender reikt niet zo ver",
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
        "before:week": "the day before the week of {day}",
        "before:season": "the day before the season starts on {day}",
        "before:kerst": "the day before Christmas",
        "before:prinsjesdag": "the day before Prinsjesdag",
        "before:voorjaarsnota": "the day before {day}, the last day by law",
        "before:najaarsnota": "the day before {day}, the last day by law",
        "before": "the day before {day}",
        "by:week": "the last day of that week",
        "by:month": "the last day of that month",
        "by:quarter": "the last day of that quarter",
        "by:half-year": "the last day of that half year",
        "by:year": "the last day of that year",
        "by:school-year": "the last day of that school year",
        "by:season": "the last day of that season",
        "by:recess": "the last day of that recess",
        "by:part": "the last day of that period",
        "after:recess": "after the {recess}, which ends on {end} ({certainty})",
        "after": "after {end}",
        "until:recess": "and before the next recess, which starts on {day} ({certainty})",
        "soon-after:recess": "within fourteen days of the {recess}, which ends on {end} ({certainty})",
        "soon-after": "within fourteen days of {end}",
        "around:recess": "from fourteen days before the {recess} to its last day ({certainty})",
        "around": "with a week's leeway on either side",
        "in:recess": "dates of the recess {certainty}",
        "in:season": "counted to the astronomical end of the season",
        "ahead:recess": "counted back from the {recess}, which starts on {day} ({certainty})",
        "ahead": "counted back from {day}",
        "is:prinsjesdag": "the third Tuesday of September",
        "is:miljoenennota": "Prinsjesdag, the third Tuesday of September",
        "is:begroting": "Prinsjesdag, the third Tuesday of September",
        "is:verantwoordingsdag": "the third Wednesday of May",
        "is:jaarverslag": "Verantwoordingsdag, the third Wednesday of May",
        "is:voorjaarsnota": "the last day by law",
        "is:najaarsnota": "the last day by law",
        "count:few": "no number is named: counted generously from the date of the document",
        "count:working-days": "counted in working days from the day after the date of the document",
        "count": "counted from the date of the document",
        "count-after:recess": "counted from the end of the {recess} on {end} ({certainty})",
        "count-after": "counted from {end}",
        "event": "no date: depends on an event",
        "vague": "no date: the words name none",
        "recurring": "no date: it happens time and again",
        "no-reference": "no date: the date of the document is not known",
        "past": "no date: {last} lies before the date of the document",
        "past-bare": "no date: lies before the date of the document",
        "lower-bound": "no date: only an earliest moment is named",
        "no-such-day": "no date: there is no such day",
        "out-of-calendar": "no date: the calendar does not reach that far",
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


#: Steps of which only the last day is of interest, and steps that name the first day as well.
_OPEN = {"before", "by", "count", "ahead"}
_STARTED = {"after", "count-after", "soon-after", "in", "around", "from", "from-first"}


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
    codes = {step.code for step in due.steps}
    if codes & _OPEN and not codes & _STARTED:
        return _TEXT[language]["until"].format(last=last)
    first = in_words(due.first, language, weekday=True, year=due.first.year != due.last.year)
    return _TEXT[language]["stretch"].format(first=first, last=last)


def _reasons(steps: tuple[Step, ...], language: str, year: int | None) -> list[str]:
    text = _TEXT[language]
    lines = []
    for step in steps:
        params = dict(step.params)
        code, kind = step.code, params.get("kind", "")
        if code == "past":
            code = "past" if params else "past-bare"
        meant = text.get(f"is:{kind}") if code in ("in", "by", "from") else None
        template = text.get(f"{code}:{kind}") or meant or text.get(code)
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
