"""A noun phrase as it is being read, and the filters that it amounts to."""

from __future__ import annotations

from typing import cast

import attrs

from droidlet_schema import (
    And,
    Attribute,
    AttributeName,
    Direction,
    Filters,
    LinearExtent,
    Location,
    Or,
    ReferenceObject,
    Selector,
    Triple,
    Where,
    evolve,
)

AGENT = ReferenceObject(special="AGENT")
SPEAKER = ReferenceObject(special="SPEAKER")


@attrs.frozen
class Described:
    """What has been read of a noun phrase so far."""

    determiner: str = ""
    clauses: tuple[Where, ...] = ()
    selector: Selector | None = None
    location: Location | None = None
    ordinal: int = 1
    count: int | None = None
    noun: str = ""  # "thing", "things", "anything", "unknown", or "" while there is none
    colour_word: str = ""
    plural: bool = False

    def with_clause(self, *added: Where) -> Described:
        """The same with more that holds."""
        return attrs.evolve(self, clauses=(*self.clauses, *added))

    def named(self, clause: Where, noun: str) -> Described:
        """The same with its noun."""
        return attrs.evolve(self, clauses=(clause, *self.clauses), noun=noun)


def superlative(meaning: str, ordinal: int) -> Selector:
    """A selector from "MIN AWAY", "MAX SIZE", "MAX LEFT"..."""
    quantity, name = meaning.split()
    measured: Attribute | LinearExtent
    if name in ("AWAY", "LEFT", "RIGHT"):
        measured = LinearExtent(cast(Direction, name), AGENT)
    else:
        measured = Attribute(cast(AttributeName, name))
    return Selector("MIN" if quantity == "MIN" else "MAX", measured, ordinal)


_MOST = {
    "big": "MAX SIZE",
    "small": "MIN SIZE",
    "tall": "MAX HEIGHT",
    "short": "MIN HEIGHT",
    "wide": "MAX WIDTH",
    "narrow": "MIN WIDTH",
}


def _sized(found: Described) -> Described:
    """ "The small one", "something big": of no kind in particular nothing is small for what it is, so the
    smallest is meant.
    """
    sizes = [c for c in found.clauses if isinstance(c, Triple) and c.predicate == "has_size"]
    choice = found.selector is None and found.count is None and found.ordinal == 1
    if found.noun not in ("", "anything") or found.plural or len(sizes) != 1 or not choice:
        return found
    if found.determiner in ("all", "each", "every"):
        return found
    left = tuple(clause for clause in found.clauses if clause != sizes[0])
    return attrs.evolve(found, clauses=left, selector=superlative(_MOST[sizes[0].object], 1))


def named_like(reference: ReferenceObject, head: tuple[Where, ...]) -> ReferenceObject:
    """ "The red one" of a kind that was named before; anything that has a name of its own stays as it is."""
    filters, name = reference.filters, _name_of(And(head))
    if filters is None or name is None or _name_of(filters.where) is not None:
        return reference
    if filters.contains_coreference and not filters.other:
        return reference
    where = filters.where.clauses if isinstance(filters.where, And) else (filters.where,)
    return evolve(reference, filters=evolve(filters, where=And((name, *where))))


def filters_of(found: Described) -> Filters:
    """The filters of a noun phrase."""
    found = _sized(found)
    return Filters(
        where=And(found.clauses),
        selector=_selector(found),
        location=found.location,
        contains_coreference=found.determiner in ("that", "other"),
        other=found.determiner == "other",
    )


def _selector(found: Described) -> Selector | None:
    chosen = found.selector
    if chosen is None and found.ordinal > 1:
        chosen = Selector("MIN", LinearExtent("AWAY", AGENT), found.ordinal)
    elif chosen is not None and found.ordinal != chosen.ordinal:
        chosen = evolve(chosen, ordinal=found.ordinal)
    if found.count is not None:
        return Selector("ALL", count=found.count) if chosen is None else evolve(chosen, count=found.count)
    return (
        Selector("ALL")
        if chosen is None and (found.determiner in ("all", "each", "every") or found.noun == "things")
        else chosen
    )


def either(first: ReferenceObject, second: ReferenceObject) -> ReferenceObject | None:
    """ "The red or the blue chair" as one thing; None where each has a place or a choice of its own."""
    a, b = first.filters, second.filters
    if (
        a is None
        or b is None
        or a.location
        or b.location
        or a.selector
        or b.selector
        or a.contains_coreference
    ):
        return None
    name, where = _name_of(b.where), a.where
    if name is not None and _name_of(where) is None and isinstance(where, And):
        where = And((*where.clauses, name))  # the noun comes only with the second
    options = where.clauses if isinstance(where, Or) else (where,)
    return ReferenceObject(filters=Filters(Or((*options, b.where))))


def _name_of(where: Where) -> Where | None:
    if isinstance(where, And):
        return next((name for c in where.clauses if (name := _name_of(c)) is not None), None)
    return where if isinstance(where, (Triple, Or)) and _is_name(where) else None


def _is_name(clause: Where) -> bool:
    if isinstance(clause, Triple):
        return clause.predicate == "has_name"
    return isinstance(clause, Or) and all(_is_name(c) for c in clause.clauses)


def clauses_of(where: Where) -> tuple[Triple, ...]:
    """Every triple of a clause that is not denied."""
    if isinstance(where, Triple):
        return (where,)
    if isinstance(where, (And, Or)):
        return tuple(triple for clause in where.clauses for triple in clauses_of(clause))
    return ()
