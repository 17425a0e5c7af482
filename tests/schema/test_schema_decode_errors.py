"""Whatever the bytes are, decode gives a value or one DecodeError with the path."""

from __future__ import annotations

import collections
import math
import resource
import struct
from typing import Any, Dict

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import droidlet_schema
from droidlet_schema import (
    Command,
    DecodeError,
    Detection,
    Filters,
    Frame,
    FrozenMap,
    Key,
    Observation,
    Pose2,
    SemanticImage,
    Track,
    Tracks,
    Turn,
    TurnForm,
    decode,
    digest,
    encode,
    from_json,
    record,
    to_json,
)
from droidlet_schema.strategies import of

LAW = settings(deadline=None, max_examples=60, database=None)
KINDS = [None, Observation, Detection, Tracks, Filters, Key, Command, int, str, FrozenMap[str, Pose2]]
to_bytes = msgspec.msgpack.encode


def value_or_decode_error(frames: Any, kind: Any) -> None:
    """Nothing but a value or a DecodeError; a value can be encoded again and is what it was decoded to."""
    try:
        value = decode(frames, kind)
    except DecodeError as error:
        assert str(error).startswith(f"at {error.path or 'the top'}: ") and error.cause
        assert len(str(error)) < 3000
        return
    assert digest(decode(encode(value), kind)) == digest(value)


@LAW
@given(st.lists(st.binary(max_size=60), max_size=3), st.sampled_from(KINDS))
def test_random_bytes(frames: list[bytes], kind: Any) -> None:
    value_or_decode_error(frames, kind)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.sampled_from(["$", "nd", "map", "shape", "dtype", "<f4", "Pose2/1", "Key/1", "Tracks/1"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["$", "nd", "dtype", "shape", "map", "words", "x_m"]) | st.integers(0, 9), inner
        )
        | st.fixed_dictionaries(
            {"$": st.sampled_from(["Pose2/1", "Key/1", "Filters/1", "And/1"]), "clauses": inner}
        )
        | st.fixed_dictionaries(
            {"nd": inner, "dtype": st.sampled_from(["<f4", "|u1", "<c16", "O"]), "shape": inner}
        )
        | st.fixed_dictionaries({"map": st.lists(st.lists(inner, max_size=3), max_size=3)})
    ),
    max_leaves=12,
)


@LAW
@given(plain, st.lists(st.binary(max_size=16), max_size=2), st.sampled_from(KINDS))
def test_well_formed_headers_of_nonsense(header: Any, frames: list[bytes], kind: Any) -> None:
    value_or_decode_error([to_bytes(header), *frames], kind)


def damaged(frames: list[bytes], data: st.DataObject) -> list[bytes]:
    """The frames with one thing wrong."""
    which = data.draw(st.integers(0, len(frames) - 1), "frame")
    frame = bytearray(frames[which])
    how = data.draw(st.sampled_from(["flip", "cut", "insert", "swap", "lose", "add", "twice"]), "damage")
    at = data.draw(st.integers(0, max(0, len(frame) - 1)), "position")
    if how == "flip" and frame:
        frame[at] ^= data.draw(st.integers(1, 255), "bits")
    elif how == "cut":
        del frame[at:]
    elif how == "insert":
        frame[at:at] = data.draw(st.binary(min_size=1, max_size=4), "bytes")
    elif how == "swap":
        return frames[::-1]
    elif how == "lose":
        return frames[:which] + frames[which + 1 :]
    elif how == "add":
        return [*frames, b"more"]
    elif how == "twice":
        return [*frames[: which + 1], *frames[which:]]
    return [*frames[:which], bytes(frame), *frames[which + 1 :]]


def test_damaged_encodings_of_every_record(record_class: type) -> None:
    @settings(LAW, max_examples=25)
    @given(of(record_class), st.data())
    def law(value: Any, data: st.DataObject) -> None:
        frames = damaged([bytes(frame) for frame in encode(value)], data)
        value_or_decode_error(frames, record_class)
        value_or_decode_error(frames, None)

    law()


def frames_of(value: Any) -> list[bytes]:
    return [bytes(frame) for frame in encode(value)]


IMAGE = frames_of(SemanticImage(np.zeros((2, 3), np.int32)))


@pytest.mark.parametrize(
    "frames",
    [IMAGE[:1], [*IMAGE, b""], [*IMAGE, IMAGE[1]], [IMAGE[0], IMAGE[1][:-1]], [IMAGE[0], b""], IMAGE[::-1]],
    ids=["missing", "empty extra", "repeated", "short", "emptied", "swapped"],
)
def test_frames_that_do_not_fit_the_header(frames: list[bytes]) -> None:
    for kind in (SemanticImage, None):
        with pytest.raises(DecodeError):
            decode(frames, kind)


def test_one_frame_cannot_be_two_arrays() -> None:
    array = {"nd": 0, "dtype": "|u1", "shape": [1]}
    with pytest.raises(DecodeError, match="every array frame once"):
        decode([to_bytes([array, array]), b"x"])


def test_frames_may_come_in_any_order_that_the_header_names() -> None:
    first, second = ({"nd": n, "dtype": "|u1", "shape": [1]} for n in (1, 0))
    assert [int(a[0]) for a in decode([to_bytes([first, second]), b"\x05", b"\x06"])] == [6, 5]


@pytest.mark.parametrize(
    "frames",
    [b"bytes", "text", None, 7, [], (), [7], [None], [10**15], iter([b"\xc0"])],
    ids=lambda v: repr(v).partition(" at 0x")[0],  # the same names in every process
)
def test_what_is_no_sequence_of_frames(frames: Any) -> None:
    for kind in (None, Pose2):
        with pytest.raises(DecodeError):
            decode(frames, kind)


@pytest.mark.parametrize("frame", [None, 10**15, "text", np.zeros((4, 4), np.int32)[:, ::2]], ids=str)
def test_array_frames_that_are_no_bytes(frame: Any) -> None:
    with pytest.raises(DecodeError, match="array frame 0"):
        decode([IMAGE[0], frame], SemanticImage)


BOMBS = {
    "lists": b"\x91" * 100_000 + b"\xc0",
    "short lists": b"\x91" * 900 + b"\xc0",
    "maps": b"\x81\xa1a" * 100_000 + b"\xc0",
    "map pairs": b"\x81\xa3map\x91\x92\x01" * 300 + b"\xc0",
    "records": b"\x82\xa1$\xa5Not/1\xa6clause" * 300 + b"\xc0",
    "inside an array": b"\x83\xa2nd" * 300 + b"\xc0",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
@pytest.mark.parametrize("kind", [None, droidlet_schema.Where, Filters, int], ids=str)
def test_deep_nesting(bomb: bytes, kind: Any) -> None:
    with pytest.raises(DecodeError):
        decode([bomb], kind)


CLAIMS = {"array": 0xDD, "map": 0xDF, "bytes": 0xC6, "text": 0xDB, "extension": 0xC9}


@pytest.mark.parametrize("code", CLAIMS.values(), ids=CLAIMS.keys())
@pytest.mark.parametrize("length", [2**32 - 1, 2**31, 10**8])
@pytest.mark.parametrize(
    "before", [b"", b"\x91" * 40, b"\xdd\x05\xf5\xe1\x00" * 40], ids=["alone", "nested", "each"]
)
def test_claimed_lengths_take_no_memory(code: int, length: int, before: bytes) -> None:
    had = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DecodeError):
        decode([before + bytes([code]) + struct.pack(">I", length) + b"\x00" * 100])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - had < 64 * 1024  # KiB


@pytest.mark.parametrize(
    "shape", [[2**61, 8], [2**31, 2**31], [0, 2**62], [2**40, 0, 2**40], [1] * 33, [-1], [True]]
)
def test_claimed_shapes_take_no_memory(shape: list[int]) -> None:
    header = to_bytes({"nd": 0, "dtype": "<f4", "shape": shape})
    value_or_decode_error([header, b""], None)
    with pytest.raises(DecodeError):
        decode([header, b"\x00" * 12])


POSE = {"$": "Pose2/1", "x_m": 1.0, "y_m": 2.0, "yaw_rad": 3.0}
TRACK = Track(1, "chair", "red", 0.5, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), 0, 0)


@pytest.mark.parametrize(
    "header, kind, path, cause",
    [
        ({**POSE, "x_m": "far"}, Pose2, "x_m", "expected float"),
        ({**POSE, "z_m": 1.0}, Pose2, "z_m", "no such field"),
        ({"$": "Pose2/1", "x_m": 1.0}, Pose2, "", "lacks y_m, yaw_rad"),
        ({**POSE, "$": "Pose2/2"}, Pose2, "", "expected the record Pose2/1"),
        ({**POSE, "$": "Unheard/1"}, None, "", "import the module"),
        ({"$": ["Pose2/1"]}, None, "", "known record"),
        ([1, [POSE, {**POSE, "y_m": None}]], None, "[1][1].y_m", "expected float"),
        ({"map": [["a", 1], ["a", 2]]}, None, "", "every key once"),
        ({"map": [["a", 1], ["a", 1]]}, FrozenMap[str, int], "", "every key once"),
        ({"map": [["a", 1], [2, 2]]}, None, "", "all int or all str"),
        ({"map": [["a", {**POSE, "y_m": True}]]}, FrozenMap[str, Pose2], "'a'.y_m", "expected float"),
        (
            {"$": "TurnForm/1", "facing": {"$": "Turn/1", "angle_rad": 1.0}},
            TurnForm,
            "facing",
            "record Facing/1",
        ),
        ({"$": "Turn/1", "angle_rad": 1}, int, "", "expected int"),
        ({"$": "Key/1", "words": [1, -1], "counter": 0}, Key, "", "not negative"),
        ({"$": "Key/1", "words": [1], "counter": 0}, Key, "words", "2 items"),
        ({"a": 1}, None, "", "expected a record, a map or an array"),
        (msgspec.msgpack.Ext(5, b"x"), None, "", "expected plain data"),
    ],
    ids=lambda v: str(v)[:24],
)
def test_errors_say_where_and_why(header: Any, kind: Any, path: str, cause: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode([to_bytes(header)], kind)
    assert caught.value.path == path and cause in caught.value.cause
    assert cause in str(caught.value) and (path or "the top") in str(caught.value)


def test_the_path_leads_into_tuples_and_maps() -> None:
    header = msgspec.msgpack.decode(encode(Tracks((TRACK, TRACK)))[0])
    header["tracks"][1]["label_votes"]["map"] = [["chair", "many"]]
    with pytest.raises(DecodeError) as caught:
        decode([to_bytes(header)], Tracks)
    assert caught.value.path == "tracks[1].label_votes.'chair'" and caught.value.value == "many"


def test_axis_names_are_checked_when_decoding() -> None:
    frame = Frame(
        np.zeros((2, 3, 3), np.uint8),
        np.zeros((2, 3), np.float32),
        droidlet_schema.Intrinsics(3, 2, 1.0, 1.0, 1.0, 1.0),
        droidlet_schema.Pose(0.0, 0.0, 0.0),
    )
    frames = frames_of(frame)
    header = msgspec.msgpack.decode(frames[0])
    header["depth_m"]["shape"] = [3, 2]
    with pytest.raises(DecodeError, match="H = 2") as caught:
        decode([to_bytes(header), *frames[1:]], Frame)
    assert caught.value.path == "depth_m"


def test_a_check_of_the_records_own_is_a_decode_error(zoo: dict[str, Any]) -> None:
    for header in ({"$": "Range/1", "low": 2.0, "high": 1.0}, {"$": "Range/1", "low": 2.0}):
        with pytest.raises(DecodeError, match="low is at most high"):
            decode([to_bytes(header)], zoo["Range"])


def test_writable_frames_are_copied() -> None:
    memory = bytearray(IMAGE[1])
    for frame in (memory, memoryview(memory), memoryview(memory).toreadonly()):
        for kind in (SemanticImage, None):
            image = decode([IMAGE[0], frame], kind)
            memory[0] = 9
            assert image.ids[0, 0] == 0
            memory[0] = 0


def test_frames_may_come_in_any_sequence() -> None:
    for sequence in (list, tuple, collections.deque):
        assert decode(sequence(IMAGE), SemanticImage).ids.tolist() == [[0, 0, 0], [0, 0, 0]]


def test_two_records_of_one_name_are_ambiguous_without_a_kind() -> None:
    namespace = "one", "other"
    one, other = (
        record(type("Doubled", (), {"__annotations__": {"x": int}, "__module__": module}))
        for module in namespace
    )
    frames = encode(one(1))
    with pytest.raises(DecodeError, match="several records of this name .*one.Doubled, other.Doubled"):
        decode(frames)
    assert decode(frames, one) == one(1)
    assert decode(frames, other) == other(1) and one(1) != other(1)


def _named(module: str, fields: Dict[str, type], **defaults: int) -> type:
    members = {"__annotations__": fields, "__module__": module, **defaults}
    return record(type(module.split(".")[0].title(), (), members))


def test_records_of_one_name_are_told_apart_by_their_fields() -> None:
    first = _named("alike.first", {"x": int})
    second = _named("alike.second", {"x": int, "y": int}, y=0)
    third = _named("alike.third", {"name": str})
    values = (first(1), second(1), second(2, 3), third("x"), FrozenMap({"a": (first(4), third("y"))}))
    assert decode(encode(values)) == values
    for value in values:
        assert decode(encode(value)) == value
        assert from_json(to_json(value)) == value
    with pytest.raises(DecodeError, match=r'alike.third.Alike.*@record\(name="mine.Alike"\)'):
        decode([encode(first(1))[0].replace(b"x", b"z")])


def test_of_records_of_one_name_the_one_is_meant_that_can_do_with_what_is_given() -> None:
    one = _named("given.one", {"x": int, "more": int}, more=1)
    _named("given.other", {"y": int, "more": int}, more=2)
    assert decode([msgspec.msgpack.encode({"$": "Given/1", "x": 5, "more": 1})]) == one(5)
    assert decode([msgspec.msgpack.encode({"$": "Given/1", "y": 5})]).more == 2


def test_decode_refuses_a_kind_that_is_none() -> None:
    for kind in (list, dict, object, "Pose2", np.ndarray, [int], {}, np.zeros(2)):
        with pytest.raises(droidlet_schema.SchemaError):
            decode([b"\xc0"], kind)


def test_a_nan_of_other_bits_is_read_as_the_one_nan() -> None:
    nan = math.nan
    for header in (encode(Pose2(nan, nan, nan))[0], encode((nan, FrozenMap({"a": nan})))[0]):
        other = header.replace(struct.pack(">d", nan), struct.pack(">Q", 0xFFF8_0000_0000_0001))
        assert other != header
        assert digest(decode([other])) == digest(decode([header]))
        assert encode(decode([other]))[0] == header


def test_a_turn_is_a_turn() -> None:
    assert decode(encode(Turn(1)), droidlet_schema.Action) == Turn(1.0)
