"""The distance from one thing to another."""

from __future__ import annotations

from droidlet_interpreter.choosing import choose
from droidlet_interpreter.contract import Asked
from droidlet_interpreter.holding import attend, unseen
from droidlet_interpreter.labels import called
from droidlet_interpreter.measures import metres
from droidlet_interpreter.names import unknown_names, without_tags
from droidlet_interpreter.resolving import resolve, unknown_text
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.whereabouts import distance_m
from droidlet_schema import MemoryNode, Pose2, ReferenceObject, evolve


def ask_span(
    turn: Turn, asked: Asked, source: ReferenceObject, nodes: tuple[MemoryNode, ...]
) -> Asked | None:
    """The distance from one thing to another: the second has to be asked for, too."""
    node, _ = choose(turn, asked, nodes)
    filters, label = resolve(turn, source)
    if node is None or filters is None:
        return None
    unknown = unknown_names(filters, turn.names)
    if unknown:
        turn.say(unknown_text(turn, unknown))
        return None
    attend(turn, asked, node)
    filters = evolve(filters, where=without_tags(filters.where)[0])
    return Asked(turn.ask(filters), "span", filters, label, (node,))


def tell_span(turn: Turn, asked: Asked, nodes: tuple[MemoryNode, ...]) -> None:
    """Says how far apart the two things are."""
    first = asked.kept[0]
    others = tuple(node for node in nodes if node.id != first.id)
    second, _ = choose(turn, evolve(asked, kept=()), others)
    if second is None or first.position_m is None:
        turn.say(unseen(asked))
        return
    x, y, _ = first.position_m
    away = metres(distance_m(Pose2(x, y, 0.0), second))
    turn.say(f"The {called(first)} is {away} away from the {called(second)}.")
