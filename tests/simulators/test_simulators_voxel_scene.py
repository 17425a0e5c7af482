"""Scenes: as values and files, common scenes in blocks, what is left out, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import droidlet_schema
from droidlet_schema import (
    Block,
    Craft,
    Drive,
    FrozenMap,
    HoldItem,
    Key,
    Look,
    Move,
    Pose,
    Pose2,
    SceneObject,
    SetLook,
    SpawnMob,
    StepBlock,
    decode,
    digest,
    encode,
    evolve,
    fields_of,
    from_json,
    to_json,
)
from droidlet_schema.strategies import of
from droidlet_simulators import make_scene, robot
from droidlet_simulators.conformance import conformance_scenes
from droidlet_simulators.contract import AgentSpec, CameraSpec
from droidlet_simulators.errors import (
    PlacementError,
    SceneError,
    SimulatorError,
    UnknownAction,
    UnknownAgent,
    UnknownObject,
    WorldError,
)
from droidlet_simulators.scene import Doorway, Gesture, Scene, Walker, Wall
from droidlet_simulators.scene_files import scene_from_text, scene_to_text
from droidlet_simulators.voxel.grid import BlockChunk
from droidlet_simulators.voxel.limits import VoxelLimits
from droidlet_simulators.voxel.node import voxel_body
from droidlet_simulators.voxel.scene import (
    Terrain,
    VoxelBox,
    VoxelItemStart,
    VoxelMobStart,
    VoxelScene,
    VoxelSchematic,
    VoxelShape,
    VoxelStart,
)
from droidlet_simulators.voxel.scenes import flat_scene, hills_scene, two_cubes
from droidlet_simulators.voxel.simulator import VoxelSimulator
from droidlet_simulators.voxel.truth import (
    block_at,
    blocks_in,
    cells_of,
    connected_objects,
    count_blocks,
    stuck,
)
from droidlet_simulators.voxel.world import VoxelMob, VoxelPlayer, VoxelWorld
from simulators.voxel_parts import BLIND, KEY, Play, seeing, survivor

SIMULATOR = VoxelSimulator((BLIND,))
SMALL = flat_scene((survivor(),), low=(-6, 58, -6), high=(7, 70, 7))
STONE = Block(1)


def test_scenes_are_values_with_a_json_form():
    shapes = (VoxelShape(1, "hollow_sphere", Block(35, 14), (3, 50, 3), (5, 5, 5), "ball", "red", -1),)
    scene = evolve(
        hills_scene((survivor((STONE, 3)),), mobs=(VoxelMobStart(9, "sheep", 2, 0, 2),)),
        shapes=shapes,
        schematics=(VoxelSchematic((0, 60, 0), ((0, 0, 0, STONE), (1, 0, 0, Block(0)))),),
        items=(VoxelItemStart(30, Block(383, 91), 4, 50, 4, 2),),
        boxes=(VoxelBox(Block(20), (-3, 60, -3), (2, 2, 2)),),
    )
    assert from_json(to_json(scene), VoxelScene) == scene
    assert decode(encode(scene), VoxelScene) == scene
    assert scene_from_text(scene_to_text(scene)) == scene
    worlds = [SIMULATOR.reset(one, KEY)[1] for one in (scene, from_json(to_json(scene)))]
    assert digest(worlds[0]) == digest(worlds[1])


def test_a_toml_scene_is_read():
    text = """
    "$" = "VoxelScene"
    low = [-4, 60, -4]
    high = [5, 70, 5]
    players = [{name = "robot", x = 0, y = 63, z = 0}]
    terrain = {kind = "flat", top = 63}
    shapes = [{id = 1, shape = "box", block = {id = 42}, low = [2, 63, 2], size = [2, 2, 2]}]
    """
    scene = scene_from_text(text, form="toml")
    assert count_blocks(SIMULATOR.reset(scene, KEY)[1], 42) == 8


@pytest.mark.parametrize(
    ("shape", "size", "count"),
    [("box", (3, 3, 3), 27), ("hollow_box", (4, 3, 5), 60 - 6), ("sphere", (2, 2, 2), 8),
     ("hollow_sphere", (5, 5, 5), 54), ("sphere", (1, 1, 1), 1), ("sphere", (5, 5, 5), 81)],
)  # fmt: skip
def test_shapes_fill_what_they_say(shape, size, count):
    scene = evolve(SMALL, shapes=(VoxelShape(3, shape, Block(41), (1, 63, 1), size),))
    world = SIMULATOR.reset(scene, KEY)[1]
    cells = cells_of(world, 41, SMALL.low, SMALL.high)
    assert len(cells) == count == count_blocks(world, 41)
    assert len(connected_objects(world, SMALL.low, SMALL.high)) == 1
    (thing,) = SIMULATOR.objects(world)
    assert thing.size_m == (size[0], size[2], size[1]) and thing.colour == "gold_block"
    assert (thing.x_m, thing.y_m, thing.z_m) == (1 + size[0] / 2, -1 - size[2] / 2, 63 + size[1] / 2)


def test_hills_are_the_same_each_time_and_one_can_stand_on_them():
    players = tuple(
        VoxelStart(name, x, 0, z) for name, x, z in (("robot", 0, 0), ("b", 30, -20), ("c", -40, 41))
    )
    one, two, other = (hills_scene(players, seed=seed) for seed in (5, 5, 6))
    assert one == two != other
    world = SIMULATOR.reset(one, KEY)[1]
    assert stuck(world) == ()
    ids, _ = blocks_in(world, world.low, world.high)
    tops = ids.shape[1] - 1 - np.argmax(np.isin(ids, (2, 3, 12))[:, ::-1], axis=1)
    assert tops.max() - tops.min() >= 6 and {2, 3, 7, 9, 12, 17, 18} <= set(np.unique(ids).tolist())
    assert (np.abs(np.diff(tops, axis=0)) <= 2).all()  # hills, no cliffs


def hall(**changes):
    scene = Scene((6.0, 5.0, 2.6), (), (), (), (), (), Pose2(1.2, 1.4, 0.5))
    return evolve(scene, **changes)


def test_a_common_scene_stands_in_blocks_with_its_start_in_the_houses_axes():
    table = SceneObject(10, "table", "red", 4.0, 3.0, 0.37, 0.0, (1.4, 0.8, 0.74))
    play = Play(hall(objects=(table,)))
    pose = play.observations["robot"].pose
    assert (pose.x_m, pose.y_m, pose.yaw_rad) == (1.5, 1.5, pytest.approx(0.5))
    (thing,) = play.simulator.objects(play.world)
    assert (thing.id, thing.class_name, thing.colour) == (10, "table", "red")
    assert abs(thing.x_m - 4.0) <= 0.5 and abs(thing.y_m - 3.0) <= 0.5
    assert block_at(play.world, (3, 0, -3)) == Block(35, 14)
    assert block_at(play.world, (2, -1, -2)) == Block(5)
    assert [
        block_at(play.world, at).id for at in [(-1, 0, -1), (6, 1, -3), (2, 1, 0), (2, 1, -6), (2, 3, -2)]
    ] == [155] * 5
    for _ in range(20):
        play.must(SetLook(math.pi / 2, 0.0), Drive(4.0, 0.0))
    assert play.observations["robot"].pose.x_m == pytest.approx(5.7)  # at the wall


def test_what_a_common_scene_loses_is_said_thing_by_thing():
    cup = SceneObject(11, "cup", "blue", 2.0, 3.0, 0.06, 0.0, (0.1, 0.1, 0.12))
    sofa = SceneObject(12, "sofa", "green", 4.5, 3.0, 0.4, 0.3, (0.9, 2.0, 0.85))
    here = SceneObject(13, "box", "white", 1.3, 1.3, 0.25, 0.0, (0.5, 0.5, 0.5))
    wall = Wall(2.9, 0.0, 0.0, 3.1, 5.0, 2.6)
    scene = hall(objects=(cup, sofa, here), walls=(wall,), doorways=(Doorway(3.0, 2.5, 0.0, 0.9),))
    said = SIMULATOR.left_out(scene)
    for words in (
        "object 11 (cup) is left out",
        "object 12 (sofa) is a box of",
        "object 13 (box) is left out",
        "wall 0 is 0.20 m",
    ):
        assert sum(words in line for line in said) == 1, (words, said)
    assert len(said) == 6 and "2.6" in said[0] and "begins in the middle" in said[5]
    body = SceneObject(14, "person", "red", 1.5, 4.0, 0.85, 0.0, (0.5, 0.35, 1.7))
    waving = evolve(scene, people=(Walker(body, ((1.5, 4.0),), gestures=(Gesture("wave", 0.0, 2.0),)),))
    assert SIMULATOR.left_out(waving)[5:-1] == (
        "person 14 is a villager, who walks about instead of along the route and makes no gestures",
    )
    world = SIMULATOR.reset(scene, KEY)[1]
    assert [thing.id for thing in SIMULATOR.objects(world)] == [12]
    assert [block_at(world, (3, y, -3)).id for y in range(3)] == [0, 0, 155]  # the doorway, and above it
    assert block_at(world, (3, 0, -1)).id == 155
    assert SIMULATOR.left_out(two_cubes()) == ()


@pytest.mark.parametrize("seed", range(6))
def test_furnished_flats_load_and_their_people_become_villagers(seed):
    scene = make_scene(seed, people=2)
    play = Play(scene, period_ns=500_000_000)
    said = play.simulator.left_out(scene)
    things = {thing.id: thing for thing in play.simulator.objects(play.world)}
    for thing in scene.objects:
        mentioned = [line for line in said if f"object {thing.id} (" in line]
        assert len(mentioned) == 1 and ("left out" in mentioned[0]) == (thing.id not in things)
    for walker in scene.people:
        assert (walker.body.id in things) == any(
            f"person {walker.body.id} is a villager" in line for line in said
        )
    assert len(things) > len(scene.objects) / 4
    play.wait(8)
    assert stuck(play.world) == ()


BAD_SCENES = {
    "no player": flat_scene((VoxelStart("somebody", 0, 63, 0),)),
    "in the ground": flat_scene((survivor(at=(0, 60, 0)),)),
    "outside": flat_scene((survivor(at=(2**62, 63, 0)),)),
    "two of one name": flat_scene((survivor(), survivor(at=(3, 63, 0)))),
    "upside down": evolve(SMALL, high=SMALL.low),
    "far too large": evolve(SMALL, low=(-(2**19), 0, -(2**19)), high=(2**19, 256, 2**19)),
    "beyond the world": evolve(SMALL, low=(-(2**62), 58, -6)),
    "id 0": evolve(SMALL, shapes=(VoxelShape(0, "box", STONE, (2, 63, 2), (1, 1, 1)),)),
    "ids twice": evolve(SMALL, mobs=(VoxelMobStart(4, "pig", 2, 63, 2), VoxelMobStart(4, "pig", -2, 63, 2))),
    "no such block": evolve(SMALL, shapes=(VoxelShape(1, "box", Block(253), (2, 63, 2), (1, 1, 1)),)),
    "no such meta": evolve(SMALL, boxes=(VoxelBox(Block(35, 16), (2, 63, 2), (1, 1, 1)),)),
    "air as a shape": evolve(SMALL, shapes=(VoxelShape(1, "box", Block(0), (2, 63, 2), (1, 1, 1)),)),
    "a flat shape": evolve(SMALL, shapes=(VoxelShape(1, "box", STONE, (2, 63, 2), (1, 0, 1)),)),
    "a shape beyond": evolve(SMALL, shapes=(VoxelShape(1, "box", STONE, (2, 63, 2), (10**6, 1, 1)),)),
    "an unknown creature": evolve(SMALL, mobs=(VoxelMobStart(4, "dragon", 2, 63, 2),)),
    "a creature in the ground": evolve(SMALL, mobs=(VoxelMobStart(4, "pig", 2, 62, 2),)),
    "a creature looking nowhere": evolve(SMALL, mobs=(VoxelMobStart(4, "pig", 2, 63, 2, math.nan),)),
    "an item of nothing": evolve(SMALL, items=(VoxelItemStart(4, Block(0), 2, 63, 2),)),
    "no items": evolve(SMALL, items=(VoxelItemStart(4, STONE, 2, 63, 2, 0),)),
    "an item outside": evolve(SMALL, items=(VoxelItemStart(4, STONE, 99, 63, 2),)),
    "inventory of nothing": evolve(SMALL, players=(survivor((Block(999), 1)),)),
    "a look that breaks necks": evolve(SMALL, players=(survivor(pitch_rad=2.0),)),
    "no time of day": evolve(SMALL, first_tick=24_000),
    "fine hills": evolve(SMALL, terrain=Terrain("hills", scale=1)),
    "a schematic outside": evolve(SMALL, schematics=(VoxelSchematic((0, 63, 0), ((99, 0, 0, STONE),)),)),
    "a schematic of nothing": evolve(
        SMALL, schematics=(VoxelSchematic((0, 63, 0), ((3, 0, 0, Block(254)),)),)
    ),
    "a hall of no size": hall(size_m=(math.nan, 5.0, 2.6)),
    "a huge hall": hall(size_m=(1e9, 5.0, 2.6)),
    "a start outside": hall(start=Pose2(9.0, 1.0, 0.0)),
    "a wall of nan": hall(walls=(Wall(math.nan, 0, 0, 1, 1, 1),)),
    "a wall upside down": hall(walls=(Wall(2, 0, 0, 1, 1, 1),)),
    "a thing of no colour": hall(objects=(SceneObject(3, "box", "mauve", 3, 3, 0.5, 0, (1, 1, 1)),)),
    "a thing outside": hall(objects=(SceneObject(3, "box", "red", 9, 3, 0.5, 0, (1, 1, 1)),)),
    "a thing of id 0": hall(objects=(SceneObject(0, "box", "red", 3, 3, 0.5, 0, (1, 1, 1)),)),
}


@pytest.mark.parametrize("why", BAD_SCENES)
def test_scenes_that_cannot_be_are_refused(why):
    with pytest.raises(SceneError) as caught:
        SIMULATOR.reset(BAD_SCENES[why], KEY)
    assert len(str(caught.value)) > 20


def test_a_second_agent_needs_a_start():
    two = VoxelSimulator((BLIND, evolve(BLIND, id="second")))
    with pytest.raises(SceneError, match="second"):
        two.reset(hall(), KEY)
    with pytest.raises(SceneError, match="'second' has no start"):
        two.reset(SMALL, KEY)


@pytest.mark.parametrize(
    "options",
    [
        {"agents": ()}, {"agents": (BLIND, BLIND)}, {"agents": (AgentSpec(senses=("smell",)),)}, {"period_ns": 0.1},
        {"period_ns": 5}, {"renderer": "gl"}, {"limits": VoxelLimits(reach_m=math.nan)}, {"limits": 3},
        {"limits": VoxelLimits(blocks_radius=-1)}, {"limits": VoxelLimits(sight_m=1e9)},
        {"agents": (robot(model="cubist"),)}, {"agents": (robot(horizontal_fov_rad=80.0),)},
        {"agents": (AgentSpec(cameras=(CameraSpec(width=0),)),)}, {"period_ns": True}, {"agents": (3,)},
    ],
)  # fmt: skip
def test_simulators_that_cannot_be_are_refused(options):
    with pytest.raises(SimulatorError):
        VoxelSimulator(**options)


BAD_ACTIONS = [
    Drive(math.nan, 0.0), Move(math.inf), Look(0.0, math.nan), SetLook(math.inf, 0.0), HoldItem(254), HoldItem(-3),
    HoldItem(1, 16), Craft(0), Craft(10**9), SpawnMob("dragon", 0, 63, 1), 3, None, "Dig", Pose(0, 0, 0),
]  # fmt: skip


@pytest.mark.parametrize("action", BAD_ACTIONS, ids=repr)
def test_actions_that_cannot_be_are_refused_and_change_nothing(action):
    world = SIMULATOR.reset(SMALL, KEY)[1]
    before = digest(world)
    with pytest.raises(UnknownAction):
        SIMULATOR.step({"robot": (StepBlock("+x"), action)}, world)
    assert digest(world) == before


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_the_numbers_an_action_is_an_outcome_or_a_typed_error(data):
    names = SIMULATOR.spec.actions
    action = data.draw(of(getattr(droidlet_schema, data.draw(st.sampled_from(names)))))
    world = SIMULATOR.reset(SMALL, KEY)[1]
    before = digest(world)
    try:
        _, after = SIMULATOR.step({"robot": (action,)}, world)
    except UnknownAction:
        assert digest(world) == before
    else:
        assert stuck(after) == () and SIMULATOR.invariant(after) == SIMULATOR.invariant(world)


def test_strangers_and_their_worlds_are_refused():
    world = SIMULATOR.reset(SMALL, KEY)[1]
    with pytest.raises(UnknownAgent):
        SIMULATOR.step({"nobody": ()}, world)
    other = VoxelSimulator((evolve(BLIND, id="other"),))
    for odd in (None, 3, world.chunks):
        with pytest.raises(WorldError):
            SIMULATOR.step({}, odd)
    with pytest.raises(WorldError, match="another's"):
        other.observe(world)


@pytest.mark.parametrize(
    "make",
    [
        lambda w: BlockChunk(np.full((16, 16, 16), 4096, np.uint16)),
        lambda w: BlockChunk(np.full((16, 16, 16), 253 * 16, np.uint16)),
        lambda w: VoxelMob("dragon", 0.0, 0.0, 0.0, 0.0),
        lambda w: VoxelMob("pig", math.nan, 0.0, 0.0, 0.0),
        lambda w: VoxelPlayer(0.0, 1e300, 0.0, 0.0),
        lambda w: VoxelPlayer(0.0, 0.0, 0.0, math.inf),
        lambda w: evolve(w.players["robot"], rise_m_s=-1e300),
        lambda w: evolve(w, high=w.low),
        lambda w: evolve(w, next_id=0, mobs=w.mobs.set(5, VoxelMob("pig", 0.0, 63.0, 0.0, 0.0))),
    ],
)
def test_worlds_that_cannot_be_cannot_be_made(make):
    with pytest.raises(ValueError, match=r"\w"):
        make(SIMULATOR.reset(SMALL, KEY)[1])


def test_objects_are_added_moved_and_removed():
    play = Play(evolve(SMALL, shapes=(VoxelShape(1, "box", Block(42), (2, 63, 2), (2, 2, 2)),)))
    first, old = play.world, digest(play.world)
    sheep = SceneObject(5, "sheep", "white", -2.5, 1.5, 63.65, 1.0, (0.9, 0.9, 1.3), 77)
    stone = SceneObject(6, "item", "stone", -1.5, -1.5, 63.125, 0.0, (0.25, 0.25, 0.25))
    crate = SceneObject(7, "box", "red", 3.0, 4.0, 64.0, 0.0, (2.0, 2.0, 2.0), 0)
    world = first
    for thing in (sheep, stone, crate):
        world = play.simulator.add_object(world, thing)
    assert play.simulator.objects(world)[1:] == (sheep, stone, crate)
    assert count_blocks(world, 35, 14) == 8 and digest(first) == old
    assert play.simulator.invariant(world) == play.simulator.invariant(first)
    moved = play.simulator.move_object(world, 7, Pose(3.0, 3.0, 65.0))
    moved = play.simulator.move_object(moved, 5, Pose(-2.0, -2.0, 63.65))
    moved = play.simulator.move_object(moved, 6, Pose(-1.0, 1.0, 64.0))
    places = [(t.x_m, t.y_m, t.z_m) for t in play.simulator.objects(moved)[1:]]
    assert places == [(-2.0, -2.0, pytest.approx(63.65)), (-1.0, 1.0, 64.0), (3.0, 3.0, 65.0)]
    assert count_blocks(moved, 35, 14) == 8 and count_blocks(world, 35, 14) == 8
    gone = moved
    for ident in (5, 6, 7, 1):
        gone = play.simulator.remove_object(gone, ident)
    assert play.simulator.objects(gone) == () and count_blocks(gone, 42) == 0
    assert play.simulator.invariant(gone) == play.simulator.invariant(first)
    assert play.simulator.add_object(gone, play.simulator.objects(first)[0]).chunks == first.chunks


def test_what_cannot_stand_somewhere_is_refused():
    play = Play(evolve(SMALL, shapes=(VoxelShape(1, "box", Block(42), (2, 63, 2), (2, 2, 2)),)))
    simulator, world = play.simulator, play.world
    crate = SceneObject(7, "box", "red", 3.0, 4.0, 64.0, 0.0, (2.0, 2.0, 2.0))
    cases = [
        ({"x_m": 3.3}, PlacementError, "whole"), ({"yaw_rad": 0.4}, PlacementError, "do not turn"),
        ({"y_m": -3.0}, PlacementError, "would stand in"), ({"x_m": 1.0, "y_m": 0.0}, PlacementError, "robot"),
        ({"z_m": 62.0}, PlacementError, "would stand in"), ({"x_m": 90.0}, PlacementError, "outside"),
        ({"id": 1}, PlacementError, "another"), ({"id": 0}, PlacementError, "0"),
        ({"colour": "mauve"}, UnknownObject, "mauve"),
        ({"class_name": "cow"}, UnknownObject, "brown"),
        ({"class_name": "sheep", "colour": "white"}, PlacementError, "size_m"),
    ]  # fmt: skip
    for change, error, words in cases:
        with pytest.raises(error, match=words):
            simulator.add_object(world, evolve(crate, **change))
    for ident in (99, -1, 0):
        with pytest.raises(UnknownObject):
            simulator.remove_object(world, ident)
        with pytest.raises(UnknownObject):
            simulator.move_object(world, ident, Pose(0, 0, 64))
    with pytest.raises(PlacementError, match="upright"):
        simulator.move_object(world, 1, Pose(3, -3, 64, 0.0, 1.0, 0.0, 0.0))


def test_none_0_and_minus_1_stay_apart_as_semantic_ids():
    simulator = seeing()
    shapes = tuple(
        VoxelShape(n + 1, "box", Block(42), (-2 + 2 * n, 63, 7), (1, 3, 1), semantic_id=ident)
        for n, ident in enumerate((None, 0, -1))
    )
    scene = flat_scene((survivor(), survivor(name="other", at=(0, 63, 3))), shapes=shapes)
    observations, world = simulator.reset(scene, Key(0))
    assert [thing.semantic_id for thing in simulator.objects(world)] == [None, 0, -1]
    assert set(np.unique(observations["other"].semantics["head"].ids).tolist()) == {1, 0, -1}
    after = simulator.step({}, world)[1]
    assert decode(encode(after), VoxelWorld) == after
    assert [thing.semantic_id for thing in simulator.objects(after)] == [None, 0, -1]


@pytest.mark.parametrize("name", ["hills", "flat", "two_cubes"])
def test_a_body_is_made_by_name(name):
    body = voxel_body(Key(3), scene=name, picture_px=8)
    before = body.observe()
    body.act((StepBlock("forward"),))
    after = body.observe()
    assert after.blocks is not None and after.now_ns == 250_000_000 and after.pose != before.pose
    with pytest.raises(SceneError, match="two_cubes"):
        voxel_body(Key(3), scene="moon")


@given(of(VoxelScene), st.sampled_from(fields_of(VoxelScene)))
@settings(max_examples=20, deadline=None)
def test_a_scene_with_any_one_field_is_a_world_or_a_typed_error(other, name):
    scene = evolve(SMALL, **{name: getattr(other, name)})
    try:
        world = SIMULATOR.reset(scene, KEY)[1]
    except SceneError:
        return
    after = SIMULATOR.step({"robot": (StepBlock("+x"),)}, world)[1]
    assert stuck(after) == () and SIMULATOR.invariant(after) == SIMULATOR.invariant(world)


def test_a_start_that_is_no_middle_of_a_block_is_told():
    hall = conformance_scenes(seeing().spec)[0]
    told = [line for line in seeing().left_out(hall) if "begins" in line]
    here = seeing().reset(hall, Key((0, 0)))[0]["robot"].pose
    moved = math.hypot(here.x_m - hall.start.x_m, here.y_m - hall.start.y_m)

    assert told[0] == f"robot begins in the middle of a block, {moved:.2f} m from (1.0, 1.0)"
    middle = evolve(hall, start=Pose2(1.5, 1.5, 0.0), starts=FrozenMap({"other": Pose2(1.5, 3.5, 0.0)}))
    assert not [line for line in seeing().left_out(middle) if "begins" in line]
