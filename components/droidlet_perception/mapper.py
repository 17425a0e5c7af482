"""A map of what is free and what is not, as a body on the floor sees it."""

from __future__ import annotations

from typing import Tuple

import attrs
import numpy as np
from numpy.typing import NDArray

from droidlet_perception._carving import Sight, free_cells, look_along_floor
from droidlet_perception._cloud import make_cloud
from droidlet_schema import Frame, Key, OccupancyMap, Pose2, record

Evidence = NDArray[np.int8]
Rows = Tuple[slice, slice]


@record
class MapInputs:
    """One picture, and where the body that carries the camera stands."""

    frame: Frame
    pose: Pose2


@record
class MapChange:
    """How many cells became known, free or occupied in this step."""

    known: int  # never seen before
    freed: int  # occupied before
    blocked: int  # free or unknown before


@attrs.frozen
class OccupancyMapper:
    """Folds pictures into an occupancy map that grows as needed.

    Points between `low_m` and `high_m` above the floor make their cells occupied. A cell is free where a ray
    passes over it before the first such point in its direction, or where the floor itself is seen with nothing
    overhead. What was occupied and is seen to be empty becomes free again after a few pictures.
    """

    cell_m: float = 0.1
    low_m: float = 0.05
    high_m: float = 1.3
    range_m: float = 7.0
    body_radius_m: float = 0.18
    block_m: float = 2.0  # the map grows by whole blocks

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for lengths that cannot be."""
        for name in ("cell_m", "range_m", "block_m"):
            if not 0.0 < getattr(self, name) < np.inf:
                raise ValueError(
                    f"OccupancyMapper.{name} is {getattr(self, name)}: a length in metres, positive and finite"
                )
        if not 0.0 <= self.low_m < self.high_m:
            raise ValueError(
                f"OccupancyMapper: low_m {self.low_m} must be at least 0 and below high_m {self.high_m}"
            )

    def initial(self, key: Key) -> OccupancyMap:
        """A map of one cell of which nothing is known."""
        return OccupancyMap(np.zeros((1, 1), np.int8), 0.0, 0.0, self.cell_m)

    def __call__(self, inputs: MapInputs, state: OccupancyMap) -> Tuple[MapChange, OccupancyMap]:
        """What changed, and the next map. Raises ValueError when picture and camera disagree or cell sizes do."""
        self._check(inputs, state)
        columns = max(1, inputs.frame.depth_m.shape[1] // _COLUMNS)
        cloud = make_cloud(inputs.frame, 2 * columns, columns)
        sight = look_along_floor(cloud, self.low_m, self.high_m, self.range_m)
        grown = self._grow(state, inputs.pose, sight)
        evidence = grown.evidence.copy()
        window, free, below = free_cells(sight, grown, self.range_m)
        cells = evidence[window]
        cells[free] = np.maximum(cells[free] - np.int8(_FREE), np.int8(_LOWEST))
        cells[free & (cells == 0)] = -1  # 0 would say that it was never seen
        cells[below & (cells == 0)] = -1
        _stand(evidence, inputs.pose, grown, self.body_radius_m)
        _block(evidence, grown.evidence, sight, grown)
        return _change(grown.evidence, evidence), OccupancyMap(
            evidence, grown.origin_x_m, grown.origin_y_m, grown.cell_m
        )

    def _check(self, inputs: MapInputs, state: OccupancyMap) -> None:
        if state.cell_m != self.cell_m or state.evidence.size == 0:
            raise ValueError(
                f"state has cells of {state.cell_m} m and shape {state.evidence.shape}, this mapper {self.cell_m} m:"
                " a map goes on with the mapper that began it, see initial(key)"
            )
        pose = (inputs.pose.x_m, inputs.pose.y_m, inputs.pose.yaw_rad)
        if not np.isfinite(pose).all() or max(abs(v) for v in pose) > _WORLD_M:
            raise ValueError(f"pose is {pose}: it must be finite and within {_WORLD_M} m of the origin")

    def _grow(self, known: OccupancyMap, pose: Pose2, sight: Sight) -> OccupancyMap:
        """The map, large enough for all that is seen."""
        low_x, low_y, high_x, high_y = sight.bounds(pose.x_m, pose.y_m, self.body_radius_m + known.cell_m)
        block = max(1, round(self.block_m / known.cell_m))
        rows, columns = known.evidence.shape
        left = _blocks(known.origin_x_m - low_x, known.cell_m, block)
        below = _blocks(known.origin_y_m - low_y, known.cell_m, block)
        right = _blocks(high_x - known.origin_x_m - columns * known.cell_m, known.cell_m, block)
        above = _blocks(high_y - known.origin_y_m - rows * known.cell_m, known.cell_m, block)
        if not (left or right or below or above):
            return known
        if (rows + below + above) * (columns + left + right) > _MOST_CELLS:
            raise ValueError(
                f"the picture was taken at {sight.camera}, too far from pose {(pose.x_m, pose.y_m)} or from the map for"
                f" one map of {known.cell_m} m cells: do pose and camera belong together?"
            )
        evidence = np.zeros((rows + below + above, columns + left + right), np.int8)
        evidence[below : below + rows, left : left + columns] = known.evidence
        x, y = known.origin_x_m - left * known.cell_m, known.origin_y_m - below * known.cell_m
        return OccupancyMap(evidence, x, y, known.cell_m)


_COLUMNS = 96  # wider pictures are thinned to less than twice this
_WORLD_M = 1e4
_MOST_CELLS = 16_000_000
_LOWEST, _HIGHEST = -8, 9
_FREE, _HIT = 2, 3


def _blocks(missing_m: float, cell_m: float, block: int) -> int:
    """Cells to add so that the missing length is covered, in whole blocks."""
    return 0 if missing_m <= 0 else -(-int(np.ceil(missing_m / cell_m)) // block) * block


def _stand(evidence: Evidence, pose: Pose2, known: OccupancyMap, radius_m: float) -> None:
    """Where the body stands nothing else does."""
    column, row = (
        (pose.x_m - known.origin_x_m) / known.cell_m - 0.5,
        (pose.y_m - known.origin_y_m) / known.cell_m - 0.5,
    )
    radius = radius_m / known.cell_m
    r0, c0 = max(int(np.ceil(row - radius)), 0), max(int(np.ceil(column - radius)), 0)
    part = evidence[r0 : int(row + radius) + 1, c0 : int(column + radius) + 1]
    rows, columns = np.arange(part.shape[0])[:, None] + r0 - row, np.arange(part.shape[1]) + c0 - column
    part[rows * rows + columns * columns <= radius * radius] = _LOWEST


def _block(evidence: Evidence, before: Evidence, sight: Sight, known: OccupancyMap) -> None:
    """Cells with points in the way gain evidence, whatever else was seen through them in this picture."""
    column = ((sight.hit_x - known.origin_x_m) / known.cell_m).astype(np.int64)
    row = ((sight.hit_y - known.origin_y_m) / known.cell_m).astype(np.int64)
    hit = np.zeros(evidence.shape, bool)
    hit[row, column] = True
    evidence[hit] = np.minimum(np.maximum(before[hit], 0) + np.int8(_HIT), np.int8(_HIGHEST))


def _change(before: Evidence, after: Evidence) -> MapChange:
    known = int(np.count_nonzero(after) - np.count_nonzero(before))
    was, now = before > 0, after > 0
    return MapChange(known, int(np.count_nonzero(was & (after < 0))), int(np.count_nonzero(now & ~was)))
