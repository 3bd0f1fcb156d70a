"""The nouns of the product, as frozen dataclasses. Nothing here reads a file, a clock or a database.

The Dutch term is given once, where a thing is defined. All offsets are code points; `end` is exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

#: For a class that calls one of its fields `date`.
Day = date


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def shift(self, offset: int) -> Span:
        return Span(self.start + offset, self.end + offset)


# ── Documents ────────────────────────────────────────────────────────────────────────────────────────────────────


class DocumentKind(StrEnum):
    """What sort of document (stuk) it is; the values are part of the command line's contract."""

    LETTER = "letter"  # Kamerbrief
    ANSWER = "answer"  # antwoord op Kamervragen
    DEBATE = "debate"  # Handelingen, verslag van een commissiedebat
    CHAIR_LIST = "chair_list"  # the commitments that a chair reads out at the end
    REPORT = "report"  # schriftelijk overleg, lijst van vragen en antwoorden
    REGISTER = "register"  # an official register of commitments
    NEWS = "news"  # a third party reports
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who promises. Who signs is not always who acts ("VWS heeft … ondersteund")."""

    written: str | None = None  # as the sentence has it: "ik", "het kabinet", "JenV en VWS"
    person: str | None = None  # "E. van der Burg"
    office: str | None = None  # "Staatssecretaris van Justitie en Veiligheid"
    ministry: str | None = None  # a code of rules/ministries.toml: "JenV"


@dataclass(frozen=True, slots=True)
class Page:
    number: int  # counted from 1, as a PDF viewer does
    span: Span


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says about itself, or a user says about it."""

    date: date | None = None  # the reference date: of the letter, the answer, the sitting
    kind: DocumentKind = DocumentKind.OTHER
    title: str | None = None
    identifier: str | None = None  # official: "kst-31015-245", "ah-tk-20232024-916"
    dossiers: tuple[str, ...] = ()  # "31 015", in the document's order; `number` counts within the first
    number: str | None = None
    signatory: Actor = Actor()  # who signs a letter or answers the questions
    url: str | None = None
    withdrawn: Day | None = None  # the day on which its publisher took it back


@dataclass(frozen=True, slots=True)
class Document:
    """A text (stuk) with what it says of itself. `text` is the decoded file, or what a reader made of the original."""

    name: str  # the file's name or address, for messages
    text: str
    metadata: Metadata = Metadata()
    pages: tuple[Page, ...] = ()  # empty where the format has none

    def page_of(self, offset: int) -> int | None:
        """The number of the page on which the character at `offset` stands; None where there are no pages."""
        return next((p.number for p in reversed(self.pages) if p.span.start <= offset), None)


# ── Passages and sentences ───────────────────────────────────────────────────────────────────────────────────────


class Voice(StrEnum):
    """Who speaks in a passage. Only GOVERNMENT promises, and CHAIR_LIST speaks for it."""

    GOVERNMENT = "government"
    CHAIR = "chair"
    CHAIR_LIST = "chair_list"  # the chair sums up what was promised
    MEMBER = "member"
    QUESTION = "question"
    QUOTE = "quote"  # quoted text, the dictum of a motion
    NOTE = "note"  # footnote
    FRAME = "frame"  # what nobody says: letterhead, headings, tables of contents, signature
    OTHER = "other"  # a third party


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of a document with one voice (spreekbeurt, antwoord, alinea). Passages follow one another without a gap."""

    span: Span
    voice: Voice
    speaker: str | None = None  # as written: "Minister Van Ark", "De voorzitter", "Mevrouw Kuik (CDA)"
    heading: str | None = None  # the nearest heading above
    question: str | None = None  # "3", "7 en 9": the question that is put or answered


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or one item of an enumeration (zin), with the passage it stands in."""

    span: Span
    passage: Passage


# ── Deadlines ────────────────────────────────────────────────────────────────────────────────────────────────────


class Precision(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    SEASON = "season"
    RECESS = "recess"
    YEAR = "year"
    DURATION = "duration"
    EVENT = "event"
    VAGUE = "vague"
    RECURRING = "recurring"


@dataclass(frozen=True, slots=True)
class Step:
    """One step from words to dates, as a code with parameters; `deadlines.explain` prints it in Dutch or English."""

    code: str
    params: tuple[tuple[str, str], ...] = ()


class Operator(StrEnum):
    """How a deadline stands to the time it names."""

    IN = "in"  # in, op, tijdens, bij; also a time without a preposition
    BY = "by"  # uiterlijk
    BEFORE = "before"  # vóór
    WITHIN = "within"  # binnen, over
    AFTER = "after"  # na
    SOON_AFTER = "soon-after"  # kort na, direct na
    AROUND = "around"  # rond, omstreeks, tegen
    FROM = "from"  # vanaf, per, met ingang van


class Unit(StrEnum):
    """What sort of time is named."""

    DAY = "day"
    WEEKDAY = "weekday"  # number: 1 is Monday; day and month: the how-manieth of a month
    WEEK = "week"  # number: of the year (ISO), or the how-manieth of a month; day and month: the week of that day
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    SEASON = "season"
    RECESS = "recess"
    FIXTURE = "fixture"  # a day of the year that the calendar knows by name: Prinsjesdag
    YEAR = "year"
    SCHOOL_YEAR = "school-year"
    DURATION = "duration"  # number (None: a few) of what `name` says: days, working-days, weeks, months, years
    NOW = "now"  # the reference date, and `number` days from it: "nu", "morgen"
    EVENT = "event"
    VAGUE = "vague"
    RECURRING = "recurring"


class Part(StrEnum):
    BEGIN = "begin"
    MIDDLE = "middle"  # medio, half
    END = "end"
    FIRST_HALF = "first-half"
    SECOND_HALF = "second-half"
    REST = "rest"  # in de loop van: what is left of it


class Anchor(StrEnum):
    THIS = "this"  # dit, deze, lopend
    NEXT = "next"  # volgend
    COMING = "coming"  # komend, a.s.


@dataclass(frozen=True, slots=True)
class When:
    """One time as it was named, without a date: "de tweede helft van het eerste kwartaal van volgend jaar"."""

    unit: Unit
    name: str | None = None  # a season, a recess ("reces": any), a fixture, the unit of a duration
    number: int | None = None
    half: bool = False  # anderhalf: a half more than `number`
    day: int | None = None
    month: int | None = None
    year: int | None = None
    last_year: int | None = None  # "2024/25"
    anchor: Anchor | None = None
    year_anchor: Anchor | None = None  # "van volgend jaar"
    part: Part | None = None
    first_number: int | None = None  # the first of several: "3 en 4 juli", "het eerste of tweede kwartaal", "mei-juni"
    first_part: Part | None = None  # "begin tot medio april"


class Link(StrEnum):
    """How two times of one deadline belong together."""

    OR = "or"  # "eind dit jaar/begin volgend jaar": from the first to the last
    BETWEEN = "between"
    AFTER = "after"  # "binnen drie weken na het zomerreces"
    BEFORE = "before"  # "twee weken voor het zomerreces"
    OF = "of"  # "volgend jaar voor de zomer": the second, in the first


@dataclass(frozen=True, slots=True)
class Deadline:
    """What was said about time (termijn), without a date. `span` is in the text that was searched."""

    words: str  # white space collapsed
    span: Span
    times: tuple[When, ...] = ()
    operator: Operator = Operator.IN
    link: Link | None = None
    then: Operator | None = (
        None  # the operator of the second time, where it has its own: "voor de zomer of in de zomer"
    )
    recurring: bool = False  # "jaarlijks voor 1 juli"


@dataclass(frozen=True, slots=True)
class DuePeriod:
    """What a deadline means (vervalperiode): both days inclusive; `last` is the due date. Without dates: unresolved."""

    first: date | None
    last: date | None
    precision: Precision
    steps: tuple[Step, ...] = ()


# ── Mentions ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Label(StrEnum):
    COMMITMENT = "commitment"  # toezegging
    FULFILMENT = "fulfilment"  # nakoming, afdoening: evidence that an earlier one was met
    REFERENCE = "reference"  # an earlier one is only mentioned
    REPORT = "report"  # something was done; perhaps an earlier one is met by it. For linking only


class Kind(StrEnum):
    INFORM = "inform"  # parliament will be told
    ACT = "act"  # another concrete step
    MILESTONE = "milestone"  # an event or product placed at a future time


class Strength(StrEnum):
    FIRM = "firm"
    HEDGED = "hedged"
    CONDITIONAL = "conditional"


class Flag(StrEnum):
    RESTATED = "restated"
    DEFERRAL = "deferral"
    RECURRING = "recurring"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a sentence refers to, for linking: a debate, letter, motion, dossier or register number."""

    kind: str  # "debate" | "letter" | "motion" | "dossier" | "question" | "register"
    written: str
    date: date | None = None
    dossier: str | None = None  # "31 015"
    number: str | None = None  # within the dossier, or "TZ202412-116", "T02345"


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline as said with what it means, read against one date. `due` has no dates where there is none."""

    deadline: Deadline
    due: DuePeriod


@dataclass(frozen=True, slots=True)
class Mention:
    """An act in a sentence in which a rule saw a commitment, a fulfilment or a reference (vermelding).

    Identity is `span` and `ordinal` (the how-manieth act of the sentence); everything else may change with the rules.
    A mention with a `reason` was judged not to count, and is kept for `explain`.
    """

    span: Span  # the sentence or list item, in the document's text
    ordinal: int
    label: Label
    rule: str
    cue: Span  # the words that made the rule fire, in the document's text
    confidence: float  # 0..1
    kind: Kind | None = None  # None for a fulfilment or a reference
    strength: Strength = Strength.FIRM
    flags: tuple[Flag, ...] = ()
    actor: Actor = Actor()
    addressee: tuple[str, ...] = ()  # "Tweede Kamer", "mevrouw Kuik", "vaste commissie voor …"
    action: str = ""  # what will be done, in the sentence's own words
    topic: str | None = None
    context: str | None = None  # what "dit", "hiervan" stand for: the sentence before, or the subject
    term: Term | None = None
    also: tuple[Term, ...] = ()  # other times named for the same act
    references: tuple[Reference, ...] = ()
    reason: str | None = None  # a code: "question", "negated", "past" …; None where the mention counts
