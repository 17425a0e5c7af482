"""A second look: whoever explored in vain walks up to what resembles the thing wanted."""

from __future__ import annotations

import math
from typing import Optional, Tuple

from droidlet_schema import And, Filters, MemoryNode, Or, Triple, Where, evolve
from droidlet_tasks.body import BodyLimits
from droidlet_tasks.boxes import footprint, gap_to
from droidlet_tasks.contract import Scene, SecondLook, Step, Turned, Walk
from droidlet_tasks.planning import Ground, Route, route_to_box
from droidlet_tasks.turning import bearing_to, turn_on
from droidlet_tasks.walking import walk_on

_CLOSE_M = 0.8
_MOST = 12  # things looked at again


def resembling(filters: Filters) -> Optional[Filters]:
    """What shares a word with what is wanted; None where nothing was said that could be shared."""
    words = tuple(_triples(filters.where))
    return Filters(where=Or(words)) if words else None


def _triples(where: Where) -> Tuple[Triple, ...]:
    if isinstance(where, Triple):
        return (where,)
    if isinstance(where, (And, Or)):
        return tuple(triple for clause in where.clauses for triple in _triples(clause))
    return ()


def look_again(
    look: SecondLook, wanted: Filters, scene: Scene, limits: BodyLimits
) -> Tuple[SecondLook, Optional[Step]]:
    """One tick; the step's progress is left to the caller. None: everything alike has been looked at."""
    if look.box is None:
        alike = resembling(wanted)
        if alike is None or len(look.done) >= _MOST:
            return look, None
        if not look.asked or scene.answer is None:
            return evolve(look, asked=True), Step(None, ask=alike)
        node = _next(scene.answer.nodes, look.done, scene)
        if node is None:
            return look, None
        look = evolve(look, asked=False, node_id=node.id, box=footprint(node), walk=Walk(), facing=None)
    return _walk_close(look, wanted, scene, limits)


def _next(nodes: Tuple[MemoryNode, ...], done: Tuple[str, ...], scene: Scene) -> Optional[MemoryNode]:
    fresh = [node for node in nodes if node.position_m is not None and node.id not in done]
    return min(fresh, key=lambda node: gap_to(scene.inputs.pose, footprint(node)), default=None)


def _walk_close(
    look: SecondLook, wanted: Filters, scene: Scene, limits: BodyLimits
) -> Tuple[SecondLook, Optional[Step]]:
    x0, y0, x1, y1 = look.box or (0.0, 0.0, 0.0, 0.0)
    if look.facing is None:

        def plan(ground: Ground) -> Optional[Route]:
            return route_to_box(ground, (x0, y0, x1, y1), _CLOSE_M)

        walked = walk_on(look.walk, plan, scene, limits)
        look = evolve(look, walk=walked.walk)
        if not walked.ended:
            return look, Step(None, walked.actions, wanted)
        angle = bearing_to(scene.inputs.pose, ((x0 + x1) / 2, (y0 + y1) / 2))
        # past it and back again: what stands on it or beside it comes into view too
        look = evolve(look, facing=Turned(angle + math.copysign(0.3, angle)))
    facing, actions = turn_on(look.facing or Turned(0.0), scene, limits)
    look = evolve(look, facing=facing)
    if actions:
        return look, Step(None, actions, wanted)
    done = (*look.done, look.node_id or "")
    return SecondLook(asked=False, done=done), Step(None, ask=wanted)
