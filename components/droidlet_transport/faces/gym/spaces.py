"""Gymnasium's spaces, and the specs of its registry, as data and back."""

from __future__ import annotations

from typing import Any, Callable, Dict

import numpy as np
from gymnasium import spaces
from gymnasium.envs.registration import EnvSpec

from droidlet_transport.errors import CannotTravel

_SPACE, _SPEC = "gymnasium:space", "gymnasium:spec"  # the one key of a table that stands for such


class SpaceError(TypeError):
    """A space that has no form as data; names its place and its class."""


def data_of_space(space: Any, path: str = "the space") -> Dict[str, Any]:
    """A space as a tree of numbers, texts and arrays; one of a subclass as one of its base.

    Raises SpaceError, naming the place of what is none of Gymnasium's own.
    """
    for kind, told in _TOLD.items():
        if isinstance(space, kind):
            return {"kind": kind.__name__, **told(space, path)}
    raise SpaceError(
        f"{path} is {type(space).__name__}: only Gymnasium's own spaces travel, and subclasses of them "
        f"({', '.join(kind.__name__ for kind in _TOLD)})"
    )


def _parts(spaces_: Any, path: str) -> Dict[str, Any]:
    return {"parts": tuple(data_of_space(part, f"{path}[{n}]") for n, part in enumerate(spaces_))}


def _of_dict(space: Any, path: str) -> Dict[str, Any]:
    found = space.spaces.items()
    return {"parts": tuple((key, data_of_space(part, f"{path}[{key!r}]")) for key, part in found)}


def _of_text(space: Any, path: str) -> Dict[str, Any]:
    letters = "".join(space.character_list)
    return {"most": space.max_length, "least": space.min_length, "letters": letters}


def _of_multi_discrete(space: Any, path: str) -> Dict[str, Any]:
    return {"nvec": np.asarray(space.nvec), "start": np.asarray(space.start), "dtype": space.dtype.name}


def _of_graph(space: Any, path: str) -> Dict[str, Any]:
    edges = space.edge_space
    return {
        "nodes": data_of_space(space.node_space, f"{path}.node_space"),
        "edges": None if edges is None else data_of_space(edges, f"{path}.edge_space"),
    }


_TOLD: Dict[Any, Callable[[Any, str], Dict[str, Any]]] = {
    spaces.Box: lambda space, path: {"low": space.low, "high": space.high, "dtype": space.dtype.name},
    spaces.Discrete: lambda space, path: {
        "n": int(space.n),
        "start": int(space.start),
        "dtype": space.dtype.name,
    },
    spaces.MultiDiscrete: _of_multi_discrete,
    spaces.MultiBinary: lambda space, path: {"shape": space.shape, "flat": isinstance(space.n, int)},
    spaces.Text: _of_text,
    spaces.Dict: _of_dict,
    spaces.Tuple: lambda space, path: _parts(space.spaces, path),
    spaces.OneOf: lambda space, path: _parts(space.spaces, path),
    spaces.Sequence: lambda space, path: {
        "part": data_of_space(space.feature_space, f"{path}.feature_space"),
        "stack": bool(space.stack),
    },
    spaces.Graph: _of_graph,
}


def space_of_data(data: Dict[str, Any]) -> Any:
    """The space that the data stands for. Raises SpaceError for another kind."""
    kind = data["kind"]
    if kind not in _MADE:
        raise SpaceError(f"{str(kind)[:40]!r} is no kind of space that travels")
    return _MADE[kind](data)


def _discrete(data: Dict[str, Any]) -> Any:
    typed = {} if data["dtype"] == "int64" else {"dtype": _type(data)}
    return spaces.Discrete(data["n"], start=data["start"], **typed)


def _type(data: Dict[str, Any]) -> Any:
    return np.dtype(data["dtype"]).type


_MADE: Dict[str, Callable[[Dict[str, Any]], Any]] = {
    "Box": lambda data: spaces.Box(data["low"], data["high"], dtype=_type(data)),
    "Discrete": _discrete,
    "MultiDiscrete": lambda data: spaces.MultiDiscrete(data["nvec"], dtype=_type(data), start=data["start"]),
    "MultiBinary": lambda data: spaces.MultiBinary(data["shape"][0] if data["flat"] else data["shape"]),
    "Text": lambda data: spaces.Text(data["most"], min_length=data["least"], charset=data["letters"]),
    "Dict": lambda data: spaces.Dict([(key, space_of_data(part)) for key, part in data["parts"]]),
    "Tuple": lambda data: spaces.Tuple([space_of_data(part) for part in data["parts"]]),
    "OneOf": lambda data: spaces.OneOf([space_of_data(part) for part in data["parts"]]),
    "Sequence": lambda data: spaces.Sequence(space_of_data(data["part"]), stack=data["stack"]),
    "Graph": lambda data: spaces.Graph(
        space_of_data(data["nodes"]), data["edges"] and space_of_data(data["edges"])
    ),
}


def sent_of(value: Any, name: str) -> Any:
    """A space, or a spec of the registry, as a table that stands for it; whatever else it is, itself.

    Raises SpaceError, CannotTravel.
    """
    if isinstance(value, spaces.Space):
        return {_SPACE: data_of_space(value, name)}
    if isinstance(value, EnvSpec):
        try:
            return {_SPEC: value.to_json()}
        except (TypeError, ValueError) as error:
            raise CannotTravel(f"{name} cannot travel: {error}") from None
    return value


def value_of_sent(sent: Any) -> Any:
    """What `sent_of` had. Raises SpaceError."""
    if isinstance(sent, dict) and len(sent) == 1:
        if _SPACE in sent:
            return space_of_data(sent[_SPACE])
        if _SPEC in sent:
            return EnvSpec.from_json(sent[_SPEC])
    return sent
