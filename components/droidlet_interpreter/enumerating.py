"""Answers about any number of things: which there are, how many, whether there is one."""

from __future__ import annotations

from droidlet_interpreter.choosing import choose
from droidlet_interpreter.contract import Asked
from droidlet_interpreter.describing import described, place
from droidlet_interpreter.english import a, number
from droidlet_interpreter.holding import attend, unseen
from droidlet_interpreter.labels import called, grouped
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.whereabouts import distance_m, where_is
from droidlet_schema import And, GetMemory, MemoryNode, evolve

INSTEAD = "instead"  # marks the agent's own question after a search in vain: an empty answer is not told


def tell_names(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
    """Says which things there are: those that fit, each kind counted."""
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


def tell_count(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
    """Says how many there are."""
    count = len(nodes)
    what = described(evolve(asked.filters, selector=None, location=None), many=count != 1)
    place_words = f" {place(asked.filters.location)}" if asked.filters.location else ""
    verb = "I see" if form.scope == "NOW" else "I have seen"
    amount = f"{number(count)} {what}{place_words}"
    turn.say(f"{verb} {amount}{'' if count or form.scope == 'NOW' else ' so far'}.")
    if count == 1:
        attend(turn, asked, nodes[0])


def tell_whether(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
    """Says whether there is one, or as many as were asked about, and where the nearest is."""
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
