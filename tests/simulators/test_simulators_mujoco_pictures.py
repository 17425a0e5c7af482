"""Pictures: rays against the room's renderer, GL against rays, every camera model, one's own head out of the way."""

import math

import numpy as np
import pytest

from droidlet_schema import Drive, FrozenMap, Key, Look, Pose, Pose2, evolve
from droidlet_simulators import (
    AgentSpec,
    CameraSpec,
    RoomSimulator,
    SimulatorError,
    make_scene,
    robot,
)
from droidlet_simulators.cameras import world_points
from droidlet_simulators.mujoco import MujocoSimulator
from droidlet_simulators.room.primitives import AGENT, CEILING, FLOOR, WALL
from droidlet_simulators.scene import Lamp, Lighting, Looks, Surface
from simulators.mujoco_parts import (
    BALL,
    CABINET,
    CRATE,
    CUBE,
    NEEDS_EGL,
    NEEDS_OSMESA,
    VASE,
    hall,
    python,
    run,
    started,
)

EYES = (robot(64, 48, semantic=True),)
RAYS = MujocoSimulator(EYES)
THINGS = hall(CABINET, VASE, evolve(BALL, z_m=0.13), evolve(CRATE, z_m=0.15))


def pictures(observation, camera="head"):
    frame = observation.frames[camera]
    return frame.rgb.astype(int), frame.depth_m, observation.semantics[camera].ids


@pytest.mark.parametrize("seed", [0, 3])
def test_a_first_picture_is_the_rooms(seed):
    """Nothing has moved yet, so that both engines see the same; the rest are edges between two things."""
    scene = make_scene(seed)
    theirs = pictures(RoomSimulator(EYES).reset(scene, Key(0))[0]["robot"])
    ours = pictures(RAYS.reset(scene, Key(0))[0]["robot"])
    same = ours[2] == theirs[2]
    assert same.mean() > 0.99
    assert np.quantile(np.abs(ours[1] - theirs[1])[same], 0.99) < 0.01
    assert np.quantile(np.abs(ours[0] - theirs[0])[same], 0.95) <= 2


@pytest.mark.parametrize("renderer", ["rays", pytest.param("gl", marks=NEEDS_EGL)])
def test_a_picture_alone_is_the_one_that_comes_with_others_and_what_nobody_asks_for_is_zero(renderer):
    def seen(*kinds):
        camera = CameraSpec("head", 24, 16, pictures=kinds)
        simulator = MujocoSimulator((AgentSpec("robot", (camera,)),), renderer=renderer)
        return simulator.reset(THINGS, Key(0))[0]["robot"]

    every = seen("rgb", "depth", "semantic")
    rgb, depth, ids = seen("rgb", "semantic"), seen("depth"), seen("semantic")
    assert rgb.frames["head"].rgb.tobytes() == every.frames["head"].rgb.tobytes()
    assert depth.frames["head"].depth_m.tobytes() == every.frames["head"].depth_m.tobytes()
    assert rgb.semantics == ids.semantics == every.semantics
    assert every.frames["head"].rgb.any() and every.frames["head"].depth_m.any()
    assert not rgb.frames["head"].depth_m.any() and not depth.frames["head"].rgb.any()
    assert not ids.frames and not depth.semantics


@NEEDS_EGL
def test_gl_draws_what_rays_see():
    drawn = MujocoSimulator(EYES, renderer="gl")
    _, world = run(RAYS, started(RAYS, THINGS), (Look(0.2, -0.3), Drive(0.4, 0.2)), (), ())
    here, there = pictures(RAYS.observe(world)["robot"]), pictures(drawn.observe(world)["robot"])
    assert agree(here, there) == (True, True, True)
    again = pictures(drawn.observe(world)["robot"])
    assert all(np.array_equal(one, other) for one, other in zip(there, again))
    fewer = drawn.remove_object(world, 23)  # another model, another canvas
    assert (
        agree(pictures(RAYS.observe(fewer)["robot"]), pictures(drawn.observe(fewer)["robot"])) == (True,) * 3
    )
    drawn.close()
    assert np.array_equal(pictures(drawn.observe(world)["robot"])[0], there[0])


def agree(here, there):
    """Ids, depth and colours: all but edges, which GL blends."""
    same = here[2] == there[2]
    near = np.quantile(np.abs(here[1] - there[1])[same], 0.98) < 0.005
    return bool(same.mean() > 0.99), bool(near), bool(np.quantile(np.abs(here[0] - there[0])[same], 0.9) <= 3)


OSMESA = """
from simulators.mujoco_parts import run, started
from simulators.test_simulators_mujoco_pictures import EYES, RAYS, THINGS, agree, pictures
from droidlet_simulators.mujoco import MujocoSimulator
world = started(RAYS, THINGS)
there = MujocoSimulator(EYES, renderer="gl-osmesa")
print(*agree(pictures(RAYS.observe(world)["robot"]), pictures(there.observe(world)["robot"])))
"""


@NEEDS_OSMESA
def test_osmesa_draws_what_rays_see():
    """In a process of its own, since one process has one GL library."""
    done = python(OSMESA)
    assert done.stdout.split() == ["True"] * 3, done.stderr


MODELS = [("pinhole", 1.4), ("orthographic", 1.2), ("fisheye", 3.0), ("equirectangular", 2 * math.pi)]


@pytest.mark.parametrize(("model", "fov"), MODELS)
def test_pixels_of_every_camera_model_lie_on_what_they_show(model, fov):
    mount = Pose(0.1, -0.05, 0.9, math.cos(0.1), 0.0, math.sin(0.1), 0.0)
    eye = CameraSpec("eye", 48, 32, fov, mount, model, ("rgb", "depth", "semantic"))
    simulator = MujocoSimulator((AgentSpec("robot", (eye,)),))
    seen, world = run(simulator, started(simulator, THINGS), (Look(0.3, -0.2),), (), ())
    rgb, depth, ids = pictures(seen, "eye")
    assert {FLOOR, 21, 23} <= set(np.unique(ids).tolist())
    points = world_points(seen.frames["eye"])
    assert np.abs(points[ids == FLOOR][:, 2]).max() < 0.01
    for thing in simulator.objects(world):
        shown = points[ids == thing.id]
        away = shown - (thing.x_m, thing.y_m, thing.z_m)
        c, s = math.cos(thing.yaw_rad), math.sin(thing.yaw_rad)
        own = np.stack([away[:, 0] * c + away[:, 1] * s, away[:, 1] * c - away[:, 0] * s, away[:, 2]], axis=1)
        assert (np.abs(own) <= np.array(thing.size_m) / 2 + 0.01).all()
    assert ((depth > 0) == (ids != 0)).all()
    assert rgb[ids == 21].any()


@pytest.mark.parametrize(
    "renderer", [pytest.param("gl", marks=NEEDS_EGL), pytest.param("gl-osmesa", marks=NEEDS_OSMESA)]
)
def test_gl_says_which_camera_models_it_does_not_draw(renderer):
    eye = CameraSpec("eye", 16, 16, 3.0, model="fisheye")
    with pytest.raises(SimulatorError, match="'eye' of 'robot' is fisheye: .* draws pinholes only"):
        MujocoSimulator((AgentSpec("robot", (eye,)),), renderer=renderer)


def test_ones_own_head_is_not_in_the_picture_the_arm_and_other_robots_are():
    other = evolve(robot(64, 48, semantic=True), id="other")
    scene = hall(starts={"other": Pose2(3.6, 2.0, math.pi)})
    simulator = MujocoSimulator((*EYES, other), arms=("other",))
    observations, _ = simulator.reset(scene, Key(0))
    for agent in ("robot", "other"):
        _, depth, ids = pictures(observations[agent])
        assert (depth[ids == AGENT] > 1.0).any()  # the other one
    assert pictures(observations["robot"])[1].min() > 0.5
    alone = MujocoSimulator(EYES).reset(hall(), Key(0))[0]["robot"]
    assert AGENT not in pictures(alone)[2]
    low = CameraSpec("low", 32, 24, 1.4, Pose(0.0, 0.0, 0.2), pictures=("depth", "semantic"), neck=False)
    inside = MujocoSimulator((AgentSpec("robot", (low,)),)).reset(hall(), Key(0))[0]["robot"]
    assert AGENT not in inside.semantics["low"].ids


def test_pictures_that_were_not_asked_for_are_empty():
    eyes = (
        CameraSpec("a", 8, 6, pictures=("depth",)),
        CameraSpec("b", 8, 6, pictures=("semantic",)),
        CameraSpec("c", 8, 6, pictures=("rgb",)),
        CameraSpec("d", 8, 6, pictures=()),
    )
    seen = MujocoSimulator((AgentSpec("robot", eyes),)).reset(hall(), Key(0))[0]["robot"]
    assert set(seen.frames) == {"a", "c"}
    assert set(seen.semantics) == {"b"}
    assert not seen.frames["a"].rgb.any() and seen.frames["a"].depth_m.any()
    assert seen.frames["c"].rgb.any() and not seen.frames["c"].depth_m.any()
    assert not (seen.poses or seen.joints or seen.contacts or seen.heard)


@pytest.mark.parametrize("semantic_id", [None, 0, -1, 7])
def test_none_nought_and_minus_one_are_different_ids(semantic_id):
    seen = RAYS.reset(hall(evolve(CABINET, semantic_id=semantic_id)), Key(0))[0]["robot"]
    shown = 23 if semantic_id is None else semantic_id
    assert set(np.unique(pictures(seen)[2]).tolist()) - {FLOOR, WALL, CEILING} == {shown}


def test_what_is_left_out_is_said_exactly():
    assert RAYS.left_out(make_scene(1)) == ()
    looks = Looks(
        Lighting(lamps=(Lamp(1.0, 1.0, 2.0),)),
        floor=Surface("checks"),
        things=FrozenMap({20: Surface("noise")}),
    )
    assert RAYS.left_out(evolve(hall(CUBE), looks=looks)) == (
        "looks.floor: a surface of checks; drawn in its one own colour",
        "looks.things[20]: a surface of noise; drawn in its one own colour",
        "looks.lighting.lamps: 1 lamps; light comes from one direction only",
    )


def test_the_scenes_light_is_the_pictures():
    dark = evolve(THINGS, looks=Looks(Lighting(ambient=0.1, diffuse=0.1)))
    bright, dim = (pictures(RAYS.reset(scene, Key(0))[0]["robot"])[0].mean() for scene in (THINGS, dark))
    assert dim < 0.3 * bright
