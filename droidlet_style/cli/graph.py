"""droidlet graph: the import graph of the packages as they are, in Mermaid or DOT."""

from __future__ import annotations

import argparse
import ast
import signal
import sys
from collections.abc import Iterable
from typing import Any

from droidlet_style.cli.parser import whole_number
from droidlet_style.cli.places import programs
from droidlet_style.packages import imported, packages

HELP = "print the import graph of the packages (Mermaid or DOT)"
MISSING_EXTRA = (
    "droidlet graph needs grimp, which the extra 'graph' brings: pip install 'droidlet-style[graph]'"
)
Edges = set[tuple[str, str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The format, and how far to look into the packages."""
    parser.add_argument("--format", choices=["mermaid", "dot"], default="mermaid", help="default mermaid")
    parser.add_argument(
        "--level",
        metavar="N",
        type=whole_number,
        default=1,
        help="module levels to show (default 1: packages)",
    )
    parser.add_argument("--inside", metavar="PACKAGE", help="the graph among the modules of one package")


def run(arguments: argparse.Namespace) -> int:
    """Prints the graph."""
    try:
        import grimp
    except ImportError:
        print(MISSING_EXTRA, file=sys.stderr)
        return 1
    level = max(1, arguments.level)
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # grimp's own code would show a panic for a Ctrl-C
    try:
        graph: Any = grimp.build_graph(*packages(), cache_dir=None)
    finally:
        signal.signal(signal.SIGINT, before)
    if arguments.inside is None:
        names, edges = _squashed(graph, "", level)
        agents = _agent_edges(names, level)
        names, edges = names | {a for a, _ in agents}, edges | agents
    elif arguments.inside in graph.modules:
        names, edges = _squashed(graph, arguments.inside + ".", level)
    else:
        print(
            f"droidlet graph: there is no package {arguments.inside!r}; there are {', '.join(packages())}",
            file=sys.stderr,
        )
        return 2
    print(mermaid(names, edges) if arguments.format == "mermaid" else dot(names, edges))
    return 0


def mermaid(names: Iterable[str], edges: Edges) -> str:
    """The graph as a Mermaid flowchart; an arrow points at what is imported."""
    joined = {name for edge in edges for name in edge}
    alone = [f"    {_id(name)}[{name}]" for name in sorted(set(names) - joined)]
    nodes = [f"    {_id(name)}[{name}]" for name in sorted(joined)]
    return "\n".join(["graph TD", *nodes, *alone, *(f"    {_id(a)} --> {_id(b)}" for a, b in sorted(edges))])


def dot(names: Iterable[str], edges: Edges) -> str:
    """The graph as DOT; an arrow points at what is imported."""
    nodes = [f'    "{name}";' for name in sorted(names)]
    arrows = [f'    "{a}" -> "{b}";' for a, b in sorted(edges)]
    return "\n".join(
        ["digraph imports {", "    rankdir = TB;", "    node [shape = box];", *nodes, *arrows, "}"]
    )


def _id(name: str) -> str:
    return name.replace(".", "_").replace("/", "_")


def _squashed(graph: Any, prefix: str, level: int) -> tuple[set[str], Edges]:
    """Modules below a prefix, cut to so many levels, and the imports between them."""
    cut = {module: _cut(module, prefix, level) for module in graph.modules if module.startswith(prefix)}
    edges: Edges = set()
    for module, name in cut.items():
        for other in graph.find_modules_directly_imported_by(module):
            if other in cut and cut[other] != name:
                edges.add((name, cut[other]))
    return set(cut.values()), edges


def _cut(module: str, prefix: str, level: int) -> str:
    return prefix + ".".join(module[len(prefix) :].split(".")[:level])


def _agent_edges(names: set[str], level: int) -> Edges:
    """What the agents' files import of these packages; they are no package themselves, so they are read one
    by one.
    """
    edges: Edges = set()
    for agent, path in programs("agents").items():
        for module in imported(ast.parse(path.read_bytes(), str(path))):
            known = [_cut(module, "", n) for n in range(level, 0, -1) if _cut(module, "", n) in names]
            edges |= {(f"agents/{agent}", known[0])} if known else set()
    return edges
