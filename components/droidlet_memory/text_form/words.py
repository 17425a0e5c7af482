"""Writing names, texts, numbers, times, properties and references."""

from __future__ import annotations

import math
from collections.abc import Callable

from droidlet_memory.text_form.cursor import MAX_NESTED
from droidlet_memory.text_form.vocabulary import ATTRIBUTES, NS, RESERVED, is_said, is_word
from droidlet_schema import (
    And,
    Attribute,
    CountOf,
    Filters,
    LinearExtent,
    Measured,
    Moment,
    NumBlocks,
    PathStep,
    Property,
    ReferenceFrame,
    ReferenceObject,
    Where,
)


class Nested:
    """Writes what nests, and counts how deeply."""

    def __init__(
        self,
        filters: Callable[[Filters, Nested], str],
        where: Callable[[Where, Nested], str],
        depth: int = 0,
    ) -> None:
        self._filters, self._where, self.depth = filters, where, depth

    def deeper(self) -> Nested:
        """One level further in. Raises ValueError where that is too deep."""
        if self.depth >= MAX_NESTED:
            raise ValueError(f"filters have a text up to {MAX_NESTED} things inside one another")
        return Nested(self._filters, self._where, self.depth + 1)

    def filters(self, filters: Filters) -> str:
        """A query in parentheses."""
        return f"({self._filters(filters, self.deeper())})"

    def where(self, where: Where) -> str:
        """A clause; whoever asks for it puts the parentheses around it."""
        return self._where(where, self.deeper())


def is_always(where: Where) -> bool:
    """Whether a clause is the one that is not written."""
    return isinstance(where, And) and not where.clauses


def quoted(text: str) -> str:
    """A text in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str, reserved: frozenset[str] = RESERVED) -> str:
    """A name, in double quotes where it needs them."""
    return name if is_word(name, reserved) else double_quoted(name)


def double_quoted(name: str) -> str:
    """A name in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def number(value: float) -> str:
    """A number, whole ones without a point."""
    if math.isnan(value):
        return "NAN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    text = repr(value)
    return text[:-2] if text.endswith(".0") and text != "-0.0" else text


def confidence(value: float | None) -> str:
    """What follows a triple."""
    return "" if value is None else f" CONFIDENCE {number(value)}"


def moment(value: Moment) -> str:
    """A time in the largest unit that has a whole number of it."""
    unit, ns = next(((unit, ns) for unit, ns in NS.items() if value.ns and value.ns % ns == 0), ("ns", 1))
    return f"{value.ns // ns} {unit}" + " AGO" * value.ago


def measure(measured: Measured, nested: Nested) -> str:
    """A property or a path to one."""
    if isinstance(measured, Attribute):
        return measured.name.lower()
    if isinstance(measured, Property):
        return _property(measured.name)
    if isinstance(measured, LinearExtent):
        return _extent(measured, nested)
    if isinstance(measured, CountOf):
        path = " -> ".join(map(_step, measured.path))
        among = "" if measured.filters is None else f"AMONG {nested.filters(measured.filters)}"
        return f"COUNT({' '.join(filter(None, (path, among)))})"
    if isinstance(measured, NumBlocks):
        return "BLOCKS()" if measured.where is None else f"BLOCKS(WHERE {nested.where(measured.where)})"
    path = "".join(f"{_step(step)} -> " for step in measured.path) or "-> "
    end = measured.attribute
    if isinstance(end, (Attribute, Property, LinearExtent, CountOf, NumBlocks)):
        return path + measure(end, nested)
    return f"{path}({measure(end, nested.deeper())})"


def _property(name: str) -> str:
    plain = is_word(name) and name.lower() not in ATTRIBUTES and not is_said(name)
    return name if plain else double_quoted(name)


def _step(step: PathStep) -> str:
    return ("^" if step.inverse else "") + identifier(step.predicate)


def _extent(extent: LinearExtent, nested: Nested) -> str:
    head = "DISTANCE(" if extent.direction == "AWAY" else f"EXTENT({extent.direction} "
    parts = [f"FROM {reference(extent.source, nested)}"]
    if extent.destination is not None:
        parts.append(f"TO {reference(extent.destination, nested)}")
    if extent.frame is not None:
        parts.append(f"FRAME {frame(extent.frame, nested)}")
    if extent.unit is not None:
        parts.append(f"IN {extent.unit}")
    return head + " ".join(parts) + ")"


def frame(value: ReferenceFrame, nested: Nested) -> str:
    """Whose left and front are meant."""
    return value if isinstance(value, str) else thing(value, nested)


def reference(value: ReferenceObject, nested: Nested) -> str:
    """Something spoken of."""
    parts = _parts(value, nested)
    return parts[0] if len(parts) == 1 else thing(value, nested)


def thing(value: ReferenceObject, nested: Nested) -> str:
    """The same, as it is written among sides and frames."""
    return f"THING({', '.join(_parts(value, nested.deeper()))})"


def _parts(value: ReferenceObject, nested: Nested) -> list[str]:
    parts: list[str] = [] if value.special is None else [value.special]
    if value.coordinates_m is not None:
        parts.append(f"POINT({', '.join(map(number, value.coordinates_m))})")
    if value.filters is not None:
        parts.append(nested.filters(value.filters))
    return [*parts, quoted(value.text_span)] if value.text_span else parts
