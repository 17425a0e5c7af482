"""What is to stand in a flat: which things, in which colours and sizes."""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Sequence, Tuple

import numpy as np

from droidlet_simulators.room.classes import KINDS, SIZE_VARIATION
from droidlet_simulators.room.colours import COLOURS

_LARGE = ("chair", "table", "sofa", "bed", "shelf", "cabinet", "television", "lamp", "plant", "stool")
_MORE = ("chair", "lamp", "stool", "plant", "table", "cabinet")
_SMALL = ("ball", "box", "bin", "vase", "cup", "bottle", "book", "ball", "book", "cup")
_HOW_MANY = {1: (6, 4), 2: (8, 4), 3: (9, 5), 4: (10, 6)}


class Wish(NamedTuple):
    """A thing that is to be put somewhere."""

    name: str
    colour: str
    scale: float


def wishes(rooms: int, duplicates: int, rng: np.random.Generator) -> Tuple[List[Wish], List[Wish]]:
    """Large and small things for so many rooms; `duplicates` of the pairs of class and colour occur twice."""
    large, small = _HOW_MANY[rooms]
    names = list(rng.permutation(_LARGE))[: max(large - 2, 6)]
    names += list(rng.permutation(_MORE))[: large - len(names)]
    taken: Dict[Tuple[str, str], int] = {}
    both = (
        [make_wish(str(n), taken, rng) for n in names],
        [make_wish(str(n), taken, rng) for n in _some(_SMALL, small, rng)],
    )
    pool = both[0] + both[1]
    for index in rng.permutation(len(pool))[:duplicates]:
        twin = pool[int(index)]
        both[0 if index < len(both[0]) else 1].append(twin)
    return both


def many_wishes(rooms: int, duplicates: int, rng: np.random.Generator) -> Tuple[List[Wish], List[Wish]]:
    """Large and small things for a flat of many rooms: about two and one for each room."""
    taken: Dict[Tuple[str, str], int] = {}
    both = []
    for pool, count in (((*_LARGE, *_MORE), 2 * rooms), (_SMALL, rooms + rooms // 3)):
        rounds = -(-count // len(pool))
        names = [name for _ in range(rounds) for name in _some(pool, len(pool), rng)][:count]
        both.append([make_wish(str(name), taken, rng) for name in names])
    for index in rng.permutation(len(both[1]))[:duplicates]:
        both[1].append(both[1][int(index)])
    return both[0], both[1]


def _some(names: Sequence[str], count: int, rng: np.random.Generator) -> List[str]:
    return [names[int(i)] for i in rng.permutation(len(names))[:count]]


def make_wish(name: str, taken: Dict[Tuple[str, str], int], rng: np.random.Generator) -> Wish:
    """A thing in a colour that no other of its class has, as far as there are enough colours."""
    colours = KINDS[name].colours or tuple(COLOURS)
    free = [c for c in colours if (name, c) not in taken] or list(colours)
    colour = free[int(rng.integers(len(free)))]
    taken[(name, colour)] = 1
    return Wish(name, colour, round(float(rng.uniform(1 - SIZE_VARIATION, 1 + SIZE_VARIATION)), 3))
