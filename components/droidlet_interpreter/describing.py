"""What was asked for, put back into words: a noun phrase for filters, a phrase for a place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from droidlet_interpreter.english import a, listed, plural
from droidlet_interpreter.measures import metres, point
from droidlet_schema import (
    And,
    Attribute,
    Comparator,
    Filters,
    LinearExtent,
    Location,
    Not,
    Or,
    ReferenceObject,
    Selector,
    Triple,
    Where,
)

_ORDINALS = (
    "",
    "",
    "second ",
    "third ",
    "fourth ",
    "fifth ",
    "sixth ",
    "seventh ",
    "eighth ",
    "ninth ",
    "tenth ",
)
_MIN = {
    "AWAY": "nearest",
    "SIZE": "smallest",
    "HEIGHT": "shortest",
    "WIDTH": "narrowest",
    "BORN_TIME": "oldest",
}
_MAX = {
    "AWAY": "farthest",
    "SIZE": "biggest",
    "HEIGHT": "tallest",
    "WIDTH": "widest",
    "LEFT": "leftmost",
    "RIGHT": "rightmost",
    "BORN_TIME": "newest",
}
RELATIONS: Mapping[str, str] = MappingProxyType(
    {
        "LEFT": "to the left of",
        "RIGHT": "to the right of",
        "FRONT": "in front of",
        "BACK": "behind",
        "NEAR": "near",
        "UP": "on",
        "DOWN": "under",
        "INSIDE": "in",
        "OUTSIDE": "outside",
        "BETWEEN": "between",
        "AWAY": "away from",
        "AROUND": "around",
    }
)


def described(filters: Filters, depth: int = 0, many: bool = False) -> str:
    """A noun phrase without an article for what filters ask for: "second nearest red chair to the left of
    the table".
    """
    words, noun, after = _words_of(filters.where)
    start = _choice(filters.selector)
    noun = plural(noun or "thing") if many else noun or "thing"
    phrase = " ".join(part for part in (start.strip(), *words, noun, *after) if part)
    if many:
        phrase = phrase.replace(" that is not ", " that are not ")
    if filters.location is not None and depth < 3:
        phrase += " " + place(filters.location, depth + 1)
    return phrase


def _words_of(where: Where, depth: int = 0) -> tuple[list[str], str, list[str]]:
    if isinstance(where, Triple):
        if where.predicate == "has_name":
            return [], where.object, []
        return ([] if where.object.startswith("_") else [where.object]), "", []
    if isinstance(where, Not):
        words, noun, _ = _words_of(where.clause, depth + 1)
        return [], "", [f"that is not {' '.join(words) or a(noun or 'thing')}"]
    if isinstance(where, Or):
        parts = [
            " ".join(filter(None, (*words, noun)))
            for words, noun, _ in (_words_of(c, depth + 1) for c in where.clauses)
        ]
        all_nouns = all(_words_of(c)[1] for c in where.clauses)
        text = listed([part for part in parts if part], "or")
        return ([], text, []) if all_nouns else ([text], "", [])
    if isinstance(where, Comparator):
        return [], "", _compared(where, depth)
    if not isinstance(where, And) or depth > 4:
        return [], "", []

    return _joined([_words_of(clause, depth + 1) for clause in where.clauses])


_MORE = {"SIZE": "bigger", "HEIGHT": "taller", "WIDTH": "wider", "AWAY": "farther away", "BORN_TIME": "newer"}
_LESS = {"SIZE": "smaller", "HEIGHT": "shorter", "WIDTH": "narrower", "AWAY": "nearer", "BORN_TIME": "older"}


def comparative(measured: object, more: bool) -> str:
    """The word for more, or less, of a property: "bigger", "nearer"; "" where there is none."""
    name = ""
    if isinstance(measured, Attribute):
        name = measured.name
    elif isinstance(measured, LinearExtent):
        name = measured.direction
    return (_MORE if more else _LESS).get(name, "")


def _compared(where: Comparator, depth: int) -> list[str]:
    """ "bigger than the table", "taller than 1 m"; nothing for what no person said."""
    left = where.left
    source = left.source if isinstance(left, LinearExtent) else None
    if source is not None and source.coordinates_m is not None:
        return []
    beside = f" to {named(source, depth + 1)}" if source is not None and source.special != "AGENT" else ""
    word = comparative(left, where.comparison.startswith("GREATER"))
    if not word:
        return []
    if isinstance(where.right, ReferenceObject):
        return [f"{word}{beside} than {named(where.right, depth + 1)}"] if depth < 4 else []
    return [f"{word}{beside} than {metres(where.right)}"] if isinstance(where.right, float) else []


def _joined(parts: list[tuple[list[str], str, list[str]]]) -> tuple[list[str], str, list[str]]:
    words = [word for part in parts for word in part[0]]
    noun = " ".join(part[1] for part in parts if part[1])
    return words, noun, [text for part in parts for text in part[2]]


def _choice(selector: Selector | None) -> str:
    if selector is None or selector.quantity not in ("MIN", "MAX"):
        return ""
    measured = selector.attribute
    name = (
        measured.name
        if isinstance(measured, Attribute)
        else measured.direction
        if isinstance(measured, LinearExtent)
        else "AWAY"
    )
    word = (_MIN if selector.quantity == "MIN" else _MAX).get(name, "")
    ordinal = (
        _ORDINALS[selector.ordinal] if 0 < selector.ordinal < len(_ORDINALS) else f"{selector.ordinal}th "
    )
    return ordinal + word


_OF_SPEAKER = {
    "to the left of": "to your left as you face me",
    "to the right of": "to your right as you face me",
}


def place(location: Location, depth: int = 0) -> str:
    """ "to the left of the red table"."""
    relation = RELATIONS.get(location.relative_direction or "NEAR", "near")
    if [reference.special for reference in location.references] == ["SPEAKER"] and relation in _OF_SPEAKER:
        return _OF_SPEAKER[relation]
    names = [named(reference, depth) for reference in location.references] or ["me"]
    if relation == "between" and len(names) == 1:
        return f"between {plural(names[0])}"
    return f"{relation} {listed(names)}"


def named(reference: ReferenceObject, depth: int = 0) -> str:
    """A reference with its article: "the red chair", "you", "(1.0, 2.0)"."""
    if reference.special is not None:
        return "me" if reference.special == "AGENT" else "you"
    if reference.coordinates_m is not None:
        return point(*(*reference.coordinates_m, math.nan, math.nan)[:2])
    if reference.filters is None:
        return "it"
    if reference.filters.contains_coreference and reference.filters.where == And():
        return "the other one" if reference.filters.other else "it"
    return "the " + described(reference.filters, depth)
