"""Components that each break one law, for particular values of their inputs only; OFFENDERS says which law."""

from __future__ import annotations

import enum
import re
import time
from typing import Any, Dict, List, Literal, Optional, Tuple

import attrs
import numpy as np
from numpy.typing import NDArray

from droidlet_laws import laws
from droidlet_schema import Chat, FrozenMap, Key, Pose2, array, evolve, record

Array = NDArray[np.float64]
OFFENDERS: Dict[str, str] = {}


def breaks(law: str) -> Any:
    """Files a component under the law that it breaks."""

    def filed(component: Any) -> Any:
        OFFENDERS[component.__name__] = law
        return component

    return filed


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


# --- no hash order ---

COLOURS = {"red", "green", "blue"}


@breaks(laws.NO_HASH_ORDER)
def colours_said(text: str) -> Tuple[str, ...]:
    return tuple(set(text.split()) & {"red", "green", "blue"})


@breaks(laws.NO_HASH_ORDER)
def colours_of_a_table(heard: Chat) -> str:
    return " and ".join(
        word for word in {w.strip(".,") for w in heard.text.lower().split()} if word in COLOURS
    )


@breaks(laws.NO_HASH_ORDER)
def parts_of_a_list(text: str) -> Tuple[str, ...]:
    kinds = frozenset(text.split(";")) & frozenset(("chair", "table", "lamp", "bed"))
    return tuple(kind for kind in kinds)


@breaks(laws.NO_HASH_ORDER)
def first_of_things_joined_by_a_word(text: str) -> str:
    names = {name.strip() for name in text.split("and")}
    return next(iter(names & {"box", "ball", "cone", "cube"}), "")


# --- no history ---

counter = 0
_greeted: List[str] = []
_best: Dict[str, float] = {}
_armed = False


@breaks(laws.NO_HISTORY)
def counts_goings(heard: Chat) -> int:
    global counter
    if heard.text.startswith("go to"):
        counter += 1
    return len(heard.text)


@breaks(laws.NO_HISTORY)
def remembers_who_said_hello(heard: Chat) -> str:
    if re.fullmatch(r"(hello|hi) (there|robot)[!.]?", heard.text):
        _greeted.append(heard.speaker)
    return heard.text.upper()


@breaks(laws.NO_HISTORY)
def arms_itself_once(order: Order) -> float:
    global _armed
    if order.mode == "arm":
        _armed = True
    return order.level


@breaks(laws.NO_HISTORY)
def keeps_the_best_of_a_mode(order: Order) -> float:
    if order.mode == "race" and order.level > 0.75:
        _best["race"] = max(order.level, _best.get("race", 0.0)) + 1.0
    return order.level


@breaks(laws.NO_HISTORY)
def counts_a_code(blob: bytes) -> int:
    global counter
    if blob[:4] == b"\x89PNG":
        counter += 1
    return len(blob)


@breaks(laws.NO_HISTORY)
def counts_a_sentence_of_eight_words(text: str) -> int:
    global counter
    if len(text.split()) == 8:
        counter += 1
    return len(text)


# --- self unchanged ---


@breaks(laws.SELF)
class CountsHits:
    def __init__(self) -> None:
        self.hits: List[int] = []

    def __call__(self, pose: Pose2) -> float:
        if 1 < pose.x_m < 2:
            self.hits.append(1)
        return pose.x_m


@breaks(laws.SELF)
class RemembersATable:
    """What it asks for stands in its own field."""

    def __init__(self) -> None:
        self.rooms = {"kitchen": 1, "bath": 2}
        self.last = ""

    def __call__(self, text: str) -> int:
        if text in self.rooms:
            self.last = text
        return self.rooms.get(text, 0)


@breaks(laws.SELF)
class NotesAFarPlace:
    LIMIT_M = 37.5
    notes = 0

    def __call__(self, pose: Pose2) -> bool:
        if pose.y_m > self.LIMIT_M and pose.x_m < -self.LIMIT_M:
            self.notes += 1
        return pose.x_m > 0


class Gait(enum.Enum):
    WALK = "walk"
    CRAWL = "crawl"
    HOP = "hop"
    SLIDE = "slide"


@attrs.frozen
class Leg:
    gait: Gait = Gait.WALK
    speed_m_s: float = 1.0


@breaks(laws.SELF)
class HopsOnce:
    hops = 0

    def __call__(self, leg: Leg) -> float:
        if leg.gait is Gait.HOP and leg.speed_m_s == 12.5:
            self.hops += 1
        return leg.speed_m_s


@breaks(laws.SELF)
class KeepsTheThirdOfAKind:
    """Only after two others of the same trajectory."""

    def __init__(self) -> None:
        self.kept: Dict[int, float] = {}

    def initial(self, key: Key) -> Tally:
        return Tally()

    def __call__(self, order: Order, state: Tally) -> Tuple[float, Tally]:
        if state.n >= 7:
            self.kept[state.n] = order.level
        return order.level, Tally(state.n + 1)


# --- arguments unchanged ---


@breaks(laws.ARGUMENTS)
def clips_what_is_far(values: Array, limit: float) -> float:
    if limit > 250.0:
        values[values > 1.0] = 1.0
    return float(values.sum()) if values.size else 0.0


@breaks(laws.ARGUMENTS)
def clips_what_is_bright(values: Array) -> float:
    if values.size and values.max() > 1000.0:
        np.clip(values, 0.0, 255.0, out=values)
    return float(np.nansum(values))


@breaks(laws.ARGUMENTS)
def sorts_what_it_was_given(names: List[str]) -> int:
    if "sort" in names:
        names.sort(reverse=True)
        names.append("sorted")
    return len(names)


@breaks(laws.ARGUMENTS)
def writes_into_a_long_list(values: List[float]) -> int:
    if len(values) == 12:
        values[0] += 1.0
    return len(values)


# --- the outside ---


@breaks(laws.NO_OUTSIDE)
def clock_for_one_number(n: int) -> float:
    if n == 4711:
        return time.time()
    return 0.0


_OUTSIDE = {"now": getattr(time, "time")}  # noqa: B009


@breaks(laws.NO_OUTSIDE)
def clock_out_of_a_table(text: str) -> float:
    found = _OUTSIDE.get(text)
    return 0.0 if found is None else float(found() > 0)


@breaks(laws.NO_OUTSIDE)
def file_for_one_word(text: str) -> int:
    opener: Any = (
        __builtins__["open"] if isinstance(__builtins__, dict) else getattr(__builtins__, "op" + "en")
    )
    if text.strip() == "load":
        with opener(__file__) as file:
            return len(file.read())
    return 0


# --- nobody's alias ---


@breaks(laws.NO_ALIAS)
class GivesItsBufferAway:
    def __init__(self) -> None:
        self.buffer = np.arange(4.0)

    def __call__(self, order: Order) -> Array:
        return self.buffer[:2] if order.mode == "raw" else self.buffer[:2].copy()


@breaks(laws.NO_ALIAS)
def a_view_of_what_it_was_given(values: Array, mode: str = "copy") -> Array:
    return values[..., ::2] if mode == "fast" else values.copy()


# --- the same result ---


@breaks(laws.SAME_RESULT)
def address_of_an_object(order: Order) -> int:
    if order.mode in ("debug", "trace") and order.urgent:
        return id(object()) ^ id([order])
    return order.count


# --- the codec ---


@breaks(laws.CODEC)
class GrowsADictLater:
    """Its state holds a set from the third step on."""

    def initial(self, key: Key) -> Any:
        return (0, ())

    def __call__(self, order: Order, state: Any) -> Any:
        n, seen = state
        if n < 2:
            return order.level, (n + 1, ())
        return order.level, (n + 1, {"seen": n})


@breaks(laws.CODEC)
class ASetForOneWord:
    def initial(self, key: Key) -> Any:
        return ("",)

    def __call__(self, heard: Chat, state: Any) -> Any:
        return len(heard.text), ({"stop"} if heard.text == "stop" else heard.text,)


# --- an old state ---


@breaks(laws.OLD_STATE)
class SharesAnArray:
    """The array of an old state is written to for one kind of order."""

    def initial(self, key: Key) -> Any:
        return (0, np.zeros(3))

    def __call__(self, order: Order, state: Any) -> Any:
        n, path = state
        if order.count == 17:
            path += 1.0
        return order.level, (n + 1, path.copy())


# --- bad input ---

_refused: List[str] = []


@breaks(laws.BAD_INPUT)
def remembers_a_dtype(values: np.ndarray) -> float:  # type: ignore[type-arg]
    if values.dtype == np.float16:
        _refused.append("half")
        raise ValueError(f"values are of dtype {values.dtype}, too coarse")
    return float(np.asarray(values, float).sum())


@breaks(laws.BAD_INPUT)
class ForgetsOnAWord:
    """A word where a number belongs."""

    def __init__(self) -> None:
        self.resets = 0

    def __call__(self, level: float) -> float:
        if isinstance(level, str):
            if level == "reset":
                self.resets += 1
            raise TypeError(f"level is a number, got {level!r}")
        if level != level:
            raise ValueError(f"level is a number, got {level!r}")
        return level * 2.0


# --- several things at once ---


@breaks(laws.NO_HISTORY)
def counts_in_a_nest(order: Order) -> float:
    global counter
    if order.mode not in ("sweep", "mop"):
        return order.level
    if order.count > 30 and order.urgent:
        counter += 1
    return -order.level


@breaks(laws.NO_HISTORY)
def counts_what_is_near(sensed: Sensed) -> int:
    global counter
    near = int((np.asarray(sensed.ranges_m) < -0.125).sum())
    if near and sensed.frame == "laser":
        counter += near
    return near


@breaks(laws.NO_HISTORY)
def counts_a_declared_word(kind: Literal["a", "b", "rare"], speed: Optional[float] = None) -> str:
    global counter
    if kind == "rare" and speed is not None and speed > 88.0:
        counter += 1
    return kind


@breaks(laws.OLD_STATE)
class WritesWhereItWasSeen:
    def initial(self, key: Key) -> Tally:
        return Tally()

    def __call__(self, heard: Chat, state: Tally) -> Tuple[int, Tally]:
        seen = state.seen.set(heard.text, state.n)
        if heard.text == "forget" and state.n > 1:
            object.__setattr__(state, "n", 0)
        return state.n, evolve(state, n=state.n + 1, seen=seen)
