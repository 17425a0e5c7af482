"""The place field: which nodes and obstacles are in which cells."""

from __future__ import annotations

import math
from collections.abc import Iterable

from droidlet_memory.places.cells import (
    Buckets,
    Cell,
    Chunk,
    Chunks,
    PlaceCell,
    Placed,
    cell_at,
    cells_at,
    chunks_near,
    in_order,
    placed,
    with_cells,
    with_placed,
)
from droidlet_memory.places.syncing import told_by
from droidlet_schema import FrozenMap, OccupancyMap, evolve, record

MOST_CELLS = 1_000_000  # of one box
EXAMINED_M, EXAMINED_TIMES = 1.5, 2  # so many looks within this distance are enough


@record
class PlaceField:
    """A sparse map of any extent, on several levels: each method that changes it gives the next one.

    Cell (column, row, level) covers x from column * cell_m and y from row * cell_m to one cell further, and z
    from level * level_m up to the next level; all three may be negative. A node may be in several cells, a
    cell have several nodes. An obstacle is one of the map's or a node that was put as one.
    """

    cell_m: float = 0.1
    level_m: float = 3.0
    chunks: FrozenMap[str, Chunk] = FrozenMap()
    buckets: FrozenMap[int, FrozenMap[str, Placed]] = FrozenMap()

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for cells of no extent."""
        for name in ("cell_m", "level_m"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"PlaceField.{name} is above zero, got {getattr(self, name)}")

    def cell_of(self, position_m: tuple[float, float, float]) -> Cell:
        """The cell that a point lies in. Raises ValueError for one that is nowhere."""
        if not all(map(math.isfinite, position_m)):
            raise ValueError(f"no cell has the position {position_m}: it is not finite")
        x, y, z = position_m
        return (math.floor(x / self.cell_m), math.floor(y / self.cell_m), math.floor(z / self.level_m))

    def cells_under(
        self, position_m: tuple[float, float, float], size_m: tuple[float, float, float]
    ) -> tuple[Cell, ...]:
        """The cells of a box around a point, on the level of its middle; at least the one that it lies in.

        Raises ValueError for a box that is nowhere, or has more than MOST_CELLS.
        """
        if not all(map(math.isfinite, size_m)):
            raise ValueError(f"no cells have the extent {size_m}: it is not finite")
        column, row, level = self.cell_of(position_m)
        columns, rows = (self._span(position_m[i], abs(size_m[i]), (column, row)[i]) for i in (0, 1))
        if len(columns) * len(rows) > MOST_CELLS:
            raise ValueError(f"a box of {size_m} has more than {MOST_CELLS} cells of {self.cell_m} m")
        return tuple((x, y, level) for x in columns for y in rows)

    def _span(self, middle_m: float, extent_m: float, cell: int) -> range:
        low, high = (middle_m - extent_m / 2) / self.cell_m, (middle_m + extent_m / 2) / self.cell_m
        return range(min(cell, math.floor(low)), max(cell, math.ceil(high) - 1) + 1)

    def put_node(self, node_id: str, cells: Iterable[Cell], *, obstacle: bool = False) -> PlaceField:
        """With a node in these cells, and in no others; in none it is nowhere."""
        wanted = in_order(cells)
        now = Placed(wanted, obstacle) if wanted else None
        before = placed(self.buckets, node_id)
        if before == now:
            return self
        touched = {*wanted, *(before.cells if before is not None else ())}
        changed = {}
        for cell in touched:
            held, here = self.at(cell), now is not None and cell in now.cells
            changed[cell] = evolve(
                held,
                nodes=_listed(held.nodes, node_id, here),
                blocking=_listed(held.blocking, node_id, here and obstacle),
            )
        return self._next(with_cells(self.chunks, changed), with_placed(self.buckets, node_id, now))

    def move_node(self, node_id: str, cells: Iterable[Cell]) -> PlaceField:
        """With a node elsewhere, an obstacle as before. Raises KeyError for one that is nowhere."""
        before = placed(self.buckets, node_id)
        if before is None:
            raise KeyError(f"{node_id} is nowhere in this place field: put_node puts it somewhere")
        return self.put_node(node_id, cells, obstacle=before.obstacle)

    def remove_node(self, node_id: str) -> PlaceField:
        """Without a node; the same where it is nowhere."""
        return self.put_node(node_id, ())

    def with_obstacles(self, cells: Iterable[Cell]) -> PlaceField:
        """With these cells as obstacles of the map's."""
        return self._mapped(dict.fromkeys(cells, True))

    def without_obstacles(self, cells: Iterable[Cell]) -> PlaceField:
        """Without obstacles of the map's in these cells; nodes that stand in the way stay."""
        return self._mapped(dict.fromkeys(cells, False))

    def synced(self, known: OccupancyMap, level: int = 0) -> PlaceField:
        """As an occupancy map knows a level: its occupied cells are obstacles, its free ones are not, of what
        it has not seen nothing changes. Cells of other sizes meet where the middle of the one lies in the
        other; occupied counts more than free.

        Raises ValueError for a map whose place is not finite.
        """
        return self._mapped(told_by(known, self.cell_m, level))

    def _mapped(self, wanted: dict[Cell, bool]) -> PlaceField:
        changed = {
            cell: evolve(held, mapped=mapped)
            for cell, held in cells_at(self.chunks, wanted)
            if held.mapped is not (mapped := wanted[cell])
        }
        return self._next(with_cells(self.chunks, changed), self.buckets) if changed else self

    def looked(self, cell: Cell) -> PlaceField:
        """With one more close look at a cell."""
        held = self.at(cell)
        return self._next(with_cells(self.chunks, {cell: evolve(held, looks=held.looks + 1)}), self.buckets)

    def looks_near(self, cell: Cell, within_m: float = EXAMINED_M) -> int:
        """How many close looks there were at cells within a distance, on its level."""
        return sum(held.looks for _, held in self._near(cell, within_m))

    def examined(self, cell: Cell, within_m: float = EXAMINED_M, times: int = EXAMINED_TIMES) -> bool:
        """Whether there were enough looks around a cell, so that curiosity goes elsewhere."""
        return self.looks_near(cell, within_m) >= times

    def at(self, cell: Cell) -> PlaceCell:
        """What is known of a cell."""
        return cell_at(self.chunks, cell)

    def nodes_at(self, cell: Cell) -> tuple[str, ...]:
        """The ids of the nodes in a cell, in order."""
        return self.at(cell).nodes

    def nodes_near(self, cell: Cell, within_m: float) -> tuple[str, ...]:
        """The ids of the nodes of a level with a cell whose middle is within a distance of this one's, the
        nearest first, then by id.
        """
        nearest: dict[str, float] = {}
        for far, held in self._near(cell, within_m):
            for node_id in held.nodes:
                nearest[node_id] = min(far, nearest.get(node_id, math.inf))
        return tuple(sorted(nearest, key=lambda node_id: (nearest[node_id], node_id)))

    def _near(self, cell: Cell, within_m: float) -> list[tuple[float, PlaceCell]]:
        x, y, _ = cell
        found = (
            (math.hypot(at[0] - x, at[1] - y) * self.cell_m, held)
            for chunk in chunks_near(self.chunks, cell, within_m / self.cell_m)
            for at, held in chunk.items()
        )
        return [(far, held) for far, held in found if far <= within_m]

    def cells_of(self, node_id: str) -> tuple[Cell, ...]:
        """The cells of a node, in order; none for one that is nowhere."""
        where = placed(self.buckets, node_id)
        return () if where is None else where.cells

    def is_obstacle(self, cell: Cell) -> bool:
        """Whether nothing can go there."""
        return self.at(cell).obstacle

    def obstacles(self, level: int = 0) -> tuple[Cell, ...]:
        """All cells of a level where nothing can go, in order."""
        chunks = (chunk for chunk in self.chunks.values() if chunk.level == level)
        return tuple(sorted(cell for chunk in chunks for cell, held in chunk.items() if held.obstacle))

    def _next(self, chunks: Chunks, buckets: Buckets) -> PlaceField:
        return evolve(self, chunks=chunks, buckets=buckets)


def _listed(ids: tuple[str, ...], node_id: str, there: bool) -> tuple[str, ...]:
    """Ids with or without one, in order."""
    others = [other for other in ids if other != node_id]
    return tuple(sorted([*others, node_id])) if there else tuple(others)
