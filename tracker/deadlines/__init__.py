"""What a text says about time, and what that means: words -> Deadline -> DuePeriod. Pure."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tracker.deadlines.codec import deadline_from_json, deadline_to_json, due_from_json, due_to_json
from tracker.deadlines.explain import explain

if TYPE_CHECKING:
    from tracker.deadlines.calendar import Calendar, Recess
    from tracker.deadlines.grammar import DeadlineGrammar
    from tracker.deadlines.resolution import resolve

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

#: What loads when it is asked for: whoever only converts and explains, as a list does, does without.
_LATER = {"Calendar": "calendar", "Recess": "calendar", "DeadlineGrammar": "grammar", "resolve": "resolution"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
