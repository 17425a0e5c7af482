"""What is known of a record class: its name and version on the wire, its fields, and their kinds."""

from __future__ import annotations

import contextlib
import functools
import operator
from typing import Any, Callable, Dict, Optional, Tuple

from droidlet_schema.arrays import fits_shape
from droidlet_schema.compiling import packer_of, reader_of
from droidlet_schema.errors import NotYet, RecordError, SchemaError
from droidlet_schema.fields import kind_of, resolve_hints
from droidlet_schema.kinds import ArrayKind, RecordKind, UnionKind
from droidlet_schema.levels import Levels
from droidlet_schema.scalars import Kind, NoneKind

Place = Tuple[str, Optional[type], Callable[[Any, Any], Any], Callable[[Any, Any], None]]


class Spec:
    """One record class; the kinds of its fields are found when all that they name exists."""

    cls: type
    kind: RecordKind
    empty: Callable[[], Any]  # the class without its fields
    reader: Optional[Callable[[Any, Any], Any]] = None  # code made when it is first needed
    packer: Optional[Callable[[Any, Any], Any]] = None
    own_check = False  # whether the class checks more than its fields
    places: Tuple[Place, ...] = ()  # of each field: name, wire type, read, put
    own_digest = False
    open = False  # whether other records may inherit its fields
    base: Optional[Spec] = None  # the record that it inherits fields from
    own_hints: Optional[Dict[str, Any]] = None  # where it inherits: what it annotates itself
    after: Optional[Callable[[Any], None]] = None  # what runs when all fields are in place

    def __init__(self, name: str, version: int, names: Tuple[str, ...], required: Tuple[str, ...]) -> None:
        self.name, self.version, self.tag = name, version, f"{name}/{version}"
        self.names, self.required = names, required
        self.arrays: Dict[str, ArrayKind] = {}
        self.maybe: Tuple[str, ...] = ()  # the arrays that may be None
        self.declared: Dict[str, Any] = {}  # what stands behind each field's type
        self.local_names: Dict[str, Any] = {}
        self.checks: Dict[str, Callable[[Any], Any]] = {}
        self.values_of = _getter(names)
        self._kinds: Optional[Dict[str, Kind]] = None
        self._recursive: Optional[bool] = None

    def bind_class(self, cls: type) -> None:
        """Takes the finished class, and finds the kinds of its fields if everything that they name exists."""
        self.cls = cls
        self.kind = RecordKind(self, cls)
        self.empty = functools.partial(object.__new__, cls)
        with contextlib.suppress(NotYet):
            self.settle()

    @property
    def kinds(self) -> Dict[str, Kind]:
        """The kind of each field, in order. Raises SchemaError for a field that cannot be."""
        if self._kinds is None:
            self.settle()
        return self._kinds or {}

    @property
    def recursive(self) -> bool:
        """Whether somewhere inside is a record that can hold itself: then only a limit bounds the depth."""
        if self._recursive is None:
            self._recursive = Levels().unbounded(self.kind)
        return self._recursive

    def settle(self) -> Spec:
        """Itself, with the kinds found. Raises SchemaError."""
        if self._kinds is not None:
            return self
        hints = resolve_hints(self.cls, self.own_hints, self.local_names)
        found: Dict[str, Kind] = {}
        for name in self.names:
            try:
                found[name] = self._kind_of(name, hints)
            except SchemaError as error:
                raise SchemaError(f"{self.name}.{name}: {error}") from None
        slots = vars(self.cls)
        self.places = tuple((name, k.wire_type, k.read, slots[name].__set__) for name, k in found.items())
        self.checks = {name: kind.check for name, kind in found.items()}
        self.local_names = {}
        self._kinds = found
        return self

    def compile(self) -> Any:
        """Itself, with the code made that reads and packs. Raises SchemaError."""
        self.settle()
        self.reader, self.packer = reader_of(self), packer_of(self)
        return self

    def _kind_of(self, name: str, hints: Dict[str, Any]) -> Kind:
        if self.base is not None and name not in hints:
            return self.base.kinds[name]
        array = self.arrays.get(name)
        if array is None:
            return kind_of(hints[name])
        return UnionKind((NoneKind(), array)) if name in self.maybe else array

    def bind_axes(self, value: Any) -> None:
        """Checks that an axis name means one length in all arrays of a record. Raises RecordError."""
        bound: Dict[str, int] = {}
        for name, kind in self.arrays.items():
            array = getattr(value, name)
            reason = None if array is None else fits_shape(array.shape, kind.pattern, bound)
            if reason:
                raise RecordError(self.name, (name,), array, reason)


def _getter(names: Tuple[str, ...]) -> Callable[[Any], Tuple[Any, ...]]:
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)
