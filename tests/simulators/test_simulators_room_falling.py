"""What stood on a thing that is taken away comes down; nothing is left in the air, nothing falls into anything."""

from __future__ import annotations

import functools
import math

import pytest
from hypothesis import strategies as st

from droidlet_schema import Key, Pose, Pose2, evolve
from droidlet_simulators import PlacementError, RoomSimulator, make_scene, robot
from droidlet_simulators.room.solids import bottom_m, bounding_solid, hit, overlap_m, part_solids
from simulators.often import often
from simulators.room_parts import BOOK, CHEST, CUP, FRIDGE, LID, SIMULATOR, TABLE, flat, thing

BLIND = RoomSimulator((robot(2, 2),))


def truth(world, ident):
    return next(t for t in SIMULATOR.objects(world) if t.id == ident)


def begin(scene):
    return SIMULATOR.reset(scene, Key(0))[1]


def rests(thing, others):
    """Whether a thing stands on the floor or on a part of another."""
    row = bounding_solid(thing).row
    parts = (part for other in others if other.id != thing.id for part in part_solids(other))
    tops = [0.0, *(part.high_m for part in parts if overlap_m(row, part.row) > 0.0)]
    return any(abs(bottom_m(thing) - top) < 1e-3 for top in tops)


def test_a_cup_comes_down_when_its_table_is_taken_away_and_nothing_else_moves():
    world = begin(flat())
    for after in (
        SIMULATOR.remove_object(world, TABLE),
        SIMULATOR.move_object(world, TABLE, Pose(6, 3, 0.37)),
    ):
        assert bottom_m(truth(after, CUP)) == pytest.approx(0.0)
        stays = [t for t in SIMULATOR.objects(after) if t.id not in (CUP, TABLE)]
        assert stays == [t for t in SIMULATOR.objects(world) if t.id not in (CUP, TABLE)]
    assert truth(world, CUP).z_m > 0.74


def test_what_is_in_a_fridge_comes_down_with_its_board_and_what_is_moved_a_little_still_stands():
    world = begin(flat())
    assert bottom_m(truth(SIMULATOR.remove_object(world, FRIDGE), BOOK)) == pytest.approx(0.0)
    table = truth(world, TABLE)
    nudged = SIMULATOR.move_object(world, TABLE, Pose(table.x_m + 0.05, table.y_m, table.z_m))
    assert truth(nudged, CUP) == truth(world, CUP)
    lower = SIMULATOR.move_object(world, TABLE, Pose(table.x_m, table.y_m, table.z_m - 0.1))
    assert bottom_m(truth(lower, CUP)) == pytest.approx(0.74 - 0.1)


def test_a_pile_comes_down_as_one_and_onto_what_is_below():
    pile = (
        thing(80, "table", 2.2, 1.7),
        thing(82, "box", 2.2, 1.7, bottom_m=0.74),
        thing(83, "cup", 2.2, 1.7, bottom_m=0.74 + 0.32),
        thing(84, "book", 2.2, 1.7, bottom_m=0.0),
    )
    after = SIMULATOR.remove_object(begin(flat(*pile)), 80)
    book, box, cup = (truth(after, ident) for ident in (84, 82, 83))
    assert bottom_m(book) == 0.0
    assert bottom_m(box) == pytest.approx(book.size_m[2])
    assert bottom_m(cup) == pytest.approx(book.size_m[2] + box.size_m[2])


def test_what_stands_on_a_lid_comes_down_with_its_chest():
    world = begin(flat())
    chest, lid = truth(world, CHEST), truth(world, LID)
    top = max(bottom_m(one) + one.size_m[2] for one in (chest, lid))
    world = SIMULATOR.add_object(world, thing(90, "cup", lid.x_m, lid.y_m, bottom_m=top))
    assert bottom_m(truth(SIMULATOR.remove_object(world, CHEST), 90)) == pytest.approx(0.0)


def test_nothing_comes_down_on_a_robot():
    high = (thing(82, "box", 1.0, 3.5, bottom_m=1.5), thing(83, "book", 1.0, 3.5, bottom_m=1.5 + 0.32))
    scene = flat(*high, start=Pose2(1.0, 3.5, 0.0))
    world = begin(scene)
    with pytest.raises(PlacementError, match="object 83 .* would stand in robot"):
        SIMULATOR.remove_object(world, 82)
    beside = begin(evolve(scene, start=Pose2(1.0, 2.0, 0.0)))
    assert bottom_m(truth(SIMULATOR.remove_object(beside, 82), 83)) == pytest.approx(0.0)


@functools.cache
def furnished(seed):
    scene = make_scene(seed, rooms=2 + seed % 2, people=0, containers=2, doors=True)
    return BLIND.reset(scene, Key(0))[1]


@often(15, 400, st.integers(0, 7), st.randoms(use_true_random=False), st.integers(1, 6))
def test_in_no_flat_is_anything_left_in_the_air_or_in_anything(seed, chance, count):
    world = furnished(seed)
    assert all(rests(t, world.scene.objects) for t in world.scene.objects)
    for _ in range(count):
        gone = chance.choice(world.scene.objects)
        before = {t.id: t for t in world.scene.objects}
        world = BLIND.remove_object(world, gone.id)
        for one in world.scene.objects:
            assert rests(one, world.scene.objects), one
            if one != before[one.id]:
                assert bottom_m(one) < bottom_m(before[one.id])
                others = (p for t in world.scene.objects if t.id != one.id for p in part_solids(t))
                assert hit(bounding_solid(one), others) is None, one
    assert BLIND.invariant(world) == 0.0 and math.isfinite(world.now_ns)
