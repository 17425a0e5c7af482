"""Values as one piece of bytes, for a column: the codec's frames, behind a byte that says how they lie."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from droidlet_memory.errors import Damaged
from droidlet_schema import DecodeError, decode, encode

PLAIN, FRAMES, DEFLATED = b"\x00", b"\x01", b"\x02"
WORTH_IT = 4096  # from so many bytes on, deflating pays
FAST = 1  # zlib's level


def pack(value: Any) -> bytes:
    """A value as bytes. Raises EncodeError for what has no place on the wire."""
    return pack_frames(encode(value))


def pack_frames(frames: Sequence[bytes | memoryview]) -> bytes:
    """What `encode` gave, as bytes."""
    if len(frames) == 1:
        blob = PLAIN + frames[0]
    else:
        blob = FRAMES + encode(tuple(bytes(frame) for frame in frames))[0]
    return blob if len(blob) < WORTH_IT else DEFLATED + zlib.compress(blob, FAST)


def unpack(blob: bytes, kind: Any) -> Any:
    """The value of its bytes. Raises Damaged for others."""
    frames = unpack_frames(blob)
    try:
        return decode(frames, kind)
    except (DecodeError, TypeError) as error:
        raise Damaged(str(error)) from error


def unpack_frames(blob: bytes) -> tuple[bytes, ...]:
    """What `encode` gave, of its bytes. Raises Damaged for others."""
    try:
        if blob[:1] == DEFLATED:
            blob = zlib.decompress(blob[1:])
        return (blob[1:],) if blob[:1] == PLAIN else decode((blob[1:],), tuple[bytes, ...])
    except (DecodeError, zlib.error, TypeError) as error:
        raise Damaged(str(error)) from error
