"""What a colour or a name means in blocks."""

from __future__ import annotations

from colorsys import rgb_to_hsv
from types import MappingProxyType
from typing import Mapping, Tuple

from droidlet_schema import Block
from droidlet_simulators.errors import UnknownObject
from droidlet_simulators.voxel.looks import COLOURS_OF, state_of
from droidlet_simulators.voxel.table import BLOCKS, DYED, DYES, ITEMS, STONES, WOODEN, WOODS, known, name_of

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


_HUES: Tuple[Tuple[int, str], ...] = (
    (15, "red"), (45, "orange"), (70, "yellow"), (165, "green"), (200, "cyan"), (255, "blue"), (300, "purple"),
    (345, "pink"), (360, "red"),
)  # fmt: skip
"""Up to which hue, in degrees, a colour is called what."""
_PALE, _DARK, _BRIGHT = 0.18, 0.2, 0.8


def colour_of(block: Block) -> str:
    """What one calls the colour of a block's top, in the house's words; "" for air and what is not seen."""
    if not known(block.id, block.meta) or block.id > 255 or not BLOCKS[block.id].drawn:
        return ""
    red, green, blue = (float(part) for part in COLOURS_OF[state_of(block), 1])
    hue, saturation, value = rgb_to_hsv(red, green, blue)
    if value < _DARK:
        return "black"
    if saturation < _PALE:
        return "white" if value > _BRIGHT else "grey"
    name = next(name for most, name in _HUES if hue * 360 < most)
    if name == "orange" and value < 0.7:
        return "brown"
    return "pink" if name == "red" and value > _BRIGHT and saturation < 0.6 else name


def blocks_of_colour(colour: str) -> Tuple[Block, ...]:
    """The full blocks of a colour, wool first. Raises UnknownObject for a colour that no block has."""
    dyed = {**dict.fromkeys(DYED, DYES), **dict.fromkeys(WOODEN, WOODS), 1: STONES}
    kinds = sorted(
        (kind for kind in BLOCKS.values() if kind.solid), key=lambda kind: (kind.id != WOOL, kind.id)
    )
    every = [Block(kind.id, meta) for kind in kinds for meta in range(len(dyed.get(kind.id, DYES[:1])))]
    found = tuple(block for block in every if BLOCKS[block.id].shape == "full" and colour_of(block) == colour)
    if not found:
        raise UnknownObject(f"colour is {colour!r}: known ones are {', '.join(DYE_OF_COLOUR)}")
    return found
