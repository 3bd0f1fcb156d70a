"""Debates: turns by speaker lines, the chair's closing list, the dictum of motions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.domain import Voice
from tracker.sentences.marks import Mark
from tracker.sentences.passage_rules import PassageRules

_LONGEST_MOTION = 6000  # characters from "De Kamer," to "orde van de dag"
_LOOK_FOR_CHAIR = 300  # characters at each end of a turn in which a chair shows
_MAY_BE_CHAIR = 4  # a chair is among those who take the floor most often
_LINE = re.compile(r"\S[^\n]*")
_VOICES = {
    "chair": Voice.CHAIR,
    "government": Voice.GOVERNMENT,
    "member": Voice.MEMBER,
    "other": Voice.MEMBER,
    "bare": Voice.GOVERNMENT,  # a name without a party is a member of government
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's turn: the speaker line from `start`, the words from `body` to `end`."""

    start: int
    body: int
    end: int
    speaker: str
    form: str  # how the line names the speaker: a key of _VOICES
    voice: Voice


def speakers(text: str, rules: PassageRules, *, certain: bool) -> tuple[Turn, ...]:
    """The turns of a debate. Where it is not `certain` that this is one, a bare name needs better company to count."""
    found = [line for line in rules.speaker.finditer(text) if not _is_label(line, rules)]
    firm = sum(line.lastgroup != "bare" for line in found)
    found = [line for line in found if line.lastgroup != "bare" or certain or firm > 1]
    if not found:
        return ()
    ends = [line.start() for line in found[1:]] + [len(text)]
    turns = [_turn(line, end) for line, end in zip(found, ends, strict=True)]
    return _with_chairs(text, turns, rules)


def debate_marks(text: str, turns: Sequence[Turn], rules: PassageRules, *, in_list: bool) -> Iterator[Mark]:
    """Marks of a debate. `in_list`: the document is a chair's closing list, read out from its start."""
    whole = in_list
    if turns[0].start > 0:
        yield Mark(0, Voice.OTHER if text[: turns[0].start].strip() else Voice.FRAME)
    for turn in turns:
        yield Mark(turn.start, Voice.FRAME, turn.speaker)
        if turn.voice == Voice.CHAIR:
            in_list = yield from _chair(text, turn, rules, in_list, whole)
        else:
            yield Mark(turn.body, turn.voice, turn.speaker)
            yield from _motions(text, turn, rules)


def _is_label(line: re.Match[str], rules: PassageRules) -> bool:
    name = line["bare"]
    return name is not None and name.strip("*_# ").lower() in rules.not_names


def _turn(line: re.Match[str], end: int) -> Turn:
    form = line.lastgroup or "bare"
    speaker = " ".join(re.sub(r"[*_#]+", "", line[form]).split())
    return Turn(line.start(), line.end(), end, speaker, form, _VOICES[form])


def _with_chairs(text: str, turns: list[Turn], rules: PassageRules) -> tuple[Turn, ...]:
    """Turns with the chair known who stands under name and party, and members whose party was left out once."""
    members = {_name(turn.speaker) for turn in turns if turn.form == "member"}
    chairs: set[str] = set()
    if turns and not any(turn.form == "chair" for turn in turns):
        held = Counter(turn.speaker for turn in turns)
        often = {name for name, _ in held.most_common(_MAY_BE_CHAIR)} | {turns[0].speaker}
        said = Counter(turn.speaker for turn in turns if turn.speaker in often and _speaks_as_chair(text, turn, rules))
        first = turns[0].speaker
        chairs = {name for name, times in said.items() if times > 1 or name == first}

    def judged(turn: Turn) -> Turn:
        if turn.form in {"member", "bare"} and turn.speaker in chairs:
            return replace(turn, voice=Voice.CHAIR)
        if turn.form == "bare" and turn.speaker in members:
            return replace(turn, voice=Voice.MEMBER)
        return turn

    return tuple(judged(turn) for turn in turns)


def _name(speaker: str) -> str:
    return speaker.partition(" (")[0]


def _speaks_as_chair(text: str, turn: Turn, rules: PassageRules) -> bool:
    if turn.form not in {"member", "bare"}:
        return False
    if rules.chair_says.search(text, turn.body, min(turn.end, turn.body + _LOOK_FOR_CHAIR)):
        return True
    last = turn.end - _LOOK_FOR_CHAIR
    return last > turn.body and rules.chair_says.search(text, last, turn.end) is not None


def _chair(text: str, turn: Turn, rules: PassageRules, in_list: bool, whole: bool) -> Generator[Mark, None, bool]:
    """Marks of a chair's turn, line by line; returns whether the list goes on in the chair's next turn.

    A list of several commitments goes on over interruptions until the chair closes; a single one ends with the turn.
    """
    goes_on = in_list
    if not in_list and text.find("oezegging", turn.body, turn.end) < 0 and text.find(" toe", turn.body, turn.end) < 0:
        yield Mark(turn.body, Voice.CHAIR, turn.speaker)
        return False
    for line in _LINE.finditer(text, turn.body, turn.end):
        opens = rules.list_opens.search(text, line.start(), line.end())
        if opens and not rules.list_not.search(text, line.start(), line.end()):
            in_list = True
            goes_on = goes_on or "toezeggingen" in line.group().lower()
            closes = False
        else:
            closes = bool(
                in_list
                and rules.list_closes.match(text, line.start(), line.end())
                and not rules.list_item.search(text, line.start(), line.end())
            )
        yield Mark(line.start(), Voice.CHAIR_LIST if in_list and not closes else Voice.CHAIR, turn.speaker)
    return whole or goes_on


def _motions(text: str, turn: Turn, rules: PassageRules) -> Iterator[Mark]:
    if text.find("De Kamer,", turn.body, turn.end) < 0:
        return
    done = turn.body
    for dictum in rules.motion.finditer(text, turn.body, turn.end):
        if dictum.start() < done:
            continue
        last = text.find(rules.motion_end, dictum.end(), min(turn.end, dictum.end() + _LONGEST_MOTION))
        if last < 0:
            continue
        yield Mark(dictum.start(), Voice.QUOTE, turn.speaker)
        newline = text.find("\n", last, turn.end)
        done = turn.end if newline < 0 else newline
        yield Mark(done, turn.voice, turn.speaker)
