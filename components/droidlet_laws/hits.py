"""Values made of the constants that a component names, for each sort of place that they could stand in."""

from __future__ import annotations

import itertools
import math
from typing import Any, Dict, Iterable, Iterator, List, Sequence

import numpy as np

from droidlet_laws.constants import Dictionary
from droidlet_laws.leaves import Leaf
from droidlet_laws.matching import matching
from droidlet_laws.plausible import LARGEST_INT

MAX_TEXTS, MAX_NUMBERS, MAX_PATTERNS, MAX_GROUPS = 400, 200, 24, 24
LARGEST_SIZE = 1000  # of a text or tuple that is made for the sake of its length
_SMALL = (0, 1, 2, 3, 4, 5, 0.5, 1.5, 2.5, 3.5, 4.5, -1, -0.5)
_SEPARATORS = (",", ";", "|", ":", "/", "-", "_", "\n", "\t", "=", ", ", ": ")


class Hits:
    """For each sort of place, the values worth trying, the most telling first."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        numbers = _distinct(_numbers(dictionary), MAX_NUMBERS)
        self.floats: List[float] = [float(n) for n in numbers]
        sizes = _distinct((math.floor(n) for n in numbers), MAX_NUMBERS)
        self.ints: List[int] = [n for n in sizes if abs(n) <= LARGEST_INT or n in dictionary.large]
        self.lengths = [n for n in self.ints if 0 <= n <= LARGEST_SIZE]
        self.texts: List[str] = _distinct(self._texts(), MAX_TEXTS)
        self.blobs: List[bytes] = _distinct(_blobs(dictionary), MAX_TEXTS)

    def _texts(self) -> Iterator[str]:
        """Texts of several words of one place first: the rest say one thing at a time."""
        known = self.dictionary
        named = [s for s in known.separators if s.strip()][:4]
        separators = _distinct([*named, *(f" {s} " for s in named if s.isalpha()), *known.texts], MAX_TEXTS)
        separators = [s for s in separators if s in _SEPARATORS or s.strip() in named]
        words = [text for text in known.texts if text.strip()]
        groups = known.groups[:MAX_GROUPS]
        yield from _in_turn(
            *(words[start::3] for start in range(3)),
            [s.join(g) for g in groups for s in (" ", *separators)],
            [text for p in known.patterns[:MAX_PATTERNS] for text in matching(p)],
            [" ".join(reversed(group)) for group in groups],
            [f"{word} b" for word in words],
            [f"a {word} c" for word in words],
            [f"{word}{s}1" for s in separators for word in words[:8]],
        )
        yield from _in_turn(
            ["", "a b c", "1 2 3", "The end."],
            [" ".join(_cycled((*words, "a"), n)) for n in self.lengths if 2 < n <= 24],
            [f"{word} {word}" for word in words],
            [_long(words, length) for length in self.lengths if length > 5],
            [word.upper() for word in words],
        )

    def of(self, leaf: Leaf, number: int) -> Any:
        """The `number`-th value for a leaf, counted around; None where nothing fits."""
        made = getattr(self, f"_{leaf.sort}")(leaf, number)
        return None if made is None or made is leaf.value else made

    def many(self, leaf: Leaf) -> int:
        """How many values there are for a leaf."""
        count = {
            "text": len(self.texts),
            "bytes": len(self.blobs),
            "float": len(self.floats),
            "int": len(self.ints),
            "array": 4 * len(self.floats),
            "sequence": len(self.lengths),
            "table": len(self.dictionary.texts),
        }
        return count.get(leaf.sort, len(leaf.choices))

    def _choice(self, leaf: Leaf, number: int) -> Any:
        return leaf.choices[number % len(leaf.choices)] if leaf.choices else None

    def _text(self, leaf: Leaf, number: int) -> Any:
        return self.texts[number % len(self.texts)]

    def _bytes(self, leaf: Leaf, number: int) -> Any:
        return self.blobs[number % len(self.blobs)]

    def _float(self, leaf: Leaf, number: int) -> Any:
        return type(leaf.value)(self.floats[number % len(self.floats)])

    def _int(self, leaf: Leaf, number: int) -> Any:
        return type(leaf.value)(self.ints[number % len(self.ints)])

    def _sequence(self, leaf: Leaf, number: int) -> Any:
        """The same items over and over, up to a length that is asked for."""
        length = self.lengths[number % len(self.lengths)]
        if not leaf.value or length > 64:
            return None
        return type(leaf.value)(_cycled(leaf.value, length))

    def _table(self, leaf: Leaf, number: int) -> Any:
        """An entry more, under a name that is asked for."""
        value, names = leaf.value, self.dictionary.texts
        if not value or not names or not isinstance(next(iter(value)), str):
            return None
        return type(value)({**value, names[number % len(names)]: next(iter(value.values()))})

    def _array(self, leaf: Leaf, number: int) -> Any:
        """An array with a telling value in all places, or in one of them; or of another shape."""
        value: Any = leaf.value
        if value.dtype.kind not in "biuf" or not value.size:
            return None
        which, ways = divmod(number, 4)
        if ways == 3 and self.dictionary.shapes:
            return np.resize(value, self.dictionary.shapes[which % len(self.dictionary.shapes)])
        made = np.array(value)
        hit = _cast(self.floats[which % len(self.floats)], made.dtype)
        if hit is None:
            return None
        if ways == 0:
            made[...] = hit
        else:
            made.reshape(-1)[(0, made.size // 2, made.size - 1)[(ways + which) % 3]] = hit
        return made


def _numbers(dictionary: Dictionary) -> Iterator[float]:
    near = [n for n in dictionary.numbers if abs(n) > 1 or n != math.floor(n)]
    yield from _in_turn(
        near,
        dictionary.between,
        _SMALL,
        [n + 1 for n in near],
        [n - 1 for n in near],
        [n * (1 + 2**-6) for n in near],
        [n * (1 - 2**-6) for n in near],
        [-n for n in near],
        [n + 0.5 for n in near],
    )


def _blobs(dictionary: Dictionary) -> Iterator[bytes]:
    yield from dictionary.blobs
    for blob in dictionary.blobs:
        yield from (blob + b"\x01", b"\x01" + blob)
    yield from (text.encode("utf-8", "replace") for text in dictionary.texts[:32])
    yield from (b"", b"\x00")


def _long(words: Sequence[str], length: int) -> str:
    """A text of that many characters."""
    several = " ".join((*words[:8], "abc "))
    return (several * (length // len(several) + 1))[:length]


def _cycled(values: Sequence[Any], length: int) -> List[Any]:
    return list(itertools.islice(itertools.cycle(values), length))


def _cast(value: float, dtype: Any) -> Any:
    if dtype.kind == "b":
        return value > 0
    if dtype.kind == "f":
        return value
    limits = np.iinfo(dtype)
    return int(value) if limits.min <= value <= limits.max else None


def _in_turn(*many: Iterable[Any]) -> Iterator[Any]:
    """One of each in turn, until all are at their end."""
    nothing: Any = object()
    for row in itertools.zip_longest(*many, fillvalue=nothing):
        yield from (value for value in row if value is not nothing)


def _distinct(values: Iterable[Any], most: int) -> List[Any]:
    found: Dict[Any, None] = {}
    for value in values:
        found[value] = None
        if len(found) >= most:
            break
    return list(found)
