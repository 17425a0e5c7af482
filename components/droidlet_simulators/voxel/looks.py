"""The block table as arrays: what each state (id * 16 + meta) looks like and how it behaves."""

from __future__ import annotations

from typing import Dict, Tuple

import numpy as np

from droidlet_schema import Block
from droidlet_simulators.voxel.table import BARRIER, BLOCKS, DYED, DYES, STONES, WOODEN, WOODS, Rgb

STATES = 256 * 16
PASS, FULL, PARTIAL, STOP = 0, 1, 2, 3
SENTINEL = STATES
"""Beyond the last state: the rim of a grid, where rays end."""


def state_of(block: Block) -> int:
    """A block as one number. The block is in the table."""
    return block.id * 16 + block.meta


def block_of(state: int) -> Block:
    """What a number stands for."""
    return Block(state >> 4, state & 15)


def _solid(ident: int) -> bool:
    return ident in BLOCKS and BLOCKS[ident].solid


SOLID: Tuple[bool, ...] = tuple(_solid(state >> 4) for state in range(STATES))
"""Whether bodies cannot enter a state."""
GRAVITY: Tuple[bool, ...] = tuple(s >> 4 in BLOCKS and BLOCKS[s >> 4].gravity for s in range(STATES))
"""Whether a state falls when nothing is below."""
LIQUID: Tuple[bool, ...] = tuple(s >> 4 in BLOCKS and BLOCKS[s >> 4].liquid for s in range(STATES))
"""Whether bodies swim in a state."""
REPLACEABLE: Tuple[bool, ...] = tuple(s >> 4 in BLOCKS and BLOCKS[s >> 4].replaceable for s in range(STATES))
"""Whether a block may be placed into a state."""
OUTSIDE = BARRIER * 16


def _sight(ident: int) -> int:
    kind = BLOCKS.get(ident)
    if kind is None or not kind.drawn:
        return PASS
    return FULL if kind.shape == "full" else PARTIAL


def _frozen(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values


KNOWN = _frozen(np.array([state >> 4 in BLOCKS for state in range(STATES)], bool))
"""By state: whether there is such a block."""
SIGHT = _frozen(np.array([_sight(state >> 4) for state in range(STATES)] + [STOP], np.uint8))
"""By state: whether rays PASS, meet a FULL cube or a PARTIAL one, or STOP for good."""


def _boxes() -> np.ndarray:
    boxes = np.zeros((STATES + 1, 2, 3))
    boxes[:, 1] = 1.0
    for ident, kind in BLOCKS.items():
        if kind.shape == "small":
            boxes[ident * 16 : ident * 16 + 16] = [(0.25, 0.0, 0.25), (0.75, 0.75, 0.75)]
        elif kind.shape == "flat":
            boxes[ident * 16 : ident * 16 + 16] = [(0.0, 0.0, 0.0), (1.0, 0.0625, 1.0)]
    return boxes


BOXES = _frozen(_boxes())
"""By state: the corners of what is drawn in the cell, (state, 2, 3)."""


def _colours() -> np.ndarray:
    colours = np.zeros((STATES + 1, 2, 3))
    for ident, kind in BLOCKS.items():
        colours[ident * 16 : ident * 16 + 16] = (kind.side, kind.top)
    variants: Dict[int, Tuple[Tuple[str, Rgb], ...]] = dict.fromkeys(DYED, DYES)
    variants.update(dict.fromkeys(WOODEN, WOODS))
    variants[1] = STONES
    for ident, metas in variants.items():
        for meta, (_, rgb) in enumerate(metas):
            colours[ident * 16 + meta] = rgb
    return colours / 255.0


COLOURS_OF = _frozen(_colours())
"""By state: the colour of its sides and of its top, (state, 2, 3), 0 to 1."""
