"""The schema of a rule and the compiled rulebook. Pure: the tables come from the edge (`knowledge.py`).

A rule names what must stand in one clause, in any order: a verb of a group in a form that looks ahead, phrases of
named lists, an agent. That is how Dutch word order (inversion, verb-final clauses, separable verbs, clusters) costs no
rule of its own. Where a fixed phrase is meant, a rule has a `pattern` instead. `rules/README.md` teaches writing one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tracker.domain import DocumentKind, Kind, Label, Strength, Voice
from tracker.errors import RuleError

#: How a verb can stand in a clause; the first six look ahead. See `mentions/clauses.py`.
FORMS = ("present", "future", "passive", "intended", "wish", "can", "would", "perfect", "past", "bare")
AHEAD = frozenset(FORMS[:6])

#: Forms that do not, and what that makes of a promise; such an act is seen, and judged by its form.
BEHIND = {"would": "hypothetical", "perfect": "past", "past": "past"}

#: Whether the act needs a time: any; one in its own clause that is a date, vague, or hangs on an event in time ("na …",
#: not the carrier of an answer, "in de brief"); one that stands for dates; none that stands for dates.
TIMED = frozenset({"optional", "required", "timed", "dated", "absent"})
#: Those that a sentence without a time can meet.
TIMELESS = frozenset({"optional", "absent"})


#: Keys of an example that set the scene; the others are fields that are expected.
SETTING = frozenset({"voice", "document", "before", "date"})


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence written for the rule, with the fields that are expected of what the rule finds in it."""

    text: str
    expect: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VerbForm:
    """What one written form can be: `verb` is the infinitive, `slot` one of finite, plural, past, participle."""

    verb: str
    slot: str
    particle: str | None = None  # a separable verb written apart still needs this word in the clause


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes a mention. All that is named must hold in one clause."""

    id: str
    finds: Label
    kind: Kind | None
    why: str
    voices: frozenset[Voice]
    verbs: tuple[str, ...] = ()  # groups of verbs.toml; "*" is any verb
    forms: frozenset[str] = AHEAD
    agent: str | None = None  # a list: who must be the subject, where the verb is not passive
    not_by: str | None = None  # a list: who must not be the subject
    needs: tuple[tuple[str, ...], ...] = ()  # each: one of these lists has a phrase in the clause
    beside: tuple[str, ...] = ()  # lists, each with a phrase somewhere in the sentence
    bars: tuple[str, ...] = ()  # lists none of whose phrases may stand in the clause
    pattern: re.Pattern[str] | None = None
    deadline: str = "optional"  # one of TIMED
    whole: bool = False  # looks at the whole sentence as if it were one clause
    follows: bool = False  # only just after something was promised to parliament (mentions/find.py: FORGOTTEN)
    strength: Strength | None = None  # where the rule itself decides it
    confidence: float = 0.9
    source: str = ""
    match: tuple[Example, ...] = ()
    no_match: tuple[Example, ...] = ()
    known_miss: tuple[Example, ...] = ()

    @property
    def needs_time(self) -> bool:
        """Whether it fires only where a time is named."""
        return self.deadline not in TIMELESS


@dataclass(frozen=True, slots=True)
class Judgement:
    """Why a mention does not count. `scope`: the clause it was found in, with the clause before it
    ("lead"), or the whole sentence."""

    reason: str
    why: str
    pattern: re.Pattern[str]
    scope: str = "clause"
    spares: frozenset[str] = frozenset()  # rules (or beginnings of ids) it does not judge
    only: frozenset[str] = frozenset()  # where given: the only rules it judges
    voices: frozenset[Voice] = frozenset()  # where given: the only voices it judges
    documents: frozenset[DocumentKind] = frozenset()  # where given: the only kinds of document
    forms: frozenset[str] = frozenset()  # where given: the only forms of the verb
    undated: bool = False  # only where no time ahead is named; "in die brief" says where, not when
    alone: bool = False  # only where nothing was promised to parliament just before
    match: tuple[Example, ...] = ()
    no_match: tuple[Example, ...] = ()

    @property
    def name(self) -> str:
        """What no other judgement and no word list is called."""
        return f"{self.reason}: {self.why}"


@dataclass(frozen=True, eq=False)
class Rulebook:
    """Everything the search for mentions is told, compiled once."""

    rules: tuple[Rule, ...]
    judgements: tuple[Judgement, ...]
    lists: Mapping[str, re.Pattern[str]]
    words: Mapping[str, tuple[str, ...]]  # the lists as written, for `rules show` and the tests
    forms: Mapping[str, tuple[VerbForm, ...]]  # lower-case written form -> what it can be
    groups: Mapping[str, frozenset[str]]  # group -> infinitives
    closed: Mapping[str, frozenset[str]]  # closed groups of small words: auxiliaries by kind, pronouns
    references: Mapping[str, re.Pattern[str]]  # kind of reference -> how it is written, with named groups

    @cached_property
    def voices(self) -> frozenset[Voice]:
        """Whose words any rule looks at."""
        return frozenset().union(*(rule.voices for rule in self.rules))

    @cached_property
    def auxiliaries(self) -> frozenset[str]:
        """The small words that make a predicate with another verb."""
        kinds = ("future", "going", "wish", "can", "would", "passive", "perfect", "gone")
        return frozenset().union(*(self.closed[kind] for kind in kinds))

    def group_of(self, verb: str | None, groups: Iterable[str]) -> bool:
        """Whether the verb belongs to one of the groups; "*" takes every verb, also an unknown one (None)."""
        return any(g == "*" or (verb is not None and verb in self.groups[g]) for g in groups)

    @classmethod
    def compile(cls, tables: Sequence[Mapping[str, Any]]) -> Rulebook:
        """From the parsed rule files, in order; a later file may add to a list and replace a rule of the same id.

        Raises RuleError, naming the rule and what to write, for anything that does not fit the schema.
        """
        words: dict[str, tuple[str, ...]] = {}
        groups: dict[str, frozenset[str]] = {}
        forms: dict[str, list[VerbForm]] = {}
        closed: dict[str, frozenset[str]] = {}
        for table in tables:
            for name, small in table.get("closed", {}).items():
                closed[name] = closed.get(name, frozenset()) | frozenset(small.split())
            for name, phrases in table.get("lists", {}).items():
                words[name] = words.get(name, ()) + tuple(phrases)
            for group, verbs in table.get("verbs", {}).items():
                groups[group] = groups.get(group, frozenset()) | {v.replace("+", "") for v in verbs}
                for verb, written in verbs.items():
                    for text, form in _verb_forms(verb, written):
                        forms.setdefault(text, [])
                        if form not in forms[text]:
                            forms[text].append(form)
        lists = {name: phrases_pattern(phrases, words, name) for name, phrases in words.items()}
        references = {
            kind: _pattern(text, words, f"reference {kind!r}")
            for table in tables
            for kind, text in table.get("references", {}).items()
        }
        rules: dict[str, Rule] = {}
        judgements: dict[str, Judgement] = {}
        for table in tables:
            for row in table.get("rule", ()):
                rule = _rule(row, words, lists, groups)
                rules[rule.id] = rule
            for row in table.get("judgement", ()):
                judgement = _judgement(row, words)
                judgements[judgement.name] = judgement
        return cls(
            tuple(rules.values()),
            tuple(judgements.values()),
            lists,
            words,
            {text: tuple(found) for text, found in forms.items()},
            groups,
            closed,
            references,
        )


def _verb_forms(verb: str, written: str) -> Iterable[tuple[str, VerbForm]]:
    """The written forms of one row of verbs.toml: `"toe+zenden" = "zend zendt | zenden | zond zonden | gezonden"`.

    A separable verb stands apart ("zend … toe") or joined ("toezend", "toezenden", "toegezonden").
    """
    parts = [part.split() for part in written.split("|")]
    if len(parts) != 4 or not all(parts[:2]):
        raise RuleError(
            f"verb {verb!r}: expected four parts 'present | infinitive | past | participle', found {written!r}"
        )
    particle, _, _ = verb.rpartition("+")
    name = verb.replace("+", "")
    for slot, texts in zip(("finite", "plural", "past", "participle"), parts, strict=True):
        for text in texts:
            if not particle:
                yield text, VerbForm(name, slot)
            else:
                if slot != "participle":
                    yield text, VerbForm(name, slot, particle)
                yield particle + text, VerbForm(name, slot)


def phrases_pattern(phrases: Iterable[str], words: Mapping[str, Sequence[str]], name: str) -> re.Pattern[str]:
    """One pattern for a list of phrases; a phrase is a regular expression and may name other lists as `{list}`."""
    return _pattern("(?:" + "|".join(phrases) + ")", words, f"list {name!r}", bounded=True)


def _pattern(text: str, words: Mapping[str, Sequence[str]], where: str, *, bounded: bool = False) -> re.Pattern[str]:
    seen: list[str] = []

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in words:
            raise RuleError(f"{where}: no word list {name!r}; define it under [lists] or correct the name")
        if name in seen:
            raise RuleError(f"{where}: word list {name!r} names itself")
        seen.append(name)
        inner = "(?:" + "|".join(re.sub(r"\{([a-z][a-z-]*)\}", fill, phrase) for phrase in words[name]) + ")"
        seen.pop()
        return inner

    filled = re.sub(r"\{([a-z][a-z-]*)\}", fill, text)
    filled = re.sub(r" (?![+*?{])", " +", filled)  # a clause is blank where an aside stood
    try:
        return re.compile(rf"(?<!\w)(?:{filled})(?!\w)" if bounded else filled, re.IGNORECASE)
    except re.error as error:
        raise RuleError(f"{where}: not a regular expression: {error} in {text!r}") from error


_RULE_KEYS = frozenset(
    {"id", "finds", "kind", "why", "voices", "verbs", "forms", "agent", "not_by", "needs", "beside", "bars", "pattern"}
    | {"deadline", "whole", "follows", "strength", "confidence", "source"}
    | {"match", "also", "no_match", "also_not", "known_miss"}
)


def _rule(
    row: Mapping[str, Any],
    words: Mapping[str, Sequence[str]],
    lists: Mapping[str, re.Pattern[str]],
    groups: Mapping[str, frozenset[str]],
) -> Rule:
    name = str(row.get("id") or "")
    where = f"rule {name!r}"
    if not name:
        raise RuleError(f"a rule without an id; give it one, such as 'inform.tell-parliament': {str(row)[:80]}")
    if unknown := set(row) - _RULE_KEYS:
        raise RuleError(f"{where}: unknown key {sorted(unknown)[0]!r}; known are {', '.join(sorted(_RULE_KEYS))}")
    for key, least in (("match", "a sentence that it must find"), ("no_match", "one that it must leave alone")):
        if not row.get(key):
            raise RuleError(f"{where}: needs at least one [[rule.{key}]] with a text: {least}")
    if not row.get("verbs") and not row.get("pattern"):
        raise RuleError(f"{where}: needs `verbs` (groups of verbs.toml) or a `pattern`")
    for group in row.get("verbs", ()):
        if group != "*" and group not in groups:
            raise RuleError(f"{where}: no group of verbs {group!r}; known are {', '.join(sorted(groups))}")
    needs = tuple(tuple(need.split("|")) for need in row.get("needs", ()))
    for phrase in [
        *(n for need in needs for n in need),
        *row.get("beside", ()),
        *row.get("bars", ()),
        *(row[key] for key in ("agent", "not_by") if row.get(key)),
    ]:
        if phrase not in lists:
            raise RuleError(f"{where}: no word list {phrase!r}; define it under [lists] or correct the name")
    if row.get("deadline", "optional") not in TIMED:
        raise RuleError(f"{where}: deadline is one of {', '.join(sorted(TIMED))}, not {row['deadline']!r}")
    for form in row.get("forms", ()):
        if form not in FORMS:
            raise RuleError(f"{where}: no form {form!r}; known are {', '.join(FORMS)}")
    try:
        return Rule(
            id=name,
            finds=Label(row.get("finds", "commitment")),
            kind=Kind(row["kind"]) if row.get("kind") else None,
            why=row.get("why", ""),
            voices=frozenset(Voice(v) for v in row.get("voices", ("government", "chair_list"))),
            verbs=tuple(row.get("verbs", ())),
            forms=frozenset(row["forms"]) if row.get("forms") else AHEAD,
            agent=row.get("agent"),
            not_by=row.get("not_by"),
            needs=needs,
            beside=tuple(row.get("beside", ())),
            bars=tuple(row.get("bars", ())),
            pattern=_pattern(row["pattern"], words, where) if row.get("pattern") else None,
            deadline=row.get("deadline", "optional"),
            whole=bool(row.get("whole", False)),
            follows=bool(row.get("follows", False)),
            strength=Strength(row["strength"]) if row.get("strength") else None,
            confidence=float(row.get("confidence", 0.9)),
            source=row.get("source", ""),
            match=_examples(row, "match", where, further="also"),
            no_match=_examples(row, "no_match", where, further="also_not"),
            known_miss=_examples(row, "known_miss", where),
        )
    except (ValueError, TypeError) as error:
        raise RuleError(f"{where}: {error}") from error


def _judgement(row: Mapping[str, Any], words: Mapping[str, Sequence[str]]) -> Judgement:
    reason = str(row.get("reason") or "")
    where = f"judgement {reason!r}"
    if not reason or not row.get("pattern"):
        raise RuleError(f"{where}: needs a `reason` and a `pattern`: {str(row)[:80]}")
    for key in ("match", "no_match"):
        if not row.get(key):
            raise RuleError(f"{where} ({row.get('why', '')}): needs at least one [[judgement.{key}]] with a text")
    return Judgement(
        reason=reason,
        why=row.get("why", ""),
        pattern=_pattern(row["pattern"], words, where),
        scope=row.get("scope", "clause"),
        spares=frozenset(row.get("spares", ())),
        only=frozenset(row.get("only", ())),
        voices=frozenset(Voice(v) for v in row.get("voices", ())),
        documents=frozenset(DocumentKind(d) for d in row.get("documents", ())),
        forms=frozenset(row.get("forms", ())),
        undated=bool(row.get("undated", False)),
        alone=bool(row.get("alone", False)),
        match=_examples(row, "match", where, further="also"),
        no_match=_examples(row, "no_match", where, further="also_not"),
    )


def _examples(row: Mapping[str, Any], key: str, where: str, further: str = "") -> tuple[Example, ...]:
    """The examples under a key, and the bare sentences of `further`, in the scene of the first that must be found."""
    tables: list[Mapping[str, Any]] = [*row.get(key, ())]
    scene = {name: value for name, value in row.get("match", ({},))[0].items() if name in SETTING}
    tables += [{**scene, "text": text} for text in row.get(further, ())]
    for table in tables:
        if not str(table.get("text", "")).strip():
            raise RuleError(f"{where}: an example without a text; write a sentence of your own")
    return tuple(Example(t["text"], {k: v for k, v in t.items() if k != "text"}) for t in tables)
