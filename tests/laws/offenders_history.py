"""Components that remember something where one does not look at once; HIDDEN says which law each breaks."""

from __future__ import annotations

import collections
import contextvars
import ctypes
import decimal
import enum
import functools
import importlib
import itertools
import logging
import math
import queue
import string
import sys
import threading
import warnings
import weakref
from typing import Any, ClassVar, Dict, List, Tuple

import attrs
import numpy as np
from numpy.typing import NDArray

from droidlet_laws import laws
from droidlet_schema import Key, record

HIDDEN: Dict[str, str] = {}


def hides(law: str) -> Any:
    """Files a component under the law that it breaks."""

    def filed(component: Any) -> Any:
        HIDDEN[component.__name__] = law
        return component

    return filed


@record
class Reading:
    """What the components here are given."""

    level: float
    label: str = ""
    seen: ClassVar[List[str]] = []


class Notes:
    """A class that a method of its instances writes to."""

    lines: List[str] = []
    number = 0

    def add(self, text: str) -> None:
        type(self).lines.append(text)


class Trouble(Exception):
    """An error with a memory."""

    heard: List[str] = []


class Mood(enum.Enum):
    CALM = 1
    LOUD = 2


RELEASED = threading.Event()  # lets the threads go that an offender leaves behind
_BOX: List[float] = []
_append = _BOX.append
_put = {}.__setitem__  # type: ignore[var-annotated]
_NOTES = Notes()
_generator_object = (n for n in itertools.count())
_deque: Any = collections.deque([1, 2, 3])
_native = ctypes.c_long(0)
_waiting: Any = queue.Queue()
_lock = threading.Lock()
_local_context: contextvars.ContextVar[Tuple[float, ...]] = contextvars.ContextVar(
    "_local_context", default=()
)
_number = 0


class Table(Dict[str, int]):
    """A dict with something hung on it."""

    calls = 0


class Level(float):
    """A number with something hung on it."""


_TABLE, _LEVEL = Table(), Level(1.0)


# --- in the module ---


@hides(laws.NO_HISTORY)
def bound_append(reading: Reading) -> float:
    _append(reading.level)
    return reading.level


@hides(laws.NO_HISTORY)
def bound_setitem(reading: Reading) -> float:
    _put(reading.label, reading.level)
    return reading.level


@hides(laws.NO_HISTORY)
def new_name_through_globals(reading: Reading) -> float:
    globals()["_made_up"] = globals().get("_made_up", 0) + 1
    return reading.level


@hides(laws.NO_HISTORY)
def through_sys_modules(reading: Reading) -> float:
    sys.modules[__name__]._made_there = reading.level  # type: ignore[attr-defined]
    return reading.level


@hides(laws.NO_HISTORY)
def old_name_through_sys_modules(reading: Reading) -> float:
    me = sys.modules[__name__]
    me._number += 1  # type: ignore[attr-defined]
    return reading.level


@hides(laws.NO_HISTORY)
def by_setattr(reading: Reading) -> float:
    setattr(sys.modules[reading.__class__.__module__], "_number", _number + 1)  # noqa: B010
    return reading.level


@hides(laws.NO_HISTORY)
def through_import_module(reading: Reading) -> float:
    importlib.import_module(__name__).__dict__["_number"] += 1
    return reading.level


@hides(laws.NO_HISTORY)
def hung_on_a_module_of_python(reading: Reading) -> float:
    math.seen_by_droidlet = getattr(math, "seen_by_droidlet", 0) + 1  # type: ignore[attr-defined]
    return reading.level


@hides(laws.NO_HISTORY)
def global_generator(reading: Reading) -> float:
    return reading.level if next(_generator_object) >= 0 else 0.0


def _counting(start: int) -> Any:
    while True:
        start += 1
        yield start


_endless = _counting(0)


@hides(laws.NO_HISTORY)
def endless_generator(reading: Reading) -> float:
    return reading.level + 0 * next(_endless)


@hides(laws.SELF)
def count_as_default(reading: Reading, numbers: Any = itertools.count()) -> float:  # noqa: B008
    return reading.level if next(numbers) >= 0 else 0.0


@hides(laws.NO_HISTORY)
def native_memory(reading: Reading) -> float:
    _native.value += 1
    return reading.level


@hides(laws.NO_HISTORY)
def queue_of_the_module(reading: Reading) -> float:
    _waiting.put(reading.level)
    return reading.level


@hides(laws.NO_HISTORY)
def holds_a_lock(reading: Reading) -> float:
    _lock.acquire(blocking=False)
    return reading.level


@hides(laws.NO_HISTORY)
def hung_on_a_dict(reading: Reading) -> float:
    _TABLE.calls += 1
    return reading.level


@hides(laws.NO_HISTORY)
def hung_on_a_number(reading: Reading) -> float:
    _LEVEL.note = reading.label  # type: ignore[attr-defined]
    return reading.level


@hides(laws.NO_HISTORY)
def another_value_in_a_module_of_python(reading: Reading) -> float:
    string.whitespace = reading.label  # type: ignore[misc]
    return reading.level


class Counting:
    """A descriptor that remembers who asked it."""

    def __init__(self) -> None:
        self.asked: List[str] = []

    def __get__(self, asking: Any, kind: Any = None) -> float:
        self.asked.append(str(kind))
        return 1.0


class Asked:
    gain = Counting()


_ASKED = Asked()


@hides(laws.NO_HISTORY)
def memory_of_a_descriptor(reading: Reading) -> float:
    return reading.level * _ASKED.gain


class Single:
    """There is one of these, and it counts."""

    _one: ClassVar[Any] = None
    calls = 0

    def __new__(cls) -> Any:
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one


@hides(laws.NO_HISTORY)
def the_only_one_of_its_class(reading: Reading) -> float:
    Single().calls += 1
    return reading.level


# --- on classes, enums, functions ---


@hides(laws.NO_HISTORY)
def class_attribute_of_a_record(reading: Reading) -> float:
    Reading.seen.append(reading.label)
    return reading.level


@hides(laws.NO_HISTORY)
def class_attribute_through_the_argument(reading: Reading) -> float:
    reading.seen.append(reading.label)
    return reading.level


@hides(laws.NO_HISTORY)
def class_of_another_object(reading: Reading) -> float:
    _NOTES.add(reading.label)
    return reading.level


@hides(laws.NO_HISTORY)
def class_by_type(reading: Reading) -> float:
    type(_NOTES).number += 1
    return reading.level


@hides(laws.NO_HISTORY)
def class_of_errors(reading: Reading) -> float:
    Trouble.heard.append(reading.label)
    return reading.level


@hides(laws.NO_HISTORY)
def hung_on_an_enum_member(reading: Reading) -> float:
    Mood.CALM.calls = getattr(Mood.CALM, "calls", 0) + 1  # type: ignore[attr-defined]
    return reading.level


@hides(laws.NO_HISTORY)
def hung_on_an_enum(reading: Reading) -> float:
    Mood.total = getattr(Mood, "total", 0) + 1  # type: ignore[attr-defined]
    return reading.level


def _helper(level: float) -> float:
    return level


@hides(laws.NO_HISTORY)
def hung_on_a_helper(reading: Reading) -> float:
    _helper.calls = getattr(_helper, "calls", 0) + 1  # type: ignore[attr-defined]
    return _helper(reading.level)


@hides(laws.NO_HISTORY)
def hung_on_a_function_of_numpy(reading: Reading) -> float:
    np.mean.calls = getattr(np.mean, "calls", 0) + 1  # type: ignore[attr-defined]
    return float(np.mean([reading.level]))


@hides(laws.SELF)
@attrs.frozen
class CountsOnAnotherClass:
    def __call__(self, reading: Reading) -> float:
        type(self).total = getattr(type(self), "total", 0) + 1  # type: ignore[attr-defined]
        return reading.level


@hides(laws.NO_HISTORY)
class MadeInsideAFunction:
    def __init__(self) -> None:
        class Store:
            items: List[str] = []

        self.store = Store

    def __call__(self, reading: Reading) -> float:
        self.store.items.append(reading.label)
        return reading.level


@hides(laws.SELF)
class KeepsAWeakReference:
    def __init__(self) -> None:
        self.notes = Notes()
        self.way = weakref.ref(self.notes)

    def __call__(self, reading: Reading) -> float:
        found: Any = self.way()
        found.last = reading.label
        return reading.level


@hides(laws.SELF)
class DrawsFromABoundMethod:
    def __init__(self) -> None:
        self.draw = np.random.default_rng(3).random

    def __call__(self, reading: Reading) -> float:
        return reading.level + 0.0 * self.draw()


@hides(laws.SELF)
class SpawnsGenerators:
    def __init__(self) -> None:
        self.seeds = np.random.SeedSequence(3)

    def __call__(self, reading: Reading) -> float:
        return float(np.random.default_rng(self.seeds.spawn(1)[0]).random())


# --- in numpy's and functools' things ---


def _with_memory(level: float, kept: List[float] = []) -> float:  # noqa: B006
    kept.append(level)
    return level


_stretched = np.vectorize(_with_memory, otypes=[float])
_made_ufunc = np.frompyfunc(_with_memory, 1, 1)


@hides(laws.NO_HISTORY)
def vectorized_with_memory(reading: Reading) -> float:
    return float(_stretched(reading.level))


@hides(laws.NO_HISTORY)
def ufunc_with_memory(reading: Reading) -> float:
    return float(_made_ufunc(reading.level))


@functools.lru_cache
def _store_of(name: str) -> List[float]:
    return []


@hides(laws.NO_HISTORY)
def memory_in_a_cache(reading: Reading) -> float:
    _store_of("all").append(reading.level)
    return reading.level


@functools.cache
def _impure(level: float) -> float:
    global _number
    _number += 1
    return level


@hides(laws.NO_HISTORY)
def impure_helper_in_a_cache(reading: Reading) -> float:
    return _impure(reading.level)


@functools.cache
def _half(level: float) -> float:
    return level / 2


@hides(laws.SAME_RESULT)
def asks_its_cache(reading: Reading) -> int:
    _half(reading.level)
    return _half.cache_info().hits


@functools.cache
def _zeros(size: int) -> NDArray[np.float64]:
    return np.zeros(size)


@hides(laws.NO_ALIAS)
def gives_a_cached_array_away(reading: Reading) -> NDArray[np.float64]:
    return _zeros(3)


@functools.cache
def _options(label: str) -> Dict[str, int]:
    return {label: 1}


@hides(laws.NO_ALIAS)
def gives_a_cached_dict_away(reading: Reading) -> Dict[str, int]:
    return _options(reading.label)


@hides(laws.SELF)
class CachedPropertyWithMemory:
    @functools.cached_property
    def known(self) -> List[str]:
        return []

    def __call__(self, reading: Reading) -> float:
        self.known.append(reading.label)
        return reading.level


# --- in Python itself ---


@hides(laws.NO_HISTORY)
def context_of_the_thread(reading: Reading) -> float:
    _local_context.set((*_local_context.get(), reading.level))
    return reading.level


@hides(laws.NO_OUTSIDE)
def precision_of_decimals(reading: Reading) -> float:
    decimal.getcontext().prec += 1
    return reading.level


@hides(laws.NO_OUTSIDE)
def how_numpy_prints(reading: Reading) -> float:
    np.set_printoptions(precision=np.get_printoptions()["precision"] % 9 + 1)
    return reading.level


@hides(laws.NO_OUTSIDE)
def longer_path(reading: Reading) -> float:
    sys.path.append("/nowhere")
    return reading.level


@hides(laws.NO_OUTSIDE)
def deeper_recursion(reading: Reading) -> float:
    sys.setrecursionlimit(sys.getrecursionlimit() + 1)
    return reading.level


@hides(laws.NO_OUTSIDE)
def silences_warnings(reading: Reading) -> float:
    warnings.filterwarnings("ignore", message=f"number {len(warnings.filters)}")
    return reading.level


@hides(laws.NO_OUTSIDE)
def turns_logging_on(reading: Reading) -> float:
    logging.getLogger().setLevel(logging.getLogger().level % 40 + 1)
    return reading.level


@hides(laws.NO_OUTSIDE)
def leaves_a_thread_behind(reading: Reading) -> float:
    threading.Thread(target=RELEASED.wait, daemon=True).start()
    return reading.level


@hides(laws.NO_HISTORY)
def imports_a_memory(reading: Reading) -> float:
    import memory_of_an_offender as memory

    memory.calls += 1
    return reading.level


@hides(laws.NO_HISTORY)
def imports_a_function_with_memory(reading: Reading) -> float:
    from memory_of_an_offender import remember

    return remember(reading.level)


@hides(laws.SELF)
class RememberingState:
    """Stepped; the first state comes from a bound method of a list that it keeps."""

    def __init__(self) -> None:
        self.add = [].append  # type: ignore[var-annotated]

    def initial(self, key: Key) -> Tuple[float, ...]:
        return ()

    def __call__(self, inputs: Reading, state: Tuple[float, ...]) -> Tuple[float, Tuple[float, ...]]:
        self.add(inputs.level)
        return inputs.level, (inputs.level,)


# --- nothing is remembered, and yet the result differs ---


@hides(laws.SAME_RESULT)
def memory_never_written(reading: Reading) -> float:
    return float(np.empty(3)[0])


@hides(laws.SAME_RESULT)
def half_written(reading: Reading) -> NDArray[np.float64]:
    out = np.empty(4)
    out[:2] = reading.level
    return out


@hides(laws.SAME_RESULT)
def address_of_an_object(reading: Reading) -> int:
    return id(object()) + id(reading)


@hides(laws.SAME_RESULT)
def text_with_an_address(reading: Reading) -> str:
    return repr(object())
