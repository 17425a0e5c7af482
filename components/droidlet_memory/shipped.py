"""The schemas that ship: level 0 ("droidlet") and what a robot adds ("robot")."""

from __future__ import annotations

from collections.abc import Iterable

from droidlet_memory.errors import SchemasError, did_you_mean
from droidlet_memory.schemas import NodeType, Schema

DROIDLET = Schema(
    "droidlet",
    node_types=(
        NodeType("Memory", asked_as="ALL"),
        NodeType("ReferenceObject", "Memory", "REFERENCE_OBJECT", ("_physical_object",)),
        NodeType("Player", "ReferenceObject", tags=("_player", "_animate")),
        NodeType("Self", "Player", "AGENT", ("AGENT", "SELF")),
        NodeType("Location", "Memory", tags=("_location",)),
        NodeType("Attention", "Location", tags=("_attention",)),
        NodeType("Chat", "Memory", "CHAT"),
        NodeType("Program", "Memory"),
        NodeType("Task", "Memory", "TASKS"),
        NodeType("Interpreter", "Memory"),
        NodeType("NamedAbstraction", "Memory"),
        NodeType("Set", "Memory"),
        NodeType("Time", "Memory"),
        NodeType("Dance", "Memory"),
    ),
    predicates=(
        "has_action",
        "has_colour",
        "has_description",
        "has_logical_form",
        "has_name",
        "has_reason",
        "has_shape",
        "has_size",
        "has_tag",
        "member_of",
        "said_by",
        "attended_while_interpreting",
        "chat_effect",
        "task_effect",
        "task_reference_object",
        "has_parent_task",
        "has_child_task",
    ),
)

ROBOT = Schema(
    "robot",
    needs=("droidlet",),
    node_types=(
        NodeType("DetectedObject", "ReferenceObject"),
        NodeType("HumanPose", "ReferenceObject", tags=("_human_pose", "_animate")),
    ),
    predicates=("has_material", "has_property"),
)

SHIPPED = {schema.name: schema for schema in (DROIDLET, ROBOT)}


def schemas_named(names: Iterable[str | Schema]) -> tuple[Schema, ...]:
    """Schemas by name, a schema itself as it is. Raises SchemasError for a name that is not shipped."""
    if isinstance(names, str):
        raise SchemasError(
            f"schemas are a sequence of names or Schema, got the text {names!r}: write ({names!r},)"
        )
    return tuple(name if isinstance(name, Schema) else _shipped(name) for name in names)


def _shipped(name: object) -> Schema:
    if not isinstance(name, str):
        raise SchemasError(f"schemas are names or Schema, got {name!r:.80}")
    if name not in SHIPPED:
        raise SchemasError(f"no schema is called {name!r}" + did_you_mean(name, SHIPPED))
    return SHIPPED[name]
