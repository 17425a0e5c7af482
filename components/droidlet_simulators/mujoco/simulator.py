"""MujocoSimulator: contact physics; the engine behind it is a cache of the worlds that it is handed."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple, Union

import attrs
import numpy as np

from droidlet_schema import Chat, FrozenMap, Key, Pose, SceneObject, Speak
from droidlet_schema.making import maker
from droidlet_simulators.contract import Actions, AgentSpec, Observations, SimulatorSpec
from droidlet_simulators.equipment import check_agents
from droidlet_simulators.errors import SceneError, SimulatorError, WorldError
from droidlet_simulators.mujoco import edit
from droidlet_simulators.mujoco.actions import WITH_ARM, WITHOUT_ARM, check_actions, lay_out
from droidlet_simulators.mujoco.checks import (
    check_arms,
    check_goals,
    check_models,
    check_scene,
    check_times,
    check_world,
)
from droidlet_simulators.mujoco.engine import KEPT, PLACED, PUSHED, Engine, Quiet
from droidlet_simulators.mujoco.leaving import left_out
from droidlet_simulators.mujoco.library import check_renderer
from droidlet_simulators.mujoco.mjcf import left_out_of
from droidlet_simulators.mujoco.model import NO_AGENT, Compiled, Setup
from droidlet_simulators.mujoco.people import Walk
from droidlet_simulators.mujoco.robot import BODY
from droidlet_simulators.mujoco.sensing import needs, sense
from droidlet_simulators.mujoco.state import all_finite, first_state, read_state
from droidlet_simulators.mujoco.stepping import Driver, run_ticks
from droidlet_simulators.mujoco.truth import count_inside, things_in
from droidlet_simulators.mujoco.world import MjcfScene, MujocoBody, MujocoWorld, plan_of
from droidlet_simulators.robots import robot
from droidlet_simulators.room.checks import check_limits
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.scene import Scene

_HEAD_M = 1.1
_START_M = 0.001
_world = maker(MujocoWorld)
_MOST_ROBOTS = 60


@attrs.frozen
class MujocoSimulator:
    """Wheeled robots, some with an arm, among things that can be pushed and grasped.

    `arms` names the agents that have an arm. `timestep_ns` is that of the physics and divides `period_ns`.
    `renderer` is "rays" (no system library; all camera models), "gl" (EGL) or "gl-osmesa"; nothing that is or is
    not installed changes it. Raises SimulatorError for a configuration that cannot be, NotInstalled for what is
    missing. Not for several threads at once: make one for each.
    """

    agents: Tuple[AgentSpec, ...] = (robot(),)
    arms: Tuple[str, ...] = ()
    period_ns: int = 100_000_000
    timestep_ns: int = 2_000_000
    renderer: str = "rays"
    limits: Limits = BODY
    _engine: Engine = attrs.field(init=False, eq=False, repr=False)

    @_engine.default
    def _make_engine(self) -> Engine:
        check_times(self.period_ns, self.timestep_ns)
        check_renderer(self.renderer)
        if self.agents != ():
            check_agents(self.agents)
        if len(self.agents) > _MOST_ROBOTS:
            raise SimulatorError(f"agents are {len(self.agents)}: at most {_MOST_ROBOTS}")
        if not isinstance(self.limits, Limits):
            raise SimulatorError(f"limits is {self.limits!r}: a Limits is needed")
        check_limits(self.limits)
        check_arms(self.arms, [agent.id for agent in self.agents])
        check_models(self.agents, self.renderer)
        places, forces = needs(self.agents)
        return Engine(self._setup(), self.renderer, PUSHED if forces else PLACED if places else KEPT)

    def _setup(self) -> Setup:
        cameras = [camera for agent in self.agents for camera in agent.cameras]
        sizes = [(camera.width, camera.height) for camera in cameras] or [(1, 1)]
        largest = (max(width for width, _ in sizes), max(height for _, height in sizes))
        robots = tuple((agent.id, agent.id in self.arms, _head_m(agent)) for agent in self.agents)
        return Setup(robots, self.limits, self.timestep_ns / 1e9, largest)

    @property
    def spec(self) -> SimulatorSpec:
        """What this simulator is."""
        actions = WITH_ARM if self.arms else WITHOUT_ARM
        return SimulatorSpec("mujoco", self.agents, actions, self.period_ns, self.renderer, True)

    def left_out(self, scene: Union[Scene, MjcfScene]) -> Tuple[str, ...]:
        """What of this scene is not loaded: patterns and lamps; of a user's model what only others use."""
        if not isinstance(scene, MjcfScene):
            return left_out(scene)
        mujoco, tick_s = self._engine.mujoco, self.timestep_ns / 1e9
        return left_out_of(mujoco, scene, self.renderer, tick_s, robots=bool(self.agents))

    def reset(self, scene: Union[Scene, MjcfScene], key: Key) -> Tuple[Observations, MujocoWorld]:
        """The first world of a scene. Raises SceneError for one that cannot be."""
        starts = check_scene(scene, key, self.spec.agent_ids)
        plan = plan_of(scene)
        compiled = self._engine.model_of(plan)
        state = first_state(compiled, plan, starts)
        self._check_start(compiled, state)
        bodies = FrozenMap({agent: MujocoBody() for agent in compiled.robots})
        world = MujocoWorld(plan, state, bodies, tuple(1 for _ in plan.people), (), 0, 0, key)
        return self.observe(world), world

    def _check_start(self, compiled: Compiled, state: np.ndarray) -> None:
        edit.collide(compiled, state)
        for contact in compiled.eyes.contact:
            pair = (int(contact.geom1), int(contact.geom2))
            agents = compiled.agent_of[list(pair)]
            if agents[0] == agents[1] or compiled.is_floor[list(pair)].any() or contact.dist > -_START_M:
                continue
            own, other = pair if agents[0] != NO_AGENT else pair[::-1]
            raise SceneError(
                f"start of {edit.describe(compiled, own)}: it would stand in {edit.describe(compiled, other)}"
            )

    def step(self, actions: Actions, world: MujocoWorld) -> Tuple[Observations, MujocoWorld]:
        """The world one period later. Raises UnknownAgent, UnknownAction or WorldError, nothing changed."""
        compiled = self._compiled(world)
        check_actions(actions, compiled.robots)
        engine, ticks, tick_s = self._engine, self.period_ns // self.timestep_ns, self.timestep_ns / 1e9
        engine.hold(compiled, world)
        compiled.held = None
        drivers = []
        for agent, index in compiled.robots.items():
            orders = lay_out(actions.get(agent, ()), index, self.limits, ticks, tick_s)
            drivers.append(Driver(compiled, index, world.bodies[agent], orders, tick_s))
        walk = Walk(compiled, world, tick_s) if compiled.people else None
        with Quiet(engine.mujoco):
            hits = run_ticks(compiled, drivers, ticks, walk)
        state = read_state(compiled, compiled.data)
        if not all_finite(state):
            raise WorldError(
                "the physics went astray in this step (not finite): speeds or forces in the world are too great for "
                f"a timestep of {self.timestep_ns} ns"
            )
        now_ns = world.now_ns + self.period_ns
        after = _world(
            world.plan,
            state,
            _bodies(world, drivers, hits),
            world.next_points if walk is None else tuple(walk.points),
            _spoken(actions, now_ns),
            world.step + 1,
            now_ns,
            world.key,
        )
        compiled.held = after
        return self._sensed(compiled, after), after

    def observe(self, world: MujocoWorld) -> Observations:
        """What each agent senses; no time passes."""
        return self._sensed(self._compiled(world), world)

    def _sensed(self, compiled: Compiled, world: MujocoWorld) -> Observations:
        engine = self._engine
        numbers = engine.look(compiled, world, engine.depth)
        return FrozenMap(
            {agent.id: sense(compiled, numbers, world, agent, engine.draw) for agent in self.agents}
        )

    def _compiled(self, world: MujocoWorld) -> Compiled:
        known = self._engine.known(world)
        if known is not None:
            return known
        world = check_world(world, self.spec.agent_ids)
        compiled = self._engine.compiled(world)
        check_goals(world, {agent: list(index.joints) for agent, index in compiled.robots.items()})
        return compiled

    def objects(self, world: MujocoWorld) -> Tuple[SceneObject, ...]:
        """The truth about every object and person, by id; the box of what has tipped over is the one around it."""
        compiled = self._compiled(world)
        self._engine.look(compiled, world, PLACED)
        return things_in(compiled)

    def invariant(self, world: MujocoWorld) -> int:
        """How many objects and people are in the building: none falls through the floor or leaves."""
        things = self.objects(world)
        return count_inside(world.plan, things)

    def energy_j(self, world: MujocoWorld) -> float:
        """Kinetic and potential energy of everything, joules; what nobody drives only ever loses it."""
        compiled = self._compiled(world)
        self._engine.look(compiled, world, PUSHED)
        mujoco, model, eyes = self._engine.mujoco, compiled.model, compiled.eyes
        mujoco.mj_energyPos(model, eyes)
        mujoco.mj_energyVel(model, eyes)
        return float(eyes.energy[0] + eyes.energy[1])

    def model_of(self, world: MujocoWorld) -> Any:
        """The `mujoco.MjModel` of a world, for looking at it with MuJoCo's own tools; changing it spoils the worlds."""
        return self._compiled(world).model

    def add_object(self, world: MujocoWorld, thing: SceneObject) -> MujocoWorld:
        """The world with one more object. Raises UnknownObject (class, colour) or PlacementError."""
        return edit.add_object(world, thing, self._compiled(world), self._engine.model_of)

    def move_object(self, world: MujocoWorld, ident: int, pose: Pose) -> MujocoWorld:
        """The world with one object or person elsewhere. Raises UnknownObject or PlacementError."""
        return edit.move_object(world, ident, pose, self._compiled(world), self._engine.model_of)

    def remove_object(self, world: MujocoWorld, ident: int) -> MujocoWorld:
        """The world without one object or person. Raises UnknownObject."""
        return edit.remove_object(world, ident, self._compiled(world), self._engine.model_of)

    def close(self) -> None:
        """Gives back what GL and compiled models hold; the simulator can still be used."""
        self._engine.close()


def _bodies(world: MujocoWorld, drivers: List[Driver], hits: int) -> FrozenMap[str, MujocoBody]:
    """What the robots remember after a step; a world in which nobody has anything new keeps its map."""
    before, after = world.bodies, {}
    same = True
    for number, driver in enumerate(drivers):
        body = driver.after(bool(hits >> number & 1))
        same = same and body is driver.body
        after[driver.robot.agent] = body
    return before if same else FrozenMap(after)


def _spoken(actions: Actions, now_ns: int) -> Tuple[Chat, ...]:
    said: List[Chat] = []
    for agent in sorted(actions) if len(actions) > 1 else actions:
        for action in actions[agent]:
            if type(action) is Speak:
                said.append(Chat(agent, action.text, now_ns))
    return tuple(said)


def _head_m(agent: AgentSpec) -> float:
    """How high the robot carries its head: where its first camera on the neck is."""
    heights: Dict[str, float] = {camera.name: camera.mount.z_m for camera in agent.cameras if camera.neck}
    return next(iter(heights.values()), _HEAD_M)
