"""The errors a user can meet. Each message says what is wrong, what was expected and what to do next.

    TrackerError                exit code
    ├── UsageError              2   a bad option, value or configuration key
    │   └── ConfigError         2
    ├── DocumentError           1   this document cannot be read or used (4 where others of a batch were stored)
    │   ├── UnreadableDocument      missing, empty, binary, broken, too large
    │   └── UndatedDocument         no date in the document and none given
    ├── StoreError              1
    │   ├── StoreLocked             another process holds the database
    │   ├── StoreTooNew             made by a newer version of the program
    │   └── StoreUnavailable        cannot be opened, created or written
    ├── NotFound                1   no commitment, document, rule … of that name
    └── RuleError               1   a rule, word list or calendar file that cannot be used
"""


class TrackerError(Exception):
    """The root: something a user can do something about."""

    exit_code = 1


class UsageError(TrackerError):
    exit_code = 2


class ConfigError(UsageError):
    pass


class DocumentError(TrackerError):
    pass


class UnreadableDocument(DocumentError):
    pass


class UndatedDocument(DocumentError):
    pass


class StoreError(TrackerError):
    pass


class StoreLocked(StoreError):
    pass


class StoreTooNew(StoreError):
    pass


class StoreUnavailable(StoreError):
    pass


class NotFound(TrackerError):
    pass


class RuleError(TrackerError):
    pass
