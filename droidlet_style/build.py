"""What a run's last bits depend on: interpreter, numpy, processor, extras. Written into every summary, so
that digests are compared rightly.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from pathlib import Path
from typing import Any

from droidlet_style import __version__, threads

EXTRAS = ("pillow", "mujoco", "numba", "onnxruntime")


def describe() -> dict[str, Any]:
    """The build as plain data: versions, processor features (a list and its hash), platform, the extras that
    are installed.
    """
    import numpy

    features = _cpu_features()
    return {
        "droidlet": __version__,
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "numpy": numpy.__version__,
        "platform": f"{platform.system()}-{platform.machine()}",
        "cpu_features": features,
        "cpu_features_hash": hashlib.blake2b(" ".join(features).encode(), digest_size=8).hexdigest(),
        "one_thread": threads.pinned(),
        "extras": installed(EXTRAS),
    }


def installed(names: tuple[str, ...]) -> dict[str, str]:
    """Which of these distributions are installed, with their versions; read from the folder names on the
    module path, nothing is imported.
    """
    found: dict[str, str] = {}
    for folder in map(Path, reversed(sys.path)):
        for entry in folder.glob("*.dist-info") if folder.is_dir() else ():
            name, _, version = entry.name.removesuffix(".dist-info").partition("-")
            if name.lower() in names:
                found[name.lower()] = version
    return dict(sorted(found.items()))


def _cpu_features() -> list[str]:
    """The processor features that numpy found and uses."""
    import numpy

    config: Any = numpy.show_config(mode="dicts")  # type: ignore[call-overload,unused-ignore]
    extensions = config.get("SIMD Extensions", {})
    return sorted({*extensions.get("baseline", ()), *extensions.get("found", ())})
