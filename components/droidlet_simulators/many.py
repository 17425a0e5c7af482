"""Many worlds of one simulator, stepped together."""

from __future__ import annotations

from typing import Any, Sequence, Tuple, TypeVar

from droidlet_simulators.contract import Actions, Observations, Simulator
from droidlet_simulators.errors import SimulatorError

W = TypeVar("W")


def step_many(
    simulator: Simulator[W], actions: Sequence[Actions], worlds: Sequence[W]
) -> Tuple[Tuple[Observations, W], ...]:
    """What `simulator.step` gives for each of the actions and worlds, in their order and to the bit.

    A simulator with a `step_many(actions, worlds)` of its own does it together, which is quicker where worlds are
    forks of one scene (RoomSimulator); others step one after the other. Raises what `step` raises, and
    SimulatorError where actions and worlds are not as many; then nothing has changed.
    """
    if len(actions) != len(worlds):
        raise SimulatorError(
            f"actions are {len(actions)} and worlds {len(worlds)}: for each world what its agents do, {{}} for nothing"
        )
    together: Any = getattr(simulator, "step_many", None)
    if together is not None:
        return tuple(together(actions, worlds))
    return tuple(simulator.step(wanted, world) for wanted, world in zip(actions, worlds))
