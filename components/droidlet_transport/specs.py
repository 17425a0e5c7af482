"""What arrays of fixed shape and type a tree holds, and trees of such arrays: nested dicts and tuples."""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, Tuple

import numpy as np

from droidlet_schema import record

Tree = Any  # dicts with text keys and tuples, of leaves
_LOOSE = ("Text", "Graph", "Sequence", "OneOf")


class SpecError(ValueError):
    """A value that is not what its spec says; names the leaf, what it is and what was expected."""


@record
class ArraySpec:
    """The shape and the NumPy type, by name, of one array."""

    shape: Tuple[int, ...]
    dtype: str

    @property
    def nbytes(self) -> int:
        """How many bytes it takes."""
        return int(np.dtype(self.dtype).itemsize * np.prod(self.shape, dtype=np.int64))


@record
class AnySpec:
    """A value of no fixed shape, such as a text or a graph: it travels beside the arrays, and a batch is a tuple."""

    kind: str  # in words


def leaves(spec: Tree, path: str = "") -> List[Tuple[str, Any]]:
    """The ArraySpecs and AnySpecs of a spec with their paths, in the order in which they are laid out.

    Raises SpecError for what is no spec.
    """
    if isinstance(spec, AnySpec):
        return [(path, spec)]
    if isinstance(spec, ArraySpec):
        if np.dtype(spec.dtype).hasobject:
            raise SpecError(f"{path or 'the spec'} is of dtype {spec.dtype}: objects have no fixed form")
        return [(path, spec)]
    if isinstance(spec, dict):
        return [leaf for key, part in spec.items() for leaf in leaves(part, f"{path}[{key!r}]")]
    if isinstance(spec, tuple):
        return [leaf for n, part in enumerate(spec) for leaf in leaves(part, f"{path}[{n}]")]
    raise SpecError(
        f"{path or 'the spec'} is {type(spec).__name__}: an ArraySpec or AnySpec, or a dict or tuple of such"
    )


def flat(spec: Tree, value: Tree, path: str, strict: bool = True) -> List[Any]:
    """The leaves of a value in the spec's order. Raises SpecError where the tree is another; unless strict, what a dict
    has beside the spec's keys is left out.
    """
    if isinstance(spec, dict):
        if not hasattr(value, "keys") or (
            set(value) != set(spec) and (strict or not set(value) >= set(spec))
        ):
            told = sorted(map(str, value)) if hasattr(value, "keys") else type(value).__name__
            raise SpecError(f"{path} has {told}: its spec has the keys {sorted(spec)}")
        return [
            leaf for key, part in spec.items() for leaf in flat(part, value[key], f"{path}[{key!r}]", strict)
        ]
    if isinstance(spec, tuple):
        if not isinstance(value, (tuple, list)) or len(value) != len(spec):
            told = f"{len(value)} parts" if isinstance(value, (tuple, list)) else type(value).__name__
            raise SpecError(f"{path} has {told}: its spec has {len(spec)}")
        return [leaf for n, part in enumerate(spec) for leaf in flat(part, value[n], f"{path}[{n}]", strict)]
    return [value]


def packed(spec: Tree, found: Iterator[Any]) -> Tree:
    """The tree of a spec, its leaves taken one after the other; its named tuples have the names of the spec's."""
    if isinstance(spec, dict):
        return {key: packed(part, found) for key, part in spec.items()}
    if isinstance(spec, tuple):
        made = tuple(packed(part, found) for part in spec)
        return made if type(spec) is tuple else tuple.__new__(type(spec), made)
    return next(found)


def put(target: np.ndarray, value: Any, path: str, *, strict: bool) -> None:
    """Writes a leaf into its place. Raises SpecError for another shape or type; unless strict, for a type only if
    NumPy's "same_kind" does not allow it.
    """
    array = np.asarray(value)
    if array.shape != target.shape or (strict and array.dtype != target.dtype):
        raise _other(target, array, path)
    try:
        np.copyto(target, array)
    except TypeError:
        raise _other(target, array, path) from None


def _other(target: np.ndarray, array: np.ndarray, path: str) -> SpecError:
    return SpecError(f"{path} is {array.dtype} {array.shape}: its spec says {target.dtype} {target.shape}")


def spec_of_other(spec: Tree) -> Tree:
    """A spec with other people's leaves: what has a shape and a type of numbers, as dm_env's arrays have, becomes an
    ArraySpec. Whatever else is in it stays.
    """
    if isinstance(spec, Mapping):
        return {key: spec_of_other(part) for key, part in spec.items()}
    if isinstance(spec, (tuple, list)):
        parts = [spec_of_other(part) for part in spec]
        return type(spec)(*parts) if hasattr(spec, "_fields") else tuple(parts)
    shape, dtype = getattr(spec, "shape", None), getattr(spec, "dtype", None)
    if (
        isinstance(spec, ArraySpec)
        or not isinstance(shape, (tuple, list))
        or not isinstance(dtype, (type, np.dtype))
    ):
        return spec
    return ArraySpec(tuple(shape), np.dtype(dtype).name) if np.dtype(dtype).kind in "biufc" else spec


def spec_of_space(space: Any, path: str = "the space") -> Tree:
    """The spec of a Gymnasium space: arrays for Box, Discrete, MultiDiscrete and MultiBinary, AnySpec for Text, Graph,
    Sequence and OneOf, trees for Dict and Tuple; of a subclass, that of its base.

    Raises SpecError for others.
    """
    kinds = [kind.__name__ for kind in type(space).__mro__]
    parts: Any = getattr(space, "spaces", None)
    if "Dict" in kinds:
        return {key: spec_of_space(part, f"{path}[{key!r}]") for key, part in parts.items()}
    if "Tuple" in kinds:
        return tuple(spec_of_space(part, f"{path}[{n}]") for n, part in enumerate(parts))
    for kind in kinds:
        if kind in _LOOSE:
            return AnySpec(kind)
    shape, dtype = getattr(space, "shape", None), getattr(space, "dtype", None)
    if shape is None or dtype is None or np.dtype(dtype).kind not in "biufc":
        raise SpecError(
            f"{path} is {kinds[0]}: only Gymnasium's own spaces are known, and subclasses of them "
            "(Box, Discrete, MultiDiscrete, MultiBinary, Text, Graph, Sequence, OneOf, Dict, Tuple)"
        )
    return ArraySpec(tuple(shape), np.dtype(dtype).name)
