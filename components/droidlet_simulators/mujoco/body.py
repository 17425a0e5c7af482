"""A robot in a seeded flat under physics, made by name: what a shell asks for when an agent wants a body."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional

from droidlet_schema import Key
from droidlet_simulators.asked import as_key
from droidlet_simulators.body import SimulatedBody
from droidlet_simulators.mujoco.robot import BODY
from droidlet_simulators.mujoco.simulator import MujocoSimulator
from droidlet_simulators.mujoco.world import MujocoWorld
from droidlet_simulators.robots import robot
from droidlet_simulators.room.generate import make_scene
from droidlet_simulators.room.limits import Limits


def mujoco_body(
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
    limits: Limits = BODY,
    renderer: str = "rays",
    arm: bool = False,
    place: Optional[Callable[[str, Mapping[str, Any]], Any]] = None,
    **options: Any,
) -> SimulatedBody[MujocoWorld]:
    """A body in the flat that `room_body` draws from the same key and options, with physics; with an arm if wanted.

    Further options are `robot`'s (semantic, horizontal_fov_rad, camera_height_m, senses, ...). `place` makes the
    simulator from its name and its options, wherever that may be; None: here.

    Raises SimulatorError for options out of range, NotInstalled for what is missing.
    """
    scene_key, world_key = as_key(key).split(2)
    flat: Dict[str, Any] = {"rooms": rooms, "people": people, "duplicates": duplicates}
    scene = make_scene(scene_key, **flat, doors=doors, containers=containers, limbs=limbs, looks=looks)
    agent = robot(picture_px, picture_px, **options)
    made: Dict[str, Any] = {
        "agents": (agent,),
        "arms": (agent.id,) if arm else (),
        "period_ns": round(period_s * 1e9),
        "limits": limits,
        "renderer": renderer,
    }
    simulator = (
        MujocoSimulator(**made) if place is None else place("droidlet_simulators:MujocoSimulator", made)
    )
    return SimulatedBody(simulator, scene, world_key, agent.id)
