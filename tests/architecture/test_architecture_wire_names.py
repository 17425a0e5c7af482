"""No two records of the house have one name on the wire: a decoder that is told no kind would not know which.

The classes of memory's nodes are apart: their names on the wire begin with "memory.".
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
NODES = ROOT / "components" / "droidlet_memory" / "nodes"


def records(folder: Path) -> Iterator[tuple[str, Path]]:
    """The classes under @record or @record(...), each with its file."""
    for path in sorted(folder.rglob("*.py")):
        if path.parent == NODES:
            continue
        for found in ast.walk(ast.parse(path.read_text())):
            if isinstance(found, ast.ClassDef) and any(map(_is_record, found.decorator_list)):
                yield found.name, path.relative_to(ROOT)


def _is_record(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Name) and called.id == "record"


def test_every_record_has_a_name_of_its_own() -> None:
    named: dict[str, list[str]] = defaultdict(list)
    for folder in ("components", "droidlet_style"):
        for name, path in records(ROOT / folder):
            named[name].append(str(path))
    assert len(named) > 100
    assert {name: paths for name, paths in named.items() if len(paths) > 1} == {}
