"""RoomSimulator: furnished flats in numpy; no history, no state but the world that is handed in."""

from __future__ import annotations

from typing import Dict, Mapping, Sequence, Tuple

import attrs

from droidlet_schema import FrozenMap, Key, Pose, SceneObject
from droidlet_simulators.asked import (
    as_key,
    as_object,
    as_object_id,
    as_pose,
    as_scene,
    as_world,
    check_period,
)
from droidlet_simulators.contract import Actions, AgentSpec, Observations, SimulatorSpec
from droidlet_simulators.equipment import check_agents
from droidlet_simulators.room import edit
from droidlet_simulators.room.checks import (
    ACTIONS,
    check_actions,
    check_limits,
    check_scene,
    check_world,
)
from droidlet_simulators.room.figures import PersonPose, people_poses, truth_of
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.many import same_scenes, sense_many
from droidlet_simulators.room.sense import Eye, make_eyes, sense
from droidlet_simulators.room.stepping import advance, advance_many
from droidlet_simulators.room.world import RoomWorld, first_world
from droidlet_simulators.scene import Scene


@attrs.frozen
class RoomSimulator:
    """Wheeled robots with cameras in a furnished flat with people; robots and people keep out of each other.

    `agents` have different ids; `robot(...)` makes the usual one. Raises SimulatorError for a configuration that
    cannot be.
    """

    agents: Tuple[AgentSpec, ...] = (AgentSpec(),)
    period_ns: int = 100_000_000
    limits: Limits = Limits()
    renderer: str = "numpy"
    _eyes: Mapping[str, Tuple[Eye, ...]] = attrs.field(init=False, eq=False, repr=False)

    @_eyes.default
    def _make_eyes(self) -> Mapping[str, Tuple[Eye, ...]]:
        check_agents(self.agents)
        check_period(self.period_ns)
        check_limits(self.limits)
        return make_eyes(self.agents, self.renderer)

    @property
    def spec(self) -> SimulatorSpec:
        """What this simulator is."""
        return SimulatorSpec("room", tuple(self.agents), ACTIONS, self.period_ns, self.renderer, True)

    def left_out(self, scene: Scene) -> Tuple[str, ...]:
        """Nothing: the room loads all of a scene."""
        return ()

    def reset(self, scene: Scene, key: Key) -> Tuple[Observations, RoomWorld]:
        """The first world of a scene. Raises SceneError for one that cannot be."""
        as_scene(scene, Scene)
        world = first_world(scene, self.spec.agent_ids, as_key(key))
        check_scene(world, self.limits)
        return self.observe(world), world

    def step(self, actions: Actions, world: RoomWorld) -> Tuple[Observations, RoomWorld]:
        """The world one period later. Raises SimulatorError, nothing changed: UnknownAgent, UnknownAction,
        WorldError, and for what the hand cannot do UnknownObject or PlacementError.
        """
        check_world(world, self._eyes)
        check_actions(actions, world)
        after = advance(actions, world, self.limits, self.period_ns)
        return self._seen(after), after

    def step_many(
        self, actions: Sequence[Actions], worlds: Sequence[RoomWorld]
    ) -> Tuple[Tuple[Observations, RoomWorld], ...]:
        """What `step` gives for each; `droidlet_simulators.step_many` checks that they are as many."""
        for wanted, world in zip(actions, worlds):
            check_world(world, self._eyes)
            check_actions(wanted, world)
        after = advance_many(actions, worlds, self.limits, self.period_ns)
        seen: Dict[int, Observations] = {}
        for group in same_scenes(after):
            some = [after[i] for i in group]
            seen.update(zip(group, sense_many(some, self.agents, self._eyes, self.limits)))
        return tuple((seen[i], world) for i, world in enumerate(after))

    def observe(self, world: RoomWorld) -> Observations:
        """What each agent senses; no time passes."""
        check_world(world, self._eyes)
        return self._seen(world)

    def _seen(self, world: RoomWorld) -> Observations:
        return FrozenMap(
            {agent.id: sense(world, agent, self._eyes[agent.id], self.limits) for agent in self.agents}
        )

    def objects(self, world: RoomWorld) -> Tuple[SceneObject, ...]:
        """The truth about every object and person, by id."""
        return truth_of(as_world(world, RoomWorld))

    def people(self, world: RoomWorld) -> Tuple[PersonPose, ...]:
        """The truth about every person's posture, by id: 17 COCO keypoints in the world."""
        return people_poses(as_world(world, RoomWorld))

    def invariant(self, world: RoomWorld) -> float:
        """How deep bodies are inside anything solid, in metres: 0.0, always."""
        return edit.depth_inside(as_world(world, RoomWorld), self.limits)

    def add_object(self, world: RoomWorld, thing: SceneObject) -> RoomWorld:
        """The world with one more object. Raises UnknownObject (class, colour) or PlacementError."""
        return edit.add_object(as_world(world, RoomWorld), as_object(thing), self.limits)

    def move_object(self, world: RoomWorld, ident: int, pose: Pose) -> RoomWorld:
        """The world with one object or person elsewhere, upright. Raises UnknownObject or PlacementError."""
        return edit.move_object(as_world(world, RoomWorld), as_object_id(ident), as_pose(pose), self.limits)

    def remove_object(self, world: RoomWorld, ident: int) -> RoomWorld:
        """The world without one object or person; what stood on it comes down. Raises UnknownObject, PlacementError."""
        return edit.remove_object(as_world(world, RoomWorld), as_object_id(ident), self.limits)
