"""Answers about each of a few things: where it is, its colour, its size, when it was seen."""

from __future__ import annotations

import math

from droidlet_interpreter.choosing import choose
from droidlet_interpreter.contract import Asked
from droidlet_interpreter.describing import described, place
from droidlet_interpreter.english import a, listed, number, the
from droidlet_interpreter.holding import attend, unseen
from droidlet_interpreter.labels import called, said_of
from droidlet_interpreter.measures import metres
from droidlet_interpreter.resolving import PERSON
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.whereabouts import distance_m, where_is
from droidlet_schema import And, Attribute, GetMemory, LinearExtent, MemoryNode, evolve

MOST_SHOWN = 4  # of things told about one by one


def tell_each(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
    """Says what was asked of the thing that is meant, or of the nearest few."""
    node, _ = choose(turn, asked, nodes)
    if node is None:
        person = asked.filters == PERSON
        turn.say("I have not seen anybody." if person else unseen(asked))
        return
    attend(turn, asked, node)
    shown = [node]
    if len(nodes) > 1 and _is_open_choice(asked):
        shown = sorted(nodes, key=lambda n: (distance_m(turn.inputs.pose, n), n.id))[:MOST_SHOWN]
    if len(shown) == 1:
        text = _property(turn, asked, form, node, the(_label_of(asked, node)))
        turn.say(f"{text[:1].upper()}{text[1:]}.")
        return
    place_words = f" {place(asked.filters.location)}" if asked.filters.location else ""
    what = described(evolve(asked.filters, selector=None, location=None), many=True)
    nearest = f"The nearest {number(len(shown))}: " if len(nodes) > len(shown) else ""
    rows = listed([_property(turn, asked, form, n, name) for n, name in zip(shown, _told_apart(form, shown))])
    rows = rows if nearest else rows[:1].upper() + rows[1:]
    turn.say(f"I know {number(len(nodes))} {what}{place_words}. {nearest}{rows}.")


def _told_apart(form: GetMemory, nodes: list[MemoryNode]) -> list[str]:
    """What to call each of several things: by name where that tells them apart, else "one"."""
    names = [called(node) for node in nodes]
    apart = len(set(names)) == len(names) and form.filters.output != Attribute("COLOUR")
    kinds = {said_of(node, "has_name") for node in nodes}
    return [the(name) if apart else a(name) if len(kinds) > 1 else "one" for name in names]


def _is_open_choice(asked: Asked) -> bool:
    return asked.filters.selector is None or asked.filters.selector.quantity == "ALL"


def _property(turn: Turn, asked: Asked, form: GetMemory, node: MemoryNode, subject: str) -> str:
    output, pose = form.filters.output, turn.inputs.pose
    if isinstance(output, LinearExtent):
        return _extent(turn, output, node, subject)
    name = output.name if isinstance(output, Attribute) else "LOCATION"
    size = node.size_m
    if name == "COLOUR":
        colour = said_of(node, "has_colour")
        return f"{subject} is {colour}" if colour else f"I cannot tell which colour {subject} has"
    if name in ("SIZE", "HEIGHT", "WIDTH"):
        if size is None or not all(map(math.isfinite, size)):
            return f"I do not know how big {subject} is"
        across = metres(max(abs(size[0]), abs(size[1])))
        return {
            "SIZE": f"{subject} is about {across} wide and {metres(abs(size[2]))} tall",
            "HEIGHT": f"{subject} is about {metres(abs(size[2]))} tall",
            "WIDTH": f"{subject} is about {across} wide",
        }[name]
    if name in ("MODIFY_TIME", "VISIT_TIME", "BORN_TIME"):
        ago = max(0.0, (turn.inputs.now_ns - node.updated_ns) / 1e9)
        return f"I last saw {subject} {'just now' if ago < 1.5 else f'{round(ago)} seconds ago'}"
    return f"{subject} is {where_is(pose, node)}"


def _label_of(asked: Asked, node: MemoryNode) -> str:
    return called(node) if asked.filters.where == And() else asked.label


def _extent(turn: Turn, extent: LinearExtent, node: MemoryNode, subject: str) -> str:
    away = f"{subject} is {metres(distance_m(turn.inputs.pose, node))} away from me"
    if extent.source.special == "AGENT":
        return away
    if extent.source.special == "SPEAKER" and turn.inputs.speaker is None:
        return f"I do not know how far {subject} is from you, but {away}"
    return f"{away}; I measure only from where I am"
