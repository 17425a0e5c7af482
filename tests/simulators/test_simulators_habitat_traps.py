"""The adapter meets the traps of habitat-sim; below it is a FAKE that has them. ProcessDeath is no Exception."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading

import attr
import numpy as np
import pytest

from droidlet_schema import Drive, FrozenMap, Key, Look, Move, Pose2, Speak, Turn, evolve
from droidlet_simulators import (
    AgentSpec,
    Lighting,
    Looks,
    NotInstalled,
    PlacementError,
    SceneError,
    SimulatorError,
    UnknownAction,
    UnknownObject,
    Walker,
    WorldError,
)
from droidlet_simulators.habitat import (
    HabitatArticulated,
    HabitatObject,
    HabitatScene,
    HabitatSimulator,
    NavmeshSettings,
    geodesic_distance,
    greedy_actions,
    random_place,
    recover,
)
from droidlet_simulators.habitat.glb import glb_of
from droidlet_simulators.habitat.loading import load, release_of
from droidlet_simulators.habitat.parts import building
from droidlet_simulators.habitat.slot import SLOT
from droidlet_simulators.room.limits import Limits
from simulators.habitat_parts import BALL, BOX, FAKE, HALL, camera, faked, one_agent, pose_at, two_agents


@pytest.fixture
def fake():
    with faked() as module:
        yield module


@pytest.mark.parametrize("release", ["0.3.3", "0.3.4"])
def test_agents_with_cameras_of_one_name_see_for_themselves(release):
    with faked(release):
        assert release_of(load()) == release
        seen, _ = two_agents().reset(HALL, Key(1))

    a, b = (seen[agent].frames["head"] for agent in "ab")
    assert not np.array_equal(a.depth_m, b.depth_m) and a.camera != b.camera


def test_pictures_ids_and_depth_are_the_scene_s(fake):
    seen, world = one_agent().reset(HALL, Key(1))
    ids = seen["a"].semantics["head"].ids
    assert set(np.unique(ids)) == {0, 10}
    shown = evolve(BOX, semantic_id=-1)
    seen, _ = one_agent().reset(evolve(HALL, objects=(shown,)), Key(1))
    assert set(np.unique(seen["a"].semantics["head"].ids)) == {0, -1}


def test_a_y_up_building_stands_upright(fake):
    seen, _ = one_agent().reset(evolve(HALL, objects=()), Key(1))
    frame = seen["a"].frames["head"]
    assert frame.depth_m[12, 16] == pytest.approx(3.0, abs=1e-3)  # the wall ahead, along the axis
    assert frame.depth_m[12, 0] == pytest.approx(3.0, abs=0.1)  # planar: as far at the picture's side


@pytest.mark.parametrize("up", ["y", "z"])
def test_a_bare_mesh_is_loaded_as_its_axes_are_said_to_be(fake, tmp_path, up):
    path = tmp_path / "flat.glb"
    path.write_bytes(glb_of(building(evolve(HALL, walls=()))))
    scene = HabitatScene(str(path), HALL.start, up=up, navmesh="recompute")
    if up == "z":  # the floor is a wall then, and nobody can stand there
        with pytest.raises(SceneError):
            one_agent().reset(scene, Key(1))
        return
    seen, world = one_agent().reset(scene, Key(1))
    assert seen["a"].frames["head"].depth_m[12, 16] == pytest.approx(3.0, abs=1e-3)
    assert world.agents["a"].z_m == pytest.approx(0.1)  # a scene's own floors have the navmesh's height


BAD = [
    ({"gpu_device_id": -2}, "gpu_device_id"),
    ({"gpu_device_id": 0.5}, "gpu_device_id"),
    ({"near_m": 0.0}, "near_m"),
    ({"near_m": math.nan}, "near_m"),
    ({"near_m": 2.0, "far_m": 1.0}, "near_m is 2.0"),
    ({"far_m": math.inf}, "far_m"),
    ({"period_ns": 0}, "period_ns"),
    ({"period_ns": 1e8}, "period_ns"),
    ({"limits": Limits(radius_m=math.nan)}, "limits.radius_m"),
    ({"navmesh": NavmeshSettings(cell_m=0.0)}, "navmesh.cell_m"),
    ({"agents": ()}, "at least one"),
    ({"agents": (AgentSpec("", ()),)}, "name of its own"),
    ({"agents": (AgentSpec("a"), AgentSpec("a"))}, "name of its own"),
    ({"agents": (AgentSpec("a", (camera(), camera())),)}, "name of its own"),
    ({"agents": (AgentSpec("a", (), ("contacts",)),)}, "contacts"),
    ({"agents": (AgentSpec("a", (camera(width=0),)),)}, "width"),
    ({"agents": (AgentSpec("a", (camera(height=16385),)),)}, "height"),
    ({"agents": (AgentSpec("a", (camera(horizontal_fov_rad=90.0),)),)}, "degrees"),
    ({"agents": (AgentSpec("a", (camera(model="orthographic"),)),)}, "orthographic"),
    ({"agents": (AgentSpec("a", (camera(model="lens"),)),)}, "lens"),
    ({"agents": (AgentSpec("a", (camera(pictures=("heat",)),)),)}, "heat"),
    ({"agents": (AgentSpec("a", (camera(mount=pose_at(math.nan, 0, 1)),)),)}, "mount"),
    ({"agents": (AgentSpec("a", (camera(mount=evolve(pose_at(0, 0, 1), qw=2.0)),)),)}, "quaternion"),
    ({"dynamics": True, "period_ns": 100_000_000}, "96000000 is the nearest"),
]


@pytest.mark.parametrize(("wrong", "says"), BAD, ids=[says for _, says in BAD])
def test_a_configuration_that_cannot_be_is_refused_at_once(fake, wrong, says):
    with pytest.raises(SimulatorError, match=says):
        HabitatSimulator(**wrong)
    assert SLOT.engine is None


def test_a_device_is_tried_in_another_process(fake, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", FAKE)
    with pytest.raises(SimulatorError, match="gpu_device_id is 0"):
        one_agent(gpu_device_id=0).reset(HALL, Key(1))
    assert SLOT.engine is None


def test_the_second_agent_s_bad_action_leaves_the_first_where_it_was(fake):
    simulator = two_agents()
    seen, world = simulator.reset(HALL, Key(1))
    for bad in (Drive(math.nan, 0.0), Move(math.inf), "forward", None, Turn(math.nan)):
        with pytest.raises(UnknownAction):
            simulator.step({"a": (Move(0.1),), "b": (bad,)}, world)
        assert simulator.observe(world) == seen


def test_another_thread_is_told_so(fake):
    simulator = one_agent()
    _, world = simulator.reset(HALL, Key(1))
    raised = []

    def elsewhere():
        for call in (lambda: simulator.observe(world), lambda: simulator.step({}, world), simulator.close):
            try:
                call()
            except SimulatorError as error:
                raised.append(str(error))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert len(raised) == 3 and all("thread" in line for line in raised)
    assert simulator.step({}, world)[1].step == 1


def test_any_one_thread_will_do_and_closing_lets_another_begin(fake):
    found = []

    def elsewhere():
        simulator = one_agent()
        found.append(simulator.reset(HALL, Key(1))[0])
        simulator.close()

    for _ in range(2):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert found[0] == found[1] == one_agent().reset(HALL, Key(1))[0]


def test_a_fork_is_refused_before_it_hangs(fake):
    simulator = one_agent()
    _, world = simulator.reset(HALL, Key(1))
    SLOT._process += 1  # as if this were the child
    try:
        with pytest.raises(SimulatorError, match="fork"):
            simulator.observe(world)
    finally:
        SLOT._process -= 1


def test_there_is_one_engine_at_a_time_and_closing_twice_is_nothing(fake):
    first, second = one_agent(), two_agents()
    seen, world = first.reset(HALL, Key(1))
    second.reset(HALL, Key(1))
    assert first.observe(world) == seen
    first.close()
    first.close()
    second.close()
    assert SLOT.engine is None and first.observe(world) == seen


def test_an_engine_that_fails_is_replaced(fake, monkeypatch):
    simulator = one_agent()
    seen, world = simulator.reset(HALL, Key(1))
    SLOT.engine.sim.get_sensor_observations = lambda ids: 1 // 0
    with pytest.raises(SimulatorError, match="ZeroDivisionError"):
        simulator.observe(world)
    assert SLOT.engine is None and simulator.observe(world) == seen


def test_an_interrupted_call_leaves_no_engine_behind(fake):
    simulator = one_agent()
    seen, world = simulator.reset(HALL, Key(1))

    def interrupted(ids):
        raise KeyboardInterrupt

    SLOT.engine.sim.get_sensor_observations = interrupted
    with pytest.raises(KeyboardInterrupt):
        simulator.observe(world)
    assert SLOT.engine is None and simulator.observe(world) == seen


def test_things_that_are_gone_or_nowhere_are_told(fake):
    for spoil, says in (
        (lambda body: setattr(body, "is_alive", False), "is gone"),
        (lambda body: setattr(body, "linear_velocity", (0.0, math.nan, 0.0)), "out of all bounds"),
    ):
        simulator = HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
        _, world = simulator.reset(HALL, Key(1))
        spoil(SLOT.engine.bodies[11][0][0])
        with pytest.raises(SimulatorError, match=says):
            simulator.step({}, world)
        assert SLOT.engine is None and simulator.step({}, world)[1].step == 1


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


def test_what_a_dataset_s_scene_brings_stays_where_it_is(fake, tmp_path):
    dataset = tmp_path / "flats.scene_dataset_config.json"
    dataset.write_text("{}")
    scene = HabitatScene("flat 1", HALL.start, dataset=str(dataset), navmesh="none", things=(BALL, BOX))
    simulator = HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
    _, world = simulator.reset(scene, Key(1))
    for _ in range(5):
        _, world = simulator.step({}, world)
    floating, *ours = SLOT.engine.sim.get_rigid_object_manager().objects
    assert tuple(floating.translation) == (0.0, 5.0, 0.0) and ours[1].translation[1] < 1.0
    assert world.rigids[1].pose.z_m < 1.0
    said = simulator.left_out(scene)
    assert any("the dataset's scene" in line for line in said)
    assert any(line.startswith("object 10 as an obstacle") for line in said)


def test_the_first_pose_is_the_scene_s_and_not_a_drawn_one(fake):
    _, world = two_agents().reset(HALL, Key(1))
    assert (world.agents["a"].x_m, world.agents["a"].y_m, world.agents["a"].yaw_rad) == (1.0, 1.0, 0.0)
    assert world.agents["b"].yaw_rad == -1.0


def test_the_agents_size_is_the_navmesh_s(fake):
    slim, fat = one_agent(limits=Limits(radius_m=0.1)), one_agent(limits=Limits(radius_m=0.3))
    start = evolve(HALL, start=Pose2(2.3, 2.0, 0.0))  # 0.2 m from the wall
    slim.reset(start, Key(1))
    with pytest.raises(SceneError, match="stand in a wall"):
        fat.reset(start, Key(1))


def test_the_checks_of_attrs_classes_stay_on(fake):
    one_agent().reset(HALL, Key(1))
    assert attr.get_run_validators()


def test_habitat_starts_in_a_folder_that_spares_it_the_light_map(fake):
    before = os.getcwd()
    one_agent().reset(HALL, Key(1))
    assert '"enable_ibl": false' in SLOT.engine.sim._settings
    assert SLOT.engine.sim._settings.count('"none"') == 2
    folder = SLOT.engine.folder.path
    assert os.getcwd() == before and os.path.isdir(folder)
    SLOT.close()
    assert not os.path.exists(folder)


def test_logs_are_quiet_unless_somebody_wants_them():
    code = (
        "from droidlet_simulators.habitat.loading import load; load(); "
        "import os; print(os.environ['HABITAT_SIM_LOG'])"
    )
    root = os.path.dirname(
        os.path.dirname(os.path.dirname(sys.modules["droidlet_simulators.habitat"].__file__))
    )
    said = []
    for given in ({}, {"HABITAT_SIM_LOG": "debug"}):
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([FAKE, root]), **given}
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True, timeout=60
        )
        said.append(done.stdout.strip())
    assert said == ["quiet", "debug"]


SCENES = [
    HabitatScene("", Pose2(0.0, 0.0, 0.0)),
    HabitatScene("no-such.glb", Pose2(0.0, 0.0, 0.0)),
    HabitatScene("none", Pose2(0.0, 0.0, 0.0)),
    HabitatScene("NONE", Pose2(0.0, 0.0, 0.0), navmesh="no-such.navmesh"),
    HabitatScene("NONE", Pose2(0.0, 0.0, 0.0), navmesh=__file__),
    HabitatScene("apartment", Pose2(0.0, 0.0, 0.0), dataset="no-such.json"),
    HabitatScene("NONE", Pose2(math.nan, 0.0, 0.0), navmesh="none"),
    HabitatScene("NONE", Pose2(0.0, 0.0, 0.0), navmesh="none", objects=(HabitatObject(BOX, "no such"),)),
    HabitatScene(
        "NONE", Pose2(0.0, 0.0, 0.0), navmesh="none", objects=(HabitatObject(BOX, "cubeSolid", "dynamic"),)
    ),
    HabitatScene(
        "NONE", Pose2(0.0, 0.0, 0.0), navmesh="none", articulated=(HabitatArticulated(BOX, "no.urdf"),)
    ),
    evolve(HALL, size_m=(math.inf, 1.0, 1.0)),
    evolve(HALL, start=Pose2(2.5, 1.0, 0.0)),  # in the box
    evolve(HALL, start=Pose2(-3.0, 1.0, 0.0)),
    evolve(HALL, objects=(BOX, BOX)),
    evolve(HALL, objects=(evolve(BOX, x_m=math.nan),)),
]


@pytest.mark.parametrize("number", range(len(SCENES)))
def test_a_scene_that_would_be_passed_over_or_be_fatal_is_refused(fake, number):
    with pytest.raises(SceneError):
        one_agent().reset(SCENES[number], Key(1))


def test_every_further_agent_needs_a_start(fake):
    with pytest.raises(SceneError, match="'b'"):
        two_agents().reset(evolve(HALL, starts=FrozenMap()), Key(1))


def test_without_a_navmesh_agents_go_anywhere_and_no_way_is_asked_for(fake):
    simulator = one_agent()
    _, world = simulator.reset(HabitatScene("NONE", HALL.start, navmesh="none", things=(BOX,)), Key(1))
    for _ in range(60):
        seen, world = simulator.step({"a": (Drive(0.5, 0.0),)}, world)
    assert seen["a"].pose.x_m == pytest.approx(4.0) and not seen["a"].collided
    with pytest.raises(SimulatorError, match="navmesh"):
        geodesic_distance(simulator, world, "a", 1.0, 1.0)


def test_reset_puts_things_back_and_stills_them(fake):
    simulator = HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
    seen, first = simulator.reset(HALL, Key(1))
    world = first
    for _ in range(5):
        _, world = simulator.step({}, world)
    ball = next(rigid for rigid in world.rigids if rigid.thing.id == 11)
    assert ball.pose.z_m < 0.9 and ball.velocity_m_s[2] != 0.0
    assert simulator.reset(HALL, Key(1)) == (seen, first)
    assert simulator.observe(first) == seen


def test_physics_runs_whole_steps_of_its_own(fake):
    simulator = HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
    _, world = simulator.reset(HALL, Key(1))
    for _ in range(10):
        _, world = simulator.step({}, world)
    assert SLOT.engine.sim.world_time == pytest.approx(10 * 0.096) and SLOT.engine.sim._left_s == 0.0
    assert world.now_ns == 960_000_000


def test_recovery_says_how_good_it_is(fake):
    still, falling = one_agent(), HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
    _, world = still.reset(HALL, Key(1))
    assert recover(still, world).how == "exact"
    _, world = falling.reset(HALL, Key(1))
    log = [{"a": (Drive(0.3, 0.1),)}] * 12
    for actions in log:
        last, world = falling.step(actions, world)
    after = falling.step({}, world)
    falling.close()
    resumed = recover(falling, world)
    assert resumed.how == "resumed, not exact" and resumed.world == world
    assert falling.step({}, resumed.world) != after  # what the solver kept is gone
    again = recover(falling, world, log)
    assert (again.how, again.observations, again.world) == ("run again", last, world)
    assert falling.step({}, again.world) == after
    for bad in (log[:-1], [{}] * 12):
        with pytest.raises(SimulatorError, match="log"):
            recover(falling, world, bad)


def test_things_that_tumble_are_told_by_the_box_around_them(fake):
    simulator = HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
    _, world = simulator.reset(HALL, Key(1))
    lying = evolve(pose_at(3.0, 3.0, 1.0), qw=math.sqrt(0.5), qx=math.sqrt(0.5))
    moved = simulator.move_object(world, 10, lying)
    thing = next(t for t in simulator.objects(moved) if t.id == 10)
    assert thing.size_m == pytest.approx((0.4, 0.4, 0.4)) and thing.x_m == 3.0


def test_a_world_of_nothing_but_nan_is_refused(fake):
    simulator = one_agent()
    _, world = simulator.reset(HALL, Key(1))
    body = world.agents["a"]
    for bad in (
        evolve(world, agents=FrozenMap({"a": evolve(body, x_m=math.nan)})),
        evolve(world, agents=FrozenMap({"z": body})),
        evolve(world, rigids=(evolve(world.rigids[0], velocity_m_s=(math.inf, 0.0, 0.0)),)),
        evolve(world, radius_m=0.3),
        "world",
    ):
        for call in (simulator.observe, simulator.objects, lambda w: simulator.step({}, w)):
            with pytest.raises(WorldError):
                call(bad)


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


def test_joints_are_set_kept_and_refused(fake, tmp_path):
    urdf = tmp_path / "arm.urdf"
    urdf.write_text(
        '<robot name="arm"><link name="a"/><link name="b"/><link name="c"/>'
        '<joint name="j" type="revolute"/><joint name="k" type="prismatic"/><joint name="f" type="fixed"/></robot>'
    )
    arm = evolve(BOX, id=30, x_m=3.0, y_m=3.0)
    scene = HabitatScene(
        "NONE", HALL.start, navmesh="none", articulated=(HabitatArticulated(arm, str(urdf), (0.1, 0.2)),)
    )
    simulator = one_agent()
    _, world = simulator.reset(scene, Key(1))
    assert world.articulated[0].positions == (0.1, 0.2)
    turned = simulator.move_joints(world, 30, [0.5, 0.6])
    _, after = simulator.step({}, turned)
    assert after.articulated[0].positions == (0.5, 0.6)
    assert SLOT.engine.jointed[30].joint_positions == [0.5, 0.6]
    simulator.observe(world)
    assert SLOT.engine.jointed[30].joint_positions == [0.1, 0.2]
    for bad in ([0.1], [math.nan, 0.0]):
        with pytest.raises(PlacementError):
            simulator.move_joints(world, 30, bad)
    with pytest.raises(UnknownObject):
        simulator.move_joints(world, 10, [0.0])
    wrong = evolve(scene, articulated=(HabitatArticulated(arm, str(urdf), (0.1,)),))
    with pytest.raises(SceneError, match="2 joints"):
        simulator.reset(wrong, Key(1))
    assert "joints are 0 in semantic" in simulator.left_out(scene)[0]


def test_the_configuration_handed_to_habitat_is_its_own(fake):
    simulator = one_agent()
    simulator.reset(HALL, Key(1))
    assert simulator == one_agent() and simulator.spec.agents[0].cameras[0].pictures == camera().pictures


def test_templates_are_found_by_their_handles(fake):
    scene = HabitatScene(
        "NONE",
        HALL.start,
        navmesh="none",
        objects=(HabitatObject(evolve(BOX, x_m=2.0, z_m=1.1), "cubeSolid", "kinematic"),),
    )
    simulator = one_agent()
    seen, world = simulator.reset(scene, Key(1))
    engine = SLOT.engine
    away = simulator.move_object(world, 10, pose_at(-5.0, 0.0, 0.2))
    assert SLOT.engine is engine  # what nobody walks round moves without a new engine
    assert simulator.observe(away) != seen and simulator.observe(world) == seen


def test_what_is_left_out_is_told_exactly(fake):
    simulator = one_agent()
    assert simulator.left_out(evolve(HALL, objects=())) == ()
    said = simulator.left_out(HALL)
    assert len(said) == 1 and said[0].startswith("the colours")
    odd = evolve(BOX, id=20, class_name="dragon")
    said = simulator.left_out(evolve(HALL, objects=(odd,)))
    assert any("object 20: 'dragon'" in line for line in said)
    person = evolve(BOX, id=21, class_name="person", size_m=(0.36, 0.52, 1.72), z_m=0.86)
    stands = Walker(person, ((2.5, 1.0),))
    assert len(simulator.left_out(evolve(HALL, people=(stands,)))) == 1
    for lively, what in (
        (evolve(stands, route=((2.5, 1.0), (3.0, 1.0))), "the walk of person 21"),
        (evolve(stands, stride_m=1.0), "the stride_m of person 21"),
    ):
        said = simulator.left_out(evolve(HALL, people=(lively,)))
        assert len(said) == 2 and said[1].startswith(what)
    assert simulator.left_out(evolve(HALL, objects=(), looks=Looks(lighting=Lighting(ambient=0.5)))) == (
        "looks: Habitat does not load it",
    )


def test_look_turns_the_neck_and_speech_is_heard(fake):
    simulator = two_agents()
    seen, world = simulator.reset(HALL, Key(1))
    after, world = simulator.step({"a": (Look(0.5, -9.0), Speak("hello")), "b": (Look(0.1, 0.0),)}, world)
    assert [chat.text for chat in after["b"].heard] == ["hello"] and after["a"].heard == ()
    assert after["b"].joints["pan"].position == 0.1 and set(after["b"].poses) == {"base", "head"}
    assert after["a"].frames["head"].camera != seen["a"].frames["head"].camera
    assert world.agents["a"].tilt_rad == -Limits().tilt_rad


def test_libraries_that_are_missing_are_named(monkeypatch, tmp_path):
    broken = tmp_path / "habitat_sim"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('libEGL.so.1: cannot open shared object file')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "habitat_sim", raising=False)
    with pytest.raises(NotInstalled, match="libegl1"):
        load()
