"""Plain English for things, places, distances and lists."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from droidlet_schema import (
    And,
    Attribute,
    Comparator,
    Filters,
    LinearExtent,
    Location,
    MemoryNode,
    Not,
    Or,
    Pose2,
    ReferenceObject,
    Selector,
    Triple,
    Where,
)

_NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
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


_ADJECTIVES = frozenset(
    [
        *("red", "green", "blue", "yellow", "orange", "purple", "pink", "cyan", "white", "grey", "black"),
        *("brown", "big", "small", "tall", "short", "wide", "narrow"),
    ]
)


def number(count: int) -> str:
    """ "no", "one", ... "twelve", "13"."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def plural(noun: str) -> str:
    """The plural of a noun phrase whose last word is its noun."""
    if " or " in noun:
        *firsts, last = noun.replace(" or ", ", ").split(", ")
        kinds = (first if first in _ADJECTIVES else plural(first) for first in firsts)  # "red or blue sofas"
        return listed([*kinds, plural(last)], "or")
    if noun.endswith("person"):
        return noun[:-6] + "people"
    if noun.endswith("shelf"):
        return noun[:-1] + "ves"
    if noun.endswith(("s", "x", "ch", "sh", "z")):
        return noun + "es"
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou") else noun + "s"


def a(noun: str) -> str:
    """A noun with "a" or "an"."""
    return f"{'an' if noun[:1] in 'aeiou' and not noun.startswith('uni') else 'a'} {noun}"


def listed(items: Sequence[str], word: str = "and") -> str:
    """ "a chair, two cups and a table"."""
    return f"{', '.join(items[:-1])} {word} {items[-1]}" if len(items) > 1 else "".join(items)


def metres(value: float) -> str:
    """A distance: "40 cm", "2.3 m"."""
    if not abs(value) < 1e5:
        return "more than 100 km"
    return f"{max(0, round(value * 100))} cm" if value < 0.995 else f"{value:.1f}".removesuffix(".0") + " m"


def degrees(angle_rad: float) -> str:
    """An angle without its sign: "45 degrees"."""
    if not abs(angle_rad) < 1e5:
        return "endlessly"
    turned = round(abs(math.degrees(angle_rad)))
    return f"{turned} degree" if turned == 1 else f"{turned} degrees"


def seconds(value: float) -> str:
    """A time: "1 second", "2.5 seconds", "2 minutes"."""
    if value >= 120 and value % 60 == 0:
        return f"{round(value / 60)} minutes"
    text = f"{value:.1f}".removesuffix(".0")
    return "1 second" if text == "1" else f"{text} seconds"


def point(x_m: float, y_m: float) -> str:
    """ "(1.2, 3.4)", never "-0.0"."""
    if not (math.isfinite(x_m) and math.isfinite(y_m)):
        return "that point"
    return f"({round(x_m, 1) + 0.0:.1f}, {round(y_m, 1) + 0.0:.1f})"


def said_of(node: MemoryNode, predicate: str) -> str:
    """What a triple says of a node, "" when nothing does."""
    return next((triple.object for triple in node.triples if triple.predicate == predicate), "")


def called(node: MemoryNode) -> str:
    """What a node is called: "red chair"."""
    name = said_of(node, "has_name") or "thing"
    colour = said_of(node, "has_colour") if name != "person" else ""
    return f"{colour} {name}".strip()


def grouped(nodes: Iterable[MemoryNode]) -> str:
    """Things counted by what they are called: "a red chair, two blue cups and a table"."""
    counts = Counter(called(node) for node in nodes)
    rows = sorted(counts.items(), key=lambda row: (row[0].split()[-1], row[0]))
    shown = [a(name) if count == 1 else f"{number(count)} {plural(name)}" for name, count in rows[:16]]
    rest = sum(count for _, count in rows[16:])
    return listed([*shown, f"{number(rest)} more" + (" things" if rest > 1 else " thing")] if rest else shown)


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


def distance_m(pose: Pose2, node: MemoryNode) -> float:
    """From the agent to the nearest edge of a node's box on the floor plan."""
    if node.position_m is None:
        return math.inf
    size = node.size_m or (0.0, 0.0, 0.0)
    dx = max(0.0, abs(node.position_m[0] - pose.x_m) - abs(size[0]) / 2)
    dy = max(0.0, abs(node.position_m[1] - pose.y_m) - abs(size[1]) / 2)
    away = math.hypot(dx, dy)
    return away if away == away else math.inf


def bearing(pose: Pose2, x_m: float, y_m: float) -> str:
    """Where a point lies as the agent sees it: "ahead of me, to the left"."""
    angle = math.atan2(y_m - pose.y_m, x_m - pose.x_m) - pose.yaw_rad
    if not math.isfinite(angle):
        return "away"
    turned = math.degrees(math.atan2(math.sin(angle), math.cos(angle)))
    side = "left" if turned > 0 else "right"
    for limit, words in (
        (15.0, "straight ahead of me"),
        (65.0, f"ahead of me, to the {side}"),
        (115.0, f"to my {side}"),
        (165.0, f"behind me, to the {side}"),
    ):
        if abs(turned) <= limit:
            return words
    return "behind me"


def where_is(pose: Pose2, node: MemoryNode) -> str:
    """ "2.3 m ahead of me, to the left, at (1.2, 3.4)"."""
    if node.position_m is None:
        return "somewhere, I do not know where"
    x, y, _ = node.position_m
    return f"{metres(distance_m(pose, node))} away, {bearing(pose, x, y)}, at {point(x, y)}"
