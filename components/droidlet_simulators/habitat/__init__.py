"""habitat-sim 0.3.3 and 0.3.4 behind the one contract; `traps.TRAPS` says what it does to those who do not know it."""

from droidlet_simulators.habitat.paths import geodesic_distance, greedy_actions, random_place
from droidlet_simulators.habitat.recovery import Recovery, recover
from droidlet_simulators.habitat.simulator import HabitatSimulator
from droidlet_simulators.habitat.values import (
    HabitatAgent,
    HabitatArticulated,
    HabitatJoints,
    HabitatObject,
    HabitatRigid,
    HabitatScene,
    HabitatSpoken,
    HabitatWorld,
    NavmeshSettings,
)

__all__ = [
    "HabitatAgent",
    "HabitatArticulated",
    "HabitatJoints",
    "HabitatObject",
    "HabitatRigid",
    "HabitatScene",
    "HabitatSimulator",
    "HabitatSpoken",
    "HabitatWorld",
    "NavmeshSettings",
    "Recovery",
    "geodesic_distance",
    "greedy_actions",
    "random_place",
    "recover",
]
