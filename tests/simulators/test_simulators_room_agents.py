"""Several robots in one flat: each has its own cameras, place, ears and skin, and none passes through another."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_geometry import project_points
from droidlet_schema import (
    Chat,
    Contact,
    Drive,
    FrozenMap,
    Key,
    Look,
    Pose,
    Pose2,
    SceneObject,
    Speak,
    decode,
    digest,
    encode,
    evolve,
)
from droidlet_simulators import (
    AgentSpec,
    CameraSpec,
    RoomSimulator,
    RoomWorld,
    Scene,
    SceneError,
    UnknownAgent,
    WorldError,
    robot,
)
from droidlet_simulators.cameras import camera_on

SENSES = ("pose", "collided", "poses", "joints", "contacts", "heard")
ANNA, BOB = robot(8, 6, id="anna", senses=SENSES), robot(8, 6, id="bob", senses=SENSES)
PAIR = RoomSimulator((ANNA, BOB))
CHAIR = SceneObject(70, "chair", "red", 3.0, 1.0, 0.47, 0.0, (0.47, 0.46, 0.94))


HERE, THERE = Pose2(1.0, 2.0, 0.0), Pose2(4.0, 2.0, math.pi)


def hall(*objects, anna=HERE, bob=THERE):
    return Scene((6.0, 4.0, 2.6), (), (), (), objects, (), anna, FrozenMap({"bob": bob}))


drives = st.builds(Drive, st.floats(-0.5, 0.5), st.floats(-1.5, 1.5))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(drives, drives), max_size=25), st.integers(-3, 3))
def test_robots_never_pass_through_each_other(run, side):
    _, world = PAIR.reset(hall(CHAIR, bob=Pose2(1.4, 2.0 + side / 100, 3.0)), Key(0))
    for anna, bob in run:
        _, world = PAIR.step({"anna": (anna,), "bob": (bob,)}, world)
        a, b = world.bodies["anna"], world.bodies["bob"]
        assert math.hypot(a.x_m - b.x_m, a.y_m - b.y_m) >= 2 * PAIR.limits.radius_m
        assert PAIR.invariant(world) == 0.0
    assert decode(encode(world), RoomWorld) == world


def test_two_that_drive_at_each_other_meet_and_feel_it():
    _, world = PAIR.reset(hall(bob=Pose2(2.0, 2.0, math.pi)), Key(0))
    for _ in range(20):
        seen, world = PAIR.step({"anna": (Drive(0.5, 0.0),), "bob": (Drive(0.5, 0.0),)}, world)
    assert seen["anna"].collided and seen["bob"].collided
    assert seen["anna"].contacts == seen["bob"].contacts == (Contact("base", None, 0.0),)


def test_contacts_name_what_is_touched_and_last_one_step():
    _, world = PAIR.reset(hall(evolve(CHAIR, x_m=1.5, y_m=2.0)), Key(0))
    for _ in range(5):
        seen, world = PAIR.step({"anna": (Drive(0.5, 0.0),)}, world)
    assert seen["anna"].contacts == (Contact("base", 70, 0.0),) and seen["bob"].contacts == ()
    assert PAIR.observe(world)["anna"].contacts == seen["anna"].contacts
    seen, world = PAIR.step({}, world)
    assert seen["anna"].contacts == () and not seen["anna"].collided


def test_what_one_says_the_others_hear_once():
    _, world = PAIR.reset(hall(), Key(0))
    seen, world = PAIR.step({"anna": (Speak("hello"), Speak("bob"))}, world)
    now = world.now_ns
    assert seen["bob"].heard == (Chat("anna", "hello", now), Chat("anna", "bob", now))
    assert seen["anna"].heard == () and PAIR.observe(world)["bob"].heard == seen["bob"].heard
    assert PAIR.step({}, world)[0]["bob"].heard == ()


def test_only_what_was_asked_for_is_sensed():
    plain = RoomSimulator((robot(8, 6, id="anna"), AgentSpec("bob", ())))
    _, world = plain.reset(hall(), Key(0))
    seen, world = plain.step({"anna": (Speak("hello"), Drive(0.5, 0.0)), "bob": (Speak("yes"),)}, world)
    for one in seen.values():
        assert one.heard == one.contacts == () and not one.poses and not one.joints and not one.semantics
    assert not seen["bob"].frames and set(seen["anna"].frames) == {"head"}


def test_an_agent_has_cameras_of_any_size_and_mount():
    quarter = math.sqrt(0.5)
    cameras = (
        CameraSpec("left", 20, 10, 1.0, Pose(0.1, 0.05, 0.5, quarter, 0.0, 0.0, quarter), neck=False),
        CameraSpec("right", 7, 9, 1.4, Pose(0.1, -0.05, 0.8), pictures=("semantic",)),
    )
    simulator = RoomSimulator((AgentSpec("anna", cameras, ("poses", "joints")),))
    scene = evolve(hall(evolve(CHAIR, x_m=1.1, y_m=3.2)), starts=FrozenMap())
    _, world = simulator.reset(scene, Key(0))
    seen = simulator.step({"anna": (Look(0.4, -0.2),)}, world)[0]["anna"]
    left, right = seen.frames["left"], seen.frames["right"]
    assert left.rgb.shape == (10, 20, 3) and right.depth_m.shape == (9, 7)
    assert not right.rgb.any() and not right.depth_m.any() and seen.semantics["right"].ids.any()
    assert set(seen.semantics) == {"right"} and left.depth_m.any()
    assert (left.camera.x_m, left.camera.y_m, left.camera.z_m) == pytest.approx((1.1, 2.05, 0.5))
    (pixel,), (depth,) = project_points([(1.1, 3.05, 0.5)], left.intrinsics, left.camera)
    assert depth == pytest.approx(1.0) and pixel == pytest.approx((10.0, 5.0))  # to the left, as mounted
    assert seen.poses["left"] == left.camera and seen.joints["pan"].position == 0.4
    assert right.camera == camera_on(cameras[1], seen.pose, 0.4, -0.2)  # it turns with the neck


def test_each_sees_the_other_and_not_itself():
    pair = RoomSimulator((robot(48, 36, id="anna", semantic=True), robot(48, 36, id="bob", semantic=True)))
    seen, world = pair.reset(hall(), Key(0))
    for name in ("anna", "bob"):
        ids = seen[name].semantics["head"].ids
        other = ids == 4
        assert 5 < other.sum() < ids.size / 4
        depth = seen[name].frames["head"].depth_m[other]
        assert (np.abs(depth - 3.0) < 0.2).all()
    away = pair.step({"bob": (Look(1.5, 0.0),)}, world)[0]
    assert not (away["bob"].semantics["head"].ids == 4).any()


def test_an_agent_without_a_start_or_one_in_another_is_refused():
    with pytest.raises(SceneError, match="'bob'"):
        PAIR.reset(evolve(hall(), starts=FrozenMap()), Key(0))
    with pytest.raises(SceneError, match="carl"):
        PAIR.reset(evolve(hall(), starts=hall().starts.set("carl", Pose2(1, 1, 0))), Key(0))
    with pytest.raises(SceneError, match="another robot"):
        PAIR.reset(hall(bob=Pose2(1.2, 2.0, 0.0)), Key(0))
    with pytest.raises(SceneError, match="bob.*finite"):
        PAIR.reset(hall(bob=Pose2(math.inf, 2.0, 0.0)), Key(0))


def test_a_world_of_another_simulator_is_refused():
    _, world = PAIR.reset(hall(), Key(0))
    alone = RoomSimulator((ANNA,))
    mark = digest(world)
    for call in (alone.observe, lambda w: alone.step({}, w)):
        with pytest.raises(WorldError, match="bob"):
            call(world)
        with pytest.raises(WorldError, match="world is None: a RoomWorld"):
            call(None)
    with pytest.raises(UnknownAgent, match="carl"):
        PAIR.step({"carl": ()}, world)
    assert digest(world) == mark
