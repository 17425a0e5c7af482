"""How each wish that needs a body begins."""

from __future__ import annotations

import math

from droidlet_interpreter.driving import FARTHEST_M, SIDES, go_to_point, move_by, turn_by, turn_to_point
from droidlet_interpreter.going_beside import ask_beside
from droidlet_interpreter.measures import point
from droidlet_interpreter.resolving import PERSON, ask_for
from droidlet_interpreter.starting import Waits, nothing_begins, started
from droidlet_interpreter.turn import Turn
from droidlet_schema import (
    Explore,
    ExploreForm,
    Filters,
    FollowForm,
    Location,
    LookAround,
    MoveForm,
    ReferenceObject,
    SearchForm,
    Triple,
    TurnForm,
    evolve,
)

_BESIDE = ("LEFT", "RIGHT", "BACK", "AWAY", "BETWEEN")  # places that are not simply "at" the thing


def begin_move(turn: Turn, form: MoveForm) -> Waits:
    """Goes to a place, or by a distance."""
    location = form.location
    if not location.references:
        return move_by(turn, form)
    first = location.references[0]
    if first.special == "AGENT":
        return (
            move_by(turn, form)
            if location.relative_direction in SIDES
            else nothing_begins(turn, "I am already there: that is where I am.")
        )
    if first.coordinates_m is not None and location.relative_direction not in _BESIDE:
        return go_to_point(turn, first.coordinates_m)
    if first.filters is not None and first.filters.memory_type == "AGENT":
        return _go_back(turn, first.filters)
    if first.special == "SPEAKER" and location.relative_direction == "AWAY":
        return move_by(turn, MoveForm(Location("BACK")))
    if location.relative_direction == "AROUND":
        turn.say("I cannot drive around things yet, so I only go there.")
    if location.relative_direction in _BESIDE and first.special != "SPEAKER_LOOK":
        return ask_beside(turn, location)
    asked = ask_for(turn, first, "move", form)
    within_m = location.distance_m if location.relative_direction == "NEAR" else None
    if asked is None or within_m is None or not 0 <= within_m < FARTHEST_M:
        return asked
    return evolve(asked, within_m=max(0.3, within_m))


def begin_search(turn: Turn, form: SearchForm) -> Waits:
    """Finds a thing and goes there."""
    if form.reference == ReferenceObject():
        turn.state = evolve(turn.state, open_wish=form)
        return nothing_begins(turn, "What should I look for?")
    if form.reference.special == "AGENT":
        return nothing_begins(turn, "You have found me: I am here.")
    if form.reference.coordinates_m is not None:
        return go_to_point(turn, form.reference.coordinates_m)
    return ask_for(turn, form.reference, "move", form)


def begin_follow(turn: Turn, form: FollowForm) -> Waits:
    """Follows somebody or something."""
    if form.reference.special == "AGENT":
        return nothing_begins(turn, "I cannot follow myself.")
    reference = ReferenceObject(filters=PERSON) if form.reference == ReferenceObject() else form.reference
    return ask_for(turn, reference, "follow", form)


def begin_turn(turn: Turn, form: TurnForm) -> Waits:
    """Turns by an angle, or towards something."""
    facing = form.facing
    if facing.relative_yaw_rad is not None or facing.location is None:
        return turn_by(turn, math.pi / 2 if facing.relative_yaw_rad is None else facing.relative_yaw_rad)
    references = facing.location.references
    if facing.location.relative_direction == "AWAY":
        return nothing_begins(
            turn, "I cannot turn away from things yet. Tell me by how many degrees I should turn."
        )
    if not references:
        turn.state = evolve(turn.state, open_wish=form)
        return nothing_begins(turn, "What should I look at?")
    if references[0].special == "AGENT":
        return nothing_begins(turn, "I have no mirror to look at myself.")
    if references[0].coordinates_m is not None:
        x, y = (*references[0].coordinates_m, math.nan, math.nan)[:2]
        return turn_to_point(turn, x, y, point(x, y))
    return ask_for(turn, references[0], "face", form)


def begin_explore(turn: Turn, form: ExploreForm) -> Waits:
    """Looks around here, or explores everything."""
    if form.extent == "HERE":
        return started(turn, turn.push(LookAround(), "looking around"), "OK, I am looking around.")
    return started(turn, turn.push(Explore(), "exploring"), "OK, I am exploring.")


def _go_back(turn: Turn, filters: Filters) -> Waits:
    start = any(t == Triple("has_tag", "START") for t in (filters.where,))
    pose = turn.state.start if start else turn.state.before
    if pose is None:
        return nothing_begins(turn, "I have not been anywhere else yet.")
    return go_to_point(turn, (pose.x_m, pose.y_m), "where I started" if start else "where I was before")
