"""What a text says about time, and what that means: words -> Deadline -> DuePeriod. Pure."""

from tracker.deadlines.calendar import Calendar, Recess
from tracker.deadlines.codec import deadline_from_json, deadline_to_json, due_from_json, due_to_json
from tracker.deadlines.explain import explain
from tracker.deadlines.grammar import DeadlineGrammar
from tracker.deadlines.resolve import resolve

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
