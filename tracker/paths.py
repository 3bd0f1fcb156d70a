"""Where the program's own files and the user's data lie: in a checkout, and installed as a package."""

from pathlib import Path

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent

#: The name of the user's data folder, as platformdirs spells it on each system.
APPLICATION = "toezeggingen-tracker"


def data_dir() -> Path:
    """Where the database and the reports go when no configuration says so. Never the package's own folder."""
    from platformdirs import user_data_path

    return user_data_path(APPLICATION, appauthor=False)


def default_database_url() -> str:
    return f"sqlite:///{data_dir() / 'tracker.sqlite3'}"


def templates_dir() -> Path:
    return _shipped("templates", "templates")


def migrations_dir() -> Path:
    return _shipped("migrations", "db")


def samples_dir() -> Path:
    """The example documents that the demonstration reads."""
    return PACKAGE / "samples"


def _shipped(inside_package: str, in_checkout: str) -> Path:
    """A folder that a wheel carries in `tracker/_data/`, and a checkout at its top."""
    packed = PACKAGE / "_data" / inside_package
    return packed if packed.is_dir() else CHECKOUT / in_checkout
