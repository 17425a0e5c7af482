"""habitat-sim as a value: imported when it is first needed, quiet, or one sentence that says what to install."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from droidlet_simulators.errors import NotInstalled

INSTALL = (
    "conda install -c conda-forge -c aihabitat habitat-sim=0.3.3 headless withbullet "
    "(an environment of its own with Python 3.9)"
)
LIBRARIES = "apt-get install libegl1 libegl-mesa0 libopengl0 libgl1-mesa-dri"


class Library(NamedTuple):
    """The two modules that come with habitat-sim."""

    habitat_sim: Any
    magnum: Any


def load() -> Library:
    """The library. Raises NotInstalled with the line that installs it."""
    for name in ("HABITAT_SIM_LOG", "MAGNUM_LOG"):  # read once, when it is imported
        os.environ.setdefault(name, "quiet")
    try:
        import habitat_sim
        import habitat_sim.agent
        import habitat_sim.errors
        import habitat_sim.physics
        import habitat_sim.utils.common
        import magnum
    except ModuleNotFoundError as error:
        raise NotInstalled(f"HabitatSimulator needs habitat-sim, which is not on PyPI: {INSTALL}") from error
    except ImportError as error:
        raise NotInstalled(
            f"habitat-sim is installed and cannot be loaded ({error}): are the GL libraries there? {LIBRARIES}"
        ) from error
    return Library(habitat_sim, magnum)


def release_of(library: Library) -> str:
    """ "0.3.4" or "0.3.3": both call themselves 0.3.3, and only the later one renders single sensors."""
    newer = hasattr(library.habitat_sim.Simulator, "render_sensors")
    return "0.3.4" if newer else "0.3.3"
