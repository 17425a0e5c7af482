"""Films a robot that drives to a table's foot, picks a cube up and turns away with it, in MuJoCo without GL.

python docs/mujoco_film.py
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from droidlet_schema import Drive, FrozenMap, Grip, JointTargets, Key, Look, Pose, Pose2, SceneObject, Turn
from droidlet_simulators import AgentSpec, Area, CameraSpec, Scene
from droidlet_simulators.contract import SENSES
from droidlet_simulators.mujoco import JOINTS, READY, MujocoSimulator, reach

HERE = Path(__file__).resolve().parent
THINGS = (
    SceneObject(10, "box", "red", 2.72, 2.05, 0.03, 0.2, (0.05, 0.05, 0.06)),
    SceneObject(11, "cabinet", "brown", 4.7, 2.4, 0.4, math.pi, (0.5, 0.9, 0.8)),
    SceneObject(12, "vase", "blue", 4.7, 2.3, 0.8 + 0.21, 0.0, (0.24, 0.24, 0.42)),
    SceneObject(13, "plant", "green", 4.9, 3.4, 0.55, 0.0, (0.54, 0.54, 1.1)),
    SceneObject(14, "ball", "yellow", 3.7, 3.1, 0.13, 0.0, (0.26, 0.26, 0.26)),
    SceneObject(15, "sofa", "purple", 3.2, 3.5, 0.425, -math.pi / 2, (0.9, 2.0, 0.85)),
)
SHOWN = (0, 12, 34, 50, 64, 78, 92, 110)
Picture = NDArray[np.uint8]


class Film:
    """The robot's run, picture by picture, as another robot sees it, and what the robot sees itself."""

    def __init__(self) -> None:
        own = CameraSpec("head", 200, 150, math.radians(80), Pose(0.0, 0.0, 1.1), pictures=("rgb",))
        other = CameraSpec("head", 200, 150, math.radians(52), Pose(0.0, 0.0, 1.25), pictures=("rgb",))
        agents = (AgentSpec("robot", (own,), SENSES), AgentSpec("watcher", (other,)))
        self.simulator = MujocoSimulator(agents, arms=("robot",))
        area = (Area("hall", 0.0, 0.0, 6.0, 4.0),)
        starts = FrozenMap({"watcher": Pose2(3.5, 0.5, 2.05)})
        scene = Scene((6.0, 4.0, 2.6), area, (), (), THINGS, (), Pose2(1.7, 2.0, 0.0), starts=starts)
        self.seen, self.world = self.simulator.reset(scene, Key(0))
        self.outside: list[Picture] = []
        self.inside: list[Picture] = []

    def go(self, steps: int, *actions: Any) -> None:
        """Some steps; the actions are told in the first."""
        for number in range(steps):
            told = {"robot": actions if number == 0 else (), "watcher": (Look(0.0, -0.42),)}
            self.seen, self.world = self.simulator.step(told, self.world)
            self.outside.append(self.seen["watcher"].frames["head"].rgb)
            self.inside.append(self.seen["robot"].frames["head"].rgb)

    def play(self) -> None:
        """Forward, the arm over the cube, down, closed, up, away."""
        for _ in range(10):
            self.go(1, Drive(0.4, 0.0), Look(0.0, -0.7))
        self.go(26, JointTargets(FrozenMap(dict(zip(JOINTS, READY)))), Grip(0.08))
        cube = next(thing for thing in self.simulator.objects(self.world) if thing.id == 10)
        for height, steps in ((0.22, 20), (0.03, 14)):
            half = cube.yaw_rad / 2
            grip = Pose(cube.x_m, cube.y_m, height, 0.0, math.cos(half), math.sin(half), 0.0)
            self.go(steps, reach(self.seen["robot"].poses["arm"], grip))
        self.go(8, Grip(0.0))
        self.go(20, JointTargets(FrozenMap(dict(zip(JOINTS, READY)))))
        for _ in range(12):
            self.go(1, Turn(0.12))

    def held(self) -> bool:
        """Whether the cube is in the hand, well above the floor."""
        cube = next(thing for thing in self.simulator.objects(self.world) if thing.id == 10)
        return self.seen["robot"].held == 10 and cube.z_m > 0.4


def draw_film() -> Image.Image:
    """Above, what another robot sees; below, what the robot sees at the same moments."""
    film = Film()
    film.play()
    if not film.held():
        raise SystemExit("the robot has lost the cube: the film would show something else than it says")
    moments = [min(moment, len(film.outside) - 1) for moment in SHOWN]
    rows = [
        np.concatenate([pictures[m] for m in moments], axis=1) for pictures in (film.outside, film.inside)
    ]
    return Image.fromarray(np.concatenate(rows, axis=0))


def main() -> None:
    """Writes images/mujoco.png."""
    draw_film().save(HERE / "images" / "mujoco.png", optimize=True)


if __name__ == "__main__":
    main()
