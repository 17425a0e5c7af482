"""What a record prints: everything where that is short, the beginning and a count where it is long."""

from __future__ import annotations

import pickle
import re
from typing import Any, Tuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from droidlet_schema import (
    Frame,
    FrozenMap,
    Intrinsics,
    Move,
    Pose,
    Pose2,
    SemanticImage,
    array,
    decode,
    encode,
    fields_of,
    record,
)
from droidlet_schema.strategies import of

LAW = settings(deadline=None, max_examples=10, database=None)


@record
class Bag:
    moves: Tuple[Move, ...] = ()
    numbers: Tuple[int, ...] = ()
    votes: FrozenMap[int, float] = FrozenMap()
    text: str = ""
    raw: bytes = b""


@record
class Small:
    turn: NDArray[Any] = array("3 _", np.int32)


@given(st.data())
@LAW
def test_every_record_prints_every_field_by_name(record_class: type, data: st.DataObject) -> None:
    value = data.draw(of(record_class))
    text = repr(value)

    assert text.startswith(f"{record_class.__name__}(") and text.endswith(")")
    at = 0
    for name in fields_of(record_class):
        at = text.index(f"{name}=", at) + 1


@given(of(Pose2, moderate=True))
@LAW
def test_short_records_print_what_makes_them_again(pose: Pose2) -> None:
    assert repr(Bag((Move(1.0),), (1, 2))) == (
        "Bag(moves=(Move(distance_m=1.0),), numbers=(1, 2), votes=FrozenMap({}), text='', raw=b'')"
    )
    assert eval(repr(pose)) == pose  # noqa: S307
    assert repr(Move(-0.0)) == "Move(distance_m=-0.0)"


def test_a_picture_prints_in_one_line() -> None:
    rgb = np.arange(48 * 64 * 3).astype(np.uint8).reshape(48, 64, 3)
    frame = Frame(rgb, np.full((48, 64), 1.8, np.float32), Intrinsics(64, 48, 1, 1, 1, 1), Pose(0, 0, 0))
    text = repr(frame)

    assert "rgb=array(0, 1, 2, ... of uint8 48x64x3)" in text
    assert "depth_m=array(1.8, 1.8, 1.8, ... of float32 48x64)" in text
    assert len(text) < 400 and "\n" not in text
    assert repr(SemanticImage(np.zeros((0, 5), np.int32))) == "SemanticImage(ids=array([], int32))"
    assert repr(Small(np.eye(3, 2, dtype=np.int32))) == "Small(turn=array([[1, 0], [0, 1], [0, 0]], int32))"


def test_long_tuples_maps_and_texts_say_how_much_is_left_out() -> None:
    many = Bag((Move(1.0),) * 1000, tuple(range(30)), FrozenMap(dict.fromkeys(range(99), 0.5)), "no " * 999)
    text = repr(many)

    left_out = re.search(r"Move\(distance_m=1.0\), \.\.\. (\d+) more\)", text)
    assert left_out and text.count("Move(") + int(left_out[1]) == 1000
    assert f"numbers={tuple(range(30))}, " in text
    assert "votes=FrozenMap({0: 0.5, 1: 0.5, " in text and " more})" in text
    assert "'... 2797 more, raw=b''" in text
    assert len(text) < 1200


def test_three_items_are_shown_however_long_they_are() -> None:
    long = tuple(Bag(numbers=tuple(range(n, n + 40))) for n in range(4))
    shown = repr(FrozenMap(enumerate(long)))

    assert shown.count("Bag(") == 3 and shown.endswith(", ... 1 more})")


def test_values_that_print_alike_are_still_told_apart() -> None:
    ids = np.zeros((40, 40), np.int32)
    other = ids.copy()
    other[20, 20] = 1
    one, two = SemanticImage(ids), SemanticImage(other)

    assert repr(one) == repr(two) and one != two
    assert pickle.loads(pickle.dumps(two)) == decode(encode(two)) == two  # noqa: S301


def test_a_record_may_print_itself_in_its_own_way() -> None:
    @record
    class Quiet:
        x: int

        def __repr__(self) -> str:
            return f"<{self.x}>"

    assert repr(Quiet(3)) == "<3>"


def test_a_class_inside_a_function_prints_without_it() -> None:
    @record
    class Inner:
        x: int

    assert repr(Inner(1)) == "Inner(x=1)"
