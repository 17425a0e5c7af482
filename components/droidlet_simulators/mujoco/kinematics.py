"""Which joint angles bring the fingertips to a pose."""

from __future__ import annotations

from typing import Optional, Sequence

import numpy as np
import numpy.typing as npt

from droidlet_geometry import pose_matrix
from droidlet_schema import FrozenMap, JointTargets, Pose
from droidlet_simulators.errors import SimulatorError
from droidlet_simulators.mujoco.arm import JOINTS, LINKS, Floats, arm_jacobian, arm_pose
from droidlet_simulators.mujoco.robot import READY

_ROUNDS = 200
_DAMPING = 0.05
_STRIDE = 0.2  # rad, m: the most that one round asks for
_CLOSE_M, _CLOSE_RAD = 1e-4, 1e-3
_CENTRE = 0.02  # how much of what is left over draws each joint to the middle of its range

_LOW = np.array([link.low_rad for link in LINKS])
_HIGH = np.array([link.high_rad for link in LINKS])


def reach(arm: Pose, grip: Pose, start_rad: Sequence[float] = READY) -> JointTargets:
    """The joint angles that bring the point between the fingertips to the pose `grip`.

    `arm` is where the arm's foot stands; both poses are in one frame, for instance `poses["arm"]` of an observation
    and a place in the world. The grip's z axis points out of the hand, its y axis along the fingers' way.
    Damped least squares (Wampler, IEEE Transactions on Systems, Man and Cybernetics 16(1), 1986; Nakamura and
    Hanafusa, Journal of Dynamic Systems, Measurement and Control 108, 1986), with what the task leaves free used
    to stay away from the joints' limits. Raises SimulatorError where the arm does not get there.
    """
    target = np.linalg.inv(pose_matrix(arm)) @ pose_matrix(grip)
    found = _solve(target, np.asarray(start_rad, np.float64))
    if found is None:
        place = target[:3, 3].round(3).tolist()
        raise SimulatorError(
            f"grip is {place} m from the arm's foot: the arm does not get there with the hand turned like that; "
            "drive nearer, or ask from another side"
        )
    return JointTargets(FrozenMap(dict(zip(JOINTS, found.tolist()))))


def _solve(target: Floats, start: Floats) -> Optional[Floats]:
    angles = np.clip(start, _LOW, _HIGH)
    for _ in range(_ROUNDS):
        error = _error(arm_pose(angles), target)
        if np.linalg.norm(error[:3]) < _CLOSE_M and np.linalg.norm(error[3:]) < _CLOSE_RAD:
            return angles
        length = float(np.linalg.norm(error))
        wanted = error * min(1.0, _STRIDE / length)
        jacobian = arm_jacobian(angles)
        inverse = jacobian.T @ np.linalg.inv(
            jacobian @ jacobian.T + _DAMPING**2 * np.eye(6) * min(1.0, length)
        )
        spare = (np.eye(len(LINKS)) - inverse @ jacobian) @ (((_LOW + _HIGH) / 2 - angles) * _CENTRE)
        angles = np.clip(angles + inverse @ wanted + spare, _LOW, _HIGH)
    return None


def _error(at: npt.NDArray[np.float64], target: Floats) -> Floats:
    """What is missing: metres, then the turn as a rotation vector in rad."""
    turn = target[:3, :3] @ at[:3, :3].T
    sine = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]]) / 2
    length = float(np.linalg.norm(sine))
    angle = float(np.arctan2(length, (np.trace(turn) - 1) / 2))
    if length < 1e-9:  # no turn, or half a turn: then any axis of it will do
        axis = np.sqrt(np.clip((np.diag(turn) + 1) / 2, 0.0, 1.0))
        return np.concatenate([target[:3, 3] - at[:3, 3], axis * angle])
    return np.concatenate([target[:3, 3] - at[:3, 3], sine / length * angle])
