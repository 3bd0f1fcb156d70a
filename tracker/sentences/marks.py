"""Where a passage begins and who speaks from there on."""

from __future__ import annotations

from typing import NamedTuple

from tracker.domain import Voice


class Mark(NamedTuple):  # there are as many as blocks and turns: a tuple is made in half the time of a dataclass
    start: int
    voice: Voice
    speaker: str | None = None
    heading: str | None = None
    question: str | None = None

    def at(self, start: int) -> Mark:
        return self._replace(start=start)

    def same_as(self, other: Mark) -> bool:
        return self[1:] == other[1:]
