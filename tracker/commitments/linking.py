"""Whether a later sentence is about an earlier promise: how likely, and why. Pure.

A later sentence repeats a promise, puts it off, says that it is met, or reports that something was done. Each pair of
such a sentence and an earlier promise gets points by `rules/linking.toml`; every point is a reason with a code. The
points of a pair depend on the pair alone, so it does not matter in which order documents are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt
from typing import Any

from tracker.commitments.citation import squeezed
from tracker.commitments.filters import bare
from tracker.commitments.fold import LINKING, in_force
from tracker.commitments.references import Cited, agree, means
from tracker.commitments.state import Event, EventType
from tracker.domain import Document, DocumentKind, Flag, Kind, Label, Mention, Reference
from tracker.errors import RuleError

_WORD = re.compile(r"[^\W\d_]+")
PARAGRAPH_END = re.compile(r"\n\s*\n")

Words = dict[str, float]

#: What marks a word of the index that is no word: a day, a document's number, a number of a register.
KEY = "="


class LinkKind(StrEnum):
    """What a later sentence is to an earlier promise."""

    FULFILMENT = "fulfilment"  # it says that it meets it
    REPORT = "report"  # it only says that something was done
    REPEAT = "repeat"
    DEFERRAL = "deferral"


#: Links that make one commitment of two mentions; the others close a commitment.
JOINING = frozenset({LinkKind.REPEAT, LinkKind.DEFERRAL})


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for or against, in points; `reasons.explain` prints it in Dutch or English."""

    code: str
    points: float
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From config.toml, `[linking]`: what is linked by itself, and what a person is asked about."""

    close: float = 0.75  # at least this: linked by itself …
    margin: float = 0.12  # … where the next likely promise has so much less
    propose: float = 0.45
    review: float = 0.7  # promises found with less confidence wait for a person


@dataclass(frozen=True, slots=True)
class JustSaid:
    """How a sentence says that the promise told again just before it is met."""

    reach: int  # so many characters lie between, at most …
    breaks: int  # … and so many ends of paragraphs
    perhaps: float
    restated: re.Pattern[str]
    more: re.Pattern[str]
    that: re.Pattern[str]
    met: re.Pattern[str]
    bars: re.Pattern[str]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> JustSaid:
        words = {n: re.compile(table[n], re.IGNORECASE) for n in ("restated", "more", "that", "met", "bars")}
        return cls(table["reach"], table["breaks"], table["perhaps"], **words)


@dataclass(frozen=True, slots=True)
class LinkRules:
    """`rules/linking.toml`, checked, with the ministries that took over from others."""

    score: Mapping[str, float]
    limits: Mapping[str, float]
    alike: Mapping[str, float]  # by how a sentence says that it is about an earlier promise: how alike they must be
    shortest: int
    stem: int
    heading: float
    paragraph: float
    reach: int
    common: frozenset[str]
    reports: tuple[re.Pattern[str], ...]
    report_bars: re.Pattern[str]
    report_confidence: float
    done: re.Pattern[str]  # when something was done: day, month, year
    months: tuple[str, ...]
    partial: re.Pattern[str]
    another: re.Pattern[str]  # one more promise, beside the one before it
    near: int  # so many characters before a sentence may say what it is about
    delay: re.Pattern[str]
    just_said: JustSaid
    heirs: Mapping[str, str]  # code of a ministry -> code of what it is today

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any], heirs: Mapping[str, str]) -> LinkRules:
        """From the parsed file. Raises RuleError where something is missing or cannot be read."""
        try:
            words, report = tables["words"], tables["report"]
            return cls(
                score=dict(tables["score"]),
                limits=dict(tables["limits"]),
                alike=dict(tables["alike"]),
                shortest=words["shortest"],
                stem=words["stem"],
                heading=words["heading"],
                paragraph=words["paragraph"],
                reach=words["reach"],
                common=frozenset(bare(word)[: words["stem"]] for word in words["common"].split()),
                reports=tuple(re.compile(pattern, re.IGNORECASE) for pattern in report["patterns"]),
                report_bars=re.compile(report["bars"], re.IGNORECASE),
                report_confidence=report["confidence"],
                done=re.compile(report["done"], re.IGNORECASE),
                months=tuple(report["months"].split()),
                partial=re.compile(tables["partial"]["pattern"], re.IGNORECASE),
                another=re.compile(tables["another"]["pattern"], re.IGNORECASE),
                near=tables["delay"]["near"],
                delay=re.compile(tables["delay"]["pattern"], re.IGNORECASE),
                just_said=JustSaid.from_table(tables["just-said"]),
                heirs=dict(heirs),
            )
        except (KeyError, TypeError, re.error) as error:
            raise RuleError(f"rules/linking.toml: {error!r}; compare it with the file of the program") from error

    def today(self, ministry: str | None) -> str | None:
        return self.heirs.get(ministry, ministry) if ministry else None


@dataclass(frozen=True, slots=True)
class Said:
    """A stored mention as linking sees it: what it says, and of which document."""

    id: int
    document: int
    day: date  # of the document
    label: Label
    kind: Kind | None
    flags: frozenset[str]
    due: date | None  # the last day
    made: date | None
    person: str | None
    ministry: str | None
    references: tuple[Reference, ...]
    source: Cited  # the document
    words: Words
    done: date | None = None  # of a report: the last day on which it can have been done, by what it says


@dataclass(frozen=True, slots=True)
class Scored:
    kind: LinkKind
    score: float  # the sum of the points; 1 and more is as good as certain
    reasons: tuple[Reason, ...]
    by_itself: bool  # it may be linked without a person, where it is the likeliest by far


# ── What a sentence is about ─────────────────────────────────────────────────────────────────────────────────────


def words_about(document: Document, mention: Mention, rules: LinkRules) -> dict[str, float]:
    """The telling words of a sentence and its surroundings by their first letters, with weights up to about 2."""
    text = document.text
    before = PARAGRAPH_END.split(text[max(0, mention.span.start - rules.reach) : mention.span.start])[-1]
    found: dict[str, float] = {}
    parts = (
        (mention.span.of(text), 1.0),
        (mention.context or "", 1.0),
        (before, rules.paragraph),
        (f"{mention.topic or ''} {document.metadata.title or ''}", rules.heading),
    )
    for part, weight in parts:
        for word in _WORD.findall(bare(part)):
            stem = word[: rules.stem]
            if len(word) >= rules.shortest and not _is_common(stem, rules):
                found[stem] = max(found.get(stem, 0.0), round(weight * min(2.0, 0.5 + len(word) / 10), 3))
    return found


def keys_of_promise(mention: Mention, document: Document, made: date | None) -> set[str]:
    """By what a later sentence can point at a promise: its days, its document's number, what it refers to itself."""
    meta = document.metadata
    keys = {_key(day) for day in (meta.date, made) if day}
    if meta.dossiers and meta.number:
        keys.add(_key(f"{squeezed(meta.dossiers[0])}/{meta.number}"))
    return keys | keys_of_references(mention.references)


def keys_of_references(references: Iterable[Reference]) -> set[str]:
    """The days and numbers that a sentence names."""
    keys = {_key(r.date) for r in references if r.date}
    keys |= {_key(r.number) for r in references if r.number and r.kind == "register"}
    return keys | {_key(f"{squeezed(r.dossier)}/{r.number}") for r in references if r.dossier and r.number}


def _key(value: object) -> str:
    return f"{KEY}{value}"[:60]


def alike(one: Words, other: Words) -> float:
    """How alike two bags of words are: the cosine, 0 to 1."""
    shared = one.keys() & other.keys()
    if not shared:
        return 0.0
    return sum(one[word] * other[word] for word in shared) / (_length(one) * _length(other))


def _length(words: Words) -> float:
    return sqrt(sum(weight * weight for weight in words.values()))


def _is_common(stem: str, rules: LinkRules) -> bool:
    return stem in rules.common


# ── One pair ─────────────────────────────────────────────────────────────────────────────────────────────────────


def score(source: Said, target: Said, rules: LinkRules) -> Scored | None:
    """The points of a later sentence against an earlier promise, the heaviest reasons first.

    None where they can have nothing to do with each other.
    """
    age = (source.day - target.day).days
    if source.document == target.document or not 0 < age <= rules.limits["back"]:
        return None
    kind = link_kind(source, target)
    if kind is None:
        return None
    reasons = [*_pointing(source, target, rules), *_manner(source, kind, rules), *_people(source, target, rules)]
    likeness = alike(source.words, target.words)
    if not _alike_enough(source, target, kind, likeness, frozenset(reason.code for reason in reasons), rules):
        return None
    reasons.append(_reason(rules, "topic", likeness, words=_shared(source, target, rules.stem)))
    reasons += _time(source, target, kind, rules)
    total = max(0.0, sum(reason.points for reason in reasons))
    ordered = tuple(sorted(reasons, key=lambda reason: -abs(reason.points)))
    codes = frozenset(reason.code for reason in reasons)
    return Scored(kind, round(total, 3), ordered, _is_sure(source, kind, likeness, codes, rules))


def just_said(sure: bool, rules: LinkRules) -> Scored:
    """Of a sentence that says that the promise told again just before it in its own document is met."""
    times = 1.0 if sure else rules.just_said.perhaps
    reasons = (_reason(rules, "just-said", times), _reason(rules, "says-so"))
    return Scored(LinkKind.FULFILMENT, round(sum(reason.points for reason in reasons), 3), reasons, sure)


def _is_sure(source: Said, kind: LinkKind, likeness: float, codes: frozenset[str], rules: LinkRules) -> bool:
    """Whether this pair may be linked without a person. A promise is only closed, and a date only moved, by a sentence
    that says so, names where it was promised, and comes from who promised it, or who took over."""
    pointing = bool(codes & _POINTING)
    enough = rules.limits["sure" if pointing else "sure-alone"]
    if likeness < enough and "same-register" not in codes:
        return False
    if kind is LinkKind.REPEAT:
        return True
    says_so = kind is LinkKind.FULFILMENT or (kind is LinkKind.DEFERRAL and Flag.DEFERRAL in source.flags)
    return says_so and pointing and bool(codes & _FROM_THE_SAME)


def _alike_enough(
    source: Said, target: Said, kind: LinkKind, likeness: float, codes: frozenset[str], rules: LinkRules
) -> bool:
    """Whether they are about one subject as far as one may ask: the less the sentence says of it itself, the more."""
    if codes & _NUMBERED:
        return True
    if codes & _POINTING:
        return likeness >= rules.alike["named"]
    if kind is LinkKind.REPORT:
        how = "reported"
    elif not codes & {"says-so", "restated", "defers"} or (kind is LinkKind.DEFERRAL and "defers" not in codes):
        how = "unsaid"
    else:
        how = "spoken" if source.source.kind in SPOKEN else "says"
    shared = source.words.keys() & target.words.keys()
    return likeness >= rules.alike[how] and len(shared) >= rules.limits["shared"]


def decide(candidates: Iterable[tuple[int, float]], thresholds: Thresholds) -> int | None:
    """The one that is meant, of (commitment, score) pairs: high enough, and clear of the next. None where none is."""
    best: dict[int, float] = {}
    for commitment, points in candidates:
        best[commitment] = max(points, best.get(commitment, 0.0))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < thresholds.close:
        return None
    clear = len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= thresholds.margin
    return ranked[0][0] if clear else None


def declined(events: Sequence[Event]) -> frozenset[int]:
    """The promises that a later sentence is not about, by what people said: they turned a proposal down, or took a link
    back that was made by itself. `events`: all about that sentence, with their undoings."""
    standing = {event.id for event in in_force(events)}
    by_id = {event.id: event for event in events}
    targets = {e.payload["target"] for e in events if e.type is EventType.DECLINED and e.id in standing}
    for event in events:
        linked = by_id.get(event.corrects or 0)
        if event.type is not EventType.UNDONE or event.source == LINKING or linked is None:
            continue
        if linked.source == LINKING and linked.id not in standing and "target" in linked.payload:
            targets.add(linked.payload["target"])
    return frozenset(targets)


#: Reasons that point at a promise by a number, and by more than its subject.
_NUMBERED = frozenset({"cites", "same-register"})
_POINTING = _NUMBERED | {"same-day", "same-reference"}

#: Reasons that say that the one who promised, or who took over, says it.
_FROM_THE_SAME = _NUMBERED | {"same-person", "same-ministry", "same-dossier"}

#: Where "that promise" is mostly one of the same day.
SPOKEN = frozenset({DocumentKind.DEBATE, DocumentKind.CHAIR_LIST})


def link_kind(source: Said, target: Said) -> LinkKind | None:
    """What a later sentence would be to an earlier one, whatever they are about; None where it can be nothing."""
    if target.label is not Label.COMMITMENT:
        return None
    if source.label is Label.FULFILMENT:
        return LinkKind.FULFILMENT
    if source.label is Label.REPORT:
        before = source.done is not None and source.done < target.day
        return None if before else LinkKind.REPORT
    if source.label is not Label.COMMITMENT or Flag.RECURRING in source.flags:
        return None
    later = source.due is not None and target.due is not None and source.due > target.due
    if Flag.DEFERRAL in source.flags:
        # What was put off had a day, and that day was not long past.
        return LinkKind.DEFERRAL if target.due is not None and (later or source.due is None) else None
    if Flag.RESTATED in source.flags:
        return LinkKind.DEFERRAL if later else LinkKind.REPEAT
    same = source.due is not None and source.due == target.due and source.kind is target.kind
    return LinkKind.REPEAT if same else None


def _manner(source: Said, kind: LinkKind, rules: LinkRules) -> list[Reason]:
    codes = []
    if kind is LinkKind.FULFILMENT:
        codes.append("says-so")
    elif kind is LinkKind.REPORT:
        codes.append("reports")
    elif Flag.DEFERRAL in source.flags:
        codes.append("defers")
    elif Flag.RESTATED in source.flags:
        codes.append("restated")
    return [_reason(rules, code) for code in codes]


def _pointing(source: Said, target: Said, rules: LinkRules) -> list[Reason]:
    """The strongest way in which the later sentence names the promise, or that it names another document."""
    numbered = [r for r in source.references if r.kind == "register" and r.number]
    for reference in numbered:
        if any(r.kind == "register" and r.number == reference.number for r in target.references):
            return [_reason(rules, "same-register", number=reference.number or "")]
    if any(r.kind == "register" and r.number for r in target.references) and numbered:
        return [_reason(rules, "other-reference", written=numbered[0].written)]
    for reference in source.references:
        if means(reference, target.source) == "number":
            return [_reason(rules, "cites", written=reference.written)]
    for reference in source.references:
        told_before = target.made != target.day and reference.date is not None and reference.date == target.made
        if means(reference, target.source) == "day" or told_before:
            return [_reason(rules, "same-day", written=reference.written)]
    for reference in source.references:
        if any(agree(reference, other) for other in target.references):
            return [_reason(rules, "same-reference", written=reference.written)]
    elsewhere = [r for r in source.references if r.kind in {"debate", "letter"} and r.date is not None]
    if elsewhere and Flag.DEFERRAL not in source.flags:
        return [_reason(rules, "other-reference", written=elsewhere[0].written)]
    return []


def _people(source: Said, target: Said, rules: LinkRules) -> list[Reason]:
    reasons = []
    if source.person and target.person and _surname(source.person) == _surname(target.person):
        reasons.append(_reason(rules, "same-person", person=source.person))
    ours, theirs = rules.today(source.ministry), rules.today(target.ministry)
    if ours and theirs:
        code = "same-ministry" if ours == theirs else "other-ministry"
        reasons.append(_reason(rules, code, ministry=source.ministry or "", before=target.ministry or ""))
    shared = set(source.source.dossiers) & set(target.source.dossiers)
    if shared:
        reasons.append(_reason(rules, "same-dossier", dossier=min(shared)))
    return reasons


def _time(source: Said, target: Said, kind: LinkKind, rules: LinkRules) -> list[Reason]:
    reasons = []
    if kind is LinkKind.REPEAT and source.due is not None and source.due == target.due:
        reasons.append(_reason(rules, "same-due", day=source.due.isoformat()))
    if kind in JOINING and source.kind is not target.kind:
        reasons.append(_reason(rules, "other-kind"))
    long = rules.limits["long-deferral" if kind is LinkKind.DEFERRAL else "long"]
    if target.due is not None and (source.day - target.due).days > long:
        reasons.append(_reason(rules, "long-after", day=target.due.isoformat()))
    if target.due is None and (source.day - target.day).days > long:
        reasons.append(_reason(rules, "long-ago", day=target.day.isoformat()))
    return reasons


def _reason(rules: LinkRules, code: str, times: float = 1.0, **params: str) -> Reason:
    return Reason(code, round(rules.score[code] * times, 3), tuple(params.items()))


def _shared(source: Said, target: Said, stem: int) -> str:
    """The heaviest words that both have, as far as they were compared."""
    common = source.words.keys() & target.words.keys()
    heaviest = sorted(common, key=lambda w: (-source.words[w] * target.words[w], w))[:4]
    return ", ".join(word + "…" if len(word) == stem else word for word in heaviest)


def _surname(person: str) -> str:
    return bare(person).split()[-1] if person.split() else ""
