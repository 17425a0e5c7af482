"""Gymnasium's spaces as data and back."""

from __future__ import annotations

from typing import Any, Dict

import numpy as np
from gymnasium import spaces


class SpaceError(TypeError):
    """A space that has no form as data; names its place and its class."""


def data_of_space(space: Any, path: str = "the space") -> Dict[str, Any]:
    """A space as a tree of numbers, texts and arrays. Raises SpaceError, naming the place of what is none of
    Box, Discrete, MultiDiscrete, MultiBinary, Text, Dict and Tuple.
    """
    kind = type(space)
    if kind is spaces.Box:
        return {"kind": "Box", "low": space.low, "high": space.high, "dtype": space.dtype.name}
    if kind is spaces.Discrete:
        return {"kind": "Discrete", "n": int(space.n), "start": int(space.start), "dtype": space.dtype.name}
    if kind is spaces.MultiDiscrete:
        told = {"nvec": np.asarray(space.nvec), "start": np.asarray(space.start)}
        return {"kind": "MultiDiscrete", **told, "dtype": space.dtype.name}
    if kind is spaces.MultiBinary:
        return {"kind": "MultiBinary", "shape": space.shape, "flat": isinstance(space.n, int)}
    if kind is spaces.Text:
        letters = "".join(space.character_list)
        return {"kind": "Text", "most": space.max_length, "least": space.min_length, "letters": letters}
    if kind is spaces.Dict:
        parts = tuple((key, data_of_space(part, f"{path}[{key!r}]")) for key, part in space.spaces.items())
        return {"kind": "Dict", "parts": parts}
    if kind is spaces.Tuple:
        found = enumerate(space.spaces)
        return {"kind": "Tuple", "parts": tuple(data_of_space(part, f"{path}[{n}]") for n, part in found)}
    raise SpaceError(
        f"{path} is a {kind.__name__}: only Box, Discrete, MultiDiscrete, MultiBinary, Text, Dict and Tuple travel"
    )


def space_of_data(data: Dict[str, Any]) -> Any:
    """The space that the data stands for. Raises SpaceError for another kind."""
    kind = data["kind"]
    if kind == "Box":
        return spaces.Box(data["low"], data["high"], dtype=np.dtype(data["dtype"]).type)
    if kind == "Discrete":
        typed = {} if data["dtype"] == "int64" else {"dtype": np.dtype(data["dtype"]).type}
        return spaces.Discrete(data["n"], start=data["start"], **typed)
    if kind == "MultiDiscrete":
        return spaces.MultiDiscrete(data["nvec"], dtype=np.dtype(data["dtype"]).type, start=data["start"])
    if kind == "MultiBinary":
        return spaces.MultiBinary(data["shape"][0] if data["flat"] else data["shape"])
    if kind == "Text":
        return spaces.Text(data["most"], min_length=data["least"], charset=data["letters"])
    if kind == "Dict":
        return spaces.Dict([(key, space_of_data(part)) for key, part in data["parts"]])
    if kind == "Tuple":
        return spaces.Tuple([space_of_data(part) for part in data["parts"]])
    raise SpaceError(f"{str(kind)[:40]!r} is no kind of space that travels")
