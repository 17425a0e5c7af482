"""Walking in Habitat, over a FAKE of it that has its traps."""

from __future__ import annotations

import math

import pytest

from droidlet_schema import Drive, FrozenMap, Key, Look, Pose2, Speak, evolve
from droidlet_simulators import (
    PlacementError,
    SceneError,
    SimulatorError,
    UnknownObject,
)
from droidlet_simulators.habitat import (
    HabitatScene,
    geodesic_distance,
    greedy_actions,
    random_place,
)
from droidlet_simulators.room.limits import Limits
from simulators.habitat_parts import BOX, HALL, faked, one_agent, pose_at, two_agents


@pytest.fixture
def fake():
    with faked() as module:
        yield module


def test_agents_stop_before_each_other(fake):
    simulator = two_agents()
    scene = evolve(HALL, starts=FrozenMap({"b": Pose2(2.0, 1.0, math.pi)}), objects=())
    _, world = simulator.reset(scene, Key(1))
    for _ in range(20):
        seen, world = simulator.step({"a": (Drive(0.5, 0.0),), "b": (Drive(0.1, 0.0),)}, world)
    gap = seen["b"].pose.x_m - seen["a"].pose.x_m
    assert 2 * Limits().radius_m <= gap < 2 * Limits().radius_m + 0.05
    assert seen["a"].collided and seen["b"].collided
    with pytest.raises(SceneError, match="in each other"):
        simulator.reset(evolve(scene, starts=FrozenMap({"b": Pose2(1.2, 1.0, 0.0)})), Key(1))


def test_the_agents_size_is_the_navmesh_s(fake):
    slim, fat = one_agent(limits=Limits(radius_m=0.1)), one_agent(limits=Limits(radius_m=0.3))
    start = evolve(HALL, start=Pose2(2.3, 2.0, 0.0))  # 0.2 m from the wall
    slim.reset(start, Key(1))
    with pytest.raises(SceneError, match="stand in a wall"):
        fat.reset(start, Key(1))


def test_without_a_navmesh_agents_go_anywhere_and_no_way_is_asked_for(fake):
    simulator = one_agent()
    _, world = simulator.reset(HabitatScene("NONE", HALL.start, navmesh="none", things=(BOX,)), Key(1))
    for _ in range(60):
        seen, world = simulator.step({"a": (Drive(0.5, 0.0),)}, world)
    assert seen["a"].pose.x_m == pytest.approx(4.0) and not seen["a"].collided
    with pytest.raises(SimulatorError, match="navmesh"):
        geodesic_distance(simulator, world, "a", 1.0, 1.0)


def test_static_things_are_walked_round_and_moving_them_changes_the_ways(fake):
    simulator = one_agent()
    _, world = simulator.reset(HALL, Key(1))

    def far(world):
        for _ in range(40):
            seen, world = simulator.step({"a": (Drive(0.5, 0.0),)}, world)
        return seen["a"]

    blocked = far(world)
    assert blocked.collided and blocked.pose.x_m < 2.3
    away = simulator.move_object(world, 10, pose_at(3.5, 3.5, 0.2))
    assert far(away).pose.x_m > 2.9 and far(world) == blocked
    with pytest.raises(PlacementError, match="stand in 'a'"):
        simulator.move_object(world, 10, pose_at(1.0, 1.0, 0.2))
    with pytest.raises(PlacementError, match="stand in 'a'"):
        simulator.add_object(world, evolve(BOX, id=77, x_m=1.2))
    with pytest.raises(UnknownObject):
        simulator.remove_object(world, 5)
    assert len(simulator.objects(simulator.remove_object(world, 10))) == 1


def test_sliding_goes_along_a_wall_and_not_sliding_stops(fake):
    ways = []
    for sliding in (True, False):
        simulator = one_agent(sliding=sliding)
        _, world = simulator.reset(evolve(HALL, start=Pose2(3.0, 3.0, 0.6), objects=()), Key(1))
        for _ in range(30):
            seen, world = simulator.step({"a": (Drive(0.5, 0.0),)}, world)
        assert seen["a"].collided
        ways.append(seen["a"].pose.y_m)
    assert ways[0] > ways[1] + 0.1


def test_greedy_actions_arrive_and_each_fits_a_step(fake):
    simulator = one_agent()
    _, world = simulator.reset(HALL, Key(1))
    direct = math.hypot(2.2, 2.2)
    assert direct - 0.01 <= geodesic_distance(simulator, world, "a", 3.2, 3.2) < 4.5
    assert geodesic_distance(simulator, world, "a", 30.0, 3.2) == math.inf
    actions = greedy_actions(simulator, world, "a", 1.1, 3.4)
    for action in actions:
        seen, world = simulator.step({"a": (action,)}, world)
    at = seen["a"].pose
    assert math.hypot(at.x_m - 1.1, at.y_m - 3.4) < 0.4
    assert all(abs(getattr(a, "distance_m", 0.0)) <= 0.05 + 1e-9 for a in actions)
    for bad in ((math.nan, 1.0), (300.0, 1.0)):
        with pytest.raises(SimulatorError):
            greedy_actions(simulator, world, "a", *bad)


def test_random_places_come_from_the_key_whoever_else_draws(fake):
    import habitat_sim._paths as shared

    simulator = one_agent()
    _, world = simulator.reset(HALL, Key(1))
    first = random_place(simulator, world, Key(5))
    shared._RAND.random()
    assert random_place(simulator, world, Key(5)) == first != random_place(simulator, world, Key(6))
    simulator.reset(evolve(HALL, start=first), Key(1))


def test_look_turns_the_neck_and_speech_is_heard(fake):
    simulator = two_agents()
    seen, world = simulator.reset(HALL, Key(1))
    after, world = simulator.step({"a": (Look(0.5, -9.0), Speak("hello")), "b": (Look(0.1, 0.0),)}, world)
    assert [chat.text for chat in after["b"].heard] == ["hello"] and after["a"].heard == ()
    assert after["b"].joints["pan"].position == 0.1 and set(after["b"].poses) == {"base", "head"}
    assert after["a"].frames["head"].camera != seen["a"].frames["head"].camera
    assert world.agents["a"].tilt_rad == -Limits().tilt_rad
