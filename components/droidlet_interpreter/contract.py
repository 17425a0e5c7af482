"""What the interpreter hears, says and remembers."""

from __future__ import annotations

from typing import Literal, Optional, Tuple, Union

from droidlet_schema import (
    ActionForm,
    Answer,
    Change,
    Confirm,
    Filters,
    GetCapabilities,
    GetMemory,
    Location,
    MemoryNode,
    Mention,
    Noop,
    Pose2,
    Query,
    Reply,
    TaskChange,
    TaskEvent,
    Utterance,
    Where,
    record,
)

Aim = Literal["go", "look", "face", "follow", "other"]
MAX_PLANS = 16
MAX_STEPS = 16  # of one plan
MAX_CHATS = 16  # remembered by the interpreter itself
MAX_NOTED = 64  # chats that memory keeps: an older one is forgotten when a new one is noted
MAX_DONE = 8
MAX_NODES = 64  # kept of one answer while another is awaited


@record
class InterpreterInputs:
    """One call's worth of what is heard: utterances, memory's answers, what became of tasks; `pose` is the
    agent's own.
    """

    now_ns: int
    pose: Pose2
    utterances: Tuple[Utterance, ...] = ()
    answers: Tuple[Answer, ...] = ()
    task_events: Tuple[TaskEvent, ...] = ()
    speaker: Optional[Pose2] = None  # where the speaker stands, when known; yaw NaN: taken to face the agent


@record
class Visit:
    """One of several things to go to, or to turn to, in a row: which one is settled."""

    node_id: str
    filters: Filters
    label: str  # "the red chair"
    x_m: float
    y_m: float
    face: bool = False  # turning to it is enough


Step = Union[ActionForm, GetMemory, GetCapabilities, Mention, Confirm, Noop, Visit]


@record
class Said:
    """What the interpreter asks memory, replies, asks of the task stack, and wants remembered."""

    queries: Tuple[Query, ...] = ()
    replies: Tuple[Reply, ...] = ()
    task_changes: Tuple[TaskChange, ...] = ()
    notes: Tuple[Change, ...] = ()
    idle: bool = True


@record
class Asked:
    """A question to memory on the way: what for, and what the ones before it brought."""

    query_id: int
    purpose: Literal["move", "beside", "face", "follow", "tell", "holds", "span", "compare", "mention"]
    filters: Filters
    label: str  # "red chair"
    kept: Tuple[MemoryNode, ...] = ()  # from the question before
    place: Optional[Location] = None  # "beside": where, in relation to what was asked for
    within_m: float = 0.6  # "move": how near to go
    unsure: Tuple[str, ...] = ()  # words that nobody can check: "comfortable"


@record
class Running:
    """A task on the stack: what it does, in words ("going to the red chair"), and whether it has begun."""

    task_id: int
    doing: str
    label: str = ""  # "the red chair"
    aim: Aim = "other"
    begun: bool = False
    paused: bool = False
    filters: Optional[Filters] = None  # what it goes for
    find_only: bool = False  # seeing it is enough
    beside: Optional[Location] = None  # where to go when it has found that
    lasts_ns: Optional[int] = None  # how much longer it is to go on, as long as it rests
    until_ns: Optional[int] = None  # when it is to end, as long as it is being done


@record
class Waiting:
    """Standing still for a time, and whether what was paused for it goes on afterwards."""

    lasts_s: float
    until_ns: Optional[int] = None  # None: stopped; it is over when the person says "continue"
    resumes: bool = False


@record
class Plan:
    """What is left to do of one utterance, and what it waits for."""

    steps: Tuple[Step, ...]
    waits: Union[None, Asked, Running, Waiting] = None
    current: Optional[Step] = None  # the step that it waits for
    begun: bool = False  # whether something of it has been done before


@record
class Attended:
    """A thing that was spoken of."""

    node_id: str
    filters: Filters
    label: str  # "red chair"


@record
class InterpreterState:
    """Everything that the interpreter carries from call to call."""

    next_query: int = 1
    next_task: int = 1
    next_chat: int = 1
    plans: Tuple[Plan, ...] = ()  # the newest last
    attended: Tuple[Attended, ...] = ()  # the latest first
    open_wish: Optional[Step] = None  # what the person was asked about: a place is missing, or a yes
    heard: Tuple[str, ...] = ()  # texts of the last chats
    told: Tuple[str, ...] = ()  # texts of the last replies
    done: Tuple[str, ...] = ()  # what became of the last tasks, in words
    trouble: str = ""  # why the last task failed
    start: Optional[Pose2] = None  # where the agent was when it first heard something
    before: Optional[Pose2] = None  # where it was when it last went somewhere else
    last: Tuple[Step, ...] = ()  # what was last to be done: "again"
    question: Optional[GetMemory] = None  # asked in the last utterance: "and the sofa?"
    kind: Optional[Where] = None  # the kind of thing spoken of last: "the red one"

    @property
    def waiting(self) -> bool:
        """Whether something is still to be said or begun: a question to memory, a later step, a task that
        has not begun.
        """
        return any(_is_open(plan) for plan in self.plans)


def _is_open(plan: Plan) -> bool:
    if isinstance(plan.waits, Waiting):
        return plan.waits.until_ns is not None
    if isinstance(plan.waits, Running):
        endless = plan.waits.aim == "follow"
        return not plan.waits.paused and (not plan.waits.begun or (bool(plan.steps) and not endless))
    return True
