"""What import-linter cannot see, read off the source; findings read "file:line: what"."""

from __future__ import annotations

import ast
import functools
from pathlib import Path
from typing import Callable, Iterator

import tomllib

THINKING = ("geometry", "perception", "memory", "dialog", "interpreter", "tasks", "simulators")
LOADER = "components/droidlet_transport/loading.py"
IMPURE_MODULES = {
    "_thread", "anyio", "asyncio", "builtins", "concurrent", "ctypes", "datetime", "gc", "glob", "http", "io",
    "logging", "mmap", "multiprocessing", "os", "pathlib", "pickle", "platform", "random", "secrets", "select",
    "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time", "urllib",
    "uuid", "zmq",
}  # fmt: skip
IMPURE_CALLS = {
    "open",
    "input",
    "print",
    "eval",
    "exec",
    "compile",
    "breakpoint",
    "globals",
    "vars",
    "id",
    "hash",
}
IMPURE_ATTRIBUTES = {
    "datetime.now", "datetime64", "fromfile", "tofile", "load", "save", "savez", "loadtxt", "savetxt", "memmap",
}  # fmt: skip

STORE = "components/droidlet_memory/store/"
HABITAT = "components/droidlet_simulators/habitat/"
ALLOWED = {
    STORE + "files.py": {"import of os", "call of open"},
    STORE + "connecting.py": {"import of os", "import of sqlite3"},
    STORE + "copying.py": {"import of os"},
    STORE + "headers.py": {"import of os"},
    STORE + "opening.py": {"import of os", "import of sqlite3"},
    STORE + "store.py": {"import of sqlite3", "import of threading"},
    **{STORE + f"{name}.py": {"import of sqlite3"} for name in ("forking", "matching", "reading", "rolling")},
    **{STORE + f"{name}.py": {"import of sqlite3"} for name in ("truncating", "upgrading", "wording")},
    **{STORE + f"{name}.py": {"import of sqlite3"} for name in ("words", "writing")},
    "components/droidlet_simulators/mujoco/library.py": {"import of os", "import of ctypes"},  # finding GL
    "components/droidlet_simulators/mujoco/mjcf.py": {"call of open"},
    "components/droidlet_simulators/scene_files.py": {"call of open"},
    HABITAT + "checks.py": {"import of os"},
    HABITAT + "files.py": {"import of os", "import of tempfile", "call of open"},
    HABITAT + "loading.py": {"import of os"},
    HABITAT + "slot.py": {"import of os", "import of threading"},
    HABITAT + "starting.py": {"import of subprocess"},
}
"""What a memory in a file cannot do without: SQLite, the file itself, and one user at a time. Scenes are files.
What it takes to keep habitat-sim alive: its settings in files, one thread, a process to try a device in."""


def trees(root: Path, *folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file below some folders, with its syntax tree."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            yield path, parsed(path, path.stat().st_mtime_ns)


@functools.cache
def parsed(path: Path, mtime_ns: int) -> ast.Module:
    """The syntax tree of a file as it was at that time; every rule looks at the same one."""
    return ast.parse(path.read_text(), str(path))


def _findings(root: Path, folders: tuple[str, ...], find: Callable[[ast.AST], str]) -> list[str]:
    return [
        f"{path.relative_to(root)}:{getattr(node, 'lineno', 0)}: {found}"
        for path, tree in trees(root, *folders)
        for node in ast.walk(tree)
        if (found := find(node))
    ]


def imported(node: ast.AST) -> list[str]:
    """The dotted names that an import statement may bind or load; relative ones keep their dots."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = "." * node.level + (node.module or "")
        return [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return []


def loading_elsewhere(root: Path) -> list[str]:
    """importlib, __import__ and their like, anywhere but in the one loader."""

    def find(node: ast.AST) -> str:
        for name in imported(node):
            if name.split(".")[0] in ("importlib", "imp", "pkgutil", "runpy") and name not in _HARMLESS:
                return f"import of {name}"
        if isinstance(node, ast.Name) and node.id == "__import__":
            return "__import__"
        return ""

    found = _findings(root, ("components", "droidlet_style", "agents", "benchmarks"), find)
    return [line for line in found if not line.startswith(LOADER)]


_HARMLESS = ("importlib.metadata", "importlib.resources")
_HARMLESS += ("importlib.metadata.version", "importlib.metadata.PackageNotFoundError")


def copies_of_components(root: Path) -> list[str]:
    """components.x and tests.x: importable in an editable install, and a second copy of the module."""

    def find(node: ast.AST) -> str:
        heads = {name.split(".")[0] for name in imported(node)} & {"components", "tests", "artifacts", "docs"}
        return f"import from {heads.pop()}" if heads else ""

    return _findings(root, ("components", "droidlet_style", "agents", "benchmarks", "tests"), find)


def agents_below(root: Path) -> list[str]:
    """Agents and benchmarks stand on top: nothing that is installed imports them, by any name."""

    def find(node: ast.AST) -> str:
        for name in imported(node):
            if {"agents", "benchmarks", "_agents", "_benchmarks"} & set(name.split(".")):
                return f"import of {name}"
        return ""

    return _findings(root, ("components", "droidlet_style"), find)


def agents_importing_agents(root: Path) -> list[str]:
    """An agent importing another, however it is spelled: as a package, as a sibling script, relatively, by name."""
    names = {path.stem for path in (root / "agents").glob("*.py")}

    def find(node: ast.AST) -> str:
        for name in imported(node):
            parts = [part for part in name.split(".") if part]
            if name.startswith(".") or (parts and (parts[0] in names | {"agents"} or "_agents" in parts)):
                return f"import of {name}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            where = node.value.partition(":")[0]
            if node.value != where and (where.endswith(".py") or where.split(".")[0] in names | {"agents"}):
                return f"the name {node.value!r}"
        return ""

    return _findings(root, ("agents",), find)


def impure(root: Path) -> list[str]:
    """Clocks, chance, environment, files, sockets and global switches inside what thinks."""

    def find(node: ast.AST) -> str:
        for name in imported(node):
            if name.split(".")[0] in IMPURE_MODULES or name.startswith("numpy.random"):
                return f"import of {name}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
            return f"call of {node.func.id}"
        if isinstance(node, ast.Attribute):
            package, _, name = ast.unparse(node).partition(".")
            drawn = name.startswith("random.") and name.split(".")[1] != "Generator"  # a key makes those
            if package in ("np", "numpy") and (drawn or name in IMPURE_ATTRIBUTES):
                return f"use of {package}.{name}"
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            return f"{type(node).__name__.lower()} {', '.join(node.names)}"
        return ""

    found = _findings(root, tuple(f"components/droidlet_{name}" for name in THINKING), find)
    return [line for line in found if not _allowed(line)]


def _allowed(finding: str) -> bool:
    place, _, what = finding.split(":", 2)
    return any(what.strip().startswith(known) for known in ALLOWED.get(place, ()))


def asserts(root: Path) -> list[str]:
    """`assert` in library code: it vanishes under -O, and the error names nothing."""
    find = lambda node: "assert" if isinstance(node, ast.Assert) else ""  # noqa: E731
    return _findings(root, ("components", "droidlet_style", "agents"), find)


def unplaced_folders(root: Path) -> list[str]:
    """Folders that the wheel, the contracts' roots or the layers do not know, and the other way round."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    linter = settings["tool"]["importlinter"]
    on_disk = {p.name for p in (root / "components").iterdir() if p.is_dir() and p.name != "__pycache__"}
    on_disk |= {"droidlet_style"}
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    house = next(c for c in linter["contracts"] if c["id"] == "house")
    lists = {
        "the wheel's packages": {Path(p).name for p in wheel},
        "importlinter.root_packages": set(linter["root_packages"]),
        "the layers of the house": {n.strip() for layer in house["layers"] for n in layer.split("|")},
    }
    return [
        f"{name}: {'on disk, not in' if name in on_disk else 'not on disk, but in'} {where}"
        for where, names in lists.items()
        for name in sorted(on_disk ^ names)
    ]
