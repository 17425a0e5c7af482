"""What a memory says of itself, as plain data: what `--json` prints, and what the tables and the page show."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from droidlet_memory import Memory, Version
from droidlet_schema import MemoryNode
from droidlet_style.cli.memories.values import cut, moment, plain, point, short

Facts = dict[str, Any]
BESIDE = ("", "-wal")
NODE_FIELDS = ("type", "place_m", "size_m", "created_ns", "updated_ns", "attended_ns")


def summary(memory: Memory, newest: Memory, path: str) -> Facts:
    """Which memory it is, how far it reaches, and how many nodes of each type it holds."""
    counts, oldest = memory.counts(), newest.oldest
    first = min(oldest + 1, newest.revision) if oldest == 0 else oldest
    return {
        "file": path,
        "bytes": sum(os.path.getsize(path + end) for end in BESIDE if os.path.exists(path + end)),
        "store": getattr(memory.body, "store", None),
        "revision": memory.revision,
        "newest": newest.revision,
        "oldest": oldest,
        "digest": memory.digest,
        "schemas": list(memory.schema.names),
        "first_ns": newest.at(revision=first).now_ns,
        "last_ns": newest.now_ns,
        "now_ns": memory.now_ns,
        "nodes": sum(counts.values()),
        "counts": counts,
    }


def node_facts(node: MemoryNode) -> Facts:
    """One node: fields, properties, triples."""
    return {
        "id": node.id,
        "type": node.node_type,
        "place_m": plain(node.position_m),
        "size_m": plain(node.size_m),
        "created_ns": node.created_ns,
        "updated_ns": node.updated_ns,
        "attended_ns": node.attended_ns or None,
        "properties": {name: plain(value) for name, value in node.properties.items()},
        "triples": [
            {"predicate": t.predicate, "object": t.object, "confidence": plain(t.confidence)}
            for t in node.triples
        ],
    }


def history_facts(versions: Sequence[Version]) -> list[Facts]:
    """The versions of a node, the oldest first: when each came, and what it changed."""
    found: list[Facts] = []
    before: Facts | None = None
    for version in versions:
        after = None if version.node is None else node_facts(version.node)
        found.append(
            {"revision": version.revision, "now_ns": version.now_ns, "changed": _changes(before, after)}
        )
        before = after
    return found


def _changes(before: Facts | None, after: Facts | None) -> list[str]:
    if after is None:
        return ["forgotten"]
    if before is None:
        return ["first known"]
    told = [
        f"{name} {_field(name, before[name])} -> {_field(name, after[name])}"
        for name in NODE_FIELDS
        if before[name] != after[name]
    ]
    old, new = before["properties"], after["properties"]
    for name in sorted({*old, *new}):
        if name not in old or name not in new or old[name] != new[name]:
            told.append(f"{name}: {_property(old, name)} -> {_property(new, name)}")
    told += [f"- {said(triple)}" for triple in before["triples"] if triple not in after["triples"]]
    told += [f"+ {said(triple)}" for triple in after["triples"] if triple not in before["triples"]]
    return told or ["an array or bytes"] if before["properties"] else told or ["the same again"]


def _field(name: str, value: Any) -> str:
    if name.endswith("_ns"):
        return moment(value)
    return point(value) if name.endswith("_m") else str(value)


def _property(values: Facts, name: str) -> str:
    return short(values[name], 40) if name in values else "(none)"


def said(triple: Facts) -> str:
    """One triple on a line, with how sure it is unless it is quite."""
    sure = triple["confidence"]
    return f"{triple['predicate']} {triple['object']}" + ("" if sure is None else f" ({short(sure)})")


def row(node: MemoryNode) -> tuple[str, ...]:
    """A node as a row of a table: id, type, its texts and what is said of it, place, last update."""
    told = [cut(value, 60) for value in node.properties.values() if isinstance(value, str)]
    told = list(dict.fromkeys((*told, *(cut(triple.object, 40) for triple in node.triples))))
    return node.id, node.node_type, ", ".join(told), point(node.position_m), moment(node.updated_ns)


ROW_HEADS = ("id", "type", "what it is", "x y z (m)", "updated")
