"""Digests agree between processes and hash seeds, and are fixed for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any, Literal, Optional, Tuple, Union

import numpy as np
import pytest
from numpy.typing import NDArray

from droidlet_schema import (
    And,
    Approach,
    Filters,
    FrozenMap,
    Key,
    Pose2,
    SemanticImage,
    Stop,
    Triple,
    array,
    digest,
    record,
)


@record
class Sample:
    image: NDArray[Any] = array("H 3", np.int8)
    pair: Tuple[str, Optional[int]]
    votes: FrozenMap[str, float]
    action: Union[Stop, Pose2]
    word: Literal["GREETING", "THANKS"] = "THANKS"


@record(name="Sample", version=2)
class Newer:
    parts: Tuple[Newer, ...] = ()


VALUES: dict[str, Any] = {
    "none": None,
    "true": True,
    "one": 1,
    "float one": 1.0,
    "text": "naïve ☃",
    "bytes": b"\x00\xff",
    "nothing": (),
    "map": FrozenMap({"b": (1, 2), "a": FrozenMap({2: None, -1: 2**64 - 1})}),
    "nan": float("nan"),
    "-0.0": -0.0,
    "array": np.arange(6, dtype=np.float32).reshape(2, 3),
    "0-d": np.array(7, np.uint8),
    "pose": Pose2(1.0, -2.5, 0.1),
    "stop": Stop(),
    "image": SemanticImage(np.arange(4, dtype=np.int32).reshape(2, 2)),
    "key": Key(7).split(2)[1],
    "sample": Sample(np.zeros((0, 3), np.int8), ("red", 2), FrozenMap({"chair": 2}), Stop(), "GREETING"),
    "version": Newer((Newer(),)),
}

GOLDEN = {
    "none": "043b4d56fb60091f1dd9da32c2e270ac",
    "true": "d3d1146969a7ecdbff6066020c45e541",
    "one": "66fee2554b39a75dd893612ae0e7c070",
    "float one": "0a3402e305bd4d5cf0b3127bc8cd790b",
    "text": "56999872d756ccd4a74ea19945b5b2f8",
    "bytes": "404094245f8d61ac5167fba8d7b633b1",
    "nothing": "68796a123f022414019399ef8cc1d95c",
    "map": "bc7f904727425769214b89ab6c52c6fb",
    "nan": "8fd3964b6cbd286ab4e41b580d915d00",
    "-0.0": "0239cacf157de2589a30c3ff7f10390a",
    "array": "c503282fdeae1f701bf2d579a932356d",
    "0-d": "eee699b25e2ff545bd996332f3d6c40b",
    "pose": "10063e8a4612f6e77697f55e7a97ab08",
    "stop": "5f9d9df8b6d018b517bc53666c67ef6c",
    "image": "e7d82b0c1617e584618bb8e54440fc49",
    "key": "7ca1c412c98d4d1a86944a95eb36f3ef",
    "sample": "d32bddb91536c882ca9e69b31fa19139",
    "version": "0816ec4d64e3e0d8cae48f03585a4681",
}


def digests() -> dict[str, str]:
    return {name: digest(value) for name, value in VALUES.items()}


@pytest.mark.parametrize("name", VALUES)
def test_digests_are_fixed_for_ever(name: str) -> None:
    assert digest(VALUES[name]) == GOLDEN[name]


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_digests_agree_between_processes_and_hash_seeds(seed: str) -> None:
    code = "import runpy, sys; print(sorted(runpy.run_path(sys.argv[1])['digests']().items()))"
    made = subprocess.run(
        [sys.executable, "-c", code, __file__],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.stdout.strip() == str(sorted(digests().items())), made.stderr


def test_no_two_of_them_are_alike() -> None:
    assert len(set(digests().values())) == len(VALUES)
    assert all(len(one) == 32 and set(one) <= set("0123456789abcdef") for one in digests().values())


def test_a_digest_does_not_depend_on_the_order_in_which_a_map_was_made() -> None:
    entries = [(f"key {n}", n) for n in range(20)]
    assert digest(FrozenMap(entries)) == digest(FrozenMap(entries[::-1]))


def test_the_border_between_header_and_frames_counts() -> None:
    pairs = [(np.zeros(2, np.uint8), np.zeros(3, np.uint8)), (np.zeros(3, np.uint8), np.zeros(2, np.uint8))]
    assert digest(pairs[0]) != digest(pairs[1])


def test_forms_that_mean_different_things_differ() -> None:
    chair, red = Triple("has_name", "chair"), Triple("has_colour", "red")
    wheres = [And(), And((chair,)), And((chair, red)), And((red, chair)), And((And((chair,)), red))]
    assert len({digest(Approach(Filters(where))) for where in wheres}) == len(wheres)
