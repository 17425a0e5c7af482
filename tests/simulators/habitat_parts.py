"""Simulators over the fake habitat-sim, small scenes for them, and the fake itself."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any, Iterator

from droidlet_schema import FrozenMap, Pose, Pose2, SceneObject
from droidlet_simulators import AgentSpec, Area, CameraSpec, Scene, Wall
from droidlet_simulators.habitat import HabitatSimulator
from droidlet_simulators.habitat.slot import SLOT

FAKE = str(Path(__file__).parent / "fake_habitat_sim")
_MODULES = ("habitat_sim", "magnum")
BOX = SceneObject(10, "box", "red", 2.5, 1.0, 0.2, 0.3, (0.4, 0.4, 0.4))
BALL = SceneObject(11, "ball", "blue", 1.5, 2.9, 1.0, 0.0, (0.24, 0.24, 0.24), semantic_id=-1)
HALL = Scene(
    (4.0, 4.0, 2.6),
    (Area("hall", 0.0, 0.0, 4.0, 4.0),),
    (Wall(1.9, 1.9, 0.0, 2.1, 2.1, 2.6),),
    (),
    (BOX, BALL),
    (),
    Pose2(1.0, 1.0, 0.0),
    starts=FrozenMap({"b": Pose2(1.0, 3.0, -1.0)}),
)


def install() -> Any:
    """Puts the fake where habitat-sim would be imported from."""
    if FAKE not in sys.path:
        sys.path.insert(0, FAKE)
    import habitat_sim

    return habitat_sim


@contextlib.contextmanager
def faked(release: str = "0.3.4") -> Iterator[Any]:
    """The fake, made to be one of the two versions; the real one, if there is one, comes back."""
    before = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] in _MODULES}
    module = install()
    module.pretend(release)
    try:
        yield module
        assert module.deaths == []
    finally:
        SLOT.close()
        sys.path.remove(FAKE)
        for name in [name for name in sys.modules if name.split(".")[0] in _MODULES]:
            del sys.modules[name]
        sys.modules.update(before)


def camera(**options: Any) -> CameraSpec:
    """A small camera that takes every picture, unless told otherwise."""
    given = {"width": 32, "height": 24, "pictures": ("rgb", "depth", "semantic"), **options}
    return CameraSpec(**given)


def two_agents() -> HabitatSimulator:
    """Two agents with cameras of the same names."""
    agents = (AgentSpec("a", (camera(),)), AgentSpec("b", (camera(),), ("heard", "poses", "joints")))
    return HabitatSimulator(agents)


def one_agent(**options: Any) -> HabitatSimulator:
    """One agent with one small camera."""
    return HabitatSimulator((AgentSpec("a", (camera(),)),), **options)


def kinematic() -> HabitatSimulator:
    """For the conformance suite, also in another process."""
    install()
    return two_agents()


def falling() -> HabitatSimulator:
    """The same with physics."""
    install()
    return HabitatSimulator(two_agents().agents, period_ns=96_000_000, dynamics=True)


def pose_at(x: float, y: float, z: float) -> Pose:
    """Upright, looking along x."""
    return Pose(x, y, z)
