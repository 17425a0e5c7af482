"""A flat as a grid and a body that drives on it: just enough of a world to give tasks something to do."""

from __future__ import annotations

import math
from typing import Callable

import attrs
import numpy as np

from droidlet_schema import (
    Answer,
    Drive,
    FrozenMap,
    MemoryNode,
    OccupancyMap,
    Pose2,
    Query,
    TaskChange,
    TaskEvent,
    Track,
)
from droidlet_tasks import StackState, TaskInputs, TaskStack

CELL_M = 0.1
PERIOD_NS = 100_000_000


def grid(rows: str) -> np.ndarray:
    """A grid drawn in text, half a metre a letter: # is a wall; the last line is at y = 0."""
    lines = rows.split()[::-1]
    coarse = np.array([[letter == "#" for letter in line] for line in lines])
    return np.kron(coarse, np.ones((5, 5), bool))


@attrs.define
class World:
    """Walls, a body, and what of it is known; `find` answers queries."""

    walls: np.ndarray
    pose: Pose2
    find: Callable[[Query, World], tuple[MemoryNode, ...]] = lambda query, world: ()
    sight_m: float = 3.0
    known: np.ndarray = attrs.field(init=False)
    now_ns: int = 0
    collided: bool = False
    events: list[TaskEvent] = attrs.Factory(list)
    path: list[Pose2] = attrs.Factory(list)
    spoken: list[object] = attrs.Factory(list)
    unsure: tuple[Track, ...] = ()

    def __attrs_post_init__(self) -> None:
        self.known = np.zeros(self.walls.shape, np.int8)
        self.see()

    def see(self) -> None:
        """Everything within sight of the body becomes known, as far as rays go."""
        angles = np.linspace(-math.pi, math.pi, 240, endpoint=False)
        going = np.ones(len(angles), bool)
        for reach in np.arange(0.0, self.sight_m, CELL_M / 2):
            rows = ((self.pose.y_m + reach * np.sin(angles)) / CELL_M).astype(int)
            columns = ((self.pose.x_m + reach * np.cos(angles)) / CELL_M).astype(int)
            going &= (
                (rows >= 0) & (columns >= 0) & (rows < self.walls.shape[0]) & (columns < self.walls.shape[1])
            )
            hit = going.copy()
            hit[going] = self.walls[rows[going], columns[going]]
            self.known[rows[going], columns[going]] = np.where(self.walls[rows[going], columns[going]], 1, -1)
            going &= ~hit

    def inputs(self, changes: tuple[TaskChange, ...] = (), answers: tuple[Answer, ...] = ()) -> TaskInputs:
        known = OccupancyMap(self.known.copy(), 0.0, 0.0, CELL_M)
        return TaskInputs(self.now_ns, self.pose, self.collided, known, changes, answers, unsure=self.unsure)

    def drive(self, action: Drive) -> None:
        forward = max(-0.5, min(0.5, action.forward_m_s)) * 0.1
        yaw = self.pose.yaw_rad + max(-1.5, min(1.5, action.turn_rad_s)) * 0.1
        x, y = self.pose.x_m + forward * math.cos(yaw), self.pose.y_m + forward * math.sin(yaw)
        self.collided = not self.is_free(x, y)
        if self.collided:
            x, y = self.pose.x_m, self.pose.y_m
        self.pose = Pose2(x, y, math.remainder(yaw, 2 * math.pi))

    def is_free(self, x: float, y: float, radius: float = 0.18) -> bool:
        for angle in np.linspace(0, 2 * math.pi, 16, endpoint=False):
            row, column = (
                int((y + radius * math.sin(angle)) / CELL_M),
                int((x + radius * math.cos(angle)) / CELL_M),
            )
            if not (0 <= row < self.walls.shape[0] and 0 <= column < self.walls.shape[1]):
                return False
            if self.walls[row, column]:
                return False
        return True

    def run(
        self, changes: tuple[TaskChange, ...], ticks: int = 3000, stack: TaskStack | None = None
    ) -> StackState:
        """Ticks until the stack is idle; what happened is kept in `events` and `path`."""
        stack = stack or TaskStack()
        return self.go_on(stack, stack_state_of(stack), changes, ticks)

    def go_on(
        self, stack: TaskStack, state: StackState, changes: tuple[TaskChange, ...], ticks: int = 3000
    ) -> StackState:
        answers: tuple[Answer, ...] = ()
        for _ in range(ticks):
            commands, state = stack(self.inputs(changes, answers), state)
            changes = ()
            self.events.extend(commands.events)
            answers = tuple(self.answer(query) for query in commands.queries)
            for action in commands.actions:
                if isinstance(action, Drive):
                    self.drive(action)
                else:
                    self.spoken.append(action)
            self.path.append(self.pose)
            self.now_ns += PERIOD_NS
            self.see()
            if commands.idle:
                break
        return state

    def answer(self, query: Query) -> Answer:
        nodes = self.find(query, self)
        return Answer(query.id, nodes, len(nodes))

    def statuses(self, task_id: int) -> list[str]:
        return [event.status for event in self.events if event.task_id == task_id]


def stack_state_of(stack: TaskStack) -> StackState:
    """A stack's first state; its key draws nothing."""
    from droidlet_schema import Key

    return stack.initial(Key(0))


def thing(x: float, y: float, size: float = 0.4, node_id: str = "object/1") -> MemoryNode:
    """A remembered thing."""
    return MemoryNode(node_id, "ReferenceObject", 0, 0, position_m=(x, y, 0.4), size_m=(size, size, 0.8))


def glimpse(
    number: int, name: str, colour: str, x: float, y: float, votes: dict[str, float] | None = None
) -> Track:
    """A thing that was seen badly."""
    told = FrozenMap(votes or {name: 0.1})
    return Track(number, name, colour, 0.3, (x, y, 0.2), (0.4, 0.4, 0.4), 0, 0, label_votes=told)
