"""What cannot be checked, or only in part."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from typing import TYPE_CHECKING, Any, Iterator, Tuple

from droidlet_schema import Key, record

if TYPE_CHECKING:
    from nowhere import Nothing

print("this file talks when it is loaded")  # noqa: T201
NUMBER = 7


@record
class Level:
    level: float


@record
class Count:
    n: int = 0


def raises_when_made() -> Any:
    raise ValueError("the weights are missing")


def makes_a_number() -> int:
    return 7


def makes_a_text() -> str:
    return "text"


def makes_a_function() -> Any:
    def twice(level: Level) -> float:
        return level.level * 2

    return twice


class NeedsWeights:
    def __init__(self, weights: Any) -> None:
        self.weights = weights

    def __call__(self, level: Level) -> float:
        return level.level


class Static:
    def __call__(self, level: Level) -> float:
        return level.level


class WithoutInitial:
    def __call__(self, level: Level, state: Count) -> Tuple[Level, Count]:
        return level, state


class InitialWithoutKey(WithoutInitial):
    def initial(self) -> Count:
        return Count()


class Stepped(WithoutInitial):
    def initial(self, key: Key) -> Count:
        return Count()


STEPPED = Stepped()


class OneArgumentButInitial(Static):
    def initial(self, key: Key) -> Count:
        return Count()


class ReturnsOnlyOutputs:
    def initial(self, key: Key) -> Count:
        return Count()

    def __call__(self, level: Level, state: Count) -> Level:
        return level


class RaisesInInitial(WithoutInitial):
    def initial(self, key: Key) -> Count:
        raise RuntimeError("no weights")


class OutOfSight(sqlite3.Connection):
    def __del__(self) -> None:
        self.close()


class HoldsConnection:
    def __init__(self) -> None:
        self.store = OutOfSight(":memory:")

    def __call__(self, level: Level) -> float:
        return level.level


def by_name_only(*, level: Level) -> float:
    return level.level


def says_nothing(anything):  # type: ignore[no-untyped-def]
    return anything


def says_any(anything: Any) -> Any:
    return anything


def unknown_hint(level: Nothing) -> Any:
    return level


class _Sealed:
    def __init__(self) -> None:
        raise ValueError("nobody makes one of these")


def no_values_for_it(sealed: _Sealed) -> Any:
    return sealed


def refuses_everything(level: Level) -> float:
    raise ValueError(f"level {level.level} is never right")


def exits(level: Level) -> float:
    sys.exit(3)


async def waits(level: Level) -> float:
    return level.level


def yields(level: Level) -> Iterator[float]:
    yield level.level


def hangs(level: Level) -> float:
    while True:
        time.thread_time_ns if False else None  # noqa: B018


_IN_CHILD = os.environ.get("DROIDLET_LAWS_CHILD") == "1"


def hangs_in_a_child() -> Any:
    while _IN_CHILD:
        pass
    return Static()


def _dies(level: Level) -> float:
    if _IN_CHILD:
        os.abort()
    return level.level


def dies_in_a_child() -> Any:
    return _dies


@record
class Config:
    gain: float = 2.0


class Agent(Stepped):
    def __init__(self, config: Config) -> None:
        self.config = config


def make(config: Config, key: Key) -> Tuple[Agent, Count]:
    agent = Agent(config)
    return agent, agent.initial(key)
