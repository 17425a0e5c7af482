"""RoomSimulator: furnished flats in numpy; no history, no state but the world that is handed in."""

from __future__ import annotations

import math
from typing import Tuple

import attrs

from droidlet_schema import (
    Action,
    FrozenMap,
    Key,
    Look,
    Pose,
    SceneObject,
    Speak,
    evolve,
)
from droidlet_simulators.contract import Actions, AgentSpec, CameraSpec, Observations, SimulatorSpec
from droidlet_simulators.room import edit
from droidlet_simulators.room.camera import Lens, lens_of_fov
from droidlet_simulators.room.checks import check_actions, check_config, check_limits, check_scene
from droidlet_simulators.room.footprint import Row, footprint_row, make_footprints, object_rows, wall_rows
from droidlet_simulators.room.limits import Limits, travel
from droidlet_simulators.room.motion import Motion, drive, stroll
from droidlet_simulators.room.sense import sense
from droidlet_simulators.room.world import RoomBody, RoomWorld, Spoken, Stroll, people_of, things_of
from droidlet_simulators.scene import Scene

PERSON_KEEPS_M = 0.10
"""How near a walking person comes to a robot or an obstacle, edge to edge."""


@attrs.frozen
class RoomSimulator:
    """One wheeled robot with a camera, in a furnished flat with people.

    Raises SimulatorError for a configuration that cannot be.
    """

    width: int = 128
    height: int = 128
    horizontal_fov_rad: float = math.radians(80)
    camera_height_m: float = 1.1
    semantic: bool = False
    period_ns: int = 100_000_000
    limits: Limits = Limits()
    agent_id: str = "robot"
    camera_id: str = "head"
    _lens: Lens = attrs.field(init=False, eq=False, repr=False)

    @_lens.default
    def _make_lens(self) -> Lens:
        check_config(self.width, self.height, self.horizontal_fov_rad, self.camera_height_m, self.period_ns)
        check_limits(self.limits)
        return lens_of_fov(self.width, self.height, self.horizontal_fov_rad)

    @property
    def spec(self) -> SimulatorSpec:
        """What this simulator is."""
        pictures = ("rgb", "depth", "semantic") if self.semantic else ("rgb", "depth")
        mount = Pose(0.0, 0.0, self.camera_height_m)
        camera = CameraSpec(
            self.camera_id, self.width, self.height, self.horizontal_fov_rad, mount, pictures=pictures
        )
        agents = (AgentSpec(self.agent_id, (camera,)),)
        actions = ("Drive", "Move", "Turn", "Look", "Speak", "Stop")
        return SimulatorSpec("room", agents, actions, self.period_ns, "numpy", True)

    def left_out(self, scene: Scene) -> Tuple[str, ...]:
        """Nothing: the room loads all of a scene."""
        return ()

    def reset(self, scene: Scene, key: Key) -> Tuple[Observations, RoomWorld]:
        """The first world of a scene. Raises SceneError for one that cannot be."""
        start = scene.start
        bodies = FrozenMap({self.agent_id: RoomBody(start.x_m, start.y_m, start.yaw_rad)})
        strolls = tuple(Stroll(w.body.x_m, w.body.y_m, w.body.yaw_rad, 1) for w in scene.people)
        world = RoomWorld(scene, bodies, strolls, (), 0, 0, key)
        check_scene(world, self.limits)
        return self.observe(world), world

    def step(self, actions: Actions, world: RoomWorld) -> Tuple[Observations, RoomWorld]:
        """The world one period later. Raises UnknownAgent or UnknownAction, nothing changed."""
        check_actions(actions, world)
        solid = wall_rows(world.scene, self.limits.height_m) + object_rows(
            world.scene.objects, self.limits.height_m
        )
        people = tuple(footprint_row(person) for person in people_of(world))
        bodies = {
            agent: self._act(tuple(actions.get(agent, ())), body, solid + people)
            for agent, body in world.bodies.items()
        }
        spoken = tuple(
            Spoken(agent, said.text)
            for agent in sorted(actions)
            for said in actions[agent]
            if isinstance(said, Speak)
        )
        after = evolve(
            world,
            bodies=FrozenMap(bodies),
            strolls=self._walk(world, FrozenMap(bodies), solid),
            spoken=spoken,
            step=world.step + 1,
            now_ns=world.now_ns + self.period_ns,
        )
        return self.observe(after), after

    def _act(self, actions: Tuple[Action, ...], body: RoomBody, rows: Tuple[Row, ...]) -> RoomBody:
        """One body's step: its actions in turn, until the period is used up."""
        pan, tilt = body.pan_rad, body.tilt_rad
        at = Motion(body.x_m, body.y_m, body.yaw_rad, False)
        left_s = self.period_ns / 1e9
        for action in actions:
            if isinstance(action, Look):
                pan, tilt = self.limits.look(action)
                continue
            forward, turn, used_s = travel(action, left_s, self.limits)
            left_s -= used_s
            if forward != 0.0 or turn != 0.0:
                moved = drive(at[:3], forward, turn, self.limits.radius_m, make_footprints(rows))
                at = moved._replace(collided=at.collided or moved.collided)
        return RoomBody(at.x_m, at.y_m, at.yaw_rad, pan, tilt, at.collided)

    def _walk(
        self, world: RoomWorld, bodies: FrozenMap[str, RoomBody], solid: Tuple[Row, ...]
    ) -> Tuple[Stroll, ...]:
        """Every person's next place, one after the other, each seeing where the others now are."""
        robots = tuple((b.x_m, b.y_m, 0.0, 0.0, 0.0, self.limits.radius_m) for b in bodies.values())
        rows = [footprint_row(person) for person in people_of(world)]
        strolls = list(world.strolls)
        for i, walker in enumerate(world.scene.people):
            others = make_footprints((*solid, *robots, *rows[:i], *rows[i + 1 :]))
            length = walker.speed_m_s * self.period_ns / 1e9
            strolls[i] = stroll(strolls[i], walker.route, length, rows[i][5], others, PERSON_KEEPS_M)
            rows[i] = (strolls[i].x_m, strolls[i].y_m, *rows[i][2:])
        return tuple(strolls)

    def observe(self, world: RoomWorld) -> Observations:
        """What each agent senses; no time passes."""
        return FrozenMap(
            {
                agent: sense(world, body, self._lens, self.camera_height_m, self.camera_id, self.semantic)
                for agent, body in world.bodies.items()
            }
        )

    def objects(self, world: RoomWorld) -> Tuple[SceneObject, ...]:
        """The truth about every object and person, by id."""
        return things_of(world)

    def invariant(self, world: RoomWorld) -> float:
        """How deep bodies are inside anything solid, in metres: 0.0, always."""
        return edit.depth_inside(world, self.limits)

    def add_object(self, world: RoomWorld, thing: SceneObject) -> RoomWorld:
        """The world with one more object. Raises UnknownObject (class, colour) or PlacementError."""
        return edit.add_object(world, thing, self.limits)

    def move_object(self, world: RoomWorld, ident: int, pose: Pose) -> RoomWorld:
        """The world with one object or person elsewhere, upright. Raises UnknownObject or PlacementError."""
        return edit.move_object(world, ident, pose, self.limits)

    def remove_object(self, world: RoomWorld, ident: int) -> RoomWorld:
        """The world without one object or person. Raises UnknownObject."""
        return edit.remove_object(world, ident)
