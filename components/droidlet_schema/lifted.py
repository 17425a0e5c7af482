"""What a component says that was copied out alone, without a folder that it stands on."""

from __future__ import annotations

from types import TracebackType
from typing import Optional, Type


class Ground:
    """Around the import of what a package stands on: where that is missing, one sentence says what to do.

    with Ground("droidlet_tasks"):
        import droidlet_geometry

    Raises ModuleNotFoundError that names the folder; errors of other kinds pass.
    """

    def __init__(self, package: str) -> None:
        self.package = package

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        """Says which folder is missing."""
        folder = (error.name or "") if isinstance(error, ModuleNotFoundError) else ""
        if folder.startswith("droidlet_") and "." not in folder:
            raise ModuleNotFoundError(
                f"{self.package} stands on {folder}: copy that folder beside it, "
                "or pip install droidlet-style, which has both",
                name=folder,
            ) from None
