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
├── SourceError             1   a source on the network; `alarm` says what sort of trouble it is
│   ├── SourceUnreachable       no answer, or one that says to come back later
│   ├── SourceTruncated         an answer that stops before its end
│   ├── SourceChanged           an answer in another form than is known, or a question it no longer takes
│   ├── SourceEmpty             nothing at all, where that was not declared possible
│   ├── SourceMissing           this one thing is not there (404, 410)
│   │   └── NotKept             working offline: it was never fetched
│   └── AddressRefused          an address that this program does not fetch from, or more than it takes
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


class SourceError(TrackerError):
    #: The word under which the alarm is recorded.
    alarm = "outage"
    #: Whether the same request may well succeed later.
    passing = True


class SourceUnreachable(SourceError):
    pass


class SourceTruncated(SourceError):
    alarm = "truncated"


class SourceChanged(SourceError):
    alarm = "schema"
    passing = False


class SourceEmpty(SourceError):
    alarm = "empty"
    passing = False


class SourceMissing(SourceError):
    alarm = "missing"
    passing = False


class NotKept(SourceMissing):
    pass


class AddressRefused(SourceError):
    alarm = "refused"
    passing = False
