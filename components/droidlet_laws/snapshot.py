"""A value written down leaf by leaf, so that a later look says which field differs."""

from __future__ import annotations

import collections
import contextvars
import datetime
import enum
import functools
import hashlib
import io
import itertools
import math
import random
import types
import warnings
import weakref
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Set, Tuple

import numpy as np
from numpy.typing import NDArray

from droidlet_schema import FrozenMap

MAX_LEAVES = 300_000
# A look that is not whole takes samples of arrays and tables beyond these sizes, and ends early.
SAMPLED_BYTES, SAMPLED_ITEMS, SAMPLE, QUICK_LEAVES = 1 << 20, 256, 32, 4000
_UNWALKED = frozenset({"logging", "typing", "abc", "_abc", "types"})  # they keep caches of their own
_SILENT = _UNWALKED | {"threading", "_thread", "weakref", "_weakref", "builtins", "contextvars"}
_SKIPPED = frozenset({"_attrs_cached_hash", "__weakref__"})


class Snapshot:
    """What a walk found: `leaves` by path, `opaque` places it could not look into, `arrays` and other
    `mutables` it met.
    """

    def __init__(
        self, value: Any = None, path: str = "", *, whole: bool = True, identity: bool = False
    ) -> None:
        self.leaves: Dict[str, str] = {}
        self.opaque: Dict[str, str] = {}
        self.arrays: List[Tuple[str, NDArray[Any]]] = []
        self.mutables: Dict[int, Tuple[str, Any]] = {}
        self.kept: List[Any] = []  # opaque things are told apart by id(), so they must not go away
        self.whole, self.identity = whole, identity
        self._above: Set[int] = set()
        if path or value is not None:
            self.walk(value, path)

    def walk(self, value: Any, path: str) -> None:
        """Adds a value under a path."""
        simple = _LEAVES.get(type(value))
        if simple is not None:
            self.leaves[path] = simple(value)
            return
        if len(self.leaves) > (MAX_LEAVES if self.whole else QUICK_LEAVES):
            if self.whole:
                self.opaque["..."] = f"everything after the first {MAX_LEAVES} values"
            return
        if id(value) in self._above:
            self.leaves[path] = "<itself>"
            return
        self._above.add(id(value))
        try:
            self._look_into(value, path)
        except Exception as error:  # an object that answers no question about itself
            name = type(value).__name__
            self.leaves[path] = name
            self.opaque[path] = f"{name}: looking into it raised {type(error).__name__}"
        finally:
            self._above.discard(id(value))

    def _look_into(self, value: Any, path: str) -> None:
        if issubclass(type(value), np.ndarray):  # isinstance would ask the object itself
            self._array(value, path)
            return
        for kind, walker in _WALKERS:
            if issubclass(type(value), kind):
                walker(self, value, path)
                return
        self._object(value, path)

    def _array(self, value: NDArray[Any], path: str) -> None:
        self.arrays.append((path, value))
        if value.dtype.hasobject:
            self._sequence(value.tolist() if value.ndim else [value.item()], path)
            return
        self.leaves[path] = f"array {value.dtype.str} {value.shape} #{self._content(value)}"

    def _content(self, value: NDArray[Any]) -> str:
        if value.nbytes > SAMPLED_BYTES and not self.whole:
            value = (
                value.reshape(-1)[:: max(1, value.size // 8192)]
                if value.flags.c_contiguous
                else value.ravel()[:8192]
            )
        return hashlib.blake2b(value.tobytes(), digest_size=12).hexdigest()

    def _sequence(self, value: Any, path: str) -> None:
        name = type(value).__name__
        self._note_mutable(value, path)
        self.leaves[path] = f"{name} of {len(value)}"
        for index, item in self._sample(enumerate(value), len(value)):
            self.walk(item, f"{path}[{index}]")

    def _sample(self, items: Iterable[Any], length: int) -> Iterable[Any]:
        """All items, or some of very many."""
        every = 1 if self.whole or length <= SAMPLED_ITEMS else length // SAMPLE
        return itertools.islice(items, 0, None, every)

    def _mapping(self, value: Any, path: str) -> None:
        self._note_mutable(value, path)
        self.leaves[path] = f"{type(value).__name__} of {len(value)}"
        keys = []
        for key, item in self._sample(value.items(), len(value)):
            name = short(key) if type(key) in _LEAVES else Snapshot(key, "key").digest[:12]
            keys.append(name)
            self.walk(item, f"{path}[{name}]")
        self.leaves[f"{path} (order of keys)"] = f"{len(keys)} #{_hash(repr(keys).encode())}"

    def _set(self, value: Any, path: str) -> None:
        self._note_mutable(value, path)
        self.leaves[path] = f"{type(value).__name__} of {len(value)}"
        if self.whole or len(value) <= SAMPLED_ITEMS:
            inner = sorted(Snapshot(item, "x", whole=self.whole).digest for item in value)
            self.leaves[path] += f" #{_hash(repr(inner).encode())}"

    def _note_mutable(self, value: Any, path: str) -> None:
        if not isinstance(value, (tuple, frozenset, FrozenMap)):
            self.mutables[id(value)] = (path, value)

    def _function(self, value: Any, path: str) -> None:
        self.leaves[path] = f"function {_full_name(value)}"
        self.function_data(value, path)

    def function_data(self, value: Any, path: str) -> None:
        """Adds what a function carries along: defaults, closure, attributes."""
        if value.__globals__.get("__name__") == "functools":
            return  # such as singledispatch, which keeps a cache by type
        code = value.__code__
        names = code.co_varnames[: code.co_argcount]
        for name, item in zip(
            names[len(names) - len(value.__defaults__ or ()) :], value.__defaults__ or (), strict=True
        ):
            self.walk(item, f"{path} default {name}")
        for name, item in (value.__kwdefaults__ or {}).items():
            self.walk(item, f"{path} default {name}")
        for name, cell in zip(code.co_freevars, value.__closure__ or (), strict=True):
            try:
                self.walk(cell.cell_contents, f"{path} closure {name}")
            except ValueError:
                self.leaves[f"{path} closure {name}"] = "<empty>"
        for name, item in vars(value).items():
            if name != "__wrapped__":
                self.walk(item, f"{path}.{name}")

    def _method(self, value: Any, path: str) -> None:
        self.walk(value.__func__, path)
        self.walk(value.__self__, f"{path}.__self__")

    def _object(self, value: Any, path: str) -> None:
        special = _special(value)
        if special is not None:
            self.leaves[path] = special
            return
        parts = list(parts_of(value))
        kind = type(value)
        name = _full_name(kind)
        self.leaves[path] = name
        if not all(cls is object or made_in_python(cls) for cls in kind.__mro__):
            if self.identity and not parts:
                self.kept.append(value)
                self.leaves[path] = f"{name} at {id(value):#x}"
            if kind.__module__.partition(".")[0] not in _SILENT:
                self.opaque[path] = name
        if kind.__module__.partition(".")[0] in _UNWALKED and kind is not types.SimpleNamespace:
            return
        for part, item in parts:
            self.walk(item, f"{path}.{part}" if path else part)

    @property
    def digest(self) -> str:
        """One short name for all leaves."""
        return _hash(repr(sorted(self.leaves.items())).encode("utf-8", "surrogatepass"))


def parts_of(value: Any) -> Iterator[Tuple[str, Any]]:
    """The attributes that an object holds: its slots, then its `__dict__`."""
    for cls in type(value).__mro__:
        for name, descriptor in vars(cls).items():
            if name in _SKIPPED:
                continue
            if issubclass(type(descriptor), types.MemberDescriptorType) and made_in_python(cls):
                try:
                    yield name, descriptor.__get__(value)
                except AttributeError:
                    continue
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:  # it has none, or one that only its own kind hands out, as thread locals do
        own = getattr(value, "__dict__", None)
    if type(own) is dict:
        yield from [(name, item) for name, item in own.items() if name not in _SKIPPED]


def made_in_python(cls: type) -> bool:
    """Whether a class was written in Python, so that its instances hold nothing out of sight."""
    if cls not in _PYTHON_KINDS:
        own = not any(issubclass(type(v), _NATIVE) for v in vars(cls).values())
        _PYTHON_KINDS[cls] = own and bool(cls.__flags__ & _HEAP_TYPE)
    return _PYTHON_KINDS[cls]


_NATIVE = (types.MethodDescriptorType, types.WrapperDescriptorType)
_PYTHON_KINDS: weakref.WeakKeyDictionary[type, bool] = weakref.WeakKeyDictionary()


_HEAP_TYPE = 1 << 9


def short(value: Any) -> str:
    """A leaf's text: what it is, as far as 60 characters go, then a hash."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:44]}... #{_hash(text.encode('utf-8', 'surrogatepass'))[:12]}"


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _float(value: float) -> str:
    return "nan" if math.isnan(value) else repr(value)


def _scalar(value: Any) -> str:
    return f"{type(value).__name__} {short(value)}"


_LEAVES: Dict[type, Callable[[Any], str]] = {
    type(None): repr,
    bool: repr,
    int: short,
    float: _float,
    complex: repr,
    str: short,
    bytes: short,
    type(Ellipsis): repr,
    type(NotImplemented): repr,
    range: repr,
    slice: repr,
}


def _full_name(made: Any) -> str:
    """Module and name; without the module for what a file defines, which is a script here and loaded there."""
    module = str(made.__module__)
    of_file = module == "__main__" or module.startswith("droidlet_file_")
    return made.__qualname__ if of_file else f"{module}.{made.__qualname__}"


def _special(value: Any) -> Optional[str]:
    """Texts for kinds whose content is to be had by asking."""
    if issubclass(type(value), type):
        return f"class {_full_name(value)}"
    if isinstance(value, (types.ModuleType, types.BuiltinFunctionType, np.ufunc, np.vectorize)):
        return f"{type(value).__name__} {getattr(value, '__name__', '')}"
    if isinstance(value, (np.generic, np.dtype)):
        return _scalar(value)
    for ask in (_enum, _iterator, _by_text, _random):
        text = ask(value)
        if text is not None:
            return text
    return None


def _enum(value: Any) -> Optional[str]:
    return f"{type(value).__name__}.{value.name}" if isinstance(value, enum.Enum) else None


_TEXTUAL = (
    "datetime",
    "decimal",
    "fractions",
    "pathlib",
    "re",
    "uuid",
    "ipaddress",
    "zoneinfo",
    "_struct",
    "array",
    "itertools",
)


def _by_text(value: Any) -> Optional[str]:
    """Kinds of Python's own whose repr is all of their content."""
    kind = type(value)
    if isinstance(value, datetime.date):  # of a shifted clock's class too
        return f"{kind.__name__.rpartition('.')[2]} {value.isoformat()}"
    if kind.__module__.partition(".")[0] in _TEXTUAL or isinstance(value, (bytearray, memoryview)):
        text = bytes(value).hex() if isinstance(value, (bytearray, memoryview)) else repr(value)
        return f"{kind.__name__} {short(text)}"
    if hasattr(kind, "cache_info") and hasattr(kind, "cache_clear"):  # functools.lru_cache
        return f"cache of {getattr(value, '__qualname__', '?')}: {value.cache_info()}"
    if isinstance(value, contextvars.ContextVar):
        return f"ContextVar {value.name} #{Snapshot(value.get(None), 'x').digest}"
    if isinstance(value, (io.BytesIO, io.StringIO)):
        return (
            f"{kind.__name__} {short(value.getvalue())} at {value.tell()}" if not value.closed else "closed"
        )
    if isinstance(value, types.GeneratorType):
        frame = value.gi_frame
        return f"generator {value.__qualname__} at {frame.f_lasti if frame else 'its end'}"
    return None


def _iterator(value: Any) -> Optional[str]:
    """Python's own iterators tell where they are when asked to reduce themselves."""
    kind = type(value)
    if kind.__module__ not in ("builtins", "itertools") or not hasattr(value, "__next__"):
        return None
    if kind in (itertools.count, itertools.repeat):
        return repr(value)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # in Python 3.14 those of itertools stop telling
            reduced = value.__reduce__()
    except TypeError:
        return None
    return f"{kind.__name__} {Snapshot(reduced[1:], 'x').digest[:12]}"


def _random(value: Any) -> Optional[str]:
    if isinstance(value, random.Random):
        try:
            return f"{type(value).__name__} #{_hash(repr(value.getstate()).encode())}"
        except NotImplementedError:
            return None
    bits = value if isinstance(value, np.random.BitGenerator) else getattr(value, "bit_generator", None)
    if isinstance(bits, np.random.BitGenerator):
        return f"{type(value).__name__} #{Snapshot(bits.state, 'x').digest}"
    if isinstance(value, np.random.RandomState):
        return f"RandomState #{Snapshot(value.get_state(), 'x').digest}"
    return None


def _partial(snapshot: Snapshot, value: Any, path: str) -> None:
    snapshot.leaves[path] = "partial"
    snapshot.walk(value.func, f"{path}.func")
    snapshot.walk(value.args, f"{path}.args")
    snapshot.walk(value.keywords, f"{path}.keywords")


_WALKERS: Tuple[Tuple[Any, Callable[[Snapshot, Any, str], None]], ...] = (
    ((tuple, list, collections.deque), Snapshot._sequence),
    ((dict, FrozenMap, types.MappingProxyType), Snapshot._mapping),
    ((set, frozenset), Snapshot._set),
    (types.FunctionType, Snapshot._function),
    (types.MethodType, Snapshot._method),
    (functools.partial, _partial),
)


def difference(before: Dict[str, str], after: Dict[str, str]) -> Optional[Tuple[str, str, str]]:
    """The most telling path at which two walks differ, with both texts; None where they agree."""
    differing = [p for p in {**before, **after} if before.get(p) != after.get(p)]
    if not differing:
        return None
    deepest = max(differing, key=lambda p: (p in before and p in after, p.count(".") + p.count("["), -len(p)))
    return deepest, before.get(deepest, "<nothing>"), after.get(deepest, "<nothing>")
