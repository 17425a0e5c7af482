"""Level 1: what a block world adds. Voxels are its cells (x, y, z; y up), blocks their id and meta."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal, Optional

import numpy as np
from numpy.typing import NDArray

from droidlet_memory.nodes.base import ReferenceObject, said
from droidlet_memory.nodes.node import Node, memory_node
from droidlet_schema import Forget, MemoryType, PutNode, array, evolve, record


@record
class VoxelObject(ReferenceObject):
    """A thing made of cells."""

    TAGS: ClassVar[tuple[str, ...]] = ("_VOXEL_OBJECT",)

    voxels: Optional[NDArray[Any]] = array("n 3", np.int32, default=None)
    blocks: Optional[NDArray[Any]] = array("n 2", np.int32, default=None)
    player_placed: bool = False
    agent_placed: bool = False


@record
class BlockObject(VoxelObject):
    """A thing built of blocks."""

    TAGS: ClassVar[tuple[str, ...]] = ("_block_object", "_destructible")


@record
class InstanceSegment(VoxelObject):
    """Cells that were recognised as one thing."""

    TAGS: ClassVar[tuple[str, ...]] = ("_instance_segment",)
    SAID_AS: ClassVar[Mapping[str, str]] = said(labels="has_tag")

    labels: tuple[str, ...] = ()


@record
class Mob(ReferenceObject):
    """An animal or a monster."""

    TAGS: ClassVar[tuple[str, ...]] = ("_animate", "mob")
    SAID_AS: ClassVar[Mapping[str, str]] = said(mob_type="has_tag")

    mob_type: Optional[str] = None  # "sheep"
    player_placed: bool = False
    agent_placed: bool = False


@record
class ItemStack(ReferenceObject):
    """Items of one type, on the ground or carried."""

    TAGS: ClassVar[tuple[str, ...]] = ("_item_stack",)
    SAID_AS: ClassVar[Mapping[str, str]] = said(item_type="has_tag", kept="has_tag")

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


@record
class Reward(Node):
    """Praise or blame."""

    ASKED_AS: ClassVar[MemoryType | None] = "REWARD"

    value: Literal["POSITIVE", "NEGATIVE"] = "POSITIVE"


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
