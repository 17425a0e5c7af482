"""A file of a memory to look into, and a way to do so without a process of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from droidlet_memory import Memory
from droidlet_schema import (
    ArrayValue,
    Attend,
    Change,
    Forget,
    FrozenMap,
    MemoryNode,
    PutNode,
    PutTriple,
    Triple,
    Value,
)
from droidlet_style.cli import memory
from droidlet_style.cli.parser import Parser

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>&\"'"
SECOND = 10**9


def thing(number: int, name: str, colour: str, x_m: float, y_m: float, **more: Value) -> PutNode:
    said = (Triple("has_name", name), Triple("has_colour", colour))
    node_type = "DetectedObject" if more else "ReferenceObject"
    place, size = (x_m, y_m, 0.5), (0.5, 0.5, 0.9)
    return PutNode(
        MemoryNode(f"object/{number}", node_type, 0, 0, 0, place, size, said, FrozenMap(dict(more)))
    )


def player(number: int, name: str) -> PutNode:
    return PutNode(MemoryNode(f"player/{number}", "Player", 0, 0, triples=(Triple("has_name", name),)))


COMMITS: tuple[tuple[int, tuple[Change, ...]], ...] = (
    (1, (player(1, EVIL), player(2, "an\x1b[31mne\nmarie"), thing(1, "chair", "red", 1.0, 2.0))),
    (2, (thing(2, "table", "brown", 3.0, -1.0, features=ArrayValue.of(np.arange(6, dtype=np.float32))),)),
    (4, (thing(1, "chair", "red", 1.5, 2.0), PutTriple("object/1", Triple("has_tag", "broken")))),
    (5, (Attend("object/2", 5 * SECOND),)),
    (9, (Forget("player/2"), thing(3, "chair", "blue", -2.0, 0.0))),
)


def written(path: Path) -> Path:
    """A small memory with a past in a file."""
    with Memory.open(path=path) as first:
        last = first
        for second, changes in COMMITS:
            last = last.commit(changes, now_ns=second * SECOND)
    return path


def look(*words: object) -> int:
    """`droidlet memory` with these words, in this process."""
    parser = Parser(prog="droidlet memory", allow_abbrev=False)
    memory.add_arguments(parser)
    try:
        return memory.run(parser.parse_args([str(word) for word in words]))
    except SystemExit as leaving:
        return int(leaving.code or 0)
