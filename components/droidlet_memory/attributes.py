"""Attributes and properties of a node: to tell, to order by, and to compare."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from droidlet_memory.asking import Asking, position_of, size_of
from droidlet_memory.looking import look_distance
from droidlet_schema import ArrayValue, Attribute, MemoryNode, Property, Value

Quantity = float | str | None
Measure = Callable[[MemoryNode], Quantity]
Datum = float | str
Data = Callable[[MemoryNode], Sequence[Datum]]


class NodeId(str):
    """The id of a node among values: equal to the same id alone."""

    __slots__ = ()


# what says these: properties of the node's class, a predicate
_TEXTS: Mapping[str, tuple[tuple[str, ...], str]] = MappingProxyType(
    {
        "NAME": ((), "has_name"),
        "COLOUR": ((), "has_colour"),
        "TAG": ((), "has_tag"),
        "ACTION": ((), "has_action"),
        "REASON": ((), "has_reason"),
        "SPEAKER": (("speaker",), "said_by"),
        "CHAT": (("text",), ""),
        "LOGICAL_FORM": (("logical_form",), "has_logical_form"),
    }
)


def texts(predicate: str, node: MemoryNode) -> list[str]:
    """All that a predicate says of a node."""
    return [triple.object for triple in node.triples if triple.predicate == predicate]


def data_of(of: Attribute | Property, asking: Asking) -> Data:
    """All values of an attribute, to compare: every text that is said, the types above a node's own too for
    REF_TYPE; none for LOCATION, which has no order.
    """
    if isinstance(of, Property):
        return lambda node: _data_of_property(of.name, node)
    if of.name in _TEXTS:
        names, predicate = _TEXTS[of.name]
        return lambda node: _all_texts(names, predicate, node)
    if of.name == "REF_TYPE":
        types = asking.world.schema.types
        return lambda node: types[node.node_type].lineage
    if of.name == "ID":
        return lambda node: (NodeId(node.id),)
    measure = quantity_of(of, asking)

    def one(node: MemoryNode) -> Sequence[Datum]:
        value = measure(node)
        return () if value is None else (value,)

    return one


def quantity_of(of: Attribute | Property, asking: Asking) -> Measure:
    """One value, to order by; None for nodes that have it not.

    SIZE is the edge of the cube of the same volume, metres; of several texts the line that tells them.
    """
    if isinstance(of, Property):
        return lambda node: _quantity_of_property(of.name, node)
    if of.name in _TEXTS:
        names, predicate = _TEXTS[of.name]
        return lambda node: told_texts(_all_texts(names, predicate, node))
    if of.name == "REF_TYPE":
        return lambda node: node.node_type
    if of.name == "ID":
        return lambda node: node.id
    if of.name == "LOOK_DISTANCE":
        return look_distance(asking.query)
    return _NUMBERS.get(of.name, lambda node: None)


def told_of(of: Attribute | Property, asking: Asking) -> Callable[[MemoryNode], Value]:
    """What is told of it: texts joined by ", " but for hidden ones ("_in_view"); LOCATION (x, y, z) and SIZE
    (along x, y, z) in metres; a property as it is.

    HEIGHT, WIDTH (the longer side), DEPTH, X, Y, Z and LOOK_DISTANCE are metres, times seconds of the run's
    clock, HEAD_PITCH, HEAD_YAW and BODY_YAW radians. What is not known is None.
    """
    if isinstance(of, Property):
        return lambda node: (
            node.properties[of.name] if of.name in node.properties else told_texts(texts(of.name, node))
        )
    if of.name == "LOCATION":
        return position_of
    return size_of if of.name == "SIZE" else quantity_of(of, asking)


def told_texts(said: Sequence[str]) -> str | None:
    """Texts as one line, hidden ones left out."""
    return ", ".join(text for text in said if not text.startswith("_")) or None


def datum_of(value: Value) -> Datum | None:
    """A number or a text, None for any other value and NaN."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        return None if math.isnan(value) else float(value)
    return None


def _all_texts(names: tuple[str, ...], predicate: str, node: MemoryNode) -> list[str]:
    held = [value for name in names if isinstance(value := node.properties.get(name), str)]
    return held + texts(predicate, node)


def _data_of_property(name: str, node: MemoryNode) -> Sequence[Datum]:
    if name not in node.properties:
        return texts(name, node)
    value = node.properties[name]
    several = value if isinstance(value, tuple) else (value,)
    return [datum for one in several if (datum := datum_of(one)) is not None]


def _quantity_of_property(name: str, node: MemoryNode) -> Quantity:
    if name not in node.properties:
        return told_texts(texts(name, node))
    return datum_of(node.properties[name])


def _axis(index: int) -> Measure:
    def along(node: MemoryNode) -> Quantity:
        at = position_of(node)
        return None if at is None else at[index]

    return along


def _of_size(measure: Callable[[float, float, float], float]) -> Measure:
    def measured(node: MemoryNode) -> Quantity:
        size = size_of(node)
        return None if size is None else measure(*size)

    return measured


def _held(*names: str) -> Measure:
    """The first of these properties that is a number."""

    def held(node: MemoryNode) -> Quantity:
        for name in names:
            value = datum_of(node.properties.get(name))
            if isinstance(value, float):
                return value
        return None

    return held


def cube_edge(x: float, y: float, z: float) -> float:
    """The edge of the cube of the same volume."""
    return math.cbrt(x) * math.cbrt(y) * math.cbrt(z)


def finished_ns(node: MemoryNode) -> int | None:
    """When a node that is done was done."""
    value = node.properties.get("finished_ns")
    return value if isinstance(value, int) and value > 0 and value is not True else None


def _finished_s(node: MemoryNode) -> Quantity:
    value = finished_ns(node)
    return None if value is None else value / 1e9


def _blocks(node: MemoryNode) -> Quantity:
    """The rows of its voxels, else what it says itself."""
    voxels = node.properties.get("voxels")
    if isinstance(voxels, ArrayValue) and voxels.shape:
        return float(voxels.shape[0])
    return _held("num_blocks")(node)


_NUMBERS: Mapping[str, Measure] = MappingProxyType(
    {
        "SIZE": _of_size(cube_edge),
        "HEIGHT": _of_size(lambda x, y, z: z),
        "WIDTH": _of_size(lambda x, y, z: max(x, y)),
        "DEPTH": _of_size(lambda x, y, z: min(x, y)),
        "X": _axis(0),
        "Y": _axis(1),
        "Z": _axis(2),
        "BORN_TIME": lambda node: node.created_ns / 1e9,
        "MODIFY_TIME": lambda node: node.updated_ns / 1e9,
        "VISIT_TIME": lambda node: node.attended_ns / 1e9 if node.attended_ns else None,
        "FINISHED_TIME": _finished_s,
        "HEAD_PITCH": _held("head_pitch_rad", "pitch_rad"),
        "HEAD_YAW": _held("head_yaw_rad", "yaw_rad"),
        "BODY_YAW": _held("body_yaw_rad", "yaw_rad"),
        "RUN_COUNT": _held("run_count"),
        "NUM_BLOCKS": _blocks,
    }
)


def heading_of(node: MemoryNode) -> float | None:
    """Where a node is heading, radians; None where that is unknown."""
    value = _NUMBERS["BODY_YAW"](node)
    return value if isinstance(value, float) and math.isfinite(value) else None
