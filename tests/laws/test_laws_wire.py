"""Inputs reach a child process as they were; what cannot travel says so."""

from __future__ import annotations

import dataclasses
import enum
import os
import time
from pathlib import Path
from typing import Any, NamedTuple, Tuple

import attrs
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from droidlet_laws import children, wire
from droidlet_laws.snapshot import Snapshot
from droidlet_schema import Frame, FrozenMap, Key, Pose2, record
from droidlet_schema.strategies import of
from droidlet_transport import load

FILE = str(Path(__file__).with_name("awkward.py"))
simple = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers()
)
arrays = st_numpy.arrays(st.sampled_from(["u1", "<f4", "<i8", "?"]), st_numpy.array_shapes(min_dims=0))
values = st.recursive(
    simple | arrays | of(Pose2) | of(Frame),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=6,
)


@given(values)
def test_there_and_back_is_the_identity(value: Any) -> None:
    sent = msgspec.msgpack.decode(msgspec.msgpack.encode(wire.pack(value)))
    assert Snapshot(wire.unpack(sent), "x").leaves == Snapshot(value, "x").leaves


def test_sets_scalars_and_maps_travel() -> None:
    for value in (
        {1, 2},
        frozenset({"a"}),
        np.float32(1.5),
        np.int8(3),
        2**80,
        FrozenMap({"a": Pose2(1.0, 2.0, 3.0)}),
    ):
        assert wire.unpack(wire.pack(value)) == value and type(wire.unpack(wire.pack(value))) is type(value)


@attrs.frozen
class Plain:
    size: Tuple[int, ...]


@dataclasses.dataclass
class Data:
    plain: Plain


class Corner(NamedTuple):
    x: float


class Colour(enum.Enum):
    RED = 1


class Senses(enum.Flag):
    SEES = enum.auto()
    HEARS = enum.auto()


def test_objects_of_declared_fields_travel() -> None:
    for value in (
        Senses.SEES | Senses.HEARS,
        Senses(0),
        Plain((1, 2)),
        Data(Plain(())),
        Corner(1.5),
        Colour.RED,
        {Colour.RED: [Corner(0.0)]},
    ):
        back = wire.unpack(wire.pack(value))
        assert back == value and type(back) is type(value)


def test_arrays_can_be_written_to_as_before() -> None:
    frozen = np.zeros(2)
    frozen.setflags(write=False)
    assert wire.unpack(wire.pack(np.zeros(2))).flags.writeable
    assert not wire.unpack(wire.pack(frozen)).flags.writeable


@pytest.mark.parametrize("value", [object(), np.array([object()]), lambda: 1, {"a": Path()}])
def test_what_cannot_travel(value: Any) -> None:
    with pytest.raises(wire.CannotTravel):
        wire.pack(value)


def test_records_of_a_function_cannot_travel() -> None:
    @record
    class Local:
        n: int

    with pytest.raises(wire.CannotTravel, match="defined inside a function"):
        wire.pack((Local(1),))


def test_children_are_killed_whatever_happens() -> None:
    with (
        pytest.raises(RuntimeError),
        children.children([children.PLAIN] * 2, [f"{FILE}:Static"], 20.0) as started,
    ):
        started[0].wait_loaded()
        raise RuntimeError("in the middle")
    assert all(child.process.returncode is not None for child in started)


def test_a_child_runs_what_it_is_sent() -> None:
    level = load(f"{FILE}:Level")
    with children.children([children.PLAIN], [f"{FILE}:nothing", f"{FILE}:Static"], 20.0) as (child,):
        data = children.request([level(2.0), level(3.0)], Key(0), 5.0)
        (((first, second),),) = children.run_all([child], [data])
        assert first != second == Snapshot(3.0, "result").digest
        assert children.leaves(child, [level(2.0)], Key(0), 0, 5.0) == {"result": "2.0"}


def test_a_shifted_clock_is_in_another_century(tmp_path: Path) -> None:
    (tmp_path / "clocks.py").write_text(
        "import datetime\nfrom time import time, time_ns, perf_counter\nfrom datetime import datetime as dt, date\n"
        "def clocks(n: int) -> tuple:\n"
        "    assert isinstance(datetime.datetime(2000, 1, 1), dt)\n"
        "    return (time() > 9e9, time_ns() > 9e18, perf_counter() > 9e9, dt.now().year, date.today().year)\n"
    )
    shifted = children.Setting("0", 1, True)
    with children.children([shifted], [f"{tmp_path}/clocks.py:clocks"], 20.0) as (child,):
        found = children.leaves(child, [1], Key(0), 0, 5.0)
    assert found == Snapshot((True, True, True, 2258, 2258), "result").leaves


def test_a_check_inside_a_child_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DROIDLET_LAWS_CHILD", "1")
    assert "__main__" in str(children.refuse_inside_child())
    monkeypatch.delenv("DROIDLET_LAWS_CHILD")
    assert children.refuse_inside_child() is None
    assert os.environ.get("DROIDLET_LAWS_CHILD") is None and time.time() < 9e9
