"""Where agents and benchmarks lie: in a checkout its own folders come first, else those that travel inside
the installed package.
"""

from __future__ import annotations

from pathlib import Path

from droidlet_style.packages import PACKAGE


def checkout() -> Path | None:
    """The root of the checkout that this package, or else the current folder, is in; None where there is
    none.
    """
    for root in (Path.cwd(), PACKAGE.parent):
        if (root / "droidlet_style" / "__init__.py").is_file() and (root / "pyproject.toml").is_file():
            return root
    return None


def programs(folder: str) -> dict[str, Path]:
    """The Python files of `agents` or `benchmarks` by name; those that begin with an underscore are helpers
    and left out.
    """
    root = checkout()
    found: dict[str, Path] = {}
    for place in (PACKAGE / f"_{folder}", *((root / folder,) if root else ())):
        for path in sorted(place.glob("*.py")) if place.is_dir() else ():
            if not path.stem.startswith("_"):
                found[path.stem] = path
    return dict(sorted(found.items()))
