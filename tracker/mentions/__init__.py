"""Sentences to mentions: match, then judge, then the fields. Pure."""

from tracker.mentions.find import find_mentions

__all__ = ["find_mentions"]
