"""The shell around the thinking parts: time, people, files, screens. Importing it costs next to nothing;
names load when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from droidlet_style.artifacts import (
        artifact_path,
        get_artifact_dir,
        make_artifact_dir,
        set_artifact_dir,
    )
    from droidlet_style.session import Session

__version__ = "0.1.0"
_PLACES = ("artifact_path", "get_artifact_dir", "make_artifact_dir", "set_artifact_dir")
__all__ = [
    "Session",
    "__version__",
    "artifact_path",
    "get_artifact_dir",
    "make_artifact_dir",
    "set_artifact_dir",
]


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        from droidlet_style import artifacts

        return getattr(artifacts, name)
    if name == "Session":
        from droidlet_style.session import Session

        return Session
    raise AttributeError(f"module 'droidlet_style' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
