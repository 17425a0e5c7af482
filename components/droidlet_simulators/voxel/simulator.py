"""VoxelSimulator: a block world in numpy; no history, no state but the world that is handed in."""

from __future__ import annotations

from typing import Mapping, Tuple, Union

import attrs

from droidlet_schema import FrozenMap, Key, Pose, SceneObject
from droidlet_simulators.asked import as_key, as_object, as_object_id, as_pose, as_scene, as_world
from droidlet_simulators.contract import Actions, AgentSpec, Observations, SimulatorSpec
from droidlet_simulators.errors import SceneError
from droidlet_simulators.scene import Scene
from droidlet_simulators.voxel import edit
from droidlet_simulators.voxel.acting import act
from droidlet_simulators.voxel.build import build_world
from droidlet_simulators.voxel.checks import ACTIONS, check_actions, check_config, check_world
from droidlet_simulators.voxel.limits import VoxelLimits, check_limits
from droidlet_simulators.voxel.nature import drop_items, settle, walk_mobs
from droidlet_simulators.voxel.raster import raster
from droidlet_simulators.voxel.scene import VoxelScene
from droidlet_simulators.voxel.sense import Eye, make_eyes, sense
from droidlet_simulators.voxel.truth import invariant_of, things_of
from droidlet_simulators.voxel.turn import VoxelTurn
from droidlet_simulators.voxel.world import VoxelWorld


@attrs.frozen
class VoxelSimulator:
    """Players with cameras and hands in a world of blocks, with creatures, items and a day.

    `agents` have different ids; each begins as the player of that name in the scene. What a body merely cannot do
    now is told in its senses of blocks as refused; only what is no action at all raises. Raises SimulatorError for
    a configuration that cannot be.
    """

    agents: Tuple[AgentSpec, ...] = (AgentSpec(senses=("pose", "collided", "blocks")),)
    period_ns: int = 250_000_000
    limits: VoxelLimits = VoxelLimits()
    renderer: str = "numpy"
    _eyes: Mapping[str, Tuple[Eye, ...]] = attrs.field(init=False, eq=False, repr=False)

    @_eyes.default
    def _make_eyes(self) -> Mapping[str, Tuple[Eye, ...]]:
        check_config(self.agents, self.period_ns, self.renderer)
        check_limits(self.limits)
        return make_eyes(self.agents)

    @property
    def spec(self) -> SimulatorSpec:
        """What this simulator is."""
        return SimulatorSpec("voxel", tuple(self.agents), ACTIONS, self.period_ns, self.renderer, True)

    @property
    def _names(self) -> Tuple[str, ...]:
        return tuple(agent.id for agent in self.agents)

    def left_out(self, scene: Union[VoxelScene, Scene]) -> Tuple[str, ...]:
        """What of a scene the blocks do not carry, a sentence each; of a VoxelScene nothing. Raises SceneError."""
        asked = as_scene(scene, VoxelScene, Scene)
        return () if isinstance(asked, VoxelScene) else raster(asked, self._names)[1]

    def reset(self, scene: Union[VoxelScene, Scene], key: Key) -> Tuple[Observations, VoxelWorld]:
        """The first world of a scene. Raises SceneError for one that cannot be."""
        asked = as_scene(scene, VoxelScene, Scene)
        blocks = asked if isinstance(asked, VoxelScene) else raster(asked, self._names)[0]
        world = build_world(blocks, as_key(key))
        for agent in self._names:
            if agent not in world.players:
                known = ", ".join(world.players) or "none"
                raise SceneError(f"agent {agent!r} has no start: the scene's players are {known}")
        return self.observe(world), world

    def step(self, actions: Actions, world: VoxelWorld) -> Tuple[Observations, VoxelWorld]:
        """The world one period later. Raises UnknownAgent, UnknownAction or WorldError, nothing changed.

        Players act by name, each seeing what those before it did; then creatures walk, sand falls, items fall.
        """
        check_world(world, self._names)
        check_actions(actions, self._names)
        turn, period_s = VoxelTurn(world), self.period_ns / 1e9
        for player in world.players:
            act(turn, player, tuple(actions.get(player, ())), self.limits, period_s)
        walk_mobs(turn, period_s)
        settle(turn)
        drop_items(turn, period_s)
        after = turn.freeze(self.period_ns)
        return self.observe(after), after

    def observe(self, world: VoxelWorld) -> Observations:
        """What each agent senses; no time passes."""
        check_world(world, self._names)
        return FrozenMap(
            {agent.id: sense(world, agent, self._eyes[agent.id], self.limits) for agent in self.agents}
        )

    def objects(self, world: VoxelWorld) -> Tuple[SceneObject, ...]:
        """The truth about structures, creatures and items on the ground, by id, in the house's axes."""
        return things_of(as_world(world, VoxelWorld))

    def invariant(self, world: VoxelWorld) -> int:
        """How much of every kind there is, less what creative hands and crafting made, as one number; each body in
        something solid would add 2^60.
        """
        return invariant_of(as_world(world, VoxelWorld))

    def add_object(self, world: VoxelWorld, thing: SceneObject) -> VoxelWorld:
        """The world with one more creature, item or thing of blocks. Raises UnknownObject or PlacementError."""
        return edit.add_object(as_world(world, VoxelWorld), as_object(thing))

    def move_object(self, world: VoxelWorld, ident: int, pose: Pose) -> VoxelWorld:
        """The world with one object elsewhere, upright. Raises UnknownObject or PlacementError."""
        return edit.move_object(as_world(world, VoxelWorld), as_object_id(ident), as_pose(pose))

    def remove_object(self, world: VoxelWorld, ident: int) -> VoxelWorld:
        """The world without one object. Raises UnknownObject."""
        return edit.remove_object(as_world(world, VoxelWorld), as_object_id(ident))
