"""Frame rates of the room's renderers and of MuJoCo's ray caster: the same scene, camera, outputs and shading.

One 10 x 10 m room with 20 level boxes, spheres and cylinders; a 70 degree camera, tilted a little, turns on
the spot and circles; rgb (Lambert), depth and semantic at 128 x 128. The three take turns frame by frame: numpy, the
same compiled by numba (extra `fast`; what it compiled is kept on disk, and no frame waits for it), and MuJoCo. Then
numba alone draws 480 x 640.

    python benchmarks/room.py [--quick]
"""

from __future__ import annotations

import math
import statistics
import sys
import time
from typing import Any, Callable, Dict, List, Tuple

import numpy as np
from _others import DOOM_SIZE, Against, against_habitat, against_vizdoom

from droidlet_simulators import PICTURES
from droidlet_simulators.room.camera import Camera, Lens, camera_at, lens_of_fov
from droidlet_simulators.room.draw import Light
from droidlet_simulators.room.eyes import drawn_by
from droidlet_simulators.room.primitives import (
    BOX,
    CEILING,
    CYLINDER,
    FLOOR,
    SPHERE,
    WALL,
    Primitives,
    Shell,
    make_primitives,
)
from droidlet_simulators.room.render import Picture, Shot

SIZE = 128
FOV_RAD = math.radians(70)
TILT_RAD = 0.2  # downwards
LIGHT = Light()
SHELL = Shell((-5.0, -5.0, 0.0), (5.0, 5.0, 2.6))

Row = Tuple[
    int, Tuple[float, float, float], Tuple[float, float, float], float, Tuple[float, float, float], int
]


def make_rows(seed: int = 5, count: int = 20) -> List[Row]:
    """The things in the room: level boxes, spheres and cylinders in turn, none over the camera's circle."""
    rng = np.random.default_rng(seed)
    rows: List[Row] = []
    while len(rows) < count:
        x, y = rng.uniform(-4.5, 4.5, 2)
        if 0.3 < math.hypot(x, y) < 2.2:
            continue
        kind = (BOX, SPHERE, CYLINDER)[len(rows) % 3]
        a, b, c = rng.uniform(0.12, 0.45, 3)
        half = {BOX: (a, b, c), SPHERE: (a, a, a), CYLINDER: (a, a, c)}[kind]
        yaw = float(rng.uniform(-3.0, 3.0)) if kind == BOX else 0.0
        colour = tuple(rng.uniform(0.1, 1.0, 3))
        rows.append((kind, (float(x), float(y), half[2]), half, yaw, colour, 10 + len(rows)))
    return rows


def cameras(count: int) -> List[Camera]:
    """Where the frames are taken: a walk round the middle, looking about."""
    steps = [2 * math.pi * i / count for i in range(count)]
    return [camera_at((1.5 * math.cos(a), 1.5 * math.sin(a), 1.1), 3 * a + 0.4, TILT_RAD) for a in steps]


class MujocoRays:
    """rgb, depth and semantic from `mj_multiRay`, shaded with numpy; what does not change is made once."""

    def __init__(self, rows: List[Row], lens: Lens) -> None:
        import mujoco

        self.mujoco = mujoco
        self.model = mujoco.MjModel.from_xml_string(_mjcf(rows))
        self.data = mujoco.MjData(self.model)
        mujoco.mj_forward(self.model, self.data)
        self.lens, count = lens, lens.width * lens.height
        x, y = np.meshgrid(lens.x, lens.y)
        self.rays = np.stack([x, y, np.ones_like(x)], -1).reshape(-1, 3)
        self.ids, self.depth = np.empty(count, np.int32), np.empty(count)
        self.normals = np.empty(3 * count)
        shell = [SHELL.wall] * 4 + [SHELL.floor, SHELL.ceiling]
        self.colours = np.array(shell + [row[4] for row in rows] + [(0, 0, 0)], np.float32) * 255
        idents = [WALL] * 4 + [FLOOR, CEILING] + [row[5] for row in rows] + [0]
        self.semantic = np.array(idents, np.int32)
        self.light = np.array(LIGHT.direction)

    def __call__(self, camera: Camera) -> Picture:
        """Draws the scene as seen by a camera."""
        shape = (self.lens.height, self.lens.width)
        rays = self.rays @ camera.rotation.T
        self.mujoco.mj_multiRay(
            self.model,
            self.data,
            camera.position_m,
            rays.reshape(-1),
            None,
            True,
            -1,
            self.ids,
            self.depth,
            self.normals,
            len(rays),
            1e10,
        )
        lit = self.normals.reshape(-1, 3) @ self.light
        shade = LIGHT.ambient + LIGHT.diffuse * np.maximum(lit, 0)
        rgb = (self.colours[self.ids] * shade[:, None].astype(np.float32) + 0.5).astype(np.uint8)
        depth = np.where(self.ids < 0, 0, self.depth).astype(np.float32)
        return Picture(rgb.reshape(*shape, 3), depth.reshape(shape), self.semantic[self.ids].reshape(shape))


def _mjcf(rows: List[Row]) -> str:
    """The room as MuJoCo's own model: six slabs and the things."""
    (x0, y0, z0), (x1, y1, z1) = SHELL.low_m, SHELL.high_m
    thick = 0.5
    slabs = [
        ((x0 - thick, 0, z1 / 2), (thick, y1, z1 / 2)),
        ((x1 + thick, 0, z1 / 2), (thick, y1, z1 / 2)),
        ((0, y0 - thick, z1 / 2), (x1, thick, z1 / 2)),
        ((0, y1 + thick, z1 / 2), (x1, thick, z1 / 2)),
        ((0, 0, z0 - thick), (x1, y1, thick)),
        ((0, 0, z1 + thick), (x1, y1, thick)),
    ]
    geoms = [f'<geom type="box" pos="{_text(p)}" size="{_text(s)}"/>' for p, s in slabs]
    for kind, centre, half, yaw, _, _ in rows:
        name = {BOX: "box", SPHERE: "sphere", CYLINDER: "cylinder"}[kind]
        size = {BOX: half, SPHERE: half[:1], CYLINDER: (half[0], half[2])}[kind]
        turn = f'euler="0 0 {math.degrees(yaw)}"'
        geoms.append(f'<geom type="{name}" pos="{_text(centre)}" size="{_text(size)}" {turn}/>')
    return f"<mujoco><worldbody>{''.join(geoms)}</worldbody></mujoco>"


def _text(numbers: Any) -> str:
    return " ".join(repr(float(n)) for n in numbers)


def _agreement(ours: Picture, theirs: Picture) -> Tuple[float, float, float]:
    """Share of equal ids and, where they are equal, 99.9 % quantiles of depth (m) and colour differences."""
    same = ours.semantic == theirs.semantic
    depth = np.abs(ours.depth_m - theirs.depth_m)[same]
    colour = np.abs(ours.rgb.astype(int) - theirs.rgb)[same]
    return float(same.mean()), float(np.quantile(depth, 0.999)), float(np.quantile(colour, 0.999))


def _timed(draw: Callable[[Camera], Picture], camera: Camera) -> Tuple[float, Picture]:
    begin = time.perf_counter()
    picture = draw(camera)
    return (time.perf_counter() - begin) * 1e3, picture


def _spread(times_ms: List[float]) -> Dict[str, float]:
    median = statistics.median(times_ms)
    return {"median_ms": median, "p95_ms": float(np.quantile(times_ms, 0.95)), "frames_per_s": 1e3 / median}


def run(quick: bool = False) -> Dict[str, Any]:
    """The measurement: ratios of median frame rates, spreads in ms, and how far the pictures agree."""
    import mujoco
    import numba

    rows, lens = make_rows(), lens_of_fov(SIZE, SIZE, FOV_RAD)
    prims: Primitives = make_primitives(rows)
    drawn = {name: _drawn(name, prims, lens) for name in ("numpy", "numba")}
    drawn["multiray"] = MujocoRays(rows, lens)
    path = cameras(60 if quick else 600)
    for camera in path[:10]:
        for draw in drawn.values():
            draw(camera)
    times: Dict[str, List[float]] = {name: [] for name in drawn}
    agreement = []
    for camera in path:
        seen = {}
        for name, draw in drawn.items():
            time_ms, seen[name] = _timed(draw, camera)
            times[name].append(time_ms)
        agreement.append(_agreement(seen["numpy"], seen["multiray"]))
    ids, depth, colour = (statistics.mean(column) for column in zip(*agreement))
    median = {name: statistics.median(taken) for name, taken in times.items()}
    large = _drawn("numba", prims, lens_of_fov(640, 480, FOV_RAD))
    times["numba 480x640"] = [_timed(large, camera)[0] for camera in path[:60]][10:]
    result: Dict[str, Any] = {
        "name": "room",
        "baselines": {"mujoco": mujoco.__version__, "numba": numba.__version__},
        "ratios": {
            "room_vs_multiray": median["multiray"] / median["numpy"],
            "room_fast_vs_multiray": median["multiray"] / median["numba"],
            "numba_vs_numpy": median["numpy"] / median["numba"],
        },
        "aims": {
            "room_vs_multiray": (">=", 1.0),
            "room_fast_vs_multiray": (">=", 16.0),
            "numba_vs_numpy": (">=", 10.0),
        },
        "details": {
            "frames": len(path),
            "renderers": {name: _spread(taken) for name, taken in times.items()},
            "agreement": {"same_ids": ids, "depth_999_m": depth, "rgb_999": colour},
        },
    }
    _against_others(result, prims, path)
    return result


def _against_others(result: Dict[str, Any], prims: Primitives, path: List[Camera]) -> None:
    """Adds what other simulators come to, or why they come to nothing here."""
    small = _drawn("numba", prims, lens_of_fov(*DOOM_SIZE, FOV_RAD))
    count = len(path) // 2
    told = {
        "vizdoom": ("vizdoom", against_vizdoom(lambda number: small(path[number % len(path)]), count)),
        "habitat": ("habitat-sim", against_habitat(SIZE, SIZE, count)),
        "habitat_480x640": ("habitat-sim", against_habitat(640, 480, count)),
    }
    for name, (who, found) in told.items():
        if isinstance(found, Against):
            result["baselines"][who] = found.version
            result["ratios"][f"room_fast_vs_{name}"] = found.ratio
            result["aims"][f"room_fast_vs_{name}"] = (">=", 1.0)
            result["details"][name] = {f"{way}_ms": ms for way, ms in found.details.items()}
        else:
            result["details"][who] = found


def _drawn(renderer: str, prims: Primitives, lens: Lens) -> Callable[[Camera], Picture]:
    draw = drawn_by(renderer)
    return lambda camera: draw(lens, [Shot(prims, camera, SHELL, LIGHT)], PICTURES)[0]


def main() -> None:
    """Prints the table."""
    result = run(quick="--quick" in sys.argv[1:])
    details = result["details"]
    print(f"{'128x128 rgb+depth+semantic':28} {'median ms':>10} {'p95 ms':>8} {'frames/s':>9}")
    for name, row in details["renderers"].items():
        print(f"{name:28} {row['median_ms']:10.2f} {row['p95_ms']:8.2f} {row['frames_per_s']:9.0f}")
    print(", ".join(f"{name} {version}" for name, version in result["baselines"].items()))
    for name, ratio in result["ratios"].items():
        print(f"{name} {ratio:.2f}")
    for who in ("vizdoom", "habitat-sim"):
        print(who, details.get(who, "is measured"))
    agreement = details["agreement"]
    print(
        f"same ids {agreement['same_ids']:.4%}, depth within {agreement['depth_999_m']:.1e} m"
        f" and colour within {agreement['rgb_999']:.1f} of 255 for 99.9 % of them"
    )


if __name__ == "__main__":
    main()
