"""A robot in a seeded flat, made by name: what a shell asks for when an agent wants a body."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional

from droidlet_schema import Key
from droidlet_simulators.asked import as_key
from droidlet_simulators.body import SimulatedBody
from droidlet_simulators.robots import robot
from droidlet_simulators.room.generate import make_scene
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.simulator import RoomSimulator
from droidlet_simulators.room.world import RoomWorld


def room_body(
    key: Key,
    *,
    rooms: Optional[int] = None,
    people: int = 1,
    duplicates: int = 0,
    doors: bool = False,
    containers: int = 0,
    limbs: bool = False,
    looks: bool = False,
    period_s: float = 0.1,
    picture_px: int = 128,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
    renderer: str = "numpy",
    place: Optional[Callable[[str, Mapping[str, Any]], Any]] = None,
    **options: Any,
) -> SimulatedBody[RoomWorld]:
    """A body in a flat drawn from the key, as `make_scene` has it; `picture_px` is the picture's width and height.

    Further options are `robot`'s (semantic, horizontal_fov_rad, camera_height_m, senses, ...). `place` makes the
    simulator from its name and its options, wherever that may be; None: here.

    Raises SimulatorError for options out of range, and for a key that is none.
    """
    scene_key, world_key = as_key(key).split(2)
    flat: Dict[str, Any] = {"rooms": rooms, "people": people, "duplicates": duplicates}
    scene = make_scene(scene_key, **flat, doors=doors, containers=containers, limbs=limbs, looks=looks)
    agent = robot(picture_px, picture_px, **options)
    period_ns = round(period_s * 1e9)
    made: Dict[str, Any] = {
        "agents": (agent,),
        "period_ns": period_ns,
        "limits": limits,
        "renderer": renderer,
    }
    simulator = RoomSimulator(**made) if place is None else place("droidlet_simulators:RoomSimulator", made)
    return SimulatedBody(simulator, scene, world_key, agent.id)
