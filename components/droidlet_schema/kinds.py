"""What a field may hold: each kind checks and coerces a value, and reads it back from the wire's plain form."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Dict, List, Sequence, Tuple

import numpy as np

from droidlet_schema.arrays import ShapePattern, check_array
from droidlet_schema.errors import RecordError, Refused
from droidlet_schema.frozen_map import FrozenMap

if TYPE_CHECKING:
    from droidlet_schema.record import Spec

INT_MIN, INT_MAX = -(2**63), 2**64 - 1
Frames = Sequence[Any]


class Kind:
    """One kind of value. `check` returns the value in its declared type or raises Refused; `read` does so from plain wire data."""

    name: str = ""
    python_types: Tuple[type, ...] = ()  # exact types that this kind takes as they are

    def check(self, value: Any) -> Any:
        raise Refused(value, "expected " + self.name)

    def read(self, plain: Any, frames: Frames) -> Any:
        return self.check(plain)


class NoneKind(Kind):
    name = "None"
    python_types = (type(None),)

    def check(self, value: Any) -> Any:
        if value is not None:
            raise Refused(value, "expected None")
        return None


class BoolKind(Kind):
    name = "bool"
    python_types = (bool,)

    def check(self, value: Any) -> Any:
        if value is True or value is False:
            return value
        if isinstance(value, np.bool_):
            return bool(value)
        raise Refused(value, "expected bool")


class IntKind(Kind):
    name = "int"
    python_types = (int,)

    def check(self, value: Any) -> Any:
        if type(value) is not int:
            if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
                raise Refused(value, "expected int")
            value = int(value)
        if not INT_MIN <= value <= INT_MAX:
            raise Refused(value, "expected an int of 64 bits")
        return value


class FloatKind(Kind):
    name = "float"
    python_types = (float,)

    def check(self, value: Any) -> Any:
        if type(value) is not float:
            if isinstance(value, (bool, np.bool_)) or not isinstance(
                value, (float, int, np.floating, np.integer)
            ):
                raise Refused(value, "expected float")
            try:
                value = float(value)
            except OverflowError:
                raise Refused(value, "expected float, this int is too large") from None
        return value if value == value else math.nan  # one NaN, whatever its bits were


class StrKind(Kind):
    name = "str"
    python_types = (str,)

    def check(self, value: Any) -> Any:
        if type(value) is not str:
            if not isinstance(value, str):
                raise Refused(value, "expected str")
            value = str.__str__(value)
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise Refused(value, "expected text without lone surrogates") from None
        return value


class BytesKind(Kind):
    name = "bytes"
    python_types = (bytes,)

    def check(self, value: Any) -> Any:
        if not isinstance(value, (bytes, bytearray)):
            raise Refused(value, "expected bytes")
        return bytes(value)


class LiteralKind(Kind):
    def __init__(self, values: Tuple[Any, ...]) -> None:
        self.values = values
        self.python_types = tuple({type(v) for v in values})
        self.name = "one of " + ", ".join(map(repr, values))
        self._allowed = {(type(v), v) for v in values}

    def check(self, value: Any) -> Any:
        if isinstance(value, np.generic):
            value = value.item()
        try:
            if (type(value), value) in self._allowed:
                return value
        except TypeError:
            pass
        raise Refused(value, "expected " + self.name)


class ArrayKind(Kind):
    python_types = (np.ndarray,)

    def __init__(self, shape: str, pattern: ShapePattern, dtype: np.dtype[Any]) -> None:
        self.shape, self.pattern, self.dtype = shape, pattern, dtype
        self.name = f"an array of {dtype} {shape}"

    def check(self, value: Any) -> Any:
        return check_array(value, self.dtype, self.pattern)

    def read(self, plain: Any, frames: Frames) -> Any:
        from droidlet_schema.packing import read_array

        return self.check(read_array(plain, frames))


class TupleKind(Kind):
    """A tuple of fixed length, a kind for each place."""

    python_types = (tuple,)

    def __init__(self, items: Tuple[Kind, ...]) -> None:
        self.items = items
        self.name = "a tuple of " + (", ".join(k.name for k in items) or "nothing")

    def check(self, value: Any) -> Any:
        if not isinstance(value, (tuple, list)):
            raise Refused(value, "expected " + self.name)
        return self._each(value, [k.check for k in self.items])

    def read(self, plain: Any, frames: Frames) -> Any:
        if type(plain) is not list:
            raise Refused(plain, "expected " + self.name)
        return self._each(plain, [lambda p, k=k: k.read(p, frames) for k in self.items])

    def _each(self, values: Sequence[Any], functions: List[Any]) -> Tuple[Any, ...]:
        if len(values) != len(functions):
            raise Refused(values, f"expected {len(functions)} items, got {len(values)}")
        done: List[Any] = []
        for function, item in zip(functions, values):
            try:
                done.append(function(item))
            except Refused as refused:
                raise refused.inside(len(done)) from None
        return tuple(done)


class SequenceKind(Kind):
    """A tuple of any length, all of one kind."""

    python_types = (tuple,)

    def __init__(self, item: Kind) -> None:
        self.item = item
        self.name = "a tuple of " + item.name

    def check(self, value: Any) -> Any:
        if not isinstance(value, (tuple, list)):
            raise Refused(value, "expected " + self.name)
        check, done = self.item.check, []  # type: ignore[var-annotated]
        for item in value:
            try:
                done.append(check(item))
            except Refused as refused:
                raise refused.inside(len(done)) from None
        return tuple(done)

    def read(self, plain: Any, frames: Frames) -> Any:
        if type(plain) is not list:
            raise Refused(plain, "expected " + self.name)
        read, done = self.item.read, []  # type: ignore[var-annotated]
        for item in plain:
            try:
                done.append(read(item, frames))
            except Refused as refused:
                raise refused.inside(len(done)) from None
        return tuple(done)


class MapKind(Kind):
    python_types = (FrozenMap,)

    def __init__(self, key: Kind, value: Kind) -> None:
        self.key, self.value = key, value
        self.name = f"a FrozenMap of {key.name} to {value.name}"

    def check(self, value: Any) -> Any:
        if not isinstance(value, FrozenMap):
            raise Refused(
                value,
                "expected "
                + self.name
                + (" (wrap the dict: FrozenMap(...))" if isinstance(value, dict) else ""),
            )
        if value._kind is self:
            return value
        return self._mark([(k, v) for k, v in value.items()], lambda kind, item: kind.check(item))

    def read(self, plain: Any, frames: Frames) -> Any:
        if type(plain) is not dict or set(plain) != {"map"} or type(plain["map"]) is not list:
            raise Refused(plain, "expected " + self.name)
        for pair in plain["map"]:
            if type(pair) is not list or len(pair) != 2:
                raise Refused(pair, "expected a pair of key and value")
        done = self._mark(plain["map"], lambda kind, item: kind.read(item, frames))
        if len(done) != len(plain["map"]):
            raise Refused(plain, "expected every key once")
        return done

    def _mark(self, pairs: Sequence[Any], function: Any) -> Any:
        entries: Dict[Any, Any] = {}
        for key, value in pairs:
            try:
                entries[function(self.key, key)] = function(self.value, value)
            except Refused as refused:
                raise refused.inside(repr(key)) from None
        made: FrozenMap[Any, Any] = FrozenMap(entries)
        object.__setattr__(made, "_kind", self)
        return made


class RecordKind(Kind):
    def __init__(self, cls: type) -> None:
        self.cls = cls
        self.spec: Spec = cls.__record__  # type: ignore[attr-defined]
        self.name = self.spec.name
        self.python_types = (cls,)

    def check(self, value: Any) -> Any:
        if type(value) is not self.cls:
            raise Refused(value, "expected " + self.name)
        return value

    def read(self, plain: Any, frames: Frames) -> Any:
        spec = self.spec
        if type(plain) is not dict or plain.get("$") != spec.tag:
            raise Refused(plain, "expected the record " + spec.tag)
        values = {}
        kinds = spec.kinds
        for name, item in plain.items():
            if name == "$":
                continue
            kind = kinds.get(name)
            if kind is None:
                raise Refused(item, f"{spec.tag} has no such field", (name,))
            try:
                values[name] = kind.read(item, frames)
            except Refused as refused:
                raise refused.inside(name) from None
        return self._make(values, plain)

    def _make(self, values: Dict[str, Any], plain: Any) -> Any:
        missing = [name for name in self.spec.required if name not in values]
        if missing:
            raise Refused(plain, "{} lacks {}".format(self.spec.tag, ", ".join(missing)))
        try:
            return self.cls(**values)
        except RecordError as error:
            raise Refused(error.value, error.reason, error.path) from None
        except Exception as error:  # a check of the record's own
            raise Refused(plain, f"{self.spec.tag}: {error}") from None


class UnionKind(Kind):
    def __init__(self, members: Tuple[Kind, ...]) -> None:
        self.members = members
        self.name = " or ".join(k.name for k in members)
        self.python_types = tuple({t for k in members for t in k.python_types})
        self._by_type: Dict[type, List[Kind]] = {}
        for kind in members:
            for python_type in kind.python_types:
                self._by_type.setdefault(python_type, []).append(kind)
        self._records = {k.spec.tag: k for k in members if isinstance(k, RecordKind)}

    def check(self, value: Any) -> Any:
        first = self._by_type.get(type(value))
        refusals = []
        for kind in first or self.members:
            try:
                return kind.check(value)
            except Refused as refused:
                refusals.append(refused)
        if first and len(refusals) == 1:
            raise refusals[0]
        raise Refused(value, "expected " + self.name)

    def read(self, plain: Any, frames: Frames) -> Any:
        kinds = self.members
        if type(plain) is dict and "$" in plain:
            tag = plain["$"]
            record = self._records.get(tag) if isinstance(tag, str) else None
            if record is None:
                raise Refused(plain, "expected " + self.name)
            return record.read(plain, frames)
        wanted = _WIRE_TYPES.get(type(plain), (type(plain),))
        fitting = [k for k in kinds if set(k.python_types) & set(wanted)]
        if len(fitting) == 1:
            return fitting[0].read(plain, frames)
        for kind in fitting or kinds:
            try:
                return kind.read(plain, frames)
            except Refused:
                continue
        raise Refused(plain, "expected " + self.name)


_WIRE_TYPES: Dict[type, Tuple[type, ...]] = {list: (tuple,), dict: (FrozenMap, np.ndarray)}
