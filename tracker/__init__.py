"""tracker: what the Dutch government promises to parliament, by when, and what is overdue."""


def __getattr__(name: str) -> str:
    """`tracker.__version__`, looked up when asked for: reading the package's metadata takes 40 ms of every start."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("toezeggingen-tracker")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0+unknown"
