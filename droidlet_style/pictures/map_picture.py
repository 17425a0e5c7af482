"""map.png: what the agent knows of the floor, what it tracked there, what is really there, and the way it
went.
"""

from __future__ import annotations

import io
import math
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from droidlet_schema import OccupancyMap, SceneObject, Track
from droidlet_style.pictures import palette
from droidlet_style.pictures.labels import place_labels
from droidlet_style.pictures.legend import HEAD_PX, draw_foot, draw_head
from droidlet_style.pictures.plan import Plan, Point, corners_of_map, cut_map, footprint, plan_of
from droidlet_style.pictures.text import write

LONGEST_PX = 1100
FINE = 2  # drawn so many times larger, then made smaller: smooth edges
ROBOT_M = 0.18
MOST_PATH_POINTS = 3000


Step = tuple[float, float, float]  # x, y, yaw


class MapScene(NamedTuple):
    """All that a map can show; what is missing is left out."""

    known: OccupancyMap | None
    tracks: tuple[Track, ...]
    truth: tuple[SceneObject, ...]
    path: tuple[tuple[Any, ...], ...]  # x, y, yaw; None where it was no number
    title: str
    said: tuple[str, ...]


def draw_map(scene: MapScene) -> bytes | None:
    """The map as a PNG file's bytes; None where there is nothing to show."""
    path: list[Step] = [(p[0], p[1], p[2]) for p in scene.path if all(v is not None for v in p)]
    points = [
        *(corners_of_map(scene.known) if scene.known is not None else []),
        *((x, y) for x, y, _ in path),
    ]
    points += [corner for thing in scene.truth for corner in _outline(thing)]
    points += [(t.centre_m[0], t.centre_m[1]) for t in scene.tracks]
    if not points:
        return None
    plan = plan_of(points, LONGEST_PX)
    tracks = tuple(
        t for t in scene.tracks if plan.holds(*t.centre_m[:2]) and all(map(math.isfinite, t.size_m))
    )
    truth = tuple(thing for thing in scene.truth if plan.holds(thing.x_m, thing.y_m))
    path = [step for step in path if plan.holds(step[0], step[1]) and math.isfinite(step[2])]
    image = _drawn(scene.known, tracks, truth, path, plan._replace(scale=plan.scale * FINE))
    image = image.resize(plan.size_px, Image.Resampling.LANCZOS)
    _names(ImageDraw.Draw(image), plan, tracks, path)
    return _framed(image, plan, scene)


def _drawn(
    known: OccupancyMap | None,
    tracks: tuple[Track, ...],
    truth: tuple[SceneObject, ...],
    path: list[Step],
    fine: Plan,
) -> Image.Image:
    """All that is no text, in layers."""
    image = _ground(known, fine)
    draw = ImageDraw.Draw(image)
    _grid(draw, fine)
    _tracks(draw, fine, tracks)
    for thing in truth:
        draw.line([fine.at(*p) for p in _closed(_outline(thing))], fill=palette.TRUTH, width=FINE + 1)
    _path(draw, fine, _thinned(path))
    return image


def _framed(image: Image.Image, plan: Plan, scene: MapScene) -> bytes:
    """The plan with its title above and its legend below."""
    width, height = max(image.width, 720), image.height
    foot = draw_foot(width, plan.scale)
    sheet = Image.new("RGB", (width, HEAD_PX + height + foot.height), palette.PAPER)
    draw_head(ImageDraw.Draw(sheet), width, f"Map: {scene.title}", " / ".join(scene.said))
    sheet.paste(image, ((width - image.width) // 2, HEAD_PX))
    sheet.paste(foot, (0, HEAD_PX + height))
    made = io.BytesIO()
    sheet.save(made, "PNG")
    return made.getvalue()


def _ground(known: OccupancyMap | None, plan: Plan) -> Image.Image:
    """The occupancy map as paper: grey where nothing was seen, white where free, dark where not."""
    image = Image.new("RGB", plan.size_px, palette.UNKNOWN if known is not None else palette.FREE)
    shown = cut_map(known, plan) if known is not None else None
    if shown is None:
        return image
    evidence = shown.evidence.astype(np.float64)
    usual = np.percentile(np.abs(evidence[evidence != 0]), 60) if evidence.any() else 1.0
    sure = np.clip(np.abs(evidence) / max(1.0, float(usual)), 0.35, 1.0)[..., None]
    paint = np.where(evidence[..., None] > 0, palette.SOLID, palette.FREE).astype(np.float64)
    base = np.array(palette.UNKNOWN, np.float64)
    cells = np.where(evidence[..., None] == 0, base, base + (paint - base) * sure)
    small = Image.fromarray(np.ascontiguousarray(np.round(cells).astype(np.uint8)[::-1]))
    rows, columns = evidence.shape
    left, top = plan.at(shown.origin_x_m, shown.origin_y_m + rows * shown.cell_m)
    size = [max(1, round(cells * shown.cell_m * plan.scale)) for cells in (columns, rows)]
    image.paste(small.resize((size[0], size[1]), Image.Resampling.NEAREST), (round(left), round(top)))
    return image


def _grid(draw: ImageDraw.ImageDraw, plan: Plan) -> None:
    """A faint line every metre, or every 10, 100, ... of a large place."""
    step = 10 ** max(0, math.ceil(math.log10((plan.x1_m - plan.x0_m + plan.y1_m - plan.y0_m) / 100)))
    for x in range(math.ceil(plan.x0_m / step), math.floor(plan.x1_m / step) + 1):
        draw.line([plan.at(x * step, plan.y0_m), plan.at(x * step, plan.y1_m)], fill=palette.GRID, width=FINE)
    for y in range(math.ceil(plan.y0_m / step), math.floor(plan.y1_m / step) + 1):
        draw.line([plan.at(plan.x0_m, y * step), plan.at(plan.x1_m, y * step)], fill=palette.GRID, width=FINE)


def _tracks(draw: ImageDraw.ImageDraw, plan: Plan, tracks: tuple[Track, ...]) -> None:
    for track in sorted(tracks, key=lambda t: -t.size_m[0] * t.size_m[1]):  # small things lie on large ones
        (x, y, _), (length, width) = track.centre_m, (min(max(v, 0.1), 50.0) for v in track.size_m[:2])
        left, top = plan.at(x - length / 2, y + width / 2)
        right, low = plan.at(x + length / 2, y - width / 2)
        paint = palette.named(track.colour)
        rim = palette.mixed(paint, palette.INK, 0.55)
        corner = 0.05 * plan.scale
        draw.rounded_rectangle([left, top, right, low], corner, fill=paint, outline=rim, width=2 * FINE)


def _path(draw: ImageDraw.ImageDraw, plan: Plan, path: list[Step]) -> None:
    """The way, from light to dark, with a ring where it began and the robot where it ended."""
    if not path:
        return
    points = [plan.at(x, y) for x, y, _ in path]
    if len(points) > 1:
        draw.line(points, fill=palette.FREE, width=8 * FINE, joint="curve")
    for i in range(len(points) - 1):
        paint = palette.mixed(palette.PATH_FROM, palette.PATH_TO, i / max(1, len(points) - 2))
        draw.line(points[i : i + 2], fill=paint, width=4 * FINE, joint="curve")
    _disc(draw, points[0], 6 * FINE, palette.FREE, palette.PATH_TO)
    (x, y), radius = points[-1], max(ROBOT_M * plan.scale, 8 * FINE)
    _disc(draw, (x, y), radius, palette.PATH_TO, palette.FREE)
    yaw = path[-1][2]
    turned = [
        (x + radius * r * math.cos(yaw + a), y - radius * r * math.sin(yaw + a))
        for r, a in ((0.78, 0), (0.6, 2.5), (0.2, math.pi), (0.6, -2.5))
    ]
    draw.polygon(turned, fill=palette.FREE)


def _disc(draw: ImageDraw.ImageDraw, at: Point, radius: float, fill: palette.Rgb, rim: palette.Rgb) -> None:
    draw.ellipse(
        [at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius],
        fill=fill,
        outline=rim,
        width=2 * FINE,
    )


def _names(draw: ImageDraw.ImageDraw, plan: Plan, tracks: tuple[Track, ...], path: list[Step]) -> None:
    """The tracks' names, and start and end, each where it covers least."""
    wanted: list[tuple[str, Point, Point, palette.Rgb]] = []
    for end, text in ((path[0], "start"), (path[-1], "end")) if path else ():
        radius = max(ROBOT_M * plan.scale, 10.0)
        wanted.append((text, plan.at(end[0], end[1]), (radius, radius), palette.PATH_TO))
    for track in sorted(tracks, key=lambda t: t.id):
        length, width, _ = track.size_m
        reach = (min(length / 2 * plan.scale, 120.0), min(width / 2 * plan.scale, 120.0))
        name = f"{track.colour} {track.label}".strip()
        wanted.append((name, plan.at(*track.centre_m[:2]), reach, palette.INK))
    blocked = [plan.at(x, y) for x, y, _ in _thinned(path, 150)]
    for text, at, ink in place_labels(wanted, plan.size_px, blocked):
        write(draw, at, text, 15, ink, palette.FREE)


def _outline(thing: SceneObject) -> list[Point]:
    return footprint(thing.x_m, thing.y_m, thing.yaw_rad, thing.size_m[0], thing.size_m[1])


def _closed(points: list[Point]) -> list[Point]:
    return [*points, points[0]]


def _thinned(path: list[Step], most: int = MOST_PATH_POINTS) -> list[Step]:
    """Fewer points of a long way; its two ends stay."""
    step = max(1, len(path) // most)
    return [*path[:-1:step], *path[-1:]]
