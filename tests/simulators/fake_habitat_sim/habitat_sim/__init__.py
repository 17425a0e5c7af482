"""A FAKE habitat-sim: the interface that the adapter uses, and the traps of versions 0.3.3 and 0.3.4.

What ends the real process (exit, abort, segmentation fault, hang) raises ProcessDeath here, which no adapter may
let happen; where nobody could catch it, it is noted in `deaths`. Faked traps:

- one flat registry of sensors by uuid in "0.3.4", so that equal uuids give every agent the last one's picture;
- reset() puts objects that were added through the manager at the origin, and stills none of them;
- static objects cannot be put anywhere; reading removed objects gives zeros;
- questions to a navmesh that is not loaded, resolutions, clip planes, channels, empty uuids and CUDA devices
  that cannot be, missing URDF files, drawing in another thread, closing the older of two, reset() after close();
- bare .glb scenes are taken for z up; unknown templates give None; ints in vectors are TypeErrors;
- the configuration that is handed in is written into; recompute_navmesh on an empty scene is an AssertionError;
- joints given as too short lists are read past their end; a navmesh with static things with joints aborts;
- set_state() leaves the checks of attrs classes switched off;
- seeds 0 and 1 are the same, random points come from numbers that the whole process shares;
- Bullet keeps a remainder of time, and a memory of contacts that cannot be read back.
"""

from habitat_sim import agent, errors, physics, utils
from habitat_sim._config import (
    CameraSensorSpec,
    Configuration,
    SensorSubType,
    SensorType,
    SimulatorConfiguration,
)
from habitat_sim._death import ProcessDeath, deaths
from habitat_sim._paths import NavMeshSettings, ShortestPath
from habitat_sim._simulator import Simulator, pretend

__version__ = "0.3.3"  # both say so

__all__ = [
    "CameraSensorSpec", "Configuration", "NavMeshSettings", "ProcessDeath", "SensorSubType", "SensorType",
    "ShortestPath", "Simulator", "SimulatorConfiguration", "agent", "deaths", "errors", "physics",
    "pretend", "utils",
]  # fmt: skip
