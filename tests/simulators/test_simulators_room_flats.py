"""Flats of many rooms with doors, containers and lively people: everything is reached once doors are open."""

import math

import numpy as np
import pytest

from droidlet_geometry import plan_path, wrap_angle
from droidlet_schema import Drive, FrozenMap, Key, Open, digest, evolve
from droidlet_simulators import (
    PlacementError,
    RoomBody,
    RoomSimulator,
    SceneError,
    make_scene,
    robot,
    room_body,
)
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.room.footprint import clearance, make_footprints
from droidlet_simulators.room.hands import take
from droidlet_simulators.room.hinges import leaf_at
from droidlet_simulators.room.inside import container_of
from droidlet_simulators.room.leaves import swings_freely
from droidlet_simulators.room.reach import CLEARANCE_M, shortfall, survey
from droidlet_simulators.room.solids import bounding_solid, hit, holds, part_solids

BODY = RoomSimulator((robot(2, 2),))
CASES = [(0, 1, 1), (1, 2, 2), (2, 4, 3), (4, 8, 4), (5, 12, 6)]  # seed, rooms, containers


@pytest.fixture(scope="module")
def flats():
    made = {}
    for seed, rooms, containers in CASES:
        made[seed] = make_scene(
            seed, rooms=rooms, people=2, doors=True, containers=containers, limbs=True, looks=True
        )
    return made


@pytest.mark.parametrize(("seed", "rooms", "containers"), CASES)
def test_a_flat_has_what_was_asked_for_and_a_world_begins_in_it(flats, seed, rooms, containers):
    scene = flats[seed]
    assert len(scene.areas) == rooms and len(scene.people) == 2
    assert len({area.name for area in scene.areas}) == rooms
    doors = [leaf for leaf in scene.leaves if leaf.container is None]
    assert len(doors) == len(scene.doorways) >= rooms - 1
    cases = {leaf.container for leaf in scene.leaves} - {None}
    assert len(cases) == containers
    inside = [container_of(t, scene.objects) for t in scene.objects]
    assert sum(case is not None for case in inside) >= containers
    assert all(walker.limbs for walker in scene.people)
    _, world = BODY.reset(scene, Key(0))
    assert BODY.invariant(BODY.step({}, world)[1]) == 0.0
    ids = [thing.id for thing in BODY.objects(world)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("seed", [seed for seed, _, _ in CASES])
def test_everything_is_reached_once_the_doors_are_open(flats, seed):
    scene = flats[seed]
    standing = [walker.body for walker in scene.people if len(walker.route) == 1]
    for ajar in (0.0, 1.0):  # the containers
        leaves = [leaf_at(leaf, 1.0 if leaf.container is None else ajar) for leaf in scene.leaves]
        assert shortfall(scene, [*leaves, *standing]) is None
    assert all(swings_freely(scene, leaf) for leaf in scene.leaves)


def test_a_shut_door_cuts_a_room_off_until_it_is_open():
    scene = make_scene(1, rooms=2, doors=True)
    shut = [leaf_at(leaf, 0.0) for leaf in scene.leaves]
    assert shortfall(scene, shut) is not None


@pytest.mark.parametrize("seed", [seed for seed, _, _ in CASES])
def test_what_is_in_or_on_something_rests_on_a_board_and_in_nothing(flats, seed):
    scene = flats[seed]
    for thing in scene.objects:
        solid = bounding_solid(thing)
        if solid.low_m > 0.01:
            bases = [p for base in scene.objects if base.id != thing.id for p in part_solids(base)]
            assert any(abs(b.high_m - solid.low_m) < 1e-3 and holds(b.row, solid.row) for b in bases)
            others = [p for p in bases if p.ident != thing.id]
            assert hit(solid._replace(low_m=solid.low_m + 2e-3), others) is None


def test_doors_are_open_and_shut_and_swing_into_rooms():
    scene = make_scene(5, rooms=12, doors=True, people=0)
    doors = [leaf for leaf in scene.leaves if leaf.container is None]
    assert {leaf.open for leaf in doors} == {False, True}
    hall = scene.areas[0]
    assert hall.name == "hall"
    for leaf in doors:
        ajar = leaf_at(leaf, 1.0)
        assert not hall.y0_m < ajar.y_m < hall.y1_m


def test_the_robot_opens_a_door_and_walks_to_the_next_room():
    scene = make_scene(2, rooms=5, people=0, doors=True)
    hall = scene.areas[0]
    door = next(leaf for leaf in scene.leaves if hall.y0_m - 0.2 < leaf.body.y_m < hall.y1_m + 0.2)
    scene = evolve(scene, leaves=tuple(evolve(leaf, open=False) for leaf in scene.leaves))
    side = 1.0 if leaf_at(door, 1.0).y_m < door.body.y_m else -1.0  # where it does not swing to
    start = evolve(
        scene.start, x_m=door.body.x_m, y_m=door.body.y_m + 0.7 * side, yaw_rad=-side * math.pi / 2
    )
    _, world = BODY.reset(evolve(scene, start=start), Key(0))
    for action in (*[Open(door.body.id)] * 15, *[Drive(0.5, 0.0)] * 30):
        seen, world = BODY.step({"robot": (action,)}, world)
    assert (seen["robot"].pose.y_m - door.body.y_m) * side < -0.6


def test_a_long_walk_through_open_doors_reaches_the_farthest_room():
    scene = make_scene(3, rooms=7, people=0, doors=True)
    scene = evolve(scene, leaves=tuple(evolve(leaf, open=True) for leaf in scene.leaves))
    ground = survey(scene, [leaf_at(leaf, 1.0) for leaf in scene.leaves])
    start = np.array([scene.start.x_m, scene.start.y_m])
    far = np.hypot(*(ground.points_m - start).T) * ground.reached
    goal, cell = ground.points_m[np.argmax(far)], 0.1
    cells = [(np.array(p)[::-1] / cell).astype(int) for p in (start, goal)]
    path = (np.asarray(plan_path(~ground.reached.reshape(ground.shape), *cells))[:, ::-1] + 0.5) * cell
    _, world = BODY.reset(scene, Key(0))
    for x, y in path:
        for _ in range(600):
            at = world.bodies["robot"]
            ahead = math.hypot(x - at.x_m, y - at.y_m)
            if ahead < 0.05:
                break
            turn = wrap_angle(math.atan2(y - at.y_m, x - at.x_m) - at.yaw_rad)
            forward = min(0.5, ahead * 10) if abs(turn) < 0.3 else 0.0
            _, world = BODY.step({"robot": (Drive(forward, turn * 10),)}, world)
    assert math.hypot(world.bodies["robot"].x_m - goal[0], world.bodies["robot"].y_m - goal[1]) < 0.15


def test_open_doors_leave_the_promised_room(flats):
    for scene in flats.values():
        leaves = [bounding_solid(leaf_at(leaf, 1.0)).row for leaf in scene.leaves if leaf.container is None]
        for door in scene.doorways:
            spare = clearance(np.array([[door.x_m, door.y_m]]), make_footprints(leaves))[0]
            assert spare >= CLEARANCE_M


def test_every_small_thing_can_be_taken_from_somewhere_once_all_is_open():
    scene = make_scene(1, rooms=4, people=0, doors=True, containers=3)
    scene = evolve(scene, leaves=tuple(evolve(leaf, open=True) for leaf in scene.leaves))
    ground = survey(scene, [leaf_at(leaf, 1.0) for leaf in scene.leaves])
    _, world = BODY.reset(scene, Key(0))
    for thing in scene.objects:
        if KINDS[thing.class_name].place in ("floor", "top"):
            near = np.hypot(*(ground.points_m - (thing.x_m, thing.y_m)).T) < 1.1
            assert any(takes(world, place, thing.id) for place in ground.points_m[near & ground.reached])


def takes(world, place, ident):
    body = RoomBody(float(place[0]), float(place[1]), 0.0)
    try:
        take(evolve(world, bodies=FrozenMap({"robot": body})), "robot", ident, BODY.limits)
    except PlacementError:
        return False
    return True


def test_the_same_seed_is_the_same_flat_and_another_is_another():
    options = {"rooms": 6, "doors": True, "containers": 2, "limbs": True, "looks": True}
    marks = [digest(make_scene(seed, **options)) for seed in (8, 8, 9)]
    assert marks[0] == marks[1] != marks[2]


@pytest.mark.parametrize(
    "wrong",
    [{"rooms": 13}, {"doors": "yes"}, {"containers": 7}, {"containers": -1}, {"limbs": 2}, {"looks": None}],
)
def test_options_out_of_range_are_named(wrong):
    with pytest.raises(SceneError, match=next(iter(wrong))):
        make_scene(1, **wrong)


def test_a_body_is_made_in_such_a_flat_by_name():
    body = room_body(Key(3), rooms=2, people=1, doors=True, containers=1, limbs=True, picture_px=8)
    assert body.world.scene.leaves and body.world.scene.people[0].limbs
