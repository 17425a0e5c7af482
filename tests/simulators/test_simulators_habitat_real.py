"""The adapter over the real habitat-sim; skipped by name where that is not installed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from droidlet_schema import Drive, Key, Pose2, decode, encode, evolve
from droidlet_simulators import AgentSpec
from droidlet_simulators.conformance import SIMULATOR_LAWS, check_simulator
from droidlet_simulators.habitat import (
    HabitatArticulated,
    HabitatScene,
    HabitatSimulator,
    HabitatWorld,
    geodesic_distance,
    greedy_actions,
    random_place,
    recover,
)
from simulators.habitat_parts import BALL, BOX, HALL, camera, one_agent, pose_at, two_agents

pytest.importorskip("habitat_sim", reason="habitat-sim is not installed (it comes from conda only)")


@pytest.fixture(autouse=True)
def closed():
    yield
    one_agent().close()


def test_every_law_holds_without_physics():
    report = check_simulator(two_agents, examples=5, steps=5, bad_inputs=100)
    assert set(SIMULATOR_LAWS) - set(report.held) <= {"another process gives the same run"}, str(report)


def test_with_physics_the_laws_hold_but_for_restoring():
    falling = HabitatSimulator(two_agents().agents, period_ns=96_000_000, dynamics=True)
    report = check_simulator(
        lambda: HabitatSimulator(falling.agents, falling.period_ns, dynamics=True), examples=3
    )
    assert len(report.held) >= len(SIMULATOR_LAWS) - 3, str(report)


def test_the_wall_ahead_is_as_far_as_it_is():
    seen, _ = one_agent().reset(evolve(HALL, objects=()), Key(1))
    depth = seen["a"].frames["head"].depth_m
    assert depth[12, 16] == pytest.approx(3.0, abs=0.01)
    assert depth[12, 0] == pytest.approx(3.0, abs=0.15)


@pytest.mark.parametrize("class_name", ["box", "ball", "bin"])
def test_primitives_span_the_sizes_that_they_are_given(class_name):
    size = {"box": (0.4, 0.6, 0.8), "ball": (0.6, 0.6, 0.6), "bin": (0.6, 0.6, 0.8)}[class_name]
    thing = evolve(BOX, class_name=class_name, x_m=2.5, y_m=1.0, z_m=1.1, yaw_rad=0.0, size_m=size)
    simulator = HabitatSimulator((AgentSpec("a", (camera(width=200, height=200),)),))
    seen, _ = simulator.reset(evolve(HALL, objects=(thing,)), Key(1))
    frame, ids = seen["a"].frames["head"], seen["a"].semantics["head"].ids
    shown = ids == 10
    rows, columns = np.nonzero(shown)
    depth = float(np.median(frame.depth_m[shown]))
    wide = (columns.max() - columns.min() + 1) * depth / frame.intrinsics.fx_px
    tall = (rows.max() - rows.min() + 1) * depth / frame.intrinsics.fy_px
    assert wide == pytest.approx(size[1], rel=0.15) and tall == pytest.approx(size[2], rel=0.15)
    assert frame.depth_m[shown].min() == pytest.approx(1.5 - size[0] / 2, abs=0.05)


INERTIAL = (
    '<inertial><origin xyz="{}"/><mass value="1"/>'
    '<inertia ixx="1" ixy="0" ixz="0" iyy="1" iyz="0" izz="1"/></inertial>'
)
POST = (
    '<robot name="post"><link name="base">{}<visual><origin xyz="{}"/><geometry><box size="{}"/></geometry></visual>'
    '</link><link name="tip">{}</link><joint name="j" type="revolute"><parent link="base"/><child link="tip"/>'
    '<axis xyz="0 0 1"/><limit lower="-1" upper="1" effort="1" velocity="1"/></joint></robot>'
)


@pytest.mark.parametrize(
    ("up", "middle", "size"), [("z", "0 0 0.8", "0.2 0.4 1.6"), ("y", "0 0.8 0", "0.4 1.6 0.2")]
)
def test_a_thing_with_joints_stands_where_its_base_should(tmp_path, up, middle, size):
    path = tmp_path / "post.urdf"
    path.write_text(POST.format(INERTIAL.format("0.5 0.3 0.1"), middle, size, INERTIAL.format("0 0 0")))
    thing = evolve(BOX, id=30, x_m=2.5, y_m=1.0, z_m=0.0, yaw_rad=0.0)
    jointed = HabitatArticulated(thing, str(path), up=up)
    scene = HabitatScene("NONE", HALL.start, navmesh="none", articulated=(jointed,))
    seen, world = one_agent().reset(scene, Key(1))
    depth = seen["a"].frames["head"].depth_m
    assert depth[12, 16] == pytest.approx(1.4, abs=0.01) and depth[12, 0] == 0.0
    assert world.articulated[0].positions == (0.0,)


@pytest.mark.parametrize("model", ["fisheye", "equirectangular"])
def test_cubes_of_pinholes_see_what_a_pinhole_sees(model):
    wide = camera(name="wide", width=120, height=60, horizontal_fov_rad=2 * math.pi, model=model)
    plain = camera(name="plain", width=61, height=61)
    simulator = HabitatSimulator((AgentSpec("a", (wide, plain)),))
    seen, _ = simulator.reset(HALL, Key(1))
    a, b = seen["a"].frames["wide"], seen["a"].frames["plain"]
    assert a.depth_m[30, 60] == pytest.approx(b.depth_m[30, 30], rel=0.05)
    assert (a.depth_m > 0).mean() > 0.7


def test_a_walk_is_the_same_again_and_from_every_world_on_the_way():
    simulator = two_agents()
    for _ in range(2):
        _, world = simulator.reset(HALL, Key(3))
        worlds, seen = [world], []
        for _ in range(10):
            found, world = simulator.step({"a": (Drive(0.4, 0.3),), "b": (Drive(0.2, -0.4),)}, world)
            worlds.append(world)
            seen.append(found)
    simulator.close()
    for before, found in reversed(list(zip(worlds, seen))):
        read = decode(tuple(bytes(frame) for frame in encode(before)), HabitatWorld)
        assert simulator.step({"a": (Drive(0.4, 0.3),), "b": (Drive(0.2, -0.4),)}, read)[0] == found


def test_agents_without_cameras_have_a_navmesh_too():
    _, world = HabitatSimulator((AgentSpec("a", ()),)).reset(evolve(HALL, objects=()), Key(1))
    assert world.agents["a"].z_m == 0.0


def test_static_things_are_walked_round():
    simulator = one_agent()
    _, world = simulator.reset(HALL, Key(1))
    for _ in range(40):
        seen, world = simulator.step({"a": (Drive(0.5, 0.0),)}, world)
    assert seen["a"].pose.x_m < 2.4
    free = simulator.move_object(simulator.reset(HALL, Key(1))[1], 10, pose_at(3.5, 3.5, 0.2))
    for _ in range(40):
        seen, free = simulator.step({"a": (Drive(0.5, 0.0),)}, free)
    assert seen["a"].pose.x_m > 2.8


def test_ways_lead_where_they_should():
    simulator = one_agent()
    _, world = simulator.reset(HALL, Key(1))
    assert math.hypot(2.2, 2.2) - 0.05 <= geodesic_distance(simulator, world, "a", 3.2, 3.2) < 4.5
    for action in greedy_actions(simulator, world, "a", 3.2, 3.2):
        seen, world = simulator.step({"a": (action,)}, world)
    assert math.hypot(seen["a"].pose.x_m - 3.2, seen["a"].pose.y_m - 3.2) < 0.6
    place = random_place(simulator, world, Key(4))
    assert isinstance(place, Pose2) and place == random_place(simulator, world, Key(4))
    simulator.reset(evolve(HALL, start=place), Key(1))


def test_balls_fall_and_lie_and_a_run_can_be_run_again():
    simulator = HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
    _, world = simulator.reset(HALL, Key(1))
    log = [{}] * 25
    for actions in log:
        _, world = simulator.step(actions, world)
    ball = next(thing for thing in simulator.objects(world) if thing.id == BALL.id)
    assert ball.z_m == pytest.approx(0.12, abs=0.03)
    assert recover(simulator, world, log).how == "run again"
