"""How every command ends: an exit code, and for a problem one line on standard error. Users never see a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from tracker.cli.exits import ExitCode
from tracker.errors import TrackerError


class TrackerGroup(TyperGroup):
    """The root of the commands."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """As Typer's, but always ends the process, with our codes."""
        command = super().main
        _speak_utf8()
        sys.exit(_run(lambda: command(args, prog_name, complete_var, False, windows_expand_args, **extra)))

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named. A pipe that its reader closed (`tracker list | head`) is a quiet end."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - for what the interpreter flushes at its end
            return ExitCode.DONE
        return result


def complain(message: str) -> None:
    """Say one line to the user, on standard error."""
    print(f"tracker: {' '.join(message.split())}", file=sys.stderr)


def _run(command: Callable[[], Any]) -> int:
    try:
        code = command()
    except TrackerError as problem:
        complain(str(problem))
        return problem.exit_code
    except TyperException as problem:
        return _usage(problem)
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except Exception as problem:
        if os.environ.get("TRACKER_DEBUG"):
            raise
        complain(f"unexpected {type(problem).__name__}: {problem}. A fault in the program; TRACKER_DEBUG=1 shows where")
        return ExitCode.ERROR
    return code if isinstance(code, int) else ExitCode.DONE


def _usage(problem: TyperException) -> int:
    if type(problem).__name__ == "NoArgsIsHelpError":  # the help has been printed
        return ExitCode.USAGE
    context = getattr(problem, "ctx", None)
    hint = f"; `{context.command_path} --help` shows what it takes" if context is not None else ""
    message = problem.format_message().rstrip(".").replace("Value error, ", "")
    complain(f"{message[:1].lower()}{message[1:]}{hint}")
    return ExitCode.USAGE


def _speak_utf8() -> None:
    """Quotes and names in UTF-8 in every locale, and no crash on a terminal that cannot show them."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace") if stream.isatty() else reconfigure(encoding="utf-8", errors="replace")
