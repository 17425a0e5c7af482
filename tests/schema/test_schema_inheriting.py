"""Records below one that is open have its fields and are records of their own."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

from droidlet_schema import (
    DecodeError,
    Pose2,
    RecordError,
    SchemaError,
    array,
    decode,
    digest,
    encode,
    evolve,
    fields_of,
    json_schema,
    record,
)
from droidlet_schema.strategies import of


@record(open=True, name="zoo.Animal")
class Animal:
    """The one above."""

    name: str
    legs: int = 4
    at: Optional[Pose2] = None
    mask: Optional[NDArray[Any]] = array("h w", np.bool_, default=None)

    def __attrs_post_init__(self) -> None:
        if self.legs < 0:
            raise ValueError(f"legs: {self.legs}")


@record
class Bird(Animal):
    """With a default overridden, an array beside the inherited one, and a field that has to be told."""

    legs: int = 2
    wings: NDArray[Any] = array("h w", np.float32)
    song: str


@record
class Owl(Bird):
    """Two levels down."""

    hoots: int = 0


def test_fields_come_from_above_then_their_own() -> None:
    assert fields_of(Owl) == ("name", "legs", "at", "mask", "wings", "song", "hoots")
    owl = Owl("Uhu", 2, None, np.ones((2, 3), bool), wings=np.zeros((2, 3), np.float32), song="hu")
    assert isinstance(owl, Animal) and issubclass(Owl, Bird) and not hasattr(owl, "__dict__")
    assert (owl.legs, owl.hoots, evolve(owl, hoots=3).hoots, Bird.__record__.tag) == (2, 0, 3, "zoo.Bird/1")
    assert owl.mask is not None and not owl.mask.flags.writeable


def test_what_is_checked_above_is_checked_below() -> None:
    wings = np.zeros((1, 1), np.float32)
    for wrong, message in (
        ({"legs": -1}, "legs: -1"),
        ({"name": 3}, "Bird.name"),
        ({"wings": np.zeros(1)}, "Bird.wings"),
        ({"mask": np.ones((2, 1), bool)}, "Bird.wings"),  # h is 2 above and 1 here
        ({"mask": wings}, "Bird.mask"),
    ):
        with pytest.raises((RecordError, ValueError), match=message):
            Bird(**{"name": "b", "wings": wings, "song": "", **wrong})
    with pytest.raises(TypeError, match="song"):
        Bird("b", wings=wings)


@pytest.mark.parametrize("kind", [Animal, Bird, Owl])
def test_they_travel_print_and_compare_as_themselves(kind: type) -> None:
    @given(of(kind).filter(lambda value: value.legs >= 0))
    def law(value: Any) -> None:
        back = decode(encode(value), kind)
        assert back == value and hash(back) == hash(value) and digest(back) == digest(value)
        assert type(decode(encode(value))) is kind
        make, arguments = value.__reduce__()
        assert make(*arguments) == value
        assert repr(value).startswith(kind.__name__)

    law()
    assert list(json_schema(kind)["$defs"])[0] == kind.__record__.tag  # type: ignore[attr-defined]


def test_one_below_is_no_value_of_the_one_above() -> None:
    plain = Animal("a")
    bird = Bird("a", wings=np.zeros((0, 0), np.float32), song="")
    assert plain != bird
    with pytest.raises(DecodeError, match="zoo.Animal/1"):
        decode(encode(bird), Animal)

    @record
    class Cage:
        animal: Animal

    with pytest.raises(RecordError, match="expected zoo.Animal, got Bird"):
        Cage(bird)


def test_what_does_not_inherit_well_is_said() -> None:
    class Forgotten(Animal):
        """No decorator."""

    with pytest.raises(SchemaError, match="write @record above it"):
        Forgotten("a")
    with pytest.raises(SchemaError, match="Late inherits fields from Forgotten"):
        record(type("Late", (Forgotten,), {}))
    with pytest.raises(SchemaError, match="Closed inherits from a record"):
        type("Closed", (Pose2,), {})
    with pytest.raises(SchemaError, match=r"Untyped.legs: a field needs its type"):
        record(type("Untyped", (Animal,), {"legs": 3}))
    with pytest.raises(SchemaError, match="only default that an array may have is None"):
        array("h w", np.bool_, default=3)
