"""What perception makes of frames: detections, tracks, an occupancy map."""

from __future__ import annotations

from typing import Any, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema.fields import array
from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.record import record


@record
class Detection:
    """One thing in one picture. `centre_m` and `size_m` are None until it is lifted to 3-D."""

    label: str
    score: float  # 0 to 1
    box: Tuple[int, int, int, int]  # x0 y0 x1 y1 pixels, half open
    colour: str
    mask: NDArray[Any] = array("h w", np.bool_)  # within the box
    centre_m: Optional[Tuple[float, float, float]] = None  # world frame
    size_m: Optional[Tuple[float, float, float]] = None  # extent along the world's x, y, z
    truncated: bool = False  # cut off by the picture's border or by something in front
    cut: Tuple[bool, bool, bool, bool] = (False, False, False, False)  # on its left, right, top, bottom
    label_scores: FrozenMap[str, float] = FrozenMap()  # the likeliest labels, 0 to 1
    seen_m: Optional[Tuple[float, float, float]] = None  # middle of the part that is seen, world frame


@record
class Detections:
    """All things found in one picture."""

    detections: Tuple[Detection, ...] = ()


@record
class Track:
    """One thing of the world, followed through pictures; its id never changes."""

    id: int
    label: str
    colour: str
    score: float  # 0 to 1; below 0.5 it was not seen well enough to be told of
    centre_m: Tuple[float, float, float]  # world frame
    size_m: Tuple[float, float, float]  # extent along the world's x, y, z
    first_seen_ns: int
    last_seen_ns: int
    sightings: int = 1
    missed: int = 0  # times in a row that it should have been seen and was not
    label_votes: FrozenMap[str, float] = FrozenMap()
    colour_votes: FrozenMap[str, float] = FrozenMap()
    quality: float = 0.0  # 0 to 1, of the best sighting
    evidence: float = 0.0  # how much its place is based on


@record
class Tracks:
    """Everything that the tracker knows; the state of the tracker."""

    tracks: Tuple[Track, ...] = ()
    next_id: int = 1


@record
class OccupancyMap:
    """A grid of evidence on the floor plan: 0 = never seen, below 0 = free, above 0 = occupied.

    Cell (row, column) covers origin + (column, row) * cell_m to one cell further: columns are x, rows are y.
    """

    evidence: NDArray[Any] = array("H W", np.int8)
    origin_x_m: float
    origin_y_m: float
    cell_m: float
