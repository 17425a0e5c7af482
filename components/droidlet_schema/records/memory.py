"""What the parts exchange about memory: questions, answers and changes, as data."""

from __future__ import annotations

from typing import Optional, Tuple, Union

from droidlet_schema.frozen_map import FrozenMap
from droidlet_schema.record import record
from droidlet_schema.records.geometry import Pose2
from droidlet_schema.records.language import Filters, Triple

Value = Union[None, bool, int, float, str, Tuple[float, ...]]


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


@record
class Answer:
    """The nodes that fit, in the selector's order, their number, a value per node for an attribute."""

    query_id: int
    nodes: Tuple[MemoryNode, ...] = ()
    count: int = 0
    values: Tuple[Value, ...] = ()


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
