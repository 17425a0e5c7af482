"""Where Habitat puts a thing with joints: by its root link's centre of mass, in the axes of its file."""

from __future__ import annotations

import math
import xml.etree.ElementTree as xml
from typing import Tuple

import numpy as np

from droidlet_geometry import (
    compose_poses,
    pose_from_matrix,
    quaternion_from_axis_angle,
    quaternion_multiply,
    quaternion_to_matrix,
)
from droidlet_schema import Pose
from droidlet_simulators.errors import SceneError
from droidlet_simulators.habitat.axes import NATIVE, Floats

UPS = ("y", "z")


def native_base(base: Pose, urdf: str, up: str) -> Pose:
    """What Habitat is told as the pose of a thing whose base link is to be at `base`.

    Habitat takes a file's axes for its own, y up and -z ahead; a file whose z is up and whose x is ahead is turned.
    Raises SceneError for a file that says no root link.
    """
    xyz, rpy = root_inertial(urdf)
    house = NATIVE.T if up == "y" else np.eye(3)  # takes the file's axes to the house's
    turn = np.eye(4)
    turn[:3, :3] = house @ _turn(rpy) @ NATIVE
    turn[:3, 3] = house @ np.array(xyz)
    return Pose(*compose_poses(base, pose_from_matrix(turn)))


def _turn(rpy: Tuple[float, float, float]) -> Floats:
    """URDF's roll, pitch and yaw about fixed axes, as a matrix."""
    roll, pitch, yaw = (quaternion_from_axis_angle(axis, angle) for axis, angle in zip(np.eye(3), rpy))
    return quaternion_to_matrix(quaternion_multiply(yaw, quaternion_multiply(pitch, roll)))


def root_inertial(urdf: str) -> Tuple[Tuple[float, float, float], Tuple[float, float, float]]:
    """The inertial origin, xyz in metres and rpy in rad, of the one link of a file that is no joint's child."""
    try:
        robot = xml.parse(urdf).getroot()
    except (xml.ParseError, OSError, ValueError) as error:
        raise SceneError(f"urdf is {urdf!r}: not there, or no XML ({error})") from error
    children = {child.get("link") for child in robot.findall("joint/child")}
    roots = [link for link in robot.findall("link") if link.get("name") not in children]
    if len(roots) != 1:
        names = [link.get("name") for link in roots]
        raise SceneError(
            f"urdf is {urdf!r}: its links {names} are no joint's children; one is needed, the base"
        )
    origin = roots[0].find("inertial/origin")
    if origin is None:
        return (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)
    return _three(urdf, origin.get("xyz", "0 0 0")), _three(urdf, origin.get("rpy", "0 0 0"))


def _three(urdf: str, text: str) -> Tuple[float, float, float]:
    try:
        x, y, z = (float(word) for word in text.split())
    except ValueError as error:
        raise SceneError(
            f"urdf is {urdf!r}: {text!r} of its base's inertial origin is no three numbers"
        ) from error
    if not all(map(math.isfinite, (x, y, z))):
        raise SceneError(f"urdf is {urdf!r}: {text!r} of its base's inertial origin is not finite")
    return x, y, z
