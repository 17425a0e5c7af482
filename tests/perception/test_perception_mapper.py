"""The map: free where one sees through, blocked where something stands, and no doorway walled up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from droidlet_perception import MapInputs, OccupancyMapper
from droidlet_schema import Key, OccupancyMap, Pose, Pose2, evolve
from perception.perception_pictures import BLUE, GREEN, RED, Block, cabinet, crate, lens, picture, table

MAP = OccupancyMapper(0.1)


def mapped(scenes, state=None):
    """The map after pictures of (blocks, (x, y, yaw))."""
    state = state or MAP.initial(Key(0))
    for blocks, at in scenes:
        _, state = MAP(MapInputs(picture(blocks, at, size=128), Pose2(*at)), state)
    return state


def evidence(known: OccupancyMap, x: float, y: float) -> int:
    row, column = (
        math.floor((y - known.origin_y_m) / known.cell_m),
        math.floor((x - known.origin_x_m) / known.cell_m),
    )
    if not (0 <= row < known.evidence.shape[0] and 0 <= column < known.evidence.shape[1]):
        return 0
    return int(known.evidence[row, column])


def test_the_floor_is_free_and_a_cabinet_blocks():
    known = mapped([([cabinet(2.5, 0.0)], (0.0, 0.0, 0.0))])
    assert evidence(known, 1.5, 0.0) < 0 and evidence(known, 2.0, 0.6) < 0
    assert all(evidence(known, 2.28, y) > 0 for y in (-0.4, -0.2, 0.0, 0.2, 0.4))
    assert evidence(known, 3.4, 0.0) == 0  # behind it
    assert evidence(known, -2.0, 0.0) == 0  # behind the robot


def test_the_robot_stands_on_free_floor():
    known = mapped([([], (0.7, -0.4, 1.0))])
    assert all(
        evidence(known, 0.7 + dx, -0.4 + dy) < 0 for dx, dy in ((0, 0), (0.1, 0), (0, -0.1), (-0.1, 0.05))
    )


def test_walls_block_and_what_is_beyond_stays_unknown():
    known = mapped([([], (0.0, 0.0, 0.0))])
    assert evidence(known, 4.02, 0.3) > 0 or evidence(known, 3.98, 0.3) > 0
    assert evidence(known, 4.5, 0.0) == 0


@pytest.mark.parametrize("distance", [1.0, 1.5, 2.0, 2.5, 3.0])
@pytest.mark.parametrize("aside", [-0.6, 0.0, 0.6])
def test_a_doorway_of_90_cm_stays_open(distance, aside):
    """From wherever it is seen, a robot of 18 cm radius finds a way through."""
    wall = [Block((0.0, s * (0.45 + 1.5), 1.3), (0.12, 3.0, 2.6), GREEN) for s in (-1, 1)]
    lintel = Block((0.0, 0.0, 2.3), (0.12, 0.9, 0.6), GREEN)
    yaw = math.atan2(-aside, distance)
    known = mapped(
        [([*wall, lintel], (-distance, aside, yaw + turn)) for turn in (-0.2, -0.1, 0.0, 0.1, 0.2)]
    )
    open_ = [all(evidence(known, x, y) <= 0 for x in (-0.1, 0.0, 0.1)) for y in np.arange(-0.4, 0.41, 0.1)]
    assert max(map(len, "".join(" o"[o] for o in open_).split())) >= 7
    assert evidence(known, -0.05, 0.75) > 0 and evidence(known, -0.05, -0.75) > 0


def test_thin_legs_block_and_the_floor_under_a_table_is_not_free():
    scenes = [(table(2.2, 0.0), (0.0, y, 0.0)) for y in (-0.4, -0.2, 0.0, 0.2, 0.4)]
    known = mapped(scenes)
    for y in (-0.645, 0.645):
        assert evidence(known, 2.2 - 0.345, y) > 0
    assert not any(evidence(known, 2.2 + dx, dy) < 0 for dx in (-0.2, 0.0, 0.2) for dy in (-0.4, 0.0, 0.4))


def test_over_something_low_the_floor_behind_is_free():
    known = mapped([([crate(1.8, 0.0)], (0.0, 0.0, 0.0))])
    assert evidence(known, 1.65, 0.0) > 0
    assert any(evidence(known, x, 0.0) < 0 for x in np.arange(2.8, 3.5, 0.1))


def test_where_somebody_stood_it_becomes_free_again():
    person = Block((2.0, 0.0, 0.85), (0.4, 0.4, 1.7), RED)
    at = (0.0, 0.0, 0.0)
    known = mapped([([person], at)] * 5)
    assert evidence(known, 1.85, 0.0) > 0
    assert evidence(mapped([([], at)] * 15, known), 1.85, 0.0) < 0


def test_what_hangs_higher_than_the_robot_does_not_block():
    known = mapped([([Block((2.0, 0.0, 1.8), (0.4, 0.4, 0.4), BLUE)], (0.0, 0.0, 0.0))])
    assert evidence(known, 2.0, 0.0) < 0


@settings(max_examples=15)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3.1, 3.1)), min_size=1, max_size=4))
def test_what_was_seen_is_never_unseen_and_the_map_only_grows(places):
    blocks, state = [crate(1.0, 1.0), cabinet(-2.0, 0.5)], MAP.initial(Key(0))
    for at in places:
        change, after = MAP(MapInputs(picture(blocks, at, size=48), Pose2(*at)), state)
        row, column = (
            round((state.origin_y_m - after.origin_y_m) / 0.1),
            round((state.origin_x_m - after.origin_x_m) / 0.1),
        )
        assert row >= 0 and column >= 0
        height, width = state.evidence.shape
        kept = after.evidence[row : row + height, column : column + width]
        assert kept.shape == (height, width) and not ((kept == 0) & (state.evidence != 0)).any()
        assert change.known == np.count_nonzero(after.evidence) - np.count_nonzero(state.evidence)
        assert after.evidence.min() >= -8 and after.evidence.max() <= 9
        state = after


def test_the_same_picture_again_changes_no_verdict():
    scene = ([cabinet(2.5, 0.3), crate(1.5, -0.6)], (0.0, 0.0, 0.0))
    once, often = mapped([scene]), mapped([scene] * 6)
    assert np.array_equal(np.sign(once.evidence), np.sign(often.evidence))


@settings(max_examples=30)
@given(
    hnp.arrays(
        np.float32, (10, 10), elements=st.sampled_from([0.0, math.nan, math.inf, -1.0, 0.3, 2.0, 1e30])
    ),
    st.floats(-1.5, 1.5),
)
def test_any_depth_is_answered(depth, tilt):
    frame = evolve(picture([], tilt=tilt, size=10), depth_m=depth)
    change, after = MAP(MapInputs(frame, Pose2(0.0, 0.0, 0.0)), MAP.initial(Key(0)))
    assert change.known > 0 and after.evidence.size <= 16_000_000


@pytest.mark.parametrize("size", [0, 1, 2])
def test_tiny_pictures_are_answered(size):
    frame = evolve(
        picture([], size=2),
        rgb=np.zeros((size, size, 3), np.uint8),
        depth_m=np.ones((size, size), np.float32),
        intrinsics=lens(2) if size == 2 else evolve(lens(2), width=size, height=size),
    )
    assert MAP(MapInputs(frame, Pose2(0.0, 0.0, 0.0)), MAP.initial(Key(0)))[1].evidence.min() < 0


def test_a_pose_far_from_the_picture_is_refused():
    frame = evolve(picture([], size=8), camera=Pose(9000.0, 9000.0, 1.0, 0.5, -0.5, 0.5, -0.5))
    with pytest.raises(ValueError, match="pose"):
        MAP(MapInputs(frame, Pose2(-9000.0, -9000.0, 0.0)), MAP.initial(Key(0)))


@pytest.mark.parametrize("pose", [Pose2(math.nan, 0.0, 0.0), Pose2(1e9, 0.0, 0.0)])
def test_a_pose_that_is_none_is_refused(pose):
    with pytest.raises(ValueError, match="pose"):
        MAP(MapInputs(picture([], size=8), pose), MAP.initial(Key(0)))


def test_a_map_of_other_cells_is_refused():
    with pytest.raises(ValueError, match="cell"):
        OccupancyMapper(0.05)(MapInputs(picture([], size=8), Pose2(0.0, 0.0, 0.0)), MAP.initial(Key(0)))


@pytest.mark.parametrize("options", [{"cell_m": 0.0}, {"range_m": math.nan}, {"low_m": 2.0}])
def test_a_mapper_that_cannot_be_is_refused(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        OccupancyMapper(**options)
