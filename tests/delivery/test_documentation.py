"""docs/operation.md: it names every setting, with the default that holds, and only commands that are there."""

from __future__ import annotations

import configparser
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tracker.cli.app import app
from tracker.config import Backup, Config, Inbox, Job, Mail, Recipient, Report

PAGE = (Path(__file__).parents[2] / "docs" / "operation.md").read_text(encoding="utf-8")
SECTIONS = {"[report]": Report, "[mail]": Mail, "[[recipient]]": Recipient, "[[jobs]]": Job}


def table(head: str) -> str:
    return PAGE.partition(f"| `{head}` |")[2].partition("\n\n")[0]


@pytest.mark.parametrize("head", SECTIONS)
def test_every_key_has_a_line(head):
    named = set(re.findall(r"`(\w+)`", table(head)))
    assert set(SECTIONS[head].model_fields) - named == set()


@pytest.mark.parametrize("kind", [Inbox, Backup])
def test_every_key_of_the_small_sections_is_named(kind):
    for name in kind.model_fields:
        assert f"`{name}`" in PAGE


@pytest.mark.parametrize(
    ("head", "key", "said"),
    [
        ("[report]", "grace_days", "7"),
        ("[report]", "due_soon_days", "30"),
        ("[report]", "language", '`"nl"`'),
        ("[mail]", "security", '`"starttls"`'),
        ("[mail]", "timeout_seconds", "30"),
        ("[mail]", "sender", "`Toezeggingen <tracker@localhost>`"),
        ("[[recipient]]", "rhythm", '`"weekly"`'),
        ("[[jobs]]", "cron", '`"0 7 * * mon"`'),
    ],
)
def test_the_default_is_the_one_that_holds(head, key, said):
    assert re.search(rf"\| `{key}`[^|]*\| {re.escape(said)} \|", table(head))
    assert str(SECTIONS[head].model_fields[key].default) == said.strip('`"')


def test_every_sort_of_job_is_named():
    (does,) = re.findall(r"\| `does` \|.*", PAGE)
    assert set(Job.model_fields["does"].annotation.__args__) <= set(re.findall(r"`(\w+)`", does))


def test_the_example_is_a_configuration():
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
    config = Config.model_validate(tomllib.loads(example))
    assert [each.ministry for each in config.recipient] == [("VWS",)]


def test_the_unit_is_one():
    (unit,) = re.findall(r"```ini\n(.*?)```", PAGE, re.S)
    parser = configparser.ConfigParser(delimiters="=", interpolation=None)
    parser.optionxform = str
    parser.read_string(unit)
    assert parser["Service"]["ExecStart"].endswith("run")
    assert set(parser) - {"DEFAULT"} == {"Unit", "Service", "Install"}


def commands() -> list[str]:
    """Every command of the page, without the program's path and its configuration."""
    inline = re.findall(r"`tracker ([^`]+)`", PAGE)
    listed = re.findall(r"(?m)^\s*tracker (.+)$", PAGE)
    scheduled = re.findall(r"tracker(?:\.exe'.*?)? --config \S+ ([^'\n]+)", PAGE)
    return sorted({each.strip() for each in (*inline, *listed, *scheduled)})


@pytest.mark.parametrize("command", commands())
def test_the_commands_are_there(command):
    words = shlex.split(command)
    options = [word for word in words if word.startswith("--")]
    leading = words[: words.index(options[0])] if options else words
    done = CliRunner().invoke(app, [*leading, "--help"], prog_name="tracker", env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    assert [option for option in options if option not in done.output] == []
