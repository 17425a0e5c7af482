"""What to look for when memory does not know it, and which later steps that makes needless."""

from __future__ import annotations

from droidlet_interpreter.contract import Step
from droidlet_interpreter.names import without_tags
from droidlet_interpreter.resolving import PERSON
from droidlet_schema import (
    And,
    Comparator,
    Filters,
    FollowForm,
    LinearExtent,
    MemoryNode,
    Mention,
    MoveForm,
    ReferenceObject,
    SearchForm,
    TurnForm,
    evolve,
)


def elsewhere(filters: Filters, known: tuple[MemoryNode, ...]) -> Filters:
    """The same, but none of these: whoever looks for another one does not mean what stands there."""
    away = (
        Comparator(
            LinearExtent("AWAY", ReferenceObject(coordinates_m=node.position_m)),
            "GREATER_THAN",
            max(0.3, min((node.size_m or (0.0, 0.0))[:2]) / 2),
        )
        for node in known
        if node.position_m is not None
    )
    return evolve(filters, where=And((filters.where, *away)))


def searchable(filters: Filters) -> Filters:
    """What to look for: the first that fits will do, so "nearest" and "all" choose nothing before anything
    is known.
    """
    choice = filters.selector
    first = choice is None or choice.ordinal <= 1
    plain = evolve(filters, contains_coreference=False, other=False)
    return evolve(plain, selector=None) if first and (choice is None or choice.quantity == "ALL") else plain


def _references(step: Step) -> tuple[ReferenceObject, ...]:
    if isinstance(step, MoveForm):
        return step.location.references
    if isinstance(step, TurnForm):
        return step.facing.location.references if step.facing.location else ()
    return (step.reference,) if isinstance(step, (SearchForm, FollowForm, Mention)) else ()


def names_a_thing(step: Step) -> bool:
    """Whether a step is about a certain thing, and not about "the other one", which is always another."""
    named = [reference.filters for reference in _references(step)]
    return bool(named) and not any(filters is not None and filters.other for filters in named)


def is_search_for(step: Step, filters: Filters) -> bool:
    """Whether a later step would look for what was just looked for in vain."""
    wanted = (PERSON if r.special == "SPEAKER" else r.filters for r in _references(step))
    return any(
        w is not None
        and not w.contains_coreference
        and searchable(evolve(w, where=without_tags(w.where)[0])) == filters
        for w in wanted
    )
