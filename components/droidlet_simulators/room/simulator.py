"""RoomSimulator: furnished flats in numpy; no history, no state but the world that is handed in."""

from __future__ import annotations

from typing import Mapping, Tuple

import attrs

from droidlet_schema import FrozenMap, Key, Pose, SceneObject, Speak, evolve
from droidlet_simulators.asked import as_key, as_object, as_object_id, as_pose, as_scene, as_world
from droidlet_simulators.contract import Actions, AgentSpec, Observations, SimulatorSpec
from droidlet_simulators.room import edit
from droidlet_simulators.room.acting import act_all
from droidlet_simulators.room.checks import (
    check_actions,
    check_limits,
    check_period,
    check_scene,
    check_world,
)
from droidlet_simulators.room.equipment import check_agents
from droidlet_simulators.room.figures import PersonPose, people_poses, truth_of
from droidlet_simulators.room.leaves import swing_all
from droidlet_simulators.room.limits import Limits
from droidlet_simulators.room.sense import Eye, make_eyes, sense
from droidlet_simulators.room.walking import walk
from droidlet_simulators.room.world import RoomWorld, Spoken, first_world
from droidlet_simulators.scene import Scene

ACTIONS = ("Drive", "Move", "Turn", "Look", "Speak", "Stop", "PickUp", "PutDown", "Open", "Close")


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
        check_world(world, self.spec.agent_ids)
        check_actions(actions, world)
        acted = act_all(actions, world, self.limits, self.period_ns)
        swung = evolve(acted, swings=swing_all(acted, self.limits, self.period_ns))
        after = evolve(
            swung,
            strolls=walk(swung, self.limits, self.period_ns),
            spoken=_spoken(actions),
            step=world.step + 1,
            now_ns=world.now_ns + self.period_ns,
        )
        return self.observe(after), after

    def observe(self, world: RoomWorld) -> Observations:
        """What each agent senses; no time passes."""
        check_world(world, self.spec.agent_ids)
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
        """The world without one object or person. Raises UnknownObject."""
        return edit.remove_object(as_world(world, RoomWorld), as_object_id(ident))


def _spoken(actions: Actions) -> Tuple[Spoken, ...]:
    """What is said aloud in one step, by the agents' ids."""
    return tuple(
        Spoken(agent, said.text)
        for agent in sorted(actions)
        for said in actions[agent]
        if isinstance(said, Speak)
    )
