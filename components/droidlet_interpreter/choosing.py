"""Which of the nodes that memory answers with is the one that is meant."""

from __future__ import annotations

import math

from droidlet_interpreter.contract import Asked
from droidlet_interpreter.describing import described, place
from droidlet_interpreter.english import number
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.whereabouts import distance_m
from droidlet_schema import Filters, MemoryNode, Triple, evolve

SPEAKS_WITHIN_M = 0.5  # of the edge of whoever is the speaker


def candidates(turn: Turn, filters: Filters, nodes: tuple[MemoryNode, ...]) -> tuple[MemoryNode, ...]:
    """The nodes that may be meant: with a place; for "it" and "that chair" the one spoken of last, for "the
    other one" not that one.
    """
    placed = tuple(
        node for node in nodes if node.position_m is not None and all(map(math.isfinite, node.position_m))
    )
    ids = {node.id for node in placed}
    latest = next((item.node_id for item in turn.state.attended if item.node_id in ids), None)
    if latest is None and filters.other:
        latest = _speaker(turn, placed)  # "the other person": not the one who speaks
    if latest is None or not filters.contains_coreference:
        return placed
    return tuple(node for node in placed if (node.id == latest) != filters.other)


def _speaker(turn: Turn, nodes: tuple[MemoryNode, ...]) -> str | None:
    """The id of the person who stands where the speaker does."""
    speaker = turn.inputs.speaker
    people = [node for node in nodes if Triple("has_name", "person") in node.triples]
    near = [node for node in people if speaker is not None and distance_m(speaker, node) < SPEAKS_WITHIN_M]
    return near[0].id if near else None


def choose(turn: Turn, asked: Asked, nodes: tuple[MemoryNode, ...]) -> tuple[MemoryNode | None, str]:
    """The node meant, and what to say about there being several: the selector's first, else the nearest."""
    fitting = candidates(turn, asked.filters, nodes)
    if not fitting:
        return None, ""
    selector = asked.filters.selector
    if selector is not None and selector.quantity in ("MIN", "MAX", "RANDOM"):
        return fitting[0], ""
    nearest = min(fitting, key=lambda node: (distance_m(turn.inputs.pose, node), node.id))
    if len(fitting) == 1 or asked.label == "you":
        return nearest, ""
    return nearest, f"I know {number(len(fitting))} {_several(asked)}: I take the nearest one"


def _several(asked: Asked) -> str:
    plain = evolve(asked.filters, selector=None, location=None)
    beside_what = f" {place(asked.filters.location)}" if asked.filters.location else ""
    return described(plain, many=True) + beside_what
