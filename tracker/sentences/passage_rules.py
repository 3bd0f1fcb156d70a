"""The patterns of rules/passages.toml, compiled once: named word lists filled in, flags set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_EMPHASIS = r"[*_]{0,3}"
_PARTY = rf"[ ]?\([a-z]?(?:{_CAPITAL}|50)[^()\n]{{0,40}}\){_EMPHASIS}"
_LABEL_HEAD = r"[^\S\n]*+(?:[#*_•·>-]{1,6}[^\S\n]*+)?[*_]{0,3}"
_LABEL_TAIL = r"[*_]{0,3}[^\S\n]*(?:[:.)](?=\s|[*_]|$)[*_]{0,3}|$)"


@dataclass(frozen=True, slots=True)
class PassageRules:
    """Everything that `passages` knows about words; a pattern is matched at the start of a block unless it says so."""

    # which style a document has (searched)
    government: re.Pattern[str]
    listed: re.Pattern[str]
    # written documents
    block: re.Pattern[str]  # groups `question`, `answer`: labels; otherwise a block of lines
    answered: re.Pattern[str]  # searched: is there any label of an answer?
    asked: re.Pattern[str]  # searched: is there any label of a question?
    notes_section: re.Pattern[str]
    frame: re.Pattern[str]
    salutations: re.Pattern[str]  # searched
    place_and_date: re.Pattern[str]  # searched
    signature: re.Pattern[str]
    note: re.Pattern[str]
    note_number: re.Pattern[str]
    references: re.Pattern[str]  # searched
    question_number: re.Pattern[str]
    question_opening: re.Pattern[str]
    asks_you: re.Pattern[str]  # "Kunt u …"
    finite: re.Pattern[str]  # searched
    consultation: re.Pattern[str]  # searched
    members_section: re.Pattern[str]
    government_section: re.Pattern[str]
    has_government_section: re.Pattern[str]  # searched
    members_ask: re.Pattern[str]
    reply: re.Pattern[str]  # searched
    quoted: re.Pattern[str]
    motion: re.Pattern[str]
    motion_end: str
    # debates
    speaker: re.Pattern[str]  # groups `chair`, `government`, `member`, `other`, `bare`; ends after the colon
    not_names: frozenset[str]
    chair_says: re.Pattern[str]  # searched
    list_opens: re.Pattern[str]  # searched in a line
    list_not: re.Pattern[str]  # searched in a line
    list_closes: re.Pattern[str]
    list_item: re.Pattern[str]  # searched in a line

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any]) -> PassageRules:
        """From the tables of the rule file: `words`, and the patterns of `document`, `written` and `debate`."""
        words = {name: _any_of(listed) for name, listed in tables["words"].items()}
        document, written, debate = tables["document"], tables["written"], tables["debate"]
        words["numbers"] = written["numbers"]
        words["capital"] = _CAPITAL

        def pattern(source: str | Iterable[str], flags: int = 0) -> re.Pattern[str]:
            joined = source if isinstance(source, str) else "|".join(f"(?:{part})" for part in source)
            return re.compile(_filled(joined, words), re.MULTILINE | flags)

        asker = rf"{written['asker_label'].replace('{name}', _name() + _PARTY)}"
        question = rf"^{_LABEL_HEAD}(?:(?i:{written['question_label_any_case']})|{asker}){_LABEL_TAIL}"
        answer = rf"^{_LABEL_HEAD}(?i:(?P<is_answer>{written['answer_label_any_case']})){_LABEL_TAIL}"
        # A line that begins another block even where no blank line stands before it.
        stop = rf"{_LABEL_HEAD}(?i:(?:{{question_words}}|{{answer_words}})\b[^\n]{{0,60}}$)|\#{{1,6}}\ "
        line = r"[^\n]*+"
        block = rf"{question}|{answer}|\S{line}(?:\n(?![^\S\n]*+(?:\n|\Z))(?!{stop}){line})*+"
        return cls(
            government=pattern(document["government_any_case"], re.IGNORECASE),
            listed=pattern(document["list_any_case"], re.IGNORECASE),
            block=pattern(block),
            answered=pattern(answer),
            asked=pattern(question),
            notes_section=pattern(written["notes_section"], re.IGNORECASE),
            frame=pattern([rf"[>#*_\s]{{0,8}}(?:{part})" for part in written["frame_any_case"]], re.IGNORECASE),
            salutations=pattern(written["salutations"]),
            place_and_date=pattern(written["place_and_date"]),
            signature=pattern(rf"[*_\s]{{0,4}}{written['signature_any_case']}", re.IGNORECASE),
            note=pattern(written["note_marks"]),
            note_number=pattern(written["note_number"]),
            references=pattern(r"(?:^|(?<=[\s(«‘“/]))(?:{references})", re.IGNORECASE),
            question_number=pattern(rf"[#*_•]{{0,6}}\s?{written['question_number']}"),
            question_opening=pattern(r"\W{0,4}(?:{question_openings})\b", re.IGNORECASE),
            asks_you=pattern(r"\W{0,4}(?:{question_verbs}) u\b", re.IGNORECASE),
            finite=pattern(r"\b(?:{finite})\b", re.IGNORECASE),
            consultation=pattern(written["consultation_any_case"], re.IGNORECASE),
            members_section=pattern(written["members_section_any_case"], re.IGNORECASE),
            government_section=pattern(written["government_section_any_case"], re.IGNORECASE),
            has_government_section=pattern(rf"^{written['government_section_any_case']}", re.IGNORECASE),
            members_ask=pattern(written["members_ask_any_case"], re.IGNORECASE),
            reply=pattern(written["reply_any_case"], re.IGNORECASE),
            quoted=pattern(written["quoted"]),
            motion=pattern(rf"^[^\S\n]*+{written['motion']}"),
            motion_end=written["motion_end"],
            speaker=pattern(_speaker()),
            not_names=frozenset(tables["words"]["not_names"]),
            chair_says=pattern(debate["chair_says_any_case"], re.IGNORECASE),
            list_opens=pattern(debate["list_opens_any_case"], re.IGNORECASE),
            list_not=pattern(debate["list_not_any_case"], re.IGNORECASE),
            list_closes=pattern(debate["list_closes_any_case"], re.IGNORECASE),
            list_item=pattern(debate["list_item_any_case"], re.IGNORECASE),
        )


def _speaker() -> str:
    """A line that names a speaker: alone on its line, or (not for a bare name) before the words."""
    name, party = _name(), _PARTY
    address = rf"(?i:{{forms_of_address}}){_EMPHASIS}[ ]"
    chair = rf"(?i:(?:de )?{_EMPHASIS}(?:{{chairs}})){_EMPHASIS}(?:[ ]{name})?(?:[ ]?\([^()\n]{{2,60}}\))?"
    government = rf"(?i:(?:de )?{_EMPHASIS}(?:{{offices}})){_EMPHASIS}(?:[ ]{name})?(?:[ ]?\([^()\n]{{2,80}}\))?"
    other = rf"(?i:(?:de )?(?:{{officials}}))(?:[ ]{name})?|{address}{name}"
    colon = rf"{_EMPHASIS}:{_EMPHASIS}"
    return (
        r"^[^\S\n]*+(?=[^\n:]{2,120}:)[#*_]{0,6}[ ]?(?:"
        rf"(?:(?P<chair>{chair})|(?P<government>{government})|(?P<member>(?:{address})?{name}{party})|(?P<other>{other}))"
        rf"{colon}(?=\s|$)"
        rf"|(?P<bare>{name}){colon}(?=[^\S\n]*$))"
    )


def _name() -> str:
    called = rf"\({_CAPITAL}[\w-]{{1,20}}\)(?=[ ]\w)"  # "Johanna (Jo) Smit"
    word = rf"{_EMPHASIS}(?:{_CAPITAL}[\w'’.-]{{0,40}}|(?:{{particles}})\b|{called}){_EMPHASIS}"
    return rf"{word}(?:[ ]{word}){{0,7}}"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _filled(source: str, words: Mapping[str, str]) -> str:
    """The pattern with `{name}` replaced by its list; quantifiers such as `{2,80}` are left alone."""
    return re.sub(r"\{([a-z_]+)\}", lambda found: words[found[1]], source)
