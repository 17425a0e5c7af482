"""Size words: big and small, tall and short, wide and narrow, among the known things of the same name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from droidlet_memory.asking import Vector, size_of
from droidlet_memory.attributes import cube_edge, texts
from droidlet_memory.words import clean
from droidlet_schema import MemoryNode

ALIKE = 0.05  # things that differ by less than this share of the largest are all of one size


class SizeWord(NamedTuple):
    """What a size word compares, and whether more or less of it is meant."""

    measure: Callable[[Vector], float]
    more: bool


def _volume(size: Vector) -> float:
    return cube_edge(*size)


def _height(size: Vector) -> float:
    return size[2]


def _width(size: Vector) -> float:
    return max(size[0], size[1])


SIZE_WORDS: Mapping[str, SizeWord] = MappingProxyType(
    {
        **dict.fromkeys(("big", "large", "huge", "giant", "gigantic", "enormous"), SizeWord(_volume, True)),
        **dict.fromkeys(("small", "little", "tiny", "mini"), SizeWord(_volume, False)),
        **dict.fromkeys(("tall", "high"), SizeWord(_height, True)),
        **dict.fromkeys(("short", "low"), SizeWord(_height, False)),
        **dict.fromkeys(("wide", "broad", "long"), SizeWord(_width, True)),
        **dict.fromkeys(("narrow", "thin", "slim"), SizeWord(_width, False)),
    }
)


def of_size(word: str, pool: Sequence[MemoryNode]) -> Callable[[MemoryNode], bool]:
    """Whether a node is big (small, tall, ...) for what it is: on that side of the middle between the
    smallest and the largest known thing of the same name. The only one known, and things that are about
    alike, are whatever they are called. A node of unknown size is neither; a word that is no size word fits
    nothing.
    """
    size_word = SIZE_WORDS.get(clean(word))
    if size_word is None:
        return lambda node: False
    known = _ranges(size_word.measure, pool)

    def fits(node: MemoryNode) -> bool:
        size = size_of(node)
        if size is None:
            return False
        value = size_word.measure(size)
        low, high = known.get(_name(node), (value, value))
        if high - low <= ALIKE * high:
            return True
        middle = (low + high) / 2
        return value > middle if size_word.more else value < middle

    return fits


def _ranges(measure: Callable[[Vector], float], pool: Sequence[MemoryNode]) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for node in pool:
        size = size_of(node)
        if size is not None:
            value = measure(size)
            low, high = found.get(_name(node), (value, value))
            found[_name(node)] = (min(low, value), max(high, value))
    return found


def _name(node: MemoryNode) -> str:
    return ", ".join(texts("has_name", node)).casefold()
