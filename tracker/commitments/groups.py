"""Commitments that lists and reports show as one: said of several subjects, to be kept by one letter on one day."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from tracker.commitments.state import Commitment


@dataclass(frozen=True, slots=True)
class Group:
    """One or more commitments, in the order given. The first one stands for all in a single line."""

    commitments: tuple[Commitment, ...]

    @property
    def first(self) -> Commitment:
        return self.commitments[0]

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(c.number for c in self.commitments)

    def __len__(self) -> int:
        return len(self.commitments)


def group(commitments: Iterable[Commitment]) -> list[Group]:
    """Put together what is of the same document, addressee, due period and kind, and stands the same.

    A group takes the place of its first member. Without a due date there is nothing that binds, so those stay apart.
    """
    groups: dict[Hashable, list[Commitment]] = {}
    for commitment in commitments:
        groups.setdefault(_key(commitment), []).append(commitment)
    return [Group(tuple(members)) for members in groups.values()]


def _key(c: Commitment) -> Hashable:
    if c.due is None or c.due.last is None or c.document.id is None:
        return c.number
    return (c.document.id, c.addressee, c.due.first, c.due.last, c.kind, c.status, c.review, c.strength)
