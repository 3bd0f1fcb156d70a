"""The command line: a module a command group; exit codes in `exits`, output formats in `output`."""


def main() -> None:
    """What the `tracker` command runs."""
    import gc
    import sys

    # What is imported stays until the end. To look through it for garbage, while starting and once more at the end,
    # takes a quarter of a short run; `context.started` says when the work begins that does make garbage.
    gc.disable()
    from tracker.cli.app import build, needed

    try:
        build(needed(sys.argv[1:]))(prog_name="tracker")
    finally:
        gc.freeze()
