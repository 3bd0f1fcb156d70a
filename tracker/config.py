"""The configuration: one schema, read from a TOML file, each scalar overridable from the environment.

`--config FILE`, else `TRACKER_CONFIG`, else `./config.toml`, else the defaults below. `[database] url` is also
`TRACKER_DATABASE_URL`, and so for every scalar. Paths in the file are relative to the file, those in the environment
and the defaults to the working folder.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, computed_field, field_validator, model_validator

from tracker import paths
from tracker.errors import ConfigError

ENVIRONMENT_PREFIX = "TRACKER_"
DEFAULT_NAME = "config.toml"
SQLITE = "sqlite:///"
PATHS = (
    ("report", "output"),
    ("report", "templates"),
    ("inbox", "folder"),
    ("network", "originals"),
    ("backup", "folder"),
    ("mail", "ca_file"),
    ("mail", "password_file"),
)


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Database(Section):
    url: str = Field(default_factory=paths.default_database_url, min_length=1)


class Numbers(Section):
    #: Numbers look like TT-2024-0137. T and TZ are what the two chambers use for theirs.
    prefix: str = Field(default="TT", pattern=r"^[A-Z]{1,6}$")

    @field_validator("prefix")
    @classmethod
    def _not_of_the_chambers(cls, value: str) -> str:
        if value in {"T", "TZ"}:
            raise ValueError("T and TZ are the prefixes of the two chambers' own registers; choose another")
        return value


class Report(Section):
    output: Path = Field(default_factory=lambda: paths.data_dir() / "reports")
    #: Past the due date and not yet under the accusing heading; `tracker list --overdue` counts from the day itself.
    grace_days: int = Field(default=7, ge=0, le=365)
    due_soon_days: int = Field(default=30, ge=0, le=365)
    language: Literal["nl", "en"] = "nl"
    templates: Path | None = None  # a folder whose files go before those of the program


class Inbox(Section):
    folder: Path = Path("inbox")
    #: A file that did not change for so long is whole, and is taken.
    settle_seconds: float = Field(default=2, ge=0, le=600)


class Limits(Section):
    """What is read at most of one file; the names of `tracker.documents.Limits`, sizes in bytes."""

    bytes: int = Field(default=40_000_000, ge=1)
    text_bytes: int = Field(default=10_000_000, ge=1)
    unpacked_bytes: int = Field(default=200_000_000, ge=1)
    pages: int = Field(default=1_500, ge=1)
    depth: int = Field(default=200, ge=10, le=250)
    attachments: int = Field(default=100, ge=0)
    seconds: float = Field(default=120, gt=0)
    memory_bytes: int = Field(default=1_000_000_000, ge=100_000_000)


class Mail(Section):
    """How mail leaves. Certificates are always checked; without encryption no login is sent."""

    server: str = ""  # empty: no mail is sent
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: Path | None = None  # PEM; beside the certificates that the system trusts
    user: str = ""  # empty: no login
    password: str = Field(default="", repr=False)  # from the environment, never from the file
    password_file: Path | None = None
    #: Bounds how long an attempt can last, and so must stay below what `store.outbox.LEASE` allows for.
    timeout_seconds: int = Field(default=30, ge=1, le=60)
    sender: str = "Toezeggingen <tracker@localhost>"
    unsubscribe: str = ""  # an address; empty: the sender's

    @field_validator("sender", "unsubscribe")
    @classmethod
    def _sendable(cls, value: str) -> str:
        return value and _address(value)


class Recipient(Section):
    """Who gets the report by mail, how often, and of what. Conditions that are left out do not hold it back."""

    address: str
    name: str = ""
    #: "changes": weekly, but only where something passed, came, was met or moved since the last one.
    rhythm: Literal["weekly", "monthly", "changes"] = "weekly"
    ministry: tuple[str, ...] = ()  # codes; one of them
    dossier: str | None = None
    tag: tuple[str, ...] = ()  # all of them
    words: str | None = None  # every one of them, somewhere in quote, context, topic or title
    only_past: bool = False
    calendar: bool = False  # attach the coming terms as .ics
    language: Literal["nl", "en"] | None = None  # default: report.language

    @field_validator("address")
    @classmethod
    def _sendable(cls, value: str) -> str:
        if parseaddr(value)[1] != value:
            raise ValueError("only the address is expected, as in a.jansen@example.org; the name has a key of its own")
        return _address(value)


def _address(value: str) -> str:
    """A value that can stand in a mail's header."""
    _name, address = parseaddr(value)
    if not re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", address) or not value.isprintable():
        raise ValueError("an address was expected, as in a.jansen@example.org")
    return value


class Backup(Section):
    folder: Path = Field(default_factory=lambda: paths.data_dir() / "backups")
    keep: int = Field(default=14, ge=1)  # copies, one a day


class Job(Section):
    """Something `tracker run` does by the clock. `cron` has five fields, in Amsterdam time; write days as names."""

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    does: Literal["inbox", "refresh", "overdue", "report", "outbox", "backup", "sources"]
    cron: str = "0 7 * * mon"

    @field_validator("cron")
    @classmethod
    def _five_fields(cls, value: str) -> str:
        if len(value.split()) != 5:
            raise ValueError('five fields were expected: minute, hour, day, month, weekday, as in "0 7 * * mon"')
        return value


class Network(Section):
    """How the program behaves on the network, and where it keeps what it fetched."""

    #: By which an operator can reach the user: a mail address or a page. It goes along with every request.
    contact: str = ""
    originals: Path = Field(default_factory=lambda: paths.data_dir() / "originals")
    #: Seconds between two requests to one host.
    pause: float = Field(default=0.5, ge=0, le=60)
    #: No larger file is fetched.
    largest_megabytes: int = Field(default=40, ge=1, le=1000)
    #: Whether addresses on this machine and on private networks may be fetched.
    allow_private: bool = False

    @field_validator("contact")
    @classmethod
    def _sendable(cls, value: str) -> str:
        if not (value.isascii() and value.isprintable()):
            raise ValueError("a mail address or the address of a page was expected")
        return value


class SourceRow(Section):
    """A subscription. Criteria of one sort are alternatives; all sorts that are given must hold."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,100}$")
    publisher: Literal["tweedekamer", "verslagen", "officielebekendmakingen", "register"]
    dossiers: tuple[Annotated[str, Field(pattern=r"^[0-9]{2}[ .]?[0-9]{3}([- ]?[A-Z]+)?$")], ...] = ()
    ministries: tuple[str, ...] = ()
    committees: tuple[str, ...] = ()
    kinds: tuple[Literal["letter", "answer", "report", "debate"], ...] = ()
    words: tuple[str, ...] = ()
    since: date | None = None
    #: In place of the publisher's own address.
    address: str | None = None
    #: Whether it is in order that the publisher has nothing at all for this.
    may_be_empty: bool = False


class Rules(Section):
    extra: tuple[Path, ...] = ()


class CalendarRow(Section):
    """A recess beside those that come with the program, with the names of `rules/recesses.csv`; both days inclusive."""

    recess: str
    first_day: date
    last_day: date
    status: str = "config"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def year(self) -> int:
        """The year by which a text names it: "het zomerreces 2025"."""
        return self.first_day.year

    @model_validator(mode="after")
    def _in_order(self) -> CalendarRow:
        if self.last_day < self.first_day:
            raise ValueError(f"the last day, {self.last_day}, lies before the first, {self.first_day}")
        return self


class CalendarSection(Section):
    extra: tuple[CalendarRow, ...] = ()


class Linking(Section):
    """From which score on a later sentence is linked to an earlier promise; the points are in `rules/linking.toml`."""

    close: float = Field(default=0.75, ge=0, le=1)  # by itself …
    margin: float = Field(default=0.12, ge=0, le=1)  # … where the next likely promise has so much less
    propose: float = Field(default=0.45, ge=0, le=1)  # a person is asked
    review: float = Field(default=0.7, ge=0, le=1)  # promises found with less confidence wait for a person


class User(Section):
    #: Who decides, for the history. Empty: the login name.
    name: str = ""


JOBS = (
    Job(name="refresh", does="refresh", cron="0 0 * * *"),
    Job(name="backup", does="backup", cron="30 2 * * *"),
    Job(name="inbox", does="inbox", cron="0 6 * * *"),
    Job(name="overdue", does="overdue", cron="0 7 * * mon"),
    Job(name="report", does="report", cron="0 7 * * mon"),
    Job(name="outbox", does="outbox", cron="*/15 * * * *"),
)


class Config(Section):
    database: Database = Field(default_factory=Database)
    numbers: Numbers = Field(default_factory=Numbers)
    report: Report = Field(default_factory=Report)
    inbox: Inbox = Field(default_factory=Inbox)
    limits: Limits = Field(default_factory=Limits)
    network: Network = Field(default_factory=Network)
    source: tuple[SourceRow, ...] = ()
    rules: Rules = Field(default_factory=Rules)
    calendar: CalendarSection = Field(default_factory=CalendarSection)
    linking: Linking = Field(default_factory=Linking)
    user: User = Field(default_factory=User)
    backup: Backup = Field(default_factory=Backup)
    mail: Mail = Field(default_factory=Mail)
    recipient: tuple[Recipient, ...] = ()
    jobs: tuple[Job, ...] = JOBS

    @field_validator("recipient")
    @classmethod
    def _each_once(cls, value: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
        addresses = [each.address.casefold() for each in value]
        if twice := next((each for each in addresses if addresses.count(each) > 1), None):
            raise ValueError(f"{twice} is there twice; a recipient gets one report a period")
        return value

    @field_validator("jobs")
    @classmethod
    def _each_name_once(cls, value: tuple[Job, ...]) -> tuple[Job, ...]:
        names = [job.name for job in value]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"{twice} is the name of two jobs; what ran when is kept by name, so give each its own")
        return value


def with_source(file: Path, row: Mapping[str, Any]) -> str:
    """The text of a configuration file with one more `[[source]]`. Raises ConfigError where that would not do."""
    said = {key: value for key, value in row.items() if value not in (None, [], (), False)}
    lines = "".join(f"{key} = {_toml(value)}\n" for key, value in said.items())
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    text += ("\n" if text else "") + "[[source]]\n" + lines
    try:
        names = [source.name for source in Config.model_validate(tomllib.loads(text)).source]
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(f"{file}: a source cannot be added: {problem}") from None
    except ValidationError as problem:
        raise ConfigError(_sentence(problem, file, {})) from None
    if len(set(names)) < len(names):
        raise ConfigError(f"{file}: there is a source {row['name']} already; choose another name")
    return text


def _toml(value: Any) -> str:
    """A text, number, day or list of those, as TOML writes it."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def load(given: Path | None = None, environment: Mapping[str, str] | None = None) -> Config:
    """The configuration in force. Raises ConfigError (exit code 2) for an unknown key or an impossible value."""
    environment = os.environ if environment is None else environment
    file = find(given, environment)
    tables = _relative_to(_read(file), file.parent) if file else {}
    _without_password(tables, file)
    _apply(tables, environment)
    try:
        return Config.model_validate(tables)
    except ValidationError as problem:
        raise ConfigError(_sentence(problem, file, environment)) from None


def find(given: Path | None, environment: Mapping[str, str] | None = None) -> Path | None:
    """The configuration file in force. Raises ConfigError where one is named that is not there."""
    environment = os.environ if environment is None else environment
    named = given or (Path(environment["TRACKER_CONFIG"]) if environment.get("TRACKER_CONFIG") else None)
    if named is not None:
        if not named.is_file():
            raise ConfigError(
                f"{named}: no such configuration file; leave --config and TRACKER_CONFIG out for the defaults"
            )
        return named
    return Path(DEFAULT_NAME) if Path(DEFAULT_NAME).is_file() else None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{file}: this is not TOML: {problem}") from None
    except OSError as problem:
        raise ConfigError(f"{file}: cannot be read: {problem.strerror}") from None


def _without_password(tables: Mapping[str, Any], file: Path | None) -> None:
    if isinstance(mail := tables.get("mail"), dict) and "password" in mail:
        raise ConfigError(
            f"{file}: mail.password: a password does not belong in this file; give it as "
            f"{ENVIRONMENT_PREFIX}MAIL_PASSWORD, "
            "or put it alone into a file and name that as mail.password_file"
        )


def _relative_to(tables: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Paths in the file, made relative to the file. Values of a wrong type are left for the schema to name."""

    def resolved(value: Any) -> Any:
        return str((folder / Path(value).expanduser()).resolve()) if isinstance(value, str) and value else value

    for section, key in PATHS:
        if isinstance(table := tables.get(section), dict) and key in table:
            table[key] = resolved(table[key])
    if isinstance(rules := tables.get("rules"), dict) and isinstance(rules.get("extra"), list):
        rules["extra"] = [resolved(value) for value in rules["extra"]]
    if isinstance(database := tables.get("database"), dict):
        url = database.get("url")
        if isinstance(url, str) and url.startswith(SQLITE) and url != SQLITE and ":memory:" not in url:
            database["url"] = SQLITE + resolved(url.removeprefix(SQLITE))
    return tables


def _apply(tables: dict[str, Any], environment: Mapping[str, str]) -> None:
    """Put `TRACKER_SECTION_KEY` over what the file says, for every scalar of the schema."""
    for section, key in scalars():
        value = environment.get(f"{ENVIRONMENT_PREFIX}{section}_{key}".upper())
        table = tables.setdefault(section, {}) if value is not None else None
        if isinstance(table, dict):
            table[key] = value


def scalars() -> Iterator[tuple[str, str]]:
    """The (section, key) pairs that one environment variable each can override."""
    for section, field in Config.model_fields.items():
        model = field.annotation
        if isinstance(model, type) and issubclass(model, Section):
            for key, inner in model.model_fields.items():
                if "tuple" not in str(inner.annotation):
                    yield section, key


def _sentence(problem: ValidationError, file: Path | None, environment: Mapping[str, str]) -> str:
    """What is wrong, in one line: where, what, what to write instead. A misspelt key goes before what is missing."""
    errors = problem.errors(include_url=False)
    error = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
    where = [str(part) for part in error["loc"]]
    variable = (ENVIRONMENT_PREFIX + "_".join(where)).upper()
    place = variable if variable in environment else f"{file}: {'.'.join(where)}"
    if error["type"] == "extra_forbidden":
        return f"{place}: unknown key{_did_you_mean(where)}"
    if error["type"] == "missing":
        return f"{place}: this key is required"
    return f"{place}: {error['msg'].removeprefix('Value error, ')} (it is {error['input']!r})"


def _did_you_mean(where: list[str]) -> str:
    from difflib import get_close_matches

    known = _keys_at(where[:-1])
    near = get_close_matches(where[-1], known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(known)}"


def _keys_at(where: list[str]) -> list[str]:
    models: dict[str, type[Section]] = {
        "jobs": Job,
        "calendar.extra": CalendarRow,
        "source": SourceRow,
        "recipient": Recipient,
    }
    path = ".".join(part for part in where if not part.isdigit())
    if path in models:
        return list(models[path].model_fields)
    model = Config.model_fields[path].annotation if path else Config
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, Section) else []
