"""What can be made of what."""

from __future__ import annotations

from types import MappingProxyType
from typing import Mapping, NamedTuple, Tuple

Kind = Tuple[int, int]


class Recipe(NamedTuple):
    """How many come out, and how many of each kind go in."""

    makes: int
    needs: Tuple[Tuple[Kind, int], ...]


def _woods() -> Mapping[Kind, Recipe]:
    logs = tuple((17, meta) for meta in range(4)) + ((162, 0), (162, 1))
    return {(5, meta): Recipe(4, ((log, 1),)) for meta, log in enumerate(logs)}


RECIPES: Mapping[Kind, Recipe] = MappingProxyType(
    {
        **_woods(),
        (280, 0): Recipe(4, (((5, 0), 2),)),  # sticks
        (58, 0): Recipe(1, (((5, 0), 4),)),  # a crafting table
        (54, 0): Recipe(1, (((5, 0), 8),)),  # a chest
        (64, 0): Recipe(3, (((5, 0), 6),)),  # doors
        (65, 0): Recipe(3, (((280, 0), 7),)),  # ladders
        (85, 0): Recipe(3, (((5, 0), 4), ((280, 0), 2))),  # fences
        (50, 0): Recipe(4, (((263, 0), 1), ((280, 0), 1))),  # torches
        (61, 0): Recipe(1, (((4, 0), 8),)),  # a furnace
        (24, 0): Recipe(1, (((12, 0), 4),)),  # sandstone
        (98, 0): Recipe(4, (((1, 0), 4),)),  # stone bricks
        (45, 0): Recipe(1, (((336, 0), 4),)),  # a block of bricks
        (47, 0): Recipe(1, (((5, 0), 6), ((340, 0), 3))),  # a bookshelf
        (41, 0): Recipe(1, (((266, 0), 9),)),
        (42, 0): Recipe(1, (((265, 0), 9),)),
        (57, 0): Recipe(1, (((264, 0), 9),)),
        (133, 0): Recipe(1, (((388, 0), 9),)),
        (266, 0): Recipe(9, (((41, 0), 1),)),
        (265, 0): Recipe(9, (((42, 0), 1),)),
        (264, 0): Recipe(9, (((57, 0), 1),)),
        (80, 0): Recipe(1, (((332, 0), 4),)),  # snow
        (82, 0): Recipe(1, (((337, 0), 4),)),  # clay
        (89, 0): Recipe(1, (((348, 0), 4),)),  # glowstone
        (297, 0): Recipe(1, (((296, 0), 3),)),  # bread
    }
)
"""What can be made, by (id, meta)."""
