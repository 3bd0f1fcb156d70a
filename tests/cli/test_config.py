"""The configuration: where it is found, what overrides what, and what is said of mistakes."""

from pathlib import Path

import pytest

from tracker import config
from tracker.errors import ConfigError


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "config.toml"


def test_the_shipped_file_is_valid_and_says_the_defaults() -> None:
    shipped = config.load(Path(__file__).parents[2] / "config.toml", {})
    defaults = config.Config()
    assert shipped.jobs == defaults.jobs
    assert shipped.numbers == defaults.numbers
    assert shipped.mail == defaults.mail
    assert shipped.recipient == defaults.recipient
    assert shipped.backup.keep == defaults.backup.keep
    assert shipped.database.url.endswith("/db/tracker.sqlite3")


def test_without_a_file_the_data_lie_in_the_users_data_folder(file: Path) -> None:
    from platformdirs import user_data_path

    assert str(user_data_path("toezeggingen-tracker", appauthor=False)) in config.load(None, {}).database.url


def test_a_file_in_the_working_folder_is_found(file: Path) -> None:
    file.write_text('[numbers]\nprefix = "AB"\n')
    assert config.load(None, {}).numbers.prefix == "AB"


def test_the_option_goes_before_the_environment_and_that_before_the_working_folder(file: Path, tmp_path: Path) -> None:
    file.write_text('[numbers]\nprefix = "A"\n')
    named, given = tmp_path / "b.toml", tmp_path / "c.toml"
    named.write_text('[numbers]\nprefix = "B"\n')
    given.write_text('[numbers]\nprefix = "C"\n')
    environment = {"TRACKER_CONFIG": str(named)}
    assert config.load(None, environment).numbers.prefix == "B"
    assert config.load(given, environment).numbers.prefix == "C"


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / "c.toml"
    file.write_text(
        '[database]\nurl = "sqlite:///x.sqlite3"\n[report]\noutput = "../out"\n[rules]\nextra = ["r.toml"]\n'
    )
    loaded = config.load(file, {})
    assert loaded.database.url == f"sqlite:///{tmp_path / 'deep' / 'x.sqlite3'}"
    assert loaded.report.output == tmp_path / "out"
    assert loaded.rules.extra == (tmp_path / "deep" / "r.toml",)


@pytest.mark.parametrize(("section", "key"), list(config.scalars()), ids=".".join)
def test_every_scalar_has_its_variable(section: str, key: str) -> None:
    value = {
        "prefix": "XY",
        "grace_days": "3",
        "due_soon_days": "4",
        "language": "en",
        "port": "465",
        "security": "tls",
        "timeout_seconds": "5",
        "keep": "3",
        "pause": "2.0",
        "largest_megabytes": "3",
        "memory_bytes": "200000000",
        "allow_private": "True",
        **dict.fromkeys(("bytes", "text_bytes", "unpacked_bytes", "pages", "depth", "attachments"), "200"),
        **dict.fromkeys(("seconds", "settle_seconds"), "5.0"),
        **dict.fromkeys(("close", "margin", "propose", "review"), "0.5"),
        "sender": "a@example.org",
        "unsubscribe": "b@example.org",
    }.get(key, "word")
    loaded = config.load(None, {f"TRACKER_{section}_{key}".upper(): value})
    assert str(getattr(getattr(loaded, section), key)) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[databse]\nurl = "x"', "databse: unknown key; did you mean database?"),
        ('[database]\nulr = "x"', "database.ulr: unknown key; did you mean url?"),
        ("[report]\nzzz = 1", "report.zzz: unknown key; known here: output, grace_days"),
        ('[[jobs]]\nname = "a"\ndoes = "report"\ncorn = "x"', "jobs.0.corn: unknown key; did you mean cron?"),
        ('[[jobs]]\nname = "a"', "jobs.0.does: this key is required"),
        ('[[jobs]]\nname = "a"\ndoes = "report"\ncron = "daily"', "five fields"),
        ('[numbers]\nprefix = "TZ"', "the two chambers"),
        ('[report]\ngrace_days = "veel"', "report.grace_days"),
        ('[[calendar.extra]]\nrecess = "a"\nfirst_day = 2025-02-02\nlast_day = 2025-01-01', "lies before the first"),
        (
            '[[recipient]]\naddress = "a@example.org"\nminstry = ["VWS"]',
            "recipient.0.minstry: unknown key; did you mean",
        ),
        ('[[recipient]]\naddress = "geen adres"', "recipient.0.address: "),
        ('[[recipient]]\naddress = "A <a@example.org>"', "only the address is expected"),
        ('[[recipient]]\naddress = "a@b.nl"\n[[recipient]]\naddress = "A@b.nl"', "a@b.nl is there twice"),
        ('[mail]\nsender = "a@b.nl\\nBcc: c@d.nl"', "mail.sender: "),
        ('[mail]\npassword = "geheim"', "does not belong in this file"),
        (
            '[[jobs]]\nname = "a"\ndoes = "report"\n[[jobs]]\nname = "a"\ndoes = "inbox"',
            "a is the name of two jobs",
        ),
        ("geen toml", "this is not TOML"),
        ('database = "x"', "database"),
    ],
)
def test_a_mistake_is_named_with_its_place(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    with pytest.raises(ConfigError) as problem:
        config.load(None, {})
    assert said in str(problem.value)
    assert file.name in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_mistake_in_the_environment_names_the_variable() -> None:
    with pytest.raises(ConfigError, match=r"^TRACKER_REPORT_GRACE_DAYS: "):
        config.load(None, {"TRACKER_REPORT_GRACE_DAYS": "soon"})


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such configuration file"):
        config.load(tmp_path / "none.toml", {})
