"""decode(encode(x)) is x, for every record and every kind of field."""

from __future__ import annotations

import dataclasses
import math
import struct
from typing import Any, Optional, Tuple, Union

import attrs
import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from droidlet_schema import (
    Action,
    DecodeError,
    EncodeError,
    Filters,
    FrozenMap,
    LogicalForm,
    Observation,
    Pose2,
    SemanticImage,
    TaskSpec,
    Tracks,
    Where,
    decode,
    digest,
    encode,
)
from droidlet_schema.frames import Frames
from droidlet_schema.packing import MAX_DEPTH
from droidlet_schema.strategies import of

LAW = settings(deadline=None, max_examples=25, database=None)


def same(one: Any, other: Any) -> bool:
    """Whether what was read is what was written, in type, layout and every bit; not by the package's own equality."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, (tuple, FrozenMap)):
        left = one if isinstance(one, tuple) else tuple(one.items())
        right = other if isinstance(other, tuple) else tuple(other.items())
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(one, float):
        wanted = other if other == other else math.nan  # the wire knows one NaN
        return np.float64(one).tobytes() == np.float64(wanted).tobytes()
    if hasattr(type(one), "__record__"):
        return all(same(getattr(one, n), getattr(other, n)) for n in type(one).__record__.names)
    return bool(one == other)


def arrays_in(value: Any) -> list[np.ndarray]:
    if isinstance(value, np.ndarray):
        return [value]
    if hasattr(type(value), "__record__"):
        value = tuple(getattr(value, n) for n in type(value).__record__.names)
    parts = value.values() if isinstance(value, FrozenMap) else value if isinstance(value, tuple) else ()
    return [found for part in parts for found in arrays_in(part)]


def test_round_trip_of_every_record(record_class: type) -> None:
    @LAW
    @given(of(record_class))
    def law(value: Any) -> None:
        frames = encode(value)
        sent = tuple(bytes(frame) for frame in frames)
        for back in (decode(sent, record_class), decode(frames, record_class), decode(sent)):
            assert same(back, value)
            assert back == value and hash(back) == hash(value) and digest(back) == digest(value)
            assert tuple(bytes(frame) for frame in encode(back)) == sent
            assert not any(found.flags.writeable for found in arrays_in(back))

    law()


HINTS = [
    LogicalForm,
    Where,
    Action,
    Tuple[Action, ...],
    Optional[TaskSpec],
    FrozenMap[str, Tuple[Pose2, ...]],
    Union[int, str, Tuple[float, ...], FrozenMap[int, bytes], None],
]


@pytest.mark.parametrize("hint", HINTS, ids=str)
def test_round_trip_of_types_that_are_no_record(hint: Any) -> None:
    @LAW
    @given(of(hint))
    def law(value: Any) -> None:
        frames = [bytes(frame) for frame in encode(value)]
        assert same(decode(frames, hint), value)
        assert same(decode(frames), value)

    law()


def test_every_nan_is_read_as_the_one_of_the_wire() -> None:
    for bits in ("fff8000000000000", "7ff0000000000001", "ffffffffffffffff"):
        value = (struct.unpack(">d", bytes.fromhex(bits))[0],)
        assert same(decode(encode(value), Tuple[float, ...]), value) and same(decode(encode(value)), value)
        assert encode(value) == encode((math.nan,))


loose = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(), inner, max_size=3).map(FrozenMap)
        | st.dictionaries(st.integers(-(2**63), 2**64 - 1), inner, max_size=3).map(FrozenMap)
    ),
    max_leaves=10,
)


@LAW
@given(loose)
def test_round_trip_without_any_declared_type(value: Any) -> None:
    frames = encode(value)
    assert digest(decode(frames)) == digest(value)
    assert encode(decode(frames)) == frames


@pytest.mark.parametrize(
    "array",
    [
        np.array(3.5),
        np.zeros((0, 4), np.uint8),
        np.arange(12.0).reshape(3, 4)[::2, ::-1],
        np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3)),
        np.array([np.nan, np.inf, -0.0]),
        np.array([1, 2], ">i4"),
        np.array([True, False]),
        np.array([1 + 2j], np.complex64),
    ],
    ids=["0-d", "empty", "strided", "fortran", "specials", "big-endian", "bool", "complex"],
)
def test_round_trip_of_arrays_alone(array: np.ndarray) -> None:
    back = decode([bytes(frame) for frame in encode(array)])
    assert back.shape == array.shape
    assert back.dtype == array.dtype.newbyteorder("<")
    assert back.tobytes() == array.astype(back.dtype).tobytes()


def test_arrays_travel_without_a_copy() -> None:
    image = SemanticImage(np.arange(6, dtype=np.int32).reshape(2, 3))
    frames = encode(image)
    assert np.shares_memory(np.frombuffer(frames[1], np.int32), image.ids)
    assert np.shares_memory(decode(frames, SemanticImage).ids, image.ids)
    sent = [bytes(frame) for frame in frames]
    assert np.shares_memory(decode(sent, SemanticImage).ids, np.frombuffer(sent[1], np.int32))


def test_fields_with_defaults_may_be_absent_on_the_wire() -> None:
    import msgspec

    header = msgspec.msgpack.encode({"$": "Filters/1", "memory_type": "ALL"})
    assert decode([header], Filters) == Filters(memory_type="ALL")


@attrs.frozen
class Plain:
    x: int


@dataclasses.dataclass
class Data:
    x: int


@pytest.mark.parametrize(
    "value, word",
    [
        ({"a": 1}, "FrozenMap"),
        ([1], "tuple"),
        ({1}, "tuple"),
        (np.int64(1), ".item()"),
        (np.float32(1), ".item()"),
        (object(), "object"),
        (HealthCheck.too_slow, "use its .value"),
        (Plain(1), "write @record above"),
        (Data(1), "write @record above"),
        ((1, (2, [3])), "tuple"),
        (Pose2, "type"),
        (np.array(["a"]), "dtype"),
        (np.array([1], np.longdouble), "dtype"),
        (np.array([None]), "dtype"),
        (np.ma.array([1]), "no place"),
        (2**64, "int"),
        (-(2**63) - 1, "int"),
        ("\ud800", "surrogate"),
    ],
    ids=lambda v: str(v)[:20].encode("ascii", "replace").decode(),
)
def test_what_has_no_place_on_the_wire(value: Any, word: str) -> None:
    with pytest.raises(EncodeError, match=word):
        encode(value)


def deep_tuple(levels: int) -> Any:
    value: Any = ()
    for _ in range(levels):
        value = (value,)
    return value


def deep_tree(tree: Any, levels: int) -> Any:
    value = tree(0)
    for _ in range(levels):
        value = tree(0, (value,))
    return value


def test_the_deepest_value_that_can_be_encoded_can_be_decoded(zoo: dict[str, Any]) -> None:
    deepest = deep_tuple(MAX_DEPTH)
    assert decode(encode(deepest)) == deepest
    tree = deep_tree(zoo["Tree"], MAX_DEPTH // 2 - 1)
    assert decode(encode(tree), zoo["Tree"]) == tree


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 5_000])
def test_deeper_values_are_an_encode_error(levels: int, zoo: dict[str, Any]) -> None:
    tree = deep_tree(zoo["Tree"], levels)
    for value in (deep_tuple(levels), tree, (tree,), FrozenMap({"a": 1, "b": tree}), (1, deep_tuple(levels))):
        with pytest.raises(EncodeError, match="levels deep"):
            encode(value)
        with pytest.raises(EncodeError, match="levels deep"):
            digest(value)


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 5_000])
def test_deeper_data_is_a_decode_error_wherever_it_is(levels: int, zoo: dict[str, Any]) -> None:
    deep: Any = []
    for _ in range(min(levels, 900)):  # the packer here goes no deeper
        deep = [deep]
    tree: Any = {"$": "Renamed/3", "value": 0, "children": [], "named": {"map": []}}
    for _ in range(min(levels, 300)):
        tree = {"$": "Renamed/3", "value": 0, "children": [tree], "named": {"map": []}}
    pose = {"$": "Pose2/1", "x_m": deep, "y_m": 0.0, "yaw_rad": 0.0}
    for inside in (deep, tree, pose, {"map": [["a", deep]]}, {"map": [[deep, 1]]}, {"x": deep}):
        for plain in (inside, [1, inside], {"map": [["a", 1], ["b", inside]]}):
            with pytest.raises(DecodeError):
                decode((msgspec.msgpack.encode(plain),))


@settings(LAW, max_examples=15)
@given(value=of(LogicalForm) | of(Observation) | of(Tracks))
def test_the_made_code_and_the_careful_way_read_the_same(value: Any) -> None:
    header, *frames = (bytes(frame) for frame in encode(value))
    plain, kind = msgspec.msgpack.decode(header), type(value).__record__.kind
    quick, careful = Frames(frames), Frames(frames)
    assert same(kind.read(plain, quick), kind.read_carefully(plain, careful))
    assert quick._taken == careful._taken == set(range(len(frames)))
