"""A second evaluator of queries, over plain lists and without cleverness: what the real one is held against.

Written from the description of the language alone; it shares no code with droidlet_memory.
"""

from __future__ import annotations

import cmath
import math
import unicodedata
from hashlib import blake2b
from typing import Any

from droidlet_schema import (
    And,
    Attribute,
    Comparator,
    CountOf,
    Filters,
    Happened,
    LinearExtent,
    MemoryNode,
    Mentions,
    Moment,
    Not,
    NumBlocks,
    Or,
    Property,
    Query,
    ReferenceObject,
    Triple,
    TriplePattern,
    Walk,
)

ABOVE = {
    "ReferenceObject": ["Memory"],
    "DetectedObject": ["ReferenceObject", "Memory"],
    "Player": ["ReferenceObject", "Memory"],
    "Self": ["Player", "ReferenceObject", "Memory"],
    "Thing": ["ReferenceObject", "Memory"],
    "BlockType": ["Memory"],
    "Chat": ["Memory"],
    "Task": ["Memory"],
}
TYPE_TAGS = {
    "ReferenceObject": ["_physical_object", "_not_location"],
    "DetectedObject": ["_physical_object", "_not_location"],
    "Thing": ["_physical_object", "_not_location"],
    "Player": ["_physical_object", "_not_location", "_player", "_animate"],
    "Self": ["_physical_object", "_not_location", "_player", "_animate", "AGENT", "SELF"],
    "Chat": [],
    "Task": [],
    "BlockType": [],
}
ASKED = {
    "REFERENCE_OBJECT": ["ReferenceObject", "DetectedObject", "Player", "Thing"],
    "AGENT": ["Self"],
    "CHAT": ["Chat"],
    "TASKS": ["Task"],
    "ALL": list(TYPE_TAGS),
}
TEXTS = {"NAME": "has_name", "COLOUR": "has_colour", "TAG": "has_tag", "ACTION": "has_action"}
TEXTS |= {
    "REASON": "has_reason",
    "SPEAKER": "said_by",
    "CHAT": "has_chat",
    "LOGICAL_FORM": "has_logical_form",
}
HELD = {"SPEAKER": "speaker", "CHAT": "text", "LOGICAL_FORM": "logical_form"}
NUMBERS = {"HEAD_PITCH": ["head_pitch_rad", "pitch_rad"], "HEAD_YAW": ["head_yaw_rad", "yaw_rad"]}
NUMBERS |= {"BODY_YAW": ["body_yaw_rad", "yaw_rad"], "RUN_COUNT": ["run_count"], "NUM_BLOCKS": ["num_blocks"]}
BIG = {"big": ("volume", 1), "small": ("volume", -1), "tall": ("height", 1), "short": ("height", -1)}
BIG |= {"wide": ("width", 1), "narrow": ("width", -1)}
PLURALS = {"chairs": "chair", "people": "person", "boxes": "box", "lamps": "lamp", "shelves": "shelf"}
NUMERALS = {"one": 1.0, "two": 2.0, "twelve": 12.0}
SCALES = {None: 1.0, "cm": 0.01, "m": 1.0, "feet": 0.3048, "steps": 0.5, "seconds": 1.0, "minutes": 60.0}
SCALES |= {"degrees": math.pi / 180}


class Nodes(list):
    """The nodes of now; `past` has those of earlier times, the oldest first."""

    past: list[tuple[int, list[MemoryNode]]] = []


def word(text: str) -> str:
    """The words of the test's vocabulary in one form."""
    plain = " ".join(text.lower().replace("_", " ").split())
    plain = plain.removeprefix("the ").removeprefix("a ")
    return PLURALS.get(plain, plain)


def number(thing: Any) -> float | None:
    """A number, or the number that a text is."""
    if isinstance(thing, str) and thing in NUMERALS:
        return NUMERALS[thing]
    try:
        return None if math.isnan(float(thing)) else float(thing)
    except (TypeError, ValueError):
        return None


def answer(nodes: list[MemoryNode], query: Query) -> tuple[list[str], list[Any]]:
    """The ids in order, and the values (rows of values) where attributes or extents are asked for."""
    found = find(nodes, query.filters, query)
    output, then = query.filters.output, moment(nodes, query.filters, query)
    if isinstance(output, tuple):
        return [n.id for n in found], [tuple(value(then, n, o, query, True) for o in output) for n in found]
    values = [] if output in ("MEMORY", "COUNT") else [value(then, n, output, query, True) for n in found]
    return [n.id for n in found], values


def clock(when: Moment, query: Query) -> int:
    """A moment on the clock."""
    return query.now_ns - when.ns if when.ago else when.ns


def moment(nodes: list[MemoryNode], filters: Filters, query: Query) -> list[MemoryNode]:
    """The nodes at the time that is asked about."""
    if filters.at_time is None or not isinstance(nodes, Nodes):
        return nodes
    then = Nodes()
    for time_ns, held in nodes.past:
        if time_ns <= clock(filters.at_time, query):
            then = Nodes(held)
    then.past = nodes.past
    return then


def find(nodes: list[MemoryNode], filters: Filters, query: Query) -> list[MemoryNode]:
    """Type, where, location, selector."""
    nodes = moment(nodes, filters, query)
    kind = filters.memory_type
    pool = [
        n for n in nodes if kind in [n.node_type, *ABOVE[n.node_type]] or n.node_type in ASKED.get(kind, ())
    ]
    fitting = [n for n in pool if holds(nodes, pool, n, filters.where, query)]
    fitting = ordered(fitting)
    if filters.location is not None:
        grades = [grade(nodes, n, filters.location, query) for n in fitting]
        fitting = [n for n, g in zip(fitting, grades) if g == max(grades) and g > 0]
    return chosen(nodes, fitting, filters.selector, query)


def ids(nodes: list[MemoryNode], filters: Filters, query: Query) -> list[str]:
    """Of the nodes that fit."""
    return [n.id for n in find(nodes, filters, query)]


def ordered(nodes: list[MemoryNode]) -> list[MemoryNode]:
    """By the order of ids."""
    return sorted(nodes, key=lambda n: (n.id.rpartition("/")[0], int(n.id.rpartition("/")[2])))


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
    if isinstance(where, TriplePattern):
        return pattern(nodes, node, where, query)
    if isinstance(where, Happened):
        return happened(node, where, query)
    if isinstance(where, Mentions):
        return mentioned(node, spoken(where.words))
    assert isinstance(where, Comparator)
    return compared(nodes, pool, node, where, query)


def spoken(text: str) -> list[str]:
    """The words of a text, letter by letter."""
    words = [""]
    for letter in unicodedata.normalize("NFKD", text):
        if letter.isalpha() or letter.isnumeric():
            words[-1] += letter.casefold()
        elif not unicodedata.category(letter).startswith("M"):
            words.append("")
    return [one for one in words if one]


def mentioned(node: MemoryNode, wanted: list[str]) -> bool:
    """Whether some text has these words in a row."""
    known = [triple.object for triple in node.triples]
    for held in node.properties.values():
        known += [one for one in (held if isinstance(held, tuple) else [held]) if isinstance(one, str)]
    rows = [spoken(text) for text in known]
    return bool(wanted) and any(
        row[at : at + len(wanted)] == wanted for row in rows for at in range(len(row))
    )


def sure(triple: Triple, least: float | None) -> bool:
    """Whether something is sure enough."""
    return least is None or (1 if triple.confidence is None else triple.confidence) >= least


def said(pool: list[MemoryNode], node: MemoryNode, triple: Triple) -> bool:
    """Whether something was said of a node."""
    known = [t for t in node.triples if t.predicate in (triple.predicate, "has_tag")]
    if triple.predicate == "has_tag":
        known = [*node.triples, *(Triple("has_tag", tag) for tag in TYPE_TAGS[node.node_type])]
    if any(word(t.object) == word(triple.object) and sure(t, triple.confidence) for t in known):
        return True
    return triple.predicate == "has_size" and size_word(pool, node, word(triple.object))


def pattern(nodes: Any, node: MemoryNode, where: TriplePattern, query: Query) -> bool:
    """Whether some triple of all that are known has the node on the one side and the other on the other."""
    for subject in nodes:
        for triple in subject.triples:
            if where.predicate not in (None, triple.predicate) or not sure(triple, where.confidence):
                continue
            if where.node_is == "SUBJECT" and subject.id == node.id:
                if where.other is None:
                    return True
                if isinstance(where.other, str) and word(where.other) == word(triple.object):
                    return True
                if isinstance(where.other, Filters) and triple.object in ids(nodes, where.other, query):
                    return True
            if where.node_is == "OBJECT" and triple.object == node.id:
                if where.other is None or where.other == subject.id:
                    return True
                if isinstance(where.other, str) and word(where.other) in map(word, names(subject)):
                    return True
                if isinstance(where.other, Filters) and subject.id in ids(nodes, where.other, query):
                    return True
    return False


def happened(node: MemoryNode, where: Happened, query: Query) -> bool:
    """Whether something happened to a node in time."""
    time = {"CREATED": node.created_ns, "UPDATED": node.updated_ns, "ATTENDED": node.attended_ns or None}
    time["FINISHED"] = node.properties.get("finished_ns") or None
    when = time[where.event]
    if when is None or (where.since is not None and when < clock(where.since, query)):
        return False
    return where.until is None or when <= clock(where.until, query)


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
    return {"volume": (x * y * z) ** (1 / 3), "height": z, "width": max(x, y), "depth": min(x, y)}[kind]


def compared(nodes: Any, pool: Any, node: MemoryNode, where: Comparator, query: Query) -> bool:
    """left comparison right."""
    how, scale = where.comparison, SCALES[where.unit]
    for one, other in ((where.left, where.right), (where.right, where.left)):
        a_word = isinstance(other, str) and number(other) is None
        if one == Attribute("SIZE") and a_word and how in ("EQUAL", "NOT_EQUAL"):
            return said(pool, node, Triple("has_size", other)) == (how == "EQUAL")
    left = side(nodes, node, where.left, where.right, where, query)
    right = side(nodes, node, where.right, where.left, where, query)
    results = [pair(a, b, where, scale) for a in left for b in right]
    how_many = where.set_comparison or ("ALL" if how == "NOT_EQUAL" else "ANY")
    return any(results) if how_many == "ANY" else bool(results) and all(results)


def side(nodes: Any, node: Any, of: Any, other: Any, where: Comparator, query: Query) -> list[Any]:
    """The values of one side; ids in tuples, so that they equal ids alone."""
    if isinstance(of, float):
        return [] if math.isnan(of) else [of * SCALES[where.unit]]
    if isinstance(of, str):
        return [of] if where.unit is None or number(of) is None else [number(of) * SCALES[where.unit]]
    if isinstance(of, Filters):
        found = find(nodes, of, query)
        if of.output == "COUNT":
            return [float(len(found))]
        if of.output == "MEMORY":
            return [(n.id,) for n in found]
        outputs = of.output if isinstance(of.output, tuple) else [of.output]
        then = moment(nodes, of, query)
        return [v for n in found for o in outputs for v in all_values(then, n, o, query)]
    if isinstance(of, ReferenceObject):
        if isinstance(other, (float, str, Filters, ReferenceObject)):
            return []
        thing = meant(nodes, of, query)
        return all_values(nodes, thing, other, query) if thing else []
    return all_values(nodes, node, of, query)


def meant(nodes: Any, reference: ReferenceObject, query: Query) -> MemoryNode | None:
    """The thing spoken of that is nearest to the agent."""
    found = things(nodes, reference, query)
    if reference.special is not None or reference.coordinates_m is not None:
        spots = places(nodes, reference, query)
        return MemoryNode("nobody", "Memory", 0, 0, position_m=at3(spots[0])) if spots else None
    viewer = complex(query.viewer.x_m, query.viewer.y_m)
    away = [math.inf if n.position_m is None else abs(complex(*n.position_m[:2]) - viewer) for n in found]
    return found[away.index(min(away))] if found else None


def at3(place: dict[str, Any]) -> tuple[float, float, float]:
    """A place as three numbers."""
    return (place["at"].real, place["at"].imag, place["z"])


def pair(a: Any, b: Any, where: Comparator, scale: float) -> bool:
    """Whether two values compare so."""
    how = where.comparison
    if how in ("EQUAL", "NOT_EQUAL") and not isinstance(a, float) and not isinstance(b, float):
        bare = [x[0] if isinstance(x, tuple) else x for x in (a, b)]
        same = bare[0] == bare[1]
        if isinstance(a, str) and isinstance(b, str):
            same = word(a) == word(b)
        return same == (how == "EQUAL")
    x, y = number(a), number(b)
    if x is None or y is None:
        return False
    modulus = None if where.modulus is None else where.modulus * scale
    if modulus is not None and not modulus > 0:
        return False
    if how in ("EQUAL", "NOT_EQUAL"):
        apart = abs(x - y)
        if modulus is not None:
            apart = min(apart % modulus, modulus - apart % modulus)
        close = apart <= (where.close_tolerance or 0) * scale + 1e-6
        return close == (how == "EQUAL")
    if modulus is not None:
        x = x % modulus
    tests = {
        "GREATER_THAN": x > y,
        "GREATER_THAN_EQUAL": x >= y,
        "LESS_THAN": x < y,
        "LESS_THAN_EQUAL": x <= y,
    }
    return tests[how]


def all_values(nodes: Any, node: MemoryNode, of: Any, query: Query) -> list[Any]:
    """All values that a property has, to compare."""
    if isinstance(of, Walk):
        found = walk(nodes, node, of.path)
        end = of.attribute
        while isinstance(end, Walk):
            found = ordered(list({n.id: n for f in found for n in walk(nodes, f, end.path)}.values()))
            end = end.attribute
        return [v for n in found for v in all_values(nodes, n, end, query)]
    if isinstance(of, Property):
        if of.name not in node.properties:
            return [t.object for t in node.triples if t.predicate == of.name]
        held = node.properties[of.name]
        return [
            float(v) if isinstance(v, (bool, int)) else v
            for v in (held if isinstance(held, tuple) else (held,))
            if isinstance(v, (bool, int, float, str))
        ]
    if isinstance(of, Attribute) and of.name in TEXTS:
        return texts(node, of.name)
    if isinstance(of, Attribute) and of.name == "REF_TYPE":
        return [node.node_type, *ABOVE[node.node_type]] if node.node_type in ABOVE else []
    found = value(nodes, node, of, query, False)
    if isinstance(of, Attribute) and of.name == "ID":
        return [(found,)]
    return [] if found is None else [found]


def texts(node: MemoryNode, name: str) -> list[str]:
    """All texts of an attribute."""
    held = node.properties.get(HELD.get(name, ""))
    return ([held] if isinstance(held, str) else []) + [
        t.object for t in node.triples if t.predicate == TEXTS[name]
    ]


def line(said: list[str]) -> str | None:
    """Texts as they are told."""
    return ", ".join(t for t in said if not t.startswith("_")) or None


def value(nodes: Any, node: MemoryNode, of: Any, query: Query, told: bool) -> Any:
    """An attribute or extent; `told` as said to a person, else as compared."""
    if isinstance(of, LinearExtent):
        return extent(nodes, node, of, query)
    if isinstance(of, CountOf):
        found = walk(nodes, node, of.path)
        fitting = found if of.filters is None else find(nodes, of.filters, query)
        return float(len([n for n in found if n.id in [f.id for f in fitting]]))
    if isinstance(of, NumBlocks):
        blocks = node.properties.get("blocks")
        if blocks is None or of.where is None:
            return None if blocks is None else float(len(blocks.array))
        kinds = find(nodes, Filters(of.where, memory_type="BlockType"), query)
        pairs = [(k.properties["block_id"], k.properties["block_meta"]) for k in kinds]
        return float(len([row for row in blocks.array if (int(row[0]), int(row[1])) in pairs]))
    if isinstance(of, Walk):
        found = walk(nodes, node, of.path)
        end = of.attribute
        while isinstance(end, Walk):
            found = ordered(list({n.id: n for f in found for n in walk(nodes, f, end.path)}.values()))
            end = end.attribute
        values = [value(nodes, n, end, query, told) for n in found]
        values = [v for v in values if v is not None]
        if values and all(isinstance(v, str) for v in values):
            return ", ".join(dict.fromkeys(values))
        return values[0] if values and (told or isinstance(values[0], (float, str))) else None
    if isinstance(of, Property):
        if of.name not in node.properties:
            return line([t.object for t in node.triples if t.predicate == of.name])
        held = node.properties[of.name]
        if told or held is None or isinstance(held, str):
            return held
        return float(held) if isinstance(held, (bool, int, float)) else None
    if of.name in TEXTS:
        return line(texts(node, of.name))
    if of.name in NUMBERS:
        held = [node.properties[p] for p in NUMBERS[of.name] if p in node.properties]
        held = [float(v) for v in held if isinstance(v, (bool, int, float))]
        return held[0] if held else None
    if of.name in ("ID", "REF_TYPE"):
        return node.id if of.name == "ID" else node.node_type
    if of.name == "LOCATION":
        return node.position_m if told else None
    if of.name in ("X", "Y", "Z"):
        return None if node.position_m is None else node.position_m["XYZ".index(of.name)]
    if of.name in ("SIZE", "HEIGHT", "WIDTH", "DEPTH"):
        if node.size_m is None or (of.name == "SIZE" and told):
            return node.size_m
        kinds = {"SIZE": "volume", "HEIGHT": "height", "WIDTH": "width", "DEPTH": "depth"}
        return measure(node, kinds[of.name])
    if of.name == "LOOK_DISTANCE":
        return look_distance(node, query)
    times = {"BORN_TIME": node.created_ns, "MODIFY_TIME": node.updated_ns}
    times |= {
        "VISIT_TIME": node.attended_ns or None,
        "FINISHED_TIME": node.properties.get("finished_ns") or None,
    }
    return None if times[of.name] is None else times[of.name] / 1e9


def walk(nodes: Any, node: MemoryNode, path: Any) -> list[MemoryNode]:
    """The nodes at the end of a path."""
    here = [node]
    for step in path:
        there = [
            n
            for n in nodes
            if any(
                (h.id in linked(n, step.predicate)) if step.inverse else (n.id in linked(h, step.predicate))
                for h in here
            )
        ]
        here = ordered(there)
    return here


def linked(node: MemoryNode, predicate: str) -> list[Any]:
    """Everything that a node says by a predicate or holds as a property."""
    held = node.properties.get(predicate)
    said = [t.object for t in node.triples if t.predicate == predicate]
    return said + (list(held) if isinstance(held, tuple) else [held])


def look_distance(node: MemoryNode, query: Query) -> float | None:
    """How far a node is from where the speaker's look goes along."""
    if query.speaker is None or node.position_m is None:
        return None
    eye = complex(query.speaker.x_m, query.speaker.y_m)
    if query.look_m is not None and complex(*query.look_m[:2]) != eye:
        ahead = complex(*query.look_m[:2]) - eye
        ahead /= abs(ahead)
    elif math.isnan(query.speaker.yaw_rad):
        return None
    else:
        ahead = cmath.rect(1, query.speaker.yaw_rad)
    seen = (complex(*node.position_m[:2]) - eye) / ahead  # ahead is the real axis
    return abs(seen.imag) if seen.real > 0 else abs(seen)


def heading(query: Query) -> float:
    """Where the speaker is heading; towards the agent where nobody knows."""
    speaker, viewer = query.speaker, query.viewer
    assert speaker is not None
    if math.isnan(speaker.yaw_rad):
        return cmath.phase(complex(viewer.x_m, viewer.y_m) - complex(speaker.x_m, speaker.y_m))
    return speaker.yaw_rad


def things(nodes: Any, reference: ReferenceObject, query: Query) -> list[MemoryNode]:
    """The nodes referred to."""
    filters = reference.filters
    if filters is None:
        filters = Filters(Triple("has_tag", reference.text_span)) if reference.text_span else None
    return [] if filters is None else find(nodes, filters, query)


def places(nodes: Any, reference: ReferenceObject, query: Query, frame: Any = None) -> list[dict[str, Any]]:
    """Where the things referred to are: points of the complex plane, and the direction of their front."""
    found = unframed(nodes, reference, query)
    if frame is None or not found:
        return found
    front: complex | None = None
    if frame == "ABSOLUTE":
        front = 1
    elif isinstance(frame, str):
        front = next((p["front"] for p in unframed(nodes, ReferenceObject(special=frame), query)), None)
    else:
        front = front_of(nodes, frame, query)
    return [] if front is None else [{**p, "front": front, "left": 1j * front} for p in found]


def front_of(nodes: Any, frame: ReferenceObject, query: Query) -> complex | None:
    """The front of the thing that is the frame of reference."""
    spots = unframed(nodes, frame, query)
    if frame.special is not None or frame.coordinates_m is not None:
        return spots[0]["front"] if spots else None
    known = {n.id: value(nodes, n, Attribute("BODY_YAW"), query, True) for n in things(nodes, frame, query)}
    viewer = complex(query.viewer.x_m, query.viewer.y_m)
    if spots:
        best = min(spots, key=lambda p: abs(p["at"] - viewer))
        yaw = known[best["id"]]
        return best["front"] if yaw is None else cmath.rect(1, yaw)
    yaws = [yaw for yaw in known.values() if yaw is not None]
    return cmath.rect(1, yaws[0]) if yaws else None


def unframed(nodes: Any, reference: ReferenceObject, query: Query) -> list[dict[str, Any]]:
    """The places with their own fronts."""
    viewer = complex(query.viewer.x_m, query.viewer.y_m)
    ahead = cmath.rect(1, query.viewer.yaw_rad)

    def seen(at: complex, z: float, size: Any, id: Any) -> dict[str, Any]:
        sight = (at - viewer) / abs(at - viewer) if at != viewer else ahead
        # the frame's "real" axis is the front, its "imaginary" axis what a viewer calls left
        return {"at": at, "z": z, "size": size or (0, 0, 0), "id": id, "front": -sight, "left": 1j * sight}

    def pose(p: Any, yaw: float) -> dict[str, Any]:
        front = cmath.rect(1, yaw)
        return {
            "at": complex(p.x_m, p.y_m),
            "z": 0,
            "size": (0, 0, 0),
            "id": None,
            "front": front,
            "left": 1j * front,
        }

    if reference.special == "AGENT":
        return [pose(query.viewer, query.viewer.yaw_rad)]
    if reference.special == "SPEAKER_LOOK" and query.look_m is not None:
        return [seen(complex(*query.look_m[:2]), query.look_m[2], None, None)]
    if reference.special is not None:
        if query.speaker is None:
            return []
        p = pose(query.speaker, heading(query))
        if reference.special == "SPEAKER_LOOK" and math.isnan(query.speaker.yaw_rad):
            return []
        return [p] if reference.special == "SPEAKER" else [seen(p["at"] + 2 * p["front"], 0, None, None)]
    if reference.coordinates_m is not None:
        c = reference.coordinates_m
        return [seen(complex(c[0], c[1]), c[2] if len(c) == 3 else 0, None, None)] if len(c) in (2, 3) else []
    return [
        seen(complex(*n.position_m[:2]), n.position_m[2], n.size_m, n.id)
        for n in things(nodes, reference, query)
        if n.position_m is not None
    ]


def dot(a: complex, b: complex) -> float:
    """The scalar product of two vectors."""
    return (a * b.conjugate()).real


def extent(nodes: Any, node: MemoryNode, of: LinearExtent, query: Query) -> float | None:
    """How far in a direction."""
    if of.unit in ("seconds", "minutes", "degrees"):
        return None
    sources = places(nodes, of.source, query, of.frame)
    if of.destination is None:
        ends = [] if node.position_m is None else [{"id": node.id, "at": complex(*node.position_m[:2])}]
        ends = [{**e, "z": node.position_m[2]} for e in ends]
    else:
        viewer = complex(query.viewer.x_m, query.viewer.y_m)
        ends = sorted(places(nodes, of.destination, query), key=lambda p: abs(p["at"] - viewer))
    if not ends:
        return None
    at, up = ends[0]["at"], ends[0]["z"]
    others = [p for p in sources if p["id"] is None or p["id"] != ends[0]["id"]]
    if not others:
        return None
    near = min(others, key=lambda p: abs(at - p["at"]))
    front, left, up = dot(at - near["at"], near["front"]), dot(at - near["at"], near["left"]), up - near["z"]
    signed = {"FRONT": front, "BACK": -front, "LEFT": left, "RIGHT": -left, "UP": up, "DOWN": -up}
    return signed.get(of.direction, abs(at - near["at"])) / SCALES[of.unit]


def grade(nodes: Any, node: MemoryNode, location: Any, query: Query) -> int:
    """2: clearly there, 1: loosely, 0: not."""
    if node.position_m is None:
        return 0
    references = location.references or (ReferenceObject(special="AGENT"),)
    groups = [[p for p in places(nodes, r, query, location.frame) if p["id"] != node.id] for r in references]
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


def lots(fitting: list[MemoryNode], seed: int, draw: int) -> list[MemoryNode]:
    """Nodes by their luck in a draw."""
    again = f"{draw} " if draw else ""
    return sorted(fitting, key=lambda n: blake2b(f"{seed} {again}{n.id}".encode(), digest_size=16).digest())


def chosen(nodes: Any, fitting: list[MemoryNode], selector: Any, query: Query) -> list[MemoryNode]:
    """What the selector picks."""
    if selector is None:
        return fitting
    one = 1 if selector.count is None else max(0, selector.count)
    seed = query.seed if selector.seed is None else selector.seed
    if selector.quantity == "RANDOM" and selector.same == "ALLOWED":
        return [lots(fitting, seed, draw)[0] for draw in range(one)] if fitting else []
    if selector.quantity == "RANDOM":
        every = lots(fitting, seed, 0)
    else:
        every = ranked(nodes, fitting, selector, query)
    if selector.same == "REQUIRED":
        return every[:1] * one
    return every if selector.quantity == "ALL" and selector.count is None else every[:one]


def ranked(nodes: Any, fitting: list[MemoryNode], selector: Any, query: Query) -> list[MemoryNode]:
    """Nodes by a quantity, from the ordinal-th on."""
    of = selector.attribute
    if of is None and selector.quantity != "ALL":
        of = LinearExtent("AWAY", ReferenceObject(special="AGENT"))
    values = (
        {n.id: value(nodes, n, of, query, False) for n in fitting} if of else {n.id: 0.0 for n in fitting}
    )
    having = [n for n in fitting if values[n.id] is not None]
    for n in having:
        found = values[n.id]
        values[n.id] = (1, found.lower()) if isinstance(found, str) else (0, found)
    having.sort(key=lambda n: values[n.id], reverse=selector.quantity == "MAX")
    if selector.quantity == "ALL":
        return having + [n for n in fitting if values[n.id] is None]
    return having[max(0, selector.ordinal - 1) :]
