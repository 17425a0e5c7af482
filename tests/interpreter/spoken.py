"""A person who speaks, an interpreter that answers, a memory of a small flat; tasks end when they are told to."""

from __future__ import annotations

from typing import Any

from droidlet_dialog import DialogModel
from droidlet_interpreter import Interpreter, InterpreterInputs
from droidlet_memory import Memory
from droidlet_schema import (
    Chat,
    Drop,
    Key,
    MemoryNode,
    Pause,
    Pose2,
    Push,
    PutNode,
    Resume,
    TaskEvent,
    TaskSpec,
    Triple,
)

VOCABULARY = ("droidlet", "robot")
DIALOG, INTERPRETER = DialogModel(VOCABULARY), Interpreter(VOCABULARY)
TICK_NS = 100_000_000


def thing(
    number: int,
    name: str,
    colour: str,
    at: tuple[float, float, float],
    size: tuple[float, float, float],
    seen: bool = False,
) -> MemoryNode:
    """A node of the flat."""
    said = [Triple("has_name", name), Triple("has_colour", colour)]
    said += [Triple("has_tag", "_in_view")] if seen else []
    return MemoryNode(
        f"object/{number}", "ReferenceObject", 0, 0, position_m=at, size_m=size, triples=tuple(said)
    )


FLAT = (
    thing(1, "chair", "red", (2.0, 1.0, 0.4), (0.45, 0.45, 0.85), seen=True),
    thing(2, "chair", "blue", (4.0, -1.0, 0.5), (0.5, 0.5, 0.95)),
    thing(3, "table", "white", (3.0, 0.2, 0.4), (1.2, 0.8, 0.75), seen=True),
    thing(4, "cup", "blue", (3.0, 0.2, 0.8), (0.08, 0.08, 0.1), seen=True),
    thing(5, "lamp", "yellow", (-2.0, 1.0, 0.7), (0.3, 0.3, 1.5)),
    thing(6, "person", "green", (-1.0, -1.0, 0.9), (0.4, 0.4, 1.75)),
    thing(7, "sofa", "green", (0.0, 4.0, 0.4), (2.0, 0.9, 0.85)),
    thing(8, "bed", "brown", (5.0, 5.0, 0.3), (2.0, 1.4, 0.6)),
    thing(9, "lamp", "white", (4.0, 4.0, 0.6), (0.25, 0.25, 1.2)),
    thing(10, "ball", "red", (1.0, -0.5, 0.12), (0.25, 0.25, 0.25), seen=True),
)


class Conversation:
    """Speaks to the interpreter and keeps count of the tasks that it begins."""

    def __init__(self) -> None:
        self.memory = Memory.empty().commit(tuple(map(PutNode, FLAT)))
        self.state = INTERPRETER.initial(Key(0))
        self.pose, self.speaker = Pose2(0.0, 0.0, 0.0), Pose2(-1.0, -1.0, float("nan"))
        self.now_ns = 0
        self.begun: list[TaskSpec] = []
        self.running: list[tuple[int, TaskSpec]] = []
        self.controlled: list[Any] = []

    def say(self, text: str) -> list[str]:
        """The replies to one utterance."""
        return self._call(utterances=(DIALOG(Chat("ann", text, self.now_ns)),))

    def end(self, status: Any = "finished") -> list[str]:
        """The replies when the newest task ends."""
        task_id, spec = self.running.pop()
        reason = "" if status == "finished" else "I looked everywhere"
        node_id = getattr(spec, "node_id", None)
        return self._call(task_events=(TaskEvent(task_id, type(spec).__name__, status, "", reason, node_id),))

    def wait(self, seconds: float) -> list[str]:
        """The replies when time passes."""
        self.now_ns += round(seconds * 1e9)
        return self._call()

    def _call(self, **heard: Any) -> list[str]:
        self.now_ns += TICK_NS
        replies: list[str] = []
        started: list[Push] = []
        inputs = InterpreterInputs(self.now_ns, self.pose, speaker=self.speaker, **heard)
        for _ in range(8):
            said, self.state = INTERPRETER(inputs, self.state)
            replies += [reply.text for reply in said.replies]
            for change in said.task_changes:
                if isinstance(change, Push):
                    started.append(change)
                else:
                    self._control(change)
            self.memory = self.memory.commit(said.notes)
            self.idle = said.idle
            if not said.queries:
                break
            answers = tuple(map(self.memory.query, said.queries))
            inputs = InterpreterInputs(self.now_ns, self.pose, answers=answers, speaker=self.speaker)
        for push in started:
            self.begun.append(push.spec)
            self.running.append((push.task_id, push.spec))
            name = type(push.spec).__name__
            replies += self._call(task_events=(TaskEvent(push.task_id, name, "started"),))
        return replies

    def _control(self, change: Pause | Resume | Drop) -> None:
        self.controlled.append(change)
        if isinstance(change, Drop):
            self.running = [task for task in self.running if change.task_id not in (None, task[0])]
