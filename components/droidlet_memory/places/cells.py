"""Cells, and the chunks that they are kept in, so that a change copies little and shares the rest."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping

from droidlet_schema import FrozenMap, record

Cell = tuple[int, int, int]
"""Column (along x), row (along y) and level; any of them may be negative."""

SIDE_BITS = 4  # a chunk has 16 by 16 cells
SIDE = 1 << SIDE_BITS
BUCKETS = 256  # of nodes


@record
class PlaceCell:
    """What is known of one cell."""

    nodes: tuple[str, ...] = ()  # ids, in order
    blocking: tuple[str, ...] = ()  # those of them that stand in the way
    mapped: bool = False  # an obstacle of the map's, whatever stands there
    looks: int = 0  # how often somebody looked closely

    @property
    def obstacle(self) -> bool:
        """Whether nothing can go there."""
        return self.mapped or bool(self.blocking)


@record
class Chunk:
    """The cells of a square that are not empty, by their number in it."""

    column: int
    row: int
    level: int
    cells: FrozenMap[int, PlaceCell] = FrozenMap()

    def items(self) -> Iterator[tuple[Cell, PlaceCell]]:
        """Its cells, row by row."""
        for number, held in self.cells.items():
            x, y = number & (SIDE - 1), number >> SIDE_BITS
            yield (self.column * SIDE + x, self.row * SIDE + y, self.level), held


@record
class Placed:
    """Where a node is."""

    cells: tuple[tuple[int, int, int], ...]  # in order
    obstacle: bool = False


Chunks = FrozenMap[str, Chunk]
Buckets = FrozenMap[int, FrozenMap[str, Placed]]
EMPTY = PlaceCell()


def cell_at(chunks: Chunks, cell: Cell) -> PlaceCell:
    """What is known of a cell."""
    chunk = chunks.get(_key(cell[0] >> SIDE_BITS, cell[1] >> SIDE_BITS, cell[2]))
    return EMPTY if chunk is None else chunk.cells.get(_number(cell), EMPTY)


def cells_at(chunks: Chunks, cells: Iterable[Cell]) -> Iterator[tuple[Cell, PlaceCell]]:
    """Several cells with what is known of each; each chunk is looked up once."""
    found: dict[Cell, Mapping[int, PlaceCell]] = {}
    nothing: FrozenMap[int, PlaceCell] = FrozenMap()
    for cell in cells:
        square = (cell[0] >> SIDE_BITS, cell[1] >> SIDE_BITS, cell[2])
        held = found.get(square)
        if held is None:
            chunk = chunks.get(_key(*square))
            held = found[square] = dict((nothing if chunk is None else chunk.cells).items())
        yield cell, held.get(_number(cell), EMPTY)


def with_cells(chunks: Chunks, changed: Mapping[Cell, PlaceCell]) -> Chunks:
    """The chunks with some cells otherwise; cells and chunks of which nothing is known are not kept."""
    parts: dict[str, dict[Cell, PlaceCell]] = {}
    for cell, held in changed.items():
        parts.setdefault(_key(cell[0] >> SIDE_BITS, cell[1] >> SIDE_BITS, cell[2]), {})[cell] = held
    kept: dict[str, Chunk] = {}
    gone: list[str] = []
    for key, part in parts.items():
        chunk = _with(chunks.get(key), part)
        if chunk is None:
            gone.append(key)
        else:
            kept[key] = chunk
    after = chunks.update(kept) if kept else chunks
    return after.without(*gone) if gone else after


def _with(chunk: Chunk | None, part: Mapping[Cell, PlaceCell]) -> Chunk | None:
    x, y, level = next(iter(part))
    cells: FrozenMap[int, PlaceCell] = FrozenMap() if chunk is None else chunk.cells
    kept = {_number(cell): held for cell, held in part.items() if held != EMPTY}
    gone = [_number(cell) for cell, held in part.items() if held == EMPTY]
    cells = cells.update(kept).without(*gone) if gone else cells.update(kept)
    return Chunk(x >> SIDE_BITS, y >> SIDE_BITS, level, cells) if cells else None


def chunks_near(chunks: Chunks, cell: Cell, reach: float) -> Iterator[Chunk]:
    """The chunks of a cell's level that may have cells within `reach` cells of it."""
    x, y, level = cell
    if not (2 * reach / SIDE + 3) ** 2 < len(chunks):
        yield from (chunk for chunk in chunks.values() if chunk.level == level)
        return
    steps = int(reach) + 1
    for row in range((y - steps) >> SIDE_BITS, ((y + steps) >> SIDE_BITS) + 1):
        for column in range((x - steps) >> SIDE_BITS, ((x + steps) >> SIDE_BITS) + 1):
            chunk = chunks.get(_key(column, row, level))
            if chunk is not None:
                yield chunk


def placed(buckets: Buckets, node_id: str) -> Placed | None:
    """Where a node is; None for one that is nowhere."""
    bucket = buckets.get(_bucket(node_id))
    return None if bucket is None else bucket.get(node_id)


def with_placed(buckets: Buckets, node_id: str, where: Placed | None) -> Buckets:
    """The buckets with a node elsewhere, or nowhere."""
    number = _bucket(node_id)
    bucket: FrozenMap[str, Placed] = buckets.get(number, FrozenMap())
    after = bucket.without(node_id) if where is None else bucket.set(node_id, where)
    return buckets.set(number, after) if after else buckets.without(number)


def in_order(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Cells in order, each once."""
    return tuple(sorted(set(cells)))


def _key(column: int, row: int, level: int) -> str:
    return f"{level}/{row}/{column}"


def _number(cell: Cell) -> int:
    return (cell[1] & (SIDE - 1)) << SIDE_BITS | (cell[0] & (SIDE - 1))


def _bucket(node_id: str) -> int:
    return zlib.crc32(node_id.encode()) % BUCKETS
