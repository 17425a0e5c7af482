"""The environment that stands for one behind an address."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any, Dict, Optional, SupportsFloat, Tuple

import gymnasium

from droidlet_transport.bound import Bound
from droidlet_transport.client import DEADLINE_S, Client
from droidlet_transport.curve import Keys
from droidlet_transport.errors import CannotTravel
from droidlet_transport.faces.gym.spaces import space_of_data, value_of_sent
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.values import retold


class GymnasiumClient(Bound, gymnasium.Env[Any, Any]):
    """The environment behind an address, as a `gymnasium.Env`: its spaces, resets, steps and pictures, and its spec,
    if it has one that travels.

    One step here is one step there, or an error: DeadlineExceeded or OutcomeUnknown where it is not known whether it
    happened (reset() then begins anew), EpisodeLost, and whatever the environment raises. `close` ends the connection,
    not the environment.
    """

    def __init__(self, address: str, *, deadline_s: float = DEADLINE_S, keys: Optional[Keys] = None) -> None:
        self._client = Client(address, deadline_s=deadline_s, keys=keys)
        self._id = uuid.uuid4().bytes
        try:
            told = from_value(self._client.call("about"))
        except BaseException:
            self._client.close()
            raise
        self.observation_space = space_of_data(told["observation"])
        self.action_space = space_of_data(told["action"])
        self.metadata, self.render_mode = told["metadata"], told["render_mode"]
        with suppress(KeyError, TypeError, ValueError):  # of another version of Gymnasium
            self.spec = value_of_sent(told["spec"])

    def reset(
        self, *, seed: Optional[int] = None, options: Optional[Dict[str, Any]] = None
    ) -> Tuple[Any, Dict[str, Any]]:
        """A new episode, which is this client's. Raises as the environment does, and TransportError."""
        super().reset(seed=seed)
        given = {"seed": seed, "options": options}
        try:
            seen, info = from_value(self._client.call("reset", self._id, *map(to_value, given.values())))
        except CannotTravel as error:
            raise retold(error, "reset", (), given, to_value) from None
        return seen, info

    def step(self, action: Any) -> Tuple[Any, SupportsFloat, bool, bool, Dict[str, Any]]:
        """One step. Raises as the environment does, and TransportError."""
        try:
            result = self._client.call("step", self._id, to_value(action, "the action"))
        except CannotTravel as error:
            raise retold(error, "step", (action,), form=to_value) from None
        seen, reward, terminated, truncated, info = from_value(result)
        return seen, reward, terminated, truncated, info

    def render(self) -> Any:
        """What the environment renders there."""
        return from_value(self._client.call("render"))

    def close(self) -> None:
        """Ends the connection; closing again does nothing."""
        self._client.close()
