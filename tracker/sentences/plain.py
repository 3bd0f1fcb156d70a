"""What the rules and the deadline grammar see of a sentence: one form of blanks, quotes and dashes, and no markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain import Span

_MARKUP = r"""(?:
    <sup>[^<]{0,40}</sup>                                   # a footnote mark; what stands in it goes too
  | </?(?:b|i|em|strong|u|sub|sup|br|p)\s{0,3}/?>
  | \[\d{1,3}\s?\]                                          # [1]
  | [\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+                # superscript digits
  | [\u00ad\u200b-\u200f\u2060\ufeff\x00]+                  # soft hyphen, marks without width
  | [*`\#]+
  | (?<![^\W_])_+ | _+(?![^\W_])                            # emphasis; not the underscore within a name
  | \[(?=[^\]\[\n]{1,300}\]\(https?://) | \]\(https?://[^)\s]{0,500}\)   # a link keeps its words
)"""
_CHANGE = re.compile(
    rf"(?P<mark>\s*+{_MARKUP}+) | (?P<blank>\s\s++ | [^\S\ ]) | (?P<sign>[«»“”„‟″‘’‚‛′–—‐‑‒―−…])", re.VERBOSE
)
_WORTH_A_LOOK = re.compile(r"[^\w .,;:()?!/%'\"&€+=@-]|_|  |^ | $|[\u00b2\u00b3\u00b9\u2070-\u2079]")
_TRAILING_NOTE = re.compile(r"(?<=[^\W\d][.!?])\d{1,3}(?:, ?\d{1,3})*$")
_SIGNS = {
    **dict.fromkeys("«»“”„‟″", '"'),
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("–—‐‑‒―−", "-"),
    "…": "...",
}


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain text and the way back: `text[i]` stands at `offsets[i]` of the source; one offset more for the end."""

    text: str
    offsets: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The span in the source of `text[start:end]`; markup that was left out at its edges stays out."""
        if end <= start:
            return Span(self.offsets[start], self.offsets[start])
        return Span(self.offsets[start], self.offsets[end - 1] + 1)


def plain(text: str) -> Plain:
    """`text` as the rules see it. Most sentences need no change and are returned as they are."""
    if not _WORTH_A_LOOK.search(text) and not text[-1:].isdigit():
        return Plain(text, range(len(text) + 1))
    pieces: list[str] = []
    offsets: list[int] = []
    position = 0
    for change in _CHANGE.finditer(text):
        start, end = change.span()
        pieces.append(text[position:start])
        offsets.extend(range(position, start))
        new = _replacement(change)
        pieces.append(new)
        offsets.extend([start] * len(new))
        position = end
    pieces.append(text[position:])
    offsets.extend(range(position, len(text)))
    return _trimmed("".join(pieces), offsets, len(text))


def _replacement(change: re.Match[str]) -> str:
    kind = change.lastgroup
    if kind == "sign":
        return _SIGNS[change.group()]
    if kind == "blank":
        return " "
    # Markup between two words is a blank only where a blank stands before it and none after it: "het **nieuwe** plan".
    follows = change.string[change.end() : change.end() + 1]
    stood_apart = change.group()[0].isspace()
    return " " if stood_apart and follows and not follows.isspace() else ""


def _trimmed(text: str, offsets: list[int], length: int) -> Plain:
    """Without blanks around it and without the number of a footnote that hangs behind the full stop."""
    right = len(text.rstrip())
    if note := _TRAILING_NOTE.search(text, max(0, right - 20), right):
        right = note.start()
    left = min(len(text) - len(text.lstrip()), right)
    end = offsets[right - 1] + 1 if right > left else (offsets[left] if left < len(offsets) else length)
    return Plain(text[left:right], (*offsets[left:right], end))
