"""A walker on a line.

"go N" walks N ticks, "ask" asks, "follow" never ends, "raise" raises, all else is repeated.
"""

from __future__ import annotations

import math
from typing import Literal, Optional, Tuple

import numpy as np

from droidlet_schema import (
    Action,
    Chat,
    Detection,
    Detections,
    Frame,
    FrozenMap,
    Intrinsics,
    Key,
    Move,
    Observation,
    OccupancyMap,
    Pose,
    Pose2,
    Reply,
    SceneObject,
    Stop,
    TaskEvent,
    Track,
    Tracks,
    evolve,
    record,
)


@record
class Config:
    """What can be chosen."""

    period_s: float = 0.1  # simulated time of one tick
    step_m: float = 0.05  # of one tick's walk
    polite: bool = True  # says please, 100%
    mood: Literal["calm", "wild"] = "calm"
    limit_m: Optional[float] = None
    home_m: Tuple[float, float] = (0.0, 1.0)
    names: Tuple[str, ...] = ()


@record
class Inputs:
    now_ns: int
    observation: Observation
    heard: Tuple[Chat, ...]


@record
class Outputs:
    actions: Tuple[Action, ...]
    replies: Tuple[Reply, ...]
    events: Tuple[TaskEvent, ...]
    seen: Detections
    doing: str
    idle: bool


@record
class State:
    left: int = 0
    task: int = 0
    waiting: bool = False
    endless: bool = False
    tracks: Tracks = Tracks()
    map: OccupancyMap = OccupancyMap(np.zeros((4, 6), np.int8), -1.0, -1.0, 0.5)


class Body:
    """Walks along x; drawn from its key is only where it begins."""

    def __init__(self, key: Key, step_m: float) -> None:
        self.start_m = float(key.generator().uniform(0.0, 1.0))
        self.x_m, self.now_ns, self.step_m = self.start_m, 0, step_m

    def observe(self) -> Observation:
        rgb = np.full((12, 16, 3), 90, np.uint8)
        rgb[4:9, 5:10] = (214, 40, 40)
        lens = Intrinsics(16, 12, 10.0, 10.0, 8.0, 6.0)
        frame = Frame(rgb, np.ones((12, 16), np.float32), lens, Pose(self.x_m, 0.0, 1.0))
        return Observation(self.now_ns, Pose2(self.x_m, 0.0, 0.0), False, FrozenMap({"head": frame}))

    def act(self, actions: Tuple[Action, ...]) -> None:
        self.x_m += sum(self.step_m for action in actions if isinstance(action, Move))
        self.now_ns += 1

    def truth(self) -> Tuple[SceneObject, ...]:
        return (SceneObject(7, "chair", "red", 2.0, 1.0, 0.4, math.pi / 2, (0.4, 0.6, 0.8)),)


def make(config: Config, key: Key):
    return (lambda inputs, state: tick(config, inputs, state)), State()


def tick(config: Config, inputs: Inputs, state: State):
    seen = Detections((Detection("chair", 0.9, (5, 4, 10, 9), "red", np.ones((5, 5), np.bool_)),))
    replies, events = [], []
    for chat in inputs.heard:
        state, reply, event = hear(chat.text, state)
        replies.append(Reply(reply))
        events += event
    working = state.left > 0
    if working:
        state = evolve(state, left=state.left - 1)
        if state.left == 0:
            events.append(TaskEvent(state.task, "Walk", "finished", "ahead"))
    track = Track(1, "chair", "red", 0.9, (2.0, 1.0, 0.4), (0.6, 0.4, 0.8), 0, inputs.now_ns)
    state = evolve(state, tracks=Tracks((track,), 2))
    idle = not (state.left or state.waiting or state.endless)
    doing = f"walking, {state.left} left" if working else "nothing"
    actions = (Move(0.1),) if working else (Stop(),)
    return Outputs(actions, tuple(replies), tuple(events), seen, doing, idle), state


def hear(text: str, state: State):
    words = text.split()
    if words[:1] == ["raise"]:
        raise RuntimeError("the agent's own bug")
    task = state.task + 1
    if words[:1] == ["go"]:
        events = [TaskEvent(state.task, "Walk", "dropped", "ahead")] if state.left else []
        events.append(TaskEvent(task, "Walk", "started", "ahead"))
        return evolve(state, left=int(words[1]), task=task, waiting=False), "I go.", events
    if words[:1] == ["follow"]:
        return (
            evolve(state, endless=True, task=task),
            "I follow.",
            [TaskEvent(task, "Follow", "started", "you")],
        )
    if words[:1] == ["ask"]:
        return evolve(state, waiting=True), "Which one do you mean?", []
    return evolve(state, waiting=False), f"You said {text}.", []


def run(config: Config, session) -> None:
    body = session.body("toy_agent.py:Body", step_m=config.step_m)
    agent, state = make(config, session.key)
    for now_ns in session.ticks(config.period_s):
        inputs = Inputs(now_ns, body.observe(), session.heard())
        outputs, state = agent(inputs, state)
        session.record(inputs, outputs, state)
        body.act(outputs.actions)


if __name__ == "__main__":
    from droidlet_style.cli.main import run_file

    run_file(__file__)
