"""Bodies on the floor: never inside anything, sliding along it, honest about being held up."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import Drive, Key, Move, Pose2, SceneObject, Stop, Turn
from droidlet_simulators import Area, Limits, RoomSimulator, Scene, Walker, Wall, make_scene, robot
from droidlet_simulators.room.footprint import clearance, gaps, make_footprints
from droidlet_simulators.room.motion import drive
from simulators.often import often

TINY = RoomSimulator((robot(2, 2),))
RADIUS = 0.18

numbers = st.floats(-2.0, 2.0).map(lambda value: round(value, 3))
rows = st.tuples(
    numbers,
    numbers,
    st.floats(0.02, 0.8),
    st.floats(0.02, 0.8),
    st.floats(-3.2, 3.2),
    st.sampled_from([0.0, 0.2]),
)


@often(
    60,
    1000,
    st.lists(rows, max_size=6),
    st.lists(st.tuples(st.floats(-0.7, 0.7), st.floats(-3, 3)), max_size=12),
)
def test_a_disc_never_enters_anything_however_it_is_driven(obstacles, moves):
    prints = make_footprints(obstacles)
    at = (0.0, 0.0, 0.0)
    if obstacles and clearance(np.zeros((1, 2)), prints)[0] < RADIUS:
        return
    for forward, turn in moves:
        moved = drive(at, forward, turn, RADIUS, prints)
        if obstacles:
            assert clearance(np.array([moved[:2]]), prints)[0] >= RADIUS
        assert math.hypot(moved.x_m - at[0], moved.y_m - at[1]) <= abs(forward) + 1e-4
        assert -math.pi <= moved.yaw_rad <= math.pi
        at = moved[:3]


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, min_size=1, max_size=4), st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20))
def test_gap_and_way_out_agree_with_walking_out(obstacles, points):
    prints = make_footprints(obstacles)
    gap, way = gaps(np.array(points), prints)
    np.testing.assert_allclose((way**2).sum(-1), 1.0, atol=1e-9)
    np.testing.assert_array_equal(gap.min(axis=1), clearance(np.array(points), prints))
    for i, point in enumerate(points):
        for j in range(len(obstacles)):
            alone = make_footprints([obstacles[j]])
            out = np.array(point) + way[i, j] * (0.3 - gap[i, j])
            assert clearance(out[None], alone)[0] == pytest.approx(0.3, abs=1e-6)


def test_a_thin_wall_is_not_jumped_in_one_long_move():
    wall = make_footprints([(1.0, 0.0, 0.001, 5.0, 0.0, 0.0)])
    moved = drive((0.0, 0.0, 0.0), 50.0, 0.0, RADIUS, wall)
    assert moved.collided and moved.x_m < 1.0 - RADIUS


def test_a_body_slides_along_a_wall_and_says_so():
    wall = make_footprints([(0.0, 1.0, 5.0, 0.5, 0.0, 0.0)])
    moved = drive((0.0, 0.3, math.pi / 4), 1.0, 0.0, RADIUS, wall)
    assert moved.collided
    assert moved.y_m == pytest.approx(0.5 - RADIUS, abs=1e-4)
    assert moved.x_m > 0.7  # the part of the move along the wall is kept
    assert moved.yaw_rad == math.pi / 4


def test_without_anything_near_the_way_is_the_arc_that_was_asked_for():
    moved = drive((0.0, 0.0, 0.0), math.pi / 2, math.pi / 2, RADIUS, make_footprints([]))
    assert not moved.collided
    assert (moved.x_m, moved.y_m, moved.yaw_rad) == pytest.approx((1.0, 1.0, math.pi / 2), abs=1e-3)


actions = st.one_of(
    st.builds(Drive, st.floats(-1, 1), st.floats(-3, 3)),
    st.builds(Move, st.floats(-1, 1)),
    st.builds(Turn, st.floats(-3, 3)),
    st.just(Stop()),
)


@often(10, 200, st.integers(0, 10), st.lists(st.lists(actions, max_size=3).map(tuple), max_size=40))
def test_the_invariant_holds_along_any_run_in_a_flat_with_people(seed, run):
    world = TINY.reset(make_scene(seed, people=2), Key(0))[1]
    assert TINY.invariant(world) == 0.0
    for step in run:
        world = TINY.step({"robot": step}, world)[1]
        assert TINY.invariant(world) == 0.0
    assert (world.step, world.now_ns) == (len(run), len(run) * TINY.period_ns)


START = Pose2(1.0, 2.0, 0.0)


def hall(*objects, people=(), walls=(), start=START):
    return Scene((8.0, 4.0, 2.6), (Area("hall", 0, 0, 8, 4),), walls, (), objects, people, start)


def go(simulator, world, action, steps):
    for _ in range(steps):
        observations, world = simulator.step({"robot": (action,)}, world)
    return observations["robot"], world


def test_a_long_drive_into_furniture_stops_before_it():
    box = SceneObject(10, "box", "red", 3.0, 2.0, 0.16, 0.0, (0.4, 0.5, 0.32))
    seen, world = go(TINY, TINY.reset(hall(box), Key(0))[1], Drive(9.0, 0.0), 60)
    assert seen.collided
    assert seen.pose.x_m == pytest.approx(3.0 - 0.2 - RADIUS, abs=1e-3)
    seen, _ = go(TINY, world, Drive(-0.3, 0.0), 1)
    assert not seen.collided


def test_what_hangs_above_the_robot_or_lies_flat_is_no_obstacle():
    high = SceneObject(10, "box", "red", 3.0, 2.0, 1.9, 0.0, (0.4, 0.5, 0.32))
    flat = SceneObject(11, "book", "red", 4.0, 2.0, 0.005, 0.0, (0.3, 0.2, 0.01))
    seen, _ = go(TINY, TINY.reset(hall(high, flat), Key(0))[1], Drive(0.5, 0.0), 90)
    assert seen.pose.x_m == pytest.approx(5.5, abs=1e-6) and not seen.collided


def test_one_step_goes_no_farther_than_speed_times_period():
    world = TINY.reset(hall(), Key(0))[1]
    limits = Limits()
    for action in (Drive(99.0, 0.0), Move(99.0)):
        seen, _ = go(TINY, world, action, 1)
        assert seen.pose.x_m == pytest.approx(1.0 + limits.forward_m_s * 0.1)
    for action in (Drive(0.0, -99.0), Turn(-99.0)):
        seen, _ = go(TINY, world, action, 1)
        assert seen.pose.yaw_rad == pytest.approx(-limits.turn_rad_s * 0.1)


def test_a_move_uses_only_the_time_it_needs_and_the_next_action_the_rest():
    world = TINY.reset(hall(), Key(0))[1]
    observations, _ = TINY.step({"robot": (Turn(0.075), Move(9.0), Move(9.0))}, world)
    at = observations["robot"].pose
    assert at.yaw_rad == pytest.approx(0.075)
    assert math.hypot(at.x_m - 1.0, at.y_m - 2.0) == pytest.approx(0.025, abs=1e-9)
    observations, _ = TINY.step({"robot": (Stop(), Move(9.0))}, world)
    assert observations["robot"].pose == Pose2(1.0, 2.0, 0.0)


def person(*route, ident=20, speed=0.5):
    body = SceneObject(ident, "person", "blue", *route[0], 0.86, 0.0, (0.36, 0.52, 1.72))
    return Walker(body, tuple(route), speed)


def test_a_person_walks_its_route_round_and_round():
    scene = hall(people=(person((3.0, 1.0), (4.0, 1.0), (4.0, 1.5)),))
    world = TINY.reset(scene, Key(0))[1]
    seen = []
    for _ in range(130):
        world = TINY.step({}, world)[1]
        seen.append((world.strolls[0].x_m, world.strolls[0].y_m))
    for corner in scene.people[0].route:
        assert min(math.dist(corner, at) for at in seen) < 0.06
    assert sum(math.dist(scene.people[0].route[0], at) < 1e-6 for at in seen) >= 2  # came round again
    assert max(math.dist(a, b) for a, b in zip(seen, seen[1:])) <= 0.05 + 1e-9


def test_a_person_turns_back_before_the_robot_and_before_another_person():
    scene = hall(people=(person((4.0, 2.0), (1.0, 2.0)), person((7.0, 2.0), (4.1, 2.0), ident=21)))
    world = TINY.reset(scene, Key(0))[1]
    places = []
    for _ in range(250):
        world = TINY.step({}, world)[1]
        assert TINY.invariant(world) == 0.0
        one, two = world.strolls
        assert math.dist((one.x_m, one.y_m), (two.x_m, two.y_m)) >= 2 * 0.26
        places.append(one.x_m)
    assert min(places) > 1.0 + RADIUS + 0.26
    nearest = places.index(min(places))
    assert max(places[nearest:]) > 3.0  # it did not wait there for ever


def test_a_person_who_stands_stays():
    world = TINY.reset(hall(people=(person((4.0, 2.0)),)), Key(0))[1]
    for _ in range(5):
        after = TINY.step({}, world)[1]
        assert after.strolls == world.strolls


def test_a_wall_with_a_doorway_lets_the_robot_through_the_doorway_only():
    walls = (
        Wall(3.9, 0, 0, 4.0, 1.5, 2.6),
        Wall(3.9, 2.5, 0, 4.0, 4, 2.6),
        Wall(3.9, 1.5, 2.05, 4.0, 2.5, 2.6),
    )
    seen, _ = go(TINY, TINY.reset(hall(walls=walls), Key(0))[1], Drive(0.5, 0.0), 90)
    assert seen.pose.x_m > 5.0
    start = Pose2(1.0, 0.8, 0.0)
    seen, _ = go(TINY, TINY.reset(hall(walls=walls, start=start), Key(0))[1], Drive(0.5, 0.0), 90)
    assert seen.pose.x_m < 3.9 - RADIUS + 1e-6
