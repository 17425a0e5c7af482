"""Going to a side of a thing, or between two: where that is depends on where they stand."""

from __future__ import annotations

from droidlet_interpreter.choosing import candidates, choose
from droidlet_interpreter.contract import Asked
from droidlet_interpreter.describing import place
from droidlet_interpreter.driving import go_to_point
from droidlet_interpreter.english import the
from droidlet_interpreter.names import unknown_names, without_tags
from droidlet_interpreter.places import beside, between
from droidlet_interpreter.resolving import resolve, unknown_text
from droidlet_interpreter.searching import searchable
from droidlet_interpreter.starting import Waits, nothing_begins, one_or_the, started
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.whereabouts import distance_m
from droidlet_schema import Approach, Location, MemoryNode, MoveForm, Selector, evolve


def ask_beside(turn: Turn, location: Location, kept: tuple[MemoryNode, ...] = ()) -> Waits:
    """Asks memory for the thing, or the next of two things, beside which to go."""
    reference = location.references[len(kept) if len(location.references) > len(kept) else -1]
    if reference.coordinates_m is not None:
        return go_to_point(turn, reference.coordinates_m)
    filters, label = resolve(turn, reference)
    if filters is None:
        turn.state = evolve(turn.state, open_wish=MoveForm(location))
        return None
    unknown = unknown_names(filters, turn.names)
    if unknown:
        return nothing_begins(turn, unknown_text(turn, unknown))
    where, unsure = without_tags(filters.where)
    filters = evolve(filters, where=where)
    return Asked(turn.ask(filters), "beside", filters, label, kept, location, unsure=unsure)


def beside_answered(turn: Turn, asked: Asked, nodes: tuple[MemoryNode, ...]) -> Waits:
    """Goes beside what memory has answered, asks for the second of two things, or looks for what is not known."""
    location = asked.place or Location()
    fitting = tuple(
        n for n in candidates(turn, asked.filters, nodes) if n.id not in {k.id for k in asked.kept}
    )
    two = location.relative_direction == "BETWEEN"
    if two and len(location.references) == 1:
        fitting = tuple(sorted(fitting, key=lambda node: (distance_m(turn.inputs.pose, node), node.id)))
        if len(fitting) >= 2:
            return _go_beside(turn, location, fitting[:2])
    node, _ = choose(turn, evolve(asked, filters=evolve(asked.filters, contains_coreference=False)), fitting)
    if node is None or (two and len(location.references) == 1):
        return _look_first(turn, asked)
    turn.attend(node, asked.filters, asked.label)
    kept = (*asked.kept, node)
    if two and len(kept) < 2:
        return ask_beside(turn, location, kept)
    return _go_beside(turn, location, kept)


def _look_first(turn: Turn, asked: Asked) -> Waits:
    """The thing beside which to go is not known: look for it, then think again."""
    label = the(asked.label)
    filters = evolve(
        searchable(asked.filters),
        selector=Selector("MIN", ordinal=2)
        if len((asked.place or Location()).references) == 1
        and (asked.place or Location()).relative_direction == "BETWEEN"
        else None,
    )
    running = turn.push(
        Approach(filters, label=label, find_only=True), f"looking for {label}", label, filters, "look"
    )
    started(turn, running, f"I have not seen {one_or_the(asked)} yet; I will look for it first.")
    return evolve(running, beside=asked.place, find_only=True)


def _go_beside(turn: Turn, location: Location, nodes: tuple[MemoryNode, ...]) -> Waits:
    pose = turn.inputs.pose
    side: str = location.relative_direction or "NEAR"
    if location.references[0].special == "SPEAKER":
        side = {"LEFT": "RIGHT", "RIGHT": "LEFT"}.get(side, side)  # who speaks to me faces me
    spot = (
        between(nodes[0], nodes[1]) if len(nodes) > 1 else beside(pose, nodes[0], side, location.distance_m)
    )
    return go_to_point(turn, spot, _beside_words(location))


def _beside_words(location: Location) -> str:
    words = place(location)
    if words.startswith("to your"):
        return f"the place {words}"
    return (
        f"the place {words.removeprefix('to ')}"
        if not words.startswith("to the")
        else words.removeprefix("to ")
    )
