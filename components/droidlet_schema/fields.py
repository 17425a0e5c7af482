"""How a record class declares its fields, and what each declaration means as a kind."""

from __future__ import annotations

import sys
import types
import typing
from typing import Any, Callable, Dict, List, Literal, Optional, Tuple, Union

from droidlet_schema import kinds, scalars
from droidlet_schema.arrays import parse_dtype, parse_shape
from droidlet_schema.errors import NotYet, SchemaError
from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.scalars import Kind

MISSING: Any = object()


class ArrayField:
    """Stands in a class body for `array(...)`; @record replaces it."""

    def __init__(self, shape: str, dtype: Any, default: Any) -> None:
        if default is not MISSING and default is not None:
            raise SchemaError(f"array({shape!r}): the only default that an array may have is None")
        self.kind = kinds.ArrayKind(shape, parse_shape(shape), parse_dtype(dtype))
        self.default = default


class Field:
    """Stands in a class body for `field(...)`; @record replaces it."""

    def __init__(self, default: Any, convert: Optional[Callable[[Any], Any]]) -> None:
        self.default = default
        self.convert = convert


def array(shape: str, dtype: Any, *, default: Any = MISSING) -> Any:
    """A record field that holds an array of this shape and dtype; with `default=None`, that or None.

    `shape` names the axes: numbers are fixed, names bind within one record ("H W 3"), "_" is any length, a
    leading "..." any number of axes, "" no axis at all. Arrays are never cast. The record takes ownership:
    an array that owns its data becomes read-only in place, a view of writable memory is copied. Raises
    SchemaError for a pattern or dtype that cannot be.
    """
    return ArrayField(shape, dtype, default)


def field(*, default: Any = MISSING, convert: Optional[Callable[[Any], Any]] = None) -> Any:
    """A record field with a default, or with a function that first brings other forms of a value to its type.

    What that function raises as TypeError or ValueError becomes a RecordError.
    """
    return Field(default, convert)


_SCALARS: Dict[Any, Callable[[], Kind]] = {
    type(None): scalars.NoneKind,
    None: scalars.NoneKind,
    bool: scalars.BoolKind,
    int: scalars.IntKind,
    float: scalars.FloatKind,
    str: scalars.StrKind,
    bytes: scalars.BytesKind,
}
_UNIONS = (Union, getattr(types, "UnionType", Union))


def kind_of(hint: Any) -> Kind:
    """The kind that a type annotation declares. Raises SchemaError for what is not deeply immutable data."""
    if _hashable(hint) and hint in _SCALARS:
        return _SCALARS[hint]()
    if isinstance(hint, type) and "__record__" in vars(hint):
        found: Kind = vars(hint)["__record__"].kind
        return found
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in _UNIONS:
        return _union(args)
    if origin is Literal:
        return scalars.LiteralKind(args)
    if origin is tuple and hint is not typing.Tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            return kinds.SequenceKind(kind_of(args[0]))
        return kinds.TupleKind(() if args == ((),) else tuple(kind_of(a) for a in args))
    if origin is FrozenMap:
        return kinds.MapKind(_key_kind(args[0]), kind_of(args[1]))
    if hasattr(hint, "__supertype__"):  # NewType
        return kind_of(hint.__supertype__)
    if type(hint).__name__ == "TypeAliasType":  # type Where = And | Or
        return kind_of(hint.__value__)
    raise SchemaError(f"{_text(hint)} is no field type{_advice(hint, origin)}")


def _hashable(hint: Any) -> bool:
    try:
        hash(hint)
    except TypeError:
        return False
    return True


def _key_kind(hint: Any) -> Kind:
    kind = kind_of(hint)
    if set(kind.python_types) != {str} and set(kind.python_types) != {int}:
        raise SchemaError(f"FrozenMap[{_text(hint)}, ...]: keys are int or str")
    return kind


_ALIKE: Tuple[Tuple[str, Tuple[type, ...]], ...] = (
    ("tuple", (kinds.TupleKind, kinds.SequenceKind)),
    ("FrozenMap", (kinds.MapKind,)),
)


def _union(args: Tuple[Any, ...]) -> Kind:
    members: List[Kind] = []
    for arg in args:
        kind = kind_of(arg)
        members.extend(kind.members if isinstance(kind, kinds.UnionKind) else (kind,))
    tags = [k.spec.tag for k in members if isinstance(k, kinds.RecordKind)]
    if len(set(tags)) < len(tags):
        raise SchemaError(f"a union of two records with the same name and version: {', '.join(tags)}")
    for shape, fitting in _ALIKE:
        if sum(isinstance(k, fitting) for k in members) > 1:
            raise SchemaError(f"a union of two {shape} types cannot be told apart on the wire")
    return kinds.UnionKind(tuple(members))


def _advice(hint: Any, origin: Any) -> str:
    plain = origin or hint
    if any(plain is kind for kind in (list, typing.List, set, frozenset)):
        return "; write tuple[X, ...]"
    if plain is dict or plain is typing.Dict:
        return "; write FrozenMap[K, V]"
    if hint is Any:
        return "; states hold declared data only"
    if plain is tuple:
        return "; say what it holds: tuple[X, ...]"
    if plain is FrozenMap:
        return "; say what it holds: FrozenMap[K, V]"
    if getattr(plain, "__module__", "") == "numpy":
        return '; write = array("H W", dtype) behind it'
    return "; fields hold bool, int, float, str, bytes, None, Literal, tuples, FrozenMaps, arrays and records"


def _text(hint: Any) -> str:
    return getattr(hint, "__name__", None) or repr(hint)


def resolve_hints(cls: type, own: Optional[Dict[str, Any]], local_names: Dict[str, Any]) -> Dict[str, Any]:
    """The annotations of a class as types, or `own` as they would mean there. Raises SchemaError, of class
    NotYet for unknown names.
    """
    module = sys.modules.get(cls.__module__)
    names = {**(vars(module) if module else {}), **local_names, cls.__name__: cls}
    annotated = cls if own is None else type(cls.__name__, (), {"__annotations__": own})
    try:
        return typing.get_type_hints(annotated, globalns=names, localns=names)
    except NameError as error:
        raise NotYet(f"{cls.__qualname__}: an annotation cannot be resolved: {error}") from error
    except Exception as error:
        raise SchemaError(f"{cls.__qualname__}: an annotation cannot be resolved: {error}") from error
