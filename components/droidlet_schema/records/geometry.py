"""Where things are: poses and the camera's own geometry."""

from __future__ import annotations

from droidlet_schema.record import record


@record
class Pose:
    """A pose in the world frame (x forward/east, y left/north, z up); unit quaternion w x y z."""

    x_m: float
    y_m: float
    z_m: float
    qw: float = 1.0
    qx: float = 0.0
    qy: float = 0.0
    qz: float = 0.0


@record
class Pose2:
    """A pose on the floor: metres in the world frame, yaw counter-clockwise from +x."""

    x_m: float
    y_m: float
    yaw_rad: float


@record
class Intrinsics:
    """A camera: image size, focal lengths and principal point (from the top left corner) in pixels.

    The centre of pixel (row, column) lies at (column + 0.5, row + 0.5). By model, fx_px and fy_px are
    "pinhole": pixels per unit of x/z and y/z; "fisheye" (equidistant: the distance from the principal point grows
    with the angle from the axis) and "equirectangular" (columns are longitude, rows latitude): pixels per radian;
    "orthographic": pixels per metre.
    """

    width: int
    height: int
    fx_px: float
    fy_px: float
    cx_px: float
    cy_px: float
    model: str = "pinhole"
