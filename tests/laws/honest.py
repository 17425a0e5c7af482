"""Components that keep every law; HONEST lists them. For `check_component("tests/laws/honest.py:NAME")`."""

from __future__ import annotations

import datetime
import decimal
import functools
import hashlib
import json
import logging
import math
import random
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import attrs
import numpy as np
from numpy.typing import NDArray

from droidlet_schema import FrozenMap, Key, Pose2, array, evolve, record

HONEST: List[str] = []


def honest(component: Any) -> Any:
    """Files a component among the honest ones."""
    HONEST.append(component.__name__)
    return component


@record
class Tick:
    now_ns: int
    speed_m_s: float
    label: str = ""


@record
class Image:
    pixels: NDArray[Any] = array("H W", np.float32)


@record
class Said:
    text: Tuple[str, ...] = ()
    x_m: float = 0.0


@record
class Odometer:
    key: Key
    pixels: NDArray[Any] = array("N", np.float64)
    x_m: float = 0.0
    seen: FrozenMap[str, int] = FrozenMap()


@honest
def add(a: int, b: int) -> int:
    return a + b


@honest
def tail(texts: Tuple[str, ...]) -> Tuple[str, ...]:
    return texts[1:]


@honest
def mean(values: List[float]) -> float:
    return sum(values) / len(values)  # refuses an empty list


@honest
def nothing(tick: Tick) -> Tuple[str, ...]:
    return ()


@honest
def not_a_number(tick: Tick) -> float:
    return math.nan if tick.speed_m_s > 0 else -0.0


@honest
def factorial(n: int) -> int:
    return 1 if n <= 1 else n % 7 * factorial(min(n, 20) - 1)


@honest
def gram(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.einsum("ij,kj->ik", values, values)


@honest
def same_record(image: Image) -> Image:
    return image


@honest
def brightest(image: Image) -> Optional[Tuple[int, int]]:
    if not image.pixels.size:
        return None
    row, column = np.unravel_index(int(np.nanargmax(np.nan_to_num(image.pixels))), image.pixels.shape)
    return int(row), int(column)


@honest
def words(text: str) -> Dict[str, int]:
    counts: Dict[str, int] = {}
    for word in sorted(set(re.findall(r"[a-z]+", text.lower()))):
        counts[word] = counts.get(word, 0) + 1
    return counts


class Corner(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True)
class Box:
    corners: Tuple[Corner, ...]


@honest
def box(pose: Pose2) -> Box:
    return Box((Corner(pose.x_m, pose.y_m),))


@honest
def formats_a_given_time(tick: Tick) -> str:
    return time.strftime("%H:%M", time.gmtime(tick.now_ns % 10**15 // 10**9))


@honest
def dates(tick: Tick) -> Tuple[str, datetime.datetime]:
    given = datetime.datetime(2020, 1, 1) + datetime.timedelta(microseconds=tick.now_ns % 10**12)
    return repr(given), given.replace(tzinfo=datetime.timezone.utc)


@honest
def seeded_generators(tick: Tick) -> Tuple[float, float, float]:
    seed = tick.now_ns % 2**32
    philox = np.random.Generator(np.random.Philox(seed))
    return float(np.random.default_rng(seed).normal()), float(philox.random()), random.Random(seed).random()


_log = logging.getLogger("honest")
_CELSIUS = np.vectorize(lambda kelvin: kelvin - 273.15)


@honest
def uses_what_keeps_caches_of_its_own(tick: Tick) -> Tuple[str, ...]:
    _log.debug("not written, since nobody asked for it")
    with np.errstate(all="ignore"):
        warm = float(_CELSIUS(np.float64(tick.speed_m_s)))
    digest = hashlib.sha256(json.dumps([tick.label, round(warm)] if math.isfinite(warm) else []).encode())
    return (digest.hexdigest(), str(decimal.Decimal(1) / 3), _shown(tick), _shown(tick.speed_m_s))


@functools.singledispatch
def _shown(value: object) -> str:
    return "?"


@_shown.register
def _(value: float) -> str:
    return f"{value:.1f}"


@honest
def complains_with_an_address(tick: Tick) -> str:
    if tick.speed_m_s > 5:
        raise ValueError(f"Tick.speed_m_s is {tick.speed_m_s}, of {object()}")
    return tick.label


@attrs.frozen(cache_hash=True)
class Place:
    name: str


@honest
def hashes_what_it_is_given(place: Place) -> int:
    return len({place: len(place.name)})


@honest
def imports_inside(tick: Tick) -> float:
    import colorsys  # the first call reads its file

    return colorsys.rgb_to_hsv(0.1, 0.5, 0.2)[0]


@honest
def warns(tick: Tick) -> float:
    return float(np.float64(tick.speed_m_s) / np.float64(0.0))


@honest
def prints(tick: Tick) -> float:
    print("a component should not, but no law forbids it", tick.label)  # noqa: T201
    return 0.0


@honest
def takes_unions(value: Union[int, str, None]) -> str:
    return str(value)


_TABLE = {"chair": 1, "table": 2}
_KERNEL = np.array([1.0, 2.0, 1.0])
_KERNEL.setflags(write=False)


@honest
def reads_tables(text: str) -> Tuple[int, float]:
    return _TABLE.get(text, 0), float(_KERNEL.sum())


@honest
def careful(level: float) -> float:
    """Raises ValueError for levels that are no finite numbers."""
    if not isinstance(level, float) or not math.isfinite(level):
        raise ValueError(f"level must be a finite number, got {level!r}")
    return level


def _scaled(factor: float, level: float) -> float:
    return factor * level


@honest
def doubled() -> Any:
    """A factory of a partial."""
    return functools.partial(_scaled, 2.0)


@honest
@attrs.frozen
class Linear:
    """Loads as it is made, from the clock, the environment and a file; a call only multiplies."""

    weights: NDArray[np.float64] = attrs.field(factory=lambda: np.array([[1.0, 2.0], [3.0, 4.0]]))
    lines: int = attrs.field(factory=lambda: len(Path(__file__).read_text().splitlines()))
    made_ns: int = attrs.field(factory=lambda: time.time_ns() % 1)

    def __call__(self, image: Image) -> Said:
        total = math.fsum(v for v in image.pixels.ravel().tolist() if math.isfinite(v))
        scaled = self.weights @ np.array([1.0, 1.0])
        return Said((str(self.lines),), total * float(scaled[0]))


@honest
@attrs.frozen
class ReturnsFrozenWeights:
    weights: NDArray[np.float64] = attrs.field(factory=lambda: _frozen(np.eye(2)))

    def __call__(self, tick: Tick) -> NDArray[np.float64]:
        return self.weights[0]


def _frozen(values: NDArray[np.float64]) -> NDArray[np.float64]:
    values.setflags(write=False)
    return values


@honest
@attrs.frozen
class Walker:
    """Stepped, with a key, a map and an array in its state."""

    gain: float = 0.5

    def initial(self, key: Key) -> Odometer:
        return Odometer(key, np.zeros(3))

    def __call__(self, tick: Tick, state: Odometer) -> Tuple[Said, Odometer]:
        now, later = state.key.split(2)
        noise = float(now.generator().normal())
        moved = tick.speed_m_s * self.gain + noise
        pixels = state.pixels + 1.0
        seen = state.seen.set(tick.label, state.seen.get(tick.label, 0) + 1)
        return Said((tick.label,), moved), Odometer(later, pixels, state.x_m + moved, seen)


@honest
class Idle:
    """Returns the very state that it was given."""

    def initial(self, key: Key) -> Said:
        return Said()

    def __call__(self, tick: Tick, state: Said) -> Tuple[Said, Said]:
        return state, state


@honest
class Refuses:
    """Stepped; refuses some inputs, and says why."""

    def initial(self, key: Key) -> Said:
        return Said()

    def __call__(self, tick: Tick, state: Said) -> Tuple[Said, Said]:
        if not 0.0 <= tick.speed_m_s <= 1e3:
            raise ValueError(f"Tick.speed_m_s is 0 to 1000, got {tick.speed_m_s}")
        return Said(), evolve(state, x_m=state.x_m + tick.speed_m_s)


@honest
class UsesAHelper:
    """Calls methods of its own and of another object that it holds."""

    def __init__(self) -> None:
        self.linear = Linear()
        self._scale = self._load()

    def _load(self) -> float:
        return float(len(open(__file__).read()) > 0)  # noqa: SIM115

    def save(self, path: str) -> None:
        Path(path).write_text(str(time.time()))

    def _half(self, value: float) -> float:
        return value / 2 * self._scale

    def __call__(self, image: Image) -> Tuple[float, ...]:
        return (self._half(self.linear(image).x_m), *(self._half(v) for v in (1.0, 2.0)))
