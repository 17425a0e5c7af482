"""What can be wrong with rows and with the files of a store; each names what it saw and what it expected."""

from __future__ import annotations


class DataError(Exception):
    """Anything that a store refuses."""


class RowError(DataError, ValueError):
    """A row, or columns of rows, that do not fit the layout of a store; names the column."""


class NotEnough(DataError, LookupError):
    """A sample of something of which the store holds nothing yet; says what it holds."""


class StoreFileError(DataError, OSError):
    """A file that is no saved store, or one of another layout; names the file."""


class StaleEpoch(DataError, ValueError):
    """Rows of a client's run that is older than all of its runs that are still known."""
