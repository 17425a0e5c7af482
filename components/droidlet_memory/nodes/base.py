"""Level 0: what every agent remembers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Optional

from droidlet_memory.nodes.node import Node, Vector
from droidlet_schema import Action, LogicalForm, MemoryType, TaskSpec, record

SELF_ID = "self"
"""The id of the node that stands for the agent itself."""


def said(**fields: str) -> Mapping[str, str]:
    """A SAID_AS: the predicates by which fields are said of a node."""
    return MappingProxyType(fields)


@record
class ReferenceObject(Node):
    """A thing of the world: what can be pointed at and spoken of."""

    ASKED_AS: ClassVar[MemoryType | None] = "REFERENCE_OBJECT"
    TAGS: ClassVar[tuple[str, ...]] = ("_not_location", "_physical_object")

    entity_id: Optional[int] = None  # what the body or the simulator calls it
    yaw_rad: Optional[float] = None  # where its front looks, counter-clockwise from +x
    pitch_rad: Optional[float] = None  # positive looks up


@record
class Player(ReferenceObject):
    """Somebody: a person, or another agent."""

    TAGS: ClassVar[tuple[str, ...]] = ("_animate", "_player")
    SAID_AS: ClassVar[Mapping[str, str]] = said(name="has_name")

    name: Optional[str] = None
    head_yaw_rad: Optional[float] = None  # yaw_rad and pitch_rad are the body's
    head_pitch_rad: Optional[float] = None


@record
class Self(Player):
    """The agent."""

    ASKED_AS: ClassVar[MemoryType | None] = "AGENT"
    TAGS: ClassVar[tuple[str, ...]] = ("AGENT", "SELF")


@record
class Location(Node):
    """A place."""

    ASKED_AS: ClassVar[MemoryType | None] = "LOCATION"
    TAGS: ClassVar[tuple[str, ...]] = ("_location",)


@record
class Attention(Location):
    """Where somebody looks: one node for each attender, replaced when they look elsewhere."""

    TAGS: ClassVar[tuple[str, ...]] = ("_attention",)
    ONE_PER: ClassVar[str | None] = "attender"

    attender: str = ""  # the id of a player
    target: Optional[str] = None  # the id of what they look at


def attention(
    attender: str, now_ns: int, position_m: Vector | None = None, target: str | None = None
) -> Attention:
    """Where somebody looks now; putting it replaces where they looked before."""
    return Attention(
        f"attention/{attender}", now_ns, now_ns, now_ns, position_m, attender=attender, target=target
    )


@record
class Chat(Node):
    """Something said."""

    ASKED_AS: ClassVar[MemoryType | None] = "CHAT"
    SAID_AS: ClassVar[Mapping[str, str]] = said(speaker="said_by")

    text: str = ""
    speaker: Optional[str] = None


@record
class Program(Node):
    """What something said was understood as."""

    ASKED_AS: ClassVar[MemoryType | None] = "PROGRAM"

    logical_form: Optional[LogicalForm] = None


@record
class Task(Node):
    """Something that the agent does, did or is to do."""

    ASKED_AS: ClassVar[MemoryType | None] = "TASKS"
    SAID_AS: ClassVar[Mapping[str, str]] = said(action="has_action", parent="has_parent_task")

    action: Optional[str] = None  # "Approach"
    label: Optional[str] = None  # in words: "the red chair"
    spec: Optional[TaskSpec] = None
    parent: Optional[str] = None  # the id of the task that it is a part of
    priority: int = 1
    running: bool = True
    paused: bool = False
    run_count: int = 0
    finished_ns: Optional[int] = None


@record
class Interpreter(Node):
    """A conversation that is not finished: what the agent is about to understand."""

    interpreter_type: Optional[str] = None
    finished: bool = False
    awaiting_response: bool = False


@record
class NamedAbstraction(Node):
    """Something that is only a name."""

    SAID_AS: ClassVar[Mapping[str, str]] = said(name="has_name")

    name: Optional[str] = None


@record
class Set(Node):
    """Several nodes: those of which `member_of` is said with this id."""

    ASKED_AS: ClassVar[MemoryType | None] = "SET"
    SAID_AS: ClassVar[Mapping[str, str]] = said(name="has_name")

    name: Optional[str] = None


@record
class Time(Node):
    """A moment."""

    time_ns: Optional[int] = None


@record
class Dance(Node):
    """Moves that have a name."""

    ASKED_AS: ClassVar[MemoryType | None] = "DANCES"
    SAID_AS: ClassVar[Mapping[str, str]] = said(name="has_name")

    name: Optional[str] = None
    moves: tuple[Action, ...] = ()


@record
class Archived(Node):
    """What is left of a node that was forgotten: what it was, where, what was said of it, and when it went."""

    SAID_AS: ClassVar[Mapping[str, str]] = said(archive_of="archive_of")

    archive_of: str = ""  # the id that it had
    was: str = ""  # its node type
    archived_ns: int = 0
    reason: str = ""
