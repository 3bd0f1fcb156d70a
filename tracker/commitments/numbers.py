"""Numbers of commitments: TT-2024-0137, a prefix, the year the promise was made, at least four digits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_NUMBER = re.compile(r"\s*([A-Za-z]+)\s*-\s*(\d{4})\s*-\s*(\d+)\s*")


@dataclass(frozen=True, slots=True, order=True)
class Number:
    prefix: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year:04d}-{self.serial:04d}"


def parse(text: str) -> Number | None:
    """The number that a person wrote ("tt-2024-137"); None where it is none."""
    found = _NUMBER.fullmatch(text)
    return Number(found[1].upper(), int(found[2]), int(found[3])) if found else None


def nearest(text: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Existing numbers that look like the one asked for, the likeliest first."""
    wanted = parse(text)
    return get_close_matches(str(wanted or text).upper(), sorted(known), count, cutoff=0.6)
