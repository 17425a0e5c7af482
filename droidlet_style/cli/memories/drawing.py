"""Pictures of a memory as SVG: a map of its nodes from above, and its commits over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

from droidlet_style.cli.memories.commits import Stretch
from droidlet_style.cli.memories.values import cut, many, moment
from droidlet_style.pictures.plan import Plan, plan_of

Facts = dict[str, Any]
WIDTH_PX = 760  # what the map is drawn for; it is shown at any width
SHAPE = 1.2  # width to height
MOST_DRAWN = 5_000
ROOM = 0.04  # at the border, of the width: a name of a line would be cut off
LINES = 12  # of the grid along the longer side, at most
HEADING_M = 0.5
LEAST_M = 0.12  # what is smaller is drawn so large

PAINTS = {
    "red": "#d62828", "green": "#2a9d48", "blue": "#2c54d6", "yellow": "#f4d31a", "orange": "#f77f00",
    "purple": "#7e30a8", "pink": "#f68cb4", "cyan": "#22c4d0", "white": "#f6f6f6", "grey": "#86888c",
    "gray": "#86888c", "black": "#1c1c1e", "brown": "#794a26",
}  # fmt: skip


def placed(nodes: Sequence[Facts]) -> list[tuple[int, Facts]]:
    """The nodes that have a place on the floor plan, with their numbers."""
    return [(n, node) for n, node in enumerate(nodes) if node["place"] is not None]


def map_svg(nodes: Sequence[Facts], types: Sequence[str]) -> tuple[str, str]:
    """The map, and a sentence about what is not on it; the map is empty where no node has a place."""
    all_placed = placed(nodes)
    plan = _filling(plan_of([(node["place"][0], node["place"][1]) for _, node in all_placed], WIDTH_PX, 0.8))
    near = [(n, node) for n, node in all_placed if plan.holds(node["place"][0], node["place"][1])]
    drawn = sorted(near[:MOST_DRAWN], key=lambda one: (-_area(one[1]), one[1]["place"][2]))
    if not drawn:
        return "", "No node here has a place."
    shapes = "".join(_shape(number, node, types) for number, node in drawn)
    labels = "".join(_label(node) for _, node in drawn)
    wide, high = plan.x1_m - plan.x0_m, plan.y1_m - plan.y0_m
    box = f"{_n(plan.x0_m)} {_n(-plan.y1_m)} {_n(wide)} {_n(high)}"
    told = _not_drawn(len(nodes), len(all_placed), len(near), len(drawn))
    picture = (
        f'<svg id="map" viewBox="{box}" style="--u:{_n(wide / WIDTH_PX)}" role="img" '
        f'aria-label="Map of {len(drawn)} nodes from above">{_grid(plan)}'
        f'<g id="things">{shapes}</g><g id="labels">{labels}</g></svg>'
    )
    return picture, told


def _filling(plan: Plan) -> Plan:
    """The plan with more of the world on both sides, so that it has the picture's shape."""
    wide, high = plan.x1_m - plan.x0_m, plan.y1_m - plan.y0_m
    more_x, more_y = max(high * SHAPE - wide, 0.0) / 2, max(wide / SHAPE - high, 0.0) / 2
    return Plan(plan.x0_m - more_x, plan.y0_m - more_y, plan.x1_m + more_x, plan.y1_m + more_y, plan.scale)


def _not_drawn(nodes: int, placed: int, near: int, drawn: int) -> str:
    told = [f"{many(drawn, 'node')} of {nodes:,}."]
    if nodes > placed:
        told.append(f"{nodes - placed:,} without a place.")
    if placed > near:
        told.append(f"{placed - near:,} too far off to be drawn.")
    if near > drawn:
        told.append(f"The first {drawn:,} are drawn.")
    return " ".join(told)


def _area(node: Facts) -> float:
    size = node["size"]
    return float(abs(size[0] * size[1])) if size else 0.0


def _shape(number: int, node: Facts, types: Sequence[str]) -> str:
    x, y = node["place"][:2]
    size = node["size"]
    paint = next((PAINTS[o] for p, o, _ in node["triples"] if p == "has_colour" and o in PAINTS), None)
    fill = f' style="fill:{paint}"' if paint else ""
    kind = types.index(node["type"]) % 8 if node["type"] in types else 0
    if size and all(math.isfinite(m) for m in size[:2]):
        wide, high = (max(abs(m), LEAST_M) for m in size[:2])
        body = (
            f'<rect x="{_n(x - wide / 2)}" y="{_n(-y - high / 2)}" width="{_n(wide)}" height="{_n(high)}" '
            f'rx="{_n(min(wide, high) / 8)}"{fill}/>'
        )
    else:
        body = f'<circle cx="{_n(x)}" cy="{_n(-y)}" r="{_n(LEAST_M)}"{fill}/>'
    yaw = node["yaw"]
    if yaw is not None:  # where its front looks
        ahead = (x + HEADING_M * math.cos(yaw), y + HEADING_M * math.sin(yaw))
        body += f'<path class="heading" d="M{_n(x)} {_n(-y)}L{_n(ahead[0])} {_n(-ahead[1])}"/>'
    told = escape(": ".join(dict.fromkeys((node["id"], node["name"] or node["type"]))))
    return f'<g class="thing k{kind}" data-n="{number}">{body}<title>{told}</title></g>'


def _label(node: Facts) -> str:
    x, y = node["place"][:2]
    return (
        f'<text class="label" x="{_n(x)}" y="{_n(-y)}">{escape(cut(node["name"] or node["id"], 40))}</text>'
    )


def _grid(plan: Plan) -> str:
    """Lines at whole metres, named at the border."""
    longest = max(plan.x1_m - plan.x0_m, plan.y1_m - plan.y0_m)
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500) if longest / s <= LINES or s == 500)
    room = (plan.x1_m - plan.x0_m) * ROOM
    lines, names = [], []
    for x in range(math.ceil(plan.x0_m / step) * step, math.floor(plan.x1_m) + 1, step):
        lines.append(f"M{x} {_n(-plan.y1_m)}V{_n(-plan.y0_m)}")
        if plan.x0_m + room < x < plan.x1_m - room:
            names.append(f'<text x="{x}" y="{_n(-plan.y0_m)}" class="along">{x} m</text>')
    for y in range(math.ceil(plan.y0_m / step) * step, math.floor(plan.y1_m) + 1, step):
        lines.append(f"M{_n(plan.x0_m)} {-y}H{_n(plan.x1_m)}")
        if plan.y0_m + room < y < plan.y1_m - room / 2:
            names.append(f'<text x="{_n(plan.x0_m)}" y="{-y}" class="up">{y} m</text>')
    return f'<path class="grid" d="{"".join(lines)}"/><g class="metres">{"".join(names)}</g>'


def timeline_svg(stretches: Sequence[Stretch]) -> str:
    """Commits over time, a bar for each stretch; empty where there are none."""
    most = max((stretch.commits for stretch in stretches), default=0)
    if not most:
        return ""
    bars = []
    width = 1000 / len(stretches)
    for number, stretch in enumerate(stretches):
        if stretch.commits:
            high = max(80 * stretch.commits / most, 2)
            told = f"{many(stretch.commits, 'commit')} from {moment(stretch.since_ns)}, to revision {stretch.revision}"
            bars.append(
                f'<rect class="bar" data-revision="{stretch.revision}" x="{_n(number * width + width * 0.06)}" '
                f'y="{_n(84 - high)}" width="{_n(width * 0.88)}" height="{_n(high)}"><title>{told}</title></rect>'
            )
    return (
        '<svg id="commits-over-time" viewBox="0 0 1000 85" preserveAspectRatio="none" role="img" '
        f'aria-label="Commits over time, at most {most} in a stretch">'
        f'<path class="axis" d="M0 84.5H1000"/>{"".join(bars)}</svg>'
    )


def _n(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
