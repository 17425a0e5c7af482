"""Every component of the house by name, and what each of them heard in one short run of the agent."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Tuple

import attrs

from droidlet_memory import Memory
from droidlet_schema import Answer, Change, Chat, Key, Query, record
from droidlet_simulators import BodyInputs, room_body
from droidlet_transport import load

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve()
ASSISTANT = load(f"{ROOT / 'agents' / 'robot_assistant.py'}")
SAID = {
    0: "hello! go to the chair, please",
    6: "what do you see, and how many red things have you seen?",
    9: "where is the nearest box?",
    14: "stop",
    16: "continue",
    18: "turn left 45 degrees and then explore",
    24: "what are you doing? \U0001f600 \u03b1\u03b2\u03b3",
}


def assistant() -> Any:
    """The whole agent, with a small camera."""
    return ASSISTANT.make(ASSISTANT.Config(look_every=1), Key(0))[0]


@record
class Heard:
    """What to remember, and what to ask then."""

    changes: Tuple[Change, ...] = ()
    queries: Tuple[Query, ...] = ()


@record
class Told:
    """The answers."""

    answers: Tuple[Answer, ...]


@attrs.frozen
class Remembering:
    """The smallest component whose state is a memory."""

    def initial(self, key: Key) -> Memory:
        """Nothing known."""
        return Memory.empty()

    def __call__(self, inputs: Heard, state: Memory) -> Tuple[Told, Memory]:
        """Remembers, then answers."""
        memory = state.commit(inputs.changes)
        return Told(tuple(map(memory.query, inputs.queries))), memory


def remembering() -> Remembering:
    """For the child processes."""
    return Remembering()


NAMES: Dict[str, str] = {
    "detector": "droidlet_perception:ObjectDetector",
    "lift": "droidlet_perception:lift_detections",
    "tracker": "droidlet_perception:ObjectTracker",
    "mapper": "droidlet_perception:OccupancyMapper",
    "memory": f"{HERE}:remembering",
    "dialog": "droidlet_dialog:DialogModel",
    "interpreter": "droidlet_interpreter:Interpreter",
    "stack": "droidlet_tasks:TaskStack",
    "room": "droidlet_simulators:room_node",
    "assistant": f"{HERE}:assistant",
}
PARTS = ("detector", "tracker", "mapper", "dialog", "interpreter", "stack")


@attrs.frozen
class Ear:
    """Keeps what a part is called with. Of the tests: it grows."""

    part: Any
    heard: List[Any]
    asked: List[Query]

    def __call__(self, *values: Any) -> Any:
        self.heard.append(values[0])
        told = self.part(*values)
        if isinstance(told, tuple):
            self.asked.extend(getattr(told[0], "queries", ()))
        return told

    def __getattr__(self, name: str) -> Any:
        return getattr(self.part, name)


def record_run(seed: int, ticks: int = 30, picture_px: int = 64) -> Dict[str, List[Any]]:
    """What every component heard in a run of the agent, by the names of NAMES."""
    heard: Dict[str, List[Any]] = {name: [] for name in NAMES}
    asked: List[Query] = []
    agent = assistant()
    ears = attrs.evolve(agent, **{name: Ear(getattr(agent, name), heard[name], asked) for name in PARTS})
    body, state = room_body(Key(seed), picture_px=picture_px), agent.initial(Key(seed))
    for tick in range(ticks):
        now_ns = tick * 100_000_000
        words = (Chat("person", SAID[tick], now_ns),) if tick in SAID else ()
        heard["assistant"].append(ASSISTANT.Inputs(now_ns, body.observe(), words))
        known = state.memory
        outputs, state = ears(heard["assistant"][-1], state)
        heard["memory"].append(Heard(_written(known, state.memory), tuple(asked)))
        asked.clear()
        heard["room"].append(BodyInputs(outputs.actions))
        body.act(outputs.actions)
    heard["lift"] = [(agent.detector(frame), frame) for frame in heard["detector"]]
    return heard


def _written(older: Memory, newer: Memory) -> Tuple[Change, ...]:
    """All changes between two memories, in the order in which they were made."""
    commits = [changes for revision, _, _, changes in newer.body.commits() if revision > older.revision]
    return tuple(change for changes in commits for change in changes)
