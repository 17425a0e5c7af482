"""What every wish says when something begins for it, when nothing does, and when it is being done already."""

from __future__ import annotations

from droidlet_interpreter.contract import Asked, Running, Waiting
from droidlet_interpreter.english import a, the
from droidlet_interpreter.turn import Turn
from droidlet_schema import Filters

Waits = Asked | Running | Waiting | None


def nothing_begins(turn: Turn, text: str) -> Waits:
    """Says why nothing begins."""
    turn.say(text)
    return None


def started(turn: Turn, running: Running, text: str) -> Running:
    """Says what has begun, and what goes on after it."""
    others = [task for task in turn.running() if not task.paused]
    turn.say(f"{text} After that I will carry on {others[0].doing}." if others else text)
    return running


def is_doing(turn: Turn, *doing: str) -> bool:
    """Whether the newest task is that very one; says so, and goes on with it where it rests."""
    newest = next(iter(turn.running()), None)
    if newest is None or newest.doing not in doing:
        return False
    if newest.paused:
        turn.resume()
        turn.say(f"OK, I carry on {newest.doing}.")
    else:
        turn.say(f"I am already {newest.doing}.")
    return True


def one_or_the(asked: Asked) -> str:
    """What is asked for with its article: "a chair", "the nearest chair"."""
    return a(asked.label) if _is_plain(asked.filters) else the(asked.label)


def _is_plain(filters: Filters) -> bool:
    return filters.selector is None or filters.selector.quantity not in ("MIN", "MAX")
