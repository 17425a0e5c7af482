"""What the interpreter asks of the task stack, and what the stack tells back."""

from __future__ import annotations

from typing import Literal, Optional, Union

from droidlet_schema.record import record
from droidlet_schema.records.filters import Filters


@record
class GoTo:
    """Walk to a point of the world frame, to within a distance of it, around what stands in the way."""

    x_m: float
    y_m: float
    within_m: float = 0.3
    label: str = ""  # in words, for the person: "the point 1, 2"


@record
class Approach:
    """Walk up to whatever fits the filters, to within a distance of its edge; what is not known is sought."""

    filters: Filters
    within_m: float = 0.6
    label: str = ""  # "the red chair"
    node_id: Optional[str] = None  # the very node, when it is already known
    find_only: bool = False  # seeing it is enough


@record
class MoveBy:
    """Move straight along the body's own axes, as they are when the task starts."""

    forward_m: float
    left_m: float = 0.0


@record
class TurnBy:
    """Turn on the spot; positive = left, more than a full turn allowed."""

    angle_rad: float


@record
class Face:
    """Turn on the spot towards whatever fits the filters, or towards a point."""

    filters: Optional[Filters] = None
    x_m: Optional[float] = None
    y_m: Optional[float] = None
    label: str = ""


@record
class LookAround:
    """Turn once around, looking."""


@record
class Explore:
    """See every place that can be reached."""


@record
class Follow:
    """Stay close to whatever fits the filters until told otherwise; endless."""

    filters: Filters
    within_m: float = 1.0
    label: str = ""


@record
class Say:
    """Say something when its turn comes."""

    text: str


TaskSpec = Union[GoTo, Approach, MoveBy, TurnBy, Face, LookAround, Explore, Follow, Say]


@record
class Push:
    """Begin a task. It goes on top of the stack, or, with `after`, right behind the task named there."""

    task_id: int
    spec: TaskSpec
    after: Optional[int] = None


@record
class Pause:
    """Let a task rest, or every one."""

    task_id: Optional[int] = None


@record
class Resume:
    """Go on with a task, or with every one."""

    task_id: Optional[int] = None


@record
class Drop:
    """Forget a task, or every one."""

    task_id: Optional[int] = None


TaskChange = Union[Push, Pause, Resume, Drop]


@record
class TaskEvent:
    """What became of a task."""

    task_id: int
    name: str  # of the spec: "Approach"
    status: Literal["started", "paused", "resumed", "finished", "failed", "dropped"]
    label: str = ""
    reason: str = ""  # why it failed, for the person: "I looked everywhere"
    node_id: Optional[str] = None  # what was found
    now_ns: int = 0
