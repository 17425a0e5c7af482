"""What a memory tells about itself."""

from __future__ import annotations

from typing import Optional

from droidlet_schema import Change, FrozenMap, MemoryNode, record


@record
class Version:
    """What a node became at a revision; None: it was forgotten."""

    revision: int
    now_ns: int
    node: Optional[MemoryNode]


@record
class Diff:
    """What one memory has and another has not, each in the order of ids."""

    added: tuple[MemoryNode, ...] = ()
    removed: tuple[MemoryNode, ...] = ()
    changed: tuple[tuple[MemoryNode, MemoryNode], ...] = ()  # before, after


@record
class Committed:
    """One commit: the revision and the digest that it led to, its time, and what was asked for."""

    revision: int
    digest: str
    now_ns: int
    changes: tuple[Change, ...]


@record
class Truncated:
    """What cutting a history reclaimed: commits, versions of nodes that had ended, bytes of the file."""

    commits: int
    versions: int
    reclaimed_bytes: int = 0


@record
class Explanation:
    """How a question is answered: `sql` with its `values` finds what may fit by `steps` (SQLite's own plan),
    and the parts `judged` are then decided node by node. No SQL: a working memory looks at every node.

    `whole_tables` are those that grow with the memory and are looked through row by row.
    """

    sql: str = ""
    values: FrozenMap[str, str] = FrozenMap()
    steps: tuple[str, ...] = ()
    judged: tuple[str, ...] = ("where", "location", "selector")
    whole_tables: tuple[str, ...] = ()
