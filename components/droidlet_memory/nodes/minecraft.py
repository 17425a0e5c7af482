"""Level 1: what a block world adds. Voxels are its cells (x, y, z; y up), blocks their id and meta."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal, Optional

import numpy as np
from numpy.typing import NDArray

from droidlet_memory.nodes.base import ReferenceObject, said
from droidlet_memory.nodes.node import Node, memory_node
from droidlet_schema import Forget, MemoryType, PutNode, array, evolve, record


@record
class VoxelObject(ReferenceObject):
    """A thing made of cells."""

    voxels: Optional[NDArray[Any]] = array("n 3", np.int32, default=None)
    blocks: Optional[NDArray[Any]] = array("n 2", np.int32, default=None)
    player_placed: bool = False
    agent_placed: bool = False


@record
class BlockObject(VoxelObject):
    """A thing built of blocks."""

    TAGS: ClassVar[tuple[str, ...]] = ("_VOXEL_OBJECT", "_block_object", "_destructible")


@record
class InstanceSegment(VoxelObject):
    """Cells that were recognised as one thing."""

    TAGS: ClassVar[tuple[str, ...]] = ("_instance_segment",)
    SAID_AS: ClassVar[Mapping[str, str]] = said(labels="has_name")

    labels: tuple[str, ...] = ()


@record
class Mob(ReferenceObject):
    """An animal or a monster."""

    TAGS: ClassVar[tuple[str, ...]] = ("_animate", "mob")
    SAID_AS: ClassVar[Mapping[str, str]] = said(mob_type="has_name")

    mob_type: Optional[str] = None  # "sheep"
    spawned_ns: Optional[int] = None
    player_placed: bool = False
    agent_placed: bool = False


@record
class ItemStack(ReferenceObject):
    """Items of one type, on the ground or carried."""

    TAGS: ClassVar[tuple[str, ...]] = ("_item_stack",)
    SAID_AS: ClassVar[Mapping[str, str]] = said(item_type="has_name", kept="has_tag")

    item_type: Optional[str] = None
    block_id: Optional[int] = None
    block_meta: int = 0
    count: int = 1
    kept: Literal["_on_ground", "_in_inventory"] = "_on_ground"


@record
class Schematic(Node):
    """What can be built: blocks and where each goes, from the corner."""

    SAID_AS: ClassVar[Mapping[str, str]] = said(name="has_name")

    name: Optional[str] = None
    voxels: Optional[NDArray[Any]] = array("n 3", np.int32, default=None)
    blocks: Optional[NDArray[Any]] = array("n 2", np.int32, default=None)


@record
class BlockType(Node):
    """A type of block."""

    SAID_AS: ClassVar[Mapping[str, str]] = said(name="has_name")

    name: Optional[str] = None
    block_id: Optional[int] = None
    block_meta: int = 0


@record
class MobType(Node):
    """A type of mob."""

    SAID_AS: ClassVar[Mapping[str, str]] = said(name="has_name")

    name: Optional[str] = None
    mob_id: Optional[int] = None
    mob_meta: int = 0


@record
class Reward(Node):
    """Praise or blame."""

    ASKED_AS: ClassVar[MemoryType | None] = "REWARD"

    value: Literal["POSITIVE", "NEGATIVE"] = "POSITIVE"


def with_voxels(
    things: Sequence[VoxelObject], cells: Iterable[tuple[int, int, int]], blocks: Iterable[tuple[int, int]]
) -> tuple[PutNode | Forget, ...]:
    """What to commit when cells, each with its block, are added to what they touch: the first thing, with them,
    with the cells of the others that they join to it, and with all that was said of any; the others are no
    more. Its blocks are unknown where those of a part are. Where it then lies is for whoever sees it to say.

    Raises ValueError for no thing at all, or unless each cell has its block.
    """
    parts = [(thing.voxels, thing.blocks) for thing in things if thing.voxels is not None]
    added, those = _rows(cells, 3), _rows(blocks, 2)
    parts.append((added, those))
    if not things or len(added) != len(those):
        raise ValueError(f"with_voxels: cells are added to a thing, each with its block, got {things!r:.80}")
    voxels = np.concatenate([part[0] for part in parts])
    _, kept = np.unique(voxels[::-1], axis=0, return_index=True)  # of a cell that comes twice the later one
    kept = np.sort(len(voxels) - 1 - kept)
    known = [part[1] for part in parts if part[1] is not None]
    grown = evolve(
        things[0],
        voxels=voxels[kept],
        blocks=np.concatenate(known)[kept] if len(known) == len(parts) else None,
        triples=tuple(dict.fromkeys(triple for thing in things for triple in thing.triples)),
    )
    return PutNode(memory_node(grown)), *(Forget(thing.id) for thing in things[1:])


def _rows(rows: Iterable[tuple[int, ...]], columns: int) -> NDArray[Any]:
    return np.array(list(rows), np.int32).reshape(-1, columns)


def without_voxels(thing: VoxelObject, cells: Iterable[tuple[int, int, int]]) -> PutNode | Forget:
    """What to commit when cells of a thing are gone: it without them, or, when none is left, nothing of it."""
    if thing.voxels is None:
        return PutNode(memory_node(thing))
    gone = set(cells)
    left = np.array([tuple(cell) not in gone for cell in thing.voxels.tolist()], dtype=bool)
    if not left.any():
        return Forget(thing.id)
    blocks = None if thing.blocks is None else thing.blocks[left]
    return PutNode(memory_node(evolve(thing, voxels=thing.voxels[left], blocks=blocks)))
