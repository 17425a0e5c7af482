"""The laws of a simulator, held by RoomSimulator."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import strategies as st

from droidlet_geometry import camera_pose, project_points, unproject_to_world
from droidlet_schema import (
    Drive,
    Key,
    Look,
    Move,
    Pose,
    Pose2,
    SceneObject,
    Speak,
    Stop,
    Turn,
    decode,
    digest,
    encode,
    evolve,
)
from droidlet_simulators import (
    Area,
    Limits,
    PlacementError,
    RoomSimulator,
    RoomWorld,
    Scene,
    SceneError,
    SimulatedBody,
    SimulatorError,
    Spoken,
    UnknownAction,
    UnknownAgent,
    UnknownObject,
    Walker,
    Wall,
    make_scene,
    robot,
)
from droidlet_simulators.room.primitives import FIRST_OBJECT
from simulators.often import often

SMALL = RoomSimulator((robot(24, 18, semantic=True),))
CHAIR = SceneObject(70, "chair", "red", 3.0, 2.0, 0.47, 0.3, (0.47, 0.46, 0.94))

actions = st.one_of(
    st.builds(Drive, st.floats(-1, 1), st.floats(-3, 3)),
    st.builds(Move, st.floats(-1, 1)),
    st.builds(Turn, st.floats(-3, 3)),
    st.builds(Look, st.floats(-2, 2), st.floats(-2, 2)),
    st.builds(Speak, st.text(st.characters(codec="utf-8"), max_size=20)),
    st.just(Stop()),
)
runs = st.lists(st.lists(actions, max_size=3).map(tuple), max_size=6)


START = Pose2(1.0, 2.0, 0.0)


def hall(*objects, start=START):
    return Scene((6.0, 4.0, 2.6), (Area("hall", 0, 0, 6, 4),), (), (), objects, (), start)


def play(world, run):
    observations = SMALL.observe(world)
    for step in run:
        observations, world = SMALL.step({"robot": step}, world)
    return observations, world


@often(7, 100, st.integers(0, 5), runs, runs, runs)
def test_forked_worlds_go_their_own_ways_and_the_same_actions_give_the_same_bits(seed, before, one, other):
    _, root = play(SMALL.reset(make_scene(seed), Key(seed))[1], before)
    mark = digest(root)
    first = play(root, one)
    play(root, other)
    again = play(decode(encode(root), RoomWorld), one)
    assert digest(root) == mark
    assert digest(first[1]) == digest(again[1]) and digest(first[0]) == digest(again[0])


@often(7, 100, st.integers(0, 5), runs)
def test_every_world_and_observation_survives_the_codec(seed, run):
    observations, world = play(SMALL.reset(make_scene(seed), Key(seed))[1], run)
    assert decode(encode(world), RoomWorld) == world
    seen = observations["robot"]
    assert decode(encode(seen)) == seen


@pytest.mark.parametrize("changes", [{"class_name": "dragon"}, {"colour": "plaid"}])
def test_a_world_from_elsewhere_with_a_thing_that_nobody_knows_is_refused_by_name(changes):
    _, world = SMALL.reset(hall(CHAIR), Key(1))
    strange = evolve(world, scene=evolve(world.scene, objects=(evolve(CHAIR, **changes),)))
    came = decode(encode(strange), RoomWorld)
    name = "dragon" if "class_name" in changes else "plaid"
    for look in (SMALL.observe, lambda w: SMALL.step({}, w), lambda w: SMALL.step({"robot": (Move(1),)}, w)):
        with pytest.raises(UnknownObject, match=f"{next(iter(changes))} is '{name}': known ones are"):
            look(came)


def test_a_world_has_one_stroll_for_each_person():
    _, world = SMALL.reset(make_scene(2, people=2), Key(1))
    with pytest.raises(ValueError, match="strolls has 1 entries for the 2 people"):
        evolve(world, strolls=world.strolls[:1])


def test_reset_and_observe_show_the_same_and_no_time_passes():
    observations, world = SMALL.reset(make_scene(1), Key(1))
    assert observations == SMALL.observe(world) == SMALL.observe(world)
    assert world.step == 0 and observations["robot"].now_ns == 0


def test_without_actions_time_passes_and_nothing_else_moves():
    _, world = SMALL.reset(hall(CHAIR), Key(1))
    for actions in ({}, {"robot": ()}):
        observations, after = SMALL.step(actions, world)
        assert after == evolve(world, step=1, now_ns=SMALL.period_ns)
        assert observations["robot"].now_ns == SMALL.period_ns


def test_the_spec_says_what_is_sensed():
    for simulator in (RoomSimulator((robot(4, 4),)), RoomSimulator((robot(4, 4, semantic=True),))):
        seen = simulator.reset(hall(), Key(0))[0]["robot"]
        (camera,) = simulator.spec.agents[0].cameras
        kinds = set(camera.pictures)
        assert ("semantic" in kinds) == ("head" in seen.semantics)
        assert {camera.name} == set(seen.frames) == {"head"}
        assert simulator.spec.period_ns == simulator.period_ns and simulator.spec.exact_restore
        assert seen.frames["head"].rgb.shape == (4, 4, 3)


def test_depth_pixels_lie_on_what_the_semantic_image_says():
    simulator = RoomSimulator((robot(96, 72, semantic=True),))
    observations, world = simulator.reset(hall(CHAIR, start=Pose2(1.0, 1.5, 0.2)), Key(0))
    observations, world = simulator.step({"robot": (Look(0.1, -0.4),)}, world)
    seen = observations["robot"]
    frame, ids = seen.frames["head"], seen.semantics["head"].ids
    points = unproject_to_world(frame.depth_m, frame.intrinsics, frame.camera)
    on_chair = points[ids == CHAIR.id]
    assert len(on_chair) > 50
    c, s = math.cos(CHAIR.yaw_rad), math.sin(CHAIR.yaw_rad)
    offset = on_chair - (CHAIR.x_m, CHAIR.y_m, CHAIR.z_m)
    own = np.stack(
        [c * offset[:, 0] + s * offset[:, 1], c * offset[:, 1] - s * offset[:, 0], offset[:, 2]], 1
    )
    assert (np.abs(own) <= np.array(CHAIR.size_m) / 2 + 1e-4).all()
    np.testing.assert_allclose(points[ids == 1][:, 2], 0.0, atol=1e-4)
    (pixel,), _ = project_points([(CHAIR.x_m, CHAIR.y_m, 0.44)], frame.intrinsics, frame.camera)
    assert ids[int(pixel[1]), int(pixel[0])] == CHAIR.id


def test_the_camera_looks_where_it_is_told_within_its_limits():
    _, world = SMALL.reset(hall(), Key(0))
    observations, after = SMALL.step({"robot": (Look(0.5, -0.25),)}, world)
    pose = observations["robot"].frames["head"].camera
    assert tuple(camera_pose((1.0, 2.0, 0.0), 1.1, -0.25, 0.5)) == pytest.approx(
        (pose.x_m, pose.y_m, pose.z_m, pose.qw, pose.qx, pose.qy, pose.qz)
    )
    body = SMALL.step({"robot": (Look(99.0, -99.0),)}, after)[1].bodies["robot"]
    assert (body.pan_rad, body.tilt_rad) == (SMALL.limits.pan_rad, -SMALL.limits.tilt_rad)


def test_what_is_said_is_in_the_world_for_one_step():
    _, world = SMALL.reset(hall(), Key(0))
    _, world = SMALL.step({"robot": (Speak("hello"), Speak("there"))}, world)
    assert world.spoken == (Spoken("robot", "hello"), Spoken("robot", "there"))
    assert SMALL.step({}, world)[1].spoken == ()


def test_objects_are_added_moved_and_removed_in_new_worlds():
    _, empty = SMALL.reset(hall(), Key(0))
    added = SMALL.add_object(empty, CHAIR)
    assert SMALL.objects(empty) == () and SMALL.objects(added) == (CHAIR,)
    yaw = 1.0
    moved = SMALL.move_object(added, 70, Pose(4.0, 1.0, 0.47, math.cos(yaw / 2), 0, 0, math.sin(yaw / 2)))
    (chair,) = SMALL.objects(moved)
    assert (chair.x_m, chair.y_m, chair.yaw_rad) == pytest.approx((4.0, 1.0, 1.0))
    assert SMALL.objects(added) == (CHAIR,)
    assert SMALL.remove_object(moved, 70) == empty
    seen = SMALL.observe(added)["robot"].semantics["head"].ids
    assert (seen == 70).any() and not (SMALL.observe(empty)["robot"].semantics["head"].ids == 70).any()


def test_a_person_can_be_moved_and_removed():
    scene = make_scene(4, people=1)
    _, world = SMALL.reset(scene, Key(0))
    ident = scene.people[0].body.id
    place = Pose(scene.areas[0].x0_m + 1.0, scene.areas[0].y0_m + 1.0, 0.86)
    moved = SMALL.move_object(world, ident, place)
    assert [(t.x_m, t.y_m) for t in SMALL.objects(moved) if t.id == ident] == [(place.x_m, place.y_m)]
    SMALL.step({}, moved)
    gone = SMALL.remove_object(world, ident)
    assert all(t.id != ident for t in SMALL.objects(gone)) and gone.strolls == ()
    SMALL.step({}, gone)


bad_actions = [
    ({"nobody": (Stop(),)}, UnknownAgent, "nobody"),
    (None, UnknownAction, "actions are None"),
    ({"robot": ("jump",)}, UnknownAction, "jump"),
    ({"robot": Stop()}, UnknownAction, "tuple"),
    ({"robot": (Drive(math.nan, 0.0),)}, UnknownAction, "forward_m_s"),
    ({"robot": (Move(math.inf),)}, UnknownAction, "distance_m"),
    ({"robot": (Stop(), Look(0.0, -math.inf))}, UnknownAction, "tilt_rad"),
]


@pytest.mark.parametrize(("wrong", "error", "named"), bad_actions)
def test_a_refused_action_names_what_is_wrong_and_changes_nothing(wrong, error, named):
    _, world = SMALL.reset(hall(CHAIR), Key(0))
    mark = digest(world)
    with pytest.raises(error, match=named):
        SMALL.step(wrong, world)
    assert digest(world) == mark


bad_objects = [
    (evolve(CHAIR, class_name="dragon"), UnknownObject, "dragon"),
    (evolve(CHAIR, colour="plaid"), UnknownObject, "plaid"),
    (evolve(CHAIR, id=0), PlacementError, "id is 0"),
    (evolve(CHAIR, id=-1), PlacementError, "id is -1"),
    (evolve(CHAIR, id=2**40), PlacementError, "id is"),
    (evolve(CHAIR, id=71), PlacementError, "71"),
    (evolve(CHAIR, x_m=99.0), PlacementError, "outside"),
    (evolve(CHAIR, x_m=math.nan), PlacementError, "finite"),
    (evolve(CHAIR, size_m=(0.0, 1.0, 1.0)), PlacementError, "sizes"),
    (evolve(CHAIR, x_m=1.0), PlacementError, "robot"),
]


@pytest.mark.parametrize(("thing", "error", "named"), bad_objects)
def test_an_impossible_object_is_refused(thing, error, named):
    _, world = SMALL.reset(hall(evolve(CHAIR, id=71, x_m=5.0)), Key(0))
    mark = digest(world)
    with pytest.raises(error, match=named):
        SMALL.add_object(world, thing)
    assert digest(world) == mark


def test_unknown_ids_and_tilted_poses_are_refused():
    _, world = SMALL.reset(hall(CHAIR), Key(0))
    for ident in (0, -1, 5):
        with pytest.raises(UnknownObject, match="70"):
            SMALL.remove_object(world, ident)
        with pytest.raises(UnknownObject, match="70"):
            SMALL.move_object(world, ident, Pose(2, 2, 0.5))
    with pytest.raises(PlacementError, match="upright"):
        SMALL.move_object(world, 70, Pose(4, 2, 0.5, 0.8, 0.6, 0.0, 0.0))
    with pytest.raises(PlacementError, match="robot"):
        SMALL.move_object(world, 70, Pose(1, 2, 0.5))


bad_scenes = [
    (hall(CHAIR, CHAIR), "70"),
    (hall(evolve(CHAIR, colour="plaid")), "plaid"),
    (hall(start=Pose2(0.1, 0.1, 0.0)), "start"),
    (hall(CHAIR, start=Pose2(3.0, 2.0, 0.0)), "start"),
    (evolve(hall(), size_m=(0.1, 4.0, 2.6)), "size_m"),
    (evolve(hall(), size_m=(math.inf, 4.0, 2.6)), "size_m"),
    (hall(start=Pose2(math.nan, 1.0, 0.0)), "start"),
    (evolve(hall(), walls=(Wall(2.0, 0.0, 0.0, 1.9, 1.0, 2.0),)), "walls"),
    (evolve(hall(), walls=(Wall(2.0, 0.0, 0.0, 2.1, math.inf, 2.0),)), "walls"),
    (evolve(hall(), people=(Walker(evolve(CHAIR, class_name="person"), ()),)), "route"),
    (evolve(hall(), people=(Walker(evolve(CHAIR, class_name="person"), ((math.nan, 1.0),)),)), "route"),
    (evolve(hall(), people=(Walker(CHAIR, ((3.0, 2.0),)),)), "person"),
]


@pytest.mark.parametrize(("scene", "named"), bad_scenes)
def test_an_impossible_scene_is_refused(scene, named):
    with pytest.raises(SceneError, match=named):
        SMALL.reset(scene, Key(0))


AGENT = robot(4, 4)
CAMERA = AGENT.cameras[0]


def seeing(**changes):
    return (evolve(AGENT, cameras=(evolve(CAMERA, **changes),)),)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"agents": seeing(width=0)}, "width"),
        ({"agents": seeing(height=100_000)}, "height"),
        ({"agents": seeing(horizontal_fov_rad=90.0)}, "horizontal_fov_rad"),
        ({"agents": seeing(horizontal_fov_rad=math.nan)}, "horizontal_fov_rad"),
        ({"agents": seeing(mount=Pose(0.0, 0.0, 9.0))}, "mount"),
        ({"agents": seeing(mount=Pose(0.0, math.nan, 1.0))}, "mount"),
        ({"agents": seeing(mount=Pose(0.0, 0.0, 1.0, 0.5))}, "quaternion"),
        ({"agents": seeing(model="compound eye")}, "compound eye"),
        ({"agents": seeing(pictures=("smell",))}, "smell"),
        ({"agents": (evolve(AGENT, senses=("taste",)),)}, "taste"),
        ({"agents": (evolve(AGENT, cameras=(CAMERA, CAMERA)),)}, "a name of its own"),
        ({"agents": (AGENT, AGENT)}, "a name of its own"),
        ({"agents": (evolve(AGENT, id=""),)}, "a name of its own"),
        ({"agents": ()}, "at least one"),
        ({"agents": AGENT}, "tuple of AgentSpec"),
        ({"agents": 64}, "tuple of AgentSpec"),
        ({"renderer": "crayon"}, "crayon"),
        ({"limits": Limits(forward_m_s=0.0)}, "limits"),
        ({"limits": Limits(radius_m=math.nan)}, "limits"),
        ({"limits": Limits(pan_rad=-1.0)}, "limits"),
        ({"period_ns": 0}, "period_ns"),
        ({"period_ns": 0.1}, "period_ns"),
    ],
)
def test_an_impossible_configuration_is_refused(wrong, named):
    with pytest.raises(SimulatorError, match=named):
        RoomSimulator(**wrong)


def test_a_simulator_is_frozen_and_equal_by_its_configuration():
    with pytest.raises(AttributeError):
        SMALL.period_ns = 3
    assert RoomSimulator((robot(24, 18, semantic=True),)) == SMALL


def test_a_body_acts_observes_and_knows_the_truth():
    body = SimulatedBody(SMALL, hall(CHAIR), Key(0))
    before = body.observe()
    body.act((Drive(0.5, 0.0),))
    assert body.observe().pose.x_m == pytest.approx(1.05)
    assert before.pose.x_m == 1.0 and body.truth() == (CHAIR,)
    kept = body.world
    body.act()
    with pytest.raises(UnknownAction):
        body.act(("jump",))
    with pytest.raises(TypeError, match="act takes several"):  # it was: 'Drive' object is not iterable
        body.act(Drive(0.5, 0.0))
    assert body.world.step == 2
    body.world = kept
    assert body.observe().now_ns == kept.now_ns
    with pytest.raises(UnknownAgent, match="nobody"):
        SimulatedBody(SMALL, hall(), Key(0), "nobody")


def test_every_observed_array_is_read_only():
    seen = SMALL.reset(make_scene(2), Key(0))[0]["robot"]
    for array in (seen.frames["head"].rgb, seen.frames["head"].depth_m, seen.semantics["head"].ids):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 0


_RUN = """
from droidlet_schema import Drive, Key, digest
from droidlet_simulators import RoomSimulator, make_scene, robot
simulator = RoomSimulator((robot(32, 32, semantic=True),))
seen, world = simulator.reset(make_scene(11, people=2), Key(11))
marks = []
for i in range(12):
    seen, world = simulator.step({"robot": (Drive(0.4, 0.9 - 0.15 * i),)}, world)
    marks += [digest(seen["robot"]), digest(world)]
print(digest(tuple(marks)))
"""


def test_another_process_hash_seed_or_thread_count_gives_the_same_bits():
    said = set()
    for seed, threads in (("0", "1"), ("1", "2"), ("random", "2")):
        setting = {"PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        path = [p for p in sys.path if p]
        done = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n" + _RUN],
            env=setting,
            capture_output=True,
            text=True,
            check=True,
        )
        said.add(done.stdout)
    assert len(said) == 1


def test_ids_of_generated_things_leave_the_reserved_ones_free():
    scene = make_scene(3)
    seen = SMALL.reset(scene, Key(0))[0]["robot"].semantics["head"].ids
    known = {t.id for t in scene.objects} | {w.body.id for w in scene.people} | {1, 2, 3}
    assert set(np.unique(seen).tolist()) <= known and min(t.id for t in scene.objects) == FIRST_OBJECT
