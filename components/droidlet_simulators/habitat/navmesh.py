"""Where agents can stand. Habitat dies of any question to a navmesh that is not loaded, so all go through here."""

from __future__ import annotations

import math
from typing import Any, Optional, Sequence, Tuple

import numpy as np

from droidlet_simulators.errors import SceneError, SimulatorError
from droidlet_simulators.habitat.axes import Triple, house_point, native_point
from droidlet_simulators.habitat.engine import Engine
from droidlet_simulators.habitat.files import absolute
from droidlet_simulators.habitat.values import HabitatScene

_HEIGHT_SPAN_M = 0.5  # a floor this far above or below is still the one that is meant


def make_navmesh(engine: Engine) -> None:
    """Gives an engine its navmesh. Raises SceneError where there is no floor to stand on."""
    build = engine.build
    source = build.scene.navmesh if isinstance(build.scene, HabitatScene) else "recompute"
    if source == "none":
        return
    if source != "recompute":
        if not engine.sim.pathfinder.load_nav_mesh(absolute(source)) or not engine.sim.pathfinder.is_loaded:
            raise SceneError(f"navmesh is {source!r}: Habitat cannot read it")
        return
    settings = engine.library.habitat_sim.NavMeshSettings()
    settings.set_defaults()
    settings.cell_size = float(build.navmesh.cell_m)
    settings.cell_height = float(build.navmesh.cell_height_m)
    settings.agent_radius = float(build.radius_m)
    settings.agent_height = float(build.height_m)
    settings.include_static_objects = True
    made = engine.sim.recompute_navmesh(engine.sim.pathfinder, settings)
    if not made or not engine.sim.pathfinder.is_loaded:
        raise SceneError("Habitat finds no floor in the scene on which such an agent could stand")


def pathfinder_of(engine: Engine) -> Optional[Any]:
    """The navmesh to ask, or None: the scene has none, and agents go anywhere."""
    if isinstance(engine.build.scene, HabitatScene) and engine.build.scene.navmesh == "none":
        return None
    if not engine.sim.pathfinder.is_loaded:
        raise SimulatorError("the navmesh is gone: was Habitat's simulator used directly?")
    return engine.sim.pathfinder


def point(place: Sequence[float]) -> Any:
    """A house point as Habitat takes points: an array of floats, never ints."""
    x, y, z = place
    return np.array(native_point(float(x), float(y), float(z)), np.float32)


def standing(engine: Engine, place: Triple) -> bool:
    """Whether an agent's middle may be at a place on the floor."""
    finder = pathfinder_of(engine)
    return finder is None or bool(finder.is_navigable(point(place), _HEIGHT_SPAN_M))


def snapped(engine: Engine, place: Triple) -> Optional[Triple]:
    """The nearest place on the navmesh; None where there is none, for which Habitat gives NaN."""
    finder = pathfinder_of(engine)
    if finder is None:
        return place
    found = house_point(finder.snap_point(point(place)))
    return found if all(map(math.isfinite, found)) else None


def stride(engine: Engine, start: Triple, goal: Triple) -> Tuple[Triple, bool]:
    """Where a straight step ends, and whether it was held up."""
    finder = pathfinder_of(engine)
    if finder is None:
        return goal, False
    a, b = point(start), point(goal)
    tries = finder.try_step if engine.build.settings.sliding else finder.try_step_no_sliding
    end = np.asarray([float(v) for v in tries(a, b)])
    if not np.isfinite(end).all():
        raise SimulatorError(f"Habitat's navmesh leads from {start} towards {goal} to no place at all")
    wanted = math.hypot(float(b[0] - a[0]), float(b[2] - a[2]))
    gone = math.hypot(end[0] - float(a[0]), end[2] - float(a[2]))
    return house_point(end.tolist()), gone + _SHORT_M < wanted


_SHORT_M = 1e-5  # single precision
