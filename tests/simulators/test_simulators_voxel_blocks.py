"""Blocks, items and inventories against a naive model: a dict of blocks and a count of items."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from droidlet_schema import (
    Block,
    Craft,
    Dig,
    DropItem,
    FrozenMap,
    HoldItem,
    PickUpItem,
    PlaceBlock,
    UseItem,
    decode,
    digest,
    encode,
    evolve,
)
from droidlet_simulators import COLOURS
from droidlet_simulators.errors import UnknownObject
from droidlet_simulators.voxel.grid import Blocks, chunk_at, chunk_key, chunks_of, extent, region
from droidlet_simulators.voxel.looks import GRAVITY, LIQUID, REPLACEABLE, SOLID
from droidlet_simulators.voxel.materials import DYE_OF_COLOUR, blocks_of_colour, colour_of
from droidlet_simulators.voxel.recipes import RECIPES
from droidlet_simulators.voxel.scene import VoxelItemStart, VoxelSchematic
from droidlet_simulators.voxel.scenes import flat_scene
from droidlet_simulators.voxel.table import BLOCKS, ITEMS, ids_named, known, name_of
from droidlet_simulators.voxel.truth import block_at, blocks_in, connected_objects, count_blocks, stock, stuck
from droidlet_simulators.voxel.turn import VoxelTurn
from droidlet_simulators.voxel.world import VoxelWorld
from simulators.voxel_parts import BLIND, Play, survivor

STONE, DIRT, SAND, WATER = Block(1), Block(3), Block(12), Block(9)
BOX = ((-3, 61, -3), (4, 67, 4))
NEAR = [(x, y, z) for x in range(-2, 3) for y in range(61, 66) for z in range(-2, 3)]
coordinates = st.integers(-40, 40)


@given(st.tuples(coordinates, coordinates, coordinates))
def test_a_chunk_is_found_again_by_its_number(at):
    assert chunk_at(chunk_key(*at)) == at


@given(st.tuples(coordinates, coordinates, coordinates), st.integers(0, 2**32 - 1), st.data())
@settings(max_examples=25)
def test_a_region_is_what_was_put_there(low, seed, data):
    shape = data.draw(st.tuples(*[st.integers(1, 20)] * 3))
    rng = np.random.default_rng(seed)
    states = (rng.integers(0, 253 * 16, shape) * (rng.random(shape) < 0.3)).astype(np.uint16)
    chunks = chunks_of(states, low)
    high = tuple(a + n for a, n in zip(low, shape))
    assert np.array_equal(region(chunks, low, high), states)
    inner = tuple(a + data.draw(st.integers(-5, 5)) for a in low)
    got = region(chunks, inner, tuple(a + 6 for a in inner))
    for index in itertools.product(range(6), repeat=3):
        cell = [a + i - b for a, i, b in zip(inner, index, low)]
        there = all(0 <= c < n for c, n in zip(cell, shape))
        assert got[index] == (states[tuple(cell)] if there else 0)
    first, last = extent(chunks, low, high)
    assert region(chunks, first, last).sum() == states.sum()


def test_a_step_copies_only_the_chunks_that_it_changes():
    play = Play(flat_scene((survivor((STONE, 4)),)))
    before = play.world.chunks
    play.must(PlaceBlock(2, 63, 0))
    after = play.world.chunks
    touched = [key for key in after if before.get(key) is not after[key]]
    assert [chunk_at(key) for key in touched] == [(0, 3, 0)]
    assert np.shares_memory(after[chunk_key(1, 3, 1)].states, before[chunk_key(1, 3, 1)].states)
    play.wait()
    assert play.world.chunks is after


def test_a_chunk_of_air_is_left_out_and_one_that_was_is_as_if_never_there():
    play = Play(flat_scene((survivor(creative=True),)))
    before = play.world.chunks
    high = (0, 66, 2)
    play.must(HoldItem(1), PlaceBlock(*high))
    assert len(play.world.chunks) == len(before) + 1
    play.must(Dig(*high))
    assert len(play.world.chunks) == len(before) and digest(play.world.chunks) == digest(before)


def test_the_table_has_every_classic_id_with_names_that_lead_back():
    assert sorted(BLOCKS) == [*range(253), 255]
    assert [ident for ident in BLOCKS if ids_named(BLOCKS[ident].name)[0] != ident] == []
    assert (name_of(35, 14), name_of(1), name_of(1, 3), name_of(5, 2)) == (
        "red wool",
        "stone",
        "diorite",
        "birch planks",
    )
    assert BLOCKS[41].name == "gold_block" and BLOCKS[57].name == "diamond_block"
    assert not known(0, 0) and not known(253, 0) and not known(1, 16) and known(383, 91)
    assert {ident for ident in BLOCKS if GRAVITY[ident * 16]} == {12, 13, 122, 145, 252}
    assert {ident for ident in BLOCKS if LIQUID[ident * 16]} == {8, 9, 10, 11}
    for ident, kind in BLOCKS.items():
        assert not (kind.solid and kind.replaceable) and SOLID[ident * 16] == kind.solid
        assert kind.shape == "full" or not kind.solid  # what is drawn small does not stop anybody
    assert all(
        known(*made) and all(known(*need) for need, _ in recipe.needs) for made, recipe in RECIPES.items()
    )
    assert not set(ITEMS) & set(BLOCKS)


class Hands(RuleBasedStateMachine):
    """One survivor on a patch of ground; the model is a dict of cells and a dict of how many of each it has."""

    def __init__(self):
        super().__init__()
        plans = VoxelSchematic((0, 0, 0), ((1, 63, 1, SAND), (2, 62, -1, WATER), (-2, 63, 0, Block(17))))
        lying = (VoxelItemStart(70, DIRT, 1, 63, 0, 3),)
        kit = ((STONE, 3), (SAND, 2), (Block(383, 91), 1), (Block(17), 2), (Block(37), 1))
        scene = flat_scene((survivor(*kit),), low=(-6, 58, -6), high=(7, 70, 7), items=lying)
        self.play = Play(evolve(scene, schematics=(plans,)))
        self.first = stock(self.play.world)
        self.model = {
            (x, y, z): block_at(self.play.world, (x, y, z))
            for x in range(-6, 7) for y in range(58, 70) for z in range(-6, 7)
        }  # fmt: skip
        self.has = dict(kit)

    def fallen(self):
        """In the model, too, sand comes down until nothing moves; on bodies it waits."""
        moved, turn = True, VoxelTurn(self.play.world)
        while moved:
            moved = False
            for cell in sorted(self.model, key=lambda c: c[1]):
                low = cell
                while GRAVITY[self.model[cell].id * 16]:
                    below = (low[0], low[1] - 1, low[2])
                    if not self.free(below) or turn.in_body(below):
                        break
                    low = below
                if low != cell:
                    self.model[low], self.model[cell], moved = self.model[cell], Block(0), True

    def free(self, cell):
        return cell in self.model and REPLACEABLE[self.model[cell].id * 16]

    @rule(cell=st.sampled_from(NEAR))
    def dig(self, cell):
        refused = self.play.do(Dig(*cell))
        was = self.model[cell]
        may = was.id != 0 and not LIQUID[was.id * 16] and was.id != 7
        assert bool(refused) == (not may), refused
        if may:
            self.model[cell] = Block(0)

    @rule(cell=st.sampled_from(NEAR), kind=st.sampled_from([STONE, SAND, Block(37), Block(17), DIRT]))
    def place(self, cell, kind):
        has = self.has.get(kind, 0)
        if self.play.do(HoldItem(kind.id, kind.meta)):
            assert not has
            return
        refused = self.play.do(PlaceBlock(*cell))
        x, y, z = cell
        sides = [(x + 1, y, z), (x - 1, y, z), (x, y + 1, z), (x, y - 1, z), (x, y, z + 1), (x, y, z - 1)]
        held = any(side in self.model and not self.free(side) for side in sides)
        if not refused:
            assert has and self.free(cell) and held
            self.has[kind] -= 1
            self.model[cell] = kind
        elif has and self.free(cell) and held:
            assert "stands there" in refused[-1].reason

    @precondition(lambda self: any(item.holder is None for item in self.play.world.items.values()))
    @rule(data=st.data())
    def pick_up(self, data):
        lying = [ident for ident, item in self.play.world.items.items() if item.holder is None]
        ident = data.draw(st.sampled_from(lying))
        stack = self.play.world.items[ident]
        if not self.play.do(PickUpItem(ident)):
            self.has[stack.item] = self.has.get(stack.item, 0) + stack.count

    @precondition(lambda self: self.play.senses().inventory)
    @rule(data=st.data(), count=st.integers(0, 3))
    def drop(self, data, count):
        stack = data.draw(st.sampled_from(self.play.senses().inventory))
        refused = self.play.do(DropItem(stack.id, count))
        assert bool(refused) == (not 1 <= count <= stack.count)
        if not refused:
            self.has[stack.item] -= count

    @rule(kind=st.sampled_from(sorted(RECIPES)))
    def craft(self, kind):
        recipe = RECIPES[kind]
        can = all(self.has.get(Block(*need), 0) >= count for need, count in recipe.needs)
        assert bool(self.play.do(Craft(*kind))) == (not can)
        if can:
            for need, count in recipe.needs:
                self.has[Block(*need)] -= count
            self.has[Block(*kind)] = self.has.get(Block(*kind), 0) + recipe.makes

    @rule(cell=st.sampled_from(NEAR))
    def hatch(self, cell):
        egg = Block(383, 91)
        if not self.play.do(HoldItem(egg.id, egg.meta)) and not self.play.do(UseItem(*cell)):
            self.has[egg] -= 1

    @rule()
    def wait(self):
        self.play.wait()

    @invariant()
    def blocks_are_the_models(self):
        self.fallen()
        ids, metas = blocks_in(self.play.world, (-6, 58, -6), (7, 70, 7))
        for (x, y, z), block in self.model.items():
            assert (ids[x + 6, y - 58, z + 6], metas[x + 6, y - 58, z + 6]) == (block.id, block.meta), (
                x,
                y,
                z,
            )

    @invariant()
    def the_inventory_is_the_models(self):
        held = {}
        for stack in self.play.senses().inventory:
            held[stack.item] = held.get(stack.item, 0) + stack.count
        assert held == {item: count for item, count in self.has.items() if count}
        in_hand = self.play.senses().held
        assert in_hand is None or held.get(in_hand)

    @invariant()
    def nothing_comes_from_nothing_and_nobody_is_stuck(self):
        assert stock(self.play.world) == self.first and stuck(self.play.world) == ()


Hands.TestCase.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
TestHands = Hands.TestCase


class TestHandsForLong(Hands.TestCase):
    settings = settings(max_examples=150, stateful_step_count=60, deadline=None)


TestHandsForLong = pytest.mark.slow(TestHandsForLong)


def test_creative_hands_are_told_of_in_the_stock():
    play = Play(flat_scene((survivor(creative=True),)))
    first = stock(play.world)
    play.must(HoldItem(57), PlaceBlock(2, 63, 2))
    play.must(Dig(2, 62, 2))
    assert count_blocks(play.world, 57) == 1 and stock(play.world) == first
    assert play.world.made == FrozenMap({57 * 4096: 1, 2 * 4096: -1})


def test_air_is_counted_too():
    play = Play(flat_scene(low=(-5, 60, -5), high=(6, 70, 6)))
    assert count_blocks(play.world, 0) == 11 * 11 * 7
    play.must(Dig(1, 62, 1))
    assert count_blocks(play.world, 0) == 11 * 11 * 7 + 1


def test_a_world_survives_the_codec_and_goes_on_the_same():
    one = Play(flat_scene((survivor((STONE, 9)),)))
    two = Play(flat_scene((survivor((STONE, 9)),)))
    for cell in [(1, 63, 1), (2, 63, 1), (1, 64, 1)]:
        one.must(PlaceBlock(*cell))
        two.must(PlaceBlock(*cell))
        two.world = decode(tuple(bytes(frame) for frame in encode(two.world)), VoxelWorld)
        assert two.world == one.world and digest(two.world) == digest(one.world)


def test_writing_through_blocks_leaves_what_it_read_alone():
    play = Play(flat_scene((survivor(),), low=(-4, 60, -4), high=(4, 70, 4)), (BLIND,))
    before = digest(play.world)
    blocks = Blocks(play.world.chunks, play.world.low, play.world.high)
    blocks.put((0, 61, 0), 41 * 16, "robot")
    blocks.put((0, 61, 0), 41 * 16, "robot")
    assert len(blocks.changes) == 1 and digest(play.world) == before
    assert block_at(evolve(play.world, chunks=blocks.freeze()), (0, 61, 0)) == Block(41)


def test_a_hand_lets_go_of_what_is_no_longer_there():
    play = Play(flat_scene((survivor((STONE, 1), (DIRT, 2)),)))
    (stone, dirt) = play.senses().inventory
    assert play.senses().held == STONE
    play.must(PlaceBlock(2, 63, 0))
    assert play.senses().held is None
    assert play.do(PlaceBlock(2, 64, 0))[0].reason == "the hand is empty"
    play.must(HoldItem(3), DropItem(dirt.id, 1))
    assert play.senses().held == DIRT
    play.must(DropItem(dirt.id, 1))
    assert play.senses().held is None and play.senses().inventory == ()
    assert play.do(HoldItem(1))[0].reason == "there is no stone in the inventory"
    assert play.do(PickUpItem(stone.id))[0].reason.startswith("no stack")


def test_blocks_are_called_by_their_colour():
    assert {colour: colour_of(Block(35, dye)) for colour, dye in DYE_OF_COLOUR.items()} == {
        c: c for c in COLOURS
    }
    named = {
        41: "yellow",
        57: "cyan",
        42: "white",
        22: "blue",
        133: "green",
        152: "red",
        3: "brown",
        49: "black",
        1: "grey",
    }
    assert {ident: colour_of(Block(ident)) for ident in named} == named
    assert [colour_of(Block(ident)) for ident in (0, 166, 254, 264)] == ["", "", "", ""]
    for colour in COLOURS:
        blocks = blocks_of_colour(colour)
        assert blocks[0].id == 35 and len(set(blocks)) == len(blocks)
        assert {colour_of(block) for block in blocks} == {colour}
    with pytest.raises(UnknownObject, match="mauve"):
        blocks_of_colour("mauve")


@pytest.mark.parametrize(
    ("other", "things"),
    [((3, 63, 3), 1), ((3, 63, 1), 1), ((3, 64, 3), 1), ((1, 62, 2), 1), ((4, 63, 2), 2), ((2, 65, 2), 2)],
)
def test_what_touches_is_one_thing_be_it_by_a_corner(other, things):
    plan = VoxelSchematic((0, 0, 0), ((2, 63, 2, Block(41)), (*other, Block(42))))
    world = Play(evolve(flat_scene(), schematics=(plan,))).world
    found = connected_objects(world, (-5, 60, -5), (10, 70, 10))
    assert sorted(cell for thing in found for cell in thing) == sorted([(2, 63, 2), other])
    assert len(found) == things
