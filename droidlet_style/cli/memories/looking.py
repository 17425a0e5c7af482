"""What was asked for on the command line, found in a memory."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from droidlet_memory import Memory, query_text
from droidlet_schema import MemoryNode
from droidlet_style.cli.memories import lines
from droidlet_style.cli.memories.asking import ask
from droidlet_style.cli.memories.facts import history_facts, node_facts
from droidlet_style.cli.memories.opening import known_node, known_type
from droidlet_style.cli.memories.values import many

ROWS, ON_A_PAGE = 20, 10_000  # nodes shown unless told; a page stays quick with so many
Facts = dict[str, Any]


class Found(NamedTuple):
    """Plain data for programs, lines for people, and which nodes they are about."""

    data: Facts
    lines: list[str]
    nodes: Sequence[MemoryNode]
    total: int  # of these nodes, also where not all of them are here
    what: str = ""  # which ones these are, in words


def look(arguments: argparse.Namespace, memory: Memory, newest: Memory, told: Facts) -> Found:
    """What was asked for. Raises Wrong for what is not there."""
    most = arguments.limit
    if most is None:
        most = ON_A_PAGE if arguments.html else ROWS
    if arguments.node is not None:
        return _node(arguments, memory, newest)
    if arguments.type is not None:
        return _type(known_type(memory, arguments.type), memory, told, most)
    if arguments.query is not None:
        return _query(arguments, memory, told, most)
    nodes = some_of_each(memory, told["counts"], most) if arguments.html else ()
    return Found({"summary": told}, lines.summary_lines(told), nodes, told["nodes"])


def some_of_each(memory: Memory, counts: Mapping[str, int], most: int) -> tuple[MemoryNode, ...]:
    """So many nodes, the first of each type: all of what there are few of, and of the others as many of each."""
    if sum(counts.values()) <= most:
        return memory.nodes()
    found: tuple[MemoryNode, ...] = ()
    rarest_first = sorted(counts, key=lambda name: (counts[name], name))
    for number, name in enumerate(rarest_first):
        share = (most - len(found)) // (len(counts) - number)
        found += memory.nodes(name, first=share, below=False)
    return found


def _node(arguments: argparse.Namespace, memory: Memory, newest: Memory) -> Found:
    versions = memory.history(arguments.node) if arguments.history else ()
    if versions and memory.node(arguments.node) is None:  # what is forgotten has a history still
        told = history_facts(versions)
        shown = [f"{arguments.node} is forgotten", "", *lines.history_lines(told)]
        return Found({"node": None, "history": told}, shown, (), 0, arguments.node)
    node = known_node(memory, newest, arguments.node)
    data: Facts = {"node": node_facts(node)}
    above = memory.schema.types[node.node_type].lineage[1:]
    shown = lines.node_lines(data["node"], f" ({', '.join(above)})" if above else "")
    if versions:
        data["history"] = history_facts(versions)
        shown += ["", *lines.history_lines(data["history"])]
    return Found(data, shown, (node,), 1, node.id)


def _type(name: str, memory: Memory, told: Facts, most: int) -> Found:
    below = memory.schema.below(name)
    count = sum(number for kind, number in told["counts"].items() if kind in below)
    nodes = memory.nodes(name, first=most)
    head = f"{many(count, 'node')} of type {name}, {lines.revision(told)}"
    data = {"type": name, "count": count, "nodes": [node_facts(node) for node in nodes]}
    return Found(data, [head, *lines.rows_lines(nodes, count)], nodes, count, f"of type {name}")


def _query(arguments: argparse.Namespace, memory: Memory, told: Facts, most: int) -> Found:
    asked = ask(memory, arguments.query, arguments.viewer, most)
    count, viewer = asked.answer.count, asked.query.viewer
    nodes, values = asked.answer.nodes, asked.values
    only_counted = asked.query.filters.output == "COUNT"
    shown = [f"{many(count, 'node')} found, {lines.revision(told)}"]
    if not only_counted:
        shown += lines.rows_lines(nodes, count, asked.heads, values)
    data: Facts = {
        "query": query_text(asked.query.filters),
        "viewer": [viewer.x_m, viewer.y_m, viewer.yaw_rad],
        "count": count,
        "nodes": [node_facts(node) for node in nodes],
        "outputs": list(asked.heads),
        "values": values,
    }
    if arguments.explain:
        plan = memory.explain(asked.query)
        data["plan"] = {
            "sql": plan.sql,
            "values": dict(plan.values),
            "steps": list(plan.steps),
            "judged": list(plan.judged),
            "whole_tables": list(plan.whole_tables),
        }
        shown += ["", *lines.plan_lines(plan)]
    return Found(data, shown, nodes, count, data["query"])
