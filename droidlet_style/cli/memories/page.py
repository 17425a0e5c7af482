"""One page about a memory: a file that needs no other and no network, with all that it shows inside."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from droidlet_memory import Memory
from droidlet_schema import MemoryNode
from droidlet_style.cli.memories import commits, drawing
from droidlet_style.cli.memories.facts import node_facts
from droidlet_style.cli.memories.lines import revision
from droidlet_style.cli.memories.looking import Found
from droidlet_style.cli.memories.values import cut, many, moment, short, size

Facts = dict[str, Any]
FOLDER = Path(__file__).parent
SCRIPTS = ("page_tables.js", "page_map.js", "page.js")  # one program, in this order
TEXT_KEPT = 600  # letters of one text: a page is for looking


class Page(NamedTuple):
    """The page, how many nodes it shows and of how many, and that in words."""

    text: str
    shown: int
    nodes: int
    told: str


def page_of(memory: Memory, told: Facts, found: Found) -> Page:
    """The page about the nodes that were found in a memory."""
    nodes = found.nodes
    told_nodes = [_node(node) for node in nodes]
    types = list(told["counts"])
    picture, left_out = drawing.map_svg(told_nodes, types)
    shown = f"{len(nodes):,} of {many(found.total, 'node')}" if len(nodes) < found.total else ""
    data = {"nodes": told_nodes, "types": types, "commits": commits.newest(memory)}
    stretches = commits.stretches(memory)
    script, style = "".join(map(_part, SCRIPTS)), _part("page.css")
    filled = {
        "SCRIPT_HASH": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        "TITLE": escape(Path(told["file"]).name),
        "WHAT": escape(found.what),
        "REVISION": escape(revision(told)),
        "FACTS": _facts(told),
        "CAPPED": _capped(shown, found) if shown else "",
        "CHIPS": _chips(types, Counter(node.node_type for node in nodes)),
        "MAP": picture,
        "MAP_TOLD": left_out,
        "TIMELINE": drawing.timeline_svg(stretches),
        "TIMELINE_FROM": moment(stretches[0].since_ns) if stretches else "no commit",
        "TIMELINE_TO": moment(memory.now_ns) if stretches else "",
        "COMMITS_TOLD": _commits_told(len(data["commits"]), memory),
        "STYLE": style,
        "DATA": _inside_script(data),
        "SCRIPT": script,
    }
    text = _fill(_part("page.html"), filled)
    return Page(text, len(nodes), found.total, shown or many(found.total, "node"))


def _capped(shown: str, found: Found) -> str:
    which = f"the first {shown}" if found.what else f"{shown}, of each type the first"
    return f"The page shows {which}; --limit shows more."


def _part(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _fill(template: str, parts: dict[str, str]) -> str:
    """Each {{NAME}} by its part, in one pass: what looks like a name inside a part stays as it is."""
    pieces = template.split("{{")
    filled = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("}}")
        filled += [parts[name], rest]
    return "".join(filled)


def _inside_script(data: Any) -> str:
    """JSON that no browser takes for the end of the element that it is in."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _node(node: MemoryNode) -> Facts:
    """A node as the page's program has it; times in seconds."""
    told, yaw = node_facts(node), node.properties.get("yaw_rad")
    return {
        "id": _kept(node.id),
        "type": node.node_type,
        "name": _kept(next((t.object for t in node.triples if t.predicate == "has_name"), "")),
        "place": _finite(node.position_m),
        "size": _finite(node.size_m),
        "yaw": yaw if isinstance(yaw, (int, float)) and math.isfinite(yaw) else None,
        "created": node.created_ns / 1e9,
        "updated": node.updated_ns / 1e9,
        "attended": node.attended_ns / 1e9 if node.attended_ns else None,
        "texts": [_kept(value) for value in node.properties.values() if isinstance(value, str)],
        "properties": [[_kept(name), short(value, TEXT_KEPT)] for name, value in told["properties"].items()],
        "triples": [[_kept(t["predicate"]), _kept(t["object"]), t["confidence"]] for t in told["triples"]],
    }


def _finite(metres: tuple[float, float, float] | None) -> tuple[float, float, float] | None:
    return metres if metres is not None and all(map(math.isfinite, metres)) else None


def _kept(text: str) -> str:
    return cut(text, TEXT_KEPT)


def _facts(told: Facts) -> str:
    old = told["revision"] != told["newest"]
    pairs = [
        ("nodes", f"{told['nodes']:,}"),
        ("revision", f"{told['revision']:,}" + (f" of {told['newest']:,}" if old else "")),
        ("last commit", moment(told["now_ns"])),
        ("schemas", ", ".join(told["schemas"])),
        ("file", size(told["bytes"])),
        ("store", str(told["store"])),
        ("digest", told["digest"]),
    ]  # fmt: skip
    return "".join(f"<div><dt>{name}</dt><dd>{escape(cut(value, 200))}</dd></div>" for name, value in pairs)


def _chips(types: Sequence[str], counts: Mapping[str, int]) -> str:
    """A switch for each type that is on the page, in the colour that it has on the map."""
    return "".join(
        f'<button class="chip k{number % 8}" data-type="{escape(name)}" aria-pressed="false">'
        f"<i></i>{escape(name)} <b>{counts[name]:,}</b></button>"
        for number, name in enumerate(types)
        if counts.get(name)
    )


def _commits_told(shown: int, memory: Memory) -> str:
    every = memory.revision - memory.oldest
    told = many(every, "commit")
    if memory.oldest:
        told += f" since revision {memory.oldest}; what was before was cut off"
    return told + (f"; the newest {shown:,} are listed below" if shown < every else "")
