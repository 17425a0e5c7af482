"""The JSON Schema of a record takes every header of that record, and not much else."""

from __future__ import annotations

import base64
import json
from typing import Any, FrozenSet, Optional, Tuple, Union

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings

from droidlet_schema import (
    Detection,
    FrozenMap,
    LogicalForm,
    Pose2,
    SchemaError,
    SemanticImage,
    Turn,
    encode,
    json_schema,
    record,
)
from droidlet_schema.strategies import of

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
LAW = settings(deadline=None, max_examples=10, database=None)


def header(value: Any) -> Any:
    return as_text(msgspec.msgpack.decode(encode(value)[0]))


def as_text(plain: Any) -> Any:
    """The header as JSON holds it: bytes in base64."""
    if isinstance(plain, bytes):
        return base64.b64encode(plain).decode()
    if isinstance(plain, list):
        return [as_text(item) for item in plain]
    return {k: as_text(v) for k, v in plain.items()} if isinstance(plain, dict) else plain


def validator(kind: Any) -> Any:
    schema = json.loads(json.dumps(json_schema(kind)))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_headers_of_every_record_fit(record_class: type) -> None:
    check = validator(record_class)

    @LAW
    @given(of(record_class))
    def law(value: Any) -> None:
        check.validate(header(value))

    law()


@pytest.mark.parametrize(
    "hint", [LogicalForm, Tuple[Turn, ...], FrozenMap[int, Optional[Pose2]], Tuple[()], int]
)
def test_headers_of_other_types_fit(hint: Any) -> None:
    check = validator(hint)

    @LAW
    @given(of(hint))
    def law(value: Any) -> None:
        check.validate(header(value))

    law()


POSE = {"$": "Pose2/1", "x_m": 1.0, "y_m": 2.0, "yaw_rad": 3.0}
IMAGE = header(SemanticImage(np.zeros((2, 3), np.int32)))


@pytest.mark.parametrize(
    "kind, plain",
    [
        (Pose2, {**POSE, "$": "Pose2/2"}),
        (Pose2, {**POSE, "x_m": "far"}),
        (Pose2, {**POSE, "z_m": 1.0}),
        (Pose2, {k: v for k, v in POSE.items() if k != "x_m"}),
        (Pose2, {k: v for k, v in POSE.items() if k != "$"}),
        (SemanticImage, {**IMAGE, "ids": {**IMAGE["ids"], "dtype": "<i8"}}),
        (SemanticImage, {**IMAGE, "ids": {**IMAGE["ids"], "shape": [2, 3, 1]}}),
        (SemanticImage, {**IMAGE, "ids": {**IMAGE["ids"], "shape": [2, -3]}}),
        (SemanticImage, {**IMAGE, "ids": {**IMAGE["ids"], "nd": -1}}),
        (Union[Pose2, Turn], {"$": "Stop/1"}),
        (Tuple[int, str], [1]),
        (Tuple[int, str], [1, "a", 2]),
        (Tuple[()], [1]),
        (FrozenMap[str, int], {"map": [["a"]]}),
        (FrozenMap[str, int], {"map": [["a", 1.5]]}),
        (FrozenMap[str, int], {"a": 1}),
        (int, 2**64),
        (int, -(2**63) - 1),
    ],
    ids=lambda v: str(v)[:30],
)
def test_what_does_not_fit(kind: Any, plain: Any) -> None:
    assert not validator(kind).is_valid(plain)


def test_how_it_reads() -> None:
    schema = json_schema(SemanticImage)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$ref"] == "#/$defs/SemanticImage~11"
    made = schema["$defs"]["SemanticImage/1"]
    assert made["properties"]["$"] == {"const": "SemanticImage/1"}
    assert made["properties"]["ids"]["properties"]["dtype"] == {"const": "<i4"}
    axes = made["properties"]["ids"]["properties"]["shape"]["prefixItems"]
    assert [axis["title"] for axis in axes] == ["H", "W"]
    assert made["description"].startswith("Which object each pixel shows")


def test_fields_with_defaults_are_not_required() -> None:
    required = json_schema(Detection)["$defs"]["Detection/1"]["required"]
    assert required == ["$", "label", "score", "box", "colour", "mask"]


def test_every_record_stands_once_in_the_definitions() -> None:
    definitions = json_schema(LogicalForm)["$defs"]
    assert "Filters/1" in definitions and "Not/1" in definitions and "Pose2/1" not in definitions


def test_two_records_of_one_name_are_refused() -> None:
    one, other = (
        record(type("Twin", (), {"__annotations__": {"x": kind}, "__module__": __name__}))
        for kind in (int, str)
    )
    with pytest.raises(SchemaError, match="two records are named Twin/1"):
        json_schema(Tuple[one, other])


def test_what_is_no_field_type_is_refused() -> None:
    with pytest.raises(SchemaError):
        json_schema(FrozenSet[int])
