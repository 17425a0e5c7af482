"""The renderer against a slow ray caster that tries every ray on every primitive, one number at a time."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_simulators import PICTURES
from droidlet_simulators.room.camera import camera_at, lens_of_fov, make_lens
from droidlet_simulators.room.draw import Light
from droidlet_simulators.room.primitives import (
    BOX,
    CYLINDER,
    FLOOR,
    NOTHING,
    SPHERE,
    WALL,
    join,
    make_primitives,
)
from droidlet_simulators.room.render import Shot, render, render_all
from simulators.room_caster import EYE, LIGHT, SHELL, assert_same, cameras, floats, rolled_cameras, scenes


@settings(max_examples=60, deadline=None)
@given(scenes, cameras, st.booleans())
def test_every_pixel_is_what_a_slow_ray_caster_sees(rows, camera, walled):
    assert_same(rows, lens_of_fov(13, 9, 1.4), camera, SHELL if walled else None)


@settings(max_examples=15, deadline=None)
@given(scenes, rolled_cameras())
def test_a_camera_with_roll_sees_the_same(rows, camera):
    assert_same(rows, make_lens(11, 8, 6.0, 7.5, 5.0, 4.5), camera, SHELL)


LENSES = [
    lens_of_fov(13, 9, 1.4, "orthographic"),
    lens_of_fov(11, 11, math.pi, "fisheye"),
    lens_of_fov(13, 9, 6.2, "fisheye"),
    lens_of_fov(16, 8, 2 * math.pi, "equirectangular"),
    make_lens(9, 11, 4.0, 3.0, 2.5, 6.0, "equirectangular"),
]


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: f"{lens.model}-{lens.width}x{lens.height}")
@settings(max_examples=25, deadline=None)
@given(scenes, rolled_cameras(), st.booleans())
def test_cameras_of_other_models_see_what_a_slow_ray_caster_sees(lens, rows, camera, walled):
    assert_same(rows, lens, camera, SHELL if walled else None)


lights = st.tuples(floats(0.1, 0.6), floats(0.0, 0.4)).map(lambda pair: Light((0.0, 0.6, 0.8), *pair))
shells = st.sampled_from([None, SHELL, SHELL._replace(wall=(1, 0, 0))])
shots = st.tuples(scenes.map(make_primitives), rolled_cameras(), shells, lights).map(
    lambda parts: Shot(*parts)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(shots, max_size=5), st.sampled_from([lens_of_fov(23, 17, 1.4), LENSES[2]]))
def test_pictures_taken_together_are_those_taken_one_by_one(shots, lens):
    together = render_all(lens, shots)
    assert len(together) == len(shots)
    for picture, shot in zip(together, shots):
        for a, b in zip(picture, render_all(lens, [shot])[0]):
            assert a.tobytes() == b.tobytes() and a.base is None


@settings(max_examples=15, deadline=None)
@given(scenes.map(make_primitives), st.lists(shots, min_size=1, max_size=3))
def test_what_shots_have_in_common_is_drawn_before_each_of_them(back, shots):
    lens = lens_of_fov(33, 24, 1.4)
    shared = [shot._replace(back=back) for shot in shots]
    for picture, shot in zip(render_all(lens, shared), shared):
        whole = render_all(lens, [shot._replace(prims=join([back, shot.prims]), back=None)])[0]
        assert all(one.tobytes() == other.tobytes() for one, other in zip(picture, whole))


@pytest.mark.parametrize("model", ["pinhole", "fisheye"])
def test_what_nobody_asked_for_changes_nothing_of_the_rest(model):
    table = make_primitives(
        [one(BOX, (2.0, 0.2, 1.0), (0.3, 0.3, 0.3)), one(SPHERE, (2.0, -0.8, 1.0), (0.3,) * 3)]
    )
    lens, shot = lens_of_fov(33, 24, 1.4, model), Shot(table, LEVEL, SHELL, LIGHT)
    whole = render_all(lens, [shot])[0]
    for number, name in enumerate(PICTURES):
        assert render_all(lens, [shot], (name,))[0][number].tobytes() == whole[number].tobytes()


def test_more_pictures_than_are_computed_at_once_are_all_there():
    table = make_primitives([one(BOX, (2.0, 0.0, 1.0), (0.3, 0.3, 0.3))])
    views = [camera_at((0.0, 0.0, 1.0), 0.1 * turn, 0.0) for turn in range(70)]
    lens = lens_of_fov(9, 7, 1.4)
    for view, picture in zip(views, render_all(lens, [Shot(table, view, SHELL) for view in views])):
        assert picture.rgb.tobytes() == render(table, lens, view, SHELL).rgb.tobytes()


def one(kind, centre, half, yaw=0.0, ident=10, colour=(1.0, 0.5, 0.25)):
    return (kind, centre, half, yaw, colour, ident)


LENS = lens_of_fov(33, 33, math.radians(70))
LEVEL = camera_at((0.0, 0.0, 1.0), 0.0, 0.0)


@pytest.mark.parametrize("kind", [BOX, SPHERE, CYLINDER])
def test_depth_of_a_body_straight_ahead_is_the_distance_to_its_front(kind):
    picture = render(make_primitives([one(kind, (3.0, 0.0, 1.0), (0.5, 0.5, 0.5))]), LENS, LEVEL)
    assert picture.depth_m[16, 16] == pytest.approx(2.5, abs=1e-6)
    assert picture.semantic[16, 16] == 10
    assert picture.depth_m[0, 0] == 0.0 and picture.semantic[0, 0] == NOTHING


def test_depth_of_floor_and_wall_is_planar_and_analytic():
    picture = render(make_primitives([]), LENS, LEVEL, SHELL)
    np.testing.assert_allclose(picture.depth_m[16], 4.0, atol=1e-5)  # the wall: the same in all columns
    low = picture.semantic[:, 16] == FLOOR
    assert low.any()
    np.testing.assert_allclose(picture.depth_m[low, 16], 1.0 / LENS.y[low], rtol=1e-5)


def test_faces_are_lit_by_lambert():
    row = one(BOX, (3.0, 0.0, 0.5), (0.5, 0.5, 0.5))
    above = camera_at((0.0, 0.0, 2.2), 0.0, 0.5)
    rgb = render(make_primitives([row]), LENS, above, None, LIGHT).rgb.reshape(-1, 3)
    top, front = LIGHT.ambient + LIGHT.diffuse * LIGHT.direction[2], LIGHT.ambient
    seen = {tuple(int(c) for c in pixel) for pixel in rgb} - {(0, 0, 0)}
    expected = {tuple(int(255 * c * lit + 0.5) for c in row[4]) for lit in (top, front)}
    assert seen == expected


def test_a_sphere_is_brightest_toward_the_light_and_darkest_away_from_it():
    rgb = render(make_primitives([one(SPHERE, (2.0, 0.0, 1.0), (0.8,) * 3)]), LENS, LEVEL, None, LIGHT).rgb
    assert rgb[8, 12, 0] > rgb[24, 20, 0]
    assert rgb[24, 20, 0] == int(255 * LIGHT.ambient + 0.5)


@pytest.mark.parametrize("kind", [BOX, SPHERE, CYLINDER])
def test_what_the_camera_stands_in_or_has_behind_it_is_not_drawn(kind):
    rows = [one(kind, (0.1, 0.0, 1.0), (0.5, 0.5, 0.5)), one(kind, (-2.0, 0.0, 1.0), (0.5, 0.5, 0.5))]
    assert not render(make_primitives(rows), LENS, LEVEL).semantic.any()


def test_a_camera_that_touches_a_sphere_does_not_see_it():
    row = one(SPHERE, (-3.0, 1.0, 0.5), (1.0, 1.0, 1.0))
    for yaw in np.linspace(-3.0, 3.0, 7):
        assert not render(make_primitives([row]), LENS, camera_at(EYE, yaw, 0.0)).semantic.any()


def test_a_cylinder_right_below_the_camera_ends_at_its_rim():
    rows = [one(CYLINDER, (-3.0, 0.0, 0.5), (1.0, 1.0, 0.5))]
    assert_same(rows, lens_of_fov(13, 9, 1.4), camera_at(EYE, 0.0, 0.0), None)


def test_a_long_wall_from_behind_the_camera_to_far_ahead_is_whole():
    wall = one(BOX, (0.0, 1.0, 1.0), (30.0, 0.05, 1.0), ident=WALL)
    picture = render(make_primitives([wall]), LENS, LEVEL)
    left = picture.semantic[16] == WALL
    assert left[:15].all() and not left[17:].any()
    columns = np.flatnonzero(left)
    np.testing.assert_allclose(picture.depth_m[16, columns], 0.95 / -LENS.x[columns], rtol=1e-4)


def test_nearer_hides_farther_whatever_the_order():
    near, far = (
        one(BOX, (2.0, 0.0, 1.0), (0.2, 0.2, 0.2)),
        one(BOX, (3.0, 0.0, 1.0), (0.2, 0.3, 0.3), ident=11),
    )
    one_way = render(make_primitives([near, far]), LENS, LEVEL)
    other = render(make_primitives([far, near]), LENS, LEVEL)
    assert one_way.semantic[16, 16] == 10
    for a, b in zip(one_way, other):
        np.testing.assert_array_equal(a, b)


@settings(max_examples=25, deadline=None)
@given(scenes, cameras)
def test_the_same_picture_comes_out_bit_for_bit_and_is_nobodys_alias(rows, camera):
    table = make_primitives(rows)
    before = [column.copy() for column in table]
    first, again = (render(table, LENS, camera, SHELL) for _ in range(2))
    for a, b in zip(first, again):
        assert a.tobytes() == b.tobytes()
        assert a.base is None and not np.shares_memory(a, b)
    for column, old in zip(table, before):
        np.testing.assert_array_equal(column, old)


def test_a_ball_behind_is_on_both_edges_of_a_panorama():
    rows = [one(SPHERE, (-2.0, 0.0, 1.0), (0.8, 0.8, 0.8))]
    lens = lens_of_fov(24, 12, 2 * math.pi, "equirectangular")
    assert_same(rows, lens, LEVEL, SHELL)
    ids = render(make_primitives(rows), lens, LEVEL, SHELL).semantic
    assert (ids[:, 0] == 10).any() and (ids[:, -1] == 10).any() and (ids[:, 12] != 10).all()


def test_rays_from_outside_see_the_flat_from_inside_or_pass_it_by():
    outside = camera_at((0.0, 0.0, 6.0), 0.3, 1.2)
    lens = lens_of_fov(24, 18, 2.9, "orthographic")
    rows = [one(BOX, (1.0, 1.0, 0.5), (0.5, 0.5, 0.5))]
    assert_same(rows, lens, outside, SHELL)
    ids = render(make_primitives(rows), lens, outside, SHELL).semantic
    assert {NOTHING, FLOOR, WALL, 10} <= set(ids.ravel().tolist())


def test_types_and_shapes():
    picture = render(make_primitives([]), lens_of_fov(7, 5, 1.0), LEVEL)
    assert (picture.rgb.dtype, picture.rgb.shape) == (np.uint8, (5, 7, 3))
    assert (picture.depth_m.dtype, picture.depth_m.shape) == (np.float32, (5, 7))
    assert (picture.semantic.dtype, picture.semantic.shape) == (np.int32, (5, 7))
    assert not picture.depth_m.any() and not picture.rgb.any()
