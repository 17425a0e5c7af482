"""Doors, containers, surfaces and hands: what opens, what is taken, where it may be put; nothing gets lost."""

import itertools
import math

import pytest
from hypothesis import strategies as st

from droidlet_schema import (
    Close,
    Drive,
    FrozenMap,
    Key,
    Move,
    Open,
    PickUp,
    Pose,
    Pose2,
    PutDown,
    Turn,
    decode,
    digest,
    encode,
    evolve,
)
from droidlet_simulators import (
    AgentSpec,
    PlacementError,
    RoomSimulator,
    RoomWorld,
    SceneError,
    SimulatorError,
    UnknownAction,
    UnknownObject,
    Walker,
    robot,
    room_body,
)
from droidlet_simulators.room.classes import KINDS
from droidlet_simulators.room.solids import bounding_solid, overlap_m
from droidlet_simulators.room.world import robot_row
from simulators.often import often
from simulators.room_parts import (
    BALL,
    BOOK,
    CHEST,
    CUP,
    DOOR,
    FRIDGE,
    FRIDGE_DOOR,
    LID,
    SHELF,
    SIMULATOR,
    TABLE,
    at,
    flat,
    thing,
)

BESIDE = Pose2(3.2, 2.75, 0.0)  # the door, out of its way


def begin(scene):
    return SIMULATOR.reset(scene, Key(0))[1]


def do(world, *actions, times=1):
    for _ in range(times):
        seen, world = SIMULATOR.step({"robot": actions}, world)
    return seen["robot"], world


def truth(world, ident):
    return next(t for t in SIMULATOR.objects(world) if t.id == ident)


def test_an_open_door_lets_through_and_a_shut_one_does_not():
    world = begin(flat(start=Pose2(2.9, 2.0, 0.0)))
    seen, stopped = do(world, Drive(0.5, 0.0), times=40)
    assert seen.pose.x_m < 4.0 and seen.contacts[0].object_id == DOOR
    world = begin(flat(start=Pose2(2.9, 2.0, 0.0), door_open=True))
    seen, world = do(world, Drive(0.5, 0.0), times=80)
    assert seen.pose.x_m > 5.5


def test_a_door_swings_about_its_hinge_at_one_pace_and_shuts_where_it_was():
    world = begin(flat(start=BESIDE))
    shut = truth(world, DOOR)
    _, world = do(world, Open(DOOR))
    parts = [world.swings[DOOR].part]
    while world.swings[DOOR].part < 1.0:
        _, world = do(world)
        parts.append(world.swings[DOOR].part)
    assert all(0 < b - a <= 0.15 / (math.pi / 2) + 1e-9 for a, b in itertools.pairwise(parts))
    leaf = truth(world, DOOR)
    assert (leaf.x_m, leaf.y_m) == pytest.approx((4.0 - 0.49, 2.0 - 0.49))
    assert leaf.yaw_rad == pytest.approx(math.pi / 2) and leaf.size_m == shut.size_m
    world = begin(flat(start=Pose2(3.5, 1.1, 0.0), door_open=True))
    _, world = do(do(world, Close(DOOR))[1], times=20)
    assert truth(world, DOOR) == shut


def test_a_door_waits_for_what_is_in_its_way():
    world = begin(flat(start=Pose2(3.3, 2.0, math.pi)))
    _, world = do(do(world, Open(DOOR))[1], times=30)
    assert 0.0 < world.swings[DOOR].part < 1.0 and SIMULATOR.invariant(world) == 0.0
    _, world = do(world, Drive(0.5, 0.0), times=20)
    _, world = do(world, times=15)
    assert world.swings[DOOR].part == 1.0


def test_a_thing_in_the_doorway_keeps_the_door_open():
    world = begin(flat(thing(80, "box", 3.5, 1.5), start=BESIDE))
    _, world = do(do(world, Open(DOOR))[1], times=30)
    assert 0.0 < world.swings[DOOR].part < 1.0
    assert overlap_m(bounding_solid(truth(world, DOOR)).row, bounding_solid(truth(world, 80)).row) <= 0


def test_people_turn_round_at_a_shut_door_and_walk_through_an_open_one():
    person = evolve(thing(90, "person", 2.5, 2.0), colour="blue")
    walker = Walker(person, ((2.5, 2.0), (6.0, 2.0)), 0.6)
    for is_open in (False, True):
        world = begin(flat(start=Pose2(0.7, 0.7, 0.0), people=(walker,), door_open=is_open))
        reached = 0.0
        for _ in range(80):
            _, world = do(world)
            reached = max(reached, truth(world, 90).x_m)
        assert (reached > 5.0) == is_open


@pytest.mark.parametrize(("ident", "named"), [(TABLE, "no door"), (999, "no door"), (CUP, "no door")])
def test_what_has_no_door_cannot_be_opened(ident, named):
    with pytest.raises(UnknownObject, match=named):
        do(begin(flat()), Open(ident))


def test_a_door_out_of_reach_or_behind_a_wall_is_refused():
    with pytest.raises(PlacementError, match="reaches"):
        do(begin(flat()), Open(DOOR))
    with pytest.raises(PlacementError, match="wall"):
        do(begin(flat(start=Pose2(4.4, 1.2, 0.0), door_open=True)), Close(DOOR))


def test_what_is_in_a_shut_fridge_is_hidden_and_cannot_be_taken():
    world = begin(flat(start=Pose2(1.35, 3.75, math.pi)))
    with pytest.raises(PlacementError, match="shut"):
        do(begin(flat(start=Pose2(1.0, 3.0, math.pi))), PickUp(BOOK))
    seen, opened = do(do(world, Open(FRIDGE))[1], times=15)
    assert opened.swings[FRIDGE_DOOR].part == 1.0
    assert truth(opened, BOOK) == truth(world, BOOK)
    eyes = RoomSimulator((robot(96, 96, semantic=True),))
    ids = [eyes.observe(w)["robot"].semantics["head"].ids for w in (world, opened)]
    assert BOOK not in ids[0] and BOOK in ids[1]


def test_nothing_is_taken_through_the_side_of_an_open_fridge():
    scene = flat(start=Pose2(0.5, 2.9, 0.0))
    scene = evolve(
        scene, leaves=tuple(evolve(leaf, open=leaf.body.id == FRIDGE_DOOR) for leaf in scene.leaves)
    )
    with pytest.raises(PlacementError, match="side of object 30"):
        do(begin(scene), PickUp(BOOK))
    front = evolve(scene, start=Pose2(1.2, 3.6, 0.0))
    assert do(begin(front), PickUp(BOOK))[0].held == BOOK


def test_two_robots_do_not_hold_one_thing():
    pair = RoomSimulator((AgentSpec("anna", ()), AgentSpec("bob", ())))
    scene = evolve(flat(start=Pose2(1.6, 0.7, 0.0)), starts=FrozenMap({"bob": Pose2(1.6, 1.7, 0.0)}))
    _, world = pair.reset(scene, Key(0))
    with pytest.raises(PlacementError, match="in the hand of 'anna'"):
        pair.step({"anna": (PickUp(BALL),), "bob": (PickUp(BALL),)}, world)
    seen, world = pair.step({"anna": (PickUp(BALL),)}, world)
    assert seen["anna"].held == BALL and seen["bob"].held is None
    assert len(pair.objects(world)) == len(SIMULATOR.objects(begin(flat())))


def test_a_chest_is_opened_and_something_put_in_it():
    world = begin(flat(start=Pose2(2.2, 1.0, -math.pi / 2)))
    _, world = do(world, PickUp(BALL))
    inside = at(truth(world, BALL), 2.5, 0.3, 0.03)
    with pytest.raises(PlacementError, match="shut"):
        do(world, PutDown(inside))
    _, world = do(do(world, Open(LID))[1], times=15)
    lid = truth(world, LID)
    assert lid.size_m[2] > lid.size_m[0] and world.swings[LID].part == 1.0
    seen, world = do(world, PutDown(inside))
    assert seen.held is None and truth(world, BALL).z_m == pytest.approx(inside.z_m)
    _, world = do(do(world, Close(CHEST))[1], times=15)
    assert truth(world, LID).size_m[2] < 0.1
    with pytest.raises(PlacementError, match="shut"):
        do(world, PickUp(BALL))


def test_what_is_held_travels_with_the_robot_and_is_put_down_elsewhere():
    world = begin(flat(start=Pose2(1.6, 2.3, 0.0)))
    count = len(SIMULATOR.objects(world))
    seen, world = do(world, PickUp(CUP))
    assert seen.held == CUP and world.bodies["robot"].held.id == CUP
    seen, world = do(world, Turn(-1.0), times=10)
    seen, world = do(world, Move(0.1))
    cup = truth(world, CUP)
    assert (cup.x_m, cup.y_m) == (seen.pose.x_m, seen.pose.y_m) and len(SIMULATOR.objects(world)) == count
    floor = at(cup, seen.pose.x_m, seen.pose.y_m - 0.4)
    seen, world = do(world, PutDown(floor))
    assert seen.held is None and truth(world, CUP).z_m == cup.size_m[2] / 2
    assert len(SIMULATOR.objects(world)) == count


def test_what_is_let_go_a_little_above_a_table_comes_to_stand_on_it():
    world = begin(flat(start=Pose2(1.6, 2.3, 0.0)))
    _, world = do(world, PickUp(CUP))
    cup = truth(world, CUP)
    _, world = do(world, PutDown(at(cup, 2.1, 2.9, 0.76)))
    assert truth(world, CUP).z_m == pytest.approx(0.74 + cup.size_m[2] / 2)


def on_shelf(level):
    return Pose(7.78, 2.0, level + 0.065)


def test_shelves_hold_things_on_their_boards_only():
    world = begin(flat(thing(81, "cup", 6.9, 1.2), start=Pose2(7.1, 2.0, 0.0)))
    _, world = do(world, PickUp(81))
    _, placed = do(world, PutDown(on_shelf(0.95)))
    assert truth(placed, 81).z_m == pytest.approx(0.95 + 0.065)
    for level, named in ((0.7, "fall"), (1.80, "reaches")):
        with pytest.raises(PlacementError, match=named):
            do(world, PutDown(on_shelf(level)))
    assert SHELF in {t.id for t in SIMULATOR.objects(placed)}


refusals = [
    ((PutDown(Pose(1.5, 2.0, 0.1)),), PlacementError, "holds nothing"),
    ((PickUp(TABLE),), PlacementError, "cannot be taken"),
    ((PickUp(DOOR),), PlacementError, "cannot be taken"),
    ((PickUp(12345),), UnknownObject, "no such object"),
    ((PickUp(BALL), PickUp(CUP)), PlacementError, "put it down"),
    ((PickUp(BALL), PutDown(Pose(1.3, 2.0, 0.5))), PlacementError, "fall"),
    ((PickUp(BALL), PutDown(Pose(1.0, 2.2, 0.13))), PlacementError, "robot"),
    ((PickUp(BALL), PutDown(Pose(3.9, 2.0, 0.13))), PlacementError, "reaches"),
    ((PickUp(BALL), PutDown(Pose(0.05, 2.0, 0.13))), PlacementError, "stick out"),
    ((PickUp(BALL), PutDown(Pose(1.5, 2.0, 0.13, 0.9, 0.4))), PlacementError, "upright"),
    ((PickUp(BALL), PutDown(Pose(math.nan, 2.0, 0.13))), UnknownAction, "x_m"),
]


@pytest.mark.parametrize(("actions", "error", "named"), refusals)
def test_what_the_hand_cannot_do_is_said_and_changes_nothing(actions, error, named):
    world = begin(flat())
    mark = digest(world)
    with pytest.raises(error, match=named):
        do(world, *actions)
    assert digest(world) == mark


@pytest.mark.parametrize("action", [PickUp(BALL), PickUp(77), Open(DOOR)])
def test_a_hand_in_a_world_with_a_thing_that_nobody_knows_is_refused_by_name(action):
    world = begin(flat())
    dragon = evolve(thing(77, "box", 1.5, 2.0), class_name="dragon")
    strange = evolve(world, scene=evolve(world.scene, objects=(*world.scene.objects, dragon)))
    blind = RoomSimulator((AgentSpec("robot", ()),))
    with pytest.raises(UnknownObject, match="dragon"):
        blind.step({"robot": (action,)}, strange)


def test_a_thing_under_another_is_not_pulled_away_and_a_wide_one_needs_room():
    pile = (thing(82, "box", 1.7, 2.0), thing(83, "cup", 1.7, 2.0, 0.0, 0.32))
    with pytest.raises(PlacementError, match="object 83 on it"):
        do(begin(flat(*pile)), PickUp(82))
    world = begin(flat(thing(82, "box", 0.75, 1.0), start=Pose2(0.2, 1.0, 0.0)))
    with pytest.raises(PlacementError, match="go back a little"):
        do(world, PickUp(82))


def test_editing_keeps_doors_hands_and_contents_together():
    world = begin(flat())
    _, held = do(world, PickUp(BALL))
    assert truth(SIMULATOR.move_object(held, BALL, Pose(3.0, 2.0, 0.13)), BALL).x_m == 3.0
    assert SIMULATOR.remove_object(held, BALL).bodies["robot"].held is None
    moved = SIMULATOR.move_object(world, FRIDGE, Pose(0.32, 1.0, 0.85))
    for ident in (FRIDGE_DOOR, BOOK):
        assert truth(moved, ident).y_m == pytest.approx(truth(world, ident).y_m - 2.5)
    gone = SIMULATOR.remove_object(world, FRIDGE)
    assert FRIDGE_DOOR not in gone.swings and truth(gone, BOOK).z_m < truth(world, BOOK).z_m
    with pytest.raises(PlacementError, match="hinge"):
        SIMULATOR.move_object(world, DOOR, Pose(1.0, 1.0, 1.0))
    assert DOOR not in SIMULATOR.remove_object(world, DOOR).swings
    do(gone)


def test_a_container_or_its_door_never_moves_into_a_robot():
    world = begin(flat())
    with pytest.raises(PlacementError, match="stand in robot"):
        SIMULATOR.move_object(world, FRIDGE, Pose(0.46, 2.0, 0.85))


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"container": 999}, "999"), ({"swing_rad": 0.0}, "swing_rad"), ({"swing_rad": math.nan}, "swing_rad")],
)
def test_an_impossible_leaf_is_refused(changes, named):
    scene = flat()
    with pytest.raises(SceneError, match=named):
        begin(evolve(scene, leaves=(evolve(scene.leaves[0], **changes),)))
    with pytest.raises(SceneError, match="share"):
        begin(evolve(scene, leaves=(scene.leaves[0], scene.leaves[0])))
    table = evolve(scene.leaves[0], body=thing(99, "table", 2.0, 2.0))
    with pytest.raises(SceneError, match="door or a lid"):
        begin(evolve(scene, leaves=(table,)))


ids = st.sampled_from([DOOR, FRIDGE, FRIDGE_DOOR, CHEST, LID, CUP, BALL, BOOK, TABLE, 80])
near = st.builds(
    lambda x, y, z: PutDown(Pose(x, y, z)),
    st.floats(0, 8),
    st.floats(0, 4),
    st.sampled_from([0.065, 0.13, 0.8]),
)
actions = st.one_of(
    st.builds(Drive, st.floats(-0.5, 0.5), st.floats(-1.5, 1.5)),
    st.builds(Move, st.floats(-0.5, 0.5)),
    *(st.builds(kind, ids) for kind in (Open, Close, PickUp)),
    near,
)
WALKER = Walker(evolve(thing(90, "person", 3.0, 2.0), colour="blue"), ((3.0, 2.0), (5.5, 2.0)), 0.8)
STARTS = (Pose2(3.2, 1.3, 0.0), Pose2(1.3, 3.2, 3.0), Pose2(2.2, 1.1, -1.5))


def solid_pairs(world):
    """Footprints of leaves against people, robots and things, as deep as they overlap at one height."""
    leaves = [truth(world, leaf.body.id) for leaf in world.scene.leaves]
    for leaf in leaves:
        own = next(x.container for x in world.scene.leaves if x.body.id == leaf.id)
        for other in SIMULATOR.objects(world):
            held = any(b.held is not None and b.held.id == other.id for b in world.bodies.values())
            if other.id in (leaf.id, own) or held or other in leaves:
                continue
            a, b = bounding_solid(leaf), bounding_solid(other)
            if a.low_m < b.high_m and b.low_m < a.high_m:
                yield overlap_m(a.row, b.row)


@often(25, 500, st.sampled_from(STARTS), st.lists(st.lists(actions, min_size=1, max_size=3), max_size=25))
def test_whatever_is_done_nothing_penetrates_and_nothing_gets_lost(start, run):
    world = begin(flat(start=start, people=(WALKER,)))
    before = sorted((t.id, t.class_name) for t in SIMULATOR.objects(world))
    for step in run:
        mark = digest(world)
        try:
            seen, world = do(world, *step)
        except SimulatorError:
            assert digest(world) == mark
            _, world = do(world)
            continue
        assert SIMULATOR.invariant(world) == 0.0
        assert sorted((t.id, t.class_name) for t in SIMULATOR.objects(world)) == before
        assert all(depth <= 1e-6 for depth in solid_pairs(world))
        held = world.bodies["robot"].held
        assert seen.held == (None if held is None else held.id)
    assert decode(encode(world), RoomWorld) == world


TWO = RoomSimulator((AgentSpec("anna", ()), AgentSpec("bob", ())))
CRATE = thing(80, "box", 2.2, 1.9)
handed = st.one_of(
    st.builds(Drive, st.floats(-0.5, 0.5), st.floats(-1.5, 1.5)),
    st.builds(PickUp, st.sampled_from([80, BALL])),
    st.builds(
        lambda x, y, z: PutDown(Pose(x, y, z)),
        st.floats(1, 3),
        st.floats(1, 3),
        st.sampled_from([0.13, 0.16]),
    ),
)


@often(20, 500, st.lists(st.tuples(handed, handed), max_size=30))
def test_robots_with_wide_things_in_their_hands_keep_apart(run):
    scene = flat(CRATE, start=Pose2(1.5, 2.0, 0.0))
    _, world = TWO.reset(evolve(scene, starts=FrozenMap({"bob": Pose2(2.9, 2.0, 3.1)})), Key(0))
    count = len(TWO.objects(world))
    _, world = TWO.step({"anna": (PickUp(80),)}, world)
    for anna, bob in run:
        try:
            _, world = TWO.step({"anna": (anna,), "bob": (bob,)}, world)
        except SimulatorError:
            continue
        assert TWO.invariant(world) == 0.0 and len(TWO.objects(world)) == count
        a, b = (robot_row(world.bodies[name], TWO.limits) for name in ("anna", "bob"))
        assert math.hypot(a[0] - b[0], a[1] - b[1]) >= a[5] + b[5]


def test_every_kind_of_fitting_is_drawn_and_spans_its_size():
    for number, name in enumerate(sorted(set(KINDS) - {"person"})):
        kind = KINDS[name]
        low = [min(p.centre_m[i] - p.half_m[i] for p in kind.parts) for i in range(3)]
        high = [max(p.centre_m[i] + p.half_m[i] for p in kind.parts) for i in range(3)]
        x, y, z = kind.size_m
        assert low == pytest.approx((-x / 2, -y / 2, 0.0)) and high == pytest.approx((x / 2, y / 2, z)), (
            number
        )


def test_a_body_by_name_has_hands_too():
    body = room_body(Key(3), rooms=1, people=0, picture_px=8)
    with pytest.raises(UnknownObject, match="no such object"):
        body.act((PickUp(9_999),))
