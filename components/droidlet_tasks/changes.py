"""What the interpreter asks of the stack, applied to the stack."""

from __future__ import annotations

from typing import Callable, List, Optional, Tuple

from droidlet_schema import Drop, Pause, Push, TaskChange, TaskEvent, evolve
from droidlet_tasks.contract import TaskState

MAX_TASKS = 64
Tasks = Tuple[TaskState, ...]


def apply_change(tasks: Tasks, change: TaskChange, now_ns: int) -> Tuple[Tasks, Tuple[TaskEvent, ...]]:
    """The stack after one change, and the events that it causes.

    Raises ValueError for a task id that is on the stack already.
    """
    if isinstance(change, Push):
        return _push(tasks, change, now_ns)
    if isinstance(change, Drop):
        gone = [t for t in tasks if change.task_id in (None, t.task_id)]
        return tuple(t for t in tasks if t not in gone), tuple(event_of(t, "dropped", now_ns) for t in gone)
    if isinstance(change, Pause):
        return _each(tasks, change.task_id, lambda t: not t.paused, True, "paused", now_ns)
    return _each(tasks, change.task_id, lambda t: t.paused, False, "resumed", now_ns)


def _push(tasks: Tasks, change: Push, now_ns: int) -> Tuple[Tasks, Tuple[TaskEvent, ...]]:
    if any(t.task_id == change.task_id for t in tasks):
        raise ValueError(
            f"Push.task_id: {change.task_id} is on the stack already; ids are counted up, never used again"
        )
    task = TaskState(change.task_id, change.spec)
    if len(tasks) >= MAX_TASKS:
        return tasks, (event_of(task, "failed", now_ns, "I have too much to do already"),)
    place = _behind(tasks, change.after)
    return (*tasks[:place], task, *tasks[place:]), ()


def _behind(tasks: Tasks, after: Optional[int]) -> int:
    """The place right behind a task; the top when it is none of these (it may be done by now)."""
    for place, task in enumerate(tasks):
        if task.task_id == after:
            return place + 1
    return 0


def _each(
    tasks: Tasks,
    task_id: Optional[int],
    concerns: Callable[[TaskState], bool],
    paused: bool,
    status: str,
    now_ns: int,
) -> Tuple[Tasks, Tuple[TaskEvent, ...]]:
    done: List[TaskState] = []
    events: List[TaskEvent] = []
    for task in tasks:
        if task_id in (None, task.task_id) and concerns(task):
            task = evolve(task, paused=paused)
            events.append(event_of(task, status, now_ns))
        done.append(task)
    return tuple(done), tuple(events)


def event_of(
    task: TaskState, status: str, now_ns: int, reason: str = "", node_id: Optional[str] = None
) -> TaskEvent:
    """The event that tells what became of a task."""
    name = type(task.spec).__name__
    label = getattr(task.spec, "label", "") or getattr(task.spec, "text", "")
    return TaskEvent(task.task_id, name, status, label, reason, node_id, now_ns)  # type: ignore[arg-type]
