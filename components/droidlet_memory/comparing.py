"""Comparators: whether the values of two sides compare as asked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from operator import ge, gt, le, lt
from types import MappingProxyType

from droidlet_memory.asking import Asking, position_of
from droidlet_memory.attributes import Data, Datum, NodeId
from droidlet_memory.measuring import data
from droidlet_memory.numerals import number_in
from droidlet_memory.references import meant, spots
from droidlet_memory.units import scale_of
from droidlet_memory.words import Word
from droidlet_schema import Attribute, Comparator, Filters, Measured, MemoryNode, ReferenceObject, Side

SAME, SAME_SHARE = 1e-6, 1e-12  # numbers this close, or by this share of the larger, are equal

_ORDERS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"GREATER_THAN": gt, "GREATER_THAN_EQUAL": ge, "LESS_THAN": lt, "LESS_THAN_EQUAL": le}
)


def is_size_word(clause: Comparator) -> str | None:
    """The word in "size is big", which compares a thing with others of its name; None for other clauses."""
    if clause.comparison not in ("EQUAL", "NOT_EQUAL"):
        return None
    for one, other in ((clause.left, clause.right), (clause.right, clause.left)):
        if one == Attribute("SIZE") and isinstance(other, str) and number_in(other) is None:
            return other
    return None


def compared(clause: Comparator, asking: Asking) -> Callable[[MemoryNode], bool]:
    """Whether the values of the two sides compare so: any pair of them, or all pairs and at least one."""
    left, right = (
        _side(clause.left, clause.right, clause, asking),
        _side(clause.right, clause.left, clause, asking),
    )
    pair = Pair(clause)
    every = clause.set_comparison == "ALL" or (
        clause.set_comparison is None and clause.comparison == "NOT_EQUAL"
    )

    def holds(node: MemoryNode) -> bool:
        ours, theirs = left(node), right(node)
        if len(ours) == 1 == len(theirs):
            return pair.holds(ours[0], theirs[0])
        if not ours or not theirs:
            return False
        pairs = (pair.holds(one, other) for one in ours for other in theirs)
        return all(pairs) if every else any(pairs)

    return holds


def _side(side: Side, other: Side, clause: Comparator, asking: Asking) -> Data:
    """The values of a side, those of a node or fixed ones."""
    if isinstance(side, float):
        return _fixed([] if math.isnan(side) else [side * scale_of(clause.unit)])
    if isinstance(side, str):
        number = number_in(side) if clause.unit is not None else None
        return _fixed([side if number is None else number * scale_of(clause.unit)])
    if isinstance(side, Filters):
        return _fixed(values_of(side, asking))
    if isinstance(side, ReferenceObject):
        if isinstance(other, (float, str, Filters, ReferenceObject)):
            return _fixed([])
        thing = thing_meant(side, asking)
        return _fixed([] if thing is None else data(other, asking)(thing))
    return data(side, asking)


def _fixed(values: Sequence[Datum]) -> Data:
    return lambda node: values


def values_of(filters: Filters, asking: Asking) -> list[Datum]:
    """All values that filters output: ids for MEMORY, one number for COUNT."""
    nodes = asking.found(filters)
    if filters.output == "MEMORY":
        return [NodeId(node.id) for node in nodes]
    if filters.output == "COUNT":
        return [float(len(nodes))]
    outputs: tuple[Measured, ...] = filters.output if isinstance(filters.output, tuple) else (filters.output,)
    if asking.too_deep:
        return []
    inside = asking.deeper().during(filters)
    tellers = [data(output, inside) for output in outputs]
    return [datum for node in nodes for tell in tellers for datum in tell(node)]


def thing_meant(reference: ReferenceObject, asking: Asking) -> MemoryNode | None:
    """The thing referred to, of several the one nearest to the agent; a mere place is a thing without
    properties.
    """
    if reference.special is not None or reference.coordinates_m is not None:
        found = spots(reference, asking)
        return MemoryNode("", "", 0, 0, position_m=found[0].at) if found else None
    viewer = asking.query.viewer

    def far(node: MemoryNode) -> float:
        at = position_of(node)
        away = math.inf if at is None else math.hypot(at[0] - viewer.x_m, at[1] - viewer.y_m)
        return math.inf if math.isnan(away) else away

    return min(meant(reference, asking), key=far, default=None)


class Pair:
    """Whether one value compares with another as a comparator asks; it notes how the texts read."""

    def __init__(self, clause: Comparator) -> None:
        scale = scale_of(clause.unit)
        self.comparison = clause.comparison
        self._order = _ORDERS.get(clause.comparison)
        self.tolerance = 0.0 if clause.close_tolerance is None else clause.close_tolerance * scale
        self.modulus = None if clause.modulus is None else clause.modulus * scale
        self._numbers: dict[str, float | None] = {}
        self._words: dict[str, Word] = {}

    def holds(self, one: Datum, other: Datum) -> bool:
        """Ids are equal by the letter, texts by what they mean; else, and in any order, numbers are compared,
        also those that texts are.
        """
        if type(one) is float and type(other) is float:
            return self._ordered(one, other)
        if isinstance(one, str) and isinstance(other, str) and self._order is None:
            if isinstance(one, NodeId) or isinstance(other, NodeId):
                return self._are(str(one) == str(other))
            return self._are(self._word(one).means(other))
        x, y = self._number(one), self._number(other)
        return x is not None and y is not None and self._ordered(x, y)

    def _are(self, same: bool) -> bool:
        return self.comparison == ("EQUAL" if same else "NOT_EQUAL")

    def _ordered(self, x: float, y: float) -> bool:
        if self.modulus is not None:
            if not (0 < self.modulus < math.inf and math.isfinite(x)):
                return False
            if self._order is not None:
                return self._order(x % self.modulus, y)
        return self._are(self._close(x, y)) if self._order is None else self._order(x, y)

    def _close(self, x: float, y: float) -> bool:
        apart = 0.0 if x == y else x - y
        if self.modulus is not None and math.isfinite(apart):
            apart = math.remainder(apart, self.modulus)
        slack = max(SAME, SAME_SHARE * max(abs(x), abs(y)))
        return abs(apart) <= self.tolerance + (slack if slack < math.inf else 0.0)

    def _number(self, value: Datum) -> float | None:
        if isinstance(value, float):
            return value
        if value not in self._numbers:
            self._numbers[value] = number_in(value)
        return self._numbers[value]

    def _word(self, text: str) -> Word:
        if text not in self._words:
            self._words[text] = Word(text)
        return self._words[text]
