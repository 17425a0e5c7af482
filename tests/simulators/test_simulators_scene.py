"""Generated flats: the same for the same seed, furnished by the rules, reachable everywhere."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from droidlet_schema import Key, Pose2, SceneObject, decode, digest, encode, evolve
from droidlet_simulators import CLASSES, COLOURS, Area, Scene, SceneError, Wall, make_scene
from droidlet_simulators.room.colours import FLOOR_COLOUR, WALL_COLOUR
from droidlet_simulators.room.draw import DAYLIGHT as LIGHT
from droidlet_simulators.room.footprint import (
    clearance,
    footprint_row,
    make_footprints,
    object_rows,
    wall_rows,
)
from droidlet_simulators.room.furnish import rim_points
from droidlet_simulators.room.pack import thing_primitives
from droidlet_simulators.room.primitives import BOX, FIRST_OBJECT
from droidlet_simulators.room.reach import shortfall
from simulators.often import often

seeds = st.integers(0, 2**63)
ROBOT = 0.18


@often(6, 100, seeds, st.sampled_from([None, 1, 2, 3, 4]), st.integers(0, 2), st.integers(0, 2))
def test_a_flat_is_as_asked_and_the_same_again(seed, rooms, people, duplicates):
    scene = make_scene(seed, rooms=rooms, people=people, duplicates=duplicates)
    assert scene == make_scene(Key(seed), rooms=rooms, people=people, duplicates=duplicates)
    assert len(scene.areas) == (rooms or len(scene.areas)) and len(scene.people) == people
    assert 8 <= len(scene.objects) <= 16 + duplicates
    pairs = [(t.class_name, t.colour) for t in scene.objects if t.class_name != "plant"]
    assert len(pairs) - len(set(pairs)) <= duplicates
    idents = [t.id for t in scene.objects] + [w.body.id for w in scene.people]
    assert len(set(idents)) == len(idents) and min(idents) >= FIRST_OBJECT
    assert decode(encode(scene), Scene) == scene


@often(6, 100, seeds)
def test_everything_can_be_reached_and_nothing_stands_in_anything(seed):
    scene = make_scene(seed)
    standing = [w.body for w in scene.people if len(w.route) == 1]
    assert shortfall(scene, standing) is None
    solid = make_footprints(wall_rows(scene, 1.2) + object_rows([*scene.objects, *standing], 1.2))
    start = np.array([[scene.start.x_m, scene.start.y_m]])
    assert clearance(start, solid)[0] >= 0.3
    walls = make_footprints(wall_rows(scene, 1.2))
    for thing in scene.objects:
        assert clearance(rim_points(thing), walls).min() > 0
        others = [t for t in scene.objects if t.id != thing.id and overlap_in_height(t, thing)]
        if others:
            prints = make_footprints([footprint_row(t) for t in others])
            assert clearance(rim_points(thing), prints).min() > -1e-9


def overlap_in_height(a, b):
    return (
        min(a.z_m + a.size_m[2] / 2, b.z_m + b.size_m[2] / 2)
        > max(a.z_m - a.size_m[2] / 2, b.z_m - b.size_m[2] / 2) + 1e-6
    )


@often(6, 300, seeds)
@example(33)  # a book's corner stuck out over the edge of a cabinet
def test_small_things_stand_on_the_floor_or_on_a_surface(seed):
    scene = make_scene(seed)
    for thing in scene.objects:
        bottom = thing.z_m - thing.size_m[2] / 2
        if bottom > 1e-9:
            tops = [t for t in scene.objects if CLASSES[t.class_name].surface]
            under = [t for t in tops if abs(t.z_m + t.size_m[2] / 2 - bottom) < 1e-6]
            assert any(
                clearance(rim_points(thing), make_footprints([footprint_row(t)])).max() < 0 for t in under
            )


@often(5, 100, seeds)
def test_people_walk_where_nothing_stands_and_begin_on_their_route(seed):
    scene = make_scene(seed, people=2)
    solid = make_footprints(wall_rows(scene, 1.8) + object_rows(scene.objects, 1.8))
    for walker in scene.people:
        assert (walker.body.x_m, walker.body.y_m) == walker.route[0]
        points = np.array([*walker.route, walker.route[0]])
        for a, b in zip(points, points[1:]):
            line = a + np.linspace(0, 1, 50)[:, None] * (b - a)
            for door in scene.doorways:
                assert np.hypot(*(line - (door.x_m, door.y_m)).T).min() > 0.8
            assert clearance(line, solid).min() > max(walker.body.size_m[:2]) / 2


def test_doorways_are_wide_and_flats_have_the_promised_size():
    for seed in range(12):
        scene = make_scene(seed)
        assert all(door.width_m >= 0.9 for door in scene.doorways)
        assert 5.0 <= scene.size_m[0] <= 11.0 and 4.5 <= scene.size_m[1] <= 9.0
        assert len(scene.doorways) >= len(scene.areas) - 1


def test_different_seeds_give_different_flats():
    assert len({digest(make_scene(seed)) for seed in range(12)}) == 12


@pytest.mark.parametrize(
    "wrong", [{"rooms": 0}, {"rooms": 13}, {"people": -1}, {"people": 5}, {"duplicates": 9}]
)
def test_options_out_of_range_are_named(wrong):
    with pytest.raises(SceneError, match=next(iter(wrong))):
        make_scene(1, **wrong)


def test_a_cut_off_room_and_a_walled_in_thing_are_noticed():
    areas = (Area("west", 0, 0, 3, 4), Area("east", 3, 0, 6, 4))
    chair = SceneObject(10, "chair", "red", 5.5, 3.5, 0.47, 0.0, (0.47, 0.46, 0.94))
    empty = Scene((6, 4, 2.6), areas, (), (), (chair,), (), Pose2(1, 1, 0))
    assert shortfall(empty) is None
    assert shortfall(evolve(empty, walls=(Wall(2.95, 0, 0, 3.05, 4, 2.6),))) is not None
    fence = (Wall(4.2, 2.2, 0, 4.3, 4, 2.6), Wall(4.2, 2.2, 0, 6, 2.3, 2.6))
    assert shortfall(evolve(empty, walls=fence)) is not None


def test_parts_span_exactly_the_nominal_size_of_their_class():
    for name, kind in CLASSES.items():
        low = np.min([np.subtract(p.centre_m, p.half_m) for p in kind.parts], axis=0)
        high = np.max([np.add(p.centre_m, p.half_m) for p in kind.parts], axis=0)
        x, y, z = kind.size_m
        np.testing.assert_allclose(low, (-x / 2, -y / 2, 0), atol=1e-9, err_msg=name)
        np.testing.assert_allclose(high, (x / 2, y / 2, z), atol=1e-9, err_msg=name)


def silhouette(kind):
    """Height, larger and smaller width, and how much of the box is filled."""
    x, y, z = kind.size_m
    solid = sum(math.prod(p.half_m) for p in kind.parts) / math.prod((x / 2, y / 2, z / 2))
    return np.array([z, max(x, y), min(x, y), min(solid, 1.0)])


def test_no_two_classes_look_alike():
    shapes = {name: silhouette(kind) for name, kind in CLASSES.items()}
    for a, one in shapes.items():
        for b, other in shapes.items():
            if a < b:
                assert np.abs(np.log(one / other)).max() > 0.25, (
                    a,
                    b,
                )  # a quarter apart in at least one measure


def lit(normal):
    return LIGHT.ambient + LIGHT.diffuse * max(0.0, float(np.dot(normal, LIGHT.direction)))


def test_no_two_colours_are_alike_in_any_shade_and_none_looks_like_floor_or_wall():
    every = np.linspace(LIGHT.ambient, LIGHT.ambient + LIGHT.diffuse, 15)
    shades = {name: np.outer(every, rgb) for name, rgb in COLOURS.items()}
    walls = [lit(n) for n in ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0))]
    shades["wall"] = np.outer(walls, WALL_COLOUR)
    shades["floor"] = np.outer([lit((0, 0, 1))], FLOOR_COLOUR)
    for a, some in shades.items():
        for b, others in shades.items():
            if a < b:
                gap = np.abs(some[:, None] - others[None]).max(axis=2).min()
                assert gap > 0.09, (a, b, gap)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(CLASSES)),
    st.floats(-3, 3),
    st.tuples(st.floats(0.05, 3), st.floats(0.05, 3), st.floats(0.05, 3)),
)
def test_a_thing_of_any_size_is_drawn_inside_its_bounds(name, yaw, size):
    thing = SceneObject(10, name, "red", 1.0, 2.0, 0.5 + size[2] / 2, yaw, size)
    prims = thing_primitives([thing])
    c, s = math.cos(yaw), math.sin(yaw)
    offset = prims.centre_m - (1.0, 2.0, 0.5 + size[2] / 2)
    own = np.stack(
        [c * offset[:, 0] + s * offset[:, 1], c * offset[:, 1] - s * offset[:, 0], offset[:, 2]], 1
    )
    assert (np.abs(own) + prims.half_m <= np.array(size) / 2 + 1e-9).all()
    round_ones = prims.kind != BOX
    np.testing.assert_array_equal(prims.half_m[round_ones, 0], prims.half_m[round_ones, 1])
