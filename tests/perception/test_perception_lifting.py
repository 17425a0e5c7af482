"""Where things stand, from the side of them that is seen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_perception import ObjectDetector, lift_detections
from droidlet_schema import Detection, Detections, evolve
from perception.perception_pictures import RED, Block, cabinet, crate, picture

DETECT = ObjectDetector()


def lifted(frame, colour="red"):
    things = lift_detections(DETECT(frame), frame).detections
    (thing,) = [d for d in things if d.colour == colour and d.score > 0.3]
    return thing


@settings(max_examples=30)
@given(st.floats(1.4, 3.0), st.floats(-0.6, 0.6), st.floats(-3.1, 3.1))
def test_a_box_is_where_it_stands_however_it_is_turned(x, y, yaw):
    thing = lifted(picture([crate(x, y, RED, yaw)]))
    assert math.dist(thing.centre_m, (x, y, 0.16)) < 0.12
    assert all(0.3 < side < 0.7 for side in thing.size_m[:2])
    assert thing.size_m[2] == pytest.approx(0.32, abs=0.025)


@settings(max_examples=20)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3))
def test_where_the_world_has_its_origin_moves_the_place_alike(x, y, z):
    frame = picture([crate(2.0, 0.3)])
    camera = frame.camera
    moved = evolve(frame, camera=evolve(camera, x_m=camera.x_m + x, y_m=camera.y_m + y))
    a, b = lifted(frame), lifted(moved)
    assert np.allclose(np.array(b.centre_m) - a.centre_m, (x, y, 0.0), atol=1e-6) and b.size_m == a.size_m


def test_a_cabinet_cut_by_the_border_is_completed_beyond_it():
    for side in (1.0, -1.0):
        thing = lifted(picture([cabinet(1.9, side * 1.6, RED)], size=128))
        assert thing.truncated and math.dist(thing.centre_m[:2], (1.9, side * 1.6)) < 0.2


def test_the_far_side_of_a_cabinet_seen_from_in_front_is_completed_behind():
    thing = lifted(picture([cabinet(2.5, 0.0, RED)], tilt=0.0, height_m=0.7))  # its top cannot be seen
    assert math.dist(thing.centre_m, (2.5, 0.0, 0.4)) < 0.1
    assert thing.size_m == pytest.approx((0.5, 0.9, 0.8), abs=0.08)


def test_something_without_a_class_has_the_extent_that_is_seen():
    frame = picture([Block((2.0, 0.0, 0.5), (0.2, 0.6, 1.0), RED)])
    detection = lifted(frame)
    odd = evolve(detection, label="obelisk", centre_m=None, size_m=None)
    thing = lift_detections(Detections((odd,)), frame).detections[0]
    assert thing.size_m[1] == pytest.approx(0.6, abs=0.06) and thing.size_m[2] == pytest.approx(1.0, abs=0.08)
    assert thing.centre_m[0] < 2.0  # only its near side counts


def test_what_has_no_return_stays_without_a_place():
    frame = picture([crate(2.0, 0.3)])
    blind = evolve(frame, depth_m=np.zeros_like(frame.depth_m))
    found = DETECT(frame)
    assert lift_detections(found, blind) == found


@pytest.mark.parametrize("box", [(0, 0, 3, 2), (95, 0, 98, 3), (-1, 0, 2, 3), (3, 3, 0, 0)])
def test_a_box_that_is_not_of_the_picture_is_refused(box):
    frame = picture([crate(2.0, 0.3)])
    detection = Detection("box", 1.0, box, "red", np.ones((3, 3), bool))
    with pytest.raises(ValueError, match=r"detection\.box"):
        lift_detections(Detections((detection,)), frame)


@settings(max_examples=30)
@given(st.floats(0.0, 1.0), st.integers(1, 20), st.integers(1, 20))
def test_any_mask_is_lifted_to_numbers(share, height, width):
    frame = picture([crate(2.0, 0.3)])
    mask = np.random.default_rng(height * 21 + width).random((height, width)) < share
    detection = Detection("chair", 0.5, (60, 60, 60 + width, 60 + height), "red", mask)
    (thing,) = lift_detections(Detections((detection,)), frame).detections
    assert (thing.centre_m is None) == (not mask.any())
    if thing.centre_m is not None:
        assert np.isfinite((*thing.centre_m, *thing.size_m, *thing.seen_m)).all()


@settings(max_examples=20)
@given(st.floats(0.9, 1.15), st.floats(1.6, 2.6))
def test_a_larger_one_of_its_class_is_lifted_larger(scale, x):
    sizes = []
    for factor in (scale, scale - 0.06):
        block = crate(x, 0.2, RED, 0.5)
        half = tuple(side * factor for side in block.size)
        frame = picture([Block((x, 0.2, half[2] / 2), half, RED, 0.5)])
        sizes.append(lifted(frame).size_m)
    larger, smaller = sizes
    assert all(a > b for a, b in zip(larger, smaller, strict=True))


def test_a_low_part_of_a_thing_says_nothing_of_its_size():
    """A bed is as long as beds are, though nothing of it is seen but what lies below its head."""
    foot = Block((2.4, 0.0, 0.24), (1.5, 1.5, 0.48), RED)
    frame = picture([foot])
    (seen,) = [d for d in DETECT(frame).detections if d.colour == "red"]
    (thing,) = lift_detections(Detections((evolve(seen, label="bed"),)), frame).detections
    assert sorted(thing.size_m) == pytest.approx([0.95, 1.5, 2.05], abs=0.02)
