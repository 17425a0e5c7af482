"""Answers about things: what is seen, where, how many, which colour, whether."""

from __future__ import annotations

import math

from droidlet_interpreter.comparing import ask_other, comparison, tell_comparison
from droidlet_interpreter.contract import Asked
from droidlet_interpreter.finding import PERSON, candidates, choose, resolve, the, unknown_text
from droidlet_interpreter.holding import ask_holds, attend, tell_holds, unseen
from droidlet_interpreter.names import unknown_names, without_tags
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.wording import (
    a,
    called,
    described,
    distance_m,
    grouped,
    listed,
    metres,
    number,
    place,
    said_of,
    where_is,
)
from droidlet_schema import (
    And,
    Attribute,
    GetMemory,
    LinearExtent,
    MemoryNode,
    Pose2,
    ReferenceObject,
    Triple,
    evolve,
)

Nodes = tuple[MemoryNode, ...]
IN_VIEW = Triple("has_tag", "_in_view")
MOST_SHOWN = 4  # of things told about one by one
INSTEAD = "instead"  # marks the agent's own question after a search in vain: an empty answer is not told


def begin_telling(turn: Turn, form: GetMemory) -> Asked | None:
    """Asks memory what a question about things needs; says so at once where the thing cannot be known."""
    where_asked = form.filters.location
    if (
        turn.inputs.speaker is None
        and where_asked
        and any(r.special == "SPEAKER" for r in where_asked.references)
    ):
        turn.say("I do not know where you are: I have not seen you yet.")
        return None
    looked_at = [
        r
        for r in (form.filters.location.references if form.filters.location else ())
        if r.special == "SPEAKER_LOOK"
    ]
    filters, label = resolve(
        turn, looked_at[0] if looked_at else ReferenceObject(form.text_span, filters=form.filters)
    )
    if filters is None:
        return None
    unknown = unknown_names(filters, turn.names) + (
        unknown_names(form.holds, turn.names) if form.holds else ()
    )
    if unknown:
        turn.say(unknown_text(turn, unknown))
        return None
    where, unsure = without_tags(filters.where)
    filters = evolve(filters, where=where)
    if filters.selector is not None and filters.selector.quantity == "ALL":
        filters = evolve(filters, selector=None)
    asked = evolve(filters, where=And((filters.where, IN_VIEW))) if form.scope == "NOW" else filters
    return Asked(turn.ask(asked), "tell", filters, label, unsure=unsure)


def tell(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> Asked | None:
    """Answers a question when memory has answered its own; may need to ask once more."""
    nodes = _others_than_self(candidates(turn, asked.filters, nodes))
    output = form.filters.output
    than = comparison(form.holds)
    if asked.purpose == "compare":
        tell_comparison(turn, asked, form, nodes)
    elif asked.purpose == "holds":
        tell_holds(turn, asked, form, nodes)
    elif asked.purpose == "span":
        _tell_span(turn, asked, nodes)
    elif isinstance(output, LinearExtent) and output.source.filters is not None and nodes:
        return _ask_span(turn, asked, output.source, nodes)
    elif than is not None:
        return ask_other(turn, asked, than, nodes)
    elif form.holds is not None:
        return ask_holds(turn, asked, form, nodes)
    elif output == "COUNT":
        _tell_count(turn, asked, form, nodes)
    elif output == "MEMORY":
        _tell_whether(turn, asked, form, nodes)
    elif output == Attribute("NAME"):
        _tell_names(turn, asked, form, nodes)
    else:
        _tell_one(turn, asked, form, nodes)
    return None


def _others_than_self(nodes: tuple[MemoryNode, ...]) -> tuple[MemoryNode, ...]:
    return tuple(node for node in nodes if node.node_type != "Self" and node.id != "self")


def _tell_names(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
    place_words = f" {place(form.filters.location)}" if form.filters.location else ""
    one = (
        form.filters.selector is not None
        and form.filters.selector.quantity in ("MIN", "MAX")
        or asked.filters.contains_coreference
    )
    if form.text_span == INSTEAD:
        if nodes:
            turn.say(f"But I have seen {grouped(nodes)}.")
        return
    if not nodes:
        turn.say(_no_names(asked, form, place_words))
        return
    nearest = min(nodes, key=lambda node: (distance_m(turn.inputs.pose, node), node.id))
    attend(turn, asked, nodes[0] if one else nearest)
    if one:
        turn.say(f"That is {a(called(nodes[0]))}, {where_is(turn.inputs.pose, nodes[0])}.")
    elif form.scope == "NOW":
        turn.say(f"I see {grouped(nodes)}{place_words}.")
    elif form.filters.location:
        turn.say(
            f"{place_words.strip().capitalize()} there {'is' if len(nodes) == 1 else 'are'} {grouped(nodes)}."
        )
    else:
        turn.say(f"I have seen {grouped(nodes)}.")


def _no_names(asked: Asked, form: GetMemory, place_words: str) -> str:
    plain = evolve(asked.filters, selector=None, location=None)
    what = "nothing" if plain.where == And() else f"no {described(plain, many=True)}"
    if form.scope == "NOW":
        return f"I see {what}{place_words} right now."
    return f"I know of {what}{place_words}." if place_words else f"I have seen {what} yet."


def _tell_count(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
    count = len(nodes)
    what = described(evolve(asked.filters, selector=None, location=None), many=count != 1)
    place_words = f" {place(asked.filters.location)}" if asked.filters.location else ""
    verb = "I see" if form.scope == "NOW" else "I have seen"
    amount = f"{number(count)} {what}{place_words}"
    turn.say(f"{verb} {amount}{'' if count or form.scope == 'NOW' else ' so far'}.")
    if count == 1:
        attend(turn, asked, nodes[0])


def _tell_whether(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
    if not nodes:
        turn.say(f"No, {unseen(asked, form.scope == 'NOW')}")
        return
    nearest, _ = choose(turn, asked, nodes)
    node = nearest or nodes[0]
    wanted = form.filters.selector.count if form.filters.selector else None
    if wanted is not None and len(nodes) < wanted:
        attend(turn, asked, node)
        turn.say(f"No, only {number(len(nodes))}: {grouped(nodes)}.")
        return
    attend(turn, asked, node)
    where = where_is(turn.inputs.pose, node)
    if len(nodes) == 1:
        turn.say(f"Yes, {a(called(node))}: {where}.")
    else:
        turn.say(f"Yes, {grouped(nodes)}. The nearest is {where}.")


def _tell_one(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
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


def _ask_span(turn: Turn, asked: Asked, source: ReferenceObject, nodes: Nodes) -> Asked | None:
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


def _tell_span(turn: Turn, asked: Asked, nodes: Nodes) -> None:
    first = asked.kept[0]
    others = tuple(node for node in nodes if node.id != first.id)
    second, _ = choose(turn, evolve(asked, kept=()), others)
    if second is None or first.position_m is None:
        turn.say(unseen(asked))
        return
    x, y, _ = first.position_m
    away = metres(distance_m(Pose2(x, y, 0.0), second))
    turn.say(f"The {called(first)} is {away} away from the {called(second)}.")
