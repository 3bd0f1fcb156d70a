"""What a text says about time, and what that means: words -> Deadline -> DuePeriod. Pure."""

from typing import TYPE_CHECKING, Any

from tracker.deadlines.calendar import Calendar, Recess
from tracker.deadlines.codec import deadline_from_json, deadline_to_json, due_from_json, due_to_json
from tracker.deadlines.explain import explain
from tracker.deadlines.resolve import resolve

if TYPE_CHECKING:
    from tracker.deadlines.grammar import DeadlineGrammar

__all__ = [
    "Calendar",
    "DeadlineGrammar",
    "Recess",
    "deadline_from_json",
    "deadline_to_json",
    "due_from_json",
    "due_to_json",
    "explain",
    "resolve",
]


def __getattr__(name: str) -> Any:
    """The grammar loads when it is asked for: whoever only converts and explains does without."""
    if name != "DeadlineGrammar":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tracker.deadlines.grammar import DeadlineGrammar

    return DeadlineGrammar
