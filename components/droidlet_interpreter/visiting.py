"""Going to several things in a row: "go to every chair", "look at both lamps"."""

from __future__ import annotations

import math

from droidlet_interpreter.contract import MAX_STEPS, Asked, Running, Visit
from droidlet_interpreter.describing import described
from droidlet_interpreter.english import number, the
from droidlet_interpreter.labels import called
from droidlet_interpreter.names import settled
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.whereabouts import distance_m
from droidlet_schema import Approach, Face, Filters, MemoryNode, Pose2, evolve


def wants_each(filters: Filters) -> bool:
    """Whether all, or more than one, of what fits is meant."""
    choice = filters.selector
    if choice is None:
        return False
    return choice.quantity == "ALL" and choice.count != 1 or (choice.count or 1) > 1


def begin_each(turn: Turn, asked: Asked, nodes: tuple[MemoryNode, ...], unsure: str) -> Running:
    """Begins with the nearest and leaves the others to come after it; `nodes` are at least two."""
    count = asked.filters.selector.count if asked.filters.selector else None
    row = _nearest_first(turn.inputs.pose, nodes)[: min(MAX_STEPS, count or MAX_STEPS)]
    many = described(evolve(asked.filters, selector=None), many=True)
    only = "only " if count is not None and count > len(nodes) else ""
    of_them = "each of them" if len(row) == len(nodes) else f"the {number(len(row))} nearest"
    verb = "turn to" if asked.purpose == "face" else "go to"
    turn.say(f"I know {only}{number(len(nodes))} {many}: I {verb} {of_them}, one after the other.{unsure}")
    first, *others = [_visit(asked, node) for node in row]
    turn.then = tuple(others)
    return begin_visit(turn, first, quiet=True)


def begin_visit(turn: Turn, visit: Visit, quiet: bool = False) -> Running:
    """Goes, or turns, to one of several."""
    turn.attend_id(visit.node_id, visit.filters, visit.label)
    if visit.face:
        words = f"turning to {visit.label}"
        task = turn.push(
            Face(x_m=visit.x_m, y_m=visit.y_m, label=visit.label), words, visit.label, aim="face"
        )
    else:
        words = f"going to {visit.label}"
        turn.state = evolve(turn.state, before=turn.inputs.pose)
        approach = Approach(visit.filters, label=visit.label, node_id=visit.node_id)
        task = turn.push(approach, words, visit.label, visit.filters, "go")
    if not quiet:
        turn.say(f"OK, I am {words}.")
    return task


def _visit(asked: Asked, node: MemoryNode) -> Visit:
    x, y, _ = node.position_m or (0.0, 0.0, 0.0)
    return Visit(node.id, settled(asked.filters), the(called(node)), x, y, asked.purpose == "face")


def _nearest_first(pose: Pose2, nodes: tuple[MemoryNode, ...]) -> list[MemoryNode]:
    """From where the agent is to the nearest, and from there to the nearest of the rest."""
    left = list(nodes)
    row: list[MemoryNode] = []
    while left and len(row) < MAX_STEPS:
        nearest = min(left, key=lambda node: (distance_m(pose, node), node.id))
        left.remove(nearest)
        row.append(nearest)
        x, y, _ = nearest.position_m or (math.nan, math.nan, 0.0)
        pose = Pose2(x, y, 0.0)
    return row
