"""From the visible side of a thing in a picture to where the whole of it stands in the world."""

from __future__ import annotations

from typing import Dict, NamedTuple, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_geometry import quaternion_to_matrix
from droidlet_perception._cloud import check_frame, is_return
from droidlet_perception.shapes import ShapeClass, default_classes
from droidlet_schema import Detection, Detections, Frame, evolve

F64 = NDArray[np.float64]
Triple = Tuple[float, float, float]

_MOST_POINTS = 160
_STRAY = 0.01  # share of points beyond which none counts as the end of a thing
_ANGLES = np.arange(12) * (np.pi / 24)
_COS, _SIN = np.cos(_ANGLES), np.sin(_ANGLES)
for _table in (_ANGLES, _COS, _SIN):
    _table.setflags(write=False)
_SEEN_WHOLE = 0.92  # of the nominal length
_ONE_SIDED = 0.35
_CUT_WEIGHT = 3.0
_ON_FLOOR_M = 0.12
_SMALLEST, _LARGEST = 0.85, 1.2  # of the nominal size; beyond that it is a wrong guess rather than a size


class _Span(NamedTuple):
    """What is seen of a thing along one direction on the floor."""

    along: Tuple[float, float]  # unit vector
    low: float
    high: float


def lift_detections(
    detections: Detections, frame: Frame, classes: Sequence[ShapeClass] = default_classes()
) -> Detections:
    """The same detections with centre and extent in the world frame, from the depth under their masks.

    Only the near side of a thing is seen: what its class in `classes` is larger by lies behind, or beyond the side
    where the picture or its mask ends. A detection without any return keeps None. Raises ValueError for a
    box that its mask does not fill or that leaves the picture, and as the detector does.
    """
    check_frame(frame)
    table = {shape.name: shape for shape in classes}
    matrix = quaternion_to_matrix(
        np.array([frame.camera.qw, frame.camera.qx, frame.camera.qy, frame.camera.qz])
    )
    return Detections(tuple(_lift(d, frame, matrix, table) for d in detections.detections))


def _lift(detection: Detection, frame: Frame, matrix: F64, table: Dict[str, ShapeClass]) -> Detection:
    points = _points(detection, frame, matrix)
    if points.shape[1] == 0:
        return detection
    shape = table.get(detection.label)
    low, high = _range(points[2])
    x, y, _ = (np.add.reduce(points, axis=1) / points.shape[1]).tolist()
    seen = _moved((x, y, (low + high) / 2), frame)
    if shape is None:
        (x0, x1), (y0, y1) = _range(points[0]), _range(points[1])
        centre = ((x0 + x1) / 2, (y0 + y1) / 2, (low + high) / 2)
        size = (x1 - x0, y1 - y0, high - low)
        return evolve(detection, centre_m=_moved(centre, frame), size_m=size, seen_m=seen)
    bottom = frame.camera.z_m + (low - shape.body_low_m if detection.cut[2] else high - shape.body_high_m)
    bottom = bottom if shape.stands_on and bottom > _ON_FLOOR_M else 0.0
    size = _scaled(shape, low, high, bottom, float(np.hypot(x, y)), detection, frame)
    cut = (
        detection.cut[0] or detection.box[0] == 0,
        detection.cut[1] or detection.box[2] == frame.intrinsics.width,
    )
    place, extent = (_disc if shape.round else _rectangle)(points, size, _bearing(x, y), cut)
    centre = (place[0] + frame.camera.x_m, place[1] + frame.camera.y_m, bottom + size[2] / 2)
    return evolve(detection, centre_m=centre, size_m=(*extent, size[2]), seen_m=seen)


def _scaled(
    shape: ShapeClass,
    low: float,
    high: float,
    bottom: float,
    away: float,
    detection: Detection,
    frame: Frame,
) -> Triple:
    """The class's size for a thing as tall as this one, where its top (and, off the floor, its foot) is seen.

    What is seen ends, on average, a quarter of a pixel beyond the middle of its last pixel.
    """
    rim = 0.25 * away / frame.intrinsics.fy_px
    if detection.cut[2] or (bottom > 0.0 and detection.cut[3]):
        return shape.size_m
    if bottom > 0.0:
        scale = (high - low + 2 * rim) / (shape.body_high_m - shape.body_low_m)
    else:
        scale = (frame.camera.z_m + high + rim) / shape.body_high_m
    if not _SMALLEST < scale < _LARGEST:
        return shape.size_m
    x, y, z = shape.size_m
    return (x * scale, y * scale, z * scale)


def _moved(centre: Triple, frame: Frame) -> Triple:
    return (centre[0] + frame.camera.x_m, centre[1] + frame.camera.y_m, centre[2] + frame.camera.z_m)


def _points(detection: Detection, frame: Frame, matrix: F64) -> F64:
    """Points (3, P) under the mask, in world axes from the camera's place; at most a few hundred, evenly chosen."""
    x0, y0, x1, y1 = detection.box
    height, width = frame.depth_m.shape
    if detection.mask.shape != (y1 - y0, x1 - x0) or not (0 <= x0 <= x1 <= width and 0 <= y0 <= y1 <= height):
        raise ValueError(
            f"detection.box is {detection.box} with a mask of shape {detection.mask.shape} in a picture of"
            f" {width} by {height}: the mask fills the box, and the box lies in the picture it was found in"
        )
    depth = frame.depth_m[y0:y1, x0:x1]
    at = np.flatnonzero(detection.mask & is_return(depth))
    row, column = np.divmod(at[:: len(at) // _MOST_POINTS + 1], max(x1 - x0, 1))
    z = depth[row, column].astype(np.float64)
    lens = frame.intrinsics
    x = (column + (x0 + 0.5 - lens.cx_px)) / lens.fx_px * z
    y = (row + (y0 + 0.5 - lens.cy_px)) / lens.fy_px * z
    return np.array([x * a + y * b + z * c for a, b, c in matrix.tolist()])


def _range(values: F64) -> Tuple[float, float]:
    """Least and largest value but for strays."""
    stray = int(len(values) * _STRAY)
    ordered = np.sort(values)
    return float(ordered[stray]), float(ordered[len(values) - 1 - stray])


def _bearing(x: float, y: float) -> Tuple[float, float]:
    """Unit vector on the floor towards a point, metres from the camera; ahead where it is right below."""
    length = float(np.hypot(x, y))
    return (x / length, y / length) if length > 1e-9 else (1.0, 0.0)


def _disc(
    points: F64, size_m: Triple, bearing: Tuple[float, float], cut: Tuple[bool, bool]
) -> Tuple[Tuple[float, float], Tuple[float, float]]:
    """Centre on the floor and extent of something round: half its diameter behind its nearest point."""
    bx, by = bearing
    diameter = (size_m[0] + size_m[1]) / 2
    low, high = _range(bx * points[1] - by * points[0])
    near, _ = _range(bx * points[0] + by * points[1])
    missing = max(diameter - (high - low), 0.0)
    left = (low + high) / 2 + missing / 2 * (cut[0] - cut[1])
    ahead = near + diameter / 2
    return (bx * ahead - by * left, by * ahead + bx * left), (diameter, diameter)


def _rectangle(
    points: F64, size_m: Triple, bearing: Tuple[float, float], cut: Tuple[bool, bool]
) -> Tuple[Tuple[float, float], Tuple[float, float]]:
    """Centre on the floor and extent along the world's axes of something that stands on a rectangle."""
    one, two = _smallest_rectangle(points)
    x, y = size_m[0], size_m[1]
    if _misfit(one, x) + _misfit(two, y) > _misfit(one, y) + _misfit(two, x):
        x, y = y, x
    a, b = _middle(one, x, bearing, cut), _middle(two, y, bearing, cut)
    (c, s) = one.along
    centre = (a * c - b * s, a * s + b * c)
    return centre, (abs(c) * x + abs(s) * y, abs(s) * x + abs(c) * y)


def _smallest_rectangle(points: F64) -> Tuple[_Span, _Span]:
    """Two spans at right angles (the second to the left of the first) that bound the points most tightly."""
    u = points[0] * _COS[:, None] + points[1] * _SIN[:, None]
    v = points[1] * _COS[:, None] - points[0] * _SIN[:, None]
    u0, u1, v0, v1 = u.min(axis=1), u.max(axis=1), v.min(axis=1), v.max(axis=1)
    best = int(np.argmin((u1 - u0 + 0.02) * (v1 - v0 + 0.02)))
    c, s = float(_COS[best]), float(_SIN[best])
    return _Span((c, s), float(u0[best]), float(u1[best])), _Span((-s, c), float(v0[best]), float(v1[best]))


def _misfit(span: _Span, length: float) -> float:
    off = span.high - span.low - length
    return 3.0 * off if off > 0 else -off


def _middle(span: _Span, length: float, bearing: Tuple[float, float], cut: Tuple[bool, bool]) -> float:
    """Where the middle lies along a span of which only a part may be seen: what is missing lies at the unsure end."""
    seen = span.high - span.low
    if seen > _SEEN_WHOLE * length:
        return (span.low + span.high) / 2
    away = span.along[0] * bearing[0] + span.along[1] * bearing[1]
    left = span.along[1] * bearing[0] - span.along[0] * bearing[1]
    unsure = away + _CUT_WEIGHT * (cut[0] * max(left, 0.0) - cut[0] * max(-left, 0.0))
    unsure += _CUT_WEIGHT * (cut[1] * max(-left, 0.0) - cut[1] * max(left, 0.0))
    if unsure > _ONE_SIDED:
        return span.low + length / 2
    if unsure < -_ONE_SIDED:
        return span.high - length / 2
    return (span.low + span.high) / 2
