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
    """Moves straight by a distance along the heading at the start; sideways moves are turned into first."""
    distance = math.hypot(spec.forward_m, spec.left_m)
    moved = progress if isinstance(progress, Moved) else Moved()
    pose = scene.inputs.pose
    gone = 0.0
    if moved.last is not None and scene.continued:
        gone = math.hypot(pose.x_m - moved.last.x_m, pose.y_m - moved.last.y_m)
    stuck = moved.stuck_ticks + 1 if scene.inputs.collided and gone < 0.005 else 0
    moved = Moved(moved.moved_m + gone, pose, stuck)
    left = distance - moved.moved_m
    doing = "moving {}".format("back" if spec.forward_m < 0 else "forward")
    if left <= _MOVED_M:
        return Step(moved, outcome=Outcome("finished"), doing=doing)
    if stuck >= _STUCK_TICKS:
        return Step(
            moved, outcome=Outcome("failed", f"something is in the way, I got {moved.moved_m:.1f} m far")
        )
    speed = math.copysign(min(limits.speed_m_s, left / limits.period_s), spec.forward_m)
    return Step(moved, (Drive(speed, 0.0),), doing=doing)
