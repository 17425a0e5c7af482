"""Noise of sensors and drift of odometry, added outside the engines."""

import math

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_geometry import unproject_to_world
from droidlet_laws import check_component
from droidlet_schema import (
    Drive,
    Frame,
    FrozenMap,
    Intrinsics,
    Key,
    Move,
    Observation,
    Pose,
    Pose2,
    Turn,
    evolve,
)
from droidlet_schema.strategies import of
from droidlet_simulators import RoomSimulator, SimulatorError, make_scene, robot
from droidlet_simulators.drift import OdometryDrift
from droidlet_simulators.noise import NoiseInputs, SensorNoise

SIZE = 96
INTRINSICS = Intrinsics(SIZE, SIZE, 60.0, 60.0, SIZE / 2, SIZE / 2)
EXACT = SensorNoise(0, 0, 0, 0, 1e9, math.pi / 2, 0, 0, 0, 0, 0)


def flat(depth_m):
    """A camera before a wall at some distance."""
    depth = np.full((SIZE, SIZE), depth_m, np.float32)
    frame = Frame(np.full((SIZE, SIZE, 3), 100, np.uint8), depth, INTRINSICS, Pose(0.0, 0.0, 1.0))
    return Observation(0, Pose2(0.0, 0.0, 0.0), False, FrozenMap({"head": frame}))


def noisy(noise, seen, seed=0):
    return noise(NoiseInputs(seen, Key(seed))).frames["head"]


def make_noise():
    return SensorNoise()


def make_drift():
    return OdometryDrift()


def room_walk():
    """What a robot senses on a short walk."""
    simulator = RoomSimulator((robot(24, 18, semantic=True, senses=("poses",)),))
    seen, world = simulator.reset(make_scene(3), Key(0))
    walk = [seen["robot"]]
    for action in (Turn(0.1), Move(0.05), Drive(-0.3, 0.8), Move(0.05)):
        seen, world = simulator.step({"robot": (action,)}, world)
        walk.append(seen["robot"])
    return walk


@pytest.mark.parametrize(
    ("factory", "inputs"),
    [
        (make_noise, [NoiseInputs(seen, Key(n)) for n, seen in enumerate(room_walk())]),
        (make_drift, room_walk()),
    ],
)
def test_the_laws_hold(factory, inputs):
    report = check_component(f"simulators.test_simulators_noise:{factory.__name__}", inputs, examples=3)
    left_out = {"an old state stays usable"} if factory is make_noise else set()  # noise has no state
    assert {law for law, _ in report.not_exercised} <= left_out


@settings(max_examples=20, deadline=None)
@given(of(NoiseInputs, moderate=True))
def test_any_observation_is_answered_or_refused_by_name(inputs):
    try:
        seen = SensorNoise()(inputs)
    except ValueError as error:
        assert "depth_m" in str(error) or "model" in str(error)
    else:
        assert list(seen.frames) == list(inputs.observation.frames)


def test_without_any_noise_nothing_changes():
    for seen in room_walk():
        assert EXACT(NoiseInputs(seen, Key(1))) == seen


def test_depth_noise_grows_with_the_square_of_the_distance():
    noise = attrs.evolve(EXACT, depth_m=0.001, depth_growth=0.002, edge_part=1.0)
    for depth in (0.5, 2.0, 4.0):
        error = noisy(noise, flat(depth)).depth_m - np.float32(depth)
        assert np.std(error) == pytest.approx(0.001 + 0.002 * (depth - 0.4) ** 2, rel=0.05)
        assert abs(np.mean(error)) < 4 * np.std(error) / SIZE


def test_edges_and_grazing_surfaces_return_nothing_and_the_rest_does():
    seen = flat(2.0)
    depth = np.array(seen.frames["head"].depth_m)
    depth[:, SIZE // 2 :] = 4.0
    seen = evolve(seen, frames=FrozenMap({"head": evolve(seen.frames["head"], depth_m=depth)}))
    lost = noisy(attrs.evolve(EXACT, edge_part=0.03, edge_dropout=1.0), seen).depth_m == 0
    assert np.flatnonzero(lost.all(axis=0)).tolist() == [SIZE // 2 - 1, SIZE // 2]
    assert lost.sum() == 2 * SIZE

    floor = flat(2.0)
    rows = (np.arange(SIZE) + 0.5 - SIZE / 2) / 60.0
    deep = np.where(rows > 0.01, 1.0 / np.maximum(rows, 0.01), 0.0)  # a level floor 1 m below the camera
    depth = np.repeat(deep[:, None], SIZE, axis=1).astype(np.float32)
    floor = evolve(floor, frames=FrozenMap({"head": evolve(floor.frames["head"], depth_m=depth)}))
    lost = noisy(attrs.evolve(EXACT, grazing_rad=1.2), floor).depth_m == 0
    angle = math.pi / 2 - np.arctan(rows)
    assert lost[(angle > 1.5) & (rows > 0.01)].mean() > 0.6
    assert not lost[2:-1][(angle < 1.1)[2:-1]].any()


def test_range_and_colour():
    assert not noisy(attrs.evolve(EXACT, far_m=3.0), flat(4.0)).depth_m.any()
    assert not noisy(attrs.evolve(EXACT, near_m=5.0), flat(4.0)).depth_m.any()
    rgb = noisy(attrs.evolve(EXACT, rgb_noise=4.0), flat(1.0)).rgb.astype(float)
    assert np.std(rgb) == pytest.approx(4.0, rel=0.05) and np.mean(rgb) == pytest.approx(100, abs=0.2)
    means = [noisy(attrs.evolve(EXACT, gain_noise=0.1), flat(1.0), seed).rgb.mean() for seed in range(60)]
    assert 6 < np.std(means) < 15


def test_what_was_not_sensed_stays_nothing_and_truth_stays_true():
    seen = room_walk()[0]
    blank = evolve(
        seen.frames["head"], rgb=np.zeros((18, 24, 3), np.uint8), depth_m=np.zeros((18, 24), np.float32)
    )
    blind = evolve(seen, frames=FrozenMap({"head": blank}))
    assert SensorNoise()(NoiseInputs(blind, Key(0))) == blind
    told = SensorNoise()(NoiseInputs(seen, Key(0)))
    assert told.semantics == seen.semantics and told.pose == seen.pose and told != seen


@pytest.mark.parametrize(
    "wrong",
    [{"dropout": 1.5}, {"depth_m": -0.1}, {"far_m": math.inf}, {"rgb_noise": math.nan}, {"grazing_rad": 75}],
)
def test_impossible_numbers_are_named(wrong):
    with pytest.raises(SimulatorError, match=next(iter(wrong))):
        SensorNoise(**wrong)
    with pytest.raises(SimulatorError, match="way_by_way"):
        OdometryDrift(way_by_way=-1.0)


def drifted(drift, walk, seed):
    state, told = drift.initial(Key(seed)), []
    for seen in walk:
        seen, state = drift(seen, state)
        told.append(seen)
    return told


def test_odometry_without_errors_is_the_truth():
    for told, seen in zip(drifted(OdometryDrift(0, 0, 0, 0), room_walk(), 0), room_walk()):
        assert told.pose.x_m == pytest.approx(seen.pose.x_m, abs=1e-9)
        assert told.pose.y_m == pytest.approx(seen.pose.y_m, abs=1e-9)
        assert math.cos(told.pose.yaw_rad - seen.pose.yaw_rad) == pytest.approx(1.0)


def test_odometry_drifts_further_the_longer_the_way_and_takes_its_cameras_along():
    walk = [evolve(flat(2.0), pose=Pose2(0.1 * i, 0.0, 0.0)) for i in range(60)]
    errors = np.array(
        [
            [told.pose.x_m - seen.pose.x_m for told, seen in zip(drifted(OdometryDrift(), walk, s), walk)]
            for s in range(30)
        ]
    )
    assert not errors[:, 0].any()
    assert np.std(errors[:, -1]) > 2 * np.std(errors[:, 5]) > 0
    told, seen = drifted(OdometryDrift(), room_walk(), 1)[-1], room_walk()[-1]
    there, here = told.frames["head"], seen.frames["head"]
    own = [
        (
            unproject_to_world(f.depth_m, f.intrinsics, f.camera) - (o.pose.x_m, o.pose.y_m, 0.0),
            o.pose.yaw_rad,
        )
        for f, o in ((there, told), (here, seen))
    ]
    c, s = np.cos(own[0][1] - own[1][1]), np.sin(own[0][1] - own[1][1])
    turned = own[1][0] @ np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    np.testing.assert_allclose(own[0][0], turned, atol=1e-6)
    assert told.pose != seen.pose and told.poses["head"] == there.camera


@settings(max_examples=12, deadline=None)
@given(st.lists(of(Observation, moderate=True), min_size=1, max_size=4), st.integers(0, 9))
def test_any_walk_is_answered_or_refused(walk, seed):
    state = OdometryDrift().initial(Key(seed))
    for seen in walk:
        try:
            told, state = OdometryDrift()(seen, state)
        except SimulatorError as error:
            assert "pose" in str(error)
        else:
            assert told.now_ns == seen.now_ns
