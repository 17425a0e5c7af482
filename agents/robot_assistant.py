"""A robot that listens, looks, remembers, walks and answers, in a furnished flat that it has never seen.

    droidlet run robot_assistant --say "go to the red chair" --seed 3 --out runs/chair
    droidlet run robot_assistant                       # type to it
"""

from __future__ import annotations

from typing import Any, Optional, Tuple

import attrs
from droidlet_dialog import DialogModel
from droidlet_interpreter import Interpreter, InterpreterInputs, InterpreterState
from droidlet_memory import Memory, changes_from_tracks
from droidlet_perception import (
    MapInputs,
    ObjectDetector,
    ObjectTracker,
    OccupancyMapper,
    Seen,
    TrackerInputs,
    lift_detections,
)
from droidlet_schema import (
    Action,
    Answer,
    Chat,
    Detections,
    Key,
    Look,
    Observation,
    OccupancyMap,
    Reply,
    TaskChange,
    TaskEvent,
    Tracks,
    Utterance,
    evolve,
    record,
)
from droidlet_tasks import Commands, StackState, TaskInputs, TaskStack

VOCABULARY = ("droidlet", "robot")
ROUNDS = 8  # of question and answer between interpreter and memory within one tick


@record
class Config:
    """What can be chosen from the command line."""

    period_s: float = 0.1  # simulated time of one tick
    rooms: Optional[int] = None  # of the flat; unset: as the seed decides
    people: int = 1  # in the flat
    width: int = 128  # of the camera's picture, pixels
    height: int = 128
    tilt_rad: float = -0.35  # of the camera; negative looks down
    cell_m: float = 0.1  # of the map
    look_every: int = 3  # ticks from one look to the next: seeing has a rate of its own


@record
class Inputs:
    """What reaches the agent in one tick."""

    now_ns: int
    observation: Observation
    heard: Tuple[Chat, ...] = ()


@record
class Outputs:
    """What the agent does in one tick, and what it tells about it."""

    actions: Tuple[Action, ...]
    replies: Tuple[Reply, ...]
    events: Tuple[TaskEvent, ...]
    seen: Seen
    doing: str
    idle: bool


@record
class State:
    """Everything that the agent carries from tick to tick."""

    tracks: Tracks
    map: OccupancyMap
    memory: Memory
    interpreter: InterpreterState
    tasks: StackState
    answers: Tuple[Answer, ...] = ()  # for the tasks that asked a tick ago
    changes: Tuple[TaskChange, ...] = ()  # of the tasks, decided after they had their turn
    settled: bool = True  # no wish is open, no question pending
    ticks: int = 0


@attrs.frozen
class Agent:
    """The parts, each loaded once and never changed."""

    config: Config
    detector: ObjectDetector
    tracker: ObjectTracker
    mapper: OccupancyMapper
    dialog: DialogModel
    interpreter: Interpreter
    stack: TaskStack

    def initial(self, key: Key) -> State:
        """Nothing seen, nothing heard, nothing to do."""
        tracks, known, talk, work = key.split(4)
        return State(
            self.tracker.initial(tracks),
            self.mapper.initial(known),
            Memory.empty(VOCABULARY),
            self.interpreter.initial(talk),
            self.stack.initial(work),
        )

    def __call__(self, inputs: Inputs, state: State) -> Tuple[Outputs, State]:
        """One tick."""
        return tick(self, inputs, state)


def make(config: Config, key: Key) -> Tuple[Agent, State]:
    """The agent and its first state."""
    agent = Agent(
        config,
        ObjectDetector(),
        ObjectTracker(),
        OccupancyMapper(cell_m=config.cell_m),
        DialogModel(VOCABULARY),
        Interpreter(VOCABULARY),
        TaskStack(),
    )
    return agent, agent.initial(key)


def tick(parts: Agent, inputs: Inputs, state: State) -> Tuple[Outputs, State]:
    """Sees, understands, acts and tells: one tick of everything."""
    seen, state = see(parts, inputs, state)
    replies, changes, state = understand(parts, inputs, state)
    commands, state = act(parts, inputs, changes, state)
    told, state = converse(parts, inputs, commands.events, state)
    actions = (Look(0.0, parts.config.tilt_rad), *commands.actions)
    idle = commands.idle and state.settled and not state.changes
    return Outputs(actions, replies + told, commands.events, seen, commands.doing, idle), state


def see(parts: Agent, inputs: Inputs, state: State) -> Tuple[Seen, State]:
    """Camera -> detections -> tracks, map, memory; between two looks, nothing new."""
    state = evolve(state, ticks=state.ticks + 1)
    if (state.ticks - 1) % parts.config.look_every:
        return Seen(Detections()), state
    now_ns, frame = inputs.now_ns, inputs.observation.frames["head"]
    detections = lift_detections(parts.detector(frame), frame)
    seen, tracks = parts.tracker(TrackerInputs(now_ns, detections, frame), state.tracks)
    _, known = parts.mapper(MapInputs(frame, inputs.observation.pose), state.map)
    memory = state.memory.commit(changes_from_tracks(tracks, state.memory, now_ns))
    return seen, evolve(state, tracks=tracks, map=known, memory=memory)


def understand(
    parts: Agent, inputs: Inputs, state: State
) -> Tuple[Tuple[Reply, ...], Tuple[TaskChange, ...], State]:
    """Words -> logical forms -> replies and changes of the tasks; what the interpreter asks, memory answers."""
    utterances = tuple(parts.dialog(chat) for chat in inputs.heard)
    replies, changes, state = talk(parts, inputs, state, utterances, ())
    return replies, state.changes + changes, evolve(state, changes=())


def act(
    parts: Agent, inputs: Inputs, changes: Tuple[TaskChange, ...], state: State
) -> Tuple[Commands, State]:
    """One tick of the task stack; what it asks is answered in the next tick."""
    sensed = inputs.observation
    heard = TaskInputs(inputs.now_ns, sensed.pose, sensed.collided, state.map, changes, state.answers)
    commands, tasks = parts.stack(heard, state.tasks)
    return commands, evolve(state, tasks=tasks, answers=tuple(map(state.memory.query, commands.queries)))


def converse(
    parts: Agent, inputs: Inputs, events: Tuple[TaskEvent, ...], state: State
) -> Tuple[Tuple[Reply, ...], State]:
    """What became of the tasks, in words."""
    if not events:
        return (), state
    replies, changes, state = talk(parts, inputs, state, (), events)
    return replies, evolve(state, changes=changes)


def talk(
    parts: Agent,
    inputs: Inputs,
    state: State,
    utterances: Tuple[Utterance, ...],
    events: Tuple[TaskEvent, ...],
) -> Tuple[Tuple[Reply, ...], Tuple[TaskChange, ...], State]:
    """Interpreter and memory, in turn, until nothing is left to ask."""
    pose = inputs.observation.pose
    heard = InterpreterInputs(inputs.now_ns, pose, utterances, (), events)
    replies: Tuple[Reply, ...] = ()
    changes: Tuple[TaskChange, ...] = ()
    for _ in range(ROUNDS):
        said, interpreter = parts.interpreter(heard, state.interpreter)
        replies, changes = replies + said.replies, changes + said.task_changes
        memory = state.memory.commit(said.notes)
        state = evolve(state, interpreter=interpreter, memory=memory, settled=said.idle)
        if not said.queries:
            break
        answers = tuple(map(state.memory.query, said.queries))
        heard = InterpreterInputs(inputs.now_ns, pose, (), answers, ())
    return replies, changes, state


def run(config: Config, session: Any) -> None:
    """The shell: a body, a clock and people around the pure agent."""
    body = session.body(
        "droidlet_simulators:room_body",
        rooms=config.rooms,
        people=config.people,
        width=config.width,
        height=config.height,
        period_s=config.period_s,
    )
    agent, state = make(config, session.key)
    for now_ns in session.ticks(config.period_s):
        inputs = Inputs(now_ns, body.observe(), session.heard())
        outputs, state = agent(inputs, state)
        session.record(inputs, outputs, state)
        body.act(outputs.actions)


if __name__ == "__main__":
    from droidlet_style.cli.main import run_file

    run_file(__file__)
