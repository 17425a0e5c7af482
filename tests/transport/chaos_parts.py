"""Simulators that end their process, for tests."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import attrs

from droidlet_simulators import RoomSimulator


@attrs.frozen
class Fragile:
    """A room whose step reads where no memory is, once for each mark that is left to it."""

    marks: str
    room: RoomSimulator = attrs.field(factory=RoomSimulator)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.room, name)

    def reset(self, scene: Any, key: Any) -> Any:
        return self.room.reset(scene, key)

    def step(self, actions: Any, world: Any) -> Any:
        left = sorted(Path(self.marks).glob("*"))
        if left:
            left[0].unlink()
            ctypes.string_at(0)
        return self.room.step(actions, world)
