"""The chain of digests over commits: the same commits under the same schemas have the same digest in every
body of a memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from droidlet_memory.committing import LATEST_NS
from droidlet_memory.errors import CommitRefused
from droidlet_memory.schemas import Composition
from droidlet_schema import Attend, Change, PutNode, digest, encode

Frames = Sequence["bytes | memoryview"]


def root(schema: Composition) -> str:
    """The digest of a memory of nothing."""
    return digest(("memory", schema))


def encoded(changes: tuple[Change, ...]) -> Frames:
    """`encode(changes)`: change by change, whose type bounds their depth, in half the time."""
    parts = [encode(change) for change in changes]
    if any(len(frames) > 1 for frames in parts):
        return encode(changes)  # arrays are numbered through all changes
    count = len(parts)
    if count < 16:
        start = bytes((0x90 | count,))
    elif count < 2**16:
        start = b"\xdc" + count.to_bytes(2, "big")
    else:
        start = b"\xdd" + count.to_bytes(4, "big")
    return (b"".join([start, *(frames[0] for frames in parts)]),)


def chained(parent: str, changes: Frames, now_ns: int) -> str:
    """`digest((parent, changes, now_ns))` of changes that are encoded already."""
    header = b"".join((b"\x93\xd9", bytes((len(parent),)), parent.encode(), changes[0], encode(now_ns)[0]))
    made = hashlib.blake2b(len(header).to_bytes(8, "little"), digest_size=16)
    made.update(header)
    for frame in changes[1:]:
        made.update(frame)
    return made.hexdigest()


def time_of(changes: tuple[Change, ...], now_ns: int | None, before_ns: int | None) -> int:
    """The time of a commit: `now_ns`, else the latest in the changes, and never before that of the commit
    before. Raises CommitRefused.
    """
    if now_ns is not None and (type(now_ns) is not int or abs(now_ns) > LATEST_NS):
        raise CommitRefused("now_ns", now_ns, "expected an int of nanoseconds below 2^63, or None")
    least = 0 if before_ns is None else before_ns
    if now_ns is not None:
        return max(least, now_ns)
    times = [change.node.updated_ns for change in changes if isinstance(change, PutNode)]
    times += [change.now_ns for change in changes if isinstance(change, Attend)]
    return max((least, *times))
