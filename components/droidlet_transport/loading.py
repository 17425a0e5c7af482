"""The one place that turns a name into an object: "module:name" or "path/to/file.py:name"."""

from __future__ import annotations

import difflib
import hashlib
import importlib
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, List

LOADING = (
    "DROIDLET_LOADING"  # in the environment of a worker: what it and those above it are loading, in lines
)
MOST_NAMES = 300  # characters of what a module has


class LoadError(ImportError):
    """A name that leads nowhere; says which half of it is wrong."""


def load(name: str, *, files: bool = True) -> Any:
    """The object that "module:name" or "file.py:name" stands for; without ":name", the module itself.

    `name` may have dots. Without `files`, only what Python finds by itself is loaded, for names that others give. A
    file becomes a module of its own in `sys.modules`, the same one each time. Raises
    LoadError; an error raised while the module runs comes as the cause of it.
    """
    where, _, what = name.rpartition(":") if ":" in name else (name, "", "")
    above = os.environ.get(LOADING)
    if above is not None:
        os.environ[LOADING] = "\n".join([above, *_names(where)])
    try:
        module = _load_file(Path(where)) if files and where.endswith(".py") else _load_module(where, name)
    finally:
        if above is not None:
            os.environ[LOADING] = above
    found: Any = module
    for step in what.split(".") if what else ():
        if not hasattr(found, step):
            if where == "__main__":
                raise LoadError(
                    f"{name}: each process has a __main__ of its own: name the file, file.py:{what}"
                )
            raise LoadError(f"{name}: {where} has no {step!r}; {offered(module, step)}")
        found = getattr(found, step)
    return found


def load_factory(name: str) -> Callable[..., Any]:
    """What makes a part, by name. Raises LoadError, also for a module alone, which makes nothing."""
    found = load(name)
    if isinstance(found, ModuleType):
        module = name.rstrip(":")
        raise LoadError(f"{name} is a module: name what makes the part, {module}:NAME; {offered(found)}")
    return found  # type: ignore[no-any-return]


def offered(module: ModuleType, wanted: str = "") -> str:
    """What a module has, that which is most like a wanted name first: its own names, or those that it hands on."""
    found = vars(module)
    names = [n for n, v in found.items() if not (n.startswith("_") or isinstance(v, ModuleType))]
    names = [n for n in found.get("__all__", names) if n in found]
    own = [n for n in names if getattr(found[n], "__module__", None) == module.__name__]
    close = difflib.get_close_matches(wanted, names, 1)
    guess = f"did you mean {close[0]}? " if close else ""
    text = ", ".join(own or names) or "nothing public"
    text = text if len(text) <= MOST_NAMES else text[:MOST_NAMES].rpartition(",")[0] + ", ..."
    return f"{guess}it has {text}"


def is_being_loaded(factory: str, options: bytes) -> bool:
    """Whether a worker of this factory, or of one that its options name, would load what a worker is loading."""
    names = _names(factory.rpartition(":")[0])
    loading = [name for name in os.environ.get(LOADING, "").split("\n") if name]
    return any(name in names or os.fsencode(f"{name}:") in options for name in loading)


def _names(where: str) -> List[str]:
    """What a module is called, or a file, which may have two names."""
    return [where, str(Path(where).expanduser().resolve())] if where.endswith(".py") else [where]


def _load_module(where: str, name: str) -> ModuleType:
    if not where or not all(part.isidentifier() for part in where.split(".")):
        raise LoadError(f"{name!r} is no name: write module:name or path/to/file.py:name")
    try:
        return importlib.import_module(where)
    except ModuleNotFoundError as error:
        if error.name and (where == error.name or where.startswith(error.name + ".")):
            raise LoadError(f"{name}: there is no module {error.name}") from error
        raise LoadError(f"{name}: {error}") from error
    except Exception as error:
        raise LoadError(f"{name}: importing it failed: {type(error).__name__}: {error}") from error


def _load_file(path: Path) -> ModuleType:
    full = path.expanduser().resolve()
    if not full.is_file():
        raise LoadError(f"{path}: there is no such file")
    module_name = f"droidlet_file_{full.stem}_{hashlib.blake2b(os.fsencode(full), digest_size=4).hexdigest()}"
    if module_name in sys.modules:
        return sys.modules[module_name]
    spec = importlib.util.spec_from_file_location(module_name, full)
    if spec is None or spec.loader is None:
        raise LoadError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[module_name]
        raise LoadError(f"{path}: running it failed: {type(error).__name__}: {error}") from error
    return module
