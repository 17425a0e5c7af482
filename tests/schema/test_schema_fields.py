"""Fields: what they take, what they make of it, what they refuse and how they say so."""

from __future__ import annotations

import enum
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Dict, List, Literal, NewType, Optional, Set, Tuple, Union

import numpy as np
import pytest

from droidlet_schema import FrozenMap, Pose2, RecordError, SchemaError, Turn, array, field, record
from droidlet_schema.fields import kind_of

LONE = "a\ud800b"


class Small(enum.IntEnum):
    TWO = 2


class Word(str):
    def __str__(self) -> str:
        return "something else"


class Real(float):
    pass


class Raw(bytes):
    pass


def short(value: Any) -> str:
    """A name for a case."""
    if type(value) is int and abs(value) >= 10**30:
        return "huge"
    return ascii(value).partition(" at 0x")[0][:24]  # the same in every process


def taken(hint: Any, value: Any) -> Any:
    """What a field of this type makes of a value."""
    made = record(type("Holder", (), {"__annotations__": {"value": hint}, "__module__": __name__}))
    return made(value).value


@pytest.mark.parametrize(
    "hint, value, expected",
    [
        (int, np.int64(1), 1),
        (int, np.uint64(2**64 - 1), 2**64 - 1),
        (int, Small.TWO, 2),
        (int, -(2**63), -(2**63)),
        (int, 2**64 - 1, 2**64 - 1),
        (float, 1, 1.0),
        (float, np.float32(0.5), 0.5),
        (float, np.int8(3), 3.0),
        (float, Real(2.5), 2.5),
        (float, 10**300, 1e300),
        (float, math.inf, math.inf),
        (bool, np.bool_(True), True),
        (str, Word("hello"), "hello"),
        (str, np.str_("hello"), "hello"),
        (str, "naïve ☃ \U0001f600 \x00", "naïve ☃ \U0001f600 \x00"),
        (bytes, bytearray(b"ab"), b"ab"),
        (bytes, Raw(b"ab"), b"ab"),
        (None, None, None),
        (Tuple[int, ...], [1, np.int64(2)], (1, 2)),
        (Tuple[int, str], [1, Word("a")], (1, "a")),
        (Tuple[()], [], ()),
        (Optional[Tuple[float, float]], [1, 2], (1.0, 2.0)),
        (Union[int, float], 1, 1),
        (Union[int, float], 1.0, 1.0),
        (Union[float, str], 1, 1.0),
        (Union[float, str], np.float32(1), 1.0),
        (Union[int, float, None], np.float64(1), 1.0),
        (Union[bool, int], np.bool_(False), False),
        (Union[bool, int], np.int8(0), 0),
        (Literal[1, "a"], np.int64(1), 1),
        (Literal["a"], "a", "a"),
        (FrozenMap[str, float], FrozenMap({"a": 1}), FrozenMap({"a": 1.0})),
        (NewType("Metres", float), 1, 1.0),
    ],
    ids=short,
)
def test_values_are_brought_to_their_declared_type(hint: Any, value: Any, expected: Any) -> None:
    got = taken(hint, value)
    assert got == expected and type(got) is type(expected)
    if isinstance(expected, tuple):
        assert [type(item) for item in got] == [type(item) for item in expected]
    if isinstance(expected, FrozenMap):
        assert [type(item) for item in got.values()] == [type(item) for item in expected.values()]


@pytest.mark.parametrize(
    "hint, value, cause",
    [
        (int, True, "expected int"),
        (int, np.bool_(True), "expected int"),
        (int, 1.0, "expected int"),
        (int, np.float64(1), "expected int"),
        (int, "1", "expected int"),
        (int, np.array(1), "expected int"),
        (int, 2**64, "64 bits"),
        (int, -(2**63) - 1, "64 bits"),
        (int, 10**5000, "64 bits"),
        (float, True, "expected float"),
        (float, "1.0", "expected float"),
        (float, None, "expected float"),
        (float, 1j, "expected float"),
        (float, Decimal(1), "expected float"),
        (float, Fraction(1), "expected float"),
        (float, np.array(1.0), "expected float"),
        (float, 10**400, "too large"),
        (bool, 1, "expected bool"),
        (bool, 0.0, "expected bool"),
        (bool, None, "expected bool"),
        (str, b"a", "expected str"),
        (str, LONE, "lone surrogates"),
        (str, Word(LONE), "lone surrogates"),
        (bytes, "a", "expected bytes"),
        (bytes, memoryview(b"a"), "expected bytes"),
        (None, 0, "expected None"),
        (Literal[1], True, "one of 1"),
        (Literal["a", "b"], "c", "one of 'a', 'b'"),
        (Literal["a"], ["a"], "one of 'a'"),
        (Tuple[int, ...], 1, "a tuple of int"),
        (Tuple[int, ...], {1, 2}, "a tuple of int"),
        (Tuple[int, ...], np.array([1]), "a tuple of int"),
        (Tuple[int, str], (1,), "2 items, got 1"),
        (Tuple[str, ...], "ab", "a tuple of str"),
        (FrozenMap[str, int], {"a": 1}, r"wrap the dict: FrozenMap\(...\)"),
        (FrozenMap[str, int], FrozenMap({1: 1}), "expected str"),
        (Pose2, Turn(1.0), "expected Pose2"),
        (Pose2, None, "expected Pose2"),
        (Pose2, (1.0, 2.0, 3.0), "expected Pose2"),
        (Union[int, None], "a", "int or None"),
        (Union[Pose2, Turn], 5, "Pose2 or Turn"),
    ],
    ids=short,
)
def test_values_that_are_refused(hint: Any, value: Any, cause: str) -> None:
    with pytest.raises(RecordError, match=cause) as caught:
        taken(hint, value)
    assert str(caught.value).startswith("Holder.value")
    assert ", got " in str(caught.value) and len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "hint, value, path",
    [
        (Tuple[Tuple[float, ...], ...], ((1.0,), (1.0, "x")), "value[1][1]"),
        (FrozenMap[str, Tuple[int, ...]], FrozenMap({"a": (1, None)}), "value.'a'[1]"),
        (FrozenMap[int, FrozenMap[str, int]], FrozenMap({3: FrozenMap({"b": "c"})}), "value.3.'b'"),
        (Optional[Tuple[int, str]], (1, 2), "value[1]"),
    ],
)
def test_errors_name_the_path_of_the_value(hint: Any, value: Any, path: str) -> None:
    with pytest.raises(RecordError) as caught:
        taken(hint, value)
    assert caught.value.field == path and caught.value.record == "Holder"
    assert f"Holder.{path}: " in str(caught.value)


def test_the_error_says_field_value_and_cause() -> None:
    with pytest.raises(RecordError, match=r"^Pose2\.x_m: expected float, got 'far away'$"):
        Pose2("far away", 0.0, 0.0)  # type: ignore[arg-type]


def test_long_values_are_shown_short() -> None:
    endless: list[Any] = []
    endless.append(endless)
    for value in ("x" * 10**6, [list(range(1000))] * 1000, endless, np.zeros((500, 500)), 10**3000):
        with pytest.raises(RecordError) as caught:
            Pose2(value, 0.0, 0.0)
        assert len(str(caught.value)) < 200


class Unshowable:
    def __repr__(self) -> str:
        raise RuntimeError("no")


def test_values_whose_repr_raises() -> None:
    with pytest.raises(RecordError, match="Unshowable"):
        Pose2(Unshowable(), 0.0, 0.0)  # type: ignore[arg-type]


REFUSED_TYPES = [
    (List[int], r"tuple\[X, ...\]"),
    (list, r"tuple\[X, ...\]"),
    (Set[int], r"tuple\[X, ...\]"),
    (frozenset, r"tuple\[X, ...\]"),
    (Dict[str, int], "FrozenMap"),
    (dict, "FrozenMap"),
    (Any, "declared data"),
    (object, "fields hold"),
    (tuple, "say what it holds"),
    (Tuple, "say what it holds"),
    (FrozenMap, "say what it holds"),
    (np.ndarray, "array"),
    (complex, "fields hold"),
    (Small, "fields hold"),
    (FrozenMap[float, int], "keys are int or str"),
    (FrozenMap[Union[int, str], int], "keys are int or str"),
    (FrozenMap[bool, int], "keys are int or str"),
    (FrozenMap[str, List[int]], "tuple"),
    (Optional[List[int]], "tuple"),
    (Tuple[Dict[str, int], ...], "FrozenMap"),
    (Union[Tuple[int, ...], Tuple[str, str]], "two tuple types"),
    (Union[FrozenMap[str, int], FrozenMap[int, int]], "two FrozenMap types"),
    (Literal[Small.TWO], "literals are"),
]


@pytest.mark.parametrize("hint, advice", REFUSED_TYPES, ids=lambda v: str(v)[:40])
def test_types_that_no_field_can_have(hint: Any, advice: str) -> None:
    with pytest.raises(SchemaError, match=advice):
        kind_of(hint)
    with pytest.raises(SchemaError, match=r"Holder\.value: .*" + advice):
        record(type("Holder", (), {"__annotations__": {"value": hint}, "__module__": __name__}))


def test_a_union_of_two_records_of_one_name_is_refused() -> None:
    one, other = (
        record(type("Twin", (), {"__annotations__": {"x": kind}, "__module__": __name__}))
        for kind in (int, str)
    )
    with pytest.raises(SchemaError, match="same name and version: Twin/1, Twin/1"):
        kind_of(Union[one, other])


def test_an_underscore_is_refused() -> None:
    with pytest.raises(SchemaError, match="Hidden._x: fields are public"):
        record(type("Hidden", (), {"__annotations__": {"_x": int}}))


def test_a_field_without_a_default_behind_one_that_has_one_is_refused() -> None:
    fields = {"__annotations__": {"a": int, "b": int, "c": int}, "b": 1}
    with pytest.raises(SchemaError, match="Late.c has no default and comes after b, which has"):
        record(type("Late", (), fields))


def test_a_field_without_a_type_is_refused() -> None:
    for declared in (array("N", np.float32), field(default=1)):
        with pytest.raises(SchemaError, match="Untyped.x: a field needs its type"):
            record(type("Untyped", (), {"x": declared}))


@record
class Later:
    value: Optional[Missing] = None  # type: ignore[name-defined]  # noqa: F821


def test_a_name_that_never_comes_is_a_schema_error_at_first_use() -> None:
    with pytest.raises(SchemaError, match="Later: an annotation cannot be resolved: .*Missing"):
        Later()


def test_class_variables_and_methods_are_no_fields() -> None:
    @record
    class Limits:
        value: int = 3
        most: ClassVar[int] = 7
        least: ClassVar[int] = 1

        @property
        def room(self) -> int:
            return self.most - self.value

    assert type(Limits()).__record__.names == ("value",)  # type: ignore[attr-defined]
    assert Limits().room == 4 and Limits.least == 1


def test_defaults_are_checked_and_coerced_like_values() -> None:
    @record
    class Defaults:
        ratio: float = 1
        many: Tuple[int, ...] = field(default=[1, 2])

    @record
    class Wrong:
        ratio: float = "much"  # type: ignore[assignment]

    assert type(Defaults().ratio) is float and Defaults().many == (1, 2)
    with pytest.raises(RecordError, match="Wrong.ratio: expected float, got 'much'"):
        Wrong()


def test_a_convert_function_that_raises_is_a_record_error() -> None:
    @record
    class Split:
        words: Tuple[str, ...] = field(
            convert=lambda text: text.split() if isinstance(text, str) else tuple(text)
        )

    assert Split("a b").words == ("a", "b") == Split(("a", "b")).words  # type: ignore[arg-type]
    with pytest.raises(RecordError, match="Split.words: cannot be converted .*not iterable.*, got 5"):
        Split(5)  # type: ignore[arg-type]
