"""HabitatSimulator: scenes in habitat-sim behind the one contract."""

from __future__ import annotations

from typing import ContextManager, Mapping, Sequence, Tuple

import attrs

from droidlet_schema import Key, Pose, SceneObject, Speak, evolve
from droidlet_simulators.asked import as_key, as_scene
from droidlet_simulators.contract import Actions, AgentSpec, Observations, SimulatorSpec
from droidlet_simulators.errors import PlacementError
from droidlet_simulators.habitat import edit
from droidlet_simulators.habitat.build import Settings
from droidlet_simulators.habitat.checks import ACTIONS, AnyScene, check_actions, check_scene, check_world
from droidlet_simulators.habitat.config import SUBSTEP_NS, check_agents, check_period, check_rest
from droidlet_simulators.habitat.engine import Engine
from droidlet_simulators.habitat.eyes import Eye, make_eyes
from droidlet_simulators.habitat.first import first_world, left_out_of_any, stand_up
from droidlet_simulators.habitat.loading import Library, load
from droidlet_simulators.habitat.motion import act_all
from droidlet_simulators.habitat.navmesh import standing
from droidlet_simulators.habitat.sensing import sense, things_of
from droidlet_simulators.habitat.slot import SLOT
from droidlet_simulators.habitat.using import using
from droidlet_simulators.habitat.values import (
    HabitatScene,
    HabitatSpoken,
    HabitatWorld,
    NavmeshSettings,
)
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.scene import Scene


@attrs.frozen
class HabitatSimulator:
    """Wheeled agents with cameras in habitat-sim 0.3.3 or 0.3.4.

    Takes the common Scene, loaded as primitives, and HabitatScene. Agents go by the navmesh and keep out of each
    other's way, but do not see each other. Without `dynamics` nothing moves but agents, and a world handed back goes on
    to the bit. With it, small things (and objects of a HabitatScene that say "dynamic") fall, roll and tumble, and
    what Bullet's solver keeps is in no world: `spec.exact_restore` is False, and `recover` says what can be done.
    A process has one engine at a time, whoever's it is; it is remade when another build is needed. All calls come
    from one thread. Raises NotInstalled without habitat-sim, SimulatorError for a configuration that cannot be.
    """

    agents: Tuple[AgentSpec, ...] = (AgentSpec(),)
    period_ns: int = 100_000_000
    limits: Limits = Limits()
    dynamics: bool = False
    sliding: bool = True  # along what is in the way, instead of stopping there
    navmesh: NavmeshSettings = NavmeshSettings()
    near_m: float = 0.01
    far_m: float = 1000.0
    gpu_device_id: int = -1  # -1: EGL's own choice; others are CUDA devices
    _eyes: Mapping[str, Tuple[Eye, ...]] = attrs.field(init=False, eq=False, repr=False)
    _library: Library = attrs.field(init=False, eq=False, repr=False)
    _settings: Settings = attrs.field(init=False, eq=False, repr=False)

    @_eyes.default
    def _make_eyes(self) -> Mapping[str, Tuple[Eye, ...]]:
        check_agents(self.agents)
        check_period(self.period_ns, self.dynamics)
        check_rest(self.limits, self.navmesh, self.near_m, self.far_m, self.gpu_device_id)
        return make_eyes(self.agents)

    @_library.default
    def _load(self) -> Library:
        return load()

    @_settings.default
    def _make_settings(self) -> Settings:
        near, far = float(self.near_m), float(self.far_m)
        return Settings(
            self.agents, near, far, int(self.gpu_device_id), bool(self.dynamics), bool(self.sliding)
        )

    @property
    def spec(self) -> SimulatorSpec:
        """What this simulator is."""
        return SimulatorSpec("habitat", self.agents, ACTIONS, self.period_ns, "gl", not self.dynamics)

    def close(self) -> None:
        """Ends the engine of this process, if there is one; a later call makes a new one."""
        SLOT.close()

    def left_out(self, scene: AnyScene) -> Tuple[str, ...]:
        """What of this scene Habitat does not load here, a sentence each."""
        return left_out_of_any(as_scene(scene, Scene, HabitatScene), self.dynamics)

    def reset(self, scene: AnyScene, key: Key) -> Tuple[Observations, HabitatWorld]:
        """The first world of a scene. Raises SceneError for one that cannot be."""
        check_scene(scene, self.spec.agent_ids)
        as_key(key)
        world = first_world(scene, key, self.spec.agent_ids, self.limits, self.navmesh, self.dynamics)
        with self.using(world, anew=self.dynamics) as engine:
            if not self.dynamics:
                engine.held = None  # everything is put where it belongs, whatever happened before
            world = stand_up(engine, world)
            engine.hold(world)
            return sense(engine, world), world

    def step(self, actions: Actions, world: HabitatWorld) -> Tuple[Observations, HabitatWorld]:
        """The world one period later. Raises UnknownAgent or UnknownAction, nothing changed."""
        self._check(world)
        check_actions(actions, self.spec.agent_ids)
        with self.using(world) as engine:
            engine.hold(world)
            bodies = act_all(engine, actions, world, self.limits, self.period_ns)
            moved = engine.run_physics(world, self.period_ns // SUBSTEP_NS) if self.dynamics else world
            after = evolve(
                moved,
                agents=bodies,
                spoken=_spoken(actions),
                step=world.step + 1,
                now_ns=world.now_ns + self.period_ns,
            )
            engine.held = after
            return sense(engine, after), after

    def observe(self, world: HabitatWorld) -> Observations:
        """What each agent senses; no time passes. Raises WorldError for another simulator's world."""
        self._check(world)
        with self.using(world) as engine:
            engine.hold(world)
            return sense(engine, world)

    def objects(self, world: HabitatWorld) -> Tuple[SceneObject, ...]:
        """The truth about every object and person, by id; of what has fallen over, the upright box around it."""
        self._check(world)
        return things_of(world)

    def invariant(self, world: HabitatWorld) -> int:
        """How many agents and things there are."""
        self._check(world)
        return len(world.agents) + len(world.rigids) + len(world.articulated)

    def add_object(self, world: HabitatWorld, thing: SceneObject) -> HabitatWorld:
        """The world with one more object. Raises PlacementError."""
        self._check(world)
        return self._with_room(edit.add_object(world, thing, self.dynamics))

    def move_object(self, world: HabitatWorld, ident: int, pose: Pose) -> HabitatWorld:
        """The world with one object elsewhere, at rest. Raises UnknownObject or PlacementError."""
        self._check(world)
        return self._with_room(edit.move_object(world, ident, pose))

    def remove_object(self, world: HabitatWorld, ident: int) -> HabitatWorld:
        """The world without one object. Raises UnknownObject."""
        self._check(world)
        return edit.remove_object(world, ident)

    def move_joints(self, world: HabitatWorld, ident: int, positions: Sequence[float]) -> HabitatWorld:
        """The world with a thing's joints at these positions, rad or m, at rest. Raises UnknownObject."""
        self._check(world)
        return edit.move_joints(world, ident, positions)

    def _check(self, world: HabitatWorld) -> None:
        check_world(world, self.spec.agent_ids, self.limits)

    def _with_room(self, world: HabitatWorld) -> HabitatWorld:
        """The world itself. Raises PlacementError where an agent would have no floor to stand on any more."""
        with self.using(world) as engine:
            for agent, body in world.agents.items():
                if not standing(engine, (body.x_m, body.y_m, body.z_m)):
                    raise PlacementError(
                        f"the object would stand in {agent!r}, at ({body.x_m:.2f}, {body.y_m:.2f}), or too near it"
                    )
        return world

    def using(self, world: HabitatWorld, anew: bool = False) -> ContextManager[Engine]:
        """The native engine for a world, for as long as the context lasts; what is done to it stays done."""
        return using(self._settings, self._eyes, self._library, world, anew)


def _spoken(actions: Actions) -> Tuple[HabitatSpoken, ...]:
    return tuple(
        HabitatSpoken(agent, said.text)
        for agent in sorted(actions)
        for said in actions[agent]
        if isinstance(said, Speak)
    )
