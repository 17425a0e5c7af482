"""Using the process's engine for one call: the right one, in the right thread, gone after it has failed."""

from __future__ import annotations

import contextlib
from typing import Iterator, Mapping, Tuple

from droidlet_simulators.errors import SimulatorError
from droidlet_simulators.habitat.build import Settings, build_of, fits
from droidlet_simulators.habitat.engine import Engine
from droidlet_simulators.habitat.eyes import Eye
from droidlet_simulators.habitat.loading import Library
from droidlet_simulators.habitat.slot import SLOT
from droidlet_simulators.habitat.starting import start
from droidlet_simulators.habitat.values import HabitatWorld


@contextlib.contextmanager
def using(
    settings: Settings, eyes: Mapping[str, Tuple[Eye, ...]], library: Library, world: HabitatWorld, anew: bool
) -> Iterator[Engine]:
    """The engine that a world needs, made if it is not there; `anew`: made in any case.

    Raises SimulatorError for whatever Habitat raises; the engine is closed then.
    """
    with SLOT.turn():
        engine = SLOT.engine
        if anew or engine is None or not fits(engine.build, settings, world, engine.held):
            build = build_of(settings, world)
            engine = SLOT.put(lambda: start(build, eyes, library, world.key))
        try:
            yield engine
        except SimulatorError:
            raise
        except Exception as error:
            SLOT.drop()
            raise SimulatorError(f"Habitat failed: {type(error).__name__}: {error}") from error
        except BaseException:  # interrupted, with things half in their places
            SLOT.drop()
            raise
