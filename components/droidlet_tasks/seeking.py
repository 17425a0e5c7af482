"""Walking up to things: looking for what memory does not know yet, walking to what it knows."""

from __future__ import annotations

import math
from typing import Optional, Tuple

from droidlet_schema import Answer, Approach, Follow, GoTo, MemoryNode, Pose2, evolve
from droidlet_tasks.body import BodyLimits
from droidlet_tasks.boxes import Box, footprint, gap_to
from droidlet_tasks.contract import Outcome, Progress, Scene, SecondLook, Seeking, Step, Turned, Walking
from droidlet_tasks.exploring import explore_on
from droidlet_tasks.planning import Ground, Route, route_to_box, route_to_point
from droidlet_tasks.second_look import look_again
from droidlet_tasks.turning import bearing_to, turn_on
from droidlet_tasks.walking import Planner, Walked, walk_on

_NEAR_ENOUGH_M = 1.0  # to the edge of a thing that stands where one cannot get nearer
_WAITS = 3
_TOLERANCE_M = 0.15  # a walk ends on a cell of the map, not on a point
_BELIEVED_NS = 1_500_000_000  # a thing that memory no longer knows is walked to for this long


def step_go_to(spec: GoTo, progress: Progress, scene: Scene, limits: BodyLimits) -> Step:
    """Walks to a point."""
    walk = progress if isinstance(progress, Walking) else Walking()
    point = (spec.x_m, spec.y_m)

    def plan(ground: Ground) -> Optional[Route]:
        return route_to_point(ground, point, spec.within_m)

    gap = math.dist((scene.inputs.pose.x_m, scene.inputs.pose.y_m), point)
    also = _bounded(point, scene.inputs.pose)
    near = gap <= spec.within_m + _TOLERANCE_M
    walked = walk_on(walk, plan, scene, limits, also=also, waits=_WAITS, near_enough=near)
    doing = "walking to " + (spec.label or "{:.1f}, {:.1f}".format(*point))
    return Step(walked.walk, walked.actions, outcome=_how_it_ended(walked, gap, spec.within_m), doing=doing)


def _bounded(point: Tuple[float, float], pose: Pose2) -> Tuple[Tuple[float, float], ...]:
    """Points that are nowhere near need no ground of their own: the walk ends as near as one gets."""
    return (point,) if math.dist(point, (pose.x_m, pose.y_m)) < 30.0 else ()


def _how_it_ended(walked: Walked, gap_m: float, within_m: float) -> Optional[Outcome]:
    if not walked.ended:
        return None
    if walked.ended == "arrived" and gap_m <= within_m + _TOLERANCE_M:
        return Outcome("finished")
    if walked.ended == "arrived":
        return Outcome("failed", f"this is as near as I get, {gap_m:.1f} m short of it")
    return Outcome("failed", "I find no way there" if walked.ended == "no way" else "I am stuck on the way")


def step_approach(spec: Approach, progress: Progress, scene: Scene, limits: BodyLimits) -> Step:
    """Searches, walks up, and turns to face what was found."""
    seeking = _hear(
        progress if isinstance(progress, Seeking) else Seeking(started_ns=scene.inputs.now_ns),
        spec.node_id,
        scene,
    )
    if seeking.facing is not None:
        return _face(seeking, scene, limits, spec.label)
    if seeking.target is None:
        return _search(seeking, spec, scene, limits)
    if spec.find_only:
        return _arrive(seeking, scene, limits, spec.label)
    return _walk_up(seeking, spec, scene, limits)


def step_follow(spec: Follow, progress: Progress, scene: Scene, limits: BodyLimits) -> Step:
    """Walks up to a thing again and again."""
    seeking = _hear(
        progress if isinstance(progress, Seeking) else Seeking(started_ns=scene.inputs.now_ns), None, scene
    )
    doing = "following " + spec.label
    if seeking.target is None:
        exploring, actions, done = explore_on(seeking.exploring, scene, limits)
        seeking = evolve(seeking, exploring=exploring)
        outcome = Outcome("failed", "I looked everywhere I could get to") if done else None
        return Step(seeking, actions, spec.filters, outcome, "looking for " + spec.label)
    walked = walk_on(seeking.walk, _planner(seeking.target, spec.within_m), scene, limits)
    walk = evolve(
        walked.walk, best_ns=scene.inputs.now_ns, best_m=math.inf
    )  # waiting for somebody is not being stuck
    return Step(evolve(seeking, walk=walk), walked.actions, spec.filters, None, doing)


def _hear(seeking: Seeking, wanted_id: Optional[str], scene: Scene) -> Seeking:
    """Takes in memory's answer: the thing wanted, else the one already chosen, else the first that fits."""
    if seeking.second_look is not None and seeking.second_look.asked:
        return seeking  # that answer tells what resembles it
    node = _choose(scene.answer, seeking.found_id or wanted_id, scene.inputs.pose)
    if node is not None and seeking.found_id not in (None, node.id) and not _forgotten(seeking, scene):
        return seeking  # another one fits now: not a reason to turn back at once
    if node is not None and node.position_m is not None:
        target = footprint(node)
        moved = seeking.target is None or max(abs(a - b) for a, b in zip(target, seeking.target)) > 0.1
        walk = evolve(seeking.walk, planned_ns=None) if moved else seeking.walk
        return evolve(seeking, found_id=node.id, found_ns=scene.inputs.now_ns, target=target, walk=walk)
    if seeking.target is not None and _forgotten(seeking, scene):
        return evolve(seeking, found_id=None, target=None, facing=None, walk=Walking(), second_look=None)
    return seeking


def _forgotten(seeking: Seeking, scene: Scene) -> bool:
    return scene.inputs.now_ns - seeking.found_ns > _BELIEVED_NS


def _choose(answer: Optional[Answer], wanted_id: Optional[str], pose: Pose2) -> Optional[MemoryNode]:
    placed = [node for node in answer.nodes if node.position_m is not None] if answer else []
    for node in placed:
        if node.id == wanted_id:
            return node
    return min(placed, key=lambda node: gap_to(pose, footprint(node)), default=None)


def _search(seeking: Seeking, spec: Approach, scene: Scene, limits: BodyLimits) -> Step:
    doing = "looking for " + (spec.label or "it")
    if scene.answer is None and not scene.continued:
        return Step(seeking, ask=spec.filters, doing=doing)  # hear memory's first answer before exploring
    if seeking.started_ns is not None and scene.inputs.now_ns - seeking.started_ns > limits.search_s * 1e9:
        return Step(seeking, outcome=Outcome("failed", "I have been looking for too long"), doing=doing)
    if seeking.second_look is None:
        exploring, actions, done = explore_on(seeking.exploring, scene, limits)
        seeking = evolve(seeking, exploring=exploring, second_look=SecondLook() if done else None)
        return Step(seeking, actions, spec.filters, doing=doing)
    look, step = look_again(seeking.second_look, spec.filters, scene, limits)
    seeking = evolve(seeking, second_look=look)
    if step is None:
        return Step(seeking, outcome=Outcome("failed", "I looked everywhere I could get to"), doing=doing)
    return step._replace(progress=seeking, doing=doing)


def _walk_up(seeking: Seeking, spec: Approach, scene: Scene, limits: BodyLimits) -> Step:
    doing = "walking to " + (spec.label or "it")
    box = seeking.target or (0.0, 0.0, 0.0, 0.0)
    near = gap_to(scene.inputs.pose, box) <= _NEAR_ENOUGH_M
    plan = _planner(box, spec.within_m)
    walked = walk_on(seeking.walk, plan, scene, limits, waits=_WAITS, near_enough=near)
    seeking = evolve(seeking, walk=walked.walk)
    if walked.ended == "arrived":
        return _arrive(seeking, scene, limits, spec.label)
    if walked.ended:
        reason = "I find no way there" if walked.ended == "no way" else "I am stuck on the way"
        return Step(seeking, outcome=Outcome("failed", reason, seeking.found_id), doing=doing)
    return Step(seeking, walked.actions, spec.filters, doing=doing)


def _planner(box: Box, within_m: float) -> Planner:
    def plan(ground: Ground) -> Optional[Route]:
        return route_to_box(ground, box, within_m)

    return plan


def _arrive(seeking: Seeking, scene: Scene, limits: BodyLimits, label: str) -> Step:
    x0, y0, x1, y1 = seeking.target or (0.0, 0.0, 0.0, 0.0)
    angle = bearing_to(scene.inputs.pose, ((x0 + x1) / 2, (y0 + y1) / 2))
    return _face(evolve(seeking, facing=Turned(angle)), scene, limits, label)


def _face(seeking: Seeking, scene: Scene, limits: BodyLimits, label: str) -> Step:
    facing, actions = turn_on(seeking.facing or Turned(0.0), scene, limits)
    seeking = evolve(seeking, facing=facing)
    if actions:
        return Step(seeking, actions, doing="turning to " + (label or "it"))
    gap = gap_to(scene.inputs.pose, seeking.target)
    if seeking.walk.planned_ns is None or gap <= _NEAR_ENOUGH_M:
        return Step(seeking, outcome=Outcome("finished", "", seeking.found_id))
    reason = f"this is as near as I get, {gap:.1f} m from it"
    return Step(seeking, outcome=Outcome("failed", reason, seeking.found_id))
