"""Facts about a memory as lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from droidlet_memory import Explanation
from droidlet_schema import MemoryNode
from droidlet_style.cli.memories.facts import ROW_HEADS, row
from droidlet_style.cli.memories.tables import table
from droidlet_style.cli.memories.values import cut, many, moment, point, short, size

Facts = dict[str, Any]


def fields(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Names and values, one pair a line."""
    width = max((len(name) for name, _ in pairs), default=0)
    return [f"  {name:<{width}}  {cut(value, 400)}".rstrip() for name, value in pairs]


def summary_lines(told: Facts) -> list[str]:
    """What `droidlet memory FILE` says first."""
    pairs = [
        ("file", f"{told['file']}, {size(told['bytes'])}"),
        ("store", str(told["store"])),
        ("digest", told["digest"]),
        ("schemas", ", ".join(told["schemas"])),
        ("history", f"revisions {told['oldest']} to {told['newest']}"),
        ("commits", f"{moment(told['first_ns'])} to {moment(told['last_ns'])}"),
    ]
    counted = [(name, f"{count:,}") for name, count in told["counts"].items()]
    types = ["", *table(("type", "nodes"), counted, right=(1,))] if counted else []
    return [f"{many(told['nodes'], 'node')}, {revision(told)}", *fields(pairs), *types]


def revision(told: Facts) -> str:
    """Which moment is shown."""
    if told["revision"] == told["newest"]:
        return f"at revision {told['revision']}, the newest"
    when = "" if told["now_ns"] is None else f", {moment(told['now_ns'])}"
    return f"at revision {told['revision']} of {told['newest']}{when}"


def node_lines(told: Facts, places: str) -> list[str]:
    """One node: fields, properties, triples."""
    pairs = [
        ("type", f"{told['type']}{places}"),
        ("place (m)", point(told["place_m"])),
        ("size (m)", point(told["size_m"])),
        ("created", moment(told["created_ns"])),
        ("updated", moment(told["updated_ns"])),
        ("attended", moment(told["attended_ns"])),
    ]
    lines = [cut(told["id"], 200), *fields(pairs)]
    if told["properties"]:
        lines += ["", *table(("property", "value"), [(n, short(v)) for n, v in told["properties"].items()])]
    if told["triples"]:
        rows = [(t["predicate"], t["object"], short(t["confidence"])) for t in told["triples"]]
        lines += ["", *table(("predicate", "object", "confidence"), rows, right=(2,))]
    return lines


def history_lines(versions: Sequence[Facts]) -> list[str]:
    """What became of a node, a line for each change."""
    rows = []
    for version in versions:
        for number, changed in enumerate(version["changed"]):
            when = (str(version["revision"]), moment(version["now_ns"])) if not number else ("", "")
            rows.append((*when, changed))
    return table(("revision", "time", "what changed"), rows, right=(0,))


def rows_lines(
    nodes: Sequence[MemoryNode], count: int, heads: Sequence[str] = (), values: Sequence[Sequence[Any]] = ()
) -> list[str]:
    """Nodes as a table, with a value or several each where these were asked for; `count` is of all."""
    rows = [(*row(node), *more) for node, more in zip(nodes, _shown(values) or [()] * len(nodes))]
    lines = table((*ROW_HEADS, *heads), rows) if rows else []
    if count > len(nodes):
        lines += [f"  ... and {count - len(nodes):,} more (--limit {count} shows all)"]
    return lines


def _shown(values: Sequence[Sequence[Any]]) -> list[tuple[str, ...]]:
    return [tuple(short(value, 60) for value in row) for row in values]


def plan_lines(plan: Explanation) -> list[str]:
    """How a question is answered: the SQL, what SQLite does for it, and what is left to judge."""
    lines = ["how it is answered:", *(f"  {step}" for step in plan.steps)]
    if plan.whole_tables:
        lines += [f"  looked through row by row: {', '.join(plan.whole_tables)}"]
    left = ", ".join(plan.judged)
    lines += [f"  then judged node by node: {left}" if left else "  nothing is left to judge node by node"]
    if plan.sql:
        lines += ["", *("  " + line.strip() for line in plan.sql.splitlines())]
        lines += [f"    :{name} = {cut(value, 100)}" for name, value in plan.values.items()]
    return lines
