"""An immutable, sorted, hashable mapping."""

from __future__ import annotations

from typing import (
    Any,
    Dict,
    Generic,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    Optional,
    Tuple,
    TypeVar,
    Union,
    ValuesView,
)

from droidlet_schema.errors import Refused
from droidlet_schema.texts import map_text

K = TypeVar("K")
V = TypeVar("V")


class FrozenMap(Mapping[K, V], Generic[K, V]):
    """A mapping that never changes: keys of one type (int or str) in ascending order.

    Equal when all entries are, as records compare. `set`, `update` and `without` return the next map. Raises
    TypeError for keys of other types or of several types.
    """

    __slots__ = ("_data", "_kind")
    _data: Dict[K, V]
    _kind: object  # the field's kind that has checked every entry, so that it need not do so again

    def __init__(self, entries: Union[Mapping[K, V], Iterable[Tuple[K, V]]] = ()) -> None:
        data = dict(entries)
        for key in data:
            _check_key(key)
        _put_data(self, _sorted(data))
        _put_kind(self, None)

    @classmethod
    def _checked(cls, entries: Dict[K, V], kind: object) -> FrozenMap[K, V]:
        """A map of entries that a kind has just checked; only the order is made here."""
        made = cls.__new__(cls)
        _put_data(made, entries if len(entries) < 2 else _sorted(entries))
        _put_kind(made, kind)
        return made

    def __setattr__(self, name: str, value: object) -> None:
        """Raises AttributeError."""
        raise AttributeError("a FrozenMap never changes: use .set(key, value), which returns the next map")

    def __delattr__(self, name: str) -> None:
        """Raises AttributeError."""
        raise AttributeError("a FrozenMap never changes: use .without(key), which returns the next map")

    def set(self, key: K, value: V) -> FrozenMap[K, V]:
        """This map with one entry added or replaced."""
        return self.update({key: value})

    def update(self, entries: Mapping[K, V]) -> FrozenMap[K, V]:
        """This map with several entries added or replaced."""
        added = FrozenMap(entries)
        merged = {**self._data, **added._data}
        if self._kind is not None and _fits(self._kind, added):  # what is checked stays so
            return FrozenMap._checked(merged, self._kind)
        return FrozenMap(merged)

    def without(self, *keys: K) -> FrozenMap[K, V]:
        """This map less these keys; absent ones are no error."""
        return FrozenMap._checked({k: v for k, v in self._data.items() if k not in keys}, self._kind)

    def __getitem__(self, key: K) -> V:
        """The value of a key. Raises KeyError."""
        return self._data[key]

    def __contains__(self, key: object) -> bool:
        """Whether there is such a key."""
        return key in self._data

    def __iter__(self) -> Iterator[K]:
        """The keys, ascending."""
        return iter(self._data)

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._data)

    def keys(self) -> KeysView[K]:
        """A view of the keys."""
        return self._data.keys()

    def values(self) -> ValuesView[V]:
        """A view of the values."""
        return self._data.values()

    def items(self) -> ItemsView[K, V]:
        """A view of the entries."""
        return self._data.items()

    def __repr__(self) -> str:
        """All entries, or the first of them and a count."""
        return f"FrozenMap({map_text(self._data)})"

    def __eq__(self, other: object) -> bool:
        """Whether the other is a FrozenMap with the same entries, as records compare."""
        if not isinstance(other, FrozenMap):
            return NotImplemented
        if self is other:
            return True
        from droidlet_schema.packing import canonical

        return len(self) == len(other) and canonical(self) == canonical(other)

    def __hash__(self) -> int:
        """The hash of what decides equality."""
        from droidlet_schema.packing import canonical

        return hash(canonical(self))

    def __reduce__(self) -> Tuple[Any, ...]:
        """Pickled as its entries."""
        return (FrozenMap, (tuple(self._data.items()),))


def _fits(kind: Any, entries: FrozenMap[Any, Any]) -> bool:
    """Whether entries are already as a record field's kind wants them."""
    try:
        return all(value is entries[key] for key, value in kind.check(entries).items())
    except Refused:
        return False  # the record that it goes into says what is wrong


_put_data, _put_kind = (vars(FrozenMap)[slot].__set__ for slot in ("_data", "_kind"))


def _check_key(key: object) -> None:
    if type(key) is not str and type(key) is not int:
        raise TypeError(f"a FrozenMap's keys are int or str, got {key!r} of type {type(key).__name__}")


def _sorted(data: Dict[K, V]) -> Dict[K, V]:
    last: Optional[Any] = None
    try:
        for key in data:
            if last is not None and not last < key:
                return {k: data[k] for k in sorted(data)}  # type: ignore[type-var]
            last = key
    except TypeError:
        raise TypeError("a FrozenMap's keys are all int or all str, got both") from None
    return data
