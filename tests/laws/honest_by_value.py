"""Components that look like those of offenders_by_value.py and keep every law; HONEST lists them."""

from __future__ import annotations

import enum
import math
import re
from typing import Any, Dict, FrozenSet, List, Literal, Optional, Tuple

import attrs
import numpy as np
from numpy.typing import NDArray

from droidlet_schema import Chat, FrozenMap, Key, Pose2, array, evolve, record

Array = NDArray[np.float64]
HONEST: List[str] = []


def honest(component: Any) -> Any:
    """Files a component among the honest ones."""
    HONEST.append(component.__name__)
    return component


@record
class Order:
    """What some of the components are given."""

    mode: str
    level: float
    count: int = 0
    urgent: bool = False


@record
class Sensed:
    """Numbers of a sensor."""

    ranges_m: NDArray[Any] = array("N", np.float32)
    frame: str = "base"


@record
class Tally:
    """A state."""

    n: int = 0
    seen: FrozenMap[str, int] = FrozenMap()


COLOURS = frozenset({"red", "green", "blue"})
STOP = {"the", "a", "of"}


@honest
def colours_sorted(text: str) -> Tuple[str, ...]:
    return tuple(sorted(set(text.split()) & {"red", "green", "blue"}))


@honest
def colours_in_their_order(heard: Chat) -> str:
    return " and ".join(word for word in heard.text.lower().split() if word in COLOURS)


@honest
def distinct_in_their_order(text: str) -> Tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in text.split() if word not in STOP))


@honest
def how_many_colours(text: str) -> Tuple[int, bool]:
    found = set(text.split()) & COLOURS
    return len(found), any(word.startswith("r") for word in found)


@honest
def first_of_the_colours(text: str) -> Optional[str]:
    return min(set(text.split()) & COLOURS, default=None)


@honest
def a_set_of_colours(text: str) -> FrozenSet[str]:
    return frozenset(text.split(",")) & COLOURS


@honest
def sums_over_a_set_of_numbers(values: List[int]) -> int:
    total = 0
    for value in {abs(v) % 7 for v in values}:
        total += value
    return total


@honest
def goes(heard: Chat) -> Tuple[str, str]:
    if heard.text.startswith("go to"):
        return "go", heard.text[len("go to") :].strip()
    return "", heard.text


@honest
def greets(heard: Chat) -> str:
    found = re.fullmatch(r"(hello|hi) (there|robot)[!.]?", heard.text)
    return f"hello {heard.speaker}" if found else ""


@honest
def refuses_a_mode(order: Order) -> float:
    if order.mode not in ("walk", "run", "stop"):
        raise ValueError(f'Order.mode is "walk", "run" or "stop", got {order.mode!r}')
    return {"walk": 1.0, "run": 3.0, "stop": 0.0}[order.mode] * order.level


@honest
def refuses_a_number(n: int) -> int:
    if n == 4711:
        raise ValueError(f"n is anything but 4711, got {n}")
    return n + 1


@honest
def fails_below_for_a_word(order: Order) -> float:
    return order.level / (0 if order.mode == "zero" else 1)


@honest
def an_expensive_branch(n: int) -> int:
    total = 0
    if 900 < n < 1000:
        for i in range(n * 20):
            total = (total * 31 + i) % 65537
    return total


@honest
def large_when_asked(n: int) -> int:
    return len(np.zeros(n)) if 0 <= n <= 500_000 else 0


@honest
def deep(n: int) -> int:
    return 0 if n <= 0 else 1 + deep(n - 1)  # ends with RecursionError for n beyond a thousand


@honest
class Threshold:
    """Reads what stands in itself."""

    LIMIT_M = 37.5

    def __init__(self) -> None:
        self.rooms = {"kitchen": 1, "bath": 2}

    def __call__(self, pose: Pose2) -> Tuple[bool, int]:
        return pose.y_m > self.LIMIT_M, self.rooms["bath"] if 1 < pose.x_m < 2 else 0


class Gait(enum.Enum):
    WALK = "walk"
    HOP = "hop"


@attrs.frozen
class Leg:
    gait: Gait = Gait.WALK
    speed_m_s: float = attrs.field(default=1.0, validator=attrs.validators.instance_of(float))


@honest
def hops(leg: Leg) -> float:
    return leg.speed_m_s * 2 if leg.gait is Gait.HOP else leg.speed_m_s


@honest
def clips_a_copy(values: Array, limit: float) -> float:
    if limit > 250.0:
        values = values.copy()
        values[values > 1.0] = 1.0
    return float(values.sum()) if values.size else 0.0


@honest
def clips_into_its_own(values: Array) -> Array:
    out = np.empty_like(values)
    np.clip(values, 0.0, 255.0, out=out)
    return out


@honest
def sorts_a_copy(names: List[str]) -> List[str]:
    return sorted(names, reverse="reverse" in names)


@honest
class GivesCopiesAway:
    def __init__(self) -> None:
        self.buffer = np.arange(4.0)

    def __call__(self, order: Order) -> Array:
        return self.buffer[:2].copy() if order.mode == "raw" else self.buffer[2:].copy()


@honest
def reversed_for_a_mode(values: Array, mode: str = "copy") -> Array:
    return np.array(values[..., ::-1]) if mode == "flip" else values.copy()


@honest
def refuses_half(values: np.ndarray) -> float:  # type: ignore[type-arg]
    if values.dtype == np.float16:
        raise ValueError(f"values are of dtype {values.dtype}, too coarse")
    return float(np.nansum(values, dtype=float))


@honest
def refuses_words(level: float) -> float:
    if isinstance(level, str):
        raise TypeError(f"level is a number, got {level!r}" + (", which resets" if level == "reset" else ""))
    if not isinstance(level, float) or math.isnan(level):
        raise ValueError(f"level is a number, got {level!r}")
    return level * 2.0


@honest
class Counts:
    """A state that grows, and a third step that is another."""

    def initial(self, key: Key) -> Tally:
        return Tally()

    def __call__(self, heard: Chat, state: Tally) -> Tuple[int, Tally]:
        if heard.text == "forget":
            return 0, Tally()
        seen = state.seen.set(heard.text, state.n) if state.n >= 3 else state.seen
        return len(seen), evolve(state, n=state.n + 1, seen=seen)


@honest
def near(sensed: Sensed) -> int:
    mask = np.asarray(sensed.ranges_m) < -0.125
    return int(mask.sum()) if sensed.frame == "laser" else 0


@honest
def a_declared_word(kind: Literal["a", "b", "rare"], speed: Optional[float] = None) -> str:
    if kind not in ("a", "b", "rare"):
        raise ValueError(f"kind is one of those declared, got {kind!r}")
    return kind * 2 if speed is not None and speed > 88.0 else kind


@honest
def codes(blob: bytes) -> str:
    return "png" if blob[:4] == b"\x89PNG" else "?"


_CACHE: Dict[str, int] = {"sweep": 3, "mop": 4}


@honest
def reads_a_table(order: Order) -> int:
    if order.mode in ("sweep", "mop") and order.count > 30 and order.urgent:
        return _CACHE[order.mode]
    return 0


@honest
def refuses_what_is_not_finite(values: Array) -> float:
    if not np.isfinite(values).all():
        raise ValueError(f"values are finite, got {values[~np.isfinite(values)][:1]} of dtype {values.dtype}")
    return float(values.sum())


@honest
def sides(values: Array) -> Tuple[int, ...]:
    if values.shape not in ((2, 3), (4, 4)):
        raise ValueError(f"values has shape (2, 3) or (4, 4), got shape {values.shape}")
    return values.shape
