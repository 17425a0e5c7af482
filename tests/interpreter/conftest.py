"""A little room that answers queries, and a person who talks to the interpreter about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from droidlet_interpreter import Interpreter, InterpreterInputs, InterpreterState, Said
from droidlet_schema import (
    And,
    Answer,
    Chat,
    Key,
    MemoryNode,
    Not,
    Or,
    Pose2,
    Push,
    Query,
    Reply,
    TaskChange,
    TaskEvent,
    Triple,
    Utterance,
)


def node(number: int, name: str, colour: str, x_m: float, y_m: float, seen: bool = False) -> MemoryNode:
    triples = [Triple("has_name", name), Triple("has_colour", colour)]
    triples += [Triple("has_tag", "_in_view")] if seen else []
    return MemoryNode(
        f"object/{number}",
        "ReferenceObject",
        0,
        0,
        position_m=(x_m, y_m, 0.4),
        size_m=(0.5, 0.5, 0.8),
        triples=tuple(triples),
    )


ROOM = (
    node(1, "chair", "red", 2.0, 1.0, seen=True),
    node(2, "chair", "blue", 4.0, -1.0),
    node(3, "table", "white", 3.0, 0.0, seen=True),
    node(4, "cup", "blue", 3.0, 0.2),
    node(5, "lamp", "yellow", -2.0, 1.0),
    node(6, "person", "green", -1.0, -1.0),
)


def fits(where: Any, thing: MemoryNode) -> bool:
    """Where clauses over names, colours and tags: all that these conversations need."""
    if isinstance(where, Triple):
        return where in thing.triples
    if isinstance(where, And):
        return all(fits(clause, thing) for clause in where.clauses)
    if isinstance(where, Or):
        return any(fits(clause, thing) for clause in where.clauses)
    return not fits(where.clause, thing) if isinstance(where, Not) else False


def answer(query: Query, room: tuple[MemoryNode, ...] = ROOM) -> Answer:
    nodes = tuple(thing for thing in room if fits(query.filters.where, thing))
    chosen = query.filters.selector
    if chosen is not None and chosen.quantity in ("MIN", "MAX"):
        ordered = sorted(nodes, key=lambda n: (n.position_m or (0.0,))[0], reverse=chosen.quantity == "MAX")
        nodes = tuple(ordered[chosen.ordinal - 1 : chosen.ordinal])
    return Answer(query.id, nodes, len(nodes))


class Talk:
    """A conversation: forms go in, replies and task changes come out; queries are answered at once."""

    def __init__(self, room: tuple[MemoryNode, ...] = ROOM) -> None:
        self.interpreter, self.room = Interpreter(), room
        self.state: InterpreterState = self.interpreter.initial(Key(0))
        self.now_ns, self.pose = 0, Pose2(0.0, 0.0, 0.0)
        self.changes: list[TaskChange] = []
        self.said = Said()

    def hear(self, *forms: Any, unread: tuple[str, ...] = ()) -> list[str]:
        """What is replied to one utterance."""
        return self._call(utterances=(Utterance(Chat("person", "...", self.now_ns), forms, unread),))

    def event(self, task_id: int, status: Any, name: str = "Approach", **more: Any) -> list[str]:
        """What is replied to one event."""
        return self._call(task_events=(TaskEvent(task_id, name, status, **more),))

    def begun(self) -> Any:
        """The task begun last, which starts."""
        push = next(change for change in reversed(self.changes) if isinstance(change, Push))
        self.event(push.task_id, "started")
        return push.spec

    def _call(self, **heard: Any) -> list[str]:
        self.now_ns += 100_000_000
        replies: list[Reply] = []
        inputs = InterpreterInputs(self.now_ns, self.pose, **heard)
        for _ in range(8):
            self.said, self.state = self.interpreter(inputs, self.state)
            replies += self.said.replies
            self.changes += self.said.task_changes
            if not self.said.queries:
                break
            inputs = InterpreterInputs(
                self.now_ns, self.pose, answers=tuple(answer(query, self.room) for query in self.said.queries)
            )
        return [reply.text for reply in replies]


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def talk_in() -> Callable[..., Talk]:
    return Talk
