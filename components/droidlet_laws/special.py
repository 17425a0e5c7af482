"""Short texts that hold all that an object of a special kind says: numbers, iterators, generators of random
numbers, locks, and what Python and numpy keep out of sight.
"""

from __future__ import annotations

import contextvars
import datetime
import enum
import gc
import hashlib
import io
import itertools
import math
import random
import sys
import types
import warnings
from typing import Any, Callable, Dict, List, Optional, Tuple

import numpy as np

from droidlet_laws.forking import text_of

Digest = Callable[[Any], str]  # one short name for all that a value holds
_LONG = 100_000


def short(value: Any) -> str:
    """A leaf's text: what it is, as far as 60 characters go, then a hash."""
    if type(value) in (str, bytes) and len(value) > _LONG:
        data = value if type(value) is bytes else value.encode("utf-8", "surrogatepass")
        return f"{value[:40]!r}... #{hash_of(data)[:12]}"
    text = repr(value)
    return (
        text if len(text) <= 60 else f"{text[:44]}... #{hash_of(text.encode('utf-8', 'surrogatepass'))[:12]}"
    )


def hash_of(data: Any) -> str:
    """A short name for bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _float(value: float) -> str:
    return "nan" if math.isnan(value) else repr(value)


def _scalar(value: Any) -> str:
    return f"{type(value).__name__} {short(value)}"


LEAVES: Dict[type, Callable[[Any], str]] = {
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
_PLAIN: Tuple[Any, ...] = (str, bytes, int, float, complex)


def full_name(made: Any) -> str:
    """Module and name; without the module for what a file defines, which is a script here and loaded there."""
    module = str(made.__module__)
    of_file = module == "__main__" or module.startswith("droidlet_file_")
    return str(made.__qualname__) if of_file else f"{module}.{made.__qualname__}"


def special(value: Any, digest: Digest) -> Optional[str]:
    """The text for kinds whose content is to be had by asking, None for others."""
    if issubclass(type(value), type):
        return f"class {full_name(value)}"
    if isinstance(value, (types.ModuleType, types.BuiltinFunctionType, types.MethodWrapperType)):
        return f"{type(value).__name__} {getattr(value, '__name__', '')}"
    if isinstance(value, (np.ufunc, np.vectorize)):
        return f"{type(value).__name__} {getattr(value, '__name__', '')}"
    if isinstance(value, (np.generic, np.dtype)):
        return _scalar(value)
    for ask in (_fork, _enum, _plain, _iterator, _by_text, _by_asking, _random):
        text = ask(value, digest)
        if text is not None:
            return text
    return None


def _fork(value: Any, digest: Digest) -> Optional[str]:
    return text_of(value) if hasattr(type(value), "__fork__") else None


def _enum(value: Any, digest: Digest) -> Optional[str]:
    return f"{type(value).__name__}.{value.name}" if isinstance(value, enum.Enum) else None


def _plain(value: Any, digest: Digest) -> Optional[str]:
    """Numbers and texts of a class of somebody's own."""
    for kind in _PLAIN:
        if issubclass(type(value), kind):
            plain = str.__str__(value) if kind is str else kind.__repr__(value)
            return f"{full_name(type(value))} {short(plain)}"
    return None


TEXTUAL = (
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
    "operator",
)


def _by_text(value: Any, digest: Digest) -> Optional[str]:
    """Kinds of Python's own whose repr is all of their content."""
    kind = type(value)
    if isinstance(value, datetime.date):  # of a shifted clock's class too
        return f"{kind.__name__.rpartition('.')[2]} {value.isoformat()}"
    if kind.__module__.partition(".")[0] in TEXTUAL or isinstance(value, (bytearray, memoryview)):
        text = bytes(value).hex() if isinstance(value, (bytearray, memoryview)) else repr(value)
        return f"{kind.__name__} {short(text)}"
    return None


def _by_asking(value: Any, digest: Digest) -> Optional[str]:
    """Kinds that tell by a method what they hold."""
    kind = type(value)
    if isinstance(value, contextvars.ContextVar):
        return f"ContextVar {value.name} #{digest(value.get(None))}"
    if isinstance(value, (io.BytesIO, io.StringIO)):
        return (
            f"{kind.__name__} {short(value.getvalue())} at {value.tell()}" if not value.closed else "closed"
        )
    if kind.__module__ == "_thread" and hasattr(value, "locked"):
        return f"lock, {'held' if value.locked() else 'free'}"
    if kind.__module__ == "_hashlib" and hasattr(value, "hexdigest"):
        return f"{value.name} {value.hexdigest()}"
    return None


def _iterator(value: Any, digest: Digest) -> Optional[str]:
    """Python's own iterators tell where they are when asked to reduce themselves."""
    kind = type(value)
    if kind.__module__ not in ("builtins", "itertools", "_collections") or not hasattr(value, "__next__"):
        return None
    if kind in (itertools.count, itertools.repeat):
        return repr(value)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # in Python 3.14 those of itertools stop telling
            reduced = value.__reduce__()
    except TypeError:
        return None
    return f"{kind.__name__} {digest(reduced[1:])[:12]}"


def _random(value: Any, digest: Digest) -> Optional[str]:
    if isinstance(value, random.Random):
        try:
            return f"{type(value).__name__} #{hash_of(repr(value.getstate()).encode())}"
        except NotImplementedError:
            return None
    bits = value if isinstance(value, np.random.BitGenerator) else getattr(value, "bit_generator", None)
    if isinstance(bits, np.random.BitGenerator):
        seeds = repr(getattr(bits, "seed_seq", None))  # it counts the generators that were spawned
        return f"{type(value).__name__} #{digest((bits.state, seeds))}"
    if isinstance(value, np.random.SeedSequence):
        return f"SeedSequence {short(repr(value))}"
    if isinstance(value, np.random.RandomState):
        return f"RandomState #{digest(value.get_state())}"
    return None


def changes_of(value: Any) -> Optional[str]:
    """How often an object that stays out of sight was written to, where it counts that."""
    known: Any = sys.modules.get("sqlite3")
    if known is None or not isinstance(value, known.Connection):
        return None
    return f"{value.total_changes} rows changed"


def memory_of(value: Any, most: int) -> Optional[str]:
    """The bytes of a native object that lays its memory open (ctypes, mmap), at most so many; else None."""
    try:
        view = memoryview(value).cast("B")
    except (TypeError, ValueError):
        return None
    return f"{len(view)} bytes #{hash_of(view[:most])}"


def inner_functions(value: Any) -> List[Any]:
    """The Python functions inside a ufunc that was made of one."""
    return [f for f in gc.get_referents(value) if isinstance(f, types.FunctionType)]


def is_cache(value: Any) -> bool:
    """Whether this is what functools.lru_cache or functools.cache made of a function."""
    return hasattr(type(value), "cache_info") and hasattr(type(value), "cache_clear")


def cached(cache: Any) -> List[Tuple[Any, Any]]:
    """The keys and results that such a cache holds."""
    held = gc.get_referents(cache)
    table = next((item for item in held if type(item) is dict), {})
    links = [item for item in table.values() if type(item).__name__ == "_lru_list_elem"]
    if not links:
        return list(table.items())
    kind, keys = type(links[0]), {id(key) for key in table}
    return [
        (held[at - 2], held[at - 1])
        for at, item in enumerate(held)
        if at > 1 and item is kind and id(held[at - 2]) in keys
    ]
