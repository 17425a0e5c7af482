"""Draws the pictures of these pages.

python docs/make_pictures.py
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from droidlet_schema import FrozenMap, Key, Look, Observation, Pose2, SceneObject, Turn, evolve
from droidlet_simulators import (
    CLASSES,
    AgentSpec,
    Area,
    CameraSpec,
    Lamp,
    Lighting,
    Looks,
    NotInstalled,
    RoomSimulator,
    Scene,
    Surface,
    make_scene,
    robot,
    top_view,
)
from droidlet_simulators.engines import make_engine
from droidlet_simulators.voxel import film_walk

HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT, GAP, MARGIN, HEAD = 288, 216, 8, 16, 28
VIEWS = ((10, 0.0), (12, 2.2), (14, -2.2), (15, -2.2))  # seed of the flat, how far the robot turns first
FAR_M = 7.0
Picture = NDArray[np.uint8]


def look(seed: int, turn_rad: float) -> Observation:
    """What the robot senses in a flat after turning so far."""
    simulator = RoomSimulator((robot(WIDTH, HEIGHT, semantic=True),), period_ns=4_000_000_000)
    _, world = simulator.reset(make_scene(seed), Key(seed))
    observations, _ = simulator.step({"robot": (Turn(turn_rad), Look(0.0, -0.2))}, world)
    return observations["robot"]


def draw_depth(depth_m: NDArray[np.float32]) -> Picture:
    """Near is light, far is dark blue."""
    near = 1.0 - np.clip(depth_m / FAR_M, 0.0, 1.0)
    return (255 * np.stack([near**1.6, near, 0.35 + 0.65 * near], axis=-1)).astype(np.uint8)


def draw_semantic(ids: NDArray[np.int32]) -> Picture:
    """Each object in a colour of its own; floor, ceiling and walls (ids below 10) in greys."""
    shades = np.array([0, 90, 235, 190, 0, 0, 0, 0, 0, 0], np.uint8)
    hue = (ids * 0.618034) % 1.0 * 2.0 * math.pi
    light = np.array([1.0, 0.7, 0.45])[ids % 3]
    waves = [light * (127.5 + 110.0 * np.cos(hue - shift)) for shift in (0.0, 2.0944, 4.1888)]
    plain = shades[np.minimum(ids, 9)]
    return np.stack([np.where(ids < 10, plain, wave) for wave in waves], axis=-1).astype(np.uint8)


def draw_rooms() -> Image.Image:
    """Several rooms side by side; below each other: colour, depth, which object."""
    across = MARGIN + len(VIEWS) * (WIDTH + GAP) - GAP + MARGIN
    sheet = Image.new("RGB", (across, MARGIN + 3 * (HEIGHT + HEAD) + MARGIN - GAP), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for row, title in enumerate(("rgb", "depth_m: light is near", "semantic: one colour for each object")):
        draw.text((MARGIN, MARGIN + row * (HEIGHT + HEAD)), title, "black", font)
    for column, (seed, turn_rad) in enumerate(VIEWS):
        seen = look(seed, turn_rad)
        frame = seen.frames["head"]
        pictures = (frame.rgb, draw_depth(frame.depth_m), draw_semantic(seen.semantics["head"].ids))
        for row, picture in enumerate(pictures):
            at = (MARGIN + column * (WIDTH + GAP), MARGIN + row * (HEIGHT + HEAD) + HEAD - GAP)
            sheet.paste(Image.fromarray(picture), at)
    return sheet


def painted(seed: int) -> Scene:
    """A flat with patterns on everything, lit by a lamp."""
    scene = make_scene(seed, rooms=2, people=1)
    room = scene.areas[0]
    lamp = Lamp((room.x0_m + room.x1_m) / 2, (room.y0_m + room.y1_m) / 2, 2.3, 1.2, (1.0, 0.85, 0.6))
    patterns = (
        Surface("checks", scale_m=0.1),
        Surface("stripes", ((0.8, 0.2, 0.2), (0.9, 0.85, 0.7)), 0.08),
        Surface("noise", scale_m=0.06),
    )
    things = {thing.id: patterns[number % 3] for number, thing in enumerate(scene.objects)}
    floor = Surface("checks", ((0.7, 0.6, 0.5), (0.4, 0.3, 0.25)), 0.4)
    wall = Surface("noise", ((0.8, 0.75, 0.6), (0.6, 0.7, 0.7)), 0.3, 7)
    light = Lighting(0.35, 0.25, lamps=(lamp,))
    return evolve(scene, looks=Looks(light, floor=floor, wall=wall, things=FrozenMap(things)))


def draw_cameras() -> Image.Image:
    """One place in a flat through each model of a camera, plain above and painted below."""
    views = (
        ("pinhole", HEIGHT, 1.4),
        ("orthographic", HEIGHT, 2.0),
        ("fisheye", HEIGHT, math.pi),
        ("equirectangular", 2 * HEIGHT, 2 * math.pi),
    )
    cameras = [CameraSpec(model, width, HEIGHT, fov, model=model) for model, width, fov in views]
    simulator = RoomSimulator((AgentSpec("robot", tuple(cameras)),), period_ns=4_000_000_000)
    across = sum(camera.width + GAP for camera in cameras) - GAP + 2 * MARGIN
    sheet = Image.new("RGB", (across, MARGIN + HEAD + 2 * (HEIGHT + GAP) + MARGIN - GAP), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for row, scene in enumerate((evolve(painted(5), looks=Looks()), painted(5))):
        world = simulator.reset(scene, Key(0))[1]
        seen = simulator.step({"robot": (Turn(0.9), Look(0.0, -0.15))}, world)[0]["robot"]
        left = MARGIN
        for camera in cameras:
            draw.text((left, MARGIN), camera.name, "black", font)
            picture = Image.fromarray(seen.frames[camera.name].rgb)
            sheet.paste(picture, (left, MARGIN + HEAD + row * (HEIGHT + GAP)))
            left += camera.width + GAP
    return sheet


def draw_plan() -> Image.Image:
    """A flat from above."""
    world = RoomSimulator().reset(make_scene(6, rooms=4, people=2), Key(0))[1]
    return Image.fromarray(top_view(world, 50.0)[0])


def draw_blocks() -> Image.Image:
    """Eight pictures of a walk in the block world."""
    frames = film_walk(48, width=WIDTH, height=HEIGHT)
    chosen = [frames[number] for number in (1, 6, 10, 16, 24, 33, 36, 41)]
    sheet = Image.new("RGB", (4 * (WIDTH + GAP) - GAP, 2 * (HEIGHT + GAP) - GAP), "white")
    for number, frame in enumerate(chosen):
        at = (number % 4 * (WIDTH + GAP), number // 4 * (HEIGHT + GAP))
        sheet.paste(Image.fromarray(frame), at)
    return sheet


def hall() -> Scene:
    """A hall that every engine loads."""
    kinds = (
        ("chair", "blue", 4.3, 3.9),
        ("box", "red", 3.4, 2.2),
        ("table", "brown", 4.6, 1.2),
        ("ball", "green", 2.9, 3.1),
    )
    things = []
    for number, (name, colour, x, y) in enumerate(kinds):
        size = CLASSES[name].size_m
        things.append(SceneObject(10 + number, name, colour, x, y, size[2] / 2, 0.4 + number, size))
    area = Area("hall", 0.0, 0.0, 6.0, 5.0)
    return Scene((6.0, 5.0, 3.0), (area,), (), (), tuple(things), (), Pose2(1.0, 2.5, 0.0))


def draw_engines() -> Image.Image:
    """The same hall in each engine that is there; below each other: colour, depth, which object."""
    names = [name for name in ("room", "voxel", "mujoco", "habitat") if _is_ready(name)]
    across = MARGIN + len(names) * (WIDTH + GAP) - GAP + MARGIN
    sheet = Image.new("RGB", (across, MARGIN + HEAD + 3 * (HEIGHT + GAP) + MARGIN - GAP), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for column, name in enumerate(names):
        engine = make_engine(name, agents=(robot(WIDTH, HEIGHT, semantic=True),))
        seen = engine.reset(hall(), Key(0))[0]["robot"]
        frame, left = seen.frames["head"], MARGIN + column * (WIDTH + GAP)
        draw.text((left, MARGIN), name, "black", font)
        pictures = (frame.rgb, draw_depth(frame.depth_m), draw_semantic(seen.semantics["head"].ids))
        for row, picture in enumerate(pictures):
            sheet.paste(Image.fromarray(picture), (left, MARGIN + HEAD + row * (HEIGHT + GAP)))
    return sheet


def _is_ready(name: str) -> bool:
    try:
        make_engine(name)
    except NotInstalled:
        return False
    return True


if __name__ == "__main__":
    (HERE / "images").mkdir(exist_ok=True)
    draw_rooms().save(HERE / "images" / "room.png", optimize=True)
    draw_cameras().save(HERE / "images" / "cameras.png", optimize=True)
    draw_plan().save(HERE / "images" / "plan.png", optimize=True)
    draw_engines().save(HERE / "images" / "engines.png", optimize=True)
    draw_blocks().save(HERE / "images" / "blocks.png", optimize=True)
