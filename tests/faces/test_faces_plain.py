"""What is like a dict, a list, a number or a text travels as one; named tuples keep their names."""

from __future__ import annotations

import enum
import struct
import subprocess
import sys
from collections import OrderedDict, UserDict, UserList, deque, namedtuple
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_schema import EncodeError, FrozenMap, decode, encode
from droidlet_transport import CannotTravel, ProtocolError
from droidlet_transport.plain import from_bytes, from_value, to_bytes, to_value
from droidlet_transport.values import frames_of


class Tree(Mapping):
    """As a configuration's container: a mapping that is no dict."""

    def __init__(self, **parts: Any) -> None:
        self.parts = parts

    def __getitem__(self, key: Any) -> Any:
        return self.parts[key]

    def __iter__(self) -> Any:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)


class Row(Sequence):
    """As a configuration's list."""

    def __init__(self, *items: Any) -> None:
        self.items = items

    def __getitem__(self, at: Any) -> Any:
        return self.items[at]

    def __len__(self) -> int:
        return len(self.items)


class Step(enum.IntEnum):
    FIRST = 0
    MID = 1


class Colour(enum.Enum):
    RED = "red"


class Name(str):
    pass


class TimeStep(NamedTuple):
    step_type: int
    reward: Any
    observation: Any = None


class quaternion:  # noqa: N801 - the name is what it is known by
    def __init__(self, *parts: float) -> None:
        self.w, self.x, self.y, self.z = parts


Local = namedtuple("Local", "a b")


def there(tree: Any) -> Any:
    return from_value(decode(encode(to_value(tree))))


def same(one: Any, other: Any) -> bool:
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return type(other) is dict and list(one) == list(other) and all(same(one[k], other[k]) for k in one)
    return type(one) is type(other) and one == other


leaf = st.sampled_from(
    [
        (Step.MID, 1),
        (Colour.RED, "red"),
        (Path("a/b"), "a/b"),
        (Name("x"), "x"),
        (MappingProxyType({"b": 1, "a": 2}), {"b": 1, "a": 2}),
        (OrderedDict(b=1, a=(2, 3)), {"b": 1, "a": (2, 3)}),
        (range(3), [0, 1, 2]),
        (quaternion(1.0, 0.0, -0.5, 0.25), (1.0, 0.0, -0.5, 0.25)),
        ({Colour.RED: 1, Name("k"): True}, {"red": 1, "k": True}),
        (0, 0),
        (-1, -1),
        (None, None),
    ]
)
pairs = st.recursive(
    leaf,
    lambda inner: (
        st.dictionaries(st.sampled_from("ab"), inner, max_size=2).map(
            lambda parts: (Tree(**{k: v[0] for k, v in parts.items()}), {k: v[1] for k, v in parts.items()})
        )
        | st.dictionaries(st.sampled_from("ab"), inner, max_size=2).map(
            lambda parts: (
                UserDict({k: v[0] for k, v in parts.items()}),
                {k: v[1] for k, v in parts.items()},
            )
        )
        | st.tuples(st.sampled_from([Row, lambda *i: UserList(i)]), st.lists(inner, max_size=3)).map(
            lambda made: (made[0](*(i[0] for i in made[1])), [i[1] for i in made[1]])
        )
        | st.lists(inner, max_size=3).map(lambda items: (deque(i[0] for i in items), [i[1] for i in items]))
        | st.tuples(inner, inner).map(
            lambda two: (TimeStep(1, two[0][0], two[1][0]), TimeStep(1, two[0][1], two[1][1]))
        )
    ),
    max_leaves=6,
)


@given(pair=pairs)
def test_what_is_like_a_plain_value_travels_as_one(pair):
    given_, expected = pair
    assert same(there(given_), expected)


def test_a_named_tuple_is_of_its_class_where_that_is_known_and_of_one_like_it_elsewhere():
    step = TimeStep(Step.FIRST, np.float32(0.5), {"x": np.ones(2)})
    back = there(step)
    assert (
        type(back) is TimeStep and type(back.reward) is np.float32 and back.observation["x"].flags.writeable
    )
    assert there(Local(1, [2])) == Local(1, [2]) and type(there(Local(1, 2))) is Local
    assert type(there(np.zeros((2, 3)).shape)) is tuple
    program = """
import sys
from droidlet_transport.plain import from_bytes
one, other = from_bytes(memoryview(sys.stdin.buffer.read()))
print(type(one) is type(other), type(one).__module__, one, one._replace(reward=2).reward)
"""
    data = b"".join(to_bytes((TimeStep(0, 1), TimeStep(1, 2)), "it"))
    got = subprocess.run(
        [sys.executable, "-c", program], input=data, capture_output=True, check=True, timeout=60
    )
    assert got.stdout.decode().strip() == (
        f"True {TimeStep.__module__} TimeStep(step_type=0, reward=1, observation=None) 2"
    )
    assert type(from_bytes(memoryview(data))[0]) is TimeStep


def test_a_name_that_is_no_such_class_here_gives_no_object_of_it():
    """Whoever sends may write anything: no class but one of named tuples with these fields is made."""
    for module, name in (("subprocess", "Popen"), ("builtins", "tuple"), ("collections", "OrderedDict")):
        made = from_value(FrozenMap({"py:named": (module, name, ("a", "b"), (1, 2))}))
        assert made == (1, 2) and made._fields == ("a", "b") and type(made).__mro__[1] is tuple
    for fields, values in ((("a; import os",), (1,)), (("a", "b"), (1,)), (("class",), (1,))):
        with pytest.raises(ProtocolError):
            from_value(FrozenMap({"py:named": ("m", "Name", fields, values)}))


def test_quaternions_are_numbers_w_x_y_z_unless_their_package_is_here(monkeypatch):
    assert there([quaternion(1, 2, 3, 4)]) == [(1.0, 2.0, 3.0, 4.0)]
    package = SimpleNamespace(quaternion=quaternion, as_quat_array=lambda parts: ("array", parts.shape))
    monkeypatch.setitem(sys.modules, "quaternion", package)
    back = there(quaternion(1, 2, 3, 4))
    assert isinstance(back, quaternion) and (back.w, back.z) == (1.0, 4.0)


def test_what_has_no_order_or_another_meaning_is_refused_still():
    for wrong in ({1, 2}, bytearray(b"x"), memoryview(b"x"), object(), 1j):
        with pytest.raises(EncodeError):
            encode(to_value(wrong))


@pytest.mark.parametrize(
    "value",
    [
        {"py:int": (1, 2)},
        {"py:int": "1" * 9000},
        {"py:what": "7"},
        {"py:list": 3},
        {"py:dict": ((1,),)},
        {"py:scalar": ()},
        {"py:quaternions": 1.0},
        {"py:named": ("m", "N", ("a", "a"), (1, 2))},
        {"py:named": ("m", "N", (), 0)},
        {"py:texts": ((1,), "O", ("a",))},
        {"py:texts": ((1,), "<U536870000", ("a",))},  # two gigabytes for a letter
        {"py:texts": ((2,), "<U1", ("a",))},
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_no_tree_becomes_is_told_as_such(value):
    for one in (FrozenMap(value), (1, FrozenMap({"in": FrozenMap(value)}))):
        with pytest.raises(ProtocolError):
            from_value(one)


@pytest.mark.parametrize("head", [(), (1 << 40,), ((1 << 64) - 1,), (1, 4), (0,), (1 << 61,)], ids=str)
def test_buffers_that_are_none_are_told_as_such(head):
    with pytest.raises(ProtocolError):
        from_bytes(memoryview(struct.pack(f"<{len(head)}Q", *head) + bytes(6)))


def test_what_is_out_of_all_proportion_is_told_where_it_is_sent():
    with pytest.raises(CannotTravel, match=r"the value\[0\] is a number of 20001 bits"):
        to_value([1 << 20000])
    with pytest.raises(CannotTravel, match="short texts"):
        to_value(np.zeros(5, "<U1000000"))
    wide = np.array(["a" * 30_000, "b"])
    assert np.array_equal(from_value(to_value(wide)), wide) and from_value(to_value(1 << 8000)) == 1 << 8000


class Tensor:
    """An array as another package has them; one on a device gives its numbers to nobody."""

    dtype = shape = property(lambda self: None)

    def __init__(self, numbers: Any) -> None:
        self.numbers = numbers

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        if self.numbers is None:
            raise TypeError("copy it to host memory first")
        return np.asarray(self.numbers, np.float32)


class Columns:
    """Gives an array, but is more than one, as a table of columns is."""

    shape = (2, 2)
    __array__ = Tensor.__array__


def test_another_packages_arrays_arrive_as_arrays():
    back = from_value(
        decode(encode(to_value({"w": [Tensor([[1, 2]])], "b": Tensor(3.0)})))  # in no alphabetical order
    )
    assert list(back) == ["w", "b"] and back["b"].shape == () and back["b"] == 3
    assert back["w"][0].dtype == np.float32 and back["w"][0].tolist() == [[1, 2]]
    with pytest.raises(
        CannotTravel, match=r"^the value\['w'\]\[0\] is Tensor, .*: copy it to host memory first"
    ):
        to_value({"w": [Tensor(None)]})
    with pytest.raises(CannotTravel, match="Columns"):
        to_bytes(Columns(), "it")


def test_what_cannot_travel_is_told_by_its_own_place():
    for tree, place in (
        ({"z": 1, "a": [2, {"s": {1}}]}, r"\['a'\]\[1\]\['s'\]"),
        ([[], ({"b": 1, "a": {1}},)], r"\[1\]\[0\]\['a'\]"),
    ):
        with pytest.raises(
            CannotTravel, match=rf"^argument 1{place} of act cannot travel: \{{1\}} of type set"
        ):
            frames_of(to_value(tree), "argument 1", "act")
    for odd in ({"py:list": {1}}, {"py:dict": (1, {1})}):  # which stand for nothing
        with pytest.raises(CannotTravel, match=r"^it\['py:\w+'\]\S* cannot travel: \{1\} of type set"):
            frames_of(odd, "it")
