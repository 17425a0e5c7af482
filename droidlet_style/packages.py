"""The import packages of this project: where each lies, what its files import, and what it stands on."""

from __future__ import annotations

import ast
from pathlib import Path

import droidlet_style

PACKAGE = Path(droidlet_style.__file__).resolve().parent


def packages() -> dict[str, Path]:
    """The folders of this project's import packages by name, found beside the shell's and the ground's own."""
    import droidlet_schema

    folders = {PACKAGE.parent, Path(droidlet_schema.__file__).resolve().parent.parent}
    found = {init.parent for folder in folders for init in folder.glob("droidlet_*/__init__.py")}
    return {folder.name: folder for folder in sorted(found, key=lambda folder: folder.name)}


def imported(tree: ast.AST) -> set[str]:
    """The dotted names that a file's absolute imports may load, wherever they stand in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


FOR_TESTS = "conformance"  # a folder of a package that only tests import


def tops_imported(folder: Path) -> set[str]:
    """The top-level names that the files of a package import, its own and those of its suite for tests left out."""
    names: set[str] = set()
    for path in folder.rglob("*.py"):
        if FOR_TESTS in path.relative_to(folder).parts:
            continue
        names |= {name.partition(".")[0] for name in imported(ast.parse(path.read_bytes(), str(path)))}
    return names - {folder.name}


def stands_on(name: str) -> tuple[str, ...]:
    """The other packages of this project that a package cannot do without, also at second hand, by name."""
    folders = packages()
    found: set[str] = set()
    waiting = [name]
    while waiting:
        needed = tops_imported(folders[waiting.pop()]) & folders.keys()
        waiting += sorted(needed - found)
        found |= needed
    return tuple(sorted(found - {name}))
