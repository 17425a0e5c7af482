"""Bodies among blocks: gravity, steps, jumps, flight, creatures, sand, items; nobody is ever inside a block."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import (
    Block,
    Dig,
    Drive,
    HoldItem,
    Jump,
    Key,
    Look,
    LookAtBlock,
    Move,
    PlaceBlock,
    SetLook,
    SpawnMob,
    StepBlock,
    Stop,
    Turn,
    evolve,
)
from droidlet_simulators.voxel.creatures import CREATURES
from droidlet_simulators.voxel.grid import Blocks, chunks_of
from droidlet_simulators.voxel.limits import VoxelLimits
from droidlet_simulators.voxel.physics import Moving, Shape, fall
from droidlet_simulators.voxel.scene import (
    Terrain,
    VoxelItemStart,
    VoxelMobStart,
    VoxelSchematic,
    VoxelShape,
    VoxelStart,
)
from droidlet_simulators.voxel.scenes import flat_scene, hills_scene
from droidlet_simulators.voxel.truth import block_at, can_see, line_of_sight, stuck
from droidlet_simulators.voxel.world import native_yaw
from simulators.voxel_parts import BLIND, SPEAKER, Play, survivor

STONE = Block(1)
HALL = Drive(4.3, 0.0)


def box(low, size, block=STONE, ident=1):
    return VoxelShape(ident, "box", block, low, size)


def facing(yaw, *shapes, **options):
    return Play(flat_scene((survivor(yaw_rad=yaw, **options),), shapes=shapes))


def test_a_body_stands_still_on_the_ground():
    play = facing(0.0)
    play.wait(8)
    assert play.at() == (0.5, 63.0, 0.5) and play.senses().on_ground


def test_walking_goes_as_fast_as_legs_do_and_along_the_native_yaw():
    play = facing(0.0)  # along +Z
    for _ in range(4):
        play.must(HALL)
    x, y, z = play.at()
    assert (x, y) == (pytest.approx(0.5), 63.0) and z == pytest.approx(0.5 + 4.3)
    play = facing(math.pi / 2)  # to the left of +Z is +X
    play.must(Move(0.8))
    assert play.at() == (pytest.approx(1.3), 63.0, pytest.approx(0.5))
    play.must(Turn(0.5))
    assert play.senses().yaw_rad == pytest.approx(math.pi / 2 + 0.5)


def test_a_step_of_one_block_is_climbed_and_of_two_is_not():
    play = facing(0.0, box((0, 63, 3), (1, 1, 3)))
    heights = set()
    for _ in range(7):
        play.must(HALL)
        heights.add(play.at()[1])
    assert 64.0 in heights and play.at()[1] == 63.0 and play.at()[2] > 6.3  # up and down again
    play = facing(0.0, box((0, 63, 3), (1, 2, 3)))
    for _ in range(6):
        play.must(HALL)
    assert play.at() == (pytest.approx(0.5), 63.0, pytest.approx(2.7))
    assert play.observations["robot"].collided
    play.must(Stop())
    assert not play.observations["robot"].collided


def test_a_low_ceiling_stops_a_climb():
    play = facing(0.0, box((0, 63, 3), (1, 1, 3)), box((0, 65, 1), (1, 1, 5), ident=2))
    for _ in range(6):
        play.must(HALL)
    assert play.at()[1] == 63.0 and play.at()[2] <= 2.7 + 1e-9


def test_one_block_steps_climb_fall_and_are_refused():
    play = facing(0.0, box((1, 63, 0), (1, 1, 1)), box((2, 63, 0), (1, 3, 1), ident=2))
    play.must(StepBlock("+x"))
    assert play.at() == (1.5, 64.0, 0.5)
    (refusal,) = play.do(StepBlock("+x"))
    assert (refusal.action, refusal.reason) == ("StepBlock", "a block is in the way")
    assert play.observations["robot"].collided and play.at() == (1.5, 64.0, 0.5)
    play.must(StepBlock("-x"))
    play.wait()
    assert play.at() == (0.5, 63.0, 0.5)


@pytest.mark.parametrize(
    ("yaw", "said", "gone"),
    [
        (0.0, "forward", (0, 1)), (0.0, "back", (0, -1)), (0.0, "left", (1, 0)), (0.0, "right", (-1, 0)),
        (math.pi / 2, "forward", (1, 0)), (math.pi / 2, "left", (0, -1)), (0.6, "forward", (0, 1)),
        (1.0, "forward", (1, 0)), (math.pi, "right", (1, 0)), (-math.pi / 2, "forward", (-1, 0)),
    ],
)  # fmt: skip
def test_steps_are_as_seen_from_the_body(yaw, said, gone):
    play = facing(yaw)
    play.must(StepBlock(said))
    assert play.at() == (0.5 + gone[0], 63.0, 0.5 + gone[1])


@pytest.mark.parametrize("period_ms", [20, 50])
def test_a_jump_clears_one_block_and_comes_down(period_ms):
    play = Play(flat_scene(), period_ns=period_ms * 1_000_000)
    play.must(Jump())
    heights = [play.at()[1]]
    (refusal,) = play.do(Jump())
    assert refusal.reason == "it is in the air"
    for _ in range(1000 // period_ms):
        play.wait()
        heights.append(play.at()[1])
    assert 64.0 <= max(heights) <= 64.2 and heights[-1] == 63.0


def test_what_is_dug_away_below_lets_the_body_fall():
    play = facing(0.0)
    for depth in range(1, 4):
        play.must(Dig(0, 63 - depth, 0))
        play.wait(2)
        assert play.at() == (0.5, 63.0 - depth, 0.5)


def test_a_fall_ends_on_the_very_top_of_a_block():
    states = np.zeros((5, 20, 5), np.uint16)
    states[:, :4] = 16
    blocks = Blocks(chunks_of(states, (-2, -3, -2)), (-2, -3, -2), (3, 17, 3))
    for number in range(2000):
        at = Moving(0.5, 1 + number * 0.0037, 0.5)
        while not at.on_ground:
            at = fall(blocks, at, Shape(0.3, 1.8), 0.037)
        assert at.y == 1.0


def test_a_long_fall_ends_on_the_ground():
    play = Play(flat_scene((survivor(at=(0, 120, 0)),)))
    heights = []
    for _ in range(12):
        play.wait()
        heights.append(play.at()[1])
    assert heights == sorted(heights, reverse=True) and heights[-1] == 63.0 and heights[3] < 110


def test_creative_players_fly_and_land_and_others_do_not():
    play = facing(0.0, creative=True)
    play.must(StepBlock("+y"))
    play.must(StepBlock("+y"))
    play.must(HALL)
    assert play.at()[1] == 65.0 and play.senses().flying
    (refusal,) = play.do(Jump())
    assert refusal.reason == "it flies"
    play.must(StepBlock("-y"))
    play.must(StepBlock("-y"))
    assert play.at()[1] == 63.0 and not play.senses().flying and play.senses().on_ground
    assert play.do(StepBlock("-y"))[0].reason == "it does not fly"
    assert facing(0.0).do(StepBlock("+y"))[0].reason.startswith("only creative")


def test_the_edge_of_the_world_is_solid():
    play = Play(flat_scene(low=(-3, 60, -3), high=(4, 66, 4)))
    for _ in range(8):
        play.must(SetLook(math.pi / 2, 0.0), HALL)
    assert play.at()[0] == pytest.approx(4 - 0.3)
    assert play.do(Dig(4, 63, 0))[0].reason == "that is outside the world"
    assert play.do(Dig(2**60, 63, 0))[0].reason == "that is outside the world"


def test_water_slows_a_fall_and_one_swims_up():
    pool = VoxelSchematic((0, 0, 0), tuple((0, y, 0, Block(9)) for y in range(55, 63)))
    play = Play(evolve(flat_scene((survivor(at=(0, 70, 0)),)), schematics=(pool,)), period_ns=100_000_000)
    play.wait(12)
    assert 57 < play.at()[1] < 63
    sunk = play.at()[1]
    for _ in range(10):
        play.do(Jump())
    assert play.at()[1] > sunk + 1


def test_sand_falls_to_the_ground_and_tells_of_it():
    sand = box((2, 64, 0), (1, 3, 1), Block(12), ident=1)
    play = facing(0.0, box((2, 63, 0), (1, 1, 1), ident=2), sand)
    assert block_at(play.world, (2, 66, 0)) == Block(12)
    play.must(Dig(2, 63, 0))
    assert [block_at(play.world, (2, y, 0)).id for y in range(62, 68)] == [2, 12, 12, 12, 0, 0]
    assert {change.by for change in play.senses().changes} == {"robot", None}


def test_sand_waits_on_a_head_and_comes_down_when_it_leaves():
    play = facing(0.0, box((0, 66, 0), (1, 1, 1), ident=2), box((0, 67, 0), (1, 1, 1), Block(12), ident=3))
    play.must(Dig(0, 66, 0))
    assert block_at(play.world, (0, 65, 0)).id == 12 and play.world.loose == ((0, 65, 0),)
    play.wait(3)
    assert block_at(play.world, (0, 65, 0)).id == 12
    play.must(StepBlock("+x"))
    assert block_at(play.world, (0, 63, 0)).id == 12 and play.world.loose == ()


def test_no_block_is_placed_into_a_body():
    play = Play(flat_scene((survivor(creative=True), survivor(name="other", at=(2, 63, 0)))))
    play.must(HoldItem(1))
    assert play.do(PlaceBlock(0, 63, 0))[0].reason == "robot stands there"
    assert play.do(PlaceBlock(2, 64, 0))[0].reason == "other stands there"
    play.must(SpawnMob("cow", -2, 63, 0))
    assert play.do(PlaceBlock(-2, 63, 0))[0].reason.startswith("cow")
    play.must(HoldItem(37), PlaceBlock(0, 63, 0))  # a flower stops nobody


def test_items_fall_and_are_lifted_out_of_blocks():
    play = Play(flat_scene((survivor(creative=True),), items=(VoxelItemStart(9, STONE, 2, 68, 0),)))
    play.wait(4)
    assert play.world.items[9].y == 63.0
    play.must(HoldItem(1), PlaceBlock(2, 63, 0))
    assert play.world.items[9].y == 64.0
    play.must(Dig(2, 63, 0))
    play.wait()
    assert play.world.items[9].y == 63.0


def test_looks_go_as_far_as_a_neck_does():
    play = facing(0.0)
    play.must(Look(9.0, -9.0))
    player = play.world.players["robot"]
    assert (player.pan_rad, player.tilt_rad) == (math.pi / 2, -math.pi / 2)
    play.must(LookAtBlock(0, 64, 7))
    assert line_of_sight(play.world, "robot") is None and play.senses().yaw_rad == pytest.approx(0.0)
    play.must(LookAtBlock(1, 62, 1))
    assert line_of_sight(play.world, "robot") == (1, 62, 1) == play.senses().looks_at
    assert native_yaw(play.world.players["robot"].yaw_rad) == pytest.approx(math.pi / 4)


def test_walls_hide_and_glass_does_not():
    play = facing(0.0, box((-2, 63, 3), (5, 4, 1), Block(20)))
    assert can_see(play.world, "robot", (0.5, 64.5, 8.0))
    assert line_of_sight(play.world, "robot") == (0, 64, 3)  # yet one points at the glass
    play = facing(0.0, box((-2, 63, 3), (5, 4, 1)))
    assert not can_see(play.world, "robot", (0.5, 64.5, 8.0))


def test_others_are_sensed_with_what_they_hold_and_look_at():
    start = VoxelStart("SPEAKER", 4, 63, 4, 0.0, -0.7, creative=True, inventory=((Block(57), 2),))
    play = Play(flat_scene((survivor(), start)), (BLIND, SPEAKER))
    (other,) = play.senses().players
    assert (other.name, other.x, other.y, other.z) == ("SPEAKER", 4.5, 63.0, 4.5)
    assert other.held == Block(57) and other.looks_at == line_of_sight(play.world, "SPEAKER")
    assert play.observations["robot"].heard == ()


def herd(seed, count=12):
    kinds = sorted(CREATURES)
    mobs = tuple(
        VoxelMobStart(i + 1, kinds[(i + seed) % len(kinds)], -12 + 6 * (i % 4), 0, -9 + 6 * (i // 4))
        for i in range(count)
    )
    return hills_scene(
        (VoxelStart("robot", 0, 0, 0),), seed=seed, mobs=mobs, low=(-24, 0, -24), high=(24, 64, 24)
    )


def test_creatures_walk_on_hills_and_are_never_in_a_block_nor_in_the_water():
    play = Play(herd(3), period_ns=500_000_000)
    start, wet = dict(play.world.mobs), 0
    dry = {ident for ident, mob in start.items() if not swims(play.world, mob)}
    for _ in range(60):
        play.wait()
        assert stuck(play.world) == ()
        wet += sum(swims(play.world, play.world.mobs[ident]) for ident in dry)
    gone = [math.dist((a.x, a.z), (b.x, b.z)) for a, b in zip(start.values(), play.world.mobs.values())]
    assert sorted(gone)[len(gone) // 2] > 2.0 and dry and wet == 0


def swims(world, mob):
    blocks = Blocks(world.chunks, world.low, world.high)
    return blocks.get(math.floor(mob.x), math.floor(mob.y + 1e-6), math.floor(mob.z)) >> 4 in (8, 9)


def test_another_key_walks_another_way_and_the_same_the_same():
    ends = []
    for key in (Key(1), Key(1), Key(2)):
        play = Play(herd(0, 4), key=key)
        play.wait(20)
        ends.append(play.world.mobs)
    assert ends[0] == ends[1] != ends[2]


speeds = st.floats(-6, 6, width=32)
MOVES = st.one_of(
    st.builds(Drive, speeds, speeds),
    st.builds(Move, speeds),
    st.builds(Turn, speeds),
    st.just(Jump()),
    st.builds(StepBlock, st.sampled_from(["+x", "-x", "+y", "-y", "+z", "-z", "forward", "left"])),
    st.builds(Dig, *[st.integers(-3, 3), st.integers(60, 66), st.integers(-3, 3)]),
    st.builds(PlaceBlock, *[st.integers(-3, 3), st.integers(60, 66), st.integers(-3, 3)]),
    st.builds(SpawnMob, st.sampled_from(["spider", "pig"]), st.integers(-3, 3), st.integers(60, 66), st.just(2)),
)  # fmt: skip
RUINS = tuple(
    VoxelShape(n, "box", Block(12 if n % 3 == 0 else 4), (x, y, z), (1, 1 + n % 2, 1))
    for n, (x, y, z) in enumerate(
        [(2, 63, 0), (2, 63, 1), (-2, 63, 1), (1, 65, 1), (0, 63, -2), (-1, 63, -2), (3, 64, 3)], 1
    )
)  # fmt: skip


@given(st.lists(st.tuples(MOVES, MOVES), min_size=1, max_size=25), st.sampled_from([50, 130, 250, 1000]))
@settings(max_examples=40, deadline=None)
def test_nobody_is_ever_in_a_block_and_nothing_is_lost(moves, period_ms):
    maker = VoxelStart("maker", 0, 63, 1, creative=True, inventory=((Block(12), 1),))
    mobs = (VoxelMobStart(90, "spider", -3, 63, -1), VoxelMobStart(91, "horse", 3, 63, -3))
    scene = flat_scene(
        (survivor((STONE, 5)), maker), low=(-5, 58, -5), high=(6, 70, 6), shapes=RUINS, mobs=mobs
    )
    agents = (BLIND, evolve(BLIND, id="maker"))
    play = Play(scene, agents, period_ns=period_ms * 1_000_000)
    for one, two in moves:
        _, play.world = play.simulator.step({"robot": (one,), "maker": (two,)}, play.world)
        assert stuck(play.world) == ()
        assert play.simulator.invariant(play.world) == play.count


def test_empty_terrain_lets_one_fall_to_the_floor_of_the_world():
    scene = flat_scene((survivor(at=(0, 70, 0)),), low=(-3, 60, -3), high=(4, 80, 4))
    play = Play(evolve(scene, terrain=Terrain("none")))
    play.wait(8)
    assert play.at() == (0.5, 60.0, 0.5)


def test_hands_reach_five_metres_from_the_eyes_to_the_nearest_of_a_block():
    play = facing(0.0, box((5, 64, 0), (1, 1, 1)), box((6, 64, 0), (1, 1, 1), ident=2), creative=True)
    assert play.do(Dig(6, 64, 0))[0].reason == "it is 5.5 m away, out of reach"
    assert play.do(HoldItem(1), PlaceBlock(6, 65, 0))[0].reason.endswith("out of reach")
    assert play.do(SpawnMob("pig", 9, 63, 0))[0].reason.endswith("out of reach")
    play.must(Dig(5, 64, 0))
    near = Play(flat_scene((survivor(creative=True),)), limits=VoxelLimits(reach_m=3.0))
    assert near.do(Dig(4, 62, 0))[0].reason.endswith("out of reach")
    near.must(Dig(2, 62, 0))


def test_a_cow_on_an_island_stays_dry():
    pond = tuple((x, 62, z, Block(9)) for x in range(-7, 8) for z in range(-7, 8) if max(abs(x), abs(z)) > 2)
    scene = flat_scene((survivor(at=(10, 63, 0)),), mobs=(VoxelMobStart(4, "cow", 0, 63, 0),))
    play = Play(evolve(scene, schematics=(VoxelSchematic((0, 0, 0), pond),)), period_ns=500_000_000)
    places = set()
    for _ in range(160):
        play.wait()
        cow = play.world.mobs[4]
        places.add((math.floor(cow.x), math.floor(cow.z)))
        assert cow.y == 63.0
    assert len(places) >= 4


def test_sand_that_falls_into_water_takes_its_place():
    pond = VoxelSchematic((0, 0, 0), ((2, 61, 0, Block(9)), (2, 62, 0, Block(9))))
    scene = flat_scene((survivor((Block(12), 1)),), shapes=(box((2, 63, 1), (1, 2, 1)),))
    play = Play(evolve(scene, schematics=(pond,)))
    play.must(PlaceBlock(2, 64, 0))
    assert [block_at(play.world, (2, y, 0)).id for y in (60, 61, 62, 63, 64)] == [3, 12, 9, 0, 0]
    assert dict(play.world.made) == {9 * 4096: -1}


def test_a_body_feels_what_it_touches():
    feeling = evolve(BLIND, senses=("contacts",))
    play = Play(flat_scene((survivor(),), shapes=(box((0, 63, 3), (1, 2, 1)),)), (feeling,))

    def touched():
        return sorted(contact.part for contact in play.observations["robot"].contacts)

    assert touched() == ["feet"]
    for _ in range(4):
        _, play.world = play.simulator.step({"robot": (SetLook(0.0, 0.0), HALL)}, play.world)
    play.observations = play.simulator.observe(play.world)
    assert touched() == ["body", "feet"]
    _, play.world = play.simulator.step({"robot": (Drive(-4.3, 0.0),)}, play.world)
    play.observations, play.world = play.simulator.step({"robot": (Jump(),)}, play.world)
    assert "feet" not in touched()


def test_nobody_climbs_in_the_air():
    play = Play(flat_scene((survivor(),), shapes=(box((1, 63, 0), (1, 1, 1)),)), period_ns=50_000_000)
    play.must(Jump())
    assert play.do(StepBlock("+x"))[0].reason == "a block is in the way"
    play.wait(20)
    play.must(StepBlock("+x"))
    assert play.at() == (1.5, 64.0, 0.5)


def test_one_points_through_water_at_what_is_below():
    pond = VoxelSchematic((0, 0, 0), tuple((x, 62, z, Block(9)) for x in range(-1, 2) for z in range(2)))
    play = Play(evolve(flat_scene((survivor(at=(0, 63, -1)),)), schematics=(pond,)))
    play.must(LookAtBlock(0, 61, 0))
    assert play.senses().looks_at == (0, 61, 0) == line_of_sight(play.world, "robot")
    assert play.do(Dig(0, 62, 0))[0].reason == "a liquid cannot be dug"
    play.must(Dig(0, 61, 0))
