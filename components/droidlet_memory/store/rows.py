"""A node as columns, and columns as a node."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from struct import Struct, pack, unpack
from typing import Any, Optional

from droidlet_memory.asking import Vector
from droidlet_memory.errors import Damaged
from droidlet_memory.ordering import order_of
from droidlet_memory.store import blobs
from droidlet_schema import FrozenMap, MemoryNode, Triple, Value

Row = tuple[Any, ...]
Body = tuple[Optional[Vector], Optional[Vector], FrozenMap[str, Value]]
NO_PLACE = (None, None, None)
NO_PROPERTIES: FrozenMap[str, Value] = FrozenMap()


def name_columns(node_id: str) -> tuple[str, str, int]:
    """id, stem, number: the columns that order nodes."""
    stem, number, _ = order_of(node_id)
    return node_id, stem, number


def version_columns(node: MemoryNode, at: Vector | None, size: Vector | None) -> Row:
    """x, y, z, sx, sy, sz, body: what a node at a place, of an extent, consists of besides type and times.

    The body holds place, extent and properties of a node whose columns alone do not tell them to the bit.
    """
    exact = _told_by(at, node.position_m) and _told_by(size, node.size_m) and not len(node.properties)
    body = None if exact else blobs.pack((node.position_m, node.size_m, node.properties))
    return (*(at or NO_PLACE), *(size or NO_PLACE), body)


def _told_by(columns: Vector | None, vector: Vector | None) -> bool:
    """Whether columns give back this very vector; SQLite keeps no -0.0."""
    if vector is None or columns != vector:
        return columns is vector
    return 0.0 not in vector or not any(v == 0.0 and math.copysign(1.0, v) < 0 for v in vector)


def node_of(node_id: str, node_type: str, version: Sequence[Any], attended_ns: int, said: Any) -> MemoryNode:
    """The node of its version columns and what is said of it (predicate, object, confidence, in order)."""
    created, updated, x, y, z, sx, sy, sz, body = version
    at, size, properties = (
        (None if x is None else (x, y, z), None if sx is None else (sx, sy, sz), NO_PROPERTIES)
        if body is None
        else blobs.unpack(body, Body)
    )
    triples = tuple([Triple(*one) for one in said])
    return MemoryNode(node_id, node_type, created, updated, attended_ns, at, size, triples, properties)


def box(at: Vector | None, size: Vector | None) -> Row | None:
    """x0, x1, y0, y1, z0, z1 around a place; None where there is none."""
    if at is None:
        return None
    x, y, z = at
    if size is None:
        return (x, x, y, y, z, z)
    dx, dy, dz = size[0] / 2, size[1] / 2, size[2] / 2
    return (x - dx, x + dx, y - dy, y + dy, z - dz, z + dz)


def span_of(revisions: int) -> int:
    """The least power of two above so many revisions."""
    return 1 << revisions.bit_length()


Saying = tuple[int, Optional[float]]  # since when something is said, and how sure that is


def pack_said(said: Mapping[int, Saying]) -> bytes:
    """What is said of a node, by its number, as bytes: numbers and revisions; where somebody is not quite sure
    the confidences behind them, and one byte to tell.
    """
    flat: list[int] = []
    unsure = False
    for number, (since, sure) in said.items():
        flat += (number, since)
        unsure = unsure or sure is not None
    packed = _integers(len(flat)).pack(*flat)
    if not unsure:
        return packed
    sures = [math.nan if sure is None else sure for _, sure in said.values()]
    return packed + pack(f"<{len(said)}d", *sures) + b"\0"


@lru_cache(maxsize=256)
def _integers(count: int) -> Struct:
    return Struct(f"<{count}i")


def unpack_said(packed: bytes | None) -> dict[int, Saying]:
    """What `pack_said` made bytes of."""
    if not packed:
        return {}
    count = len(packed) // (16 if len(packed) % 2 else 8)
    flat = _integers(2 * count).unpack_from(packed)
    sure: Sequence[float | None] = (None,) * count
    if len(packed) % 2:
        found = unpack(f"<{count}d", packed[8 * count : -1])
        sure = [None if value != value else value for value in found]
    return dict(zip(flat[::2], zip(flat[1::2], sure)))


def told(revision: int, digest: object, now_ns: object) -> tuple[str, int | None]:
    """Digest and time of a commit, as its row says them; only what is before the first has no time. Raises
    Damaged.
    """
    if type(digest) is not str or type(now_ns) is not int and (now_ns is not None or revision):
        raise Damaged(f"commit {revision} has no digest or no time")
    return digest, now_ns
