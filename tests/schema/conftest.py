"""Record classes made for testing, beside those that the package exports."""

from __future__ import annotations

from typing import Any, Literal, Optional, Tuple, Union

import numpy as np
import pytest
from numpy.typing import NDArray

import droidlet_schema
from droidlet_schema import FrozenMap, Key, array, field, record


@record
class Scalars:
    flag: bool
    count: int
    ratio: float
    text: str
    raw: bytes
    nothing: None


@record(name="zoo.Choices")
class Choices:
    small: Literal["a", 1, True, None, b"x"]
    number: Union[int, float]
    anything: Union[None, bool, int, float, str, bytes]


@record
class Nested:
    pair: Tuple[int, str]
    empty: Tuple[()]
    many: Tuple[float, ...]
    tables: Tuple[Tuple[Optional[int], ...], ...]
    either: Union[
        Tuple[Union[int, Scalars, FrozenMap[str, Tuple[bytes, ...]]], ...], FrozenMap[int, Scalars], Choices
    ]


@record
class Arrays:
    point: NDArray[Any] = array("", np.float64)
    row: NDArray[Any] = array("N", np.int64)
    cloud: NDArray[Any] = array("N 3", np.float32)
    waves: NDArray[Any] = array("... N", np.complex64)
    halves: NDArray[Any] = array("_ 2", np.float16)
    flags: NDArray[Any] = array("N N", np.bool_)


@record
class Maps:
    votes: FrozenMap[str, float] = FrozenMap()
    nested: FrozenMap[int, FrozenMap[str, Tuple[Optional[bool], ...]]] = FrozenMap()
    chosen: FrozenMap[Literal["x", "y"], Union[Arrays, None]] = FrozenMap()


@record(name="Renamed", version=3)
class Tree:
    value: Union[int, Tuple[float, float]]
    children: Tuple[Tree, ...] = ()
    named: FrozenMap[str, Tree] = FrozenMap()


@record
class Nothing:
    pass


@record
class Range:
    low: float
    high: float = 1.0

    def __attrs_post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"Range: low is at most high, got {self.low} and {self.high}")


@record
class Rounded:
    steps: int = field(
        convert=lambda value: round(value) if isinstance(value, float) and value == value else value
    )


ZOO = (Scalars, Choices, Nested, Arrays, Maps, Tree, Nothing, Range, Rounded)
_exported = (getattr(droidlet_schema, name) for name in droidlet_schema.__all__)
EXPORTED = tuple(found for found in _exported if isinstance(found, type) and "__record__" in vars(found))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`record_class` in a test's arguments: the test runs for every record class."""
    if "record_class" in metafunc.fixturenames:
        classes = sorted({*EXPORTED, Key, *ZOO}, key=lambda cls: cls.__name__)
        metafunc.parametrize("record_class", classes, ids=lambda cls: cls.__name__)


@pytest.fixture
def zoo() -> dict[str, type]:
    """The classes made for testing, by name."""
    return {cls.__name__: cls for cls in ZOO}
