"""The exit codes: a contract with scripts."""

from enum import IntEnum


class ExitCode(IntEnum):
    DONE = 0  # also when there was nothing to find, or a document was already known
    ERROR = 1  # nothing could be done
    USAGE = 2  # a bad option, value or configuration key
    FOUND = 3  # only with --exit-code: the list is not empty
    PARTIAL = 4  # some of several documents failed, the others are stored
    INTERRUPTED = 130  # Ctrl-C
