"""The FILTERS language: one question to memory, as data.

It follows droidlet's last one, with its holes filled. A question is answered in this order: the nodes of the
memory type (as of `at_time`), the where clause, the location, the selector, the output. Lengths are metres,
angles radians, times seconds of the run's clock, unless a unit says otherwise. What is unknown compares with
nothing, and nothing that can be written here raises when it is asked.
"""

from __future__ import annotations

from typing import Literal, Optional, Tuple, Union

from droidlet_schema.record import record

Direction = Literal[
    "LEFT",
    "RIGHT",
    "UP",
    "DOWN",
    "FRONT",
    "BACK",
    "AWAY",
    "INSIDE",
    "NEAR",
    "OUTSIDE",
    "BETWEEN",
    "AROUND",
    "CLOCKWISE",
    "ANTICLOCKWISE",
]
MemoryType = Literal[
    "REFERENCE_OBJECT",
    "TASKS",
    "CHAT",
    "AGENT",
    "PROGRAM",
    "DANCES",
    "SET",
    "REWARD",
    "LOCATION",
    "ALL",
]
AttributeName = Literal[
    "NAME",
    "COLOUR",
    "SIZE",
    "HEIGHT",
    "WIDTH",
    "DEPTH",
    "LOCATION",
    "X",
    "Y",
    "Z",
    "TAG",
    "BORN_TIME",
    "MODIFY_TIME",
    "VISIT_TIME",
    "FINISHED_TIME",
    "ACTION",
    "REASON",
    "ID",
    "REF_TYPE",
    "HEAD_PITCH",
    "HEAD_YAW",
    "BODY_YAW",
    "SPEAKER",
    "CHAT",
    "LOGICAL_FORM",
    "RUN_COUNT",
    "NUM_BLOCKS",
    "LOOK_DISTANCE",
]
Comparison = Literal[
    "GREATER_THAN", "GREATER_THAN_EQUAL", "LESS_THAN", "LESS_THAN_EQUAL", "EQUAL", "NOT_EQUAL"
]
Unit = Literal[
    "mm",
    "cm",
    "m",
    "km",
    "inches",
    "feet",
    "yards",
    "miles",
    "blocks",
    "steps",
    "ms",
    "seconds",
    "minutes",
    "hours",
    "days",
    "radians",
    "degrees",
]
"""A block is 1 m, a step half a metre."""


@record
class Triple:
    """Predicate and object: ("has_colour", "red"), ("has_name", "chair"), ("member_of", "set/1").

    Said of a node, `confidence` tells how sure that is (None: quite, as if 1). As a clause it holds where
    this is said of the node by the predicate or as a tag (has_tag: by any predicate, or of all of its type),
    with at least `confidence` (None: however unsure); has_size also compares ("big", "tall").
    """

    predicate: str
    object: str
    confidence: Optional[float] = None


@record
class And:
    """All of these hold; the empty And always holds."""

    clauses: Tuple[Where, ...] = ()


@record
class Or:
    """At least one of these holds."""

    clauses: Tuple[Where, ...] = ()


@record
class Not:
    """This does not hold."""

    clause: Where


@record
class TriplePattern:
    """A triple with the node asked about on one side, read strictly: no tag stands in for a predicate.

    `other` is the other side: anything (None), a text, or a node that fits filters. A text is what is said
    (SUBJECT), or the id or a name of the node that says it (OBJECT). A triple relates two nodes when its
    object is the id of the one. Predicate None is any. At least `confidence` sure, where given.
    """

    predicate: Optional[str] = None
    other: Union[None, str, Filters] = None
    node_is: Literal["SUBJECT", "OBJECT"] = "SUBJECT"
    confidence: Optional[float] = None


@record
class LinearExtent:
    """The distance (AWAY) or signed offset (LEFT, RIGHT, FRONT, BACK, UP, DOWN) of a thing, seen from a
    source; with a destination, of that from the source, whichever thing is asked about.

    `frame` says whose left and front are meant: None: the source's own where it is the agent or the speaker,
    else as the agent sees the source; AGENT, SPEAKER: theirs; ABSOLUTE: front is the world's +x, left its
    +y; a reference: that thing's own, by its heading, else as the agent sees it. In `unit`s.
    """

    direction: Direction
    source: ReferenceObject
    destination: Optional[ReferenceObject] = None
    frame: Optional[ReferenceFrame] = None
    unit: Optional[Unit] = None


@record
class Attribute:
    """A property that any node may have.

    DEPTH is the shorter side on the floor plan, REF_TYPE the node's type, NUM_BLOCKS of how many blocks it is
    made, LOOK_DISTANCE how far it lies from the line along which the speaker looks.
    """

    name: AttributeName


@record
class Property:
    """The property of this name of a node's class; where it has none, what is said by the predicate of this
    name.
    """

    name: str


@record
class PathStep:
    """From a node to those that it names by a predicate or property; `inverse`: to those that name it."""

    predicate: str
    inverse: bool = False


@record
class Walk:
    """A property of the nodes that a path leads to: the colour of what its parent task refers to."""

    path: Tuple[PathStep, ...]
    attribute: Measured


@record
class CountOf:
    """How many nodes a path leads to, of those that fit the filters; without a path 1 or 0: itself."""

    path: Tuple[PathStep, ...]
    filters: Optional[Filters] = None


@record
class NumBlocks:
    """Of how many blocks a node is made, of those whose block type fits a clause: "how many blue blocks"."""

    where: Optional[Where] = None


Measured = Union[Attribute, Property, LinearExtent, Walk, CountOf, NumBlocks]


@record
class Comparator:
    """left `comparison` right.

    A side is a number (in `unit`), a text (beside a number it is read as one: "12", "twelve"), a
    property of the node asked about, the values that filters output (ids for MEMORY, their number for
    COUNT), or a thing: of that the same property as on the other side ("bigger than the bed"); of several
    things the nearest to the viewer.

    Of sides with several values `set_comparison` says whether ANY pair or ALL pairs must compare so; None:
    any, but NOT_EQUAL all. EQUAL means within `close_tolerance` (in `unit`); with a `modulus` (in `unit`,
    above 0) up to multiples of it, and the other comparisons take the left side modulo it. Texts are equal
    when they mean the same word, and have no other order.
    """

    left: Side
    comparison: Comparison
    right: Side
    unit: Optional[Unit] = None
    close_tolerance: Optional[float] = None
    modulus: Optional[float] = None
    set_comparison: Optional[Literal["ANY", "ALL"]] = None


@record
class Moment:
    """A time of the run's clock; `ago`: so long before the question."""

    ns: int
    ago: bool = False


@record
class Happened:
    """Created, updated, attended or finished between two moments, both included; None: no bound."""

    event: Literal["CREATED", "UPDATED", "ATTENDED", "FINISHED"]
    since: Optional[Moment] = None
    until: Optional[Moment] = None


@record
class Mentions:
    """A text said of a node (a triple's object), or one that a property holds (what was said in a chat), has
    these words one after the other.

    Words are runs of letters and digits; their case and accents, and what stands between them, do not count:
    "red chair" is mentioned by "the RÉD-chair!", not by "red chairs". No words are mentioned nowhere.
    """

    words: str


Where = Union[Triple, TriplePattern, Comparator, Happened, Mentions, And, Or, Not]


@record
class Selector:
    """Which of the nodes that fit: all, any one, or the ordinal-th smallest (largest) by a quantity.

    `same`, where several are drawn at RANDOM: DISALLOWED: each at most once; ALLOWED: each draw is from all;
    REQUIRED (for every quantity): the first one chosen, `count` times. `seed` of the draw, else the query's.
    """

    quantity: Literal["ALL", "RANDOM", "MIN", "MAX"] = "ALL"
    attribute: Optional[Measured] = None
    ordinal: int = 1
    count: Optional[int] = (
        None  # how many are wanted ("two chairs"), None = one for MIN and MAX, every one for ALL
    )
    same: Literal["ALLOWED", "DISALLOWED", "REQUIRED"] = "DISALLOWED"
    seed: Optional[int] = None


@record
class Filters:
    """A question to memory: which nodes, and what about them.

    `memory_type` is a MemoryType or the name of a node type, which means it and all types below it; no node
    is of an unknown one. Several outputs give a row of values per node. `at_time`: of memory as it was then.
    """

    where: Where = And()
    output: Union[Literal["MEMORY", "COUNT"], Measured, Tuple[Measured, ...]] = "MEMORY"
    selector: Optional[Selector] = None
    location: Optional[Location] = None  # where the thing is, in relation to others
    memory_type: str = "REFERENCE_OBJECT"
    contains_coreference: bool = False  # "it", "that", "the other one"
    other: bool = False  # "the other one": whoever asks memory leaves out the one spoken of last
    at_time: Optional[Moment] = None


@record
class ReferenceObject:
    """Something spoken of: a special one, a point, or whatever fits the filters."""

    text_span: str = ""
    special: Optional[Literal["SPEAKER", "AGENT", "SPEAKER_LOOK"]] = None
    coordinates_m: Optional[Tuple[float, ...]] = None  # x y or x y z, world frame
    filters: Optional[Filters] = None


Side = Union[
    float, str, Attribute, Property, LinearExtent, Walk, CountOf, NumBlocks, Filters, ReferenceObject
]
ReferenceFrame = Union[Literal["AGENT", "SPEAKER", "ABSOLUTE"], ReferenceObject]


@record
class Location:
    """A place: at, or in a direction and distance from, one or two reference objects (none = the agent).

    `frame` says whose left and front are meant, as for LinearExtent.
    """

    relative_direction: Optional[Direction] = None
    distance_m: Optional[float] = None
    references: Tuple[ReferenceObject, ...] = ()
    text_span: str = ""
    frame: Optional[ReferenceFrame] = None
