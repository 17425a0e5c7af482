"""Answers about the agent itself: what it does, did, will do and why, where it is, what was said."""

from __future__ import annotations

import math

from droidlet_interpreter.english import listed, plural
from droidlet_interpreter.measures import point, seconds
from droidlet_interpreter.names import clauses
from droidlet_interpreter.timing import is_waiting
from droidlet_interpreter.turn import Turn
from droidlet_schema import GetMemory, evolve


def tell_about(turn: Turn, form: GetMemory) -> None:
    """Answers from what the interpreter itself remembers."""
    tag = next((triple.object for triple in clauses(form.filters.where)), "")
    output = form.filters.output
    wanted = "" if isinstance(output, str) else getattr(output, "name", "")
    if form.filters.memory_type == "CHAT":
        turn.say(_chat(turn, tag))
    elif form.filters.memory_type == "AGENT":
        turn.say(_self(turn, tag, wanted))
    elif tag == "FINISHED":
        turn.say(_done(turn))
    elif tag == "WAITING":
        turn.say(_next(turn))
    elif wanted == "REASON":
        turn.say(_why(turn))
    else:
        turn.say(_doing(turn, wanted, yes_or_no=output == "MEMORY"))


def _active(turn: Turn) -> list[str]:
    return [task.doing for task in turn.running() if not task.paused]


def _doing(turn: Turn, wanted: str, yes_or_no: bool) -> str:
    active, resting = _active(turn), [task.doing for task in turn.running() if task.paused]
    if active:
        start = "Not yet: I am" if yes_or_no else "I am"
        later = f", and after that I will carry on {listed(active[1:])}" if len(active) > 1 else ""
        return f"{start} {active[0]}{later}."
    wait = is_waiting(turn)
    if wait is not None and wait.until_ns is not None and wanted != "LOCATION":
        left = max(1.0, round((wait.until_ns - turn.inputs.now_ns) / 1e9))
        return f"{'Not yet: ' if yes_or_no else ''}I am waiting, {seconds(left)} more."
    if resting:
        return f"I am standing still. Say “continue” and I will carry on {resting[0]}."
    if wanted == "LOCATION":
        return "I am not going anywhere."
    last = f" The last thing: {turn.state.done[-1]}" if turn.state.done and yes_or_no else ""
    return f"I am doing nothing: I am free.{last}" if yes_or_no else "I am doing nothing. Tell me what to do."


def _done(turn: Turn) -> str:
    done = turn.state.done[-3:]
    return "I have not done anything yet." if not done else " Then: ".join(done)


def _next(turn: Turn) -> str:
    running = _active(turn)
    steps = sum(len(plan.steps) for plan in turn.state.plans)
    if running:
        rest = f" After that I will carry on {listed(running[1:])}." if len(running) > 1 else ""
        more = " There is more to do after that." if steps and not rest else rest
        return f"First I finish {running[0]}.{more}"
    return "Nothing: I am waiting for you."


def _why(turn: Turn) -> str:
    if turn.state.trouble and not _active(turn):
        return f"Because of this: {turn.state.trouble}"
    asked = turn.state.heard[-2] if len(turn.state.heard) > 1 else ""
    if turn.running():
        return f"I am {turn.running()[0].doing} because you asked me to."
    return f"Because you said “{asked[:100]}”." if asked else "I am doing nothing, so there is no reason."


def _self(turn: Turn, tag: str, wanted: str) -> str:
    pose = turn.inputs.pose
    if tag == "SPEAKER":
        if turn.inputs.speaker is not None:
            return f"You are at {point(turn.inputs.speaker.x_m, turn.inputs.speaker.y_m)}."
        return (
            "I cannot tell where you are: ask me where the person is, and I say where I have seen somebody."
        )
    if wanted == "LOCATION":
        return f"I am at {point(pose.x_m, pose.y_m)}, facing {_heading(pose.yaw_rad)}."
    if wanted in ("HEIGHT", "SIZE", "WIDTH", "COLOUR"):
        return "I have never seen myself, so I cannot tell."
    if wanted == "NAME":
        return "I am a robot assistant: I look, remember, walk and answer. Ask me what I can do."
    return "I am fine, thank you."


def _heading(yaw_rad: float) -> str:
    if not math.isfinite(yaw_rad):
        return "somewhere"
    turned = round(math.degrees(math.atan2(math.sin(yaw_rad), math.cos(yaw_rad))))
    if turned == 0:
        return "along x"
    return f"{abs(turned)} degrees to the {'left' if turned > 0 else 'right'} of the x axis"


def _chat(turn: Turn, tag: str) -> str:
    if tag == "SELF":
        return f"I said: {turn.state.told[-1]}" if turn.state.told else "I have not said anything yet."
    earlier = turn.state.heard[-2] if len(turn.state.heard) > 1 else ""
    return f"You said: “{earlier[:200]}”." if earlier else "That was the first thing you said to me."


def tell_capabilities(turn: Turn) -> None:
    """What can be asked of this agent."""
    turn.state = evolve(turn.state, open_wish=None)
    things = f" I recognise {listed([plural(name) for name in turn.names])}." if turn.names else ""
    turn.say(
        "I can go to things and find them, come to you, follow you, go to coordinates, move, turn, "
        "look around and explore, stop and continue; and I can say what I see, how many, where it is and "
        f"which colour.{things} Try: go to the red chair, then turn left."
    )
