"""What to do with a world that Habitat no longer holds, as after a crash.

Without dynamics there is nothing to do: the world itself goes on to the bit. With dynamics the solver's memory is
in no world; running everything since the reset again brings it back, for a new engine runs the same way each time.
"""

from __future__ import annotations

from typing import Optional, Sequence

from droidlet_schema import record
from droidlet_simulators.contract import Actions, Observations
from droidlet_simulators.errors import SimulatorError
from droidlet_simulators.habitat.simulator import HabitatSimulator
from droidlet_simulators.habitat.values import HabitatWorld

EXACT, RERUN, RESUMED = "exact", "run again", "resumed, not exact"


@record
class Recovery:
    """A world to go on from, and how good it is: "exact", "run again" (exact as well) or "resumed, not exact"."""

    observations: Observations
    world: HabitatWorld
    how: str


def recover(
    simulator: HabitatSimulator, world: HabitatWorld, log: Optional[Sequence[Actions]] = None
) -> Recovery:
    """Goes on from a world; `log` are the actions of all steps since its reset, from the scene it was reset to.

    Raises SimulatorError for a log that is not as long as the world is old, or leads elsewhere: things were added,
    moved or removed on the way, or it is another run's.
    """
    if simulator.spec.exact_restore:
        return Recovery(simulator.observe(world), world, EXACT)
    if log is None:
        return Recovery(simulator.observe(world), world, RESUMED)
    if len(log) != world.step:
        raise SimulatorError(
            f"log has {len(log)} steps and the world is {world.step} old: all since the reset"
        )
    observations, again = simulator.reset(world.scene, world.key)
    for actions in log:
        observations, again = simulator.step(actions, again)
    if again != world:
        raise SimulatorError(
            "log leads to another world: were things added, moved or removed on the way? Without a log the world "
            "is resumed, not exact"
        )
    return Recovery(observations, again, RERUN)
