"""What became of tasks, in words; and how the plan that waited for one goes on."""

from __future__ import annotations

from droidlet_interpreter.contract import Plan, Running
from droidlet_interpreter.describing import described
from droidlet_interpreter.english import a
from droidlet_interpreter.enumerating import INSTEAD
from droidlet_interpreter.names import clauses
from droidlet_interpreter.searching import is_search_for
from droidlet_interpreter.timing import counted
from droidlet_interpreter.turn import Turn
from droidlet_schema import Attribute, Filters, GetMemory, MoveForm, Or, TaskEvent, evolve


def hear_event(turn: Turn, event: TaskEvent) -> None:
    """Takes in one event; events of tasks that nobody here began change nothing."""
    for index, plan in enumerate(turn.state.plans):
        if isinstance(plan.waits, Running) and plan.waits.task_id == event.task_id:
            _hear(turn, event, index, plan, plan.waits)
            return


def _hear(turn: Turn, event: TaskEvent, index: int, plan: Plan, running: Running) -> None:
    if event.status in ("started", "paused", "resumed"):
        paused = event.status == "paused" or (running.paused and event.status != "resumed")
        running = counted(evolve(running, begun=True, paused=paused), turn.inputs.now_ns)
        _put(turn, index, evolve(plan, waits=running))
    elif event.status == "dropped":
        _put(turn, index, evolve(plan, waits=None, current=None, steps=()))
    elif event.status == "finished":
        _finished(turn, event, index, plan, running)
    else:
        _failed(turn, event, index, plan, running)


def _put(turn: Turn, index: int, plan: Plan) -> None:
    plans = list(turn.state.plans)
    plans[index] = plan
    turn.state = evolve(turn.state, plans=tuple(plans))


def _finished(turn: Turn, event: TaskEvent, index: int, plan: Plan, running: Running) -> None:
    if event.node_id is not None and running.filters is not None:
        turn.attend_id(event.node_id, running.filters, running.label.removeprefix("the "))
    steps = plan.steps
    if running.beside is not None:
        steps = (MoveForm(running.beside), *steps)  # it is known now: think again about where to go
    elif event.name in ("LookAround", "Explore") and not (steps and isinstance(steps[0], GetMemory)):
        steps = (GetMemory(Filters(output=Attribute("NAME"))), *steps)
    text = _arrived(event, running)
    turn.note_done(text)
    turn.say(text)
    _put(turn, index, evolve(plan, waits=None, current=None, steps=steps, begun=True))
    _go_on(turn, index)


def _arrived(event: TaskEvent, running: Running) -> str:
    label = running.label
    if running.find_only:
        return f"I have found {label}."
    if " or " in label or label.endswith(" thing"):
        return "I have found one and stand next to it."
    if event.name in ("Approach", "GoTo"):
        return f"I am next to {label}." if label == "you" else f"I am at {label}."
    if event.name == "Face":
        return f"I am facing {label}."
    done = {
        "moving": "I have moved",
        "turning": "I have turned",
        "looking": "I have looked",
        "exploring": "I have explored",
    }
    first, _, rest = running.doing.partition(" ")
    return f"{done.get(first, 'I have done')} {rest or 'everything I can get to'}.".replace("  ", " ")


def _failed(turn: Turn, event: TaskEvent, index: int, plan: Plan, running: Running) -> None:
    reason = event.reason or "it did not work"
    verb = {"go": "get to", "face": "turn to", "follow": "follow"}.get(running.aim)
    if running.aim == "look":
        text = f"{reason} and did not find {_any(running)}."
    elif verb is not None:
        text = f"I cannot {verb} {running.label}: {reason}."
    else:
        text = f"I cannot go on {running.doing}: {reason}."
    text = text[:1].upper() + text[1:]
    turn.note_done(text, text)
    steps = plan.steps
    if running.aim == "look" and running.filters is not None:
        steps = tuple(step for step in steps if not is_search_for(step, running.filters))
    again = " I do not look for it again." if len(steps) < len(plan.steps) else ""
    turn.say(text + again + (" I go on with the rest." if steps else ""))
    if running.aim == "look" and running.filters is not None:
        steps = (_instead(running.filters), *steps)
    _put(turn, index, evolve(plan, waits=None, current=None, steps=steps, begun=True))
    _go_on(turn, index)


def _instead(filters: Filters) -> GetMemory:
    """Asks what of that kind has been seen at least."""
    names = tuple(triple for triple in clauses(filters.where) if triple.predicate == "has_name")
    return GetMemory(Filters(Or(names), Attribute("NAME")), INSTEAD)


def _any(running: Running) -> str:
    """ "a red chair", "the second nearest chair", "you"."""
    bare = running.label.removeprefix("the ")
    is_any = running.filters is None or (
        running.filters.selector is None and described(running.filters) == bare
    )  # what was looked for may have lost its choice: "nearest"
    return a(bare) if is_any and bare != running.label else running.label


def _go_on(turn: Turn, index: int) -> None:
    """Says which older task goes on now that this one is over."""
    if turn.state.plans[index].steps:
        return
    older = [task for task in turn.running() if not task.paused]
    if older:
        turn.say(f"Now I carry on {older[0].doing}.")
