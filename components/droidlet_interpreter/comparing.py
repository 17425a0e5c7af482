"""Two things against each other: "is the sofa bigger than the bed", "which is nearer, the lamp or the cup"."""

from __future__ import annotations

import math

from droidlet_interpreter.choosing import choose
from droidlet_interpreter.contract import Asked
from droidlet_interpreter.describing import comparative, described
from droidlet_interpreter.labels import called
from droidlet_interpreter.measures import metres
from droidlet_interpreter.names import unknown_names, without_tags
from droidlet_interpreter.resolving import resolve, unknown_text
from droidlet_interpreter.turn import Turn
from droidlet_interpreter.whereabouts import distance_m
from droidlet_schema import (
    And,
    Attribute,
    Comparator,
    Filters,
    GetMemory,
    LinearExtent,
    MemoryNode,
    Pose2,
    ReferenceObject,
    evolve,
)

ALIKE = 0.05  # what differs by less than this share of the larger is about the same


def comparison(held: Filters | None) -> Comparator | None:
    """What a question holds against another thing, where that is all that it asks."""
    where = held.where if held is not None else None
    if isinstance(where, And) and len(where.clauses) == 1:
        where = where.clauses[0]
    if not isinstance(where, Comparator) or not isinstance(where.right, ReferenceObject):
        return None
    return where if _measured_here(where) else None


def _measured_here(where: Comparator) -> bool:
    """Whether what is compared can be told from the two things alone."""
    left = where.left
    if isinstance(left, LinearExtent):
        return left.direction == "AWAY" and left.source.special == "AGENT"
    return isinstance(left, Attribute) and left.name in ("SIZE", "HEIGHT", "WIDTH")


def ask_other(turn: Turn, asked: Asked, than: Comparator, nodes: tuple[MemoryNode, ...]) -> Asked | None:
    """Asks memory for the second of two things, when the first is known."""
    node, _ = choose(turn, asked, nodes)
    if node is None:
        turn.say(f"I have not seen {_nobody(asked)}, so I cannot compare.")
        return None
    turn.attend(node, evolve(asked.filters, location=None), asked.label)
    if not isinstance(than.right, ReferenceObject):
        return None
    if than.right.special == "AGENT":
        turn.say("I have never seen myself, so I cannot compare.")
        return None
    filters, label = resolve(turn, than.right)
    if filters is None:
        return None
    unknown = unknown_names(filters, turn.names)
    if unknown:
        turn.say(unknown_text(turn, unknown))
        return None
    filters = evolve(filters, where=without_tags(filters.where)[0])
    return Asked(turn.ask(filters), "compare", filters, label, (node,))


def _nobody(asked: Asked) -> str:
    words = described(evolve(asked.filters, selector=None))
    return f"a {words}" if words[:1] not in "aeiou" else f"an {words}"


def tell_comparison(turn: Turn, asked: Asked, form: GetMemory, nodes: tuple[MemoryNode, ...]) -> None:
    """Says which of two things has more of what is compared, and how much each has."""
    than, first = comparison(form.holds), asked.kept[0]
    second, _ = choose(turn, evolve(asked, kept=()), tuple(node for node in nodes if node.id != first.id))
    if than is None or second is None:
        turn.say(f"I have not seen {_nobody(asked)}, so I cannot compare.")
        return
    one, two = _measure(turn.inputs.pose, than, first), _measure(turn.inputs.pose, than, second)
    names = (f"the {called(first)}", f"the {called(second)}")
    if names[0] == names[1]:
        names = (names[0], f"the other {called(second)}")
    if one is None or two is None:
        turn.say(f"I do not know how big {names[0] if one is None else names[1]} is.")
        return
    shown = f"{names[0]} {_figures(turn, than, first)}, {names[1]} {_figures(turn, than, second)}"
    turn.say(f"{_verdict(than, one, two, names, form.filters.output == 'MEMORY')}: {shown}.")


def _verdict(than: Comparator, one: float, two: float, names: tuple[str, str], yes_or_no: bool) -> str:
    more, less = comparative(than.left, True), comparative(than.left, False)
    first, second = names
    if abs(one - two) <= ALIKE * max(one, two):
        same = f"{first} and {second} are about {_alike(than)}"
        answer = "Yes, " if than.comparison.endswith("EQUAL") else "No, "
        return f"{answer}{same}" if yes_or_no else same[:1].upper() + same[1:]
    wanted = than.comparison.startswith("GREATER")
    word = more if wanted else less
    holds = (one > two) is wanted
    if not yes_or_no:
        best, worst = names if holds else names[::-1]
        return f"{best[:1].upper()}{best[1:]} is {word} than {worst}"
    if than.comparison.endswith("EQUAL"):
        return f"No, {first} is {more if one > two else less} than {second}"
    return f"Yes, {first} is {word} than {second}" if holds else f"No, {first} is not {word} than {second}"


def _alike(than: Comparator) -> str:
    if isinstance(than.left, LinearExtent):
        return "equally far away"
    if than.left == Attribute("HEIGHT"):
        return "equally tall"
    return "equally wide" if than.left == Attribute("WIDTH") else "equally big"


def _measure(pose: Pose2, than: Comparator, node: MemoryNode) -> float | None:
    if isinstance(than.left, LinearExtent):
        away = distance_m(pose, node)
        return away if math.isfinite(away) else None
    size = node.size_m
    if size is None or not all(map(math.isfinite, size)):
        return None
    x, y, z = map(abs, size)
    if than.left == Attribute("HEIGHT"):
        return z
    return max(x, y) if than.left == Attribute("WIDTH") else math.cbrt(x) * math.cbrt(y) * math.cbrt(z)


def _figures(turn: Turn, than: Comparator, node: MemoryNode) -> str:
    if isinstance(than.left, LinearExtent):
        return f"is {metres(distance_m(turn.inputs.pose, node))} away"
    x, y, z = map(abs, node.size_m or (0.0, 0.0, 0.0))
    wide, tall = f"{metres(max(x, y))} wide", f"{metres(z)} tall"
    if than.left == Attribute("HEIGHT"):
        return f"is about {tall}"
    if than.left == Attribute("WIDTH"):
        return f"is about {wide}"
    return f"is about {wide}, {metres(min(x, y))} deep and {tall}"
