"""@record: frozen values whose fields are checked when they are made."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Callable, Dict, Optional, Tuple, Type, TypeVar, overload

import attrs

from droidlet_schema import registry
from droidlet_schema.errors import RecordError, Refused, SchemaError
from droidlet_schema.fields import MISSING, ArrayField, Field, array, field
from droidlet_schema.inheriting import await_decorator, base_of, decorated, refuse_heir, wire_name
from droidlet_schema.packing import canonical
from droidlet_schema.spec import Spec
from droidlet_schema.texts import record_repr

if TYPE_CHECKING or sys.version_info >= (3, 11):
    from typing import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Callable[[Any], Any]:
        """What older Pythons lack: it tells type checkers something, and does nothing."""
        return lambda decorated: decorated


T = TypeVar("T")


@overload
@dataclass_transform(frozen_default=True, field_specifiers=(array, field))
def record(cls: Type[T]) -> Type[T]: ...


@overload
@dataclass_transform(frozen_default=True, field_specifiers=(array, field))
def record(
    *, name: Optional[str] = None, version: int = 1, open: bool = False
) -> Callable[[Type[T]], Type[T]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(array, field))
def record(
    cls: Optional[type] = None, *, name: Optional[str] = None, version: int = 1, open: bool = False
) -> Any:
    """Makes a class a record: frozen, each field checked and brought to its declared type when it is made.

    Two records are equal when their canonical bytes are: NaN equals NaN, -0.0 is not 0.0, True is not 1;
    arrays bit by bit. On the wire a record carries its name (the class name unless told) and version. A
    record that defines `__digest__(self) -> str` is equal, hashed and digested by that. Its repr cuts long
    arrays, tuples, maps and texts, unless it defines `__repr__`.
    Records inherit only from one that is `open`: they have its fields, then their own (without a default:
    by name only), are open themselves, and stand for themselves alone, not where the one above is declared.
    `__attrs_post_init__` may check more and raise ValueError. Raises SchemaError for fields that are not
    deeply immutable data; making a record raises RecordError for a value that does not fit.
    """
    local_names = sys._getframe(1).f_locals

    def decorate(plain: type) -> type:
        around = dict(local_names) if "<locals>" in plain.__qualname__ else {}
        return _make(plain, name or wire_name(plain), version, around, open)

    return decorate if cls is None else decorate(cls)


def _make(plain: Any, name: str, version: int, local_names: Dict[str, Any], is_open: bool) -> type:
    base = base_of(plain)
    own = {n: vars(plain).get(n, MISSING) for n in _field_names(plain, name, base)}
    declared = {**base.declared, **own} if base is not None else own
    required = tuple(n for n, d in declared.items() if _default(d) is MISSING)
    spec = Spec(name, version, tuple(declared), required)
    spec.declared, spec.base, spec.open = declared, base, is_open or base is not None
    spec.own_hints = None if base is None else {n: _annotations(plain)[n] for n in own}
    spec.arrays = {n: d.kind for n, d in declared.items() if isinstance(d, ArrayField)}
    spec.maybe = tuple(n for n in spec.arrays if n not in required)
    spec.local_names = local_names
    decorated(plain)
    _add_methods(plain, spec)
    made: type = attrs.define(plain, these=_attributes(spec), frozen=True, eq=False, slots=True)
    spec.bind_class(made)
    registry.add(spec)
    return made


def _field_names(plain: type, record_name: str, base: Optional[Spec]) -> Tuple[str, ...]:
    names = tuple(n for n, hint in _annotations(plain).items() if not _is_class_variable(hint))
    for name in names:
        if name.startswith("_"):
            raise SchemaError(f"{record_name}.{name}: fields are public; drop the underscore")
    for name, declared in vars(plain).items():
        inherited = base is not None and name in base.names
        if (inherited or isinstance(declared, (ArrayField, Field))) and name not in names:
            raise SchemaError(
                f"{record_name}.{name}: a field needs its type: {name}: NDArray[Any] = array(...)"
            )
    return names


def _annotations(plain: type) -> Dict[str, Any]:
    if sys.version_info >= (3, 14):
        from annotationlib import Format, get_annotations

        return get_annotations(plain, format=Format.FORWARDREF)
    found: Dict[str, Any] = vars(plain).get("__annotations__", {})
    return found


def _is_class_variable(hint: Any) -> bool:
    return str(hint).split("[")[0].split(".")[-1] == "ClassVar"


def _default(declared: Any) -> Any:
    return declared.default if isinstance(declared, (ArrayField, Field)) else declared


def _attributes(spec: Spec) -> Dict[str, Any]:
    made: Dict[str, Any] = {}
    optional = ""
    for name, declared in spec.declared.items():
        needed = name in spec.required
        optional = optional or ("" if needed else name)
        by_name = spec.base is not None and bool(optional) and needed
        if optional and needed and not by_name:
            raise SchemaError(
                f"{spec.name}.{name} has no default and comes after {optional}, which has: put it before"
            )
        made[name] = _attribute(spec, name, declared, by_name)
    return made


def _attribute(spec: Spec, name: str, declared: Any, by_name: bool) -> Any:
    def check(value: Any) -> Any:
        try:
            return (spec.checks or spec.settle().checks)[name](value)
        except Refused as refused:
            raise RecordError(spec.name, (name, *refused.path), refused.value, refused.reason) from None

    default = _default(declared)
    if isinstance(declared, Field) and declared.convert is not None:
        check = _converted(spec, name, declared.convert, check)
    if default is MISSING:
        return attrs.field(converter=check, kw_only=by_name)
    return attrs.field(default=default, converter=check)


def _converted(spec: Spec, name: str, convert: Callable[[Any], Any], check: Callable[[Any], Any]) -> Any:
    def convert_and_check(value: Any) -> Any:
        try:
            converted = convert(value)
        except (TypeError, ValueError) as error:
            raise RecordError(spec.name, (name,), value, f"cannot be converted ({error})") from error
        return check(converted)

    return convert_and_check


def _add_methods(plain: Any, spec: Spec) -> None:
    inherited = spec.base is not None and spec.base.own_digest
    spec.own_digest = inherited or "__digest__" in vars(plain)
    plain.__record__ = spec
    if "__repr__" not in vars(plain):
        plain.__repr__ = record_repr
    plain.__eq__ = _equal_by_digest if spec.own_digest else _equal
    plain.__hash__ = _hash_of_digest if spec.own_digest else _hash
    plain.__init_subclass__ = classmethod(await_decorator if spec.open else refuse_heir)
    plain.__copy__, plain.__deepcopy__, plain.__reduce__ = _itself, _itself, _reduce
    own_check = getattr(plain, "__attrs_post_init__", None)
    spec.own_check = own_check is not None
    if len(spec.arrays) > 1 or own_check:

        def after(self: Any) -> None:
            spec.bind_axes(self)
            if own_check:
                own_check(self)

        plain.__attrs_post_init__ = spec.after = after


def _equal(self: Any, other: object) -> Any:
    if self is other:
        return True
    if type(other) is not type(self):
        return NotImplemented
    return canonical(self) == canonical(other)


def _hash(self: Any) -> int:
    return hash(canonical(self))


def _equal_by_digest(self: Any, other: object) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return self.__digest__() == other.__digest__()  # type: ignore[attr-defined]


def _hash_of_digest(self: Any) -> int:
    return hash(self.__digest__())


def _itself(self: Any, memo: Any = None) -> Any:
    return self  # deeply immutable: a copy is the same value


def _reduce(self: Any) -> Tuple[Any, ...]:
    spec = self.__record__
    return (_made_anew, (type(self), dict(zip(spec.names, spec.values_of(self)))))


def _made_anew(cls: Type[T], values: Dict[str, Any]) -> T:
    return cls(**values)  # so that its arrays are read-only again


def evolve(value: T, /, **changes: Any) -> T:
    """The same record with some fields changed, checked as at construction.

    Raises TypeError for fields that it does not have, RecordError for values that do not fit.
    """
    spec = getattr(type(value), "__record__", None)
    if spec is None:
        raise TypeError(f"evolve takes a record, got {type(value).__name__}")
    unknown = [n for n in changes if n not in spec.names]
    if unknown:
        raise TypeError(
            "{} has no field {}; it has {}".format(spec.name, ", ".join(unknown), ", ".join(spec.names))
        )
    for name in spec.names:
        if name not in changes:
            changes[name] = getattr(value, name)
    return type(value)(**changes)


def is_record(value: object) -> bool:
    """Whether a value (not a class) is a record."""
    return not isinstance(value, type) and "__record__" in vars(type(value))


def fields_of(cls: type) -> Tuple[str, ...]:
    """The names of a record class's fields, in order. Raises TypeError for other classes."""
    spec = vars(cls).get("__record__")
    if spec is None:
        raise TypeError(f"{cls.__name__} is no record class; write @record above it")
    return tuple(spec.names)
