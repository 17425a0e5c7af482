"""Answers about things: what is seen, where, how many, which colour, whether."""

from __future__ import annotations

import math

from droidlet_interpreter.contract import MAX_NODES, Asked
from droidlet_interpreter.finding import PERSON, candidates, choose, resolve, the, unknown_text
from droidlet_interpreter.names import COLOURS, unknown_names, without_tags
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
    plural,
    said_of,
    where_is,
)
from droidlet_schema import (
    And,
    Attribute,
    Filters,
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
INSTEAD = "instead"  # marks the agent's own question after a search in vain: an empty answer is not told


def begin_telling(turn: Turn, form: GetMemory) -> Asked | None:
    """Asks memory what a question about things needs; says so at once where the thing cannot be known."""
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
    if asked.purpose == "holds":
        _tell_holds(turn, asked, nodes)
    elif asked.purpose == "span":
        _tell_span(turn, asked, nodes)
    elif isinstance(output, LinearExtent) and output.source.filters is not None and nodes:
        return _ask_span(turn, asked, output.source, nodes)
    elif form.holds is not None:
        return _ask_holds(turn, asked, form, nodes)
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


def _unseen(turn: Turn, asked: Asked, now: bool = False) -> str:
    what = described(evolve(asked.filters, selector=None, where=without_tags(asked.filters.where)[0]))
    return f"I do not see {a(what)} right now." if now else f"I have not seen {a(what)}."


def _attend(turn: Turn, asked: Asked, node: MemoryNode) -> None:
    name = said_of(node, "has_name")
    filters = (
        Filters(And((Triple("has_name", name),))) if asked.filters.where == And() and name else asked.filters
    )
    turn.attend(
        node, evolve(filters, location=None), called(node) if asked.filters.where == And() else asked.label
    )


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
    _attend(turn, asked, nodes[0] if one else nearest)
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
    what = "nothing" if plain.where == And() else f"no {plural(described(plain))}"
    if form.scope == "NOW":
        return f"I see {what}{place_words} right now."
    return f"I know of {what}{place_words}." if place_words else f"I have seen {what} yet."


def _tell_count(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
    what, count = described(evolve(asked.filters, selector=None, location=None)), len(nodes)
    place_words = f" {place(asked.filters.location)}" if asked.filters.location else ""
    verb = "I see" if form.scope == "NOW" else "I have seen"
    amount = f"{number(count)} {what if count == 1 else plural(what)}{place_words}"
    turn.say(f"{verb} {amount}{'' if count or form.scope == 'NOW' else ' so far'}.")
    if count == 1:
        _attend(turn, asked, nodes[0])


def _tell_whether(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
    if not nodes:
        turn.say(
            "No, "
            + _unseen(turn, asked, form.scope == "NOW")[0].lower().replace("i", "I")
            + _unseen(turn, asked, form.scope == "NOW")[1:]
        )
        return
    nearest, _ = choose(turn, asked, nodes)
    node = nearest or nodes[0]
    wanted = form.filters.selector.count if form.filters.selector else None
    if wanted is not None and len(nodes) < wanted:
        _attend(turn, asked, node)
        turn.say(f"No, only {number(len(nodes))}: {grouped(nodes)}.")
        return
    _attend(turn, asked, node)
    where = where_is(turn.inputs.pose, node)
    if len(nodes) == 1:
        turn.say(f"Yes, {a(called(node))}: {where}.")
    else:
        turn.say(f"Yes, {grouped(nodes)}. The nearest is {where}.")


def _tell_one(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
    node, _ = choose(turn, asked, nodes)
    if node is None:
        person = asked.filters == PERSON
        turn.say("I have not seen anybody." if person else _unseen(turn, asked))
        return
    _attend(turn, asked, node)
    several = (
        f"I know {number(len(nodes))} {plural(described(evolve(asked.filters, selector=None)))}. "
        if len(nodes) > 1
        else ""
    )
    shown = (
        sorted(nodes, key=lambda n: (distance_m(turn.inputs.pose, n), n.id))[:4]
        if len(nodes) > 1 and _is_open_choice(asked)
        else [node]
    )
    texts = [_property(turn, asked, form, item, len(shown) > 1) for item in shown]
    text = listed(texts) if len(shown) > 1 else texts[0]
    turn.say(f"{several if len(shown) > 1 else ''}{text[:1].upper()}{text[1:]}.")


def _is_open_choice(asked: Asked) -> bool:
    return asked.filters.selector is None or asked.filters.selector.quantity == "ALL"


def _property(turn: Turn, asked: Asked, form: GetMemory, node: MemoryNode, many: bool) -> str:
    output, pose = form.filters.output, turn.inputs.pose
    subject = f"{'one' if many else the(_label_of(asked, node))}"
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
    _attend(turn, asked, node)
    filters = evolve(filters, where=without_tags(filters.where)[0])
    return Asked(turn.ask(filters), "span", filters, label, (node,))


def _tell_span(turn: Turn, asked: Asked, nodes: Nodes) -> None:
    first = asked.kept[0]
    others = tuple(node for node in nodes if node.id != first.id)
    second, _ = choose(turn, evolve(asked, kept=()), others)
    if second is None or first.position_m is None:
        turn.say(_unseen(turn, asked))
        return
    x, y, _ = first.position_m
    away = metres(distance_m(Pose2(x, y, 0.0), second))
    turn.say(f"The {called(first)} is {away} away from the {called(second)}.")


def _ask_holds(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> Asked | None:
    node, _ = choose(turn, asked, nodes)
    if node is None or form.holds is None:
        turn.say(_unseen(turn, asked))
        return None
    _attend(turn, asked, node)
    held = form.holds
    both = evolve(
        asked.filters,
        where=And((asked.filters.where, held.where)),
        location=held.location or asked.filters.location,
        selector=held.selector,
    )
    label = _claim(held)
    return Asked(
        turn.ask(both), "holds", evolve(both, contains_coreference=False), label, (node, *nodes[:MAX_NODES])
    )


def _claim(held: Filters) -> str:
    if held.location is not None:
        return place(held.location)
    words = described(evolve(held, location=None))
    if held.selector is not None and held.selector.quantity in ("MIN", "MAX"):
        return f"the {words}"
    return words.removesuffix(" thing") if words.endswith(" thing") else a(words)


def _tell_holds(turn: Turn, asked: Asked, nodes: tuple[MemoryNode, ...]) -> None:
    node = asked.kept[0]
    name = "the " + (said_of(node, "has_name") or "thing")
    holds = any(item.id == node.id for item in nodes)
    if holds:
        turn.say(f"Yes, {name} is {asked.label}.")
        return
    colour = said_of(node, "has_colour")
    instead = f": it is {colour}" if colour and any(word in asked.label.split() for word in COLOURS) else ""
    turn.say(f"No, {name} is not {asked.label}{instead}.")
