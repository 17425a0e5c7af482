"""Node classes: what memory holds, as frozen records with typed fields.

    @record
    class Cup(ReferenceObject):
        volume_l: float = 0.0

    kitchen = Schema.of("kitchen", nodes=(Cup,), predicates=("washed_by",))
    memory = Memory.empty(("base", kitchen)).commit([PutNode(memory_node(Cup("cup/1", volume_l=0.3)))])

A class below another is a type below it, in queries too. What a class says of all its nodes, and of which
queries find them, stands in it as `TAGS`, `ASKED_AS`, `SAID_AS` (the predicates by which its fields' texts are
said) and `ONE_PER`.
"""

from droidlet_memory.nodes.base import (
    SELF_ID,
    Archived,
    Attention,
    Chat,
    Dance,
    Interpreter,
    Location,
    NamedAbstraction,
    Player,
    Program,
    ReferenceObject,
    Self,
    Set,
    Task,
    Time,
    attention,
)
from droidlet_memory.nodes.minecraft import (
    BlockObject,
    BlockType,
    InstanceSegment,
    ItemStack,
    Mob,
    MobType,
    Reward,
    Schematic,
    VoxelObject,
    with_voxels,
    without_voxels,
)
from droidlet_memory.nodes.node import Node, get, memory_node, node_type, typed
from droidlet_memory.nodes.robot import DetectedObject, HumanPose

__all__ = [
    "Archived",
    "Attention",
    "BlockObject",
    "BlockType",
    "Chat",
    "Dance",
    "DetectedObject",
    "HumanPose",
    "InstanceSegment",
    "Interpreter",
    "ItemStack",
    "Location",
    "Mob",
    "MobType",
    "NamedAbstraction",
    "Node",
    "Player",
    "Program",
    "ReferenceObject",
    "Reward",
    "SELF_ID",
    "Schematic",
    "Self",
    "Set",
    "Task",
    "Time",
    "VoxelObject",
    "attention",
    "get",
    "memory_node",
    "node_type",
    "typed",
    "with_voxels",
    "without_voxels",
]
