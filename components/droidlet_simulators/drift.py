"""Odometry that drifts, as wheels slip: a part outside every engine."""

from __future__ import annotations

import math
from typing import Optional, Tuple

import attrs

from droidlet_geometry import compose_pose2, compose_poses, inverse_pose, wrap_angle
from droidlet_schema import FrozenMap, Key, Observation, Pose, Pose2, evolve, record
from droidlet_simulators.errors import SimulatorError


@record
class DriftState:
    """Where the robot last was, where it believes that it was, and what its errors are drawn from."""

    key: Key
    true: Optional[Pose2] = None  # None: nothing was sensed so far
    believed: Optional[Pose2] = None


@attrs.frozen
class OdometryDrift:
    """Replaces an observation's true pose by what dead reckoning would say; the first one is right.

    Each motion is a turn, a straight line and a turn, all three with errors (Thrun, Burgard and Fox 2005,
    "Probabilistic robotics", table 5.6, sample_motion_model_odometry). The poses of cameras and other parts of the
    body move along with it; depth pictures do not change. Raises SimulatorError for numbers that cannot be.
    """

    turn_by_turn: float = 0.05  # rad of standard deviation per rad turned
    turn_by_way: float = 0.02  # rad per m driven
    way_by_way: float = 0.03  # m per m driven
    way_by_turn: float = 0.005  # m per rad turned

    def __attrs_post_init__(self) -> None:
        """Checks every number."""
        for field in attrs.fields(OdometryDrift):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
                raise SimulatorError(f"{field.name} is {value!r}: a finite number, at least 0")

    def initial(self, key: Key) -> DriftState:
        """Nothing sensed so far."""
        return DriftState(key)

    def __call__(self, inputs: Observation, state: DriftState) -> Tuple[Observation, DriftState]:
        """The observation as the robot believes it. Raises SimulatorError for a pose that is not finite."""
        now = inputs.pose
        if not all(map(math.isfinite, (now.x_m, now.y_m, now.yaw_rad))):
            raise SimulatorError(f"pose is {now}: finite numbers")
        if state.true is None or state.believed is None:
            return inputs, evolve(state, true=now, believed=now)
        key, own = state.key.split(2)
        believed = self._moved(state.true, now, state.believed, own)
        return _seen_from(inputs, now, believed), DriftState(key, now, believed)

    def _moved(self, before: Pose2, now: Pose2, believed: Pose2, key: Key) -> Pose2:
        """The believed pose after a motion."""
        dx, dy = now.x_m - before.x_m, now.y_m - before.y_m
        way, turned = math.hypot(dx, dy), wrap_angle(now.yaw_rad - before.yaw_rad)
        first = wrap_angle(math.atan2(dy, dx) - before.yaw_rad) if way > 1e-9 else 0.0
        back = abs(first) > math.pi / 2  # driven backwards: no half turns before and after
        if back:
            first, way = wrap_angle(first + math.pi), -way
        last = wrap_angle(turned - first)
        normal = key.generator().standard_normal(3).tolist()
        far = abs(way)
        first += normal[0] * (self.turn_by_turn * abs(first) + self.turn_by_way * far)
        way += normal[1] * (self.way_by_way * far + self.way_by_turn * (abs(first) + abs(last)))
        last += normal[2] * (self.turn_by_turn * abs(last) + self.turn_by_way * far)
        step = (way * math.cos(first), way * math.sin(first), first + last)
        return Pose2(*compose_pose2(believed, step))


def _seen_from(seen: Observation, true: Pose2, believed: Pose2) -> Observation:
    """The observation with everything of the body moved from the true pose to the believed one."""
    move = compose_poses(_upright(believed), inverse_pose(_upright(true)))

    def moved(pose: Pose) -> Pose:
        return Pose(*compose_poses(move, pose))

    frames = {name: evolve(frame, camera=moved(frame.camera)) for name, frame in seen.frames.items()}
    poses = {name: moved(pose) for name, pose in seen.poses.items()}
    return evolve(seen, pose=believed, frames=FrozenMap(frames), poses=FrozenMap(poses))


def _upright(pose: Pose2) -> Pose:
    half = 0.5 * pose.yaw_rad
    return Pose(pose.x_m, pose.y_m, 0.0, math.cos(half), 0.0, 0.0, math.sin(half))
