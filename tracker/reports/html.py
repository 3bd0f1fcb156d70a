"""How a report looks: the Jinja environment over `templates/`, dates and numbers by Babel, words from a catalogue.

A user's own folder goes before the shipped one, file by file. `templates/README.md` documents what a template gets.
"""

from __future__ import annotations

import re
import tomllib
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    select_autoescape,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

from tracker import paths
from tracker.errors import ConfigError, UsageError
from tracker.reports.views import ReportView

REPORT = "report.html.j2"
OVERDUE = "overdue.txt.j2"
INDEX = "index.html.j2"


def render(view: ReportView, own_templates: Sequence[Path] = (), language: str = "nl", template: str = REPORT) -> str:
    """One self-contained page (or, by another template, one text) that says what `view` holds."""
    return "".join(pieces(view, own_templates, language, template))


def pieces(
    view: ReportView, own_templates: Sequence[Path] = (), language: str = "nl", template: str = REPORT
) -> Iterator[str]:
    """As `render`, one piece after another: a page over thousands of promises need not be held whole."""
    return generated(template, own_templates, language, view=view)


def generated(template: str, own_templates: Sequence[Path], language: str, **given: Any) -> Iterator[str]:
    """What a template makes of what it is given. Raises ConfigError for a fault in it, UsageError for the language."""
    env = environment(own_templates, language)
    with blamed(template):
        yield from env.get_template(template).generate(**given)


#: What a fault in a template comes to: Jinja's own errors, and those of a wrong name, type or number in an expression.
_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@contextmanager
def blamed(template: str) -> Iterator[None]:
    """A fault in a template is its writer's: what is wrong, and where, as a ConfigError."""
    try:
        yield
    except TemplateSyntaxError as problem:
        raise ConfigError(f"{problem.name or template}, line {problem.lineno}: {problem.message}") from None
    except ConfigError as problem:  # a text that it asks for is not there
        raise ConfigError(f"{_where(problem, template)}: {problem}") from None
    except _FAULTS as problem:
        said = problem.message if isinstance(problem, TemplateError) else f"{type(problem).__name__}: {problem}"
        raise ConfigError(
            f"{_where(problem, template)}: {said}; templates/README.md says what a template gets"
        ) from problem


def _where(problem: Exception, template: str) -> str:
    """The file and the line that were at work, where the traceback has them."""
    lines = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(problem.__traceback__)]
    in_templates = [f"{file}, line {line}" for file, line in lines if file.endswith(".j2")]
    return in_templates[-1] if in_templates else template


class _Compiled(BytecodeCache):
    """What Jinja made of the templates, for as long as the program runs; a template that changes is compiled anew."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def environment(own_templates: Sequence[Path] = (), language: str = "nl") -> Environment:
    """Templates with the filters and functions of `templates/README.md`. Names that are not there are errors."""
    loader = FileSystemLoader([*map(str, own_templates), str(paths.templates_dir())])
    env = Environment(
        loader=loader,
        autoescape=select_autoescape(("html.j2", "html"), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_COMPILED,
    )
    locale = Locale.parse(language)
    texts = _texts(env, language)
    env.globals |= {"t": _translator(texts, locale, f"texts.{language}.toml"), "language": language}
    env.filters |= {
        "day": lambda day: _time(day, "d MMMM y", locale),
        "short_day": lambda day: _time(day, "d MMM y", locale),
        "weekday": lambda day: _time(day, "EEEE d MMMM y", locale),
        "month": lambda day: _formatted(day, "MMMM y", locale),
        "month_letter": lambda day: _formatted(day, "LLLLL", locale),
        "plain_day": lambda day: _formatted(day, "d MMMM y", locale),
        "unbroken": _unbroken,
        "number": lambda value: format_decimal(value, locale=locale),
    }
    return env


def _texts(env: Environment, language: str) -> Mapping[str, Any]:
    name = f"texts.{language}.toml"
    assert env.loader is not None
    try:
        return tomllib.loads(env.loader.get_source(env, name)[0])
    except TemplateNotFound:
        raise UsageError(f"the report has no words in {language!r} yet; use 'nl', or add {name} to templates") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{name}: this is not TOML: {problem}") from None


def _translator(texts: Mapping[str, Any], locale: Locale, file: str) -> Callable[..., Markup]:
    """`t("past.verdict", n=3, day=…)`: a text with its values escaped and put in; `n` chooses the plural form."""

    def t(key: str, **values: Any) -> Markup:
        found: Any = texts
        try:
            for part in key.split("."):
                found = found[int(part) if isinstance(found, list) else part]
            if isinstance(found, dict):
                found = found[locale.plural_form(values["n"])]
            return Markup.escape(found).format(
                **{name: format_decimal(v, locale=locale) if type(v) is int else v for name, v in values.items()}
            )
        except (LookupError, TypeError, ValueError):
            given = f"the values {', '.join(values)}" if values else "no values"
            raise ConfigError(
                f'{file} has no text "{key}" that goes with {given}; add it there, or correct the name in the template'
            ) from None

    return t


@lru_cache(maxsize=16_384)
def _time(day: date, pattern: str, locale: Locale) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), _formatted(day, pattern, locale))


#: What a line may not break within a citation: "31 015", "nr. 245", "p. 2", "1 april".
_UNIT = re.compile(r"\b(?:\d{2} \d{3}|(?:nr|p)\. \d+|\d{1,2} (?=[a-z]+ \d{4})[a-z]+)")


def _unbroken(citation: str) -> Markup:
    """A citation whose units stay on one line; what is copied has ordinary spaces."""
    escaped = str(Markup.escape(citation))
    return Markup(_UNIT.sub(r'<span class="nowrap">\g<0></span>', escaped))


@lru_cache(maxsize=16_384)
def _formatted(day: date, pattern: str, locale: Locale) -> str:
    return format_date(day, pattern, locale=locale)
