"""The arm: its kinematics against MuJoCo's, the way to a place, and a grasp that lifts."""

import math

import mujoco
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_geometry import pose_from_matrix
from droidlet_schema import FrozenMap, Grip, JointTargets, JointVelocities, Pose, Stop
from droidlet_simulators import SimulatorError, UnknownAction
from droidlet_simulators.mujoco import FINGERS, JOINTS, READY, STOWED, arm_pose, reach, robot_mjcf
from droidlet_simulators.mujoco.arm import LINKS, arm_jacobian
from droidlet_simulators.mujoco.robot import ARM_FOOT_M, BASE_RADIUS_M
from simulators.mujoco_parts import CUBE, bare, hall, hand_down, place_of, ready, run, started

MODEL = mujoco.MjModel.from_xml_string(robot_mjcf())
angles = st.tuples(*(st.floats(link.low_rad, link.high_rad) for link in LINKS))
FOOT = Pose(*ARM_FOOT_M)


def posed(joints):
    data = mujoco.MjData(MODEL)
    for name, angle in zip(JOINTS, joints):
        data.joint(name).qpos[0] = angle
    mujoco.mj_forward(MODEL, data)
    return data


@settings(max_examples=40)
@given(angles)
def test_the_fingertips_are_where_mujoco_has_them(joints):
    data, pose = posed(joints), arm_pose(joints)
    assert np.abs(pose[:3, 3] + ARM_FOOT_M - data.site("gripper").xpos).max() < 1e-12
    assert np.abs(pose[:3, :3] - data.site("gripper").xmat.reshape(3, 3)).max() < 1e-12
    places, turns = np.zeros((3, MODEL.nv)), np.zeros((3, MODEL.nv))
    mujoco.mj_jacSite(MODEL, data, places, turns, MODEL.site("gripper").id)
    dofs = [int(MODEL.joint(name).dofadr[0]) for name in JOINTS]
    assert np.abs(arm_jacobian(joints) - np.vstack([places, turns])[:, dofs]).max() < 1e-12


@settings(max_examples=40)
@given(st.floats(0.35, 0.6), st.floats(-0.25, 0.25), st.floats(-0.25, 0.3), st.floats(-1.0, 1.0))
def test_reach_finds_every_grip_from_above_in_front(x, y, z, yaw):
    wanted = hand_down(x, y, z, yaw)
    targets = reach(Pose(0.0, 0.0, 0.0), wanted)
    joints = [targets.positions[name] for name in JOINTS]
    assert all(link.low_rad <= angle <= link.high_rad for link, angle in zip(LINKS, joints))
    found = Pose(*pose_from_matrix(arm_pose(joints)))
    assert math.dist((found.x_m, found.y_m, found.z_m), (x, y, z)) < 2e-4
    along = found.qx * wanted.qx + found.qy * wanted.qy + found.qz * wanted.qz + found.qw * wanted.qw
    assert 2 * math.acos(min(1.0, abs(along))) < 2e-3


def test_reach_says_that_it_cannot():
    with pytest.raises(
        SimulatorError, match=r"grip is \[2.0, 0.0, 0.0\] m from the arm's foot: the arm does not"
    ):
        reach(Pose(0.0, 0.0, 0.0), hand_down(2.0, 0.0, 0.0))


def test_the_folded_arm_stays_over_the_base_and_touches_nothing():
    data = posed(STOWED)
    assert not [contact for contact in data.contact if contact.dist < 0]
    shapes = {"capsule": mujoco.mjtGeom.mjGEOM_CAPSULE, "box": mujoco.mjtGeom.mjGEOM_BOX}
    for geom in range(MODEL.ngeom):
        name = MODEL.body(MODEL.geom_bodyid[geom]).name
        if not name.startswith(("link", "hand", "finger")):
            continue
        size, turn = MODEL.geom_size[geom], data.geom_xmat[geom].reshape(3, 3)
        round_shape = MODEL.geom_type[geom] == shapes["capsule"]
        ends = [(0, 0, -size[1]), (0, 0, size[1])] if round_shape else [
            (a * size[0], b * size[1], c * size[2]) for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)
        ]  # fmt: skip
        rim = size[0] if round_shape else 0.0
        assert (
            max(math.hypot(*(data.geom_xpos[geom] + turn @ end)[:2]) + rim for end in ends)
            < BASE_RADIUS_M + 0.02
        )


def test_the_arm_lifts_a_cube():
    simulator = bare(arms=("robot",))
    world = started(simulator, hall(CUBE))
    seen, world = run(simulator, world, (ready(), Grip(0.08)), *[()] * 29)
    foot, cube = seen.poses["arm"], place_of(simulator, world, 20)
    above, at = (hand_down(cube.x_m, cube.y_m, z, cube.yaw_rad) for z in (0.2, 0.03))
    _, world = run(simulator, world, (reach(foot, above),), *[()] * 19)
    _, world = run(simulator, world, (reach(foot, at),), *[()] * 11)
    assert place_of(simulator, world, 20).z_m < 0.04
    seen, world = run(simulator, world, (Grip(0.0),), *[()] * 9)
    assert seen.held == 20
    assert {contact.part for contact in seen.contacts if contact.object_id == 20} == set(FINGERS)
    squeeze = [contact.force_n for contact in seen.contacts if contact.object_id == 20]
    assert all(5.0 < force <= 71.0 for force in squeeze)
    seen, world = run(simulator, world, (reach(foot, above),), *[()] * 19)
    assert seen.held == 20
    assert not seen.collided
    assert place_of(simulator, world, 20).z_m > 0.18
    seen, world = run(simulator, world, (Grip(0.08),), *[()] * 14)
    assert seen.held is None
    assert place_of(simulator, world, 20).z_m < 0.05


def test_joints_arrive_together_no_faster_than_they_may_and_stay():
    simulator = bare(arms=("robot",))
    world = started(simulator, hall())
    goal = dict(zip(JOINTS, READY))
    seen, world = run(simulator, world, (JointTargets(FrozenMap(goal)),))
    assert set(world.bodies["robot"].goals) == set(JOINTS)
    speeds = {name: abs(seen.joints[name].velocity) for name in JOINTS}
    assert all(speeds[name] < 1.2 * link.speed_rad_s for name, link in zip(JOINTS, LINKS))
    seen, world = run(simulator, world, *[()] * 25)
    assert not world.bodies["robot"].goals
    for name in JOINTS:
        assert abs(seen.joints[name].position - goal[name]) < 0.004
    compiled = simulator._engine.model_of(world.plan)
    data = mujoco.MjData(compiled.model)
    mujoco.mj_setState(compiled.model, data, world.state, compiled.signature)
    held = {name: float(data.act[compiled.robots["robot"].joints[name].act]) for name in JOINTS}
    assert held == goal  # to the bit: small errors of many steps do not add up
    still, _ = run(simulator, world, *[()] * 10)
    for name in JOINTS:
        assert abs(still.joints[name].position - seen.joints[name].position) < 1e-3


def test_velocities_hold_for_one_step_and_a_stop_ends_every_way():
    simulator = bare(arms=("robot",))
    world = started(simulator, hall())
    begin = simulator.observe(world)["robot"].joints["joint1"].position
    _, world = run(simulator, world, (JointVelocities(FrozenMap({"joint1": -1.0})),), (), ())
    moved = simulator.observe(world)["robot"].joints["joint1"].position - begin
    assert abs(moved + 0.1) < 0.01
    _, world = run(simulator, world, (ready(),), (Stop(),))
    assert not world.bodies["robot"].goals


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (JointTargets(FrozenMap({"elbow": 1.0})), "'elbow': it takes pan, tilt, joint1"),
        (JointTargets(FrozenMap({"wheel_left": 1.0})), "'wheel_left': it takes pan"),
        (JointTargets(FrozenMap({"joint1": math.nan})), "is nan: must be finite"),
        (JointVelocities(FrozenMap({"joint1": math.inf})), "is inf: must be finite"),
        (Grip(math.nan), "Grip.opening_m of 'robot' is nan"),
    ],
)
def test_what_no_joint_does_is_refused(action, said):
    simulator = bare(arms=("robot",))
    world = started(simulator, hall())
    with pytest.raises(UnknownAction, match=said):
        simulator.step({"robot": (action,)}, world)


def test_a_robot_without_an_arm_has_no_hand():
    simulator = bare()
    world = started(simulator, hall())
    assert "Grip" not in simulator.spec.actions
    assert set(simulator.observe(world)["robot"].joints) == {"pan", "tilt", "wheel_left", "wheel_right"}
    with pytest.raises(UnknownAction, match="this robot takes Drive, Move"):
        simulator.step({"robot": (Grip(0.0),)}, world)
