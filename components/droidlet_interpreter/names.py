"""The names of things that an agent can recognise, by vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from droidlet_schema import And, Comparator, Filters, Not, Or, ReferenceObject, Triple, Where, evolve

_ROBOT = """
    ball bed bin book bottle box cabinet chair cup lamp person plant shelf sofa stool table television vase
"""
NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "droidlet": (),
        "robot": tuple(_ROBOT.split()),
    }
)
COLOURS = (
    "red",
    "green",
    "blue",
    "yellow",
    "orange",
    "purple",
    "pink",
    "cyan",
    "white",
    "grey",
    "black",
    "brown",
)


def names_of(vocab: Iterable[str]) -> tuple[str, ...]:
    """All names that vocabularies bring, sorted. Raises ValueError for a vocabulary that is unknown or
    named twice.
    """
    found: set[str] = set()
    seen: list[str] = []
    for level in vocab:
        if level not in NAMES:
            raise ValueError(
                f"Interpreter.vocab: no vocabulary {level!r}; there are {', '.join(NAMES)}, "
                "or pass names=(...)"
            )
        if level in seen:
            raise ValueError(f"Interpreter.vocab: {level!r} twice; name each vocabulary once")
        seen.append(level)
        found.update(NAMES[level])
    return tuple(sorted(found))


def clauses(where: Where, depth: int = 0) -> Iterable[Triple]:
    """Every triple of a clause that is not denied."""
    if isinstance(where, Triple):
        yield where
    elif isinstance(where, (And, Or)) and depth < 8:
        for clause in where.clauses:
            yield from clauses(clause, depth + 1)


def comparators(where: Where, depth: int = 0) -> Iterable[Comparator]:
    """Every comparison of a clause."""
    if isinstance(where, Comparator):
        yield where
    elif isinstance(where, (And, Or)) and depth < 8:
        for clause in where.clauses:
            yield from comparators(clause, depth + 1)
    elif isinstance(where, Not) and depth < 8:
        yield from comparators(where.clause, depth + 1)


def kind_of(where: Where) -> Where | None:
    """The clause that names the kind of thing: "chair", "chair or sofa"; None where it is left open."""
    if isinstance(where, Triple):
        return where if where.predicate == "has_name" else None
    if isinstance(where, Or):
        named = where.clauses and all(kind_of(clause) == clause for clause in where.clauses)
        return where if named else None
    if isinstance(where, And):
        return next((kind for clause in where.clauses if (kind := kind_of(clause)) is not None), None)
    return None


def settled(filters: Filters) -> Filters:
    """The same once the choice is made: "nearest", "to your left" and "bigger than the bed" may mean something
    else on the way.
    """
    where = filters.where
    if isinstance(where, And):
        where = And(tuple(clause for clause in where.clauses if not isinstance(clause, Comparator)))
    return evolve(filters, where=where, selector=None, location=None, contains_coreference=False, other=False)


def unknown_names(filters: Filters, names: tuple[str, ...], depth: int = 0) -> tuple[str, ...]:
    """The names asked for that nobody can recognise, also those of the things that stand beside."""
    found = [
        triple.object
        for triple in clauses(filters.where)
        if triple.predicate == "has_name" and triple.object not in names
    ]
    for than in comparators(filters.where):
        if isinstance(than.right, ReferenceObject) and than.right.filters is not None and depth < 4:
            found += unknown_names(than.right.filters, names, depth + 1)
    if filters.location is not None and depth < 4:
        for reference in filters.location.references:
            if reference.filters is not None:
                found += unknown_names(reference.filters, names, depth + 1)
    return tuple(dict.fromkeys(found))


def without_tags(where: Where) -> tuple[Where, tuple[str, ...]]:
    """A clause without the words that nobody can check ("comfortable"), and those words."""
    if isinstance(where, Triple):
        return (
            (And(), (where.object,))
            if where.predicate == "has_tag" and not where.object.startswith("_")
            else (where, ())
        )
    if isinstance(where, And):
        parts = [without_tags(clause) for clause in where.clauses]
        kept = tuple(clause for clause, words in parts if not (words and clause == And()))
        return And(kept), tuple(word for _, words in parts for word in words)
    if isinstance(where, Not):
        inner, words = without_tags(where.clause)
        return (And() if words and inner == And() else Not(inner)), words
    return where, ()
