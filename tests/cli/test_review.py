"""`tracker review` and its kin, as a person and as a script use them."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import sys
import termios
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tracker.store import Store

from .conftest import Cli

STORY = Path(__file__).parents[1] / "story" / "documents"


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the ten documents of the story, made once."""
    folder = tmp_path_factory.mktemp("told")
    cli = Cli(folder, folder / "store.sqlite3", {"TRACKER_DATABASE_URL": f"sqlite:///{folder / 'store.sqlite3'}"})
    cli("ingest", STORY)
    return cli.database


@pytest.fixture
def story(cli: Cli, told: Path) -> Cli:
    """A command line over a copy of that database."""
    for part in told.parent.glob(told.name + "*"):
        shutil.copy(part, cli.database.with_name(cli.database.name + part.name.removeprefix(told.name)))
    return cli


def waiting(cli: Cli, kind: str) -> list[dict[str, Any]]:
    return cli.rows("review", "list", "--kind", kind)


def status(cli: Cli, number: str) -> tuple[str, str | None]:
    (row,) = [row for row in cli.rows("list", "--as-of", "2025-01-01") if row["number"] == number]
    return row["status"], row["parent"]


def test_what_waits_says_what_is_proposed_and_why(story: Cli) -> None:
    rows = waiting(story, "fulfilment")
    assert len(rows) == 2, "two could be meant, so neither is closed"
    assert {row["promise_status"] for row in rows} == {"open"}
    reasons = {reason["code"]: reason for reason in rows[0]["reasons"]}
    assert {"says-so", "same-day", "topic"} <= reasons.keys()
    assert reasons["same-day"]["text"].startswith("noemt het debat, de brief of de dag van de toezegging")
    assert reasons["same-day"]["points"] > 0
    assert rows[0]["reference"].startswith("Brief van 25 juni 2024, 31 409, nr. 412")


def test_an_unknown_kind_is_said(story: Cli) -> None:
    assert "--kind wish: there are new, claimed" in story("review", "list", "--kind", "wish", code=2).stderr


def test_reasons_in_english(story: Cli) -> None:
    rows = story.rows("review", "list", "--kind", "fulfilment", "--language", "en")
    assert any(reason["text"].startswith("says itself that a promise is met") for reason in rows[0]["reasons"])


def test_a_script_accepts_and_rejects(story: Cli) -> None:
    canals, rivers = waiting(story, "fulfilment")
    story("review", "accept", canals["id"])
    story("review", "reject", rivers["id"], "--note", "alleen de kanalen")
    assert status(story, canals["number"])[0] == "fulfilled"
    assert status(story, rivers["number"])[0] == "open"
    assert waiting(story, "fulfilment") == []
    shown = story("show", canals["number"], "--format", "json").stdout
    assert '"closed_by": "confirmed"' in shown
    story("verify")


def test_an_unknown_proposal_is_said(story: Cli) -> None:
    assert "no proposal L999" in story("review", "accept", "L999", code=1).stderr


def test_a_note_on_an_accepted_deferral_is_kept(story: Cli) -> None:
    item = waiting(story, "deferral")[0]
    story("review", "accept", item["id"], "--note", "zelf gelezen")
    shown = json.loads(story("show", item["number"], "--format", "json").stdout)
    assert "zelf gelezen" in [event["note"] for event in shown["history"]]


def test_one_key_a_decision(story: Cli) -> None:
    """Everything that waits is skipped but the two letters that could mean either of two promises."""
    order = story.rows("review", "list")
    keys = "".join("a" if row["kind"] == "claimed" else "s" for row in order)
    result = story("review", input=keys + "q")
    assert "as the government says" in result.stdout
    assert "accept" in result.stderr and "0 left" not in result.stderr
    assert waiting(story, "claimed") == [], "what was decided is kept"


def test_progress_is_kept_where_a_walk_stops(story: Cli) -> None:
    before = story.rows("review", "list")
    story("review", input="rq")
    after = story.rows("review", "list")
    assert before[0]["id"] not in {row["id"] for row in after}


def test_a_decision_is_taken_back_with_a_key(story: Cli) -> None:
    before = story.rows("review", "list")
    story("review", input="ruq")
    assert story.rows("review", "list") == before


def test_a_date_and_the_words_are_edited_on_the_way(story: Cli) -> None:
    first = story.rows("review", "list")[0]
    story("review", input="d2025-03-31\nthet plan voor walstroom\nq")
    shown = story("show", first["number"], "--format", "json").stdout
    assert '"due": "2025-03-31"' in shown
    assert '"action": "het plan voor walstroom"' in shown


def test_not_mine_leaves_the_walk(story: Cli) -> None:
    first = story.rows("review", "list")[0]
    story("review", input="mq")
    assert first["number"] not in {row["number"] for row in story.rows("review", "list")}


def test_a_wrong_date_is_said_and_the_walk_goes_on(story: Cli) -> None:
    result = story("review", input="dmorgen\nq")
    assert "is not a day" in result.stderr


def test_a_promise_is_tied_to_another(story: Cli) -> None:
    one, two = (row["number"] for row in story.rows("list", "--search", "oevers", "--as-of", "2025-01-01"))
    story("link", two, one)
    assert status(story, two) == ("open", one)
    story("link", two, "--none")
    assert status(story, two) == ("open", None)
    story("link", two, one, "--same", "--note", "één brief over alle oevers")
    assert "één brief over alle oevers" in story("show", two, "--format", "json").stdout
    (kept,) = story.rows("list", "--search", "oevers", "--as-of", "2025-01-01")
    assert (kept["number"], kept["mentions"]) == (two, 2), "the number on which a person worked"
    assert kept["status"] == "fulfilled", "the letter of June now can mean only this one"
    assert f"the same promise as {two}" in story("show", one, code=1).stderr
    assert "give the other promise" in story("link", one, code=2).stderr


def test_promises_are_handed_over_in_bulk(story: Cli) -> None:
    arguments = ("--from-ministry", "IenW", "--search", "oevers", "--ministry", "VRO", "--date", "2024-07-02")
    assert story("reassign", *arguments, "--dry-run").stdout.count("would go to VRO from 2024-07-02 on") == 2
    assert story.rows("list", "--ministry", "VRO") == []
    story("reassign", *arguments, "--note", "nieuw kabinet")
    assert len(story.rows("list", "--ministry", "VRO", "--as-of", "2024-07-02")) == 2
    assert story.rows("list", "--ministry", "VRO", "--as-of", "2024-07-01") == []
    one = story.rows("list", "--ministry", "VRO", "--as-of", "2024-07-02")[0]["number"]
    before, after = (story("show", one, "--as-of", day).stdout for day in ("2024-07-01", "2024-07-02"))
    assert "Minister van Infrastructuur" in before and "Minister van Infrastructuur" not in after
    story("undo", json.loads(story("show", one, "--format", "json").stdout)["history"][-1]["id"])
    assert len(story.rows("list", "--ministry", "VRO", "--as-of", "2024-07-02")) == 1
    assert "who answers for them now" in story("reassign", "--search", "oevers", code=2).stderr


def test_what_lapsed_carries_its_reason(story: Cli) -> None:
    number = story.rows("list", "--search", "oevers", "--as-of", "2025-01-01")[0]["number"]
    story("status", "set", number, "lapsed", "--note", "kabinet gevallen", "--date", "2024-07-02")
    assert status(story, number)[0] == "lapsed"
    assert "kabinet gevallen" in story("show", number).stdout
    story("undo", json.loads(story("show", number, "--format", "json").stdout)["history"][-1]["id"])
    assert status(story, number)[0] == "open"


def test_where_the_government_says_that_it_is_met(story: Cli) -> None:
    rows = story.rows("fulfilments")
    assert [str(row["date"]) for row in rows] == ["2023-06-12", "2023-11-20", "2024-03-20", "2024-06-25"]
    assert {row["status"] for row in rows} == {"claimed"}
    assert all(row["closes"] for row in rows[:3]) and not rows[3]["closes"] and len(rows[3]["proposed"]) == 2
    assert rows[0]["references"][0]["date"] == "2023-02-09"
    assert rows[0]["references"][0]["document"] == 1, "the debate is known"


def test_what_waits_is_told_where_the_promise_is_shown(story: Cli) -> None:
    offered = waiting(story, "fulfilment")[0]
    card = " ".join(story("show", offered["number"]).stdout.split())
    assert f"Waits for review: met according to Brief van 25 juni 2024, 31 409, nr. 412, {offered['id']}" in card
    listed = story("list", "--search", "rivieren", "--format", "table").stdout
    assert "review it" in listed and "1 of these has a proposal waiting: tracker review" in listed
    earlier = story("list", "--search", "rivieren", "--format", "table", "--as-of", "2024-06-01").stdout
    assert "waiting" not in earlier, "the letter was not there yet"
    story("review", "reject", offered["id"])
    assert "Waits for review: met" not in story("show", offered["number"]).stdout


def test_of_some_promises_waits_what_waits_of_all(story: Cli, told: Path) -> None:
    with Store.open(f"sqlite:///{told}", read_only=True) as store:
        day = date(2025, 1, 1)
        waiting = [p for p in store.desk.waiting(as_of=day) if p.said and not p.linked]
        for number in store.revisions():
            some = {p.id for p in store.desk.offered([number], as_of=day)}
            assert some == {p.id for p in waiting if p.commitment.number == number}


def test_how_often_and_how_far_it_slipped_is_shown(story: Cli) -> None:
    (plan,) = story.rows("list", "--search", "walstroom", "--as-of", "2024-01-01")
    assert (plan["deferrals"], plan["slipped_days"], plan["days_late"], plan["days_late_first"]) == (2, 275, 0, 185)
    assert "2 times, by 275 days" in story("show", plan["number"], "--as-of", "2024-01-01").stdout


# ── On a terminal ────────────────────────────────────────────────────────────────────────────────────────────────


class Terminal:
    """A program on a terminal of 80 columns: what it shows after each key."""

    def __init__(self, cli: Cli, *arguments: str) -> None:
        import pty

        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever started the tests may have it ignored
            os.environ.update(cli.env | {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "xterm"})
            os.execv(sys.executable, [sys.executable, "-c", "from tracker.cli import main; main()", *arguments])

    def until(self, words: str) -> str:
        """What comes on the screen up to these words."""
        shown = ""
        while words not in shown:
            ready, _, _ = select.select([self.screen], [], [], 30)
            assert ready, f"{words!r} did not come: {shown}"
            shown += os.read(self.screen, 65536).decode(errors="replace")
        return shown

    def press(self, key: str, until: str) -> str:
        """A key where the program waits for one: what is pressed before it asks is not taken as a decision."""
        while termios.tcgetattr(self.screen)[3] & termios.ECHO:
            time.sleep(0.01)
        return self.type(key, until)

    def type(self, text: str, until: str) -> str:
        time.sleep(0.3)  # a question is asked a moment after it is printed
        os.write(self.screen, text.encode())
        return self.until(until)

    def exit_code(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_on_a_terminal_every_key_says_what_it_did_and_ctrl_c_keeps_it(story: Cli) -> None:
    screen = Terminal(story, "review")
    first = screen.until("help")
    assert "partly met, as the government says?" in first
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip()) for line in first.splitlines()) <= 80
    assert "reject: it is not so" in screen.press("?", "say this")
    assert "L3: skip taken back" in screen.press("s", "help") + screen.press("u", "help")
    assert "due date" in screen.press("d", "leave it: ")
    assert "nothing changed" in screen.type("\x03", "changed"), "Ctrl-C at a question leaves the question"
    screen.press("d", "leave it: ")
    assert "due 2025-03-31" in screen.type("2025-03-31\r", "help")
    assert "edit date taken back" in screen.press("u", "help")
    assert "nothing to undo" in screen.press("u", "yet")
    assert "L3: accept; TT-2023-0001 is fulfilled" in screen.press("a", "help")
    assert "tracker: 1 accept; 8 left" in screen.press("\x03", "8 left")
    assert screen.exit_code() == 130
    assert "L3" not in {row["id"] for row in story.rows("review", "list")}
