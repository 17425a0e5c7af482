"""Questions about things: what to ask of memory first, and which kind of answer its answer makes."""

from __future__ import annotations

from droidlet_interpreter.choosing import candidates
from droidlet_interpreter.comparing import ask_other, comparison, tell_comparison
from droidlet_interpreter.contract import Asked
from droidlet_interpreter.enumerating import tell_count, tell_names, tell_whether
from droidlet_interpreter.holding import ask_holds, tell_holds
from droidlet_interpreter.names import unknown_names, without_tags
from droidlet_interpreter.properties import tell_each
from droidlet_interpreter.resolving import resolve, unknown_text
from droidlet_interpreter.spans import ask_span, tell_span
from droidlet_interpreter.turn import Turn
from droidlet_schema import (
    And,
    Attribute,
    GetMemory,
    LinearExtent,
    MemoryNode,
    ReferenceObject,
    Triple,
    evolve,
)

IN_VIEW = Triple("has_tag", "_in_view")


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
        tell_span(turn, asked, nodes)
    elif isinstance(output, LinearExtent) and output.source.filters is not None and nodes:
        return ask_span(turn, asked, output.source, nodes)
    elif than is not None:
        return ask_other(turn, asked, than, nodes)
    elif form.holds is not None:
        return ask_holds(turn, asked, form, nodes)
    elif output == "COUNT":
        tell_count(turn, asked, form, nodes)
    elif output == "MEMORY":
        tell_whether(turn, asked, form, nodes)
    elif output == Attribute("NAME"):
        tell_names(turn, asked, form, nodes)
    else:
        tell_each(turn, asked, form, nodes)
    return None


def _others_than_self(nodes: tuple[MemoryNode, ...]) -> tuple[MemoryNode, ...]:
    return tuple(node for node in nodes if node.node_type != "Self" and node.id != "self")
