"""A robot that listens, looks, remembers, walks and answers, in a furnished flat that it has never seen.

droidlet run robot_assistant --say "go to the red chair" --seed 39 --out runs/chair
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
    unconfirmed,
)
from droidlet_schema import (
    Action,
    Answer,
    Chat,
    Key,
    Look,
    Observation,
    OccupancyMap,
    Pose2,
    Reply,
    TaskChange,
    TaskEvent,
    Tracks,
    evolve,
    record,
)
from droidlet_tasks import BodyLimits, Commands, StackState, TaskInputs, TaskStack

Replies = Tuple[Reply, ...]
Changes = Tuple[TaskChange, ...]
Events = Tuple[TaskEvent, ...]
VOCABULARY = ("droidlet", "robot")
OPENING = 3  # ticks with a look each; what is said meanwhile waits until something can have been seen


@record
class Config:
    """What can be chosen from the command line."""

    period_s: float = 0.1  # simulated time of one tick
    rooms: Optional[int] = None  # of the flat; unset: as the seed decides
    people: int = 1  # in the flat
    picture_px: int = 128  # width and height of the camera's picture
    tilt_rad: float = -0.35  # of the camera; negative looks down
    cell_m: float = 0.1  # of the map
    look_every: int = 3  # ticks from one look to the next: seeing has a rate of its own

    def __attrs_post_init__(self) -> None:
        if not min(self.period_s, self.picture_px, self.cell_m, self.look_every) > 0:
            raise ValueError(f"period_s, picture_px, cell_m and look_every are above zero, not as in {self}")


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
    speaker: Optional[Pose2] = None  # the person seen last
    late: Tuple[Answer, ...] = ()  # for the interpreter, which asked a tick ago
    settled: bool = True  # no wish is open, no question pending
    heard: Tuple[Chat, ...] = ()  # before the eyes were open
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
        seeing, mapping, talking, working = key.split(4)
        tracks, known = self.tracker.initial(seeing), self.mapper.initial(mapping)
        talk, work = self.interpreter.initial(talking), self.stack.initial(working)
        return State(tracks, known, Memory.empty(), talk, work)

    def __call__(self, inputs: Inputs, state: State) -> Tuple[Outputs, State]:
        """One tick."""
        return tick(self, inputs, state)


def make(config: Config, key: Key) -> Tuple[Agent, State]:
    """The agent and its first state."""
    seeing = (ObjectDetector(), ObjectTracker(), OccupancyMapper(cell_m=config.cell_m))
    talking = (DialogModel(VOCABULARY), Interpreter(VOCABULARY))
    agent = Agent(config, *seeing, *talking, TaskStack(BodyLimits(period_s=config.period_s)))
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
    """Camera -> detections -> tracks, memory; the map is drawn one tick later, so that no tick does it all."""
    state = evolve(state, ticks=state.ticks + 1)
    frame, opening = inputs.observation.frames.get("head"), state.ticks <= OPENING
    if frame is not None and (opening or (state.ticks - 2) % parts.config.look_every == 0):
        state = evolve(state, map=parts.mapper(MapInputs(frame, inputs.observation.pose), state.map)[1])
    if frame is None or not (opening or (state.ticks - 1) % parts.config.look_every == 0):
        return Seen(), state
    detections = lift_detections(parts.detector(frame), frame)
    seen, tracks = parts.tracker(TrackerInputs(inputs.now_ns, detections, frame), state.tracks)
    memory = state.memory.commit(changes_from_tracks(tracks, state.memory, inputs.now_ns))
    people = sorted((t for t in tracks.tracks if t.label == "person"), key=lambda t: t.last_seen_ns)
    speaker = Pose2(*people[-1].centre_m[:2], float("nan")) if people else None  # heading unknown
    return seen, evolve(state, tracks=tracks, memory=memory, speaker=speaker)


def understand(parts: Agent, inputs: Inputs, state: State) -> Tuple[Replies, Changes, State]:
    """Words -> logical forms -> replies and task changes; what the interpreter asks, memory answers."""
    heard = state.heard + inputs.heard
    if state.ticks < OPENING:
        return (), (), evolve(state, heard=heard, settled=not heard)
    replies, changes, state = talk(parts, inputs, state, utterances=tuple(map(parts.dialog, heard)))
    return replies, state.changes + changes, evolve(state, changes=(), heard=())


def act(parts: Agent, inputs: Inputs, changes: Changes, state: State) -> Tuple[Commands, State]:
    """One tick of the task stack; what it asks is answered in the next tick."""
    pose, collided = inputs.observation.pose, inputs.observation.collided
    known = (state.map, changes, state.answers, state.speaker, unconfirmed(state.tracks))
    commands, tasks = parts.stack(TaskInputs(inputs.now_ns, pose, collided, *known), state.tasks)
    return commands, evolve(state, tasks=tasks, answers=tuple(map(state.memory.query, commands.queries)))


def converse(parts: Agent, inputs: Inputs, events: Events, state: State) -> Tuple[Replies, State]:
    """What became of the tasks, in words."""
    replies, changes, state = talk(parts, inputs, state, task_events=events) if events else ((), (), state)
    return replies, evolve(state, changes=state.changes + changes)


def talk(parts: Agent, inputs: Inputs, state: State, **heard: Any) -> Tuple[Replies, Changes, State]:
    """Interpreter and memory, in turn, until nothing is left to ask (after 8 rounds the rest waits a tick)."""
    now = InterpreterInputs(inputs.now_ns, inputs.observation.pose, answers=state.late, speaker=state.speaker)
    replies: Replies = ()
    changes: Changes = ()
    for _ in range(8):
        said, interpreter = parts.interpreter(evolve(now, **heard), state.interpreter)
        replies, changes = replies + said.replies, changes + said.task_changes
        memory = state.memory.commit(said.notes)
        late = tuple(map(memory.query, said.queries))
        state = evolve(state, interpreter=interpreter, memory=memory, late=late, settled=said.idle)
        if not late:
            break
        now, heard = evolve(now, answers=late), {}
    return replies, changes, state


def run(config: Config, session: Any) -> None:
    """The shell: a body, a clock and people around the pure agent."""
    flat = {name: getattr(config, name) for name in ("rooms", "people", "period_s", "picture_px")}
    body = session.body("droidlet_simulators:room_body", **flat)
    agent, state = make(config, session.key)
    for now_ns in session.ticks(config.period_s):
        inputs = Inputs(now_ns, body.observe(), session.heard())
        outputs, state = agent(inputs, state)
        session.record(inputs, outputs, state)
        body.act(outputs.actions)


if __name__ == "__main__":
    from droidlet_style.cli.main import run_file

    run_file(__file__)
