"""The command line: a module a command group; exit codes in `exits`, output formats in `output`."""


def main() -> None:
    """What the `tracker` command runs."""
    import gc
    import sys

    # What is made while the program starts stays; looking through it for garbage would take a tenth of the time.
    gc.set_threshold(500_000)
    from tracker.cli.app import build, needed

    build(needed(sys.argv[1:]))(prog_name="tracker")
