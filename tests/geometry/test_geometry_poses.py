"""Poses form a group that acts on points; a camera on a body looks where it is told to."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_geometry import (
    PoseTuple,
    camera_pose,
    compose_pose2,
    compose_poses,
    distance_and_bearing,
    inverse_pose,
    inverse_pose2,
    inverse_transform_points,
    pixel_rays,
    pose_from_matrix,
    pose_matrix,
    project_points,
    quaternion_normalize,
    transform_points,
)
from droidlet_schema import Intrinsics, Pose, Pose2

metres = st.floats(-50.0, 50.0)
points = st.tuples(metres, metres, metres).map(np.array)
quaternions = (
    st.tuples(*[st.floats(-1.0, 1.0)] * 4)
    .filter(lambda q: sum(c * c for c in q) > 1e-6)
    .map(lambda q: quaternion_normalize(q).tolist())
)
poses = st.builds(lambda p, q: PoseTuple(*p, *q), st.tuples(metres, metres, metres), quaternions)
angles = st.floats(-math.pi, math.pi)
floor_poses = st.tuples(metres, metres, angles)


@given(poses, poses, points)
def test_composition_acts_as_one_after_the_other(a, b, p):
    together = transform_points(compose_poses(a, b), p)
    np.testing.assert_allclose(together, transform_points(a, transform_points(b, p)), atol=1e-8)


@given(poses, poses)
def test_composition_is_the_product_of_matrices(a, b):
    np.testing.assert_allclose(pose_matrix(compose_poses(a, b)), pose_matrix(a) @ pose_matrix(b), atol=1e-8)


@given(poses, points)
def test_inverse_undoes(pose, p):
    np.testing.assert_allclose(inverse_transform_points(pose, transform_points(pose, p)), p, atol=1e-8)
    np.testing.assert_allclose(transform_points(inverse_pose(pose), transform_points(pose, p)), p, atol=1e-8)
    np.testing.assert_allclose(pose_matrix(compose_poses(inverse_pose(pose), pose)), np.eye(4), atol=1e-8)


@given(poses)
def test_matrix_and_back_is_the_same_pose(pose):
    np.testing.assert_allclose(pose_matrix(pose_from_matrix(pose_matrix(pose))), pose_matrix(pose), atol=1e-9)


@given(poses, points)
def test_a_record_does_as_its_numbers_do(pose, p):
    record = SimpleNamespace(**pose._asdict())
    np.testing.assert_array_equal(transform_points(record, p), transform_points(pose, p))
    np.testing.assert_array_equal(transform_points(np.array(pose), p), transform_points(pose, p))


@given(floor_poses, floor_poses, floor_poses)
def test_floor_poses_form_a_group(a, b, c):
    left, right = compose_pose2(compose_pose2(a, b), c), compose_pose2(a, compose_pose2(b, c))
    assert left[:2] == pytest.approx(right[:2], abs=1e-8)
    assert math.cos(left.yaw_rad - right.yaw_rad) == pytest.approx(1.0)
    assert compose_pose2(inverse_pose2(a), a)[:2] == pytest.approx((0.0, 0.0), abs=1e-8)
    assert math.cos(compose_pose2(inverse_pose2(a), a).yaw_rad) == pytest.approx(1.0)


@given(floor_poses, metres, metres)
def test_turning_by_the_bearing_and_going_the_distance_arrives(pose2, x, y):
    distance, bearing = distance_and_bearing(pose2, x, y)
    arrived = compose_pose2(compose_pose2(pose2, (0.0, 0.0, bearing)), (distance, 0.0, 0.0))
    assert arrived[:2] == pytest.approx((x, y), abs=1e-8)


@given(floor_poses, st.floats(0.0, 3.0), st.floats(-1.5, 1.5), angles)
def test_camera_axes(pose2, height, tilt, pan):
    camera = camera_pose(pose2, height, tilt, pan)
    x, y, yaw = pose2
    assert camera[:3] == (x, y, height)
    rotation = pose_matrix(camera)[:3, :3]
    heading = yaw + pan
    forward = (math.cos(heading) * math.cos(tilt), math.sin(heading) * math.cos(tilt), math.sin(tilt))
    np.testing.assert_allclose(rotation[:, 2], forward, atol=1e-9)
    np.testing.assert_allclose(rotation[:, 0], (math.sin(heading), -math.cos(heading), 0.0), atol=1e-9)
    np.testing.assert_allclose(rotation[:, 1], np.cross(rotation[:, 2], rotation[:, 0]), atol=1e-9)
    assert math.hypot(*camera[3:]) == pytest.approx(1.0)


def test_a_level_camera_of_a_body_at_the_origin():
    ahead, left, up = transform_points(camera_pose((0, 0, 0), 1.0, 0.0), [(0, 0, 2), (-1, 0, 0), (0, -1, 0)])
    np.testing.assert_allclose(ahead, (2, 0, 1), atol=1e-12)
    np.testing.assert_allclose(left, (0, 1, 1), atol=1e-12)
    np.testing.assert_allclose(up, (0, 0, 2), atol=1e-12)


def test_the_records_of_the_schema_are_poses():
    body, camera = Pose2(1.0, 2.0, 0.5), Pose(*camera_pose((1.0, 2.0, 0.5), 1.1, -0.2))
    assert camera_pose(body, 1.1, -0.2) == camera_pose((1.0, 2.0, 0.5), 1.1, -0.2)
    assert Pose2(*compose_pose2((0.0, 0.0, 0.0), body)) == body
    np.testing.assert_allclose(transform_points(camera, (0, 0, 0)), (1.0, 2.0, 1.1))
    lens = Intrinsics(6, 4, 5.0, 5.0, 3.0, 2.0)
    pixel, depth = project_points(transform_points(camera, pixel_rays(lens)[1, 2] * 3.0), lens, camera)
    assert pixel.tolist() == pytest.approx([2.5, 1.5]) and depth == pytest.approx(3.0)


def test_wrong_shapes_are_named():
    with pytest.raises(ValueError, match=r"pose has shape \(3,\)"):
        pose_matrix((1, 2, 3))
    with pytest.raises(ValueError, match=r"pose2 has shape \(2,\)"):
        camera_pose((1, 2), 1.0, 0.0)
    with pytest.raises(ValueError, match=r"matrix has shape \(3, 3\)"):
        pose_from_matrix(np.eye(3))
