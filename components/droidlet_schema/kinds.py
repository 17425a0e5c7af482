"""The kinds that hold others: arrays, tuples, maps, records, unions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List, Tuple

import numpy as np

from droidlet_schema.arrays import ShapePattern, check_array, check_dtype_and_shape
from droidlet_schema.errors import RecordError, Refused
from droidlet_schema.frames import Frames
from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.scalars import Kind, all_of

if TYPE_CHECKING:
    from droidlet_schema.packing import Packer
    from droidlet_schema.spec import Spec


class ArrayKind(Kind):
    """A numpy array of one dtype whose shape fits a pattern."""

    python_types = (np.ndarray,)
    plain = False

    def __init__(self, shape: str, pattern: ShapePattern, dtype: np.dtype[Any]) -> None:
        self.shape, self.pattern, self.dtype = shape, pattern, dtype
        self.name = f"an array of {dtype} {shape}"
        names = [axis for axis in pattern if isinstance(axis, str) and axis != "_"]
        self._simple = "..." not in names and len(set(names)) == len(names)
        self._code = dtype.str
        self._fixed = tuple((n, axis) for n, axis in enumerate(pattern) if isinstance(axis, int))

    def check(self, value: Any) -> Any:
        """The array, read-only from now on, or a copy of memory that others may write to. Raises Refused."""
        return check_array(value, self.dtype, self.pattern)

    def read(self, plain: Any, frames: Frames) -> Any:
        """A read-only view of the frame that the plain data names. Raises Refused."""
        value = frames.ordinary(plain, self._code, self.dtype) if self._simple else None
        if value is None:
            value = frames.array(plain)
        elif self._fits(value.shape):
            return value
        check_dtype_and_shape(value, self.dtype, self.pattern)
        return value

    def _fits(self, shape: Tuple[int, ...]) -> bool:
        if len(shape) != len(self.pattern):
            return False
        for n, length in self._fixed:  # noqa: SIM110  # a plain loop takes half the time
            if shape[n] != length:
                return False
        return True

    def pack(self, value: Any, packer: Packer) -> Any:
        """Dtype, shape and the number of the frame that holds the bytes."""
        return packer.array(value)


class TupleKind(Kind):
    """A tuple of fixed length, a kind for each place."""

    python_types = (tuple,)

    def __init__(self, items: Tuple[Kind, ...]) -> None:
        self.items = items
        self.name = f"a tuple of ({', '.join(k.name for k in items)})"
        self.plain = False
        self._plain_items = all(k.plain for k in items)
        self._reads = tuple(k.read for k in items)
        self._wire_type = items[0].wire_type if len({k.wire_type for k in items}) == 1 else None

    def check(self, value: Any) -> Any:
        """A tuple, each item in the type of its place. Raises Refused for another length, too."""
        if not isinstance(value, (tuple, list)):
            raise Refused(value, "expected " + self.name)
        self._same_length(value)
        done: List[Any] = []
        try:
            for kind, item in zip(self.items, value):
                done.append(kind.check(item))
        except Refused as refused:
            raise refused.inside(len(done)) from None
        return tuple(done)

    def read(self, plain: Any, frames: Frames) -> Any:
        """The tuple that a list of this length stands for. Raises Refused."""
        if type(plain) is not list:
            raise Refused(plain, "expected " + self.name)
        self._same_length(plain)
        if all_of(self._wire_type, plain):
            return tuple(plain)
        done: List[Any] = []
        try:
            for read, item in zip(self._reads, plain):
                done.append(read(item, frames))
        except Refused as refused:
            raise refused.inside(len(done)) from None
        return tuple(done)

    def pack(self, value: Any, packer: Packer) -> Any:
        """A list of the packed items."""
        if self._plain_items:
            return list(value)
        return [kind.pack(item, packer) for kind, item in zip(self.items, value)]

    def _same_length(self, values: Any) -> None:
        if len(values) != len(self.items):
            raise Refused(values, f"expected {len(self.items)} items, got {len(values)}")


class SequenceKind(Kind):
    """A tuple of any length, all of one kind."""

    python_types = (tuple,)
    plain = False

    def __init__(self, item: Kind) -> None:
        self.item = item
        self.name = "a tuple of " + item.name

    def check(self, value: Any) -> Any:
        """A tuple, all items in one type. Raises Refused with the place of the first that is not."""
        if not isinstance(value, (tuple, list)):
            raise Refused(value, "expected " + self.name)
        check = self.item.check
        done: List[Any] = []
        try:
            for item in value:
                done.append(check(item))
        except Refused as refused:
            raise refused.inside(len(done)) from None
        return tuple(done)

    def read(self, plain: Any, frames: Frames) -> Any:
        """The tuple that a list stands for. Raises Refused."""
        if type(plain) is not list:
            raise Refused(plain, "expected " + self.name)
        if all_of(self.item.wire_type, plain):
            return tuple(plain)
        read = self.item.read
        done: List[Any] = []
        try:
            for item in plain:
                done.append(read(item, frames))
        except Refused as refused:
            raise refused.inside(len(done)) from None
        return tuple(done)

    def pack(self, value: Any, packer: Packer) -> Any:
        """A list of the packed items."""
        if self.item.plain:
            return list(value)
        pack = self.item.pack
        return [pack(item, packer) for item in value]


class MapKind(Kind):
    """A FrozenMap; one that this kind has checked before is not checked again."""

    python_types = (FrozenMap,)
    plain = False

    def __init__(self, key: Kind, value: Kind) -> None:
        self.key, self.value = key, value
        self.name = f"a FrozenMap of {key.name} to {value.name}"

    def check(self, value: Any) -> Any:
        """The map, its keys and values in their types. Raises Refused; for a dict, too."""
        if type(value) is not FrozenMap:
            hint = " (wrap the dict: FrozenMap(...))" if isinstance(value, dict) else ""
            raise Refused(value, f"expected {self.name}{hint}")
        if value._kind is self:
            return value
        check_key, check_value = self.key.check, self.value.check
        entries: Dict[Any, Any] = {}
        key: Any = None
        try:
            for key, item in value._data.items():
                entries[check_key(key)] = check_value(item)
        except Refused as refused:
            raise refused.inside(repr(key)) from None
        return FrozenMap._checked(entries, self)

    def read(self, plain: Any, frames: Frames) -> Any:
        """The map that {"map": [[key, value], ...]} stands for, each key once. Raises Refused."""
        pairs = plain.get("map") if type(plain) is dict and len(plain) == 1 else None
        if type(pairs) is not list:
            raise Refused(plain, "expected " + self.name)
        read_key, read_value = self.key.read, self.value.read
        entries: Dict[Any, Any] = {}
        pair: Any = None
        try:
            for pair in pairs:
                if type(pair) is not list or len(pair) != 2:
                    raise Refused(pair, "expected a pair of key and value")
                entries[read_key(pair[0], frames)] = read_value(pair[1], frames)
        except Refused as refused:
            raise refused.inside(repr(pair[0]) if type(pair) is list and pair else "map") from None
        if len(entries) != len(pairs):
            raise Refused(plain, "expected every key once")
        return FrozenMap._checked(entries, self)

    def pack(self, value: Any, packer: Packer) -> Any:
        """{"map": [[key, value], ...]}, keys ascending."""
        if self.value.plain:
            return {"map": list(map(list, value._data.items()))}
        pack = self.value.pack
        return {"map": [[key, pack(item, packer)] for key, item in value._data.items()]}


class RecordKind(Kind):
    """One record class; its spec does the work."""

    plain = False

    def __init__(self, spec: Spec, cls: type) -> None:
        self.spec, self.cls = spec, cls
        self.name = spec.name
        self.python_types = (cls,)

    def check(self, value: Any) -> Any:
        """The record itself; it was checked when it was made. Raises Refused for any other class."""
        if type(value) is not self.cls:
            hint = f" of {self.cls.__module__}" if type(value).__name__ == self.cls.__name__ else ""
            raise Refused(value, f"expected {self.name}{hint}")
        return value

    def read(self, plain: Any, frames: Frames) -> Any:
        """The record that {"$": tag, field: ...} stands for; absent fields get defaults. Raises Refused."""
        return (self.spec.reader or self.spec.compile().reader)(plain, frames)

    def pack(self, value: Any, packer: Packer) -> Any:
        """{"$": tag, field: ...}, or its own digest in place of the fields where digests are asked for."""
        return (self.spec.packer or self.spec.compile().packer)(value, packer)

    def read_carefully(self, plain: Any, frames: Frames) -> Any:
        """As `read`, whatever the data, field by field. Raises Refused."""
        spec = self.spec
        if type(plain) is not dict or plain.get("$") != spec.tag:
            raise Refused(plain, "expected the record " + spec.tag)
        if len(plain) != len(spec.places) + 1:
            return self._read_with_defaults(plain, frames)
        made = spec.empty()
        name: Any = None
        try:
            for name, wire_type, read, put in spec.places:
                item = plain[name]
                if type(item) is not wire_type or item != item:
                    item = read(item, frames)
                put(made, item)
        except KeyError:
            return self._read_with_defaults(plain, frames)
        except Refused as refused:
            raise refused.inside(name) from None
        self.finish(made, plain, frames)
        return made

    def finish(self, made: Any, plain: Any, frames: Frames) -> None:
        """Runs what the record checks itself. Raises Refused."""
        after = self.spec.after
        if after is not None:
            self._own(lambda: after(made), plain, frames)

    def _own(self, step: Callable[[], Any], plain: Any, frames: Frames) -> Any:
        """A step that runs the record's own check; whatever that raises is a refusal."""
        if self.spec.own_check and frames.settle is not None:
            frames.settle()
        try:
            return step()
        except RecordError as error:
            raise Refused(error.value, error.reason, error.path) from None
        except Exception as error:
            raise Refused(plain, f"{self.spec.tag}: {error}") from None

    def _read_with_defaults(self, plain: Dict[Any, Any], frames: Frames) -> Any:
        spec, values = self.spec, {}
        for name, item in plain.items():
            if name == "$":
                continue
            kind = spec.kinds.get(name) if isinstance(name, str) else None
            if kind is None:
                raise Refused(item, f"{spec.tag} has no such field", (name,))
            try:
                values[name] = kind.read(item, frames)
            except Refused as refused:
                raise refused.inside(name) from None
        missing = [name for name in spec.required if name not in values]
        if missing:
            raise Refused(plain, f"{spec.tag} lacks {', '.join(missing)}")
        if frames.settle is not None:
            frames.settle()
        return self._own(lambda: self.cls(**values), plain, frames)


class UnionKind(Kind):
    """Several kinds that can be told apart, by type here and by tag or shape on the wire."""

    def __init__(self, members: Tuple[Kind, ...]) -> None:
        self.members = members
        self.name = " or ".join(k.name for k in members)
        self.plain = all(k.plain for k in members)
        self._by_type: Dict[type, List[Kind]] = {}
        for kind in members:
            for python_type in kind.python_types:
                self._by_type.setdefault(python_type, []).append(kind)
        self.python_types = tuple(self._by_type)
        self._records = {k.spec.tag: k for k in members if isinstance(k, RecordKind)}

    def check(self, value: Any) -> Any:
        """The value as the first member takes it that fits its exact type, or any. Raises Refused."""
        fitting = self._by_type.get(type(value), ())
        if len(fitting) == 1:
            return fitting[0].check(value)
        for kind in fitting or self.members:
            try:
                return kind.check(value)
            except Refused:
                continue
        raise Refused(value, "expected " + self.name)

    def read(self, plain: Any, frames: Frames) -> Any:
        """The value as the member reads it that the tag or the shape names. Raises Refused."""
        if type(plain) is dict and "$" in plain:
            tag = plain["$"]
            record = self._records.get(tag) if isinstance(tag, str) else None
            if record is None:
                raise Refused(tag, "expected " + self.name)
            return record.read(plain, frames)
        fitting = self._by_type.get(_python_type(plain), ())
        if len(fitting) == 1:
            return fitting[0].read(plain, frames)
        for kind in fitting or self.members:
            try:
                return kind.read(plain, frames)
            except Refused:
                continue
        raise Refused(plain, "expected " + self.name)

    def pack(self, value: Any, packer: Packer) -> Any:
        """What the member of the value's own type packs."""
        return self._by_type[type(value)][0].pack(value, packer)


def _python_type(plain: Any) -> type:
    if type(plain) is list:
        return tuple
    if type(plain) is dict:
        return np.ndarray if "nd" in plain else FrozenMap
    return type(plain)
