"""One native simulator: a scene's things in it, brought to any world and drawn.

It is never told to step or to reset: agents are placed (their ways come from the navmesh alone), and things are
put where a world has them. So no action is half done, and nothing is left where a reset would have put it.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import attrs
import numpy as np

from droidlet_schema import Pose, Pose2, evolve
from droidlet_simulators.cameras import camera_on
from droidlet_simulators.errors import WorldError
from droidlet_simulators.habitat.axes import house_point, house_turn, native_camera, native_point, native_turn
from droidlet_simulators.habitat.build import Build
from droidlet_simulators.habitat.eyes import Eye, face_pose
from droidlet_simulators.habitat.files import Folder
from droidlet_simulators.habitat.loading import Library
from droidlet_simulators.habitat.parts import Part, part_pose
from droidlet_simulators.habitat.values import HabitatAgent, HabitatJoints, HabitatRigid, HabitatWorld

SUBSTEP = -1.0
"""A negative time makes Bullet do exactly one step of its own, with no remainder carried over."""


@attrs.define
class Engine:
    """A native simulator and what was put into it; belongs to one thread."""

    build: Build
    library: Library
    sim: Any
    folder: Folder
    eyes: Mapping[str, Tuple[Eye, ...]]
    bodies: Dict[int, List[Tuple[Any, Part]]]  # by object id
    jointed: Dict[int, Any]
    held: Optional[HabitatWorld] = (
        None  # whose things stand in it now, with nothing else on the solver's mind
    )

    def close(self) -> None:
        """Ends the native simulator; a second time does nothing."""
        sim, self.sim = self.sim, None
        self.bodies.clear()
        self.jointed.clear()
        if sim is not None:
            sim.close()
        self.folder.close()

    def hold(self, world: HabitatWorld) -> None:
        """Puts everything where a world has it, moving as it does there."""
        if world is self.held:
            return
        if self.held is None or not self._same_things(world):
            self.held = None  # nobody's, if this is interrupted
            for rigid in world.rigids:
                if rigid.motion != "static":
                    self._place(rigid)
            for joints in world.articulated:
                self.set_joints(joints)
        self.held = world

    def _same_things(self, world: HabitatWorld) -> bool:
        held = self.held
        return held is not None and (held.rigids, held.articulated) == (world.rigids, world.articulated)

    def _place(self, rigid: HabitatRigid) -> None:
        for body, part in self.bodies[rigid.thing.id]:
            self.pose_body(body, part_pose(rigid.pose, part))
            if rigid.motion == "dynamic":
                body.linear_velocity = self.vector(native_point(*rigid.velocity_m_s))
                body.angular_velocity = self.vector(native_point(*rigid.turning_rad_s))

    def pose_body(self, body: Any, pose: Pose) -> None:
        """Puts a native object somewhere."""
        w, x, y, z = native_turn(pose.qw, pose.qx, pose.qy, pose.qz)
        magnum = self.library.magnum
        body.translation = self.vector(native_point(pose.x_m, pose.y_m, pose.z_m))
        body.rotation = magnum.Quaternion(magnum.Vector3(x, y, z), w).normalized()

    def vector(self, values: Sequence[float]) -> Any:
        """A native vector, of floats only."""
        x, y, z = (float(value) for value in values)
        return self.library.magnum.Vector3(x, y, z)

    def set_joints(self, joints: HabitatJoints) -> None:
        """Brings a thing's joints to where they are in a world. Raises WorldError for another number of them."""
        thing = self.jointed[joints.thing.id]
        for name, given in (("positions", joints.positions), ("velocities", joints.velocities)):
            count = len(getattr(thing, f"joint_{name}"))
            if len(given) != count:  # Habitat reads on past the end of what is too short
                raise WorldError(
                    f"{name} of object {joints.thing.id} are {given}: {count} numbers, as its file has them"
                )
        thing.joint_positions = [float(p) for p in joints.positions]
        thing.joint_velocities = [float(v) for v in joints.velocities]

    def read_joints(self, joints: HabitatJoints) -> HabitatJoints:
        """A thing's joints as they are natively."""
        thing = self.jointed[joints.thing.id]
        return evolve(
            joints,
            positions=tuple(float(p) for p in thing.joint_positions),
            velocities=tuple(float(v) for v in thing.joint_velocities),
        )

    def read_body(self, rigid: HabitatRigid) -> HabitatRigid:
        """Where physics has brought a thing. Raises LookupError or ArithmeticError where it is nowhere any more."""
        if rigid.motion != "dynamic":
            return rigid
        body = self.bodies[rigid.thing.id][0][0]
        if not body.is_alive:
            raise LookupError(f"object {rigid.thing.id} is gone: was Habitat's simulator used directly?")
        turn = body.rotation
        numbers = (
            *house_point(body.translation),
            *house_turn(turn.scalar, turn.vector),
            *house_point(body.linear_velocity),
            *house_point(body.angular_velocity),
        )
        if not np.isfinite(numbers).all():
            raise ArithmeticError(
                f"physics took object {rigid.thing.id} out of all bounds: is it in another?"
            )
        return evolve(
            rigid, pose=Pose(*numbers[:7]), velocity_m_s=numbers[7:10], turning_rad_s=numbers[10:13]
        )

    def run_physics(self, world: HabitatWorld, substeps: int) -> HabitatWorld:
        """The world after so many of Bullet's own steps."""
        self.held = None
        for _ in range(substeps):
            self.sim.step_physics(SUBSTEP)
        return evolve(
            world,
            rigids=tuple(self.read_body(rigid) for rigid in world.rigids),
            articulated=tuple(self.read_joints(joints) for joints in world.articulated),
        )

    def draw(self, world: HabitatWorld) -> Mapping[str, Tuple[Mapping[str, Any], Tuple[Pose, ...]]]:
        """What the native cameras of each agent show, by their ids, and where the agent's cameras are."""
        drawn: Dict[str, Tuple[Mapping[str, Any], Tuple[Pose, ...]]] = {}
        seeing = []
        for number, agent in enumerate(self.build.settings.agents):
            if agent.cameras:
                seeing.append(number)
                self.stand(number, agent.id, world.agents[agent.id])
        found = self.sim.get_sensor_observations(seeing) if seeing else {}
        for number, agent in enumerate(self.build.settings.agents):
            poses = tuple(pose_of_eye(eye, world.agents[agent.id]) for eye in self.eyes[agent.id])
            drawn[agent.id] = (found[number] if agent.cameras else {}, poses)
        return drawn

    def stand(self, number: int, ident: str, body: HabitatAgent) -> None:
        """Puts an agent and each of its native cameras where they are."""
        sim = self.library.habitat_sim
        coeffs = sim.utils.common.quat_from_coeffs
        state = sim.agent.AgentState()
        state.position = np.array(native_point(body.x_m, body.y_m, body.z_m), np.float32)
        half = body.yaw_rad / 2
        state.rotation = coeffs(np.array([0.0, np.sin(half), 0.0, np.cos(half)]))  # x y z w
        states = {}
        for eye in self.eyes[ident]:
            camera = pose_of_eye(eye, body)
            for face, sensors in zip(eye.faces, eye.sensors):
                place, (w, x, y, z) = native_camera(face_pose(camera, face))
                for sensor in sensors:
                    states[sensor.uuid] = sim.agent.SixDOFPose(
                        np.array(place, np.float32), coeffs(np.array([x, y, z, w]))
                    )
        state.sensor_states = states
        self.sim.get_agent(number).set_state(state, True, False)  # reset_sensors, infer_sensor_states


def pose_of_eye(eye: Eye, body: HabitatAgent) -> Pose:
    """Where a camera's optical frame is, on an agent that may stand above the house's floor."""
    base = Pose2(body.x_m, body.y_m, body.yaw_rad)
    pose = camera_on(eye.spec, base, body.pan_rad, body.tilt_rad)
    return evolve(pose, z_m=pose.z_m + body.z_m)
