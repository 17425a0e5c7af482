"""Projecting what was unprojected gives the pixels again."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from droidlet_geometry import (
    camera_pose,
    pixel_rays,
    project_camera_points,
    project_points,
    transform_points,
    unproject_depth,
    unproject_to_world,
)

sides = st.integers(1, 9)
focal = st.floats(1.0, 500.0)
cameras = st.builds(
    lambda w, h, fx, fy, cx, cy: SimpleNamespace(
        width=w, height=h, fx_px=fx, fy_px=fy, cx_px=cx * w, cy_px=cy * h
    ),
    sides,
    sides,
    focal,
    focal,
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
)
standing = st.builds(
    camera_pose,
    st.tuples(st.floats(-9, 9), st.floats(-9, 9), st.floats(-4, 4)),
    st.floats(0, 2),
    st.floats(-1, 1),
    st.floats(-3, 3),
)


@given(cameras, standing, st.integers(1, 4), st.data())
def test_project_after_unproject_is_the_identity_on_pixels(intrinsics, camera, stride, data):
    shape = (intrinsics.height, intrinsics.width)
    depth = data.draw(hnp.arrays(np.float32, shape, elements=st.floats(0.125, 20.0, width=32)))
    world = unproject_to_world(depth, intrinsics, camera, stride)
    pixels, seen_depth = project_points(world, intrinsics, camera)
    rows, columns = np.mgrid[: shape[0] : stride, : shape[1] : stride]
    np.testing.assert_allclose(pixels[..., 0], columns + 0.5, atol=1e-5)
    np.testing.assert_allclose(pixels[..., 1], rows + 0.5, atol=1e-5)
    np.testing.assert_allclose(seen_depth, depth[::stride, ::stride], rtol=1e-6)


@given(cameras, st.integers(1, 4))
def test_a_point_is_its_ray_times_its_planar_depth(intrinsics, stride):
    depth = np.full((intrinsics.height, intrinsics.width), 2.5, np.float32)
    rays = pixel_rays(intrinsics, stride)
    np.testing.assert_allclose(unproject_depth(depth, intrinsics, stride), 2.5 * rays, atol=1e-12)
    np.testing.assert_array_equal(pixel_rays(intrinsics)[::stride, ::stride], rays)
    assert rays.dtype == np.float64


def test_the_principal_point_looks_straight_ahead():
    intrinsics = SimpleNamespace(width=4, height=2, fx_px=3.0, fy_px=3.0, cx_px=1.5, cy_px=0.5)
    np.testing.assert_array_equal(pixel_rays(intrinsics)[0, 1], (0, 0, 1))
    pixels, depth = project_camera_points([(0, 0, 7), (7, 0, 7), (0, 7, 7)], intrinsics)
    np.testing.assert_allclose(pixels, [(1.5, 0.5), (4.5, 0.5), (1.5, 3.5)])
    np.testing.assert_array_equal(depth, [7, 7, 7])


@given(cameras, standing, st.floats(0.0, 5.0))
def test_behind_the_camera_there_are_no_pixels(intrinsics, camera, behind):
    point = transform_points(camera, [(0.3, 0.2, -behind), (0.0, 0.0, 1.0)])
    pixels, depth = project_points(point, intrinsics, camera)
    assert depth[0] == pytest.approx(-behind, abs=1e-9)
    assert np.isfinite(pixels[1]).all()
    if depth[0] <= 0.0:
        assert np.isnan(pixels[0]).all()


def test_a_grazing_point_is_at_infinity_without_a_warning():
    intrinsics = SimpleNamespace(width=4, height=2, fx_px=3.0, fy_px=3.0, cx_px=1.5, cy_px=0.5)
    pixels, _ = project_camera_points((1e10, 0.0, 5e-324), intrinsics)
    assert pixels[0] == math.inf


def test_no_return_gives_the_camera_itself():
    intrinsics = SimpleNamespace(width=3, height=2, fx_px=3.0, fy_px=3.0, cx_px=1.5, cy_px=1.0)
    camera = camera_pose((1.0, 2.0, 0.5), 0.9, -0.2)
    world = unproject_to_world(np.zeros((2, 3), np.float32), intrinsics, camera)
    np.testing.assert_allclose(world, np.broadcast_to((1.0, 2.0, 0.9), (2, 3, 3)))


def test_a_picture_of_another_camera_is_refused():
    intrinsics = SimpleNamespace(width=3, height=2, fx_px=3.0, fy_px=3.0, cx_px=1.5, cy_px=1.0)
    with pytest.raises(ValueError, match=r"depth_m has shape \(3, 2\), its camera \(2, 3\)"):
        unproject_depth(np.zeros((3, 2), np.float32), intrinsics)
    with pytest.raises(ValueError, match="stride is 0"):
        pixel_rays(intrinsics, 0)
