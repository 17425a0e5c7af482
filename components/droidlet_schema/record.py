"""@record: frozen values whose fields are checked when they are made."""

from __future__ import annotations

import sys
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Optional,
    Tuple,
    Type,
    TypeVar,
    overload,
)

import attrs

from droidlet_schema import registry
from droidlet_schema.arrays import fits_shape
from droidlet_schema.errors import RecordError, Refused, SchemaError
from droidlet_schema.fields import _MISSING, ArrayField, Field, array, field, kind_of, resolve_hints
from droidlet_schema.kinds import ArrayKind, Kind
from droidlet_schema.packing import canonical

if TYPE_CHECKING or sys.version_info >= (3, 11):
    from typing import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Callable[[Any], Any]:
        return lambda decorated: decorated


T = TypeVar("T")


class Spec:
    """What is known of a record class: its name and version on the wire, its fields in order, their kinds."""

    cls: type

    def __init__(
        self,
        name: str,
        version: int,
        names: Tuple[str, ...],
        required: Tuple[str, ...],
        arrays: Dict[str, ArrayKind],
    ) -> None:
        self.name, self.version, self.tag = name, version, f"{name}/{version}"
        self.names, self.required, self.arrays = names, required, arrays
        self.own_digest = False
        self.local_names: Dict[str, Any] = {}
        self._kinds: Optional[Dict[str, Kind]] = None

    @property
    def kinds(self) -> Dict[str, Kind]:
        """The kind of each field; resolved at first use, so that records may name one another."""
        return self._kinds if self._kinds is not None else self._resolve()

    def _resolve(self) -> Dict[str, Kind]:
        hints = resolve_hints(self.cls, self.local_names)
        found: Dict[str, Kind] = {}
        for name in self.names:
            try:
                found[name] = self.arrays.get(name) or kind_of(hints[name])
            except SchemaError as error:
                raise SchemaError(f"{self.name}.{name}: {error}") from None
        self._kinds = found
        self.local_names = {}
        return found

    def bind(self, value: Any) -> None:
        """Checks that axis names mean one length each. Raises RecordError."""
        bound: Dict[str, int] = {}
        for name, kind in self.arrays.items():
            reason = fits_shape(getattr(value, name).shape, kind.pattern, bound)
            if reason:
                raise RecordError(self.name, (name,), getattr(value, name), reason)


@overload
@dataclass_transform(frozen_default=True, field_specifiers=(array, field))
def record(cls: Type[T]) -> Type[T]: ...


@overload
@dataclass_transform(frozen_default=True, field_specifiers=(array, field))
def record(*, name: Optional[str] = None, version: int = 1) -> Callable[[Type[T]], Type[T]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(array, field))
def record(cls: Optional[type] = None, *, name: Optional[str] = None, version: int = 1) -> Any:
    """Makes a class a record: frozen, every field checked and scalars brought to their declared type when it is made.

    Two records are equal when their canonical bytes are: NaN equals NaN, -0.0 is not 0.0, True is not 1. On the wire a record carries its
    name (the class name unless told) and version. A record that defines `__digest__(self) -> str` is equal, hashed and digested by that.
    Raises SchemaError for fields that are not deeply immutable data; making a record raises RecordError for a value that does not fit.
    """
    local_names = sys._getframe(1).f_locals

    def decorate(plain: type) -> type:
        return _make(
            plain,
            name or plain.__name__,
            version,
            dict(local_names) if "<locals>" in plain.__qualname__ else {},
        )

    return decorate if cls is None else decorate(cls)


def _make(plain: type, name: str, version: int, local_names: Dict[str, Any]) -> type:
    _refuse_bases(plain)
    names = tuple(
        n for n, hint in vars(plain).get("__annotations__", {}).items() if not _is_class_variable(hint)
    )
    required, arrays = [], {}
    for field_name in names:
        if field_name.startswith("_"):
            raise SchemaError(f"{name}.{field_name}: fields are public; drop the underscore")
        declared = vars(plain).get(field_name, _MISSING)
        if isinstance(declared, ArrayField):
            arrays[field_name] = declared.kind
        if (
            isinstance(declared, ArrayField)
            or declared is _MISSING
            or (isinstance(declared, Field) and declared.default is _MISSING)
        ):
            required.append(field_name)
    spec = Spec(name, version, names, tuple(required), arrays)
    spec.local_names = local_names
    for field_name in names:
        setattr(plain, field_name, _attribute(spec, field_name, vars(plain).get(field_name, _MISSING)))
    _add_methods(plain, spec)
    made = attrs.define(plain, frozen=True, eq=False, slots=True, weakref_slot=True, auto_attribs=True)
    spec.cls = made
    registry.add(spec)
    return made


def _refuse_bases(plain: type) -> None:
    for base in plain.__mro__[1:]:
        if "__record__" in vars(base):
            raise SchemaError(
                f"{plain.__name__} inherits from the record {base.__name__}: records do not inherit, hold one in a field"
            )


def _is_class_variable(hint: Any) -> bool:
    return str(hint).replace("typing.", "").startswith("ClassVar")


def _attribute(spec: Spec, name: str, declared: Any) -> Any:
    convert = declared.convert if isinstance(declared, Field) else None

    def check(value: Any) -> Any:
        try:
            return (spec._kinds or spec.kinds)[name].check(value if convert is None else convert(value))
        except Refused as refused:
            raise RecordError(spec.name, (name, *refused.path), refused.value, refused.reason) from None

    default = declared.default if isinstance(declared, Field) else declared
    if isinstance(declared, ArrayField) or default is _MISSING:
        return attrs.field(converter=check)
    return attrs.field(default=default, converter=check)


def _add_methods(plain: Any, spec: Spec) -> None:
    spec.own_digest = "__digest__" in vars(plain)
    plain.__record__ = spec
    plain.__eq__ = _equal_by_digest if spec.own_digest else _equal
    plain.__hash__ = _hash_of_digest if spec.own_digest else _hash
    own_check = vars(plain).get("__attrs_post_init__")
    if len(spec.arrays) > 1 or own_check:

        def after(self: Any) -> None:
            spec.bind(self)
            if own_check:
                own_check(self)

        plain.__attrs_post_init__ = after


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


def evolve(value: T, **changes: Any) -> T:
    """The same record with some fields changed, checked as at construction. Raises TypeError for fields that it does not have."""
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
