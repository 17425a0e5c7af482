"""What a colour or a name means in blocks."""

from __future__ import annotations

from types import MappingProxyType
from typing import Mapping

from droidlet_schema import Block
from droidlet_simulators.errors import UnknownObject
from droidlet_simulators.voxel.looks import state_of
from droidlet_simulators.voxel.table import BLOCKS, ITEMS, name_of

WOOL = 35
DYE_OF_COLOUR: Mapping[str, int] = MappingProxyType(
    {
        "white": 0, "orange": 1, "yellow": 4, "pink": 6, "grey": 7, "cyan": 9, "purple": 10, "blue": 11,
        "brown": 12, "green": 13, "red": 14, "black": 15,
    }
)  # fmt: skip
"""The wool that is nearest to each of the house's colours."""
_NAMED: Mapping[str, Block] = MappingProxyType(
    {
        **{item: Block(ident) for ident, item in sorted(ITEMS.items(), reverse=True)},
        **{
            name_of(ident, meta): Block(ident, meta)
            for ident in sorted(BLOCKS, reverse=True)
            for meta in range(15, -1, -1)
            if ident
        },
    }
)


def state_named(colour: str) -> int:
    """The block of a colour of the house (wool) or of a block's name. Raises UnknownObject."""
    if colour in DYE_OF_COLOUR:
        return state_of(Block(WOOL, DYE_OF_COLOUR[colour]))
    named = _NAMED.get(colour)
    if named is None or named.id > 255:
        known = ", ".join(DYE_OF_COLOUR)
        raise UnknownObject(f"colour is {colour!r}: known ones are {known}, and the names of blocks")
    return state_of(named)


def item_named(name: str) -> Block:
    """The block or item of a name. Raises UnknownObject."""
    if name not in _NAMED:
        raise UnknownObject(f"colour is {name!r}: an item's is the name of a block or item, such as 'stone'")
    return _NAMED[name]
