"""What the things of memory are called, one by one and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from droidlet_interpreter.english import a, listed, number, plural
from droidlet_schema import MemoryNode


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
