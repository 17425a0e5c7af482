"""Things are found in pictures of plain boxes, by shape and never by colour; nothing that a camera gives raises."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from droidlet_perception import ObjectDetector, ShapeClass, default_classes
from droidlet_schema import Frame, Intrinsics, Pose, evolve
from droidlet_simulators import CLASSES, COLOURS
from perception.perception_pictures import BLUE, GREEN, RED, Block, cabinet, crate, lens, picture, table

DETECT = ObjectDetector()
RGB = {name: tuple(round(255 * c) for c in colour) for name, colour in COLOURS.items()}


def found(frame: Frame, least: float = 0.5):
    return [d for d in DETECT(frame).detections if d.score >= least]


def test_the_shapes_are_the_published_ones():
    mine = {shape.name: shape for shape in default_classes()}
    assert sorted(mine) == sorted(CLASSES)
    for name, kind in CLASSES.items():
        own = [part for part in kind.parts if part.colour is None]
        low = min(part.centre_m[2] - part.half_m[2] for part in own)
        high = max(part.centre_m[2] + part.half_m[2] for part in own)
        shape = mine[name]
        assert shape.size_m == kind.size_m, name
        assert (shape.body_low_m, shape.body_high_m) == pytest.approx((low, high), abs=0.005), name
        assert shape.round == kind.round and shape.stands_on == (kind.place == "top"), name
        assert shape.moves == (kind.place == "person"), name


def test_a_picture_alone_is_told_to_be_no_frame():
    """It was: 'numpy.ndarray' object has no attribute 'depth_m'."""
    with pytest.raises(TypeError, match="frame is a ndarray: a Frame is needed"):
        ObjectDetector()(np.zeros((4, 5, 3), np.uint8))


def test_an_empty_room_holds_nothing():
    assert found(picture([])) == []


def test_a_red_box_is_a_red_box():
    (thing,) = found(picture([crate(2.0, 0.3)]))
    assert (thing.label, thing.colour, thing.truncated) == ("box", "red", False)
    x0, y0, x1, y1 = thing.box
    assert (
        thing.mask.shape == (y1 - y0, x1 - x0)
        and thing.mask.any(axis=0).all()
        and thing.mask.any(axis=1).all()
    )


def test_several_things_are_told_apart():
    frame = picture([crate(1.8, 0.8), cabinet(2.6, -0.6), *table(3.0, 0.9)], size=128)
    assert sorted((d.label, d.colour) for d in found(frame)) == [
        ("box", "red"),
        ("cabinet", "blue"),
        ("table", "green"),
    ]


def test_a_mask_holds_all_that_is_seen_of_a_thing_whose_pieces_are_apart():
    """The legs of a table, each alone behind a box, belong to it."""
    frame = picture([*table(2.6, 0.0), crate(1.7, 0.1)], size=128)
    (thing,) = [d for d in found(frame) if d.colour == "green"]
    green = (frame.rgb[..., 1] > 1.5 * frame.rgb[..., 0]) & (frame.rgb[..., 1] > 1.5 * frame.rgb[..., 2])
    x0, y0, x1, y1 = thing.box
    assert not (thing.mask & ~green[y0:y1, x0:x1]).any()
    assert green.sum() - thing.mask.sum() <= 16  # the feet, which look like floor
    assert y1 >= np.nonzero(green)[0].max()


def test_a_thing_is_cut_where_something_thin_of_it_ends_behind_a_wall():
    wall = Block((1.0, -1.2, 1.3), (0.1, 1.8, 2.6), (90, 90, 90))
    (thing,) = [d for d in found(picture([*table(3.0, -0.5), wall], size=128), 0.2) if d.colour == "green"]
    assert thing.truncated and thing.cut[1] and not thing.cut[0]


def test_a_cup_on_a_table_of_its_own_colour_is_found():
    cup = Block((2.0, 0.2, 0.805), (0.1, 0.1, 0.13), GREEN)
    seen = sorted(d.label for d in found(picture([*table(2.2, 0.0), cup], size=128), 0.2))
    assert len(seen) == 2 and "table" in seen


def test_two_boxes_of_one_colour_apart_in_depth_are_two():
    assert len(found(picture([crate(1.6, 0.0), crate(2.9, 0.35)], size=128))) == 2


@settings(max_examples=25)
@given(st.sampled_from(sorted(RGB)), st.floats(1.4, 2.6), st.floats(-0.5, 0.5), st.floats(-3.0, 3.0))
def test_the_name_depends_on_the_shape_and_the_colour_word_on_the_colour(colour, x, y, yaw):
    frames = [picture([crate(x, y, rgb, yaw)]) for rgb in (RGB[colour], RED)]
    (one,), (two,) = (found(f, 0.2) for f in frames)
    assert one.colour == colour and one.label == two.label and one.box == two.box


@settings(max_examples=25)
@given(st.floats(-math.pi, math.pi), st.floats(-3, 3), st.floats(-3, 3))
def test_where_the_world_has_its_origin_does_not_matter(yaw, x, y):
    frame = picture([crate(1.9, 0.2), cabinet(2.5, -0.9)])
    turned = math.cos(yaw / 2), math.sin(yaw / 2)
    moved = evolve(frame, camera=_turned(frame.camera, turned, x, y))
    a, b = found(frame), found(moved)
    assert [(d.label, d.colour, d.box) for d in a] == [(d.label, d.colour, d.box) for d in b]


def _turned(pose: Pose, turn, x: float, y: float) -> Pose:
    """The pose in a world turned about z and moved."""
    c, s = turn
    w, i, j, k = pose.qw, pose.qx, pose.qy, pose.qz
    return Pose(x, y, pose.z_m, c * w - s * k, c * i - s * j, c * j + s * i, c * k + s * w)


def test_something_in_front_or_the_border_truncates():
    hidden = found(picture([cabinet(3.0, 0.0), Block((2.0, 0.0, 0.8), (0.1, 0.4, 1.6), RED)]), 0.2)
    assert any(d.truncated for d in hidden if d.colour == "blue")
    (cut,) = [d for d in found(picture([cabinet(1.6, 1.2)]), 0.2) if d.colour == "blue"]
    assert cut.truncated and cut.cut[0] and cut.box[0] == 0


def test_a_thing_far_from_the_camera_is_held_by_its_own_size_table():
    plate = ShapeClass("plate", (0.40, 0.50, 0.32), 0.0, 0.32, 1.0)
    post = ShapeClass("post", (0.10, 0.10, 1.20), 0.0, 1.20, 1.0)
    detect = ObjectDetector((plate, post), weights=None)
    frame = picture([crate(2.0, -0.5), Block((2.0, 0.5, 0.6), (0.1, 0.1, 1.2), BLUE)])
    named = {(d.label, d.colour) for d in detect(frame).detections if d.score > 0.5}
    assert named == {("plate", "red"), ("post", "blue")}


def test_noise_of_a_real_camera_does_not_tear_things_apart():
    frame = picture([crate(2.0, 0.3), cabinet(2.6, -0.6)], size=128)
    rng = np.random.default_rng(5)
    rgb = np.clip(frame.rgb + rng.normal(0, 1.0, frame.rgb.shape), 0, 255).astype(np.uint8)
    depth = (frame.depth_m * (1 + rng.normal(0, 0.002, frame.depth_m.shape))).astype(np.float32)
    seen = {(d.label, d.colour) for d in found(Frame(rgb, depth, frame.intrinsics, frame.camera))}
    assert {"red", "blue"} <= {colour for _, colour in seen} and len(seen) == 2


def test_a_large_picture_gives_boxes_in_its_own_pixels():
    (small,), (large,) = (found(picture([crate(2.0, 0.3)], size=s)) for s in (100, 400))
    assert large.label == small.label == "box"
    assert np.abs(np.array(large.box) / 4 - small.box).max() <= 1.5
    assert large.mask.shape == (large.box[3] - large.box[1], large.box[2] - large.box[0])


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_tiny_pictures_are_no_trouble(size):
    frame = Frame(
        np.full((size, size, 3), 90, np.uint8),
        np.full((size, size), 1.5, np.float32),
        Intrinsics(size, size, 2.0, 2.0, size / 2, size / 2),
        picture([]).camera,
    )
    assert len(DETECT(frame).detections) <= 1


@settings(max_examples=40)
@given(
    hnp.arrays(
        np.float32,
        (12, 12),
        elements=st.sampled_from([0.0, math.nan, math.inf, -math.inf, -1.0, 0.5, 1.7, 1e30]),
    ),
    hnp.arrays(np.uint8, (12, 12, 3)),
)
def test_any_depth_and_colour_is_answered(depth, rgb):
    frame = Frame(rgb, depth, lens(12), picture([]).camera)
    for thing in DETECT(frame).detections:
        x0, y0, x1, y1 = thing.box
        assert 0 <= x0 < x1 <= 12 and 0 <= y0 < y1 <= 12 and 0.0 <= thing.score <= 1.0
        assert thing.mask.shape == (y1 - y0, x1 - x0)


def test_a_camera_looking_straight_down_or_up_is_answered():
    for tilt in (-math.pi / 2, math.pi / 2):
        assert isinstance(DETECT(picture([crate(0.0, 0.0)], tilt=tilt)).detections, tuple)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"intrinsics": Intrinsics(5, 96, 50.0, 50.0, 2.0, 48.0)}, "depth_m"),
        ({"intrinsics": Intrinsics(96, 96, 0.0, 50.0, 48.0, 48.0)}, "fx_px"),
        ({"intrinsics": Intrinsics(96, 96, 50.0, math.nan, 48.0, 48.0)}, "fy_px"),
        ({"camera": Pose(math.inf, 0.0, 1.0)}, "camera"),
    ],
)
def test_a_picture_that_is_not_of_its_camera_is_refused(change, word):
    with pytest.raises(ValueError, match=word):
        DETECT(evolve(picture([]), **change))


def test_nothing_to_find_is_refused():
    with pytest.raises(ValueError, match="classes"):
        ObjectDetector((), weights=None)
