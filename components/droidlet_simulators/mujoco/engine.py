"""What a simulator holds besides its configuration: compiled models, and GL where it draws with that."""

from __future__ import annotations

import atexit
import weakref
from collections import OrderedDict
from typing import Any, Optional, Sequence, Tuple

from droidlet_schema import Intrinsics, digest
from droidlet_simulators.errors import SceneError, SimulatorError, WorldError
from droidlet_simulators.mujoco.gl import Canvas
from droidlet_simulators.mujoco.indices import Numbers, RobotIndex
from droidlet_simulators.mujoco.library import load_mujoco, make_context
from droidlet_simulators.mujoco.model import Compiled, Setup, compile_plan
from droidlet_simulators.mujoco.rays import Picture, Place, cast
from droidlet_simulators.mujoco.state import check_state, write_state
from droidlet_simulators.mujoco.world import MujocoPlan, MujocoWorld
from droidlet_simulators.scene import Lighting, Scene

_MOST_MODELS = 8
KEPT, PLACED, PUSHED = 0, 1, 2
"""How far `eyes` is worked out: the state alone, where everything is, and with which forces it touches."""


class Engine:
    """A cache by plan; what it answers depends on nothing but what it is asked."""

    def __init__(self, setup: Setup, renderer: str, depth: int) -> None:
        self.depth = depth  # how far worlds are worked out for what the agents sense
        self.mujoco, self.setup, self.renderer = load_mujoco(), setup, renderer
        self.models: OrderedDict[str, Compiled] = OrderedDict()
        self.last: Optional[Tuple[MujocoPlan, Compiled]] = None
        self.context: Any = None
        if renderer != "rays":
            self.context = make_context(renderer, *setup.picture)
            atexit.register(_end, weakref.ref(self))  # before GL itself goes

    def model_of(self, plan: MujocoPlan) -> Compiled:
        """The plan's model, compiled where it is not held. Raises SceneError."""
        if self.last is not None and self.last[0] is plan:
            return self.last[1]
        name = digest(plan)
        compiled = self.models.pop(name, None)
        if compiled is None:
            with Quiet(self.mujoco):
                compiled = compile_plan(self.mujoco, plan, self.setup)
        self.models[name] = compiled
        while len(self.models) > _MOST_MODELS:
            self._forget(self.models.popitem(last=False)[1])
        self.last = (plan, compiled)
        return compiled

    def known(self, world: object) -> Optional[Compiled]:
        """The model of a world that was just held or looked at, and so is known to be sound; else None."""
        if self.last is not None and (self.last[1].held is world or self.last[1].seen is world):
            return self.last[1]
        return None

    def compiled(self, world: MujocoWorld) -> Compiled:
        """The model of a world, whose state fits it. Raises WorldError."""
        try:
            compiled = self.model_of(world.plan)
        except SceneError as error:
            raise WorldError(f"world.plan has a scene that cannot be: {error}") from error
        check_state(compiled, world.state)
        return compiled

    def hold(self, compiled: Compiled, world: MujocoWorld) -> None:
        """Puts a world into the data that is stepped, unless it is there."""
        if compiled.held is not world:
            write_state(compiled, compiled.data, world.state)
            compiled.held = world

    def look(self, compiled: Compiled, world: MujocoWorld, depth: int) -> Numbers:
        """The numbers of data that has a world's state, worked out as far as asked; further than that in `eyes`."""
        if depth == KEPT and compiled.held is world:
            return compiled.of_data
        if compiled.seen is not world:
            write_state(compiled, compiled.eyes, world.state)
            compiled.seen, compiled.depth = world, KEPT
        if depth <= compiled.depth:
            return compiled.of_eyes
        with Quiet(self.mujoco):
            if depth == PLACED:
                self.mujoco.mj_kinematics(compiled.model, compiled.eyes)
                self.mujoco.mj_camlight(compiled.model, compiled.eyes)
            else:
                self.mujoco.mj_forward(compiled.model, compiled.eyes)
        compiled.depth = depth
        return compiled.of_eyes

    def draw(
        self,
        compiled: Compiled,
        robot: RobotIndex,
        intrinsics: Intrinsics,
        place: Place,
        pictures: Sequence[str],
    ) -> Picture:
        """One camera's pictures of what `eyes` holds, as far as they are asked for."""
        if self.context is None:
            return cast(compiled, robot, intrinsics, place, pictures, self._lighting())
        self.context.make_current()
        if compiled.canvas is None:
            compiled.canvas = Canvas(compiled)
        picture: Picture = compiled.canvas.draw(compiled, robot, intrinsics, place, pictures)
        return picture

    def _lighting(self) -> Lighting:
        scene = None if self.last is None else self.last[0].scene
        return scene.looks.lighting if isinstance(scene, Scene) else Lighting()

    def _forget(self, compiled: Compiled) -> None:
        if compiled.canvas is not None:
            self.context.make_current()
            compiled.canvas.free()
            compiled.canvas = None

    def close(self) -> None:
        """Gives GL's memory back; models are compiled again when they are needed."""
        for compiled in self.models.values():
            self._forget(compiled)
        self.models.clear()
        self.last = None

    def end(self) -> None:
        """Gives the context back as well, after what was made in it."""
        if self.context is not None:
            self.close()
            self.context.free()
            self.context = None

    def __del__(self) -> None:
        """Whoever forgets to end it loses nothing."""
        if getattr(self, "context", None) is not None:
            self.end()


def _end(engine: weakref.ref[Engine]) -> None:
    alive = engine()
    if alive is not None:
        alive.end()


class Quiet:
    """MuJoCo's warnings, which would go to a file in the working folder, go nowhere; its errors become ours."""

    def __init__(self, mujoco: Any) -> None:
        self.mujoco = mujoco

    def __enter__(self) -> None:
        """Takes the warnings."""
        self.before = self.mujoco.get_mju_user_warning()
        self.mujoco.set_mju_user_warning(_ignore)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        """Gives them back to whom they went before."""
        self.mujoco.set_mju_user_warning(self.before)
        if isinstance(error, self.mujoco.FatalError):
            raise SimulatorError(f"MuJoCo gave up: {' '.join(str(error).split())[:300]}") from error


def _ignore(message: str) -> None:
    """States that go astray are found by looking at them."""
