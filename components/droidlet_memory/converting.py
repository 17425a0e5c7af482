"""What migration steps do to the properties of a node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from droidlet_memory.errors import SchemasError
from droidlet_memory.steps import AddField, ConvertField, DropField, FieldStep, RenameField
from droidlet_schema import FrozenMap, MemoryNode, Value


def migrate_properties(node: MemoryNode, steps: Iterable[FieldStep]) -> FrozenMap[str, Value]:
    """A node's properties after the steps. Raises SchemasError for a value that cannot be converted."""
    properties = dict(node.properties)
    for step in steps:
        if isinstance(step, AddField):
            properties.setdefault(step.field, step.value)
        elif step.field in properties:
            value = properties.pop(step.field)
            if isinstance(step, RenameField):
                properties[step.becomes] = value
            elif isinstance(step, ConvertField):
                properties[step.field] = _converted(value, step, node.id)
            elif not isinstance(step, DropField):
                raise TypeError(f"{step!r:.80} is no step of a field")
    return FrozenMap(properties)


def _converted(value: Value, step: ConvertField, node_id: str) -> Value:
    if value is None:
        return None
    try:
        return _number_or_text(value, step)
    except (TypeError, ValueError, OverflowError) as error:
        raise SchemasError(
            f"{node_id}: {step.node_type}.{step.field} cannot become {step.to}: {error}, got {value!r:.80}"
        ) from None


def _number_or_text(value: Any, step: ConvertField) -> Value:
    if type(value) not in (int, float, str):
        raise TypeError("it is no number and no text")
    if step.to == "str":
        return str(value)
    if step.to == "int" and step.times == 1 and (type(value) is int or isinstance(value, str)):
        return _of_64_bits(int(value))  # exact, however large
    number = float(value) * step.times
    if step.to == "float":
        return number
    if number != int(number):
        raise ValueError("it is no whole number")
    return _of_64_bits(int(number))


def _of_64_bits(value: int) -> int:
    if not -(2**63) <= value < 2**64:
        raise OverflowError("it has more than 64 bits")
    return value
