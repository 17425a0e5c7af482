"""Everything that can be asked of a node: to tell, to order by, and to compare."""

from __future__ import annotations

from collections.abc import Callable

from droidlet_memory.asking import Asking
from droidlet_memory.attributes import Data, Measure, Quantity, data_of, quantity_of, told_of
from droidlet_memory.extents import extent
from droidlet_memory.walking import reached
from droidlet_schema import (
    ArrayValue,
    CountOf,
    Filters,
    LinearExtent,
    Measured,
    MemoryNode,
    NumBlocks,
    PathStep,
    Value,
    Walk,
)


def told(output: Measured, asking: Asking) -> Callable[[MemoryNode], Value]:
    """What is told of a property of a node; None where it is not known.

    Of the several nodes that a walk leads to texts are joined by ", ", else the first (by id) that has the
    property counts.
    """
    if isinstance(output, Walk):
        return _walked(output, told, asking)
    if isinstance(output, (LinearExtent, CountOf, NumBlocks)):
        return quantity(output, asking)
    return told_of(output, asking)


def quantity(of: Measured, asking: Asking) -> Measure:
    """One number or text of a node, to order by; None where it is not known. Of a walk as it is told."""
    if isinstance(of, LinearExtent):
        return extent(of, asking)
    if isinstance(of, Walk):
        walked = _walked(of, quantity, asking)
        return lambda node: value if isinstance(value := walked(node), (float, str)) else None
    if isinstance(of, CountOf):
        return _counted(of, asking)
    if isinstance(of, NumBlocks):
        return _blocks(of, asking)
    return quantity_of(of, asking)


def data(of: Measured, asking: Asking) -> Data:
    """All values of a property of a node, to compare: of a walk those of all nodes that it leads to."""
    if isinstance(of, Walk):
        path, end = _flat(of)
        inner = data(end, asking)
        return lambda node: [datum for there in reached(path, node, asking) for datum in inner(there)]
    if isinstance(of, (LinearExtent, CountOf, NumBlocks)):
        measure = quantity(of, asking)
        return lambda node: () if (value := measure(node)) is None else (value,)
    return data_of(of, asking)


def _flat(walk: Walk) -> tuple[tuple[PathStep, ...], Measured]:
    """Walks one after the other are one."""
    path, end = walk.path, walk.attribute
    while isinstance(end, Walk):
        path, end = path + end.path, end.attribute
    return path, end


def _walked(
    of: Walk,
    tell: Callable[[Measured, Asking], Callable[[MemoryNode], Value]] | Callable[[Measured, Asking], Measure],
    asking: Asking,
) -> Callable[[MemoryNode], Value]:
    path, end = _flat(of)
    inner: Callable[[MemoryNode], Value] = tell(end, asking)

    def walked(node: MemoryNode) -> Value:
        values = [value for there in reached(path, node, asking) if (value := inner(there)) is not None]
        lines = [value for value in values if isinstance(value, str)]
        if lines and len(lines) == len(values):
            return ", ".join(dict.fromkeys(lines))
        return values[0] if values else None

    return walked


def _counted(of: CountOf, asking: Asking) -> Callable[[MemoryNode], Quantity]:
    if of.filters is None:
        return lambda node: float(len(reached(of.path, node, asking)))
    fitting = {node.id for node in asking.found(of.filters)}
    return lambda node: float(sum(there.id in fitting for there in reached(of.path, node, asking)))


def _blocks(of: NumBlocks, asking: Asking) -> Callable[[MemoryNode], Quantity]:
    """Counts the rows (block id, meta) of a node's blocks whose BlockType fits; None where it has none."""
    fitting: set[tuple[Value, ...]] = set()
    if of.where is not None:
        types = asking.found(Filters(of.where, memory_type="BlockType"))
        fitting = {(t.properties.get("block_id"), t.properties.get("block_meta", 0)) for t in types}

    def count(node: MemoryNode) -> Quantity:
        blocks = node.properties.get("blocks")
        if not isinstance(blocks, ArrayValue) or blocks.shape[1:] != (2,):
            return None
        if of.where is None:
            return float(blocks.shape[0])
        return float(sum(tuple(row) in fitting for row in blocks.array.tolist()))

    return count
