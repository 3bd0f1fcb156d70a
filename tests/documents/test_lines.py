"""Words with places become lines: pure geometry."""

import pytest

from tracker.documents.formats.lines import Word, to_lines


def word(text: str, left: float, width: float, *, bottom: float = 500, height: float = 9) -> Word:
    return Word(text, 0, left, left + width, bottom, height, sum(map(str.isdigit, text)), bottom, height)


@pytest.mark.parametrize(
    ("second", "texts"),
    [
        (word("volgt", 113, 20), ["Dit volgt"]),
        (word("volgt", 140, 20), ["Dit", "volgt"]),
        (word("volgt", 80, 20, bottom=488), ["Dit", "volgt"]),
        (word(".", 111, 2), ["Dit."]),
        (word("3", 110.5, 3, bottom=503, height=6), ["Dit[3]"]),
        (word("2", 110.5, 3, bottom=498, height=6), ["Dit 2"]),
        (word("12", 113, 8), ["Dit 12"]),
    ],
    ids=["one line", "a column further", "the line below", "kerned sign", "raised mark", "lowered figure", "a number"],
)
def test_two_words(second: Word, texts: list[str]) -> None:
    assert [line.text for line in to_lines([word("Dit", 80, 30), second])] == texts


def test_a_small_number_before_text_begins_a_note() -> None:
    (line,) = to_lines([word("4", 80, 3, bottom=63, height=5), word("Kamerstuk", 85, 40, bottom=60, height=8)])
    assert (line.text, line.note, line.height) == ("[4] Kamerstuk", True, 8)
