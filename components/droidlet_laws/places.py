"""Which code is the component's own, and which is Python's or a library's."""

from __future__ import annotations

import sys
import sysconfig
from types import CodeType
from typing import Any

_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_GROUND = frozenset(
    {"droidlet_schema", "droidlet_laws", "droidlet_transport", "numpy", "attr", "attrs", "hypothesis"}
)


def package_of(module_name: str) -> str:
    """The first part of a module's name."""
    return module_name.partition(".")[0]


def is_own(module_name: str, home: str = "") -> bool:
    """Whether a module is neither Python's, nor a library's, nor the ground; modules of the package `home`
    are own wherever they lie.
    """
    package = package_of(module_name)
    if not package or package in _GROUND or package in sys.stdlib_module_names and package != "__main__":
        return False
    if package == home or package.startswith("droidlet_"):
        return True
    file = getattr(sys.modules.get(module_name), "__file__", None)
    return file is None or is_own_file(file)


def is_own_file(file: str) -> bool:
    """Whether a source file lies outside Python's and the libraries' folders."""
    return not file.startswith("<") and not file.startswith(_LIBRARIES)


def module_of(value: Any) -> str:
    """The name of the module that defines a function or class, "" if it says none."""
    name = getattr(value, "__module__", None)
    return name if isinstance(name, str) else ""


def place(code: CodeType, line: int) -> str:
    """ "parts.py:12 in __call__"."""
    return f"{code.co_filename.rpartition('/')[2]}:{line} in {code.co_qualname}"
