"""Things added, moved and removed: new worlds, and what is not touched keeps its every bit."""

import math

import pytest

from droidlet_schema import Drive, Pose, SceneObject, decode, encode, evolve
from droidlet_simulators import PlacementError, UnknownObject
from simulators.mujoco_parts import (
    BALL,
    CABINET,
    CRATE,
    CUBE,
    PERSON,
    VASE,
    bare,
    hall,
    place_of,
    ready,
    run,
    started,
    walker,
)

ARMED = bare(arms=("robot",))
SCENE = hall(CRATE, BALL, CABINET, VASE, people=[walker((4.0, 2.6))])
BOOK = SceneObject(60, "book", "purple", 1.0, 0.8, 0.03, 0.4, (0.3, 0.22, 0.06))
SHELF = SceneObject(61, "shelf", "white", 0.3, 3.3, 0.9, 0.0, (0.34, 1.0, 1.8))


@pytest.fixture(scope="module")
def world():
    """In full swing: the arm moves, the ball falls, the crate is pushed, the person walks."""
    return run(ARMED, started(ARMED, SCENE), (ready(), Drive(0.5, 0.1)), *[(Drive(0.5, 0.1),)] * 5)[1]


def parts_of(world):
    """Every joint's place, speed and warm start, and every servo and mocap, by name."""
    compiled = ARMED._engine.model_of(world.plan)
    mujoco, model = compiled.mujoco, compiled.model
    data = mujoco.MjData(model)
    mujoco.mj_setState(model, data, world.state, compiled.signature)
    found = {"time": data.time}
    for number in range(model.njnt):
        joint, width = model.joint(number), {0: (7, 6)}.get(int(model.jnt_type[number]), (1, 1))
        q, v = int(joint.qposadr[0]), int(joint.dofadr[0])
        found[joint.name] = [
            data.qpos[q : q + width[0]].tobytes(),
            data.qvel[v : v + width[1]].tobytes(),
            data.qacc_warmstart[v : v + width[1]].tobytes(),
        ]
    for number in range(model.nu):
        actuator = model.actuator(number)
        act = int(actuator.actadr[0])
        found["servo " + actuator.name] = (data.ctrl[number], data.act[act] if act >= 0 else None)
    for number in range(model.nbody):
        mocap = int(model.body_mocapid[number])
        if mocap >= 0:
            found["led " + model.body(number).name] = (
                data.mocap_pos[mocap].tobytes(),
                data.mocap_quat[mocap].tobytes(),
            )
    return found


@pytest.mark.parametrize("thing", [BOOK, SHELF, evolve(PERSON, id=62, x_m=1.0, y_m=3.0)])
def test_what_is_added_leaves_every_bit_of_the_rest(world, thing):
    before = world.state.tobytes()
    added = ARMED.add_object(world, thing)
    old, new = parts_of(world), parts_of(added)
    assert {name: new[name] for name in old} == old
    assert place_of(ARMED, added, thing.id) == evolve(thing, yaw_rad=place_of(ARMED, added, thing.id).yaw_rad)
    removed = ARMED.remove_object(added, thing.id)
    assert removed == world
    assert world.state.tobytes() == before
    _, later = run(ARMED, added, (Drive(0.2, 0.0),), ())
    assert later == run(bare(arms=("robot",)), decode(encode(added)), (Drive(0.2, 0.0),), ())[1]


@pytest.mark.parametrize("ident", [21, 22, 23, 24, PERSON.id])
def test_what_is_removed_takes_nothing_along(world, ident):
    removed = ARMED.remove_object(world, ident)
    assert [t.id for t in ARMED.objects(removed)] == [t.id for t in ARMED.objects(world) if t.id != ident]
    old, new = parts_of(world), parts_of(removed)
    assert new == {name: old[name] for name in new}
    assert ARMED.invariant(removed) == ARMED.invariant(world) - 1
    run(ARMED, removed, (), ())


@pytest.mark.parametrize("ident", [22, 23, PERSON.id])
def test_what_is_moved_is_there_and_nothing_else_is_elsewhere(world, ident):
    pose = Pose(1.0, 3.2, place_of(ARMED, world, ident).z_m, math.cos(0.2), 0.0, 0.0, math.sin(0.2))
    moved = ARMED.move_object(world, ident, pose)
    found = place_of(ARMED, moved, ident)
    assert math.dist((found.x_m, found.y_m, found.z_m), (pose.x_m, pose.y_m, pose.z_m)) < 1e-9
    assert abs(found.yaw_rad - 0.4) < 1e-9
    own = {f"thing {ident}", f"led thing {ident}"}
    at_rest = parts_of(moved).get(f"thing {ident}", [b"", b""])[1]
    assert not any(at_rest)
    old, new = parts_of(world), parts_of(moved)
    assert {n: v for n, v in old.items() if n not in own} == {n: v for n, v in new.items() if n not in own}
    assert place_of(ARMED, world, ident) != found


def test_a_loose_thing_may_lie_on_its_side_and_is_given_by_the_box_around_it(world):
    lying = Pose(1.0, 0.8, 0.12, math.cos(math.pi / 4), math.sin(math.pi / 4), 0.0, 0.0)
    found = place_of(ARMED, ARMED.move_object(world, 24, lying), 24)
    assert [round(size, 6) for size in found.size_m] == [0.24, 0.42, 0.24]


@pytest.mark.parametrize(
    ("thing", "error", "said"),
    [
        (evolve(BOOK, id=21), PlacementError, "another object has it; the next free one is 26"),
        (evolve(BOOK, id=3), PlacementError, "lower ones mean floor"),
        (evolve(BOOK, class_name="dragon"), UnknownObject, "class_name is 'dragon'"),
        (evolve(BOOK, x_m=4.6, y_m=2.0, z_m=0.5), PlacementError, "deep in the cabinet 23"),
        (evolve(BOOK, z_m=0.0), PlacementError, "deep in the floor"),
        (evolve(SHELF, x_m=2.2, y_m=2.0), PlacementError, "deep in robot 'robot'"),
        (evolve(SHELF, x_m=4.0, y_m=3.0), PlacementError, "deep in person 25"),
        (evolve(BOOK, x_m=7.0), PlacementError, "outside the scene"),
        (evolve(BOOK, size_m=(0.3, 0.2, 0.0)), PlacementError, "sizes of 1 mm and more"),
        (evolve(BOOK, semantic_id=2**40), PlacementError, "semantic pictures are int32"),
        ("book", UnknownObject, "a SceneObject is needed"),
    ],
)
def test_what_cannot_be_added_is_refused(world, thing, error, said):
    before = world.state.tobytes()
    with pytest.raises(error, match=said):
        ARMED.add_object(world, thing)
    assert world.state.tobytes() == before


@pytest.mark.parametrize(
    ("ident", "pose", "error", "said"),
    [
        (99, Pose(1, 1, 1), UnknownObject, "no such object; there are 21, 22, 23, 24, 25"),
        (22, Pose(1, 1, math.nan), PlacementError, "finite numbers"),
        (22, Pose(1, 1, 1, 0, 0, 0, 0), PlacementError, "quaternion has length 0"),
        (23, Pose(1, 1, 0.4, 0.8, 0.6, 0, 0), PlacementError, "stand upright"),
        (22, Pose(9, 1, 1), PlacementError, "outside the scene"),
        (22, Pose(4.6, 2.0, 0.5), PlacementError, "deep in the cabinet 23"),
        (22, None, PlacementError, "a Pose is needed"),
    ],
)
def test_what_cannot_be_moved_is_refused(world, ident, pose, error, said):
    with pytest.raises(error, match=said):
        ARMED.move_object(world, ident, pose)


def test_a_thing_can_be_added_to_every_world_of_a_run_and_is_pushed():
    simulator = bare()
    world = simulator.add_object(started(simulator, hall()), evolve(CUBE, x_m=2.4))
    _, world = run(simulator, world, *[(Drive(0.4, 0.0),)] * 10)
    assert place_of(simulator, world, 20).x_m > 2.55
