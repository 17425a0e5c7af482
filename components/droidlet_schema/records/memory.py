"""What the parts exchange about memory: questions, answers and changes, as data."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from droidlet_schema.arrays import WIRE_DTYPES
from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.record import record
from droidlet_schema.records.filters import Filters, Triple
from droidlet_schema.records.geometry import Pose2


@record
class ArrayValue:
    """An array among the properties of a node, as one value: `ArrayValue.of(array)`, `value.array`."""

    dtype: str  # little-endian, as numpy writes it: "<f4", "|b1"
    shape: Tuple[int, ...]
    data: bytes  # in C order

    def __attrs_post_init__(self) -> None:
        """Raises ValueError for a dtype that has no place on the wire, and for too few or too many bytes."""
        dtype, count = WIRE_DTYPES.get(self.dtype), 1
        if dtype is None:
            raise ValueError(f"ArrayValue.dtype: expected one such as '<f4', got {self.dtype!r}")
        for length in self.shape:
            count *= length
        if min(self.shape, default=0) < 0 or count * dtype.itemsize != len(self.data):
            raise ValueError(
                f"ArrayValue.data: {self.dtype} of shape {self.shape} has not {len(self.data)} bytes"
            )

    @staticmethod
    def of(array: NDArray[Any]) -> ArrayValue:
        """A copy of an array. Raises ValueError for a dtype of objects, texts, times or structures."""
        dtype = array.dtype.newbyteorder("<")
        return ArrayValue(dtype.str, array.shape, array.astype(dtype, copy=False).tobytes())

    @property
    def array(self) -> NDArray[Any]:
        """A read-only view of it as a numpy array."""
        flat = np.frombuffer(self.data, self.dtype) if self.data else np.empty(0, self.dtype)
        flat.setflags(write=False)
        return flat.reshape(self.shape)

    @staticmethod
    def __strategy__(st: Any) -> Dict[str, Any]:
        """Small arrays whose parts fit together."""
        return {
            "dtype": st.sampled_from(("<f4", "<i4", "<u4")),
            "shape": st.sampled_from(((), (1,), (1, 1))),
            "data": st.binary(min_size=4, max_size=4),
        }


Scalar = Union[None, bool, int, float, str]
Value = Union[None, bool, int, float, str, bytes, Tuple[Scalar, ...], ArrayValue]
"""What a property of a node may be; bytes are what its node class alone can read."""


@record
class MemoryNode:
    """One thing that is remembered: its id ("object/3"), its type in the schema, triples, properties."""

    id: str
    node_type: str
    created_ns: int
    updated_ns: int
    attended_ns: int = 0
    position_m: Optional[Tuple[float, float, float]] = None  # world frame
    size_m: Optional[Tuple[float, float, float]] = None  # along the world's x, y, z
    triples: Tuple[Triple, ...] = ()  # sorted, without repeats
    properties: FrozenMap[str, Value] = FrozenMap()


@record
class Query:
    """A question with everything needed to answer it: left and right are as seen from `viewer`."""

    id: int
    filters: Filters
    now_ns: int
    viewer: Pose2  # the agent
    speaker: Optional[Pose2] = None  # where the speaker stands, when known
    seed: int = 0  # of a random choice
    look_m: Optional[Tuple[float, float, float]] = None  # the point that the speaker looks at, when known


@record
class Answer:
    """The nodes that fit, in the selector's order, their number, a value per node for an attribute, a row of
    values per node for several.
    """

    query_id: int
    nodes: Tuple[MemoryNode, ...] = ()
    count: int = 0
    values: Tuple[Value, ...] = ()
    rows: Tuple[Tuple[Value, ...], ...] = ()


@record
class PutNode:
    """Remember a node, or replace the one of the same id (its triples are kept and added to)."""

    node: MemoryNode


@record
class PutTriple:
    """Say something about a node."""

    node_id: str
    triple: Triple


@record
class DropTriple:
    """Take that back."""

    node_id: str
    triple: Triple


@record
class Attend:
    """A node was spoken of or looked at."""

    node_id: str
    now_ns: int


@record
class Forget:
    """Drop a node with all that was said about it."""

    node_id: str


Change = Union[PutNode, PutTriple, DropTriple, Attend, Forget]
