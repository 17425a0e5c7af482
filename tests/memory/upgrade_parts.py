"""A kitchen's schemas, version by version, and a memory's file under the first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from droidlet_memory import FieldType, Memory, Migration, NodeType, Schema
from droidlet_memory.steps import ConvertField, DropPredicate, ForgetType, RenameField
from droidlet_schema import Attend, Change, Forget, FrozenMap, MemoryNode, PutNode, PutTriple, Triple

CUP = (FieldType("volume", "int | str"),)
FIRST = Schema(
    "kitchen",
    ("base",),
    (NodeType("Cup", "ReferenceObject", fields=CUP), NodeType("Straw", "ReferenceObject")),
    ("bought_at",),
)
WIDER = Schema(
    "kitchen",
    ("base",),
    (
        NodeType("Cup", "ReferenceObject", fields=(*CUP, FieldType("lid", "bool"))),
        NodeType("Straw", "ReferenceObject"),
        NodeType("Mug", "Cup"),
    ),
    ("bought_at", "washed_by"),
    version=2,
)
STEPS = (
    RenameField("Cup", "volume", "volume_l"),
    ConvertField("Cup", "volume_l", "float", times=0.001),
    ForgetType("Straw"),
    DropPredicate("bought_at"),
)
OTHER = Schema(
    "kitchen",
    ("base",),
    (NodeType("Cup", "ReferenceObject", fields=(FieldType("volume_l", "float"),)),),
    version=2,
    migrations=(Migration(1, STEPS),),
)
GARDEN = Schema("garden", ("base",), (NodeType("Rake", "ReferenceObject"),), ("rakes",))

OLD, ADDED, MOVED = ("base", FIRST), ("base", WIDER, GARDEN), ("base", OTHER)


def changes(revision: int, volume: int | str = 300) -> tuple[Change, ...]:
    """What is committed as this revision."""
    size = FrozenMap({"volume": volume})
    said = (Triple("has_name", f"cup {revision % 3}"), Triple("bought_at", f"shop {revision}"))
    return (
        PutNode(MemoryNode(f"cup/{revision % 7}", "Cup", 0, revision, 0, (revision, 0, 1), None, said, size)),
        PutNode(MemoryNode(f"straw/{revision % 5}", "Straw", 0, revision)),
        PutTriple(f"cup/{revision % 7}", Triple("has_tag", f"tag {revision % 4}")),
        Attend(f"cup/{(revision + 1) % 7}", revision),
        Forget(f"cup/{(revision + 3) % 7}"),
    )


def followed(memory: Memory, commits: Iterable[Sequence[Change]]) -> Memory:
    """A memory after some commits."""
    for number, wanted in enumerate(commits):
        memory = memory.commit(wanted, number)
    return memory


def make(path: Path | str, steps: Iterable[int] = range(30), cut: int = 0) -> Memory:
    """A file under the first schemas, closed; what it holds, as a working memory."""
    with Memory.open(OLD, path) as memory:
        memory = followed(memory, map(changes, steps))
        if cut:
            memory.truncate_before(min(cut, memory.revision))
    return Memory.load(path)
