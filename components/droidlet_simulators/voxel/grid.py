"""Blocks in chunks: a sparse map from chunk to array, shared between worlds; what is edited is copied first."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import BlockChange, FrozenMap, array, record
from droidlet_simulators.voxel.looks import KNOWN, OUTSIDE, STATES, block_of

Cell = Tuple[int, int, int]
Chunks = FrozenMap[int, "BlockChunk"]
SIDE = 16
_SHIFT, _MASK = 4, 15
_HALF = 1 << 20
FURTHEST = 1 << 20
"""Blocks' coordinates are between minus this and this."""


@record
class BlockChunk:
    """16 x 16 x 16 blocks by native X, Y, Z, each as id * 16 + meta; a chunk of nothing but air is left out."""

    states: NDArray[Any] = array("16 16 16", np.uint16)

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for states that are no blocks."""
        if not (self.states.max() < STATES and KNOWN[self.states].all()):
            raise ValueError(
                "BlockChunk: states holds what is no block: id * 16 + meta, ids 0 to 252 and 255"
            )

    @staticmethod
    def __strategy__(st: Any) -> Any:
        """Chunks of a few kinds of blocks."""
        states = st.lists(st.sampled_from([0, 16, 35 * 16 + 14]), min_size=1, max_size=8)
        return {"states": states.map(lambda some: np.resize(np.array(some, np.uint16), (SIDE, SIDE, SIDE)))}


def chunk_key(cx: int, cy: int, cz: int) -> int:
    """A chunk's coordinates (blocks' divided by 16) as one number."""
    return ((cx + _HALF) << 42) | ((cy + _HALF) << 21) | (cz + _HALF)


def chunk_at(key: int) -> Cell:
    """The chunk's coordinates of a number."""
    low = (1 << 21) - 1
    return (key >> 42) - _HALF, ((key >> 21) & low) - _HALF, (key & low) - _HALF


def inside(cell: Cell, low: Cell, high: Cell) -> bool:
    """Whether a cell lies in a box, half open."""
    return low[0] <= cell[0] < high[0] and low[1] <= cell[1] < high[1] and low[2] <= cell[2] < high[2]


def chunks_of(states: NDArray[np.uint16], low: Cell) -> Chunks:
    """The chunks of a dense array (X, Y, Z) whose first block lies at `low`."""
    first = [at >> _SHIFT for at in low]
    last = [(at + size - 1) >> _SHIFT for at, size in zip(low, states.shape)]
    padded = np.zeros([(b - a + 1) * SIDE for a, b in zip(first, last)], np.uint16)
    start = [at - a * SIDE for at, a in zip(low, first)]
    padded[tuple(slice(s, s + n) for s, n in zip(start, states.shape))] = states
    made: Dict[int, BlockChunk] = {}
    for index in np.ndindex(*(n // SIDE for n in padded.shape)):
        x, y, z = (i * SIDE for i in index)
        part = padded[x : x + SIDE, y : y + SIDE, z : z + SIDE]
        if part.any():
            at = [a + i for a, i in zip(first, index)]
            made[chunk_key(at[0], at[1], at[2])] = BlockChunk(np.array(part, order="C"))
    return FrozenMap(made)


def region(chunks: Chunks, low: Cell, high: Cell) -> NDArray[np.uint16]:
    """The states of a box (half open) as a dense array (X, Y, Z); air where no chunk is."""
    out = np.zeros([max(0, b - a) for a, b in zip(low, high)], np.uint16)
    for at, chunk in _overlapping(chunks, low, high):
        ours = [
            slice(max(a, c * SIDE) - c * SIDE, min(b, c * SIDE + SIDE) - c * SIDE)
            for a, b, c in zip(low, high, at)
        ]
        theirs = [slice(max(a, c * SIDE) - a, min(b, c * SIDE + SIDE) - a) for a, b, c in zip(low, high, at)]
        out[tuple(theirs)] = chunk.states[tuple(ours)]
    return out


def _overlapping(chunks: Chunks, low: Cell, high: Cell) -> Iterator[Tuple[Cell, BlockChunk]]:
    if any(a >= b for a, b in zip(low, high)):
        return
    first = [a >> _SHIFT for a in low]
    last = [(b - 1) >> _SHIFT for b in high]
    count = 1
    for a, b in zip(first, last):
        count *= b - a + 1
    if count <= 2 * len(chunks):
        for cx in range(first[0], last[0] + 1):
            for cy in range(first[1], last[1] + 1):
                for cz in range(first[2], last[2] + 1):
                    chunk = chunks.get(chunk_key(cx, cy, cz))
                    if chunk is not None:
                        yield (cx, cy, cz), chunk
        return
    for key, chunk in chunks.items():
        at = chunk_at(key)
        if all(a <= c <= b for a, c, b in zip(first, at, last)):
            yield at, chunk


def extent(chunks: Chunks, low: Cell, high: Cell) -> Tuple[Cell, Cell]:
    """The part of a box (half open) that lies in chunks which are there; an empty box when none is."""
    spots = [at for at, _ in _overlapping(chunks, low, high)]
    if not spots:
        return low, low
    bottom = [max(a, min(s[i] for s in spots) * SIDE) for i, a in enumerate(low)]
    top = [min(b, max(s[i] for s in spots) * SIDE + SIDE) for i, b in enumerate(high)]
    return (bottom[0], bottom[1], bottom[2]), (top[0], top[1], top[2])


class Blocks:
    """The blocks of a world while a step is worked out: reads the world's chunks, copies those it writes to."""

    def __init__(self, chunks: Chunks, low: Cell, high: Cell) -> None:
        self.low, self.high = low, high
        self.changes: List[BlockChange] = []
        self._chunks = chunks
        self._edited: Dict[int, NDArray[np.uint16]] = {}
        self._seen: Dict[int, Optional[NDArray[np.uint16]]] = {}

    def get(self, x: int, y: int, z: int) -> int:
        """The state at a cell; outside the world a barrier."""
        low, high = self.low, self.high
        if not (low[0] <= x < high[0] and low[1] <= y < high[1] and low[2] <= z < high[2]):
            return OUTSIDE
        key = (((x >> 4) + _HALF) << 42) | (((y >> 4) + _HALF) << 21) | ((z >> 4) + _HALF)
        if key not in self._seen:
            chunk = self._chunks.get(key)
            self._seen[key] = None if chunk is None else chunk.states
        states = self._seen[key]
        return 0 if states is None else int(states[x & 15, y & 15, z & 15])

    def put(self, cell: Cell, state: int, by: Optional[str]) -> None:
        """Writes a state into a cell of the world, and notes the change."""
        x, y, z = cell
        before = self.get(x, y, z)
        if before == state:
            return
        key = chunk_key(x >> _SHIFT, y >> _SHIFT, z >> _SHIFT)
        states = self._edited.get(key)
        if states is None:
            seen = self._seen[key]
            states = np.zeros((SIDE, SIDE, SIDE), np.uint16) if seen is None else seen.copy()
            self._edited[key] = self._seen[key] = states
        states[x & _MASK, y & _MASK, z & _MASK] = state
        self.changes.append(BlockChange(x, y, z, block_of(before), block_of(state), by))

    def freeze(self) -> Chunks:
        """The chunks as they are now; untouched ones are the very same arrays. Nothing is written after this."""
        if not self._edited:
            return self._chunks
        gone = [key for key, states in self._edited.items() if not states.any()]
        kept = {key: BlockChunk(states) for key, states in self._edited.items() if key not in gone}
        return self._chunks.update(kept).without(*gone)
