"""Cameras on robots: models, mounts, what they show of whom, and the plan from above."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_geometry import inverse_transform_points, quaternion_from_axis_angle, transform_points
from droidlet_schema import FrozenMap, Intrinsics, Key, Look, Move, Pose, Pose2, SceneObject, Turn, evolve
from droidlet_simulators import (
    CAMERA_MODELS,
    CLASSES,
    AgentSpec,
    CameraSpec,
    RoomSimulator,
    Scene,
    SimulatorError,
    make_scene,
    robot,
)
from droidlet_simulators.cameras import (
    camera_on,
    check_view,
    intrinsics_of,
    mounted,
    picture_rays,
    pixel_rays,
    project,
    world_points,
)
from droidlet_simulators.room.top import top_view, truth_map
from droidlet_simulators.scene import Lamp, Lighting, Looks, Surface
from simulators.room_caster import floats

VIEWS = {"pinhole": 1.4, "orthographic": 1.4, "fisheye": math.pi, "equirectangular": 2 * math.pi}


def thing(ident, name, colour, x, y, z=0.0, **more):
    size = CLASSES[name].size_m
    return SceneObject(ident, name, colour, x, y, z + size[2] / 2, 0.0, size, **more)


def hall(*objects, **more):
    return Scene((6.0, 4.0, 2.6), (), (), (), objects, (), Pose2(1.0, 2.0, 0.0), **more)


specs = st.sampled_from(CAMERA_MODELS).flatmap(
    lambda model: st.builds(
        CameraSpec,
        st.just("eye"),
        st.integers(2, 40),
        st.integers(2, 20),
        floats(0.3, VIEWS[model] * 0.45),
        st.just(Pose(0.0, 0.0, 1.1)),
        st.just(model),
    )
)


@settings(max_examples=80, deadline=None)
@given(specs, st.floats(0, 1), st.floats(0, 1), floats(0.1, 30))
def test_a_pixel_comes_back_from_where_it_looks(spec, u, v, depth):
    intrinsics = intrinsics_of(spec)
    pixel = (u * spec.width, v * spec.height)
    origin, ray = pixel_rays(intrinsics, pixel)
    back, far = project(intrinsics, origin + depth * ray)
    if np.isnan(ray).any():
        assert spec.model in ("fisheye", "equirectangular")
    else:
        np.testing.assert_allclose(back, pixel, atol=1e-6)
        assert far == pytest.approx(depth)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(CAMERA_MODELS), st.tuples(floats(-3, 3), floats(-3, 3), floats(-3, 3)))
def test_a_point_is_found_where_it_is_projected(model, point):
    intrinsics = Intrinsics(64, 48, 20.0, 17.0, 30.0, 25.0, model)
    pixel, depth = project(intrinsics, point)
    if model in ("pinhole", "orthographic") and point[2] <= 0:
        assert np.isnan(pixel).all() and depth == point[2]
    elif math.hypot(*point) > 1e-6 and not (model == "pinhole" and point[2] < 1e-3):
        origin, ray = pixel_rays(intrinsics, pixel)
        np.testing.assert_allclose(origin + depth * ray, point, atol=1e-6)


def test_a_model_that_nobody_knows_is_named():
    odd = Intrinsics(4, 4, 1.0, 1.0, 2.0, 2.0, "plenoptic")
    for call in (lambda: pixel_rays(odd, (0, 0)), lambda: project(odd, (0, 0, 1))):
        with pytest.raises(ValueError, match="plenoptic"):
            call()


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"model": "plenoptic"}, "plenoptic"),
        ({"horizontal_fov_rad": 80.0}, "degrees"),
        ({"horizontal_fov_rad": 4.0}, "fov_rad"),
        ({"horizontal_fov_rad": 7.0, "model": "fisheye"}, "fov_rad"),
        ({"horizontal_fov_rad": 2 * math.pi, "model": "equirectangular", "height": 65}, "at most 64 pixels"),
    ],
)
def test_what_no_camera_can_see_is_refused_at_construction(wrong, word):
    spec = evolve(CameraSpec(), **wrong)
    with pytest.raises(SimulatorError, match=word):
        check_view(spec)
    with pytest.raises(SimulatorError, match=word):
        RoomSimulator((AgentSpec("robot", (spec,)),))


mounts = st.builds(
    lambda x, y, z, axis, angle: Pose(x, y, z, *quaternion_from_axis_angle(axis, angle).tolist()),
    floats(-0.5, 0.5),
    floats(-0.5, 0.5),
    floats(0.1, 2.0),
    st.tuples(floats(0.1, 1), floats(-1, 1), floats(-1, 1)),
    floats(-3, 3),
)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(mounts, st.just(Pose(0.0, 0.0, 1.1))),
    floats(-3, 3),
    floats(-1, 1),
    floats(-1, 1),
    st.booleans(),
)
def test_the_pose_that_is_told_is_the_one_that_is_drawn_from(mount, yaw, pan, tilt, neck):
    spec, base = CameraSpec(mount=mount, neck=neck), Pose2(1.0, -2.0, yaw)
    position, rotation = mounted(spec, base, pan, tilt)
    told = camera_on(spec, base, pan, tilt)
    np.testing.assert_allclose(transform_points(told, np.zeros(3)), position, atol=1e-9)
    np.testing.assert_allclose(transform_points(told, np.eye(3)) - position, rotation.T, atol=1e-7)
    if not neck:
        assert told == camera_on(spec, base)


def test_two_eyes_on_one_neck_keep_their_distance_and_turn_together():
    left, right = (
        CameraSpec(name, mount=Pose(0.05, side, 1.0)) for name, side in (("l", 0.03), ("r", -0.03))
    )
    for pan, tilt in ((0.0, 0.0), (1.2, 0.0), (-0.7, 0.6)):
        a, b = (camera_on(spec, Pose2(0.0, 0.0, 0.3), pan, tilt) for spec in (left, right))
        seen = inverse_transform_points(a, np.array([b.x_m, b.y_m, b.z_m]))
        np.testing.assert_allclose(seen, [0.06, 0.0, 0.0], atol=1e-9)
        assert (a.qw, a.qx, a.qy, a.qz) == (b.qw, b.qx, b.qy, b.qz)


@pytest.mark.parametrize("renderer", ["numpy", "numba"])
@pytest.mark.parametrize("model", CAMERA_MODELS)
def test_what_a_pixel_shows_is_inside_the_thing_that_it_names(model, renderer):
    camera = CameraSpec("eye", 48, 24, VIEWS[model], Pose(0.1, 0.0, 0.9), model, ("rgb", "depth", "semantic"))
    simulator = RoomSimulator((AgentSpec("robot", (camera,)),), renderer=renderer)
    _, world = simulator.reset(make_scene(2, rooms=1, people=1), Key(0))
    for turn in range(4):
        seen, world = simulator.step({"robot": (Turn(0.15), Look(0.3, -0.2))}, world)
        frame, ids = seen["robot"].frames["eye"], seen["robot"].semantics["eye"].ids
        points = world_points(frame)
        assert np.isfinite(points[ids > 0]).all() and (frame.depth_m[ids == 0] == 0).all()
        assert np.abs(points[ids == 1][:, 2]).max(initial=0) < 1e-3  # the floor
        for it in simulator.objects(world):
            shown = points[ids == it.id] - (it.x_m, it.y_m, it.z_m)
            c, s = math.cos(it.yaw_rad), math.sin(it.yaw_rad)
            own = np.stack(
                [c * shown[:, 0] + s * shown[:, 1], c * shown[:, 1] - s * shown[:, 0], shown[:, 2]], -1
            )
            assert (np.abs(own) <= np.array(it.size_m) / 2 + 2e-3).all(), (turn, it)


def test_semantic_ids_are_as_the_scene_says():
    things = (
        thing(70, "chair", "red", 2.5, 2.0),
        thing(71, "chair", "blue", 2.5, 3.0, semantic_id=-1),
        thing(72, "chair", "green", 2.5, 1.0, semantic_id=0),
        thing(73, "ball", "green", 4.5, 1.9, 1.2, semantic_id=70),
    )
    simulator = RoomSimulator((robot(96, 64, semantic=True),))
    seen, _ = simulator.reset(hall(*things), Key(0))
    frame, ids = seen["robot"].frames["head"], seen["robot"].semantics["head"].ids
    assert set(np.unique(ids)) == {-1, 0, 1, 2, 3, 70}
    assert (frame.depth_m[ids == 0] > 0).all()  # 0 is nothing by name only
    assert (ids == 70).any(axis=0).sum() > 3 and (frame.depth_m[ids == 70] > 2.5).any()


def test_looks_are_seen_and_change_neither_depth_nor_ids():
    plain = hall(thing(70, "box", "red", 2.5, 2.0))
    lamp = Lamp(2.0, 2.0, 2.2, 0.8, (1.0, 0.8, 0.5))
    looks = Looks(
        Lighting(0.2, 0.1, lamps=(lamp,)),
        floor=Surface("checks", ((1.0, 1.0, 1.0), (0.0, 0.0, 0.0)), 0.5),
        wall=Surface("noise", scale_m=0.3, seed=4),
        things=FrozenMap({70: Surface("stripes", ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), 0.05)}),
    )
    simulator = RoomSimulator((robot(64, 48, semantic=True),))
    one, _ = simulator.reset(plain, Key(0))
    two, world = simulator.reset(evolve(plain, looks=looks), Key(0))
    bare, painted = one["robot"], two["robot"]
    a, b = bare.frames["head"], painted.frames["head"]
    assert a.depth_m.tobytes() == b.depth_m.tobytes() and bare.semantics == painted.semantics
    ids = bare.semantics["head"].ids
    top = b.rgb[ids == 70]
    assert {tuple(pixel > 60) for pixel in top[:, :2]} >= {(True, False), (False, True)}
    floor = b.rgb[ids == 1].max(axis=1)
    assert (floor == 0).any() and (floor > 100).any()
    assert len(np.unique(a.rgb[ids == 3], axis=0)) <= 4 < 20 < len(np.unique(b.rgb[ids == 3], axis=0))
    dimmer = evolve(looks, lighting=Lighting(0.2, 0.1))
    dark = simulator.reset(evolve(plain, looks=dimmer), Key(0))[0]["robot"].frames["head"]
    assert (dark.rgb <= b.rgb).all() and dark.rgb.sum() < 0.9 * b.rgb.sum()
    again, _ = simulator.step({}, world)
    assert again["robot"].frames == painted.frames


def test_a_pattern_moves_with_its_thing():
    looks = Looks(things=FrozenMap({70: Surface("checks", scale_m=0.05)}))
    simulator = RoomSimulator((robot(64, 48, semantic=True),))
    _, world = simulator.reset(hall(thing(70, "box", "red", 2.5, 2.0), looks=looks), Key(0))
    moved = simulator.move_object(world, 70, Pose(3.0, 2.0, 0.16))
    robot_moved = simulator.reset(
        evolve(hall(thing(70, "box", "red", 3.0, 2.0), looks=looks), start=Pose2(1.5, 2.0, 0.0)), Key(0)
    )[0]["robot"]
    first = simulator.observe(world)["robot"]
    ids = first.semantics["head"].ids
    np.testing.assert_array_equal(ids == 70, robot_moved.semantics["head"].ids == 70)
    np.testing.assert_array_equal(
        first.frames["head"].rgb[ids == 70], robot_moved.frames["head"].rgb[ids == 70]
    )
    assert simulator.observe(moved)["robot"].frames != first.frames


def test_a_plan_shows_everything_where_it_is():
    simulator = RoomSimulator()
    scene = make_scene(6, rooms=4, people=1)
    _, world = simulator.reset(scene, Key(0))
    rgb, ids = top_view(world, 40.0)
    assert rgb.dtype == np.uint8 and ids.shape == rgb.shape[:2]
    assert ids.shape == (math.ceil(scene.size_m[1] * 40), math.ceil(scene.size_m[0] * 40))
    for it in simulator.objects(world):
        row, column = int((scene.size_m[1] - it.y_m) * 40), int(it.x_m * 40)
        above = ids[row - 2 : row + 3, column - 2 : column + 3]
        higher = {o.id for o in simulator.objects(world) if o.z_m + o.size_m[2] / 2 > it.z_m}
        assert set(above.ravel().tolist()) & (higher | {it.id}), it
    start = scene.start
    assert ids[int((scene.size_m[1] - start.y_m) * 40), int(start.x_m * 40)] == 4
    for door in scene.doorways:
        assert ids[int((scene.size_m[1] - door.y_m) * 40), int(door.x_m * 40)] != 3


def test_the_true_map_is_what_a_robot_runs_into():
    simulator = RoomSimulator()
    scene = make_scene(6, rooms=2, people=1)
    _, world = simulator.reset(scene, Key(0))
    grid = truth_map(world, 0.1)
    assert set(np.unique(grid.evidence)) == {-1, 1}
    assert grid.evidence.shape == (math.ceil(scene.size_m[1] * 10), math.ceil(scene.size_m[0] * 10))
    start = scene.start
    assert grid.evidence[int(start.y_m * 10), int(start.x_m * 10)] == -1
    for it in scene.objects:
        if it.z_m - it.size_m[2] / 2 < 0.1:
            assert grid.evidence[int(it.y_m * 10), int(it.x_m * 10)] == 1, it
    for _ in range(60):
        seen, world = simulator.step({"robot": (Move(0.05),)}, world)
        here = seen["robot"].pose
        assert grid.evidence[int(here.y_m * 10), int(here.x_m * 10)] == -1


@pytest.mark.parametrize("scale", [0.0, -1.0, math.nan, math.inf, 1e9])
def test_a_scale_that_cannot_be_is_named(scale):
    _, world = RoomSimulator().reset(hall(), Key(0))
    with pytest.raises(SimulatorError, match="px_per_m"):
        top_view(world, scale)
    with pytest.raises(SimulatorError, match="cell_m"):
        truth_map(world, 1.0 / scale if scale else math.nan)


def test_rays_of_a_picture_are_those_of_its_pixels():
    intrinsics = Intrinsics(5, 4, 3.0, 2.0, 2.5, 1.5, "fisheye")
    origins, rays = picture_rays(intrinsics)
    for row in range(4):
        for column in range(5):
            origin, ray = pixel_rays(intrinsics, (column + 0.5, row + 0.5))
            np.testing.assert_array_equal(rays[row, column], ray)
            np.testing.assert_array_equal(origins[row, column], origin)
