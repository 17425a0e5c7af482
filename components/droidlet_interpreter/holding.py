"""Whether something holds of a thing: "is the chair red", "are the lamps near the bed"."""

from __future__ import annotations

from droidlet_interpreter.choosing import choose
from droidlet_interpreter.contract import MAX_NODES, Asked
from droidlet_interpreter.describing import described, place
from droidlet_interpreter.english import a, listed, number, plural, the
from droidlet_interpreter.labels import called, grouped, said_of
from droidlet_interpreter.names import COLOURS, clauses, kind_of, without_tags
from droidlet_interpreter.turn import Turn
from droidlet_schema import And, Filters, GetMemory, MemoryNode, Triple, Where, evolve

_ANYTHING = ("thing", "things", "object", "objects", "item", "items", "all")


def unseen(asked: Asked, now: bool = False) -> str:
    """That nothing fits: "I have not seen a red chair."."""
    what = described(evolve(asked.filters, selector=None, where=without_tags(asked.filters.where)[0]))
    return f"I do not see {a(what)} right now." if now else f"I have not seen {a(what)}."


def attend(turn: Turn, asked: Asked, node: MemoryNode) -> None:
    """Remembers a thing that was told about."""
    name = said_of(node, "has_name")
    anything = asked.filters.where == And()
    filters = Filters(And((Triple("has_name", name),))) if anything and name else asked.filters
    turn.attend(node, evolve(filters, location=None), called(node) if anything else asked.label)


def ask_holds(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> Asked | None:
    """Asks memory which of the things spoken of are also what they are said to be."""
    node, _ = choose(turn, asked, nodes)
    if node is None or form.holds is None:
        turn.say(unseen(asked))
        return None
    attend(turn, asked, node)
    where, unsure = without_tags(form.holds.where)
    if unsure:
        turn.say(f"I cannot tell whether {the(called(node))} is {listed(unsure, 'or')}.")
        return None
    held = evolve(form.holds, where=where)
    best = held.selector is not None and held.selector.quantity in ("MIN", "MAX")
    both = evolve(
        asked.filters,
        where=_among(asked, held, form) if best else And((asked.filters.where, held.where)),
        location=held.location or (None if best else asked.filters.location),
        selector=held.selector,
    )
    every = tuple(n for n in nodes if n.id != node.id)[:MAX_NODES] if _is_open(asked) else ()
    kept = (node, *every)
    return Asked(turn.ask(both), "holds", evolve(both, contains_coreference=False), _claim(held), kept)


def _is_open(asked: Asked) -> bool:
    return asked.filters.selector is None and not asked.filters.contains_coreference


def _among(asked: Asked, held: Filters, form: GetMemory) -> Where:
    """What "the biggest" is chosen from: what was named, everything, or things of the same kind."""
    kind = kind_of(asked.filters.where)
    if held.where != And() or kind is None or not set(_ANYTHING).isdisjoint(form.text_span.split()):
        return held.where
    return And((kind,))


def _claim(held: Filters) -> str:
    if held.location is not None:
        return place(held.location)
    words = described(evolve(held, location=None))
    if held.selector is not None and held.selector.quantity in ("MIN", "MAX"):
        return f"the {words}"
    if words.startswith("thing "):
        return words.removeprefix("thing ")  # "taller than 50 cm"
    return words.removesuffix(" thing") if words.endswith(" thing") else a(words)


def tell_holds(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
    """Answers with yes or no; of several things with how many, and which."""
    held = {node.id for node in nodes}
    if len(asked.kept) > 1 and (form.holds is None or form.holds.selector is None):
        _tell_of_several(turn, asked, held)
        return
    node = asked.kept[0]
    name, colour = "the " + (said_of(node, "has_name") or "thing"), said_of(node, "has_colour")
    choice = [triple for triple in clauses(asked.filters.where) if triple.predicate == "has_colour"]
    if len(choice) > 1 and colour and " or " in asked.label:
        fits = "" if node.id in held else "Neither: "
        turn.say(f"{fits or name[:1].upper()}{name if fits else name[1:]} is {colour}.")
    elif node.id in held:
        turn.say(f"Yes, {name} is {asked.label}.")
    else:
        instead = f": it is {colour}" if colour and set(asked.label.split()) & set(COLOURS) else ""
        turn.say(f"No, {name} is not {asked.label}{instead}.")


def _tell_of_several(turn: Turn, asked: Asked, held: set[str]) -> None:
    names = {said_of(node, "has_name") or "thing" for node in asked.kept}
    kind = plural(names.pop()) if len(names) == 1 else "things"
    count, fitting = len(asked.kept), tuple(node for node in asked.kept if node.id in held)
    all_of = f"both {kind} are" if count == 2 else f"all {number(count)} {kind} are"
    if len(fitting) == count:
        turn.say(f"Yes, {all_of} {asked.label}.")
    elif not fitting:
        turn.say(f"No, none of the {number(count)} {kind} is {asked.label}: I know {grouped(asked.kept)}.")
    else:
        which = the(called(fitting[0])) if len(fitting) == 1 else grouped(fitting)
        is_are = "is" if len(fitting) == 1 else "are"
        of_them = f"{number(len(fitting))} of the {number(count)} {kind}"
        turn.say(f"{of_them[:1].upper()}{of_them[1:]} {is_are} {asked.label}: {which}.")
