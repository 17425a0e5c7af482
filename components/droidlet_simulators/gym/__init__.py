"""Gymnasium, both ways: our simulators as its environments, its environments as bodies of ours. Extra `gym`.

Importing this registers droidlet/RoomNavigation-v0, droidlet/VoxelNavigation-v0, droidlet/MujocoNavigation-v0 and
droidlet/HabitatNavigation-v0.
"""

from droidlet_simulators.errors import NotInstalled

try:
    import gymnasium
except ModuleNotFoundError as error:
    raise NotInstalled(
        "droidlet_simulators.gym needs gymnasium: pip install 'droidlet-style[gym]'"
    ) from error

from droidlet_simulators.gym.body import GymnasiumBody
from droidlet_simulators.gym.controls import Choices, Controls, DriveControls, choices, controls_of
from droidlet_simulators.gym.environment import SimulatorEnv
from droidlet_simulators.gym.functional import Episode, SimulatorFuncEnv
from droidlet_simulators.gym.tasks import PointNavigation, Task
from droidlet_simulators.gym.worlds import IDS, MOST_STEPS

for _id, _maker in IDS.items():
    if _id not in gymnasium.registry:
        gymnasium.register(_id, f"droidlet_simulators.gym.worlds:{_maker}", max_episode_steps=MOST_STEPS)

__all__ = [
    "Choices",
    "Controls",
    "DriveControls",
    "Episode",
    "GymnasiumBody",
    "PointNavigation",
    "SimulatorEnv",
    "SimulatorFuncEnv",
    "Task",
    "choices",
    "controls_of",
]
