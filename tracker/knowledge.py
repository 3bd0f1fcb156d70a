"""Reads the rules, word lists and calendars that come with the package, and a user's own, into values for the core."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.commitments.linking import LinkRules
from tracker.deadlines import Calendar, DeadlineGrammar
from tracker.documents import Registry
from tracker.errors import RuleError
from tracker.rulebook import Rulebook
from tracker.sentences import Abbreviations, PassageRules

RULES = Path(__file__).parent / "rules"


@dataclass(frozen=True)
class Knowledge:
    """All that the core is told. `version` names the rules, so that a reading can say by which rules it was made."""

    rulebook: Rulebook
    grammar: DeadlineGrammar
    calendar: Calendar
    abbreviations: Abbreviations
    passages: PassageRules
    registry: Registry
    linking: LinkRules
    version: str


def load_knowledge(extra_rules: Sequence[Path] = (), extra_calendar: Iterable[Mapping[str, Any]] = ()) -> Knowledge:
    """Everything that comes with the package; a user's own rule files are read after ours, calendar rows added.

    Raises RuleError, naming the file and what to write, where a file does not fit.
    """
    files = [*sorted((RULES / "mentions").glob("*.toml")), *extra_rules]
    registry = load_registry()
    rows = tuple(extra_calendar)
    return Knowledge(
        rulebook=load_rulebook(files),
        grammar=load_grammar(),
        calendar=load_calendar(rows),
        abbreviations=Abbreviations.from_tables(read_toml(RULES / "abbreviations.toml")),
        passages=PassageRules.from_tables(read_toml(RULES / "passages.toml")),
        registry=registry,
        linking=load_linking(registry),
        version=_version([*sorted(RULES.rglob("*.toml")), *sorted(RULES.rglob("*.csv")), *extra_rules], rows),
    )


def load_rulebook(files: Sequence[Path] = ()) -> Rulebook:
    """The rules of the given files, or those of the package."""
    return Rulebook.compile([read_toml(f) for f in files or sorted((RULES / "mentions").glob("*.toml"))])


def load_grammar() -> DeadlineGrammar:
    """The grammar of deadlines, from `rules/deadlines/*.toml`."""
    return DeadlineGrammar.from_tables({f.stem: read_toml(f) for f in sorted((RULES / "deadlines").glob("*.toml"))})


def load_registry() -> Registry:
    """The ministries and the kinds of documents, from `rules/ministries.toml` and `rules/document_kinds.toml`."""
    return Registry.from_tables(read_toml(RULES / "ministries.toml"), read_toml(RULES / "document_kinds.toml"))


def heirs_of(registry: Registry) -> dict[str, str]:
    """By the code of each ministry, the code of what it is today."""
    return {code: registry.today(code) for code in registry.ministries}


def load_linking(registry: Registry) -> LinkRules:
    """The rules of `rules/linking.toml`, with the ministries that took over from others."""
    return LinkRules.from_tables(read_toml(RULES / "linking.toml"), heirs_of(registry))


def load_calendar(extra_rows: Iterable[Mapping[str, Any]] = ()) -> Calendar:
    """The recesses of `rules/recesses.csv`, with a user's own rows after them."""
    with (RULES / "recesses.csv").open(encoding="utf-8", newline="") as file:
        return Calendar.from_rows([*csv.DictReader(file), *extra_rows])


def load_sources() -> dict[str, Any]:
    """What is known of the interfaces of publishers: `rules/sources.toml`."""
    return read_toml(RULES / "sources.toml")


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a table. Raises RuleError where it is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RuleError(f"{path}: cannot be read ({error.strerror}); check its name") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: not TOML: {error}; mend it or take it out of config.toml") from error


def _version(files: Iterable[Path], calendar: Iterable[Mapping[str, Any]]) -> str:
    """Another one where any rule or any row of the calendar is another."""
    digest = hashlib.sha256()
    for row in calendar:
        digest.update(repr(sorted(row.items())).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
