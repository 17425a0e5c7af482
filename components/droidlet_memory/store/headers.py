"""What the first bytes of a file say, before SQLite is let near it: a file that is refused stays as it was,
with nothing new beside it.

The header of SQLite's files: https://www.sqlite.org/fileformat.html, 1.3.
"""

from __future__ import annotations

import os
from struct import unpack_from

from droidlet_memory.errors import StoreUnreadable
from droidlet_memory.store.files import beginning
from droidlet_memory.store.tables import APPLICATION_ID, FORMAT

MAGIC = b"SQLite format 3\0"
BYTES = 100
PAGE_SIZE, PAGE_COUNT, USER_VERSION, APPLICATION = 16, 28, 60, 68  # where each stands


def check_header(path: str) -> None:
    """Raises StoreUnreadable for a file that is no memory, or a newer one, or not all there. What a writer has
    not yet brought from the file beside it is for SQLite to tell.
    """
    if not os.path.isfile(path):
        return
    header = beginning(path, BYTES)
    if not header:
        return
    if header[: len(MAGIC)] != MAGIC[: len(header)]:
        raise StoreUnreadable(f"{path} is no memory: it does not begin as SQLite's files do")
    beside = path + "-wal"
    if os.path.exists(beside) and os.path.getsize(beside):
        return
    size, short = os.path.getsize(path), len(header) < BYTES
    page, (pages,) = (0, (0,)) if short else (_page_size(header), unpack_from(">I", header, PAGE_COUNT))
    if short or size < page * pages:
        raise StoreUnreadable(f"{path} is cut off: {size} of {page * pages or 'some'} bytes are there")
    (version,), (application,) = (unpack_from(">I", header, place) for place in (USER_VERSION, APPLICATION))
    if application:
        check_marks(path, application, version)


def _page_size(header: bytes) -> int:
    size: int = unpack_from(">H", header, PAGE_SIZE)[0]
    return 65536 if size == 1 else size


def check_marks(path: str, application: int, version: int) -> None:
    """Raises StoreUnreadable for a file that is not a memory's, or of another format."""
    if application != APPLICATION_ID:
        raise StoreUnreadable(f"{path} is a SQLite file of something else, not a memory")
    if version < FORMAT:
        raise StoreUnreadable(
            f"{path} is of format {version}, from before the first release: it is no longer read"
        )
    if version > FORMAT:
        raise StoreUnreadable(
            f"{path} is of format {version}, newer than the {FORMAT} that is known here: update droidlet-style"
        )
