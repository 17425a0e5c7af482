"""A robot behind an address: asked for what it senses, told what to do, and heard when it publishes."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Tuple
from weakref import WeakSet

from droidlet_transport.client import DEADLINE_S, Client
from droidlet_transport.curve import Keys
from droidlet_transport.faces.hosting import FIND_S, Hosted, beside, reached
from droidlet_transport.faces.keys import UnknownKey, asked_for, check_known, names_of
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.publishing import Publisher
from droidlet_transport.serving import effect, pure
from droidlet_transport.subscribing import Message, Subscriber

TOPIC = "observation"


class ActionServer(Hosted):
    """The robot's end. `observe(keys)` returns a value for each of the keys; `act(key, payload)` does something.

    `observations` and `actions` are the keys that there are. An act is carried out at most once per call, whatever
    becomes of the connection; what either raises goes to its caller. With `threads`, so many calls at a time.

    Raises NotAllowed, AddressInUse, TransportError.
    """

    def __init__(
        self,
        observe: Callable[[Tuple[str, ...]], Mapping[str, Any]],
        act: Callable[[str, Any], Any],
        *,
        observations: Sequence[str],
        actions: Sequence[str],
        address: str = "tcp://127.0.0.1:0",
        publish_address: Optional[str] = None,
        keys: Optional[Keys] = None,
        threads: int = 0,
    ) -> None:
        self._observe, self._act = observe, act
        self.observations = names_of("observations", observations)
        self.actions = names_of("actions", actions)
        functions = {
            "obs": pure(self._obs),  # asking again does no harm
            "act": effect(self._do),
            "keys": pure(lambda: (self.observations, self.actions)),
            "stream": pure(lambda: self.publish_address),
        }
        super().__init__(functions, address, keys, threads)
        try:
            self._publisher = Publisher(publish_address or beside(self.address), keys=keys)
        except BaseException:
            self._server.close()
            raise
        self.publish_address = self._publisher.address

    def publish(self, observation: Any) -> int:
        """Makes this the newest observation for whoever listens; returns its number. Never waits.

        Raises CannotTravel, Closed.
        """
        return self._publisher.publish(TOPIC, to_value(observation, "the observation"))

    def _obs(self, keys: Optional[Tuple[str, ...]]) -> Any:
        wanted = self.observations if keys is None else names_of("keys", keys)
        for key in wanted:
            check_known("an observation", key, self.observations)
        return to_value(asked_for(wanted, self._observe(wanted)), "the observation")

    def _do(self, key: str, payload: Any) -> Any:
        check_known("an action", key, self.actions)
        return to_value(self._act(key, from_value(payload)), f"the result of {key}")

    def close(self) -> None:
        """Ends serving and publishing; closing again does nothing."""
        super().close()
        self._publisher.close()


class ActionClient:
    """The other end. Each call has a deadline; calls of several threads take turns.

    Raises NotAllowed.
    """

    def __init__(self, address: str, *, deadline_s: float = DEADLINE_S, keys: Optional[Keys] = None) -> None:
        self._client, self._keys = Client(address, deadline_s=deadline_s, keys=keys), keys
        self._heard: WeakSet[Subscriber] = WeakSet()  # what is open is held by its thread

    def obs(
        self, keys: Optional[Sequence[str]] = None, *, deadline_s: Optional[float] = None
    ) -> Dict[str, Any]:
        """What is sensed, by key, of these keys only; None: everything. Arrays are the caller's own.

        Raises TypeError for one text, UnknownKey, what the robot's code raises, and TransportError.
        """
        wanted = None if keys is None else names_of("keys", keys)
        made: Dict[str, Any] = from_value(self._client.call("obs", wanted, deadline_s=deadline_s))
        return made

    def act(self, key: str, payload: Any = None, *, deadline_s: Optional[float] = None) -> Any:
        """Does something, at most once, and returns what the robot's code returns.

        Raises UnknownKey, what the robot's code raises, and TransportError: DeadlineExceeded and OutcomeUnknown say
        that it may have happened.
        """
        sent = to_value(payload, "the payload")
        return from_value(self._client.call("act", key, sent, deadline_s=deadline_s))

    def known(self) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
        """The keys of observations, and of actions. Raises TransportError."""
        observations, actions = self._client.call("keys")
        return observations, actions

    def subscribe(self, most: int = 1) -> Subscriber:
        """What the robot publishes: the newest `most` unread observations, and how many were dropped before each.

        It ends with this client, and goes on where a robot is started again at its address. Raises TransportError.
        """
        here = self._stream()
        made = Subscriber(
            here, TOPIC, most=most, keys=self._keys, read=from_value, where=lambda: self._stream(FIND_S)
        )
        self._heard.add(made)
        return made

    def _stream(self, deadline_s: Optional[float] = None) -> str:
        return reached(self._client.call("stream", deadline_s=deadline_s), self._client.address)

    def listen(self, callback: Callable[[Message], object]) -> None:
        """Calls back with each observation that is published (`message.value`), in a thread of its own.

        What the callback raises is logged, and the next one comes all the same. Raises TransportError.
        """
        self.subscribe().listen(callback)

    def close(self) -> None:
        """Ends the connections; closing again does nothing."""
        self._client.close()
        for one in tuple(self._heard):
            one.close()

    def __enter__(self) -> ActionClient:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()


__all__ = ["ActionClient", "ActionServer", "UnknownKey"]
