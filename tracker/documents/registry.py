"""What is known about ministries, and about how documents say what they are: data, compiled once. Pure.

The tables are `rules/ministries.toml` and `rules/document_kinds.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tracker.domain import DocumentKind

FLAGS = re.IGNORECASE | re.MULTILINE


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern with the part of the text in which it is looked for, and what it says where it is found."""

    where: str
    regex: re.Pattern[str]
    kind: DocumentKind | None = None
    count: int = 1  # how often it must match

    def holds(self, text: str) -> bool:
        return len(tuple(islice(self.regex.finditer(text), self.count))) == self.count


@dataclass(frozen=True, slots=True)
class Ministry:
    """A ministry, or what a ministry was called then; `successor` is the code of the one that took over."""

    code: str
    names: tuple[str, ...]
    abbreviations: tuple[str, ...]
    successor: str | None


@dataclass(frozen=True, slots=True)
class Registry:
    """What is known about ministries, and about how documents say what they are."""

    ministries: Mapping[str, Ministry]
    names: re.Pattern[str]
    spelled: Mapping[str, str]  # names and offices with their capitals, by the same in lower case
    codes: Mapping[str, str]  # by name or abbreviation; names in lower case
    abbreviations: re.Pattern[str]
    kinds: tuple[Pattern, ...]
    dates: tuple[Pattern, ...]
    titles: tuple[Pattern, ...]
    signatories: tuple[Pattern, ...]
    numbers: Mapping[str, re.Pattern[str]]
    months: tuple[str, ...]

    @classmethod
    def from_tables(cls, ministries: Mapping[str, Any], kinds: Mapping[str, Any]) -> Registry:
        """From the tables of `ministries.toml` and `document_kinds.toml`."""
        known = tuple(
            Ministry(
                row["code"],
                tuple(dict.fromkeys(name["name"] for name in row["names"])),
                tuple(row["abbreviations"]),
                row.get("successor"),
            )
            for row in ministries["ministry"]
        )
        offices = {plain(office): row["code"] for row in ministries["ministry"] for office in row.get("offices", ())}
        written = [office for row in ministries["ministry"] for office in row.get("offices", ())]
        written += [name for ministry in known for name in ministry.names]
        spoken = {**offices, **{plain(name): ministry.code for ministry in known for name in ministry.names}}
        short = {abbreviation: ministry.code for ministry in known for abbreviation in ministry.abbreviations}
        blocks = kinds["blocks"]

        def compile_(pattern: str) -> re.Pattern[str]:
            texts = {name: block for name, block in blocks.items() if isinstance(block, str)}
            texts["date"] = texts["date"].replace("{month}", "|".join(blocks["months"]))
            for name, block in texts.items():
                pattern = pattern.replace(f"{{{name}}}", block)
            return re.compile(pattern, FLAGS)

        def patterns(section: str) -> tuple[Pattern, ...]:
            return tuple(
                Pattern(
                    row["where"],
                    compile_(row["pattern"]),
                    DocumentKind(row["kind"]) if "kind" in row else None,
                    row.get("count", 1),
                )
                for row in kinds[section]
            )

        return cls(
            ministries={ministry.code: ministry for ministry in known},
            names=alternatives(spoken, re.IGNORECASE),
            spelled={plain(name): name for name in written},
            codes={**spoken, **short},
            abbreviations=alternatives(short),
            kinds=patterns("kind"),
            dates=patterns("date"),
            titles=patterns("title"),
            signatories=patterns("signatory"),
            numbers={name: compile_(pattern) for name, pattern in kinds["number"].items()},
            months=tuple(blocks["months"]),
        )

    def ministry(self, text: str) -> str | None:
        """The code of the ministry that a text names first: by its name, an office of its, or an abbreviation."""
        found = self.names.search(plain(text))
        if found:
            return self.codes[found.group()]
        found = self.abbreviations.search(text)
        return self.codes[found.group()] if found else None

    def in_lower_case(self, office: str) -> str:
        """An office that was written in capitals as others are: "Minister van Economische Zaken"."""
        written = self.names.sub(lambda found: self.spelled[found.group()], plain(office))
        return written[:1].upper() + written[1:]

    def bears(self, code: str | None, text: str) -> bool:
        """Whether a text begins with a name of that ministry itself."""
        return code is not None and plain(text).startswith(tuple(plain(name) for name in self.ministries[code].names))

    def today(self, code: str) -> str:
        """The code of the ministry that a ministry became: JenV for VenJ, IenW for VROM."""
        while (successor := self.ministries[code].successor) is not None:
            code = successor
        return code


def alternatives(words: Mapping[str, str], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """A pattern for whole words, the longest first."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", flags)


def plain(text: str) -> str:
    """In lower case on one line: how names are compared."""
    return re.sub(r"\s+", " ", text.replace("&", "en")).casefold()
