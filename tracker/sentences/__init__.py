"""Documents into passages with a voice, passages into sentences, sentences into plain text. Pure."""

from tracker.sentences.passages import PassageRules, passages
from tracker.sentences.plain import Plain, plain
from tracker.sentences.splitter import Abbreviations, sentences

__all__ = ["Abbreviations", "PassageRules", "Plain", "passages", "plain", "sentences"]
