"""Record classes: frozen, alone, renamed, copied, evolved."""

from __future__ import annotations

import copy
import dataclasses
import gc
import pickle
import weakref
from typing import Any, Tuple

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import (
    DecodeError,
    Filters,
    Intrinsics,
    Key,
    Pose2,
    RecordError,
    SchemaError,
    SemanticImage,
    decode,
    encode,
    evolve,
    fields_of,
    is_record,
    record,
)
from droidlet_schema.strategies import of

LAW = settings(deadline=None, max_examples=10, database=None)


def test_records_are_frozen() -> None:
    pose = Pose2(1.0, 2.0, 3.0)
    for attempt in (
        lambda: setattr(pose, "x_m", 5.0),
        lambda: delattr(pose, "x_m"),
        lambda: setattr(pose, "z", 1),
    ):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            attempt()
    assert not hasattr(pose, "__dict__")


def test_records_do_not_inherit() -> None:
    with pytest.raises(SchemaError, match="Deeper inherits from a record"):
        type("Deeper", (Pose2,), {})

    @attrs.frozen
    class Base:
        x: int

    @dataclasses.dataclass
    class Data:
        x: int

    for base in (Base, Data):
        with pytest.raises(SchemaError, match=f"Mixed inherits fields from {base.__name__}"):
            record(type("Mixed", (base,), {"__annotations__": {"y": int}}))


def test_copies_are_the_value_itself(record_class: type) -> None:
    @LAW
    @given(of(record_class))
    def law(value: Any) -> None:
        assert copy.copy(value) is value and copy.deepcopy(value) is value

    law()


@LAW
@given(st.one_of(of(SemanticImage), of(Filters), of(Key), of(Pose2)))
def test_records_survive_pickling(value: Any) -> None:
    back = pickle.loads(pickle.dumps(value))  # noqa: S301
    assert back == value and type(back) is type(value)
    if isinstance(back, SemanticImage):
        assert not back.ids.flags.writeable


def test_errors_survive_pickling() -> None:
    with pytest.raises(RecordError) as refused:
        Pose2("far", 0.0, 0.0)  # type: ignore[arg-type]
    with pytest.raises(DecodeError) as broken:
        decode([b"\xc1"])
    for error in (refused.value, broken.value):
        back = pickle.loads(pickle.dumps(error))  # noqa: S301
        assert type(back) is type(error) and str(back) == str(error) and vars(back) == vars(error)


def test_evolve() -> None:
    pose = Pose2(1.0, 2.0, 3.0)
    assert evolve(pose, x_m=5) == Pose2(5.0, 2.0, 3.0) and pose == Pose2(1.0, 2.0, 3.0)
    assert evolve(pose) == pose
    with pytest.raises(TypeError, match="Pose2 has no field z_m; it has x_m, y_m, yaw_rad"):
        evolve(pose, z_m=1.0)
    with pytest.raises(RecordError, match="Pose2.x_m"):
        evolve(pose, x_m="far")
    with pytest.raises(TypeError, match="evolve takes a record, got int"):
        evolve(5, x=1)


def test_evolve_takes_any_field_name(zoo: dict[str, Any]) -> None:
    tree = zoo["Tree"](1)
    assert evolve(tree, value=2) == zoo["Tree"](2)
    with pytest.raises(ValueError, match="low is at most high"):
        evolve(zoo["Range"](0.0, 1.0), low=2.0)


def test_evolve_keeps_the_arrays() -> None:
    image = SemanticImage(np.zeros((2, 2), np.int32))
    assert evolve(image).ids is image.ids


def test_missing_and_unknown_arguments_are_type_errors() -> None:
    with pytest.raises(TypeError, match="y_m"):
        Pose2(1.0)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="z_m"):
        Pose2(1.0, 2.0, 3.0, z_m=4.0)  # type: ignore[call-arg]


def test_is_record_and_fields_of() -> None:
    assert is_record(Pose2(0, 0, 0)) and not is_record(Pose2) and not is_record(5)
    assert fields_of(Pose2) == ("x_m", "y_m", "yaw_rad")
    with pytest.raises(TypeError, match="int is no record class"):
        fields_of(int)


def test_name_and_version_are_those_on_the_wire(zoo: dict[str, Any]) -> None:
    frames = encode(zoo["Tree"](5))
    assert b"Renamed/3" in frames[0]
    assert decode(frames) == zoo["Tree"](5)

    @record(version=2)
    class Pose9:
        x_m: float

    assert b"Pose9/2" in encode(Pose9(1.0))[0]


def test_defining_a_class_again_replaces_it() -> None:
    def define() -> Any:
        @record
        class Again:
            x: int

        return Again

    first, second = define(), define()
    assert first is not second
    assert type(decode(encode(first(1)))) is second
    with pytest.raises(RecordError, match="Holder.inner: expected Again of .*test_schema_record"):
        holder = record(type("Holder", (), {"__annotations__": {"inner": second}, "__module__": __name__}))
        holder(first(1))


def test_records_may_name_one_another_and_themselves_inside_a_function() -> None:
    @record
    class Leaf:
        value: int

    @record
    class Branch:
        parts: Tuple[Leaf | Branch, ...] = ()

    tree = Branch((Leaf(1), Branch((Leaf(2),))))
    assert decode(encode(tree), Branch) == tree


def test_the_records_own_check_sees_all_fields_in_place(zoo: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Range: low is at most high, got 2.0 and 1.0"):
        zoo["Range"](2)


def test_records_can_be_referred_to_weakly() -> None:
    camera = Intrinsics(1, 1, 1.0, 1.0, 1.0, 1.0)
    seen = weakref.ref(camera)
    assert seen() is camera
    del camera
    gc.collect()
    assert seen() is None


def test_the_public_names_are_those_of_the_list() -> None:
    import droidlet_schema

    assert len(set(droidlet_schema.__all__)) == len(droidlet_schema.__all__)
    exported = {n for n, found in vars(droidlet_schema.records).items() if n[0].isupper()}
    assert exported == set(droidlet_schema.records.__all__) <= set(droidlet_schema.__all__)
    assert all(hasattr(droidlet_schema, name) for name in droidlet_schema.__all__)
