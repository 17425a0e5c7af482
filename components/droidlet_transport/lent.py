"""What another interpreter is lent of this one's packages, where nobody says it."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Dict, List

_NEEDED = ("droidlet_schema", "droidlet_transport")


def lent_for(factory: str) -> Dict[str, str]:
    """The folder that holds each: the ground, the transport, and the package or module that the factory is in."""
    top = "" if ".py:" in factory else factory.partition(":")[0].partition(".")[0]
    ours = Path(__file__).resolve().parents[1]
    lent = {name: str(ours) for name in _NEEDED}
    for folder in [*folders(), ours]:
        if top and top not in lent and ((folder / top).is_dir() or (folder / f"{top}.py").is_file()):
            lent[top] = str(folder)
    return lent


def folders() -> List[Path]:
    """This Python's path; without what is no folder any more, be it the one that this process is in."""
    found: List[Path] = []
    for entry in sys.path:
        with suppress(OSError, TypeError):
            found.append(Path(entry or ".").resolve())
    return found
