"""What names a file."""

from __future__ import annotations

from typing import Protocol, Union


class PathLike(Protocol):
    """What a pathlib.Path is, without the module that could open it."""

    def __fspath__(self) -> str:
        """The path as text."""


Path = Union[str, PathLike]
IN_MEMORY = ":memory:"
