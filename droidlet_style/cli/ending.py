"""What is told at the end of a run: what was said, what was done, where the files lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from droidlet_style.session import ALL_DONE

if TYPE_CHECKING:
    from droidlet_style.session import Session


def tell(session: Session, told: Mapping[str, Any], say: Callable[[str], None]) -> None:
    """Says it line by line."""
    say("")
    factor = told["sim_time_s"] / max(told["wall_s"], 1e-6)
    count = f"{told['ticks']} tick{'' if told['ticks'] == 1 else 's'}"
    times = f"{count}, {told['sim_time_s']:.1f} s in {told['wall_s']:.1f} s ({factor:.1f}x)"
    say(f"{told['agent']}, seed {told['seed']}: {times}")
    if session.ended and session.ended != ALL_DONE:
        say(f"  {session.ended}")
    _words(session, say)
    for task in session.story.tasks.values():
        why = f" ({task.reason})" if task.reason else ""
        last = task.finished_tick
        ticks = "not ended" if last is None else f"tick {task.started_tick} to {last}"
        say(f"  task   {task.name} {task.label}".rstrip() + f": {task.status}, {ticks}{why}")
    if told["final_pose"]:
        pose = told["final_pose"]
        say(f"  stands at {_metres(pose['x_m'])}, {_metres(pose['y_m'])} m")
    say(f"  digest {told['digest']}")
    if session.out is not None:
        say(f"  files  {', '.join(told['files'])} in {session.out}")


def _words(session: Session, say: Callable[[str], None]) -> None:
    spoken = sorted(
        [(w.tick, 0, w.text) for w in session.story.said]
        + [(w.tick, 1, w.text) for w in session.story.replies]
    )
    counted = Counter(who for _, who, _ in spoken)
    say(f"  said   {counted[0]} to the agent, {counted[1]} by it")
    for text in session.unsaid:
        say(f"  unsaid {text}")


def _metres(value: float | None) -> str:
    return "?" if value is None else f"{value:.2f}"
