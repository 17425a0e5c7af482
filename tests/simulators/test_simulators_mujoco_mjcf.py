"""Scenes in MuJoCo's own language: loaded with or without robots, from text or file, and exactly left out."""

import math
import pathlib

import mujoco
import numpy as np
import pytest

from droidlet_schema import Drive, FrozenMap, Key, Pose, Pose2, decode, encode, evolve
from droidlet_simulators import PlacementError, SceneError, UnknownObject, WorldError, robot
from droidlet_simulators.mujoco import MjcfScene, MujocoSimulator, read_mjcf, robot_mjcf
from droidlet_simulators.room.primitives import FLOOR
from simulators.mujoco_parts import CUBE, bare, place_of, run, started

ROBOT = MujocoSimulator((robot(64, 48, semantic=True),))
XML = """
<mujoco model="mine"><option timestep="0.005"/>
  <asset>
    <texture name="t" type="2d" builtin="checker" width="8" height="8" rgb1="1 0 0" rgb2="0 0 1"/>
    <material name="green" texture="t" rgba="0.1 0.9 0.1 1"/>
  </asset>
  <worldbody>
    <light pos="0 0 3"/><geom name="ground" type="plane" size="5 5 0.1"/><camera name="top" pos="0 0 3"/>
    <geom name="post" type="cylinder" size="0.1 0.5" pos="0 2 0.5"/>
    <body name="block" pos="1.5 0 0.5"><freejoint/><geom type="box" size="0.1 0.2 0.15" material="green"/></body>
    <body name="door" pos="1 -1 0.5">
      <joint name="hinge" axis="0 0 1" damping="0.05"/><geom type="box" size="0.3 0.02 0.3" pos="0.3 0 0"/>
    </body>
    <body pos="-1 1 0.3"><geom type="sphere" size="0.3"/></body>
  </worldbody>
  <actuator><motor joint="hinge"/></actuator><sensor><jointpos joint="hinge"/></sensor>
  <keyframe><key name="home" qpos="0 0 1 1 0 0 0 0.5"/></keyframe>
</mujoco>
"""
SCENE = MjcfScene(XML, FrozenMap({"robot": Pose2(0.0, 0.0, 0.0)}))
TETRAHEDRON = "v 0 0 0\nv 0.3 0 0\nv 0 0.3 0\nv 0 0 0.3\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n"


def test_bodies_are_objects_by_id_and_seen():
    world = started(ROBOT, SCENE)
    things = ROBOT.objects(world)
    assert [(t.id, t.class_name) for t in things] == [(10, "block"), (11, "door"), (12, "body 2")]
    assert [round(size, 6) for size in things[0].size_m] == [0.2, 0.4, 0.3]
    assert (things[1].x_m, things[1].y_m) == (1.3, -1.0)
    seen, world = run(ROBOT, world, *[()] * 5)
    assert {10, FLOOR} <= set(np.unique(seen.semantics["head"].ids).tolist())
    assert abs(place_of(ROBOT, world, 10).z_m - 0.15) < 0.005
    green = seen.frames["head"].rgb[seen.semantics["head"].ids == 10].mean(axis=0)
    assert green[1] > 3 * green[0]
    assert ROBOT.invariant(world) == 3


def test_a_robot_pushes_what_is_free_and_opens_what_is_hinged():
    begin = started(ROBOT, SCENE)
    _, world = run(ROBOT, begin, *[(Drive(0.5, 0.0),)] * 30)
    assert place_of(ROBOT, world, 10).x_m > 1.55
    aside = evolve(SCENE, starts=FrozenMap({"robot": Pose2(1.5, -2.0, math.pi / 2)}))
    _, world = run(ROBOT, started(ROBOT, aside), *[(Drive(0.5, 0.0),)] * 20)
    assert place_of(ROBOT, world, 11).yaw_rad > 0.2


def test_a_world_of_a_users_model_goes_on_to_the_bit():
    _, world = run(ROBOT, started(ROBOT, SCENE), *[(Drive(0.5, 0.0),)] * 22)
    steps = [(Drive(0.5, 0.1),)] * 3
    there = MujocoSimulator(ROBOT.agents)
    assert run(there, decode(encode(world)), *steps) == run(ROBOT, world, *steps)


def test_what_is_no_geom_touches_nobody_it_is_far_from():
    """MuJoCo numbers a flex's side of a contact -1, which is not the last geom: that is one of the robot's."""
    cloth = """<mujoco><worldbody><geom type="plane" size="5 5 1"/>
    <body name="table" pos="2 0 0.3"><geom type="box" size="0.3 0.3 0.3"/></body>
    <flexcomp name="cloth" type="grid" count="4 4 1" spacing="0.1 0.1 0.1" pos="2 0 0.62" radius="0.01" dim="2"
    mass="1">
    <contact selfcollide="none"/><edge equality="true"/></flexcomp></worldbody></mujoco>"""
    simulator = bare()
    seen, world = run(
        simulator, started(simulator, MjcfScene(cloth, FrozenMap({"robot": Pose2(0.0, 0.0, 0.0)}))), *[()] * 3
    )
    data = simulator._engine.model_of(world.plan).data
    assert (data.contact.geom == -1).any()  # it lies on the table
    assert not seen.collided
    assert {contact.part for contact in seen.contacts} <= {"base", "wheel_left", "wheel_right"}
    assert all(contact.object_id is None for contact in seen.contacts)


def test_without_robots_the_model_is_bare_mujoco():
    """Step for step the same bits as the library's own loop."""
    simulator = MujocoSimulator((), timestep_ns=5_000_000)
    scene = evolve(SCENE, starts=FrozenMap())
    observations, world = simulator.reset(scene, Key(0))
    assert len(observations) == 0
    model = mujoco.MjModel.from_xml_string(XML)
    data = mujoco.MjData(model)
    for _ in range(10):
        _, world = simulator.step({}, world)
        mujoco.mj_step(model, data, 20)
    state = np.empty(mujoco.mj_stateSize(model, mujoco.mjtState.mjSTATE_INTEGRATION))
    mujoco.mj_getState(model, data, state, mujoco.mjtState.mjSTATE_INTEGRATION)
    assert world.state.tobytes() == state.tobytes()
    assert place_of(simulator, world, 10).z_m < 0.2


def options(text):
    """A block that falls asleep early on, if it may, and some options."""
    return f"""<mujoco>{text}<worldbody><geom type="plane" size="5 5 1"/><body name="block" pos="1 0 0.1"><freejoint/>
    <geom type="box" size="0.1 0.1 0.1"/></body></worldbody></mujoco>"""


SLEEP = '<option sleep_tolerance="0.1"><flag sleep="enable"/></option>'
IPC = '<option integrator="discrete"><flag ipc="enable"/></option>'


@pytest.mark.parametrize(("text", "flag"), [(SLEEP, "sleep"), (IPC, "ipc")])
def test_what_a_flag_would_remember_beside_the_state_is_switched_off_and_said(text, flag):
    if not hasattr(mujoco.mjtEnableBit, f"mjENBL_{flag.upper()}"):
        pytest.skip(f"this MuJoCo has no flag {flag}")
    scene = MjcfScene(options(text))
    held, other = MujocoSimulator(()), MujocoSimulator(())
    said = held.left_out(scene)
    assert said == (f"option.flag.{flag}: switched off, since what it remembers is not in MuJoCo's state",)
    world = held.reset(scene, Key(0))[1]
    for _ in range(12):
        before, world = world, held.step({}, world)[1]
        other.reset(scene, Key(1))  # forgets what it held
        assert other.step({}, decode(encode(before)))[1] == world


def test_a_robot_brings_its_integrator_where_its_servos_need_it():
    scenes = {
        name: MjcfScene(options(f'<option integrator="{name}"/>'), FrozenMap({"robot": Pose2(0.0, 0.0, 0.0)}))
        for name in ("RK4", "implicitfast")
    }
    said = "option.integrator: RK4; implicitfast is used, which a robot's servos need"
    assert bare().left_out(scenes["RK4"]) == (said,)
    assert bare().left_out(scenes["implicitfast"]) == MujocoSimulator(()).left_out(scenes["RK4"]) == ()
    ends = [run(bare(), started(bare(), scene), (Drive(0.3, 0.0),))[1].state for scene in scenes.values()]
    assert ends[0].tobytes() == ends[1].tobytes()


def test_what_is_left_out_is_said_exactly():
    assert ROBOT.left_out(SCENE) == (
        "option.timestep: 0.005 s; the simulator's own 0.002 s is used",
        "texture: 1; rays draw each material in its one colour",
        "key: 1; worlds begin as the bodies stand in the text",
        "camera: 1; agents bring their own",
        "sensor: 1; agents bring their own",
        "actuator: 1; nobody commands them; their controls stay 0",
    )
    assert ROBOT.left_out(MjcfScene('<mujoco><option timestep="0.002"/><worldbody/></mujoco>')) == ()


def test_things_are_added_moved_and_removed_in_a_users_model():
    _, world = run(ROBOT, started(ROBOT, SCENE), *[(Drive(0.5, 0.0),)] * 22)
    added = ROBOT.add_object(world, evolve(CUBE, x_m=-2.0, y_m=-2.0))
    assert place_of(ROBOT, added, 20).x_m == -2.0
    assert place_of(ROBOT, added, 10) == place_of(ROBOT, world, 10)
    assert ROBOT.remove_object(added, 20).state.tobytes() == world.state.tobytes()
    moved = ROBOT.move_object(world, 10, Pose(-2.0, 2.0, 0.15))
    found = place_of(ROBOT, moved, 10)
    assert (found.x_m, found.y_m, found.z_m) == (-2.0, 2.0, 0.15)
    less = ROBOT.remove_object(world, 10)
    assert [t.id for t in ROBOT.objects(less)] == [11, 12]
    assert place_of(ROBOT, less, 11) == place_of(ROBOT, world, 11)
    run(ROBOT, less, (), ())
    with pytest.raises(PlacementError, match="object 12 .body 2. is fixed in its MJCF"):
        ROBOT.move_object(world, 12, Pose(0.0, 0.0, 1.0))
    with pytest.raises(UnknownObject, match="there are 11, 12"):
        ROBOT.remove_object(less, 10)


def test_a_file_with_all_that_it_needs(tmp_path, monkeypatch):
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "tet.obj").write_text(TETRAHEDRON)
    (tmp_path / "part.xml").write_text(
        '<mujocoinclude><body name="tet" pos="1.5 0 0.5"><freejoint/><geom type="mesh" mesh="tet"/></body>'
        "</mujocoinclude>"
    )
    path = tmp_path / "scene.xml"
    path.write_text(
        '<mujoco><compiler meshdir="shapes"/><asset><mesh name="tet" file="tet.obj"/></asset><worldbody>'
        '<geom type="plane" size="3 3 1"/><include file="part.xml"/></worldbody></mujoco>'
    )
    scene = read_mjcf(str(path), {"robot": Pose2(0.0, 0.0, 0.0)})
    assert set(scene.assets) == {"tet.obj"}
    monkeypatch.chdir(pathlib.Path("/"))
    for name in ("shapes/tet.obj", "part.xml", "scene.xml"):
        (tmp_path / name).unlink()
    observations, _ = ROBOT.reset(decode(encode(scene)), Key(0))
    assert 10 in observations["robot"].semantics["head"].ids
    with pytest.raises(SceneError, match="assets has no 'tet.obj', which the xml names"):
        ROBOT.reset(evolve(scene, assets=FrozenMap()), Key(0))


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("no xml", "xml is no MJCF"),
        ("<mujoco><worldbody><geom size='-1'/></worldbody></mujoco>", "cannot be made into a MuJoCo model"),
        ("<mujoco><bogus/></mujoco>", "xml is no MJCF: .*bogus"),
        ("<mujoco><include file='/etc/passwd'/></mujoco>", "read it with read_mjcf"),
        ("<mujoco><worldbody><body name='robot/base'/></worldbody></mujoco>", "cannot be made into"),
        (
            "<mujoco><worldbody><geom type='box' size='1 1 1'/></worldbody></mujoco>",
            "it would stand in the building",
        ),
    ],
)
def test_texts_that_cannot_be_are_refused(xml, said):
    with pytest.raises(SceneError, match=said):
        ROBOT.reset(evolve(SCENE, xml=xml), Key(0))


def test_a_world_with_such_a_text_is_refused():
    world = started(ROBOT, SCENE)
    spoilt = evolve(world, plan=evolve(world.plan, scene=evolve(SCENE, xml="no xml")))
    with pytest.raises(WorldError, match="world.plan has a scene that cannot be: xml is no MJCF"):
        ROBOT.observe(spoilt)


def test_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(OSError, match="nowhere.xml"):
        read_mjcf(str(tmp_path / "nowhere.xml"))
    (tmp_path / "bad.xml").write_text("<mujoco><bogus/></mujoco>")
    with pytest.raises(SceneError, match="bad.xml: MuJoCo does not take it"):
        read_mjcf(str(tmp_path / "bad.xml"))


def test_an_agent_without_a_start_is_named():
    with pytest.raises(SceneError, match="no entry for the agent 'robot': it has nobody"):
        bare().reset(MjcfScene(XML), Key(0))


@pytest.mark.parametrize("has_arm", [True, False])
def test_the_robot_is_a_model_of_its_own(has_arm):
    model = mujoco.MjModel.from_xml_string(robot_mjcf(has_arm))
    assert (model.nu, model.nq) == ((15, 20) if has_arm else (6, 11))
