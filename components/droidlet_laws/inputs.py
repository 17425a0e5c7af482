"""What a component is tried with: a strategy, a sequence, or what its annotations say."""

from __future__ import annotations

import inspect
import sys
import typing
from typing import Any, Dict, List, Optional, Sequence, Tuple

import attrs
import numpy as np
from droidlet_transport.loading import LoadError, load

from droidlet_laws.brief import brief, raised
from droidlet_laws.laws import NotCheckable
from droidlet_laws.shapes import Shape

MAX_STEPS = 4
_TESTING = "generated inputs need Hypothesis: install droidlet-style[testing], or pass a sequence of inputs"


@attrs.frozen
class Plan:
    """Either a strategy for trajectories (lists of items), or fixed trajectories."""

    strategy: Any = None
    fixed: Tuple[List[Any], ...] = ()


def plan(component: Any, shape: Shape, name: str, inputs: Any) -> Plan:
    """How to try a component. Raises NotCheckable where the inputs cannot be had."""
    if isinstance(inputs, str):
        inputs = _load(inputs)
    if inputs is None:
        return Plan(strategy=_lists(_derived(component, shape, name), shape))
    if _is_strategy(inputs):
        return Plan(strategy=_lists(inputs, shape))
    if isinstance(inputs, (str, bytes, dict)) or not isinstance(inputs, Sequence):
        raise NotCheckable(f"inputs are a Hypothesis strategy or a sequence, got {brief(inputs, 120)}")
    items = list(inputs)
    if not items:
        raise NotCheckable("inputs are an empty sequence: there is nothing to try the component with")
    if shape.kind == "stepped" and all(isinstance(item, list) for item in items):
        return Plan(fixed=tuple(item for item in items if item))
    return Plan(fixed=(items,))


def _load(name: str) -> Any:
    try:
        found = load(name)
    except LoadError as error:
        raise NotCheckable(f"inputs: {error}") from error
    if callable(found) and not _is_strategy(found):
        try:
            found = found()
        except Exception as error:
            raise NotCheckable(f"inputs: {name}() raised {raised(error)}") from error
    if found is None or isinstance(found, str):
        raise NotCheckable(f"inputs: {name} is {brief(found, 80)}; expected a strategy or a sequence")
    return found


def _is_strategy(value: Any) -> bool:
    found = sys.modules.get("hypothesis.strategies")
    return found is not None and isinstance(value, found.SearchStrategy)


def _strategies() -> Any:
    try:
        import hypothesis.strategies as st
    except ImportError:
        raise NotCheckable(_TESTING) from None
    return st


def _lists(item: Any, shape: Shape) -> Any:
    made = _strategies().lists(item, min_size=1, max_size=MAX_STEPS)
    return made.map(_flat) if shape.kind == "stepped" else made


def _flat(items: List[Any]) -> List[Any]:
    """Items that are trajectories themselves are joined."""
    joined: List[Any] = []
    for item in items:
        joined.extend(item if isinstance(item, list) else [item])
    return joined


def _derived(component: Any, shape: Shape, name: str) -> Any:
    st = _strategies()
    parameters = shape.parameters[:1] if shape.kind == "stepped" else shape.parameters[: shape.least]
    if not parameters:
        raise NotCheckable(f"{name} says nothing about its arguments; pass inputs (a strategy or a sequence)")
    hints = _hints(component, name)
    made = [_of(hints.get(p.name, p.empty), p.name, name) for p in parameters]
    return made[0] if shape.kind == "stepped" else st.tuples(*made)


def _hints(component: Any, name: str) -> Dict[str, Any]:
    function = (
        component if hasattr(component, "__annotations__") and not isinstance(component, type) else None
    )
    if (
        function is None
        or not callable(component)
        or not hasattr(function, "__code__")
        and not hasattr(function, "__wrapped__")
    ):
        function = getattr(component, "func", None) or inspect.getattr_static(
            type(component), "__call__", component
        )
    try:
        return typing.get_type_hints(function)
    except Exception as error:
        raise NotCheckable(
            f"{name}: its annotations cannot be read ({raised(error)}); pass inputs (a strategy or a sequence)"
        ) from error


def _of(hint: Any, parameter: str, name: str) -> Any:
    ask = "pass inputs (a strategy or a sequence)"
    if hint in (Any, object) or isinstance(hint, type) and hint.__name__ == "_empty":
        raise NotCheckable(
            f"{name}: its argument {parameter} has no annotation that says what it takes; {ask}"
        )
    declared = _declared(hint)
    if declared is not None:
        return declared
    arrays = _arrays(hint)
    if arrays is not None:
        return arrays
    try:
        made = _strategies().from_type(hint)
        made.validate()
    except Exception as error:
        raise NotCheckable(
            f"{name}: no values can be made for its argument {parameter}: {raised(error)}; {ask}"
        ) from error
    return made


def _declared(hint: Any) -> Optional[Any]:
    """Half everyday values, half anything that the type takes; None if it is no field type."""
    _strategies()
    from droidlet_schema import SchemaError
    from droidlet_schema.strategies import of

    try:
        return of(hint, moderate=True) | of(hint)
    except (SchemaError, ValueError):
        return None


_SHAPES = ((3,), (4,), (2, 3), (5, 2), (3, 3), (4, 4), (6, 5), (6, 5, 3), ())


def _arrays(hint: Any) -> Optional[Any]:
    """For an array without a declared shape, small arrays of many shapes: those that do not fit are refused. None for other types."""
    origin = typing.get_origin(hint) or hint
    if origin is not np.ndarray:
        return None
    st = _strategies()
    from hypothesis.extra import numpy as st_numpy

    dtype = _dtype(hint)
    floats: Dict[str, Any] = {"elements": st.floats(-100, 100, width=32)} if dtype.kind == "f" else {}
    return st.sampled_from(_SHAPES).flatmap(lambda shape: st_numpy.arrays(dtype, shape, **floats))


def _dtype(hint: Any) -> Any:
    for argument in typing.get_args(hint):
        for scalar in typing.get_args(argument):
            if isinstance(scalar, type) and issubclass(scalar, np.generic) and scalar not in _ABSTRACT:
                return np.dtype(scalar)
    return np.dtype(np.float64)


_ABSTRACT = (np.generic, np.number, np.floating, np.inexact, np.integer)
