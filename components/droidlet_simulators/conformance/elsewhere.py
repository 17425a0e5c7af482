"""A whole run as one call, so that other processes can be asked for the same."""

from __future__ import annotations

from typing import Any, Dict, Tuple

from droidlet_schema import Key, decode, digest, encode, record
from droidlet_simulators.conformance.lab import Run
from droidlet_simulators.errors import SimulatorError
from droidlet_transport.loading import LoadError, load

Frames = Tuple[bytes, ...]


@record
class WrittenRun:
    """A run that travels: factory and kind of scene by name; scene and steps as frames, since they are anybody's."""

    factory: str
    kind: str
    scene: Frames
    key: Key
    steps: Frames


_made: Dict[str, Any] = {}


def written(factory: str, scene: Any, run: Run) -> WrittenRun:
    """A run for another process."""
    steps = tuple(tuple((agent, tuple(actions)) for agent, actions in moves.items()) for moves in run.steps)
    kind = f"{type(scene).__module__}:{type(scene).__qualname__}"
    return WrittenRun(factory, kind, _frames(scene), run.key, _frames(steps))


def _frames(value: Any) -> Frames:
    return tuple(bytes(frame) for frame in encode(value))


def _kind(name: str) -> Any:
    """The class of a scene; None, so that its record's own name decides, where it has no place of its own."""
    try:
        return load(name)
    except LoadError:
        return None


def run_digests(run: WrittenRun) -> Tuple[str, ...]:
    """A digest of each step's world and observations, or the refusal in words."""
    simulator = _made.get(run.factory)
    if simulator is None:
        simulator = _made[run.factory] = load(run.factory)()
    steps: Any = decode(run.steps)
    observations, world = simulator.reset(decode(run.scene, _kind(run.kind)), run.key)
    found = [digest((world, observations))]
    for moves in steps:
        try:
            observations, world = simulator.step(dict(moves), world)
        except SimulatorError as error:
            found.append(str(error))
        else:
            found.append(digest((world, observations)))
    return tuple(found)
