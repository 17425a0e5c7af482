"""Motions whose goal is known in numbers: by a distance, by an angle, to a point, towards a point."""

from __future__ import annotations

import math

from droidlet_interpreter.measures import degrees, metres, point
from droidlet_interpreter.starting import Waits, is_doing, nothing_begins, started
from droidlet_interpreter.turn import Turn
from droidlet_schema import Direction, Face, GoTo, MoveBy, MoveForm, TurnBy, evolve

STEP_M = 1.0  # a move of no stated length
FARTHEST_M = 1000.0
SIDES = {"FRONT": (1.0, 0.0), "BACK": (-1.0, 0.0), "LEFT": (0.0, 1.0), "RIGHT": (0.0, -1.0)}
_OPPOSITE: dict[str, Direction] = {"FRONT": "BACK", "BACK": "FRONT", "LEFT": "RIGHT", "RIGHT": "LEFT"}
_SIDE_NAMES = {"FRONT": "forward", "BACK": "back", "LEFT": "to the left", "RIGHT": "to the right"}


def move_by(turn: Turn, form: MoveForm) -> Waits:
    """Moves by a distance to a side of its own; asks where to when neither is said."""
    location = form.location
    if location.relative_direction is None and location.distance_m is None:
        turn.state = evolve(turn.state, open_wish=form)
        return nothing_begins(turn, "Where should I go?")
    side = location.relative_direction or "FRONT"
    if side not in SIDES:
        return nothing_begins(turn, f"I cannot move {side.lower()}: I only drive on the floor.")
    distance = STEP_M if location.distance_m is None else location.distance_m
    if not 0 < abs(distance) <= FARTHEST_M:
        text = (
            "That is no distance: I stay where I am."
            if distance == 0
            else f"That is too far for me: {metres(distance)}."
        )
        return nothing_begins(turn, text)
    if distance < 0:
        side, distance = _OPPOSITE[side], -distance
    forward, left = (distance * part for part in SIDES[side])
    turn.state = evolve(turn.state, before=turn.inputs.pose)
    words = f"moving {metres(distance)} {_SIDE_NAMES[side]}"
    return started(turn, turn.push(MoveBy(forward, left), words), f"OK, I am {words}.")


def turn_by(turn: Turn, angle_rad: float) -> Waits:
    """Turns by an angle in radians, to the left where it is positive."""
    if not math.isfinite(angle_rad) or abs(angle_rad) > 200 * math.pi:
        return nothing_begins(turn, "That is too much turning for me.")
    if abs(angle_rad) < 1e-3:
        return nothing_begins(turn, "I am already facing that way.")
    words = (
        "turning around"
        if abs(abs(angle_rad) - math.pi) < 1e-3
        else f"turning {'left' if angle_rad > 0 else 'right'} by {degrees(angle_rad)}"
    )
    return started(turn, turn.push(TurnBy(angle_rad), words), f"OK, I am {words}.")


def turn_to_point(turn: Turn, x_m: float, y_m: float, label: str) -> Waits:
    """Turns towards a point, world frame metres."""
    if not (math.isfinite(x_m) and math.isfinite(y_m)):
        return nothing_begins(turn, "I do not know where that is.")
    words = f"turning to {label}"
    return started(
        turn, turn.push(Face(x_m=x_m, y_m=y_m, label=label), words, label, aim="face"), f"OK, I am {words}."
    )


def go_to_point(turn: Turn, coordinates_m: tuple[float, ...], words: str = "") -> Waits:
    """Goes to a point, world frame metres, called by `words` where it has a name."""
    if len(coordinates_m) < 2 or not all(
        math.isfinite(v) and abs(v) <= FARTHEST_M for v in coordinates_m[:2]
    ):
        return nothing_begins(turn, "I cannot go there: that is too far away.")
    x, y = coordinates_m[:2]
    label = words or point(x, y)
    if is_doing(turn, f"going to {label}"):
        return None
    turn.state = evolve(turn.state, before=turn.inputs.pose)
    return started(
        turn,
        turn.push(GoTo(x, y, label=label), f"going to {label}", label, aim="go"),
        f"OK, I am going to {label}.",
    )
