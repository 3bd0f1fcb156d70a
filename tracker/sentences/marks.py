"""Where a passage begins and who speaks from there on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tracker.domain import Voice


@dataclass(frozen=True, slots=True)
class Mark:
    start: int
    voice: Voice
    speaker: str | None = None
    heading: str | None = None
    question: str | None = None

    def at(self, start: int) -> Mark:
        return replace(self, start=start)

    def same_as(self, other: Mark) -> bool:
        return (self.voice, self.speaker, self.heading, self.question) == (
            other.voice,
            other.speaker,
            other.heading,
            other.question,
        )
