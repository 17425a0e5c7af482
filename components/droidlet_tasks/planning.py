"""From an occupancy map to a route: which cells can be entered, which would do as a goal, the way there."""

from __future__ import annotations

import math
from typing import NamedTuple, Optional, Tuple

import attrs
import numpy as np
from numpy.typing import NDArray

from droidlet_geometry import (
    cell_to_world,
    clearance_penalty,
    dilate,
    distance_field,
    line_of_sight,
    nearest_free_cell,
    plan_path,
    world_to_cell,
)
from droidlet_schema import OccupancyMap, Pose2
from droidlet_tasks.body import BodyLimits
from droidlet_tasks.boxes import Box, box_distance
from droidlet_tasks.contract import Point

Mask = NDArray[np.bool_]
_MARGIN_M = 1.5  # of unknown ground around what is known


class Route(NamedTuple):
    """Points to walk to, the body's own place left out; not `reached`: only a nearer place was found."""

    points: Tuple[Point, ...]
    reached: bool


@attrs.frozen(eq=False)
class Ground:
    """The part of the map that matters: where the body's centre may not be, and what is unknown."""

    occupied: Mask
    blocked: Mask
    unknown: Mask
    origin: Point
    cell_m: float
    start: Tuple[int, int]

    def cells(self, points: NDArray[np.float64]) -> NDArray[np.int64]:
        """World points (N, 2) as cells (N, 2), clipped to this ground."""
        found = world_to_cell(points, self.origin[0], self.origin[1], self.cell_m)
        return np.clip(found, 0, np.array(self.occupied.shape) - 1)

    def points(self, cells: NDArray[np.int64]) -> Tuple[Point, ...]:
        """The centres of cells (N, 2) in the world."""
        return tuple(
            (float(x), float(y)) for x, y in cell_to_world(cells, self.origin[0], self.origin[1], self.cell_m)
        )

    def centres(self) -> NDArray[np.float64]:
        """The centre of every cell (H, W, 2), world x y."""
        rows, columns = np.indices(self.occupied.shape)
        return np.asarray(
            cell_to_world(np.stack([rows, columns], axis=-1), self.origin[0], self.origin[1], self.cell_m)
        )


def ground_of(
    known: OccupancyMap,
    pose: Pose2,
    limits: BodyLimits,
    also: Tuple[Point, ...] = (),
    bumps: Tuple[Point, ...] = (),
) -> Ground:
    """The map cropped to what is known (and to points `also`), obstacles grown by the body's radius."""
    rows, columns = _crop(known, ((pose.x_m, pose.y_m), *also))
    evidence = known.evidence[rows, columns]
    origin = (known.origin_x_m + columns.start * known.cell_m, known.origin_y_m + rows.start * known.cell_m)
    occupied = evidence > 0
    _add_bumps(occupied, bumps, origin, known.cell_m)
    blocked = dilate(occupied, (limits.radius_m + limits.margin_m) / known.cell_m)
    start = world_to_cell(np.array([pose.x_m, pose.y_m]), origin[0], origin[1], known.cell_m)
    row, column = (int(n) for n in np.clip(start, 0, np.array(occupied.shape) - 1))
    _clear_around(blocked, occupied, row, column, (limits.radius_m + limits.margin_m) / known.cell_m)
    return Ground(occupied, blocked, evidence == 0, origin, known.cell_m, (row, column))


def _crop(known: OccupancyMap, points: Tuple[Point, ...]) -> Tuple[slice, slice]:
    seen = known.evidence != 0
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    cells = world_to_cell(np.array(points), known.origin_x_m, known.origin_y_m, known.cell_m)
    height, width = known.evidence.shape
    margin = math.ceil(_MARGIN_M / known.cell_m)
    all_rows = np.concatenate([rows, np.clip(cells[:, 0], 0, height - 1)])
    all_columns = np.concatenate([columns, np.clip(cells[:, 1], 0, width - 1)])
    return _span(all_rows, margin, height), _span(all_columns, margin, width)


def _span(indices: NDArray[np.int64], margin: int, length: int) -> slice:
    return slice(max(int(indices.min()) - margin, 0), min(int(indices.max()) + margin + 1, length))


def _add_bumps(occupied: Mask, bumps: Tuple[Point, ...], origin: Point, cell_m: float) -> None:
    for x, y in bumps:
        row, column = world_to_cell(np.array([x, y]), origin[0], origin[1], cell_m)
        if 0 <= row < occupied.shape[0] and 0 <= column < occupied.shape[1]:
            occupied[row, column] = True


def _clear_around(blocked: Mask, occupied: Mask, row: int, column: int, radius: float) -> None:
    """The body stands where it stands: right around it only what is really occupied blocks."""
    reach = math.ceil(radius)
    r0, c0 = max(row - reach, 0), max(column - reach, 0)
    here = (slice(r0, row + reach + 1), slice(c0, column + reach + 1))
    rows, columns = np.ogrid[
        r0 : min(row + reach + 1, blocked.shape[0]), c0 : min(column + reach + 1, blocked.shape[1])
    ]
    near = (rows - row) ** 2 + (columns - column) ** 2 <= radius**2
    blocked[here] &= ~near | occupied[here]
    blocked[row, column] = False


def walking_penalty(ground: Ground) -> NDArray[np.float64]:
    """Dearer near obstacles, and a little dearer where nothing is known."""
    return _near_obstacles(ground) + 0.5 * ground.unknown


def exploring_penalty(ground: Ground) -> NDArray[np.float64]:
    """Dearer near obstacles, and much dearer where nothing is known."""
    return _near_obstacles(ground) + 4.0 * ground.unknown


def _near_obstacles(ground: Ground) -> NDArray[np.float64]:
    return clearance_penalty(ground.blocked, max(0.25 / ground.cell_m, 1.0), 2.0)


def route_to_box(ground: Ground, box: Box, within_m: float) -> Optional[Route]:
    """The way to a place within `within_m` of what stands in a box, in sight of it where there is one.

    Else of the box itself, else as near to it as one gets; None: no way at all.
    """
    distance = box_distance(ground.centres(), box)
    free = ~ground.blocked
    penalty = walking_penalty(ground)
    near = free & (distance <= within_m)
    in_sight = _in_sight(ground, near, box)
    for goals in (_beside_body(ground, in_sight, box, within_m), in_sight, near):
        path = _plan(ground, goals, penalty)
        if path is not None:
            return Route(path, True)
    return _nearest(ground, distance, penalty)


def _nearest(ground: Ground, distance: NDArray[np.float64], penalty: NDArray[np.float64]) -> Optional[Route]:
    field = distance_field(ground.blocked, np.array(ground.start), penalty)
    cost = np.where(np.isfinite(field), distance + 0.001 * np.where(np.isfinite(field), field, 0), np.inf)
    best = np.unravel_index(int(np.argmin(cost)), cost.shape)
    goal = np.zeros_like(ground.blocked)
    goal[best] = True
    path = _plan(ground, goal, penalty)
    return None if path is None else Route(path, False)


def _in_sight(ground: Ground, near: Mask, box: Box) -> Mask:
    """The cells from which a line to the box's middle crosses nothing but what stands at the box itself."""
    cells = np.argwhere(near)
    if len(cells) == 0:
        return near
    solid = ground.occupied.copy()
    corners = ground.cells(np.array([[box[0] - 0.3, box[1] - 0.3], [box[2] + 0.3, box[3] + 0.3]]))
    solid[corners[0, 0] : corners[1, 0] + 1, corners[0, 1] : corners[1, 1] + 1] = False
    middle = ground.cells(np.array([[(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]]))[0]
    seen = np.zeros_like(near)
    seen[tuple(cells[line_of_sight(solid, middle, cells)].T)] = True
    return seen


def _beside_body(ground: Ground, near: Mask, box: Box, within_m: float) -> Mask:
    """Those cells near a box that are near what the map shows in it: a thing that stands askew does not
    reach into the corners of its box. Where the map shows nothing there, all of them.
    """
    (row0, column0), (row1, column1) = ground.cells(np.array([[box[0], box[1]], [box[2], box[3]]]))
    body = np.argwhere(ground.occupied[row0 : row1 + 1, column0 : column1 + 1]) + (row0, column0)
    cells = np.argwhere(near)
    if len(body) == 0 or len(cells) == 0:
        return near
    apart = ((cells[:, None, :] - body[None, :: _every(len(body)), :]) ** 2).sum(axis=-1).min(axis=1)
    beside = np.zeros_like(near)
    beside[tuple(cells[apart <= (within_m / ground.cell_m) ** 2].T)] = True
    return beside


def _every(number: int) -> int:
    """Of so many cells, every so many-th is enough to tell distances by."""
    return max(1, number // 200)


def _plan(ground: Ground, goals: Mask, penalty: NDArray[np.float64]) -> Optional[Tuple[Point, ...]]:
    cells = np.argwhere(goals)
    if len(cells) == 0:
        return None
    path = plan_path(ground.blocked, np.array(ground.start), cells, penalty)
    return None if path is None else (ground.points(path)[1:] or ground.points(path))


def route_to_point(ground: Ground, point: Point, within_m: float) -> Optional[Route]:
    """The way to a point itself, else to within `within_m` of it, else as near as one gets. None: no way."""
    spot, exactly_m = (*point, *point), 0.75 * ground.cell_m
    route = route_to_box(ground, spot, exactly_m)
    if route is None or route.reached or within_m <= exactly_m:
        return route
    return route_to_box(ground, spot, within_m)


def route_to_cell_near(ground: Ground, cell: NDArray[np.int64]) -> Optional[Tuple[Point, ...]]:
    """The way to the known free cell nearest to a cell; None: no way."""
    goal = nearest_free_cell(ground.blocked | ground.unknown, cell)
    if goal is None:
        return None
    path = plan_path(ground.blocked, np.array(ground.start), np.array(goal), exploring_penalty(ground))
    return None if path is None else (ground.points(path)[1:] or ground.points(path))


def is_clear(
    known: OccupancyMap, points: Tuple[Point, ...], limits: BodyLimits, ahead_m: float = 1.0
) -> bool:
    """Whether the first metres of a route are free as the map stands now; its first point is the body's."""
    samples = _along(points, ahead_m, known.cell_m)
    if len(samples) == 0:
        return True
    reach = limits.radius_m
    offsets = np.array([(0, 0), (reach, 0), (-reach, 0), (0, reach), (0, -reach)])
    spots = (samples[:, None, :] + offsets).reshape(-1, 2)
    cells = world_to_cell(spots, known.origin_x_m, known.origin_y_m, known.cell_m)
    inside = np.all((cells >= 0) & (cells < known.evidence.shape), axis=1)
    cells = cells[inside]
    return not bool((known.evidence[cells[:, 0], cells[:, 1]] > 0).any())


def _along(points: Tuple[Point, ...], length_m: float, step_m: float) -> NDArray[np.float64]:
    """Points every step along a polyline, from 0.2 m (what touches the body already) to length_m."""
    found = []
    gone = 0.0
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        span = math.hypot(x1 - x0, y1 - y0)
        for i in range(1, int(span / step_m) + 1):
            if 0.2 <= gone + i * step_m <= length_m:
                share = i * step_m / span
                found.append((x0 + share * (x1 - x0), y0 + share * (y1 - y0)))
        gone += span
        if gone > length_m:
            break
    return np.array(found).reshape(-1, 2)
