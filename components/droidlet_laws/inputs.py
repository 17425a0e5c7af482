"""What a component is tried with: a strategy, a sequence, or what its annotations say."""

from __future__ import annotations

import inspect
import sys
import types
import typing
from collections import abc
from typing import Any, Dict, List, Optional, Sequence, Tuple

import attrs
import numpy as np

import droidlet_schema
from droidlet_laws.brief import brief, raised
from droidlet_laws.laws import NotCheckable
from droidlet_laws.shapes import Arguments, Shape
from droidlet_schema import SchemaError, fields_of
from droidlet_schema.fields import kind_of
from droidlet_schema.scalars import Kind
from droidlet_transport.loading import LoadError, load

MAX_STEPS = 4
_ASK = "pass inputs (a strategy or a sequence)"
_TESTING = (
    "generated inputs need Hypothesis: pip install 'droidlet-style[testing]', or pass a sequence of inputs"
)


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
    except SystemExit as error:
        raise NotCheckable(f"inputs: loading {name} raised {raised(error)}") from error
    except LoadError as error:
        raise NotCheckable(f"inputs: {error}") from error
    if callable(found) and not _is_strategy(found):
        try:
            found = found()
        except (Exception, SystemExit) as error:
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
    if not shape.parameters:
        raise NotCheckable(f"{name} says nothing about its arguments; {_ASK}")
    hints = _hints(component, name)
    least = 1 if shape.kind == "stepped" else shape.least
    made = [_of(hints.get(p.name, p.empty), p.name, name) for p in shape.parameters[: max(1, least)]]
    if shape.kind == "stepped":
        return made[0]
    made += _optional(shape.parameters[len(made) : shape.most], hints, name)
    return st.one_of(*(st.tuples(*made[:n]) for n in range(least, len(made) + 1))).map(Arguments)


def _optional(parameters: Sequence[inspect.Parameter], hints: Dict[str, Any], name: str) -> List[Any]:
    """Strategies for parameters with defaults, up to the first of which nothing is known."""
    made: List[Any] = []
    for parameter in parameters:
        try:
            made.append(_of(hints.get(parameter.name, parameter.empty), parameter.name, name))
        except NotCheckable:
            break
    return made


def declared_kinds(component: Any, shape: Shape) -> List[Optional[Kind]]:
    """What each parameter takes, as far as its annotation is a field type; None for the others."""
    try:
        hints = _hints(component, "")
    except NotCheckable:
        return [None] * len(shape.parameters)
    return [_kind(hints.get(parameter.name)) for parameter in shape.parameters]


def _kind(hint: Any) -> Optional[Kind]:
    try:
        return None if hint is None else kind_of(hint)
    except (SchemaError, ValueError, TypeError):
        return None


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
        raise NotCheckable(f"{name}: its annotations cannot be read ({raised(error)}); {_ASK}") from error


def _of(hint: Any, parameter: str, name: str) -> Any:
    if hint in (Any, object) or isinstance(hint, type) and hint.__name__ == "_empty":
        raise NotCheckable(
            f"{name}: its argument {parameter} has no annotation that says what it takes; {_ASK}"
        )
    if typing.get_origin(hint) in _READ_ONCE or hint in _READ_ONCE:
        text = f"its argument {parameter} is declared as {brief(hint, 80)}, which can be read only once"
        raise NotCheckable(f"{name}: {text}; declare an Iterable or a Sequence, or {_ASK}")
    if typing.get_origin(hint) in _READ_OFTEN:
        hint = list[typing.get_args(hint)[0]]  # type: ignore[misc]
    for made in (_scalars(hint), _declared(hint), _arrays(hint), _fields(hint)):
        if made is not None:
            return made
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return _strategies().one_of(*(_of(member, parameter, name) for member in typing.get_args(hint)))
    if _holds_records(hint) and typing.get_origin(hint) in _HOLDERS:
        return _HOLDERS[typing.get_origin(hint)](*(_of(m, parameter, name) for m in typing.get_args(hint)))
    try:
        made = _strategies().from_type(hint)
        made.validate()
    except Exception as error:
        text = f"no values can be made for its argument {parameter}, declared as {brief(hint, 80)}"
        raise NotCheckable(f"{name}: {text} ({raised(error)}); {_ASK}") from error
    return made


def _holds_records(hint: Any) -> bool:
    """Whether there are records in it, whose fields say more than the types by which Hypothesis would make them."""
    is_one = isinstance(hint, type) and "__record__" in vars(hint)
    return is_one or any(map(_holds_records, typing.get_args(hint)))


def _table(keys: Any, values: Any) -> Any:
    return _strategies().dictionaries(keys, values, max_size=4)


def _row(items: Any) -> Any:
    return _strategies().lists(items, max_size=4)


_HOLDERS: Dict[Any, Any] = {dict: _table, abc.Mapping: _table, list: _row, abc.Sequence: _row}
_READ_ONCE = (abc.Iterator, abc.Generator)
_READ_OFTEN = (abc.Iterable, abc.Collection)


def _scalars(hint: Any) -> Optional[Any]:
    """For a kind of numpy's scalars that is no dtype itself, such as np.floating, everyday ones."""
    plain = typing.get_origin(hint) or hint
    if not isinstance(plain, type) or plain not in _CONCRETE:
        return None
    dtype = np.dtype(_CONCRETE[plain])
    st = _strategies()
    numbers = st.floats(-100, 100) if dtype.kind == "f" else st.integers(0, 100)
    return numbers.map(dtype.type)


def _declared(hint: Any) -> Optional[Any]:
    """Everyday values, finite ones, and anything that the type takes; None if it is no field type."""
    _strategies()
    from droidlet_laws.plausible import bounded, plausible
    from droidlet_schema.strategies import of

    try:
        finite = of(hint, moderate=True)
        return finite.map(plausible) | finite.map(bounded) | of(hint).map(bounded)
    except (SchemaError, ValueError):
        return None


_SHAPES = ((3,), (4,), (2,), (2, 3), (5, 2), (3, 3), (4, 4), (6, 5), (6, 5, 3), ())


def _arrays(hint: Any) -> Optional[Any]:
    """For an array without a declared shape, small ones of many shapes: those that do not fit are refused."""
    origin = typing.get_origin(hint) or hint
    if origin is not np.ndarray and not _is_array_like(hint):
        return None
    if hint is np.ndarray:  # it says nothing about the numbers: those that pictures and masks have too
        return _strategies().one_of(*(_array_of(np.dtype(kind)) for kind in _USUAL_KINDS))
    return _array_of(_dtype(hint))


_USUAL_KINDS = (np.float64, np.uint8, np.float32, np.int64, np.bool_)


def _array_of(dtype: Any) -> Any:
    st = _strategies()
    from hypothesis.extra import numpy as st_numpy

    elements = {"f": st.floats(-100, 100, width=32), "i": st.integers(-1, 100), "u": st.integers(0, 100)}
    options = {"elements": elements[dtype.kind]} if dtype.kind in elements else {}
    return st.sampled_from(_SHAPES).flatmap(lambda shape: st_numpy.arrays(dtype, shape, **options))


def _is_array_like(hint: Any) -> bool:
    return any(
        getattr(typing.get_origin(m), "__name__", "") == "_SupportsArray" for m in typing.get_args(hint)
    )


def _dtype(hint: Any) -> Any:
    for argument in typing.get_args(hint):
        for scalar in typing.get_args(argument):
            plain = typing.get_origin(scalar) or scalar
            if isinstance(plain, type) and issubclass(plain, np.generic):
                return np.dtype(_CONCRETE.get(plain, plain))
    return np.dtype(np.float64)


_CONCRETE: Dict[Any, Any] = dict.fromkeys((np.generic, np.number, np.floating, np.inexact), np.float64)
_CONCRETE.update({np.integer: np.int64, np.signedinteger: np.int64, np.unsignedinteger: np.uint32})


def _fields(hint: Any) -> Optional[Any]:
    """For a Protocol of data fields, the record of this schema with the fewest fields that has them all."""
    if not getattr(hint, "_is_protocol", False):
        return None
    wanted = {n for n in vars(hint) if not n.startswith("_")} | set(getattr(hint, "__annotations__", {}))
    fitting = [
        c for c in vars(droidlet_schema).values() if hasattr(c, "__record__") and wanted <= set(fields_of(c))
    ]
    return _declared(min(fitting, key=lambda c: len(fields_of(c)))) if wanted and fitting else None
