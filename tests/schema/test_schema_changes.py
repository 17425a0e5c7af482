"""A value told as what has changed since another: it comes out the same, and what is the same stays where it is."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Optional, Tuple

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import (
    DecodeError,
    EncodeError,
    FrozenMap,
    Observation,
    Tracks,
    array,
    encode,
    evolve,
    record,
)
from droidlet_schema.changes import decode_change, encode_change
from droidlet_schema.strategies import of

LAW = settings(deadline=None, max_examples=20, database=None)


@record
class Chunk:
    cells: np.ndarray = array("N", np.uint8)
    name: str = ""


@record
class World:
    chunks: FrozenMap[int, Chunk]
    row: Tuple[Chunk, ...]
    pair: Tuple[int, Chunk]
    held: Optional[Chunk] = None
    step: int = 0
    level: float = 0.0


def chunk(number: int) -> Chunk:
    return Chunk(np.full(5000, number, np.uint8), f"chunk {number}")


def world() -> World:
    chunks = [chunk(number) for number in range(8)]
    return World(FrozenMap(dict(enumerate(chunks))), tuple(chunks[:3]), (1, chunks[4]))


def sent(value: Any, base: Any) -> Tuple[bytes, ...]:
    return tuple(bytes(frame) for frame in encode_change(value, base))


@pytest.mark.parametrize(
    ("change", "arrays"),
    [
        (lambda w: {}, 0),
        (lambda w: {"step": 7, "level": -0.0}, 0),
        (lambda w: {"chunks": w.chunks.set(3, chunk(9))}, 1),
        (
            lambda w: {"chunks": w.chunks.without(2).set(30, chunk(9)).set(4, evolve(w.chunks[4], name="x"))},
            1,
        ),
        (lambda w: {"row": (w.row[0], chunk(9), w.row[2])}, 1),
        (lambda w: {"row": w.row[:2]}, 2),
        (lambda w: {"pair": (2, w.pair[1])}, 0),
        (lambda w: {"held": w.row[0]}, 1),
    ],
)
def test_only_what_has_changed_travels_and_the_rest_stays_the_very_same(change, arrays):
    base = world()
    value = evolve(base, **change(base))
    frames = sent(value, base)
    made = decode_change(frames, base)
    assert made == value and type(made) is World and len(frames) == 1 + arrays
    assert sum(map(len, frames)) < 500 + arrays * 5100 < sum(map(len, encode(value)))
    for key, one in value.chunks.items():
        assert (made.chunks[key] is one) == (one is base.chunks.get(key))
    back = evolve(made, held=base.row[1])
    assert decode_change(sent(base, back), back) == base


@settings(LAW)
@given(pair=st.tuples(of(Tracks), of(Tracks)) | st.tuples(of(Observation), of(Observation)))
def test_any_value_is_a_change_of_any_other_of_its_class(pair: Any) -> None:
    value, base = pair
    assert decode_change(sent(value, base), base) == value
    assert decode_change(sent(value, value), value) is value


@settings(LAW, max_examples=100)
@given(data=st.data())
def test_whatever_the_bytes_it_is_a_value_or_one_error(data: st.DataObject) -> None:
    base = world()
    whole = list(sent(evolve(base, chunks=base.chunks.set(3, chunk(9)).without(1), row=base.row[::-1]), base))
    where = data.draw(st.integers(0, len(whole[0]) - 1))
    whole[0] = whole[0][:where] + data.draw(st.binary(max_size=3)) + whole[0][where + 1 :]
    if data.draw(st.booleans()):
        del whole[data.draw(st.integers(0, len(whole) - 1))]
    with suppress(DecodeError):
        assert type(decode_change(whole, base)) is World


@pytest.mark.parametrize(
    "plain",
    [
        None,
        {},
        {"fields": {"nobody": {"new": 1}}},
        {"fields": {"step": {"new": "1"}}},
        {"fields": {"step": {"fields": {}}}},
        {"fields": {"held": {"fields": {}}}},
        {"fields": {"row": {"items": [[3, {"new": None}]]}}},
        {"fields": {"row": {"items": [[-1, {"fields": {}}]]}}},
        {"fields": {"chunks": {"entries": [], "gone": [99]}}},
        {"fields": {"chunks": {"entries": [[99, {"fields": {}}]], "gone": []}}},
        {"fields": {"chunks": {"entries": [["a", {"new": 1}]], "gone": []}}},
        {"fields": {"chunks": {"entries": 1, "gone": []}}},
        {"fields": {"chunks": {"items": []}}},
        {"fields": {"row": {"items": []}, "chunks": {"items": [[0, {"new": 1}]]}}},
        {"items": []},
        {"items": [[0, {"fields": {}}]]},
        {"entries": [], "gone": []},
        {"new": 1},
    ],
)
def test_what_is_no_change_of_this_value_is_refused(plain):
    with pytest.raises(DecodeError):
        decode_change((msgspec.msgpack.encode(plain),), world())


@pytest.mark.parametrize(
    "frames", [(), (b"",), (b"\xc1",), (b"\x81\x80\x01",), (b"\x81\xa1\xff\x01",), (None,)]
)
def test_what_is_no_msgpack_is_no_change(frames):
    """Among it a table whose key is a table: what says so differs between versions of msgspec."""
    with pytest.raises(DecodeError):
        decode_change(frames, world())


@record
class Linked:
    next: Optional[Linked] = None
    number: int = 0


def test_a_change_too_deep_is_refused():
    base, value = Linked(), Linked(number=1)
    for _ in range(70):
        base, value = Linked(base), Linked(value)
    with pytest.raises(EncodeError, match="levels deep"):
        encode_change(value, base)


def test_what_is_new_in_a_change_is_no_deeper_than_any_value():
    deep: Any = None
    for number in range(70):
        deep = Linked(deep, number)
    with pytest.raises(EncodeError, match="levels deep"):
        encode_change(Linked(deep), Linked())
    plain: Any = None
    for _ in range(70):
        plain = {"$": "Linked/1", "next": plain}
    with pytest.raises(DecodeError, match="levels deep"):
        decode_change((msgspec.msgpack.encode({"fields": {"next": {"new": plain}}}),), Linked())


def test_a_record_made_of_a_change_is_checked_as_any():
    @record
    class Even:
        number: int

        def __attrs_post_init__(self) -> None:
            if self.number % 2:
                raise ValueError("odd")

    odd = msgspec.msgpack.encode({"fields": {"number": {"new": 3}}})
    with pytest.raises(DecodeError, match="odd"):
        decode_change((odd,), Even(2))


def test_tracks_share_what_did_not_move():
    tracks = Tracks((), 3)
    assert decode_change(sent(evolve(tracks, next_id=4), tracks), tracks) == Tracks((), 4)
