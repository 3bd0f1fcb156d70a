"""tracker: what the Dutch government promises to parliament, by when, and what is overdue."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("toezeggingen-tracker")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0+unknown"
