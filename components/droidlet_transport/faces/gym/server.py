"""A Gymnasium environment behind an address; for the other side, see `client`."""

from __future__ import annotations

import functools
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread
from typing import Any, Iterator, Optional

from gymnasium.envs.registration import EnvSpec

from droidlet_transport.curve import Keys
from droidlet_transport.errors import CannotTravel, TransportError
from droidlet_transport.faces.gym.client import GymnasiumClient
from droidlet_transport.faces.gym.spaces import sent_of
from droidlet_transport.faces.gym.stepping import about, make
from droidlet_transport.faces.hosting import Hosted
from droidlet_transport.plain import from_value, to_value
from droidlet_transport.serving import effect, pure


class EpisodeLost(TransportError):
    """A step of an episode that is not the environment's any more: another client has reset it since."""


class GymnasiumServer(Hosted):
    """Serves one environment: `GymnasiumServer("CartPole-v1")`.

    `env` is an id, with options as `gymnasium.make` has them ("module:id-v0" where importing a module registers it),
    or a function that makes an environment: it is made when serving begins, stepped, rendered and closed when serving
    ends, all in the thread that serves. Or it is an environment: then it is stepped in that thread, and `close()`
    closes it; one that only works in the thread that made it (OpenGL) is served there by `serve()`, or given by its id.

    A step, and a reset, is carried out at most once per call, whatever becomes of the connection. The episode belongs
    to the client that reset last; steps of another raise EpisodeLost there.

    Raises TypeError for options beside an environment, SpaceError for spaces that do not travel (where the environment
    is made by `start` or `serve`, as what making it raises), NotAllowed, AddressInUse, TransportError.
    """

    def __init__(
        self,
        env: Any,
        address: str = "tcp://127.0.0.1:0",
        *,
        keys: Optional[Keys] = None,
        **options: Any,
    ) -> None:
        if options and not isinstance(env, str):
            raise TypeError(
                f"options {sorted(options)} are for an environment that is made here by its id; "
                f"{type(env).__name__} is made already, or makes one by itself"
            )
        self._make: Any = functools.partial(make, env, **options) if isinstance(env, str) else env
        self._own = callable(self._make)
        self.env: Any = None if self._own else env
        self._told = None if self._own else _told(env)
        self._owner: Optional[bytes] = None
        self._trouble: Optional[BaseException] = None  # of the thread
        functions = {
            "about": pure(lambda: self._told),
            "reset": effect(self._reset),
            "step": effect(self._step),
            "render": effect(self._render),
        }
        super().__init__(functions, address, keys, 0)

    @contextmanager
    def _ready(self) -> Iterator[None]:
        """Has the environment ready meanwhile."""
        if not self._own:
            yield
            return
        env = self._make()
        try:
            self._told, self.env, self._owner = _told(env), env, None
            yield
        finally:
            env.close()

    def serve(self) -> None:
        """Serves in this thread until `stop`. Raises Closed, and what making and closing the environment raise."""
        with self._ready():
            self._server.serve()

    def start(self) -> GymnasiumServer:
        """Serves in a thread of its own, from when the environment is made; starting again does nothing. Returns
        itself. Raises what making it raises.
        """
        if self._thread is None:
            ready: Future[None] = Future()
            self._thread = Thread(target=self._run, args=(ready,), name=type(self).__name__, daemon=True)
            self._thread.start()
            try:
                ready.result()
            except BaseException:
                self.close()
                raise
        return self

    def _run(self, ready: Future[None]) -> None:
        try:
            with self._ready():
                ready.set_result(None)
                self._server.serve()
        except BaseException as error:
            if ready.done():
                self._trouble = error
            else:
                ready.set_exception(error)

    def _reset(self, client: bytes, seed: Any, options: Any) -> Any:
        self._owner = client
        return to_value(self.env.reset(seed=from_value(seed), options=from_value(options)), "what reset gave")

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
        """Ends serving, and closes the environment; closing again does nothing. Raises what ended the thread."""
        super().close()
        env, self.env = self.env, None
        if not self._own and env is not None:
            env.close()
        trouble, self._trouble = self._trouble, None
        if trouble is not None:
            raise trouble


def _told(env: Any) -> Any:
    spec = getattr(env, "spec", None)
    try:
        spec = sent_of(spec, "spec") if isinstance(spec, EnvSpec) else None
    except CannotTravel:  # it is made by a function, say
        spec = None
    return to_value({**about(env), "spec": spec}, "what the environment says of itself")


__all__ = ["EpisodeLost", "GymnasiumClient", "GymnasiumServer"]
