"""What can be wrong with rows and with the files of a store; each names what it saw and what it expected."""

from __future__ import annotations

import operator


class DataError(Exception):
    """Anything that a store refuses."""


def whole(name: str, value: object, what: str) -> int:
    """A whole number of at least 1, NumPy's too, as Python's. Raises DataError, which says what it is for."""
    try:
        made = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        made = 0
    if made < 1:
        raise DataError(f"{name} is {value!r}: {what}")
    return made


class RowError(DataError, ValueError):
    """A row, or columns of rows, that do not fit the layout of a store; names the column."""


class NotEnough(DataError, LookupError):
    """A sample of something of which the store holds nothing yet; says what it holds."""


class StoreFileError(DataError, OSError):
    """A file that is no saved store, or one of another layout; names the file."""


class StaleEpoch(DataError, ValueError):
    """Rows of a client's run that is older than all of its runs that are still known."""
