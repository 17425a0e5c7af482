"""What a player's body can do."""

from __future__ import annotations

import math

from droidlet_schema import fields_of, record
from droidlet_simulators.errors import SimulatorError


@record
class VoxelLimits:
    """How fast players walk and turn, how far their hands reach and how far their eyes and senses go."""

    walk_m_s: float = 4.3
    turn_rad_s: float = 6.0
    pan_rad: float = math.radians(90)  # of the head, to each side
    reach_m: float = 5.0  # from the eyes to the nearest of a block
    sight_m: float = 64.0  # how far pictures, lines of sight and the sense of creatures go
    blocks_radius: int = 15  # how far the sense of blocks goes each way, in blocks


def check_limits(limits: VoxelLimits) -> None:
    """Raises SimulatorError for a body that cannot be."""
    if not isinstance(limits, VoxelLimits):
        raise SimulatorError(f"limits is {limits!r}: a VoxelLimits")
    most = {"reach_m": 64.0, "sight_m": 512.0, "blocks_radius": 64, "walk_m_s": 100.0, "turn_rad_s": 1000.0}
    for name in fields_of(VoxelLimits):
        value, bound = getattr(limits, name), most.get(name, math.pi)
        least = 0.0 if name in ("pan_rad", "blocks_radius") else 1e-3
        if not (math.isfinite(value) and least <= value <= bound):
            raise SimulatorError(f"limits.{name} is {value}: a finite number from {least} to {bound}")
