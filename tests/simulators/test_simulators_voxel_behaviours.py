"""Each family of things that droidlet's commands do to a block world, done by scripted actions in its fixture.

The fixture is flat (the first free layer is y = 63), the agent stands at (0, 63, 0), the speaker at (12, 63, 12)
and looks at the first of two cubes.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from droidlet_schema import (
    Block,
    Dig,
    DropItem,
    HoldItem,
    LookAtBlock,
    PickUpItem,
    PlaceBlock,
    SetLook,
    SpawnMob,
    Speak,
    StepBlock,
    Stop,
    UseItem,
    evolve,
)
from droidlet_simulators.voxel.scene import VoxelItemStart, VoxelMobStart
from droidlet_simulators.voxel.scenes import two_cubes
from droidlet_simulators.voxel.truth import (
    block_at,
    blocks_in,
    cells_of,
    connected_objects,
    count_blocks,
    holder_of,
    line_of_sight,
)
from simulators.voxel_parts import BLIND, SPEAKER, Play

LOW, HIGH = (-10, 55, -10), (40, 80, 40)
IRON, GOLD, PLANKS, STONE = Block(42), Block(41), Block(5), Block(1)


@pytest.fixture
def play():
    return Play(two_cubes())


def go(play, x, y, z, within=0.9):
    """Flies the agent to a cell, one block a step, over whatever is in the way."""
    for _ in range(200):
        at = [math.floor(v) for v in play.at()]
        gap = [a - b for a, b in zip((x, y, z), at)]
        if max(map(abs, gap)) <= within:
            return
        axis = next(i for i in (0, 2, 1) if gap[i]) if at[1] >= y else 1
        step = StepBlock(("-" if gap[axis] < 0 else "+") + "xyz"[axis])
        if play.do(step):
            play.must(StepBlock("+y"))
    raise AssertionError(f"not at {(x, y, z)} but {play.at()}")


def near(play, cell):
    """Flies to within reach of a cell, beside and above it."""
    go(play, cell[0] - 2, cell[1] + 2, cell[2])


def build(play, block, cells):
    for cell in sorted(cells, key=lambda c: (c[1], c[0], c[2])):
        near(play, cell)
        play.must(HoldItem(block.id, block.meta), PlaceBlock(*cell))


def destroy(play, cells):
    for cell in sorted(cells, key=lambda c: (-c[1], c[0], c[2])):
        near(play, cell)
        play.must(Dig(*cell))


def changed(play, before):
    """Every cell that is not as it was, with what it is now."""
    old, new = blocks_in(before, LOW, HIGH), blocks_in(play.world, LOW, HIGH)
    where = np.argwhere((old[0] != new[0]) | (old[1] != new[1]))
    return {tuple((at + LOW).tolist()): Block(int(new[0][tuple(at)]), int(new[1][tuple(at)])) for at in where}


def looked_at_object(play):
    """The cells of the thing that the speaker looks at."""
    spot = line_of_sight(play.world, "SPEAKER")
    return next(cells for cells in connected_objects(play.world, LOW, HIGH) if spot in cells)


def test_the_fixture_is_as_droidlet_has_it(play):
    assert play.at() == (0.5, 63.0, 0.5)
    assert line_of_sight(play.world, "SPEAKER") == (19, 64, 14)
    assert block_at(play.world, (0, 62, 0)) == Block(3) and block_at(play.world, (0, 63, 0)) == Block(0)
    assert [len(cells) for cells in connected_objects(play.world, LOW, HIGH)] == [27, 27]
    assert (count_blocks(play.world, 42), count_blocks(play.world, 41)) == (27, 27)


def test_noop_changes_nothing(play):
    before = play.world
    play.must(Speak("the weather is good"))
    play.wait(5)
    assert changed(play, before) == {} and play.world.chunks == before.chunks


def test_destroy_where_the_speaker_looks(play):
    before, cells = play.world, looked_at_object(play)
    destroy(play, cells)
    assert changed(play, before) == {cell: Block(0) for cell in cells}
    assert count_blocks(play.world, 42) == 0 and count_blocks(play.world, 41) == 27


def test_destroy_what_has_a_colour(play):
    red = [(5 + i, 63, 5) for i in range(3)]
    build(play, Block(35, 14), red)
    assert count_blocks(play.world, 35, 14) == 3
    destroy(play, red)
    assert count_blocks(play.world, 35) == 0


def test_destroy_everything(play):
    for cells in connected_objects(play.world, LOW, HIGH):
        destroy(play, cells)
    assert count_blocks(play.world, 41) == count_blocks(play.world, 42) == 0
    assert connected_objects(play.world, LOW, HIGH) == ()


def test_build_a_gold_cube_at_its_place_even_above_the_ground(play):
    before = play.world
    cells = [(x, y, z) for x in range(3) for y in range(66, 69) for z in range(3)]
    build(play, GOLD, cells)
    assert changed(play, before) == dict.fromkeys(cells, GOLD)


def test_build_one_block_and_a_small_sphere(play):
    before = play.world
    build(play, Block(57), [(4, 63, 4)])
    assert changed(play, before) == {(4, 63, 4): Block(57)}
    ball = [(x, y, z) for x in (7, 8) for y in (63, 64) for z in (7, 8)]
    build(play, PLANKS, ball)
    assert 0 < len(changed(play, before)) - 1 < 30


def test_build_a_square_has_one_height(play):
    before = play.world
    build(play, PLANKS, [(x, 63, z) for x in (2, 3, 4) for z in (2, 3)])
    assert {cell[1] for cell in changed(play, before)} == {63}


def test_build_nine_by_nine_and_left_of_something(play):
    before = play.world
    wall = [(x, y, 9) for x in range(9) for y in range(63, 72)]
    build(play, STONE, wall)
    assert changed(play, before) == dict.fromkeys(wall, STONE)


def test_copy_what_the_speaker_looks_at_then_one_more(play):
    before, cells = play.world, looked_at_object(play)
    low = min(cells)
    copied = [(x - low[0], y - low[1] + 63, z - low[2]) for x, y, z in cells]
    build(play, IRON, copied)
    assert changed(play, before) == dict.fromkeys(copied, IRON)
    build(play, PLANKS, [(-4, 63, -4)])
    assert len(changed(play, before)) == len(cells) + 1


def test_move_to_places_one_after_the_other(play):
    for target in ((3, 63, 2), (7, 63, 7), (-7, 63, -8), (20, 63, 19), (12, 63, 11)):
        go(play, *target)
        assert sum(abs(a - b) for a, b in zip(map(math.floor, play.at()), target)) <= 3


def test_walking_without_flight_gets_there_too():
    scene = two_cubes()
    walker = evolve(scene.players[0], creative=False)
    play = Play(evolve(scene, players=(walker, scene.players[1])))
    for direction, count in (("+x", 7), ("+z", 7), ("-x", 4)):
        for _ in range(count):
            play.must(StepBlock(direction))
    assert play.at() == (3.5, 63.0, 7.5)


def test_move_up_to_a_coordinate_in_the_air(play):
    go(play, 8, 65, 0, within=0)
    assert tuple(math.floor(v) for v in play.at()) == (8, 65, 0)
    play.wait(4)
    assert play.at()[1] == 65.0 and play.senses().flying


def test_go_between_the_cubes(play):
    first, second = connected_objects(play.world, LOW, HIGH)[:2]
    middle = np.mean(np.array(first + second), axis=0)
    go(play, *np.round(middle).astype(int).tolist())
    x, _, z = play.at()
    assert 14 < z < 23 and 18 <= x <= 22
    assert min(abs(z - 15.5), abs(z - 21.5)) > 1.5  # in neither


def test_stop_after_some_steps_is_far_from_the_goal(play):
    for _ in range(5):
        play.must(StepBlock("+x"))
    before = play.at()
    play.must(Stop())
    assert play.at() == before and abs(20 - before[0]) > 1


def test_dig_a_hole_and_fill_it(play):
    before = play.world
    hole = [(x, 62, z) for x in (4, 5, 6) for z in (4, 5, 6)]
    destroy(play, hole)
    assert changed(play, before) == dict.fromkeys(hole, Block(0))
    build(play, Block(3), hole)
    assert changed(play, before) == {}
    destroy(play, hole)
    build(play, GOLD, hole)
    assert changed(play, before) == dict.fromkeys(hole, GOLD)


def test_fill_with_no_hole_there_is_refused_and_harms_nothing(play):
    before = play.world
    near(play, (4, 62, 4))
    (refusal,) = play.do(HoldItem(3), PlaceBlock(4, 62, 4))
    assert refusal.action == "PlaceBlock" and "dirt is there" in refusal.reason
    assert changed(play, before) == {}


def test_spawn_five_sheep_by_egg_and_by_name(play):
    for number in range(3):
        play.must(HoldItem(383, 91), UseItem(2, 62, number))
    for number in range(2):
        play.must(SpawnMob("sheep", -2, 63, number))
    assert [mob.kind for mob in play.world.mobs.values()] == ["sheep"] * 5
    assert len(play.senses().mobs) == 5 and len({mob.id for mob in play.senses().mobs}) == 5


def test_dance(play):
    turns = [
        play.do(SetLook(0.5 * i, 0.3 * (-1) ** i), StepBlock("+y" if i % 2 == 0 else "-y")) for i in range(12)
    ]
    assert turns == [()] * 12 and play.at() == (0.5, 63.0, 0.5)


def test_get_bring_and_drop():
    stone = VoxelItemStart(50, STONE, 2, 63, 0)
    play = Play(evolve(two_cubes(), items=(stone,)), (BLIND, SPEAKER))
    assert holder_of(play.world, 50) is None
    assert [stack.id for stack in play.senses().items] == [50]
    play.must(PickUpItem(50))
    assert holder_of(play.world, 50) == "robot"
    assert [(stack.id, stack.item) for stack in play.senses().inventory] == [(50, STONE)]
    assert play.senses().items == () == play.senses("SPEAKER").items
    assert play.simulator.objects(play.world)[-1].id != 50  # it is in a hand, not in the world
    go(play, 11, 63, 11)
    play.must(LookAtBlock(12, 63, 12), DropItem(50))
    play.wait(3)
    assert holder_of(play.world, 50) is None
    lying = play.world.items[50]
    assert math.dist((lying.x, lying.y, lying.z), (12.5, 63.0, 12.5)) < 3 and lying.y == 63.0
    play.must(PickUpItem(50), agent="SPEAKER")
    assert holder_of(play.world, 50) == "SPEAKER"


def test_go_left_until_the_cow_is_near():
    play = Play(evolve(two_cubes(), mobs=(VoxelMobStart(60, "cow", 12, 63, 4),)), (BLIND, SPEAKER))
    play.must(SetLook(math.pi / 2, 0.0), agent="SPEAKER")  # along +X, so left is -Z
    start = np.array(play.at("SPEAKER"))
    for _ in range(30):
        cow = play.senses("SPEAKER").mobs[0]
        if math.dist((cow.x, cow.z), np.array(play.at("SPEAKER"))[[0, 2]]) <= 2:
            break
        play.must(StepBlock("left"), agent="SPEAKER")
    gone = np.array(play.at("SPEAKER")) - start
    assert math.dist((cow.x, cow.z), np.array(play.at("SPEAKER"))[[0, 2]]) <= 2 and play.world.step <= 30
    assert (gone / np.linalg.norm(gone)) @ (0.0, 0.0, -1.0) >= 0.8


def test_follow_a_cow_for_eighteen_seconds_of_the_world(play):
    play = Play(evolve(two_cubes(), mobs=(VoxelMobStart(60, "cow", 3, 63, 3),)), period_ns=500_000_000)
    while play.world.now_ns < 18_000_000_000:
        cow, me = play.senses().mobs[0], play.senses()
        play.do(LookAtBlock(math.floor(cow.x), 64, math.floor(cow.z)), StepBlock("forward"))
    assert play.world.now_ns == 18_000_000_000
    assert abs(cow.x - me.x) + abs(cow.z - me.z) <= 3.0


def test_undo_by_the_change_that_was_told(play):
    before = play.world
    near(play, (19, 65, 14))
    play.must(Dig(19, 65, 14))
    (change,) = play.senses().changes
    assert (change.by, change.before, change.after) == ("robot", IRON, Block(0))
    play.must(HoldItem(change.before.id, change.before.meta), PlaceBlock(change.x, change.y, change.z))
    assert changed(play, before) == {}


def test_what_one_says_the_others_hear():
    play = Play(two_cubes(), (BLIND, SPEAKER))
    play.must(Speak("copy where I am looking to here"))
    (chat,) = play.observations["SPEAKER"].heard
    assert (chat.speaker, chat.text) == ("robot", "copy where I am looking to here")
    assert chat.now_ns == play.world.now_ns == 250_000_000
    assert play.observations["robot"].heard == ()  # it did not ask to hear
    play.wait()
    assert play.observations["SPEAKER"].heard == ()


def test_counts_and_sizes_of_what_was_built(play):
    build(play, Block(35, 11), [(2, 63, 2), (3, 63, 2), (2, 64, 2), (3, 64, 2), (2, 65, 2), (3, 65, 2)])
    things = connected_objects(play.world, LOW, HIGH)
    assert [len(cells) for cells in things] == [27, 27, 6]
    blue = np.array(things[2])
    assert (blue.max(axis=0) - blue.min(axis=0) + 1).tolist() == [2, 3, 1]  # wide 2, tall 3
    assert cells_of(play.world, 35, LOW, HIGH) == things[2]
    nearest = min(things, key=lambda cells: math.dist(np.mean(cells, axis=0), play.at()))
    assert nearest == things[2]


def test_a_block_that_joins_two_things_makes_one(play):
    build(play, GOLD, [(19, 63, 17), (19, 63, 18), (19, 63, 19)])
    assert [len(cells) for cells in connected_objects(play.world, LOW, HIGH)] == [57]
