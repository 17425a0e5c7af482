"""Pictures of the block world against a marcher that takes tiny steps, and against the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from droidlet_schema import Block, Dig, Look, SetLook, evolve
from droidlet_simulators.cameras import picture_rays, world_points
from droidlet_simulators.contract import AgentSpec, CameraSpec
from droidlet_simulators.voxel.creatures import CREATURES, PLAYER_PARTS
from droidlet_simulators.voxel.draw import View, draw, light_of
from droidlet_simulators.voxel.figures import Figure, figures_of, trace_figures
from droidlet_simulators.voxel.film import film_walk
from droidlet_simulators.voxel.grid import Blocks
from droidlet_simulators.voxel.looks import BOXES, FULL, PARTIAL, SIGHT
from droidlet_simulators.voxel.rays import make_grid, trace
from droidlet_simulators.voxel.scene import VoxelItemStart, VoxelMobStart, VoxelShape, VoxelStart
from droidlet_simulators.voxel.scenes import flat_scene, hills_scene, two_cubes
from droidlet_simulators.voxel.sight import cells_along, looked_at
from droidlet_simulators.voxel.simulator import VoxelSimulator
from simulators.voxel_parts import KEY, Play, painter, survivor

MODELS = ("pinhole", "orthographic", "fisheye", "equirectangular")
SIZE = (7, 6, 8)
STEP = 0.003


def random_states(seed):
    rng = np.random.default_rng(seed)
    kinds = rng.choice([1, 20, 35, 38, 31, 171, 9], SIZE) * 16 + rng.integers(0, 4, SIZE)
    return (kinds * (rng.random(SIZE) < 0.12)).astype(np.uint16)


def march(states, origin, direction, farthest):
    """How far a ray gets in steps of STEP: the first point in what is drawn of a cell; inf if none."""
    lengths = np.arange(0.0, farthest, STEP)
    points = origin + lengths[:, None] * direction
    cells = np.floor(points).astype(int)
    within = ((cells >= 0) & (cells < SIZE)).all(axis=1)
    kept = np.flatnonzero(within)
    found = states[tuple(cells[kept].T)]
    boxes, inner = BOXES[found], points[kept] - cells[kept]
    shown = np.isin(SIGHT[found], (FULL, PARTIAL)) & ((inner >= boxes[:, 0]) & (inner <= boxes[:, 1])).all(
        axis=1
    )
    hit = np.flatnonzero(shown)
    return (lengths[kept[hit[0]]], cells[kept[hit[0]]]) if len(hit) else (math.inf, None)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_rays_meet_what_a_marcher_meets(seed):
    states, rng = random_states(seed), np.random.default_rng(seed + 1)
    grid = make_grid(states, (0, 0, 0))
    origins = rng.uniform(-3, 11, (24, 3))
    directions = rng.normal(size=(24, 3))
    directions[:6, 0] = 0.0  # along the grid's planes, and its axes
    directions[:3, 1] = 0.0
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    hits = trace(grid, origins, directions, np.full(24, 12.0))
    for ray in range(24):
        depth, cell = march(states, origins[ray], directions[ray], 12.0)
        if depth == 0.0:
            continue  # it starts in a block
        spare = min(depth, hits.depth[ray])
        if math.isinf(spare):
            continue  # neither meets anything
        point = origins[ray] + spare * directions[ray]
        if math.isinf(max(depth, hits.depth[ray])):
            assert spare > 12.0 - 2 * STEP or grazes(states, point, directions[ray]), ray
            continue
        assert hits.depth[ray] <= depth + 1e-9
        if depth - hits.depth[ray] > 2 * STEP:  # the marcher stepped over a corner
            assert grazes(states, origins[ray] + hits.depth[ray] * directions[ray], directions[ray])
        else:
            met = np.array(np.unravel_index(hits.cell[ray], grid.shape)) - 1
            near = origins[ray] + hits.depth[ray] * directions[ray] + 1e-6 * directions[ray]
            assert np.abs(met - cell).sum() <= 1 and (np.abs(near - (met + 0.5)) <= 0.5 + 1e-5).all()


def grazes(states, point, direction):
    """Whether a ray is inside what it meets for less than two of the marcher's steps."""
    cell = np.floor(point + 1e-7 * direction).astype(int)
    if ((cell < 0) | (cell >= SIZE)).any():
        return True
    low, high = BOXES[states[tuple(cell)]] + cell
    with np.errstate(divide="ignore", invalid="ignore"):
        out = np.where(direction > 0, (high - point) / direction, (low - point) / direction)
    return float(np.nanmin(np.where(direction == 0, np.inf, out))) < 2 * STEP


@pytest.mark.parametrize("block", [1, 38])  # a cube, and a flower that fills half its cell
def test_rays_end_where_sight_does(block):
    states = np.zeros(SIZE, np.uint16)
    states[5, 3, 4] = block * 16
    origins, directions = np.array([[0.5, 3.5, 4.5]]), np.array([[2.0, 0.0, 0.0]])
    far = 2.25 if block == 1 else 2.375
    for farthest, met in ((far - 0.01, np.inf), (far + 0.01, far)):
        hits = trace(make_grid(states, (0, 0, 0)), origins, directions, np.array([farthest]))
        assert hits.depth[0] == met


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_one_ray_goes_through_the_cells_that_many_rays_go_through(seed):
    play = Play(hills_scene(seed=seed % 7, low=(-12, 0, -12), high=(12, 48, 12)))
    rng = np.random.default_rng(seed)
    way = rng.normal(size=3)
    way /= np.linalg.norm(way)
    origin = tuple(rng.uniform((-10, 30, -10), (10, 46, 10)).tolist())
    blocks = Blocks(play.world.chunks, play.world.low, play.world.high)
    spot = looked_at(blocks, origin, tuple(way.tolist()), 30.0)
    cells = list(cells_along(origin, tuple(way.tolist()), 30.0))
    lengths = np.arange(0, 29.9, 0.01)
    marched = {tuple(c) for c in np.floor(np.array(origin) + lengths[:, None] * way).astype(int).tolist()}
    crossed = [cell for cell, _ in cells]
    assert marched <= set(crossed) and len(crossed) == len(set(crossed))
    assert all(sum(abs(a - b) for a, b in zip(one, two)) == 1 for one, two in zip(crossed, crossed[1:]))
    firm = [cell for cell in crossed if blocks.get(*cell) not in (0, 9 * 16, 166 * 16)]
    assert spot == (firm[0] if firm else None)


GALLERY = flat_scene(
    (VoxelStart("robot", 0, 63, 0, 0.0, -0.1), VoxelStart("friend", -3, 63, 4)),
    shapes=(VoxelShape(1, "box", Block(42), (2, 63, 5), (3, 3, 3)),
        VoxelShape(2, "sphere", Block(35, 14), (-9, 63, 7), (5, 5, 5))),
    mobs=(VoxelMobStart(10, "sheep", -1, 63, 6, 1.0), VoxelMobStart(11, "iron_golem", 0, 63, 9, -0.5)),
    items=(VoxelItemStart(20, Block(57), 1, 63, 3),),
)  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_each_pixel_lies_in_the_box_of_what_it_shows(model):
    simulator = painter(96, 72, model)
    observations, world = simulator.reset(GALLERY, KEY)
    frame, ids = observations["robot"].frames["head"], observations["robot"].semantics["head"].ids
    points = world_points(frame)
    shown = set(np.unique(ids).tolist())
    assert {0, 1, 2, 10, 11} <= shown or model == "orthographic"
    for thing in simulator.objects(world):
        pixels = points[(ids == thing.id) & (frame.depth_m > 0)]
        c, s = math.cos(thing.yaw_rad), math.sin(thing.yaw_rad)
        own = (pixels - (thing.x_m, thing.y_m, thing.z_m)) @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
        assert (np.abs(own) <= np.array(thing.size_m) / 2 + 2e-3).all(), thing
        assert model == "orthographic" or len(pixels) > 3
    ground = points[(ids == 0) & (frame.depth_m > 0)]
    on_ground = np.abs(ground[:, 2] - 63) < 2e-3
    friend = np.abs(ground[:, :2] - (-2.5, -4.5)).max(axis=1) < 0.45
    assert (on_ground | friend).all() and on_ground.any()


def test_the_depth_is_how_far_the_rays_go():
    simulator = painter(40, 30)
    observations, world = simulator.reset(two_cubes(), KEY)
    observations, world = simulator.step({"robot": (SetLook(1.0, -0.05),)}, world)
    frame = observations["robot"].frames["head"]
    points = world_points(frame)
    _, rays = picture_rays(frame.intrinsics)
    seen = frame.depth_m > 0
    assert rays.shape == (30, 40, 3) and seen.any() and not seen.all()
    for x, y, z in points[seen][::17]:
        inner = (x + 0.0, z, -y)
        off = [abs(v - round(v)) for v in inner]
        assert min(off) < 1e-4  # on the face of a block
    assert (frame.rgb[~seen][:, 2] > frame.rgb[~seen][:, 0]).all()  # the sky is blue


def test_what_was_dug_is_no_longer_shown_as_the_thing():
    simulator = painter(64, 48)
    observations, world = simulator.reset(flat_scene((survivor(),), shapes=GALLERY.shapes[:1]), KEY)
    observations, world = simulator.step({"robot": (SetLook(0.5, 0.0),)}, world)
    before = (observations["robot"].semantics["head"].ids == 1).sum()
    near = evolve(world, players=world.players.set("robot", evolve(world.players["robot"], z=3.5)))
    for x in (2, 3, 4):
        _, near = simulator.step({"robot": (Dig(x, 64, 5),)}, near)
    back = evolve(near, players=world.players)
    after = (simulator.observe(back)["robot"].semantics["head"].ids == 1).sum()
    assert before > after > 0
    assert simulator.objects(back)[0].size_m == (3.0, 3.0, 3.0)


def test_night_is_darker_than_day():
    bright = []
    for ticks in (6000, 12200, 18000):
        observations, _ = painter(24, 24).reset(flat_scene(first_tick=ticks), KEY)
        bright.append(observations["robot"].frames["head"].rgb.mean())
    assert bright[0] > 1.3 * bright[1] > 1.3 * 1.3 * bright[2]
    assert light_of(0) == (0.5, 1.0) and light_of(6000)[0] == 1.0 and light_of(18000)[0] == 0.0


def test_parts_of_creatures_span_exactly_their_size():
    for name, kind in CREATURES.items():
        assert spans(kind.parts) == pytest.approx([kind.width_m, kind.height_m, kind.width_m]), name
    assert spans(PLAYER_PARTS) == pytest.approx([0.6, 1.8, 0.6])


def spans(parts):
    corners = np.array([part.corners for part in parts])
    assert (corners[:, :3] < corners[:, 3:]).all()
    return (corners[:, 3:].max(axis=0) - corners[:, :3].min(axis=0)).tolist()


def test_figures_hide_behind_blocks_and_before_them():
    wall = VoxelShape(5, "box", Block(1), (-3, 63, 8), (7, 4, 1))
    scene = flat_scene((survivor(),), shapes=(wall,), mobs=(VoxelMobStart(10, "cow", 0, 63, 5),))
    simulator = painter(48, 48)
    near = simulator.reset(scene, KEY)[0]["robot"].semantics["head"].ids
    hidden = evolve(scene, mobs=(VoxelMobStart(10, "cow", 0, 63, 12),))
    far = simulator.reset(hidden, KEY)[0]["robot"].semantics["head"].ids
    assert (near == 10).sum() > 20 and (near == 5).sum() > 50
    assert (far == 10).sum() == 0 and (far == 5).sum() > (near == 5).sum()
    assert figures_of(simulator.reset(scene, KEY)[1], "robot")[0].semantic_id == 10


def test_a_figure_turns_with_its_yaw():
    _, world = painter(8, 8).reset(flat_scene(mobs=(VoxelMobStart(10, "cow", 0, 63, 5, 0.0),)), KEY)
    (figure,) = [f for f in figures_of(world, "robot") if f.semantic_id == 10]
    head = np.array([[0.5, 64.35, 9.0]])  # from where it looks, at the height of its head
    met = trace_figures([figure], head, np.array([[0.0, 0.0, -1.0]]), np.array([20.0]))
    behind = trace_figures(
        [figure], np.array([[0.5, 64.35, 2.0]]), np.array([[0.0, 0.0, 1.0]]), np.array([20.0])
    )
    assert met.depth[0] == pytest.approx(9.0 - (5.5 + 0.45))
    assert behind.depth[0] > 5.5 - 2.0


def test_cameras_sense_what_they_were_asked_for_and_sit_where_they_are_mounted():
    cameras = (
        CameraSpec("a", 12, 10, pictures=("rgb",)),
        CameraSpec("b", 10, 12, pictures=("depth",), neck=False),
        CameraSpec("c", 8, 8, pictures=("semantic",)),
    )
    simulator = VoxelSimulator((AgentSpec("robot", cameras),))
    observations, world = simulator.reset(GALLERY, KEY)
    observations, world = simulator.step({"robot": (Look(0.5, 0.3),)}, world)
    seen = observations["robot"]
    assert set(seen.frames) == {"a", "b"} and set(seen.semantics) == {"c"} and seen.blocks is None
    assert not seen.frames["a"].depth_m.any() and seen.frames["a"].rgb.any()
    assert not seen.frames["b"].rgb.any() and seen.frames["b"].depth_m.shape == (12, 10)
    assert seen.frames["a"].camera.z_m == pytest.approx(63 + 1.1) and not len(seen.poses)
    turned = [seen.frames[name].camera.qw for name in "ab"]
    assert turned[0] != pytest.approx(turned[1])
    assert not seen.frames["a"].rgb.flags.writeable


def test_a_walk_is_filmed():
    frames = film_walk(9, width=32, height=24)
    assert len(frames) == 10 and {frame.shape for frame in frames} == {(24, 32, 3)}
    assert len({frame.tobytes() for frame in frames}) == 10
    assert all(np.array_equal(one, two) for one, two in zip(frames, film_walk(9, width=32, height=24)))


def test_what_is_nearer_hides_what_is_behind_it():
    states = np.zeros(SIZE, np.uint16)
    states[3, 3, 4] = 16
    grid = make_grid(states, (0, 0, 0))
    part = CREATURES["pig"].parts[0]
    rays = np.array([[0.5, 3.5, 4.5]]), np.array([[1.0, 0.0, 0.0]])
    for x, shown, depth in ((1.5, 8, 0.685), (3.5, 0, 2.5), (5.5, 0, 2.5)):
        pig = Figure(
            x, 3.0, 4.5, 0.0, (part._replace(corners=(-0.315, 0.0, -0.4, 0.315, 0.9, 0.4)),), 0.9, 9.0, 8
        )
        view = View(grid, np.zeros(grid.states.size, np.int32), [pig], 1.0, 0.0, 50.0)
        picture = draw(view, *rays)
        assert picture.semantic[0] == shown and picture.depth[0] == pytest.approx(depth)
