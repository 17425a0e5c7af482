"""digest: one short name for a value's content."""

from __future__ import annotations

import hashlib
from typing import Any

from droidlet_schema.packing import header_of

DIGEST_BYTES = 16


def digest(value: Any) -> str:
    """32 hex digits (blake2b, 128 bits) of the canonical encoding: equal values, equal digests, for ever.

    A record with a `__digest__` method is named by what that returns. Raises EncodeError for values that
    have no place on the wire.
    """
    own = getattr(type(value), "__digest__", None)
    if own is not None:
        return str(own(value))
    header, frames = header_of(value, by_digest=True)
    made = hashlib.blake2b(digest_size=DIGEST_BYTES)
    made.update(len(header).to_bytes(8, "little"))
    made.update(header)
    for frame in frames:
        made.update(frame)
    return made.hexdigest()
