"""Following a route: one Drive per tick, a new route when the old one is stale, blocked or leads nowhere."""

from __future__ import annotations

import math
from typing import Callable, NamedTuple, Optional, Tuple

from droidlet_geometry import wrap_angle
from droidlet_schema import Action, Drive, Pose2, evolve
from droidlet_tasks.body import BodyLimits
from droidlet_tasks.contract import Point, Scene, Turned, Walking
from droidlet_tasks.planning import Ground, Route, ground_of, is_clear
from droidlet_tasks.turning import turn_on

_ARRIVED_M = 0.12
_LOOKAHEAD_M = 0.3
Planner = Callable[[Ground], Optional[Route]]


class Walked(NamedTuple):
    """A tick of walking: `ended` is "" (still on the way), "arrived", "no way", "stuck" or, where there is a
    way only to somewhere nearer since now, "shut".
    """

    walk: Walking
    actions: Tuple[Action, ...] = ()
    ended: str = ""


def walk_on(
    walk: Walking,
    plan: Planner,
    scene: Scene,
    limits: BodyLimits,
    *,
    also: Tuple[Point, ...] = (),
    waits: int = 0,
    near_enough: bool = True,
) -> Walked:
    """One tick along the way that `plan` finds; `also` are points that the ground must hold.

    Where the way is shut or ends too early (and the body is not `near_enough`), it looks around and tries
    again, `waits` times: whoever stands in the way may have left by then.
    """
    if walk.look is not None:
        look, actions = turn_on(walk.look, scene, limits)
        walk = evolve(walk, look=look if actions else None, best_ns=0)
        if actions:
            return Walked(walk, actions)
    may_wait = not near_enough and walk.tries < waits
    walked = _walk_on(walk, plan, scene, limits, also, may_wait)
    short = walked.ended in ("no way", "stuck", "shut") or (
        walked.ended == "arrived" and not walked.walk.reached
    )
    if short and may_wait:
        return Walked(evolve(walked.walk, look=Turned(2.0 * math.pi), tries=walk.tries + 1, route=()))
    return walked


def _walk_on(
    walk: Walking, plan: Planner, scene: Scene, limits: BodyLimits, also: Tuple[Point, ...], may_wait: bool
) -> Walked:
    inputs = scene.inputs
    walk = _note_bump(walk, scene, limits)
    route = _trim(walk.route, inputs.pose)
    here = (inputs.pose.x_m, inputs.pose.y_m)
    if _stale(walk, route, scene, limits) or not is_clear(inputs.map, (here, *route), limits):
        found = plan(ground_of(inputs.map, inputs.pose, limits, also, walk.bumps))
        if found is None:
            return Walked(walk, ended="no way")
        if may_wait and walk.reached and walk.planned_ns is not None and not found.reached:
            return Walked(walk, ended="shut")
        route = _trim(found.points, inputs.pose)
        walk = evolve(walk, planned_ns=inputs.now_ns, reached=found.reached)
    remaining = _length((here, *route))
    if remaining <= _ARRIVED_M:
        return Walked(evolve(walk, route=()), ended="arrived")
    walk = _note_progress(evolve(walk, route=route), remaining, scene)
    if inputs.now_ns - walk.best_ns > limits.patience_s * 1e9:
        return Walked(evolve(walk, best_m=math.inf), ended="stuck")
    return Walked(walk, (drive_along(inputs.pose, route, limits),))


def drive_along(pose: Pose2, route: Tuple[Point, ...], limits: BodyLimits) -> Drive:
    """Velocities for one tick: turn on the spot when the next point lies aside, else steer (pure pursuit)."""
    x, y = route[0]
    error = float(wrap_angle(math.atan2(y - pose.y_m, x - pose.x_m) - pose.yaw_rad))
    turn = max(-limits.turn_rad_s, min(limits.turn_rad_s, error / limits.period_s))
    if abs(error) > 0.5:
        return Drive(0.0, turn)
    remaining = _length(((pose.x_m, pose.y_m), *route))
    near = math.hypot(x - pose.x_m, y - pose.y_m)
    speed = limits.speed_m_s * max(
        0.25, math.cos(2.0 * error) if len(route) > 1 and near < _LOOKAHEAD_M else math.cos(error)
    )
    return Drive(
        min(speed, remaining / limits.period_s), max(-limits.turn_rad_s, min(limits.turn_rad_s, 4.0 * error))
    )


def _stale(walk: Walking, route: Tuple[Point, ...], scene: Scene, limits: BodyLimits) -> bool:
    planned = walk.planned_ns
    return (
        not route
        or planned is None
        or not scene.continued
        or scene.inputs.now_ns - planned >= limits.replan_s * 1e9
    )


def _trim(route: Tuple[Point, ...], pose: Pose2) -> Tuple[Point, ...]:
    """The route less the points that are reached; the last one stays."""
    while len(route) > 1 and math.hypot(route[0][0] - pose.x_m, route[0][1] - pose.y_m) < _ARRIVED_M:
        route = route[1:]
    return route


def _length(points: Tuple[Point, ...]) -> float:
    return sum(math.hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in zip(points, points[1:]))


def _note_progress(walk: Walking, remaining_m: float, scene: Scene) -> Walking:
    if not scene.continued or remaining_m < walk.best_m - 0.05 or walk.best_ns == 0:
        return evolve(walk, best_m=remaining_m, best_ns=scene.inputs.now_ns)
    return walk


def _note_bump(walk: Walking, scene: Scene, limits: BodyLimits) -> Walking:
    """What stopped the body stands right ahead of it, whatever the map says."""
    if not (scene.inputs.collided and scene.continued and walk.route):
        return walk
    pose = scene.inputs.pose
    reach = limits.radius_m + 0.05
    x, y = walk.route[0]
    heading = math.atan2(y - pose.y_m, x - pose.x_m)
    bump = (pose.x_m + reach * math.cos(heading), pose.y_m + reach * math.sin(heading))
    return evolve(walk, bumps=(*walk.bumps, bump)[-12:], planned_ns=None)
