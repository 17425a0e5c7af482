"""What Habitat loads, over a FAKE of it that has its traps."""

from __future__ import annotations

import math

import numpy as np
import pytest

from droidlet_geometry import quaternion_to_matrix
from droidlet_schema import FrozenMap, Key, Pose2, evolve
from droidlet_simulators import (
    Lighting,
    Looks,
    PlacementError,
    SceneError,
    UnknownObject,
    Walker,
    WorldError,
)
from droidlet_simulators.habitat import (
    HabitatArticulated,
    HabitatObject,
    HabitatScene,
    HabitatSimulator,
)
from droidlet_simulators.habitat.glb import glb_of
from droidlet_simulators.habitat.parts import building
from droidlet_simulators.habitat.slot import SLOT
from simulators.habitat_parts import BALL, BOX, HALL, faked, one_agent, pose_at, two_agents


@pytest.fixture
def fake():
    with faked() as module:
        yield module


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


def test_what_a_dataset_s_scene_brings_stays_where_it_is(fake, tmp_path):
    dataset = tmp_path / "flats.scene_dataset_config.json"
    dataset.write_text("{}")
    scene = HabitatScene("flat 1", HALL.start, dataset=str(dataset), navmesh="none", things=(BALL, BOX))
    simulator = HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
    _, world = simulator.reset(scene, Key(1))
    for _ in range(5):
        _, world = simulator.step({}, world)
    (door,) = SLOT.engine.sim.get_articulated_object_manager().objects
    assert door.joint_positions == [0.0, 0.0]
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


def test_joints_are_set_kept_and_refused(fake, tmp_path):
    urdf = tmp_path / "arm.urdf"
    urdf.write_text(
        '<robot name="arm"><link name="a"/><link name="b"/><link name="c"/><link name="d"/>'
        '<joint name="j" type="revolute"><parent link="a"/><child link="b"/></joint>'
        '<joint name="k" type="prismatic"><parent link="b"/><child link="c"/></joint>'
        '<joint name="f" type="fixed"><parent link="c"/><child link="d"/></joint></robot>'
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
    (joints,) = world.articulated
    for short in (evolve(joints, positions=(0.1,)), evolve(joints, velocities=())):
        with pytest.raises(WorldError, match="2 numbers"):
            simulator.observe(evolve(world, articulated=(short,)))
    simulator.observe(world)
    wrong = evolve(scene, articulated=(HabitatArticulated(arm, str(urdf), (0.1,)),))
    with pytest.raises(SceneError, match="2 joints"):
        simulator.reset(wrong, Key(1))
    assert "joints are 0 in semantic" in simulator.left_out(scene)[0]
    simulator.close()
    urdf.unlink()
    with pytest.raises(SceneError, match="no XML"):
        simulator.observe(world)


def one_link(tmp_path, inertial=""):
    path = tmp_path / "one.urdf"
    path.write_text(f'<robot name="one"><link name="base">{inertial}</link></robot>')
    return str(path)


ORIGIN = '<inertial><origin xyz="0.1 0.2 0.3" rpy="0 0 1.5707963267948966"/><mass value="1"/></inertial>'


@pytest.mark.parametrize(
    ("up", "inertial", "place", "ahead", "upwards"),
    [  # where the root link's centre of mass is, and the inertial frame's own first and third axis, natively
        ("y", "", (-3.0, 0.5, -2.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
        ("y", ORIGIN, (-2.9, 0.7, -1.7), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        ("z", "", (-3.0, 0.5, -2.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0)),
        ("z", ORIGIN, (-3.2, 0.8, -2.1), (-1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
    ],
)
def test_the_base_of_a_thing_with_joints_stands_where_the_scene_says(
    fake, tmp_path, up, inertial, place, ahead, upwards
):
    thing = evolve(BOX, id=30, x_m=2.0, y_m=3.0, z_m=0.5, yaw_rad=0.0)
    jointed = HabitatArticulated(thing, one_link(tmp_path, inertial), up=up)
    one_agent().reset(HabitatScene("NONE", HALL.start, navmesh="none", articulated=(jointed,)), Key(1))
    body = SLOT.engine.jointed[30]
    turn = quaternion_to_matrix([body.rotation.scalar, *body.rotation.vector])
    assert tuple(body.translation) == pytest.approx(place)
    assert turn[:, 0] == pytest.approx(ahead) and turn[:, 2] == pytest.approx(upwards)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no xml", "no XML"),
        ('<robot><link name="a"/><link name="b"/></robot>', "'a', 'b'"),
        ('<robot><link name="a"><inertial><origin xyz="1 2"/></inertial></link></robot>', "three numbers"),
        ('<robot><link name="a"><inertial><origin rpy="0 nan 0"/></inertial></link></robot>', "not finite"),
    ],
)
def test_a_file_without_a_base_is_refused(fake, tmp_path, text, says):
    path = tmp_path / "bad.urdf"
    path.write_text(text)
    scene = HabitatScene(
        "NONE", HALL.start, navmesh="none", articulated=(HabitatArticulated(BOX, str(path)),)
    )
    with pytest.raises(SceneError, match=says):
        one_agent().reset(scene, Key(1))
    sideways = HabitatArticulated(BOX, one_link(tmp_path), up="x")
    with pytest.raises(SceneError, match="up of object"):
        one_agent().reset(evolve(scene, articulated=(sideways,)), Key(1))


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
    oval = evolve(BALL, size_m=(0.3, 0.24, 0.24))
    falling = HabitatSimulator(one_agent().agents, period_ns=96_000_000, dynamics=True)
    assert "Bullet's balls have one radius" in falling.left_out(evolve(HALL, objects=(oval,)))[-1]
    assert not any("Bullet" in line for line in falling.left_out(HALL))
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
