"""The environment of a runtime, wherever it is: `step(actions)` gives observations and state."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

from droidlet_schema import FrozenMap
from droidlet_style.lent import lent_packages
from droidlet_style.placement import Place, place, place_of
from droidlet_style.runtime_config import targets
from droidlet_transport import TransportError, Worker
from droidlet_transport.parts import Part
from droidlet_transport.plain import from_value, to_value

DEADLINE_S = 60.0
END_S = 2.0  # for an environment to close, before its process is ended
SIMULATIONS, ENVIRONMENTS = (
    "droidlet_transport.building:Simulations",
    "droidlet_transport.building:Environments",
)


class Environment(Protocol):
    """What a runtime talks to."""

    nothing: Any  # the actions that are none

    def step(self, actions: Any) -> tuple[Any, Any]:
        """Observations and state after the actions."""
        ...

    def close(self) -> None:
        """Ends it."""
        ...


def environment_of(tree: Any, where: Place | str, deadline_s: float) -> Environment:
    """The environment of a canonical configuration. Raises ValueError for one that is none."""
    if isinstance(tree, Mapping) and "_target_" in tree:
        called = FrozenMap({key: item for key, item in tree.items() if key != "_partial_"})
        return StatefulEnvironment(called, _far(ENVIRONMENTS, tree, where, deadline_s, effects=True))
    if isinstance(tree, Mapping) and {"simulator", "scene"} <= set(tree) <= {"simulator", "scene", "seed"}:
        return SimulatedEnvironment(tree, _far(SIMULATIONS, tree, where, deadline_s, effects=False))
    raise ValueError(
        "the environment's configuration has neither _target_, nor simulator, scene and perhaps seed"
    )


def _far(factory: str, tree: Any, where: Place | str, deadline_s: float, *, effects: bool) -> Any:
    at = place_of(where) if isinstance(where, str) else where
    names = tuple(sorted(set(targets(tree))))
    options: dict[str, Any] = {"allow": None, "preload": names}  # in a process of our own: anything
    if at.kind == "remote":
        return place(factory, at, deadline_s=deadline_s)
    if at.kind != "interpreter":
        return place(factory, at, options, deadline_s=deadline_s, effects=effects)
    lent: dict[str, str] = {}
    for name in (factory, *names):
        lent.update(lent_packages(name))
    worker = Worker(factory, options, python=at.python, lent=lent, effects=effects)
    return Part(worker, deadline_s)


class SimulatedEnvironment:
    """A pure simulator, with its world here: `world` is a value, which may be kept, put back and forked.

    `state` in `step` is each agent's pose.
    """

    def __init__(self, tree: Any, far: Any) -> None:
        self._tree, self._far = tree, far
        self.nothing: Any = FrozenMap()
        try:
            self.observations, self.world = far.start(tree)
        except BaseException:
            self.close()
            raise

    def step(self, actions: Any) -> tuple[Any, Any]:
        """Observations by agent, and each agent's pose, one period later."""
        self.observations, self.world = self._far.ask(self._tree, "step", actions, self.world)
        return self.observations, FrozenMap({name: seen.pose for name, seen in self.observations.items()})

    def ask(self, name: str, *arguments: Any) -> Any:
        """What a method of the simulator makes of the world as it is now: "objects", "observe", ..."""
        return self._far.ask(self._tree, name, self.world, *arguments)

    def edit(self, name: str, *arguments: Any) -> None:
        """The world becomes what such a method makes of it: "add_object", "move_object", "remove_object"."""
        self.world = self.ask(name, *arguments)

    def close(self) -> None:
        """Lets go of the simulator."""
        if isinstance(self._far, Part):
            self._far.close()


class StatefulEnvironment:
    """Anybody's environment, whose state is where it runs; nothing is asked of it twice."""

    def __init__(self, tree: Any, far: Any) -> None:
        self._far, self._closed = far, False
        self.nothing: Any = ()
        try:
            self._named = far.open(tree)
        except BaseException:
            self._release()
            raise

    def step(self, actions: Any) -> tuple[Any, Any]:
        """What its own `step` gives. Raises what it raises, and OutcomeUnknown where it died in it."""
        observations, state = self.ask("step", actions)
        return observations, state

    def ask(self, name: str, *arguments: Any) -> Any:
        """What another method of it returns: "reset", "add_object", ..."""
        return from_value(self._far.ask(self._named, name, to_value(arguments, f"an argument of {name}")))

    def close(self) -> None:
        """Closes it there; closing again does nothing."""
        if self._closed:
            return
        self._closed = True
        with suppress(TransportError, TimeoutError):  # it died before, or does not end
            if isinstance(self._far, Part):
                self._far._caller.call("end", self._named, deadline_s=END_S)
            else:
                self._far.end(self._named)
        self._release()

    def _release(self) -> None:
        if isinstance(self._far, Part):
            self._far.close()
