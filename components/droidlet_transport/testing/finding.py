"""Which worker it is that trouble is made for: one by itself, or the one that something holds."""

from __future__ import annotations

from typing import Any, Optional, Tuple

from droidlet_transport.workers import Worker

_HELD = ("_caller", "_worker", "_far", "environment")


def worker_in(what: Any, number: Optional[int] = None) -> Tuple[Any, Any, str]:
    """The worker in `what`, or that of a batch with this number, as a batch has it (a Member); and who makes another
    when it has died, by the name of which method.

    Raises TypeError where there is none, ValueError for a number that is none of a batch's.
    """
    held, owner, maker = what, None, ""
    while not isinstance(held, Worker):
        team = _own(held, "_team")
        if team is not None:
            return _member(team, number), team, "_hire"
        inner = next((_own(held, name) for name in _HELD if _own(held, name) is not None), None)
        if inner is None:
            raise TypeError(
                "Chaos is for a Worker, and for what has one (parts, simulators and environments in a process, "
                f"runtimes, batches); there is none in {type(what).__name__}"
            )
        if _own(held, "_new") is not None:
            owner, maker = held, "_new"
        held = inner
    if number is not None:
        raise ValueError(f"number is {number}: only batches have several workers")
    return held, owner, maker


def _member(team: Any, number: Optional[int]) -> Any:
    count = len(team.members)
    if number is None and count == 1:
        number = 0
    if number is None or not 0 <= number < count:
        raise ValueError(f"number is {number}: which worker of the batch, from 0 to {count - 1}")
    return team.members[number]


def _own(held: Any, name: str) -> Any:
    """What it has itself: some would ask their far end."""
    return getattr(held, "__dict__", {}).get(name)
