"""What the task stack hears, says and remembers."""

from __future__ import annotations

import math
from typing import NamedTuple, Optional, Tuple, Union

from droidlet_schema import (
    Action,
    Answer,
    Filters,
    OccupancyMap,
    Pose2,
    Query,
    TaskChange,
    TaskEvent,
    TaskSpec,
    Track,
    record,
)

Point = Tuple[float, float]


@record
class TaskInputs:
    """What the tasks need in one tick: odometry, the map, changes asked for, answers from memory."""

    now_ns: int
    pose: Pose2
    collided: bool
    map: OccupancyMap
    changes: Tuple[TaskChange, ...] = ()
    answers: Tuple[Answer, ...] = ()
    speaker: Optional[Pose2] = None  # where the person stands, when known
    unsure: Tuple[Track, ...] = ()  # seen too badly for memory to be told of


@record
class Commands:
    """What to do now, what to ask memory, what became of tasks; `idle` when nothing finite is being done."""

    actions: Tuple[Action, ...]
    queries: Tuple[Query, ...]
    events: Tuple[TaskEvent, ...]
    doing: str
    idle: bool


@record
class Turned:
    """A turn in progress."""

    goal_rad: float
    turned_rad: float = 0.0
    last_yaw_rad: Optional[float] = None


@record
class Walking:
    """A way through the map as it is being walked, and how well that goes."""

    route: Tuple[Point, ...] = ()  # points still ahead, world frame
    planned_ns: Optional[int] = None
    reached: bool = True  # whether the route's end is where it was meant to end, or only as near as one gets
    best_m: float = float("inf")  # the shortest remaining way so far
    best_ns: int = 0
    bumps: Tuple[Point, ...] = ()  # where the map showed nothing and the body was stopped
    look: Optional[Turned] = None  # a look around, waiting for the way to become free
    tries: int = 0  # how often it has waited like that


@record
class Moved:
    """A straight move in progress."""

    moved_m: float = 0.0
    last: Optional[Pose2] = None
    stuck_ticks: int = 0
    facing: Optional[Turned] = None  # the turn into the way, before it moves


@record
class Exploring:
    """An exploration in progress: first a look around, then one frontier after the other."""

    look: Optional[Turned] = Turned(2.0 * math.pi)  # None: done looking, walking
    walk: Walking = Walking()
    goal: Optional[Point] = None
    given_up: Tuple[Point, ...] = ()  # been there, and it stays a frontier
    shut: Tuple[Point, ...] = ()  # no way there at the moment
    tries: int = 0  # looks around since there was a frontier to go to


@record
class SecondLook:
    """A closer look at what resembles the thing wanted or was seen badly, one after the other."""

    asked: bool = False  # the question on its way is what resembles it, not where it is
    place_id: Optional[str] = None  # what is being looked at
    box: Optional[Tuple[float, float, float, float]] = None
    walk: Walking = Walking()
    facing: Optional[Turned] = None
    done: Tuple[str, ...] = ()


@record
class Seeking:
    """A search that becomes a walk as soon as memory knows the thing."""

    exploring: Exploring = Exploring()
    walk: Walking = Walking()
    found_id: Optional[str] = None
    found_ns: int = 0  # when memory last knew it
    target: Optional[Tuple[float, float, float, float]] = None  # x0 y0 x1 y1 of its footprint
    facing: Optional[Turned] = None  # the last turn, towards what was walked to
    started_ns: Optional[int] = None
    second_look: Optional[SecondLook] = None  # after exploring in vain


Progress = Union[None, Walking, Turned, Moved, Exploring, Seeking]


@record
class TaskState:
    """One task on the stack."""

    task_id: int
    spec: TaskSpec
    progress: Progress = None
    started: bool = False
    paused: bool = False
    active_ns: int = 0  # how long it has been at work
    viewer: Optional[Pose2] = None  # where the body stood when it began: "left of" stays left of
    query_id: Optional[int] = None  # what it asked last
    answer: Optional[Answer] = None  # what it heard last


@record
class StackState:
    """The tasks, the one being done first."""

    tasks: Tuple[TaskState, ...] = ()
    next_query: int = 1
    last_ns: Optional[int] = None
    active_id: Optional[int] = None


class Outcome(NamedTuple):
    """How a task ended."""

    status: str  # finished or failed
    reason: str = ""
    node_id: Optional[str] = None


class Step(NamedTuple):
    """What one task wants of one tick."""

    progress: Progress
    actions: Tuple[Action, ...] = ()
    ask: Optional[Filters] = None
    outcome: Optional[Outcome] = None
    doing: str = ""


class Scene(NamedTuple):
    """What a task sees of a tick: inputs, its own latest answer, whether it was at work a tick ago too."""

    inputs: TaskInputs
    answer: Optional[Answer]
    continued: bool
    elapsed_ns: int
