"""`tracker stats`, as people and programs see it."""

import pytest

from .conftest import Cli


def test_stats_have_denominators_and_a_row_of_all(stored: Cli) -> None:
    stored("status", "set", "TT-2023-0001", "fulfilled", "--date", "2024-03-05")
    rows = stored.rows("stats", "--as-of", "2024-08-01")
    assert [row["name"] for row in rows] == ["IenW", "all"]
    total = rows[-1]
    assert total["total"] == len(stored.rows("list", "--as-of", "2024-08-01"))
    assert (total["confirmed"], total["confirmed_late"], total["claimed"]) == (1, 1, 0)
    assert total["median_days"] is None


def test_a_table_says_what_it_rests_on_and_flags_small_numbers(stored: Cli) -> None:
    stored.env["COLUMNS"] = "110"
    shown = stored("stats", "--by", "month", "--as-of", "2024-08-01", "--format", "table").stdout
    assert "2023-09" in shown
    assert "3*" in shown
    assert "2 documents read" in shown


def test_nothing_to_count_is_no_error(stored: Cli) -> None:
    assert stored.rows("stats", "--as-of", "2020-01-01") == []


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_table_fits_the_terminal(stored: Cli, columns: int) -> None:
    stored.env["COLUMNS"] = str(columns)
    said = stored("stats", "--format", "table").stdout
    assert "…" not in said
    assert {"Open", "Claimed", "Days"} <= set(said.split())
    assert max(map(len, said.splitlines())) <= columns
