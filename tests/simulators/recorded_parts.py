"""One recorded sequence of actions and edits for every engine that runs here, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from droidlet_schema import (
    Dig,
    Drive,
    FrozenMap,
    Key,
    Look,
    Move,
    Open,
    PickUp,
    PlaceBlock,
    Pose2,
    SceneObject,
    Speak,
    Stop,
    Turn,
    decode,
    digest,
    encode,
    evolve,
)
from droidlet_simulators import AgentSpec, CameraSpec, RoomSimulator, Scene, VoxelSimulator, make_scene
from droidlet_simulators.habitat import HabitatSimulator
from simulators.habitat_parts import HALL, install

PICTURES = ("rgb", "depth", "semantic")
BOX = SceneObject(90, "box", "green", 3.4, 0.6, 0.2, 0.4, (0.4, 0.4, 0.4), semantic_id=-1)
CUBE = evolve(BOX, x_m=3.5, y_m=0.5, z_m=0.5, yaw_rad=0.0, size_m=(1.0, 1.0, 1.0))
TICKS = 15


def agents(*senses: str) -> tuple[AgentSpec, AgentSpec]:
    def one(name: str, pixels: int) -> AgentSpec:
        camera = CameraSpec(width=pixels, height=pixels, pictures=PICTURES)
        return AgentSpec(name, (camera,), ("pose", "collided", *senses))

    return one("a", 24), one("b", 16)


def engine_of(name: str) -> Any:
    """An engine with two agents that see."""
    if name == "habitat over a fake":
        install()
        return HabitatSimulator(agents("heard"))
    if name == "voxel":
        return VoxelSimulator(agents("heard"))
    return RoomSimulator(agents("contacts", "heard", "poses"), renderer=name.split()[1])


def scene_of(name: str) -> Scene:
    """A furnished flat with people and doors for the room, a hall for the others."""
    if not name.startswith("room"):
        return HALL
    flat = make_scene(2, rooms=2, people=1, doors=True, containers=1, limbs=True, looks=True)
    beside = Pose2(flat.start.x_m, flat.start.y_m, 0.0)
    for x, y in ((0.5, 0.0), (-0.5, 0.0), (0.0, 0.5), (0.0, -0.5)):
        scene = evolve(flat, starts=FrozenMap({"b": evolve(beside, x_m=beside.x_m + x, y_m=beside.y_m + y)}))
        try:
            RoomSimulator(agents()).reset(scene, Key(0))
        except ValueError:
            continue
        return scene
    raise AssertionError("there is no room for the second robot")


def actions_of(name: str, tick: int) -> dict[str, tuple[Any, ...]]:
    """What both agents do; some of it cannot be done, and is refused."""
    wave = 0.3 + 0.05 * (tick % 7)
    first: tuple[Any, ...] = (Look(0.1 * (tick % 3), -0.2), Drive(wave, 0.9 - 0.1 * tick))
    if tick % 6 == 5:
        first = (Speak(f"tick {tick}"), Turn(0.2), Move(0.02), Stop())
    if name.startswith("room") and tick % 5 == 3:
        first = (Open(25),) if tick % 2 else (PickUp(20 + tick),)
    if name == "voxel" and tick % 5 == 3:
        first = (Dig(tick % 4, 0, -2),) if tick % 2 else (PlaceBlock(1, 1, -2), Drive(0.3, 0.0))
    return {"a": first, "b": (Drive(0.2, 0.1 * tick - 0.5),)}


def played(name: str, wire: bool) -> Iterator[str]:
    """The digests of what is seen and of the world at every tick; over the wire, each world is read from its bytes."""
    simulator = engine_of(name)
    seen, world = simulator.reset(scene_of(name), Key(5))
    yield f"{digest(seen)} {digest(world)}"
    for tick in range(TICKS):
        if wire:
            world = decode([bytes(frame) for frame in encode(world)], type(world))
        try:
            seen, world = simulator.step(actions_of(name, tick), world)
            told = ""
        except ValueError as error:
            told = str(error)
        if tick == TICKS // 2:
            world = simulator.add_object(world, CUBE if name == "voxel" else BOX)
        if tick == TICKS // 2 + 4:
            world = simulator.remove_object(world, BOX.id)
        yield f"{digest(seen)} {digest(world)} {told}"


ENGINES = ("room numpy", "room numba", "voxel", "habitat over a fake")
