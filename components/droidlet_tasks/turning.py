"""Turning on the spot and moving straight, by odometry."""

from __future__ import annotations

import math
from typing import Tuple

from droidlet_geometry import wrap_angle
from droidlet_schema import Action, Drive, Face, LookAround, MoveBy, Pose2, TurnBy, evolve
from droidlet_tasks.body import BodyLimits
from droidlet_tasks.contract import Moved, Outcome, Progress, Scene, Step, Turned

_TURNED_RAD = 0.01
_MOVED_M = 0.01
_STUCK_TICKS = 8


def turn_on(turned: Turned, scene: Scene, limits: BodyLimits) -> Tuple[Turned, Tuple[Action, ...]]:
    """One tick of a turn; no action when it is complete."""
    yaw = scene.inputs.pose.yaw_rad
    step = (
        0.0
        if turned.last_yaw_rad is None or not scene.continued
        else float(wrap_angle(yaw - turned.last_yaw_rad))
    )
    turned = evolve(turned, turned_rad=turned.turned_rad + step, last_yaw_rad=yaw)
    left = turned.goal_rad - turned.turned_rad
    if abs(left) <= _TURNED_RAD:
        return turned, ()
    speed = min(limits.turn_rad_s, abs(left) / limits.period_s)
    return turned, (Drive(0.0, math.copysign(speed, left)),)


def step_turn(spec: TurnBy, progress: Progress, scene: Scene, limits: BodyLimits) -> Step:
    """Turns by the angle asked for."""
    return _step_turn(
        progress if isinstance(progress, Turned) else Turned(spec.angle_rad), scene, limits, "turning"
    )


def step_look_around(spec: LookAround, progress: Progress, scene: Scene, limits: BodyLimits) -> Step:
    """Turns once around."""
    return _step_turn(
        progress if isinstance(progress, Turned) else Turned(2.0 * math.pi), scene, limits, "looking around"
    )


def _step_turn(turned: Turned, scene: Scene, limits: BodyLimits, doing: str) -> Step:
    turned, actions = turn_on(turned, scene, limits)
    return Step(turned, actions, outcome=None if actions else Outcome("finished"), doing=doing)


def step_face(spec: Face, progress: Progress, scene: Scene, limits: BodyLimits) -> Step:
    """Turns towards a point or towards what memory knows."""
    doing = "turning to " + (spec.label or "a point")
    if not isinstance(progress, Turned):
        if spec.x_m is not None and spec.y_m is not None:
            target = (spec.x_m, spec.y_m)
        elif spec.filters is None:
            return Step(None, outcome=Outcome("failed", "I was not told where to turn"))
        elif scene.answer is None:
            return Step(None, ask=spec.filters, doing=doing)
        elif not scene.answer.nodes or scene.answer.nodes[0].position_m is None:
            return Step(None, outcome=Outcome("failed", "I don't know where that is"))
        else:
            target = scene.answer.nodes[0].position_m[:2]
        progress = Turned(bearing_to(scene.inputs.pose, target))
    turned, actions = turn_on(progress, scene, limits)
    return Step(turned, actions, outcome=None if actions else Outcome("finished"), doing=doing)


def bearing_to(pose: Pose2, target: Tuple[float, float]) -> float:
    """The angle to turn by so as to look at a point, positive = left."""
    return float(wrap_angle(math.atan2(target[1] - pose.y_m, target[0] - pose.x_m) - pose.yaw_rad))


def step_move(spec: MoveBy, progress: Progress, scene: Scene, limits: BodyLimits) -> Step:
    """Moves straight by a distance along the body's axes at the start; sideways moves are turned into first.

    Only what is gained along the heading counts: a body that slides along a wall does not get there.
    """
    aside = math.atan2(spec.left_m, spec.forward_m) if spec.left_m else 0.0
    moved = progress if isinstance(progress, Moved) else Moved(facing=Turned(aside))
    doing = "moving " + _direction(spec)
    if moved.facing is not None:
        facing, actions = turn_on(moved.facing, scene, limits)
        moved = evolve(moved, facing=facing if actions else None)
        if actions:
            return Step(moved, actions, doing=doing)
    gone = _gone_m(moved, scene)
    stuck = scene.inputs.collided and gone < 0.5 * limits.speed_m_s * limits.period_s
    moved = Moved(moved.moved_m + gone, scene.inputs.pose, moved.stuck_ticks + 1 if stuck else 0)
    left = math.hypot(spec.forward_m, spec.left_m) - moved.moved_m
    if left <= _MOVED_M:
        return Step(moved, outcome=Outcome("finished"), doing=doing)
    if moved.stuck_ticks >= _STUCK_TICKS:
        reason = f"something is in the way, I got {moved.moved_m:.1f} m far"
        return Step(moved, outcome=Outcome("failed", reason), doing=doing)
    speed = min(limits.speed_m_s, left / limits.period_s)
    return Step(moved, (Drive(-speed if _is_back(spec) else speed, 0.0),), doing=doing)


def _is_back(spec: MoveBy) -> bool:
    return spec.forward_m < 0.0 and spec.left_m == 0.0


def _direction(spec: MoveBy) -> str:
    if abs(spec.left_m) > abs(spec.forward_m):
        return "to the left" if spec.left_m > 0.0 else "to the right"
    return "back" if spec.forward_m < 0.0 else "forward"


def _gone_m(moved: Moved, scene: Scene) -> float:
    """Metres gained along the heading, ahead or back, since the tick before."""
    pose, last = scene.inputs.pose, moved.last
    if last is None or not scene.continued:
        return 0.0
    dx, dy = pose.x_m - last.x_m, pose.y_m - last.y_m
    return abs(dx * math.cos(pose.yaw_rad) + dy * math.sin(pose.yaw_rad))
