"""What is done for a time: waiting, and moves, turns and other tasks that end by the clock."""

from __future__ import annotations

import math

from droidlet_interpreter.contract import Running, Waiting
from droidlet_interpreter.measures import seconds
from droidlet_interpreter.turn import Turn
from droidlet_schema import Drop, MoveBy, MoveForm, TimedForm, TurnBy, TurnForm, evolve

LONGEST_S = 3600.0
FAR_M, FAR_RAD = 1000.0, 200 * math.pi  # farther than anything gets before its time is over
_WAYS = {
    None: ((1.0, 0.0), "forward"),
    "FRONT": ((1.0, 0.0), "forward"),
    "BACK": ((-1.0, 0.0), "back"),
    "LEFT": ((0.0, 1.0), "to the left"),
    "RIGHT": ((0.0, -1.0), "to the right"),
}


def time_allowed(turn: Turn, form: TimedForm) -> bool:
    """Whether a time is one that can be kept; says so where it is not."""
    if form.duration_s != form.duration_s or form.duration_s <= 0:
        turn.say("That is no time: I stay where I am.")
    elif form.duration_s > LONGEST_S:
        turn.say("That is too long for me: an hour is the longest I keep count of.")
    else:
        return True
    return False


def begin_wait(turn: Turn, lasts_s: float) -> Waiting:
    """Stands still; what is being done rests for so long."""
    active = [task.doing for task in turn.running() if not task.paused]
    if active:
        turn.pause()
        turn.say(f"OK, I stand still for {seconds(lasts_s)} and then carry on {active[0]}.")
    else:
        turn.say(f"OK, I wait for {seconds(lasts_s)}.")
    return Waiting(lasts_s, turn.inputs.now_ns + round(lasts_s * 1e9), bool(active))


def begin_straight(turn: Turn, form: TimedForm) -> Running | None:
    """Moves or turns until the time is over; None where the action has a goal or a measure of its own."""
    action, lasts = form.action, seconds(form.duration_s)
    if isinstance(action, MoveForm):
        location = action.location
        way = _WAYS.get(location.relative_direction)
        if way is None or location.references or location.distance_m is not None:
            return None
        (forward, left), words = way
        turn.state = evolve(turn.state, before=turn.inputs.pose)
        doing = f"moving {words} for {lasts}"
        running = turn.push(MoveBy(forward * FAR_M, left * FAR_M), doing)
    elif isinstance(action, TurnForm) and action.facing.relative_yaw_rad is not None:
        right = action.facing.relative_yaw_rad < 0
        words = "right" if right else "left"
        doing = f"turning {words} for {lasts}"
        running = turn.push(TurnBy(-FAR_RAD if right else FAR_RAD), doing)
    else:
        return None
    turn.say(f"OK, I am {doing}.")
    return limited(running, form)


def limited(running: Running, form: TimedForm) -> Running:
    """A task that ends when its time is over: counted from when it starts."""
    return evolve(running, lasts_ns=round(form.duration_s * 1e9))


def counted(running: Running, now_ns: int) -> Running:
    """The same task with its clock running or resting, as the task does."""
    resting = running.paused or not running.begun
    if running.until_ns is not None and resting:
        return evolve(running, lasts_ns=max(0, running.until_ns - now_ns), until_ns=None)
    if running.lasts_ns is not None and not resting:
        return evolve(running, lasts_ns=None, until_ns=now_ns + running.lasts_ns)
    return running


def tell_time(turn: Turn) -> None:
    """Ends what is to end by now."""
    for index, plan in enumerate(turn.state.plans):
        waits = plan.waits
        until = waits.until_ns if isinstance(waits, (Running, Waiting)) else None
        resting = isinstance(waits, Running) and waits.paused
        if until is None or resting or turn.inputs.now_ns < until:
            continue
        if isinstance(waits, Running):
            turn.changes.append(Drop(waits.task_id))
            first, _, rest = waits.doing.partition(" ")
            done = {"moving": "I have moved", "turning": "I have turned"}.get(first)
            text = f"{done} {rest}." if done else f"The time is over: I am no longer {waits.doing}."
            turn.note_done(text)
            turn.say(text)
        else:
            end_wait(turn, waits)
        plans = list(turn.state.plans)
        plans[index] = evolve(plans[index], waits=None, current=None, begun=True)
        turn.state = evolve(turn.state, plans=tuple(plans))


def end_wait(turn: Turn, waits: object) -> None:
    """Says that it has waited, and goes on with what rested for it."""
    if not isinstance(waits, Waiting):
        return
    turn.say(f"I have waited for {seconds(waits.lasts_s)}.")
    resting = [task.doing for task in turn.running() if task.paused]
    if waits.resumes and resting:
        turn.resume()
        turn.say(f"Now I carry on {resting[0]}.")


def hold_waits(turn: Turn) -> None:
    """Stops the clock of every wait: it is over when the person says so."""
    plans = tuple(
        evolve(plan, waits=evolve(plan.waits, until_ns=None)) if isinstance(plan.waits, Waiting) else plan
        for plan in turn.state.plans
    )
    turn.state = evolve(turn.state, plans=plans)


def is_waiting(turn: Turn) -> Waiting | None:
    """The newest wait, whether its clock runs or not."""
    return next((plan.waits for plan in reversed(turn.state.plans) if isinstance(plan.waits, Waiting)), None)


def drop_waits(turn: Turn) -> None:
    """Ends every wait at once."""
    plans = tuple(
        evolve(plan, waits=None, current=None, begun=True) if isinstance(plan.waits, Waiting) else plan
        for plan in turn.state.plans
    )
    turn.state = evolve(turn.state, plans=plans)
