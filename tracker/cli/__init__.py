"""The command line: a module a command group; exit codes in `exits`, output formats in `output`."""


def main() -> None:
    """What the `tracker` command runs."""
    import gc
    import sys

    # Nothing that is imported becomes garbage; looking for it takes a tenth of a start. `context.started` ends it.
    gc.disable()
    from tracker.cli.app import build, needed

    build(needed(sys.argv[1:]))(prog_name="tracker")
