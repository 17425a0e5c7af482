"""A second evaluator of queries, over plain lists and without cleverness: what the real one is held against.

Written from the description of the language alone; it shares no code with droidlet_memory.
"""

from __future__ import annotations

import cmath
import math
from hashlib import blake2b
from typing import Any

from droidlet_schema import (
    And,
    Attribute,
    Comparator,
    Filters,
    LinearExtent,
    MemoryNode,
    Not,
    Or,
    Query,
    ReferenceObject,
    Triple,
)

TYPE_TAGS = {
    "ReferenceObject": ["_physical_object"],
    "DetectedObject": ["_physical_object"],
    "Player": ["_physical_object", "_player", "_animate"],
    "Self": ["_physical_object", "_player", "_animate", "AGENT", "SELF"],
    "Chat": [],
    "Task": [],
}
ASKED = {
    "REFERENCE_OBJECT": ["ReferenceObject", "DetectedObject", "Player"],
    "AGENT": ["Self"],
    "CHAT": ["Chat"],
    "TASKS": ["Task"],
    "ALL": list(TYPE_TAGS),
}
BIG = {"big": ("volume", 1), "small": ("volume", -1), "tall": ("height", 1), "short": ("height", -1)}
BIG |= {"wide": ("width", 1), "narrow": ("width", -1)}
PLURALS = {"chairs": "chair", "people": "person", "boxes": "box", "lamps": "lamp", "shelves": "shelf"}


def word(text: str) -> str:
    """The words of the test's vocabulary in one form."""
    plain = " ".join(text.lower().replace("_", " ").split())
    plain = plain.removeprefix("the ").removeprefix("a ")
    return PLURALS.get(plain, plain)


def answer(nodes: list[MemoryNode], query: Query) -> tuple[list[str], list[Any]]:
    """The ids in order, and the values where an attribute or extent is asked for."""
    found = find(nodes, query.filters, query)
    output = query.filters.output
    values = [] if output in ("MEMORY", "COUNT") else [value(nodes, n, output, query, True) for n in found]
    return [n.id for n in found], values


def find(nodes: list[MemoryNode], filters: Filters, query: Query) -> list[MemoryNode]:
    """Type, where, location, selector."""
    pool = [n for n in nodes if n.node_type in ASKED[filters.memory_type]]
    fitting = [n for n in pool if holds(nodes, pool, n, filters.where, query)]
    fitting.sort(key=lambda n: (n.id.rpartition("/")[0], int(n.id.rpartition("/")[2])))
    if filters.location is not None:
        grades = [grade(nodes, n, filters.location, query) for n in fitting]
        fitting = [n for n, g in zip(fitting, grades) if g == max(grades) and g > 0]
    return chosen(nodes, fitting, filters.selector, query)


def holds(
    nodes: list[MemoryNode], pool: list[MemoryNode], node: MemoryNode, where: Any, query: Query
) -> bool:
    """Whether a clause holds."""
    if isinstance(where, (And, Or)):
        inner = [holds(nodes, pool, node, clause, query) for clause in where.clauses]
        return all(inner) if isinstance(where, And) else any(inner)
    if isinstance(where, Not):
        return not holds(nodes, pool, node, where.clause, query)
    if isinstance(where, Triple):
        return said(pool, node, where)
    assert isinstance(where, Comparator)
    return compared(nodes, pool, node, where, query)


def said(pool: list[MemoryNode], node: MemoryNode, triple: Triple) -> bool:
    """Whether something was said of a node."""
    texts = [t.object for t in node.triples if t.predicate in (triple.predicate, "has_tag")]
    if triple.predicate == "has_tag":
        texts = [t.object for t in node.triples] + TYPE_TAGS[node.node_type]
    if word(triple.object) in [word(text) for text in texts]:
        return True
    return triple.predicate == "has_size" and size_word(pool, node, word(triple.object))


def size_word(pool: list[MemoryNode], node: MemoryNode, text: str) -> bool:
    """Big and small among things of one name."""
    if text not in BIG or node.size_m is None:
        return False
    kind, sign = BIG[text]
    same = [n for n in pool if names(n) == names(node) and n.size_m is not None]
    values = [measure(n, kind) for n in same]
    low, high = min(values), max(values)
    if high - low <= 0.05 * high:
        return True
    return sign * (measure(node, kind) - (low + high) / 2) > 0


def names(node: MemoryNode) -> list[str]:
    """What a node is called."""
    return [t.object.lower() for t in node.triples if t.predicate == "has_name"]


def measure(node: MemoryNode, kind: str) -> float:
    """A size as one number."""
    assert node.size_m is not None
    x, y, z = node.size_m
    return {"volume": (x * y * z) ** (1 / 3), "height": z, "width": max(x, y)}[kind]


def compared(nodes: Any, pool: Any, node: MemoryNode, where: Comparator, query: Query) -> bool:
    """left comparison right."""
    left, right, how = where.left, where.right, where.comparison
    try:
        number = float(right)
    except ValueError:
        number = None
    if number is not None and math.isnan(number):
        number = None  # a word like any other
    if isinstance(left, Attribute) and left.name in ("NAME", "COLOUR", "TAG"):
        texts = [t.object for t in node.triples if t.predicate == "has_" + left.name.lower()]
        hit = word(str(right)) in [word(t) for t in texts]
        return bool(texts) and ((how == "EQUAL" and hit) or (how == "NOT_EQUAL" and not hit))
    if (
        isinstance(left, Attribute)
        and left.name == "SIZE"
        and number is None
        and how in ("EQUAL", "NOT_EQUAL")
    ):
        return said(pool, node, Triple("has_size", str(right))) == (how == "EQUAL")
    found = value(nodes, node, left, query, False)
    if isinstance(found, str) and number is None:
        hit = word(found) == word(str(right))
        return (how == "EQUAL" and hit) or (how == "NOT_EQUAL" and not hit)
    if not isinstance(found, float) or number is None:
        return False
    close = math.isclose(found, number, rel_tol=1e-6, abs_tol=1e-6)
    tests = {
        "GREATER_THAN": found > number,
        "GREATER_THAN_EQUAL": found >= number,
        "LESS_THAN": found < number,
    }
    tests |= {"LESS_THAN_EQUAL": found <= number, "EQUAL": close, "NOT_EQUAL": not close}
    return tests[how]


def value(nodes: Any, node: MemoryNode, of: Any, query: Query, told: bool) -> Any:
    """An attribute or extent; `told` as said to a person, else as compared."""
    if isinstance(of, LinearExtent):
        return extent(nodes, node, of, query)
    if of.name in ("NAME", "COLOUR", "TAG", "ACTION", "REASON"):
        texts = [t.object for t in node.triples if t.predicate == "has_" + of.name.lower()]
        return ", ".join(t for t in texts if not t.startswith("_")) or None
    if of.name == "LOCATION":
        return node.position_m if told else None
    if of.name in ("X", "Y", "Z"):
        return None if node.position_m is None else node.position_m["XYZ".index(of.name)]
    if of.name in ("SIZE", "HEIGHT", "WIDTH"):
        if node.size_m is None or (of.name == "SIZE" and told):
            return node.size_m
        return measure(node, {"SIZE": "volume", "HEIGHT": "height", "WIDTH": "width"}[of.name])
    times = {"BORN_TIME": node.created_ns, "MODIFY_TIME": node.updated_ns, "VISIT_TIME": node.attended_ns}
    return None if of.name == "VISIT_TIME" and not node.attended_ns else times[of.name] / 1e9


def places(nodes: Any, reference: ReferenceObject, query: Query) -> list[dict[str, Any]]:
    """Where the things referred to are: points of the complex plane, and the direction of their front."""
    viewer = complex(query.viewer.x_m, query.viewer.y_m)
    ahead = cmath.rect(1, query.viewer.yaw_rad)

    def seen(at: complex, z: float, size: Any, id: Any) -> dict[str, Any]:
        sight = (at - viewer) / abs(at - viewer) if at != viewer else ahead
        # the frame's "real" axis is the front, its "imaginary" axis what a viewer calls left
        return {"at": at, "z": z, "size": size or (0, 0, 0), "id": id, "front": -sight, "left": 1j * sight}

    def pose(p: Any) -> dict[str, Any]:
        front = cmath.rect(1, p.yaw_rad)
        return {
            "at": complex(p.x_m, p.y_m),
            "z": 0,
            "size": (0, 0, 0),
            "id": None,
            "front": front,
            "left": 1j * front,
        }

    if reference.special == "AGENT":
        return [pose(query.viewer)]
    if reference.special is not None:
        if query.speaker is None:
            return []
        p = pose(query.speaker)
        return [p] if reference.special == "SPEAKER" else [seen(p["at"] + 2 * p["front"], 0, None, None)]
    if reference.coordinates_m is not None:
        c = reference.coordinates_m
        return [seen(complex(c[0], c[1]), c[2] if len(c) == 3 else 0, None, None)] if len(c) in (2, 3) else []
    filters = reference.filters
    if filters is None:
        filters = Filters(Triple("has_tag", reference.text_span)) if reference.text_span else None
    found = [] if filters is None else find(nodes, filters, query)
    return [
        seen(complex(*n.position_m[:2]), n.position_m[2], n.size_m, n.id)
        for n in found
        if n.position_m is not None
    ]


def dot(a: complex, b: complex) -> float:
    """The scalar product of two vectors."""
    return (a * b.conjugate()).real


def extent(nodes: Any, node: MemoryNode, of: LinearExtent, query: Query) -> float | None:
    """How far in a direction."""
    if node.position_m is None:
        return None
    at = complex(*node.position_m[:2])
    others = [p for p in places(nodes, of.source, query) if p["id"] != node.id]
    if not others:
        return None
    near = min(others, key=lambda p: abs(at - p["at"]))
    front, left = dot(at - near["at"], near["front"]), dot(at - near["at"], near["left"])
    up = node.position_m[2] - near["z"]
    signed = {"FRONT": front, "BACK": -front, "LEFT": left, "RIGHT": -left, "UP": up, "DOWN": -up}
    return signed.get(of.direction, abs(at - near["at"]))


def grade(nodes: Any, node: MemoryNode, location: Any, query: Query) -> int:
    """2: clearly there, 1: loosely, 0: not."""
    if node.position_m is None:
        return 0
    references = location.references or (ReferenceObject(special="AGENT"),)
    groups = [[p for p in places(nodes, r, query) if p["id"] != node.id] for r in references]
    if location.relative_direction == "BETWEEN":
        if len(groups) > 1:
            pairs = [(a, b) for a in groups[0] for b in groups[1]]
        else:
            pairs = [(a, b) for i, a in enumerate(groups[0]) for b in groups[0][:i]]
        return max([between(node, a["at"], b["at"]) for a, b in pairs] + [0])
    return min(max([relation(node, p, location) for p in group] + [0]) for group in groups)


def between(node: MemoryNode, a: complex, b: complex) -> int:
    """How well a node lies between two points."""
    if a == b:
        return 0
    turned = (complex(*node.position_m[:2]) - a) / (b - a)  # the way from a to b is 0 to 1
    aside = abs(turned.imag) * abs(b - a)
    if 0.1 <= turned.real <= 0.9 and aside <= max(0.5, abs(b - a) / 4):
        return 2
    return 1 if 0 < turned.real < 1 and aside <= max(0.75, abs(b - a) / 2) else 0


def relation(node: MemoryNode, place: Any, location: Any) -> int:
    """How well a node stands in a relation to one place."""
    x, y, z = node.position_m
    size, wanted, direction = node.size_m or (0, 0, 0), location.distance_m, location.relative_direction
    offset = complex(x, y) - place["at"]
    gaps = [
        max(0, abs(offset.real) - size[0] / 2 - place["size"][0] / 2),
        max(0, abs(offset.imag) - size[1] / 2 - place["size"][1] / 2),
    ]
    gap = math.hypot(*gaps)
    about = wanted is None or abs(abs(offset) - wanted) <= max(0.5, 0.25 * abs(wanted))
    front, left = dot(offset, place["front"]), dot(offset, place["left"])
    if direction in ("LEFT", "RIGHT", "FRONT", "BACK"):
        along, across = (left, front) if direction in ("LEFT", "RIGHT") else (front, left)
        along = along if direction in ("LEFT", "FRONT") else -along
        return (
            0
            if along <= 0.05 or not about
            else 2
            if along >= abs(across) and (gap <= 2.5 or not place["id"])
            else 1
        )
    if direction in ("UP", "DOWN"):
        up = z - place["z"] if direction == "UP" else place["z"] - z
        return 0 if up <= 0 or not about else 2 if gap <= 0.1 else 1 if gap <= 0.5 else 0
    if direction in ("INSIDE", "OUTSIDE"):
        away = (offset.real, offset.imag, z - place["z"])
        inside = all(abs(d) <= s / 2 + 0.05 for d, s in zip(away, place["size"]))
        return 2 if inside == (direction == "INSIDE") else 0
    if direction == "AWAY":
        return 2 if (gap > 2.5 if wanted is None else about) else 0
    if wanted is not None:
        return 2 if gap <= wanted else 0
    return 2 if gap <= 1 else 1 if gap <= 2.5 else 0


def chosen(nodes: Any, fitting: list[MemoryNode], selector: Any, query: Query) -> list[MemoryNode]:
    """What the selector picks."""
    if selector is None:
        return fitting
    one = 1 if selector.count is None else max(0, selector.count)
    if selector.quantity == "RANDOM":
        lots = {n.id: blake2b(f"{query.seed} {n.id}".encode(), digest_size=16).digest() for n in fitting}
        return sorted(fitting, key=lambda n: lots[n.id])[:one]
    of = selector.attribute
    if of is None and selector.quantity != "ALL":
        of = LinearExtent("AWAY", ReferenceObject(special="AGENT"))
    values = (
        {n.id: value(nodes, n, of, query, False) for n in fitting} if of else {n.id: 0.0 for n in fitting}
    )
    having = [n for n in fitting if values[n.id] is not None]
    for n in having:
        values[n.id] = values[n.id].lower() if isinstance(values[n.id], str) else values[n.id]
    having.sort(key=lambda n: values[n.id], reverse=selector.quantity == "MAX")
    if selector.quantity == "ALL":
        every = having + [n for n in fitting if values[n.id] is None]
        return every if selector.count is None else every[:one]
    start = max(0, selector.ordinal - 1)
    return having[start : start + one]
