"""What the things of a household look like, as a table of shapes."""

from __future__ import annotations

from typing import Tuple

from droidlet_schema import record


@record
class ShapeClass:
    """One class of things: its nominal size and the part of it that has the thing's own colour."""

    name: str
    size_m: Tuple[
        float, float, float
    ]  # nominal extent along the thing's own x (depth), y (width), z (height)
    body_low_m: float  # where the part in its own colour begins, above the thing's lowest point
    body_high_m: float  # and where that part ends
    solidity: float  # how much of its silhouette's bounding box it fills, seen from in front
    round: bool = False  # whether its outline on the floor is a disc
    stands_on: bool = False  # whether it is small and may stand on furniture
    moves: bool = False  # whether it walks about


_HOUSEHOLD = (
    ShapeClass("ball", (0.26, 0.26, 0.26), 0.0, 0.26, 0.78, round=True),
    ShapeClass("bed", (2.05, 1.50, 0.95), 0.0, 0.95, 0.7),
    ShapeClass("bin", (0.30, 0.30, 0.42), 0.0, 0.42, 0.95, round=True),
    ShapeClass("book", (0.30, 0.22, 0.06), 0.0, 0.06, 1.0, stands_on=True),
    ShapeClass("bottle", (0.10, 0.10, 0.34), 0.0, 0.34, 0.75, round=True, stands_on=True),
    ShapeClass("box", (0.40, 0.50, 0.32), 0.0, 0.32, 1.0),
    ShapeClass("cabinet", (0.50, 0.90, 0.80), 0.0, 0.80, 1.0),
    ShapeClass("chair", (0.47, 0.46, 0.94), 0.0, 0.94, 0.5),
    ShapeClass("cup", (0.11, 0.11, 0.13), 0.0, 0.13, 1.0, round=True, stands_on=True),
    ShapeClass("lamp", (0.44, 0.44, 1.55), 1.25, 1.55, 1.0, round=True),
    ShapeClass("person", (0.36, 0.52, 1.72), 0.78, 1.42, 0.85, round=True, moves=True),
    ShapeClass("plant", (0.54, 0.54, 1.10), 0.40, 1.10, 0.7, round=True),
    ShapeClass("shelf", (0.34, 1.00, 1.80), 0.0, 1.80, 1.0),
    ShapeClass("sofa", (0.90, 2.00, 0.85), 0.0, 0.85, 0.9),
    ShapeClass("stool", (0.38, 0.38, 0.60), 0.0, 0.60, 0.3, round=True),
    ShapeClass("table", (0.80, 1.40, 0.74), 0.0, 0.74, 0.3),
    ShapeClass("television", (0.36, 1.20, 1.20), 0.50, 1.20, 1.0),
    ShapeClass("vase", (0.24, 0.24, 0.42), 0.0, 0.42, 0.6, round=True, stands_on=True),
)


def default_classes() -> Tuple[ShapeClass, ...]:
    """The household classes, in alphabetical order; sizes are the nominal ones, a thing may differ by 6 %."""
    return _HOUSEHOLD
