"""A small world by hand: two cubes and what stands around them, people, animals, robots, work and talk.

The agent stands at the origin and looks along +x; ann, who speaks, stands at (12, 12) and looks at the blue cube;
z is up. Metres, and seconds of the run's clock.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from droidlet_memory import Memory
from droidlet_memory.nodes import (
    BlockObject,
    Dance,
    DetectedObject,
    HumanPose,
    InstanceSegment,
    ItemStack,
    Mob,
    Node,
    Player,
    ReferenceObject,
    Schematic,
    Self,
    Task,
    memory_node,
)
from droidlet_schema import Answer, Filters, Pose2, PutNode, Query, Triple

SECOND = 1_000_000_000
WOOL, GOLD, STONE = (35, 11), (41, 0), (1, 0)
AGENT, SPEAKER, LOOK = Pose2(0.0, 0.0, 0.0), Pose2(12.0, 12.0, 0.3), (18.0, 14.0, 1.5)
Vector = tuple[float, float, float]


def said(**words: str) -> tuple[Triple, ...]:
    """What is said of a thing: predicate=object."""
    return tuple(Triple(predicate, word) for predicate, word in words.items())


def built(number: int, at: Vector, size: Vector, blocks: int, block: tuple[int, int], **words: str) -> Node:
    """A thing of blocks, built at second `number`."""
    return BlockObject(
        f"object/{number}",
        number * SECOND,
        position_m=at,
        size_m=size,
        triples=said(**words),
        voxels=np.zeros((blocks, 3), np.int32),
        blocks=np.array([block] * blocks, np.int32),
    )


def hole(number: int, at: Vector, size: Vector, **words: str) -> Node:
    """A hole in the floor."""
    return InstanceSegment(
        f"hole/{number}", number * SECOND, position_m=at, size_m=size, labels=("hole",), triples=said(**words)
    )


def world() -> Iterator[Node]:
    """All of it."""
    yield Self("self", position_m=(0, 0, 0), name="robo")
    yield Player("player/ann", position_m=(12, 12, 0.9), name="ann", triples=said(has_tag="SPEAKER"))
    yield Player("player/joe", position_m=(30, -9, 0.9), name="joe")
    yield built(10, (19, 14, 1.5), (3, 3, 3), 27, WOOL, has_name="cube", has_colour="blue")
    yield built(20, (19, 20, 1), (2, 2, 2), 8, WOOL, has_name="cube", has_colour="red")
    gold = {"has_name": "cube", "has_block_type": "gold", "has_size": "1 x 1 x 1"}
    yield built(30, (5, -6, 0.5), (1, 1, 1), 1, GOLD, **gold)
    yield built(5, (2, -1, 0.5), (1, 1, 1), 1, STONE, has_name="sphere", has_colour="green")
    yield built(40, (-9, 9, 2), (4, 4, 4), 33, STONE, has_name="sphere")
    stone = {"has_name": "rectangle", "has_block_type": "stone", "has_base": "9"}
    yield built(50, (40, 40, 4.5), (1, 9, 9), 81, STONE, **stone)
    yield built(60, (40, 50, 0.5), (4, 4, 1), 16, STONE, has_name="square")
    yield built(61, (40, 56, 1), (4, 4, 2), 32, STONE, has_name="square")
    yield built(62, (19, 17, 0.5), (1, 1, 1), 3, STONE, has_name="triangle", has_colour="blue")
    yield hole(70, (-20, 0, -0.5), (3, 3, 1), has_length="3")
    yield hole(71, (18, 12.2, -0.5), (1, 1, 1))
    yield ReferenceObject("thing/1", position_m=(-30, 0, 0.1), triples=said(has_name="circle"))
    yield ReferenceObject("thing/2", position_m=(-30, 5, 0.1), triples=said(has_name="diamond"))
    yield ReferenceObject("thing/3", position_m=(-30, 10, 0.1), triples=said(has_name="fluffy"))
    yield ReferenceObject("thing/4", position_m=(-30, 15, 0.1), triples=said(has_tag="fluff"))
    yield ReferenceObject("thing/5", position_m=(-30, 20, 2), triples=said(has_name="house"))
    yield ReferenceObject("thing/6", position_m=(-30, 25, 2), triples=said(has_name="tree"))
    yield ItemStack("item/1", position_m=(8, 0, 0.1), item_type="stone", count=3)
    yield Mob("mob/1", position_m=(16, 13, 0.7), size_m=(1, 0.5, 1.4), mob_type="cow")
    yield Mob("mob/2", position_m=(2, -8, 0.7), size_m=(1, 0.5, 1.4), mob_type="cow")
    yield Mob("mob/3", position_m=(-5, -5, 0.5), mob_type="sheep")
    yield Mob("mob/4", position_m=(-6, -5, 0.5), mob_type="sheep")
    yield DetectedObject("seen/1", position_m=(3, 2, 0.4), size_m=(0.2, 0.2, 0.2), label="toy", colour="blue")
    yield DetectedObject("seen/2", position_m=(60, 2, 0.4), label="robot", colour="grey")
    yield HumanPose("pose/1", position_m=(30, -9, 0.9))
    yield Dance("dance/1", name="wave", triples=said(has_tag="dance"))
    yield Dance("dance/2", name="spin")
    yield Schematic("plan/1", name="cube", triples=said(has_block_type="gold"))
    yield Task("task/1", action="Build", triples=said(task_reference_object="object/62"), run_count=2)
    yield Task("task/2", action="Move", triples=said(task_reference_object="thing/5"))
    yield Task("task/3", action="Dance", finished_ns=9 * SECOND, run_count=1)
    yield Task("task/4", action="Dig", paused=True)


def remembered(start: Memory) -> Memory:
    """The world in a memory."""
    return start.commit([PutNode(memory_node(node)) for node in world()])


def ask(memory: Memory, filters: Filters, seed: int = 0) -> Answer:
    """What ann asks of the agent."""
    return memory.query(Query(1, filters, 100 * SECOND, AGENT, SPEAKER, seed, LOOK))
