"""Every word of a list, and every verb of a group, that only one rule uses stands in an example of that rule."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import tracker.mentions
from tracker.knowledge import RULES, load_rulebook, read_toml
from tracker.rulebook import Judgement, Rule, VerbForm, phrases_pattern

RULEBOOK = load_rulebook()
TABLES = [read_toml(file) for file in sorted((RULES / "mentions").glob("*.toml"))]
CODE = "".join(file.read_text(encoding="utf-8") for file in Path(tracker.mentions.__path__[0]).glob("*.py"))

#: Keys of a rule whose words make it leave a sentence alone.
AGAINST = ("bars", "not_by")


@dataclass(frozen=True)
class Use:
    """A word list in a rule or judgement; `against`: its words stand in what the rule must leave alone."""

    owner: Rule | Judgement
    against: bool

    @property
    def name(self) -> str:
        return self.owner.id if isinstance(self.owner, Rule) else f"judgement {self.owner.name!r}"

    @property
    def where(self) -> str:
        return "also_not" if self.against else "also"

    @property
    def texts(self) -> list[str]:
        return [example.text for example in (self.owner.no_match if self.against else self.owner.match)]


def named(text: str) -> set[str]:
    """The lists that a pattern or a phrase names as {list}."""
    return set(re.findall(r"\{([a-z][a-z-]*)\}", text))


def uses(row: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """The lists that a rule or judgement names, each with whether it is against."""
    for key in ("needs", "beside", "bars"):
        yield from ((name, key in AGAINST) for phrase in row.get(key, ()) for name in phrase.split("|"))
    yield from ((row[key], key in AGAINST) for key in ("agent", "not_by") if key in row)
    yield from ((name, False) for name in sorted(named(row.get("pattern", ""))))


def own_lists() -> list[tuple[str, Use]]:
    """The lists that one rule or judgement names, and nothing else: no list, no reference, not the code."""
    shared = {name for phrases in RULEBOOK.words.values() for phrase in phrases for name in named(phrase)}
    shared |= {name for table in TABLES for pattern in table.get("references", {}).values() for name in named(pattern)}
    shared |= set(re.findall(r'(?:has|has_agent|lists)[(\[]"([a-z-]+)"', CODE))
    owners = {rule.id: rule for rule in RULEBOOK.rules} | {j.name: j for j in RULEBOOK.judgements}
    users: dict[str, set[tuple[str, bool]]] = {}
    for table in TABLES:
        for row in (*table.get("rule", ()), *table.get("judgement", ())):
            owner = row.get("id") or f"{row['reason']}: {row['why']}"
            for name, against in uses(row):
                users.setdefault(name, set()).add((owner, against))
    return [
        (name, Use(owners[owner], against))
        for name, found in users.items()
        if name not in shared and len({owner for owner, _ in found}) == 1
        for owner, against in sorted(found)
    ]


def alternatives(phrase: str) -> list[str]:
    """A regular expression, split where '|' stands outside brackets; brackets around the whole are taken off."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(phrase):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            parts.append(phrase[start:at])
            start = at + 1
    parts.append(phrase[start:])
    wrapped = re.fullmatch(r"\(\?:([^()]*)\)", phrase)
    return alternatives(wrapped[1]) if wrapped else parts


WORDS = [
    (name, word, use) for name, use in own_lists() for phrase in RULEBOOK.words[name] for word in alternatives(phrase)
]


@pytest.mark.parametrize(("name", "word", "use"), WORDS, ids=[f"{name}-{word[:40]}" for name, word, _ in WORDS])
def test_every_word_of_a_rules_own_list_stands_in_an_example(name: str, word: str, use: Use) -> None:
    pattern = phrases_pattern([word], RULEBOOK.words, name)
    assert any(pattern.search(text) for text in use.texts), (
        f"list {name!r}: no example has {word!r}; only {use.name} uses the list: "
        f"add a sentence with it to its `{use.where}`, or take the word out"
    )


def own_groups() -> dict[str, Rule]:
    """The groups of verbs that one rule only uses."""
    users = {group: [rule for rule in RULEBOOK.rules if group in rule.verbs] for group in RULEBOOK.groups}
    return {group: rules[0] for group, rules in users.items() if len(rules) == 1}


GROUPS = own_groups()
VERBS = [(group, verb) for group in GROUPS for verb in sorted(RULEBOOK.groups[group])]


def stands_in(verb: str, text: str) -> bool:
    """Whether a form of the verb is in the text, a separable one with its particle."""
    words = re.findall(r"\w+", text.lower())

    def complete(form: VerbForm) -> bool:
        return form.verb == verb and (form.particle is None or form.particle in words)

    return any(complete(form) for word in words for form in RULEBOOK.forms.get(word, ()))


@pytest.mark.parametrize(("group", "verb"), VERBS, ids=[f"{group}-{verb}" for group, verb in VERBS])
def test_every_verb_of_a_rules_own_group_stands_in_an_example(group: str, verb: str) -> None:
    rule = GROUPS[group]
    assert any(stands_in(verb, example.text) for example in rule.match), (
        f"group {group!r}: no example has a form of {verb!r}; only {rule.id} uses the group: "
        f"add a sentence with it to its `also`, or take the verb out"
    )
