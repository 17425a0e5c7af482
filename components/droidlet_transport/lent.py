"""What another interpreter is lent of this one's packages, where nobody says it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Dict

_NEEDED = ("droidlet_schema", "droidlet_transport")


def lent_for(factory: str) -> Dict[str, str]:
    """The folder that holds each: the ground, the transport, and the package or module that the factory is in."""
    top = "" if ".py:" in factory else factory.partition(":")[0].partition(".")[0]
    folders = [Path(entry or ".").resolve() for entry in sys.path]
    ours = Path(__file__).resolve().parents[1]
    lent = {name: str(ours) for name in _NEEDED}
    for folder in [*folders, ours]:
        if top and top not in lent and ((folder / top).is_dir() or (folder / f"{top}.py").is_file()):
            lent[top] = str(folder)
    return lent
