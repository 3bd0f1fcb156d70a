"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def replace(path: Path, pieces: Iterable[str | bytes]) -> None:
    """Put a file in place in one step, so that a reader or a crash never meets half of it. Raises OSError.

    The file that stood there gives it its permissions, a link stays a link. What is no file, as /dev/stdout, is written
    to as it is.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            device.writelines(_bytes(pieces))
        return
    path = path.resolve()
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(_bytes(pieces))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode(path))  # mkstemp's files are for the owner alone
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _bytes(pieces: Iterable[str | bytes]) -> Iterable[bytes]:
    return (piece.encode() if isinstance(piece, str) else piece for piece in pieces)


def _mode(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
