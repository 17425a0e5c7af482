"""A simulator that is elsewhere, with the methods that every simulator has."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Set, Tuple, Union

from droidlet_transport.bound import Bound
from droidlet_transport.client import Client
from droidlet_transport.curve import Keys
from droidlet_transport.errors import ProtocolError
from droidlet_transport.faults import Fault, error_of
from droidlet_transport.parts import DEADLINE_S, Caller
from droidlet_transport.serving import VALUE
from droidlet_transport.workers import Worker

_ERRORS = "droidlet_simulators.errors"  # looked up where it is imported, and never imported here


class RemoteSimulator(Bound):
    """A simulator at an address (`tcp://...`, where `droidlet serve` serves it), or in a worker of its own.

    `where` is an address, a factory's name ("module:name", made in a worker with `options`), or a Worker or Client
    that is there already. Nothing of the simulator's package is imported here. Each method is one round trip, whatever
    number of actions there are; a world that the far end has seen travels as a name. What the simulator raises is
    raised, and it stays usable; a worker that dies is started again and asked again.

    Raises NotAllowed, TypeError, ValueError for options where there is nothing to make.
    """

    def __init__(
        self,
        where: Union[str, Caller],
        options: Optional[Mapping[str, Any]] = None,
        *,
        deadline_s: float = DEADLINE_S,
        keys: Optional[Keys] = None,
    ) -> None:
        made_there = not isinstance(where, str) or "://" in where
        if made_there and options:
            raise ValueError(f"options are {dict(options)!r}: the simulator at {where} was made already")
        self._caller: Caller = _caller(where, options, keys)
        self._deadline_s = deadline_s
        self._spec: Any = None

    @property
    def spec(self) -> Any:
        """What the simulator is: agents, sensors, actions, timestep. Asked once."""
        if self._spec is None:
            self._spec = self._ask(VALUE, "spec")
        return self._spec

    def left_out(self, scene: Any) -> Tuple[str, ...]:
        """What of this scene the engine cannot load, a sentence each."""
        return tuple(self._ask("left_out", scene))

    def reset(self, scene: Any, key: Any) -> Tuple[Any, Any]:
        """Observations and world at the beginning of a scene."""
        observations, world = self._ask("reset", scene, key)
        return observations, world

    def step(self, actions: Mapping[str, Tuple[Any, ...]], world: Any) -> Tuple[Any, Any]:
        """Observations and world one period later.

        An action whose class the far end does not have cannot be read there: that is the simulators' UnknownAction.
        """
        try:
            observations, world = self._ask("step", actions, world)
        except ProtocolError as error:
            unknown = ", ".join(sorted(_kinds(actions).difference(self.spec.actions)))
            if not unknown:
                raise
            text = (
                f"{unknown} is no action of the simulator elsewhere, which has {', '.join(self.spec.actions)}"
            )
            raise error_of(Fault(_ERRORS, "UnknownAction", text, str(error))) from error
        return observations, world

    def observe(self, world: Any) -> Any:
        """What is sensed in a world; no time passes."""
        return self._ask("observe", world)

    def objects(self, world: Any) -> Tuple[Any, ...]:
        """The truth about every object and person."""
        return tuple(self._ask("objects", world))

    def invariant(self, world: Any) -> Any:
        """A number that stays the same along every run of steps."""
        return self._ask("invariant", world)

    def add_object(self, world: Any, thing: Any) -> Any:
        """The world with one more object."""
        return self._ask("add_object", world, thing)

    def move_object(self, world: Any, ident: int, pose: Any) -> Any:
        """The world with one object elsewhere."""
        return self._ask("move_object", world, ident, pose)

    def remove_object(self, world: Any, ident: int) -> Any:
        """The world without one object."""
        return self._ask("remove_object", world, ident)

    def _ask(self, name: str, *arguments: Any) -> Any:
        return self._caller.call(name, *arguments, deadline_s=self._deadline_s)

    def close(self) -> None:
        """Lets go of it; a worker of its own ends. Closing again does nothing."""
        self._caller.close()

    def __enter__(self) -> RemoteSimulator:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()


def _kinds(actions: Any) -> Set[str]:
    """The names of the classes of all that is in there."""
    if isinstance(actions, Mapping):
        actions = tuple(actions.values())
    if isinstance(actions, (tuple, list)):
        return set().union(*map(_kinds, actions))
    return {type(actions).__name__}


def _caller(where: Union[str, Caller], options: Optional[Mapping[str, Any]], keys: Optional[Keys]) -> Caller:
    if not isinstance(where, str):
        return where
    return Client(where, keys=keys) if "://" in where else Worker(where, options)
