"""People with limbs: keypoints that move as a body does, pictures that agree with them."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_geometry import project_points, unproject_to_world
from droidlet_schema import Key, Pose2, SceneObject, decode, encode, evolve
from droidlet_simulators import (
    GESTURES,
    KEYPOINTS,
    Gesture,
    RoomSimulator,
    RoomWorld,
    Scene,
    SceneError,
    Walker,
    robot,
)
from droidlet_simulators.room.skeleton import FOREARM_M, SHIN_M, THIGH_M, UPPER_ARM_M

SIMULATOR = RoomSimulator((robot(96, 128, semantic=True),))
AT = {name: number for number, name in enumerate(KEYPOINTS)}
BONES = (
    ("shoulder", "elbow", UPPER_ARM_M),
    ("elbow", "wrist", FOREARM_M),
    ("hip", "knee", THIGH_M),
    ("knee", "ankle", SHIN_M),
)


def person(x_m=3.0, y_m=2.0, yaw_rad=math.pi, height=1.72):
    k = height / 1.72
    return SceneObject(50, "person", "blue", x_m, y_m, height / 2, yaw_rad, (0.36 * k, 0.52 * k, height))


def begin(*walkers):
    return SIMULATOR.reset(Scene((6.0, 4.0, 2.6), (), (), (), (), walkers, Pose2(1.0, 2.0, 0.0)), Key(0))[1]


def after(world, seconds):
    return evolve(world, now_ns=round(seconds * 1e9))


def points(world):
    (seen,) = SIMULATOR.people(world)
    return {name: seen.points_m[number] for name, number in AT.items()}


gestures = st.lists(
    st.builds(
        Gesture,
        st.sampled_from(GESTURES),
        st.floats(0, 3),
        st.floats(3.5, 6),
        st.sampled_from(["left", "right"]),
        st.none() | st.tuples(st.floats(0, 6), st.floats(0, 4), st.floats(0, 2.5)),
    ),
    max_size=3,
).map(tuple)


@settings(max_examples=60, deadline=None)
@given(gestures, st.floats(0, 8), st.floats(-3, 3), st.floats(1.2, 2.0), st.floats(0, 3))
def test_limbs_keep_their_length_and_the_box_holds_every_keypoint(moves, time_s, yaw, height, walked):
    walker = Walker(person(yaw_rad=yaw, height=height), ((3.0, 2.0), (3.0, 3.0)), 0.6, 1.2, moves)
    world = after(begin(walker), time_s)
    world = evolve(world, strolls=(evolve(world.strolls[0], walked_m=walked),))
    joints = points(world)
    for side, (a, b, length) in itertools.product(("left", "right"), BONES):
        gap = np.linalg.norm(joints[f"{side}_{a}"] - joints[f"{side}_{b}"])
        assert gap == pytest.approx(length * height / 1.72)
    (box,) = SIMULATOR.objects(world)
    c, s = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
    for point in joints.values():
        dx, dy, dz = point - (box.x_m, box.y_m, box.z_m)
        own = (c * dx + s * dy, c * dy - s * dx, dz)
        assert all(abs(o) <= size / 2 + 1e-9 for o, size in zip(own, box.size_m))
    lowest = min(joints[f"{side}_ankle"][2] for side in ("left", "right"))
    assert lowest == pytest.approx(0.06 * height / 1.72, abs=1e-6)
    assert decode(encode(world), RoomWorld) == world


def test_what_a_gesture_looks_like():
    def held(kind, **more):
        return points(
            after(begin(Walker(person(), ((3.0, 2.0),), gestures=(Gesture(kind, 0, 9, **more),))), 4)
        )

    rest = points(begin(Walker(person(), ((3.0, 2.0),))))
    assert rest["right_wrist"][2] < rest["right_hip"][2] + 0.1
    assert held("raise")["right_wrist"][2] > rest["nose"][2]
    assert held("raise", side="left")["right_wrist"] == pytest.approx(rest["right_wrist"])
    target = (1.0, 3.0, 0.5)
    arm = held("point", target_m=target)
    way, aim = arm["right_wrist"] - arm["right_shoulder"], np.array(target) - arm["right_shoulder"]
    assert way / np.linalg.norm(way) == pytest.approx(aim / np.linalg.norm(aim))
    seated = held("sit")
    assert seated["nose"][2] < rest["nose"][2] - 0.2
    assert seated["left_knee"][2] - seated["left_ankle"][2] == pytest.approx(SHIN_M)


def test_a_waving_hand_goes_to_and_fro_and_no_joint_jumps():
    world = begin(Walker(person(), ((3.0, 2.0),), gestures=(Gesture("wave", 1.0, 5.0),)))
    track = np.array([points(after(world, t))["right_wrist"] for t in np.arange(0, 6, 0.02)])
    assert np.linalg.norm(np.diff(track, axis=0), axis=1).max() < 0.08
    steady = track[100:200, 1]
    turns = np.flatnonzero(np.diff(np.sign(np.diff(steady))))
    assert len(turns) >= 3 and track[0] == pytest.approx(track[-1])


def test_a_walking_person_swings_opposite_arms_and_legs_as_far_as_it_got():
    walker = Walker(person(2.0, 3.2, 0.0), ((2.0, 3.2), (5.0, 3.2)), 0.6, stride_m=1.2)
    world = begin(walker)
    ahead = []
    for _ in range(20):
        world = SIMULATOR.step({}, world)[1]
        joints = points(world)
        x = world.strolls[0].x_m
        ahead.append([joints[f"{n}"][0] - x for n in ("left_ankle", "right_ankle", "left_wrist")])
    assert world.strolls[0].walked_m == pytest.approx(1.2)
    left, right, wrist = np.array(ahead).T
    assert left.max() > 0.1 and left.min() < -0.1
    assert np.corrcoef(left, right)[0, 1] < -0.3 and np.corrcoef(left, wrist)[0, 1] < -0.3


def test_who_sits_walks_on_later():
    walker = Walker(person(2.0, 3.2, 0.0), ((2.0, 3.2), (5.0, 3.2)), 0.6, 1.2, (Gesture("sit", 0.0, 2.0),))
    world = begin(walker)
    places = []
    for _ in range(40):
        world = SIMULATOR.step({}, world)[1]
        places.append(world.strolls[0].x_m)
    assert places[15] < 2.07 and places[-1] > 2.8


def test_pixels_of_a_person_lie_in_its_box_and_joints_project_onto_it():
    moves = (Gesture("wave", 0, 9), Gesture("point", 0, 9, "left", (1.0, 3.5, 1.0)))
    world = after(begin(Walker(person(2.6), ((2.6, 2.0),), gestures=moves)), 3)
    seen = SIMULATOR.observe(world)["robot"]
    frame, ids = seen.frames["head"], seen.semantics["head"].ids
    (box,) = SIMULATOR.objects(world)
    inside = unproject_to_world(frame.depth_m, frame.intrinsics, frame.camera)[ids == 50]
    assert len(inside) > 300
    c, s = math.cos(box.yaw_rad), math.sin(box.yaw_rad)
    offset = inside - (box.x_m, box.y_m, box.z_m)
    own = np.stack(
        [c * offset[:, 0] + s * offset[:, 1], c * offset[:, 1] - s * offset[:, 0], offset[:, 2]], 1
    )
    assert (np.abs(own) <= np.array(box.size_m) / 2 + 1e-3).all()
    (pose,) = SIMULATOR.people(world)
    pixels, depth = project_points(pose.points_m, frame.intrinsics, frame.camera)
    on = [
        ids[int(row), int(column)] == 50
        for (column, row), d in zip(pixels, depth)
        if 0 <= row < 128 and 0 <= column < 96
    ]
    assert len(on) >= 12 and np.mean(on) > 0.9


def test_a_stiff_figure_has_keypoints_too_and_looks_as_ever():
    world = begin(Walker(person(), ((3.0, 2.0),)))
    assert SIMULATOR.objects(world) == (person(),)
    assert points(world)["nose"] == pytest.approx((2.88, 2.0, 1.60))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"stride_m": -1.0}, "stride_m"),
        ({"stride_m": math.inf}, "stride_m"),
        ({"gestures": (Gesture("dance", 0, 1),)}, "dance"),
        ({"gestures": (Gesture("wave", 0, 1, "middle"),)}, "middle"),
        ({"gestures": (Gesture("wave", 2, 1),)}, "from_s before"),
        ({"gestures": (Gesture("wave", math.nan, 1),)}, "finite"),
        ({"gestures": (Gesture("point", 0, 1, target_m=(0.0, math.inf, 0.0)),)}, "finite"),
    ],
)
def test_an_impossible_gesture_is_refused(changes, named):
    with pytest.raises(SceneError, match=named):
        begin(evolve(Walker(person(), ((3.0, 2.0),)), **changes))
