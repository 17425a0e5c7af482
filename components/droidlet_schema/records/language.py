"""Words and logical forms: one closed grammar for everything that a person can ask of an agent.

The grammar follows droidlet's last one (dialogue types, event sequences, FILTERS with where clauses and
selectors); angles are radians, positive to the left, distances metres.
"""

from __future__ import annotations

from typing import Literal, Optional, Tuple, Union

from droidlet_schema.record import record


@record
class Chat:
    """Something said by somebody."""

    speaker: str
    text: str
    now_ns: int


@record
class Reply:
    """Something the agent says back."""

    text: str


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
MemoryType = Literal["REFERENCE_OBJECT", "TASKS", "CHAT", "AGENT", "ALL"]
AttributeName = Literal[
    "NAME",
    "COLOUR",
    "SIZE",
    "HEIGHT",
    "WIDTH",
    "LOCATION",
    "X",
    "Y",
    "Z",
    "TAG",
    "BORN_TIME",
    "MODIFY_TIME",
    "VISIT_TIME",
    "ACTION",
    "REASON",
]
Comparison = Literal[
    "GREATER_THAN", "GREATER_THAN_EQUAL", "LESS_THAN", "LESS_THAN_EQUAL", "EQUAL", "NOT_EQUAL"
]


@record
class Triple:
    """Predicate and object of the node asked about: ("has_colour", "red"), ("has_name", "chair")."""

    predicate: str
    object: str


@record
class LinearExtent:
    """The distance (AWAY) or signed offset (LEFT, RIGHT, FRONT, BACK) of a thing, seen from a reference."""

    direction: Direction
    source: ReferenceObject


@record
class Attribute:
    """A property of a node."""

    name: AttributeName


@record
class Comparator:
    """left `comparison` right."""

    left: Union[Attribute, LinearExtent]
    comparison: Comparison
    right: Union[float, str]


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


Where = Union[Triple, Comparator, And, Or, Not]


@record
class Selector:
    """Which of the nodes that fit: all, any one, or the ordinal-th smallest (largest) by a quantity."""

    quantity: Literal["ALL", "RANDOM", "MIN", "MAX"] = "ALL"
    attribute: Optional[Union[Attribute, LinearExtent]] = None
    ordinal: int = 1
    count: Optional[int] = (
        None  # how many are wanted ("two chairs"), None = one for MIN and MAX, every one for ALL
    )


@record
class Filters:
    """A question to memory: which nodes, and what about them."""

    where: Where = And()
    output: Union[Literal["MEMORY", "COUNT"], Attribute, LinearExtent] = "MEMORY"
    selector: Optional[Selector] = None
    location: Optional[Location] = None  # where the thing is, in relation to others
    memory_type: MemoryType = "REFERENCE_OBJECT"
    contains_coreference: bool = False  # "it", "that", "the other one"
    other: bool = False  # "the other one": whoever asks memory leaves out the one spoken of last


@record
class ReferenceObject:
    """Something spoken of: a special one, a point, or whatever fits the filters."""

    text_span: str = ""
    special: Optional[Literal["SPEAKER", "AGENT", "SPEAKER_LOOK"]] = None
    coordinates_m: Optional[Tuple[float, ...]] = None  # x y or x y z, world frame
    filters: Optional[Filters] = None


@record
class Location:
    """A place: at, or in a direction and distance from, one or two reference objects (none = the agent)."""

    relative_direction: Optional[Direction] = None
    distance_m: Optional[float] = None
    references: Tuple[ReferenceObject, ...] = ()
    text_span: str = ""


@record
class Facing:
    """A way to turn: by an angle, or towards a place."""

    relative_yaw_rad: Optional[float] = None  # positive = left
    location: Optional[Location] = None


@record
class MoveForm:
    """Go to a place."""

    location: Location


@record
class TurnForm:
    """Turn the body."""

    facing: Facing


@record
class SearchForm:
    """Find a thing: look for it until it is seen, then go there."""

    reference: ReferenceObject


@record
class ExploreForm:
    """Look around (here, by turning once) or explore (everywhere)."""

    extent: Literal["HERE", "EVERYWHERE"] = "EVERYWHERE"


@record
class FollowForm:
    """Follow something until told otherwise."""

    reference: ReferenceObject


@record
class SayForm:
    """Say these words."""

    text: str


@record
class OtherForm:
    """Something that was understood as a wish but that this agent cannot do."""

    text: str


@record
class ForbidForm:
    """Do not do this; what else is being done goes on. `action` in words."""

    action: Union[MoveForm, TurnForm, SearchForm, ExploreForm, FollowForm, SayForm, OtherForm]
    text_span: str = ""


@record
class StopForm:
    """Stop (pause) what is being done; `drop` forgets it for good."""

    drop: bool = False


@record
class ResumeForm:
    """Go on with what was stopped."""


ActionForm = Union[
    MoveForm,
    TurnForm,
    SearchForm,
    ExploreForm,
    FollowForm,
    SayForm,
    StopForm,
    ResumeForm,
    ForbidForm,
    OtherForm,
]


@record
class Command:
    """Do these, one after the other."""

    event_sequence: Tuple[ActionForm, ...]


@record
class GetMemory:
    """A question that memory answers."""

    filters: Filters
    text_span: str = ""
    scope: Literal["EVER", "NOW"] = "EVER"  # NOW: what is in view
    holds: Optional[Filters] = None  # "is the chair red?": whether what the filters find fits these, too


@record
class GetCapabilities:
    """What can you do?"""


@record
class Mention:
    """Only a thing was named: the answer to a question of the agent's, or half a sentence."""

    reference: ReferenceObject


@record
class Confirm:
    """Yes or no."""

    yes: bool


@record
class Noop:
    """Nothing to do."""

    kind: Literal[
        "EMPTY", "GREETING", "FAREWELL", "THANKS", "PRAISE", "COMPLAINT", "WELL", "QUESTION", "UNKNOWN"
    ] = "UNKNOWN"


LogicalForm = Union[Command, GetMemory, GetCapabilities, Mention, Confirm, Noop]


@record
class Utterance:
    """What was heard and how it was understood.

    Several sentences give several forms; `unread` are the words that no form covers.
    """

    chat: Chat
    form: Tuple[LogicalForm, ...]
    unread: Tuple[str, ...] = ()
