"""Components as people write them who have not read the laws closely, and who keep them all the same; STRANGERS
lists them.
"""

from __future__ import annotations

import bisect
import collections
import contextlib
import copy
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import heapq
import io
import itertools
import json
import logging
import operator
import random
import re
import sqlite3
import string
import struct
import threading
import types
import typing
import warnings
from typing import (
    Any,
    Callable,
    ClassVar,
    Dict,
    List,
    Literal,
    Mapping,
    NamedTuple,
    NewType,
    Optional,
    Sequence,
    Tuple,
    TypedDict,
    Union,
)

import attrs
import numpy as np
import numpy.typing as npt

from droidlet_schema import Chat, Frame, FrozenMap, Key, Pose2, Track, array, evolve, record

STRANGERS: List[str] = []
logger = logging.getLogger(__name__)


def stranger(component: Any) -> Any:
    """Files a component under its name."""
    STRANGERS.append(component.__name__)
    return component


@record
class Signal:
    value: float
    name: str = ""
    stamp_ns: int = 0


@record
class Window:
    values: Tuple[float, ...] = ()


@record
class Grid:
    cells: npt.NDArray[Any] = array("H W", np.uint8)


# --- closures, partials, decorators ---


@stranger
def closure_over_constants() -> Callable[[float], float]:
    gains = {"low": 0.5, "high": 2.0}
    order = ["low", "high"]

    def apply(value: float) -> float:
        return sum(gains[name] * value for name in order)

    return apply


def _logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def inner(*values: Any, **named: Any) -> Any:
        logger.debug("called with %s", values)
        return function(*values, **named)

    return inner


@stranger
@_logged
def decorated(value: float) -> float:
    return value * 3


@stranger
def composed() -> Callable[[float], float]:
    steps = (operator.neg, functools.partial(operator.mul, 2.0), lambda value: value + 1)

    def run(value: float) -> float:
        return functools.reduce(lambda so_far, step: step(so_far), steps, value)

    return run


@stranger
def picked_by_name(kind: Literal["sum", "max"], values: Sequence[float]) -> float:
    table: Dict[str, Callable[[Any], float]] = {"sum": sum, "max": lambda v: max(v, default=0.0)}
    return table[kind](values)


# --- classes with weights ---


@stranger
@attrs.frozen
class TwoLayers:
    """A small network, from a fixed seed."""

    hidden: int = 16
    first: npt.NDArray[np.float64] = attrs.field(init=False)
    second: npt.NDArray[np.float64] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        generator = np.random.default_rng(7)
        object.__setattr__(self, "first", generator.normal(size=(self.hidden, 3)))
        object.__setattr__(self, "second", generator.normal(size=(2, self.hidden)))

    def __call__(self, pose: Pose2) -> Tuple[float, ...]:
        inputs = np.nan_to_num(np.array([pose.x_m, pose.y_m, pose.yaw_rad]), posinf=0.0, neginf=0.0)
        with np.errstate(all="ignore"):
            return tuple(float(v) for v in self.second @ np.tanh(self.first @ inputs))


@stranger
class LargeTable:
    """A table of two million numbers, looked up."""

    def __init__(self) -> None:
        self.table = np.arange(2_000_000, dtype=np.float32)

    def __call__(self, index: int) -> float:
        return float(self.table[index % self.table.size])


@stranger
@dataclasses.dataclass
class Clipper:
    low: float = -1.0
    high: float = 1.0
    names: Dict[str, int] = dataclasses.field(default_factory=dict)
    LIMITS: ClassVar[Dict[str, float]] = {"most": 100.0}

    def __call__(self, value: float) -> float:
        return min(max(value, self.low), self.high, self.LIMITS["most"])


@stranger
class WithProperties:
    __slots__ = ("_gain",)

    def __init__(self) -> None:
        self._gain = 2

    @property
    def gain(self) -> int:
        return self._gain

    @staticmethod
    def double(value: int) -> int:
        return value * 2

    @classmethod
    def named(cls) -> str:
        return cls.__name__

    def __call__(self, value: int) -> Tuple[str, int]:
        return self.named(), self.double(value) * self.gain


# --- caches that change no result ---


@functools.lru_cache(maxsize=64)
def _power(base: int, exponent: int) -> int:
    return base**exponent


@stranger
def cached_helper(base: int) -> int:
    return _power(base, 3)


@functools.cache
def _kernel(radius: int) -> npt.NDArray[np.float64]:
    made = np.exp(-(np.linspace(-1, 1, 2 * radius + 1) ** 2))
    made.setflags(write=False)
    return made


@stranger
def cached_kernel(values: Tuple[float, ...]) -> float:
    return float(_kernel(2)[: len(values)].sum())


@stranger
class CachedProperty:
    def __init__(self) -> None:
        self.names = ("b", "a")

    @functools.cached_property
    def table(self) -> Dict[str, int]:
        return {name: index for index, name in enumerate(sorted(self.names))}

    def __call__(self, name: str) -> int:
        return self.table.get(name, -1)


@stranger
class CachedMethod:
    @functools.lru_cache  # noqa: B019
    def area(self, side: int) -> int:
        return side * side

    def __call__(self, side: int) -> int:
        return self.area(side)


# --- numpy ---


@stranger
def pipeline(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    small = image.astype(np.float32) / 255
    small -= small.mean() if small.size else 0
    return np.clip(small, 0, 1)


@stranger
def filled_by_hand(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    out = np.empty_like(values)
    np.multiply(values, 2, out=out)
    return out


@stranger
def zero_dimensional(level: float) -> npt.NDArray[np.float64]:
    return np.asarray(level * 2)


@stranger
def structured(value: int) -> npt.NDArray[Any]:
    made = np.zeros(2, dtype=[("id", "i4"), ("score", "f8")])
    made["id"] = value % 100
    return made


@stranger
def masked(grid: Grid) -> Optional[Tuple[int, ...]]:
    found = np.argwhere(grid.cells > 128)
    return tuple(int(v) for v in found[0]) if len(found) else None


@stranger
def vectorized(values: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    return _squashed(values) if values.size else values.copy()


_squashed = np.vectorize(lambda value: value / (1 + abs(value)), otypes=[float])
_added = np.frompyfunc(lambda a, b: a + b, 2, 1)


@stranger
def from_python_function(value: int) -> int:
    return int(_added.reduce([value, 1, 2]))


@stranger
def days(stamp_ns: int) -> Tuple[str, int]:
    day = np.datetime64(stamp_ns % 2**60, "ns").astype("datetime64[D]")
    return str(day), int((day - np.datetime64("2020-01-01")) / np.timedelta64(1, "D"))


@stranger
def noise_from_a_seed(seed: int) -> npt.NDArray[np.float64]:
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(abs(seed))))
    return generator.normal(size=4)


@stranger
def noise_from_a_key(key: Key) -> Tuple[float, float]:
    first, second = key.split(2)
    return float(first.generator().random()), float(second.generator().integers(10))


# --- states ---


@dataclasses.dataclass(frozen=True)
class Settings:
    size: int = 4


@stranger
@attrs.frozen
class MovingMean:
    settings: Settings = Settings()

    def initial(self, key: Key) -> Window:
        return Window()

    def __call__(self, inputs: Signal, state: Window) -> Tuple[Signal, Window]:
        kept = (*state.values, inputs.value)[-self.settings.size :]
        return evolve(inputs, value=sum(kept) / len(kept)), Window(kept)


@stranger
class RandomWalk:
    """Its state is a tuple of a key and numbers."""

    def initial(self, key: Key) -> Tuple[Key, float]:
        return key, 0.0

    def __call__(self, inputs: Signal, state: Tuple[Key, float]) -> Tuple[float, Tuple[Key, float]]:
        key, where = state
        now, later = key.split(2)
        moved = where + float(now.generator().uniform(-1, 1))
        return moved, (later, moved)


@stranger
class CountsWords:
    def initial(self, key: Key) -> FrozenMap[str, int]:
        return FrozenMap()

    def __call__(
        self, inputs: Chat, state: FrozenMap[str, int]
    ) -> Tuple[Tuple[str, ...], FrozenMap[str, int]]:
        counts = collections.Counter(inputs.text.split())
        for word, number in counts.items():
            state = state.set(word, state.get(word, 0) + number)
        return tuple(sorted(state, key=lambda word: (-state[word], word)))[:3], state


@stranger
class KeepsAPicture:
    def initial(self, key: Key) -> Grid:
        return Grid(np.zeros((2, 3), np.uint8))

    def __call__(self, inputs: Grid, state: Grid) -> Tuple[bool, Grid]:
        changed = not np.array_equal(inputs.cells, state.cells)
        return changed, inputs if changed else state


@stranger
class AlwaysNone:
    def initial(self, key: Key) -> None:
        return None

    def __call__(self, inputs: Signal, state: None) -> Tuple[None, None]:
        return None, None


# --- text, regexes, enums ---


class Mood(enum.Enum):
    """Members with more than a value."""

    CALM = ("calm", 1)
    LOUD = ("loud", 9)

    def __init__(self, label: str, level: int) -> None:
        self.label, self.level = label, level


class Flags(enum.Flag):
    SEES = enum.auto()
    HEARS = enum.auto()


_WORD = re.compile(r"(?P<word>\w+)", re.UNICODE)


@stranger
def mood_of(text: str) -> Mood:
    return Mood.LOUD if text.endswith("!") else Mood.CALM


@stranger
def takes_a_mood(mood: Mood, flags: Flags) -> Tuple[str, bool]:
    return mood.label, bool(flags & ~Flags.SEES)


@stranger
def tokens(text: str) -> List[str]:
    return [found["word"].casefold() for found in _WORD.finditer(text)]


@stranger
def filled_template(text: str, count: int) -> str:
    return string.Template("$count of $text").substitute(count=count, text=text)


@stranger
def round_trip_through_json(values: Dict[str, float]) -> str:
    return json.dumps(json.loads(json.dumps(values, sort_keys=True)), sort_keys=True)


@stranger
def unique_sorted(words: List[str]) -> List[str]:
    return sorted(set(words) | {"always"})


@stranger
def logs_what_it_does(text: str) -> int:
    logger.warning("heard %r", text)
    return len(text)


@stranger
def warns_and_silences(value: float) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn("this is only an estimate", stacklevel=2)
    return value


@stranger
def prints_into_memory(value: int) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        print("value", value)  # noqa: T201
    return out.getvalue()


# --- numbers and times ---


@stranger
def money(cents: int) -> decimal.Decimal:
    with decimal.localcontext() as context:
        context.prec = 10
        return (decimal.Decimal(cents % 10**6) / 3).quantize(decimal.Decimal("0.01"))


@stranger
def third(numerator: int) -> fractions.Fraction:
    return fractions.Fraction(numerator, 3)


@stranger
def next_day(day: datetime.date) -> str:
    return (datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(hours=3)).isoformat()


@stranger
def bytes_of(value: int) -> bytes:
    return struct.pack("<q", value % 2**62)[::-1]


# --- generators and iterators inside a call ---


def _steps(start: int) -> typing.Iterator[int]:
    while True:
        start = start // 2
        yield start
        if not start:
            return


@stranger
def reads_a_generator(start: int) -> Tuple[int, ...]:
    return tuple(itertools.islice(_steps(abs(start)), 5))


@stranger
def numbered(words: Tuple[str, ...]) -> Dict[int, str]:
    counter = itertools.count(1)
    return {next(counter): word for word in words}


@stranger
def smallest(values: List[int]) -> List[int]:
    kept = copy.copy(values)
    heapq.heapify(kept)
    return [heapq.heappop(kept) for _ in range(min(3, len(kept)))]


@stranger
def bucketed(value: float) -> int:
    return bisect.bisect(_EDGES, value)


_EDGES = [0.0, 1.0, 5.0]


# --- annotations of every kind ---

Metres = NewType("Metres", float)


class Size(TypedDict):
    width: int
    height: int


class Found(NamedTuple):
    name: str
    score: float = 0.0


@stranger
def of_a_new_type(distance: Metres) -> float:
    return distance * 100


@stranger
def of_a_typed_dict(size: Size) -> int:
    return int(size["width"]) % 100 * (int(size["height"]) % 100)


@stranger
def of_a_union(value: Union[int, Tuple[int, ...], None] = None) -> int:
    return value if isinstance(value, int) else len(value or ())


@stranger
def of_new_style(value: int | None, names: list[str] | None = None) -> str:
    return f"{value} {len(names or [])}"


@stranger
def of_a_mapping(table: Mapping[str, int], name: str = "x", /, *, default: int = 0) -> int:
    return table.get(name, default)


@stranger
def named_tuples(names: Tuple[str, ...]) -> Tuple[Found, ...]:
    return tuple(Found(name, len(name) / 2) for name in names)


@stranger
def more_values(first: float, *others: float, **options: Any) -> float:
    return first + sum(others)


@stranger
def namespace(value: int) -> types.SimpleNamespace:
    return types.SimpleNamespace(value=value, half=value / 2)


@stranger
def private_generator(seed: int) -> Tuple[int, ...]:
    shuffled = list(range(5))
    random.Random(seed).shuffle(shuffled)
    return tuple(shuffled)


@stranger
def nearest(tracks: Tuple[Track, ...], where: Pose2) -> Optional[str]:
    ordered = sorted(tracks, key=lambda track: (abs(float(track.centre_m[0]) - where.x_m), track.id))
    return str(ordered[0].id) if ordered else None


@stranger
def mean_depth(frame: Frame) -> float:
    depth = frame.depth_m[np.isfinite(frame.depth_m)]
    with np.errstate(all="ignore"):
        return float(depth.mean(dtype=np.float64)) if depth.size else 0.0


@stranger
def calls_itself(depth: int) -> int:
    return 0 if depth <= 0 else 1 + calls_itself(min(depth, 50) - 1)


@stranger
def scratch_database(value: int) -> int:
    with contextlib.closing(sqlite3.connect(":memory:")) as store:
        return int(store.execute("select ?", (value % 1000,)).fetchone()[0])


@stranger
def works_in_a_thread(value: float) -> float:
    found: List[float] = []
    thread = threading.Thread(target=lambda: found.append(value))
    thread.start()
    thread.join()
    return found[0]


_LOCK = threading.Lock()


@stranger
def holds_a_lock_for_a_while(value: float) -> float:
    with _LOCK:
        return value


@stranger
def saves_into_memory(value: float) -> float:
    out = io.BytesIO()
    np.savez(out, a=np.array([value], np.float64))
    out.seek(0)
    return float(np.load(out)["a"][0])
