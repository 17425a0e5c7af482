"""Doors and lids hang on hinges: robots and people push them, containers carry them, what is inside stays inside."""

import math

import pytest

from droidlet_schema import Drive, Key, Pose, Pose2, SceneObject, evolve
from droidlet_simulators import PlacementError, SceneError, Walker, Wall, make_scene
from droidlet_simulators.mujoco import MujocoSimulator
from droidlet_simulators.scene import Gesture, Leaf
from simulators.mujoco_parts import PERSON, bare, hall, place_of, run, started

ROBOT = bare()
DOOR = SceneObject(40, "door", "white", 3.0, 2.0, 1.015, 0.0, (0.08, 1.0, 2.03))
CHEST = SceneObject(41, "chest", "brown", 5.0, 3.0, 0.19, math.pi / 2, (0.44, 0.6, 0.38))
LID = SceneObject(42, "lid", "brown", 5.0, 3.0, 0.4, math.pi / 2, (0.44, 0.6, 0.04))
CUP = SceneObject(43, "cup", "red", 5.0, 3.0, 0.1, 0.0, (0.11, 0.11, 0.13))
FRIDGE = SceneObject(44, "fridge", "white", 0.5, 0.6, 0.85, 0.0, (0.6, 0.6, 1.7))
FRONT = SceneObject(45, "door", "white", 0.84, 0.6, 0.85, 0.0, (0.08, 0.6, 1.7))
WALLS = (Wall(2.95, 0.0, 0.0, 3.05, 1.5, 2.6), Wall(2.95, 2.5, 0.0, 3.05, 4.0, 2.6))
LEAVES = (Leaf(DOOR, -math.pi / 2), Leaf(LID, container=41), Leaf(FRONT, math.pi / 2, 44))


def flat(*things, leaves=LEAVES, **more):
    return evolve(hall(CHEST, FRIDGE, *things, **more), walls=WALLS, leaves=leaves)


def test_a_robot_pushes_a_door_open_and_goes_through():
    world = started(ROBOT, flat(start=Pose2(2.0, 2.05, 0.0)))
    assert place_of(ROBOT, world, 40) == DOOR
    _, world = run(ROBOT, world, *[(Drive(0.4, 0.0),)] * 45)
    seen, world = run(ROBOT, world, *[()] * 3)
    assert seen.pose.x_m > 3.2
    assert place_of(ROBOT, world, 40).yaw_rad < -0.5
    assert ROBOT.invariant(world) == 5


def test_a_door_turns_one_way_only():
    world = started(ROBOT, flat(start=Pose2(4.2, 2.05, math.pi)))
    seen, world = run(ROBOT, world, *[(Drive(0.4, 0.0),)] * 40)
    assert seen.pose.x_m > 3.2
    assert seen.collided
    assert abs(place_of(ROBOT, world, 40).yaw_rad) < 0.05


def test_a_person_pushes_a_door_open():
    person = Walker(evolve(PERSON, x_m=2.0, y_m=2.1), ((2.0, 2.1), (4.4, 2.1)), 0.6)
    world = started(ROBOT, flat(people=[person], start=Pose2(1.0, 3.4, 0.0)))
    _, world = run(ROBOT, world, *[()] * 30)
    assert place_of(ROBOT, world, PERSON.id).x_m > 3.6
    assert place_of(ROBOT, world, 40).yaw_rad < -0.5


def test_who_sits_does_not_walk():
    person = Walker(PERSON, ((PERSON.x_m, PERSON.y_m), (4.0, 2.7)), 0.6, 0.8, (Gesture("sit", -1.0, 0.5),))
    world = started(ROBOT, hall(people=[person]))
    _, world = run(ROBOT, world, *[()] * 5)
    assert place_of(ROBOT, world, PERSON.id).y_m == PERSON.y_m
    _, world = run(ROBOT, world, *[()] * 3)
    assert place_of(ROBOT, world, PERSON.id).y_m < PERSON.y_m
    (said,) = ROBOT.left_out(hall(people=[person]))
    assert said == "people: person 25 moves its limbs; here it is a stiff figure that glides"


def test_a_cup_stays_in_its_chest_whose_lid_stays_open_or_shut():
    opened = tuple(evolve(leaf, open=True) for leaf in LEAVES)
    for leaves, tall in ((LEAVES, 0.04), (opened, 0.44)):
        world = started(ROBOT, flat(CUP, leaves=leaves))
        _, world = run(ROBOT, world, *[()] * 15)
        cup = place_of(ROBOT, world, 43)
        assert math.dist((cup.x_m, cup.y_m), (5.0, 3.0)) < 0.01
        assert cup.z_m < 0.12
        assert abs(place_of(ROBOT, world, 42).size_m[2] - tall) < 0.01
    assert abs(place_of(ROBOT, world, 45).yaw_rad - math.pi / 2) < 0.01


def test_a_container_takes_its_leaves_along_and_away():
    world = started(ROBOT, flat())
    moved = ROBOT.move_object(world, 41, Pose(1.5, 3.0, 0.19))
    lid = place_of(ROBOT, moved, 42)
    assert math.dist((lid.x_m, lid.y_m, lid.z_m), (1.5, 3.0, 0.4)) < 1e-9
    assert abs(lid.yaw_rad) < 1e-9
    gone = ROBOT.remove_object(world, 44)
    assert [thing.id for thing in ROBOT.objects(gone)] == [40, 41, 42]
    with pytest.raises(PlacementError, match="a door hangs on its hinge"):
        ROBOT.move_object(world, 40, Pose(1.0, 1.0, 1.0))
    run(ROBOT, ROBOT.remove_object(moved, 40), (), ())


@pytest.mark.parametrize(
    ("leaves", "said"),
    [
        ((Leaf(LID, container=99),), "has the container 99: no such object"),
        ((Leaf(DOOR, 0.0),), "swing_rad 0.0"),
        ((Leaf(DOOR, math.nan),), "swing_rad nan"),
        ((Leaf(DOOR), Leaf(DOOR)), r"share the ids \[40\]"),
        ((Leaf(evolve(DOOR, colour="plaid")),), "plaid"),
    ],
)
def test_leaves_that_cannot_be_are_refused(leaves, said):
    with pytest.raises(SceneError, match=said):
        ROBOT.reset(flat(leaves=leaves), Key(0))


@pytest.mark.parametrize("seed", range(4))
def test_generated_flats_with_doors_and_containers_stand_still(seed):
    scene = make_scene(seed, doors=True, containers=2, people=0)
    still = MujocoSimulator(())
    first = still.reset(scene, Key(0))[1]
    world = first
    for _ in range(10):
        world = still.step({}, world)[1]
    assert still.invariant(world) == len(scene.objects) + len(scene.leaves)
    for before, after in zip(still.objects(first), still.objects(world)):
        assert math.dist((before.x_m, before.y_m, before.z_m), (after.x_m, after.y_m, after.z_m)) < 0.05, (
            before
        )
