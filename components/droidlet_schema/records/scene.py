"""The truth about one object of a simulated scene, for checking and for pictures; agents never see it."""

from __future__ import annotations

from typing import Optional, Tuple

from droidlet_schema.record import record


@record
class SceneObject:
    """One object as the simulator knows it: its centre, heading and extent along its own axes."""

    id: int
    class_name: str
    colour: str
    x_m: float
    y_m: float
    z_m: float  # of the centre
    yaw_rad: float
    size_m: Tuple[float, float, float]  # along the object's own x, y, z
    semantic_id: Optional[int] = None  # what semantic pictures show of it; None: its id, 0: nothing
