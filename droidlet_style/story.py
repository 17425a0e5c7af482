"""What happened in a run, gathered tick by tick from anybody's inputs and outputs: words, tasks, path,
sightings.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from droidlet_schema import Detection, Look, Observation, Pose2, Reply, Speak, Stop, TaskEvent
from droidlet_style.finding import find, first

OPEN = ("started", "resumed")
ENDLESS = ("Follow",)
QUESTION_MARKS = ("?", "\uff1f", "\u061f")


class Words(NamedTuple):
    """Something said by or to the agent."""

    tick: int
    text: str


class TaskLine(NamedTuple):
    """One task of the run: what it was and what became of it."""

    name: str
    label: str
    status: str
    started_tick: int
    finished_tick: int | None
    reason: str
    opened_tick: int  # it was started, or last resumed


class Tick(NamedTuple):
    """What one tick brought."""

    number: int
    observation: Observation | None
    detections: tuple[Detection, ...]
    replies: tuple[str, ...]
    events: tuple[TaskEvent, ...]


class Story:
    """The run so far. Of the shell: it grows."""

    def __init__(self) -> None:
        self.said: list[Words] = []
        self.replies: list[Words] = []
        self.tasks: dict[int, TaskLine] = {}
        self.path: list[Pose2] = []
        self.detections_total = 0
        self.last_outputs: Any = None
        self.eventful = False  # whether something happened to a task, or was said, in the last tick
        self.rest_ticks = 0  # so many ticks in a row the agent did nothing and had no task under way

    def hear(self, tick: int, texts: tuple[str, ...]) -> None:
        """Something was said to the agent."""
        self.said += [Words(tick, text) for text in texts]

    def add(self, number: int, inputs: Any, outputs: Any) -> Tick:
        """Takes in one tick, and returns what of it is worth telling."""
        observation = first(inputs, Observation)
        detections = tuple(dict.fromkeys(_Same(d) for d in find(outputs, Detection)))
        tick = Tick(
            number, observation, tuple(d.value for d in detections), _replies(outputs), _events(outputs)
        )
        self.detections_total += len(tick.detections)
        self.replies += [Words(number, text) for text in tick.replies]
        if observation is not None:
            self.path.append(observation.pose)
        for event in tick.events:
            self._happened(number, event)
        self.last_outputs = outputs
        self.eventful = bool(tick.replies or tick.events)
        busy = self.eventful or self.working() or _moves(outputs)
        self.rest_ticks = 0 if busy else self.rest_ticks + 1
        return tick

    def _happened(self, tick: int, event: TaskEvent) -> None:
        known = self.tasks.get(event.task_id)
        ended = tick if event.status in ("finished", "failed", "dropped") else None
        started = known.started_tick if known else tick
        opened = known.opened_tick if known and event.status not in OPEN else tick
        label = event.label or (known.label if known else "")
        self.tasks[event.task_id] = TaskLine(
            event.name, label, event.status, started, ended, event.reason, opened
        )

    def working(self) -> tuple[TaskLine, ...]:
        """The tasks that are under way."""
        return tuple(task for task in self.tasks.values() if task.status in OPEN)

    def answered(self) -> bool:
        """Whether the agent has replied to the last that was said."""
        return bool(self.said and self.replies) and self.replies[-1].tick >= self.said[-1].tick

    def asks(self) -> bool:
        """Whether the last that was said between person and agent is a question of the agent's."""
        return self.answered() and self.replies[-1].text.rstrip().endswith(QUESTION_MARKS)


class _Same:
    """A value told apart by identity: the same record may be reached on two ways."""

    def __init__(self, value: Detection) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


def _moves(outputs: Any) -> bool:
    actions = getattr(outputs, "actions", ())
    known = actions if isinstance(actions, (tuple, list)) else ()
    return any(not isinstance(action, (Look, Speak, Stop)) for action in known)


def _replies(outputs: Any) -> tuple[str, ...]:
    named = getattr(outputs, "replies", None)
    if isinstance(named, (tuple, list)):
        texts: list[Any] = [getattr(reply, "text", reply) for reply in named]
        return tuple(text for text in texts if isinstance(text, str))
    return tuple(reply.text for reply in find(outputs, Reply))


def _events(outputs: Any) -> tuple[TaskEvent, ...]:
    return tuple(find(getattr(outputs, "events", outputs), TaskEvent))
