"""The command line: a module a command group; exit codes in `exits`, output formats in `output`."""


def main() -> None:
    """What the `tracker` command runs."""
    from tracker.cli.app import app

    app(prog_name="tracker")
