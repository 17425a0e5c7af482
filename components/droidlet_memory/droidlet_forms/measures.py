"""Attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from droidlet_memory.droidlet_forms.clauses import where
from droidlet_memory.droidlet_forms.plain import Form
from droidlet_memory.droidlet_forms.references import frame, source
from droidlet_schema import (
    Attribute,
    AttributeName,
    Direction,
    LinearExtent,
    Measured,
    NumBlocks,
    PathStep,
    ReferenceObject,
    Triple,
    Walk,
)

ORIGIN = ReferenceObject(coordinates_m=(0.0, 0.0, 0.0))
AXES: Mapping[str, Measured] = {
    "X": LinearExtent("RIGHT", ORIGIN, frame="ABSOLUTE"),
    "Y": Attribute("Z"),
    "Z": Attribute("X"),
}
"""Droidlet's axes in terms of this memory's."""

OTHER_NAMES = {"COLOR": "COLOUR", "VISITED_TIME": "VISIT_TIME", "MODIFIED_TIME": "MODIFY_TIME"}
EXTENT = ("relative_direction", "frame", "has_measure", "source", "destination")


def measured(form: Form) -> Measured:
    """A property of a node."""
    if not isinstance(form.value, Mapping) or "fixed_value" in form.value:
        return _named(form)
    if len(form.value) != 1:
        form.refuse("expected one of attribute, num_blocks, linear_extent, task_info")
    form.mapping(("attribute", "num_blocks", "linear_extent", "task_info"))
    inner = form.at(next(iter(form.value)))
    return _READERS[next(iter(form.value))](inner)


def _named(form: Form) -> Measured:
    name = form.text().upper()
    name = OTHER_NAMES.get(name, name)
    if name in AXES:
        return AXES[name]
    if name not in get_args(AttributeName):
        form.refuse("expected an attribute: " + ", ".join(get_args(AttributeName)))
    return Attribute("ACTION" if form.tasks and name == "NAME" else cast(AttributeName, name))


def _num_blocks(form: Form) -> Measured:
    form.mapping(("block_filters",), ("block_filters",))
    filters = form.at("block_filters")
    if not isinstance(filters.value, Mapping):
        filters.refuse("expected a mapping")
    if not filters.value:
        return Attribute("NUM_BLOCKS")
    clause = filters.get("where_clause")
    if clause is not None:
        filters.mapping(("where_clause",))
        return NumBlocks(where(clause))
    if len(filters.value) != 1:
        filters.refuse("expected a where_clause, or one predicate with its text")
    predicate = next(iter(filters.value))
    if not isinstance(predicate, str) or not predicate.startswith("has_"):
        filters.refuse("expected a where_clause, or one predicate with its text")
    return NumBlocks(Triple(predicate, filters.at(predicate).text()))


def linear_extent(form: Form) -> LinearExtent:
    """A distance or an offset; from the agent unless told."""
    form.mapping(EXTENT)
    direction, seen, measure = form.get("relative_direction"), form.get("frame"), form.get("has_measure")
    start, end = form.get("source"), form.get("destination")
    found = "AWAY" if direction is None else direction.word(get_args(Direction))
    return LinearExtent(
        cast(Direction, found),
        ReferenceObject(special="AGENT") if start is None else source(start),
        None if end is None else source(end),
        None if seen is None else frame(seen),
        None if measure is None else measure.unit(),
    )


def _task_info(form: Form) -> Measured:
    form.mapping(("reference_object",), ("reference_object",))
    inner = form.at("reference_object")
    inner.mapping(("attribute",), ("attribute",))
    end = measured(inner.at("attribute")._replace(tasks=False))
    return Walk((PathStep("task_reference_object"),), end)


_READERS = {
    "attribute": measured,
    "num_blocks": _num_blocks,
    "linear_extent": linear_extent,
    "task_info": _task_info,
}
