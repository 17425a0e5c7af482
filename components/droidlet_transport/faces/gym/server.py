"""A Gymnasium environment behind an address, and the environment that stands for it elsewhere."""

from __future__ import annotations

import uuid
from typing import Any, Dict, Optional, SupportsFloat, Tuple

import gymnasium

from droidlet_transport.client import DEADLINE_S, Client
from droidlet_transport.errors import TransportError
from droidlet_transport.faces.gym.spaces import space_of_data
from droidlet_transport.faces.gym.stepping import about
from droidlet_transport.faces.hosting import Hosted
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.serving import effect, pure
from droidlet_transport.sockets import Keys


class EpisodeLost(TransportError):
    """A step of an episode that is not the environment's any more: another client has reset it since."""


class GymnasiumServer(Hosted):
    """Serves one environment, given or made by its id: `GymnasiumServer("CartPole-v1")`.

    A step, and a reset, is carried out at most once per call, whatever becomes of the connection. The episode belongs
    to the client that reset last; steps of another raise EpisodeLost there.

    Raises SpaceError for spaces that do not travel, NotAllowed, AddressInUse, TransportError.
    """

    def __init__(
        self,
        env: Any,
        address: str = "tcp://127.0.0.1:0",
        *,
        keys: Optional[Keys] = None,
        **options: Any,
    ) -> None:
        self.env = gymnasium.make(env, **options) if isinstance(env, str) else env
        told = to_value(about(self.env), "what the environment says of itself")
        self._owner: Optional[bytes] = None
        functions = {
            "about": pure(lambda: told),
            "reset": effect(self._reset),
            "step": effect(self._step),
            "render": effect(self._render),
        }
        super().__init__(functions, address, keys, 0)

    def _reset(self, client: bytes, seed: Optional[int], options: Any) -> Any:
        self._owner = client
        return to_value(self.env.reset(seed=seed, options=from_value(options)), "what reset gave")

    def _step(self, client: bytes, action: Any) -> Any:
        if client != self._owner:
            raise EpisodeLost(
                "there is no episode of this client: another one has reset the environment since, or none has; "
                "reset() begins one"
            )
        return to_value(self.env.step(from_value(action)), "what step gave")

    def _render(self) -> Any:
        return to_value(self.env.render(), "what render gave")

    def close(self) -> None:
        """Ends serving, and closes the environment; closing again does nothing."""
        super().close()
        self.env.close()

    def __enter__(self) -> GymnasiumServer:
        """Itself, serving in a thread of its own."""
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Closes."""
        self.close()


class GymnasiumClient(gymnasium.Env[Any, Any]):
    """The environment behind an address, as a `gymnasium.Env`: its spaces, resets, steps and pictures.

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

    def reset(
        self, *, seed: Optional[int] = None, options: Optional[Dict[str, Any]] = None
    ) -> Tuple[Any, Dict[str, Any]]:
        """A new episode, which is this client's. Raises as the environment does, and TransportError."""
        super().reset(seed=seed)
        given = to_value(options, "options")
        seen, info = from_value(self._client.call("reset", self._id, seed, given))
        return seen, info

    def step(self, action: Any) -> Tuple[Any, SupportsFloat, bool, bool, Dict[str, Any]]:
        """One step. Raises as the environment does, and TransportError."""
        result = self._client.call("step", self._id, to_value(action, "the action"))
        seen, reward, terminated, truncated, info = from_value(result)
        return seen, reward, terminated, truncated, info

    def render(self) -> Any:
        """What the environment renders there."""
        return from_value(self._client.call("render"))

    def close(self) -> None:
        """Ends the connection; closing again does nothing."""
        self._client.close()
