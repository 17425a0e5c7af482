"""A stack of tasks whose tick returns commands."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Tuple

import attrs

from droidlet_schema import (
    Approach,
    Explore,
    Face,
    Follow,
    GoTo,
    Key,
    LookAround,
    MoveBy,
    Query,
    Say,
    Speak,
    Stop,
    TaskEvent,
    TurnBy,
    evolve,
)
from droidlet_tasks.body import BodyLimits
from droidlet_tasks.changes import apply_change, event_of
from droidlet_tasks.contract import (
    Commands,
    Outcome,
    Progress,
    Scene,
    StackState,
    Step,
    TaskInputs,
    TaskState,
)
from droidlet_tasks.exploring import step_explore
from droidlet_tasks.seeking import step_approach, step_follow, step_go_to
from droidlet_tasks.turning import step_face, step_look_around, step_move, step_turn

ENDLESS_IS_DONE_NS = 10_000_000_000  # an endless task counts as done after this long
Stepper = Callable[[Any, Progress, Scene, BodyLimits], Step]


def _step_say(spec: Say, progress: Progress, scene: Scene, limits: BodyLimits) -> Step:
    return Step(None, (Speak(spec.text),), outcome=Outcome("finished"), doing="speaking")


_STEPPERS: Dict[type, Stepper] = {
    GoTo: step_go_to,
    Approach: step_approach,
    MoveBy: step_move,
    TurnBy: step_turn,
    Face: step_face,
    LookAround: step_look_around,
    Explore: step_explore,
    Follow: step_follow,
    Say: _step_say,
}


@attrs.frozen
class TaskStack:
    """Does the topmost task that is not paused, one tick at a time.

    A task that needs to know something asks (`Commands.queries`) and hears the answer a tick later.
    `limits` says what the body can do.
    """

    limits: BodyLimits = BodyLimits()

    def initial(self, key: Key) -> StackState:
        """Nothing to do."""
        return StackState()

    def __call__(self, inputs: TaskInputs, state: StackState) -> Tuple[Commands, StackState]:
        """One tick. Raises ValueError for a Push whose task id is on the stack already."""
        state, events = _apply(inputs, _hear(inputs, state))
        task = next((t for t in state.tasks if not t.paused), None)
        if task is None:
            commands = Commands((Stop(),) if state.active_id is not None else (), (), events, "", True)
            return commands, evolve(state, active_id=None, last_ns=inputs.now_ns)
        return _work(self.limits, inputs, state, task, events)


def _hear(inputs: TaskInputs, state: StackState) -> StackState:
    """Gives each answer to the task that asked; the answer of the tick before is gone."""
    answers = {a.query_id: a for a in inputs.answers}
    if not any(t.query_id is not None or t.answer is not None for t in state.tasks):
        return state
    return evolve(
        state, tasks=tuple(evolve(t, answer=answers.get(t.query_id or 0), query_id=None) for t in state.tasks)
    )


def _apply(inputs: TaskInputs, state: StackState) -> Tuple[StackState, Tuple[TaskEvent, ...]]:
    tasks, events = state.tasks, []  # type: ignore[var-annotated]
    for change in inputs.changes:
        tasks, caused = apply_change(tasks, change, inputs.now_ns)
        events.extend(caused)
    return (evolve(state, tasks=tasks) if inputs.changes else state), tuple(events)


def _work(
    limits: BodyLimits, inputs: TaskInputs, state: StackState, task: TaskState, events: Tuple[TaskEvent, ...]
) -> Tuple[Commands, StackState]:
    elapsed = 0 if state.last_ns is None else max(0, inputs.now_ns - state.last_ns)
    continued = state.active_id == task.task_id
    told: List[TaskEvent] = (
        list(events) if task.started else [*events, event_of(task, "started", inputs.now_ns)]
    )
    scene = Scene(inputs, task.answer, continued, elapsed)
    step = _STEPPERS[type(task.spec)](task.spec, task.progress, scene, limits)
    task = evolve(
        task, progress=step.progress, started=True, active_ns=task.active_ns + (elapsed if continued else 0)
    )
    queries: Tuple[Query, ...] = ()
    if step.ask is not None and step.outcome is None:
        viewer = task.viewer or inputs.pose
        queries = (Query(state.next_query, step.ask, inputs.now_ns, viewer, inputs.speaker),)
        task = evolve(task, viewer=viewer, query_id=state.next_query)
    tasks = tuple(task if t.task_id == task.task_id else t for t in state.tasks)
    if step.outcome is not None:
        tasks = tuple(t for t in tasks if t.task_id != task.task_id)
        told.append(
            event_of(task, step.outcome.status, inputs.now_ns, step.outcome.reason, step.outcome.node_id)
        )
    state = StackState(tasks, state.next_query + len(queries), inputs.now_ns, task.task_id)
    idle = not any(_is_open(t) for t in tasks)
    return Commands(step.actions or (Stop(),), queries, tuple(told), step.doing, idle), state


def _is_open(task: TaskState) -> bool:
    """Whether something finite is still being done."""
    return not task.paused and not (isinstance(task.spec, Follow) and task.active_ns >= ENDLESS_IS_DONE_NS)
