"""The schemas that ship: level 0 ("base") and what a robot ("robot") or a block world ("minecraft") adds."""

from __future__ import annotations

from collections.abc import Iterable

from droidlet_memory import nodes
from droidlet_memory.errors import SchemasError, did_you_mean
from droidlet_memory.schemas import Predicate, Schema

BASE = Schema.of(
    "base",
    needs=(),
    nodes=(
        nodes.Node,
        nodes.ReferenceObject,
        nodes.Player,
        nodes.Self,
        nodes.Location,
        nodes.Attention,
        nodes.Chat,
        nodes.Program,
        nodes.Task,
        nodes.Interpreter,
        nodes.NamedAbstraction,
        nodes.Set,
        nodes.Time,
        nodes.Dance,
        nodes.Archived,
    ),
    predicates=(
        "attended_while_interpreting",
        "has_action",
        "has_colour",
        "has_description",
        "has_name",
        "has_reason",
        "has_shape",
        "has_size",
        "has_tag",
        "said_by",
        Predicate("archive_of", "Archived"),
        Predicate("chat_effect", "Chat", "Memory"),
        Predicate("clarification_of", "Memory", "Memory"),
        Predicate("clarification_output", "Memory", "Memory"),
        Predicate("task_response", "Memory", "Memory"),
        Predicate("has_logical_form", "Memory", "Program"),
        Predicate("member_of", "Memory", "Set"),
        Predicate("task_effect", "Task", "Memory"),
        Predicate("task_reference_object", "Task", "ReferenceObject"),
        Predicate("has_parent_task", "Task", "Task"),
        Predicate("has_child_task", "Task", "Task"),
    ),
)

ROBOT = Schema.of(
    "robot",
    nodes=(nodes.DetectedObject, nodes.HumanPose),
    predicates=("has_material", "has_property"),
)

MINECRAFT = Schema.of(
    "minecraft",
    nodes=(
        nodes.VoxelObject,
        nodes.BlockObject,
        nodes.InstanceSegment,
        nodes.Mob,
        nodes.ItemStack,
        nodes.Schematic,
        nodes.BlockType,
        nodes.MobType,
        nodes.Reward,
    ),
    predicates=(
        "has_base",  # of what is or can be built, as its plan says: in cells, or in words
        "has_depth",
        "has_distance",
        "has_height",
        "has_length",
        "has_orientation",
        "has_radius",
        "has_slope",
        "has_thickness",
        "has_width",
        Predicate("has_block_type", "Memory", "BlockType"),
        Predicate("has_fill_type", "Memory", "BlockType"),
        Predicate("has_schematic", "Memory", "Schematic"),
    ),
)

SHIPPED = {schema.name: schema for schema in (BASE, ROBOT, MINECRAFT)}


def schemas_named(names: Iterable[str | Schema]) -> tuple[Schema, ...]:
    """Schemas by name, a schema itself as it is. Raises SchemasError for a name that is not shipped."""
    if isinstance(names, str):
        raise SchemasError(
            f"schemas are a sequence of names or Schema, got the text {names!r}: write ({names!r},), "
            f"or path={names!r} if that is a file"
        )
    return tuple(name if isinstance(name, Schema) else _shipped(name) for name in names)


def _shipped(name: object) -> Schema:
    if not isinstance(name, str):
        raise SchemasError(f"schemas are names or Schema, got {name!r:.80}")
    if name not in SHIPPED:
        raise SchemasError(f"no schema is called {name!r}" + did_you_mean(name, SHIPPED))
    return SHIPPED[name]
