"""Records that inherit: only from one that is open to it."""

from __future__ import annotations

import dataclasses
from typing import Any, Optional

import attrs

from droidlet_schema.errors import SchemaError
from droidlet_schema.spec import Spec


def base_of(plain: type) -> Optional[Spec]:
    """The open record that a class inherits from, None where there is none. Raises SchemaError for any other
    base with fields.
    """
    found: Optional[Spec] = None
    for base in plain.__mro__[1:]:
        spec = vars(base).get("__record__")
        if spec is not None and spec.open:
            found = found or spec
        elif attrs.has(base) or dataclasses.is_dataclass(base):
            raise SchemaError(
                f"{plain.__name__} inherits fields from {base.__name__}: hold one in a field instead"
            )
    return found


def wire_name(plain: type) -> str:
    """The name of a record that was told none: its class's, behind what stands before the dot in the name of
    the record above it.
    """
    base = base_of(plain)
    before, dot, _ = base.name.rpartition(".") if base is not None else ("", "", "")
    return before + dot + plain.__name__


def refuse_heir(cls: type, /, **_: Any) -> None:
    """The __init_subclass__ of a record that is not open."""
    raise SchemaError(
        f"{cls.__name__} inherits from a record: records do not inherit, hold one in a field instead"
    )


def await_decorator(cls: Any, /, **_: Any) -> None:
    """The __init_subclass__ of a record that is open: what inherits is of no use until it is a record."""
    if "__record__" not in vars(cls):
        cls.__new__ = _undecorated


def decorated(plain: Any) -> None:
    """Takes that back, for a class that becomes a record."""
    if vars(plain).get("__new__") is _undecorated:
        del plain.__new__


def _undecorated(cls: type, *_: Any, **__: Any) -> Any:
    raise SchemaError(f"{cls.__name__} inherits from a record: write @record above it")
