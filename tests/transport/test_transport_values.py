"""Values on the wire: what is closed stays closed wherever it lies, and what cannot travel is told by its place."""

from __future__ import annotations

import copy

import hypothesis.strategies as st
import msgspec
import numpy as np
import pytest
from hypothesis import given

from droidlet_schema import EncodeError, FrozenMap, Move, Turn, array, digest, encode, record
from droidlet_transport import CannotTravel, Opaque, ProtocolError
from droidlet_transport.values import frames_of, retold, unfit, value_of


@record
class Painted:
    name: str
    picture: np.ndarray = array("H W", np.uint8)


def closed(name, n):
    """The frames of a record that nobody has, with an array."""
    header, *arrays = encode(Painted(name, np.full((2, n), n, np.uint8)))
    return (header.replace(b"Painted/1", b"Unknown/1"), *map(bytes, arrays))


def opaque(name="one", n=3):
    return value_of(closed(name, n))


def test_a_record_that_nobody_knows_is_opaque_wherever_it_lies():
    one = opaque()
    assert one == Opaque("Unknown/1", closed("one", 3))
    whole = {"a": [one, 1, np.arange(3)], "b": {"c": opaque("two", 5)}, "known": Move(0.5)}
    back = value_of(frames_of(whole, "it"))
    assert back["a"][0] == one and back["b"]["c"] == opaque("two", 5) and back["known"] == Move(0.5)
    assert back["a"][1] == 1 and back["a"][2].tolist() == [0, 1, 2]
    assert copy.deepcopy(one) == one
    with pytest.raises(
        AttributeError, match="no 'name': this is a Unknown/1 whose class was not imported .* first$"
    ):
        one.name  # noqa: B018


def test_a_record_whose_name_another_one_has_here_is_opaque_too():
    """An agent need not import the records of its simulator, and they may well be called as ours."""
    header, *_ = encode(Move(0.5))
    theirs = (header.replace(b"distance_m", b"strides_xx"),)
    found = value_of(theirs)
    assert found == Opaque("Move/1", theirs)
    around = {"a": [found, Move(0.5)]}
    assert value_of(frames_of(around, "it")) == FrozenMap({"a": (found, Move(0.5))})
    with pytest.raises(
        AttributeError, match=r"of its name there is .*actions.Move.*, with other fields than strides_xx"
    ):
        found.strides_xx  # noqa: B018
    with pytest.raises(ProtocolError, match="distance_m"):  # what has the fields of ours is ours
        value_of((header[:-9] + b"\xc0",))


def test_tables_that_hold_what_is_closed_compare():
    def table(name):
        return FrozenMap({"a": FrozenMap({1: (opaque(name), np.ones(2))}), "b": np.nan})

    assert table("one") == table("one") != table("two")
    assert {table("one"): "found"}[table("one")] == "found"
    assert table("one") != table("one").set("a", b"")
    with pytest.raises(EncodeError, match="Opaque has no place on the wire"):
        digest(table("one"))


_leaves = st.none() | st.integers(-9, 9) | st.text(max_size=3) | st.builds(Turn, st.floats(-1, 1))
_leaves |= st.builds(opaque, st.text(max_size=2), st.integers(1, 4))
_trees = st.recursive(
    _leaves,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(max_size=2), inner).map(FrozenMap)
    ),
)


@given(_trees)
def test_any_tree_with_closed_records_comes_back_as_it_was(tree):
    frames = frames_of(tree, "it")
    assert repr(value_of(frames)) == repr(tree) and unfit(tree) is None
    assert list(map(bytes, frames_of(value_of(frames), "it"))) == list(map(bytes, frames))


@pytest.mark.parametrize(
    "header",
    [
        [{"$": "Unknown/1", "p": {"nd": 7, "dtype": "|u1", "shape": [1]}}],
        {"map": [[{"$": "Unknown/1"}]]},
        {"map": [["a", {"$": "Unknown/1"}], ["b", {"strange": 1}]]},
        [{"$": "Unknown/1"}, {"$": "Move/1", "distance_m": "far"}],
    ],
)
def test_garbage_around_a_closed_record_is_a_protocol_error(header):
    with pytest.raises(ProtocolError):
        value_of((msgspec.msgpack.encode(header), b"1"))


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"a": (1, {"b": object()})}, "argument 0['a'][1]['b'] of e"),
        ([[{"x": {1, 2}}]], "argument 0[0][0]['x'] of e"),
        (object(), "argument 0 of e"),
        (("\udc80", 1), "argument 0[0] of e"),
        ({"a": {(1, 2): 3}}, "argument 0['a'] of e"),
        ([opaque(), [2**80]], "argument 0[1][0] of e"),
    ],
)
def test_what_cannot_travel_is_told_by_its_path(value, place):
    with pytest.raises(CannotTravel) as caught:
        frames_of(value, "argument 0", "e")
    assert str(caught.value).startswith(f"{place} cannot travel: ")
    told = retold(CannotTravel("argument 2 of ask cannot travel"), "step", (1, value))
    assert str(told).startswith(
        place.replace("argument 0", "argument 1").replace(" of e", " of step") + " cannot"
    )
    by_name = retold(CannotTravel("x"), "step", (1,), {"speed": value})
    assert str(by_name).startswith(
        place.replace("argument 0", "argument 'speed'").replace(" of e", " of step")
    )


def test_what_holds_itself_is_told():
    endless = []
    endless.append(endless)
    with pytest.raises(CannotTravel, match="argument 0 of e cannot travel: it is too deep"):
        frames_of(endless, "argument 0", "e")


def test_a_result_is_told_by_the_name_that_the_caller_used():
    error = CannotTravel("the result['a'] of ask cannot travel: it is a socket")
    error.remote_traceback = "there"
    told = retold(error, "look", (1, "two"))
    assert (
        str(told) == "the result['a'] of look cannot travel: it is a socket"
        and told.remote_traceback == "there"
    )


_ARRAY = {"nd": 0, "dtype": "|u1", "shape": [1]}


@pytest.mark.parametrize(
    ("plain", "arrays"),
    [
        ({"map": [[1, 2], [1, 3]]}, 0),
        ([{"map": [["a", {"$": "Unknown/1"}], ["a", 1]]}], 0),
        ([{"$": "Unknown/1"}, _ARRAY, _ARRAY], 1),
        ([{"$": "Unknown/1"}, _ARRAY], 2),
        ([{"$": "Unknown/1"}, {**_ARRAY, "nd": -1}], 1),
        ({"map": [["a", {"$": "Unknown/1"}], [1, 2]]}, 0),
        ([{"$": "Move/1", "distance_m": {"$": "Unknown/1"}}], 0),
        ([[1], {"map": 1}], 0),
    ],
    ids=str,
)
def test_around_what_is_closed_the_rules_are_those_of_any_value(plain, arrays):
    with pytest.raises(ProtocolError):
        value_of((msgspec.msgpack.encode(plain), *[b"x"] * arrays))


def test_around_what_is_closed_values_are_no_deeper_than_others():
    plain = {"$": "Unknown/1"}
    for _ in range(60):
        plain = [plain]
    assert isinstance(value_of((msgspec.msgpack.encode(plain),)), tuple)
    with pytest.raises(ProtocolError):
        value_of((msgspec.msgpack.encode([[[[[[plain]]]]]]),))
