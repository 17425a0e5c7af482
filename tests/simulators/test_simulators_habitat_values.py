"""What the Habitat adapter computes without Habitat: axes, files, cameras, ids."""

from __future__ import annotations

import json
import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from droidlet_geometry import (
    camera_pose,
    quaternion_multiply,
    quaternion_rotate,
    quaternion_to_matrix,
    transform_points,
)
from droidlet_schema import Key, Pose
from droidlet_simulators import AgentSpec, CameraSpec, NotInstalled, SimulatorError
from droidlet_simulators.cameras import intrinsics_of, picture_rays, world_points
from droidlet_simulators.habitat import HabitatSimulator
from droidlet_simulators.habitat.axes import (
    NATIVE,
    house_point,
    house_turn,
    native_camera,
    native_point,
    native_size,
    native_turn,
)
from droidlet_simulators.habitat.eyes import FIRST_OWN, face_pose, make_eyes, own_ids, take
from droidlet_simulators.habitat.glb import glb_of
from droidlet_simulators.habitat.parts import CUBE, TUBE, building, parts_of
from droidlet_simulators.habitat.starting import seed_of
from simulators.habitat_parts import BOX, HALL, camera

numbers = st.floats(-50.0, 50.0).map(lambda v: round(v, 3))
points = st.tuples(numbers, numbers, numbers)


@given(points, points, st.floats(-3.0, 3.0))
def test_axes_turn_there_and_back(point, axis, angle):
    assert house_point(native_point(*point)) == point
    length = math.sqrt(sum(v * v for v in axis)) or 1.0
    half = math.sin(angle / 2) / length
    turn = (math.cos(angle / 2), *(half * v for v in axis))
    native = native_turn(*turn)
    assert house_turn(native[0], native[1:]) == pytest.approx(turn)
    if length > 0.1:
        turned = native_point(*quaternion_rotate(np.array(turn), np.array(point)))
        assert quaternion_rotate(np.array(native), np.array(native_point(*point))) == pytest.approx(
            turned, abs=1e-6
        )


def test_ahead_is_minus_z_and_up_is_y():
    assert native_point(1.0, 0.0, 0.0) == (0.0, 0.0, -1.0)
    assert native_point(0.0, 1.0, 0.0) == (-1.0, 0.0, 0.0)
    assert native_point(0.0, 0.0, 1.0) == (0.0, 1.0, 0.0)
    assert native_size((1.0, 2.0, 3.0)) == (2.0, 3.0, 1.0)
    assert np.linalg.det(NATIVE) == pytest.approx(1.0)
    ten = math.radians(10.0) / 2  # turn_left is 10 degrees about +y: w y of .9962 .0872
    assert native_turn(math.cos(ten), 0.0, 0.0, math.sin(ten)) == pytest.approx(
        (0.9962, 0.0, 0.0872, 0.0), abs=1e-4
    )


@given(st.tuples(numbers, numbers, numbers), st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_a_native_camera_looks_where_the_optical_frame_does(place, tilt, pan):
    pose = Pose(*camera_pose((place[0], place[1], 0.4), 1.1, tilt, pan))
    position, turn = native_camera(pose)
    assert position == native_point(pose.x_m, pose.y_m, pose.z_m)
    ahead = transform_points(pose, [[0.3, 0.2, 2.0]])[0]  # right, down, forward
    native = quaternion_rotate(np.array(turn), np.array([0.3, -0.2, -2.0])) + np.array(position)
    assert house_point(native) == pytest.approx(tuple(ahead), abs=1e-6)


def test_the_building_is_a_file_that_says_where_its_boxes_are():
    data = glb_of(building(HALL))
    magic, version, length = struct.unpack_from("<III", data, 0)
    assert (magic, version, length) == (0x46546C67, 2, len(data))
    size = struct.unpack_from("<I", data, 12)[0]
    document = json.loads(data[20 : 20 + size])
    boxes = document["meshes"][0]["primitives"]
    assert len(boxes) == 6 + len(HALL.walls)
    inner = document["accessors"][boxes[-1]["attributes"]["POSITION"]]
    assert inner["min"] == pytest.approx([-2.1, 0.0, -2.1]) and inner["max"] == pytest.approx(
        [-1.9, 2.6, -1.9]
    )
    start = 28 + size
    assert struct.unpack_from("<I", data, 20 + size)[0] == len(data) - start
    for view in document["bufferViews"]:
        assert view["byteOffset"] + view["byteLength"] <= len(data) - start
    _check_triangles(document, data[start:], boxes[-1])


def _check_triangles(document, binary, primitive):
    """Every triangle's corners turn counter-clockwise seen from where its normal points."""

    def read(number, dtype, width):
        view = document["bufferViews"][document["accessors"][number]["bufferView"]]
        part = binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
        return np.frombuffer(part, dtype).reshape(-1, width)

    at = read(primitive["attributes"]["POSITION"], "<f4", 3)
    normals = read(primitive["attributes"]["NORMAL"], "<f4", 3)
    corners = read(primitive["indices"], "<u4", 3)
    assert len(corners) == 12
    for a, b, c in corners:
        outward = np.cross(at[b] - at[a], at[c] - at[a])
        assert np.dot(outward, normals[a]) > 0


def test_parts_fill_the_thing_and_unknown_classes_are_boxes():
    chair = BOX.__class__(12, "chair", "red", 0.0, 0.0, 0.5, 0.0, (0.5, 0.5, 1.0))
    parts = parts_of(chair, whole=False)
    low = np.min([np.subtract(p.centre_m, p.half_m) for p in parts], axis=0)
    high = np.max([np.add(p.centre_m, p.half_m) for p in parts], axis=0)
    assert high - low == pytest.approx(chair.size_m) and high + low == pytest.approx([0, 0, 0], abs=1e-9)
    assert len(parts) > 1 and parts_of(chair, whole=True)[0].half_m == (0.25, 0.25, 0.5)
    odd = BOX.__class__(12, "dragon", "red", 0.0, 0.0, 0.5, 0.0, (0.5, 0.6, 1.0))
    assert [(p.template, p.half_m) for p in parts_of(odd, whole=False)] == [(CUBE, (0.25, 0.3, 0.5))]
    cup = BOX.__class__(12, "cup", "red", 0.0, 0.0, 0.5, 0.0, (0.1, 0.1, 0.13))
    assert parts_of(cup, whole=True)[0].template == TUBE


def test_semantic_ids_keep_none_nothing_and_minus_one_apart():
    native = np.array([[0, 7], [FIRST_OWN, FIRST_OWN + 1], [FIRST_OWN + 2, 5]], np.uint32)
    shown = np.array([12, -1, 0])
    assert own_ids(native, shown).tolist() == [[0, 7], [12, -1], [0, 5]]


def test_sensors_are_called_differently_in_all_agents():
    agents = (AgentSpec("a", (camera(),)), AgentSpec("a#0", (camera(), camera(name="b", model="fisheye"))))
    uuids = [
        sensor.uuid
        for eyes in make_eyes(agents).values()
        for eye in eyes
        for face in eye.sensors
        for sensor in face
    ]
    assert len(set(uuids)) == len(uuids) > 8


def _sphere(eye, pose, radius):
    """What pinholes within a ball around a camera would draw: planar depth, and rgb that tells the direction."""
    drawn = {}
    for face, sensors in zip(eye.faces, eye.sensors):
        for sensor in sensors:
            rays = picture_rays(
                intrinsics_of(CameraSpec("f", sensor.width, sensor.height, math.radians(sensor.fov_deg)))
            )[1]
            unit = rays / np.linalg.norm(rays, axis=-1, keepdims=True)
            turned = face_pose(pose, face)
            turn = quaternion_to_matrix(np.array([turned.qw, turned.qx, turned.qy, turned.qz]))
            world = unit @ turn.T
            rgba = np.concatenate([(127 + 120 * world), np.full((*world.shape[:2], 1), 255)], -1).astype(
                np.uint8
            )
            drawn[sensor.uuid] = (
                rgba if sensor.picture == "rgb" else (radius * unit[..., 2]).astype(np.float32)
            )
    return drawn


@pytest.mark.parametrize("model", ["pinhole", "fisheye", "equirectangular"])
def test_every_model_sees_a_ball_around_it_at_its_radius(model):
    fov = {"pinhole": 1.4, "fisheye": 3.5, "equirectangular": 2 * math.pi}[model]
    spec = camera(width=64, height=32, horizontal_fov_rad=fov, model=model, pictures=("rgb", "depth"))
    eye = make_eyes((AgentSpec("a", (spec,)),))["a"][0]
    pose = Pose(*camera_pose((1.0, 2.0, 0.7), 1.1, 0.2, 0.4))
    frame, none = take(eye, _sphere(eye, pose, 3.0), pose, np.zeros(0, np.int64))
    assert none is None
    at = world_points(frame) - np.array([pose.x_m, pose.y_m, pose.z_m])
    seen = np.isfinite(at).all(axis=-1)
    assert seen.mean() > 0.9
    assert np.linalg.norm(at[seen], axis=-1) == pytest.approx(3.0, rel=0.06)  # a pixel of the face
    told = (frame.rgb[seen].astype(float) - 127) / 120
    assert np.abs(told - at[seen] / 3.0).max() < 0.12


def test_pictures_that_are_not_what_was_asked_for_are_refused():
    eye = make_eyes((AgentSpec("a", (camera(pictures=("depth",)),)),))["a"][0]
    uuid = eye.sensors[0][0].uuid
    good = np.ones((24, 32), np.float32)
    for bad in (good[:3], good.astype(np.float64), np.where(good > 0, np.nan, good)):
        with pytest.raises(SimulatorError, match="gave"):
            take(eye, {uuid: bad}, Pose(0.0, 0.0, 1.0), np.zeros(0, np.int64))
    with pytest.raises(SimulatorError, match=r"gave \(0,\)"):
        take(eye, {}, Pose(0.0, 0.0, 1.0), np.zeros(0, np.int64))


@given(st.integers(0, 2**70))
def test_seeds_are_large_and_those_of_neighbours_differ(number):
    seed = seed_of(Key(number))
    assert 2**31 <= seed < 2**32 and seed == seed_of(Key(number)) != seed_of(Key(number + 1))


def test_without_habitat_one_sentence_says_how_to_get_it():
    try:
        import habitat_sim  # noqa: F401
    except ImportError:
        with pytest.raises(NotInstalled, match="conda install .*habitat-sim"):
            HabitatSimulator()
    else:
        assert HabitatSimulator().spec.name == "habitat"


def test_a_turn_of_a_body_is_the_same_turn_in_both_axes():
    one, two = (0.8, 0.0, 0.6, 0.0), (0.6, 0.0, 0.0, 0.8)
    both = quaternion_multiply(np.array(one), np.array(two)).tolist()
    native = quaternion_multiply(np.array(native_turn(*one)), np.array(native_turn(*two)))
    assert native_turn(*both) == pytest.approx(tuple(native))
