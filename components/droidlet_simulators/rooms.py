"""A robot in a seeded flat, made by name: what a shell asks for when an agent wants a body."""

from __future__ import annotations

from typing import Any, Optional

from droidlet_schema import Key
from droidlet_simulators.body import SimulatedBody
from droidlet_simulators.room.generate import make_scene
from droidlet_simulators.room.simulator import RoomSimulator
from droidlet_simulators.room.world import RoomWorld


def room_body(
    key: Key,
    *,
    rooms: Optional[int] = None,
    people: int = 1,
    duplicates: int = 0,
    period_s: float = 0.1,
    picture_px: int = 128,
    **options: Any,
) -> SimulatedBody[RoomWorld]:
    """A body in a flat drawn from the key; `picture_px` is the picture's width and height.

    Further options are RoomSimulator's (semantic, horizontal_fov_rad, ...).

    Raises SimulatorError for options out of range.
    """
    scene_key, world_key = key.split(2)
    scene = make_scene(scene_key, rooms=rooms, people=people, duplicates=duplicates)
    simulator = RoomSimulator(picture_px, picture_px, period_ns=round(period_s * 1e9), **options)
    return SimulatedBody(simulator, scene, world_key, simulator.agent_id)
