"""Laws of rotations: the group, its two spellings, and angles on the circle."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from droidlet_geometry import (
    angle_difference,
    quaternion_conjugate,
    quaternion_from_axis_angle,
    quaternion_from_matrix,
    quaternion_from_yaw,
    quaternion_multiply,
    quaternion_normalize,
    quaternion_rotate,
    quaternion_to_matrix,
    slerp,
    wrap_angle,
    yaw_of_quaternion,
)

component = st.floats(-1.0, 1.0)
vectors = st.tuples(*[st.floats(-100.0, 100.0)] * 3).map(np.array)
unit_quaternions = (
    st.tuples(*[component] * 4).filter(lambda q: sum(c * c for c in q) > 1e-6).map(quaternion_normalize)
)
angles = st.floats(-1e4, 1e4)
IDENTITY = np.array([1.0, 0.0, 0.0, 0.0])


def same_rotation(a: np.ndarray, b: np.ndarray) -> bool:
    return abs(abs(float(np.dot(a, b))) - 1.0) < 1e-9


@given(unit_quaternions, unit_quaternions, unit_quaternions)
def test_multiplication_is_associative(a, b, c):
    left = quaternion_multiply(quaternion_multiply(a, b), c)
    np.testing.assert_allclose(left, quaternion_multiply(a, quaternion_multiply(b, c)), atol=1e-12)


@given(unit_quaternions)
def test_identity_and_inverse(q):
    np.testing.assert_allclose(quaternion_multiply(IDENTITY, q), q, atol=0)
    np.testing.assert_allclose(quaternion_multiply(q, IDENTITY), q, atol=0)
    np.testing.assert_allclose(quaternion_multiply(q, quaternion_conjugate(q)), IDENTITY, atol=1e-12)


@given(unit_quaternions, unit_quaternions, vectors)
def test_product_rotates_by_the_second_then_the_first(a, b, v):
    once = quaternion_rotate(quaternion_multiply(a, b), v)
    np.testing.assert_allclose(once, quaternion_rotate(a, quaternion_rotate(b, v)), atol=1e-9)


@given(unit_quaternions, vectors, vectors)
def test_rotation_keeps_lengths_angles_and_handedness(q, v, w):
    rv, rw = quaternion_rotate(q, v), quaternion_rotate(q, w)
    np.testing.assert_allclose(np.dot(rv, rw), np.dot(v, w), atol=1e-7)
    np.testing.assert_allclose(np.cross(rv, rw), quaternion_rotate(q, np.cross(v, w)), atol=1e-7)


@given(unit_quaternions, vectors)
def test_matrix_does_what_its_quaternion_does(q, v):
    matrix = quaternion_to_matrix(q)
    np.testing.assert_allclose(matrix @ v, quaternion_rotate(q, v), atol=1e-9)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix) == pytest.approx(1.0)


@given(unit_quaternions)
def test_matrix_and_back_is_the_same_rotation(q):
    back = quaternion_from_matrix(quaternion_to_matrix(q))
    assert same_rotation(back, q)
    assert back[0] >= 0.0


@given(st.sampled_from([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (-1, 0, 1)]), st.floats(-1e-9, 1e-9))
def test_half_turns_lose_no_precision(axis, off):
    q = quaternion_from_axis_angle(axis, math.pi + off)
    assert same_rotation(quaternion_from_matrix(quaternion_to_matrix(q)), q)


@given(angles, angles)
def test_yaws_add(a, b):
    q = quaternion_multiply(quaternion_from_yaw(a), quaternion_from_yaw(b))
    assert math.cos(yaw_of_quaternion(q) - (a + b)) == pytest.approx(1.0)


@given(angles)
def test_yaw_turns_counter_clockwise_about_z(yaw):
    forward = quaternion_rotate(quaternion_from_yaw(yaw), (1.0, 0.0, 0.0))
    np.testing.assert_allclose(forward, (math.cos(yaw), math.sin(yaw), 0.0), atol=1e-9)
    np.testing.assert_allclose(
        quaternion_from_yaw(yaw), quaternion_from_axis_angle((0, 0, 3.0), yaw), atol=1e-12
    )


@given(unit_quaternions, unit_quaternions, st.floats(0.0, 1.0))
def test_slerp_goes_the_short_way_at_constant_speed(a, b, t):
    whole = 2 * math.acos(min(1.0, abs(float(np.dot(a, b)))))
    assume(whole < math.pi - 1e-3)  # beyond, both ways are equally short
    middle = slerp(a, b, t)
    part = 2 * math.acos(min(1.0, abs(float(np.dot(a, middle)))))
    assert part == pytest.approx(t * whole, abs=1e-6)
    assert same_rotation(slerp(a, b, 0.0), a) and same_rotation(slerp(a, b, 1.0), b)


def test_slerp_between_equal_rotations_stays():
    q = quaternion_from_axis_angle((1, 2, 3), 0.3)
    np.testing.assert_allclose(slerp(q, q, [0.0, 0.4, 1.0]), [q] * 3, atol=1e-15)


@given(st.integers(1, 4), st.integers(1, 3))
def test_all_functions_broadcast(n, m):
    rng = np.random.Generator(np.random.PCG64(n * 10 + m))
    q = quaternion_normalize(rng.normal(size=(n, 1, 4)))
    v = rng.normal(size=(m, 3))
    many = quaternion_rotate(q, v)
    assert many.shape == (n, m, 3)
    for i in range(n):
        for j in range(m):
            np.testing.assert_allclose(many[i, j], quaternion_rotate(q[i, 0], v[j]), atol=1e-12)
    np.testing.assert_allclose(quaternion_to_matrix(q)[0, 0], quaternion_to_matrix(q[0, 0]), atol=0)
    np.testing.assert_allclose(
        quaternion_from_matrix(quaternion_to_matrix(q))[-1, 0],
        quaternion_from_matrix(quaternion_to_matrix(q[-1, 0])),
        atol=0,
    )


@given(st.floats(-1e6, 1e6))
def test_wrapped_angle_is_the_same_direction_in_range(angle):
    wrapped = wrap_angle(angle)
    assert -math.pi <= wrapped < math.pi
    assert math.cos(wrapped - angle) == pytest.approx(1.0, abs=1e-9)
    assert wrap_angle(wrapped) == wrapped


@given(st.floats(-math.pi, math.pi, exclude_max=True))
def test_wrapping_leaves_what_is_in_range(angle):
    assert wrap_angle(angle) == angle


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5))
def test_arrays_wrap_as_their_elements(values):
    assert wrap_angle(np.array(values)).tolist() == [wrap_angle(v) for v in values]


@pytest.mark.parametrize("angle", [math.pi, -math.pi, 3 * math.pi, -1e-300, -3.1415926535897936, 5 * math.pi])
def test_wrapping_at_the_seam(angle):
    wrapped = wrap_angle(angle)
    assert -math.pi <= wrapped < math.pi
    assert wrap_angle(np.array([angle])).tolist() == [wrapped]


@given(angles, angles)
def test_difference_leads_from_current_to_target(target, current):
    turn = angle_difference(target, current)
    assert -math.pi <= turn < math.pi
    assert math.cos(current + turn - target) == pytest.approx(1.0)


@pytest.mark.parametrize("bad", [(0, 0, 0, 0), (math.nan, 0, 0, 1), (math.inf, 0, 0, 0)])
def test_quaternion_without_direction_is_refused(bad):
    with pytest.raises(ValueError, match="q is"):
        quaternion_normalize(bad)


@given(st.floats(1e-300, 1e300))
def test_normalizing_neither_overflows_nor_vanishes(scale):
    np.testing.assert_allclose(quaternion_normalize((scale, 0, 0, -scale)), np.array([1, 0, 0, -1]) / 2**0.5)


def test_wrong_shapes_are_named():
    with pytest.raises(ValueError, match=r"q has shape \(3,\)"):
        quaternion_to_matrix((1, 0, 0))
    with pytest.raises(ValueError, match=r"vectors has shape \(2,\)"):
        quaternion_rotate(IDENTITY, (1, 0))
    with pytest.raises(ValueError, match=r"matrix has shape \(2, 2\)"):
        quaternion_from_matrix(np.eye(2))
    with pytest.raises(ValueError, match="axis is"):
        quaternion_from_axis_angle((0, 0, 0), 1.0)
