"""How a schema's nodes change from one version to the next, as data."""

from __future__ import annotations

from typing import Literal, Union

from droidlet_schema import Value, record


@record
class RenameType:
    """A node type has another name."""

    node_type: str
    becomes: str


@record
class ForgetType:
    """Nodes of this very type are dropped; those of types below it are not."""

    node_type: str


@record
class RenameField:
    """A field of a node type, and of the types below it, has another name."""

    node_type: str
    field: str
    becomes: str


@record
class AddField:
    """Nodes of a type and of those below it get a field; those that have it keep their own."""

    node_type: str
    field: str
    value: Value


@record
class DropField:
    """Nodes of a type and of those below it lose a field."""

    node_type: str
    field: str


@record
class ConvertField:
    """A field of a node type, and of the types below it, becomes a number or a text; numbers are then
    multiplied by `times` (0.001: from litres to cubic metres). What cannot be converted stops the migration.
    """

    node_type: str
    field: str
    to: Literal["int", "float", "str"]
    times: float = 1.0


@record
class RenamePredicate:
    """A predicate has another name."""

    predicate: str
    becomes: str


@record
class DropPredicate:
    """What was said by a predicate is dropped."""

    predicate: str


TypeStep = Union[RenameType, ForgetType]
FieldStep = Union[RenameField, AddField, DropField, ConvertField]
PredicateStep = Union[RenamePredicate, DropPredicate]
Step = Union[
    RenameType,
    ForgetType,
    RenameField,
    AddField,
    DropField,
    ConvertField,
    RenamePredicate,
    DropPredicate,
]


@record
class Migration:
    """The steps that lead from one version of a schema to the next. What is only added (a type, a predicate,
    a field that need not be there) needs no step.
    """

    from_version: int
    steps: tuple[Step, ...] = ()
