"""Components that each break one law; OFFENDERS says which."""

from __future__ import annotations

import contextvars
import functools
import itertools
import math
import os
import queue
import random
import socket
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from time import perf_counter
from typing import Any, Dict, List, Optional, Tuple

import attrs
import numpy as np
from numpy.typing import NDArray

from droidlet_laws import laws
from droidlet_schema import Key, array, evolve, record

Array = NDArray[np.float64]


@record
class Reading:
    """What the components here are given."""

    level: float
    label: str = ""


@record
class Picture:
    """A record with an array."""

    pixels: NDArray[Any] = array("N", np.float32)


@record(name="offenders.Scene")
class Scene:
    """A record that holds records."""

    pictures: Tuple[Picture, ...]


@record
class Total:
    """What they say."""

    total: float


@record
class Count:
    """A state."""

    n: int


OFFENDERS: Dict[str, str] = {}


def breaks(law: str) -> Any:
    """Files a component under the law that it breaks."""

    def filed(component: Any) -> Any:
        OFFENDERS[component.__name__] = law
        return component

    return filed


# --- the outside ---


@breaks(laws.NO_OUTSIDE)
def coarse_clock(reading: Reading) -> Total:
    return Total(1.0 if time.time() > 9e9 else 0.0)


@breaks(laws.NO_OUTSIDE)
def early_bound_clock(reading: Reading) -> Total:
    return Total(0.0 * perf_counter())


@breaks(laws.NO_OUTSIDE)
def clock_by_local_import(reading: Reading) -> Total:
    from time import monotonic_ns

    return Total(float(monotonic_ns() > 0))


@breaks(laws.NO_OUTSIDE)
def clock_in_a_rare_branch(reading: Reading) -> Total:
    if reading.label == "never generated":
        return Total(time.time())
    return Total(0.0)


@breaks(laws.NO_OUTSIDE)
def clock_called_from_c(reading: Reading) -> Total:
    return Total(max(map(_ticks, (time.time,))))


def _ticks(clock: Any) -> float:
    return float(clock() > 0)


_clocks = [functools.partial(time.time)]


@breaks(laws.NO_OUTSIDE)
def clock_in_disguise(reading: Reading) -> Total:
    return Total(1.0 if _clocks[0]() > 9e9 else 0.0)


@breaks(laws.NO_OUTSIDE)
def date_of_today(reading: Reading) -> Total:
    import datetime

    return Total(float(datetime.datetime.now().year > 0))


@breaks(laws.NO_OUTSIDE)
def reads_environment(reading: Reading) -> Total:
    return Total(float(len(os.environ.get("HOME", ""))))


@breaks(laws.NO_OUTSIDE)
def reads_environment_by_getenv(reading: Reading) -> Total:
    return Total(float(os.getenv("NOTHING_OF_THAT_NAME") is None))


@breaks(laws.NO_OUTSIDE)
def writes_environment(reading: Reading) -> Total:
    os.environ["DROIDLET_LAWS_OFFENDER"] = "1"
    return Total(0.0)


@breaks(laws.NO_OUTSIDE)
def reads_file(reading: Reading) -> Total:
    return Total(float(len(Path(__file__).read_text())))


@breaks(laws.NO_OUTSIDE)
def asks_for_file(reading: Reading) -> Total:
    return Total(float(os.path.exists("/nothing/of/that/name")))


@breaks(laws.NO_OUTSIDE)
class ReadsOpenFile:
    def __init__(self) -> None:
        self.file = open(__file__, "rb")  # noqa: SIM115

    def __call__(self, reading: Reading) -> Total:
        self.file.seek(0)
        return Total(float(len(self.file.read(8))))


@breaks(laws.NO_OUTSIDE)
def opens_socket(reading: Reading) -> Total:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        return Total(float(opened.fileno() > 0))


@breaks(laws.NO_OUTSIDE)
def global_numpy_random(reading: Reading) -> Total:
    return Total(float(np.random.rand()))


@breaks(laws.NO_OUTSIDE)
def global_random(reading: Reading) -> Total:
    return Total(random.uniform(0, 1))


@breaks(laws.NO_OUTSIDE)
def seeded_global_random(reading: Reading) -> Total:
    np.random.seed(3)
    return Total(float(np.random.rand()))


@breaks(laws.NO_OUTSIDE)
def unseeded_generator(reading: Reading) -> Total:
    return Total(float(np.random.default_rng().random()))


@breaks(laws.NO_OUTSIDE)
def unseeded_python_generator(reading: Reading) -> Total:
    return Total(random.Random().random())


@breaks(laws.NO_OUTSIDE)
def random_name(reading: Reading) -> str:
    return uuid.uuid4().hex


@breaks(laws.NO_OUTSIDE)
def starts_a_program(reading: Reading) -> Total:
    return Total(float(subprocess.run(["true"], check=False).returncode))


@breaks(laws.NO_OUTSIDE)
def clock_in_a_thread(reading: Reading) -> Total:
    found: List[float] = []
    thread = threading.Thread(target=lambda: found.append(time.time()))
    thread.start()
    thread.join()
    return Total(float(found[0] > 9e9))


@breaks(laws.NO_OUTSIDE)
def clock_of_numpy(reading: Reading) -> Total:
    return Total(float(np.datetime64("now") > np.datetime64("1970-01-01")))


@breaks(laws.NO_OUTSIDE)
def turns_the_watching_off(reading: Reading) -> Total:
    sys.setprofile(None)
    return Total(float(perf_counter() > 0))


@breaks(laws.NO_OUTSIDE)
def process_number(reading: Reading) -> Total:
    return Total(float(os.getpid()))


@breaks(laws.NO_OUTSIDE)
def changes_error_handling(reading: Reading) -> Total:
    np.seterr(all="ignore")
    return Total(reading.level)


@breaks(laws.NO_OUTSIDE)
class InitialByClock:
    def initial(self, key: Key) -> Count:
        return Count(int(time.time()))

    def __call__(self, reading: Reading, state: Count) -> Tuple[Total, Count]:
        return Total(0.0), state


# --- arguments ---


@breaks(laws.ARGUMENTS)
def sorts_in_place(values: Array) -> float:
    flat = values.reshape(-1)
    flat.sort()
    return float(flat.sum())


@breaks(laws.ARGUMENTS)
def adds_in_place(values: Array) -> Array:
    values += 1
    return values * 2


@breaks(laws.ARGUMENTS)
def writes_into_record(picture: Picture) -> Total:
    if picture.pixels.size:
        picture.pixels[0] = 0
    return Total(0.0)


@breaks(laws.ARGUMENTS)
def writes_into_nested_record(scene: Scene) -> Total:
    for picture in scene.pictures:
        picture.pixels.sort()
    return Total(0.0)


@breaks(laws.ARGUMENTS)
def unlocks_record(picture: Picture) -> Total:
    if picture.pixels.size and picture.pixels.flags.owndata:
        picture.pixels.setflags(write=True)
        picture.pixels[0] += 1
        picture.pixels.setflags(write=False)
    return Total(0.0)


@breaks(laws.ARGUMENTS)
def sets_frozen_field(reading: Reading) -> Total:
    reading.level = 2.0  # type: ignore[misc]
    return Total(0.0)


@breaks(laws.ARGUMENTS)
def appends_to_list(values: List[int]) -> int:
    values.append(1)
    return len(values)


@breaks(laws.ARGUMENTS)
def pops_from_nested_dict(values: Dict[str, List[int]]) -> int:
    for items in values.values():
        items.clear()
    return len(values)


# --- self ---


@breaks(laws.SELF)
class CountsItself:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, reading: Reading) -> Total:
        self.calls += 1
        return Total(reading.level)


@breaks(laws.SELF)
class CachesInSlot:
    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last: Optional[Reading] = None

    def __call__(self, reading: Reading) -> Total:
        self._last = reading
        return Total(reading.level)


@breaks(laws.SELF)
@attrs.frozen
class FrozenButDeepDown:
    seen: Dict[str, float] = attrs.field(factory=dict)

    def __call__(self, reading: Reading) -> Total:
        self.seen[reading.label] = self.seen.get(reading.label, 0.0) + 1
        return Total(reading.level)


@breaks(laws.SELF)
class CachesInClass:
    memo: Dict[str, float] = {}

    def __call__(self, reading: Reading) -> Total:
        return Total(self.memo.setdefault(reading.label, 1.0))


@breaks(laws.SELF)
def mutable_default(reading: Reading, seen: List[str] = []) -> Total:  # noqa: B006
    seen.append(reading.label)
    return Total(reading.level)


@breaks(laws.SELF)
def counting_closure() -> Any:
    calls = 0

    def component(reading: Reading) -> Total:
        nonlocal calls
        calls += 1
        return Total(reading.level)

    return component


@breaks(laws.SELF)
class HoldsGenerator:
    def __init__(self) -> None:
        self.random = np.random.default_rng(1)

    def __call__(self, reading: Reading) -> Total:
        return Total(float(self.random.random()))


@breaks(laws.SELF)
@attrs.frozen
class WritesIntoItsWeights:
    weights: Array = attrs.field(factory=lambda: np.ones(3))

    def __call__(self, reading: Reading) -> Total:
        self.weights[0] += 1
        return Total(reading.level)


@breaks(laws.SELF)
class WritesIntoLargeWeights:
    """The element that it writes is not among those that are sampled after each call."""

    def __init__(self) -> None:
        self.weights = np.ones(2_000_000)

    def __call__(self, reading: Reading) -> Total:
        self.weights[17] += 1
        return Total(reading.level)


# --- history ---

_calls = 0
_memo: Dict[float, float] = {}
_numbers = itertools.count()


@breaks(laws.NO_HISTORY)
def global_counter(reading: Reading) -> Total:
    global _calls
    _calls += 1
    return Total(float(_calls))


@breaks(laws.NO_HISTORY)
def silent_history(reading: Reading) -> Total:
    _memo[reading.level] = 1.0
    return Total(reading.level)


@breaks(laws.NO_HISTORY)
def numbers_from_iterator(reading: Reading) -> Total:
    return Total(float(next(_numbers)))


class _Registry:
    names: List[str] = []


@breaks(laws.NO_HISTORY)
def files_in_another_class(reading: Reading) -> Total:
    _Registry.names.append(reading.label)
    return Total(reading.level)


def _remember(reading: Reading) -> None:
    _memo.clear()
    _memo[reading.level] = reading.level


@breaks(laws.NO_HISTORY)
def history_in_a_helper(reading: Reading) -> Total:
    _remember(reading)
    return Total(reading.level)


@breaks(laws.NO_HISTORY)
def history_out_of_sight() -> Any:
    """A queue of C's is a memory that no walk can look into."""
    seen: Any = queue.SimpleQueue()
    seen.put((0, 0))

    def component(level: int) -> int:
        """The level before this one that was another: the same call twice in a row gives the same."""
        last, before = seen.get()
        seen.put((last, before) if level == last else (level, last))
        return int(before if level == last else last)

    return component


@breaks(laws.NO_HISTORY)
def history_through_globals(reading: Reading) -> Total:
    names = globals()
    names["_calls"] = names["_calls"] + 1
    return Total(reading.level)


@breaks(laws.SELF)
def attribute_of_a_function(reading: Reading) -> Total:
    known = attribute_of_a_function.__dict__
    known["calls"] = known.get("calls", 0) + 1
    return Total(reading.level)


_variable: contextvars.ContextVar[int] = contextvars.ContextVar("_variable", default=0)


@breaks(laws.NO_HISTORY)
def context_variable(reading: Reading) -> Total:
    _variable.set(_variable.get() + 1)
    return Total(reading.level)


_local = threading.local()


@breaks(laws.NO_HISTORY)
def thread_local(reading: Reading) -> Total:
    _local.calls = getattr(_local, "calls", 0) + 1
    return Total(reading.level)


_many = {n: 0 for n in range(5000)}  # noqa: C420


@breaks(laws.NO_HISTORY)
def large_table(reading: Reading) -> Total:
    """The entry that it changes is not among those that are looked at after each call."""
    _many[4321] += 1
    return Total(reading.level)


_generator = np.random.default_rng(1)


@breaks(laws.NO_HISTORY)
def generator_of_the_module(reading: Reading) -> Total:
    return Total(float(_generator.random()))


# --- results ---


@breaks(laws.SAME_RESULT)
def address(reading: Reading) -> Total:
    return Total(float(id(reading) if reading.label else id(object()) + id([])))


@breaks(laws.SAME_RESULT)
def address_of_module(reading: Reading) -> Total:
    return Total(float(id(address) // 16))


@breaks(laws.NO_HASH_ORDER)
def first_of_a_set(reading: Reading) -> str:
    return next(iter({"chair", "table", "lamp", "sofa", reading.label}))


@breaks(laws.NO_HASH_ORDER)
def hash_of_text(reading: Reading) -> int:
    return hash(reading.label + "x") % 1000


@breaks(laws.NO_HASH_ORDER)
def order_of_keys(reading: Reading) -> Dict[str, int]:
    return {name: 1 for name in {"chair", "table", "lamp", "sofa"}}  # noqa: C420


@breaks(laws.NO_ALIAS)
def returns_argument(values: Array) -> Array:
    return values


@breaks(laws.NO_ALIAS)
def returns_view(values: Array) -> Array:
    return values.T[..., ::2]


@breaks(laws.NO_ALIAS)
def returns_list_given(values: List[int]) -> List[int]:
    return values


@breaks(laws.NO_ALIAS)
class ReturnsItsTable:
    def __init__(self) -> None:
        self.table = np.eye(3)

    def __call__(self, reading: Reading) -> Array:
        return self.table[1:]


@breaks(laws.NO_ALIAS)
class ReturnsReadOnlyViewOfItsBuffer:
    def __init__(self) -> None:
        self.table = np.eye(3)

    def __call__(self, reading: Reading) -> Array:
        view = self.table[1:]
        view.setflags(write=False)
        return view


_shared = np.zeros(4)


@breaks(laws.NO_ALIAS)
def returns_global_buffer(reading: Reading) -> Array:
    return _shared


# --- states ---


@attrs.frozen
class _PlainState:
    names: Tuple[str, ...]


@breaks(laws.NO_ALIAS)
class PutsItsBufferIntoRecords:
    """The first record that it returns takes the buffer over."""

    def __init__(self) -> None:
        self.buffer = np.zeros(2, np.float32)

    def __call__(self, reading: Reading) -> Picture:
        self.buffer[:] = 0
        return Picture(self.buffer)


@breaks(laws.NO_ALIAS)
class StateAliasesOutput:
    def initial(self, key: Key) -> Tuple[Array, ...]:
        return (np.zeros(2),)

    def __call__(self, reading: Reading, state: Tuple[Array, ...]) -> Tuple[Array, Tuple[Array, ...]]:
        made = state[0] + 1
        return made, (made,)


@breaks(laws.NO_ALIAS)
class KeepsWhatItWasGiven:
    """Whoever writes to the array that was given changes the state."""

    def initial(self, key: Key) -> Tuple[Array, ...]:
        return ()

    def __call__(self, values: Array, state: Tuple[Array, ...]) -> Tuple[Total, Tuple[Array, ...]]:
        return Total(float(len(state))), (values,)


@breaks(laws.SELF)
class CountsInItsClass:
    made = 0

    def initial(self, key: Key) -> Count:
        type(self).made += 1
        return Count(0)

    def __call__(self, reading: Reading, state: Count) -> Tuple[Total, Count]:
        return Total(0.0), state


@breaks(laws.NO_OUTSIDE)
def asks_for_home(reading: Reading) -> str:
    return str(Path.home())


@breaks(laws.ARGUMENTS)
class WritesIntoItsState:
    def initial(self, key: Key) -> Picture:
        return Picture(np.zeros(2, np.float32))

    def __call__(self, reading: Reading, state: Picture) -> Tuple[Total, Picture]:
        state.pixels.setflags(write=True)
        state.pixels[0] += 1
        state.pixels.setflags(write=False)
        return Total(0.0), state


@breaks(laws.CODEC)
class StateWithoutPlaceOnTheWire:
    def initial(self, key: Key) -> _PlainState:
        return _PlainState(())

    def __call__(self, reading: Reading, state: _PlainState) -> Tuple[Total, _PlainState]:
        return Total(0.0), state


@breaks(laws.CODEC)
class StateOfObjects:
    def initial(self, key: Key) -> Tuple[int, ...]:
        return (0,)

    def __call__(self, reading: Reading, state: Tuple[Any, ...]) -> Tuple[Total, Tuple[Any, ...]]:
        return Total(0.0), (0, frozenset({1}))


@record
class Creeping:
    """Each decoding goes one further."""

    n: int

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "n", self.n + 1)


@breaks(laws.CODEC)
class StateThatCreeps:
    def initial(self, key: Key) -> Creeping:
        return Creeping(0)

    def __call__(self, reading: Reading, state: Creeping) -> Tuple[Total, Creeping]:
        return Total(0.0), state


@breaks(laws.CODEC)
def returns_creeping(reading: Reading) -> Tuple[Creeping, ...]:
    return (Creeping(1),)


@breaks(laws.OLD_STATE)
class OnlyNewestState:
    def __init__(self) -> None:
        self.newest: Any = queue.SimpleQueue()  # a memory that no walk can look into
        self.newest.put(0)

    def initial(self, key: Key) -> Count:
        return Count(0)

    def __call__(self, reading: Reading, state: Count) -> Tuple[Total, Count]:
        newest = self.newest.get()
        if state.n == 0:
            newest = 0 if newest < 2 else newest
        self.newest.put(max(state.n, newest))
        if state.n < newest:
            return Total(-1.0), state
        return Total(1.0), evolve(state, n=state.n + 1)


# --- bad input ---


@breaks(laws.BAD_INPUT)
class SpoiledByNan:
    def __init__(self) -> None:
        self.broken = False

    def __call__(self, reading: Reading) -> Total:
        if math.isnan(reading.level):
            self.broken = True
            raise ValueError(f"level must be finite, got {reading.level}")
        return Total(reading.level)


@breaks(laws.BAD_INPUT)
def vague(level: float) -> float:
    if not isinstance(level, float):
        raise ValueError("bad input")
    return level


@breaks(laws.BAD_INPUT)
def asserts(level: float) -> float:
    assert isinstance(level, float)
    return level


@breaks(laws.BAD_INPUT)
def ends_the_program(level: float) -> float:
    if level is None:
        raise SystemExit(3)
    return level
