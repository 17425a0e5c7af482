"""A whole run as one call, so that other processes can be asked for the same."""

from __future__ import annotations

from typing import Any, Dict, Tuple

from droidlet_schema import Key, decode, digest, encode, record
from droidlet_simulators.conformance.lab import Run
from droidlet_simulators.errors import SimulatorError
from droidlet_transport.loading import load

Frames = Tuple[bytes, ...]


@record
class WrittenRun:
    """A run that travels: the factory by name; scene and steps as encoded frames, since they are anybody's."""

    factory: str
    scene: Frames
    key: Key
    steps: Frames


_made: Dict[str, Any] = {}


def written(factory: str, scene: Any, run: Run) -> WrittenRun:
    """A run for another process."""
    steps = tuple(tuple((agent, tuple(actions)) for agent, actions in moves.items()) for moves in run.steps)
    return WrittenRun(factory, _frames(scene), run.key, _frames(steps))


def _frames(value: Any) -> Frames:
    return tuple(bytes(frame) for frame in encode(value))


def run_digests(run: WrittenRun) -> Tuple[str, ...]:
    """A digest of each step's world and observations, or the refusal in words."""
    simulator = _made.get(run.factory)
    if simulator is None:
        simulator = _made[run.factory] = load(run.factory)()
    steps: Any = decode(run.steps)
    observations, world = simulator.reset(decode(run.scene), run.key)
    found = [digest((world, observations))]
    for moves in steps:
        try:
            observations, world = simulator.step(dict(moves), world)
        except SimulatorError as error:
            found.append(str(error))
        else:
            found.append(digest((world, observations)))
    return tuple(found)
