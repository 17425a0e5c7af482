"""Between the house's axes (x forward, y left, z up) and Habitat's (x right, y up, looking along -z).

A body that Habitat has not turned looks along -z; here that is a body whose yaw is 0, looking along +x.
"""

from __future__ import annotations

from typing import Sequence, Tuple

import numpy as np
import numpy.typing as npt

from droidlet_geometry import quaternion_from_matrix, quaternion_to_matrix
from droidlet_schema import Pose

Triple = Tuple[float, float, float]
Four = Tuple[float, float, float, float]
Floats = npt.NDArray[np.float64]

NATIVE = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, 1.0], [-1.0, 0.0, 0.0]])
"""Takes house vectors to native ones; a proper rotation, so its transpose takes them back."""
NATIVE.flags.writeable = False
_OPTICAL = np.array(
    [1.0, -1.0, -1.0]
)  # an optical frame's right, down, forward are a native right, -up, -back


def native_point(x_m: float, y_m: float, z_m: float) -> Triple:
    """A house point or vector in native axes."""
    return (0.0 - y_m, z_m + 0.0, 0.0 - x_m)


def house_point(native: Sequence[float]) -> Triple:
    """A native point or vector in the house's axes."""
    x, y, z = (float(v) for v in native)
    return (0.0 - z, 0.0 - x, y + 0.0)


def native_size(size_m: Sequence[float]) -> Triple:
    """Extents along a thing's own house axes, along its native ones."""
    x, y, z = (float(v) for v in size_m)
    return (y, z, x)


def native_turn(w: float, x: float, y: float, z: float) -> Four:
    """A house quaternion w x y z as a native one."""
    return (float(w), *native_point(x, y, z))


def house_turn(w: float, vector: Sequence[float]) -> Four:
    """A native quaternion, scalar and vector, as a house one w x y z."""
    return (float(w), *house_point(vector))


def native_camera(pose: Pose) -> Tuple[Triple, Four]:
    """Position and quaternion w x y z of the native node of a camera whose optical frame stands at a house pose."""
    turn = quaternion_to_matrix(np.array([pose.qw, pose.qx, pose.qy, pose.qz]))
    w, x, y, z = quaternion_from_matrix(NATIVE @ (turn * _OPTICAL)).tolist()
    return native_point(pose.x_m, pose.y_m, pose.z_m), (w, x, y, z)
