"""The environment of a runtime, wherever it is: `step(actions)` gives observations and state."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from droidlet_schema import FrozenMap
from droidlet_style.keys import read_keys
from droidlet_style.lent import lent_packages
from droidlet_style.placement import Place, place, place_of, remote
from droidlet_style.runtime_config import ConfigError, canonical, targets
from droidlet_transport import CannotTravel, TransportError, Worker
from droidlet_transport.building import build
from droidlet_transport.parts import Part
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.values import Opaque, as_arrives, retold

END_S = 2.0  # for an environment to close, before its process is ended
SIMULATIONS, ENVIRONMENTS = (
    "droidlet_transport.building:Simulations",
    "droidlet_transport.building:Environments",
)

_BEGINS = {SIMULATIONS: "start", ENVIRONMENTS: "open"}


class Environment(Protocol):
    """What a runtime talks to."""

    nothing: Any  # the actions that are none

    def step(self, actions: Any) -> tuple[Any, Any]:
        """Observations and state after the actions."""
        ...

    def close(self) -> None:
        """Ends it."""
        ...


def where_of(where: Any) -> Place:
    """The place that a configuration names: a Place, the text of one, or a table of an address and its keys.

    `keys` is the file of one's own pair, `trust` that of the far end's public key. Raises ValueError for anything else;
    KeyFileError, OSError for files that hold no keys.
    """
    if isinstance(where, str):
        return place_of(where)
    made = where if isinstance(where, Place) else build(canonical(where, "place"))
    if isinstance(made, Place):
        return made
    if not isinstance(made, Mapping) or set(made) != {"address", "keys", "trust"}:
        raise ValueError(
            f"place is {str(where)[:80]}: write inline, thread, process, interpreter:/path/to/python, an address, or a "
            "table of address, keys and trust (files that `droidlet keys` makes)"
        )
    own, theirs = (Path(made[name]).expanduser() for name in ("keys", "trust"))
    return remote(made["address"], read_keys(own, [theirs]))


def environment_of(tree: Any, at: Place, deadline_s: float) -> Environment:
    """The environment of a canonical configuration. Raises ValueError, ConfigError for one that is none."""
    if isinstance(tree, Mapping) and "_target_" in tree:
        called = FrozenMap({key: item for key, item in tree.items() if key != "_partial_"})
        return StatefulEnvironment(called, _far(ENVIRONMENTS, tree, at, deadline_s, effects=True))
    if isinstance(tree, Mapping) and {"simulator", "scene"} <= set(tree) <= {"simulator", "scene", "seed"}:
        _check_simulated(tree)
        return SimulatedEnvironment(tree, _far(SIMULATIONS, tree, at, deadline_s, effects=False))
    told = ", ".join(tree) if isinstance(tree, Mapping) else repr(tree)[:80]
    raise ValueError(
        "the environment's configuration has neither _target_, nor simulator, scene and perhaps seed; "
        f"it has {told or 'nothing'}"
    )


def _check_simulated(tree: Mapping[str, Any]) -> None:
    """Raises ValueError, ConfigError before anything is started for a simulator, or a seed, that cannot be one."""
    simulator, seed = tree["simulator"], tree.get("seed", 0)
    if not isinstance(simulator, Mapping) or "_target_" not in simulator or "_partial_" in simulator:
        raise ConfigError(
            f"environment.simulator is {repr(simulator)[:80]}: write a table with _target_, which makes one"
        )
    if type(seed) is not int:
        raise ValueError(f"environment.seed is {seed!r}: expected a whole number")


def _far(factory: str, tree: Any, at: Place, deadline_s: float, *, effects: bool) -> Any:
    names = tuple(sorted(set(targets(tree))))
    options: dict[str, Any] = {"allow": None, "preload": names}  # in a process of our own: anything
    if at.kind == "remote":
        return _served_there(factory, at, deadline_s)
    if at.kind in ("inline", "thread"):
        return place(factory, at, options, deadline_s=deadline_s, effects=effects)
    lent: dict[str, str] | None = None
    if at.kind == "interpreter":
        lent = {
            package: folder for name in (factory, *names) for package, folder in lent_packages(name).items()
        }
    # one that died is followed by another, which says that it does not know the environment
    worker = Worker(factory, options, python=at.python, lent=lent, effects=effects, env=at.env)
    return Part(worker, deadline_s)


def _served_there(factory: str, at: Place, deadline_s: float) -> Any:
    """What an address serves, if that makes environments. Raises ConfigError, TransportError."""
    far = place(factory, at, deadline_s=deadline_s)
    try:
        served = far._caller.served()
        if not {_BEGINS[factory], "ask"} <= set(served):
            names = ", ".join(sorted(served)) or "nothing"
            raise ConfigError(
                f"place is {at.address}, which serves {names}: this environment needs `droidlet serve {factory}` there"
            )
        if factory == ENVIRONMENTS and served["ask"] != "effect":
            raise ConfigError(
                f"place is {at.address}, which would carry out a step again that was cut off: serve it with --effects"
            )
    except BaseException:
        far.close()
        raise
    return far


class SimulatedEnvironment:
    """A pure simulator, with its world here: `world` is a value, which may be kept, put back and forked.

    `state` in `step` is each agent's pose, None for one whose observation has none.
    """

    def __init__(self, tree: Any, far: Any) -> None:
        self._tree, self._far = tree, far
        self.nothing: Any = FrozenMap()
        try:
            seen, self.world = far.start(tree)
            self.observations = _as_elsewhere(seen)
        except BaseException:
            self.close()
            raise

    def step(self, actions: Any) -> tuple[Any, Any]:
        """Observations by agent, and each agent's pose, one period later."""
        seen, self.world = self._ask("step", actions, self.world)
        self.observations = _as_elsewhere(seen)
        return self.observations, FrozenMap({name: _pose(seen) for name, seen in self.observations.items()})

    def ask(self, name: str, /, *arguments: Any, **keywords: Any) -> Any:
        """What a method of the simulator makes of the world as it is now: "objects", "observe", ..."""
        return self._ask(name, self.world, *arguments, **keywords)

    def _ask(self, name: str, /, *arguments: Any, **keywords: Any) -> Any:
        try:
            return self._far.ask(self._tree, name, *arguments, **keywords)
        except CannotTravel as error:
            raise retold(error, name, arguments, keywords) from None

    def edit(self, name: str, /, *arguments: Any, **keywords: Any) -> None:
        """The world becomes what such a method makes of it: "add_object", "move_object", "remove_object"."""
        self.world = self.ask(name, *arguments, **keywords)

    def close(self) -> None:
        """Lets go of the simulator."""
        if isinstance(self._far, Part):
            self._far.close()


def _as_elsewhere(seen: Any) -> Any:
    """Observations as they come from any place: a dict that was made here is an agent's to change, and has an order."""
    with suppress(TypeError):  # its keys are such as cannot travel: for here that will do
        return as_arrives(seen)
    return seen


def _pose(seen: Any) -> Any:
    """The pose that an observation tells of. Raises AttributeError where its class was not imported here."""
    return seen.pose if isinstance(seen, Opaque) else getattr(seen, "pose", None)


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

    def ask(self, name: str, /, *arguments: Any, **keywords: Any) -> Any:
        """What another method of it returns: "reset", "add_object", ..."""
        try:
            sent = to_value((arguments, keywords), f"an argument of {name}")
            return from_value(self._far.ask(self._named, name, *sent[: 2 if keywords else 1]))
        except CannotTravel as error:
            raise retold(error, name, arguments, keywords, form=to_value) from None

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
