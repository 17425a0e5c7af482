"""Learns `droidlet_perception/_household.py`: python tests/perception/learn_looks.py [SCENES EPOCHS [FILE]].

Pictures from random places of seeded flats are cut into regions; the truth about each region (which thing most of
it shows, and whether in that thing's own colour) teaches a small network with two hidden layers by Adam (Kingma
and Ba 2015). Scenes have seeds from 1 000 000 on, which nothing else uses.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

import numpy as np

from droidlet_perception import _features, _household, _household_text, default_classes
from droidlet_perception._cloud import make_cloud
from droidlet_perception._regions import Regions, make_regions, means
from droidlet_perception._segments import Tint, cut_patches, make_tint
from droidlet_schema import Frame, Key, SceneObject, evolve
from droidlet_simulators import COLOURS, RoomBody, RoomSimulator, make_scene, robot
from droidlet_simulators.room.footprint import clearance, make_footprints, object_rows, wall_rows

FIRST_SEED = 1_000_000
NAMES = [c.name for c in default_classes()]
OTHER = len(NAMES)
HIDDEN = (64, 40)
PICTURES = 18  # of each flat
PURE = 0.75  # of its pixels, for a region to show a thing
PIECE = 0.35  # of the largest region of the same thing


def pictures(seed: int, count: int) -> Iterator[Tuple[Frame, np.ndarray, dict]]:
    """Frames from random free places of one flat, with the semantic image and the things by id."""
    simulator = RoomSimulator((robot(semantic=True),))
    scene = make_scene(seed, people=1 + seed % 2)
    _, world = simulator.reset(scene, Key(seed))
    things = {t.id: t for t in simulator.objects(world)}
    rng = Key(seed).generator()
    prints = make_footprints((*wall_rows(scene, 2.0), *object_rows(things.values(), 2.0)))
    points = rng.uniform((0, 0), scene.size_m[:2], (400, 2))
    points = points[clearance(points, prints) > 0.2]
    for x, y in points[:count]:
        yaw, tilt = rng.uniform(-math.pi, math.pi), rng.choice([-0.35, -0.35, 0.0, rng.uniform(-0.5, 0.2)])
        body = RoomBody(float(x), float(y), float(yaw), 0.0, float(tilt), False)
        seen = simulator.observe(evolve(world, bodies=world.bodies.set("robot", body)))["robot"]
        yield seen.frames["head"], seen.semantics["head"].ids, things


def teach(seed: int, count: int) -> Tuple[List[np.ndarray], List[np.ndarray]]:
    """Feature rows and class numbers of all regions in some pictures of one flat."""
    rows, targets = [], []
    for number, (frame, ids, things) in enumerate(pictures(seed, count)):
        if number % 5 == 4:
            frame = noisy(frame, Key(seed).split(count)[number].generator())
        cloud, tint = make_cloud(frame), make_tint(frame.rgb, 1)
        regions = make_regions(cut_patches(cloud, tint), cloud, tint)
        if len(regions.start):
            rows.append(_features.feature_matrix(_features.measure(regions, cloud)))
            targets.append(truths(regions, tint, ids, things))
    return rows, targets


def noisy(frame: Frame, rng: np.random.Generator) -> Frame:
    """As a worse camera would see it."""
    rgb = np.clip(frame.rgb + rng.normal(0, rng.uniform(0, 1.5), frame.rgb.shape), 0, 255).astype(np.uint8)
    depth = frame.depth_m * (1 + rng.normal(0, rng.uniform(0, 0.003), frame.depth_m.shape))
    return Frame(rgb, depth.astype(np.float32), frame.intrinsics, frame.camera)


def truths(regions: Regions, tint: Tint, ids: np.ndarray, things: Dict[int, SceneObject]) -> np.ndarray:
    """The class number of each region; small pieces of what is better seen elsewhere are no things."""
    seen = [means(a.ravel().take(regions.pixel), regions) for a in (tint.red, tint.green, tint.sum)]
    found, owner = np.full(len(regions.start), OTHER), np.full(len(regions.start), -1)
    for number, begin in enumerate(regions.start):
        mine = ids.ravel()[regions.pixel[begin : begin + regions.size[number]]]
        ident = int(np.bincount(mine).argmax())
        thing = things.get(ident)
        if (
            thing is not None
            and np.mean(mine == ident) >= PURE
            and in_own_colour(thing, *(s[number] for s in seen))
        ):
            found[number], owner[number] = NAMES.index(thing.class_name), ident
    for number in range(len(owner)):
        same = (owner == owner[number]) & (owner >= 0)
        if regions.size[number] < PIECE * regions.size[same].max(initial=0):
            found[number] = OTHER
    return found


def in_own_colour(thing: SceneObject, red: float, green: float, brightness: float) -> bool:
    """Whether a region with these shares and brightness shows a thing's own colour, not that of some part."""
    own = np.array(COLOURS[thing.colour])
    off = abs(own[0] / own.sum() - red) + abs(own[1] / own.sum() - green)
    lit = brightness / (255 * own.sum())
    return bool(off < 0.006 + 2.5 / brightness and 0.5 < lit < 1.2)


def gather(scenes: int, count: int, first: int) -> Tuple[np.ndarray, np.ndarray]:
    """Features (N, F) and classes (N,) of many flats."""
    rows, targets = [], []
    for seed in range(first, first + scenes):
        a, b = teach(seed, count)
        rows += a
        targets += b
    return np.concatenate(rows), np.concatenate(targets)


def forward(layers: List[np.ndarray], x: np.ndarray) -> List[np.ndarray]:
    """Activations of every layer; the last are logits."""
    outs = [x]
    for i in range(0, len(layers), 2):
        h = outs[-1] @ layers[i] + layers[i + 1]
        outs.append(np.maximum(h, 0.0) if i + 2 < len(layers) else h)
    return outs


def train(x: np.ndarray, y: np.ndarray, epochs: int) -> List[np.ndarray]:
    """Weights and biases in turn."""
    rng = np.random.default_rng(0)
    sizes = (x.shape[1], *HIDDEN, OTHER + 1)
    layers: List[np.ndarray] = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [rng.normal(0, math.sqrt(2 / a), (a, b)).astype(np.float32), np.zeros(b, np.float32)]
    first = [np.zeros_like(w) for w in layers]
    second = [np.zeros_like(w) for w in layers]
    step, batch = 0, 256
    total = epochs * (len(x) // batch)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for begin in range(0, len(x) - batch + 1, batch):
            rows = order[begin : begin + batch]
            outs = forward(layers, x[rows])
            p = np.exp(outs[-1] - outs[-1].max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            p[np.arange(batch), y[rows]] -= 1
            delta, step = p / batch, step + 1
            rate = 3e-3 * 0.5 * (1 + math.cos(math.pi * step / total))
            for i in range(len(layers) - 2, -1, -2):
                grads = (outs[i // 2].T @ delta + 1e-5 * layers[i], delta.sum(axis=0))
                if i:
                    delta = (delta @ layers[i].T) * (outs[i // 2] > 0)
                for j, grad in ((i, grads[0]), (i + 1, grads[1])):
                    first[j] += 0.1 * (grad - first[j])
                    second[j] += 0.001 * (grad * grad - second[j])
                    scale = math.sqrt(1 - 0.999**step) / (1 - 0.9**step)
                    layers[j] -= np.float32(rate * scale) * first[j] / (np.sqrt(second[j]) + 1e-8)
    return layers


def report(layers: List[np.ndarray], x: np.ndarray, y: np.ndarray) -> None:
    """Prints accuracy, by class and by confidence."""
    logits = forward(layers, x)[-1]
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    guess, sure = p.argmax(axis=1), p.max(axis=1)
    print(f"accuracy {np.mean(guess == y):.4f} of {len(y)}")
    for low in (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99):
        some = sure >= low
        if not some.any():
            break
        print(f"  sure >= {low}: {np.mean(some):.3f} of all, right {np.mean(guess[some] == y[some]):.4f}")
    for number, name in enumerate([*NAMES, "(other)"]):
        mine, said = y == number, guess == number
        both = np.count_nonzero(mine & said)
        print(
            f"  {name:11s} recall {both / max(mine.sum(), 1):.3f}"
            f" precision {both / max(said.sum(), 1):.3f} n {mine.sum()}"
        )


def main(scenes: int = 1700, epochs: int = 36, path: str = _household.__file__) -> None:
    """Gathers, trains, reports on flats that were not trained on, and writes the module of weights."""
    x, y = gather(scenes, PICTURES, FIRST_SEED)
    held = gather(max(scenes // 15, 2), PICTURES, FIRST_SEED + 500_000)
    layers = train(x, y, epochs)
    report(layers, *held)
    Path(path).write_text(_household_text.write([*NAMES, ""], layers))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:4])
